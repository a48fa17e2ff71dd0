//! The commands, one file each.

pub mod audit;
pub mod calendar;
pub mod check;
pub mod checklist;
pub mod cluster;
pub mod comment;
pub mod completions;
pub mod data;
pub mod diff;
pub mod evidence;
pub mod export;
#[cfg(feature = "forge")]
pub mod forge;
mod gathered;
pub mod list;
pub mod playbook;
pub mod query;
pub mod queue;
pub mod rule;
pub mod search;
pub mod serve;
pub mod shipped;
pub mod show;
pub mod site;
pub mod slipped;
pub mod stale;
pub mod standing;
pub mod stats;
pub mod status;
pub mod sweep;
pub mod timeline;
pub mod todo;
pub mod told;
pub mod upgrade;
pub mod why;
