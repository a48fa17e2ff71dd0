//! `review-skipped`: a value that silently switches the approval of the review off.

use signoff_model::node::Pair;
use signoff_model::profile::{Companion, Meaning};
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
    let Some(skipped) = skipped(corpus, proposal, report) else { return };
    let Skipped { pair, written, since, stage, milestone } = skipped;
    let message = format!(
        "`{}` is {written}, before {since}, so nobody asks for the approval of {stage}, which is planned for {milestone}",
        pair.key
    );
    report.metadata(proposal, pair.node.span, message).help(format!("set it to {milestone}"));
}

/// A latest milestone that lies before the approval was asked for, while the stage's own does not.
pub(super) struct Skipped<'a> {
    pair: &'a Pair,
    written: &'a str,
    since: Release,
    stage: &'a str,
    milestone: Release,
}

/// The value that switches an approval off, if there is one.
pub(super) fn skipped<'a>(corpus: &'a Corpus, proposal: &'a Proposal, report: &Report<'_>) -> Option<Skipped<'a>> {
    let prepared = &corpus.prepared;
    let pair = proposal.meant(prepared, Meaning::LatestMilestone)?;
    let written = pair.node.text()?;
    let latest = Release::parse(written)?;
    let stage = proposal.stage(prepared).filter(|stage| prepared.profile.stage(stage).is_some())?;
    let milestone = proposal.milestone(prepared, stage)?;
    let skips = |rule: &Companion| {
        let since = rule.since.as_deref().and_then(Release::parse)?;
        let asked = rule.required.as_deref().is_none_or(|condition| report.holds(condition, proposal));
        (latest < since && milestone >= since && asked).then_some(since)
    };
    let since = prepared.profile.companion.iter().find_map(skips)?;
    Some(Skipped { pair, written, since, stage, milestone })
}
