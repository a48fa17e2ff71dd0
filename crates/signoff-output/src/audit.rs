//! What proposals claim, against what the sources say: `signoff.audit/1`, text for people, a table, code scanning,
//! Markdown.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use signoff_analysis::claims::{ClaimVerdict, Flaw, Unclaimed, Verdict};
use signoff_model::fact::{self, Facts};

mod human;
mod markdown;
mod sarif;

pub use human::{Shown, write_human};
pub use markdown::write_markdown;
pub use sarif::write_sarif;

use crate::query::csv_line;
use crate::status::Evidence;

/// Claims and what came out.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Audit<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.audit/1"))]
    schema: &'static str,
    /// The commit whose proposals were read; null for a work tree.
    pub commit: Option<&'a str>,
    /// What was read beside the proposals.
    pub sources: Vec<Source<'a>>,
    /// How many claims there are of each verdict.
    pub summary: BTreeMap<&'static str, usize>,
    /// The claims, by path of the proposal.
    pub claims: Vec<Claim<'a>>,
    /// What the sources have and no proposal names; empty unless every proposal was asked about.
    pub unclaimed: Vec<Nobodys<'a>>,
}

/// Something that was read beside the proposals.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Source<'a> {
    /// Name of the project.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
    /// What kind of source it is.
    pub kind: &'static str,
    /// The file or folder in the project.
    pub path: &'a str,
    /// How many entries were read.
    pub entries: usize,
    /// What of it could not be read.
    pub problems: Vec<Problem<'a>>,
}

/// Something that could not be read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Problem<'a> {
    /// The file.
    pub path: &'a str,
    /// Its line; null where none is to blame.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: &'a str,
}

/// A claim and what came out.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Claim<'a> {
    /// What people call the proposal.
    pub proposal: &'a str,
    /// Its folder or file.
    pub path: &'a str,
    /// What is claimed.
    pub claim: &'static str,
    /// About what, as the proposal writes it.
    pub subject: &'a str,
    /// What the proposal says.
    pub claimed: &'a str,
    /// What the sources say; null where they say nothing.
    pub found: Option<&'a str>,
    /// `agree`, `drift`, `soft`, `future`, `unknown`.
    pub verdict: &'static str,
    /// What is wrong, for drift and soft.
    pub finding: Option<&'static str>,
    /// Why, in one sentence.
    pub message: &'a str,
    /// What it may have to be.
    pub suggestion: Option<&'a str>,
    /// Where the proposal says it.
    pub stated: Option<Stated<'a>>,
    /// Where the sources say it.
    pub evidence: Vec<Evidence<'a>>,
}

/// Where a proposal says something.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Stated<'a> {
    /// The file.
    pub path: &'a str,
    /// The line, from 1.
    pub line: usize,
    /// Its text.
    pub text: &'a str,
}

/// Something that the sources have and no proposal names.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Nobodys<'a> {
    /// `gate-without-proposal`, `page-without-gate`, `metric-without-proposal`.
    pub kind: &'static str,
    /// Its name.
    pub name: &'a str,
    /// What it is.
    pub found: &'a str,
    /// Numbers of proposals that the code's own comment cites.
    pub cites: Vec<&'a str>,
    /// Where it is.
    pub evidence: Evidence<'a>,
}

impl<'a> Audit<'a> {
    /// Makes the output of what was judged.
    #[must_use]
    pub fn new(
        commit: Option<&'a str>,
        facts: &'a Facts,
        claims: &'a [ClaimVerdict<'a>],
        unclaimed: &'a [Unclaimed],
    ) -> Self {
        Self {
            schema: "signoff.audit/1",
            commit,
            sources: facts.sources.iter().map(Source::of).collect(),
            summary: counted(claims.iter().map(|claim| claim.verdict)),
            claims: claims.iter().map(Claim::of).collect(),
            unclaimed: unclaimed.iter().map(Nobodys::of).collect(),
        }
    }

    /// The same where some claims alone are listed, and all of them are counted.
    #[must_use]
    pub fn counting(self, all: impl Iterator<Item = Verdict>) -> Self {
        Self { summary: counted(all), ..self }
    }

    /// Whether any claim is wrong.
    #[must_use]
    pub fn has_drift(&self) -> bool {
        self.claims.iter().any(|claim| claim.verdict == Verdict::Drift.word())
    }

    /// Writes it as JSON.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        crate::write_json(self, out)
    }

    /// Writes a row for each claim.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let head = [
            "proposal",
            "path",
            "claim",
            "subject",
            "claimed",
            "found",
            "verdict",
            "finding",
            "message",
            "suggestion",
            "stated",
            "source",
            "evidence",
        ];
        csv_line(head.into_iter().map(Cow::Borrowed), out)?;
        for claim in &self.claims {
            let stated = claim.stated.as_ref().map(|stated| format!("{}:{}", stated.path, stated.line));
            let first = claim.evidence.first();
            let source = first.map(|evidence| format!("{} {}", evidence.source, evidence.version));
            let place = first.map(Evidence::place);
            let row = [
                claim.proposal,
                claim.path,
                claim.claim,
                claim.subject,
                claim.claimed,
                claim.found.unwrap_or_default(),
                claim.verdict,
                claim.finding.unwrap_or_default(),
                claim.message,
                claim.suggestion.unwrap_or_default(),
                stated.as_deref().unwrap_or_default(),
                source.as_deref().unwrap_or_default(),
                place.as_deref().unwrap_or_default(),
            ];
            csv_line(row.into_iter().map(Cow::Borrowed), out)?;
        }
        Ok(())
    }
}

fn counted(all: impl Iterator<Item = Verdict>) -> BTreeMap<&'static str, usize> {
    let verdicts = [Verdict::Agree, Verdict::Drift, Verdict::Soft, Verdict::Future, Verdict::Unknown];
    let mut counts: BTreeMap<&'static str, usize> = verdicts.into_iter().map(|verdict| (verdict.word(), 0)).collect();
    all.for_each(|verdict| *counts.entry(verdict.word()).or_default() += 1);
    counts
}

impl<'a> Source<'a> {
    fn of(source: &'a fact::FactSource) -> Self {
        let problems = source.problems.iter();
        Self {
            name: &source.name,
            version: &source.version,
            kind: source.kind.word(),
            path: &source.path,
            entries: source.facts.len(),
            problems: problems
                .map(|problem| Problem { path: &problem.path, line: problem.line, message: &problem.message })
                .collect(),
        }
    }
}

impl<'a> Claim<'a> {
    fn of(claim: &'a ClaimVerdict<'a>) -> Self {
        Self {
            proposal: claim.proposal.label(),
            path: &claim.proposal.path,
            claim: claim.claim.word(),
            subject: &claim.subject,
            claimed: &claim.claimed,
            found: claim.found.as_deref(),
            verdict: claim.verdict.word(),
            finding: claim.flaw.map(Flaw::word),
            message: &claim.reason,
            suggestion: claim.suggestion.as_deref(),
            stated: claim.stated.as_ref().map(|stated| Stated {
                path: &stated.path,
                line: stated.line,
                text: &stated.text,
            }),
            evidence: claim.evidence.iter().map(Evidence::from).collect(),
        }
    }
}

impl<'a> Nobodys<'a> {
    fn of(unclaimed: &'a Unclaimed) -> Self {
        Self {
            kind: unclaimed.kind.word(),
            name: &unclaimed.name,
            found: &unclaimed.found,
            cites: unclaimed.cites.iter().map(String::as_str).collect(),
            evidence: Evidence::from(&unclaimed.evidence),
        }
    }
}
