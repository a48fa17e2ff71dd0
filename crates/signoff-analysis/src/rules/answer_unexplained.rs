//! `answer-unexplained`: `N/A` without a reason.

use signoff_model::profile::{Expectation, StatusClass};
use signoff_model::questionnaire::State;
use signoff_model::{Corpus, Proposal, Severity};

use super::answers::{Asked, quoted, signs};
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
    let all = report.answers.all();
    let flawed: Vec<&Asked<'_>> = all.iter().filter(|asked| says_no_more(asked)).collect();
    // Nobody answers again what is finished: there the count tells enough.
    if let (StatusClass::Done, [first, _, ..]) = (proposal.class(&corpus.prepared), &*flawed) {
        let message = format!(
            "{} answers give no reason, first {} to \"{}\"",
            flawed.len(),
            quoted(first.own()),
            first.question.title
        );
        report.prose(proposal, first.first_line(), message).severity(Severity::Info);
        return;
    }
    for asked in flawed {
        let message =
            format!("{} gives no reason; say why \"{}\" does not apply", quoted(asked.own()), asked.question.title);
        // Where a reason is not asked for, reviewers let it pass as often as not; and none is an answer of a kind.
        let passes = !asked.expects(Expectation::Reason) || signs::says_none(asked.words());
        report.prose(proposal, asked.first_line(), message).advice_if(passes);
    }
}

fn says_no_more(asked: &Asked<'_>) -> bool {
    match asked.answer.state {
        State::NotApplicable => !(asked.expects(Expectation::List) && signs::says_none(asked.words())),
        // What is no more than `N/A` at length counts where a reason is asked for.
        State::Answered if asked.expects(Expectation::Reason) && asked.own().len() <= DENIAL_LENGTH => {
            // A plan is one flaw, not two: answer-future says so.
            signs::only_denies(asked.words()) && signs::plan_of_work(asked.words()).is_none()
        }
        _ => false,
    }
}
