//! Where the links of a document lead, as far as the tree can tell.
//!
//! A tree may hold a part of its repository only: text without pictures, proposals without code.
//! So a missing file is dead only when files of its kind occur somewhere and the folder at the root
//! that would hold it is there; all else is unknown, and nothing is said about it.

use signoff_model::body::Link;
use signoff_model::{Corpus, Proposal, corpus, tree};

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
    if !corpus.targets.tops.as_ref().map_or(top == own_top, |tops| tops.contains(top)) {
        return false;
    }
    let holds = |ending: &str| match &corpus.targets.endings {
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

/// The proposal that a dead path may have meant: one of the same name elsewhere, else of the same number.
pub(super) fn meant<'c>(corpus: &'c Corpus, path: &str) -> Option<&'c Proposal> {
    let same_name = |part: &str| corpus.proposals.iter().find(|proposal| *proposal.name == *part);
    let same_number = |part: &str| {
        let digits = part.split('-').next()?;
        let mut found = corpus.proposals.iter().filter(|proposal| proposal.path_number.as_deref() == Some(digits));
        let first = found.next().filter(|_| digits.bytes().any(|digit| digit != b'0'))?;
        found.next().is_none().then_some(first)
    };
    let same_slug = |part: &str| {
        let wanted = slug(part.strip_suffix(".md").unwrap_or(part));
        let mut found = corpus.proposals.iter().filter(|proposal| slug(&proposal.name) == wanted);
        let first = found.next().filter(|_| !wanted.is_empty())?;
        found.next().is_none().then_some(first)
    };
    if is_inside_proposal(corpus, path) {
        return None;
    }
    let (folder, name) = tree::split(path);
    let (_, parent) = tree::split(folder);
    let parts = [name, parent];
    let found = parts.into_iter().find_map(same_name).or_else(|| parts.into_iter().find_map(same_slug));
    found.or_else(|| parts.into_iter().find_map(same_number))
}

/// A name without the number or date before it.
fn slug(name: &str) -> &str {
    name.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-')
}
