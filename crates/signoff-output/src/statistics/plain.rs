//! The figures as one long table: what it is about, its name, the figure's name, the figure.

use std::borrow::Cow;
use std::io::{self, Write};

use super::{Outcome, Stats};
use crate::query::csv_line;

/// Writes a row for each figure, with a heading. A figure that is not known has no row.
///
/// # Errors
/// Those of the writer.
pub fn write(stats: &Stats, out: &mut dyn Write) -> io::Result<()> {
    csv_line(["table", "row", "figure", "value"].into_iter().map(Cow::Borrowed), out)?;
    let mut rows = Rows { out };
    counts(stats, &mut rows)?;
    for time in &stats.time {
        let of = format!("time_in_{}", time.of);
        rows.known(
            &of,
            &time.name,
            &[
                ("ended", i64::try_from(time.ended).ok()),
                ("median_days", time.median_days),
                ("p90_days", time.p90_days),
                ("going_on", i64::try_from(time.going_on).ok()),
                ("going_on_median_days", time.going_on_median_days),
            ],
        )?;
    }
    for it in &stats.lateness {
        rows.counts("lateness", &it.release, &[("targeting", it.targeting), ("ready", it.ready), ("late", it.late)])?;
        for (day, count) in it.by_day.iter().enumerate() {
            rows.one("ready_days_before", &it.release, &day.to_string(), &count.to_string())?;
        }
    }
    outcome("acceptance", "all", &stats.acceptance, &mut rows)?;
    for it in &stats.acceptance_by_year {
        let year = it.year.map_or_else(String::new, |year| year.to_string());
        outcome("acceptance", &year, &it.outcome, &mut rows)?;
    }
    for it in &stats.releases {
        rows.counts("releases", &it.release, &[("planned", it.planned), ("slipped", it.slipped)])?;
        for (stage, count) in &it.claimed {
            rows.one("claimed", &it.release, stage, &count.to_string())?;
        }
    }
    years(stats, &mut rows)?;
    for it in &stats.load {
        rows.one(&format!("load_{}", it.kind), &it.name, &it.release, &it.proposals.to_string())?;
    }
    for (week, count) in stats.changes_by_week.iter().flatten().enumerate() {
        rows.one("changes_by_week", &week.to_string(), "commits", &count.to_string())?;
    }
    breakdown(stats, &mut rows)
}

fn counts(stats: &Stats, rows: &mut Rows<'_>) -> io::Result<()> {
    for it in &stats.statuses {
        rows.counts("status", it.status.as_deref().unwrap_or_default(), &[("proposals", it.proposals)])?;
    }
    let Stats { proposals, unfinished, retired, superseded, orphaned, authors, .. } = stats;
    let all = [
        ("proposals", *proposals),
        ("unfinished", *unfinished),
        ("retired", *retired),
        ("superseded", *superseded),
        ("authors", *authors),
    ];
    rows.counts("counts", "all", &all)?;
    orphaned.map_or(Ok(()), |orphaned| rows.counts("counts", "all", &[("orphaned", orphaned)]))
}

fn years(stats: &Stats, rows: &mut Rows<'_>) -> io::Result<()> {
    for it in &stats.years {
        let figures = [
            ("created", it.created),
            ("accepted", it.accepted),
            ("promoted", it.promoted),
            ("done", it.done),
            ("ended", it.ended),
        ];
        rows.counts("years", &it.year.to_string(), &figures)?;
    }
    for it in &stats.authors_by_year {
        rows.counts("years", &it.year.to_string(), &[("authors", it.authors), ("first_time_authors", it.first)])?;
    }
    Ok(())
}

fn breakdown(stats: &Stats, rows: &mut Rows<'_>) -> io::Result<()> {
    let Some(breakdown) = &stats.breakdown else { return Ok(()) };
    let table = format!("by_{}", breakdown.by);
    for row in &breakdown.rows {
        let name = row.name.as_deref().unwrap_or_default();
        outcome(&table, name, &row.outcome, rows)?;
        rows.known(
            &table,
            name,
            &[("open_median_days", row.open_median_days), ("accepted_median_days", row.accepted_median_days)],
        )?;
        rows.counts(&table, name, &[("ready", row.ready), ("late", row.late)])?;
    }
    Ok(())
}

fn outcome(table: &str, row: &str, outcome: &Outcome, rows: &mut Rows<'_>) -> io::Result<()> {
    let Outcome { created, accepted, done, open, parked, ended, removed } = outcome;
    let figures = [
        ("created", *created),
        ("accepted", *accepted),
        ("done", *done),
        ("open", *open),
        ("parked", *parked),
        ("removed", *removed),
    ];
    rows.counts(table, row, &figures)?;
    for (status, count) in ended {
        rows.one(table, row, &format!("ended_{status}"), &count.to_string())?;
    }
    Ok(())
}

struct Rows<'o> {
    out: &'o mut dyn Write,
}

impl Rows<'_> {
    fn one(&mut self, table: &str, row: &str, figure: &str, value: &str) -> io::Result<()> {
        csv_line([table, row, figure, value].into_iter().map(Cow::Borrowed), self.out)
    }

    fn counts(&mut self, table: &str, row: &str, figures: &[(&str, usize)]) -> io::Result<()> {
        figures.iter().try_for_each(|(figure, count)| self.one(table, row, figure, &count.to_string()))
    }

    fn known(&mut self, table: &str, row: &str, figures: &[(&str, Option<i64>)]) -> io::Result<()> {
        let known = figures.iter().filter_map(|(figure, value)| Some((figure, (*value)?)));
        known.into_iter().try_for_each(|(figure, value)| self.one(table, row, figure, &value.to_string()))
    }
}
