//! `handle-malformed`: a person who is not written as a handle.

use signoff_model::people::Person;
use signoff_model::profile::{FieldKind, PeopleStyle};
use signoff_model::proposal::Item;
use signoff_model::{Corpus, Fix, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "handle-malformed",
    severity: Severity::Warning,
    page: include_str!("handle_malformed.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    if prepared.profile.people.style != PeopleStyle::Handle {
        return;
    }
    for (name, field) in &prepared.profile.fields {
        if !matches!(field.kind, FieldKind::People | FieldKind::Person) {
            continue;
        }
        let Some(pair) = proposal.field(prepared, name) else { continue };
        for item in proposal.items_of(prepared, &pair.node) {
            look(corpus, proposal, item, report);
        }
    }
}

fn look(corpus: &Corpus, proposal: &Proposal, item: Item<'_>, report: &mut Report<'_>) {
    match Person::parse(item.text, &corpus.prepared.profile.people.placeholders) {
        Person::Bare(name) => {
            let people = &corpus.prepared.profile.people;
            if let Some(file) = people.aliases.as_deref().filter(|_| corpus.aliases.has(name)) {
                let message = format!("`{name}` is a group of {file}, not a person");
                report.metadata(proposal, item.span, message).help("name those of its members who are meant");
                return;
            }
            let message = format!("`{name}` lacks the `@`; a handle is written `@{name}`");
            report.metadata(proposal, item.span, message).fix(handle_fix(proposal, item, name));
        }
        Person::Malformed(handle) => {
            let message = format!("`{}` is no handle such as `@name`", item.text.trim());
            let found = report.metadata(proposal, item.span, message);
            if let Some(name) = handle {
                let around = item
                    .text
                    .trim()
                    .trim_matches(['“', '”', '‘', '’', '"', '\'', '`', '@', '<', '>', ',', '(', ')', ' ']);
                if around == name {
                    found.fix(handle_fix(proposal, item, name));
                } else {
                    found.help(format!("write `@{name}`, and what else is to be said in a comment behind it"));
                }
            }
        }
        Person::Handle(_) | Person::Placeholder => {}
    }
}

/// `@` cannot start a plain YAML text, so the handle is quoted.
fn handle_fix(proposal: &Proposal, item: Item<'_>, name: &str) -> Fix {
    let quote = if proposal.source.slice(item.span).starts_with('\'') { '\'' } else { '"' };
    Fix::replace(format!("write `@{name}`"), item.span, format!("{quote}@{name}{quote}"))
}
