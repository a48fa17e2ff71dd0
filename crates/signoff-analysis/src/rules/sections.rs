//! Finding the sections that the profile knows in a document, and what a rule says about them.

use rustc_hash::FxHashSet;
use signoff_model::body::{BlockKind, Body, Section};
use signoff_model::profile::{Prepared, Required, SectionRole, SectionRule};
use signoff_model::proposal::Document;
use signoff_model::template::SectionState;
use signoff_model::{Corpus, Proposal, Release, wording};

/// A section of the document that the profile knows.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    /// The heading and what it covers.
    pub(crate) section: &'a Section,
    /// What stands in it.
    pub(crate) state: SectionState,
}

/// Every section of the document that the profile knows, as index into `profile.section` and section.
pub(super) fn known(document: &Document) -> impl Iterator<Item = (usize, Known<'_>)> {
    let known = |(slot, index): &(usize, usize)| {
        (*slot, Known { section: &document.body.sections[*index], state: document.section_states[*index] })
    };
    document.known_sections.iter().map(known)
}

/// The best written one of the sections with each index in `profile.section`.
pub(super) fn best<'a>(prepared: &Prepared, document: &'a Document) -> Vec<Option<Known<'a>>> {
    let mut best: Vec<Option<Known<'_>>> = vec![None; prepared.profile.section.len()];
    for (slot, found) in known(document) {
        if best[slot].is_none_or(|best| found.state > best.state) {
            best[slot] = Some(found);
        }
    }
    best
}

/// The sections with a role, in file order.
pub(crate) fn with_role<'a>(prepared: &Prepared, document: &'a Document, role: SectionRole) -> Vec<Known<'a>> {
    let has = |slot: usize| prepared.profile.section[slot].role == Some(role);
    known(document).filter(|(slot, _)| has(*slot)).map(|(_, known)| known).collect()
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
    since.is_some() && came_late(since, proposal.accepted(prepared))
}

/// The same for a proposal that was accepted for this release.
pub(super) fn came_late(since: Option<&str>, accepted: Option<Release>) -> bool {
    Prepared::came_after(since, accepted) || (since.is_some() && accepted.is_none())
}

/// Words of the lines inside code blocks that look like headings: of text below a fence left open.
pub(super) fn headings_in_code(text: &str, body: &Body) -> FxHashSet<String> {
    let code = body.blocks.iter().filter(|block| block.kind == BlockKind::Code);
    let lines = code.flat_map(|block| block.span.of(text).lines());
    lines.filter(|line| line.starts_with('#')).map(wording::words).collect()
}
