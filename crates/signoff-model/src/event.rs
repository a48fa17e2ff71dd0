//! Things that happened to a proposal, as read from its history.

use std::sync::Arc;

pub mod standing;

pub use standing::{Change, Standing};

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
    /// The first change of an answer since the last approval of the stage.
    Questionnaire,
    /// The proposal disappeared.
    Removed,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Created,
        Self::Status,
        Self::Stage,
        Self::Milestone,
        Self::Approved,
        Self::Retitled,
        Self::Moved,
        Self::Gate,
        Self::Answer,
        Self::Questionnaire,
        Self::Removed,
    ];

    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Status => "status",
            Self::Stage => "stage",
            Self::Milestone => "milestone",
            Self::Approved => "approved",
            Self::Retitled => "retitled",
            Self::Moved => "moved",
            Self::Gate => "gate",
            Self::Answer => "answer",
            Self::Questionnaire => "questionnaire",
            Self::Removed => "removed",
        }
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, by the commit that brought it to the main branch.
    pub at: jiff::Timestamp,
    /// Full id of that commit.
    pub commit: Arc<str>,
    /// Path of the proposal, as it is at the end of what was read: events of a moved one stay together.
    pub proposal: Arc<str>,
    /// What happened.
    pub kind: EventKind,
    /// What it happened to, where the kind alone does not say: the stage of a milestone (`latest` for the latest
    /// one) or of an approval, the id of a question, the name of a gate.
    pub subject: Option<Arc<str>>,
    /// The value before, if there was one.
    pub from: Option<String>,
    /// The value after, if there is one.
    pub to: Option<String>,
    /// Whether the commit changed dozens of proposals at once, so that it is no sign of work on this one.
    pub sweep: bool,
    /// Who wrote the change, as git names them; known where every commit was read, and not merges alone.
    pub author: Option<Arc<str>>,
}

/// A commit of the main branch that changed files of a proposal, whatever it changed in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touch {
    /// When it came to the main branch.
    pub at: jiff::Timestamp,
    /// Full id of the commit.
    pub commit: Arc<str>,
    /// Path of the proposal, as it is at the end of what was read.
    pub proposal: Arc<str>,
    /// Who wrote the change: the handle where the history tells it, else the name; `None` where only a machine that
    /// merges is named.
    pub by: Option<Toucher>,
    /// Whether the commit changed dozens of proposals at once.
    pub sweep: bool,
}

/// Who changed something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Toucher {
    /// By the name on the forge, without `@`.
    Handle(Arc<str>),
    /// As git names them: `Name <address>`.
    Name(Arc<str>),
}
