//! Calendars of releases: a table with a countdown, JSON (`signoff.calendar/1`), CSV, iCalendar ([`write_ics`]).

use std::borrow::Cow;
use std::io::{self, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Serialize;
use signoff_model::calendar::page::PageFault;
use signoff_model::calendar::{self, Calendars, Dated, Undated, moment};
use signoff_model::profile::Profile;
use signoff_model::{Release, Source};

use crate::Look;
use crate::query::csv_line;
use crate::table::{self, Cell, Overflow};
use crate::visible::visible;

mod ics;

pub use ics::write as write_ics;

/// A clock beside a date that says the year.
const CLOCK: &str = "%d %b %H:%M";

/// Calendars, seen from an instant.
pub struct View<'a> {
    /// The process.
    pub profile: &'a Profile,
    /// What its checkpoints are called.
    pub calendars: &'a Calendars,
    /// The calendars to show, oldest release first, as they were known at the instant.
    pub shown: &'a [calendar::Calendar],
    /// The instant.
    pub instant: Timestamp,
    /// Why no release is current at the instant.
    pub undated: Option<Undated>,
    /// The zone for which clocks are shown beside UTC, and its name.
    pub zone: Option<(&'a str, TimeZone)>,
    /// What is wrong with the pages that the calendars were read from.
    pub pages: &'a [(Source, Vec<PageFault>)],
}

impl View<'_> {
    fn name<'s>(&'s self, dated: &'s Dated, release: Release) -> &'s str {
        self.calendars.name(&dated.id, release)
    }

    fn current(&self) -> Option<Release> {
        let day = self.instant.to_zoned(TimeZone::UTC).date();
        self.calendars.current(day).map(|calendar| calendar.release)
    }

    fn spelt(&self, release: Release) -> String {
        self.profile.release.spelt(release)
    }

    fn decides(&self, dated: &Dated) -> bool {
        self.calendars.kinds.iter().any(|kind| kind.decides && *kind.id == *dated.id)
    }

    /// The first checkpoint that is still to come.
    fn next<'c>(&self, calendar: &'c calendar::Calendar) -> Option<&'c Dated> {
        calendar.checkpoints.iter().find(|dated| dated.at >= self.instant)
    }

    fn local(&self, dated: &Dated) -> Option<String> {
        let (_, zone) = self.zone.as_ref().filter(|_| dated.exact)?;
        Some(dated.at.to_zoned(zone.clone()).strftime(CLOCK).to_string())
    }

    /// How a release stands to the instant.
    fn standing(&self, calendar: &calendar::Calendar) -> &'static str {
        let day = self.instant.to_zoned(TimeZone::UTC).date();
        match self.current() {
            Some(current) if current != calendar.release => "",
            Some(_) if calendar.is_under_way(day) => "  current release",
            Some(_) => "  next release",
            None => "",
        }
    }
}

/// Calendars as `signoff.calendar/1`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct CalendarList<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.calendar/1"))]
    schema: &'static str,
    /// The instant from which it is seen.
    instant: String,
    /// The release that is worked on at the instant or, between two cycles, next; null where that is not known.
    current: Option<String>,
    /// Why it is not known.
    note: Option<String>,
    /// Name of the zone of `local`.
    zone: Option<&'a str>,
    /// The calendars, oldest release first.
    releases: Vec<OneRelease<'a>>,
    /// What is wrong with the pages that they were read from.
    findings: Vec<PageFinding<'a>>,
}

/// The calendar of a release.
#[derive(Serialize, JsonSchema)]
struct OneRelease<'a> {
    /// The release.
    release: String,
    /// Where the dates stand.
    source: Option<&'a str>,
    /// The checkpoints by their instants.
    checkpoints: Vec<Checkpoint<'a>>,
    /// What was said before, by the instant until which it was.
    revisions: Vec<Revision<'a>>,
}

/// A checkpoint.
#[derive(Serialize, JsonSchema)]
struct Checkpoint<'a> {
    /// Its id.
    id: &'a str,
    /// What the release calls it.
    name: &'a str,
    /// As its source writes it.
    written: &'a str,
    /// The day that the source names.
    day: String,
    /// When it is. Of a day without a clock, the end of that day anywhere on Earth.
    at: String,
    /// The clock of `zone` then; null without a zone, and for a day without a clock.
    local: Option<String>,
    /// Whether the source says when on that day.
    exact: bool,
    /// Whether missing it removes a proposal from the release.
    hard: bool,
    /// Whether proposals get a verdict at it.
    decides: bool,
    /// Whether it is the first of its release that is still to come.
    next: bool,
}

/// What was said about a checkpoint before.
#[derive(Serialize, JsonSchema)]
struct Revision<'a> {
    /// Id of the checkpoint.
    checkpoint: &'a str,
    /// The instant until which it was so.
    until: String,
    /// As it was written; null when no date had been set.
    written: Option<&'a str>,
    /// When it was to be.
    at: Option<String>,
    /// Why it was changed.
    why: Option<&'a str>,
}

/// A mistake of a release page.
#[derive(Serialize, JsonSchema)]
struct PageFinding<'a> {
    /// The page.
    path: &'a str,
    /// Line, from 1.
    line: usize,
    /// Column, from 1.
    column: usize,
    /// Which kind of mistake.
    kind: &'static str,
    /// What is wrong.
    message: &'a str,
}

/// Writes calendars as JSON.
///
/// # Errors
/// Those of the writer.
pub fn write_json(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let findings = view.pages.iter().flat_map(|(source, faults)| {
        faults.iter().map(|PageFault { span, kind, message }| {
            let place = source.position(span.start);
            PageFinding { path: &source.path, line: place.line, column: place.column, kind: kind.word(), message }
        })
    });
    let list = CalendarList {
        schema: "signoff.calendar/1",
        instant: view.instant.to_string(),
        current: view.current().map(|release| view.spelt(release)),
        note: view.undated.map(|undated| undated.to_string()),
        zone: view.zone.as_ref().map(|(name, _)| *name),
        releases: view.shown.iter().map(|calendar| one(view, calendar)).collect(),
        findings: findings.collect(),
    };
    crate::write_json(&list, out)
}

fn one<'a>(view: &'a View<'_>, calendar: &'a calendar::Calendar) -> OneRelease<'a> {
    let calendar::Calendar { release, source, checkpoints, revisions } = calendar;
    let next = view.next(calendar);
    let checkpoint = |dated: &'a Dated| {
        let Dated { id, at, day, written, exact, hard } = dated;
        Checkpoint {
            id,
            name: view.name(dated, *release),
            written,
            day: day.to_string(),
            at: at.to_string(),
            local: view
                .zone
                .as_ref()
                .filter(|_| *exact)
                .map(|(_, zone)| at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()),
            exact: *exact,
            hard: *hard,
            decides: view.decides(dated),
            next: next == Some(dated),
        }
    };
    let revision = |revision: &'a calendar::Revision| {
        let calendar::Revision { checkpoint, until, before, why } = revision;
        Revision {
            checkpoint,
            until: until.to_string(),
            written: before.as_ref().map(|before| &*before.written),
            at: before.as_ref().map(|before| before.at.to_string()),
            why: Some(&**why).filter(|why| !why.is_empty()),
        }
    };
    OneRelease {
        release: view.spelt(*release),
        source: source.as_deref(),
        checkpoints: checkpoints.iter().map(checkpoint).collect(),
        revisions: revisions.iter().map(revision).collect(),
    }
}

/// Writes a row for each checkpoint.
///
/// # Errors
/// Those of the writer.
pub fn write_csv(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut row = |cells: &[&str]| csv_line(cells.iter().copied().map(Cow::Borrowed), out);
    row(&["release", "checkpoint", "name", "written", "day", "at", "exact", "hard", "decides"])?;
    for calendar in view.shown {
        for dated in &calendar.checkpoints {
            row(&[
                &view.spelt(calendar.release),
                &dated.id,
                view.name(dated, calendar.release),
                &dated.written,
                &dated.day.to_string(),
                &dated.at.to_string(),
                &dated.exact.to_string(),
                &dated.hard.to_string(),
                &view.decides(dated).to_string(),
            ])?;
        }
    }
    Ok(())
}

/// Writes calendars as tables, with how long it is to each checkpoint, and what is wrong with the pages.
///
/// # Errors
/// Those of the writer.
pub fn write_human(view: &View<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    if let Some(undated) = view.undated {
        writeln!(out, "{}", sentence(&undated.to_string()))?;
        if view.shown.is_empty() {
            writeln!(out, "`signoff calendar --all` shows the calendars that are known.")?;
        }
    }
    let mut parted = view.undated.is_some();
    for calendar in view.shown {
        if parted {
            writeln!(out)?;
        }
        parted = true;
        one_table(view, calendar, look, out)?;
    }
    if view.shown.iter().flat_map(|calendar| &calendar.checkpoints).any(|dated| !dated.exact) {
        writeln!(
            out,
            "\n{}",
            look.faint("A day without a clock ends where it ends last on Earth, at 12:00 UTC of the next day.")
        )?;
    }
    for (source, faults) in view.pages {
        for (index, fault) in faults.iter().enumerate() {
            if index == 0 {
                writeln!(out, "\n{}", look.strong(&visible(&source.path)))?;
            }
            let place = source.position(fault.span.start);
            writeln!(out, "  {}:{}: {}", place.line, place.column, visible(&fault.message))?;
        }
    }
    Ok(())
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

fn one_table(view: &View<'_>, calendar: &calendar::Calendar, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let release = view.spelt(calendar.release);
    let standing = view.standing(calendar);
    writeln!(out, "{}{standing}", look.strong(&visible(&release)))?;
    let next = view.next(calendar);
    let mut heading = vec!["  CHECKPOINT", "DATE", "UTC"];
    if let Some((name, _)) = &view.zone {
        heading.push(name);
    }
    heading.push("");
    let heading = heading.into_iter().map(|title| Cell::new(title).painted(move |text| look.faint(text)));
    let mut rows: Vec<Vec<Cell>> = vec![heading.collect()];
    for dated in &calendar.checkpoints {
        let is_next = next == Some(dated);
        let name = visible(view.name(dated, calendar.release)).into_owned();
        let soft = if dated.hard { "" } else { ", soft" };
        let mark = if is_next { ">" } else { " " };
        let universal = if dated.exact { dated.at.strftime(CLOCK).to_string() } else { String::new() };
        let mut row = vec![
            Cell::new(format!("{mark} {name}"))
                .painted(move |text| if is_next { look.strong(text) } else { text.to_owned() }),
            Cell::new(format!("{} {}", dated.day.strftime("%a"), visible(&brief(dated)))),
            Cell::new(universal),
        ];
        if view.zone.is_some() {
            row.push(Cell::new(view.local(dated).unwrap_or_default()));
        }
        row.push(Cell::new(distance(view.instant, dated) + soft));
        rows.push(row);
    }
    table::write(&rows, 0, look.width, Overflow::Cut, out)?;
    for revision in &calendar.revisions {
        let name = view.calendars.name(&revision.checkpoint, calendar.release);
        let before = revision.before.as_ref().map_or("not dated", |before| &*before.written);
        let why = if revision.why.is_empty() { String::new() } else { format!(": {}", revision.why) };
        let until = revision.until.strftime("%Y-%m-%d %H:%M UTC");
        writeln!(out, "{}", visible(&format!("{name} was {before} until {until}{why}")))?;
    }
    if let Some(source) = &calendar.source {
        writeln!(out, "{}", look.faint(&visible(&format!("Source: {source}"))))?;
    }
    Ok(())
}

/// A written time with the short name of its zone, where it has one.
fn brief(dated: &Dated) -> String {
    let written = dated.written.replacen('T', " ", 1);
    let zone = written.rsplit_once(' ').and_then(|(clock, name)| Some((clock, moment::zone(name).ok()?)));
    match zone {
        Some((clock, zone)) => format!("{clock} {}", zone.to_offset_info(dated.at).abbreviation()),
        None => written,
    }
}

/// How long it is from an instant to a checkpoint: `in 4 days`, `5 hours ago`.
fn distance(instant: Timestamp, dated: &Dated) -> String {
    if !dated.exact {
        let today = instant.to_zoned(TimeZone::UTC).date();
        let days = (dated.day - today).get_days();
        return match days {
            0 => "today".to_owned(),
            _ => counted(i64::from(days), "day"),
        };
    }
    let seconds = dated.at.as_second() - instant.as_second();
    match seconds.abs() {
        0..60 => "now".to_owned(),
        60..3600 => counted(seconds / 60, "minute"),
        3600..172_800 => counted(seconds / 3600, "hour"),
        _ => counted(seconds / 86_400, "day"),
    }
}

fn counted(count: i64, unit: &str) -> String {
    let plural = if count.abs() == 1 { "" } else { "s" };
    if count > 0 { format!("in {count} {unit}{plural}") } else { format!("{} {unit}{plural} ago", -count) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        let cases = [
            ("2026-02-11 AoE", "2026-02-08T12:00Z", "in 4 days"),
            ("2026-02-11 AoE", "2026-02-10T11:00Z", "in 2 days"),
            ("2026-02-11 AoE", "2026-02-11T12:00Z", "in 24 hours"),
            ("2026-02-11 AoE", "2026-02-12T11:00Z", "in 1 hour"),
            ("2026-02-11 AoE", "2026-02-12T11:58:30Z", "in 1 minute"),
            ("2026-02-11 AoE", "2026-02-12T12:00Z", "now"),
            ("2026-02-11 AoE", "2026-02-12T14:00Z", "2 hours ago"),
            ("2026-02-11 AoE", "2026-02-17T13:00Z", "5 days ago"),
            ("2026-02-11", "2026-02-11T23:00Z", "today"),
            ("2026-02-11", "2026-02-10T23:00Z", "in 1 day"),
            ("2026-02-11", "2026-02-12T01:00Z", "1 day ago"),
            ("2026-02-11", "2026-05-12T01:00Z", "90 days ago"),
        ];
        for (written, instant, expected) in cases {
            let moment::Moment { at, day, exact } = moment::read(written).expect("a time");
            let dated = Dated { id: "x".into(), at, day, written: written.into(), exact, hard: true };
            assert_eq!(distance(instant.parse().expect("an instant"), &dated), expected, "{written} {instant}");
        }
    }
}
