//! Whether the approvers approved the pull request that brought a status.

use signoff_model::event::{Event, EventKind};
use signoff_model::forge::{Happened, ReviewState, Thread};
use signoff_model::people::Person;
use signoff_model::profile::Meaning;

use super::{Asked, day, to_do};
use crate::signoff::Outcome;
use crate::signoff::look::Answer;

/// The command by which people approve in comments, and the one that takes it back.
const APPROVE: &str = "/approve";
const CANCEL: &str = "cancel";

/// Every approver approved the change that brought one of the statuses.
pub(super) fn approved(asked: &Asked<'_>) -> Result<Answer, Answer> {
    let (look, statuses) = (asked.look, &asked.rule.statuses);
    let own = || look.corpus.events.iter().filter(|event| event.proposal == look.proposal.path);
    if own().next().is_none() {
        return Ok(Answer::unknown("the history was not read"));
    }
    let brings = |event: &&Event| {
        event.kind == EventKind::Status
            && event.at <= asked.instant()
            && event.to.as_ref().is_some_and(|to| statuses.contains(to))
    };
    // What was born with the status was approved when it came.
    let born = |event: &&Event| event.kind == EventKind::Created && event.at <= asked.instant();
    let Some(event) = own().filter(brings).last().or_else(|| own().find(born)) else {
        return Ok(Answer::unknown(format!("the history does not tell what made it {}", statuses.join(" or "))));
    };
    let of_commit = |thread: &&Thread| {
        let commit = thread.pull.as_ref().and_then(|pull| pull.merge_commit.as_deref());
        commit == Some(&*event.commit)
    };
    let Some(thread) = asked.own.threads.iter().find(of_commit) else {
        let commit = event.commit.get(..10).unwrap_or(&event.commit);
        let message = format!(
            "the pull request of commit {commit}, which made it {}, is not in the snapshot",
            statuses.join(" or ")
        );
        return Ok(Answer::unknown(message));
    };
    judge(asked, thread)
}

fn judge(asked: &Asked<'_>, thread: &Thread) -> Result<Answer, Answer> {
    let (prepared, proposal) = (asked.look.prepared(), asked.look.proposal);
    if thread.events.is_none() {
        return Err(Answer::unknown(format!("what happened to {} was not pulled", thread.number)));
    }
    let then = asked.view.instant_for(thread.pulled_at);
    if then > thread.pulled_at {
        let pulled = thread.pulled_at;
        return Err(Answer::unknown(format!("the snapshot is of {pulled} and cannot tell who approved until {then}")));
    }
    let items = proposal.items(prepared, Meaning::Approvers);
    let (mut missing, mut unnamed) = (Vec::new(), Vec::new());
    let mut answer = Answer::pass(String::new());
    let mut count = 0;
    for item in &items {
        let handle = Person::parse(item.text, &[]).handle().map(|handle| handle.trim_start_matches('@'));
        // A team has no voice of its own.
        let Some(handle) = handle.filter(|handle| !handle.contains('/')) else {
            unnamed.push(item.text);
            continue;
        };
        match approval(asked, thread, handle) {
            Some(text) => {
                count += 1;
                answer = answer.seen(asked.about(thread, &text));
            }
            None => missing.push(handle),
        }
    }
    let number = thread.number;
    if !missing.is_empty() {
        answer.outcome = Outcome::Fail;
        answer.message = format!(
            "{} did not approve pull request {number}, which made it {}",
            missing.join(", "),
            asked.rule.statuses.join(" or ")
        );
        if answer.evidence.is_empty() {
            answer = answer.seen(asked.about(thread, "no review or comment approves it"));
        }
        return Ok(answer.mended_by(to_do(&format!("have {} approve the proposal on the forge", missing.join(", ")))));
    }
    if let Some(first) = unnamed.first() {
        return Ok(Answer {
            outcome: Outcome::Unknown,
            message: format!("`{first}` among the approvers is no person of the forge"),
            ..answer
        });
    }
    if count == 0 {
        return Ok(Answer::unknown("the metadata names no approver"));
    }
    answer.message = format!("every approver approved pull request {number}");
    Ok(answer)
}

/// How a person approved, as words; who opened it is taken to be for it.
fn approval(asked: &Asked<'_>, thread: &Thread, person: &str) -> Option<String> {
    let is_theirs = |name: &str| name.eq_ignore_ascii_case(person);
    for event in thread.until(asked.instant()).filter(|event| event.actor.as_deref().is_some_and(is_theirs)) {
        if let Happened::Commented(text) = &event.happened {
            let commands = text.lines().rev().filter_map(|line| line.trim().strip_prefix(APPROVE));
            // `/approver` is another word.
            let mut commands = commands.filter(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace));
            match commands.next().map(|rest| rest.trim().eq_ignore_ascii_case(CANCEL)) {
                Some(true) => return None,
                Some(false) => return Some(format!("{} {APPROVE} by {person}", event.at)),
                None => {}
            }
        }
    }
    let reviews = thread.reviews(asked.instant());
    let review = reviews.iter().find(|(name, state, _)| is_theirs(name) && *state == ReviewState::Approved);
    if let Some((_, _, at)) = review {
        return Some(format!("{at} approved by {person}"));
    }
    let opened = thread.author.as_deref().filter(|author| is_theirs(author))?;
    Some(format!("{} opened by {opened} on {}", thread.number, day(thread.created)))
}
