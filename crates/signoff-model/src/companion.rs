//! Companions: files that record something about a proposal, such as the approval of a review.

use std::sync::Arc;

use crate::metadata::Metadata;
use crate::node::{Node, Pair};
use crate::profile::Companion;
use crate::source::Source;
use crate::tree::ReadError;

/// A companion of a proposal, or one that no proposal claims.
#[derive(Clone, Debug)]
pub struct Record {
    /// Index of the companion in the profile.
    pub companion: usize,
    /// Where it is, or would be.
    pub path: Arc<str>,
    /// What it says, or why it could not be read.
    pub content: Result<RecordContent, ReadError>,
}

/// What a companion file says.
#[derive(Clone, Debug)]
pub struct RecordContent {
    /// The text.
    pub source: Arc<Source>,
    /// The values.
    pub metadata: Arc<Metadata>,
}

impl Record {
    /// Whether the file is there, readable or not.
    #[must_use]
    pub fn exists(&self) -> bool {
        !matches!(self.content, Err(ReadError::Missing))
    }

    /// The entry of a stage; `None` when it is absent, or could not be read.
    #[must_use]
    pub fn entry(&self, stage: &str) -> Option<&Pair> {
        self.content.as_ref().ok()?.metadata.root.pair(stage).filter(|pair| !pair.node.is_unread())
    }

    /// The approver's name in the entry of a stage, as written.
    #[must_use]
    pub fn approver(&self, rule: &Companion, stage: &str) -> Option<&Node> {
        self.entry(stage)?.node.get(&rule.approver)
    }
}
