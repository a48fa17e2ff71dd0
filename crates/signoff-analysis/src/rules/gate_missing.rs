//! `gate-missing`: no feature gate is declared although the stage asks for one.

use signoff_model::profile::{Meaning, StatusClass};
use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "gate-missing",
    severity: Severity::Info,
    page: include_str!("gate_missing.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let Some(name) = prepared.field_named(Meaning::Gates) else { return };
    let expected = prepared.profile.fields.get(name).and_then(|field| field.expected_from.as_deref());
    let asked = expected.is_some_and(|stage| proposal.reached(prepared, stage))
        && proposal.class(prepared) == StatusClass::Accepted;
    if !asked || !proposal.gates(prepared).is_empty() || !proposal.is_complete() {
        return;
    }
    let written = proposal.meant(prepared, Meaning::Gates);
    if written.is_some_and(|pair| !pair.node.is_blank()) {
        return;
    }
    let stated = proposal
        .document()
        .map(|document| document.gates.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>())
        .unwrap_or_default();
    let message = match stated.as_slice() {
        [] => format!("`{name}` declares no feature gate"),
        names => format!("`{name}` declares no feature gate, but the prose names {}", names.join(", ")),
    };
    let found = match written {
        Some(pair) => report.metadata(proposal, pair.key_span, message),
        None => report.missing(proposal, message),
    };
    if !stated.is_empty() {
        found.severity(Severity::Warning);
    }
}
