//! The figures as tables and charts for a terminal.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{Breakdown, Lateness, Load, OfRelease, Outcome, Stats, Time};
use crate::Look;
use crate::chart;
use crate::standpoint::counted;
use crate::table::{self, Cell, Overflow};
use crate::visible::visible;

/// Releases whose load is shown, newest first, and how many names of each kind.
const LOAD_RELEASES: usize = 4;
const LOAD_NAMES: usize = 12;
/// Years and releases that are shown.
const ROWS: usize = 12;
/// Rows of the table that was asked for.
const BREAKDOWN_ROWS: usize = 30;
/// The widest bar.
const BAR_MAX: usize = 40;

/// Writes the figures, each part under its heading.
///
/// # Errors
/// Those of the writer.
pub fn write(stats: &Stats, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { stats, look, out };
    page.head()?;
    if let Some(breakdown) = &stats.breakdown {
        return page.breakdown(breakdown);
    }
    page.counts()?;
    page.time()?;
    page.lateness()?;
    page.acceptance()?;
    page.releases()?;
    page.years()?;
    page.load()?;
    page.weeks()
}

struct Page<'p> {
    stats: &'p Stats,
    look: Look,
    out: &'p mut dyn Write,
}

impl Page<'_> {
    fn head(&mut self) -> io::Result<()> {
        let mut title = counted(self.stats.proposals, "proposal");
        if let Some(release) = &self.stats.release {
            title.push_str(&format!(", {}", visible(release)));
        }
        if let Some(since) = &self.stats.since {
            title.push_str(&format!(", since {since}"));
        }
        writeln!(self.out, "{}", self.look.strong(&title))?;
        self.stats.standpoint.write(self.look, self.out)
    }

    fn heading(&mut self, title: &str, about: &str) -> io::Result<()> {
        writeln!(self.out, "\n{}  {}", self.look.strong(title), self.look.faint(about))
    }

    fn table(&mut self, heads: &[&str], rows: Vec<Vec<Cell>>) -> io::Result<()> {
        let look = self.look;
        let head = |head: &&str| Cell::new(*head).painted(move |text| look.faint(text));
        let mut cells: Vec<Vec<Cell>> = vec![heads.iter().map(head).collect()];
        cells.extend(rows);
        table::write(&cells, 2, self.look.width, Overflow::Cut, self.out)
    }

    /// A bar that leaves room for what stands beside it.
    fn bar(&self, value: usize, largest: usize, beside: usize) -> Cell {
        let width = self.look.width.saturating_sub(beside).min(BAR_MAX);
        Cell::new(chart::bar(value, largest, width))
    }

    fn counts(&mut self) -> io::Result<()> {
        self.heading("Proposals", "by status now")?;
        let largest = self.stats.statuses.iter().map(|it| it.proposals).max().unwrap_or(0);
        let rows = self.stats.statuses.iter().map(|it| {
            let name = it.status.as_deref().unwrap_or("(another, or none)");
            vec![Cell::new(visible(name)), Cell::number(it.proposals), self.bar(it.proposals, largest, 40)]
        });
        let rows: Vec<Vec<Cell>> = rows.collect();
        table::write(&rows, 2, self.look.width, Overflow::Cut, self.out)?;
        let orphaned = self.stats.orphaned.map_or_else(|| "unknown".to_owned(), |count| count.to_string());
        let Stats { unfinished, retired, superseded, authors, .. } = self.stats;
        writeln!(
            self.out,
            "  unfinished {unfinished}, orphaned {orphaned}, retired {retired}, superseded {superseded}, authors {authors}"
        )
    }

    fn time(&mut self) -> io::Result<()> {
        self.heading("Time", "days in each status and stage; the median's bar; what goes on is counted apart")?;
        let largest = self.stats.time.iter().filter_map(|time| time.median_days).max().unwrap_or(0);
        let rows: Vec<Vec<Cell>> = self.stats.time.iter().map(|time| self.time_row(time, largest)).collect();
        self.table(&["", "", "LEFT", "MEDIAN", "P90", "STILL", "MEDIAN", ""], rows)
    }

    fn time_row(&self, time: &Time, largest: i64) -> Vec<Cell> {
        let median = usize::try_from(time.median_days.unwrap_or(0)).unwrap_or(0);
        vec![
            Cell::new(time.of),
            Cell::new(visible(&time.name)),
            Cell::number(time.ended),
            days(time.median_days),
            days(time.p90_days),
            Cell::number(time.going_on),
            days(time.going_on_median_days),
            self.bar(median, usize::try_from(largest).unwrap_or(0), 64),
        ]
    }

    fn lateness(&mut self) -> io::Result<()> {
        if self.stats.lateness.is_empty() {
            return Ok(());
        }
        self.heading("Lateness", "of the proposals ready when a release was settled: not ready seven days before")?;
        let rows = last(&self.stats.lateness).iter().map(|it| {
            vec![
                Cell::new(visible(&it.release)),
                Cell::number(it.targeting),
                Cell::number(it.ready),
                Cell::number(it.late),
                Cell::new(share(it.late, it.ready)),
                self.bar(it.late, it.ready.max(1), 60),
            ]
        });
        let rows = rows.collect();
        self.table(&["RELEASE", "TARGET", "READY", "LATE", "SHARE", ""], rows)?;
        let newest = self.stats.lateness.iter().rev().find(|lateness| lateness.ready > 0);
        newest.map_or(Ok(()), |newest| self.days_before(newest))
    }

    fn days_before(&mut self, lateness: &Lateness) -> io::Result<()> {
        writeln!(
            self.out,
            "  {}",
            self.look.faint(&format!("{}: became ready so many days before", lateness.release))
        )?;
        let earlier = lateness.by_day.len() - 1;
        let bars: Vec<(String, usize)> = days_and_weeks(&lateness.by_day, earlier);
        let largest = bars.iter().map(|(_, count)| *count).max().unwrap_or(0);
        let row = |(name, count): &(String, usize)| {
            vec![Cell::new(name.as_str()), Cell::number(*count), self.bar(*count, largest, 30)]
        };
        let rows: Vec<Vec<Cell>> = bars.iter().map(row).collect();
        table::write(&rows, 4, self.look.width, Overflow::Cut, self.out)
    }

    fn acceptance(&mut self) -> io::Result<()> {
        self.heading("Acceptance", "what became of the proposals that began in a year")?;
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for it in &self.stats.acceptance_by_year {
            let year = it.year.map_or_else(|| "?".to_owned(), |year| year.to_string());
            rows.push(outcome_cells(Cell::new(year), &it.outcome));
        }
        rows.push(outcome_cells(Cell::new("all"), &self.stats.acceptance));
        self.table(&["BEGAN", "ALL", "ACCEPTED", "", "DONE", "", "ENDED", "", "OPEN", "ASIDE"], rows)?;
        let ended = &self.stats.acceptance.ended;
        let each: Vec<String> = ended
            .iter()
            .map(|(status, count)| {
                let name = if status.is_empty() { "another status" } else { status };
                format!("{} {count} ({})", visible(name), share(*count, self.stats.acceptance.created))
            })
            .collect();
        if each.is_empty() { Ok(()) } else { writeln!(self.out, "  ended: {}", each.join(", ")) }
    }

    fn releases(&mut self) -> io::Result<()> {
        if self.stats.releases.is_empty() {
            return Ok(());
        }
        self.heading("Releases", "planned when that was settled, gone elsewhere since, and stages claimed now")?;
        let is_claimed = |stage: &&str| self.stats.releases.iter().any(|it| it.claimed.contains_key(*stage));
        let stages: Vec<&str> = self.stats.stages.iter().map(String::as_str).filter(is_claimed).collect();
        let heads: Vec<String> = stages.iter().map(|stage| stage.to_uppercase()).collect();
        let heads: Vec<&str> =
            ["RELEASE", "PLANNED", "SLIPPED", ""].into_iter().chain(heads.iter().map(String::as_str)).collect();
        let is_told = |it: &&OfRelease| it.planned > 0 || !it.claimed.is_empty();
        let told: Vec<&OfRelease> = self.stats.releases.iter().filter(is_told).collect();
        let rows = last(&told).iter().map(|it| {
            let mut row = vec![
                Cell::new(visible(&it.release)),
                Cell::number(it.planned),
                Cell::number(it.slipped),
                Cell::new(share(it.slipped, it.planned)),
            ];
            row.extend(stages.iter().map(|stage| Cell::number(it.claimed.get(*stage).copied().unwrap_or(0))));
            row
        });
        let rows = rows.collect();
        self.table(&heads, rows)
    }

    fn years(&mut self) -> io::Result<()> {
        if self.stats.years.is_empty() {
            return Ok(());
        }
        self.heading("Years", "what happened in each, and who wrote the proposals that began then")?;
        let authors: BTreeMap<i16, (usize, usize)> =
            self.stats.authors_by_year.iter().map(|it| (it.year, (it.authors, it.first))).collect();
        let rows = last(&self.stats.years).iter().map(|it| {
            let (all, first) = authors.get(&it.year).copied().unwrap_or_default();
            let year = Cell::new(it.year.to_string());
            let counts = [it.created, it.accepted, it.promoted, it.done, it.ended, all, first];
            std::iter::once(year).chain(counts.into_iter().map(Cell::number)).collect()
        });
        let rows = rows.collect();
        self.table(&["YEAR", "CREATED", "ACCEPTED", "PROMOTED", "DONE", "ENDED", "AUTHORS", "FIRST TIME"], rows)
    }

    fn load(&mut self) -> io::Result<()> {
        let mut releases: Vec<&str> = Vec::new();
        for load in &self.stats.load {
            if !releases.contains(&load.release.as_str()) {
                releases.push(&load.release);
            }
        }
        // The order of the first kind is that of the releases.
        let shown: Vec<&str> = releases.iter().rev().take(LOAD_RELEASES).rev().copied().collect();
        for (kind, title, about) in [
            ("group", "Load of groups", "proposals that name the release"),
            ("approver", "Load of approvers", "proposals that name the release, by whom they name as approvers"),
            ("review", "Load of reviews", "approvals recorded for a stage of the release"),
        ] {
            let own: Vec<&Load> = self.stats.load.iter().filter(|load| load.kind == kind).collect();
            self.load_of(&own, &shown, (title, about))?;
        }
        Ok(())
    }

    fn load_of(&mut self, own: &[&Load], shown: &[&str], (title, about): (&str, &str)) -> io::Result<()> {
        let mut names: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for load in own {
            if let Some(place) = shown.iter().position(|release| *release == load.release) {
                names.entry(&load.name).or_insert_with(|| vec![0; shown.len()])[place] += load.proposals;
            }
        }
        if names.is_empty() {
            return Ok(());
        }
        self.heading(title, about)?;
        let mut names: Vec<(&str, Vec<usize>)> = names.into_iter().collect();
        names.sort_by_key(|(name, counts)| {
            let newest: Vec<usize> = counts.iter().rev().copied().collect();
            (std::cmp::Reverse(newest), *name)
        });
        let largest = names.iter().filter_map(|(_, counts)| counts.last()).copied().max().unwrap_or(0);
        let left = names.len().saturating_sub(LOAD_NAMES);
        let rows = names.iter().take(LOAD_NAMES).map(|(name, counts)| {
            let mut row = vec![Cell::new(visible(name))];
            row.extend(counts.iter().map(|count| Cell::number(*count)));
            row.push(self.bar(counts.last().copied().unwrap_or(0), largest, 70));
            row
        });
        let rows = rows.collect();
        let heads: Vec<&str> = std::iter::once("").chain(shown.iter().copied()).chain([""]).collect();
        self.table(&heads, rows)?;
        if left > 0 {
            writeln!(self.out, "  {}", self.look.faint(&format!("and {left} more; --format csv has them all")))?;
        }
        Ok(())
    }

    fn weeks(&mut self) -> io::Result<()> {
        let Some(weeks) = &self.stats.changes_by_week else { return Ok(()) };
        self.heading("Weeks", "commits of the main branch that changed proposals, in each of the last 52")?;
        writeln!(self.out, "  {}", chart::row(weeks))?;
        let total: usize = weeks.iter().sum();
        let tenths = (total * 10).checked_div(weeks.len()).unwrap_or(0);
        let average = format!("{}.{}", tenths / 10, tenths % 10);
        writeln!(self.out, "  {total} in all, {average} a week, at most {}", weeks.iter().max().copied().unwrap_or(0))
    }

    fn breakdown(&mut self, breakdown: &Breakdown) -> io::Result<()> {
        let about = "what became of the proposals, half of the days they were open and accepted, and lateness";
        self.heading(&format!("By {}", breakdown.by), about)?;
        let rows = breakdown.rows.iter().take(BREAKDOWN_ROWS).map(|row| {
            let name = row.name.as_deref().unwrap_or("(none)");
            let outcome = &row.outcome;
            let counts =
                [outcome.created, outcome.accepted, outcome.done, outcome.ended_total(), outcome.open, outcome.parked];
            let mut cells = vec![Cell::new(visible(name))];
            cells.extend(counts.into_iter().map(Cell::number));
            cells.extend([days(row.open_median_days), days(row.accepted_median_days)]);
            cells.extend([Cell::number(row.late), Cell::new(share(row.late, row.ready))]);
            cells
        });
        let rows = rows.collect();
        let heads =
            ["", "ALL", "ACCEPTED", "DONE", "ENDED", "OPEN", "ASIDE", "DAYS OPEN", "DAYS ACCEPTED", "LATE", "SHARE"];
        self.table(&heads, rows)?;
        match breakdown.rows.len().saturating_sub(BREAKDOWN_ROWS) {
            0 => Ok(()),
            left => writeln!(self.out, "  {}", self.look.faint(&format!("and {left} more; --format csv has them all"))),
        }
    }
}

/// The newest rows.
fn last<T>(rows: &[T]) -> &[T] {
    &rows[rows.len().saturating_sub(ROWS)..]
}

fn days(days: Option<i64>) -> Cell {
    days.map_or_else(|| Cell::new("-"), |days| Cell::number(usize::try_from(days).unwrap_or(0)))
}

/// A part in percent.
fn share(part: usize, whole: usize) -> String {
    (part * 200 + whole).checked_div(2 * whole).map_or_else(String::new, |percent| format!("{percent} %"))
}

fn outcome_cells(name: Cell, outcome: &Outcome) -> Vec<Cell> {
    let mut cells = vec![name, Cell::number(outcome.created)];
    for count in [outcome.accepted, outcome.done, outcome.ended_total()] {
        cells.extend([Cell::number(count), Cell::new(share(count, outcome.created))]);
    }
    cells.extend([Cell::number(outcome.open), Cell::number(outcome.parked)]);
    cells
}

/// Bars by day: each of the first eight, then weeks, then all that were earlier.
fn days_and_weeks(by_day: &[usize], earlier: usize) -> Vec<(String, usize)> {
    const SINGLE: usize = 8;
    let mut bars: Vec<(String, usize)> =
        by_day.iter().take(SINGLE.min(earlier)).enumerate().map(|(day, count)| (day.to_string(), *count)).collect();
    let mut from = SINGLE;
    while from < earlier {
        let until = (from + 7).min(earlier);
        bars.push((format!("{from} to {}", until - 1), by_day[from..until].iter().sum()));
        from = until;
    }
    bars.push((format!("{earlier} and more"), by_day[earlier]));
    bars
}
