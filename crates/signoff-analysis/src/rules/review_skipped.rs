//! `review-skipped`: a value that silently switches the approval of the review off.

use signoff_model::profile::Meaning;
use signoff_model::{Corpus, Proposal, Release, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "review-skipped",
    severity: Severity::Warning,
    page: include_str!("review_skipped.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    for rule in &prepared.profile.companion {
        let Some(since) = rule.since.as_deref().and_then(Release::parse) else { continue };
        let Some(pair) = proposal.meant(prepared, Meaning::LatestMilestone) else { continue };
        let Some(written) = pair.node.text().filter(|text| Release::parse(text).is_some_and(|latest| latest < since))
        else {
            continue;
        };
        let condition = rule.required.as_deref();
        if condition.is_some_and(|condition| !report.holds(condition, proposal)) {
            continue;
        }
        let stage = proposal.stage(prepared).filter(|stage| prepared.profile.stage(stage).is_some());
        let Some((stage, milestone)) = stage.and_then(|stage| Some((stage, proposal.milestone(prepared, stage)?)))
        else {
            continue;
        };
        if milestone >= since {
            let message = format!(
                "`{}` is {written}, before {since}, so nobody asks for the approval of {stage}, which is planned for {milestone}",
                pair.key
            );
            report.metadata(proposal, pair.node.span, message).help(format!("set it to {milestone}"));
        }
    }
}
