//! The kind of work that a proposal is in a release.

use signoff_model::profile::{Basis, DecisionClass};
use signoff_model::{Corpus, Proposal};

use super::ForgeView;
use super::look::Target;
use super::predicates::forge::labelled;
use crate::condition::Conditions;

/// A class of the decision table.
pub type Class<'p> = Option<&'p DecisionClass>;

/// The first class that fits. One that only another source could tell is passed over where that source does not: without
/// it nobody knows of a proposal of that class, and the others are right for most.
pub(super) fn of<'p>(
    (corpus, proposal): (&'p Corpus, &Proposal),
    target: &Target,
    conditions: &Conditions<'_>,
    forge: Option<ForgeView<'_>>,
) -> Class<'p> {
    let prepared = &corpus.prepared;
    let reaches = || {
        let stage = target.stage.as_deref();
        stage.is_some_and(|stage| proposal.milestone(prepared, stage) == Some(target.release)) || target.is_reached_then
    };
    prepared.profile.signoff.class.iter().find(|class| {
        let fits = class.condition.as_deref().is_none_or(|condition| conditions.hold(condition, proposal));
        let is_told = match class.basis {
            None => true,
            Some(Basis::Forge) if !class.labels.is_empty() => {
                let own = &prepared.profile.forge.proposals;
                forge.and_then(|view| labelled(view, own, proposal, &class.labels)) == Some(true)
            }
            Some(_) => false,
        };
        is_told && fits && (!class.reaches_stage || reaches())
    })
}
