//! `answer-future`: a plan where the stage asks for what exists.

use signoff_model::profile::Expectation;
use signoff_model::questionnaire::State;
use signoff_model::{Corpus, Proposal, Severity};

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

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    for asked in looked_at(corpus, proposal) {
        if asked.answer.state != State::Answered || !asked.is_due(corpus, proposal) {
            continue;
        }
        let words = signs::Words::of(asked.own());
        let work = asked.expects(Expectation::Tests) || asked.expects(Expectation::Done);
        let Some(place) = (if work { signs::plan_of_work(&words) } else { signs::plan(&words) }) else { continue };
        let sentence = signs::sentence(asked.own(), place.clone());
        let stage = proposal.stage(&corpus.prepared).unwrap_or_default();
        let message = format!("{} is a plan; at stage {stage} write what was done", quoted(sentence));
        // Beside tests that exist, or late in a long account, a plan is an addition.
        let main = !signs::names_tests(asked.own(), &words) && place.start < OPENING;
        let found = report.prose(proposal, asked.place(&asked.own()[place]), message);
        if work && main {
            found.severity(Severity::Warning);
        }
    }
}
