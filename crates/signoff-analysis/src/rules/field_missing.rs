//! `field-missing`: a required field is absent or empty.

use signoff_model::profile::{Field, FieldKind};
use signoff_model::{Corpus, Node, Proposal, Severity, Span, Value};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "field-missing",
    severity: Severity::Error,
    page: include_str!("field_missing.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    if !proposal.is_complete() {
        return;
    }
    for (name, field) in &corpus.prepared.profile.fields {
        let written = proposal.field(&corpus.prepared, name);
        // An empty list of people is another rule's business.
        let present =
            written.is_some_and(|pair| !pair.node.is_blank() || (field.kind.is_list() && !pair.node.is_null()));
        if present || !report.requires(&field.required, proposal) {
            continue;
        }
        let found = match written {
            None => report.missing(proposal, format!("the field `{name}` is missing")),
            Some(pair) => report.metadata(proposal, pair.key_span, format!("the field `{name}` has no value")),
        };
        found
            .severity(field.missing.unwrap_or(Severity::Error))
            .help(format!("write {}", example(corpus, name, field)));
    }
    for record in &proposal.records {
        let rule = &corpus.prepared.profile.companion[record.companion];
        let Ok(content) = &record.content else { continue };
        let root = &content.metadata.root;
        // What is no mapping is `metadata-unreadable`.
        if !content.metadata.is_complete() || !content.metadata.is_mapping {
            continue;
        }
        match root.pair(&rule.number) {
            None => {
                let message = format!("the field `{}` is missing", rule.number);
                report.record(Some(proposal), record, Span::default(), message);
            }
            Some(pair) if pair.node.is_blank() => {
                let message = format!("the field `{}` has no value", rule.number);
                report.record(Some(proposal), record, pair.key_span, message);
            }
            Some(_) => {}
        }
        let current = proposal.stage(&corpus.prepared);
        for pair in root.pairs().iter().filter(|pair| corpus.prepared.profile.stage(&pair.key).is_some()) {
            // The current stage is `approval-stage-missing`, an entry of another type `field-type`.
            let other =
                Some(&*pair.key) != current && (pair.node.is_null() || matches!(pair.node.value, Value::Map(_)));
            if other && pair.node.get(&rule.approver).is_none_or(Node::is_blank) {
                let message = format!("the entry of stage {} names no {}", pair.key, rule.approver);
                let found = report.record(Some(proposal), record, pair.key_span, message);
                // An empty entry says no more than one that is not there.
                if pair.node.is_null() {
                    found.severity(Severity::Warning).help("leave it out until somebody approves the stage");
                } else {
                    found.help(format!("add `{}: \"@name\"`, or leave the entry out", rule.approver));
                }
            }
        }
    }
}

/// What may stand in the field, with the line to write.
fn example(corpus: &Corpus, name: &str, field: &Field) -> String {
    let profile = &corpus.prepared.profile;
    match field.kind {
        FieldKind::Status => {
            let names: Vec<&str> = profile.status.iter().map(|status| status.name.as_str()).collect();
            format!("`{name}:` with one of {}", names.join(", "))
        }
        FieldKind::Stage => {
            let names: Vec<&str> = profile.stage.iter().map(|stage| stage.name.as_str()).collect();
            format!("`{name}:` with one of {}", names.join(", "))
        }
        FieldKind::Release => format!("`{name}: \"{}1.36\"`, the release of the current work", profile.release.prefix),
        FieldKind::Date => format!("`{name}:` with a day as YYYY-MM-DD"),
        FieldKind::Number => format!("`{name}:` with the proposal's number"),
        FieldKind::Group => format!("`{name}:` with the group that owns the proposal"),
        FieldKind::People => format!("`{name}:` with a list of people"),
        kind if kind.is_list() => format!("`{name}:` with a list"),
        _ => format!("`{name}:` with its value"),
    }
}
