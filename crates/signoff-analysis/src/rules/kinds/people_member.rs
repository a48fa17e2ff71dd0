//! `people-member`: among the entries of `field` is a member of `alias`, or one with the comment `mark`.
//!
//! The alias itself counts as its members. Where the repository does not say who is in the alias, nobody can
//! tell, and nothing is reported.

use signoff_model::people::{self, Person};
use signoff_model::profile::StatusClass;

use super::owners_mark::marked;
use super::{DeclaredRule, Look};
use crate::rules::Report;

/// Most members that a help names.
const NAMED_MAX: usize = 10;

pub(super) fn check(rule: &DeclaredRule<'_>, look: &Look<'_>, report: &mut Report<'_>) {
    let Some(alias) = rule.declaration.alias.as_deref() else { return };
    let (aliases, prepared) = (&look.corpus.aliases, &look.corpus.prepared);
    let (true, Some(pair)) = (aliases.has(alias), rule.field(look)) else { return };
    let items = look.proposal.items_of(prepared, &pair.node);
    let nobody = |text: &str| {
        text.trim().is_empty() || Person::parse(text, &prepared.profile.people.placeholders) == Person::Placeholder
    };
    // Of accepted work `people-missing` and `people-placeholder` say that nobody is named.
    let accepted = matches!(look.proposal.class(prepared), StatusClass::Accepted | StatusClass::Done);
    if accepted && items.iter().all(|item| nobody(item.text)) {
        return;
    }
    let member = |text: &str| {
        let handle = people::handle_of(text, &prepared.profile.people);
        handle.is_some_and(|handle| handle == alias || aliases.member(alias, handle).is_some())
    };
    let is_marked = || rule.declaration.mark.as_deref().is_some_and(|mark| !marked(rule, look, mark).is_empty());
    if items.iter().any(|item| member(item.text)) || is_marked() {
        return;
    }
    let message = rule.message("", |_| format!("`{}` names no member of `{alias}`", rule.field_name()));
    let members: Vec<&str> = aliases.members(alias).take(NAMED_MAX).collect();
    report.metadata(look.proposal, pair.key_span, message).help(format!("in {alias} are {}", members.join(", ")));
}
