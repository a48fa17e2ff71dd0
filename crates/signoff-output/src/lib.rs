//! Every output format: what a command found, as text for people or as data for programs.
//!
//! Start at [`check`], which writes findings (each format is one file), or [`proposal`], which writes one proposal;
//! [`query`] writes a table of proposals, [`diff`] what changed between two states, [`export`] a whole corpus, [`baseline`] the accepted findings. The types
//! behind the JSON are our own and carry a schema name; [`schemas`] describes each.
//!
//! **Invariant:** output goes to the writer that is passed in; no other I/O, no clock, no environment.
//! The same input gives the same bytes. `clippy.toml` beside this crate enforces the first half.

pub mod audit;
pub mod baseline;
pub mod calendar;
mod chart;
pub mod check;
pub mod checklist;
pub mod cleanup;
pub mod clock;
pub mod cluster;
pub mod comment;
pub mod delivery;
pub mod diff;
pub mod export;
pub mod gates;
mod paint;
pub mod patch;
mod places;
pub mod playbook;
pub mod proposal;
pub mod query;
pub mod queue;
pub mod rule;
pub mod schemas;
pub mod search;
pub mod stale;
pub mod standpoint;
pub mod statistics;
pub mod status;
mod table;
pub mod timeline;
pub mod todo;
pub mod upgrade;
mod visible;
pub mod why;

pub use places::{Places, Region};
pub use visible::{visible, visible_lines};

use std::io::{self, Write};

use serde::Serialize;

/// How terminal output looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whether to use colours.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Default for Look {
    fn default() -> Self {
        Self { color: false, width: 100 }
    }
}

/// Writes a value as one line of JSON, in which nothing steers a terminal.
fn write_json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, visible::Json))?;
    out.write_all(b"\n")
}
