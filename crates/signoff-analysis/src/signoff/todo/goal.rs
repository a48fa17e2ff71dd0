//! For which release and stage a to-do list is made.

use jiff::Timestamp;
use signoff_model::profile::{Meaning, Prepared, StatusClass};
use signoff_model::{Proposal, Release};

use super::is_over;

/// What is to be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// The release.
    pub release: Release,
    /// The stage; `None` where nobody says which.
    pub stage: Option<String>,
    /// What was assumed, as sentences.
    pub assumed: Vec<String>,
    /// Why there is nothing to do.
    pub finished: Option<String>,
}

/// The goal that is asked for. Without a release it is the one that the proposal targets, unless that is past, else
/// the one that is worked on; without a stage the proposal's own, or the next one where that was reached before the
/// release. `None` when no release is known.
#[must_use]
pub fn goal(
    prepared: &Prepared,
    proposal: &Proposal,
    release: Option<Release>,
    stage: Option<&str>,
    instant: Timestamp,
) -> Option<Goal> {
    let mut assumed = Vec::new();
    let finished = stage.is_none().then(|| finished(prepared, proposal)).flatten();
    let own = proposal.latest_milestone(prepared);
    let release = match release {
        Some(release) => release,
        None => default_release(prepared, own, instant, &mut assumed)?,
    };
    let stage = match stage {
        Some(stage) => Some(stage.to_owned()),
        None if finished.is_some() => proposal.stage(prepared).map(str::to_owned),
        None => default_stage(prepared, proposal, release, &mut assumed),
    };
    Some(Goal { release, stage, assumed, finished })
}

/// Why a proposal needs nothing more.
fn finished(prepared: &Prepared, proposal: &Proposal) -> Option<String> {
    let status = proposal.status(prepared)?;
    matches!(proposal.class(prepared), StatusClass::Done | StatusClass::Dead)
        .then(|| format!("its status is {status}: there is nothing to do"))
}

fn default_release(
    prepared: &Prepared,
    own: Option<Release>,
    instant: Timestamp,
    assumed: &mut Vec<String>,
) -> Option<Release> {
    let current = prepared.current_release.as_deref().and_then(Release::parse);
    let is_past = |release: Release| match prepared.calendar(release) {
        Some(calendar) => is_over(Some(calendar), instant),
        // Only releases of which nobody knows when they were may be older than all calendars.
        None => current.is_some_and(|current| release < current),
    };
    let spelt = |release| prepared.profile.release.spelt(release);
    match (own.filter(|own| !is_past(*own)), current) {
        (Some(own), _) => {
            assumed.push(format!("release {}, which its metadata targets", spelt(own)));
            Some(own)
        }
        (None, Some(current)) => {
            assumed.push(format!("release {}, which is worked on", spelt(current)));
            Some(current)
        }
        (None, None) => None,
    }
}

fn default_stage(
    prepared: &Prepared,
    proposal: &Proposal,
    release: Release,
    assumed: &mut Vec<String>,
) -> Option<String> {
    let stages = &prepared.profile.stage;
    let Some(own) = proposal.stage(prepared).and_then(|own| prepared.profile.stage(own)) else {
        let first = stages.first()?;
        assumed.push(format!("stage {}, since the metadata names none", first.name));
        return Some(first.name.clone());
    };
    let reached = proposal.milestone(prepared, &own.name).filter(|reached| *reached < release);
    let is_targeted = proposal.text(prepared, Meaning::LatestMilestone).and_then(Release::parse) == Some(release);
    let Some(reached) = reached.filter(|_| !is_targeted) else {
        assumed.push(format!("stage {}, which its metadata names", own.name));
        return Some(own.name.clone());
    };
    let next = stages.iter().skip_while(|stage| stage.name != own.name).skip(1).find(|stage| stage.track == own.track);
    let spelt = prepared.profile.release.spelt(reached);
    let stage = next.unwrap_or(own);
    assumed.push(match next {
        Some(next) => format!("stage {}, since {} was planned for {spelt}", next.name, own.name),
        None => format!("stage {}, the last of its track", own.name),
    });
    Some(stage.name.clone())
}
