//! `gate-placeholder`: the template's feature gate, or one that is to be named.

use signoff_model::profile::Meaning;
use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};
use crate::names;

pub(super) static RULE: Rule = Rule {
    code: "gate-placeholder",
    severity: Severity::Warning,
    page: include_str!("gate_placeholder.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let field = prepared.field_named(Meaning::Gates).and_then(|name| prepared.profile.fields.get(name));
    let Some(field) = field else { return };
    for gate in proposal.gates(prepared).iter().filter(|gate| names::is_placeholder(field, gate.name)) {
        report
            .metadata(proposal, gate.span, format!("`{}` is not the name of a gate of this proposal", gate.name))
            .help("name the gate, or leave the list empty");
    }
}
