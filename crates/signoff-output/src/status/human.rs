//! A status as a table for a terminal.

use std::io::{self, Write};

use signoff_analysis::signoff::Standing;

use super::{Change, Entry, Status};
use crate::Look;
use crate::table::{self, Cell, Overflow};
use crate::visible::visible;

/// Writes what it stands on, the proposals by group and urgency with one reason each, the counts, and what changed.
///
/// # Errors
/// Those of the writer.
pub fn write(status: &Status<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    head(status, look, out)?;
    if status.proposals.is_empty() {
        writeln!(out, "No proposal targets {}.", visible(&status.release))?;
    }
    let mut groups: Vec<&str> = status.proposals.iter().map(group).collect();
    groups.sort_unstable();
    groups.dedup();
    for name in groups {
        writeln!(out, "{}", look.strong(&visible(name)))?;
        let mut own: Vec<&Entry<'_>> = status.proposals.iter().filter(|entry| group(entry) == name).collect();
        own.sort_by_key(|entry| entry.standing);
        let rows: Vec<Vec<Cell>> = own.into_iter().map(|entry| row(entry, look)).collect();
        table::write(&rows, 2, look.width, Overflow::Wrap, out)?;
        writeln!(out)?;
    }
    foot(status, out)?;
    changes(status, look, out)
}

fn head(status: &Status<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", status.statement())?;
    let title = format!("{} at {}", visible(&status.release), visible(status.checkpoint_name));
    let deadline = match status.deadline {
        Some(deadline) if deadline <= status.instant => format!(", which was {}", minute(deadline)),
        Some(deadline) => format!(", which is {}", minute(deadline)),
        None => String::new(),
    };
    let state = match status.commit {
        Some(commit) => format!("commit {}", commit.get(..10).unwrap_or(commit)),
        None => "the files as they are".to_owned(),
    };
    writeln!(out, "{}{deadline}; as of {}, {state}", look.strong(&title), minute(status.instant))?;
    for note in &status.notes {
        writeln!(out, "note: {}", visible(note))?;
    }
    writeln!(out)
}

/// An instant to the minute.
fn minute(instant: jiff::Timestamp) -> String {
    instant.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

fn group<'a>(entry: &Entry<'a>) -> &'a str {
    entry.group.unwrap_or("(no group)")
}

fn row(entry: &Entry<'_>, look: Look) -> Vec<Cell> {
    let standing = entry.standing;
    let paint = move |text: &str| match standing {
        Standing::Removed | Standing::AtRisk => look.bad(text),
        Standing::Tracked | Standing::ExceptionApproved => look.good(text),
        _ => look.faint(text),
    };
    vec![
        Cell::new(visible(entry.proposal)),
        Cell::new(visible(entry.stage.unwrap_or("-"))),
        Cell::new(entry.verdict).painted(paint),
        Cell::new(short(entry.title.unwrap_or(entry.path), look.width / 3)),
        Cell::new(visible(entry.reason)),
    ]
}

/// A title of which no more than this many characters are shown, so that the reason has room.
fn short(title: &str, most: usize) -> String {
    let title = visible(title);
    match title.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", title[..at].trim_end()),
        None => title.into_owned(),
    }
}

fn foot(status: &Status<'_>, out: &mut dyn Write) -> io::Result<()> {
    let total = status.proposals.len();
    let counts: Vec<String> = Standing::ALL
        .iter()
        .filter_map(|standing| Some(format!("{} {}", status.counts.get(standing.word())?, standing.word())))
        .collect();
    let plural = if total == 1 { "" } else { "s" };
    match counts.is_empty() {
        true => Ok(()),
        false => writeln!(out, "{total} proposal{plural}: {}", counts.join(", ")),
    }
}

fn changes(status: &Status<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let Some(changes) = &status.changes else { return Ok(()) };
    if changes.proposals.is_empty() {
        return writeln!(out, "Nothing changed since {}.", minute(changes.since));
    }
    writeln!(out, "\n{}", look.strong(&format!("Since {}", minute(changes.since))))?;
    let word = |word: Option<&'static str>| word.unwrap_or("not targeting");
    let row = |change: &Change| {
        vec![
            Cell::new(visible(&change.proposal)),
            Cell::new(format!("{} -> {}", word(change.from), word(change.to))),
            Cell::new(visible(&change.reason)),
        ]
    };
    let rows: Vec<Vec<Cell>> = changes.proposals.iter().map(row).collect();
    table::write(&rows, 2, look.width, Overflow::Wrap, out)
}
