//! The kind of work that a proposal is in a release.

use signoff_model::profile::DecisionClass;
use signoff_model::{Corpus, Proposal};

use super::look::Target;
use crate::condition::Conditions;

/// A class of the decision table.
pub type Class<'p> = Option<&'p DecisionClass>;

/// The first class that fits. One that only another source could tell is passed over: without that source nobody
/// knows of a proposal of that class, and the others are right for most.
pub(super) fn of<'p>(
    corpus: &'p Corpus,
    proposal: &Proposal,
    target: &Target,
    conditions: &Conditions<'_>,
) -> Class<'p> {
    let prepared = &corpus.prepared;
    let reaches = || {
        let stage = target.stage.as_deref();
        stage.is_some_and(|stage| proposal.milestone(prepared, stage) == Some(target.release)) || target.is_reached_then
    };
    prepared.profile.signoff.class.iter().find(|class| {
        let fits = class.condition.as_deref().is_none_or(|condition| conditions.hold(condition, proposal));
        class.basis.is_none() && fits && (!class.reaches_stage || reaches())
    })
}
