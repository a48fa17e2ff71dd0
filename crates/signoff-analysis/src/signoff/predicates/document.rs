//! What the document has: sections, criteria, a test plan.

use std::sync::Arc;

use signoff_model::profile::{Required, SectionRole, SectionRule};
use signoff_model::proposal::Prose;
use signoff_model::template::SectionState;
use signoff_model::{source, wording};

use super::findings;
use crate::rules;
use crate::signoff::Outcome;
use crate::signoff::look::{Answer, Heading, Look, Remedy, Work};

/// The sections that the process requires are there. Without one of `deciding` it fails; another that is missing is a
/// doubt, since most proposals lack one of the template that was current at the freeze and went on all the same.
pub(super) fn sections(look: &Look<'_>, deciding: &[String]) -> Answer {
    let Some(prose) = &look.proposal.prose else {
        return Answer::fail("there is no document").seen(look.absence(&look.proposal.metadata_path, ""));
    };
    let missing: Vec<(usize, &SectionRule)> = missing(look, prose);
    let decides = |(_, rule): &&(usize, &SectionRule)| deciding.contains(&rule.title);
    let Some(first) = missing.iter().find(decides).or(missing.first()) else {
        return Answer::pass("every section that the template asks for is there")
            .seen(look.absence(&prose.source.path, ""));
    };
    let outcome = if decides(&first) { Outcome::Fail } else { Outcome::Warn };
    let titles: Vec<&str> = missing.iter().map(|(_, rule)| rule.title.as_str()).collect();
    let mut answer = Answer::new(outcome, format!("the document lacks {}", titles.join(", ")))
        .seen(look.absence(&prose.source.path, ""));
    answer.remedies = missing.iter().map(|(slot, rule)| absent(prose, *slot, rule)).collect();
    answer
}

/// The required sections that the document lacks. What is not required of a draft is not missing in one.
fn missing<'a>(look: &Look<'a>, prose: &Prose) -> Vec<(usize, &'a SectionRule)> {
    let prepared = look.prepared();
    let required = |rule: &SectionRule| match &rule.required {
        Required::Always(always) => *always,
        Required::When(condition) => look.conditions.hold(condition, look.proposal),
    };
    let known = |slot: usize| prose.document.known_sections.iter().any(|(own, _)| *own == slot);
    let rules = prepared.profile.section.iter().enumerate();
    rules.filter(|(slot, rule)| !known(*slot) && required(rule)).collect()
}

fn section(prose: &Prose, line: Option<usize>, what: String) -> Remedy {
    Remedy {
        work: Work::Section,
        field: None,
        path: Arc::clone(&prose.source.path),
        line,
        what,
        to: None,
        heading: None,
    }
}

fn absent(prose: &Prose, slot: usize, rule: &SectionRule) -> Remedy {
    let heading = Some(Heading::Section(slot));
    Remedy { heading, ..section(prose, None, format!("add a section `{}`", rule.title)) }
}

/// What to do about a section with a role that is not written: add it, or write it.
fn unwritten(look: &Look<'_>, prose: &Prose, role: SectionRole, line: Option<usize>) -> Remedy {
    let mut rules = look.prepared().profile.section.iter().enumerate();
    match (rules.find(|(_, rule)| rule.role == Some(role)), line) {
        (Some((slot, rule)), None) => absent(prose, slot, rule),
        (Some((_, rule)), line) => section(prose, line, format!("write `{}`", rule.title)),
        (None, line) => section(prose, line, "write what is asked for".to_owned()),
    }
}

/// There are criteria, and some for the stage.
pub(super) fn criteria(look: &Look<'_>) -> Answer {
    let Some(prose) = &look.proposal.prose else { return Answer::fail("there is no document") };
    let found = rules::sections_with_role(look.prepared(), &prose.document, SectionRole::Criteria);
    let Some((span, _)) = found.iter().find(|(_, state)| *state == SectionState::Written) else {
        let line = found.first().map(|(span, _)| prose.source.line(span.start));
        return Answer::fail("there are no graduation criteria")
            .seen(look.absence(&prose.source.path, ""))
            .mended_by(unwritten(look, prose, SectionRole::Criteria, line));
    };
    match findings::of(look, &["graduation-target-missing".to_owned()]).first() {
        Some(finding) if findings::is_settled(look) => Answer::fail(finding.message.clone())
            .seen(look.quote(&prose.source, *span))
            .mended_by(section(prose, Some(prose.source.line(span.start)), "write criteria for the stage".to_owned())),
        _ => Answer::pass("there are criteria for the stage").seen(look.quote(&prose.source, *span)),
    }
}

/// The test plan is written, every acknowledgement in it ticked, every part of it written, and tests are linked.
pub(super) fn test_plan(look: &Look<'_>) -> Answer {
    let Some(prose) = &look.proposal.prose else { return Answer::fail("there is no document") };
    let found = rules::sections_with_role(look.prepared(), &prose.document, SectionRole::Tests);
    let Some((span, _)) = found.iter().find(|(_, state)| *state == SectionState::Written) else {
        let line = found.first().map(|(span, _)| prose.source.line(span.start));
        return Answer::fail("there is no test plan").seen(look.absence(&prose.source.path, "")).mended_by(unwritten(
            look,
            prose,
            SectionRole::Tests,
            line,
        ));
    };
    let mut doubts: Vec<String> = Vec::new();
    let mut remedies = Vec::new();
    if let Some(line) = unticked(prose, *span) {
        doubts.push("the acknowledgement of the owners is not ticked".to_owned());
        remedies.push(Remedy {
            work: Work::Checklist,
            ..section(prose, Some(line), "tick the acknowledgement in the test plan".to_owned())
        });
    }
    for part in empty_parts(look, prose) {
        doubts.push(format!("`{}` is not written", part.0));
        remedies.push(section(prose, Some(part.1), format!("write `{}`", part.0)));
    }
    if let Some(finding) = findings::of(look, &["test-links-missing".to_owned()]).first() {
        doubts.push(finding.message.clone());
        remedies.push(section(prose, Some(prose.source.line(span.start)), "link the tests".to_owned()));
    }
    let answer = match doubts.is_empty() {
        true => Answer::pass("the test plan is written"),
        false => Answer::fail(doubts.join("; ")),
    };
    Answer { remedies, ..answer.seen(look.quote(&prose.source, *span)) }
}

/// The line of the first box in a section that is not ticked, when none is: a plan may hold lists of its own.
fn unticked(prose: &Prose, heading: signoff_model::Span) -> Option<usize> {
    let body = &prose.document.body;
    let section = body.sections.iter().find(|section| section.heading == heading)?;
    let next = body.sections.iter().map(|other| other.heading.start).find(|start| *start > heading.start);
    let end = next.unwrap_or(section.extent.end).min(section.extent.end);
    let own = signoff_model::Span { start: heading.end, end: end.max(heading.end) };
    let text = body.without_comments(&prose.source.text, own);
    let boxes: Vec<bool> = source::lines(&text)
        .filter_map(|line| Some(wording::tick_box(wording::without_list_mark(line.trim_start())?)?.0))
        .collect();
    (!boxes.is_empty() && !boxes.contains(&true)).then(|| prose.source.line(heading.start))
}

/// The parts of the test plan that the document has and leaves empty: title and line.
fn empty_parts<'a>(look: &Look<'a>, prose: &Prose) -> Vec<(&'a str, usize)> {
    let prepared = look.prepared();
    let plan = prepared.profile.section.iter().find(|rule| rule.role == Some(SectionRole::Tests));
    let document = &prose.document;
    let is_part = |rule: &SectionRule| plan.is_some_and(|plan| rule.under.as_deref() == Some(&plan.title));
    let known = document.known_sections.iter().filter(|(slot, _)| is_part(&prepared.profile.section[*slot]));
    let empty = known.filter(|(_, index)| document.section_states[*index] != SectionState::Written);
    empty
        .map(|(slot, index)| {
            let heading = document.body.sections[*index].heading;
            (prepared.profile.section[*slot].title.as_str(), prose.source.line(heading.start))
        })
        .collect()
}
