//! The findings of `check`, in every format.
//!
//! [`Report`] is what there is to say; [`write`](fn@write) says it. Each format is one file below
//! `check/`; all of them take the same `Outcome`, in which every finding has found its place.

use std::io::{self, Write};
use std::str::FromStr;
use std::sync::Arc;

use signoff_analysis::rules;
use signoff_model::profile::RuleDeclaration;
use signoff_model::{Corpus, Finding, Proposal, Severity, Source};

use crate::baseline::{self, Entry};
use crate::{Look, Places, Region};

mod github;
mod human;
mod json;
mod junit;
mod sarif;
mod summary;

pub(crate) use json::Check;

/// What a check found, and what it was asked.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    /// What was checked.
    pub corpus: &'a Corpus,
    /// The findings, sorted.
    pub findings: &'a [Finding],
    /// For each finding, whether the baseline accepts it; a missing entry means no.
    pub baselined: &'a [bool],
    /// Codes of the rules that were not run because not every file was read.
    pub skipped: &'a [&'a str],
    /// Entries of the baseline whose findings are gone.
    pub fixed: &'a [Entry],
    /// Files that belong to no proposal and may have findings, such as the configuration.
    pub others: &'a [Arc<Source>],
}

/// A format of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    Human,
    /// `signoff.check/1`.
    Json,
    /// SARIF 2.1.0, for code scanning and editors.
    Sarif,
    /// Workflow commands of GitHub Actions, which become annotations.
    Github,
    /// `JUnit` XML, for test reports.
    Junit,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 5] = [Self::Human, Self::Json, Self::Sarif, Self::Github, Self::Junit];

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Junit => "junit",
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = || Self::ALL.map(Self::name).join(", ");
        let found = Self::ALL.into_iter().find(|format| format.name() == name);
        found.ok_or_else(|| format!("there is no format `{name}` of findings; there are {}", known()))
    }
}

/// How much to say. Formats for programs that have a place for everything always say all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// Errors and warnings alone, without a summary.
    Quiet,
    /// Errors and warnings, and a summary.
    #[default]
    Normal,
    /// Advice too.
    Verbose,
}

/// How to say it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Colours and width.
    pub look: Look,
    /// How much.
    pub detail: Detail,
    /// Whether warnings fail the check.
    pub strict: bool,
    /// What can be said of fixes.
    pub fixing: Fixing,
}

/// Whether what is certain can be mended here, or was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fixing {
    /// The reader can ask for it.
    #[default]
    Offered,
    /// The files cannot be changed: they are a past state, a sample or standard input.
    Impossible,
    /// It was done.
    Done {
        /// Findings that are gone.
        findings: usize,
        /// Files that were written.
        files: usize,
    },
}

impl Options {
    /// Whether findings of this severity are shown by formats that leave advice out.
    fn shows(&self, severity: Severity) -> bool {
        severity > Severity::Info || self.detail == Detail::Verbose
    }

    /// Whether a finding of this severity fails the check.
    fn fails(&self, severity: Severity) -> bool {
        severity == Severity::Error || self.strict && severity == Severity::Warning
    }
}

/// Writes a report. The writer should be buffered: many small pieces are written.
///
/// # Errors
/// Those of the writer.
pub fn write(format: Format, report: &Report<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let outcome = Outcome::new(report);
    match format {
        Format::Human => human::write(&outcome, options, out),
        Format::Json => json::write(&outcome, out),
        Format::Sarif => sarif::write(&outcome, out),
        Format::Github => github::write(&outcome, options, out),
        Format::Junit => junit::write(&outcome, options, out),
    }
}

/// A report with everything looked up that formats need.
struct Outcome<'a> {
    report: &'a Report<'a>,
    places: Places<'a>,
    found: Vec<Found<'a>>,
    counts: Counts,
}

/// A finding with its place.
#[derive(Clone, Copy)]
struct Found<'a> {
    finding: &'a Finding,
    region: Option<Region>,
    baselined: bool,
    owner: Option<&'a Proposal>,
}

/// How many findings of each severity are not in the baseline, and how many are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    errors: usize,
    warnings: usize,
    infos: usize,
    baselined: usize,
}

impl Counts {
    fn add(&mut self, found: &Found<'_>) {
        let count = match (found.baselined, found.finding.severity) {
            (true, _) => &mut self.baselined,
            (false, Severity::Error) => &mut self.errors,
            (false, Severity::Warning) => &mut self.warnings,
            (false, Severity::Info) => &mut self.infos,
        };
        *count += 1;
    }
}

impl<'a> Outcome<'a> {
    fn new(report: &'a Report<'a>) -> Self {
        let places = Places::new(report.corpus, report.others);
        let mut counts = Counts::default();
        let baselined = report.baselined.iter().copied().chain(std::iter::repeat(false));
        let found = report.findings.iter().zip(baselined).map(|(finding, baselined)| {
            let found = Found { finding, region: places.region(finding), baselined, owner: places.owner(finding) };
            counts.add(&found);
            found
        });
        Self { found: found.collect(), report, places, counts }
    }

    /// The findings that the baseline does not accept.
    fn open(&self) -> impl Iterator<Item = &Found<'a>> {
        self.found.iter().filter(|found| !found.baselined)
    }

    /// How many proposals were read.
    fn proposals(&self) -> usize {
        self.report.corpus.proposals.iter().filter(|proposal| proposal.loaded).count()
    }

    /// The baseline's key of each finding.
    fn entries(&self) -> Vec<Entry> {
        baseline::entries(self.report.findings, &self.places)
    }

    /// One line about a rule: the first sentence of its page, or what the profile says.
    fn about(&self, code: &str) -> String {
        let declared = || self.report.corpus.prepared.profile.rule.iter().find(|rule| rule.code == code);
        match (rules::rule(code), declared()) {
            (Some(rule), _) => rule.summary(),
            (None, Some(declared)) => declaration(declared).to_owned(),
            (None, None) => String::new(),
        }
    }
}

/// One line about a rule of the profile: what it says, or where it comes from.
fn declaration(declared: &RuleDeclaration) -> &str {
    let texts = [&declared.message, &declared.source, &declared.code];
    texts.into_iter().find(|text| !text.is_empty()).map_or("", String::as_str)
}
