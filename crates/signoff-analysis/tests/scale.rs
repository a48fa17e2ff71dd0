//! Hostile repositories of a size at which work that grows with the square of its input would take many minutes,
//! and messages that no input makes long. No test looks at a clock.

use std::fmt::Write as _;
use std::sync::Arc;

use signoff_analysis::configuration::Configuration;
use signoff_analysis::{profiles, rules};
use signoff_model::memo::Memo;
use signoff_model::profile::Prepared;
use signoff_model::tree::{Entry, Kind, ReadError};
use signoff_model::{Finding, MemoryTree, Severity, Tree, corpus};

fn check(tree: &dyn Tree, paths: Option<&[String]>) -> Vec<Finding> {
    let prepared = Arc::new(Prepared::new(profiles::load("kep").expect("the profile")));
    let as_of = "2026-07-24T12:00:00Z".parse().expect("an instant");
    let request = corpus::Request { prepared, paths, prose: true, as_of };
    let corpus = corpus::load(tree, &request, &Memo::default());
    rules::check(&corpus, &Configuration::default()).findings
}

/// Proposals with this metadata behind their number and title, and this prose.
fn proposals(count: usize, metadata: &str, prose: &str) -> MemoryTree {
    let mut tree = MemoryTree::default();
    for number in 1000..1000 + count {
        let folder = format!("keps/sig-node/{number}-pools-{number}");
        tree.insert(format!("{folder}/kep.yaml"), format!("title: x\nkep-number: {number}\n{metadata}"));
        tree.insert(format!("{folder}/README.md"), prose);
    }
    tree
}

fn count(findings: &[Finding], rule: &str) -> usize {
    findings.iter().filter(|finding| finding.rule == rule).count()
}

#[test]
fn references_are_looked_up_however_many_there_are() {
    let (mut numbers, mut paths, mut links) = (String::new(), String::new(), String::new());
    for index in 0..60 {
        write!(numbers, "\"{}\", ", 1000 + index * 50).expect("text");
        write!(paths, "\"/keps/sig-apps/{}-gone\", ", 9000 + index).expect("text");
        writeln!(links, "[a](/keps/sig-apps/{}-gone/README.md)\n", 9000 + index).expect("text");
    }
    let tree = proposals(3000, &format!("replaces: [{numbers}]\nsee-also: [{paths}]\n"), &links);
    let findings = check(&tree, None);
    assert_eq!((count(&findings, "reference-dead"), count(&findings, "link-dead")), (3000 * 60, 3000 * 60));
}

#[test]
fn people_are_compared_however_many_there_are() {
    let people: String = (0..45_000).map(|index| format!("  - \"@p{index}\"\n")).collect();
    let tree = proposals(1, &format!("authors:\n{people}approvers:\n{people}"), "");
    assert_eq!(count(&check(&tree, None), "self-approval"), 100);
}

#[test]
fn marks_in_one_long_line_are_found_however_many_there_are() {
    let people = "\"@p\", ".repeat(90_000);
    let metadata =
        format!("owning-sig: sig-node\nlatest-milestone: v1.36\nstatus: implementable\napprovers: [{people}] # x\n");
    let tree = proposals(1, &metadata, "");
    assert!(count(&check(&tree, None), "metadata-unreadable") == 0);
}

#[test]
fn no_input_makes_a_message_long() {
    let long = "x".repeat(400_000);
    let keys = format!(
        "status: {long}\nstage: {long}\nowning-sig: {long}\ncreation-date: {long}\n{long}: y\neditor: {long}\n"
    );
    let lists = format!(
        "authors: [{long}]\nsee-also: [/keps/{long}]\nlatest-milestone: {long}\nmilestone: {{alpha: {long}}}\n"
    );
    let gates = format!("feature-gates: [{{name: \"{long}!\"}}]\nmetrics: [\"{long}!\"]\ndisable-supported: {long}\n");
    let prose = format!(
        "# KEP-1: x\n\n<!-- toc -->\n- [{long}](#{long})\n<!-- /toc -->\n\n## {long}\n\n[a](/keps/{long}) <!-- signoff: allow {long} -->\n"
    );
    let mut tree = proposals(2, &format!("{keys}{lists}{gates}"), &prose);
    tree.insert(
        "keps/sig-node/1500-a/kep.yaml",
        format!("title: x\nkep-number: {long}\nstatus: @{long}\n{long}: a: b\n"),
    );
    let findings = check(&tree, None);
    assert!(findings.len() > 20);
    for finding in findings {
        let texts = [Some(&finding.message), finding.help.as_ref()];
        let longest = texts.into_iter().flatten().map(|text| text.chars().count()).max();
        assert!(longest <= Some(600), "{} {}", finding.rule, finding.path);
        assert!(finding.proposal.is_none_or(|proposal| proposal.len() <= 40));
    }
}

/// A tree in which some folders cannot be listed, and nothing below them be read.
struct Closed {
    files: MemoryTree,
    closed: &'static str,
}

impl Closed {
    fn hides(&self, path: &str) -> bool {
        signoff_model::tree::is_below(path, self.closed)
    }
}

impl Tree for Closed {
    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        if self.hides(folder) {
            Err(ReadError::Refused("permission denied".to_owned()))
        } else {
            self.files.list(folder)
        }
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        if self.hides(path) { Err(ReadError::Refused("permission denied".to_owned())) } else { self.files.read(path) }
    }

    fn kind(&self, path: &str) -> Option<Kind> {
        if self.hides(path) && path != self.closed { None } else { self.files.kind(path) }
    }
}

#[test]
fn a_folder_that_cannot_be_listed_is_told_once() {
    let metadata = "owning-sig: sig-node\nstatus: implementable\nstage: alpha\nlatest-milestone: v1.36\n\
                    milestone: {alpha: v1.36}\nauthors: [\"@a\"]\napprovers: [\"@b\"]\ncreation-date: 2025-01-01\n";
    for closed in [
        "keps",
        "keps/sig-node",
        "keps/sig-node/1001-pools-1001",
        "keps/prod-readiness",
        "keps/prod-readiness/sig-node",
    ] {
        let mut files = proposals(3, metadata, "[a](/keps/sig-node/1001-pools-1001/README.md)\n");
        files.insert("keps/prod-readiness/sig-node/1000.yaml", "kep-number: 1000\nalpha:\n  approver: \"@c\"\n");
        let tree = Closed { files, closed };
        for paths in [None, Some(vec![closed.to_owned()])] {
            let findings = check(&tree, paths.as_deref());
            let told: Vec<&str> = findings
                .iter()
                .filter(|finding| finding.severity == Severity::Error && finding.rule == "metadata-unreadable")
                .map(|finding| &*finding.path)
                .collect();
            if paths.is_none() || !closed.starts_with("keps/prod") {
                assert_eq!(told, [closed], "{paths:?}");
            }
            let hidden = |finding: &&Finding| matches!(&*finding.rule, "approval-orphan" | "link-dead");
            assert_eq!(findings.iter().find(hidden), None, "{closed}");
        }
    }
}

#[test]
fn a_folder_beyond_the_depth_is_told() {
    let mut tree = proposals(1, "", "");
    tree.insert(format!("keps/{}1-x/kep.yaml", "a/".repeat(40)), "title: x\n");
    let findings = check(&tree, None);
    let told: Vec<&Finding> = findings.iter().filter(|finding| finding.rule == "limit-exceeded").collect();
    assert!(matches!(told.as_slice(), [one] if one.path.starts_with("keps/a/a/")), "{told:?}");
}
