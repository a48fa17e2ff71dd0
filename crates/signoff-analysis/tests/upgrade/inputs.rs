//! Whatever is taken away, the answer is not clean without saying that it was not looked at.

use signoff_analysis::upgrade::{Change, Gap, Question, Report};
use signoff_model::fact::Problem;

use super::given::{self, Files, ask};

/// What the report says without its evidence, so that the same finding from fewer sources is the same.
fn said(report: &Report) -> Vec<Change> {
    report.changes.iter().cloned().map(|change| Change { evidence: Vec::new(), ..change }).collect()
}

/// The files without one.
fn without(files: &Files, version: &str, path: &str) -> Files {
    let mut files = files.clone();
    let tree = files.remove(version).expect("a version");
    let kept = [given::LIST, given::TABLE, given::NEEDS].into_iter().filter(|kept| *kept != path);
    let read = |path: &str| Some((path.to_owned(), signoff_model::Tree::read(&tree, path).ok()?));
    files.insert(version.to_owned(), signoff_model::MemoryTree::new(kept.filter_map(read)));
    files
}

#[test]
fn every_source_that_is_missing_is_named() {
    let files = given::small();
    let configured = [given::component("kubelet", "Still=false")];
    let question = given::question("1.34.2", "1.36.2", &configured);
    let whole = ask(&files, &question).expect("a report");
    let cases = [
        ("1.34.2", given::LIST, "1.34"),
        ("1.35.3", given::LIST, "1.35"),
        ("1.35.3", given::NEEDS, "1.35.3"),
        ("1.36.2", given::LIST, "1.36.2"),
        ("1.36.2", given::TABLE, "1.36.2"),
    ];
    for (version, path, named) in cases {
        let Ok(report) = ask(&without(&files, version, path), &question) else { continue };
        assert!(!report.is_complete());
        let new: Vec<&Gap> = report.gaps.iter().filter(|gap| !whole.gaps.contains(gap)).collect();
        let is_named = new.iter().any(|gap| gap.reason.contains(named));
        assert!(is_named || said(&report) == said(&whole), "{version} {path}: {new:?}");
        assert!(is_named, "{version} {path}: {new:?}");
    }
}

#[test]
fn without_any_list_there_is_no_answer() {
    let question = given::question("1.34.2", "1.36.2", &[]);
    assert!(ask(&Files::new(), &question).is_err());
    let allowed = Question { allow_unknown: true, ..question };
    let report = ask(&Files::new(), &allowed).expect("a report");
    assert!(report.gaps.iter().any(|gap| gap.what == "gates"));
}

#[test]
fn every_component_that_is_missing_is_named() {
    let files = given::small();
    let rules = given::profile_rules();
    let configured: Vec<_> = rules.upgrade.components.iter().map(|component| given::component(component, "")).collect();
    for leave_out in 0..=configured.len() {
        let mut some = configured.clone();
        let left_out = (leave_out < some.len()).then(|| some.remove(leave_out).component);
        let report = ask(&files, &given::question("1.34.2", "1.36.2", &some)).expect("a report");
        let named: Vec<Option<&str>> =
            report.gaps.iter().filter(|gap| gap.what == "configuration").map(|gap| gap.component.as_deref()).collect();
        assert_eq!(named, left_out.as_deref().map(Some).into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn what_of_the_files_was_not_read_is_named() {
    let problem = |message: &str| Problem { path: "kubelet.env".into(), line: Some(3), message: message.to_owned() };
    let mut configured = given::component("kubelet", "test:Other=true");
    configured.component = "kube-apiserver".into();
    configured.gaps.push(problem("the drop-ins were not given"));
    let unrecognised = [problem("it is no configuration")];
    let configured = [configured];
    let question = given::question("1.34.2", "1.36.2", &configured);
    let report = ask(&given::small(), &Question { unrecognised: &unrecognised, ..question }).expect("a report");
    for (what, words) in [
        ("configuration", "the drop-ins were not given"),
        ("file", "it is no configuration"),
        ("gates", "`test:Other` is a gate of test"),
        ("flags", "which flags 1.36 takes"),
        ("apis", "1.34.2 and 1.36.2"),
        ("metrics", "1.34.2 and 1.36.2"),
        ("proposals", "no proposals were read"),
    ] {
        let is_named = report.gaps.iter().any(|gap| gap.what == what && gap.reason.contains(words));
        assert!(is_named, "{what}: {:?}", report.gaps);
    }
}

#[test]
fn versions_that_are_not_in_hand_are_named() {
    let mut files = given::small();
    let cases = [("1.34.9", "1.36.2", "1.34.9 is not in hand"), ("1.34.2", "1.36.1", "1.36.1 is not in hand")];
    for (from, to, words) in cases {
        let report = ask(&files, &given::question(from, to, &[])).expect("a report");
        assert!(report.gaps.iter().any(|gap| gap.what == "version" && gap.reason.contains(words)), "{:?}", report.gaps);
    }
    files.remove("1.35.3");
    let report = ask(&files, &given::question("1.34.2", "1.36.2", &[])).expect("a report");
    assert!(report.gaps.iter().any(|gap| gap.reason.starts_with("1.35 on the way")), "{:?}", report.gaps);
    let report = ask(&files, &given::question("1.35", "1.36.2", &[])).expect("a report");
    assert!(report.gaps.iter().any(|gap| gap.reason.starts_with("no list of 1.35")), "{:?}", report.gaps);
    let beyond = given::question("1.36.2", "1.37", &[]);
    assert!(ask(&files, &beyond).is_err());
    let report = ask(&files, &Question { allow_unknown: true, ..beyond }).expect("a report");
    assert!(report.gaps.iter().any(|gap| gap.reason.starts_with("nothing is known of 1.37")), "{:?}", report.gaps);
}
