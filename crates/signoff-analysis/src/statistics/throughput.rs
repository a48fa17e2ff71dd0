//! What each release brings, and what happens in each year and week.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use signoff_model::Release;
use signoff_model::event::{EventKind, Touch};
use signoff_model::profile::StatusClass;

use super::Ledger;
use crate::course;
use crate::delivery::{self, Known, Moment};
use crate::stale::day;

/// What a release brings.
#[derive(Clone, Debug)]
pub struct ReleaseThroughput {
    /// The release.
    pub release: Release,
    /// Proposals that targeted it when that was settled.
    pub planned: usize,
    /// Of these: how many went elsewhere.
    pub slipped: usize,
    /// Stages that proposals say now it brought, by stage, in the order of the profile.
    pub claimed: Vec<(String, usize)>,
}

/// What happens in a year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct YearThroughput {
    /// The year.
    pub year: i16,
    /// Proposals whose files appeared.
    pub created: usize,
    /// Changes of a status to an accepted one.
    pub accepted: usize,
    /// Changes of a status to one of those that say it is done.
    pub done: usize,
    /// Changes of a status to one that ends it.
    pub ended: usize,
    /// Changes of a stage to a later one of its track.
    pub promoted: usize,
}

pub(super) fn releases(ledger: &Ledger<'_>) -> Vec<ReleaseThroughput> {
    let stages = &ledger.prepared.profile.stage;
    let of_cycle = |(cycle, _): (&crate::cycle::Cycle, Timestamp)| {
        let rows = delivery::shipped(ledger.corpus, cycle);
        let slips = delivery::slipped(ledger.corpus, cycle, Moment::Settled);
        let claimed = |name: &str| {
            let own = rows.iter().filter(|row| row.stage == Some(name) && row.claimed == Known::Yes);
            own.count()
        };
        let claimed = stages.iter().map(|stage| (stage.name.clone(), claimed(&stage.name)));
        ReleaseThroughput {
            release: cycle.release,
            planned: rows.iter().filter(|row| row.planned == Known::Yes).count(),
            slipped: slips.map_or(0, |found| found.slips.len()),
            claimed: claimed.collect(),
        }
    };
    ledger.settled().map(of_cycle).collect()
}

pub(super) fn years(ledger: &Ledger<'_>) -> Vec<YearThroughput> {
    let mut found: BTreeMap<i16, YearThroughput> = BTreeMap::new();
    let stages = &ledger.prepared.profile.stage;
    let place = |name: &str| stages.iter().position(|stage| stage.name == name);
    for event in ledger.corpus.events.iter().filter(|event| ledger.counts(day(event.at))) {
        let year = day(event.at).year();
        let own = found.entry(year).or_insert_with(|| YearThroughput { year, ..YearThroughput::default() });
        let class = |text: &Option<String>| text.as_deref().map(|text| course::class_of(ledger.prepared, text.trim()));
        match (event.kind, class(&event.from), class(&event.to)) {
            (EventKind::Created, ..) => own.created += 1,
            (EventKind::Status, from, to) if from != to => match to {
                Some(StatusClass::Accepted) => own.accepted += 1,
                Some(StatusClass::Done) => own.done += 1,
                Some(StatusClass::Dead) => own.ended += 1,
                _ => {}
            },
            (EventKind::Stage, ..) => {
                let stage = |text: &Option<String>| text.as_deref().and_then(place);
                let later = stage(&event.from)
                    .zip(stage(&event.to))
                    .is_some_and(|(from, to)| to > from && stages[to].track == stages[from].track);
                own.promoted += usize::from(later);
            }
            _ => {}
        }
    }
    found.into_values().collect()
}

/// Weeks that are counted.
const WEEKS: i64 = 52;

/// The commits that changed proposals in each of the last weeks, oldest first.
pub(super) fn weeks(touches: &[Touch], until: Timestamp) -> Vec<usize> {
    let mut commits: BTreeMap<i64, BTreeSet<&str>> = BTreeMap::new();
    for touch in touches.iter().filter(|touch| touch.at <= until) {
        let week = until.duration_since(touch.at).as_hours() / (24 * 7);
        if week < WEEKS {
            commits.entry(week).or_default().insert(&touch.commit);
        }
    }
    (0..WEEKS).rev().map(|week| commits.get(&week).map_or(0, BTreeSet::len)).collect()
}
