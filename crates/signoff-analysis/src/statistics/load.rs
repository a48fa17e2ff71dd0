//! How much there is to do for each group and approver, release by release.

use std::collections::BTreeMap;

use signoff_model::Release;
use signoff_model::people::handle_of;
use signoff_model::profile::Meaning;

use super::Ledger;
use crate::course::State;

/// Whose load it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LoadKind {
    /// The group that owns the proposals.
    Group,
    /// People whom the proposals name as approvers.
    Approver,
    /// People who approved in the proposals' records.
    Review,
}

impl LoadKind {
    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Approver => "approver",
            Self::Review => "review",
        }
    }
}

/// What somebody had to do in a release.
#[derive(Clone, Debug)]
pub struct Load {
    /// Whose load it is.
    pub kind: LoadKind,
    /// The group, or the person's handle in lower case.
    pub name: String,
    /// The release.
    pub release: Release,
    /// Proposals with a stage whose milestone is the release, or that name it as the latest one.
    pub proposals: usize,
}

/// The load of every group and person, by kind, release and name.
pub(super) fn load(ledger: &Ledger<'_>) -> Vec<Load> {
    let mut found: BTreeMap<(LoadKind, Release, String), usize> = BTreeMap::new();
    for course in &ledger.courses {
        let Some(proposal) = course.proposal else { continue };
        let now = course.now();
        for release in releases(ledger, &now) {
            let mut add = |kind, name: String| *found.entry((kind, release, name)).or_default() += 1;
            if let Some(group) = course.group() {
                add(LoadKind::Group, group.to_owned());
            }
            ledger.people(proposal, Meaning::Approvers).into_iter().for_each(|person| add(LoadKind::Approver, person));
            let mut reviewers: Vec<String> = now
                .approvals
                .iter()
                .filter(|(stage, _)| now.milestone(stage) == Some(release))
                .filter_map(|(_, by)| handle_of(by, &ledger.prepared.profile.people))
                .map(str::to_ascii_lowercase)
                .collect();
            reviewers.sort();
            reviewers.dedup();
            reviewers.into_iter().for_each(|person| add(LoadKind::Review, person));
        }
    }
    found.into_iter().map(|((kind, release, name), proposals)| Load { kind, name, release, proposals }).collect()
}

/// The releases, of those asked for, that a proposal names.
fn releases(ledger: &Ledger<'_>, now: &State<'_>) -> Vec<Release> {
    let named = now.milestones.keys().filter_map(|stage| now.milestone(stage));
    let mut named: Vec<Release> = named.chain(now.latest()).collect();
    named.sort_unstable();
    named.dedup();
    named.retain(|release| match ledger.wanted.release {
        Some(wanted) => wanted.minors_after(*release) == 0,
        None => ledger.settled().any(|(cycle, _)| cycle.release.minors_after(*release) == 0),
    });
    named
}
