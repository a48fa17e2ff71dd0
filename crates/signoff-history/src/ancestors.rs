//! The commits behind a commit, parents before children, whatever their clocks said.

use std::sync::Arc;

use gix::ObjectId;
use gix::bstr::ByteSlice as _;
use jiff::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};
use signoff_model::tree::ContentId;

use crate::commits::{Node, commit};
use crate::git_tree::content_id;
use crate::line::is_shallow;
use crate::{Commit, Error};

/// Which commits are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Commits {
    /// A commit and its first parents: what was on the main branch when.
    #[default]
    Main,
    /// Every commit behind it: who did it.
    All,
}

/// A commit of a history and where it stands in it.
#[derive(Clone, Debug)]
pub struct Ancestor {
    /// The commit.
    pub commit: Commit,
    /// The id of its list of files.
    pub files: ContentId,
    /// What it is compared with.
    pub parent: Parent,
    /// Whether it has several parents.
    pub is_merge: bool,
    /// The places of the others, where all commits are read.
    pub merged: Vec<usize>,
    /// Who wrote it, as git names them.
    pub author: Arc<str>,
    /// The first line of its message.
    pub title: Arc<str>,
}

/// The first parent of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parent {
    /// It has none: the history begins here.
    None,
    /// The commit at this place of the list.
    At(usize),
    /// It has one that is not in this clone.
    Unknown,
}

/// What was read of a commit.
struct Read {
    at: Timestamp,
    files: ContentId,
    parents: Vec<ObjectId>,
    is_merge: bool,
    is_cut: bool,
    author: Arc<str>,
    title: Arc<str>,
}

/// Where reading ends before the history does.
struct Ends {
    /// The commits whose parents are not read.
    cut: FxHashSet<ObjectId>,
    /// The first commit that was asked for.
    since: Option<ObjectId>,
    /// What lies behind that one.
    behind: FxHashSet<ObjectId>,
}

impl Ends {
    fn of(repository: &gix::Repository, which: Commits, since: Option<ObjectId>) -> Result<Self, Error> {
        let cut = repository.shallow_commits().ok().flatten();
        let cut = cut.map(|cut| cut.iter().copied().collect()).unwrap_or_default();
        let mut behind_since = FxHashSet::default();
        if let (Commits::All, Some(since)) = (which, since) {
            let older = behind(repository, since, which, None)?;
            behind_since.extend(older.iter().filter_map(|ancestor| ancestor.commit.id.parse::<ObjectId>().ok()));
            behind_since.remove(&since);
        }
        Ok(Self { cut, since, behind: behind_since })
    }
}

/// The commits behind one, that one last. With all of them, what a merge brought stands before the merge. None behind
/// `since` is read.
pub(crate) fn behind(
    repository: &gix::Repository,
    newest: ObjectId,
    which: Commits,
    since: Option<ObjectId>,
) -> Result<Vec<Ancestor>, Error> {
    let ends = Ends::of(repository, which, since)?;
    let read = |id| read(repository, id, which, &ends);
    let mut found: Vec<Ancestor> = Vec::new();
    let mut places: FxHashMap<ObjectId, Option<usize>> = FxHashMap::from_iter([(newest, None)]);
    let Some(first) = read(newest)? else { return Err(Error::MissingObject { id: newest.to_string() }) };
    let mut open: Vec<(ObjectId, Read, usize)> = vec![(newest, first, 0)];
    while let Some((id, commit, next)) = open.pop() {
        if let Some(parent) = commit.parents.get(next).copied() {
            let is_new = !places.contains_key(&parent);
            open.push((id, commit, next + 1));
            if is_new && let Some(commit) = read(parent)? {
                places.insert(parent, None);
                open.push((parent, commit, 0));
            }
            continue;
        }
        let parent = match commit.parents.first() {
            _ if commit.is_cut => Parent::Unknown,
            None => Parent::None,
            // What is not there was not put in its place.
            Some(parent) => places.get(parent).copied().flatten().map_or(Parent::Unknown, Parent::At),
        };
        let others = commit.parents.iter().skip(1);
        let merged = others.filter_map(|parent| places.get(parent).copied().flatten()).collect();
        places.insert(id, Some(found.len()));
        let Read { at, files, is_merge, author, title, .. } = commit;
        let commit = Commit { id: id.to_string(), at };
        found.push(Ancestor { commit, files, parent, is_merge, merged, author, title });
    }
    Ok(found)
}

/// Reads a commit; `None` for one that a shallow clone does not have, or that nobody asked for.
fn read(repository: &gix::Repository, id: ObjectId, which: Commits, ends: &Ends) -> Result<Option<Read>, Error> {
    if ends.behind.contains(&id) {
        return Ok(None);
    }
    let found = match commit(repository, id) {
        Err(Error::MissingObject { .. }) if is_shallow(repository) => return Ok(None),
        found => found?,
    };
    let cannot = |cause: &dyn std::fmt::Display| Error::other("read a commit", cause);
    let Node { tree, parents, at } = Node::of(&found)?;
    let mut parents = parents.into_vec();
    let is_merge = parents.len() > 1;
    let is_cut = ends.since == Some(id) || (!parents.is_empty() && ends.cut.contains(&id));
    match which {
        _ if is_cut => parents.clear(),
        Commits::Main => parents.truncate(1),
        Commits::All => {}
    }
    let author = found.author().map_err(|cause| cannot(&cause))?;
    let author = format!("{} <{}>", author.name, author.email).into();
    let message = found.message_raw().map_err(|cause| cannot(&cause))?;
    let title = message.lines().next().unwrap_or_default().to_str_lossy().into();
    let files = content_id(tree).ok_or_else(|| cannot(&"its ids are of another kind than SHA-1"))?;
    Ok(Some(Read { at, files, parents, is_merge, is_cut, author, title }))
}
