//! `field-order`: the keys of the metadata stand in the order of `values`. Other keys may stand anywhere.
//!
//! One finding per proposal, at the first key that stands too late: the others often follow from it.

use super::{DeclaredRule, Look};
use crate::rules::Report;

pub(super) fn check(rule: &DeclaredRule<'_>, look: &Look<'_>, report: &mut Report<'_>) {
    let mut furthest: Option<(usize, &str)> = None;
    for pair in look.proposal.metadata.root.pairs() {
        let key = look.corpus.prepared.canonical_key(&pair.key);
        let Some(place) = rule.places.get(key).copied() else { continue };
        match furthest {
            Some((before, name)) if place < before => {
                let message = rule.message(&pair.key, |value| format!("`{value}` belongs before `{name}`"));
                report.metadata(look.proposal, pair.key_span, message);
                return;
            }
            _ => furthest = Some((place, &pair.key)),
        }
    }
}
