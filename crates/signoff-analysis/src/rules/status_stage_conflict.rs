//! `status-stage-conflict`: status and stage contradict each other.

use signoff_model::profile::Meaning;
use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "status-stage-conflict",
    severity: Severity::Error,
    page: include_str!("status_stage_conflict.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let Some(pair) = proposal.meant(prepared, Meaning::Status) else { return };
    let Some(status) = pair.node.text().and_then(|text| prepared.profile.status(text)) else { return };
    let stage = proposal.stage(prepared);
    // An unknown stage is another rule's business.
    if stage.is_some_and(|stage| prepared.profile.stage(stage).is_none()) {
        return;
    }
    let Some(condition) = &status.requires else { return };
    if report.holds(condition, proposal) {
        return;
    }
    let beside = stage.map_or_else(|| "no stage".to_owned(), |stage| format!("stage `{stage}`"));
    let rule = status.requires_message.as_deref().unwrap_or(condition);
    report.metadata(proposal, pair.node.span, format!("status `{}` with {beside}: {rule}", status.name));
}
