//! Configurations of every kind, each a folder below `configurations`, and what is read there, in a text beside it.
#![allow(clippy::disallowed_methods, reason = "tests read their samples")]

use std::fmt::Write;
use std::path::{Path, PathBuf};

use signoff_evidence::configuration::{self, Configuration};
use signoff_model::MemoryTree;
use signoff_model::configured::{Configured, Place};
use signoff_model::fact::Problem;

#[path = "configuration/layers.rs"]
mod layers;
#[path = "configuration/odd.rs"]
mod odd;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/configurations")
}

/// Paths and what is there.
type Files = Vec<(String, Vec<u8>)>;

/// The cases, each with its files; paths are those in its folder.
fn cases() -> Vec<(String, Files)> {
    let entries = std::fs::read_dir(folder()).expect("the samples").map(|entry| entry.expect("an entry").path());
    let mut cases: Vec<_> = entries
        .filter(|path| path.is_dir())
        .map(|path| {
            let mut files = Vec::new();
            collect(&path, &path, &mut files);
            (path.file_name().expect("a name").to_string_lossy().into_owned(), files)
        })
        .collect();
    cases.sort();
    cases
}

fn collect(root: &Path, folder: &Path, files: &mut Files) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).expect("below").to_string_lossy().into_owned();
            files.push((name, std::fs::read(&path).expect("a file")));
        }
    }
    files.sort();
}

fn read(files: &[(String, Vec<u8>)]) -> Configuration {
    configuration::read(&MemoryTree::new(files.to_vec()), &[String::new()])
}

#[test]
fn every_kind_of_configuration() {
    let bless = std::env::var_os("SIGNOFF_BLESS").is_some();
    let cases = cases();
    assert!(cases.len() > 10);
    for (name, files) in cases {
        let found = shown(&read(&files));
        let path = folder().join(format!("{name}.txt"));
        if bless {
            std::fs::write(&path, &found).expect("written");
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(found, expected, "{name}: when this is right, SIGNOFF_BLESS=1 cargo test rewrites {name}.txt");
    }
}

#[test]
fn every_text_has_its_case() {
    for entry in std::fs::read_dir(folder()).expect("the samples") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            assert!(path.with_extension("").is_dir(), "{} has no folder", path.display());
        }
    }
}

/// What was read, a line each.
fn shown(configuration: &Configuration) -> String {
    let mut text = String::new();
    for configured in &configuration.configured {
        one(configured, &mut text).expect("a text");
    }
    problems("unrecognised", &configuration.unrecognised, &mut text).expect("a text");
    if configuration.skipped != configuration::Skipped::default() {
        let skipped = &configuration.skipped;
        writeln!(text, "skipped {} hidden, binary {:?}", skipped.hidden, skipped.binary).expect("a text");
    }
    text
}

fn one(configured: &Configured, text: &mut String) -> std::fmt::Result {
    writeln!(text, "{} of {}", configured.component, configured.instance)?;
    writeln!(text, "  files {}", configured.files.join(", "))?;
    for gate in &configured.gates {
        let prefix = gate.prefix.as_deref().map(|prefix| format!("{prefix}:")).unwrap_or_default();
        let value = gate.value.map_or_else(|| "unreadable".to_owned(), |value| value.to_string());
        writeln!(text, "  gate {prefix}{} `{}` is {value}, {}", gate.name, gate.written, at(&gate.place))?;
    }
    for flag in &configured.flags {
        let value = flag.value.as_deref().map(|value| format!("={value}")).unwrap_or_default();
        writeln!(text, "  flag {}{value}, {}", flag.name, at(&flag.place))?;
    }
    for format in &configured.formats {
        writeln!(text, "  format {} {}, {}", format.api_version, format.kind, at(&format.place))?;
    }
    problems("  gap", &configured.gaps, text)?;
    problems("  fault", &configured.faults, text)?;
    problems("  remark", &configured.remarks, text)
}

fn problems(word: &str, problems: &[Problem], text: &mut String) -> std::fmt::Result {
    for problem in problems {
        let place = Place { path: problem.path.clone(), line: problem.line };
        writeln!(text, "{word} {}: {}", at(&place), problem.message)?;
    }
    Ok(())
}

fn at(place: &Place) -> String {
    place.line.map_or_else(|| place.path.to_string(), |line| format!("{}:{line}", place.path))
}
