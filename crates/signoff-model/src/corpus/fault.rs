//! What is wrong with the tree itself, beside the files of single proposals.

use std::sync::Arc;

use crate::profile::{self, Layout};
use crate::tree::{self, Kind, ReadError};

/// Something in the tree that no proposal answers for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeFault {
    /// The folder or file.
    pub path: Arc<str>,
    /// What is wrong with it.
    pub kind: TreeFaultKind,
}

/// What can be wrong with a folder or file of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TreeFaultKind {
    /// The folder cannot be listed, so what is in it is unknown.
    Unlisted(ReadError),
    /// The folder is deeper than what is searched.
    TooDeep,
    /// There are more files and folders in it than what is listed, so nothing in it was read.
    TooMany,
    /// A metadata file where none is read: below a proposal's folder, beside the one that is read, or in the root.
    MisplacedMetadata,
    /// The root holds no proposal; what stands at its path.
    NoProposals(Option<Kind>),
}

impl TreeFault {
    /// Whether what stands at `path` is unknown for it.
    #[must_use]
    pub fn hides(&self, path: &str) -> bool {
        matches!(self.kind, TreeFaultKind::Unlisted(_) | TreeFaultKind::TooDeep | TreeFaultKind::TooMany)
            && tree::is_below(path, &self.path)
    }
}

/// The names among those of a folder that are metadata files although another one is read, or none.
pub(super) fn misplaced<'l>(layout: &'l Layout, names: &[&str], is_proposal: bool) -> Vec<&'l str> {
    if layout.unit == profile::Unit::File {
        return Vec::new();
    }
    let known = || std::iter::once(&layout.metadata).chain(&layout.metadata_mistakes).map(String::as_str);
    let has = |wanted: &str| names.contains(&wanted);
    let read = if is_proposal { known().find(|name| has(name)) } else { None };
    known().filter(|name| Some(*name) != read && has(name)).collect()
}
