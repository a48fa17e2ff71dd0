//! An audit for people: what is wrong, with both sides quoted.

use std::io::{self, Write};

use super::{Audit, Claim};
use crate::Look;
use crate::standpoint::counted;
use crate::visible::visible;

/// Most sources that are named one by one.
const SOURCES_MAX: usize = 24;

/// What is shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The verdicts whose claims are listed, by their words.
    pub verdicts: Vec<&'static str>,
    /// Whether what nobody claims is listed too.
    pub unclaimed: bool,
}

/// Writes the sources, the counts, then the claims of these verdicts by proposal.
///
/// # Errors
/// Those of the writer.
pub fn write_human(audit: &Audit<'_>, shown: &Shown, look: Look, out: &mut dyn Write) -> io::Result<()> {
    write_sources(audit, look, out)?;
    let listed = audit.claims.iter().filter(|claim| shown.verdicts.contains(&claim.verdict));
    let mut path = None;
    for claim in listed {
        if path != Some(claim.path) {
            writeln!(out, "\n{}  {}", look.strong(&visible(claim.proposal)), look.faint(&visible(claim.path)))?;
            path = Some(claim.path);
        }
        write_claim(claim, look, out)?;
    }
    if shown.unclaimed {
        write_unclaimed(audit, look, out)?;
    }
    writeln!(out, "\n{}", summary(audit))
}

/// `3,120 claims: 2,501 agree, 60 drift, ...`.
pub(super) fn summary(audit: &Audit<'_>) -> String {
    let order = ["agree", "drift", "soft", "future", "unknown"];
    let counts: Vec<String> =
        order.iter().map(|word| format!("{} {word}", audit.summary.get(word).copied().unwrap_or_default())).collect();
    format!("{}: {}", counted(audit.claims.len(), "claim"), counts.join(", "))
}

fn write_sources(audit: &Audit<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    if audit.sources.is_empty() {
        return writeln!(out, "No evidence was given: nothing but approvals can be told.");
    }
    let mut read: Vec<String> = Vec::new();
    let mut last = String::new();
    for source in &audit.sources {
        let project = format!("{} {}", source.name, source.version);
        match read.last_mut().filter(|_| project == last) {
            Some(line) => line.push_str(&format!(", {}", source.kind)),
            None => read.push(format!("{project}: {}", source.kind)),
        }
        last = project;
    }
    for line in read.iter().take(SOURCES_MAX) {
        writeln!(out, "{}", look.faint(&visible(line)))?;
    }
    if read.len() > SOURCES_MAX {
        writeln!(out, "{}", look.faint(&format!("and {} more", read.len() - SOURCES_MAX)))?;
    }
    for source in &audit.sources {
        for problem in &source.problems {
            let line = problem.line.map(|line| format!(":{line}")).unwrap_or_default();
            let place = format!("{} {} {}{line}", source.name, source.version, problem.path);
            writeln!(out, "{} {}: {}", look.bad("not read"), visible(&place), visible(problem.message))?;
        }
    }
    Ok(())
}

fn write_claim(claim: &Claim<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let word = match claim.verdict {
        "drift" => look.bad(claim.verdict),
        "agree" => look.good(claim.verdict),
        _ => look.strong(claim.verdict),
    };
    let finding = claim.finding.map(|finding| format!(" ({finding})")).unwrap_or_default();
    writeln!(out, "  {word} {}{finding} {}: {}", claim.claim, visible(claim.subject), visible(claim.message))?;
    if let Some(stated) = &claim.stated {
        let place = format!("{}:{}", stated.path, stated.line);
        writeln!(out, "    {}", look.faint(&visible(&place)))?;
        writeln!(out, "      {}", visible(stated.text))?;
    }
    for evidence in &claim.evidence {
        // Of the repository itself the path is enough.
        let source = match evidence.source {
            "git" => String::new(),
            source => format!("{source} {} ", evidence.version),
        };
        writeln!(out, "    {}", look.faint(&visible(&format!("{source}{}", evidence.place()))))?;
        writeln!(out, "      {}", visible(evidence.text))?;
    }
    match claim.suggestion.filter(|_| claim.verdict == "drift" || claim.verdict == "soft") {
        Some(suggestion) => writeln!(out, "    perhaps {}", visible(suggestion)),
        None => Ok(()),
    }
}

fn write_unclaimed(audit: &Audit<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let mut kind = None;
    for unclaimed in &audit.unclaimed {
        if kind != Some(unclaimed.kind) {
            let title = match unclaimed.kind {
                "gate-without-proposal" => "Gates of the code that no proposal names",
                "page-without-gate" => "Pages of gates that the code does not have",
                _ => "Metrics that are promised to stay and that no proposal names",
            };
            writeln!(out, "\n{}", look.strong(title))?;
            kind = Some(unclaimed.kind);
        }
        let place = format!("{} {}", unclaimed.evidence.source, unclaimed.evidence.place());
        writeln!(out, "  {}  {}  {}", visible(unclaimed.name), visible(unclaimed.found), look.faint(&visible(&place)))?;
    }
    Ok(())
}
