//! Names and values of strangers: whatever stands in them, a terminal and a log get none of it raw.

use crate::project::{POOLS, Project, Run};

/// Steers a terminal, begins a workflow command on a line of its own, turns the reading direction, and ends a line.
const EVIL: &str = "\u{1b}]0;x\u{7}\r\n::error::y\u{202e}z\u{9b}2J\u{7f}";

/// The characters that must not come out, line feeds aside.
fn raw(text: &str) -> Vec<char> {
    let steers = |character: &char| {
        (character.is_control() && *character != '\n')
            || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().filter(steers).collect()
}

/// Looks at both streams of a run; `\r\n` ends the lines of CSV.
fn assert_tame(run: &Run, what: &[&str]) {
    let out = if what.contains(&"csv") { run.out.replace("\r\n", "\n") } else { run.out.clone() };
    for text in [&out, &run.err] {
        assert_eq!(raw(text), [], "{what:?}: {text:?}");
        let command = text.lines().find(|line| line.starts_with("::error::y"));
        assert_eq!(command, None, "{what:?}: {text:?}");
    }
}

/// Every way to print something of this repository.
fn assert_all_tame(project: &Project, commands: &[&[&str]]) {
    for arguments in commands {
        let run = project.run(arguments);
        assert!(run.code <= 2, "{arguments:?}: {}", run.code);
        assert!(!run.out.is_empty() || !run.err.is_empty(), "{arguments:?}");
        assert_tame(&run, arguments);
    }
}

const EVERYTHING: [&[&str]; 20] = [
    &["check", "-v", "--no-cache"],
    &["check", "-v", "--color", "never", "--strict"],
    &["check", "--format", "json"],
    &["check", "--format", "sarif"],
    &["check", "--format", "github", "-v"],
    &["check", "--format", "junit"],
    &["list", "--columns", "proposal,title,group,status,stage,authors,gates,milestones,path"],
    &["list", "--format", "csv", "--columns", "proposal,title,group,status,stage,authors,gates,milestones,path"],
    &["list", "--format", "json", "--columns", "proposal,title,group,status,stage,authors,gates,milestones,path"],
    &["show", "--all"],
    &["show", "--all", "--format", "json"],
    &["search", "zebra"],
    &["search", "zebra", "--format", "json"],
    &["search", "group:nowhere"],
    &["search", "release:nowhere"],
    &["show", "7777"],
    &["show", "keps/sig-node/7777"],
    &["check", "keps/sig-node/7777"],
    &["check", "--at", "HEAD", "--format", "github"],
    &["list", "--at", "HEAD"],
];

#[test]
fn values_never_steer_a_terminal() {
    let project = Project::base();
    let quoted = EVIL.escape_debug().to_string().replace("\\u{", "\\U{").replace("\\'", "'");
    // YAML writes such characters with eight digits.
    let quoted: String = quoted
        .split("\\U{")
        .enumerate()
        .map(|(index, part)| match part.split_once('}') {
            Some((digits, rest)) if index > 0 => format!("\\U{digits:0>8}{rest}"),
            _ => part.to_owned(),
        })
        .collect();
    let metadata = format!(
        "title: \"{quoted}\"\nkep-number: \"7777 {quoted}\"\nauthors: [\"@{quoted}\"]\nowning-sig: \"{quoted}\"\n\
         status: \"{quoted}\"\nstage: \"{quoted}\"\nlatest-milestone: \"v1.{quoted}\"\nsee-also: [\"/keps/{quoted}\"]\n\
         milestone: {{alpha: \"{quoted}\"}}\nfeature-gates: [{{name: \"{quoted}\", components: [\"{quoted}\"]}}]\n\
         \"{quoted}\": 1\nmetrics: [\"{quoted}\"]\ncreation-date: \"{quoted}\"\n"
    );
    project.write("keps/sig-node/7778-odd/kep.yaml", metadata);
    let prose =
        format!("# KEP-7778: {EVIL}\n\n## {EVIL}\n\nzebra {EVIL} zebra [a](no{EVIL}where.md) ![b](x\u{1b}.png)\n");
    project.write("keps/sig-node/7778-odd/README.md", prose);
    project.write("signoff.toml", "[rules]\n\"a\\u001B[31m\\n::error::y\" = \"off\"\n");
    project.commit("2026-01-01T00:00:00Z");
    assert_all_tame(&project, &EVERYTHING);
    assert!(project.run(&["check", "--format", "json"]).out.contains("\\u001b"), "what stands there is still said");
}

/// As in a repository that was made to be opened by others.
#[cfg(target_os = "linux")]
#[test]
fn names_of_files_never_steer_a_terminal() {
    let project = Project::base();
    let name = EVIL.replace('/', "");
    let folder = format!("keps/sig-node/7777-{name}");
    project.write(&format!("{folder}/kep.yaml"), "kep-number: 7777\ntitle: zebra\nstatus: a\n");
    project.write(&format!("{folder}/README.md"), "# zebra\n\n## zebra\n\n[x](nowhere.md)\n");
    project.write(&format!("{folder}b/kep.yaml"), "kep-number: 7777\ntitle: zebra\nstatus: a\n");
    project.write(&format!("keps/sig-{name}/7779-x/kep.yaml"), "kep-number: 7779\n");
    project.write(&format!("keps/prod-readiness/sig-node/{name}.yaml"), "alpha: 1\n");
    project.commit("2026-01-01T00:00:00Z");
    assert_all_tame(&project, &EVERYTHING);
    // Names in complaints: of a proposal, of a path, of a file that cannot be replaced, of an argument.
    let (near, path) = (format!("7777-{name}x"), format!("{folder}x"));
    let option = format!("--{name}");
    for arguments in [&["show", &near][..], &["check", &path], &["check", &option], &["search", &near]] {
        assert_tame(&project.run(arguments), arguments);
    }
    let odd_root = project.root().join(&name);
    std::fs::create_dir(&odd_root).expect("a folder");
    assert_tame(&project.run(&["-C", &name, "check"]), &["-C", "check"]);
    project.write("signoff.toml", "profile = \"a\\u001B\\n::error::y\"\nbaseline = \"b\\u001B\\n::error::y\"\n");
    assert_all_tame(&project, &[&["check"], &["check", "--format", "github"]]);
    std::fs::create_dir(project.at("b\u{1b}\n::error::y")).expect("a folder");
    assert_tame(&project.run(&["check"]), &["a baseline that is a folder"]);
}

/// Two names that are not Unicode may look the same: each is still read, on disk and in git alike.
#[cfg(target_os = "linux")]
#[test]
fn names_that_look_the_same_hide_nothing() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let project = Project::base();
    for (name, status) in [(&b"77-a\xFF"[..], "first"), (b"77-a\xFE", "second"), ("77-a\u{fffd}".as_bytes(), "third")] {
        let folder = project.root().join("keps/sig-node").join(OsStr::from_bytes(name));
        std::fs::create_dir(&folder).expect("a folder");
        std::fs::write(folder.join("kep.yaml"), format!("kep-number: 77\nstatus: {status}\n")).expect("a file");
    }
    let list = |at: &[&str]| {
        let listed = ["list", "--where", "proposal == '77'", "--columns", "path,status", "--format", "csv"];
        project.printed(0, &[&listed[..], at].concat())
    };
    let expected = "path,status\r\nkeps/sig-node/77-a\u{fffd},third\r\nkeps/sig-node/77-a\u{fffd}2,second\r\n\
                    keps/sig-node/77-a\u{fffd}3,first\r\n";
    assert_eq!(list(&[]), expected);
    assert_eq!(project.json(&["search", "77"])["total"], 3);
    project.commit("2026-01-01T00:00:00Z");
    assert_eq!(list(&["--at", "HEAD"]), expected);
    assert_eq!(project.findings(&[]), project.findings(&["--at", "HEAD"]));
}

/// A folder is not listed anew for each odd name in it: with thousands of them that would take minutes.
#[cfg(target_os = "linux")]
#[test]
fn thousands_of_odd_names_are_found() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let project = Project::base();
    for number in 0..5000 {
        let name = [b"77-\xFF".as_slice(), number.to_string().as_bytes()].concat();
        let folder = project.root().join("keps/sig-node").join(OsStr::from_bytes(&name));
        std::fs::create_dir(&folder).expect("a folder");
        std::fs::write(folder.join("kep.yaml"), "kep-number: 77\nstatus: x\n").expect("a file");
    }
    let found = project.findings(&["--metadata-only"]);
    assert_eq!(found.iter().filter(|finding| finding.starts_with("status-unknown ")).count(), 5000);
}

/// Names that differ in letter case alone are two names where the system tells them apart, and one where it does not.
#[test]
fn names_that_differ_in_case_alone() {
    let project = Project::base();
    project.write("keps/sig-node/1234-widget-pools/KEP.yaml", "kep-number: 1\nstatus: shouted\n");
    project.write("keps/sig-node/1234-widget-pools/Readme.md", "# Other\n");
    project.write("keps/SIG-NODE/1234-Widget-Pools/kep.yaml", "kep-number: 1234\nstatus: shouted\n");
    let tells_apart = !project.read(POOLS).contains("shouted");
    let run = project.run(&["check", "--format", "json"]);
    assert!(run.code == 1 && run.err.is_empty(), "{}", run.err);
    let found = crate::project::brief(&run.json());
    if tells_apart {
        assert!(!found.iter().any(|finding| finding.contains("/1234-widget-pools/README.md")), "{found:?}");
        assert!(found.iter().any(|finding| finding.starts_with("number-duplicate ")), "{found:?}");
        assert_eq!(project.json(&["show", "keps/sig-node/1234-widget-pools"])["status"], "implementable");
        assert_eq!(project.json(&["show", "keps/SIG-NODE/1234-Widget-Pools"])["status"], "shouted");
    }
}
