//! `gate-malformed`: a feature gate whose name is no identifier.

use rustc_hash::FxHashSet;
use signoff_model::profile::Meaning;
use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};
use crate::names;

pub(super) static RULE: Rule = Rule {
    code: "gate-malformed",
    severity: Severity::Warning,
    page: include_str!("gate_malformed.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let field = prepared.field_named(Meaning::Gates).and_then(|name| prepared.profile.fields.get(name));
    let Some(field) = field else { return };
    let Some(pair) = proposal.meant(prepared, Meaning::Gates) else { return };
    let mut seen = FxHashSet::default();
    for (gate, node) in proposal.gates(prepared).iter().zip(pair.node.items()) {
        if !gate.name.is_empty() && !seen.insert(gate.name) {
            let message = format!("the gate `{}` is declared already", gate.name);
            report.metadata(proposal, gate.span, message).help("declare it once, with all its components");
            continue;
        }
        if gate.name.is_empty() {
            if node.pairs().is_empty() {
                continue;
            }
            report.metadata(proposal, gate.span, "the gate has no name");
        } else if !names::is_gate(gate.name) && !names::is_placeholder(field, gate.name) {
            let message = format!("`{}` is no name of a feature gate", gate.name);
            report
                .metadata(proposal, gate.span, message)
                .help("letters and digits, starting with a capital, as in the code");
        }
    }
}
