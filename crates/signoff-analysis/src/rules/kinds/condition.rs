//! `condition`: a CEL condition (`when`) that must not hold.
//!
//! The finding stands at `field`, else at the heading of `section`, else at line 1 of the metadata.

use signoff_model::{Span, wording};

use super::{DeclaredRule, Look};
use crate::rules::Report;

pub(super) fn check(rule: &DeclaredRule<'_>, look: &Look<'_>, report: &mut Report<'_>) {
    let Some(condition) = rule.declaration.when.as_deref() else { return };
    let own = |_: &str| format!("`{condition}` holds, which must not be");
    if let Some(pair) = rule.field(look) {
        let span = if pair.node.span.is_empty() { pair.key_span } else { pair.node.span };
        report.metadata(look.proposal, span, rule.message(pair.node.text().unwrap_or_default(), own));
        return;
    }
    match heading(rule, look) {
        Some(span) => report.prose(look.proposal, span, rule.message("", own)),
        None => report.missing(look.proposal, rule.message("", own)),
    };
}

fn heading(rule: &DeclaredRule<'_>, look: &Look<'_>) -> Option<Span> {
    let words = wording::words(rule.declaration.section.as_deref()?);
    let prose = look.proposal.prose.as_ref()?;
    let heading = prose.document.body.section(&words)?.heading.of(&prose.source.text).trim_end();
    Some(Span::of_slice(&prose.source.text, heading))
}
