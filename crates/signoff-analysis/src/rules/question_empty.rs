//! `question-empty`: a question that the stage requires has no answer.

use signoff_model::questionnaire::State;
use signoff_model::{Corpus, Proposal, Severity};

use super::questions::due;
use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "question-empty",
    severity: Severity::Warning,
    page: include_str!("question_empty.md"),
    looks_at: LooksAt::Prose,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    for group in due(corpus, proposal) {
        for due in group.questions.iter().filter(|due| due.answer.state == State::Empty) {
            let Some(asked) = due.answer.asked else { continue };
            let message = format!("`{}` has no answer; stage `{}` requires one", due.question.title, group.stage);
            report.prose(proposal, asked, message).advice_if(due.is_late());
        }
    }
}
