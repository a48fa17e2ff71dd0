//! `owners-mark`: the entries of `field` with the comment `mark`, and the folder's OWNERS file, name
//! the same people.
//!
//! A field that means reviewers is compared with the file's reviewers, any other with its approvers.

use std::collections::{BTreeMap, BTreeSet};

use signoff_model::profile::Meaning;
use signoff_model::proposal::Item;
use signoff_model::{Span, people};

use super::{DeclaredRule, Look};
use crate::rules::Report;

pub(super) fn check(rule: &DeclaredRule<'_>, look: &Look<'_>, report: &mut Report<'_>) {
    let Some(mark) = rule.declaration.mark.as_deref() else { return };
    let marked = marked(rule, look, mark);
    if look.proposal.owners.as_ref().is_some_and(|owners| owners.unread.is_some()) {
        return;
    }
    let Some(owners) = &look.proposal.owners else {
        if let Some(first) = marked.first() {
            let message = rule.message(first.text, |value| {
                format!("`{value}` is marked `{mark}`, but the folder has no OWNERS file that names them")
            });
            let help = format!("write an OWNERS file with the marked people, or remove the mark `{mark}`");
            report.metadata(look.proposal, first.span, message).help(help);
        }
        return;
    };
    let (list, names) =
        if is_reviewers(rule, look) { ("reviewers", &owners.reviewers) } else { ("approvers", &owners.approvers) };
    let mut seen = BTreeSet::new();
    for item in marked {
        let Some(handle) = handle(look, item.text) else { continue };
        if !names.contains(&handle) {
            let message = rule
                .message(item.text, |value| format!("`{value}` is marked `{mark}` but not among the {list} of OWNERS"));
            let help = format!("add `{handle}` to the {list} of {}, or remove the mark", owners.source.path);
            report.metadata(look.proposal, item.span, message).help(help);
        }
        seen.insert(handle);
    }
    let unmarked: Vec<&String> = names.difference(&seen).collect();
    if unmarked.is_empty() {
        return;
    }
    let places = places(rule, look);
    let field = rule.field(look).map_or_else(Span::default, |pair| pair.key_span);
    for name in unmarked {
        let message =
            rule.message(name, |value| format!("`{value}` is among the {list} of OWNERS but not marked `{mark}` here"));
        let help = match places.get(name) {
            Some(_) => format!("write `# {mark}` behind the entry, or remove `{name}` from the {list} of OWNERS"),
            None => format!("add `\"@{name}\" # {mark}` here, or remove `{name}` from the {list} of OWNERS"),
        };
        report.metadata(look.proposal, places.get(name).copied().unwrap_or(field), message).help(help);
    }
}

/// Where each person of the field stands, by handle.
fn places(rule: &DeclaredRule<'_>, look: &Look<'_>) -> BTreeMap<String, Span> {
    let items = entries(rule, look).into_iter();
    items.filter_map(|item| Some((handle(look, item.text)?, item.span))).collect()
}

fn is_reviewers(rule: &DeclaredRule<'_>, look: &Look<'_>) -> bool {
    let field = look.corpus.prepared.profile.fields.get(rule.field_name());
    field.is_some_and(|field| field.meaning == Some(Meaning::Reviewers))
}

/// The entries of the rule's field that carry the mark in the comment behind them.
pub(super) fn marked<'p>(rule: &DeclaredRule<'_>, look: &Look<'p>, mark: &str) -> Vec<Item<'p>> {
    let source = &look.proposal.source;
    let carries = |item: &Item<'_>| {
        let comment = look.proposal.metadata.comment_behind(source, item.span.end);
        comment.is_some_and(|comment| comment.split(|c: char| c.is_whitespace() || c == ',').any(|word| word == mark))
    };
    entries(rule, look).into_iter().filter(carries).collect()
}

fn entries<'p>(rule: &DeclaredRule<'_>, look: &Look<'p>) -> Vec<Item<'p>> {
    let items = |pair: &'p signoff_model::node::Pair| look.proposal.items_of(&look.corpus.prepared, &pair.node);
    rule.field(look).map(items).unwrap_or_default()
}

/// The handle of an entry as OWNERS files compare it: without `@`, in lower case.
fn handle(look: &Look<'_>, text: &str) -> Option<String> {
    people::handle_of(text, &look.corpus.prepared.profile.people).map(str::to_ascii_lowercase)
}
