//! What every history can be asked.

use jiff::Timestamp;
use signoff_model::Tree;
use signoff_model::tree::{ContentId, ReadError};

use crate::{Ancestor, Commits, Difference, Error, When};

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
