//! `field-excludes`: the value of `field` must not match `pattern`. The first match is shown.

use signoff_model::Span;

use super::{DeclaredRule, Look, texts};
use crate::rules::Report;

pub(super) fn check(rule: &DeclaredRule<'_>, look: &Look<'_>, report: &mut Report<'_>) {
    let Some(pair) = rule.field(look) else { return };
    for item in texts(&pair.node) {
        let Some(found) = rule.found(item.text) else { continue };
        let message = rule
            .message(found, |value| format!("`{}` holds `{value}`, which does not belong there", rule.field_name()));
        report.metadata(look.proposal, place(look, item.text, found, item.span), message);
    }
}

/// Where a match stands: exactly, when the value stands in the file as it is, else the whole value.
fn place(look: &Look<'_>, text: &str, found: &str, span: Span) -> Span {
    if look.proposal.source.slice(span) != text {
        return span;
    }
    let inside = Span::of_slice(text, found);
    Span { start: span.start + inside.start, end: span.start + inside.end }
}
