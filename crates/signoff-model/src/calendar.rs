//! When the checkpoints of each release are, were, and were thought to be.
//!
//! A profile writes days and clocks ([`crate::profile::WrittenCalendar`]); [`Calendars`] holds the instants
//! that they mean. [`Prepared`](crate::profile::Prepared) answers by name and by instant.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::profile::{CheckpointKind, WrittenCalendar, WrittenRevision};
use crate::release::Release;
use crate::wording;

pub mod moment;
pub mod page;

pub use moment::Moment;

/// Id of the checkpoint at which work on a release begins.
pub const START: &str = "start";
/// Id of the checkpoint at which a release is published.
pub const RELEASE: &str = "release";

/// The calendars of a process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendars {
    /// Each kind of checkpoint, in the order of the profile.
    pub kinds: Vec<CheckpointKind>,
    /// The calendars, oldest release first.
    pub all: Vec<Calendar>,
}

/// The checkpoints of one release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// The release.
    pub release: Release,
    /// Where the dates stand.
    pub source: Option<Box<str>>,
    /// The checkpoints by their instants, at one instant in the order of the profile.
    pub checkpoints: Vec<Dated>,
    /// What was said before, by the instant until which it was.
    pub revisions: Vec<Revision>,
}

/// A checkpoint of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// Id of its kind.
    pub id: Box<str>,
    /// When it is: what was done before this instant was in time.
    pub at: Timestamp,
    /// The day that the source names.
    pub day: Date,
    /// As the source writes it.
    pub written: Box<str>,
    /// Whether the source says when on that day; else it counts as ending there, anywhere on Earth.
    pub exact: bool,
    /// Whether missing it removes a proposal from the release.
    pub hard: bool,
}

/// What was said about a checkpoint until it was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Id of the checkpoint.
    pub checkpoint: Box<str>,
    /// The instant until which it was so.
    pub until: Timestamp,
    /// The checkpoint as it was to be; `None`: no date had been set.
    pub before: Option<Dated>,
    /// Why it was changed.
    pub why: Box<str>,
}

impl Calendar {
    /// The checkpoint of this id.
    #[must_use]
    pub fn at(&self, id: &str) -> Option<&Dated> {
        self.checkpoints.iter().find(|dated| *dated.id == *id)
    }

    /// Whether work on the release is under way at a day: from the first day of its cycle to that of the release.
    #[must_use]
    pub fn is_under_way(&self, day: Date) -> bool {
        let bounds = self.at(START).zip(self.at(RELEASE));
        bounds.is_some_and(|(start, release)| start.day <= day && day <= release.day)
    }

    /// The calendar as it was known at an instant.
    #[must_use]
    pub fn as_known(&self, instant: Timestamp) -> Self {
        let mut known = self.clone();
        // Revisions are sorted: the first that held beyond the instant is what was said at it.
        known.revisions.retain(|revision| revision.until <= instant);
        let mut seen: Vec<&str> = Vec::new();
        for revision in self.revisions.iter().filter(|revision| revision.until > instant) {
            if seen.contains(&&*revision.checkpoint) {
                continue;
            }
            seen.push(&revision.checkpoint);
            known.checkpoints.retain(|dated| dated.id != revision.checkpoint);
            known.checkpoints.extend(revision.before.clone());
        }
        known.checkpoints.sort_by_key(|dated| dated.at);
        known
    }
}

impl Calendars {
    /// Reads written calendars. What cannot be read is left out: `signoff-analysis` says what it is.
    #[must_use]
    pub fn read(kinds: &[CheckpointKind], written: &[WrittenCalendar]) -> Self {
        let mut calendars = Self { kinds: kinds.to_vec(), all: Vec::new() };
        let mut all: Vec<Calendar> = written.iter().filter_map(|written| calendars.calendar(written)).collect();
        all.sort_by_key(|calendar| calendar.release);
        calendars.all = all;
        calendars
    }

    fn calendar(&self, written: &WrittenCalendar) -> Option<Calendar> {
        let release = Release::parse(&written.release)?;
        let dated = |kind: &CheckpointKind| Self::dated(kind, written.at.get(&kind.id)?, release);
        let mut checkpoints: Vec<Dated> = self.kinds.iter().filter_map(dated).collect();
        checkpoints.sort_by_key(|dated| dated.at);
        let mut revisions: Vec<Revision> =
            written.revision.iter().filter_map(|revision| self.revision(revision, release)).collect();
        revisions.sort_by_key(|revision| revision.until);
        Some(Calendar { release, source: written.source.as_deref().map(Into::into), checkpoints, revisions })
    }

    fn dated(kind: &CheckpointKind, written: &str, release: Release) -> Option<Dated> {
        let Moment { at, day, exact } = moment::read(written).ok()?;
        let from = kind.hard_from.as_deref().and_then(Release::parse);
        let hard = from.is_none_or(|from| from <= release);
        Some(Dated { id: kind.id.as_str().into(), at, day, written: written.into(), exact, hard })
    }

    fn revision(&self, written: &WrittenRevision, release: Release) -> Option<Revision> {
        let kind = self.kinds.iter().find(|kind| kind.id == written.checkpoint)?;
        let until = moment::read(&written.until).ok()?.at;
        let before = match &written.at {
            Some(at) => Some(Self::dated(kind, at, release)?),
            None => None,
        };
        Some(Revision { checkpoint: kind.id.as_str().into(), until, before, why: written.why.as_str().into() })
    }

    /// The calendar of a release, whatever its patch number.
    #[must_use]
    pub fn of(&self, release: Release) -> Option<&Calendar> {
        self.all.iter().find(|calendar| calendar.release.minors_after(release) == 0)
    }

    /// The kind of checkpoint of this id, alias or name, in any spelling.
    #[must_use]
    pub fn kind(&self, name: &str) -> Option<&CheckpointKind> {
        let wanted = wording::words(name);
        if wanted.is_empty() {
            return None;
        }
        let by = |kind: &&CheckpointKind| kind.names().any(|name| wording::words(name) == wanted);
        self.kinds.iter().find(|kind| kind.id == name).or_else(|| self.kinds.iter().find(by))
    }

    /// What a release calls a checkpoint; its id when there is no such kind.
    #[must_use]
    pub fn name<'a>(&'a self, id: &'a str, release: Release) -> &'a str {
        let Some(kind) = self.kinds.iter().find(|kind| kind.id == id) else { return id };
        let since = |from: &str| Release::parse(from).is_some_and(|from| from <= release);
        let renamed = kind.renamed.iter().rfind(|renaming| since(&renaming.from));
        let name = renamed.map_or(kind.name.as_str(), |renaming| renaming.name.as_str());
        if name.is_empty() { id } else { name }
    }

    /// The first checkpoint of a release at or after an instant that decides about proposals.
    #[must_use]
    pub fn next(&self, release: Release, instant: Timestamp) -> Option<&Dated> {
        let decides = |dated: &&Dated| self.kinds.iter().any(|kind| kind.decides && *kind.id == *dated.id);
        self.of(release)?.checkpoints.iter().filter(decides).find(|dated| dated.at >= instant)
    }

    /// The release that is worked on at a day or, between two cycles, next; `None` before the first known cycle and
    /// behind the last one.
    #[must_use]
    pub fn current(&self, day: Date) -> Option<&Calendar> {
        let has_begun = |calendar: &Calendar| calendar.at(START).is_some_and(|start| start.day <= day);
        if !self.all.iter().any(has_begun) {
            return None;
        }
        let ends = |calendar: &&Calendar| Some(calendar.at(RELEASE)?.day);
        let ahead = self.all.iter().filter(|calendar| ends(calendar).is_some_and(|end| day <= end));
        self.under_way(day).or_else(|| ahead.min_by_key(ends))
    }

    /// The release that is worked on at a day; `None` between two cycles and where no cycle is known.
    #[must_use]
    pub fn under_way(&self, day: Date) -> Option<&Calendar> {
        self.all.iter().find(|calendar| calendar.is_under_way(day))
    }

    /// The calendar whose release is published last.
    #[must_use]
    pub fn last_known(&self) -> Option<&Calendar> {
        let ends = |calendar: &&Calendar| Some(calendar.at(RELEASE)?.day);
        self.all.iter().filter(|calendar| ends(calendar).is_some()).max_by_key(ends)
    }

    /// Why no release is current at a day; `None` when one is.
    #[must_use]
    pub fn undated(&self, day: Date) -> Option<Undated> {
        if self.current(day).is_some() {
            return None;
        }
        let start = |calendar: &Calendar| Some((calendar.at(START)?.day, calendar.release));
        let first = self.all.iter().filter_map(start).min().filter(|(start, _)| day < *start);
        let last = || self.last_known().and_then(|last| Some((last.release, last.at(RELEASE)?.day)));
        let known = match first {
            Some((start, release)) => Known::From(release, start),
            None => last().map_or(Known::Nothing, |(release, end)| Known::Until(release, end)),
        };
        Some(Undated { day, known })
    }
}

/// A day for which no calendar says which release is current. As text it is the statement of every command that
/// would need to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undated {
    /// The day asked about.
    pub day: Date,
    /// What is known instead.
    pub known: Known,
}

/// How far calendars reach, seen from a day outside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// There is none.
    Nothing,
    /// The first one is of this release, and begins later.
    From(Release, Date),
    /// The last one is of this release, and has ended.
    Until(Release, Date),
}

impl std::fmt::Display for Undated {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "which release is worked on at {} is not known: ", self.day)?;
        match self.known {
            Known::Nothing => write!(formatter, "no release has dates"),
            Known::From(release, start) => write!(formatter, "the first one with dates is {release}, from {start} on"),
            Known::Until(release, end) => write!(formatter, "the last one with dates is {release}, of {end}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Profile;

    const PROFILE: &str = r#"
schema = 1
id = "x"
layout = { root = "x", name = "{number}" }
[[checkpoint]]
id = "start"
[[checkpoint]]
id = "plans"
name = "Plans Freeze"
aliases = ["planning"]
renamed = [{ from = "v1.3", name = "Plans Deadline" }]
decides = true
hard_from = "v1.2"
[[checkpoint]]
id = "code"
decides = true
[[checkpoint]]
id = "tests"
decides = true
[[checkpoint]]
id = "release"
[[calendar]]
release = "v1.2"
at = { start = "2026-03-02", plans = "2026-03-10 AoE", code = "2026-04-01T12:00Z", tests = "2026-04-01T12:00Z", release = "2026-05-04" }
[[calendar.revision]]
checkpoint = "code"
until = "2026-03-20T00:00Z"
at = "2026-03-25T12:00Z"
why = "the hall was booked"
[[calendar.revision]]
checkpoint = "code"
until = "2026-03-01T00:00Z"
[[calendar]]
release = "1.1"
at = { start = "2026-01-05", plans = "soon", nonsense = "2026-01-06", release = "2026-02-27" }
"#;

    fn calendars() -> Calendars {
        let profile = Profile::parse(PROFILE, &|_| None).expect("a profile");
        Calendars::read(&profile.checkpoint, &profile.calendar)
    }

    fn release(text: &str) -> Release {
        Release::parse(text).expect("a release")
    }

    #[test]
    fn which_release_is_current_at_a_day() {
        let calendars = calendars();
        let cases = [
            ("2025-12-31", None, None),
            ("2026-01-05", Some("v1.1"), Some("v1.1")),
            ("2026-02-27", Some("v1.1"), Some("v1.1")),
            ("2026-02-28", None, Some("v1.2")),
            ("2026-05-04", Some("v1.2"), Some("v1.2")),
            ("2026-05-05", None, None),
        ];
        for (day, under_way, current) in cases {
            let day: Date = day.parse().expect("a day");
            let found = calendars.under_way(day).map(|calendar| calendar.release);
            assert_eq!(found, under_way.map(release), "{day}");
            assert_eq!(calendars.current(day).map(|calendar| calendar.release), current.map(release), "{day}");
            assert_eq!(calendars.undated(day).is_some(), current.is_none(), "{day}");
        }
    }

    #[test]
    fn a_day_outside_the_calendars_says_how_far_they_reach() {
        let cases = [
            (calendars(), "2026-05-05", "the last one with dates is v1.2, of 2026-05-04"),
            (calendars(), "2020-01-01", "the first one with dates is v1.1, from 2026-01-05 on"),
            (Calendars::default(), "2026-05-05", "no release has dates"),
        ];
        for (calendars, day, expected) in cases {
            let said = calendars.undated(day.parse().expect("a day")).expect("a statement").to_string();
            assert_eq!(said, format!("which release is worked on at {day} is not known: {expected}"));
        }
    }

    #[test]
    fn the_next_checkpoint_decides_and_its_instant_counts() {
        let calendars = calendars();
        let cases = [
            ("2026-03-01T00:00Z", Some("plans")),
            ("2026-03-11T12:00:00Z", Some("plans")),
            ("2026-03-11T12:00:01Z", Some("code")),
            ("2026-04-01T12:00Z", Some("code")),
            ("2026-04-01T12:00:01Z", None),
        ];
        for (instant, expected) in cases {
            let next = calendars.next(release("v1.2"), instant.parse().expect("an instant"));
            assert_eq!(next.map(|dated| &*dated.id), expected, "{instant}");
        }
    }

    #[test]
    fn checkpoints_have_names_and_names_change() {
        let calendars = calendars();
        for name in ["plans", "Plans Freeze", "plans-freeze", "PLANNING", "plans deadline"] {
            assert_eq!(calendars.kind(name).map(|kind| kind.id.as_str()), Some("plans"), "{name}");
        }
        for name in ["plan", "", "-"] {
            assert_eq!(calendars.kind(name), None, "{name}");
        }
        let cases = [("plans", "v1.2", "Plans Freeze"), ("plans", "v1.3", "Plans Deadline"), ("code", "v1.2", "code")];
        for (id, of, expected) in cases {
            assert_eq!(calendars.name(id, release(of)), expected);
        }
    }

    #[test]
    fn a_soft_checkpoint_becomes_hard() {
        let mut calendars = calendars();
        assert!(calendars.of(release("v1.2")).and_then(|calendar| calendar.at("plans")).expect("it is dated").hard);
        calendars.kinds[1].hard_from = Some("v1.3".to_owned());
        let written = WrittenCalendar {
            release: "v1.2".to_owned(),
            at: [("plans".to_owned(), "2026-03-10".to_owned())].into(),
            ..WrittenCalendar::default()
        };
        let soft = Calendars::read(&calendars.kinds, &[written]);
        assert!(!soft.all[0].checkpoints[0].hard);
    }

    #[test]
    fn a_calendar_is_what_was_known_at_the_instant() {
        let calendars = calendars();
        let calendar = calendars.of(release("v1.2.3")).expect("the calendar");
        let cases = [
            ("2026-02-28T23:59Z", None, 0),
            ("2026-03-01T00:00Z", Some("2026-03-25T12:00Z"), 1),
            ("2026-03-19T23:59Z", Some("2026-03-25T12:00Z"), 1),
            ("2026-03-20T00:00Z", Some("2026-04-01T12:00Z"), 2),
        ];
        for (instant, expected, revisions) in cases {
            let known = calendar.as_known(instant.parse().expect("an instant"));
            assert_eq!(known.at("code").map(|dated| &*dated.written), expected, "{instant}");
            assert_eq!(known.revisions.len(), revisions, "{instant}");
            assert!(known.checkpoints.is_sorted_by_key(|dated| dated.at), "{instant}");
        }
    }
}
