//! Findings as `signoff.check/1`, word for word as the contract shows it.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use signoff_model as model;

use super::{Counts, Found, Outcome};

/// What a check found.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Check<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.check/1"))]
    schema: &'static str,
    /// How much was looked at.
    scope: Scope,
    /// Codes of the rules that were not run because not every file was read.
    rules_skipped: &'a [&'a str],
    /// The findings, by path, place and rule.
    findings: Vec<Finding<'a>>,
    /// How many there are.
    summary: Summary,
}

/// How much a check looked at.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Scope {
    /// Every proposal.
    Full,
    /// The metadata of every proposal, without its prose.
    Metadata,
    /// Some proposals and what they name.
    Partial,
}

/// How bad a finding is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Severity {
    /// A fault.
    Error,
    /// Something a person should look at.
    Warning,
    /// Advice.
    Info,
}

/// A flaw and its place. Lines and columns count from 1, columns in Unicode scalar values; ends are exclusive.
#[derive(Debug, Serialize, JsonSchema)]
struct Finding<'a> {
    /// Code of the rule.
    rule: &'a str,
    /// How bad it is.
    severity: Severity,
    /// Number of the proposal; null for a finding that belongs to none.
    proposal: Option<&'a str>,
    /// File, relative to the repository.
    path: &'a str,
    /// First line; null for a finding about the whole file.
    line: Option<usize>,
    /// First column.
    column: Option<usize>,
    /// Line of the end.
    end_line: Option<usize>,
    /// Column behind the last one.
    end_column: Option<usize>,
    /// What is wrong and what would be right.
    message: &'a str,
    /// What to do, where the message does not say it.
    help: Option<&'a str>,
    /// Whether `check --fix` mends it.
    fixable: bool,
    /// Whether the baseline accepts it.
    baselined: bool,
}

/// How many findings there are. Those that the baseline accepts count as `baselined` alone.
#[derive(Debug, Serialize, JsonSchema)]
struct Summary {
    /// Proposals that were checked.
    proposals: usize,
    /// Errors.
    errors: usize,
    /// Warnings.
    warnings: usize,
    /// Advice.
    infos: usize,
    /// Accepted findings of any severity.
    baselined: usize,
}

pub(super) fn write(outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    crate::write_json(&Check::from(outcome), out)
}

impl<'a> From<&'a Outcome<'a>> for Check<'a> {
    fn from(outcome: &'a Outcome<'a>) -> Self {
        let Counts { errors, warnings, infos, baselined } = outcome.counts;
        Self {
            schema: "signoff.check/1",
            scope: outcome.report.corpus.scope.into(),
            rules_skipped: outcome.report.skipped,
            findings: outcome.found.iter().map(Finding::from).collect(),
            summary: Summary { proposals: outcome.proposals(), errors, warnings, infos, baselined },
        }
    }
}

impl From<model::corpus::Scope> for Scope {
    fn from(scope: model::corpus::Scope) -> Self {
        let model::corpus::Scope { full, prose } = scope;
        match (full, prose) {
            (true, true) => Self::Full,
            (true, false) => Self::Metadata,
            (false, _) => Self::Partial,
        }
    }
}

impl From<model::Severity> for Severity {
    fn from(severity: model::Severity) -> Self {
        match severity {
            model::Severity::Error => Self::Error,
            model::Severity::Warning => Self::Warning,
            model::Severity::Info => Self::Info,
        }
    }
}

impl<'a> From<&Found<'a>> for Finding<'a> {
    fn from(found: &Found<'a>) -> Self {
        let Found { finding, region, baselined, owner: _ } = *found;
        // Destructured so that a new field is a compile error here, not a silent omission.
        let model::Finding { rule, severity, proposal, path, span: _, message, help, fix } = finding;
        Self {
            rule,
            severity: (*severity).into(),
            proposal: proposal.as_deref(),
            path,
            line: region.map(|region| region.start.line),
            column: region.map(|region| region.start.column),
            end_line: region.map(|region| region.end.line),
            end_column: region.map(|region| region.end.column),
            message,
            help: help.as_deref(),
            fixable: fix.is_some(),
            baselined,
        }
    }
}
