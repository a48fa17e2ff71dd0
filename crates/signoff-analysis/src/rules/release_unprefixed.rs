//! `release-unprefixed`: a release without the prefix that the process writes.

use signoff_model::profile::Meaning;
use signoff_model::proposal::Item;
use signoff_model::{Corpus, Fix, Proposal, Release, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "release-unprefixed",
    severity: Severity::Warning,
    page: include_str!("release_unprefixed.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let format = &prepared.profile.release;
    if format.prefix.is_empty() {
        return;
    }
    let latest = proposal
        .meant(prepared, Meaning::LatestMilestone)
        .and_then(|pair| Some(Item { text: pair.node.text()?, span: pair.node.span }));
    let milestones = proposal.milestones(prepared).into_iter().map(|(_, item)| item);
    for item in latest.into_iter().chain(milestones) {
        let bare = item.text.starts_with(|character: char| character.is_ascii_digit());
        if !bare || Release::parse(item.text).is_none_or(Release::is_none) {
            continue;
        }
        let right = format!("{}{}", format.prefix, item.text);
        let place = super::date_invalid::inside(&proposal.source.text, item.span, item.text);
        let message = format!("`{}` lacks the `{}`; a release is written `{right}`", item.text, format.prefix);
        report.metadata(proposal, item.span, message).fix(Fix::replace(format!("write `{right}`"), place, right));
    }
}
