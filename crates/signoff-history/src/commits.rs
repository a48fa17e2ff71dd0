//! Commits and how they hang together, each read once.

use gix::ObjectId;
use jiff::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::handles::object;
use crate::line::is_shallow;
use crate::{Commit, Error};

/// What a commit says about itself, as far as its place in the history goes.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Its files.
    pub(crate) tree: ObjectId,
    /// Those that it was made of; the first is the branch that it was made on.
    pub(crate) parents: Box<[ObjectId]>,
    /// The committer's time.
    pub(crate) at: Timestamp,
}

/// The commits of a repository that were asked for so far.
pub(crate) struct Commits<'r> {
    pub(crate) repository: &'r gix::Repository,
    read: FxHashMap<ObjectId, Option<Node>>,
}

impl<'r> Commits<'r> {
    pub(crate) fn new(repository: &'r gix::Repository) -> Self {
        Self { repository, read: FxHashMap::default() }
    }

    /// A commit; `None` where this clone does not have it, or has something else in its place.
    pub(crate) fn get(&mut self, id: ObjectId) -> Option<&Node> {
        self.read.entry(id).or_insert_with(|| read(self.repository, id).ok()).as_ref()
    }

    /// A commit, or why there is none.
    ///
    /// # Errors
    /// When it is not in this clone, or is damaged.
    pub(crate) fn expect(&mut self, id: ObjectId) -> Result<&Node, Error> {
        if self.get(id).is_none() {
            return Err(match read(self.repository, id) {
                Err(Error::MissingObject { .. }) if is_shallow(self.repository) => {
                    Error::ShallowClone { unknown: format!("what commit {id} holds") }
                }
                Err(error) => error,
                Ok(_) => Error::MissingObject { id: id.to_string() },
            });
        }
        self.get(id).ok_or_else(|| Error::MissingObject { id: id.to_string() })
    }

    /// A commit by its name and time.
    pub(crate) fn named(&mut self, id: ObjectId) -> Commit {
        Commit { id: id.to_string(), at: self.get(id).map_or(Timestamp::MIN, |node| node.at) }
    }

    /// The files of some commits.
    ///
    /// # Errors
    /// When one is not in this clone, or is damaged.
    pub(crate) fn trees<const N: usize>(&mut self, ids: [ObjectId; N]) -> Result<[ObjectId; N], Error> {
        let mut trees = ids;
        for (tree, id) in trees.iter_mut().zip(ids) {
            *tree = self.expect(id)?.tree;
        }
        Ok(trees)
    }

    /// A commit and those before it on its own branch, newest first, up to the first one for which `ends` holds,
    /// or the last one in this clone.
    pub(crate) fn line(&mut self, from: ObjectId, ends: impl Fn(ObjectId) -> bool) -> Vec<ObjectId> {
        let mut line = Vec::new();
        let mut seen = FxHashSet::default();
        let mut next = Some(from);
        while let Some(id) = next.filter(|id| !ends(*id) && seen.insert(*id)) {
            let Some(node) = self.get(id) else { break };
            next = node.parents.first().copied();
            line.push(id);
        }
        line
    }

    /// Gives `start` and all commits that it rests on a value: `leaf` says it of those at which to stop, `inner` of
    /// all others, whose parents have theirs by then. What has a value already keeps it.
    pub(crate) fn fold<V>(
        &mut self,
        start: ObjectId,
        values: &mut FxHashMap<ObjectId, V>,
        leaf: impl Fn(ObjectId, Option<&Node>) -> Option<V>,
        inner: impl Fn(&Node, &FxHashMap<ObjectId, V>) -> V,
    ) {
        let mut entered = FxHashSet::default();
        let mut waiting = vec![(start, false)];
        while let Some((id, parents_done)) = waiting.pop() {
            if values.contains_key(&id) {
                continue;
            }
            let node = self.get(id);
            let value = match node {
                Some(node) if parents_done => Some(inner(node, values)),
                node => leaf(id, node),
            };
            if let Some(value) = value {
                values.insert(id, value);
            } else if let (true, Some(node)) = (entered.insert(id), node) {
                waiting.push((id, true));
                waiting.extend(node.parents.iter().map(|parent| (*parent, false)));
            }
        }
    }
}

fn read(repository: &gix::Repository, id: ObjectId) -> Result<Node, Error> {
    Node::of(&commit(repository, id)?)
}

/// The commit of an id.
///
/// # Errors
/// When nothing is there, or something else.
pub(crate) fn commit(repository: &gix::Repository, id: ObjectId) -> Result<gix::Commit<'_>, Error> {
    object(repository, id)?.try_into_commit().map_err(|cause| Error::other("read a commit", &cause))
}

impl Node {
    pub(crate) fn of(commit: &gix::Commit<'_>) -> Result<Self, Error> {
        let tree = commit.tree_id().map_err(|cause| Error::other("read a commit", &cause))?.detach();
        Ok(Self { tree, parents: commit.parent_ids().map(gix::Id::detach).collect(), at: committed(commit)? })
    }
}

/// A commit's committer time. One that no calendar holds becomes the nearest that does.
pub(crate) fn committed(commit: &gix::Commit<'_>) -> Result<Timestamp, Error> {
    let seconds = commit.time().map_err(|cause| Error::other("read the time of a commit", &cause))?.seconds;
    let nearest = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Ok(Timestamp::from_second(seconds).unwrap_or(nearest))
}
