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
    removal_first(corpus, proposal, report);
}

/// What is on another track than the first stage of all, such as a removal, follows that stage.
fn removal_first(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let Some(first) = prepared.profile.stage.first() else { return };
    let Some(begun) = proposal.milestone(prepared, &first.name) else { return };
    for (name, item) in proposal.milestones(prepared) {
        let other = prepared.profile.stage(name).is_some_and(|stage| stage.track != first.track);
        let Some(release) = Release::parse(item.text).filter(|release| other && !release.is_none()) else { continue };
        if release < begun {
            let message = format!("{name} is planned for {release}, before {} in {begun}", first.name);
            report.metadata(proposal, item.span, message).severity(Severity::Warning);
        }
    }
}
