//! Where the links of a document lead, as far as the tree can tell.
//!
//! A tree may hold a part of its repository only: text without pictures, proposals without code.
//! So a missing file is dead only when files of its kind occur somewhere and the folder at the root
//! that would hold it is there; all else is unknown, and nothing is said about it.

use signoff_model::body::Link;
use signoff_model::{Corpus, Proposal, corpus};

/// Endings of pictures: a tree that holds none of them is a tree of texts.
const PICTURES: [&str; 6] = ["png", "jpg", "jpeg", "gif", "svg", "webp"];

/// Where a link leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lead {
    /// To another place, to something that exists, or nobody knows.
    Fine,
    /// To a path of the tree where nothing is.
    Missing(String),
    /// Out of the tree.
    Outside,
}

/// Looks up a link of the file at `from`.
pub(super) fn lead(corpus: &Corpus, from: &str, link: &Link) -> Lead {
    if link.target.starts_with('#') {
        return Lead::Fine;
    }
    let Some(target) = corpus.link_target(from, &link.target) else { return Lead::Fine };
    let Some(path) = target.path else { return Lead::Outside };
    match corpus.targets.exists(&path) {
        Some(false) if is_known(corpus, &path) => Lead::Missing(path),
        _ => Lead::Fine,
    }
}

/// Whether a tree like this one would show a file at this path if the repository had it.
fn is_known(corpus: &Corpus, path: &str) -> bool {
    let layout = &corpus.prepared.profile.layout;
    let top = path.split('/').next().unwrap_or_default();
    let own_top = layout.root.split('/').next().unwrap_or_default();
    if !corpus.targets.tops().map_or(top == own_top, |tops| tops.contains(top)) {
        return false;
    }
    let holds = |ending: &str| match corpus.targets.endings() {
        Some(endings) => endings.contains(ending),
        None => [&layout.body, &layout.metadata].iter().any(|own| corpus::ending(own).as_deref() == Some(ending)),
    };
    match file_ending(path) {
        Some(ending) => holds(&ending),
        // A folder inside a proposal may hold nothing but pictures.
        None => !is_inside_proposal(corpus, path) || PICTURES.iter().any(|ending| holds(ending)),
    }
}

/// The ending of a path that names a file: `png`, not the `2-name` of `v1.2-name`.
fn file_ending(path: &str) -> Option<Box<str>> {
    corpus::ending(path).filter(|ending| {
        ending.starts_with(|c: char| c.is_ascii_alphabetic()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn is_inside_proposal(corpus: &Corpus, path: &str) -> bool {
    corpus.proposal_at(path).is_some_and(|index| *corpus.proposals[index].path != *path)
}

/// The proposal that a dead path may have meant: one of the same name elsewhere, else of the same slug or number.
pub(super) fn meant<'c>(corpus: &'c Corpus, path: &str) -> Option<&'c Proposal> {
    if is_inside_proposal(corpus, path) { None } else { corpus.near_path(path) }
}
