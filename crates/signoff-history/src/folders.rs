//! What differs between the files of two commits, and the files of one with some of another, by ids: what is the same
//! is not looked into.

use std::collections::BTreeMap;
use std::sync::Arc;

use gix::ObjectId;
use gix::objs::WriteTo as _;
use gix::objs::tree::{Entry, EntryKind};
use signoff_model::corpus::PATHS_MAX;
use signoff_model::tree;

use crate::Error;
use crate::git_tree::{Item, find};
use crate::handles::Handles;

/// What stands at a path: a file, a link or another repository, and the id of what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) kind: EntryKind,
    pub(crate) id: ObjectId,
}

/// A path that holds something else afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// From the root, with `/`.
    pub(crate) path: String,
    /// What it holds then; `None` when it is gone.
    pub(crate) after: Option<Content>,
}

/// Folders that lie deeper are not looked into; proposals never do.
const DEPTH_MAX: usize = 64;

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
    /// How many more files and folders are looked at.
    left: usize,
}

impl<'r> Folders<'r> {
    pub(crate) fn new(handles: &'r Handles) -> Self {
        Self { handles, left: PATHS_MAX }
    }

    fn items(&self, folder: Option<ObjectId>) -> Result<Arc<[Item]>, Error> {
        folder.map_or_else(|| Ok(Arc::default()), |id| self.handles.folder(id))
    }

    fn count(&mut self, looked_at: usize) -> Result<(), Error> {
        self.left = self.left.checked_sub(looked_at).ok_or(Error::TooManyFiles)?;
        Ok(())
    }

    /// What stands at a path.
    pub(crate) fn content(&self, root: ObjectId, path: &str) -> Result<Option<Content>, Error> {
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

    /// The paths below one root that hold something else below another one, sorted.
    pub(crate) fn changes(&mut self, before: ObjectId, after: ObjectId) -> Result<Vec<Change>, Error> {
        let mut changes = Vec::new();
        let mut waiting = vec![(String::new(), 0, Some(before), Some(after))];
        while let Some((path, depth, before, after)) = waiting.pop() {
            if before == after || depth > DEPTH_MAX {
                continue;
            }
            let (before, after) = (self.items(before)?, self.items(after)?);
            self.count(before.len() + after.len())?;
            for name in names(&before, &after) {
                let (old, new) = (find(&before, name), find(&after, name));
                let path = tree::join(&path, name);
                let change = new.and_then(content);
                if old.and_then(content) != change {
                    changes.push(Change { path: path.clone(), after: change });
                }
                let (old, new) = (old.and_then(folder), new.and_then(folder));
                if old != new {
                    waiting.push((path, depth + 1, old, new));
                }
            }
        }
        changes.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(changes)
    }

    /// Tells of each wanted path that holds something else below another root, and what.
    pub(crate) fn changes_among(
        &self,
        before: ObjectId,
        after: ObjectId,
        wanted: &Wanted<'_>,
        tell: &mut dyn FnMut(&str, Option<Content>),
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
    file: Option<Option<Content>>,
    inside: BTreeMap<&'c str, Put<'c>>,
}

impl Folders<'_> {
    /// The id of the root of another commit's files with these in front of them. No object is written: the lists are
    /// kept in memory under the ids that git would give them.
    pub(crate) fn with_changes(&self, root: ObjectId, changes: &[Change]) -> Result<ObjectId, Error> {
        let mut put = Put::default();
        for Change { path, after } in changes {
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
            let file = put.file.flatten().map(|file| (file.kind, file.id));
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

/// The names of two lists, each once.
fn names<'i>(before: &'i [Item], after: &'i [Item]) -> impl Iterator<Item = &'i str> {
    let gone = before.iter().filter(|item| find(after, &item.name).is_none());
    gone.chain(after).map(|item| &*item.name)
}

/// What an item is, unless it is a folder. Whether a file may be run is no matter of its content.
fn content(item: &Item) -> Option<Content> {
    let kind = match item.kind {
        EntryKind::Tree => return None,
        EntryKind::BlobExecutable => EntryKind::Blob,
        kind => kind,
    };
    Some(Content { kind, id: item.id })
}

fn folder(item: &Item) -> Option<ObjectId> {
    (item.kind == EntryKind::Tree).then_some(item.id)
}
