//! Commits that no work tree could hold: the same folder again and again, names that are none. They are made of git's
//! own objects, as anybody can push them.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::project::Project;

/// A tree object of these entries; its id.
fn tree(project: &Project, entries: &[(&str, &[u8], &str)]) -> String {
    let mut bytes = Vec::new();
    for (mode, name, id) in entries {
        bytes.extend_from_slice(format!("{mode} ").as_bytes());
        bytes.extend_from_slice(name);
        bytes.push(0);
        let digit = |at: usize| u8::from_str_radix(&id[at..at + 2], 16).expect("an id");
        bytes.extend((0..id.len()).step_by(2).map(digit));
    }
    object(project, "tree", &bytes)
}

fn object(project: &Project, kind: &str, bytes: &[u8]) -> String {
    let mut git = Command::new("git");
    git.current_dir(project.root()).args(["hash-object", "--literally", "-w", "--stdin", "-t", kind]);
    let mut child = git.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("git is installed");
    child.stdin.take().expect("a pipe").write_all(bytes).expect("git reads");
    let output = child.wait_with_output().expect("git ends");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("an id").trim().to_owned()
}

/// Commits a tree; its name.
fn commit(project: &Project, tree: &str) -> String {
    let id = project.git(&["commit-tree", tree, "-p", "HEAD", "-m", "odd"]);
    project.git(&["update-ref", "refs/heads/odd", &id]);
    "odd".to_owned()
}

/// A few objects that name billions of files.
#[test]
fn a_commit_of_billions_of_files_is_refused() {
    let project = Project::base();
    project.commit("2026-01-01T00:00:00Z");
    let file = object(&project, "blob", b"x");
    let names: Vec<String> = (0..5000).map(|index| format!("{index:04}")).collect();
    let mut inner = tree(&project, &names.iter().map(|name| ("100644", name.as_bytes(), &*file)).collect::<Vec<_>>());
    for _ in 0..3 {
        inner = tree(&project, &names.iter().map(|name| ("40000", name.as_bytes(), &*inner)).collect::<Vec<_>>());
    }
    for folder in ["keps", "elsewhere"] {
        let mut entries = vec![("40000", folder.as_bytes(), &*inner)];
        let keps = project.git(&["rev-parse", "HEAD:keps"]);
        if folder != "keps" {
            entries.push(("40000", b"keps", &keps));
        }
        let odd = commit(&project, &tree(&project, &entries));
        let check = project.run(&["check", "--at", &odd, "--format", "json"]);
        assert_eq!(check.code, 1, "{}", check.err);
        assert_eq!(crate::project::brief(&check.json()), ["limit-exceeded keps"]);
    }
    for arguments in [&["list"][..], &["search", "x"], &["show", "1234"], &["check", "--changed-since", "main"]] {
        let run = project.run(&[arguments, &["--at", "odd"]].concat());
        assert!(run.complaint().contains("more than 2000000 files and folders"), "{arguments:?}: {}", run.err);
    }
}

/// Names that no system has: they lead nowhere, and hide nothing.
#[test]
fn names_that_are_none_are_left_out() {
    let project = Project::base();
    project.commit("2026-01-01T00:00:00Z");
    let metadata = object(&project, "blob", b"kep-number: 1300\nstatus: first\n");
    let other = object(&project, "blob", b"kep-number: 1300\nstatus: second\n");
    let pools = project.git(&["rev-parse", "HEAD:keps/sig-node/1234-widget-pools"]);
    let proposal = tree(&project, &[("100644", b"kep.yaml", &metadata), ("100644", b"kep.yaml", &other)]);
    let group = tree(
        &project,
        &[
            ("40000", b"", &proposal),
            ("40000", b".", &proposal),
            ("40000", b"..", &proposal),
            ("40000", b".git", &proposal),
            ("40000", b"1234-widget-pools", &pools),
            ("40000", b"1300-twice", &proposal),
            ("40000", b"1300-twice", &proposal),
            ("40000", b"1301-a/1302-b", &proposal),
        ],
    );
    let keps = tree(&project, &[("40000", b"sig-node", &group)]);
    let odd = commit(&project, &tree(&project, &[("40000", b"keps", &keps)]));
    let listed = project.printed(0, &["list", "--at", &odd, "--columns", "path,status", "--format", "csv"]);
    let expected = "path,status\r\nkeps/sig-node/1234-widget-pools,implementable\r\nkeps/sig-node/1300-twice,first\r\n";
    assert_eq!(listed, expected);
    assert_eq!(project.run(&["check", "--at", &odd]).code, 1);
    assert_eq!(project.json(&["search", "--at", &odd, "1300"])["total"], 1);
}
