//! `field-length`: the value of `field` has between `min` and `max` characters.

use super::{DeclaredRule, Look, texts};
use crate::rules::Report;

pub(super) fn check(rule: &DeclaredRule<'_>, look: &Look<'_>, report: &mut Report<'_>) {
    let Some(pair) = rule.field(look) else { return };
    for item in texts(&pair.node) {
        let length = item.text.trim().chars().count();
        let flaw = match (rule.declaration.min, rule.declaration.max) {
            (Some(min), _) if length < min => format!("at least {min}"),
            (_, Some(max)) if length > max => format!("at most {max}"),
            _ => continue,
        };
        let message = rule
            .message(item.text, |_| format!("`{}` has {length} characters; {flaw} are asked for", rule.field_name()));
        report.metadata(look.proposal, item.span, message);
    }
}
