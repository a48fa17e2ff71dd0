//! The commands, one file each.

pub mod check;
pub mod completions;
pub mod diff;
pub mod export;
pub mod list;
pub mod query;
pub mod rule;
pub mod search;
pub mod show;
pub mod standing;
pub mod status;
pub mod timeline;
pub mod why;
