//! An audit as tables to paste into an issue.

use std::io::{self, Write};

use super::human::summary;
use super::{Audit, Shown};
use crate::visible::visible;

/// Writes a table of the claims of these verdicts, with both sides quoted.
///
/// # Errors
/// Those of the writer.
pub fn write_markdown(audit: &Audit<'_>, shown: &Shown, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}\n", summary(audit))?;
    writeln!(out, "| proposal | claim | subject | verdict | the proposal says | the source says |")?;
    writeln!(out, "|---|---|---|---|---|---|")?;
    for claim in audit.claims.iter().filter(|claim| shown.verdicts.contains(&claim.verdict)) {
        let stated = claim
            .stated
            .as_ref()
            .map(|stated| format!("`{}`<br>{}:{}", code(stated.text), cell(stated.path), stated.line));
        let found = claim.evidence.last().map(|evidence| {
            format!(
                "`{}`<br>{} {} {}",
                code(evidence.text),
                cell(evidence.source),
                cell(evidence.version),
                cell(&evidence.place())
            )
        });
        writeln!(
            out,
            "| {} | {} | `{}` | {}: {} | {} | {} |",
            cell(claim.proposal),
            claim.claim,
            code(claim.subject),
            claim.verdict,
            cell(claim.message),
            stated.unwrap_or_default(),
            found.unwrap_or_else(|| "nothing".to_owned()),
        )?;
    }
    Ok(())
}

/// Text in a cell: nothing in it ends the cell or makes markup.
fn cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in visible(text).chars() {
        if matches!(character, '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>') {
            safe.push('\\');
        }
        safe.push(if character == '\n' { ' ' } else { character });
    }
    safe
}

/// Text between backticks in a cell.
fn code(text: &str) -> String {
    visible(text).replace('`', "'").replace('|', "\\|").replace('\n', " ")
}
