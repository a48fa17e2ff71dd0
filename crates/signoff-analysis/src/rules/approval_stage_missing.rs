//! `approval-stage-missing`: the approval record has no approver for the current stage.

use signoff_model::profile::Companion;
use signoff_model::{Corpus, Proposal, Release, Severity, Span, Value};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "approval-stage-missing",
    severity: Severity::Error,
    page: include_str!("approval_stage_missing.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    for record in &proposal.records {
        let rule = &prepared.profile.companion[record.companion];
        let Ok(content) = &record.content else { continue };
        let Some(stage) = proposal.stage(prepared) else { continue };
        let entry = record.entry(stage);
        let named = entry.is_some_and(|entry| entry.node.get(&rule.approver).is_some_and(|name| !name.is_blank()));
        // An entry of another type is `field-type`.
        let misfit = entry.is_some_and(|entry| !entry.node.is_null() && !matches!(entry.node.value, Value::Map(_)));
        if named || misfit || !content.metadata.is_complete() {
            continue;
        }
        // An entry that is there must name someone whether it is asked for or not.
        if entry.is_none() && !is_required(corpus, proposal, rule, report) {
            continue;
        }
        let span = entry.map_or_else(Span::default, |entry| entry.key_span);
        let found = report.record(
            Some(proposal),
            record,
            span,
            format!("the record names no {} for stage {stage}", rule.approver),
        );
        found.help(format!("add `{stage}:` with `{}: \"@name\"`, a member of {}", rule.approver, rule.approvers_alias));
    }
}

/// Whether the process asks for the record: by status, release and a stage that it knows.
pub(super) fn is_required(corpus: &Corpus, proposal: &Proposal, rule: &Companion, report: &Report<'_>) -> bool {
    let prepared = &corpus.prepared;
    let known_stage = proposal.stage(prepared).is_some_and(|stage| prepared.profile.stage(stage).is_some());
    let since = rule.since.as_deref().and_then(Release::parse);
    let due = since.is_none_or(|since| proposal.latest_milestone(prepared).is_some_and(|latest| latest >= since));
    let asked = rule.required.as_ref().is_none_or(|condition| report.holds(condition, proposal));
    proposal.is_complete() && known_stage && due && asked
}
