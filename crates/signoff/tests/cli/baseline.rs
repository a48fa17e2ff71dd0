//! The baseline: findings that are accepted, so that only new ones fail.

use serde_json::Value;

use crate::project::{POOLS, POOLS_PROSE, Project, SETS};

const FILE: &str = "signoff-baseline.json";

/// Errors in both proposals, all of them in the baseline.
fn accepted() -> Project {
    let project = Project::changed(POOLS, "status: implementable", "status: implementabel");
    project.replace(SETS, "status: provisional", "status: provisonal");
    project.printed(0, &["check", "--write-baseline"]);
    project
}

fn entries(project: &Project) -> Vec<(String, String)> {
    let file: Value = serde_json::from_str(&project.read(FILE)).expect("JSON");
    assert_eq!(file["schema"], "signoff.baseline/1");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    file["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|entry| (text(&entry["rule"]), text(&entry["path"])))
        .collect()
}

fn both() -> Vec<(String, String)> {
    [SETS, POOLS].map(|path| ("status-unknown".to_owned(), path.to_owned())).to_vec()
}

#[test]
fn accepted_findings_do_not_fail() {
    let project = accepted();
    assert_eq!(entries(&project), both());
    let check = project.json(&["check"]);
    assert_eq!(
        check["summary"],
        serde_json::json!({"proposals": 2, "errors": 0, "warnings": 0, "infos": 0, "baselined": 2})
    );
    assert!(check["findings"].as_array().expect("a list").iter().all(|finding| finding["baselined"] == true));
    let text = project.printed(0, &["check", "--strict"]);
    assert_eq!(text, "0 errors, 0 warnings, 0 infos in 2 proposals (2 more in the baseline)\n");
    // A new one fails.
    project.replace(POOLS, "stage: beta", "stage: betta");
    let check = project.json(&["check"]);
    assert_eq!((&check["summary"]["errors"], &check["summary"]["baselined"]), (&1.into(), &2.into()));
    assert_eq!(project.run(&["check"]).code, 1);
}

#[test]
fn unrelated_edits_do_not_matter() {
    let project = accepted();
    let before = project.read(FILE);
    project.write(POOLS, format!("# a remark\n\n# another\n{}# and one below\n", project.read(POOLS)));
    project.replace(SETS, "title: Widget sets", "title: \"Widget sets, scaled\"");
    project.replace(SETS, "status: provisonal", "status:    provisonal   # why");
    let check = project.json(&["check"]);
    assert_eq!((&check["summary"]["errors"], &check["summary"]["baselined"]), (&0.into(), &2.into()));
    project.printed(0, &["check", "--write-baseline"]);
    assert_eq!(project.read(FILE), before, "the same findings are the same file");
    // Another flaw in the same place is another finding.
    project.replace(SETS, "provisonal", "provisionel");
    assert_eq!(project.run(&["check"]).code, 1);
}

#[test]
fn equal_texts_are_told_apart_by_their_order() {
    let project = Project::changed(POOLS_PROSE, "## Summary\n", "## Summary\n\n[one](nowhere.md)\n");
    project.printed(0, &["check", "--write-baseline"]);
    assert_eq!(entries(&project).len(), 1);
    project.replace(POOLS_PROSE, "## Motivation\n", "## Motivation\n\n[one](nowhere.md)\n");
    let check = project.json(&["check"]);
    assert_eq!(check["summary"]["baselined"], 1);
    assert_eq!(check["findings"].as_array().expect("a list").len(), 2);
}

#[test]
fn fixed_entries_are_printed_and_dropped_on_request() {
    let project = accepted();
    project.replace(POOLS, "status: implementabel", "status: implementable");
    let text = project.printed(0, &["check"]);
    assert!(text.contains("No longer found, but still in the baseline\n"), "{text}");
    assert!(text.contains(&format!("  status-unknown in {POOLS}\n")), "{text}");
    assert!(text.contains("`signoff check --write-baseline` drops them."), "{text}");
    assert_eq!(entries(&project), both(), "a check alone does not write");
    project.printed(0, &["check", "--write-baseline"]);
    assert_eq!(entries(&project), both()[..1]);
    assert!(!project.printed(0, &["check"]).contains("No longer found"));
    project.replace(SETS, "status: provisonal", "status: provisional");
    project.printed(0, &["check", "--write-baseline"]);
    assert_eq!(entries(&project), []);
}

#[test]
fn a_part_never_shrinks_it() {
    let project = accepted();
    project.replace(POOLS, "status: implementabel", "status: implementable");
    project.replace(SETS, "status: provisonal", "status: provisional");
    project.commit("2026-01-01T00:00:00Z");
    let parts: [&[&str]; 5] = [
        &[POOLS],
        &["keps"],
        &["--metadata-only"],
        &["--changed-since", "HEAD"],
        &["keps/sig-node", "--metadata-only"],
    ];
    for part in parts {
        let arguments = [&["check", "--write-baseline"], part].concat();
        project.printed(0, &arguments);
        assert_eq!(entries(&project), both(), "{part:?}");
        assert!(!project.printed(0, &[&["check"], part].concat()).contains("No longer found"), "{part:?}");
    }
    // It may grow.
    project.replace(POOLS, "stage: beta", "stage: betta");
    project.printed(0, &["check", "--write-baseline", POOLS]);
    assert_eq!(entries(&project).len(), 3);
}

#[test]
fn the_file_may_be_elsewhere() {
    let project = Project::changed(POOLS, "status: implementable", "status: implementabel");
    project.printed(0, &["check", "--write-baseline", "--baseline", "accepted.json"]);
    assert!(!project.at(FILE).exists() && project.at("accepted.json").exists());
    assert_eq!(project.run(&["check"]).code, 1);
    project.printed(0, &["check", "--baseline", "accepted.json"]);
    project.write("signoff.toml", "baseline = \"accepted.json\"\n");
    project.printed(0, &["check"]);
    project.printed(0, &["check", "keps/sig-node"]);
}

#[test]
fn a_baseline_that_cannot_be_read_is_2() {
    let project = Project::base();
    for (text, wrong) in [
        ("", "it is not a baseline"),
        ("[]", "it is not a baseline"),
        ("{\"schema\":\"x/2\",\"findings\":[]}", "`x/2`"),
    ] {
        project.write(FILE, text);
        let run = project.run(&["check"]);
        assert!(run.complaint().contains(wrong) && run.err.contains("--write-baseline"), "{text}: {}", run.err);
    }
    let run = project.run(&["check", "--baseline", "nowhere.json"]);
    assert!(
        run.complaint().contains("cannot read the baseline nowhere.json: there is no such file\nname another file")
    );
    project.remove(FILE);
    std::fs::create_dir(project.at(FILE)).expect("a folder");
    assert!(project.run(&["check"]).complaint().contains(FILE));
}

#[test]
fn advice_is_not_recorded() {
    let project =
        Project::changed(POOLS_PROSE, "## Summary\n", "## Summary\n\n<<[UNRESOLVED x]>>\ny\n<<[/UNRESOLVED]>>\n");
    project.write("signoff.toml", "[rules]\nunresolved = \"info\"\n");
    project.printed(0, &["check", "--write-baseline"]);
    assert_eq!(entries(&project), []);
}

/// A repository is somebody else's: its baseline may be anything, and every check reads it.
#[cfg(unix)]
#[test]
fn a_baseline_is_a_regular_file_of_the_repository() {
    let project = accepted();
    project.remove(FILE);
    let pipe = std::process::Command::new("mkfifo").arg(project.at(FILE)).status().expect("mkfifo runs");
    assert!(pipe.success());
    assert!(project.run(&["check"]).complaint().contains("it is not a regular file"));
    assert!(project.run(&["check", "--baseline", FILE]).complaint().contains("it is not a regular file"));
    project.remove(FILE);
    std::os::unix::fs::symlink("/dev/zero", project.at(FILE)).expect("a link");
    assert!(project.run(&["check"]).complaint().contains("symbolic link to `/dev/zero`"));
    project.remove(FILE);
    std::fs::File::create(project.at(FILE)).and_then(|file| file.set_len(1 << 34)).expect("a file with a hole");
    assert!(project.run(&["check"]).complaint().contains("the limit is"));
}
