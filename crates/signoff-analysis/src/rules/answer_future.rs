//! `answer-future`: a plan where the stage asks for what exists.

use signoff_model::profile::Expectation;
use signoff_model::questionnaire::State;
use signoff_model::{Corpus, Proposal, Severity};

use super::answers::phrases::Words;
use super::answers::{looked_at, quoted, signs};
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
    let reached = reached(corpus, proposal);
    for asked in looked_at(corpus, proposal) {
        if asked.answer.state != State::Answered || !asked.is_due(corpus, proposal) {
            continue;
        }
        let own = asked.own();
        let words = Words::of(own);
        let work = asked.expects(Expectation::Tests) || asked.expects(Expectation::Done);
        let plan = if work { signs::plan_of_work(&words) } else { signs::plan(&words) };
        let brief = !work && words.len() <= BRIEF_WORDS;
        let overdue = brief.then(|| signs::promise(&words, &reached)).flatten();
        let Some(place) = overdue.clone().or(plan) else { continue };
        let sentence = signs::sentence(own, place.clone());
        let stage = proposal.stage(&corpus.prepared).unwrap_or_default();
        let message = format!("{} is a plan; at stage {stage} write what was done", quoted(sentence));
        // Beside tests that exist, or late in a long account, a plan is an addition.
        let main = place.start < OPENING
            && if work { !signs::names_tests(own, &words) } else { overdue.is_some() && !signs::names_metric(own) };
        let found = report.prose(proposal, asked.place(&own[place]), message);
        if main {
            found.severity(Severity::Warning);
        }
    }
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
