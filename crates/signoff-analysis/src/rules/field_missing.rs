//! `field-missing`: a required field is absent or empty.

use signoff_model::{Corpus, Proposal, Severity};

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
        found.severity(field.missing.unwrap_or(Severity::Error));
    }
    for record in &proposal.records {
        let rule = &corpus.prepared.profile.companion[record.companion];
        let Ok(content) = &record.content else { continue };
        let root = &content.metadata.root;
        if content.metadata.has_syntax_fault() {
            continue;
        }
        if root.get(&rule.number).is_none_or(signoff_model::Node::is_blank) {
            let span = root.pair(&rule.number).map_or_else(signoff_model::Span::default, |pair| pair.key_span);
            report.record(Some(proposal), record, span, format!("the field `{}` is missing", rule.number));
        }
        let current = proposal.stage(&corpus.prepared);
        for pair in root.pairs().iter().filter(|pair| corpus.prepared.profile.stage(&pair.key).is_some()) {
            if Some(&*pair.key) != current && pair.node.get(&rule.approver).is_none_or(signoff_model::Node::is_blank) {
                let message = format!("the entry of stage {} names no {}", pair.key, rule.approver);
                report.record(Some(proposal), record, pair.key_span, message);
            }
        }
    }
}
