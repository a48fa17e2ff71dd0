//! The dates of releases that questions to the history need.

use jiff::Timestamp;
use jiff::civil::Date;
use signoff_model::Release;
use signoff_model::calendar::{self, Calendar, Dated};
use signoff_model::profile::Prepared;

/// The cycle of a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// The release.
    pub release: Release,
    /// When work on it began.
    pub start: Option<Timestamp>,
    /// When it was settled what it is to bring.
    pub planned: Option<Timestamp>,
    /// When it came out, or is to.
    pub out: Option<Timestamp>,
    /// The day that is given for that.
    pub out_day: Option<Date>,
}

impl Cycle {
    /// A release of which no date is known.
    #[must_use]
    pub fn undated(release: Release) -> Self {
        Self { release, start: None, planned: None, out: None, out_day: None }
    }

    /// The cycle without the moments of which nothing is known, since the history begins later.
    #[must_use]
    pub fn known_from(self, first: Option<Timestamp>) -> Self {
        let known = |at: &Timestamp| first.is_none_or(|first| first <= *at);
        Self { start: self.start.filter(known), planned: self.planned.filter(known), ..self }
    }

    /// Whether the release is out at an instant; `None` when nobody says.
    #[must_use]
    pub fn is_out(&self, instant: Timestamp) -> Option<bool> {
        Some(self.out? <= instant)
    }
}

/// The cycle of a release; without dates where no calendar has it.
#[must_use]
pub fn of(prepared: &Prepared, release: Release) -> Cycle {
    prepared.calendar(release).map_or_else(|| Cycle::undated(release), |calendar| read(prepared, calendar))
}

/// The cycles that calendars have, oldest release first.
#[must_use]
pub fn all(prepared: &Prepared) -> Vec<Cycle> {
    prepared.calendars.all.iter().map(|calendar| read(prepared, calendar)).collect()
}

/// The newest release that is out at an instant, as far as calendars tell.
#[must_use]
pub fn newest_out(cycles: &[Cycle], instant: Timestamp) -> Option<Release> {
    cycles.iter().filter(|cycle| cycle.is_out(instant) == Some(true)).map(|cycle| cycle.release).max()
}

/// Whether a release is out at an instant. One without dates is when a newer one is, and is not when an older one is not.
#[must_use]
pub fn is_out(cycles: &[Cycle], release: Release, instant: Timestamp) -> Option<bool> {
    let own = cycles.iter().find(|cycle| cycle.release.minors_after(release) == 0);
    if let Some(own) = own {
        return own.is_out(instant);
    }
    if newest_out(cycles, instant).is_some_and(|newest| release < newest) {
        return Some(true);
    }
    let ahead = cycles.iter().any(|cycle| cycle.is_out(instant) == Some(false) && cycle.release < release);
    ahead.then_some(false)
}

fn read(prepared: &Prepared, calendar: &Calendar) -> Cycle {
    let at = |id: &str| calendar.at(id).map(|dated: &Dated| dated.at);
    let planned = prepared.profile.history.planned_at.as_deref().unwrap_or(calendar::START);
    Cycle {
        release: calendar.release,
        start: at(calendar::START),
        planned: at(planned),
        out: at(calendar::RELEASE),
        out_day: calendar.at(calendar::RELEASE).map(|dated| dated.day),
    }
}
