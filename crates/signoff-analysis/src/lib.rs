//! Pure questions over a [`signoff_model::Corpus`].
//!
//! Start at [`rules::check`], which reports what is wrong; [`condition`] evaluates the CEL of
//! profiles and of `--where`, and [`query`] makes tables of proposals with it; [`comparison`] tells what changed between
//! two states; [`cluster`] tells what is on in a cluster, and [`playbook`] how it is turned off.
//!
//! **Invariant:** no I/O, no clock, no environment; the same corpus gives the same answer.
//! `clippy.toml` beside this crate enforces it.

pub mod additions;
pub mod authoring;
mod calendars;
pub mod claims;
pub mod cleanup;
pub mod cluster;
pub mod comparison;
pub mod condition;
pub mod configuration;
pub mod course;
pub mod cycle;
pub mod delivery;
pub mod gates;
mod names;
mod places;
pub mod playbook;
pub mod profiles;
pub mod query;
pub mod rules;
pub mod signoff;
pub mod stale;
pub mod statistics;
pub mod upgrade;
pub mod waivers;
