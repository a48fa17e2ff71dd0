//! Time in each status and stage.

use jiff::Timestamp;
use signoff_model::event::EventKind;

use super::Ledger;
use crate::course::Course;
use crate::stale::day;

/// What time was spent in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spent {
    /// A status.
    Status,
    /// A stage.
    Stage,
}

impl Spent {
    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Stage => "stage",
        }
    }
}

/// A proposal's time in one status or stage.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// In days.
    pub days: i64,
    /// Whether it ended, or only what was read.
    pub ended: bool,
}

/// All proposals' time in one status or stage.
#[derive(Clone, Debug)]
pub struct Spans {
    /// What it is.
    pub spent: Spent,
    /// Its name.
    pub name: String,
    /// The days of those that ended, shortest first.
    pub ended: Vec<i64>,
    /// The days so far of those that go on, shortest first.
    pub going_on: Vec<i64>,
}

/// The value that a part of the sorted values does not exceed; `None` of none.
#[must_use]
pub fn quantile(sorted: &[i64], part: f64) -> Option<i64> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "an index")]
    let index = ((sorted.len() as f64 * part).ceil() as usize).saturating_sub(1);
    sorted.get(index).copied()
}

impl Spans {
    /// Half of those that ended took at most so many days.
    #[must_use]
    pub fn median(&self) -> Option<i64> {
        quantile(&self.ended, 0.5)
    }

    /// Nine of ten of those that ended took at most so many days.
    #[must_use]
    pub fn most(&self) -> Option<i64> {
        quantile(&self.ended, 0.9)
    }
}

/// The time in each status, then in each stage, in the order of the profile.
pub(super) fn spans(ledger: &Ledger<'_>, is_meant: impl Fn(&Course<'_>) -> bool) -> Vec<Spans> {
    let profile = &ledger.prepared.profile;
    let statuses = profile.status.iter().map(|status| (Spent::Status, &status.name));
    let stages = profile.stage.iter().map(|stage| (Spent::Stage, &stage.name));
    let empty =
        |(spent, name): (Spent, &String)| Spans { spent, name: name.clone(), ended: Vec::new(), going_on: Vec::new() };
    let mut found: Vec<Spans> = statuses.chain(stages).map(empty).collect();
    for course in ledger.courses.iter().filter(|course| is_meant(course)) {
        for spent in [Spent::Status, Spent::Stage] {
            for (name, span) in of_course(ledger, course, spent) {
                let own = found.iter_mut().find(|spans| spans.spent == spent && spans.name == name);
                let Some(own) = own else { continue };
                if span.ended { own.ended.push(span.days) } else { own.going_on.push(span.days) }
            }
        }
    }
    for spans in &mut found {
        spans.ended.sort_unstable();
        spans.going_on.sort_unstable();
    }
    found.retain(|spans| !spans.ended.is_empty() || !spans.going_on.is_empty());
    found
}

/// The spans of one proposal, oldest first. A value that the profile does not know is taken for a slip that changes
/// nothing; time before the first known event is not counted, since nobody knows its beginning.
pub(super) fn of_course<'c>(ledger: &Ledger<'c>, course: &Course<'c>, spent: Spent) -> Vec<(&'c str, Span)> {
    let mut found = Vec::new();
    let mut current: Option<(&'c str, Timestamp)> = None;
    let mut close = |current: Option<(&'c str, Timestamp)>, at: Timestamp, ended: bool| {
        let Some((name, since)) = current else { return };
        if ledger.counts(day(at)) {
            found.push((name, Span { days: at.duration_since(since).as_hours().max(0) / 24, ended }));
        }
    };
    for (event, state) in course.steps() {
        let is_own = match spent {
            Spent::Status => event.kind == EventKind::Status,
            Spent::Stage => event.kind == EventKind::Stage,
        };
        if event.kind == EventKind::Removed {
            close(current.take(), event.at, false);
        }
        if !is_own {
            continue;
        }
        let (written, name) = match spent {
            Spent::Status => (state.status, state.status.and_then(|written| ledger.status_name(written))),
            Spent::Stage => (state.stage, state.stage.and_then(|written| ledger.stage_name(written))),
        };
        if (written.is_some() && name.is_none()) || name == current.map(|(name, _)| name) {
            continue;
        }
        close(current.take(), event.at, true);
        current = name.map(|name| (name, event.at));
    }
    close(current, ledger.corpus.as_of, false);
    found
}
