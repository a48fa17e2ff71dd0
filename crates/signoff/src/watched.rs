//! A tree that remembers what was read of it: nothing else can change what was made of it.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use signoff_model::tree::{Entry, Kind, ReadError, Tree};

/// A tree and the paths that were listed or read, also of what is not there.
pub struct Watched<'t> {
    tree: &'t dyn Tree,
    seen: Mutex<BTreeSet<String>>,
}

impl<'t> Watched<'t> {
    /// Watches a tree.
    pub fn new(tree: &'t dyn Tree) -> Self {
        Self { tree, seen: Mutex::default() }
    }

    /// The paths of the folders that were listed and of the files that were read, in order.
    pub fn seen(self) -> BTreeSet<String> {
        self.seen.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, path: &str) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
    }
}

impl Tree for Watched<'_> {
    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        self.remember(folder);
        self.tree.list(folder)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.remember(path);
        self.tree.read(path)
    }

    /// Not remembered: whether a link leads somewhere is in no index.
    fn kind(&self, path: &str) -> Option<Kind> {
        self.tree.kind(path)
    }
}
