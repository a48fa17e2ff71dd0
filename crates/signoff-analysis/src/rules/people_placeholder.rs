//! `people-placeholder`: people who are still to be named.

use signoff_model::people::Person;
use signoff_model::profile::{FieldKind, StatusClass};
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
        let Some(pair) = proposal.field(prepared, name) else { continue };
        let items = proposal.items_of(prepared, &pair.node);
        let is_open = |text: &str| !text.trim().is_empty() && Person::parse(text, placeholders) == Person::Placeholder;
        let nobody = items.iter().all(|item| is_open(item.text));
        for item in items.iter().filter(|item| is_open(item.text)) {
            let message = format!("`{}` in `{name}` is nobody yet", item.text);
            let found = report.metadata(proposal, item.span, message);
            let must = nobody
                && report_required(
                    field.required == signoff_model::profile::Required::Always(true),
                    proposal.class(prepared),
                );
            if must {
                found.help("name someone before the proposal is accepted");
            } else {
                found.severity(if nobody { Severity::Warning } else { Severity::Info });
            }
        }
    }
}

fn report_required(required: bool, class: StatusClass) -> bool {
    required && class != StatusClass::Open
}
