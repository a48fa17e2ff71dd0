//! A git repository's history.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use gix::ObjectId;
use gix::sec::trust::Mapping;
use jiff::Timestamp;
use signoff_model::Tree;
use signoff_model::tree::{ContentId, ReadError};

use crate::commits::committed;
use crate::differences::Comparison;
use crate::handles::{Handles, object};
use crate::line::{Line, Next, is_shallow};
use crate::{Ancestor, Commit, Commits, Error, GitTree, History, Pull, Pulls, When, ancestors, git_tree, history};

/// A git repository, opened for reading.
pub struct Repository {
    pub(crate) handles: Arc<Handles>,
    git_dir: PathBuf,
    workdir: Option<PathBuf>,
    /// The states of the current branch, for one date after the other.
    line: Mutex<Line>,
}

impl Repository {
    /// Opens the repository of a folder: its work tree's root, a folder inside it, or a bare git directory.
    ///
    /// Configuration outside the repository and the environment are not looked at.
    ///
    /// # Errors
    /// When neither the folder nor one above it is a repository, or it cannot be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let options = Mapping { full: isolated(), reduced: isolated() };
        let (candidate, _) =
            gix::discover::upwards(path).map_err(|_| Error::NotARepository { path: path.to_owned() })?;
        let shared =
            gix::ThreadSafeRepository::discover_opts(path, gix::discover::upwards::Options::default(), options)
                .map_err(|cause| {
                    Error::other(&format!("open the repository `{}`", candidate.as_ref().display()), &cause)
                })?;
        // Revisions such as `HEAD~3` are looked up by a reader that takes this list for whole.
        shared.to_thread_local().shallow_commits().map_err(|cause| {
            Error::other("read which commits this clone leaves out, from the file `shallow`", &cause)
        })?;
        let workdir = shared.work_dir().map(|folder| folder.canonicalize().unwrap_or_else(|_| folder.to_owned()));
        let git_dir = shared.git_dir().to_owned();
        let line = Mutex::new(Line::from(ObjectId::null(gix::hash::Kind::Sha1)));
        Ok(Self { handles: Arc::new(Handles::new(shared)), git_dir, workdir, line })
    }

    /// The root of the work tree, without links; `None` for a bare repository. Every path of a
    /// tree of this repository is relative to it.
    #[must_use]
    pub fn workdir(&self) -> Option<&Path> {
        self.workdir.as_deref()
    }

    /// The folder that holds the objects.
    #[must_use]
    pub fn git_dir(&self) -> &Path {
        &self.git_dir
    }

    /// The state of the current branch at an instant: the first commit met walking first parents
    /// from HEAD whose committer time is at or before it. A revision is the commit that it names.
    ///
    /// # Errors
    /// When the history does not reach back that far, or has no such revision.
    pub fn commit_at(&self, when: &When) -> Result<Commit, Error> {
        self.handles.with(|repository| match when {
            When::Revision(text) => named(repository, text),
            When::Date(_) | When::Instant(_) => {
                let instant = when.instant().unwrap_or(Timestamp::MAX);
                self.state_at(repository, instant)
            }
        })
    }

    fn state_at(&self, repository: &gix::Repository, instant: Timestamp) -> Result<Commit, Error> {
        let newest = head(repository)?.id;
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        if !line.begins_with(newest) {
            *line = Line::from(newest);
        }
        let mut first = Timestamp::MAX;
        for index in 0.. {
            match line.step(repository, index)? {
                Some(step) if step.at <= instant => return Ok(Commit { id: step.id.to_string(), at: step.at }),
                Some(step) => first = step.at,
                None => break,
            }
        }
        if line.whole(repository)?.1 == Next::Cut {
            let unknown = format!("the state at {instant}, before the oldest commit of {first},");
            return Err(Error::ShallowClone { unknown });
        }
        Err(Error::BeforeHistory { instant, first })
    }

    /// The files of a commit.
    ///
    /// # Errors
    /// When the commit or its list of files is not in this clone.
    pub fn tree(&self, commit: &Commit) -> Result<GitTree, Error> {
        let unknown = || Error::UnknownRevision { revision: commit.id.clone() };
        let id: ObjectId = commit.id.parse().map_err(|_| unknown())?;
        let root = self.handles.with(|repository| {
            let found = object(repository, id)?.try_into_commit().map_err(|_| unknown())?;
            Ok(found.tree_id().map_err(|cause| Error::other("read a commit", &cause))?.detach())
        })?;
        GitTree::new(Arc::clone(&self.handles), root)
    }
}

impl History for Repository {
    fn commit_at(&self, when: &When) -> Result<Commit, Error> {
        Self::commit_at(self, when)
    }

    fn tree(&self, commit: &Commit) -> Result<Box<dyn Tree + Send>, Error> {
        Ok(Box::new(Self::tree(self, commit)?))
    }

    fn changed(&self, revision: &str, commit: &Commit) -> Result<Vec<String>, Error> {
        self.changed_between(revision, commit)
    }

    fn pulls(&self, main: &Commit, at: Timestamp) -> Result<Pulls, Error> {
        Self::pulls(self, main, at)
    }

    fn pull_heads(&self) -> Result<String, Error> {
        Self::pull_heads(self)
    }

    fn pull_head(&self, number: &str) -> Result<Commit, Error> {
        Self::pull_head(self, number)
    }

    fn merged_tree(&self, main: &Commit, pull: &Pull) -> Result<Box<dyn Tree + Send>, Error> {
        Ok(Box::new(Self::merged_tree(self, main, pull)?))
    }

    fn fork(&self, head: &Commit, main: &Commit) -> Result<Commit, Error> {
        Self::fork(self, head, main)
    }

    fn differing(&self, before: &Commit, after: &Commit) -> Result<Vec<String>, Error> {
        Self::differing(self, before, after)
    }

    fn behind(&self, newest: &Commit, which: Commits, since: Option<&Commit>) -> Result<Vec<Ancestor>, Error> {
        let id = |commit: &Commit| {
            let unknown = |_| Error::UnknownRevision { revision: commit.id.clone() };
            commit.id.parse::<ObjectId>().map_err(unknown)
        };
        let since = since.map(id).transpose()?;
        self.handles.with(|repository| ancestors::behind(repository, id(newest)?, which, since))
    }

    fn comparison(&self) -> Box<dyn history::Comparison + '_> {
        Box::new(Comparison::new(&self.handles))
    }

    fn content(&self, id: ContentId) -> Result<Vec<u8>, ReadError> {
        git_tree::blob(&self.handles, git_tree::object_id(id))
    }
}

/// A commit is what its id says: other content that a clone puts in its place (`git replace`) is not looked at. It
/// could lead in circles, and what is said of a commit would not hold for another clone. The file in which git keeps
/// a copy of what commits say of their parents may be stale or damaged, and is not looked at either.
fn isolated() -> gix::open::Options {
    gix::open::Options::isolated().config_overrides(["core.useReplaceRefs=false", "core.commitGraph=false"])
}

/// The commit that HEAD stands for.
pub(crate) fn head(repository: &gix::Repository) -> Result<gix::Commit<'_>, Error> {
    let head = repository.head().map_err(|cause| Error::other("read HEAD", &cause))?;
    let id = head.try_into_peeled_id().map_err(|cause| Error::other("read HEAD", &cause))?.ok_or(Error::NoCommits)?;
    object(repository, id.detach())?.try_into_commit().map_err(|cause| Error::other("read HEAD", &cause))
}

/// The commit that a reference stands for, through tags.
pub(crate) fn tip(repository: &gix::Repository, id: ObjectId, reference: &str) -> Result<ObjectId, Error> {
    let none = || Error::UnknownRevision { revision: reference.to_owned() };
    let found = object(repository, id)?;
    if found.kind == gix::objs::Kind::Commit {
        return Ok(id);
    }
    Ok(found.peel_to_commit().map_err(|_| none())?.id)
}

/// The commit that a revision names, through tags.
pub(crate) fn named(repository: &gix::Repository, text: &str) -> Result<Commit, Error> {
    let found = repository.rev_parse_single(text).ok().and_then(|id| id.object().ok()?.peel_to_commit().ok());
    match found {
        Some(commit) => Ok(Commit { id: commit.id.to_string(), at: committed(&commit)? }),
        // Of a cut history, a name that counts parents may lie behind the cut.
        None if text.contains(['~', '^']) && is_shallow(repository) => {
            Err(Error::ShallowClone { unknown: format!("`{text}`") })
        }
        None => Err(Error::UnknownRevision { revision: text.to_owned() }),
    }
}
