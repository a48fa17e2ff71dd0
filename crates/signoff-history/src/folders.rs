//! What stands at some paths of a commit, and the files of one commit with some of another, by ids: what is the same is
//! not looked into.

use std::collections::BTreeMap;
use std::sync::Arc;

use gix::ObjectId;
use gix::objs::WriteTo as _;
use gix::objs::tree::{Entry, EntryKind};
use signoff_model::tree::{self, Kind};

use crate::Error;
use crate::differences::{Difference, Found, found};
use crate::git_tree::{Item, find, object_id};
use crate::handles::Handles;

/// Paths in their folders.
#[derive(Debug, Default)]
pub(crate) struct Wanted<'p> {
    is_path: bool,
    inside: BTreeMap<&'p str, Wanted<'p>>,
}

impl<'p> Wanted<'p> {
    pub(crate) fn of(paths: impl Iterator<Item = &'p str>) -> Self {
        let mut root = Self::default();
        for path in paths {
            path.split('/').fold(&mut root, |folder, name| folder.inside.entry(name).or_default()).is_path = true;
        }
        root
    }
}

/// The folders of a repository's commits.
pub(crate) struct Folders<'r> {
    handles: &'r Handles,
}

impl<'r> Folders<'r> {
    pub(crate) fn new(handles: &'r Handles) -> Self {
        Self { handles }
    }

    fn items(&self, folder: Option<ObjectId>) -> Result<Arc<[Item]>, Error> {
        folder.map_or_else(|| Ok(Arc::default()), |id| self.handles.folder(id))
    }

    /// What stands at a path.
    pub(crate) fn content(&self, root: ObjectId, path: &str) -> Result<Option<Found>, Error> {
        let (folders, name) = tree::split(path);
        let mut folder = root;
        for name in folders.split('/').filter(|name| !name.is_empty()) {
            match find(&self.items(Some(folder))?, name) {
                Some(item) if item.kind == EntryKind::Tree => folder = item.id,
                _ => return Ok(None),
            }
        }
        Ok(find(&self.items(Some(folder))?, name).and_then(content))
    }

    /// Tells of each wanted path that holds something else below another root, and what.
    pub(crate) fn changes_among(
        &self,
        before: ObjectId,
        after: ObjectId,
        wanted: &Wanted<'_>,
        tell: &mut dyn FnMut(&str, Option<Found>),
    ) -> Result<(), Error> {
        let mut waiting = vec![(String::new(), Some(before), Some(after), wanted)];
        while let Some((path, before, after, wanted)) = waiting.pop() {
            if before == after {
                continue;
            }
            let (before, after) = (self.items(before)?, self.items(after)?);
            for (name, inside) in &wanted.inside {
                let (old, new) = (find(&before, name), find(&after, name));
                let path = tree::join(&path, name);
                let change = new.and_then(content);
                if inside.is_path && old.and_then(content) != change {
                    tell(&path, change);
                }
                waiting.push((path, old.and_then(folder), new.and_then(folder), inside));
            }
        }
        Ok(())
    }
}

/// Files that are put into the folders of a commit, or taken out of them.
#[derive(Default)]
struct Put<'c> {
    /// The file, or that there is none.
    file: Option<Option<Found>>,
    inside: BTreeMap<&'c str, Put<'c>>,
}

impl Folders<'_> {
    /// The id of the root of another commit's files with these in front of them. No object is written: the lists are
    /// kept in memory under the ids that git would give them.
    pub(crate) fn with_changes(&self, root: ObjectId, changes: &[Difference]) -> Result<ObjectId, Error> {
        let mut put = Put::default();
        for Difference { path, after, .. } in changes {
            let place = path.split('/').fold(&mut put, |folder, name| folder.inside.entry(name).or_default());
            place.file = Some(*after);
        }
        match self.put(Some(root), &put)? {
            Some(id) => Ok(id),
            None => self.keep(Vec::new()),
        }
    }

    /// A folder with its changes; `None` when nothing is left in it.
    fn put(&self, before: Option<ObjectId>, put: &Put<'_>) -> Result<Option<ObjectId>, Error> {
        let mut items: BTreeMap<Box<str>, (EntryKind, ObjectId)> =
            self.items(before)?.iter().map(|item| (item.name.clone(), (item.kind, item.id))).collect();
        for (name, put) in &put.inside {
            let old = items.get(*name).filter(|(kind, _)| *kind == EntryKind::Tree).map(|(_, id)| *id);
            let file = put.file.flatten().map(entry);
            let folder = || Ok(self.put(old, put)?.map(|id| (EntryKind::Tree, id)));
            match if file.is_none() { folder()? } else { file } {
                Some(item) => _ = items.insert((*name).into(), item),
                None => _ = items.remove(*name),
            }
        }
        if items.is_empty() {
            return Ok(None);
        }
        self.keep(items.into_iter().map(|(name, (kind, id))| Item { name, kind, id }).collect()).map(Some)
    }

    fn keep(&self, items: Vec<Item>) -> Result<ObjectId, Error> {
        let cannot = |cause: &dyn std::fmt::Display| Error::other("put folders together", cause);
        let entry = |item: &Item| Entry { mode: item.kind.into(), filename: (*item.name).into(), oid: item.id };
        let mut tree = gix::objs::Tree { entries: items.iter().map(entry).collect() };
        tree.entries.sort();
        let mut bytes = Vec::new();
        tree.write_to(&mut bytes).map_err(|cause| cannot(&cause))?;
        let kind = self.handles.with(gix::Repository::object_hash);
        let id = gix::objs::compute_hash(kind, gix::objs::Kind::Tree, &bytes).map_err(|cause| cannot(&cause))?;
        self.handles.keep_folder(id, items.into());
        Ok(id)
    }
}

/// What an item is, unless it is a folder or another repository. Whether a file may be run is no matter of its content.
fn content(item: &Item) -> Option<Found> {
    found((item.kind, item.id))
}

fn entry(file: Found) -> (EntryKind, ObjectId) {
    (if file.kind == Kind::Link { EntryKind::Link } else { EntryKind::Blob }, object_id(file.id))
}

fn folder(item: &Item) -> Option<ObjectId> {
    (item.kind == EntryKind::Tree).then_some(item.id)
}
