//! What an answer from the history stands on, the same in every output that has one.

use std::io::{self, Write};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::Look;
use crate::visible::visible;

/// What an answer stands on.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Standpoint {
    /// The instant for which this is said.
    #[schemars(with = "String")]
    pub instant: Timestamp,
    /// The commit whose files were read; null for a work tree.
    pub commit: Option<String>,
    /// The commit before which nothing is known; null when the whole history was read.
    pub known_from: Option<KnownFrom>,
    /// How many files of older commits are not in this clone; what they said is not known.
    pub unread_files: usize,
    /// What else cannot be known, and why.
    pub notes: Vec<String>,
}

/// Where what is known begins.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct KnownFrom {
    /// Full id of the commit.
    pub commit: String,
    /// When it was committed.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// Why nothing is known before, and what to do about it.
    pub reason: String,
}

impl Standpoint {
    /// Writes the line below a title, and the notes.
    pub(crate) fn write(&self, look: Look, out: &mut dyn Write) -> io::Result<()> {
        let state = match &self.commit {
            Some(commit) => format!("commit {}", commit.get(..10).unwrap_or(commit)),
            None => "the files as they are".to_owned(),
        };
        writeln!(out, "{}", look.faint(&format!("as of {}, {state}", minute(self.instant))))?;
        if let Some(KnownFrom { commit, at, reason }) = &self.known_from {
            let commit = commit.get(..10).unwrap_or(commit);
            writeln!(out, "known from {} ({commit}) on: {}", date(*at), visible(reason))?;
        }
        if self.unread_files > 0 {
            let files = counted(self.unread_files, "file");
            writeln!(out, "{files} of older commits could not be read; what was said there is not known")?;
        }
        for note in &self.notes {
            writeln!(out, "note: {}", visible(note))?;
        }
        Ok(())
    }
}

/// An instant to the minute.
pub(crate) fn minute(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// The day of an instant, in UTC.
pub(crate) fn date(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%d").to_string()
}

/// `1 proposal`, `2 proposals`.
#[must_use]
pub fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}
