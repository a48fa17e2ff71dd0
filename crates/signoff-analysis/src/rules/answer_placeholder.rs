//! `answer-placeholder`: a question that the stage requires is put off.

use signoff_model::questionnaire::State;
use signoff_model::{Corpus, Proposal, Severity};

use super::answers::quoted;
use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "answer-placeholder",
    severity: Severity::Warning,
    page: include_str!("answer_placeholder.md"),
    looks_at: LooksAt::Prose,
    run: Run::Each(check),
};

fn check(_: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    for asked in report.answers.all().iter() {
        if asked.answer.state == State::Placeholder {
            let from = asked.group.required_from.as_deref().unwrap_or_default();
            let message = format!(
                "{} is no answer to \"{}\", which must be answered from {from} on",
                quoted(asked.own()),
                asked.question.title
            );
            report.prose(proposal, asked.first_line(), message);
        }
    }
}
