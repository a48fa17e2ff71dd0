//! What differs between the files of two commits, by ids: what is the same is not looked into.

use std::collections::BTreeMap;
use std::sync::Arc;

use gix::ObjectId;
use gix::objs::tree::EntryKind;
use rustc_hash::FxHashMap;
use signoff_model::corpus::PATHS_MAX;
use signoff_model::tree;

use crate::Error;
use crate::git_tree::{Item, find, items};

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

/// The folders of a repository's commits, each list read once.
pub(crate) struct Folders<'r> {
    repository: &'r gix::Repository,
    read: FxHashMap<ObjectId, Arc<[Item]>>,
    /// How many more files and folders are looked at.
    left: usize,
}

impl<'r> Folders<'r> {
    pub(crate) fn new(repository: &'r gix::Repository) -> Self {
        Self { repository, read: FxHashMap::default(), left: PATHS_MAX }
    }

    fn items(&mut self, folder: Option<ObjectId>) -> Result<Arc<[Item]>, Error> {
        let Some(id) = folder else { return Ok(Arc::default()) };
        if let Some(known) = self.read.get(&id) {
            return Ok(Arc::clone(known));
        }
        let items = items(self.repository, id)?;
        self.read.insert(id, Arc::clone(&items));
        Ok(items)
    }

    fn count(&mut self, looked_at: usize) -> Result<(), Error> {
        self.left = self.left.checked_sub(looked_at).ok_or(Error::TooManyFiles)?;
        Ok(())
    }

    /// What stands at a path.
    pub(crate) fn content(&mut self, root: ObjectId, path: &str) -> Result<Option<Content>, Error> {
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
        let mut waiting = vec![(String::new(), Some(before), Some(after))];
        while let Some((path, before, after)) = waiting.pop() {
            if before == after {
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
                    waiting.push((path, old, new));
                }
            }
        }
        changes.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(changes)
    }

    /// Tells of each wanted path that holds something else below another root, and what.
    pub(crate) fn changes_among(
        &mut self,
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
