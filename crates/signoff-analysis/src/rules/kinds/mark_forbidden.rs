//! `mark-forbidden`: no entry of `field` carries the comment `mark`.

use super::owners_mark::marked;
use super::{DeclaredRule, Look};
use crate::rules::Report;

pub(super) fn check(rule: &DeclaredRule<'_>, look: &Look<'_>, report: &mut Report<'_>) {
    let Some(mark) = rule.declaration.mark.as_deref() else { return };
    for item in marked(rule, look, mark) {
        let message = rule.message(item.text, |value| format!("`{value}` must not be marked `{mark}` here"));
        report.metadata(look.proposal, item.span, message);
    }
}
