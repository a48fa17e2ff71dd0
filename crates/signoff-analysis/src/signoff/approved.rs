//! A proposal as it was when its stage was last approved, and what was answered otherwise since.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use signoff_model::Proposal;
use signoff_model::metadata::Metadata;
use signoff_model::profile::Prepared;
use signoff_model::proposal::Document;

use crate::comparison::{self, ChangeKind};

/// A proposal as it was when its stage was last approved.
#[derive(Clone)]
pub struct Approved {
    /// Full id of the commit.
    pub commit: Arc<str>,
    /// When it came to the main branch.
    pub at: Timestamp,
    /// The proposal then.
    pub proposal: Arc<Proposal>,
    changed: Arc<Mutex<Option<Changed>>>,
}

/// What a proposal says now, and the questions whose answers changed.
type Changed = (Arc<Metadata>, Option<Arc<Document>>, Arc<[String]>);

impl Approved {
    /// A proposal that a commit approved.
    #[must_use]
    pub fn new(commit: Arc<str>, at: Timestamp, proposal: Arc<Proposal>) -> Self {
        Self { commit, at, proposal, changed: Arc::default() }
    }

    /// The questions that were answered otherwise then than in the proposal as it is now. What came out is kept for the
    /// next time that it is the same.
    pub(crate) fn changed_answers(&self, prepared: &Prepared, now: &Proposal) -> Arc<[String]> {
        let document = now.prose.as_ref().map(|prose| &prose.document);
        let is_same = |(metadata, known, _): &&Changed| {
            Arc::ptr_eq(metadata, &now.metadata) && known.as_ref().map(Arc::as_ptr) == document.map(Arc::as_ptr)
        };
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((.., answers)) = changed.as_ref().filter(is_same) {
            return Arc::clone(answers);
        }
        let changes = comparison::compare_proposals(prepared, Some(&self.proposal), Some(now));
        let of_answers = changes.into_iter().filter(|change| change.kind == ChangeKind::Answer);
        let answers: Arc<[String]> = of_answers.filter_map(|change| change.subject).collect();
        *changed = Some((Arc::clone(&now.metadata), document.cloned(), Arc::clone(&answers)));
        answers
    }
}
