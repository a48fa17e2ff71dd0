//! `gate-differs`: metadata and prose name different feature gates.

use signoff_model::spelling::{distance_within, nearest};
use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "gate-differs",
    severity: Severity::Warning,
    page: include_str!("gate_differs.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let Some(document) = proposal.document() else { return };
    let declared: Vec<&str> =
        proposal.gates(prepared).iter().map(|gate| gate.name).filter(|name| !name.is_empty()).collect();
    let stated: Vec<&str> = document.gates.iter().map(|(name, _)| &**name).collect();
    if declared.is_empty() || stated.is_empty() {
        return;
    }
    for (name, span) in &document.gates {
        if declared.contains(&&**name) {
            continue;
        }
        let near = nearest(name, declared.iter().copied()).filter(|near| distance_within(near, name, 3).is_some());
        // Another gate beside the declared ones may be one that this proposal only relies on.
        let disagree = near.is_some() || !stated.iter().any(|name| declared.contains(name));
        let others = declared.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let found = report.prose(proposal, *span, format!("the prose names the gate `{name}`, the metadata {others}"));
        if let Some(near) = near {
            found.help(format!("is it `{near}`?"));
        }
        if !disagree {
            found.severity(Severity::Info);
        }
    }
}
