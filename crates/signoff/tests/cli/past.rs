//! `--at`: the state at a date, an instant or a revision.

use crate::project::{POOLS, Project, SETS};

/// Two states: on 2 January 1234 is clean, on 5 January it has an error.
fn two_states() -> (Project, String, String) {
    let project = Project::base();
    let first = project.commit("2026-01-02T10:00:00Z");
    project.replace(POOLS, "status: implementable", "status: implementabel");
    let second = project.commit("2026-01-05T10:00:00Z");
    project.git(&["tag", "later"]);
    project.git(&["update-ref", "refs/pull/7/head", &first]);
    // The files as they are: an error more.
    project.replace(SETS, "status: provisional", "status: provisonal");
    (project, first, second)
}

#[test]
fn dates_instants_and_revisions() {
    let (project, first, second) = two_states();
    let errors = |when: &[&str]| project.json(&[&["check"], when].concat())["summary"]["errors"].clone();
    assert_eq!(errors(&[]), 2);
    let cases = [
        ("HEAD", 1),
        ("HEAD~1", 0),
        ("main", 1),
        ("later", 1),
        ("refs/pull/7/head", 0),
        (&first, 0),
        (&second[..10], 1),
        ("2026-01-02T10:00Z", 0),
        ("2026-01-05T09:59:59Z", 0),
        ("2026-01-05T10:00:00Z", 1),
        ("2026-01-05T12:00+02:00", 1),
        ("2026-01-05T11:59+02:00", 0),
        // The end of a day anywhere on Earth is noon UTC of the next one.
        ("2026-01-03", 0),
        ("2026-01-04", 1),
        ("2026-01-01", 0),
        ("2026-07-01", 1),
    ];
    for (when, expected) in cases {
        assert_eq!(errors(&["--at", when]), expected, "{when}");
    }
}

#[test]
fn every_reading_command_takes_it() {
    let (project, first, _) = two_states();
    assert_eq!(project.json(&["show", "1234", "--at", &first])["status"], "implementable");
    assert_eq!(project.json(&["show", "1234", "--at", "later"])["status"], "implementabel");
    assert_eq!(project.json(&["list", "--at", &first])["proposals"][1]["status"], "implementable");
    assert_eq!(project.json(&["show", "--all", "--at", "later"])["proposals"][1]["status"], "implementabel");
    assert_eq!(project.json(&["check", SETS, "--at", "HEAD"])["summary"]["errors"], 0);
    assert_eq!(project.json(&["check", "--metadata-only", "--at", "HEAD"])["summary"]["errors"], 1);
}

#[test]
fn the_git_directory_of_a_checkout_stands_for_its_commits() {
    let (project, first, _) = two_states();
    let status = |place: &str| project.json(&["-C", place, "show", "1234", "--at", &first])["status"].clone();
    assert_eq!(status(".git"), status("."));
}

#[test]
fn what_is_not_in_the_history_says_what_to_do() {
    let (project, ..) = two_states();
    let cases = [
        ("2025-12-30", "the history begins on 2026-01-02"),
        ("nonsense", "give a date"),
        ("2026-02-30", "give a date"),
        ("HEAD~7", "give a date"),
        ("", "give a date"),
        (
            "v1.36:code-freze",
            "v1.36 has no checkpoint `code-freze`; did you mean `code-freeze`?\nits checkpoints are start, ",
        ),
        ("v1.20:code-freeze", "v1.20 has no date for code-freeze\n`signoff calendar --all` lists"),
        ("nonsense:code-freeze", "give a date"),
    ];
    for (when, remedy) in cases {
        let run = project.run(&["check", "--at", when]);
        assert!(run.complaint().contains(remedy), "{when}: {}", run.err);
    }
    for arguments in [&["check", "--fix"][..], &["check", "--write-baseline"]] {
        let run = project.run(&[arguments, &["--at", "HEAD"]].concat());
        assert!(run.complaint().contains("leave --at and --sample out"), "{arguments:?}: {}", run.err);
    }
}

/// Every command that reads, of a repository that has no files of its own.
#[test]
fn a_bare_repository_is_read_at_a_state() {
    let (project, first, _) = two_states();
    project.git(&["clone", "-q", "--bare", "--mirror", ".", "../bare.git"]);
    let bare = project.root().join("../bare.git").display().to_string();
    let commands: [&[&str]; 8] = [
        &["check", "--format", "json"],
        &["check", "keps/sig-node", "--format", "json"],
        &["check", "--metadata-only"],
        &["check", "--changed-since", "HEAD~1", "--format", "json"],
        &["list"],
        &["show", "1234"],
        &["show", "--all", "--format", "json"],
        &["rule", "status-unknown"],
    ];
    for when in ["HEAD", "2026-01-03", "refs/pull/7/head", &first] {
        for arguments in commands {
            let here = project.run(&[arguments, &["--at", when]].concat());
            let there = project.run(&[&["-C", &bare], arguments, &["--at", when]].concat());
            assert_ne!(here.code, 2, "{arguments:?} {when}: {}", here.err);
            assert_eq!((there.code, there.out), (here.code, here.out), "{arguments:?} {when}: {}", there.err);
            let mut inside = project.command(&[arguments, &["--at", when]].concat());
            inside.current_dir(&bare);
            assert_eq!(crate::project::finish(inside, b"").code, here.code, "{arguments:?} {when}");
        }
    }
    for arguments in [&["-C", &bare, "list"][..], &["-C", &bare, "check"]] {
        let run = project.run(arguments);
        assert!(
            run.complaint().contains("is a bare git repository") && run.err.contains("\nsay which state to read"),
            "{}",
            run.err
        );
    }
}

/// What changed between a revision and a state, without any file on disk.
#[test]
fn what_changed_until_a_state() {
    let (project, first, second) = two_states();
    let changed = |when: &str, since: &str| project.findings(&["--at", when, "--changed-since", since]);
    assert_eq!(changed("HEAD", &first), [format!("status-unknown {POOLS}:10")]);
    assert_eq!(changed(&first, &second), [""; 0], "where they parted is the earlier one");
    assert_eq!(changed("HEAD", "HEAD"), [""; 0]);
    let run = project.run(&["check", "--at", "HEAD", "--changed-since", "nope"]);
    assert!(run.complaint().contains("`nope` names no commit"));
}

/// Configuration and baseline are those of that time, too.
#[test]
fn the_settings_are_of_that_time() {
    let (project, ..) = two_states();
    project.write("signoff.toml", "[rules]\nstatus-unknown = \"warning\"\n");
    project.commit("2026-01-06T10:00:00Z");
    project.remove("signoff.toml");
    assert_eq!(project.json(&["check", "--at", "HEAD"])["summary"]["errors"], 0);
    assert_eq!(project.json(&["check", "--at", "HEAD"])["summary"]["warnings"], 2);
    assert_eq!(project.json(&["check", "--at", "HEAD~1"])["summary"]["errors"], 1);
    project.printed(0, &["check", "--write-baseline"]);
    project.commit("2026-01-07T10:00:00Z");
    project.remove("signoff-baseline.json");
    assert_eq!(project.json(&["check", "--at", "HEAD"])["summary"]["baselined"], 2);
}

/// What is read of the files as they are, and of the newest commit, where nothing is uncommitted.
pub fn assert_clean(project: &Project, folder: &str, now: &str) {
    for command in [
        &["check", "--no-cache", "--format", "json"][..],
        &["check", "--metadata-only", "--no-cache", "--format", "json"],
        &["show", "--all", "--format", "json"],
        &["list", "--format", "csv"],
        &["export", "--format", "json"],
        &["query", "--group-by", "group,status", "--count", "--format", "csv"],
    ] {
        let read = |at: &[&str]| project.run_at(now, &[&["-C", folder], command, at].concat());
        let (files, newest) = (read(&[]), read(&["--at", "HEAD"]));
        assert!(files.code < 2 && !files.out.is_empty(), "{command:?}: {}", files.err);
        assert!(files.out == newest.out && files.code == newest.code, "{command:?} differs");
    }
}

#[test]
fn a_clean_work_tree_is_the_newest_commit() {
    let project = Project::base();
    project.write("keps/sig-node/9-broken/kep.yaml", "title: [\nstatus: {\n");
    project.write("keps/sig-node/9-broken/README.MD", "# Broken\n\n[dead](../nowhere.md)\n");
    project.write("keps/sig-node/10-ö/KEP.yaml", b"title: \xff\n");
    project.write("keps/sig-apps/2345-widget-sets/inside/kep.yaml", "title: x\n");
    project.write("keps/prod-readiness/sig-node/99.yaml", "kep-number: 99\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink("../1234-widget-pools", project.at("keps/sig-node/11-link")).expect("a link");
    let now = "2026-01-02T10:00:00Z";
    project.commit(now);
    assert_clean(&project, &project.root().display().to_string(), now);
}
