//! Release pages: Markdown with a summary list and a table, from which a calendar is read.
//!
//! ```text
//! - **Thursday 15th June 2023**: Week 5 — [Enhancements Freeze](../phases.md)
//!
//! | **What**                        | **Who** | **When**                | **Week** |
//! |---------------------------------|---------|-------------------------|----------|
//! | **Begin [Enhancements Freeze]** | Lead    | Thursday 15th June 2023 | week 5   |
//! ```
//!
//! Pages are written by people: what contradicts itself is said, and the table counts before the list, unless it is
//! the table that contradicts itself.

use super::{Calendar, Calendars, Dated};
use crate::profile::CheckpointKind;
use crate::release::Release;
use crate::source::Source;
use crate::span::Span;
use crate::wording;

mod saying;

use saying::Said;

/// What a page says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The calendar; `None` when the page does not say of which release.
    pub calendar: Option<Calendar>,
    /// What is wrong with the page, in its order.
    pub faults: Vec<PageFault>,
}

/// A mistake of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageFault {
    /// Where.
    pub span: Span,
    /// Of which kind.
    pub kind: PageFaultKind,
    /// What is wrong.
    pub message: String,
}

/// Kinds of mistakes of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PageFaultKind {
    /// A weekday that the date does not fall on.
    Weekday,
    /// A number with the ending of another, such as `26nd`.
    Ordinal,
    /// A clock that does not fit that of UTC.
    Clock,
    /// The name of a clock that is not in use at that time of the year.
    Zone,
    /// Two places that say different things.
    Differs,
    /// What comes before something that it cannot precede, or stands below a later date.
    Order,
    /// A date without a year.
    Year,
    /// A date without a month.
    Month,
    /// A date that there is not.
    Date,
    /// A misspelt name.
    Spelling,
    /// A page that does not say of which release it is, or that says two.
    Release,
}

impl PageFaultKind {
    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Weekday => "weekday",
            Self::Ordinal => "ordinal",
            Self::Clock => "clock",
            Self::Zone => "zone",
            Self::Differs => "differs",
            Self::Order => "order",
            Self::Year => "year",
            Self::Month => "month",
            Self::Date => "date",
            Self::Spelling => "spelling",
            Self::Release => "release",
        }
    }
}

/// Reads a page. Its release is the one of its path, else the one of its title.
#[must_use]
pub fn read(source: &Source, calendars: &Calendars) -> Page {
    let (path, text) = (&*source.path, source.text.as_str());
    let of_path = path.rsplit('/').find_map(|name| Release::parse(&name[name.rfind('-').map_or(0, |at| at + 1)..]));
    let mut faults = Vec::new();
    let Some((release, span)) = of_path.map(|release| (release, Span::default())).or_else(|| of_title(text)) else {
        let message = "this page does not say of which release it is".to_owned();
        faults.push(PageFault { span: Span::default(), kind: PageFaultKind::Release, message });
        return Page { calendar: None, faults };
    };
    if let Some((titled, place)) = of_title(text).filter(|(titled, _)| titled.minors_after(release) != 0) {
        let message = format!("the title is of {titled}, the folder of {release}");
        faults.push(PageFault { span: span.cover(place), kind: PageFaultKind::Release, message });
    }
    let mut reader = Reader { kinds: &calendars.kinds, release, year: None, row: None, found: Vec::new(), faults };
    reader.statements(text);
    let mut faults = reader.order(source);
    faults.sort_by_key(|fault| (fault.span.start, fault.kind));
    faults.dedup();
    let checkpoints = reader.checkpoints();
    Page { calendar: Some(Calendar { release, source: Some(path.into()), checkpoints, revisions: Vec::new() }), faults }
}

/// The release of the first heading, or of the title in front of the text.
fn of_title(text: &str) -> Option<(Release, Span)> {
    let titles = text.lines().filter(|line| line.starts_with("# ") || line.starts_with("title:"));
    titles.take(2).find_map(|line| {
        let mut words = line.split(|c: char| c.is_whitespace() || "\":,".contains(c));
        words.find_map(|word| Some((Release::parse(word)?, Span::of_slice(text, word))))
    })
}

struct Reader<'c> {
    kinds: &'c [CheckpointKind],
    release: Release,
    /// The year of the last date that has one.
    year: Option<i16>,
    /// The date of the row above.
    row: Option<jiff::civil::Date>,
    found: Vec<Found<'c>>,
    faults: Vec<PageFault>,
}

/// A checkpoint in one place of the page.
struct Found<'c> {
    kind: &'c CheckpointKind,
    said: Said,
    span: Span,
    in_table: bool,
}

impl<'c> Reader<'c> {
    fn statements(&mut self, text: &str) {
        let mut columns = None;
        let mut rest = text;
        while !rest.is_empty() {
            let item = item(rest);
            rest = &rest[item.len()..];
            let line = item.trim();
            if line.starts_with('|') {
                let cells = cells(line);
                let titles: Vec<String> = cells.iter().map(|cell| wording::words(cell)).collect();
                let place = |title: &str| titles.iter().position(|words| words == title);
                if let Some(found) = place("what").zip(place("when")) {
                    columns = Some(found);
                } else if let Some((what, when)) = columns {
                    let both = cells.get(what).zip(cells.get(when));
                    both.into_iter().for_each(|(what, when)| self.row(text, what, when));
                }
            } else {
                columns = columns.filter(|_| line.is_empty());
                self.list_item(text, line);
            }
        }
    }

    /// `- **date**: Week 5 — label`
    fn list_item(&mut self, text: &str, line: &str) {
        let Some(line) = wording::without_list_mark(line) else { return };
        let Some((when, rest)) = split_week(line) else { return };
        let label = rest.split_once(['—', '-', '–']).map_or(rest, |(_, label)| label);
        let offset = Span::of_slice(text, when).start as usize;
        let Some(said) = saying::read(when, offset, self.year, &mut self.faults) else { return };
        self.year = Some(said.moment.day.year());
        self.add(text, when, label, &said, false);
    }

    fn row(&mut self, text: &str, what: &str, when: &str) {
        let offset = Span::of_slice(text, when).start as usize;
        let Some(said) = saying::read(when, offset, self.year, &mut self.faults) else { return };
        let (first, day) = said.days;
        self.year = Some(day.year());
        if let Some(above) = self.row.filter(|above| day < *above) {
            let span = Span::of_slice(text, when.trim());
            let message = format!("{day} stands below {above}");
            self.faults.push(PageFault { span, kind: PageFaultKind::Order, message });
        }
        self.row = Some(first);
        self.add(text, when, what, &said, true);
    }

    fn add(&mut self, text: &str, when: &str, label: &str, said: &Said, in_table: bool) {
        let span = Span::of_slice(text, when.trim());
        for kind in self.named(label) {
            self.found.push(Found { kind, said: said.clone(), span, in_table });
        }
    }

    /// The checkpoints that a label names: itself, or its halves, as in `Begin [Code Freeze] and [Test Freeze]`.
    fn named(&self, label: &str) -> Vec<&'c CheckpointKind> {
        let label = wording::words(&without_links(label));
        let label = label.strip_prefix("begin ").unwrap_or(&label);
        match self.kind(label) {
            Some(kind) => vec![kind],
            None => label.split(" and ").filter_map(|half| self.kind(half)).collect(),
        }
    }

    fn kind(&self, label: &str) -> Option<&'c CheckpointKind> {
        let release = self.release.to_string();
        let is_meant = |page: &String| {
            let with = |release: &str| wording::words(&page.replace("{release}", release)) == label;
            with(&release) || with(release.trim_start_matches('v'))
        };
        self.kinds.iter().find(|kind| kind.page.iter().any(is_meant))
    }

    /// What the page says about a checkpoint, best first.
    fn all_of(&self, kind: &CheckpointKind) -> Vec<&Found<'c>> {
        let mut all: Vec<&Found<'c>> = self.found.iter().filter(|found| found.kind.id == kind.id).collect();
        all.sort_by_key(|found| (!found.said.agrees, !found.in_table, !found.said.moment.exact));
        all
    }

    fn checkpoints(&self) -> Vec<Dated> {
        let dated =
            |kind: &CheckpointKind| Calendars::dated(kind, &self.all_of(kind).first()?.said.written, self.release);
        let mut checkpoints: Vec<Dated> = self.kinds.iter().filter_map(dated).collect();
        checkpoints.sort_by_key(|dated| dated.at);
        checkpoints
    }

    /// The faults, with what the places of the page contradict in each other.
    fn order(&mut self, source: &Source) -> Vec<PageFault> {
        let mut faults = std::mem::take(&mut self.faults);
        for kind in self.kinds {
            let all = self.all_of(kind);
            let Some((best, others)) = all.split_first() else { continue };
            let differs = |other: &&&Found<'_>| {
                let (this, other) = (&best.said.moment, &other.said.moment);
                if this.exact && other.exact { this.at != other.at } else { this.day != other.day }
            };
            for other in others.iter().filter(differs) {
                let message = format!(
                    "`{}` is {} here and {} in line {}, which counts",
                    kind.id,
                    other.said.written,
                    best.said.written,
                    source.line(best.span.start)
                );
                faults.push(PageFault { span: other.span, kind: PageFaultKind::Differs, message });
            }
            for after in kind.after.iter().filter_map(|id| self.kinds.iter().find(|kind| kind.id == *id)) {
                let Some(earlier) = self.all_of(after).first().copied() else { continue };
                if best.said.moment.at < earlier.said.moment.at && best.said.moment.day < earlier.said.moment.day {
                    let message = format!("`{}` comes before `{}`", kind.id, after.id);
                    faults.push(PageFault { span: best.span, kind: PageFaultKind::Order, message });
                }
            }
        }
        faults
    }
}

/// The first line, with the indented ones that a list item goes on in.
fn item(text: &str) -> &str {
    let line_end = |from: usize| text[from..].find('\n').map_or(text.len(), |end| from + end + 1);
    let mut end = line_end(0);
    if wording::without_list_mark(text[..end].trim()).is_some() {
        while text[end..].starts_with("  ") && wording::without_list_mark(text[end..line_end(end)].trim()).is_none() {
            end = line_end(end);
        }
    }
    &text[..end]
}

/// The cells of a row of a table.
fn cells(line: &str) -> Vec<&str> {
    line.trim_matches('|').split('|').collect()
}

/// Splits `date: Week 5 — label` behind the date.
fn split_week(line: &str) -> Option<(&str, &str)> {
    let at = line.match_indices(':').map(|(at, _)| at).find(|at| {
        let rest = line[at + 1..].trim_start();
        rest.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("week"))
    })?;
    Some((&line[..at], &line[at + 1..]))
}

/// A text with `[text](address)` and `[text][mark]` as their text.
fn without_links(text: &str) -> String {
    let mut found = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(']') {
        found.push_str(&rest[..start]);
        rest = &rest[start + 1..];
        let close = match rest.chars().next() {
            Some('(') => ')',
            Some('[') => ']',
            _ => continue,
        };
        rest = rest.find(close).map_or("", |end| &rest[end + 1..]);
    }
    (found + rest).replace('[', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendars() -> Calendars {
        let kind = |id: &str, page: &[&str], after: &[&str]| CheckpointKind {
            id: id.to_owned(),
            page: page.iter().map(|page| (*page).to_owned()).collect(),
            after: after.iter().map(|after| (*after).to_owned()).collect(),
            ..CheckpointKind::default()
        };
        let kinds = [
            kind("start", &["Start of Work"], &[]),
            kind("plans", &["Plans Freeze"], &["start"]),
            kind("code", &["Code Freeze"], &["plans"]),
            kind("tests", &["Test Freeze"], &[]),
            kind("release", &["v{release}.0 released"], &[]),
        ];
        Calendars { kinds: kinds.to_vec(), all: Vec::new() }
    }

    /// What is read of a page: its checkpoints, and its faults with the text that each is about.
    fn shown(path: &str, text: &str) -> (Vec<String>, Vec<String>) {
        let page = read(&Source::new(path, text), &calendars());
        let checkpoints = page.calendar.into_iter().flat_map(|calendar| calendar.checkpoints);
        let checkpoints = checkpoints.map(|dated| format!("{} {}", dated.id, dated.written)).collect();
        let fault = |fault: &PageFault| format!("{}: {}: {}", fault.span.of(text), fault.kind.word(), fault.message);
        (checkpoints, page.faults.iter().map(fault).collect())
    }

    /// A table of a page with these rows: what, and when.
    fn table(rows: &[(&str, &str)]) -> String {
        let rows = rows.iter().map(|(what, when)| format!("| {what} | Lead | {when} |\n"));
        format!("# Widgets 1.2\n\n| **What** | **Who** | **When** |\n|---|---|---|\n{}", rows.collect::<String>())
    }

    #[test]
    fn a_table_gives_a_calendar() {
        let text = table(&[
            ("Start of Work", "Monday 2nd March 2026"),
            ("Plans are made", "Tuesday 3rd March 2026"),
            ("**Begin [Plans Freeze]**", "[01:00 UTC Friday 13th March 2026 / 18:00 PDT Thursday 12th March 2026](x)"),
            (
                "**Begin [Code Freeze](a) and [Test Freeze][b]**",
                "Wednesday 1st April 2026 (AoE) / Thursday 2nd April 2026, 12:00 UTC",
            ),
            ("Party", "Monday 6th - Tuesday 7th April 2026"),
            ("1.2.0 released", "Wed 8th April 2026"),
        ]);
        let (checkpoints, faults) = shown("releases/release-1.2/README.md", &text);
        let expected = [
            "start 2026-03-02",
            "plans 2026-03-12T18:00 America/Los_Angeles",
            "code 2026-04-01 AoE",
            "tests 2026-04-01 AoE",
        ];
        assert_eq!((checkpoints, faults), (expected.map(str::to_owned).to_vec(), vec![]));
        let text = text.replace("1.2.0 released", "**v1.2.0 released**");
        assert_eq!(shown("README.md", &text).0.last().map(String::as_str), Some("release 2026-04-08"));
    }

    #[test]
    fn what_contradicts_itself_is_said() {
        let cases = [
            ("Monday 3rd March 2026", vec!["Monday: weekday: 2026-03-03 is a Tuesday, not a Monday"]),
            ("Wednesday 22th April 2026", vec!["22th: ordinal: `22th` is 22nd"]),
            ("11st May 2026", vec!["11st: ordinal: `11st` is 11th"]),
            (
                "Monday 30th Febuary 2026",
                vec!["Febuary: spelling: `Febuary` is spelt February", "30th: date: there is no 30 february 2026"],
            ),
            ("Tuesday 3rd March", vec!["3rd: year: the year is missing"]),
            ("Tuesday 3rd March2026", vec!["March2026: spelling: a space is missing in `March2026`"]),
            ("Tuesday 3rd 2026", vec!["3rd: month: the month is missing"]),
            ("Tueday 3rd March 2026", vec!["Tueday: spelling: `Tueday` is spelt Tuesday"]),
            (
                "01:00 UTC Wednesday 26th July 2023 / 17:00 PDT Tuesday 25th July 2023",
                vec!["PDT: clock: 17:00 PDT is 00:00 UTC, not 01:00 UTC"],
            ),
            (
                "21:00 UTC Friday 20th June 2025 / 14:00 PST Friday 20th June 2025",
                vec!["PST: zone: in America/Los_Angeles it is PDT then, not PST"],
            ),
            (
                "Tuesday 3rd March 2026 (AoE) / Wednesday 4th March 2026, 11:00 UTC",
                vec![
                    "AoE: clock: 2026-03-03 ends at 2026-03-04T12:00:00Z anywhere on Earth, not at 2026-03-04T11:00:00Z",
                ],
            ),
            ("TBC", vec![]),
            ("", vec![]),
        ];
        for (when, mut expected) in cases {
            let text = table(&[("Something", when)]);
            let mut faults = shown("release-1.2/README.md", &text).1;
            faults.sort();
            expected.sort_unstable();
            assert_eq!(faults, expected, "{when}");
        }
    }

    #[test]
    fn the_table_counts_before_the_list_unless_it_contradicts_itself() {
        let list = "# Widgets 1.2\n\n- **19:00 PDT Tuesday 30th June 2026**:\n  Week 4 — [Plans Freeze](x)\n\n";
        let page = |when: &str| list.to_owned() + &table(&[("Plans Freeze", when)])[15..];
        let (checkpoints, faults) = shown("x-1.2/a.md", &page("Thursday 2nd July 2026"));
        assert_eq!(checkpoints, ["plans 2026-07-02"]);
        assert_eq!(
            faults,
            [
                "**19:00 PDT Tuesday 30th June 2026**: differs: `plans` is 2026-06-30T19:00 America/Los_Angeles here and 2026-07-02 in line 8, which counts"
            ]
        );
        let (checkpoints, faults) =
            shown("x-1.2/a.md", &page("01:00 UTC Wednesday 1st July 2026 / 19:00 PDT Tuesday 30th June 2026"));
        assert_eq!(checkpoints, ["plans 2026-06-30T19:00 America/Los_Angeles"]);
        assert_eq!(faults.len(), 2, "{faults:?}");
        let (_, faults) = shown("x-1.2/a.md", &page("Tuesday 30th June 2026"));
        assert_eq!(faults, [] as [&str; 0]);
    }

    #[test]
    fn order_and_release_are_looked_at() {
        let text = table(&[("Code Freeze", "Tuesday 3rd March 2026"), ("Plans Freeze", "Wednesday 4th March 2026")]);
        assert_eq!(shown("x-1.2/a.md", &text).1, ["Tuesday 3rd March 2026: order: `code` comes before `plans`"]);
        let text = table(&[("Plans Freeze", "Wednesday 4th March 2026"), ("Party", "Monday 2nd March 2026")]);
        assert_eq!(shown("x-1.2/a.md", &text).1, ["Monday 2nd March 2026: order: 2026-03-02 stands below 2026-03-04"]);
        assert_eq!(shown("a.md", "# Widgets\n").1, [": release: this page does not say of which release it is"]);
        assert_eq!(
            shown("release-1.3/README.md", "# Widgets 1.2\n").1,
            ["# Widgets 1.2: release: the title is of v1.2, the folder of v1.3"]
        );
    }
}
