//! How rows of the table are decided from a forge snapshot, at the instant asked about.
//!
//! `issue` looks at the issue of a proposal, `changes` at the pull requests for it, `docs` at those for its
//! documentation. Here is what they share: the way from a proposal to its issue, and from an event to evidence.
//!
//! What the snapshot does not have is unknown, never a failure: not every issue was asked for, and what happened after
//! the pull nobody knows.

use std::sync::Arc;

use jiff::Timestamp;
use signoff_model::fact::Evidence;
use signoff_model::forge::{ForgeEvent, ForgeRepository, Happened, Marks, Replayed, State, Thread};
use signoff_model::profile::{DecisionRule, ForgeRules, Predicate};
use signoff_model::proposal::bare_number;

use crate::signoff::ForgeView;
use crate::signoff::look::{Answer, Look, Remedy, Work};

mod approvers;
mod changes;
mod docs;
mod issue;

pub(in crate::signoff) use issue::{is_opted_in, labelled};

/// What a forge says to a rule of the table.
pub(super) fn ask(look: &Look<'_>, rule: &DecisionRule) -> Answer {
    let asked = match Asked::of(look, rule) {
        Ok(asked) => asked,
        Err(unknown) => return unknown,
    };
    let answer = match rule.predicate {
        Some(Predicate::IssueOpen) => issue::open(&asked),
        Some(Predicate::IssueMilestone) => issue::milestone(&asked),
        Some(Predicate::OptedIn) => issue::opted_in(&asked),
        Some(Predicate::IssueLabels) => issue::labels(&asked),
        Some(Predicate::IssueCleared) => issue::cleared(&asked),
        Some(Predicate::IssueTracked) => issue::tracked(&asked),
        Some(Predicate::NoOpenChange) => changes::none_open(&asked),
        Some(Predicate::ApproversApproved) => approvers::approved(&asked),
        Some(Predicate::ChangesMerged) => changes::merged(&asked),
        Some(Predicate::ChangesTested) => changes::tested(&asked),
        Some(Predicate::ChangesListed) => changes::listed(&asked),
        Some(Predicate::ChangesMilestone) => changes::in_milestone(&asked),
        Some(Predicate::ChangesWhole) => changes::whole(&asked),
        Some(Predicate::OutsideComplete) => changes::outside(&asked),
        Some(Predicate::DocsOpen) => docs::open(&asked),
        Some(Predicate::DocsReady) => docs::ready(&asked),
        Some(Predicate::DocsApproved) => docs::approved(&asked),
        _ => Err(Answer::unknown("a forge does not tell")),
    };
    answer.unwrap_or_else(|unknown| unknown)
}

/// What is asked of a snapshot about a proposal. The error of every question is an answer too: that it is not known.
struct Asked<'a> {
    look: &'a Look<'a>,
    rule: &'a DecisionRule,
    view: ForgeView<'a>,
    forge: &'a ForgeRules,
    /// The repository of the proposals.
    own: &'a ForgeRepository,
}

impl<'a> Asked<'a> {
    fn of(look: &'a Look<'a>, rule: &'a DecisionRule) -> Result<Self, Answer> {
        let view = look.forge.ok_or_else(|| Answer::unknown("no forge snapshot was given"))?;
        let forge = &look.prepared().profile.forge;
        let own = view.forge.repository(&forge.proposals);
        let own = own.ok_or_else(|| Answer::unknown(format!("the snapshot has nothing of {}", forge.proposals)))?;
        Ok(Self { look, rule, view, forge, own })
    }

    fn instant(&self) -> Timestamp {
        self.view.instant
    }

    /// The number of the proposal's issue.
    fn number(&self) -> Result<u64, Answer> {
        let label = self.look.proposal.label();
        bare_number(label).parse().map_err(|_| Answer::unknown(format!("`{label}` is the number of no issue")))
    }

    /// The issue of the proposal as it was.
    fn issue(&self) -> Result<State<'a>, Answer> {
        let number = self.number()?;
        let name = &self.own.name;
        let Some(thread) = self.own.thread(number) else {
            return Err(if self.own.missing.binary_search(&number).is_ok() {
                Answer::fail(format!("{name} has no issue {number}")).mended_by(to_do(&format!("open issue {number}")))
            } else {
                Answer::unknown(format!("issue {number} is not in the snapshot"))
            });
        };
        self.then(thread, "issue")
    }

    /// A thread as it was.
    fn then(&self, thread: &'a Thread, what: &str) -> Result<State<'a>, Answer> {
        let number = thread.number;
        match self.view.replay(thread) {
            Replayed::Then(state) => Ok(state),
            Replayed::NotYet => {
                let message = format!("{what} {number} was opened on {}, after this", day(thread.created));
                Err(Answer::fail(message).seen(self.about(thread, &format!("{} opened", thread.created))))
            }
            Replayed::Beyond => {
                let (pulled, asked) = (thread.pulled_at, self.instant());
                Err(Answer::unknown(format!(
                    "the snapshot is of {pulled} and cannot tell what {what} {number} is at {asked}"
                )))
            }
        }
    }

    /// What events tell of a thread.
    fn marks(&self, state: &State<'a>) -> Result<Marks<'a>, Answer> {
        let number = state.thread.number;
        let unknown = || Answer::unknown(format!("what happened to {number} was not pulled"));
        state.marks.clone().ok_or_else(unknown)
    }

    /// Labels of a rule with the stage and the group filled in; `None` where the proposal has none.
    fn filled(&self, pattern: &str) -> Option<String> {
        let (prepared, proposal) = (self.look.prepared(), self.look.proposal);
        let mut text = pattern.to_owned();
        if text.contains("{stage}") {
            text = text.replace("{stage}", self.look.target.stage.as_deref()?);
        }
        if text.contains("{group}") {
            let group = proposal.text(prepared, signoff_model::profile::Meaning::Group)?;
            text = text.replace("{group}", &self.forge.label_of(group));
        }
        Some(text)
    }

    /// Something about a thread as evidence.
    fn about(&self, thread: &Thread, text: &str) -> Evidence {
        Evidence {
            source: Arc::from("forge"),
            version: Arc::from(thread.pulled_at.to_string()),
            path: Arc::clone(&thread.url),
            line: None,
            text: text.chars().take(TEXT_MAX).collect(),
        }
    }

    /// An event as evidence.
    fn event(&self, thread: &Thread, event: &ForgeEvent) -> Evidence {
        let actor = event.actor.as_deref().map(|actor| format!(" by {actor}")).unwrap_or_default();
        self.about(thread, &format!("{} {}{actor}", event.at, event.words()))
    }

    /// The last event until the instant that is one of these, as evidence; else that there is none.
    fn last_event(&self, thread: &'a Thread, is: impl Fn(&Happened) -> bool) -> Option<&'a ForgeEvent> {
        thread.until(self.instant()).find(|event| is(&event.happened))
    }

    /// What the body says, which is known as of the pull alone.
    fn body(&self, thread: &Thread, text: &str) -> Evidence {
        self.about(thread, &format!("body as of {}: {text}", thread.pulled_at))
    }

    /// A statement of the rule in a comment until the instant, by one of the authors of proposal or issue.
    fn statement(&self, thread: &'a Thread) -> Option<&'a ForgeEvent> {
        let (prepared, proposal) = (self.look.prepared(), self.look.proposal);
        let authors = proposal.items(prepared, signoff_model::profile::Meaning::Authors);
        let is_author = |person: &str| {
            let is_it = |text: &str| {
                signoff_model::people::Person::parse(text, &[])
                    .handle()
                    .is_some_and(|handle| handle.trim_start_matches('@').eq_ignore_ascii_case(person))
            };
            thread.author.as_deref() == Some(person) || authors.iter().any(|item| is_it(item.text))
        };
        thread.until(self.instant()).find(|event| match (&event.happened, event.actor.as_deref()) {
            (Happened::Commented(text), Some(person)) if is_author(person) => {
                let text = text.to_lowercase();
                self.rule.statements.iter().any(|statement| text.contains(&statement.to_lowercase()))
            }
            _ => false,
        })
    }
}

/// Longest text of evidence, in characters.
const TEXT_MAX: usize = 200;

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

/// Work on the forge.
fn to_do(what: &str) -> Remedy {
    let what = what.to_owned();
    Remedy { work: Work::Forge, field: None, path: "".into(), line: None, what, to: None, heading: None }
}

/// Whether a label matches one, or a pattern with a trailing `*`.
fn matches(pattern: &str, label: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == label, |start| label.starts_with(start))
}
