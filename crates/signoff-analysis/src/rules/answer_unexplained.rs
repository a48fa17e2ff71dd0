//! `answer-unexplained`: `N/A` without a reason.

use signoff_model::profile::Expectation;
use signoff_model::questionnaire::State;
use signoff_model::{Corpus, Proposal, Severity};

use super::answers::phrases::Words;
use super::answers::{Asked, looked_at, quoted, signs};
use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "answer-unexplained",
    severity: Severity::Warning,
    page: include_str!("answer_unexplained.md"),
    looks_at: LooksAt::Prose,
    run: Run::Each(check),
};

/// Longer answers say more: their words need no look.
const DENIAL_LENGTH: usize = 120;

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    for asked in looked_at(corpus, proposal) {
        let explained = asked.expects(Expectation::Reason);
        let flawed = match asked.answer.state {
            State::NotApplicable => true,
            // What is no more than `N/A` at length counts where a reason is asked for.
            State::Answered => explained && says_no_more(&asked),
            _ => false,
        };
        if flawed {
            let message =
                format!("{} gives no reason; say why \"{}\" does not apply", quoted(asked.own()), asked.question.title);
            // Where a reason is not asked for, reviewers let it pass as often as not.
            report.prose(proposal, asked.first_line(), message).advice_if(!explained);
        }
    }
}

fn says_no_more(asked: &Asked<'_>) -> bool {
    if asked.own().len() > DENIAL_LENGTH {
        return false;
    }
    let words = Words::of(asked.own());
    // A plan is one flaw, not two: answer-future says so.
    signs::only_denies(&words) && signs::plan_of_work(&words).is_none()
}
