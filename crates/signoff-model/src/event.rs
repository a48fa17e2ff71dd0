//! Things that happened to a proposal, as read from its history.

use std::sync::Arc;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// The proposal appeared.
    Created,
    /// Its status changed.
    Status,
    /// Its stage changed.
    Stage,
    /// A milestone was set or moved.
    Milestone,
    /// An approval was recorded.
    Approved,
    /// Its title changed.
    Retitled,
    /// Its folder or file was renamed.
    Moved,
    /// A feature gate was added, renamed or dropped.
    Gate,
    /// An answer was written, changed or emptied.
    Answer,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, by the commit that brought it to the main branch.
    pub at: jiff::Timestamp,
    /// Full id of that commit.
    pub commit: Arc<str>,
    /// Path of the proposal.
    pub proposal: Arc<str>,
    /// What happened.
    pub kind: EventKind,
    /// The value before, if there was one.
    pub from: Option<String>,
    /// The value after, if there is one.
    pub to: Option<String>,
    /// Whether the commit changed dozens of proposals at once.
    pub sweep: bool,
}
