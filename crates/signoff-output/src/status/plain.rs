//! A status for spreadsheets, and as Markdown to paste into an issue.

use std::borrow::Cow;
use std::io::{self, Write};

use signoff_analysis::signoff::Standing;

use super::{Entry, Status};
use crate::query::csv_line;

/// Writes a row for each proposal, with a heading.
///
/// # Errors
/// Those of the writer.
pub fn write_csv(status: &Status<'_>, out: &mut dyn Write) -> io::Result<()> {
    let heading = ["proposal", "title", "group", "stage", "class", "verdict", "reason", "undecided", "path"];
    csv_line(heading.into_iter().map(Cow::Borrowed), out)?;
    for entry in &status.proposals {
        let undecided = entry.undecided.join(" ");
        let row = [
            entry.proposal,
            entry.title.unwrap_or_default(),
            entry.group.unwrap_or_default(),
            entry.stage.unwrap_or_default(),
            entry.class.unwrap_or_default(),
            entry.verdict,
            entry.reason,
            &undecided,
            entry.path,
        ];
        csv_line(row.into_iter().map(Cow::Borrowed), out)?;
    }
    Ok(())
}

/// Writes a table for each verdict, worst first.
///
/// # Errors
/// Those of the writer.
pub fn write_markdown(status: &Status<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## {} at {}\n", cell(&status.release), cell(status.checkpoint_name))?;
    writeln!(out, "{} As of {}.\n", status.statement(), status.instant.strftime("%Y-%m-%d %H:%M UTC"))?;
    for standing in Standing::ALL {
        let own: Vec<&Entry<'_>> = status.proposals.iter().filter(|entry| entry.standing == standing).collect();
        if own.is_empty() {
            continue;
        }
        writeln!(out, "### {} ({})\n", standing.word(), own.len())?;
        writeln!(out, "| Proposal | Title | Group | Stage | Why |\n|---|---|---|---|---|")?;
        for entry in own {
            let text = |text: Option<&str>| cell(text.unwrap_or_default());
            let (title, group, stage) = (text(entry.title), text(entry.group), text(entry.stage));
            writeln!(out, "| {} | {title} | {group} | {stage} | {} |", cell(entry.proposal), cell(entry.reason))?;
        }
        writeln!(out)?;
    }
    let Some(changes) = status.changes.as_ref().filter(|changes| !changes.proposals.is_empty()) else { return Ok(()) };
    writeln!(out, "### Changed since {}\n", changes.since.strftime("%Y-%m-%d %H:%M UTC"))?;
    for change in &changes.proposals {
        let word = |word: Option<&'static str>| word.unwrap_or("not targeting");
        let (from, to) = (word(change.from), word(change.to));
        writeln!(out, "- {}: {from} to {to}: {}", cell(&change.proposal), cell(&change.reason))?;
    }
    Ok(())
}

/// A text in a cell of a table, where nothing in it ends the cell, starts a tag or notifies anyone.
pub(crate) fn cell(text: &str) -> String {
    let visible = crate::visible::visible(text);
    let mut cell = String::with_capacity(visible.len());
    for character in visible.chars() {
        match character {
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' => cell.extend(['\\', character]),
            '@' => cell.push_str("@\u{2060}"),
            _ => cell.push(character),
        }
    }
    cell
}
