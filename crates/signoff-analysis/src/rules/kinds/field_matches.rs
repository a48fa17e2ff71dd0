//! `field-matches`: the value of `field` must match `pattern`.
//!
//! Each entry of a YAML list must; a header's value is one text, commas included.

use super::{DeclaredRule, Look, texts};
use crate::rules::Report;

pub(super) fn check(rule: &DeclaredRule<'_>, look: &Look<'_>, report: &mut Report<'_>) {
    let Some(pair) = rule.field(look) else { return };
    for item in texts(&pair.node) {
        if rule.found(item.text).is_none() {
            let message = rule.message(item.text, |value| {
                let pattern = rule.declaration.pattern.as_deref().unwrap_or_default();
                format!("`{}` is `{value}`, which does not match `{pattern}`", rule.field_name())
            });
            report.metadata(look.proposal, item.span, message);
        }
    }
}
