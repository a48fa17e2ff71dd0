//! `question-missing`: a question that the stage requires is not asked.

use signoff_model::body::Body;
use signoff_model::questionnaire::State;
use signoff_model::{Corpus, Proposal, Severity, Span, wording};

use super::questions::{Due, DueGroup, due};
use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "question-missing",
    severity: Severity::Warning,
    page: include_str!("question_missing.md"),
    looks_at: LooksAt::Prose,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let Some(document) = proposal.document() else { return };
    let groups = due(corpus, proposal);
    let mut whole: Vec<&str> = Vec::new();
    for group in &groups {
        let id = group.questionnaire.id.as_str();
        if group.is_begun {
            look_at(group, &document.body, proposal, report);
        } else if !whole.contains(&id) {
            whole.push(id);
            let own: Vec<&DueGroup<'_>> = groups.iter().filter(|other| other.questionnaire.id == id).collect();
            let place = opening(&document.body, group).unwrap_or_default();
            let late = own.iter().flat_map(|group| &group.questions).all(Due::is_late);
            let stage = proposal.stage(&corpus.prepared).unwrap_or(group.stage);
            report.prose(proposal, place, whole_questionnaire(&own, stage)).advice_if(late);
        }
    }
}

/// Reports what is absent in one group of a questionnaire that asks something at least.
fn look_at(group: &DueGroup<'_>, body: &Body, proposal: &Proposal, report: &mut Report<'_>) {
    let absent: Vec<&Due<'_>> = group.questions.iter().filter(|due| due.answer.state == State::Absent).collect();
    if absent.is_empty() {
        return;
    }
    let heading = heading(body, group);
    let place = heading.unwrap_or_default();
    if absent.len() > 1 && absent.len() == group.questions.len() {
        let message = whole_group(group, absent.len(), heading.is_some());
        report.prose(proposal, place, message).advice_if(absent.iter().all(|due| due.is_late()));
        return;
    }
    for due in absent {
        let (question, stage) = (&due.question.title, group.stage);
        let message = format!("the question `{question}` is missing; stage `{stage}` requires its answer");
        report.prose(proposal, place, message).advice_if(due.is_late());
    }
}

fn whole_questionnaire(groups: &[&DueGroup<'_>], stage: &str) -> String {
    let count: usize = groups.iter().map(|group| group.questions.len()).sum();
    let title = groups.first().map(|group| group.questionnaire.section.as_str()).unwrap_or_default();
    format!("none of the {count} questions of `{title}` is asked; stage `{stage}` requires their answers")
}

fn whole_group(group: &DueGroup<'_>, count: usize, has_heading: bool) -> String {
    let (title, stage) = (&group.group.title, group.stage);
    if has_heading {
        format!("none of the {count} questions of `{title}` is asked; stage `{stage}` requires their answers")
    } else {
        format!("`{title}` is missing with its {count} questions; stage `{stage}` requires their answers")
    }
}

/// The heading of a group: the one inside its questionnaire, since other parts use the same words.
fn heading(body: &Body, group: &DueGroup<'_>) -> Option<Span> {
    let titles: Vec<String> =
        std::iter::once(&group.group.title).chain(&group.group.aliases).map(|title| wording::words(title)).collect();
    let from = opening(body, group).unwrap_or_default().start;
    let mut inside = body.sections.iter().filter(|section| section.heading.start >= from);
    inside.find(|section| titles.iter().any(|title| **title == *section.words)).map(|section| section.heading)
}

/// The heading of the questionnaire that a group belongs to.
fn opening(body: &Body, group: &DueGroup<'_>) -> Option<Span> {
    body.sections.iter().find(|section| group.slot.opens(&section.words)).map(|section| section.heading)
}
