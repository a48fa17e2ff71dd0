//! `export`: to standard output, into a file, whole or not at all.

use serde_json::Value;

use crate::corpora;
use crate::project::Project;

#[test]
fn a_file_holds_what_standard_output_says() {
    let project = Project::base();
    for format in ["keps-json", "json", "csv", "sqlite"] {
        let printed = project.run(&["export", "--format", format]);
        assert_eq!((printed.code, printed.err.as_str()), (0, ""), "{format}");
        assert!(!printed.bytes.is_empty());
        let run = project.run(&["export", "--format", format, "--output", "exported"]);
        assert_eq!((run.code, run.out.as_str()), (0, ""), "{format}: {}", run.err);
        assert_eq!(project.bytes("exported"), printed.bytes, "{format}");
    }
    assert!(project.bytes("exported").starts_with(b"SQLite format 3\0"));
    assert_eq!(project.json(&["export"])["schema"], "signoff.proposals/1");
    assert_eq!(project.json(&["export"]), project.json(&["show", "--all"]));
}

/// A link leads to the file that is written, and nothing but a file is replaced.
#[cfg(unix)]
#[test]
fn only_files_are_replaced() {
    let project = Project::base();
    project.write("real.csv", "old");
    std::os::unix::fs::symlink("real.csv", project.at("link.csv")).expect("a link");
    let printed = project.printed(0, &["export", "--format", "csv", "--output", "-"]);
    project.printed(0, &["export", "--format", "csv", "--output", "link.csv"]);
    assert_eq!(project.read("real.csv"), printed);
    assert!(project.at("link.csv").is_symlink() && !project.at("-").exists());
    std::fs::create_dir(project.at("folder")).expect("a folder");
    let pipe = project.at("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    for name in ["folder", "pipe"] {
        let run = project.run(&["export", "--format", "csv", "--output", name]);
        assert_eq!(run.code, 2, "{name}");
        assert!(run.err.contains("is no file that can be replaced"), "{}", run.err);
    }
    assert!(!pipe.is_file() && pipe.exists());
}

#[test]
fn what_cannot_be_written_is_said() {
    let project = Project::base();
    let cases: [(&[&str], &str); 3] = [
        (&["export"], "--format"),
        (&["export", "--format", "xml"], "possible values: keps-json, json, csv, sqlite"),
        (&["export", "--format", "csv", "--output", "no/such/folder/x.csv"], "cannot write in "),
    ];
    for (arguments, expected) in cases {
        let run = project.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.contains(expected), "{arguments:?}: {}", run.err);
    }
}

/// A record of the real manifest, whole, and the number of them.
#[test]
fn the_manifest_of_real_proposals() {
    let Some(folder) = corpora::work_tree() else { return };
    let project = Project::empty();
    let run = project.run(&["-C", folder.to_str().expect("a path of text"), "export", "--format", "keps-json"]);
    let records: Value = serde_json::from_str(&run.out).expect("JSON");
    let records = records.as_array().expect("an array");
    assert_eq!(records.len(), 655);
    let of = |number: &str| records.iter().find(|record| record["kepNumber"] == number).expect("a record");
    let expected = serde_json::json!({
        "id": "", "name": "4603-tune-crashloopbackoff", "path": "keps/sig-node/4603-tune-crashloopbackoff",
        "title": "Tune Crashloop Backoff", "kepNumber": "4603", "authors": ["@lauralorenz"], "owningSig": "sig-node",
        "participatingSigs": null, "reviewers": ["@tallclair"], "approvers": ["dchen1107"], "editor": "",
        "creationDate": "2024-04-29", "lastUpdated": "", "status": "implementable",
        "seeAlso": ["/keps/sig-node/5593-configure-the-max-crashloopbackoff-delay"], "replaces": null, "supersededBy": null,
        "stage": "alpha", "latestMilestone": "v1.33",
        "milestone": {"alpha": "v1.32", "beta": "", "stable": "", "deprecated": "", "removed": "", "disabled": ""},
        "featureGates": [{"name": "ReduceDefaultCrashLoopBackoffDecay", "components": ["kubelet"]}],
        "disableSupported": true, "metrics": null, "markdown": ""
    });
    assert_eq!(of("4603"), &expected);
}
