//! `milestones-disordered`: a later stage is planned for an earlier release.

use signoff_model::{Corpus, Proposal, Release, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "milestones-disordered",
    severity: Severity::Error,
    page: include_str!("milestones_disordered.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let milestones = proposal.milestones(prepared);
    let mut before: Option<(&str, &str, Release)> = None;
    for stage in &prepared.profile.stage {
        if before.is_some_and(|(track, ..)| track != stage.track) {
            before = None;
        }
        let Some((_, item)) = milestones.iter().find(|(name, _)| *name == stage.name) else { continue };
        let Some(release) = Release::parse(item.text).filter(|release| !release.is_none()) else { continue };
        if let Some((_, earlier, milestone)) = before
            && release < milestone
        {
            let message = format!("{} is planned for {release}, before {earlier} in {milestone}", stage.name);
            report.metadata(proposal, item.span, message);
            continue;
        }
        before = Some((&stage.track, &stage.name, release));
    }
}
