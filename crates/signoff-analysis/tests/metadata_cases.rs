//! A thousand faulty and valid variations of one healthy repository: every fault is found, and
//! nothing valid is an error. The cases are data: `cases/metadata.toml`; `enforced.toml` goes through what the
//! repository's own checks refuse, and `strange.toml` through the oddities of real proposals.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use serde::Deserialize;
use signoff_analysis::configuration::Configuration;
use signoff_analysis::{profiles, rules};
use signoff_model::memo::Memo;
use signoff_model::profile::Prepared;
use signoff_model::{Finding, MemoryTree, Severity, Source, Tree, corpus};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    #[serde(default)]
    base: BTreeMap<String, String>,
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Case {
    name: String,
    /// The row of the table of what the repository's own checks refuse.
    row: Option<u8>,
    /// The place in the list of strange proposals.
    number: Option<u8>,
    edit: Vec<Replace>,
    write: BTreeMap<String, String>,
    delete: Vec<String>,
    link: BTreeMap<String, String>,
    bytes_base64: BTreeMap<String, String>,
    expect: Vec<Expected>,
    errors_only: Option<Vec<String>>,
    no_errors: bool,
    no_findings_of: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Replace {
    path: String,
    from: String,
    to: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Expected {
    rule: Option<String>,
    severity: Option<String>,
    path: Option<String>,
    line: Option<usize>,
}

#[test]
fn every_fault_is_found_and_nothing_valid_is_an_error() {
    let Cases { base, case } = cases(include_str!("cases/metadata.toml"));
    run(&base, &case);
}

#[test]
fn what_the_repository_refuses_is_reported() {
    let base = cases(include_str!("cases/metadata.toml")).base;
    let cases = cases(include_str!("cases/enforced.toml")).case;
    run(&base, &cases);
    let rows = |valid: bool| -> BTreeSet<u8> {
        cases.iter().filter(|case| case.name.starts_with("valid: ") == valid).filter_map(|case| case.row).collect()
    };
    // A repository without any proposal, row 2, is the command line's business.
    let all: BTreeSet<u8> = (1..=20).filter(|row| *row != 2).collect();
    assert_eq!(rows(false), all, "each row has a faulty case");
    assert_eq!(rows(true), all, "each row has a valid neighbour");
}

#[test]
fn the_oddities_of_real_proposals_are_judged_rightly() {
    let base = cases(include_str!("cases/metadata.toml")).base;
    let cases = cases(include_str!("cases/strange.toml")).case;
    run(&base, &cases);
    let numbers: BTreeSet<u8> = cases.iter().filter_map(|case| case.number).collect();
    assert_eq!(numbers, (1..=25).collect());
}

fn cases(text: &str) -> Cases {
    toml::from_str(text).expect("the case file")
}

fn run(base: &BTreeMap<String, String>, cases: &[Case]) {
    let prepared = Arc::new(Prepared::new(profiles::load("kep").expect("the profile")));
    let mut failures = String::new();
    let mut failed = 0;
    for case in cases {
        let tree = tree_of(base, case);
        let findings = check(&tree, &prepared);
        let wrong = problems(case, &findings, &tree);
        if !wrong.is_empty() {
            failed += 1;
            writeln!(failures, "{}\n  {}", case.name, wrong.join("\n  ")).expect("text");
        }
    }
    assert!(failures.is_empty(), "{failures}\n{failed} of {} cases", cases.len());
}

fn tree_of(base: &BTreeMap<String, String>, case: &Case) -> MemoryTree {
    let mut files = base.clone();
    for path in &case.delete {
        files.remove(path);
    }
    files.extend(case.write.clone());
    for edit in &case.edit {
        let text = files.get_mut(&edit.path).unwrap_or_else(|| panic!("{}: no file {}", case.name, edit.path));
        assert!(text.contains(&edit.from), "{}: {:?} is not in {}", case.name, edit.from, edit.path);
        *text = text.replacen(&edit.from, &edit.to, 1);
    }
    let mut tree = MemoryTree::new(files);
    for (path, encoded) in &case.bytes_base64 {
        tree.insert(path, decode(encoded));
    }
    for (path, target) in &case.link {
        tree.remove(path);
        tree.link(path, target);
    }
    tree
}

fn decode(base64: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for value in base64.bytes().filter_map(|byte| ALPHABET.iter().position(|known| *known == byte)) {
        bits = bits << 6 | u32::try_from(value).expect("six bits");
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    bytes
}

fn check(tree: &dyn Tree, prepared: &Arc<Prepared>) -> Vec<Finding> {
    let as_of = "2026-07-24T12:00:00Z".parse().expect("an instant");
    let request = corpus::Request { prepared: Arc::clone(prepared), paths: None, prose: true, as_of };
    let corpus = corpus::load(tree, &request, &Memo::default());
    rules::check(&corpus, &Configuration::default()).findings
}

fn problems(case: &Case, findings: &[Finding], tree: &dyn Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for expected in &case.expect {
        if !findings.iter().any(|finding| fits(expected, finding, tree)) {
            wrong.push(format!("not found: {expected:?}"));
        }
    }
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    for error in errors {
        let allowed = case.errors_only.as_ref().is_none_or(|rules| rules.iter().any(|rule| *rule == error.rule));
        if case.no_errors || !allowed {
            wrong.push(format!("error: {}", describe(error, tree)));
        }
    }
    for finding in findings.iter().filter(|finding| case.no_findings_of.iter().any(|rule| *rule == finding.rule)) {
        wrong.push(format!("must not be found: {}", describe(finding, tree)));
    }
    if !wrong.is_empty() {
        let metadata = findings.iter().filter(|finding| !finding.path.ends_with("README.md"));
        wrong.extend(metadata.map(|finding| format!("found: {}", describe(finding, tree))));
    }
    wrong
}

fn fits(expected: &Expected, finding: &Finding, tree: &dyn Tree) -> bool {
    expected.rule.as_ref().is_none_or(|rule| *rule == finding.rule)
        && expected.severity.as_ref().is_none_or(|severity| *severity == finding.severity.word())
        && expected.path.as_ref().is_none_or(|path| **path == *finding.path)
        && expected.line.is_none_or(|line| line_of(finding, tree) == line)
}

fn line_of(finding: &Finding, tree: &dyn Tree) -> usize {
    let text = signoff_model::source::decode(tree.read(&finding.path).unwrap_or_default()).0;
    Source::new(Arc::clone(&finding.path), text).line(finding.span.unwrap_or_default().start)
}

fn describe(finding: &Finding, tree: &dyn Tree) -> String {
    let line = line_of(finding, tree);
    format!("{} {} {}:{line} {}", finding.rule, finding.severity.word(), finding.path, finding.message)
}
