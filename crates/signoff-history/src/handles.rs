//! One opened repository for many threads.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use gix::ObjectId;
use rustc_hash::FxHashMap;

use crate::Error;
use crate::git_tree::{Item, items};

/// Bytes of unpacked objects that each thread keeps: trees share most of their bases.
const OBJECT_CACHE: usize = 16 * 1024 * 1024;

/// Handles on one repository. A handle serves one thread at a time; idle ones are kept with what
/// they have cached, so there are never more than threads that read at once.
pub(crate) struct Handles {
    shared: gix::ThreadSafeRepository,
    idle: Mutex<Vec<gix::Repository>>,
    /// Lists of folders by id, for all trees of the repository: from one commit to the next few change.
    folders: RwLock<FxHashMap<ObjectId, Arc<[Item]>>>,
    /// Texts that are in no repository, by the ids that git would give them.
    texts: RwLock<FxHashMap<ObjectId, Arc<[u8]>>>,
}

impl Handles {
    pub(crate) fn new(shared: gix::ThreadSafeRepository) -> Self {
        Self { shared, idle: Mutex::default(), folders: RwLock::default(), texts: RwLock::default() }
    }

    /// Does something with a handle of this thread's own.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&gix::Repository) -> T) -> T {
        let handle = self.idle().pop().unwrap_or_else(|| {
            let mut fresh = self.shared.to_thread_local();
            fresh.object_cache_size_if_unset(OBJECT_CACHE);
            fresh
        });
        let result = work(&handle);
        self.idle().push(handle);
        result
    }

    /// The list of the folder with this id.
    pub(crate) fn folder(&self, id: ObjectId) -> Result<Arc<[Item]>, Error> {
        if let Some(known) = self.folders.read().unwrap_or_else(PoisonError::into_inner).get(&id) {
            return Ok(Arc::clone(known));
        }
        let read = self.with(|repository| items(repository, id))?;
        self.keep_folder(id, Arc::clone(&read));
        Ok(read)
    }

    /// Takes a list for that of the folder with this id, which need not be in the repository.
    pub(crate) fn keep_folder(&self, id: ObjectId, items: Arc<[Item]>) {
        self.folders.write().unwrap_or_else(PoisonError::into_inner).insert(id, items);
    }

    /// A text that is in no repository.
    pub(crate) fn text(&self, id: ObjectId) -> Option<Arc<[u8]>> {
        self.texts.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// Takes a text for the content with the id that git would give it.
    pub(crate) fn keep_text(&self, text: Vec<u8>) -> Result<ObjectId, Error> {
        let kind = self.with(gix::Repository::object_hash);
        let id = gix::objs::compute_hash(kind, gix::objs::Kind::Blob, &text)
            .map_err(|cause| Error::other("merge a file", &cause))?;
        self.texts.write().unwrap_or_else(PoisonError::into_inner).insert(id, text.into());
        Ok(id)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<gix::Repository>> {
        // The list is whole at any moment, also when a thread died while it held the lock.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An object of the repository; its absence is an error of its own.
pub(crate) fn object(repository: &gix::Repository, id: ObjectId) -> Result<gix::Object<'_>, Error> {
    let found = repository.try_find_object(id).map_err(|cause| Error::other("read an object", &cause))?;
    found.ok_or_else(|| missing(id))
}

/// Size and kind of an object, without unpacking all of it.
pub(crate) fn header(repository: &gix::Repository, id: ObjectId) -> Result<gix::odb::find::Header, Error> {
    let found = repository.try_find_header(id).map_err(|cause| Error::other("read an object", &cause))?;
    found.ok_or_else(|| missing(id))
}

fn missing(id: ObjectId) -> Error {
    Error::MissingObject { id: id.to_string() }
}
