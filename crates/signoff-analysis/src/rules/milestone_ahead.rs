//! `milestone-ahead`: the current stage's milestone lies after the latest milestone.

use signoff_model::profile::Meaning;
use signoff_model::{Corpus, Proposal, Release, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "milestone-ahead",
    severity: Severity::Warning,
    page: include_str!("milestone_ahead.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let Some(stage) = proposal.stage(prepared) else { return };
    let Some(latest) = proposal.latest_milestone(prepared) else { return };
    // The same value, and worse: `review-skipped` says it.
    if super::review_skipped::skipped(corpus, proposal, report).is_some() {
        return;
    }
    for (name, item) in proposal.milestones(prepared) {
        if name != stage {
            continue;
        }
        let Some(release) = Release::parse(item.text).filter(|release| *release > latest) else { continue };
        let field = prepared.field_named(Meaning::LatestMilestone).unwrap_or("the latest milestone");
        let message = format!("stage {stage} is planned for {release}, but `{field}` is {latest}");
        report
            .metadata(proposal, item.span, message)
            .help(format!("set `{field}` to {release}, or the stage to the one of {latest}"));
    }
}
