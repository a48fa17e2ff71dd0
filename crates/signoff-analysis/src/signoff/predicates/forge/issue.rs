//! What the issue of a proposal was: open, in a milestone, labelled.

use signoff_model::forge::{Happened, Thread};
use signoff_model::profile::{DecisionRule, Predicate};
use signoff_model::{Proposal, Release};

use super::{Asked, day, matches, to_do};
use crate::signoff::look::{Answer, Look};
use crate::signoff::{ForgeView, Outcome};

/// The issue is open, and its body links the proposal's folder.
pub(super) fn open(asked: &Asked<'_>) -> Result<Answer, Answer> {
    let issue = asked.issue()?;
    let (thread, number) = (issue.thread, issue.thread.number);
    if thread.pull.is_some() {
        let message = format!("{number} is a pull request, not an issue");
        return Ok(Answer::fail(message).seen(asked.about(thread, "pull request")));
    }
    if !issue.open {
        let closed = asked.last_event(thread, |happened| matches!(happened, Happened::Closed));
        let when = closed.map(|event| event.at).or(thread.closed);
        let since = when.map(|at| format!(" since {}", day(at))).unwrap_or_default();
        let answer = Answer::fail(format!("issue {number} is closed{since}"));
        let evidence = closed.map(|event| asked.event(thread, event));
        let evidence = evidence.unwrap_or_else(|| asked.about(thread, "closed"));
        return Ok(answer.seen(evidence).mended_by(to_do(&format!("reopen issue {number}"))));
    }
    let proposal = asked.look.proposal;
    let Some(line) = linking_line(&thread.body, proposal) else {
        let answer = Answer::fail(format!("issue {number} is open, and its body does not link {}", proposal.path));
        let what = format!("link {} in the body of issue {number}", proposal.path);
        return Ok(answer.seen(asked.body(thread, "no such link")).mended_by(to_do(&what)));
    };
    let message = format!("issue {number} is open and links {}", proposal.path);
    Ok(Answer::pass(message).seen(asked.about(thread, "open")).seen(asked.body(thread, line)))
}

/// The line of a body that names the folder of a proposal, wherever it was moved from.
fn linking_line<'b>(body: &'b str, proposal: &Proposal) -> Option<&'b str> {
    let names = |line: &&str| {
        line.match_indices(&*proposal.name).any(|(at, name)| {
            let is_folder = line[..at].ends_with('/');
            let behind = line[at + name.len()..].chars().next();
            is_folder && !behind.is_some_and(|next| next.is_alphanumeric() || next == '-' || next == '_')
        })
    };
    body.lines().find(names).map(str::trim)
}

/// The issue is in the milestone of the release.
pub(super) fn milestone(asked: &Asked<'_>) -> Result<Answer, Answer> {
    let issue = asked.issue()?;
    let (thread, number, release) = (issue.thread, issue.thread.number, &asked.look.target.release_text);
    let marks = asked.marks(&issue)?;
    let answer = match marks.milestone {
        Some(title) if is_release(title, asked.look.target.release) => {
            Answer::pass(format!("issue {number} is in milestone {title}"))
        }
        Some(title) => Answer::fail(format!("issue {number} is in milestone {title}, not {release}")),
        None => Answer::fail(format!("issue {number} is in no milestone")),
    };
    let moved = |happened: &Happened| matches!(happened, Happened::Milestoned(_) | Happened::Demilestoned(_));
    let evidence = match asked.last_event(thread, moved) {
        Some(event) => asked.event(thread, event),
        None => asked.about(thread, "no milestone event"),
    };
    let what = format!("have issue {number} put into milestone {release}");
    let is_met = answer.outcome == Outcome::Pass;
    let answer = answer.seen(evidence);
    Ok(if is_met { answer } else { answer.mended_by(to_do(&what)) })
}

pub(super) fn is_release(title: &str, release: Release) -> bool {
    Release::parse(title).is_some_and(|own| own.minors_after(release) == 0)
}

/// The labels were there before the checkpoint.
pub(super) fn opted_in(asked: &Asked<'_>) -> Result<Answer, Answer> {
    let issue = asked.issue()?;
    let thread = issue.thread;
    let marks = asked.marks(&issue)?;
    let mut answer = Answer::pass(String::new());
    for label in &asked.rule.labels {
        if !marks.labels.contains(&label.as_str()) {
            let taken =
                asked.last_event(thread, |happened| matches!(happened, Happened::Unlabeled(own) if **own == **label));
            let evidence = match taken {
                Some(event) => asked.event(thread, event),
                None => asked.about(thread, &format!("no label {label}")),
            };
            let answer = Answer::fail(format!("issue {} has no label {label}", thread.number)).seen(evidence);
            return Ok(answer.mended_by(to_do(&format!("have the lead of the group add the label {label}"))));
        }
        let added = asked.last_event(thread, |happened| matches!(happened, Happened::Labeled(own) if **own == **label));
        let Some(added) = added else {
            let evidence = asked.about(thread, &format!("labelled {label}; no event says since when"));
            answer.message = format!("issue {} has the label {label}", thread.number);
            answer = answer.seen(evidence);
            continue;
        };
        answer = answer.seen(asked.event(thread, added));
        if let Some(deadline) = asked.view.deadline.filter(|deadline| added.at > *deadline) {
            answer.outcome = Outcome::Fail;
            answer.message = format!("the label {label} was added on {}, after the deadline of {}", added.at, deadline);
            return Ok(answer);
        }
        answer.message = format!("issue {} has the label {label} since {}", thread.number, day(added.at));
    }
    Ok(answer)
}

/// Whether the lead of the group has opted in, early or late; `None` where nobody knows.
pub(in crate::signoff) fn is_opted_in(look: &Look<'_>, rule: &DecisionRule) -> Option<bool> {
    let asked = Asked::of(look, rule).ok()?;
    let issue = asked.issue().ok()?;
    let marks = issue.marks?;
    Some(rule.labels.iter().all(|label| marks.labels.contains(&label.as_str())))
}

/// Whether the issue of a proposal has any of these labels; `None` where nobody knows.
pub(in crate::signoff) fn labelled(
    view: ForgeView<'_>,
    own: &str,
    proposal: &Proposal,
    labels: &[String],
) -> Option<bool> {
    let number = signoff_model::proposal::bare_number(proposal.label()).parse().ok()?;
    let thread: &Thread = view.forge.repository(own)?.thread(number)?;
    let signoff_model::forge::Replayed::Then(state) = view.replay(thread) else { return None };
    let marks = state.marks?;
    Some(labels.iter().any(|label| marks.labels.contains(&label.as_str())))
}

/// The labels name the stage and the group of the proposal.
pub(super) fn labels(asked: &Asked<'_>) -> Result<Answer, Answer> {
    let issue = asked.issue()?;
    let thread = issue.thread;
    let marks = asked.marks(&issue)?;
    let (mut right, mut wrong, mut orders) = (Vec::new(), Vec::new(), Vec::new());
    let mut answer = Answer::pass(String::new());
    for pattern in &asked.rule.labels {
        let Some(label) = asked.filled(pattern) else { continue };
        let kind = pattern.split('{').next().filter(|kind| !kind.is_empty());
        let others = marks.labels.iter().filter(|own| **own != label && kind.is_some_and(|kind| own.starts_with(kind)));
        let others: Vec<&str> = others.copied().collect();
        if !marks.labels.contains(&label.as_str()) {
            wrong.push(match others.as_slice() {
                [] => format!("lacks the label {label}"),
                others => format!("has the label {}, not {label}", others.join(", ")),
            });
            orders.push(format!("have issue {} labelled {label}", thread.number));
        } else if !others.is_empty() {
            wrong.push(format!("has the label {} beside {label}", others.join(", ")));
            orders.push(format!("have the label {} taken off issue {}", others.join(", "), thread.number));
        } else {
            right.push(label.clone());
        }
        let of_label = |happened: &Happened| {
            matches!(happened, Happened::Labeled(own) | Happened::Unlabeled(own)
                if **own == *label || others.contains(&&**own))
        };
        if let Some(event) = asked.last_event(thread, of_label) {
            answer = answer.seen(asked.event(thread, event));
        }
    }
    if wrong.is_empty() {
        answer.message = format!("issue {} has the labels {}", thread.number, right.join(", "));
    } else {
        answer.outcome = Outcome::Fail;
        answer.message = format!("issue {} {}", thread.number, wrong.join(" and "));
        answer.remedies = orders.iter().map(|order| to_do(order)).collect();
    }
    if answer.evidence.is_empty() {
        answer = answer.seen(asked.about(thread, &format!("labels: {}", marks.labels.join(", "))));
    }
    Ok(answer)
}

/// After the release the labels and the milestone are gone; what has a stage ahead stays open.
pub(super) fn cleared(asked: &Asked<'_>) -> Result<Answer, Answer> {
    if asked.view.deadline.is_none_or(|deadline| asked.instant() < deadline) {
        return Ok(Answer::new(Outcome::NotApplicable, "it is asked once the release is out"));
    }
    let issue = asked.issue()?;
    let (thread, number) = (issue.thread, issue.thread.number);
    let marks = asked.marks(&issue)?;
    let is_left = |label: &&&str| asked.rule.absent_labels.iter().any(|pattern| matches(pattern, label));
    let left: Vec<&str> = marks.labels.iter().filter(is_left).copied().collect();
    let mut missing = Vec::new();
    let mut orders = Vec::new();
    if !left.is_empty() {
        missing.push(format!("still has the label {}", left.join(", ")));
        orders.push(format!("take the label {} off issue {number}", left.join(", ")));
    }
    if let Some(title) = marks.milestone.filter(|title| is_release(title, asked.look.target.release)) {
        missing.push(format!("is still in milestone {title}"));
        orders.push(format!("take issue {number} out of milestone {title}"));
    }
    if !issue.open && has_stage_ahead(asked.look) {
        missing.push("is closed although a stage is ahead".to_owned());
        orders.push(format!("reopen issue {number}"));
    }
    if missing.is_empty() {
        let pass = Answer::pass(format!("issue {number} is tidied up"));
        return Ok(pass.seen(asked.about(thread, "no such label, no such milestone")));
    }
    let of_this = |happened: &Happened| match happened {
        Happened::Labeled(own) => left.contains(&&**own),
        Happened::Milestoned(_) | Happened::Closed => true,
        _ => false,
    };
    let mut answer = Answer::fail(format!("issue {number} {}", missing.join(" and ")));
    answer.evidence.extend(asked.last_event(thread, of_this).map(|event| asked.event(thread, event)));
    answer.remedies = orders.iter().map(|order| to_do(order)).collect();
    Ok(answer)
}

fn has_stage_ahead(look: &Look<'_>) -> bool {
    let prepared = look.prepared();
    let stage = look.target.stage.as_deref().and_then(|stage| prepared.profile.stage(stage));
    stage.is_some_and(|stage| {
        let last = prepared.profile.stage.iter().rfind(|other| other.track == stage.track);
        last.is_some_and(|last| last.name != stage.name)
    })
}

/// Exactly one of two labels is there, and agrees with the milestone.
pub(super) fn tracked(asked: &Asked<'_>) -> Result<Answer, Answer> {
    let issue = asked.issue()?;
    let (thread, number) = (issue.thread, issue.thread.number);
    let marks = asked.marks(&issue)?;
    let rules = &asked.look.prepared().profile.signoff.rule;
    let opting = rules.iter().find(|rule| rule.predicate == Some(Predicate::OptedIn));
    if opting.is_some_and(|rule| is_opted_in(asked.look, rule) == Some(false)) {
        return Ok(Answer::new(Outcome::NotApplicable, format!("issue {number} is not opted in")));
    }
    let here: Vec<&String> = asked.rule.labels.iter().filter(|label| marks.labels.contains(&label.as_str())).collect();
    let of_labels = |happened: &Happened| {
        matches!(happened, Happened::Labeled(own) | Happened::Unlabeled(own)
            if asked.rule.labels.iter().any(|label| **label == **own))
    };
    let evidence = match asked.last_event(thread, of_labels) {
        Some(event) => asked.event(thread, event),
        None => asked.about(thread, &format!("labels: {}", marks.labels.join(", "))),
    };
    let release = &asked.look.target.release_text;
    let in_release = marks.milestone.is_some_and(|title| is_release(title, asked.look.target.release));
    let answer = match here.as_slice() {
        [] => Answer::fail(format!("issue {number} has none of the labels {}", asked.rule.labels.join(", "))),
        [only] if (Some(*only) == asked.rule.labels.first()) == in_release => {
            Answer::pass(format!("issue {number} has the label {only}, and its milestone agrees"))
        }
        [only] if in_release => {
            Answer::fail(format!("issue {number} has the label {only} and is in the milestone of {release}"))
        }
        [only] => Answer::fail(format!("issue {number} has the label {only} and is not in the milestone of {release}")),
        [first, second, ..] => Answer::fail(format!("issue {number} has both labels {first} and {second}")),
    };
    let is_met = answer.outcome == Outcome::Pass;
    let answer = answer.seen(evidence);
    let what = format!("have the labels of issue {number} set by those who track the release");
    Ok(if is_met { answer } else { answer.mended_by(to_do(&what)) })
}
