//! Proposals by what people call them, so that a reference costs one look-up however many there are.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::proposal::{Proposal, bare_number};

/// What the names and numbers of all proposals stand for.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// By the number that people know a proposal by, leading zeros dropped.
    numbers: FxHashMap<Box<str>, Meant>,
    /// By the number in the name, as written.
    path_numbers: FxHashMap<Box<str>, Meant>,
    /// Every number that is stated or in a name, leading zeros dropped.
    taken: FxHashSet<Box<str>>,
    names: FxHashMap<Box<str>, Meant>,
    /// By the name without the number or date before it.
    slugs: FxHashMap<Box<str>, Meant>,
}

#[derive(Clone, Copy, Debug)]
struct Meant {
    first: usize,
    only: bool,
}

impl Names {
    pub(super) fn of(proposals: &[Arc<Proposal>]) -> Self {
        let mut names = Self::default();
        for (index, proposal) in proposals.iter().enumerate() {
            if let Some(number) = proposal.number.as_deref().or(proposal.path_number.as_deref()) {
                add(&mut names.numbers, bare_number(number), index);
            }
            let stated = [proposal.number.as_deref(), proposal.path_number.as_deref()];
            names.taken.extend(stated.into_iter().flatten().map(|number| bare_number(number).into()));
            if let Some(number) = proposal.path_number.as_deref() {
                add(&mut names.path_numbers, number, index);
            }
            add(&mut names.names, &proposal.name, index);
            add(&mut names.slugs, slug(&proposal.name), index);
        }
        names
    }

    /// The one proposal of this number.
    pub(super) fn numbered(&self, number: &str) -> Option<usize> {
        only(&self.numbers, bare_number(number))
    }

    /// Whether any proposal has this number, in its metadata or in its name.
    pub(super) fn has(&self, number: &str) -> bool {
        self.taken.contains(bare_number(number))
    }

    /// The proposal that part of a dead path may have meant: of the same name, else the one of the same slug,
    /// else the one of the same number.
    pub(super) fn near(&self, parts: &[&str]) -> Option<usize> {
        let same_name = |part: &&str| self.names.get(*part).map(|meant| meant.first);
        let same_slug = |part: &&str| {
            let slug = slug(part.strip_suffix(".md").unwrap_or(part));
            if slug.is_empty() { None } else { only(&self.slugs, slug) }
        };
        let same_number = |part: &&str| {
            let digits = part.split('-').next()?;
            if digits.bytes().all(|digit| digit == b'0') { None } else { only(&self.path_numbers, digits) }
        };
        let found = parts.iter().find_map(same_name).or_else(|| parts.iter().find_map(same_slug));
        found.or_else(|| parts.iter().find_map(same_number))
    }
}

fn add(names: &mut FxHashMap<Box<str>, Meant>, name: &str, index: usize) {
    match names.get_mut(name) {
        Some(known) => known.only = false,
        None => {
            names.insert(name.into(), Meant { first: index, only: true });
        }
    }
}

fn only(names: &FxHashMap<Box<str>, Meant>, name: &str) -> Option<usize> {
    names.get(name).filter(|meant| meant.only).map(|meant| meant.first)
}

/// A name without the number or date before it.
fn slug(name: &str) -> &str {
    name.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-')
}
