//! `people-placeholder`: people who are still to be named.

use signoff_model::people::Person;
use signoff_model::profile::{FieldKind, Required, StatusClass};
use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "people-placeholder",
    severity: Severity::Error,
    page: include_str!("people_placeholder.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let placeholders = &prepared.profile.people.placeholders;
    for (name, field) in &prepared.profile.fields {
        if !matches!(field.kind, FieldKind::People | FieldKind::Person) {
            continue;
        }
        // A single person is an office that nobody must hold; of finished work nobody asks for it.
        let live = matches!(proposal.class(prepared), StatusClass::Open | StatusClass::Accepted | StatusClass::Living);
        if field.kind == FieldKind::Person && !live {
            continue;
        }
        let Some(pair) = proposal.field(prepared, name) else { continue };
        let items = proposal.items_of(prepared, &pair.node);
        let is_open = |text: &str| !text.trim().is_empty() && Person::parse(text, placeholders) == Person::Placeholder;
        let nobody = items.iter().all(|item| is_open(item.text));
        for item in items.iter().filter(|item| is_open(item.text)) {
            let message = format!("`{}` in `{name}` is nobody yet", item.text);
            let found = report.metadata(proposal, item.span, message);
            let required = field.required == Required::Always(true) && proposal.class(prepared) != StatusClass::Open;
            if nobody && required {
                found.help("name someone before the proposal is accepted");
            } else {
                let asked = nobody && field.kind == FieldKind::People;
                found.severity(if asked { Severity::Warning } else { Severity::Info });
            }
        }
    }
}
