//! A tree that remembers what was read of it: nothing else can change what was made of it.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use signoff_model::tree::{Entry, Kind, ReadError, Tree};

/// A tree and the paths that were listed or read, also of what is not there.
pub struct Watched<'t> {
    tree: &'t dyn Tree,
    seen: Mutex<BTreeSet<String>>,
    /// Of what was read, where somebody asks whether it is the same the next time.
    read: Option<Mutex<blake3::Hasher>>,
}

impl<'t> Watched<'t> {
    /// Watches a tree.
    pub fn new(tree: &'t dyn Tree) -> Self {
        Self { tree, seen: Mutex::default(), read: None }
    }

    /// Watches a tree, and what its files say.
    pub fn hashing(tree: &'t dyn Tree) -> Self {
        Self { read: Some(Mutex::default()), ..Self::new(tree) }
    }

    /// One value for all that was read so far, in that order, as it was then.
    pub fn hash(&self) -> blake3::Hash {
        let read = self.read.as_ref().map(|read| read.lock().unwrap_or_else(PoisonError::into_inner).finalize());
        read.unwrap_or_else(|| blake3::Hasher::new().finalize())
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
        let bytes = self.tree.read(path);
        if let Some(read) = &self.read {
            let mut read = read.lock().unwrap_or_else(PoisonError::into_inner);
            read.update(path.as_bytes());
            // What cannot be read says as much: that it is not there, or no file.
            let bytes = bytes.as_deref().ok();
            read.update(&bytes.map_or(0, |bytes| bytes.len() as u64 + 1).to_le_bytes());
            read.update(bytes.unwrap_or_default());
        }
        bytes
    }

    /// Not remembered: whether a link leads somewhere is in no index.
    fn kind(&self, path: &str) -> Option<Kind> {
        self.tree.kind(path)
    }
}
