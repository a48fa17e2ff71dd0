//! What changed between two states of a repository, in the words of its process: not lines, but status, stage, gates,
//! people, approvals, sections, answers.
//!
//! Start at [`compare`]; [`compare_proposals`] does the same for one proposal. Metadata and prose that cannot be read
//! on one side are compared with nothing: what is not known is no change.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use signoff_model::profile::{Meaning, Prepared};
use signoff_model::proposal::bare_number;
use signoff_model::{Corpus, Proposal};

mod metadata;
mod passages;
mod prose;
mod words;

pub use passages::{Passage, Piece, passages};
pub use words::{Hunk, Words};

/// What changed of one proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The number that people know it by.
    pub label: Arc<str>,
    /// Its path afterwards; of one that is gone, before.
    pub path: Arc<str>,
    /// The title in the metadata.
    pub title: Option<String>,
    /// What changed, in the order of [`ChangeKind`].
    pub changes: Vec<Change>,
}

/// What changed, from what people ask for first to what they ask for last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// The proposal is new; `to` is its path. All that it says is a change too.
    Created,
    /// It is gone; `from` was its path.
    Removed,
    /// Its folder or file is another one: `from` and `to` are paths.
    Moved,
    /// A file cannot be read, in whole or in part, or can be read again: the subject. What it may have said before or
    /// says now is not compared.
    Unread,
    /// The status.
    Status,
    /// The stage.
    Stage,
    /// The release of a stage, which is the subject; of the current work, `latest`.
    Milestone,
    /// The title.
    Retitled,
    /// A feature gate came, went, or is called otherwise; the subject is its name.
    Gate,
    /// The components of a gate, which is the subject.
    Components,
    /// An approval of a stage, which is the subject.
    Approved,
    /// A person came or went; the subject is `authors`, `reviewers` or `approvers`.
    Person,
    /// Any other field of the metadata; the subject is its name.
    Field,
    /// Boxes of a checklist, which is the subject: ticked ones of all.
    Checklist,
    /// An answer; the subject is the question, `from` and `to` its states.
    Answer,
    /// A section; the subject is its heading, `from` and `to` its states.
    Section,
}

impl ChangeKind {
    /// The word of the output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Removed => "removed",
            Self::Moved => "moved",
            Self::Unread => "unread",
            Self::Status => "status",
            Self::Stage => "stage",
            Self::Milestone => "milestone",
            Self::Retitled => "retitled",
            Self::Gate => "gate",
            Self::Components => "components",
            Self::Approved => "approved",
            Self::Person => "person",
            Self::Field => "field",
            Self::Checklist => "checklist",
            Self::Answer => "answer",
            Self::Section => "section",
        }
    }
}

/// A change. Values are the file's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Of what.
    pub kind: ChangeKind,
    /// Of which one, where there are several.
    pub subject: Option<String>,
    /// What was there before; `None` for nothing.
    pub from: Option<String>,
    /// What is there afterwards; `None` for nothing.
    pub to: Option<String>,
    /// What changed in a text that stands on both sides.
    pub words: Option<Words>,
}

impl Change {
    fn new(kind: ChangeKind, subject: Option<&str>, from: Option<&str>, to: Option<&str>) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Self { kind, subject: owned(subject), from: owned(from), to: owned(to), words: None }
    }
}

/// What changed between two states, in order of path. Proposals that were not read on one side are left out.
#[must_use]
pub fn compare(before: &Corpus, after: &Corpus) -> Vec<Difference> {
    let prepared = &*after.prepared;
    let pairs = pairs(&before.all().collect::<Vec<_>>(), &after.all().collect::<Vec<_>>());
    let mut found: Vec<Difference> = pairs
        .into_iter()
        .filter(|(before, after)| before.is_none_or(|one| one.loaded) && after.is_none_or(|one| one.loaded))
        .filter_map(|(before, after)| difference(prepared, before, after))
        .collect();
    found.sort_by(|left, right| left.path.cmp(&right.path));
    found
}

/// One proposal in two states; `None` when nothing changed.
#[must_use]
pub fn difference(prepared: &Prepared, before: Option<&Proposal>, after: Option<&Proposal>) -> Option<Difference> {
    let shown = after.or(before)?;
    let changes = compare_proposals(prepared, before, after);
    let title = shown.text(prepared, Meaning::Title).map(str::to_owned);
    let (label, path) = (Arc::clone(shown.label()), Arc::clone(&shown.path));
    (!changes.is_empty()).then_some(Difference { label, path, title, changes })
}

/// What changed of a proposal, in the order of [`ChangeKind`].
#[must_use]
pub fn compare_proposals(prepared: &Prepared, before: Option<&Proposal>, after: Option<&Proposal>) -> Vec<Change> {
    let mut changes = Vec::new();
    match (before, after) {
        (None, None) => return changes,
        (Some(before), None) => return vec![Change::new(ChangeKind::Removed, None, Some(&before.path), None)],
        (None, Some(after)) => changes.push(Change::new(ChangeKind::Created, None, None, Some(&after.path))),
        (Some(before), Some(after)) if before.path != after.path => {
            changes.push(Change::new(ChangeKind::Moved, None, Some(&before.path), Some(&after.path)));
        }
        (Some(_), Some(_)) => {}
    }
    // What is shared between two readings is the same.
    if let Some(after) = after.filter(|after| before.is_none_or(|before| !std::ptr::eq(before, *after))) {
        metadata::compare(prepared, before, after, &mut changes);
        prose::compare(prepared, before, after, &mut changes);
    }
    changes.sort_by_key(|change| change.kind);
    changes
}

/// A proposal before and after.
type Pair<'a> = (Option<&'a Proposal>, Option<&'a Proposal>);

/// The same proposals of two states: by path; of those that are left by number, else by equal metadata, where that
/// names one on each side.
fn pairs<'a>(before: &[&'a Proposal], after: &[&'a Proposal]) -> Vec<Pair<'a>> {
    let paths: FxHashMap<&str, &Proposal> = before.iter().map(|one| (&*one.path, *one)).collect();
    let mut pairs: Vec<Pair<'a>> = after.iter().map(|one| (paths.get(&*one.path).copied(), Some(*one))).collect();
    let kept: FxHashSet<&str> = pairs.iter().filter_map(|(before, _)| before.map(|one| &*one.path)).collect();
    let mut gone: Vec<&Proposal> = before.iter().copied().filter(|one| !kept.contains(&*one.path)).collect();
    for key in [number, text] {
        let unpaired = pairs.iter().filter(|(before, _)| before.is_none()).filter_map(|(_, after)| *after);
        let (lost, found) = (once(gone.iter().copied(), key), once(unpaired, key));
        for (before, after) in pairs.iter_mut().filter(|(before, _)| before.is_none()) {
            let known = after.and_then(key).filter(|key| found.contains_key(key));
            *before = known.and_then(|key| lost.get(key).copied());
        }
        let taken: FxHashSet<&str> = pairs.iter().filter_map(|(before, _)| before.map(|one| &*one.path)).collect();
        gone.retain(|one| !taken.contains(&*one.path));
    }
    pairs.extend(gone.into_iter().map(|one| (Some(one), None)));
    pairs
}

fn number(proposal: &Proposal) -> Option<&str> {
    proposal.number.as_deref().or(proposal.path_number.as_deref()).map(bare_number).filter(|number| *number != "0")
}

fn text(proposal: &Proposal) -> Option<&str> {
    Some(&*proposal.source.text).filter(|text| !text.trim().is_empty())
}

/// Those whose key no other one has.
fn once<'a>(
    proposals: impl Iterator<Item = &'a Proposal>,
    key: impl Fn(&'a Proposal) -> Option<&'a str>,
) -> FxHashMap<&'a str, &'a Proposal> {
    let mut found: FxHashMap<&str, Option<&Proposal>> = FxHashMap::default();
    for proposal in proposals {
        if let Some(key) = key(proposal) {
            found.entry(key).and_modify(|other| *other = None).or_insert(Some(proposal));
        }
    }
    found.into_iter().filter_map(|(key, proposal)| Some((key, proposal?))).collect()
}
