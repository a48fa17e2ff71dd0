//! What a check looks at: paths, companions, what changed, standard input, metadata alone.

use crate::project::{POOLS, POOLS_PROSE, POOLS_RECORD, Project, SETS, finish};

/// The base with a flaw in each proposal.
fn flawed() -> Project {
    let project = Project::changed(POOLS, "creation-date: 2025-04-14", "creation-date: 2025-4-14");
    project.replace(SETS, "creation-date: 2025-09-01", "creation-date: 2025-9-1");
    project
}

const POOLS_FLAW: &str = "date-invalid keps/sig-node/1234-widget-pools/kep.yaml:11";
const SETS_FLAW: &str = "date-invalid keps/sig-apps/2345-widget-sets/kep.yaml:8";

#[test]
fn a_path_is_its_proposal() {
    let project = flawed();
    let absolute = project.at(POOLS).display().to_string();
    let cases: [(&[&str], &[&str]); 17] = [
        (&[], &[SETS_FLAW, POOLS_FLAW]),
        (&["."], &[SETS_FLAW, POOLS_FLAW]),
        (&["keps"], &[SETS_FLAW, POOLS_FLAW]),
        (&["keps/sig-node"], &[POOLS_FLAW]),
        (&["keps/sig-node/"], &[POOLS_FLAW]),
        (&["./keps/sig-node"], &[POOLS_FLAW]),
        (&["keps/sig-node/1234-widget-pools"], &[POOLS_FLAW]),
        (&[POOLS], &[POOLS_FLAW]),
        (&[POOLS_PROSE], &[POOLS_FLAW]),
        (&["keps/sig-node/1234-widget-pools/OWNERS"], &[POOLS_FLAW]),
        (&[&absolute], &[POOLS_FLAW]),
        (&[SETS], &[SETS_FLAW]),
        (&[POOLS, SETS], &[SETS_FLAW, POOLS_FLAW]),
        (&[POOLS, POOLS], &[POOLS_FLAW]),
        // What belongs to no proposal has nothing to check: a hook names every file of a change.
        (&["OWNERS_ALIASES"], &[]),
        (&["keps/README.md"], &[]),
        (&["keps/prod-readiness/OWNERS"], &[]),
    ];
    for (paths, expected) in cases {
        assert_eq!(project.findings(paths), expected, "{paths:?}");
    }
}

/// Rules that need every file are not run on a part, and the output says so.
#[test]
fn a_part_says_what_was_not_run() {
    let project = flawed();
    project.write("keps/sig-apps/1234-twin/kep.yaml", "kep-number: 1234\n");
    let twice = "number-duplicate keps/sig-node/1234-widget-pools/kep.yaml:2".to_owned();
    let full = project.json(&["check"]);
    assert_eq!((&full["scope"], &full["rules_skipped"]), (&"full".into(), &serde_json::json!([])));
    assert!(project.findings(&[]).contains(&twice));
    let part = project.json(&["check", POOLS]);
    assert_eq!(part["scope"], "partial");
    let skipped = part["rules_skipped"].as_array().expect("a list");
    assert!(skipped.contains(&"number-duplicate".into()) && skipped.contains(&"approval-orphan".into()), "{skipped:?}");
    assert!(!project.findings(&[POOLS]).contains(&twice));
    assert_eq!(part["summary"]["proposals"], 1);
    let text = project.printed(0, &["check", POOLS]);
    assert!(text.contains("Not run, since only a part was read: ") && text.contains("number-duplicate"), "{text}");
}

/// What a proposal names is read with it, one step far; names of all others come from their folders.
#[test]
fn a_part_knows_what_it_names() {
    let project = Project::changed(POOLS, "replaces: []", "replaces:\n  - \"/keps/sig-apps/2345-widget-sets\"");
    let whole = project.findings(&[]);
    let part = project.findings(&[POOLS]);
    assert!(part.iter().any(|finding| finding.starts_with("relation-unmirrored")), "{part:?}");
    assert_eq!(part, whole);
    project.replace(POOLS, "/keps/sig-apps/2345-widget-sets", "/keps/sig-apps/2346-nowhere");
    let part = project.findings(&[POOLS]);
    assert!(part.iter().any(|finding| finding.starts_with("reference-dead")), "{part:?}");
}

/// A part finds in it what the whole finds in it.
#[test]
fn a_part_agrees_with_the_whole() {
    let project = crate::sample::written();
    let whole = project.json(&["check"]);
    let findings = whole["findings"].as_array().expect("a list");
    for path in ["keps/sig-storage", "keps/sig-scheduling", "keps/sig-network", "keps/sig-fleet"] {
        let part = project.json(&["check", path]);
        let skipped = part["rules_skipped"].as_array().expect("a list");
        let group = path.rsplit('/').next().expect("a name");
        let expected: Vec<_> = findings
            .iter()
            .filter(|finding| finding["path"].as_str().is_some_and(|path| path.contains(&format!("/{group}/"))))
            .filter(|finding| !skipped.contains(&finding["rule"]))
            .collect();
        assert_eq!(part["findings"].as_array().expect("a list").iter().collect::<Vec<_>>(), expected, "{path}");
    }
}

#[test]
fn paths_are_relative_to_the_current_folder() {
    let project = flawed();
    let check = |folder: &str, path: &str| {
        let mut command = project.command(&["check", path, "--format", "json"]);
        command.current_dir(project.at(folder));
        crate::project::brief(&finish(command, b"").json())
    };
    assert_eq!(check("keps/sig-node", "."), [POOLS_FLAW]);
    assert_eq!(check("keps/sig-node/1234-widget-pools", "kep.yaml"), [POOLS_FLAW]);
    assert_eq!(check("keps/sig-node/1234-widget-pools", "../../sig-apps"), [SETS_FLAW]);
    assert_eq!(check("keps/sig-node", SETS), [SETS_FLAW], "else to the repository's root");
    let mut command = project.command(&["-C", "../..", "check", "1234-widget-pools", "--format", "json"]);
    command.current_dir(project.at("keps/sig-node"));
    assert_eq!(crate::project::brief(&finish(command, b"").json()), [POOLS_FLAW]);
}

#[test]
fn what_changed_since_a_revision() {
    let project = flawed();
    let first = project.commit("2026-01-01T00:00:00Z");
    let since = |revision: &str| project.findings(&["--changed-since", revision]);
    assert_eq!(since("HEAD"), [""; 0]);
    // Modified, not committed.
    project.replace(POOLS_PROSE, "## Summary\n", "## Summary\n\nMore.\n");
    assert_eq!(since("HEAD"), [POOLS_FLAW]);
    // Committed on a branch, compared with the merge base.
    project.git(&["checkout", "-q", "-b", "topic"]);
    project.commit("2026-01-02T00:00:00Z");
    assert_eq!(since("main"), [POOLS_FLAW]);
    assert_eq!(since(&first), [POOLS_FLAW]);
    assert_eq!(since("HEAD"), [""; 0]);
    // New, known to git or not.
    project.write("keps/sig-apps/3456-new/kep.yaml", "kep-number: 3456\n");
    assert!(since("HEAD").iter().any(|finding| finding.contains("3456-new")));
    // Deleted: the proposal that lost the file.
    project.commit("2026-01-03T00:00:00Z");
    project.remove("keps/sig-apps/2345-widget-sets/README.md");
    let found = since("HEAD");
    assert!(found.contains(&SETS_FLAW.to_owned()) && found.iter().any(|found| found.starts_with("body-missing")));
    // A record that changed or went is its proposal.
    project.commit("2026-01-04T00:00:00Z");
    project.replace(POOLS_RECORD, "kep-number: 1234", "kep-number: 1243");
    assert!(since("HEAD").contains(&format!("approval-number {POOLS_RECORD}:2")), "{:?}", since("HEAD"));
    project.remove(POOLS_RECORD);
    assert!(since("HEAD").iter().any(|found| found.starts_with("approval-missing")), "{:?}", since("HEAD"));
    // A whole proposal that is gone is nobody's.
    project.commit("2026-01-05T00:00:00Z");
    std::fs::remove_dir_all(project.at("keps/sig-apps/3456-new")).expect("a folder");
    assert_eq!(since("HEAD"), [""; 0]);
    let json = project.json(&["check", "--changed-since", "HEAD"]);
    assert_eq!((&json["scope"], &json["summary"]["proposals"]), (&"partial".into(), &0.into()));
    let unknown = project.run(&["check", "--changed-since", "nowhere"]);
    assert!(unknown.complaint().contains("`nowhere` names no commit"));
}

/// A proposals repository may be a folder of a larger one.
#[test]
fn what_changed_below_a_folder() {
    let outer = Project::empty();
    for (path, bytes) in flawed().files() {
        outer.write(&format!("docs/{path}"), bytes);
    }
    outer.write("docs-of-others/keps/x", "");
    outer.commit("2026-01-01T00:00:00Z");
    outer.replace(&format!("docs/{POOLS_PROSE}"), "## Summary\n", "## Summary\n\nMore.\n");
    outer.write("docs-of-others/keps/x", "y");
    let check = outer.json(&["-C", "docs", "check", "--changed-since", "HEAD"]);
    assert_eq!(crate::project::brief(&check), [POOLS_FLAW]);
    let past = outer.json(&["-C", "docs", "check", "--at", "HEAD"]);
    assert_eq!(crate::project::brief(&past), [SETS_FLAW, POOLS_FLAW]);
}

#[test]
fn metadata_alone() {
    let project = flawed();
    project.replace(POOLS_PROSE, "## Summary\n", "## Summary\n\n<<[UNRESOLVED x]>>\ny\n<<[/UNRESOLVED]>>\n");
    project.replace(POOLS_RECORD, "kep-number: 1234", "kep-number: 1243");
    let found = project.findings(&["--metadata-only"]);
    assert_eq!(found, [format!("approval-number {POOLS_RECORD}:2"), SETS_FLAW.to_owned(), POOLS_FLAW.to_owned()]);
    let json = project.json(&["check", "--metadata-only"]);
    assert_eq!((&json["scope"], &json["summary"]["proposals"]), (&"metadata".into(), &2.into()));
    assert_eq!(project.findings(&["--metadata-only", SETS]), [SETS_FLAW]);
}

/// A name that is not Unicode hides neither its file nor another one; on disk and in git alike.
#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_unicode_are_read() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let project = Project::base();
    let place = |path: &[u8]| project.root().join(OsStr::from_bytes(path));
    let write = |path: &[u8], text: &str| {
        std::fs::create_dir_all(place(path).parent().expect("a folder")).expect("a folder");
        std::fs::write(place(path), text).expect("a file");
    };
    write(b"keps/sig-node/77-b\xFFd/kep.yaml", "kep-number: 77\nstatus: a\n");
    write(b"keps/sig-\xFE/78-bad/kep.yaml", "kep-number: 78\nstatus: b\n");
    write(b"keps/sig-node/1234-widget-pools/im\xFFge.png", "");
    write(b"keps/prod-readiness/sig-node/8\xFF.yaml", "kep-number: 8\n");
    write(b"\xFF.txt", "");
    project.replace(SETS, "creation-date: 2025-09-01", "creation-date: 2025-9-1");
    let found = project.findings(&[]);
    for expected in [
        "status-unknown keps/sig-node/77-b\u{fffd}d/kep.yaml:2",
        "status-unknown keps/sig-\u{fffd}/78-bad/kep.yaml:2",
        SETS_FLAW,
    ] {
        assert!(found.iter().any(|finding| finding == expected), "{expected}: {found:?}");
    }
    assert!(
        found.iter().any(|finding| finding.starts_with("approval-orphan keps/prod-readiness/sig-node/8\u{fffd}.yaml"))
    );
    assert_eq!(project.json(&["show", "77"])["status"], "a");
    let mut part = project.command(&["check", "--format", "json"]);
    part.arg(OsStr::from_bytes(b"keps/sig-\xFE/78-bad"));
    let part = crate::project::brief(&finish(part, b"").json());
    assert!(part.contains(&"status-unknown keps/sig-\u{fffd}/78-bad/kep.yaml:2".to_owned()), "{part:?}");
    project.commit("2026-01-01T00:00:00Z");
    assert_eq!(project.findings(&["--at", "HEAD"]), found);
    write(b"keps/sig-\xFE/78-bad/kep.yaml", "kep-number: 78\nstatus: c\n");
    let changed = project.findings(&["--changed-since", "HEAD"]);
    assert!(
        changed.iter().any(|finding| finding.starts_with("status-unknown keps/sig-\u{fffd}/78-bad")),
        "{changed:?}"
    );
}

/// A folder that cannot be listed may hold proposals: that is no clean check. Here its path is longer than the
/// system takes, which stops the superuser as well.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_listed_is_a_finding() {
    let project = flawed();
    let name = "n".repeat(250);
    std::fs::create_dir(project.at("keps/sig-node/deep")).expect("a folder");
    let mut folder = project.at("keps/sig-node/deep");
    // Folders are moved into each other, since none can be made by a path that is too long.
    let inner = project.root().join("../inner");
    std::fs::create_dir_all(&inner).expect("a folder");
    for _ in 0..15 {
        folder = folder.join(&name);
        std::fs::create_dir(&folder).expect("a folder");
    }
    let short = inner.join(&name).join(&name).join(&name);
    std::fs::create_dir_all(short).expect("a folder");
    std::fs::rename(inner.join(&name), folder.join("m")).expect("a folder");
    let check = project.json(&["check"]);
    let findings = check["findings"].as_array().expect("a list");
    let unlisted: Vec<_> = findings.iter().filter(|finding| finding["rule"] == "metadata-unreadable").collect();
    let [finding] = unlisted[..] else { panic!("{check:#}") };
    assert!(finding["message"].as_str().expect("a text").starts_with("the folder cannot be listed"), "{finding}");
    assert_eq!((&finding["line"], &finding["severity"]), (&serde_json::Value::Null, &"error".into()));
    assert!(crate::project::brief(&check).contains(&POOLS_FLAW.to_owned()), "nothing else is hidden");
}

/// A record that stands in for its file is checked with its proposal; one of no proposal is a finding.
#[test]
fn a_record_is_checked_with_its_proposal() {
    let project = Project::base();
    let check = |path: &str, text: &str| {
        let command = project.command(&["check", "-", "--stdin-path", path, "--format", "json"]);
        crate::project::brief(&finish(command, text.as_bytes()).json())
    };
    let record = project.read(POOLS_RECORD);
    assert_eq!(check(POOLS_RECORD, &record), [""; 0]);
    let wrong = record.replace("kep-number: 1234", "kep-number: 1243");
    assert_eq!(check(POOLS_RECORD, &wrong), [format!("approval-number {POOLS_RECORD}:2")]);
    assert_eq!(check(POOLS_RECORD, ""), project_with(POOLS_RECORD, "").findings(&[POOLS_RECORD]));
    // The same where the file is not there yet, and for a path from the current folder.
    let project = Project::base();
    project.remove(POOLS_RECORD);
    let command = |folder: &str, path: &str| {
        let mut command = project.command(&["check", "-", "--stdin-path", path, "--format", "json"]);
        command.current_dir(project.at(folder));
        crate::project::brief(&finish(command, wrong.as_bytes()).json())
    };
    for (folder, path) in [
        ("", POOLS_RECORD),
        ("keps/prod-readiness", "sig-node/1234.yaml"),
        ("keps/sig-node", "../prod-readiness/sig-node/1234.yaml"),
    ] {
        assert_eq!(command(folder, path), [format!("approval-number {POOLS_RECORD}:2")], "{folder} {path}");
    }
    // On disk.
    project.write(POOLS_RECORD, &wrong);
    assert_eq!(project.findings(&[POOLS_RECORD]), [format!("approval-number {POOLS_RECORD}:2")]);
    // One of no proposal needs a look at all of them.
    let orphan = "keps/prod-readiness/sig-node/4321.yaml";
    assert_eq!(command("", orphan), [""; 0]);
    project.write(orphan, &record);
    let part = project.json(&["check", orphan]);
    assert!(part["rules_skipped"].as_array().expect("a list").contains(&"approval-orphan".into()));
    assert!(project.findings(&[]).contains(&format!("approval-orphan {orphan}:1")));
}

fn project_with(path: &str, text: &str) -> Project {
    let project = Project::base();
    project.write(path, text);
    project
}

/// A file that is not there yet is found by its path, from the current folder and from the root.
#[test]
fn standard_input_stands_for_a_new_file() {
    let project = Project::base();
    let check = |folder: &str, path: &str| {
        let mut command = project.command(&["check", "-", "--stdin-path", path, "--format", "json"]);
        command.current_dir(project.at(folder));
        finish(command, b"kep-number: 5555\nstatus: x\n")
    };
    let expected = "status-unknown keps/sig-node/5555-new/kep.yaml:2".to_owned();
    for (folder, path) in [
        ("", "keps/sig-node/5555-new/kep.yaml"),
        ("", "./keps/sig-node/../sig-node/5555-new/kep.yaml"),
        ("keps/sig-node", "5555-new/kep.yaml"),
        ("keps/sig-apps", "../sig-node/5555-new/kep.yaml"),
        ("keps/sig-apps", "keps/sig-node/5555-new/kep.yaml"),
    ] {
        let found = crate::project::brief(&check(folder, path).json());
        assert!(found.contains(&expected), "{folder} {path}: {found:?}");
    }
    let absolute = project.at("keps/sig-node/5555-new/kep.yaml").display().to_string();
    assert!(crate::project::brief(&check("", &absolute).json()).contains(&expected));
    for outside in ["../x.yaml", "/etc/passwd", "keps/../../x"] {
        let run = check("", outside);
        assert!(run.complaint().contains("outside the repository"), "{outside}: {}", run.err);
    }
}

/// Such a name separates folders on other systems, so nothing below it can be read.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_with_a_backslash_in_its_name_is_a_finding() {
    let project = Project::base();
    let folder = "keps/sig-node/9999-a\\b";
    project.write(&format!("{folder}/kep.yaml"), "title: x\n");
    let told = format!("metadata-unreadable {folder}:0");
    for arguments in [&[][..], &["keps/sig-node"]] {
        let found = project.findings(arguments);
        assert!(found.iter().any(|finding| finding.starts_with(told.trim_end_matches(":0"))), "{found:?}");
    }
    assert_eq!(project.run(&["check"]).code, 1);
}
