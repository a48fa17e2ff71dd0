//! How long before the day of decision proposals become ready.

use jiff::Timestamp;
use signoff_model::Release;

use super::Ledger;
use crate::course::Course;

/// When the proposals of a release became ready.
#[derive(Clone, Debug)]
pub struct Lateness {
    /// The release.
    pub release: Release,
    /// When it was settled what it is to bring.
    pub settled: Timestamp,
    /// Proposals that targeted it then.
    pub targeting: usize,
    /// Of each that was ready: how many whole days before it became so; fewest first.
    pub days: Vec<i64>,
}

impl Lateness {
    /// How many were not ready yet so many days before.
    #[must_use]
    pub fn later_than(&self, days: i64) -> usize {
        self.days.partition_point(|ready| *ready < days)
    }
}

pub(super) fn lateness(ledger: &Ledger<'_>) -> Vec<Lateness> {
    let of_cycle = |(cycle, settled): (&crate::cycle::Cycle, Timestamp)| {
        let courses = ledger.courses.iter().filter(|course| !course.events.is_empty());
        let targeting: Vec<&Course<'_>> = courses
            .filter(|course| {
                let then = course.at(settled);
                then.exists && then.latest() == Some(cycle.release)
            })
            .collect();
        let ready = targeting.iter().filter_map(|course| ready_before(ledger, course, cycle.release, settled));
        let mut days: Vec<i64> = ready.collect();
        days.sort_unstable();
        Lateness { release: cycle.release, settled, targeting: targeting.len(), days }
    };
    ledger.settled().map(of_cycle).filter(|lateness| lateness.targeting > 0).collect()
}

/// How many whole days before an instant a proposal had become ready, and stayed so; `None` when it was not.
pub(super) fn ready_before(
    ledger: &Ledger<'_>,
    course: &Course<'_>,
    release: Release,
    settled: Timestamp,
) -> Option<i64> {
    if !course.at(settled).is_ready(ledger.prepared, release) {
        return None;
    }
    let mut since = None;
    let mut commits = course.steps().take_while(|(event, _)| event.at <= settled).peekable();
    while let Some((event, state)) = commits.next() {
        // Half of a commit is no state.
        if commits.peek().is_some_and(|(next, _)| next.commit == event.commit) {
            continue;
        }
        let ready = state.is_ready(ledger.prepared, release);
        since = if ready { since.or(Some(event.at)) } else { None };
    }
    let since = since?;
    Some(settled.duration_since(since).as_hours().max(0) / 24)
}
