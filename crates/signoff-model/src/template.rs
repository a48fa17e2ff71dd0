//! Which version of the template a document was written from, and what of it is left.

use crate::body::{Body, Section};
use crate::profile::{LineReader, Prepared, item_words};
use crate::questionnaire::Answers;
use crate::source;
use crate::span::Span;
use crate::wording;

/// The newest version of the template that left a mark in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generation {
    /// Index in `profile.template.generation`.
    pub index: usize,
    /// The heading, question or checklist item by which it was recognised.
    pub reason: Box<str>,
}

/// Finds the newest generation whose headings, questions or checklist items the document has.
#[must_use]
pub fn generation(prepared: &Prepared, text: &str, body: &Body, answers: &[Answers]) -> Option<Generation> {
    let headings = body.sections.iter().filter_map(|section| {
        let index = prepared.generation_of_heading(&section.words, section.optional, section.level)?;
        Some((index, Mark::Heading(&section.title)))
    });
    let bullets = answers.iter().flat_map(|answers| &answers.answers).filter_map(|answer| {
        let asked = answer.asked?.of(text);
        let bold = wording::without_list_mark(asked)?;
        Some((prepared.generation_of_heading(&wording::words(bold), false, 0)?, Mark::Question(bold)))
    });
    let items = checklist_lines(prepared, text, body).filter_map(|line| {
        let index = *prepared.generation_items.get(&wording::hash(&item_words(line)))?;
        Some((index, Mark::Item(line)))
    });
    let best = headings.chain(bullets).reduce(newer);
    // Items are long, and few generations have new ones.
    let items_newest = prepared.generation_items.values().copied().max();
    let (index, mark) = match best {
        Some(best) if Some(best.0) >= items_newest => best,
        best => best.into_iter().chain(items).reduce(newer)?,
    };
    Some(Generation { index, reason: mark.reason().into() })
}

fn newer<'a>(best: (usize, Mark<'a>), next: (usize, Mark<'a>)) -> (usize, Mark<'a>) {
    if next.0 > best.0 { next } else { best }
}

/// What a version of the template left in a document.
enum Mark<'a> {
    Heading(&'a str),
    Question(&'a str),
    Item(&'a str),
}

impl Mark<'_> {
    fn reason(&self) -> String {
        match self {
            Self::Heading(title) => format!("heading `{title}`"),
            Self::Question(bold) => format!("question `{}`", bold.trim_matches('*').replace('\n', " ")),
            Self::Item(line) => format!("checklist item `{}`", line.trim()),
        }
    }
}

fn checklist_lines<'a>(prepared: &'a Prepared, text: &'a str, body: &'a Body) -> impl Iterator<Item = &'a str> {
    let sections = prepared.checklist_sections.iter().filter_map(|words| body.section(words));
    sections
        .flat_map(|section| source::lines(section.extent.of(text)))
        .filter(|line| wording::without_list_mark(line.trim_start()).is_some())
}

/// What stands in a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SectionState {
    /// Nothing.
    Empty,
    /// Only comments and template text.
    Scaffold,
    /// Something of the author's.
    Written,
}

impl SectionState {
    /// The word of the contract.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Scaffold => "scaffold",
            Self::Written => "written",
        }
    }
}

/// The state of every section, subsections counted in.
#[must_use]
pub fn section_states(prepared: &Prepared, text: &str, body: &Body) -> Vec<SectionState> {
    let mut reader = LineReader::new(prepared);
    let mut states: Vec<SectionState> =
        body.sections.iter().map(|section| own_state(&mut reader, text, body, section.content)).collect();
    for index in (0..states.len()).rev() {
        let below = states[index];
        if let Some(parent) = body.sections[index].parent {
            // A heading below is at least scaffold, even with nothing under it.
            let above = &mut states[parent as usize];
            *above = below.max(*above).max(SectionState::Scaffold);
        }
    }
    states
}

/// The sections that the profile knows, in file order: index into `profile.section`, index into `body.sections`.
#[must_use]
pub fn known_sections(prepared: &Prepared, body: &Body) -> Vec<(usize, usize)> {
    let slot_of = |section: &Section| {
        let questionnaire =
            || prepared.questionnaires.iter().find(|slot| slot.opens(&section.words)).and_then(|slot| slot.section);
        prepared.sections.get(&section.words).copied().or_else(questionnaire)
    };
    let mut found = Vec::new();
    for (index, section) in body.sections.iter().enumerate() {
        match slot_of(section) {
            Some(slot) => found.push((slot, index)),
            None => found.extend(joined(prepared, section).into_iter().map(|slot| (slot, index))),
        }
    }
    found
}

/// The sections that one heading joins, such as `Goals and Non-Goals`; none unless it joins only known ones.
fn joined(prepared: &Prepared, section: &Section) -> Vec<usize> {
    let joins = section.title.contains('&') || section.words.contains(" and ");
    if !joins || section.title.len() > 200 {
        return Vec::new();
    }
    let title = section.title.replace('&', " and ");
    let slots = title.split(" and ").map(|part| prepared.sections.get(wording::words(part).as_str()).copied());
    slots.collect::<Option<Vec<usize>>>().unwrap_or_default()
}

fn own_state(reader: &mut LineReader<'_>, text: &str, body: &Body, span: Span) -> SectionState {
    if span.of(text).trim_start().is_empty() {
        return SectionState::Empty;
    }
    let own = body.without_comments(text, span);
    let written = source::lines(&own).any(|line| reader.is_own(line));
    if written { SectionState::Written } else { SectionState::Scaffold }
}

/// The comments that come from a template.
#[must_use]
pub fn template_comments(prepared: &Prepared, text: &str, body: &Body) -> Vec<Span> {
    let mut reader = LineReader::new(prepared);
    let mut is_known = |line: &str| reader.is_template_comment(line);
    body.plain_comments().filter(|comment| source::lines(comment.of(text)).any(&mut is_known)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{Checklist, Generation as Version, Profile, Template};

    #[test]
    fn the_newest_mark_tells_the_generation() {
        let version = |headings: &[&str], items: &[&str]| Version {
            headings: headings.iter().map(|heading| (*heading).to_owned()).collect(),
            items: items.iter().map(|item| (*item).to_owned()).collect(),
            ..Version::default()
        };
        let generation = vec![
            version(&["## Lamps"], &["- [ ] Lit"]),
            version(&["## Bulbs"], &["- [ ] Dimmed", "- [ ] Timed"]),
            version(&["## Wires"], &[]),
        ];
        let prepared = Prepared::new(Profile {
            template: Template { generation, ..Template::default() },
            checklist: vec![Checklist { section: "Done".to_owned(), ..Checklist::default() }],
            ..Profile::default()
        });
        let cases = [
            ("## Lamps\n## Done\n- [x] Lit\n", Some((0, "heading `Lamps`"))),
            ("## Lamps\n## Done\n- [x] Lit\n- [ ] Timed\n- [ ] Dimmed\n", Some((1, "checklist item `- [ ] Timed`"))),
            ("## Bulbs\n## Done\n- [ ] Dimmed\n", Some((1, "heading `Bulbs`"))),
            ("## Wires\n## Done\n- [ ] Dimmed\n", Some((2, "heading `Wires`"))),
            ("## Done\n- [ ] Lit\n", Some((0, "checklist item `- [ ] Lit`"))),
            ("## Done\n- [ ] Broken\n", None),
        ];
        for (text, expected) in cases {
            let found = generation_of(&prepared, text);
            let found = found.as_ref().map(|found| (found.index, &*found.reason));
            assert_eq!(found, expected, "{text:?}");
        }
    }

    fn generation_of(prepared: &Prepared, text: &str) -> Option<Generation> {
        generation(prepared, text, &crate::body::parse(text, 0), &[])
    }
}
