//! `diff`: what changed between two states, and in a pull request.

use serde_json::Value;

use crate::project::{POOLS, POOLS_PROSE, POOLS_RECORD, Project, SETS};

/// Three states: on 2 January the base; on 5 January 1234 is at another stage; the files as they are have a 2345 of
/// another status.
fn three_states() -> (Project, String, String) {
    let project = Project::base();
    let first = project.commit("2026-01-02T10:00:00Z");
    project.replace(POOLS, "stage: beta", "stage: stable");
    project.replace(POOLS_PROSE, "A steady rise of", "A sudden rise of");
    let second = project.commit("2026-01-05T10:00:00Z");
    project.git(&["tag", "later"]);
    project.replace(SETS, "status: provisional", "status: implementable");
    (project, first, second)
}

/// Every change as `proposal kind subject`.
fn brief(diff: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let mut found = Vec::new();
    for proposal in diff["proposals"].as_array().expect("a list") {
        for change in proposal["changes"].as_array().expect("a list") {
            found.push([&proposal["proposal"], &change["kind"], &change["subject"]].map(text).join(" "));
        }
    }
    found
}

fn diff(project: &Project, arguments: &[&str]) -> Vec<String> {
    brief(&project.json(&[&["diff"], arguments].concat()))
}

#[test]
fn two_states_by_any_name() {
    let (project, first, second) = three_states();
    let committed = ["1234 stage -", "1234 answer rollback-metrics"];
    for range in [
        "2026-01-02..2026-01-05",
        "2026-01-02T10:00Z..later",
        "HEAD~1..HEAD",
        "HEAD~1..main",
        &format!("{first}..{}", &second[..10]),
    ] {
        assert_eq!(diff(&project, &[range]), committed, "{range}");
    }
    assert_eq!(diff(&project, &["HEAD..HEAD"]), [""; 0]);
    assert_eq!(diff(&project, &["..HEAD~1"]), committed, "from the newest commit");
    assert_eq!(diff(&project, &["HEAD~1..", "--at", "HEAD"]), committed);
    let json = project.json(&["diff", "HEAD~1..later"]);
    assert_eq!((&json["from"]["name"], &json["to"]["name"]), (&"HEAD~1".into(), &"later".into()));
    assert_eq!((&json["from"]["commit"], &json["to"]["commit"]), (&first.into(), &second.into()));
    assert_eq!(json["to"]["at"], "2026-01-05T10:00:00Z");
}

#[test]
fn the_files_as_they_are() {
    let (project, ..) = three_states();
    assert_eq!(diff(&project, &["HEAD.."]), ["2345 status -"]);
    assert_eq!(diff(&project, &["2026-01-02.."]), ["2345 status -", "1234 stage -", "1234 answer rollback-metrics"]);
    assert_eq!(project.json(&["diff", "HEAD.."])["to"]["commit"], Value::Null);
    // A new folder that git does not know yet, and a file that is gone.
    project.write("keps/sig-apps/7-new/kep.yaml", "title: New\nkep-number: 7\nstatus: provisional\n");
    project.remove(POOLS_RECORD);
    let found = diff(&project, &["HEAD..", "7", "1234"]);
    let new = ["7 created -", "7 status -", "7 retitled -", "7 field kep-number"];
    assert_eq!(found, [&new[..], &["1234 approved alpha", "1234 approved beta"]].concat());
}

#[test]
fn some_proposals_alone() {
    let (project, ..) = three_states();
    for id in ["1234", "01234", "1234-widget-pools", POOLS, "keps/sig-node/1234-widget-pools"] {
        assert_eq!(diff(&project, &["HEAD~1..", id]).len(), 2, "{id}");
    }
    assert_eq!(diff(&project, &["HEAD~1..", "2345", "1234"]).len(), 3);
    assert!(project.run(&["diff", "HEAD~1..", "123"]).complaint().contains("there is no proposal `123`"));
    // One that moved is known by either place, and one that is gone by its old one.
    project.git(&["mv", "keps/sig-node/1234-widget-pools", "keps/sig-apps/1234-pools"]);
    for id in ["1234-widget-pools", "1234-pools", "1234"] {
        assert_eq!(diff(&project, &["HEAD..", id])[0], "1234 moved -", "{id}");
    }
    project.git(&["rm", "-rqf", "keps/sig-apps/1234-pools"]);
    assert_eq!(diff(&project, &["HEAD..", "1234"]), ["1234 removed -"]);
}

/// A main branch that went on, a request that is open and one that was merged.
fn with_pulls() -> Project {
    let project = Project::base();
    project.commit("2026-01-02T10:00:00Z");
    project.git(&["checkout", "-q", "-b", "open"]);
    project.replace(POOLS, "stage: beta", "stage: stable");
    project.commit("2026-01-03T10:00:00Z");
    project.git(&["update-ref", "refs/pull/7/head", "HEAD"]);
    project.git(&["checkout", "-q", "-b", "merged", "main"]);
    project.replace(SETS, "status: provisional", "status: implementable");
    project.commit("2026-01-04T10:00:00Z");
    project.git(&["update-ref", "refs/remotes/origin/pr/8", "HEAD"]);
    project.git(&["checkout", "-q", "main"]);
    project.git(&["merge", "-q", "--no-ff", "-m", "merge", "merged"]);
    project.replace(SETS, "creation-date: ", "creation-date:  ");
    project.commit("2026-01-05T10:00:00Z");
    project
}

#[test]
fn a_pull_request_against_where_it_left_the_main_branch() {
    let project = with_pulls();
    for arguments in [&["--pull", "7"][..], &["refs/pull/7/head"], &["--pull", "007", "1234"]] {
        let json = project.json(&[&["diff"], arguments].concat());
        assert_eq!(brief(&json), ["1234 stage -"], "{arguments:?}");
        assert_eq!(json["from"]["at"], "2026-01-02T10:00:00Z", "{arguments:?}");
        assert!(json["pull"].as_str().is_some_and(|number| number.ends_with('7')), "{arguments:?}");
    }
    assert_eq!(diff(&project, &["open"]), ["1234 stage -"], "a branch that is no pull request");
    assert_eq!(diff(&project, &["HEAD...open"]), ["1234 stage -"]);
    assert_eq!(diff(&project, &["...refs/pull/7/head"]), ["1234 stage -"]);
    let both = project.run(&["diff", "HEAD..refs/pull/7/head"]);
    assert!(both.err.contains("`HEAD...refs/pull/7/head` tells what it changes itself"), "{}", both.err);
    assert_eq!(project.run(&["diff", "HEAD~1..HEAD"]).err, "");
    assert_eq!(diff(&project, &["--pull", "8"]), ["2345 status -"], "one that was merged");
    assert_eq!(diff(&project, &["--pull", "7", "--at", "2026-01-03"]), ["1234 stage -"]);
    let early = project.run(&["diff", "--pull", "7", "--at", "2026-01-02T12:00Z"]);
    assert!(early.complaint().contains("was not open then"), "{}", early.err);
}

#[test]
fn what_cannot_be_compared_says_what_to_do() {
    let project = with_pulls();
    for (arguments, expected) in [
        (&[][..], "name two states"),
        (&["1234"], "--pull 1234"),
        (&["2026-01-02"], "`2026-01-02..`"),
        (&["a..."], "names one state"),
        (&["nope..HEAD"], "`nope` names no commit"),
        (&["HEAD..nope"], "`nope` names no commit"),
        (&["--pull", "9"], "git fetch origin refs/pull/9/head"),
        (&["--pull", "nine"], "the head of pull request nine is not here"),
        (&["2020-01-01..HEAD"], "ask about a later instant"),
    ] {
        let run = project.run(&[&["diff"], arguments].concat());
        assert!(run.complaint().contains(expected), "{arguments:?}: {}", run.err);
    }
    let plain = Project::base();
    assert!(plain.run(&["diff", "HEAD.."]).complaint().contains("is not in a git repository"));
}

#[test]
fn a_folder_inside_a_repository_and_a_bare_one() {
    let project = Project::empty();
    let base = Project::base();
    for (path, bytes) in base.files() {
        project.write(&format!("docs/{path}"), bytes);
    }
    project.commit("2026-01-02T10:00:00Z");
    let pools = format!("docs/{POOLS}");
    project.replace(&pools, "stage: beta", "stage: stable");
    project.commit("2026-01-03T10:00:00Z");
    project.replace(&pools, "status: implementable", "status: implemented");
    assert_eq!(diff(&project, &["-C", "docs", "HEAD~1..HEAD"]), ["1234 stage -"]);
    assert_eq!(diff(&project, &["-C", "docs", "HEAD~1.."]), ["1234 status -", "1234 stage -"]);
    let project = with_pulls();
    project.git(&["clone", "-q", "--bare", ".", "bare.git"]);
    assert_eq!(diff(&project, &["-C", "bare.git", "HEAD~1..HEAD"]), [""; 0]);
    assert_eq!(diff(&project, &["-C", "bare.git", "HEAD~2..HEAD"]), ["2345 status -"]);
}

#[test]
fn every_format_and_the_sample() {
    let project = Project::empty();
    let printed = |format: &str| project.printed(0, &["--sample", "diff", "HEAD~9..HEAD", "--format", format]);
    assert!(printed("human").starts_with("From HEAD~9 ("));
    assert!(printed("markdown").contains("\n### "));
    assert!(printed("csv").starts_with("proposal,title,path,kind,"));
    assert!(printed("json").starts_with(r#"{"schema":"signoff.diff/1""#));
    assert_eq!(printed("json"), printed("json"));
    let open = project.json(&["--sample", "diff", "HEAD~9.."]);
    assert_eq!(open["proposals"], project.json(&["--sample", "diff", "HEAD~9..HEAD"])["proposals"]);
}
