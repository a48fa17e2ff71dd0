//! `answer-future`: a plan where the stage asks for what exists.

use std::cell::LazyCell;

use signoff_model::profile::Expectation;
use signoff_model::questionnaire::State;
use signoff_model::{Corpus, Proposal, Severity};

use super::answers::{Asked, quoted, signs};
use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "answer-future",
    severity: Severity::Info,
    page: include_str!("answer_future.md"),
    looks_at: LooksAt::Prose,
    run: Run::Each(check),
};

/// Bytes at the start of an answer that tell what it mainly says.
const OPENING: usize = 200;

/// An answer of up to so many words has nothing beside the plan that it opens with.
const BRIEF_WORDS: usize = 30;

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let reached = LazyCell::new(|| reached(corpus, proposal));
    for asked in report.answers.all().iter() {
        if asked.answer.state != State::Answered || !asked.is_due {
            continue;
        }
        let (own, words) = (asked.own(), asked.words());
        let of_work = asks_for_work(asked);
        let plan = if of_work { signs::plan_of_work(words) } else { signs::plan(words) };
        let brief = !of_work && words.len() <= BRIEF_WORDS;
        let overdue = brief.then(|| signs::promise(words, &reached)).flatten();
        let weighs =
            if of_work { work_weighs(asked, corpus, proposal) } else { overdue.is_some() && !signs::names_metric(own) };
        let Some(place) = overdue.or(plan) else { continue };
        let sentence = signs::sentence(own, place.clone());
        let stage = proposal.stage(&corpus.prepared).unwrap_or_default();
        let message = format!("{} is a plan; at stage {stage} write what was done", quoted(sentence));
        let is_main = weighs && place.start < OPENING;
        let found = report.prose(proposal, asked.place(&own[place]), message);
        if is_main {
            found.severity(Severity::Warning);
        }
    }
}

fn asks_for_work(asked: &Asked<'_>) -> bool {
    asked.expects(Expectation::Tests) || asked.expects(Expectation::Done)
}

/// Whether work that is only planned is worth a warning.
fn work_weighs(asked: &Asked<'_>, corpus: &Corpus, proposal: &Proposal) -> bool {
    // Beside tests that exist a plan is an addition; what tests will verify is more than that there will be some.
    !signs::names_tests(asked.own(), asked.words())
        && !signs::tells_what_tests_do(asked.words())
        && (!asked.expects(Expectation::Done) || is_late(asked, corpus, proposal))
}

/// Whether the stage came after the one that asks first: upgrades can be tried out only with what is
/// built, so that reviewers let a plan pass once.
fn is_late(asked: &Asked<'_>, corpus: &Corpus, proposal: &Proposal) -> bool {
    asked.due_from().is_some_and(|from| proposal.stage(&corpus.prepared) != Some(from))
}

/// The names of the stages that the proposal has reached.
fn reached<'a>(corpus: &'a Corpus, proposal: &Proposal) -> Vec<&'a str> {
    let stages = corpus.prepared.profile.stage.iter();
    stages
        .filter(|stage| proposal.reached(&corpus.prepared, &stage.name))
        .flat_map(|stage| std::iter::once(&stage.name).chain(&stage.aliases))
        .map(String::as_str)
        .collect()
}
