//! The figures of each group, approver or stage.

use std::collections::BTreeMap;

use signoff_model::profile::Meaning;

use super::acceptance::{self, Cohort};
use super::durations::{self, Spent, quantile};
use super::{Ledger, lateness};
use crate::course::Course;

/// By what proposals are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The group that owns them.
    Group,
    /// The people whom they name as approvers; a proposal with several counts for each.
    Approver,
    /// Their stage now.
    Stage,
}

impl By {
    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Approver => "approver",
            Self::Stage => "stage",
        }
    }
}

/// The figures of one of them.
#[derive(Clone, Debug)]
pub struct Breakdown {
    /// The group, the handle in lower case, or the stage; `None` where a proposal has none.
    pub name: Option<String>,
    /// What became of its proposals.
    pub cohort: Cohort,
    /// Half of those that left the first status took at most so many days.
    pub days_open: Option<i64>,
    /// Half of those that were accepted and are done took at most so many days.
    pub days_accepted: Option<i64>,
    /// Times at which a proposal was ready for a release when that was settled.
    pub ready: usize,
    /// Of these: how many were not ready seven days before.
    pub late: usize,
}

/// Days before the decision until which a proposal is in good time.
pub const GOOD_TIME: i64 = 7;

pub(super) fn breakdown(ledger: &Ledger<'_>, by: By) -> Vec<Breakdown> {
    let mut groups: BTreeMap<Option<String>, Vec<&Course<'_>>> = BTreeMap::new();
    for course in &ledger.courses {
        for name in names(ledger, course, by) {
            groups.entry(name).or_default().push(course);
        }
    }
    let mut found: Vec<Breakdown> =
        groups.into_iter().map(|(name, courses)| of_group(ledger, name, &courses)).collect();
    found.sort_by(|left, right| right.cohort.created.cmp(&left.cohort.created).then(left.name.cmp(&right.name)));
    found
}

fn names(ledger: &Ledger<'_>, course: &Course<'_>, by: By) -> Vec<Option<String>> {
    match by {
        By::Group => vec![course.group().map(str::to_owned)],
        By::Stage => vec![course.now().stage.map(|stage| ledger.stage_name(stage).unwrap_or(stage).to_owned())],
        By::Approver => {
            let people = course.proposal.map(|proposal| ledger.people(proposal, Meaning::Approvers));
            let people: Vec<Option<String>> = people.into_iter().flatten().map(Some).collect();
            if people.is_empty() { vec![None] } else { people }
        }
    }
}

fn of_group(ledger: &Ledger<'_>, name: Option<String>, courses: &[&Course<'_>]) -> Breakdown {
    let mut cohort = Cohort::default();
    courses.iter().for_each(|course| acceptance::add(ledger, course, &mut cohort));
    let median = |class: signoff_model::profile::StatusClass| {
        let statuses = &ledger.prepared.profile.status;
        let is_meant = |name: &str| statuses.iter().any(|status| status.name == name && status.class == class);
        let spans = courses.iter().flat_map(|course| durations::of_course(ledger, course, Spent::Status));
        let mut days: Vec<i64> =
            spans.filter(|(name, span)| span.ended && is_meant(name)).map(|(_, span)| span.days).collect();
        days.sort_unstable();
        quantile(&days, 0.5)
    };
    let cycles: Vec<_> = ledger.settled().collect();
    let ready = |course: &&Course<'_>| {
        let each = cycles.iter().filter_map(|(cycle, at)| lateness::ready_before(ledger, course, cycle.release, *at));
        each.collect::<Vec<i64>>()
    };
    let ready: Vec<i64> = courses.iter().flat_map(ready).collect();
    Breakdown {
        name,
        cohort,
        days_open: median(signoff_model::profile::StatusClass::Open),
        days_accepted: median(signoff_model::profile::StatusClass::Accepted),
        late: ready.iter().filter(|days| **days < GOOD_TIME).count(),
        ready: ready.len(),
    }
}
