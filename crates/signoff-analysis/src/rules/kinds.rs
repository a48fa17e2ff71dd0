//! The built-in kinds of rules that a profile may use under its own codes.

use signoff_model::{Corpus, Proposal};

use super::Report;

/// Runs the rules that the profile declares.
pub(super) fn run(_corpus: &Corpus, _proposal: &Proposal, _report: &mut Report<'_>) {}
