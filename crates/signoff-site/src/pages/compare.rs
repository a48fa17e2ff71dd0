//! What changed in a proposal since another time: in the words of the process, then passage by passage.

use askama::Template;
use jiff::Timestamp;
use signoff_analysis::comparison::{self, Change, Passage, Piece};
use signoff_model::Proposal;
use signoff_model::profile::Meaning;

use super::{Kind, rendered};
use crate::frame::{self, Frame, counted};
use crate::snapshot::Earlier;
use crate::{Page, Site, strip};

pub(super) const KIND: Kind = Kind { paths, make };

/// Most letters of passages that are shown: of a page that is made for nobody in particular, and of one that was asked
/// for.
const LETTERS_MAX: usize = 4_000;
const LETTERS_ASKED_MAX: usize = 400_000;

#[derive(Template)]
#[template(path = "compare.html")]
struct Compare {
    frame: Frame,
    label: String,
    title: String,
    page: String,
    /// Since when, and the same as people name it.
    since: String,
    /// What was asked for, where a server answers.
    asked: Option<String>,
    fault: Option<String>,
    strips: Vec<(String, String)>,
    summary: String,
    changes: Vec<ChangeOf>,
    passages: Vec<Passage>,
    more: usize,
}

struct ChangeOf {
    kind: &'static str,
    subject: String,
    step: Vec<Piece>,
}

fn paths(site: &Site) -> Vec<String> {
    let known = site.snapshot.earlier.keys().filter_map(|path| site.places.page(path));
    known.filter_map(path_of).collect()
}

/// The page that compares a proposal with its past, by the proposal's page.
pub(crate) fn path_of(page: &str) -> Option<String> {
    Some(format!("compare/{}", page.strip_prefix("proposals/")?))
}

fn make(site: &Site, path: &str) -> Option<String> {
    let proposal = compared(site, path)?;
    match site.snapshot.earlier.get(&proposal.path) {
        Some(earlier) => Some(rendered(&page(site, path, proposal, earlier, None))),
        None => site.is_live.then(|| rendered(&empty(site, path, proposal, None))),
    }
}

/// The proposal that a page is about.
fn compared<'s>(site: &'s Site, path: &str) -> Option<&'s Proposal> {
    site.proposal_at(&format!("proposals/{}", path.strip_prefix("compare/")?))
}

impl Site {
    /// The proposal that a page of this path compares with its past.
    #[must_use]
    pub fn compared(&self, path: &str) -> Option<&Proposal> {
        compared(self, path)
    }

    /// The page of a path with a comparison that was asked for, or why there is none, in words.
    #[must_use]
    pub fn comparison(&self, path: &str, asked: &str, earlier: Result<&Earlier, String>) -> Option<Page> {
        let proposal = compared(self, path)?;
        let shown = match earlier {
            Ok(earlier) => page(self, path, proposal, earlier, Some(asked.to_owned())),
            Err(fault) => Compare { fault: Some(fault), ..empty(self, path, proposal, Some(asked.to_owned())) },
        };
        Some(Page { path: path.to_owned(), bytes: rendered(&shown).into_bytes() })
    }
}

fn empty(site: &Site, path: &str, proposal: &Proposal, asked: Option<String>) -> Compare {
    let prepared = &site.snapshot.corpus.prepared;
    let title = proposal.text(prepared, Meaning::Title).unwrap_or(&proposal.name).to_owned();
    let heading = format!("What changed in {}", proposal.label());
    Compare {
        frame: Frame::of(site, path, "proposals", &heading, "What a proposal says otherwise than before."),
        label: proposal.label().to_string(),
        title,
        page: site.places.page(&proposal.path).unwrap_or_default().to_owned(),
        since: String::new(),
        asked: asked.or_else(|| site.is_live.then(String::new)),
        fault: None,
        strips: Vec::new(),
        summary: String::new(),
        changes: Vec::new(),
        passages: Vec::new(),
        more: 0,
    }
}

fn page(site: &Site, path: &str, proposal: &Proposal, earlier: &Earlier, asked: Option<String>) -> Compare {
    let prepared = &site.snapshot.corpus.prepared;
    let before = &*earlier.proposal;
    let changes = comparison::compare_proposals(prepared, Some(before), Some(proposal));
    let text = |own: &Proposal| own.prose.as_ref().map(|prose| prose.source.text.clone()).unwrap_or_default();
    let mut passages = comparison::passages(&text(before), &text(proposal));
    let summary = match (changes.len(), passages.len()) {
        (0, 0) => "Nothing changed.".to_owned(),
        (count, texts) => format!(
            "{}; {} of the text {} otherwise.",
            counted(count, "change"),
            counted(texts, "passage"),
            if texts == 1 { "reads" } else { "read" }
        ),
    };
    let shown = fitting(&passages, if site.is_live { LETTERS_ASKED_MAX } else { LETTERS_MAX });
    let more = passages.len() - shown;
    passages.truncate(shown);
    let drawn = |own: &Proposal| strip::small(&strip::cells(prepared, own));
    let strips = [(day(earlier.at), drawn(before)), (day(site.snapshot.instant), drawn(proposal))];
    Compare {
        since: format!("{} ({})", earlier.name, frame::moment(earlier.at)),
        strips: strips.into_iter().filter(|(_, strip)| !strip.is_empty()).collect(),
        summary,
        changes: changes.iter().map(change_of).collect(),
        passages,
        more,
        ..empty(site, path, proposal, asked)
    }
}

/// How many passages there are before so many letters; one at least.
fn fitting(passages: &[Passage], letters: usize) -> usize {
    let length = |piece: &Piece| match piece {
        Piece::Same(text) | Piece::Removed(text) | Piece::Added(text) => text.len(),
    };
    let mut left = letters;
    let fits = |passage: &&Passage| {
        let own = passage.pieces.iter().map(length).sum();
        let fits = left >= own;
        left = left.saturating_sub(own);
        fits
    };
    passages.iter().take_while(fits).count().max(passages.len().min(1))
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

fn change_of(change: &Change) -> ChangeOf {
    let mut step = Vec::new();
    match &change.words {
        Some(words) => {
            for hunk in &words.hunks {
                step.push(Piece::Same(format!("… {}", hunk.behind)));
                step.extend((!hunk.removed.is_empty()).then(|| Piece::Removed(hunk.removed.clone())));
                step.extend((!hunk.added.is_empty()).then(|| Piece::Added(hunk.added.clone())));
            }
        }
        None => {
            step.extend(change.from.clone().map(Piece::Removed));
            step.extend(change.to.clone().map(Piece::Added));
        }
    }
    ChangeOf { kind: change.kind.word(), subject: change.subject.clone().unwrap_or_default(), step }
}
