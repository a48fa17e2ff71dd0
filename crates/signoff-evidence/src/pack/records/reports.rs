//! What was told of changes, releases and runs of tests.

use jiff::Timestamp;
use jiff::civil::Date;
use signoff_model::fact::{ChangeNote, Outcome, PatchDate, ReleaseDates, TestOutcome, TestRun};

use super::{release, release_of};
use crate::pack::texts::{Numbers, Texts};
use crate::pack::wire;

pub fn change<'f>(change: &'f ChangeNote, numbers: &mut Numbers<'f>) -> wire::Change {
    let ChangeNote { version, kinds, pulls, proposals, names, urgent } = change;
    wire::Change {
        version: numbers.of(version),
        kinds: numbers.all(kinds),
        pulls: numbers.all(pulls),
        proposals: numbers.all(proposals),
        names: numbers.all(names),
        urgent: *urgent,
    }
}

pub fn change_of(change: wire::Change, texts: &mut Texts<'_>) -> Option<ChangeNote> {
    let wire::Change { version, kinds, pulls, proposals, names, urgent } = change;
    Some(ChangeNote {
        version: texts.shared(version)?,
        kinds: texts.all(&kinds)?,
        pulls: texts.all(&pulls)?,
        proposals: texts.all(&proposals)?,
        names: texts.all(&names)?,
        urgent,
    })
}

pub fn dates(dates: &ReleaseDates) -> wire::Dates {
    let ReleaseDates { release: of, released, maintenance, end, patches } = dates;
    let patches = patches.iter().map(|PatchDate { release: of, day: on, planned }| wire::Patch {
        release: release(*of),
        day: on.map(day),
        planned: *planned,
    });
    wire::Dates {
        release: release(*of),
        released: released.map(day),
        maintenance: maintenance.map(day),
        end: end.map(day),
        patches: patches.collect(),
    }
}

pub fn dates_of(dates: wire::Dates) -> Option<ReleaseDates> {
    let wire::Dates { release, released, maintenance, end, patches } = dates;
    let patches = patches.into_iter().map(|wire::Patch { release, day, planned }| {
        Some(PatchDate { release: release_of(release), day: day_of(day)?, planned })
    });
    Some(ReleaseDates {
        release: release_of(release),
        released: day_of(released)?,
        maintenance: day_of(maintenance)?,
        end: day_of(end)?,
        patches: patches.collect::<Option<_>>()?,
    })
}

pub fn run<'f>(record: &'f TestRun, numbers: &mut Numbers<'f>) -> wire::Run {
    let TestRun { job, run, started, finished, commit, tests } = record;
    let test = |TestOutcome { name, outcome }: &'f TestOutcome, numbers: &mut Numbers<'f>| wire::Test {
        name: numbers.of(name),
        outcome: outcome_number(*outcome),
    };
    wire::Run {
        job: numbers.of(job),
        run: numbers.of(run),
        started: started.map(|time| wire::Time(time.as_second(), time.subsec_nanosecond())),
        finished: *finished,
        commit: numbers.maybe(commit.as_ref()),
        tests: tests.as_ref().map(|tests| tests.iter().map(|it| test(it, numbers)).collect()),
    }
}

pub fn run_of(record: wire::Run, texts: &mut Texts<'_>) -> Option<TestRun> {
    let wire::Run { job, run, started, finished, commit, tests } = record;
    let tests = match tests {
        Some(tests) => {
            let tests = tests.into_iter().map(|wire::Test { name, outcome }| {
                Some(TestOutcome { name: texts.shared(name)?, outcome: outcome_of(outcome)? })
            });
            Some(tests.collect::<Option<_>>()?)
        }
        None => None,
    };
    let started = started.map(|wire::Time(seconds, nanoseconds)| Timestamp::new(seconds, nanoseconds));
    Some(TestRun {
        job: texts.shared(job)?,
        run: texts.shared(run)?,
        started: started.transpose().ok()?,
        finished,
        commit: texts.maybe(commit)?,
        tests,
    })
}

fn day(day: Date) -> wire::Day {
    wire::Day(day.year(), day.month(), day.day())
}

/// `None` only for numbers that are no day.
fn day_of(day: Option<wire::Day>) -> Option<Option<Date>> {
    day.map(|wire::Day(year, month, day)| Date::new(year, month, day)).transpose().ok()
}

fn outcome_number(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Passed => 0,
        Outcome::Failed => 1,
        Outcome::Skipped => 2,
    }
}

fn outcome_of(number: u8) -> Option<Outcome> {
    [Outcome::Passed, Outcome::Failed, Outcome::Skipped].get(usize::from(number)).copied()
}
