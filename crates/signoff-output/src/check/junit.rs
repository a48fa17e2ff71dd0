//! Findings as `JUnit` XML: a suite per group, a test case per proposal, a failure for what fails.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use signoff_model::profile::Meaning;
use signoff_model::{Proposal, Severity};

use super::{Found, Options, Outcome};
use crate::visible::hidden;

/// The suite of files that belong to no proposal.
const NO_GROUP: &str = "repository";

/// The findings of one proposal, or of a file that belongs to none.
struct Case<'a> {
    name: String,
    path: &'a str,
    found: Vec<&'a Found<'a>>,
}

pub(super) fn write(outcome: &Outcome<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let suites = suites(outcome);
    let all = || suites.values().flatten();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"signoff check\" tests=\"{}\" failures=\"{}\" errors=\"0\">",
        all().count(),
        all().filter(|case| case.fails(options)).count()
    )?;
    for (group, cases) in &suites {
        writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"0\">",
            escape(group),
            cases.len(),
            cases.iter().filter(|case| case.fails(options)).count()
        )?;
        for case in cases {
            case.write(group, options, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// The cases of each group, by path.
fn suites<'a>(outcome: &'a Outcome<'a>) -> BTreeMap<&'a str, Vec<Case<'a>>> {
    let mut by_path: BTreeMap<&str, (&str, Case<'_>)> = BTreeMap::new();
    let loaded = outcome.report.corpus.proposals.iter().filter(|proposal| proposal.loaded);
    for proposal in loaded {
        let group = Some(outcome.places.group(proposal)).filter(|group| !group.is_empty()).unwrap_or(NO_GROUP);
        let case = Case { name: name(outcome, proposal), path: &proposal.path, found: Vec::new() };
        by_path.insert(&proposal.path, (group, case));
    }
    for found in outcome.open() {
        let path = found.owner.map_or(&*found.finding.path, |owner| &*owner.path);
        let new = || (NO_GROUP, Case { name: path.to_owned(), path, found: Vec::new() });
        by_path.entry(path).or_insert_with(new).1.found.push(found);
    }
    let mut suites: BTreeMap<&str, Vec<Case<'_>>> = BTreeMap::new();
    for (group, case) in by_path.into_values() {
        suites.entry(group).or_default().push(case);
    }
    suites
}

fn name(outcome: &Outcome<'_>, proposal: &Proposal) -> String {
    let title = proposal.text(&outcome.report.corpus.prepared, Meaning::Title).unwrap_or(&proposal.name);
    format!("{} {title}", proposal.label())
}

impl Case<'_> {
    fn fails(&self, options: &Options) -> bool {
        self.found.iter().any(|found| options.fails(found.finding.severity))
    }

    fn write(&self, group: &str, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        let (name, group, path) = (escape(&self.name), escape(group), escape(self.path));
        write!(out, "    <testcase name=\"{name}\" classname=\"{group}\" file=\"{path}\"")?;
        let (failing, rest): (Vec<&Found<'_>>, Vec<&Found<'_>>) = self
            .found
            .iter()
            .filter(|found| found.finding.severity > Severity::Info)
            .partition(|found| options.fails(found.finding.severity));
        if failing.is_empty() && rest.is_empty() {
            return writeln!(out, "/>");
        }
        writeln!(out, ">")?;
        // One failure holds all: many readers of this format show the first one only.
        if let Some(first) = failing.first() {
            let more = match failing.len() {
                1 => String::new(),
                count => format!(" (and {} more)", count - 1),
            };
            let message = format!("{}{more}", first.finding.message);
            write!(out, "      <failure type=\"{}\" message=\"{}\">", escape(&first.finding.rule), escape(&message))?;
            lines(&failing, out)?;
            writeln!(out, "</failure>")?;
        }
        if !rest.is_empty() {
            write!(out, "      <system-out>")?;
            lines(&rest, out)?;
            writeln!(out, "</system-out>")?;
        }
        writeln!(out, "    </testcase>")
    }
}

fn lines(found: &[&Found<'_>], out: &mut dyn Write) -> io::Result<()> {
    for (index, found) in found.iter().enumerate() {
        let finding = found.finding;
        let place = found.region.map(|region| format!(":{}:{}", region.start.line, region.start.column));
        let line = format!(
            "{}{}: {}[{}]: {}",
            finding.path,
            place.unwrap_or_default(),
            finding.severity.word(),
            finding.rule,
            finding.message
        );
        write!(out, "{}{}", if index == 0 { "" } else { "\n" }, escape(&line))?;
    }
    Ok(())
}

/// Escapes text for XML, which has no place at all for control characters.
fn escape(text: &str) -> Cow<'_, str> {
    let special = |character: char| matches!(character, '&' | '<' | '>' | '"' | '\'' | '\u{fffe}' | '\u{ffff}');
    if !text.chars().any(|character| special(character) || hidden(character)) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            _ if special(character) || hidden(character) => escaped.extend(character.escape_default()),
            _ => escaped.push(character),
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_stays_well_formed() {
        assert_eq!(escape("a<b>&\"c'\u{0}\u{ffff}"), "a&lt;b&gt;&amp;&quot;c&apos;\\u{0}\\u{ffff}");
    }
}
