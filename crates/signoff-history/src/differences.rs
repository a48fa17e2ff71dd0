//! Which files differ between two folders of a git repository; folders with the same id are not looked into.

use std::rc::Rc;

use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice as _};
use gix::objs::TreeRefIter;
use gix::objs::tree::EntryKind;
use rustc_hash::FxHashMap;
use signoff_model::corpus::PATHS_MAX;
use signoff_model::tree::{self, ContentId, Kind};

use crate::git_tree::{Item, LIST_MAX, content_id, is_name, object_id};
use crate::handles::{Handles, header, object};
use crate::{Error, history};

/// Deepest folder that is looked into, as in a corpus.
const DEPTH_MAX: usize = 32;

/// A file that differs between two states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where it is.
    pub path: String,
    /// What was there.
    pub before: Option<Found>,
    /// What is there.
    pub after: Option<Found>,
}

/// A file or link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// [`Kind::File`] or [`Kind::Link`].
    pub kind: Kind,
    /// Its content; the target of a link.
    pub id: ContentId,
}

/// Compares folders, one pair after another; lists that are met again are not read again.
pub(crate) struct Comparison<'h> {
    handles: &'h Handles,
    /// The last list seen at a path: the older one of a pair is the newer one of the next.
    last: FxHashMap<Box<str>, (ObjectId, Rc<[u8]>)>,
    differences: Vec<Difference>,
}

/// An entry of a folder.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Entry<'l> {
    name: &'l BStr,
    kind: EntryKind,
    id: ObjectId,
}

/// The entries of one name in two lists that differ.
struct Pair {
    name: String,
    before: Option<(EntryKind, ObjectId)>,
    after: Option<(EntryKind, ObjectId)>,
}

impl history::Comparison for Comparison<'_> {
    fn between(
        &mut self,
        before: Option<ContentId>,
        after: ContentId,
        below: &[&str],
    ) -> Result<Vec<Difference>, Error> {
        self.below(before.map(object_id), object_id(after), below)
    }
}

impl<'h> Comparison<'h> {
    pub(crate) fn new(handles: &'h Handles) -> Self {
        Self { handles, last: FxHashMap::default(), differences: Vec::new() }
    }

    /// What differs anywhere between two states, sorted by path.
    pub(crate) fn whole(&mut self, before: ObjectId, after: ObjectId) -> Result<Vec<Difference>, Error> {
        self.below(Some(before), after, &[""])
    }

    fn below(&mut self, before: Option<ObjectId>, after: ObjectId, below: &[&str]) -> Result<Vec<Difference>, Error> {
        // What a comparison that failed has found is of no use.
        self.differences.clear();
        let inner = |root: &str| below.iter().any(|other| *other != root && tree::is_below(root, other));
        for root in below.iter().filter(|root| !inner(root)) {
            let old = before.map(|id| self.folder_at(id, root)).transpose()?.flatten();
            let new = self.folder_at(after, root)?;
            self.compare(root, old, new, 0)?;
        }
        let mut found = std::mem::take(&mut self.differences);
        found.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(found)
    }

    /// The id of a folder below a state.
    fn folder_at(&mut self, root: ObjectId, path: &str) -> Result<Option<ObjectId>, Error> {
        let (mut id, mut place) = (root, String::new());
        for name in path.split('/').filter(|name| !name.is_empty()) {
            let list = self.list(&place, id)?;
            let entries = entries(&list)?;
            let found = entries.iter().find(|entry| *entry.name == *name && entry.kind == EntryKind::Tree);
            let Some(found) = found else { return Ok(None) };
            id = found.id;
            place = tree::join(&place, name);
        }
        Ok(Some(id))
    }

    fn compare(
        &mut self,
        path: &str,
        before: Option<ObjectId>,
        after: Option<ObjectId>,
        depth: usize,
    ) -> Result<(), Error> {
        if before == after || depth > DEPTH_MAX {
            return Ok(());
        }
        if self.differences.len() > PATHS_MAX {
            return Err(Error::TooManyFiles);
        }
        // The newer list is most often the older one of the pair before, which lies here until the next is read.
        let new = after.map(|id| self.list(path, id)).transpose()?;
        let old = before.map(|id| self.list(path, id)).transpose()?;
        for Pair { name, before, after } in self.pairs(before.zip(old).as_ref(), after.zip(new).as_ref())? {
            let place = tree::join(path, &name);
            let folder = |(kind, id)| (kind == EntryKind::Tree).then_some(id);
            let (file_before, file_after) = (before.and_then(found), after.and_then(found));
            if file_before != file_after {
                self.differences.push(Difference { path: place.clone(), before: file_before, after: file_after });
            }
            self.compare(&place, before.and_then(folder), after.and_then(folder), depth + 1)?;
        }
        Ok(())
    }

    /// What differs between two lists, by name.
    fn pairs(&self, before: Option<&List>, after: Option<&List>) -> Result<Vec<Pair>, Error> {
        let (old, new) = (entries_of(before)?, entries_of(after)?);
        let is_text = |entries: &[Entry<'_>]| entries.iter().all(|entry| entry.name.to_str().is_ok());
        if is_text(&old) && is_text(&new) {
            return Ok(differing(&old, &new));
        }
        // Names that are no text get one by the names beside them.
        let items = |list: Option<&List>| list.map(|(id, _)| self.handles.folder(*id)).transpose();
        let (old, new) = (items(before)?, items(after)?);
        Ok(differing(&named(old.as_deref()), &named(new.as_deref())))
    }

    fn list(&mut self, path: &str, id: ObjectId) -> Result<Rc<[u8]>, Error> {
        if let Some((_, list)) = self.last.get(path).filter(|(known, _)| *known == id) {
            return Ok(Rc::clone(list));
        }
        let list: Rc<[u8]> = self.handles.with(|repository| {
            let size = header(repository, id)?.size();
            if size > LIST_MAX {
                return Err(cannot(&format!("it has {size} bytes; the limit is {LIST_MAX}")));
            }
            let found = object(repository, id)?.try_into_tree().map_err(|cause| cannot(&cause))?;
            Ok(Rc::from(found.data.as_slice()))
        })?;
        self.last.insert(path.into(), (id, Rc::clone(&list)));
        Ok(list)
    }
}

/// The id of a folder and the bytes of its list.
type List = (ObjectId, Rc<[u8]>);

fn entries_of(list: Option<&List>) -> Result<Vec<Entry<'_>>, Error> {
    list.map_or(Ok(Vec::new()), |(_, list)| entries(list))
}

/// The same of a list whose names were made text.
fn named(items: Option<&[Item]>) -> Vec<Entry<'_>> {
    let items = items.unwrap_or_default().iter();
    items.map(|item| Entry { name: item.name.as_bytes().as_bstr(), kind: item.kind, id: item.id }).collect()
}

/// The entries of a list, sorted by name.
fn entries(list: &[u8]) -> Result<Vec<Entry<'_>>, Error> {
    let mut entries = Vec::new();
    for entry in TreeRefIter::from_bytes(list, gix::hash::Kind::Sha1) {
        let entry = entry.map_err(|cause| cannot(&cause))?;
        if is_name(entry.filename) {
            entries.push(Entry { name: entry.filename, kind: entry.mode.kind(), id: entry.oid.to_owned() });
        }
    }
    // Git sorts a folder as if its name ended in a slash.
    entries.sort_by_key(|entry| entry.name);
    entries.dedup_by_key(|entry| entry.name);
    Ok(entries)
}

/// What differs between two lists that are sorted by name.
fn differing(before: &[Entry<'_>], after: &[Entry<'_>]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let (mut old, mut new) = (before.iter().peekable(), after.iter().peekable());
    loop {
        let name = match (old.peek(), new.peek()) {
            (Some(left), Some(right)) => left.name.min(right.name),
            (Some(entry), None) | (None, Some(entry)) => entry.name,
            (None, None) => return pairs,
        };
        let left = old.next_if(|entry| entry.name == name);
        let right = new.next_if(|entry| entry.name == name);
        if left != right {
            let what = |entry: &Entry<'_>| (entry.kind, entry.id);
            let name = name.to_str_lossy().into_owned();
            pairs.push(Pair { name, before: left.map(what), after: right.map(what) });
        }
    }
}

/// What an entry is, unless it is a folder or another repository.
pub(crate) fn found((kind, id): (EntryKind, ObjectId)) -> Option<Found> {
    let kind = match kind {
        EntryKind::Blob | EntryKind::BlobExecutable => Kind::File,
        EntryKind::Link => Kind::Link,
        EntryKind::Tree | EntryKind::Commit => return None,
    };
    Some(Found { kind, id: content_id(id)? })
}

fn cannot(cause: &dyn std::fmt::Display) -> Error {
    Error::other("read a folder's list", cause)
}
