//! What comes after the findings on a terminal: how many of which rule, in which group, and what next.

use std::collections::BTreeMap;
use std::io::{self, Write};

use signoff_model::Severity;

use super::{Counts, Detail, Fixing, Found, Options, Outcome};
use crate::Look;
use crate::table::{self, Cell, Overflow};
use crate::visible::visible;

pub(super) fn write(outcome: &Outcome<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let shown: Vec<&Found<'_>> = outcome.open().filter(|found| options.shows(found.finding.severity)).collect();
    if !shown.is_empty() {
        by_rule(outcome, &shown, options.look, out)?;
        by_group(outcome, &shown, options, out)?;
    }
    fixed(outcome, options.look, out)?;
    writeln!(out, "{}", painted_total(outcome, options.look))?;
    hints(outcome, options, out)
}

/// One line with all counts, e.g. `3 errors, 12 warnings, 140 infos in 655 proposals`.
pub(super) fn total(outcome: &Outcome<'_>) -> String {
    painted_total(outcome, Look::default())
}

fn painted_total(outcome: &Outcome<'_>, look: Look) -> String {
    let Counts { errors, warnings, infos, baselined } = outcome.counts;
    let counts = [(errors, Severity::Error), (warnings, Severity::Warning), (infos, Severity::Info)];
    let found: Vec<String> = counts
        .into_iter()
        .map(|(count, severity)| {
            let text = plural(count, severity.word());
            if count > 0 { look.severity(severity, &text) } else { text }
        })
        .collect();
    let accepted = if baselined > 0 { format!(" ({baselined} more in the baseline)") } else { String::new() };
    format!("{} in {}{accepted}", found.join(", "), plural(outcome.proposals(), "proposal"))
}

fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

fn by_rule(outcome: &Outcome<'_>, shown: &[&Found<'_>], look: Look, out: &mut dyn Write) -> io::Result<()> {
    let mut counts: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    for found in shown {
        *counts.entry((found.finding.severity, &found.finding.rule)).or_insert(0) += 1;
    }
    let mut counts: Vec<((Severity, &str), usize)> = counts.into_iter().collect();
    counts.sort_by_key(|((severity, rule), count)| (std::cmp::Reverse((*severity, *count)), *rule));
    let rows: Vec<Vec<Cell>> = counts
        .into_iter()
        .map(|((severity, rule), count)| {
            vec![
                Cell::number(count),
                Cell::new(severity.word()).painted(move |text| look.severity(severity, text)),
                Cell::new(visible(rule)),
                Cell::new(visible(&outcome.about(rule))).painted(move |text| look.faint(text)),
            ]
        })
        .collect();
    writeln!(out, "{}", look.strong("By rule"))?;
    table::write(&rows, 2, look.width, Overflow::Cut, out)?;
    writeln!(out)
}

fn by_group(outcome: &Outcome<'_>, shown: &[&Found<'_>], options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    for found in shown {
        let group = found.owner.map(|owner| outcome.places.group(owner)).filter(|group| !group.is_empty());
        counts.entry(group.unwrap_or("(no group)")).or_default().add(found);
    }
    let mut counts: Vec<(&str, Counts)> = counts.into_iter().collect();
    counts.sort_by_key(|(group, counts)| (std::cmp::Reverse((counts.errors, counts.warnings, counts.infos)), *group));
    let look = options.look;
    let verbose = options.detail == Detail::Verbose;
    let head = |text: &str| Cell::new(text).painted(move |text| look.faint(text));
    let mut rows = vec![vec![head(""), head("errors"), head("warnings")]];
    if verbose {
        rows[0].push(head("infos"));
    }
    for (group, counts) in counts {
        let mut row = vec![Cell::new(visible(group)), Cell::number(counts.errors), Cell::number(counts.warnings)];
        if verbose {
            row.push(Cell::number(counts.infos));
        }
        rows.push(row);
    }
    writeln!(out, "{}", look.strong("By group"))?;
    table::write(&rows, 2, look.width, Overflow::Cut, out)?;
    writeln!(out)
}

fn fixed(outcome: &Outcome<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    if outcome.report.fixed.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", look.strong("No longer found, but still in the baseline"))?;
    for entry in outcome.report.fixed {
        writeln!(out, "  {} in {}", look.good(&visible(&entry.rule)), visible(&entry.path))?;
    }
    writeln!(out, "`signoff check --write-baseline` drops them.\n")
}

fn hints(outcome: &Outcome<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let infos = outcome.counts.infos;
    if infos > 0 && options.detail != Detail::Verbose {
        writeln!(out, "{} not shown; `-v` shows advice too.", plural(infos, "info"))?;
    }
    if let Fixing::Done { findings, files } = options.fixing {
        writeln!(out, "Mended {} in {}.", plural(findings, "finding"), plural(files, "file"))?;
    }
    let fixable = outcome.open().filter(|found| found.finding.fix.is_some()).count();
    if fixable > 0 && options.fixing == Fixing::Offered {
        writeln!(out, "{fixable} can be mended by `signoff check --fix`.")?;
    }
    let skipped = outcome.report.skipped;
    if !skipped.is_empty() {
        writeln!(out, "Not run, since only a part was read: {}.", skipped.join(", "))?;
    }
    Ok(())
}
