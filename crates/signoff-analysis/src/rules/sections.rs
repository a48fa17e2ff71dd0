//! Finding the sections that the profile knows in a document, and what a rule says about them.

use rustc_hash::FxHashSet;
use signoff_model::body::{BlockKind, Body, Section};
use signoff_model::profile::{Prepared, Required, SectionRole, SectionRule};
use signoff_model::proposal::Document;
use signoff_model::template::SectionState;
use signoff_model::{Corpus, Proposal, wording};

/// A section of the document that the profile knows.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    /// The heading and what it covers.
    pub(super) section: &'a Section,
    /// What stands in it.
    pub(super) state: SectionState,
}

/// Every section of the document that the profile knows, as index into `profile.section` and section.
pub(super) fn known<'a>(prepared: &Prepared, document: &'a Document) -> Vec<(usize, Known<'a>)> {
    let slot_of = |section: &Section| {
        let questionnaire =
            || prepared.questionnaires.iter().find(|slot| slot.opens(&section.words)).and_then(|slot| slot.section);
        prepared.sections.get(&section.words).copied().or_else(questionnaire)
    };
    let mut found = Vec::new();
    for (section, state) in document.body.sections.iter().zip(&document.section_states) {
        let slots = slot_of(section).map_or_else(|| joined(prepared, section), |slot| vec![slot]);
        found.extend(slots.into_iter().map(|slot| (slot, Known { section, state: *state })));
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

/// The best written one of the sections with this index in `profile.section`.
pub(super) fn best<'a>(known: &[(usize, Known<'a>)], slot: usize) -> Option<Known<'a>> {
    let mut best: Option<Known<'a>> = None;
    for (_, found) in known.iter().filter(|(own, _)| *own == slot) {
        if best.is_none_or(|best| found.state > best.state) {
            best = Some(*found);
        }
    }
    best
}

/// The sections with a role, in file order.
pub(super) fn with_role<'a>(prepared: &Prepared, document: &'a Document, role: SectionRole) -> Vec<Known<'a>> {
    let has = |slot: usize| prepared.profile.section[slot].role == Some(role);
    known(prepared, document).into_iter().filter(|(slot, _)| has(*slot)).map(|(_, known)| known).collect()
}

/// Who needs a section, as the second half of a message.
pub(super) fn needed_by(corpus: &Corpus, proposal: &Proposal, rule: &SectionRule) -> String {
    match (&rule.required, proposal.status(&corpus.prepared)) {
        (Required::When(_), Some(status)) => format!("a proposal of status `{status}` needs it"),
        (Required::When(_), None) => "this proposal needs it".to_owned(),
        (Required::Always(_), _) => "every proposal needs it".to_owned(),
    }
}

/// Whether something with `since` came after the proposal was accepted. Of one that names no release
/// nobody knows, so it counts as late: no fault is claimed.
pub(super) fn is_late(prepared: &Prepared, proposal: &Proposal, since: Option<&str>) -> bool {
    let accepted = proposal.accepted(prepared);
    Prepared::came_after(since, accepted) || (since.is_some() && accepted.is_none())
}

/// Words of the lines inside code blocks that look like headings: of text below a fence left open.
pub(super) fn headings_in_code(text: &str, body: &Body) -> FxHashSet<String> {
    let code = body.blocks.iter().filter(|block| block.kind == BlockKind::Code);
    let lines = code.flat_map(|block| block.span.of(text).lines());
    lines.filter(|line| line.starts_with('#')).map(wording::words).collect()
}
