//! `people-missing`: a list of people that must name someone names nobody.

use signoff_model::profile::{FieldKind, PeopleStyle, StatusClass};
use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "people-missing",
    severity: Severity::Error,
    page: include_str!("people_missing.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    for (name, field) in prepared.profile.fields.iter().filter(|(_, field)| field.kind == FieldKind::People) {
        let Some(pair) = proposal.field(prepared, name).filter(|pair| !pair.node.is_null()) else { continue };
        let empty = pair.node.is_blank()
            || (!pair.node.items().is_empty() && pair.node.items().iter().all(signoff_model::Node::is_blank));
        if !empty || !report.requires(&field.required, proposal) {
            continue;
        }
        let found = report.metadata(proposal, pair.key_span, format!("`{name}` names nobody"));
        let who = if prepared.profile.people.style == PeopleStyle::Handle { "`\"@name\"`" } else { "a name" };
        found.help(format!("list who it is: {who} for each"));
        if proposal.class(prepared) == StatusClass::Open {
            found.severity(Severity::Warning);
        }
    }
}
