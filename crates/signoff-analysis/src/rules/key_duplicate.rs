//! `key-duplicate`: the same key twice in one mapping.

use signoff_model::yaml::{Fault, FaultKind};
use signoff_model::{Corpus, Proposal, Severity, Source};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "key-duplicate",
    severity: Severity::Error,
    page: include_str!("key_duplicate.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(_corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    for fault in &proposal.metadata.faults {
        if let Some(message) = message(fault, &proposal.source) {
            report.metadata(proposal, fault.span, message);
        }
    }
    for record in &proposal.records {
        let Ok(content) = &record.content else { continue };
        for fault in &content.metadata.faults {
            if let Some(message) = message(fault, &content.source) {
                report.record(Some(proposal), record, fault.span, message);
            }
        }
    }
}

fn message(fault: &Fault, source: &Source) -> Option<String> {
    match &fault.kind {
        FaultKind::DuplicateKey(key, first) => {
            Some(format!("`{key}` already stands in line {}", source.line(first.start)))
        }
        _ => None,
    }
}
