//! The files of a commit as a [`Tree`].

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};

use gix::ObjectId;
use gix::bstr::ByteSlice as _;
use gix::objs::tree::EntryKind;
use rustc_hash::FxHashMap;
use signoff_model::corpus::PATHS_MAX;
use signoff_model::source::SIZE_MAX;
use signoff_model::tree::{self, ContentId, Entry, Kind, ReadError, Tree};

use crate::Error;
use crate::handles::{Handles, header, object};

/// Most links that are followed on the way to one file.
const HOPS_MAX: usize = 8;

/// Longest target of a link, in bytes; longer ones no system follows.
const TARGET_MAX: u64 = 4096;

/// Longest list of a folder, in bytes: a million names.
pub(crate) const LIST_MAX: u64 = 64 * 1024 * 1024;

/// The files of a commit. Folders are read once; links are followed as long as they stay inside.
pub struct GitTree {
    handles: Arc<Handles>,
    root: ObjectId,
    folders: RwLock<FxHashMap<Box<str>, Arc<[Item]>>>,
}

/// What stands in a folder; a folder's items are sorted by name.
pub(crate) struct Item {
    pub(crate) name: Box<str>,
    pub(crate) kind: EntryKind,
    pub(crate) id: ObjectId,
}

/// Where a path leads once its links are followed.
enum Place {
    Folder(String),
    File(ObjectId),
}

impl GitTree {
    /// The tree with this id.
    ///
    /// # Errors
    /// When it is not there. Of a clone that may lack folders, all are looked at right away, since
    /// a folder that is not there must not look like an empty one.
    pub(crate) fn new(handles: Arc<Handles>, root: ObjectId) -> Result<Self, Error> {
        let items = handles.folder(root)?;
        let folders = RwLock::new(FxHashMap::from_iter([("".into(), items)]));
        let tree = Self { handles, root, folders };
        if tree.handles.with(is_partial) {
            tree.load_all()?;
        }
        Ok(tree)
    }

    /// The part of this tree below a folder, as a tree of its own: a link that leads out of the
    /// folder leads out of it.
    ///
    /// # Errors
    /// [`ReadError::Missing`] when there is no such folder.
    pub fn below(&self, folder: &str) -> Result<Self, ReadError> {
        let Place::Folder(place) = self.place(folder)? else { return Err(ReadError::Missing) };
        let root = self.folder_id(&place)?;
        Self::new(Arc::clone(&self.handles), root).map_err(|error| refused(&error))
    }

    fn load_all(&self) -> Result<(), Error> {
        let mut waiting = vec![(String::new(), self.root)];
        let mut folders = 0;
        while let Some((path, id)) = waiting.pop() {
            folders += 1;
            if folders > PATHS_MAX {
                return Err(Error::TooManyFiles);
            }
            let items = self.handles.folder(id)?;
            let folders = items.iter().filter(|item| item.kind == EntryKind::Tree);
            waiting.extend(folders.map(|item| (tree::join(&path, &item.name), item.id)));
            self.keep(&path, items);
        }
        Ok(())
    }

    fn keep(&self, path: &str, items: Arc<[Item]>) {
        self.folders.write().unwrap_or_else(PoisonError::into_inner).insert(path.into(), items);
    }

    /// The items of a folder whose path goes through no link.
    fn folder(&self, path: &str) -> Result<Arc<[Item]>, ReadError> {
        if let Some(known) = self.folders.read().unwrap_or_else(PoisonError::into_inner).get(path) {
            return Ok(Arc::clone(known));
        }
        let (parent, name) = tree::split(path);
        let parent = self.folder(parent)?;
        let item = find(&parent, name).filter(|item| item.kind == EntryKind::Tree).ok_or(ReadError::Missing)?;
        let items = self.handles.folder(item.id).map_err(|error| refused(&error))?;
        self.keep(path, Arc::clone(&items));
        Ok(items)
    }

    /// The id of a folder whose path goes through no link. Of another repository in this one nothing is known.
    fn folder_id(&self, path: &str) -> Result<ObjectId, ReadError> {
        if path.is_empty() {
            return Ok(self.root);
        }
        let (parent, name) = tree::split(path);
        let parent = self.folder(parent)?;
        let item = find(&parent, name).filter(|item| item.kind == EntryKind::Tree);
        item.map(|item| item.id).ok_or(ReadError::Missing)
    }

    /// Follows a path and the links on it.
    fn place(&self, path: &str) -> Result<Place, ReadError> {
        let mut ahead: VecDeque<String> = path.split('/').filter(|_| !path.is_empty()).map(str::to_owned).collect();
        if ahead.iter().any(|name| matches!(name.as_str(), "" | "." | "..")) {
            return Err(ReadError::Missing);
        }
        let mut place = String::new();
        let mut hops = Hops::default();
        while let Some(name) = ahead.pop_front() {
            match name.as_str() {
                "" | "." => continue,
                ".." if place.is_empty() => return Err(hops.bad()),
                ".." => {
                    place.truncate(place.rfind('/').unwrap_or(0));
                    continue;
                }
                _ => {}
            }
            let items = self.folder(&place).map_err(|error| hops.unless_missing(error))?;
            let item = find(&items, &name).ok_or_else(|| hops.nowhere())?;
            match item.kind {
                EntryKind::Tree | EntryKind::Commit => place = tree::join(&place, &name),
                EntryKind::Blob | EntryKind::BlobExecutable if ahead.is_empty() => return Ok(Place::File(item.id)),
                EntryKind::Blob | EntryKind::BlobExecutable => return Err(hops.nowhere()),
                EntryKind::Link => hops.follow(self.target(item.id)?, &mut ahead)?,
            }
        }
        Ok(Place::Folder(place))
    }

    /// What a link says.
    fn target(&self, id: ObjectId) -> Result<String, ReadError> {
        self.handles.with(|repository| {
            if header(repository, id).map_err(|error| refused(&error))?.size() > TARGET_MAX {
                return Err(ReadError::BadLink("a path of more than 4096 bytes".to_owned()));
            }
            let bytes = object(repository, id).map_err(|error| refused(&error))?.detach().data;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        })
    }
}

impl Tree for GitTree {
    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        let items = match self.place(folder) {
            Ok(Place::Folder(place)) => self.folder(&place),
            Ok(Place::File(_)) => Err(ReadError::Missing),
            Err(error) => Err(error),
        };
        let entry = |item: &Item| Entry { name: item.name.to_string(), kind: kind(item.kind) };
        match items {
            Ok(items) => Ok(items.iter().map(entry).collect()),
            Err(ReadError::Refused(words)) => Err(ReadError::Refused(words)),
            Err(_) => Ok(Vec::new()),
        }
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match self.place(path)? {
            Place::Folder(_) => Err(ReadError::NotAFile),
            Place::File(id) => blob(&self.handles, id),
        }
    }

    fn kind(&self, path: &str) -> Option<Kind> {
        let (folder, name) = tree::split(path);
        match self.place(folder) {
            Ok(Place::Folder(_)) if path.is_empty() => Some(Kind::Folder),
            Ok(Place::Folder(place)) => Some(kind(find(&self.folder(&place).ok()?, name)?.kind)),
            Ok(Place::File(_)) | Err(_) => None,
        }
    }

    fn content_id(&self, path: &str) -> Option<ContentId> {
        let id = match self.place(path).ok()? {
            Place::File(id) => id,
            Place::Folder(place) => self.folder_id(&place).ok()?,
        };
        content_id(id)
    }
}

/// The links followed on the way to one file.
#[derive(Default)]
struct Hops {
    count: usize,
    /// Target of the first, which is what a reader sees in the file.
    first: Option<String>,
}

impl Hops {
    /// Puts a link's target in front of what is still to go.
    fn follow(&mut self, target: String, ahead: &mut VecDeque<String>) -> Result<(), ReadError> {
        self.count += 1;
        let leads_out = target.is_empty() || target.starts_with('/');
        for name in target.rsplit('/') {
            ahead.push_front(name.to_owned());
        }
        self.first.get_or_insert(target);
        if leads_out || self.count > HOPS_MAX { Err(self.bad()) } else { Ok(()) }
    }

    fn bad(&self) -> ReadError {
        ReadError::BadLink(self.first.clone().unwrap_or_default())
    }

    /// An error of what a path leads to: that nothing is there may be the fault of a link.
    fn unless_missing(&self, error: ReadError) -> ReadError {
        if error == ReadError::Missing { self.nowhere() } else { error }
    }

    /// Nothing is there: the link's fault if there was one.
    fn nowhere(&self) -> ReadError {
        if self.count == 0 { ReadError::Missing } else { self.bad() }
    }
}

/// The id as the model knows it; none of another kind of hash.
pub(crate) fn content_id(id: ObjectId) -> Option<ContentId> {
    id.as_slice().try_into().ok().map(ContentId::new)
}

/// Reads the list of a folder.
pub(crate) fn items(repository: &gix::Repository, id: ObjectId) -> Result<Arc<[Item]>, Error> {
    let cannot = |cause: &dyn std::fmt::Display| Error::other("read a folder's list", cause);
    let size = header(repository, id)?.size();
    if size > LIST_MAX {
        return Err(cannot(&format!("it has {size} bytes; the limit is {LIST_MAX}")));
    }
    let found = object(repository, id)?.try_into_tree().map_err(|cause| cannot(&cause))?;
    let mut items = Vec::new();
    for entry in found.iter() {
        let entry = entry.map_err(|cause| cannot(&cause))?;
        // A list can be made that holds what is no name; no such file is ever checked out.
        let name = entry.inner.filename;
        if is_name(name) {
            items.push((name, entry.mode().kind(), entry.object_id()));
        }
    }
    items.sort_by_key(|(name, ..)| (name.to_str().is_err(), *name));
    items.dedup_by_key(|(name, ..)| *name);
    let mut texts: Vec<String> = items.iter().map(|(name, ..)| name.to_str_lossy().into_owned()).collect();
    tree::tell_apart(texts.iter_mut());
    let named = texts.into_iter().zip(items);
    let mut items: Vec<Item> = named.map(|(name, (_, kind, id))| Item { name: name.into(), kind, id }).collect();
    // Git sorts a folder as if its name ended in a slash.
    items.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(items.into())
}

/// Whether a name can be that of a file.
pub(crate) fn is_name(name: &[u8]) -> bool {
    !matches!(name, b"" | b"." | b"..") && !name.iter().any(|byte| matches!(byte, b'/' | b'\0'))
}

pub(crate) fn find<'a>(items: &'a [Item], name: &str) -> Option<&'a Item> {
    items.binary_search_by(|item| (*item.name).cmp(name)).ok().map(|at| &items[at])
}

/// Another repository inside this one is a folder, of which nothing is known.
fn kind(kind: EntryKind) -> Kind {
    match kind {
        EntryKind::Tree | EntryKind::Commit => Kind::Folder,
        EntryKind::Blob | EntryKind::BlobExecutable => Kind::File,
        EntryKind::Link => Kind::Link,
    }
}

fn is_partial(repository: &gix::Repository) -> bool {
    let configuration = repository.config_snapshot();
    let mut remotes = configuration.plumbing().sections_by_name("remote").into_iter().flatten();
    configuration.string("extensions.partialClone").is_some()
        || remotes.any(|remote| remote.value("promisor").is_some())
}

/// The bytes of a file, unless it is too large.
pub(crate) fn blob(handles: &Handles, id: ObjectId) -> Result<Vec<u8>, ReadError> {
    if let Some(text) = handles.text(id) {
        return Ok(text.to_vec());
    }
    handles.with(|repository| {
        let size = header(repository, id).map_err(|error| refused(&error))?.size();
        if size > SIZE_MAX as u64 {
            return Err(ReadError::TooLarge(size));
        }
        Ok(object(repository, id).map_err(|error| refused(&error))?.detach().data)
    })
}

/// The id as git knows it.
pub(crate) fn object_id(id: ContentId) -> ObjectId {
    ObjectId::from(*id.bytes())
}

fn refused(error: &Error) -> ReadError {
    ReadError::Refused(error.to_string())
}
