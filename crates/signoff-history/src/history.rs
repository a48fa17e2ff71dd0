//! What every history can be asked.

use jiff::Timestamp;
use signoff_model::Tree;

use crate::{Error, Pulls, When};

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
}
