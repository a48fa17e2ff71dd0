//! What was read, kept by its content, so that a second reading costs only what changed.

use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use crate::companion::RecordContent;
use crate::corpus::Walk;
use crate::metadata::Metadata;
use crate::people::Aliases;
use crate::profile::Prepared;
use crate::proposal::{Document, Proposal};
use crate::source::{self, Encoding, Source};
use crate::tree::{ContentId, ReadError, Shape, Tree};

/// What tells a file's content from any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentKey {
    /// The id that the tree knows it by, for which none of its bytes is read.
    Id(ContentId),
    /// The hash of its bytes.
    Hash(blake3::Hash),
}

/// What was read, by content. One is shared by all readings of a process: the next date of a replay, the next
/// keystroke in an editor.
#[derive(Debug, Default)]
pub struct Memo {
    active: bool,
    /// The process by which everything here was read. What another one would read is not looked for here.
    prepared: OnceLock<Arc<Prepared>>,
    sources: Shelf<(Arc<str>, ContentId), Text>,
    documents: Shelf<ContentKey, Document>,
    metadata: Shelf<ContentKey, Metadata>,
    records: Shelf<(Arc<str>, ContentId), RecordContent>,
    aliases: Shelf<ContentId, Aliases>,
    proposals: Mutex<FxHashMap<ContentId, Vec<Kept>>>,
    /// Proposals that are known by their names alone, by path.
    named: Shelf<Box<str>, Proposal>,
    /// The last walk through a tree, by its shape.
    walk: Mutex<Option<(Shape, Arc<Walk>)>>,
}

/// A file's text.
#[derive(Clone, Debug)]
pub struct Text {
    /// The text with its path.
    pub source: Arc<Source>,
    /// What was unusual about its bytes.
    pub encoding: Encoding,
    /// What its content is known by; `None` when nothing is kept.
    pub key: Option<ContentKey>,
}

/// A proposal, and the files outside its folder that it was read from.
#[derive(Clone, Debug)]
struct Kept {
    proposal: Arc<Proposal>,
    prose: bool,
    companions: Vec<Companion>,
}

/// A file that was looked for, and the id of what was found.
pub type Companion = (Arc<str>, Option<ContentId>);

#[derive(Debug)]
struct Shelf<K, V>(Mutex<FxHashMap<K, Arc<V>>>);

impl<K, V> Default for Shelf<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl Memo {
    /// A memo that keeps what it sees, of one process: the first that something is read by. [`Memo::default`] keeps
    /// nothing, for a single reading.
    #[must_use]
    pub fn keeping() -> Self {
        Self { active: true, ..Self::default() }
    }

    /// Whether what is read by this process is kept.
    #[must_use]
    pub fn serves(&self, prepared: &Arc<Prepared>) -> bool {
        self.active && Arc::ptr_eq(self.prepared.get_or_init(|| Arc::clone(prepared)), prepared)
    }

    /// A proposal of which the name alone is known, from the shelf or made now.
    pub(crate) fn named(&self, path: &str, make: impl FnOnce() -> Proposal) -> Arc<Proposal> {
        self.named.get(self.active.then(|| path.into()), make)
    }

    /// A walk through all of a tree: the last one, if the tree still has its shape, or one made now.
    pub(crate) fn walk(&self, tree: &dyn Tree, make: impl FnOnce() -> Walk) -> Arc<Walk> {
        let Some(shape) = tree.shape().filter(|_| self.active) else { return make().into() };
        let mut last = self.walk.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, walk)) = last.as_ref().filter(|(of, _)| *of == shape) {
            return Arc::clone(walk);
        }
        let walk = Arc::new(make());
        // What could not be listed may be listed the next time.
        *last = walk.is_complete().then(|| (shape, Arc::clone(&walk)));
        walk
    }

    /// The text of a file, from the shelf or read now.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn text(&self, tree: &dyn Tree, path: &Arc<str>) -> Result<Text, ReadError> {
        let id = if self.active { tree.content_id(path) } else { None };
        let read = || {
            let bytes = tree.read(path)?;
            let key = id.map(ContentKey::Id).or_else(|| self.active.then(|| ContentKey::Hash(blake3::hash(&bytes))));
            let (text, encoding) = source::decode(bytes);
            Ok(Text { source: Arc::new(Source::new(Arc::clone(path), text)), encoding, key })
        };
        self.sources.try_get(id.map(|id| (Arc::clone(path), id)), read).map(Arc::unwrap_or_clone)
    }

    /// The parsed document of this key, from the shelf or made now.
    pub fn document(&self, key: Option<ContentKey>, make: impl FnOnce() -> Document) -> Arc<Document> {
        self.documents.get(key, make)
    }

    /// The parsed metadata of this key, from the shelf or made now.
    pub fn metadata(&self, key: Option<ContentKey>, make: impl FnOnce() -> Metadata) -> Arc<Metadata> {
        self.metadata.get(key, make)
    }

    /// What a companion of this path says, from the shelf or read now.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn record(
        &self,
        path: &Arc<str>,
        id: Option<ContentId>,
        read: impl FnOnce() -> Result<RecordContent, ReadError>,
    ) -> Result<RecordContent, ReadError> {
        self.records.try_get(id.map(|id| (Arc::clone(path), id)), read).map(Arc::unwrap_or_clone)
    }

    /// The aliases of people in a file of this content, from the shelf or read now.
    pub fn aliases(&self, id: Option<ContentId>, read: impl FnOnce() -> Aliases) -> Arc<Aliases> {
        self.aliases.get(id, read)
    }

    /// The id of the content at a path; `None` too when nothing is kept.
    pub fn content_id(&self, tree: &dyn Tree, path: &str) -> Option<ContentId> {
        if self.active { tree.content_id(path) } else { None }
    }

    /// The proposal that was read before from a folder, or a file, of this content, and from companions that are the
    /// same now.
    pub fn proposal(
        &self,
        path: &str,
        id: ContentId,
        prose: bool,
        is_same: impl Fn(&Companion) -> bool,
    ) -> Option<Arc<Proposal>> {
        let shelf = lock(&self.proposals);
        let mut kept = shelf.get(&id)?.iter().filter(|kept| kept.prose == prose && *kept.proposal.path == *path);
        kept.find(|kept| kept.companions.iter().all(&is_same)).map(|kept| Arc::clone(&kept.proposal))
    }

    /// Keeps a proposal that was read from a folder, or a file, of this content and from these companions.
    pub fn keep_proposal(&self, id: ContentId, prose: bool, proposal: &Arc<Proposal>, companions: Vec<Companion>) {
        let kept = Kept { proposal: Arc::clone(proposal), prose, companions };
        lock(&self.proposals).entry(id).or_default().push(kept);
    }
}

impl<K: Eq + Hash + Clone, V> Shelf<K, V> {
    fn get(&self, key: Option<K>, make: impl FnOnce() -> V) -> Arc<V> {
        let Some(key) = key else { return Arc::new(make()) };
        if let Some(found) = lock(&self.0).get(&key) {
            return Arc::clone(found);
        }
        let made = Arc::new(make());
        Arc::clone(lock(&self.0).entry(key).or_insert(made))
    }

    fn try_get<E>(&self, key: Option<K>, make: impl FnOnce() -> Result<V, E>) -> Result<Arc<V>, E> {
        if let Some(found) = key.as_ref().and_then(|key| lock(&self.0).get(key).cloned()) {
            return Ok(found);
        }
        let made = make()?;
        Ok(self.get(key, || made))
    }
}

/// Every shelf is whole at any moment, also when a thread died while it held the lock.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
