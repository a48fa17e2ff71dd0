//! `link-excludes`: links that match `pattern` are not allowed unless they match one of `values`.

use super::{DeclaredRule, Look};
use crate::rules::Report;

pub(super) fn check(rule: &DeclaredRule<'_>, look: &Look<'_>, report: &mut Report<'_>) {
    let Some(document) = look.proposal.document() else { return };
    for link in &document.body.links {
        let excepted = || rule.exceptions.iter().any(|exception| exception.is_match(&link.target));
        if rule.found(&link.target).is_some() && !excepted() {
            let message = rule.message(&link.target, |value| format!("a link may not lead to `{value}`"));
            report.prose(look.proposal, link.span, message);
        }
    }
}
