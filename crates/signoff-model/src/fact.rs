//! What sources outside a proposal say. A fact that could not be looked up is unknown, never false.

use std::sync::Arc;

/// Something that was looked up, or could not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Knowledge<T> {
    /// Looked up.
    Known(T),
    /// Could not be looked up, and why.
    Unknown(Arc<str>),
}

impl<T> Knowledge<T> {
    /// The value, if it is known.
    #[must_use]
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }
}

/// Where a fact was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// Name of the source, e.g. `git` or `kubernetes`.
    pub source: Arc<str>,
    /// Version of the source: a release or a commit.
    pub version: Arc<str>,
    /// File in the source.
    pub path: Arc<str>,
    /// Line in the file, from 1.
    pub line: Option<usize>,
    /// The quoted text.
    pub text: String,
}

/// Something a source says about a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Kind of the subject, e.g. `gate` or `metric`.
    pub kind: Arc<str>,
    /// Name of the subject.
    pub subject: Arc<str>,
    /// Which property, e.g. `stage` or `default`.
    pub property: Arc<str>,
    /// What the source says.
    pub value: Knowledge<String>,
    /// Where it says so.
    pub evidence: Evidence,
}
