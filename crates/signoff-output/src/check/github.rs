//! Findings as workflow commands of GitHub Actions: each becomes an annotation of its line.

use std::io::{self, Write};

use signoff_model::Severity;

use super::summary::total;
use super::{Detail, Found, Options, Outcome};
use crate::visible::visible_lines;

pub(super) fn write(outcome: &Outcome<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    for found in outcome.open().filter(|found| options.shows(found.finding.severity)) {
        command(found, out)?;
    }
    if options.detail != Detail::Quiet {
        writeln!(out, "{}", total(outcome))?;
    }
    Ok(())
}

fn command(found: &Found<'_>, out: &mut dyn Write) -> io::Result<()> {
    let finding = found.finding;
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    write!(out, "::{level} file={}", property(&finding.path))?;
    if let Some(region) = found.region {
        // A region that ends before the first character of a line does not touch that line.
        let whole = region.end.column == 1 && region.end.line > region.start.line;
        write!(out, ",line={},endLine={}", region.start.line, region.end.line - usize::from(whole))?;
        // Columns are only taken where the annotation stays on one line.
        if region.start.line == region.end.line {
            write!(out, ",col={},endColumn={}", region.start.column, region.end.column)?;
        }
    }
    let help = finding.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
    writeln!(out, ",title={}::{}", property(&finding.rule), data(&format!("{}{help}", finding.message)))
}

/// Escapes the text behind the command.
fn data(text: &str) -> String {
    visible_lines(text).replace('%', "%25").replace('\n', "%0A")
}

/// Escapes the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_command_early() {
        assert_eq!(property("a:b,c%d\ne"), "a%3Ab%2Cc%25d%0Ae");
        assert_eq!(data("50%\r\n::stop-commands::x"), "50%25\\r%0A::stop-commands::x");
    }
}
