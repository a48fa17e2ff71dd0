//! `group-mismatch`: the owning group is not the one in whose folder the proposal is.

use signoff_model::profile::Meaning;
use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "group-mismatch",
    severity: Severity::Warning,
    page: include_str!("group_mismatch.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let groups = &prepared.profile.groups;
    let Some(pair) = proposal.meant(prepared, Meaning::Group) else { return };
    let Some(owner) = pair.node.text() else { return };
    let folder = proposal.area.split('/').next().unwrap_or_default();
    let expected = groups.folders.get(folder).map_or(folder, String::as_str);
    let known = |group: &str| groups.known.iter().any(|known| known == group);
    if expected.is_empty() || owner == expected || !known(owner) {
        return;
    }
    let message = format!("`{}` is {owner}, but the proposal is in the folder of {expected}", pair.key);
    report.metadata(proposal, pair.node.span, message).help("move the folder, or name the group that it is in");
}
