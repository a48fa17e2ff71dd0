//! The kept output of a check: never another answer, only a faster one.

use std::fs;
use std::time::Duration;

use crate::project::{POOLS, Project};

const CHECK: [&str; 3] = ["check", "--format", "json"];

/// Files are quiet after this time, so that a check of them is kept.
fn settle() {
    // Where a file system keeps whole seconds only, this must be longer; nothing here then fails.
    std::thread::sleep(Duration::from_millis(120));
}

fn kept(project: &Project) -> Vec<std::path::PathBuf> {
    let Ok(entries) = fs::read_dir(project.cache().join("checks")) else { return Vec::new() };
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

#[test]
fn a_second_check_gives_the_same_bytes() {
    let project = Project::changed(POOLS, "status: implementable", "status: implementabel");
    settle();
    let uncached = project.printed(1, &[&CHECK[..], &["--no-cache"]].concat());
    assert_eq!(kept(&project).len(), 0, "nothing is kept with --no-cache");
    for _ in 0..3 {
        assert_eq!(project.printed(1, &CHECK), uncached);
    }
    assert_eq!(kept(&project).len(), 1);
}

/// What is kept is what comes out: so it is read, and `--no-cache` does not read it.
#[test]
fn the_kept_output_is_used() {
    let project = Project::base();
    settle();
    let real = project.printed(0, &CHECK);
    let file = kept(&project).pop().expect("an entry");
    let kept = b"from the cache\n\x01";
    let entry = [blake3::hash(kept).as_bytes(), &kept[..]].concat();
    fs::write(&file, &entry).expect("the entry");
    assert_eq!(project.printed(1, &CHECK), "from the cache\n");
    assert_eq!(project.printed(0, &[&CHECK[..], &["--no-cache"]].concat()), real);
    // A torn entry is none, nor is one that something else was written into.
    for torn in [&b""[..], b"\x01", &entry[..20], &entry[..entry.len() - 1], &[&entry[..], b"\0"].concat()] {
        fs::write(&file, torn).expect("the entry");
        assert_eq!(project.printed(0, &CHECK), real);
    }
}

#[test]
fn one_byte_of_the_same_size_is_seen() {
    let project = Project::base();
    settle();
    let clean = project.printed(0, &CHECK);
    assert_eq!(project.printed(0, &CHECK), clean);
    let before = fs::metadata(project.at(POOLS)).expect("a file").modified().expect("a time");
    project.replace(POOLS, "status: implementable", "status: implementabla");
    // Even with its old time.
    let file = fs::File::options().write(true).open(project.at(POOLS)).expect("a file");
    file.set_modified(before).expect("a time");
    drop(file);
    settle();
    for _ in 0..2 {
        assert!(project.printed(1, &CHECK).contains("implementabla"));
    }
    project.replace(POOLS, "status: implementabla", "status: implementable");
    settle();
    assert_eq!(project.printed(0, &CHECK), clean);
}

/// Anything else that the output depends on.
#[test]
fn other_inputs_are_other_entries() {
    let project = Project::changed(POOLS, "creation-date: 2025-04-14", "creation-date: 2025-4-14");
    settle();
    let warned = project.printed(0, &CHECK);
    assert!(warned.contains("\"warnings\":1"), "{warned}");
    assert_eq!(project.run(&[&CHECK[..], &["--strict"]].concat()).code, 1);
    project.write("signoff.toml", "[rules]\ndate-invalid = \"off\"\n");
    settle();
    assert!(project.printed(0, &CHECK).contains("\"warnings\":0"));
    project.remove("signoff.toml");
    settle();
    assert_eq!(project.printed(0, &CHECK), warned);
    // A new file, a renamed one, a link instead of a file.
    project.write("keps/sig-node/1300-new/README.md", "# New\n");
    settle();
    assert!(project.printed(1, &CHECK).contains("1300-new"));
    fs::rename(project.at("keps/sig-node/1300-new"), project.at("keps/sig-node/1301-new")).expect("a folder");
    settle();
    assert!(project.printed(1, &CHECK).contains("1301-new"));
    // Another day, since rules may ask for it.
    let mut command = project.command(&CHECK);
    command.env("SIGNOFF_NOW", "2027-10-12");
    let entries = kept(&project).len();
    assert_eq!(crate::project::finish(command, b"").code, 1);
    assert_eq!(kept(&project).len(), entries + 1);
}

#[test]
fn only_whole_checks_are_kept() {
    let project = Project::base();
    project.commit("2026-01-01T00:00:00Z");
    settle();
    let others: [&[&str]; 5] = [
        &["check", "keps/sig-node"],
        &["check", "--changed-since", "HEAD"],
        &["check", "--at", "HEAD"],
        &["check", "--sample"],
        &["check", "--fix"],
    ];
    for arguments in others {
        assert_ne!(project.run(arguments).code, 2, "{arguments:?}");
        assert_eq!(kept(&project).len(), 0, "{arguments:?}");
    }
}

#[test]
fn a_cache_that_cannot_be_written_is_no_failure() {
    let project = Project::base();
    settle();
    let mut command = project.command(&CHECK);
    command.env("SIGNOFF_CACHE_DIR", project.at("OWNERS_ALIASES"));
    let run = crate::project::finish(command, b"");
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert_eq!(project.files(), Project::base().files(), "a check writes nothing into the repository");
}
