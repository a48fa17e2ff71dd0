//! The pull requests for the documentation of a proposal.

use signoff_model::forge::{Marks, ReviewState, State};

use super::changes::{Changes, names};
use super::{Asked, to_do};
use crate::signoff::Outcome;
use crate::signoff::linked;
use crate::signoff::look::Answer;
use crate::signoff::predicates::forge::issue::is_release;

/// The pull requests for the documentation of the release that the issue links.
struct Documentation<'a> {
    issue: State<'a>,
    /// Open or merged, into the branch of the release.
    right: Vec<(State<'a>, Option<Marks<'a>>)>,
    /// Why others are not counted.
    wrong: Vec<String>,
    unknown: Vec<String>,
}

impl<'a> Documentation<'a> {
    /// The error is an answer: that an author says that none is needed, or that nobody knows.
    fn of(asked: &Asked<'a>) -> Result<Self, Answer> {
        let issue = asked.issue()?;
        if let Some(said) = asked.statement(issue.thread) {
            let answer = Answer::new(Outcome::NotApplicable, "an author says that no documentation is needed");
            return Err(answer.seen(asked.event(issue.thread, said)));
        }
        // What was written for another stage went to another branch.
        let mut links = linked::links(asked.look.prepared(), &issue.thread.body);
        links.retain(|link| asked.forge.is_docs(&link.repository) && !link.is_issue);
        links.dedup_by(|left, right| left.number == right.number);
        let Changes { merged, open, unknown } = Changes::of(asked, &links);
        let branch = asked.forge.docs_branch_of(asked.look.target.release);
        let mut found = Self { issue, right: Vec::new(), wrong: Vec::new(), unknown };
        for state in merged.into_iter().chain(open) {
            let base = state.marks.as_ref().and_then(|marks| marks.base).or(state
                .thread
                .pull
                .as_ref()
                .map(|pull| &*pull.base));
            if base == Some(branch.as_str()) {
                let marks = state.marks.clone();
                found.right.push((state, marks));
            } else {
                let name = names([&state]);
                found.wrong.push(format!("{name} is for {}, not {branch}", base.unwrap_or("another branch")));
            }
        }
        Ok(found)
    }

    /// What is said where none counts.
    fn missing(&self, asked: &Asked<'_>) -> Answer {
        let number = self.issue.thread.number;
        let branch = asked.forge.docs_branch_of(asked.look.target.release);
        if let Some(why) = self.unknown.first() {
            return Answer::unknown(why.clone());
        }
        let why = self.wrong.first().map(|why| format!(": {why}")).unwrap_or_default();
        let answer =
            Answer::fail(format!("issue {number} links no pull request for the documentation of {branch}{why}"));
        let what = format!(
            "open a draft pull request against {branch} of {} and link it in issue {number}",
            asked.forge.docs.join(", ")
        );
        answer.seen(asked.body(self.issue.thread, "no such pull request")).mended_by(to_do(&what))
    }

    /// The best of them by what a rule says of each, merged ones first; what is wrong with it, if anything.
    fn best(self, asked: &Asked<'a>, good: &str, flaw: impl Fn(&State<'a>, &Marks<'a>) -> Option<String>) -> Answer {
        if self.right.is_empty() {
            return self.missing(asked);
        }
        let mut flaws = Vec::new();
        for (state, marks) in &self.right {
            let name = names([state]);
            if let Some(merged) = state.merged {
                let pass = Answer::pass(format!("{name} is merged"));
                return pass.seen(asked.about(state.thread, &format!("{merged} merged")));
            }
            let Some(marks) = marks else {
                return Answer::unknown(format!("what happened to {name} was not pulled"));
            };
            match flaw(state, marks) {
                None => {
                    let pass = Answer::pass(format!("{name} is {good}"));
                    return pass.seen(asked.about(state.thread, &seen(state, marks)));
                }
                Some(why) => flaws.push((format!("{name} {why}"), asked.about(state.thread, &seen(state, marks)))),
            }
        }
        let mut flaws = flaws.into_iter();
        let Some((message, evidence)) = flaws.next() else { return self.missing(asked) };
        let mut answer = Answer::fail(message.clone()).seen(evidence).mended_by(to_do(&format!("mend it: {message}")));
        answer.evidence.extend(flaws.map(|(_, evidence)| evidence));
        answer
    }
}

fn seen(state: &State<'_>, marks: &Marks<'_>) -> String {
    let draft = if marks.draft { " as a draft" } else { "" };
    let milestone = marks.milestone.map(|title| format!(", milestone {title}")).unwrap_or_default();
    format!("{} open{draft}: {}, labels: {}{milestone}", state.instant, marks.title, marks.labels.join(", "))
}

/// One is open for the release; a draft is enough.
pub(super) fn open(asked: &Asked<'_>) -> Result<Answer, Answer> {
    let release = asked.look.target.release;
    let in_milestone = |_: &State<'_>, marks: &Marks<'_>| {
        let is_in = marks.milestone.is_some_and(|title| is_release(title, release));
        (!is_in).then(|| format!("is not in milestone {}", asked.look.target.release_text))
    };
    Ok(Documentation::of(asked)?.best(asked, "open", in_milestone))
}

/// One is ready for review.
pub(super) fn ready(asked: &Asked<'_>) -> Result<Answer, Answer> {
    let unready = |_: &State<'_>, marks: &Marks<'_>| {
        let title = marks.title.to_lowercase();
        if marks.draft {
            return Some("is a draft".to_owned());
        }
        let mark = asked.forge.unready_titles.iter().find(|mark| title.starts_with(&mark.to_lowercase()));
        mark.map(|mark| format!("says `{mark}` in its title"))
    };
    Ok(Documentation::of(asked)?.best(asked, "ready for review", unready))
}

/// One is approved, and nobody asks for changes.
pub(super) fn approved(asked: &Asked<'_>) -> Result<Answer, Answer> {
    let flaw = |state: &State<'_>, marks: &Marks<'_>| {
        let lacks = asked.rule.labels.iter().filter(|label| !marks.labels.contains(&label.as_str()));
        let lacks: Vec<&str> = lacks.map(String::as_str).collect();
        if !lacks.is_empty() {
            return Some(format!("lacks {}", lacks.join(", ")));
        }
        let reviews = state.thread.reviews(asked.instant());
        let asks = reviews.iter().find(|(_, state, _)| *state == ReviewState::ChangesRequested);
        asks.map(|(person, _, at)| format!("waits for changes that {person} asked for on {}", super::day(*at)))
    };
    Ok(Documentation::of(asked)?.best(asked, "approved", flaw))
}
