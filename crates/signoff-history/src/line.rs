//! The first parents of a commit, one behind the other: what the main branch was when.

use gix::ObjectId;
use jiff::Timestamp;

use crate::Error;
use crate::commits::{Node, commit};

/// A commit and its first parents, read as far as somebody asked.
pub(crate) struct Line {
    /// Newest first.
    steps: Vec<Step>,
    next: Next,
}

/// A state of the branch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub(crate) id: ObjectId,
    /// Committer time.
    pub(crate) at: Timestamp,
}

/// What comes behind the last step that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// A commit that was not read yet.
    Commit(ObjectId),
    /// Nothing: the history begins there.
    Beginning,
    /// Older commits, which this shallow clone does not have.
    Cut,
}

impl Line {
    /// The line that begins with a commit.
    pub(crate) fn from(newest: ObjectId) -> Self {
        Self { steps: Vec::new(), next: Next::Commit(newest) }
    }

    /// Whether it begins with this commit.
    pub(crate) fn begins_with(&self, newest: ObjectId) -> bool {
        self.steps.first().map(|step| step.id) == Some(newest) || self.next == Next::Commit(newest)
    }

    /// The step this far behind the newest; `None` behind the last.
    ///
    /// # Errors
    /// When a commit is not there, or is not one.
    pub(crate) fn step(&mut self, repository: &gix::Repository, index: usize) -> Result<Option<Step>, Error> {
        while let (true, Next::Commit(id)) = (self.steps.len() <= index, self.next) {
            self.read(repository, id)?;
        }
        Ok(self.steps.get(index).copied())
    }

    /// All of it, newest first, and how it ends.
    ///
    /// # Errors
    /// As for [`Line::step`].
    pub(crate) fn whole(&mut self, repository: &gix::Repository) -> Result<(&[Step], Next), Error> {
        self.step(repository, usize::MAX)?;
        Ok((&self.steps, self.next))
    }

    fn read(&mut self, repository: &gix::Repository, id: ObjectId) -> Result<(), Error> {
        let found = match commit(repository, id) {
            Err(Error::MissingObject { .. }) if !self.steps.is_empty() && is_shallow(repository) => {
                self.next = Next::Cut;
                return Ok(());
            }
            found => Node::of(&found?)?,
        };
        self.steps.push(Step { id, at: found.at });
        self.next = match found.parents.first().copied() {
            None => Next::Beginning,
            // What is behind the cut may be here from another fetch, and then not all of it.
            Some(_) if is_cut_at(repository, id) => Next::Cut,
            Some(parent) => Next::Commit(parent),
        };
        Ok(())
    }
}

/// Whether older commits than some were left out of the clone.
pub(crate) fn is_shallow(repository: &gix::Repository) -> bool {
    repository.is_shallow().unwrap_or(false)
}

fn is_cut_at(repository: &gix::Repository, id: ObjectId) -> bool {
    let cut = repository.shallow_commits().ok().flatten();
    cut.is_some_and(|commits| commits.iter().any(|commit| *commit == id))
}
