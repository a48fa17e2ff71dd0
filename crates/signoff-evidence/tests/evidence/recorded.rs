//! Small recorded files of every kind, and exactly what is read of them.
//!
//! `recorded/KIND/` has the files where the profile looks for them, `recorded/KIND.txt` what is read. After a change,
//! `SIGNOFF_BLESS=1 cargo test -p signoff-evidence` writes the latter again: read its difference.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use signoff_evidence::SOURCES;
use signoff_model::fact::{FactSource, SourceKind};

use crate::trees::{facts, folder};

pub fn recorded() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded")
}

#[test]
fn every_reader_reads_its_recorded_files() {
    for reader in SOURCES {
        let word = reader.kind.word();
        let tree = folder(&recorded().join(word));
        let facts = facts("sample", "1.36.2", &tree);
        let read: String = facts.of(reader.kind).map(shown).collect();
        assert!(facts.of(reader.kind).any(|source| !source.facts.is_empty()), "{word} has no facts");
        let expected = recorded().join(format!("{word}.txt"));
        if std::env::var_os("SIGNOFF_BLESS").is_some() {
            std::fs::write(&expected, &read).expect("written");
        }
        let expected = std::fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(read, expected, "{word}; SIGNOFF_BLESS=1 writes what is read");
    }
}

#[test]
fn every_kind_has_a_reader_and_a_page() {
    let kinds: Vec<SourceKind> = SOURCES.iter().map(|reader| reader.kind).collect();
    assert_eq!(kinds, SourceKind::ALL);
    for reader in SOURCES {
        let word = reader.kind.word();
        assert!(reader.page.starts_with(&format!("# {word}\n")), "the page of {word} begins with its name");
        for heading in ["\n## What it proves\n", "\n## Unknown\n"] {
            assert!(reader.page.contains(heading), "the page of {word} has no{heading}");
        }
    }
}

#[test]
fn the_profile_looks_for_every_kind() {
    let rules = crate::trees::rules();
    for reader in SOURCES {
        let word = reader.kind.word();
        assert!(rules.source.iter().any(|rule| rule.kind == word && !rule.paths.is_empty()), "{word}");
    }
}

/// A source as text: each fact with its place, its quoted line and what it says.
fn shown(source: &FactSource) -> String {
    let mut text = format!("{} {} `{}`\n", source.kind.word(), source.version, source.path);
    for problem in &source.problems {
        let _ = writeln!(text, "problem {}:{} {}", problem.path, problem.line.unwrap_or(0), problem.message);
    }
    for fact in &source.facts {
        let record = short(&short(&format!("{:?}", fact.record), "Release"), "Quote");
        let _ = writeln!(text, "{}:{} | {}\n    {record}", fact.path, fact.at.line, fact.at.text);
    }
    text
}

/// `Release { major: 1, minor: 36, patch: 2 }` becomes `v1.36.2`, `Quote { line: 7, text: "x" }` becomes `7 "x"`.
fn short(record: &str, what: &str) -> String {
    let start = format!("{what} {{ ");
    let mut pieces = record.split(&start);
    let mut short = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (fields, rest) = piece.split_once(" }").expect("the end of the fields");
        let values: Vec<&str> =
            fields.splitn(3, ", ").filter_map(|field| field.split_once(": ")).map(|(_, value)| value).collect();
        match what {
            "Release" => write!(short, "v{}{rest}", values.join(".")),
            _ => write!(short, "{} {}{rest}", values[0], fields.split_once("text: ").expect("a text").1),
        }
        .expect("written");
    }
    short
}
