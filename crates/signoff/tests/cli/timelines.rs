//! `timeline`: what happened to a proposal, and from when that is known.

use crate::project::{POOLS, POOLS_PROSE, POOLS_RECORD, Project};

const FOLDER: &str = "keps/sig-node/1234-widget-pools";

/// Three commits: the base, a stage with its approval, and an answer after that.
fn three_commits() -> Project {
    let project = Project::base();
    project.commit("2026-01-02T10:00:00Z");
    project.replace(POOLS, "stage: beta", "stage: stable");
    project.replace(POOLS_RECORD, "beta:", "stable:");
    project.commit("2026-01-05T10:00:00Z");
    project.replace(POOLS_PROSE, "A steady rise of", "A sudden rise of");
    project.commit("2026-01-09T10:00:00Z");
    project
}

/// Every event as `date kind subject`.
fn brief(project: &Project, arguments: &[&str]) -> Vec<String> {
    let timeline = project.json(&[&["timeline"], arguments].concat());
    let events = timeline["events"].as_array().expect("a list");
    let one = |event: &serde_json::Value| {
        let text = |name: &str| event[name].as_str().unwrap_or("-").to_owned();
        format!("{} {} {}", &text("at")[..10], text("kind"), text("subject"))
    };
    events.iter().map(one).collect()
}

#[test]
fn a_story_by_date() {
    let project = three_commits();
    let told = project.printed(0, &["timeline", "1234"]);
    let expected = "\
2026-01-05  0123456789  stage beta → stable
                        approval of beta by @QuinnPRR taken back
                        stable approved by @QuinnPRR
2026-01-09  0123456789  1 answer changed: rollback-metrics
                        the first change of an answer since stable was approved
";
    let ids = project.git(&["log", "--format=%h", "--abbrev=10"]);
    let plain = ids.lines().fold(told, |text, id| text.replace(id, "0123456789"));
    assert!(
        plain.starts_with(
            "1234  Widget pools on the node\n  keps/sig-node/1234-widget-pools\n\n2026-01-02  0123456789  created"
        ),
        "{plain}"
    );
    assert!(plain.ends_with(expected), "{plain}");
}

#[test]
fn later_commits_do_not_matter_to_a_past_instant() {
    let project = three_commits();
    let all = brief(&project, &["1234"]);
    let known = brief(&project, &["1234", "--at", "2026-01-06"]);
    assert_eq!(all[..known.len()], known);
    assert_eq!(all[known.len()..], ["2026-01-09 answer rollback-metrics", "2026-01-09 questionnaire stable"]);
}

#[test]
fn every_format_tells_the_same() {
    let project = three_commits();
    let json = project.json(&["timeline", "1234", "--all-commits"]);
    assert_eq!((&json["schema"], &json["proposal"]), (&"signoff.timeline/1".into(), &"1234".into()));
    assert_eq!((&json["known_from"], &json["unread_files"]), (&serde_json::Value::Null, &0.into()));
    let events = json["events"].as_array().expect("a list");
    assert!(events.iter().all(|event| event["author"].is_string() && event["path"] == FOLDER));
    let csv = project.printed(0, &["timeline", "1234", "--format", "csv"]);
    assert_eq!(csv.lines().next(), Some("proposal,at,commit,kind,subject,from,to,sweep,author,path"));
    assert_eq!(csv.lines().count(), events.len() + 1);
}

#[test]
fn one_that_is_gone_is_called_as_it_was() {
    let project = three_commits();
    project.git(&["mv", FOLDER, "keps/sig-node/1234-basins"]);
    project.commit("2026-01-10T10:00:00Z");
    let moved = brief(&project, &["1234-basins"]);
    assert_eq!(moved.last().map(String::as_str), Some("2026-01-10 moved -"));
    project.git(&["rm", "-rqf", "keps/sig-node/1234-basins"]);
    project.commit("2026-01-11T10:00:00Z");
    let gone = brief(&project, &["1234"]);
    assert_eq!(gone[..moved.len()], moved);
    assert_eq!(gone[moved.len()..], ["2026-01-11 removed -"]);
    assert!(project.run(&["timeline", "77"]).complaint().contains("there is no proposal `77`"));
}

#[test]
fn without_a_history_it_says_so() {
    let project = Project::base();
    let run = project.run(&["timeline", "1234"]);
    let told = run.complaint();
    assert!(told.contains("is not in a git repository"), "{told}");
    project.git(&["init", "-q", "-b", "main", "."]);
    let run = project.run(&["timeline", "1234"]);
    let told = run.complaint();
    assert!(told.contains("commit"), "{told}");
    project.commit("2026-01-02T10:00:00Z");
    project.write("keps/sig-node/9-new/kep.yaml", "title: New\nkep-number: 9\n");
    let run = project.run(&["timeline", "9"]);
    let told = run.complaint();
    assert!(told.contains("no commit has keps/sig-node/9-new yet"), "{told}");
}

#[test]
fn a_shallow_clone_says_from_when_it_knows() {
    let project = three_commits();
    let clone = tempfile::tempdir().expect("a folder");
    let from = format!("file://{}", project.root().display());
    let target = clone.path().join("clone").display().to_string();
    project.git(&["clone", "-q", "--depth=2", &from, &target]);
    let told = project.printed(0, &["timeline", "1234", "-C", &target]);
    assert!(told.contains("known from 2026-01-05"), "{told}");
    assert!(told.contains("`git fetch --unshallow`"), "{told}");
    assert!(!told.contains("created"), "{told}");
    let json = project.json(&["timeline", "1234", "-C", &target]);
    assert_eq!(json["known_from"]["at"], "2026-01-05T10:00:00Z");
}

#[test]
fn the_sample_has_a_story() {
    let project = Project::base();
    let told = project.printed(0, &["timeline", "205", "--sample"]);
    assert!(told.contains("stage alpha → beta"), "{told}");
}
