//! Differences between two readers, and the reasons that are known for them.

#![allow(clippy::print_stderr, reason = "says how much was compared")]

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Deserialize;

/// What a reader says about a document: the line, and what stands there.
pub type Said = Vec<(usize, String)>;

/// Documents with their differences: `+ line what` is said by our reader alone, `- line what` by the other alone.
type Documents = BTreeMap<String, Vec<String>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Explained {
    #[serde(default)]
    class: Vec<Class>,
}

/// Differences with one reason.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    reason: String,
    documents: Documents,
}

/// Fails unless the differences are exactly those that are explained. `documents` come with what the two readers say.
pub fn judge(documents: Vec<(String, Said, Said)>, explained: &str) {
    let compared = documents.len();
    let mut found: Documents = BTreeMap::new();
    for (name, ours, theirs) in documents {
        let different = differences(ours, theirs);
        if !different.is_empty() {
            found.entry(name).or_default().extend(different);
        }
    }
    eprintln!("{compared} documents compared, {} differ", found.len());
    let explained: Explained = toml::from_str(explained).expect("explained differences");
    let mut left: Documents = BTreeMap::new();
    for Class { reason, documents } in explained.class {
        assert!(!reason.trim().is_empty(), "no reason: {documents:?}");
        for (name, listed) in documents {
            left.entry(name).or_default().extend(listed);
        }
    }
    let mut wrong = String::new();
    for (name, different) in found {
        let mut listed = left.remove(&name).unwrap_or_default();
        let unlisted: Vec<&String> = different.iter().filter(|one| !take(&mut listed, one)).collect();
        if !unlisted.is_empty() {
            let _ = writeln!(wrong, "not explained: {name:?} = {unlisted:#?}");
        }
        left.insert(name, listed);
    }
    for (name, gone) in left.iter().filter(|(_, listed)| !listed.is_empty()) {
        let _ = writeln!(wrong, "explained, but no longer so: {name:?} = {gone:#?}");
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn take(listed: &mut Vec<String>, one: &str) -> bool {
    let place = listed.iter().position(|known| known == one);
    place.map(|place| listed.swap_remove(place)).is_some()
}

/// What one of the two says more often than the other, by line.
fn differences(ours: Said, theirs: Said) -> Vec<String> {
    let mut balance: BTreeMap<(usize, String), i64> = BTreeMap::new();
    for said in ours {
        *balance.entry(said).or_default() += 1;
    }
    for said in theirs {
        *balance.entry(said).or_default() -= 1;
    }
    let line = |((line, what), balance): ((usize, String), i64)| {
        let sign = if balance > 0 { '+' } else { '-' };
        vec![format!("{sign} {line} {what}"); usize::try_from(balance.unsigned_abs()).expect("few")]
    };
    balance.into_iter().flat_map(line).collect()
}

const LISTED: &str = "[[class]]\nreason = \"a reason\"\ndocuments.\"a.md\" = [\"- 3 table\"]\n";

fn one(ours: &[(usize, &str)], theirs: &[(usize, &str)]) -> Vec<(String, Said, Said)> {
    let said = |said: &[(usize, &str)]| said.iter().map(|(line, what)| (*line, (*what).to_owned())).collect();
    vec![("a.md".to_owned(), said(ours), said(theirs))]
}

#[test]
fn explained_differences_pass() {
    judge(one(&[(1, "item")], &[(1, "item"), (3, "table")]), LISTED);
}

#[test]
#[should_panic(expected = "not explained: \"a.md\" = [\n    \"+ 2 fence\",\n]")]
fn a_difference_that_is_not_explained_fails() {
    judge(one(&[(2, "fence")], &[(3, "table")]), LISTED);
}

#[test]
#[should_panic(expected = "no longer so: \"a.md\" = [\n    \"- 3 table\",\n]")]
fn an_explained_difference_that_is_gone_fails() {
    judge(one(&[(3, "table")], &[(3, "table")]), LISTED);
}
