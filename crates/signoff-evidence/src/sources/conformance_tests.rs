//! Lists of the tests that every distribution must pass.

use signoff_model::fact::{ConformanceTest, Record, SourceKind};
use signoff_model::{Node, Release};

use super::Reader;
use crate::reading::Reading;
use crate::values::{shared, text};

pub(super) const READER: Reader =
    Reader { kind: SourceKind::ConformanceTests, page: include_str!("conformance_tests.md"), read };

fn read(reading: &mut Reading<'_>) {
    let Some(root) = reading.yaml() else { return };
    if !root.is_blank() && root.items().is_empty() {
        reading.problem(Some(1), format!("a list of tests is expected, and this is {}", root.kind()));
    }
    for item in root.items() {
        let at = match item.pair("codename").or_else(|| item.pair("testname")) {
            Some(pair) => reading.quote_of(pair.key_span),
            None => reading.quote_of(item.span),
        };
        if text(item, "codename").is_none() && text(item, "testname").is_none() {
            reading.problem_at(&at, "an entry has no name");
            continue;
        }
        let test = ConformanceTest {
            name: shared(item, "testname"),
            code_name: shared(item, "codename"),
            releases: releases(reading, item),
            file: shared(item, "file"),
        };
        reading.say(at, Record::Conformance(test));
    }
}

/// Reads `v1.9, v1.18`.
fn releases(reading: &mut Reading<'_>, item: &Node) -> Vec<Release> {
    let written = text(item, "release").unwrap_or_default().split(',').map(str::trim).filter(|text| !text.is_empty());
    let mut releases = Vec::new();
    for written in written {
        match Release::parse(written) {
            Some(release) => releases.push(release),
            None => {
                let at = reading.quote_key(item, "release");
                reading.problem_at(&at, format!("`{written}` is no release"));
            }
        }
    }
    releases
}
