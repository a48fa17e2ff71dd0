//! One sample corpus in every format, compared with the files below `tests/expected/`.
//!
//! `SIGNOFF_BLESS=1 cargo test -p signoff-output` rewrites those files; look at the difference.

#![allow(clippy::disallowed_methods, reason = "a test reads and blesses its expected files")]

mod baseline;
mod calendars;
mod check;
mod clusters;
mod diff;
mod exports;
mod history;
mod hostile;
mod proposals;
mod queries;
mod rules;
mod sample;
mod search;
mod timeline;
mod upgrade;

use std::path::PathBuf;

/// Compares a text with a file below `tests/expected/`, or writes the file when blessing.
fn expect(name: &str, actual: &str) {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/expected")).join(name);
    if std::env::var_os("SIGNOFF_BLESS").is_some() {
        std::fs::write(&path, actual).expect("the expected file can be written");
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == actual,
        "{name} differs; `SIGNOFF_BLESS=1 cargo test -p signoff-output` accepts what came out:\n{actual}"
    );
}

/// What a function writes; the same bytes each time.
fn written(write: impl Fn(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let once = || {
        let mut out = Vec::new();
        write(&mut out).expect("memory takes everything");
        out
    };
    let first = once();
    assert_eq!(first, once(), "equal input gives equal bytes");
    String::from_utf8(first).expect("output is text")
}

/// Asserts that a JSON output fits the schema of its name.
fn fits_own_schema(text: &str) {
    let value: serde_json::Value = serde_json::from_str(text).expect("JSON");
    let name = value["schema"].as_str().expect("every output names its schema");
    let schemas = signoff_output::schemas::all();
    let described = schemas.iter().find(|described| described.name == name).expect("every output is described");
    let validator = jsonschema::validator_for(described.schema.as_value()).expect("a valid schema");
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{name}: {errors:#?}");
}

#[test]
fn schemas_have_their_names() {
    for described in signoff_output::schemas::all() {
        let text = described.text();
        assert!(text.contains(&format!("\"const\": \"{}\"", described.name)), "{}", described.name);
        expect(&format!("schema-{}", described.file_name()), &text);
    }
}
