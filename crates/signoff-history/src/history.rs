//! What every history can be asked.

use jiff::Timestamp;
use signoff_model::Tree;
use signoff_model::tree::{ContentId, ReadError};

use crate::{Ancestor, Commits, Difference, Error, Pull, Pulls, When};

/// A state of the main branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Full id, in hexadecimal digits.
    pub id: String,
    /// When it was committed, to the second.
    pub at: Timestamp,
}

/// A history: a repository's, or a recorded one.
pub trait History: Send + Sync {
    /// The state at an instant, or the commit that a revision names.
    ///
    /// # Errors
    /// When the history does not reach back that far, or has no such revision.
    fn commit_at(&self, when: &When) -> Result<Commit, Error>;

    /// The files of a commit.
    ///
    /// # Errors
    /// When the commit or its list of files is not there.
    fn tree(&self, commit: &Commit) -> Result<Box<dyn Tree + Send>, Error>;

    /// The files of a commit that differ from where it and `revision` parted, sorted.
    ///
    /// # Errors
    /// When there is no such revision, or no common commit.
    fn changed(&self, revision: &str, commit: &Commit) -> Result<Vec<String>, Error>;

    /// The heads of pull requests that `main`, the state at `at`, does not hold, as they were at that instant.
    ///
    /// # Errors
    /// When the main branch or the references cannot be read.
    fn pulls(&self, main: &Commit, at: Timestamp) -> Result<Pulls, Error>;

    /// The references to heads of pull requests as one value: as long as it is the same, so are they.
    ///
    /// # Errors
    /// When the references cannot be read.
    fn pull_heads(&self) -> Result<String, Error>;

    /// The head of a pull request, open or not.
    ///
    /// # Errors
    /// When it was not fetched, or cannot be read.
    fn pull_head(&self, number: &str) -> Result<Commit, Error>;

    /// The files of `main` as if a pull request had been merged: those that it changes are as at its head, with what the
    /// main branch changed in them since.
    ///
    /// # Errors
    /// When a commit or a folder cannot be read.
    fn merged_tree(&self, main: &Commit, pull: &Pull) -> Result<Box<dyn Tree + Send>, Error>;

    /// Where the branch of `head` last met the main branch before it was merged, if it was.
    ///
    /// # Errors
    /// When one of them cannot be read, or they have no commit in common.
    fn fork(&self, head: &Commit, main: &Commit) -> Result<Commit, Error>;

    /// The files that differ between two commits, in whatever order those came, sorted.
    ///
    /// # Errors
    /// When a commit or a folder cannot be read.
    fn differing(&self, before: &Commit, after: &Commit) -> Result<Vec<String>, Error>;

    /// The commits behind one, parents before children, that one last; none behind `since`, which comes first.
    ///
    /// # Errors
    /// When a commit is missing that the clone should have, or cannot be read.
    fn behind(&self, newest: &Commit, which: Commits, since: Option<&Commit>) -> Result<Vec<Ancestor>, Error>;

    /// A reader of what differs between states.
    fn comparison(&self) -> Box<dyn Comparison + '_>;

    /// The bytes of a file's content.
    ///
    /// # Errors
    /// When it is not there, or too large.
    fn content(&self, id: ContentId) -> Result<Vec<u8>, ReadError>;
}

/// Compares states. One that is asked about neighbours in their order reads least.
pub trait Comparison {
    /// The files below some folders that differ between two states, sorted by path. A state is the id of its list of
    /// files; `None` is the one before the first commit.
    ///
    /// # Errors
    /// When a list of files is not there.
    fn between(
        &mut self,
        before: Option<ContentId>,
        after: ContentId,
        below: &[&str],
    ) -> Result<Vec<Difference>, Error>;
}

impl<H: History + ?Sized> History for &H {
    fn commit_at(&self, when: &When) -> Result<Commit, Error> {
        (**self).commit_at(when)
    }

    fn tree(&self, commit: &Commit) -> Result<Box<dyn Tree + Send>, Error> {
        (**self).tree(commit)
    }

    fn changed(&self, revision: &str, commit: &Commit) -> Result<Vec<String>, Error> {
        (**self).changed(revision, commit)
    }

    fn pulls(&self, main: &Commit, at: Timestamp) -> Result<Pulls, Error> {
        (**self).pulls(main, at)
    }

    fn pull_heads(&self) -> Result<String, Error> {
        (**self).pull_heads()
    }

    fn pull_head(&self, number: &str) -> Result<Commit, Error> {
        (**self).pull_head(number)
    }

    fn merged_tree(&self, main: &Commit, pull: &Pull) -> Result<Box<dyn Tree + Send>, Error> {
        (**self).merged_tree(main, pull)
    }

    fn fork(&self, head: &Commit, main: &Commit) -> Result<Commit, Error> {
        (**self).fork(head, main)
    }

    fn differing(&self, before: &Commit, after: &Commit) -> Result<Vec<String>, Error> {
        (**self).differing(before, after)
    }

    fn behind(&self, newest: &Commit, which: Commits, since: Option<&Commit>) -> Result<Vec<Ancestor>, Error> {
        (**self).behind(newest, which, since)
    }

    fn comparison(&self) -> Box<dyn Comparison + '_> {
        (**self).comparison()
    }

    fn content(&self, id: ContentId) -> Result<Vec<u8>, ReadError> {
        (**self).content(id)
    }
}
