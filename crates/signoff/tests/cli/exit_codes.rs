//! 0: done; 1: a negative answer; 2: could not run, with what to do about it on standard error.

use crate::project::{POOLS, POOLS_PROSE, Project, finish};

#[test]
fn done_is_0() {
    let project = Project::base();
    let done: [&[&str]; 13] = [
        &["check"],
        &["check", "--strict"],
        &["check", "--metadata-only"],
        &["check", "keps/sig-node"],
        &["rule"],
        &["rule", "status-unknown"],
        &["list"],
        &["list", "--where", "stage == 'stable'"],
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
    assert!(finish(command, b"").complaint().contains("SIGNOFF_NOW is `tomorrow`; it must be an instant such as"));
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
