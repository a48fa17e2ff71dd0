//! Every output format: what a command found, as text for people or as data for programs.
//!
//! Start at [`check`], which writes findings (each format is one file), or [`proposal`], which writes
//! one proposal; [`export`] writes a whole corpus, [`query`] a table of proposals, [`baseline`] the accepted findings. The types
//! behind the JSON are our own and carry a schema name; [`schemas`] describes each.
//!
//! **Invariant:** output goes to the writer that is passed in; no other I/O, no clock, no environment.
//! The same input gives the same bytes. `clippy.toml` beside this crate enforces the first half.

pub mod baseline;
pub mod check;
pub mod export;
mod paint;
mod places;
pub mod proposal;
pub mod query;
pub mod rule;
pub mod schemas;
pub mod search;
mod table;
mod visible;

pub use visible::visible_lines;

pub use places::{Places, Region};

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

/// Writes a value as one line of JSON.
fn write_json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}
