//! The baseline: old findings that a repository accepts, so that only new ones fail.
//!
//! A finding is known by its rule, its file, the text it flags and, among equal ones, its place in
//! the order of the file. Lines and messages do not count, so an edit elsewhere changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use signoff_model::{Corpus, Finding, Severity, Source};

use crate::Places;

/// The usual name of the file, at the root of a repository.
pub const FILE_NAME: &str = "signoff-baseline.json";

/// The name of the file's format.
pub const SCHEMA: &str = "signoff.baseline/1";

/// Why a baseline could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text is no baseline.
    #[error("it is not a baseline: {message}\nwrite it anew with `signoff check --write-baseline`")]
    Malformed {
        /// What the reader of JSON says.
        message: String,
    },
    /// The file has another format.
    #[error(
        "its schema is `{found}`, but this program reads `{SCHEMA}`\nwrite it anew with `signoff check --write-baseline`"
    )]
    UnknownSchema {
        /// The schema that the file names.
        found: String,
    },
}

/// An accepted finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// File, relative to the repository.
    pub path: String,
    /// Code of the rule.
    pub rule: String,
    /// Hash of the flagged text: the first 16 hexadecimal digits of its BLAKE3 hash.
    pub text: String,
    /// Which of the findings with the same rule, file and text, from 0.
    pub ordinal: usize,
}

/// Every accepted finding of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: BTreeSet<Entry>,
}

/// What a baseline says about findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subtracted {
    /// For each finding, whether it is accepted.
    pub baselined: Vec<bool>,
    /// Accepted findings that are gone. Empty unless everything was read: what was not looked at may
    /// still be there.
    pub fixed: Vec<Entry>,
}

/// The file as it is written.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct File {
    /// The name of this format.
    #[schemars(extend("const" = "signoff.baseline/1"))]
    schema: String,
    /// The accepted findings, sorted.
    findings: Vec<Entry>,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// When the text is no baseline, or one of another format.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let file: File = serde_json::from_str(text).map_err(|error| Error::Malformed { message: error.to_string() })?;
        let File { schema, findings } = file;
        if schema != SCHEMA {
            return Err(Error::UnknownSchema { found: schema });
        }
        Ok(Self { entries: findings.into_iter().collect() })
    }

    /// Writes the baseline: sorted, one entry per line, so that two branches seldom conflict.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "{{\n  \"schema\": \"{SCHEMA}\",\n  \"findings\": [")?;
        for (index, entry) in self.entries.iter().enumerate() {
            out.write_all(if index == 0 { b"\n    " } else { b",\n    " })?;
            serde_json::to_writer(&mut *out, entry)?;
        }
        writeln!(out, "{}]\n}}", if self.entries.is_empty() { "" } else { "\n  " })
    }

    /// The accepted findings, sorted by path and rule.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = &Entry> {
        self.entries.iter()
    }

    /// Says which findings are accepted, and which accepted ones are gone.
    #[must_use]
    pub fn subtract(&self, findings: &[Finding], corpus: &Corpus, others: &[Arc<Source>]) -> Subtracted {
        if self.entries.is_empty() {
            return Subtracted { baselined: vec![false; findings.len()], fixed: Vec::new() };
        }
        let found = entries(findings, &Places::new(corpus, others));
        let baselined = found.iter().map(|entry| self.entries.contains(entry)).collect();
        let found: BTreeSet<Entry> = found.into_iter().collect();
        let fixed = if is_whole(corpus) { self.entries.difference(&found).cloned().collect() } else { Vec::new() };
        Subtracted { baselined, fixed }
    }

    /// The baseline that accepts what was found now. Advice is not recorded, since it fails nothing.
    ///
    /// Entries that are gone are dropped, unless only a part was read: then the baseline grows at most.
    #[must_use]
    pub fn renewed(&self, findings: &[Finding], corpus: &Corpus, others: &[Arc<Source>]) -> Self {
        let found = entries(findings, &Places::new(corpus, others));
        let kept = findings
            .iter()
            .zip(found)
            .filter(|(finding, entry)| finding.severity > Severity::Info || self.entries.contains(entry));
        let mut entries: BTreeSet<Entry> = kept.map(|(_, entry)| entry).collect();
        if !is_whole(corpus) {
            entries.extend(self.entries.iter().cloned());
        }
        Self { entries }
    }
}

fn is_whole(corpus: &Corpus) -> bool {
    corpus.scope.full && corpus.scope.prose
}

/// The entry of each finding, in the order of the findings.
pub(crate) fn entries(findings: &[Finding], places: &Places<'_>) -> Vec<Entry> {
    let mut counts: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    let mut found = Vec::with_capacity(findings.len());
    for finding in findings {
        let text = blake3::hash(places.flagged(finding).as_bytes()).to_hex()[..16].to_owned();
        let (path, rule) = (finding.path.to_string(), finding.rule.to_string());
        let count = counts.entry((path.clone(), rule.clone(), text.clone())).or_insert(0);
        found.push(Entry { path, rule, text, ordinal: *count });
        *count += 1;
    }
    found
}
