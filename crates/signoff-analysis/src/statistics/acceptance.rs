//! What becomes of proposals.

use std::collections::BTreeMap;

use signoff_model::profile::StatusClass;

use super::Ledger;
use crate::course::{self, Course};

/// What became of a number of proposals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cohort {
    /// How many there are.
    pub created: usize,
    /// Of these: how many were accepted at some time.
    pub accepted: usize,
    /// How many were done at some time.
    pub done: usize,
    /// How many are still open.
    pub open: usize,
    /// How many are put aside.
    pub parked: usize,
    /// How many were ended: by status.
    pub ended: BTreeMap<String, usize>,
    /// How many files were removed.
    pub removed: usize,
}

impl Cohort {
    /// All that were ended.
    #[must_use]
    pub fn ended_total(&self) -> usize {
        self.ended.values().sum()
    }
}

/// What became of all proposals, and of those of each year.
#[derive(Clone, Debug, Default)]
pub struct Acceptance {
    /// All.
    pub all: Cohort,
    /// By the year in which they began; `None` where nothing tells it.
    pub years: BTreeMap<Option<i16>, Cohort>,
}

pub(super) fn acceptance(ledger: &Ledger<'_>) -> Acceptance {
    let mut found = Acceptance::default();
    for course in &ledger.courses {
        let began = ledger.began(course);
        if ledger.wanted.since.is_some() && !began.is_some_and(|began| ledger.counts(began)) {
            continue;
        }
        add(ledger, course, &mut found.all);
        add(ledger, course, found.years.entry(began.map(jiff::civil::Date::year)).or_default());
    }
    found
}

pub(super) fn add(ledger: &Ledger<'_>, course: &Course<'_>, cohort: &mut Cohort) {
    let now = course.now();
    let prepared = ledger.prepared;
    cohort.created += 1;
    let mut classes: Vec<StatusClass> =
        course.steps().filter_map(|(_, state)| state.status).map(|status| course::class_of(prepared, status)).collect();
    classes.extend(now.status.map(|status| course::class_of(prepared, status)));
    // What is done was accepted, also where nobody wrote that down.
    let done = classes.contains(&StatusClass::Done);
    cohort.done += usize::from(done);
    cohort.accepted += usize::from(done || classes.contains(&StatusClass::Accepted));
    if !now.exists {
        cohort.removed += 1;
        return;
    }
    match now.class(prepared) {
        StatusClass::Open => cohort.open += 1,
        StatusClass::Parked => cohort.parked += 1,
        StatusClass::Dead => {
            let name = now.status.and_then(|written| ledger.status_name(written)).unwrap_or_default();
            *cohort.ended.entry(name.to_owned()).or_default() += 1;
        }
        StatusClass::Accepted | StatusClass::Done | StatusClass::Living => {}
    }
}
