//! 0: done; 1: a negative answer; 2: could not run, with what to do about it on standard error.

use crate::project::{POOLS, POOLS_PROSE, Project, finish};

#[test]
fn done_is_0() {
    let project = Project::base();
    let done: [&[&str]; 15] = [
        &["check"],
        &["check", "--strict"],
        &["check", "--metadata-only"],
        &["check", "keps/sig-node"],
        &["rule"],
        &["rule", "status-unknown"],
        &["list"],
        &["query"],
        &["query", "stuck", "--count"],
        &["list", "--where", "stage == 'stable'", "--quiet"],
        &["show", "1234"],
        &["show", "--all"],
        &["completions", "bash"],
        &["--help"],
        &["check", "--help"],
    ];
    for arguments in done {
        let run = project.run(arguments);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{arguments:?}: {}", run.out);
    }
}

#[test]
fn findings_are_a_negative_answer() {
    let error = Project::changed(POOLS, "status: implementable", "status: implementabel");
    let warning = Project::changed(POOLS, "creation-date: 2025-04-14", "creation-date: 2025-4-14");
    let advice =
        Project::changed(POOLS_PROSE, "## Summary\n", "## Summary\n\n<<[UNRESOLVED x]>>\ny\n<<[/UNRESOLVED]>>\n");
    advice.write("signoff.toml", "[rules]\nunresolved = \"info\"\n");
    let cases: [(&Project, &[&str], i32); 9] = [
        (&error, &["check"], 1),
        (&error, &["check", "--format", "json"], 1),
        (&error, &["check", "--format", "sarif"], 1),
        (&error, &["check", "--format", "github"], 1),
        (&error, &["check", "--format", "junit"], 1),
        (&warning, &["check"], 0),
        (&warning, &["check", "--strict"], 1),
        (&advice, &["check", "--strict"], 0),
        // What a broken proposal says can still be shown and listed.
        (&error, &["show", "1234"], 0),
    ];
    for (project, arguments, code) in cases {
        let run = project.run(arguments);
        assert_eq!((run.code, run.err.as_str()), (code, ""), "{arguments:?}: {}", run.out);
    }
}

#[test]
fn an_unreadable_clock_is_named() {
    let project = Project::base();
    let mut command = project.command(&["check"]);
    command.env("SIGNOFF_NOW", "tomorrow");
    assert!(finish(command, b"").complaint().contains("SIGNOFF_NOW is `tomorrow`\nit must be an instant such as"));
    // An empty one is none, as with other variables.
    let mut command = project.command(&["check"]);
    command.env("SIGNOFF_NOW", "");
    assert_ne!(finish(command, b"").code, 2);
}

#[test]
fn no_repository_is_2_and_a_nearest_parent_is_found() {
    let empty = Project::empty();
    let run = empty.run(&["check"]);
    assert!(run.complaint().contains("looks like a proposals repository") && run.err.contains("-C"), "{}", run.err);
    let run = empty.run(&["-C", ".", "check"]);
    assert!(run.complaint().contains("does not look like a proposals repository"), "{}", run.err);
    let project = Project::base();
    let mut command = project.command(&["list", "--columns", "proposal", "--format", "csv"]);
    command.current_dir(project.at("keps/sig-node/1234-widget-pools"));
    assert_eq!(finish(command, b"").out, "proposal\r\n2345\r\n1234\r\n");
}

/// What happened on the first line, what to do on the second.
#[test]
fn a_complaint_says_what_to_do() {
    let project = Project::base();
    project.commit("2026-01-01T00:00:00Z");
    let cases: [(&[&str], &str, &str); 15] = [
        (&["-C", "NOWHERE", "check"], "there is no folder NOWHERE", "with -C, or try --sample"),
        (&["-C", POOLS, "check"], "is not a folder", "with -C, or try --sample"),
        (&["list", "--where", "foo == 1"], "unknown name `foo`", "there are profile, "),
        (&["list", "--at", "nope"], "`nope` names no commit", "give a date"),
        (&["list", "--at", "2020-01-01"], "nothing at or before 2020-01-02", "ask about a later instant"),
        (&["show", "1243"], "there is no proposal `1243`", "did you mean 1234?"),
        (&["show", "1234-widget-pool"], "there is no proposal", "did you mean 1234-widget-pools?"),
        (&["show", "zzz"], "there is no proposal `zzz`", "name it by number"),
        (&["list", "--columns", "titel"], "there is no column `titel`", "did you mean `title`?"),
        (&["rule", "status-unkown"], "there is no rule `status-unkown`", "did you mean `status-unknown`?"),
        (&["rule", "zzz"], "there is no rule `zzz`", "`signoff rule` lists them all"),
        (&["check", "keps/sig-nod"], "there is no `keps/sig-nod`", "did you mean `keps/sig-node`?"),
        (&["check", "nowhere/at/all"], "there is no `nowhere/at/all`", "paths are relative to"),
        (&["check", "--stdin-path", "x"], "--stdin-path needs `-`", "signoff check - --stdin-path"),
        (&["check", "--changed-since", "nope"], "`nope` names no commit", "give a date"),
    ];
    for (arguments, happened, remedy) in cases {
        let run = project.run(arguments);
        let lines: Vec<&str> = run.complaint().lines().collect();
        assert!(lines[0].contains(happened), "{arguments:?}: {}", run.err);
        assert!(lines.len() == 2 && lines[1].contains(remedy), "{arguments:?}: {}", run.err);
    }
}

/// A reader that goes away, such as `head`, changes neither the exit code nor says anything.
#[test]
fn a_closed_pipe_is_no_error() {
    use std::io::Read as _;
    let project = Project::changed(POOLS, "status: implementable", "status: implementabel");
    // More than a pipe holds.
    project.replace(POOLS_PROSE, "## Summary\n", &format!("## Summary\n\n{}\n", "[one](nowhere.md) ".repeat(3000)));
    let cases: [(&[&str], i32); 6] = [
        (&["check", "-v", "--no-cache"], 1),
        (&["check", "--format", "sarif", "--no-cache"], 1),
        (&["show", "--all", "--format", "json"], 0),
        (&["list", "--format", "csv"], 0),
        (&["completions", "bash"], 0),
        (&["rule", "--format", "json"], 0),
    ];
    for (arguments, code) in cases {
        for first in [0, 1] {
            let mut command = project.command(arguments);
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
            let mut child = command.spawn().expect("the program starts");
            let mut out = child.stdout.take().expect("a pipe");
            out.read_exact(&mut vec![0; first]).expect("some output");
            drop(out);
            let output = child.wait_with_output().expect("the program ends");
            assert_eq!(output.status.code(), Some(code), "{arguments:?} after {first}");
            assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?} after {first}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_2() {
    let project = Project::base();
    let mut command = project.command(&["list"]);
    command.stdout(std::fs::File::create("/dev/full").expect("the device"));
    let output = command.output().expect("the program ends");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("No space left"));
}
