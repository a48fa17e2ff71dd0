//! How a process goes, in figures: time in each status and stage, lateness, load, acceptance, throughput, people.
//!
//! Start at [`statistics`]. Everything is counted from the events and from what the proposals say at the end of them.
//! What only other sources could tell is not guessed: it is named with its source by whoever prints the figures.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use signoff_model::event::{EventKind, Touch};
use signoff_model::people::handle_of;
use signoff_model::profile::{Meaning, Prepared, StatusClass};
use signoff_model::{Corpus, Proposal, Release};

use crate::course::{self, Course, courses};
use crate::cycle::{self, Cycle};
use crate::stale::{self, StaleKind, day};

mod acceptance;
mod breakdown;
mod durations;
mod lateness;
mod load;
mod people;
pub mod readiness;
mod throughput;

pub use acceptance::{Acceptance, Cohort};
pub use breakdown::{Breakdown, By, GOOD_TIME};
pub use durations::{Span, Spans, Spent, quantile};
pub use lateness::Lateness;
pub use load::{Load, LoadKind};
pub use people::Newcomers;
pub use throughput::{ReleaseThroughput, YearThroughput};

/// What to count.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// One release; `None` for all that calendars have.
    pub release: Option<Release>,
    /// What happened on this day or later; `None` for everything.
    pub since: Option<Date>,
    /// By what the proposals are told apart in a table of its own.
    pub by: Option<By>,
    /// Since when anything is known; `None`: everything is.
    pub known_from: Option<Timestamp>,
}

/// The figures.
pub struct Statistics {
    /// Proposals now, by status as the profile names it; `None` for those with another one, or none.
    pub statuses: Vec<(Option<String>, usize)>,
    /// Time in each status and stage.
    pub spans: Vec<Spans>,
    /// How long before the day of decision proposals became ready, oldest release first.
    pub lateness: Vec<Lateness>,
    /// How much each person and group has to do, release by release.
    pub load: Vec<Load>,
    /// What becomes of proposals.
    pub acceptance: Acceptance,
    /// What each release brings.
    pub releases: Vec<ReleaseThroughput>,
    /// What happens in each year.
    pub years: Vec<YearThroughput>,
    /// Who writes proposals, year by year.
    pub authors: Vec<Newcomers>,
    /// All authors.
    pub authors_total: usize,
    /// Open and accepted proposals that nobody is left to tend; `None` when no history was read.
    pub orphaned: Option<usize>,
    /// Proposals that were rejected, withdrawn or the like.
    pub retired: usize,
    /// Proposals that another one superseded.
    pub superseded: usize,
    /// Commits of the main branch that changed proposals, in each of the last 52 weeks, oldest first; `None` when no
    /// history was read.
    pub weeks: Option<Vec<usize>>,
    /// Proposals that are neither done nor ended: each should have an open issue.
    pub unfinished: usize,
    /// The table that was asked for.
    pub breakdown: Option<(By, Vec<Breakdown>)>,
}

/// What the parts count from.
struct Ledger<'c> {
    corpus: &'c Corpus,
    prepared: &'c Prepared,
    courses: Vec<Course<'c>>,
    cycles: Vec<Cycle>,
    wanted: Wanted,
}

/// Counts. `touches` are the commits that changed proposals; `None` when no history was read.
#[must_use]
pub fn statistics(corpus: &Corpus, touches: Option<&[Touch]>, wanted: Wanted) -> Statistics {
    let ledger = Ledger {
        corpus,
        prepared: &corpus.prepared,
        courses: courses(corpus),
        cycles: cycle::all(&corpus.prepared).into_iter().map(|cycle| cycle.known_from(wanted.known_from)).collect(),
        wanted,
    };
    let (authors, authors_total) = people::newcomers(&ledger);
    let orphans = || stale::stale(corpus, touches).iter().filter(|stale| stale.kind == StaleKind::Orphaned).count();
    Statistics {
        statuses: ledger.statuses(),
        spans: durations::spans(&ledger, |_| true),
        lateness: lateness::lateness(&ledger),
        load: load::load(&ledger),
        acceptance: acceptance::acceptance(&ledger),
        releases: throughput::releases(&ledger),
        years: throughput::years(&ledger),
        authors,
        authors_total,
        orphaned: touches.map(|_| orphans()),
        retired: ledger.count(|ledger, proposal| {
            proposal.class(ledger.prepared) == StatusClass::Dead && !ledger.is_successor_status(proposal)
        }),
        superseded: ledger.count(Ledger::is_successor_status),
        weeks: touches.map(|touches| throughput::weeks(touches, corpus.as_of)),
        unfinished: ledger.count(|ledger, proposal| {
            matches!(proposal.class(ledger.prepared), StatusClass::Open | StatusClass::Accepted | StatusClass::Parked)
        }),
        breakdown: wanted.by.map(|by| (by, breakdown::breakdown(&ledger, by))),
    }
}

impl<'c> Ledger<'c> {
    fn count(&self, is_meant: impl Fn(&Self, &Proposal) -> bool) -> usize {
        self.corpus.proposals.iter().filter(|proposal| is_meant(self, proposal)).count()
    }

    fn is_successor_status(&self, proposal: &Proposal) -> bool {
        let written = proposal.status(self.prepared);
        let name = written.and_then(|written| self.status_name(written));
        name.and_then(|name| self.prepared.profile.status(name)).is_some_and(|status| status.successor)
    }

    fn statuses(&self) -> Vec<(Option<String>, usize)> {
        let mut found: BTreeMap<Option<&str>, usize> = BTreeMap::new();
        for proposal in &self.corpus.proposals {
            let name = proposal.status(self.prepared).and_then(|written| self.status_name(written));
            *found.entry(name).or_default() += 1;
        }
        let place = |name: &Option<&str>| {
            let statuses = &self.prepared.profile.status;
            statuses.iter().position(|status| Some(status.name.as_str()) == *name).unwrap_or(statuses.len())
        };
        let mut found: Vec<(Option<&str>, usize)> = found.into_iter().collect();
        found.sort_by_key(|(name, _)| place(name));
        found.into_iter().map(|(name, count)| (name.map(str::to_owned), count)).collect()
    }

    /// How the profile names a status.
    fn status_name(&self, written: &str) -> Option<&'c str> {
        let prepared: &'c Prepared = self.prepared;
        Some(&course::status_of(prepared, written)?.name)
    }

    /// How the profile names a stage.
    fn stage_name(&self, written: &str) -> Option<&'c str> {
        let prepared: &'c Prepared = self.prepared;
        let is = |name: &String| name == written;
        let mut stages = prepared.profile.stage.iter();
        let found = stages.find(|stage| is(&stage.name) || stage.aliases.iter().any(is))?;
        Some(&found.name)
    }

    /// Whether a day is counted.
    fn counts(&self, day: Date) -> bool {
        self.wanted.since.is_none_or(|since| since <= day)
    }

    /// The cycles that are counted: those asked for whose plans were settled by now.
    fn settled(&self) -> impl Iterator<Item = (&Cycle, Timestamp)> {
        let is_wanted = |release: Release| self.wanted.release.is_none_or(|wanted| wanted.minors_after(release) == 0);
        let settled = self.cycles.iter().filter(move |cycle| is_wanted(cycle.release));
        let settled = settled.filter_map(|cycle| Some((cycle, cycle.planned?)));
        settled.filter(|(_, at)| *at <= self.corpus.as_of && self.counts(day(*at)))
    }

    /// The people in a list of a proposal: handles in lower case.
    fn people(&self, proposal: &Proposal, meaning: Meaning) -> BTreeSet<String> {
        let items = proposal.items(self.prepared, meaning);
        let handles = items.iter().filter_map(|item| handle_of(item.text, &self.prepared.profile.people));
        handles.map(str::to_ascii_lowercase).collect()
    }

    /// The day on which a proposal began: the one that it states, unless that is later than its first commit.
    fn began(&self, course: &Course<'_>) -> Option<Date> {
        let created = course.events.iter().find(|event| event.kind == EventKind::Created).map(|event| day(event.at));
        let stated = course.proposal.and_then(|proposal| proposal.text(self.prepared, Meaning::Created));
        let stated: Option<Date> = stated.and_then(|text| text.trim().parse().ok());
        match (stated, created) {
            (Some(stated), Some(created)) => Some(stated.min(created)),
            (stated, created) => stated.or(created),
        }
    }
}
