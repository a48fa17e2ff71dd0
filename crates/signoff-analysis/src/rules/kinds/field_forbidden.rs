//! `field-forbidden`: `field` must be absent; `when` says of which proposals.

use super::{DeclaredRule, Look};
use crate::rules::Report;

pub(super) fn check(rule: &DeclaredRule<'_>, look: &Look<'_>, report: &mut Report<'_>) {
    let Some(pair) = rule.field(look) else { return };
    let message =
        rule.message(pair.node.text().unwrap_or_default(), |_| format!("`{}` does not belong here: drop it", pair.key));
    report.metadata(look.proposal, pair.key_span, message);
}
