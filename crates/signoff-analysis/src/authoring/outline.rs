//! Headings that a document lacks, at the places where the template has them.
//!
//! [`scaffold`] lays the process's sections, groups of questions and questions out in the order of the template,
//! finds those that the document has, and puts each of the others behind its neighbour.

use signoff_model::edit::Edit;
use signoff_model::profile::{Prepared, Questionnaire, SectionRule};
use signoff_model::proposal::Prose;
use signoff_model::{Span, wording};

use super::line_end;

/// What a document lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lacking {
    /// Indexes of sections of the profile.
    pub sections: Vec<usize>,
    /// Questionnaire and question, by the index in the order of the whole questionnaire.
    pub questions: Vec<(usize, usize)>,
}

/// Level of a question's heading, unless the document writes others.
const QUESTION_LEVEL: u8 = 6;

/// A heading of the template.
struct Heading<'p> {
    title: &'p str,
    level: u8,
    parent: Option<usize>,
    /// Where the document has it.
    found: Option<Found>,
    wanted: bool,
    is_question: bool,
}

/// Where a document has a heading.
#[derive(Clone, Copy)]
struct Found {
    level: u8,
    heading: Span,
    end: u32,
    /// The first heading below it, else the end.
    inside: u32,
}

/// The edits that add what a document lacks.
#[must_use]
pub fn scaffold(prepared: &Prepared, prose: &Prose, lacking: &Lacking) -> Vec<Edit> {
    let outline = outline(prepared, prose, lacking);
    let text = &prose.source.text;
    let bullets = is_bulleted(prose, &outline);
    let mut places: Vec<(u32, String)> = Vec::new();
    for (index, heading) in outline.iter().enumerate().filter(|(_, heading)| heading.wanted) {
        let (at, level) = place(&outline, prose, index);
        let line = match heading.is_question && bullets {
            true => format!("* **{}**", heading.title),
            false => format!("{} {}", "#".repeat(usize::from(level.clamp(1, 6))), heading.title),
        };
        match places.iter_mut().find(|(place, _)| *place == at) {
            Some((_, lines)) => lines.push_str(&format!("\n\n{line}")),
            None => places.push((at, line)),
        }
    }
    places.into_iter().map(|(at, lines)| insertion(text, at as usize, &lines)).collect()
}

/// Every heading of the template in its order.
fn outline<'p>(prepared: &'p Prepared, prose: &Prose, lacking: &Lacking) -> Vec<Heading<'p>> {
    let rules = &prepared.profile.section;
    let mut outline: Vec<Heading<'p>> = Vec::new();
    let mut at: Vec<usize> = Vec::with_capacity(rules.len());
    for (slot, rule) in rules.iter().enumerate() {
        let known = prose.document.known_sections.iter().find(|(own, _)| *own == slot);
        let parent = parent_of(rules, rule).and_then(|parent| at.get(parent).copied());
        at.push(outline.len());
        outline.push(Heading {
            title: &rule.title,
            level: rule.level,
            parent,
            found: known.map(|(_, section)| found(prose, *section)),
            wanted: lacking.sections.contains(&slot),
            is_question: false,
        });
        let asked = prepared.profile.questionnaire.iter().enumerate();
        for (index, questionnaire) in asked.filter(|(_, questionnaire)| questionnaire.section == rule.title) {
            let section = outline.len() - 1;
            questions(prepared, prose, (index, questionnaire), lacking, section, &mut outline);
        }
    }
    outline
}

fn parent_of(rules: &[SectionRule], rule: &SectionRule) -> Option<usize> {
    let under = rule.under.as_deref()?;
    rules.iter().position(|other| other.title == under)
}

/// The groups of a questionnaire and their questions.
fn questions<'p>(
    prepared: &'p Prepared,
    prose: &Prose,
    (index, questionnaire): (usize, &'p Questionnaire),
    lacking: &Lacking,
    section: usize,
    outline: &mut Vec<Heading<'p>>,
) {
    let answers = &prose.document.answers[index].answers;
    let slots = &prepared.questionnaires[index].questions;
    for (group_index, group) in questionnaire.group.iter().enumerate() {
        let titles = std::iter::once(&group.title).chain(&group.aliases);
        let words: Vec<String> = titles.map(|title| wording::words(title)).collect();
        let sections = prose.document.body.sections.iter();
        let place = sections.enumerate().find(|(_, section)| words.iter().any(|own| **own == *section.words));
        let own = || slots.iter().enumerate().filter(|(_, slot)| slot.group == group_index);
        let is_asked = own().any(|(question, _)| answers[question].asked.is_some());
        let lacks = own().any(|(question, _)| lacking.questions.contains(&(index, question)));
        let parent = outline.len();
        outline.push(Heading {
            title: &group.title,
            level: outline[section].level + 1,
            parent: Some(section),
            found: place.map(|(section, _)| found(prose, section)),
            wanted: place.is_none() && !is_asked && lacks,
            is_question: false,
        });
        for (question, slot) in own() {
            let answer = &answers[question];
            let level = |heading: Span| {
                let marks = heading.of(&prose.source.text).bytes().take_while(|byte| *byte == b'#').count();
                u8::try_from(marks).ok().filter(|level| *level > 0).unwrap_or(QUESTION_LEVEL)
            };
            outline.push(Heading {
                title: &group.question[slot.question].title,
                level: QUESTION_LEVEL,
                parent: Some(parent),
                found: answer.asked.map(|heading| Found {
                    level: level(heading),
                    heading,
                    end: answer.text.end,
                    inside: answer.text.end,
                }),
                wanted: lacking.questions.contains(&(index, question)),
                is_question: true,
            });
        }
    }
}

fn found(prose: &Prose, index: usize) -> Found {
    let sections = &prose.document.body.sections;
    let section = &sections[index];
    let below = sections.get(index + 1).map(|next| next.heading.start);
    let inside = below.filter(|start| *start < section.extent.end).unwrap_or(section.extent.end);
    Found { level: section.level, heading: section.heading, end: section.extent.end, inside }
}

/// Whether the document asks questions in bold bullets, as the template once did.
fn is_bulleted(prose: &Prose, outline: &[Heading<'_>]) -> bool {
    let asked = outline.iter().filter(|heading| heading.is_question).filter_map(|heading| heading.found);
    let mut bullets = asked.map(|found| !found.heading.of(&prose.source.text).trim_start().starts_with('#')).peekable();
    bullets.peek().is_some() && bullets.all(|bullet| bullet)
}

/// Where a heading goes, and its level there.
fn place(outline: &[Heading<'_>], prose: &Prose, index: usize) -> (u32, u8) {
    let heading = &outline[index];
    let parent = heading.parent.map(|parent| (parent, &outline[parent]));
    let around = parent.and_then(|(_, parent)| parent.found);
    let is_inside = |found: &Found| {
        around.is_none_or(|around| around.inside <= found.heading.start && found.heading.start < around.end)
    };
    let siblings = |range: std::ops::Range<usize>| {
        let own = range.filter(move |other| outline[*other].parent == heading.parent);
        own.filter_map(|other| Some((&outline[other], outline[other].found?))).filter(|(_, found)| is_inside(found))
    };
    let beside = |other: &Heading<'_>, found: Found| (found.level + heading.level).saturating_sub(other.level);
    if let Some((other, found)) = siblings(0..index).next_back() {
        return (found.end, beside(other, found));
    }
    if let Some((around, found)) = parent.and_then(|(_, parent)| Some((parent, parent.found?))) {
        // The levels between a group and its questions are the template's, whatever the group's is.
        let level = if heading.is_question { heading.level } else { beside(around, found) };
        return (found.inside, level);
    }
    if let Some((other, found)) = siblings(index + 1..outline.len()).next() {
        return (found.heading.start, beside(other, found));
    }
    match parent {
        Some((parent, written)) => {
            let (at, level) = place(outline, prose, parent);
            let level =
                if heading.is_question { heading.level } else { (level + heading.level).saturating_sub(written.level) };
            (at, level)
        }
        None => (u32::try_from(prose.source.text.len()).unwrap_or(u32::MAX), heading.level),
    }
}

/// Lines at a place, set off by blank ones.
fn insertion(text: &str, at: usize, lines: &str) -> Edit {
    let line_end = line_end(text);
    let before = text[..at].trim_end_matches('\r');
    let gap = match (at == 0, before.ends_with('\n')) {
        (true, _) => 0,
        (_, false) => 2,
        (_, true) => {
            usize::from(!before.trim_end_matches(['\n', '\r', ' ']).is_empty() && !is_blank_line_before(before))
        }
    };
    let behind = if text[at..].is_empty() { 1 } else { 2 };
    let lines = lines.replace('\n', line_end);
    Edit::new(Span::at(at), format!("{}{lines}{}", line_end.repeat(gap), line_end.repeat(behind)))
}

fn is_blank_line_before(before: &str) -> bool {
    let Some(line) = before.strip_suffix('\n') else { return false };
    let last = line.rsplit('\n').next().unwrap_or_default();
    last.trim().is_empty()
}
