//! How a process goes: `signoff.stats/1`, tables and charts for a terminal, and one long table as CSV.

use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use signoff_analysis::statistics::{self, Cohort, GOOD_TIME, Statistics};
use signoff_model::Release;
use signoff_model::profile::Prepared;

use crate::standpoint::Standpoint;

mod human;
mod plain;

pub use human::write as write_human;
pub use plain::write as write_csv;

/// The figures.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Stats {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.stats/1"))]
    schema: &'static str,
    /// What this stands on.
    #[serde(flatten)]
    pub standpoint: Standpoint,
    /// The release asked for; null for all that calendars have.
    pub release: Option<String>,
    /// The day since which is counted; null for everything.
    pub since: Option<String>,
    /// How many proposals there are.
    pub proposals: usize,
    /// How many have each status; null for those with a status that the process does not have, or none.
    pub statuses: Vec<StatusCount>,
    /// Proposals that are neither done nor ended.
    pub unfinished: usize,
    /// Proposals that were rejected, withdrawn or the like.
    pub retired: usize,
    /// Proposals that another one superseded.
    pub superseded: usize,
    /// Open and accepted proposals that nobody is left to tend; null when no history was read.
    pub orphaned: Option<usize>,
    /// People who are authors of a proposal.
    pub authors: usize,
    /// The authors of each year's proposals.
    pub authors_by_year: Vec<AuthorsOfYear>,
    /// Time in each status and stage, in days.
    pub time: Vec<Time>,
    /// How long before the day of decision proposals became ready, oldest release first.
    pub lateness: Vec<Lateness>,
    /// What becomes of proposals.
    pub acceptance: Outcome,
    /// The same by the year in which they began.
    pub acceptance_by_year: Vec<OutcomeOfYear>,
    /// What each release brings, oldest first.
    pub releases: Vec<OfRelease>,
    /// What happens in each year.
    pub years: Vec<OfYear>,
    /// How much each group and person has to do, by kind, release and name.
    pub load: Vec<Load>,
    /// Commits of the main branch that changed proposals, in each of the last 52 weeks, oldest first; null when no
    /// history was read.
    pub changes_by_week: Option<Vec<usize>>,
    /// The table that was asked for with `--by`.
    pub breakdown: Option<Breakdown>,
    /// What cannot be counted here, and the source that could tell.
    pub unknown: Vec<Unknown>,
    /// The stages, in the order of the process.
    #[serde(skip)]
    stages: Vec<String>,
}

/// A status and its proposals.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StatusCount {
    /// The status.
    pub status: Option<String>,
    /// How many have it.
    pub proposals: usize,
}

/// A year's authors.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AuthorsOfYear {
    /// The year.
    pub year: i16,
    /// Authors of proposals that began then.
    pub authors: usize,
    /// Of these: for how many it was the first.
    pub first: usize,
}

/// Time in a status or stage.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Time {
    /// `status` or `stage`.
    pub of: &'static str,
    /// Its name.
    pub name: String,
    /// How often a proposal left it.
    pub ended: usize,
    /// Half of those took at most so many days.
    pub median_days: Option<i64>,
    /// Nine of ten of those took at most so many days.
    pub p90_days: Option<i64>,
    /// How many are in it still; their days are not in the figures before.
    pub going_on: usize,
    /// Half of them have been in it for at most so many days.
    pub going_on_median_days: Option<i64>,
}

/// When the proposals of a release became ready.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Lateness {
    /// The release.
    pub release: String,
    /// When it was settled what it is to bring.
    #[schemars(with = "String")]
    pub settled: Timestamp,
    /// Proposals that targeted it then.
    pub targeting: usize,
    /// Of these: how many were ready.
    pub ready: usize,
    /// Of these: how many were not ready seven days before.
    pub late: usize,
    /// How many became ready so many whole days before; the last one stands for all that were ready earlier.
    pub by_day: Vec<usize>,
}

/// What became of proposals.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Outcome {
    /// How many there are.
    pub created: usize,
    /// How many were accepted at some time.
    pub accepted: usize,
    /// How many were done at some time.
    pub done: usize,
    /// How many are still open.
    pub open: usize,
    /// How many are put aside.
    pub parked: usize,
    /// How many ended in each such status.
    pub ended: BTreeMap<String, usize>,
    /// How many were removed.
    pub removed: usize,
}

/// What became of a year's proposals.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OutcomeOfYear {
    /// The year; null where nothing tells it.
    pub year: Option<i16>,
    /// What became of them.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What a release brings.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OfRelease {
    /// The release.
    pub release: String,
    /// Proposals that targeted it when that was settled.
    pub planned: usize,
    /// Of these: how many went elsewhere.
    pub slipped: usize,
    /// Stages that proposals say now it brought.
    pub claimed: BTreeMap<String, usize>,
}

/// What happens in a year.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OfYear {
    /// The year.
    pub year: i16,
    /// Proposals whose files appeared.
    pub created: usize,
    /// Changes of a status to an accepted one.
    pub accepted: usize,
    /// Changes of a status to done.
    pub done: usize,
    /// Changes of a status to one that ends a proposal.
    pub ended: usize,
    /// Changes of a stage to a later one.
    pub promoted: usize,
}

/// What somebody has to do in a release.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Load {
    /// `group`, `approver` (named by the proposals) or `review` (named by the records of approvals).
    pub kind: &'static str,
    /// The group, or the person's handle in lower case.
    pub name: String,
    /// The release.
    pub release: String,
    /// Proposals of theirs that name it.
    pub proposals: usize,
}

/// The figures of each group, approver or stage.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Breakdown {
    /// `group`, `approver` or `stage`.
    pub by: &'static str,
    /// The rows, most proposals first.
    pub rows: Vec<BreakdownRow>,
}

/// The figures of one of them.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BreakdownRow {
    /// Its name; null where a proposal has none.
    pub name: Option<String>,
    /// What became of its proposals.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Half of those that were not open any more were open for at most so many days.
    pub open_median_days: Option<i64>,
    /// Half of those that were accepted and moved on were accepted for at most so many days.
    pub accepted_median_days: Option<i64>,
    /// Times at which a proposal was ready for a release when that was settled.
    pub ready: usize,
    /// Of these: how many were not ready seven days before.
    pub late: usize,
}

/// What cannot be counted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Unknown {
    /// What.
    pub what: &'static str,
    /// What would tell.
    pub decided_by: &'static str,
}

/// Days of the histogram; the last bar stands for all earlier ones.
const DAYS: usize = 29;

/// What the process asks for and only a forge could tell.
const UNKNOWN: [Unknown; 2] = [
    Unknown {
        what: "pull requests that name a proposal and were merged per week",
        decided_by: "a snapshot of the forge; changes_by_week counts those of this repository",
    },
    Unknown {
        what: "open issues that name a proposal",
        decided_by: "a snapshot of the forge; unfinished counts the proposals that should have one",
    },
];

impl Stats {
    /// Makes the output of the figures.
    #[must_use]
    pub fn new(prepared: &Prepared, found: &Statistics, wanted: statistics::Wanted, standpoint: Standpoint) -> Self {
        let spelt = |release: Release| prepared.profile.release.spelt(release);
        let breakdown = found
            .breakdown
            .as_ref()
            .map(|(by, rows)| Breakdown { by: by.word(), rows: rows.iter().map(breakdown_row).collect() });
        Self {
            schema: "signoff.stats/1",
            standpoint,
            release: wanted.release.map(spelt),
            since: wanted.since.map(|since| since.to_string()),
            proposals: found.statuses.iter().map(|(_, count)| count).sum(),
            statuses: (found.statuses.iter())
                .map(|(status, proposals)| StatusCount { status: status.clone(), proposals: *proposals })
                .collect(),
            unfinished: found.unfinished,
            retired: found.retired,
            superseded: found.superseded,
            orphaned: found.orphaned,
            authors: found.authors_total,
            authors_by_year: (found.authors.iter())
                .map(|it| AuthorsOfYear { year: it.year, authors: it.authors, first: it.first })
                .collect(),
            time: found.spans.iter().map(time).collect(),
            lateness: found.lateness.iter().map(|it| lateness(it, spelt(it.release))).collect(),
            acceptance: outcome(&found.acceptance.all),
            acceptance_by_year: (found.acceptance.years.iter())
                .map(|(year, cohort)| OutcomeOfYear { year: *year, outcome: outcome(cohort) })
                .collect(),
            releases: found.releases.iter().map(|it| of_release(it, spelt(it.release))).collect(),
            years: found.years.iter().map(of_year).collect(),
            load: (found.load.iter())
                .map(|it| Load {
                    kind: it.kind.word(),
                    name: it.name.clone(),
                    release: spelt(it.release),
                    proposals: it.proposals,
                })
                .collect(),
            changes_by_week: found.weeks.clone(),
            breakdown,
            unknown: UNKNOWN.into(),
            stages: prepared.profile.stage.iter().map(|stage| stage.name.clone()).collect(),
        }
    }

    /// Writes JSON.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        crate::write_json(self, out)
    }
}

fn time(spans: &statistics::Spans) -> Time {
    Time {
        of: spans.spent.word(),
        name: spans.name.clone(),
        ended: spans.ended.len(),
        median_days: spans.median(),
        p90_days: spans.most(),
        going_on: spans.going_on.len(),
        going_on_median_days: statistics::quantile(&spans.going_on, 0.5),
    }
}

fn lateness(found: &statistics::Lateness, release: String) -> Lateness {
    let mut by_day = vec![0; DAYS];
    for days in &found.days {
        by_day[usize::try_from(*days).unwrap_or(DAYS).min(DAYS - 1)] += 1;
    }
    Lateness {
        release,
        settled: found.settled,
        targeting: found.targeting,
        ready: found.days.len(),
        late: found.later_than(GOOD_TIME),
        by_day,
    }
}

fn outcome(cohort: &Cohort) -> Outcome {
    let Cohort { created, accepted, done, open, parked, ended, removed } = cohort.clone();
    Outcome { created, accepted, done, open, parked, ended, removed }
}

fn of_release(found: &statistics::ReleaseThroughput, release: String) -> OfRelease {
    let claimed = found.claimed.iter().filter(|(_, count)| *count > 0).cloned().collect();
    OfRelease { release, planned: found.planned, slipped: found.slipped, claimed }
}

fn of_year(found: &statistics::YearThroughput) -> OfYear {
    let statistics::YearThroughput { year, created, accepted, done, ended, promoted } = *found;
    OfYear { year, created, accepted, done, ended, promoted }
}

fn breakdown_row(found: &statistics::Breakdown) -> BreakdownRow {
    BreakdownRow {
        name: found.name.clone(),
        outcome: outcome(&found.cohort),
        open_median_days: found.days_open,
        accepted_median_days: found.days_accepted,
        ready: found.ready,
        late: found.late,
    }
}

impl Outcome {
    /// All that were ended.
    pub(crate) fn ended_total(&self) -> usize {
        self.ended.values().sum()
    }
}
