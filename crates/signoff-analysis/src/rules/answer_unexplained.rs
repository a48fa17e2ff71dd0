//! `answer-unexplained`: `N/A` without a reason.

use signoff_model::profile::Expectation;
use signoff_model::questionnaire::State;
use signoff_model::{Corpus, Proposal, Severity};

use super::answers::{looked_at, quoted};
use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "answer-unexplained",
    severity: Severity::Warning,
    page: include_str!("answer_unexplained.md"),
    looks_at: LooksAt::Prose,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    for asked in looked_at(corpus, proposal) {
        if asked.answer.state != State::NotApplicable {
            continue;
        }
        let message =
            format!("{} gives no reason; say why \"{}\" does not apply", quoted(asked.own()), asked.question.title);
        let found = report.prose(proposal, asked.first_line(), message);
        // Where a reason is not asked for, reviewers let it pass as often as not.
        found.advice_if(!asked.expects(Expectation::Reason));
    }
}
