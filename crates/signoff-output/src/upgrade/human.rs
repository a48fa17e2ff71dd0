//! What changes, for a terminal.

use std::io::{self, Write};

use signoff_analysis::upgrade::Level;

use super::{Change, Upgrade, gap_words};
use crate::Look;
use crate::standpoint::counted;
use crate::table::{self, Cell, Overflow};
use crate::visible::visible;

/// Most names of a kind of notice that are told.
const NOTICES_MAX: usize = 40;

/// Writes what was read and what was not, what happens, then each change with what to do. Notices are folded to a line
/// for each kind unless `all` are wanted.
///
/// # Errors
/// Those of the writer.
pub fn write_human(upgrade: &Upgrade<'_>, all: bool, look: Look, out: &mut dyn Write) -> io::Result<()> {
    paragraph(&upgrade.looked_at(), 0, look, out)?;
    paragraph(&upgrade.sentence(), 0, look, out)?;
    for level in Level::ALL {
        if level == Level::Notice && !all {
            notices(upgrade, look, out)?;
            continue;
        }
        let mut changes = upgrade.of(level).peekable();
        if changes.peek().is_some() {
            writeln!(out, "\n{}", heading(level, look))?;
        }
        for change in changes {
            write_change(change, level, all, look, out)?;
        }
    }
    if !upgrade.not_inspected.is_empty() {
        writeln!(out, "\n{}", look.strong(&format!("Not looked at ({})", upgrade.not_inspected.len())))?;
        let rows: Vec<Vec<Cell>> = upgrade
            .not_inspected
            .iter()
            .map(|gap| {
                let (what, reason) = gap_words(gap);
                vec![Cell::new(visible(&what)), Cell::new(visible(&reason))]
            })
            .collect();
        table::write(&rows, 2, look.width, Overflow::Wrap, out)?;
    }
    Ok(())
}

fn heading(level: Level, look: Look) -> String {
    match level {
        Level::Breaks => look.bad("Breaks: the component does not start"),
        Level::Behaviour => look.strong("Behaviour: something works otherwise"),
        Level::Review => look.strong("Review: a person must decide"),
        Level::Notice => look.strong("Notices"),
    }
}

fn paragraph(text: &str, indent: usize, look: Look, out: &mut dyn Write) -> io::Result<()> {
    table::write(&[vec![Cell::new(visible(text))]], indent, look.width, Overflow::Wrap, out)
}

fn write_change(change: &Change<'_>, level: Level, all: bool, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let lines = change.lines();
    let place = if lines.is_empty() { String::new() } else { format!("  {}", visible(&lines)) };
    let subject = visible(change.subject);
    let subject = if level == Level::Breaks { look.bad(&subject) } else { look.strong(&subject) };
    let facts = change.facts().join("; ");
    writeln!(out, "  {subject}{place}  {}", look.faint(&visible(&facts)))?;
    paragraph(change.message, 4, look, out)?;
    // Of what breaks the line is shown, of the rest it would hide what to do.
    let is_shown = |label: &str| all || level == Level::Breaks || label != "seen in";
    let details = change.details().into_iter().filter(|(label, _)| is_shown(label));
    let rows: Vec<Vec<Cell>> = details
        .into_iter()
        .map(|(label, text)| vec![Cell::new(label).painted(move |text| look.faint(text)), Cell::new(visible(&text))])
        .collect();
    table::write(&rows, 4, look.width, Overflow::Wrap, out)
}

/// A line for each kind of notice.
fn notices(upgrade: &Upgrade<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let kinds = upgrade.notices();
    if kinds.is_empty() {
        return Ok(());
    }
    let total = counted(upgrade.summary.notice, "notice");
    writeln!(out, "\n{}", look.strong(&format!("{total}, in full with --verbose")))?;
    let rows: Vec<Vec<Cell>> = kinds
        .into_iter()
        .map(|(kind, subjects)| {
            let more = subjects.len().saturating_sub(NOTICES_MAX);
            let told = subjects.iter().take(NOTICES_MAX).copied().collect::<Vec<_>>().join(", ");
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            vec![Cell::new(kind), Cell::number(subjects.len()), Cell::new(visible(&format!("{told}{more}")))]
        })
        .collect();
    table::write(&rows, 2, look.width, Overflow::Wrap, out)
}
