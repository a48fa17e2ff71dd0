//! `milestone-missing`: the milestone of the current stage is not stated.

use signoff_model::profile::Meaning;
use signoff_model::{Corpus, Proposal, Severity, Value};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "milestone-missing",
    severity: Severity::Warning,
    page: include_str!("milestone_missing.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let Some(name) = prepared.field_named(Meaning::Milestones) else { return };
    let Some(stage) = proposal.stage(prepared).filter(|stage| prepared.profile.stage(stage).is_some()) else { return };
    let stated = proposal.milestones(prepared).iter().any(|(known, _)| *known == stage);
    if stated || !proposal.is_complete() {
        return;
    }
    let message = format!("the stage is {stage}, but `{name}.{stage}` does not say in which release");
    // Before the process asked for it, nobody wrote milestones.
    let old = proposal.accepted(prepared).is_none();
    let latest =
        proposal.text(prepared, Meaning::LatestMilestone).filter(|_| proposal.latest_milestone(prepared).is_some());
    let help = match (latest, prepared.field_named(Meaning::LatestMilestone)) {
        (Some(latest), Some(field)) => format!("write `{stage}: \"{latest}\"` there if it is the one of `{field}`"),
        _ => format!("write `{stage}:` with the release there"),
    };
    match proposal.meant(prepared, Meaning::Milestones) {
        Some(pair) if matches!(pair.node.value, Value::Map(_)) || pair.node.is_null() => {
            report.metadata(proposal, pair.key_span, message).help(help).advice_if(old);
        }
        Some(_) => {}
        None => {
            report.missing(proposal, message).help(help).advice_if(old);
        }
    }
}
