//! `disable-undeclared`: the metadata does not say whether the feature can be turned off.

use signoff_model::profile::{Meaning, StatusClass};
use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "disable-undeclared",
    severity: Severity::Warning,
    page: include_str!("disable_undeclared.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let Some(name) = prepared.field_named(Meaning::CanDisable) else { return };
    let expected = prepared.profile.fields.get(name).and_then(|field| field.expected_from.as_deref());
    let asked = expected.is_some_and(|stage| proposal.reached(prepared, stage))
        && proposal.class(prepared) == StatusClass::Accepted;
    let written = proposal.meant(prepared, Meaning::CanDisable);
    if !asked || !proposal.is_complete() || written.is_some_and(|pair| !pair.node.is_null()) {
        return;
    }
    // Without a gate there is usually nothing to turn off.
    let gated = !proposal.gates(prepared).is_empty();
    let message = format!("`{name}` does not say whether the feature can be turned off");
    let found = match written {
        Some(pair) => report.metadata(proposal, pair.key_span, message),
        None => report.missing(proposal, message),
    };
    found.help(format!("write `{name}: true` or `{name}: false`")).advice_if(!gated);
}
