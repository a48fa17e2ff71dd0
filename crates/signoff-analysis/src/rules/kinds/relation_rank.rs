//! `relation-rank`: the proposals that `field` names have come at least as far as this one, by `ranks`.
//!
//! What a reference leads nowhere, or to a proposal whose status has no rank, is other rules' business.

use super::{DeclaredRule, Look};
use crate::rules::Report;

pub(super) fn check(rule: &DeclaredRule<'_>, look: &Look<'_>, report: &mut Report<'_>) {
    let prepared = &look.corpus.prepared;
    let Some(own_status) = look.proposal.status(prepared) else { return };
    let (Some(own), Some(pair)) = (rule.places.get(own_status), rule.field(look)) else { return };
    for item in look.proposal.items_of(prepared, &pair.node) {
        let Some(index) = look.corpus.referenced_proposal(look.proposal, item.text) else { continue };
        let target = &look.corpus.proposals[index];
        let Some(status) = target.status(prepared) else { continue };
        if rule.places.get(status).is_some_and(|rank| rank < own) {
            let message = rule.message(item.text, |value| {
                format!("`{value}` is {status}, not as far as this proposal, which is {own_status}")
            });
            report.metadata(look.proposal, item.span, message);
        }
    }
}
