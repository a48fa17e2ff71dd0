//! Parsed documents kept by their content, so that a second reading costs only what changed.

use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::metadata::Metadata;
use crate::proposal::Document;

/// Hash of a file's content.
pub type ContentKey = blake3::Hash;

/// Documents by content. One is shared by all readings of a process: the next date of a replay, the
/// next keystroke in an editor.
#[derive(Debug, Default)]
pub struct Memo {
    documents: Shelf<ContentKey, Document>,
    metadata: Shelf<ContentKey, Metadata>,
    active: bool,
}

#[derive(Debug)]
struct Shelf<K, V>(Mutex<FxHashMap<K, Arc<V>>>);

impl<K, V> Default for Shelf<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl Memo {
    /// A memo that keeps what it sees. [`Memo::default`] keeps nothing, for a single reading.
    #[must_use]
    pub fn keeping() -> Self {
        Self { active: true, ..Self::default() }
    }

    /// The key of a file's bytes; `None` when nothing is kept, so that nothing needs hashing.
    #[must_use]
    pub fn key(&self, bytes: &[u8]) -> Option<ContentKey> {
        self.active.then(|| blake3::hash(bytes))
    }

    /// The parsed document of this key, from the shelf or made now.
    pub fn document(&self, key: Option<ContentKey>, make: impl FnOnce() -> Document) -> Arc<Document> {
        self.documents.get(key, make)
    }

    /// The parsed metadata of this key, from the shelf or made now.
    pub fn metadata(&self, key: Option<ContentKey>, make: impl FnOnce() -> Metadata) -> Arc<Metadata> {
        self.metadata.get(key, make)
    }
}

impl<K: Eq + Hash + Copy, V> Shelf<K, V> {
    fn get(&self, key: Option<K>, make: impl FnOnce() -> V) -> Arc<V> {
        let Some(key) = key else { return Arc::new(make()) };
        if let Some(found) = self.lock().get(&key) {
            return Arc::clone(found);
        }
        let made = Arc::new(make());
        Arc::clone(self.lock().entry(key).or_insert(made))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, FxHashMap<K, Arc<V>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
