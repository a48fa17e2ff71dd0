//! What was read beside the files of now, kept for the next time that the same is asked by the same process.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use signoff_analysis::signoff::{Approved, OpenPull};
use signoff_model::Release;

/// Pull requests and proposals of the past.
#[derive(Default)]
pub struct Kept {
    pulls: Mutex<Option<(About, Pulls)>>,
    approved: Mutex<HashMap<Approval, Option<Approved>>>,
    heads: Mutex<Option<String>>,
}

/// The open ones; `None` where no head was fetched.
pub(super) type Pulls = Option<Arc<[OpenPull]>>;

/// All that tells which pull requests are about a release.
#[derive(PartialEq, Eq)]
pub(super) struct About {
    /// Full id of the newest commit.
    pub newest: String,
    /// The heads.
    pub heads: String,
    /// The release.
    pub release: Release,
    /// Paths of the proposals that are meant for it.
    pub meant: BTreeSet<Arc<str>>,
}

/// A commit, and the path and number of now of a proposal that it approved.
pub(super) type Approval = (Arc<str>, Arc<str>, String);

impl Kept {
    /// The heads of pull requests as one value.
    pub(super) fn heads(&self, read: impl FnOnce() -> anyhow::Result<String>) -> anyhow::Result<String> {
        let mut heads = self.heads.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*heads {
            return Ok(known.clone());
        }
        Ok(heads.insert(read()?).clone())
    }

    /// Forgets the heads, which may be others by now.
    pub fn forget_heads(&self) {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// The pull requests of last time, if they are about the same; else those that are read now.
    pub(super) fn pulls(
        &self,
        about: About,
        read: impl FnOnce(&About) -> anyhow::Result<Pulls>,
    ) -> anyhow::Result<Pulls> {
        let mut kept = self.pulls.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = kept.as_ref().filter(|(known, _)| *known == about) {
            return Ok(known.clone());
        }
        let found = read(&about)?;
        Ok(kept.insert((about, found)).1.clone())
    }

    /// A proposal as a commit approved it.
    pub(super) fn approved(
        &self,
        approval: Approval,
        read: impl FnOnce() -> anyhow::Result<Option<Approved>>,
    ) -> anyhow::Result<Option<Approved>> {
        let kept = || self.approved.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().get(&approval) {
            return Ok(known.clone());
        }
        let found = read()?;
        kept().insert(approval, found.clone());
        Ok(found)
    }
}
