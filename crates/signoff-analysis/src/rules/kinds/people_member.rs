//! `people-member`: among the entries of `field` is a member of `alias`, or one with the comment `mark`.
//!
//! Where the repository does not say who is in the alias, nobody can tell, and nothing is reported.

use signoff_model::people;

use super::owners_mark::marked;
use super::{DeclaredRule, Look};
use crate::rules::Report;

pub(super) fn check(rule: &DeclaredRule<'_>, look: &Look<'_>, report: &mut Report<'_>) {
    let Some(alias) = rule.declaration.alias.as_deref() else { return };
    let (aliases, prepared) = (&look.corpus.aliases, &look.corpus.prepared);
    let (true, Some(pair)) = (aliases.has(alias), rule.field(look)) else { return };
    let items = look.proposal.items_of(prepared, &pair.node);
    let member = |text: &str| {
        let handle = people::handle_of(text, &prepared.profile.people);
        handle.is_some_and(|handle| aliases.member(alias, handle).is_some())
    };
    let is_marked = || rule.declaration.mark.as_deref().is_some_and(|mark| !marked(rule, look, mark).is_empty());
    if items.is_empty() || items.iter().any(|item| member(item.text)) || is_marked() {
        return;
    }
    let message = rule.message("", |_| format!("`{}` names no member of `{alias}`", rule.field_name()));
    report.metadata(look.proposal, pair.key_span, message);
}
