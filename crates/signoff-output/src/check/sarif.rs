//! Findings as SARIF 2.1.0, the format of code scanning.
//!
//! The types hold the part of the standard that we use; a test validates what comes out against
//! the standard's own schema.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde::Serialize;
use signoff_analysis::rules::RULES;
use signoff_model as model;

use super::{Found, Outcome, declaration};
use crate::Region;
use crate::baseline::Entry;

/// Stands for the folder that the paths start from.
const ROOT: &str = "%SRCROOT%";

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    original_uri_base_ids: BTreeMap<&'static str, UriBase>,
    column_kind: &'static str,
    results: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct UriBase {
    description: Message<'static>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
struct Driver<'a> {
    name: &'static str,
    version: &'static str,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'a> {
    id: &'a str,
    short_description: Message<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Page<'a>>,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Page<'a> {
    text: String,
    markdown: &'a str,
}

#[derive(Serialize)]
struct Configuration {
    level: Level,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Error,
    Warning,
    Note,
}

#[derive(Serialize)]
struct Message<'a> {
    text: std::borrow::Cow<'a, str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: Level,
    message: Message<'a>,
    locations: [Location; 1],
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix<'a>>,
    suppressions: Vec<Suppression>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Lines>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    uri_base_id: &'static str,
}

/// A region of the standard: from 1, the end column exclusive.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Lines {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix<'a> {
    description: Message<'a>,
    artifact_changes: [ArtifactChange<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'a> {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Lines,
    inserted_content: Message<'a>,
}

#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    justification: &'static str,
}

pub(super) fn write(outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rules = rules(outcome);
    let indices: BTreeMap<&str, usize> = rules.iter().enumerate().map(|(index, rule)| (rule.id, index)).collect();
    let entries = outcome.entries();
    let results =
        outcome.found.iter().zip(&entries).map(|(found, entry)| result(outcome, found, entry, &indices)).collect();
    let root = UriBase { description: Message { text: "The root of the repository of proposals.".into() } };
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool { driver: Driver { name: "signoff", version: env!("CARGO_PKG_VERSION"), rules } },
            original_uri_base_ids: BTreeMap::from([(ROOT, root)]),
            column_kind: "unicodeCodePoints",
            results,
        }],
    };
    crate::write_json(&log, out)
}

/// Every rule of the program, then those that the profile declares.
fn rules<'a>(outcome: &Outcome<'a>) -> Vec<Rule<'a>> {
    let mut found: Vec<Rule<'_>> = RULES
        .iter()
        .map(|rule| Rule {
            id: rule.code,
            short_description: Message { text: rule.summary().into() },
            help: Some(Page { text: plain(rule.page), markdown: rule.page }),
            default_configuration: Configuration { level: rule.severity.into() },
        })
        .collect();
    let mut known: BTreeSet<&str> = RULES.iter().map(|rule| rule.code).collect();
    for declared in &outcome.report.corpus.prepared.profile.rule {
        let severity = declared.level.map_or(Some(model::Severity::Warning), model::profile::Level::severity);
        if known.insert(&declared.code) {
            found.push(Rule {
                id: &declared.code,
                short_description: Message { text: declaration(declared).into() },
                help: None,
                default_configuration: Configuration { level: severity.unwrap_or(model::Severity::Info).into() },
            });
        }
    }
    found
}

/// A page for readers without Markdown: what and why and how, without the examples.
fn plain(page: &str) -> String {
    let body = page.split("\n## Examples").next().unwrap_or(page);
    let lines = body.lines().skip(1).map(|line| line.trim_start_matches('#').trim_start());
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn result<'a>(outcome: &Outcome<'a>, found: &Found<'a>, entry: &Entry, indices: &BTreeMap<&str, usize>) -> Finding<'a> {
    let Found { finding, region, baselined, owner: _ } = *found;
    let model::Finding { rule, severity, proposal: _, path, span: _, message, help, fix } = finding;
    let text = match help {
        Some(help) => format!("{message}\n{help}").into(),
        None => message.as_str().into(),
    };
    let accepted = Suppression { kind: "external", justification: "The baseline of the repository accepts it." };
    Finding {
        rule_id: rule,
        rule_index: indices.get(&**rule).copied(),
        level: (*severity).into(),
        message: Message { text },
        locations: [Location {
            physical_location: PhysicalLocation { artifact_location: location(path), region: region.map(Lines::from) },
        }],
        partial_fingerprints: BTreeMap::from([("signoffBaseline/v1", fingerprint(entry))]),
        fixes: fix.iter().filter_map(|fix| mended(outcome, path, fix)).collect(),
        suppressions: baselined.then_some(accepted).into_iter().collect(),
    }
}

/// The baseline's key in a few characters.
fn fingerprint(entry: &Entry) -> String {
    let Entry { path, rule, text, ordinal } = entry;
    let hash = blake3::hash(format!("{rule}\0{path}\0{text}").as_bytes()).to_hex();
    format!("{}:{ordinal}", &hash[..16])
}

fn mended<'a>(outcome: &Outcome<'a>, path: &str, fix: &'a model::Fix) -> Option<Fix<'a>> {
    let model::Fix { title, edits } = fix;
    let source = outcome.places.source(path)?;
    let replacements = edits.iter().map(|edit| {
        let model::Edit { span, replacement } = edit;
        let region = Region { start: source.position(span.start), end: source.position(span.end.max(span.start)) };
        Replacement { deleted_region: region.into(), inserted_content: Message { text: replacement.as_str().into() } }
    });
    let change = ArtifactChange { artifact_location: location(path), replacements: replacements.collect() };
    // The standard asks for at least one replacement.
    let some = !change.replacements.is_empty();
    some.then_some(Fix { description: Message { text: title.as_str().into() }, artifact_changes: [change] })
}

fn location(path: &str) -> ArtifactLocation {
    ArtifactLocation { uri: uri(path), uri_base_id: ROOT }
}

/// A path as a relative URI reference (RFC 3986): bytes that mean something else there are escaped.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(byte.into()),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

impl From<Region> for Lines {
    fn from(region: Region) -> Self {
        let Region { start, end } = region;
        Self { start_line: start.line, start_column: start.column, end_line: end.line, end_column: end.column }
    }
}

impl From<model::Severity> for Level {
    fn from(severity: model::Severity) -> Self {
        match severity {
            model::Severity::Error => Self::Error,
            model::Severity::Warning => Self::Warning,
            model::Severity::Info => Self::Note,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uri_references() {
        assert_eq!(uri("keps/sig-node/1-a b/é:?.md"), "keps/sig-node/1-a%20b/%C3%A9%3A%3F.md");
    }
}
