//! What the policies on graduation ask.

use signoff_model::profile::{Meaning, StatusClass};

use super::milestones::{set, status};
use crate::signoff::Outcome;
use crate::signoff::look::{Answer, Look};

/// Releases lie between the last two stages of a track.
pub(super) fn distances(look: &Look<'_>, between: Option<u32>) -> Answer {
    let prepared = look.prepared();
    let stage = look.target.stage.as_deref().and_then(|stage| prepared.profile.stage(stage));
    let Some(stage) = stage else { return Answer::new(Outcome::NotApplicable, "there is no stage") };
    let track: Vec<&str> = prepared
        .profile
        .stage
        .iter()
        .filter(|other| other.track == stage.track)
        .map(|stage| stage.name.as_str())
        .collect();
    let (Some(between), Some(before)) = (between, track.len().checked_sub(2)) else {
        return Answer::new(Outcome::NotApplicable, "no distance is asked for");
    };
    if track.last() != Some(&stage.name.as_str()) {
        return Answer::new(Outcome::NotApplicable, format!("{} is not the last stage", stage.name));
    }
    let before = track[before];
    let Some(reached) = look.proposal.milestone(prepared, before) else {
        let message = format!("there is no milestone for {before}, so that nobody knows how long it was there");
        return Answer::fail(message);
    };
    let distance = look.target.release.minors_after(reached);
    let message = format!("{before} in {reached}, {} in {}", stage.name, look.target.release_text);
    if distance < i64::from(between) {
        return Answer::fail(format!("{message}: the policy asks for {between} releases between them"));
    }
    Answer::pass(message)
}

/// What reached the last stage of its track says that it is finished.
pub(super) fn finished(look: &Look<'_>, statuses: &[String]) -> Answer {
    let prepared = look.prepared();
    let stage = look.proposal.stage(prepared).and_then(|stage| prepared.profile.stage(stage));
    let last = |track: &str| prepared.profile.stage.iter().rfind(|other| other.track == track);
    let is_last = stage.is_some_and(|stage| last(&stage.track).is_some_and(|last| last.name == stage.name));
    if !is_last {
        return Answer::new(Outcome::NotApplicable, "there is a stage ahead");
    }
    if look.proposal.class(prepared) == StatusClass::Done {
        return status(look, statuses);
    }
    let mut answer = status(look, statuses);
    if answer.remedies.is_empty() {
        answer = answer.mended_by(set(look, Meaning::Status, None, statuses.first().map(String::as_str)));
    }
    answer
}
