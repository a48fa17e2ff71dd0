//! What changes, to paste into an issue.

use std::io::{self, Write};

use signoff_analysis::upgrade::Level;

use super::{Change, Upgrade, gap_words};
use crate::status::cell;

/// Writes what was read and what was not, what happens, and a table for each level.
///
/// # Errors
/// Those of the writer.
pub fn write_markdown(upgrade: &Upgrade<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}\n\n{}", cell(&upgrade.looked_at()), cell(&upgrade.sentence()))?;
    for level in Level::ALL {
        let changes: Vec<&Change<'_>> = upgrade.of(level).collect();
        if changes.is_empty() {
            continue;
        }
        writeln!(out, "\n### {} ({})\n", level.word(), changes.len())?;
        writeln!(
            out,
            "| What | Where | What happens | To keep today's behaviour | Behind it |\n|---|---|---|---|---|"
        )?;
        for change in changes {
            row(change, out)?;
        }
    }
    if !upgrade.not_inspected.is_empty() {
        writeln!(out, "\n### not looked at ({})\n", upgrade.not_inspected.len())?;
        for gap in &upgrade.not_inspected {
            let (what, reason) = gap_words(gap);
            writeln!(out, "- {}: {}", cell(&what), cell(&reason))?;
        }
    }
    Ok(())
}

fn row(change: &Change<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lines = change.lines();
    let facts = change.facts().join("; ");
    let place = [lines.as_str(), &facts].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ");
    let rollback = change.rollback.map(|text| format!(": {text}")).unwrap_or_default();
    let behind = change.proposal.map(|number| format!("{number}{rollback}")).unwrap_or_default();
    let keep = change.keep_today.unwrap_or_default();
    let cells = [change.subject, &place, change.message, keep, &behind].map(cell);
    writeln!(out, "| {} |", cells.join(" | "))
}
