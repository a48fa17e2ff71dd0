//! `shipped`, `slipped`, `stale`, `stats` and `sweep`: what the history of the sample and of small repositories tells.

use std::process::Command;

use serde_json::Value;

use crate::corpora;
use crate::project::{POOLS, Project, finish};

/// After the release of v2.8 of the sample, and before what v2.9 brings is settled.
const NOW: &str = "2026-10-12T09:00:00Z";

fn sample(arguments: &[&str]) -> Value {
    let project = Project::empty();
    let arguments = [&["--sample"], arguments, &["--format", "json"]].concat();
    let run = project.run_at(NOW, &arguments);
    assert_eq!(run.code, 0, "{arguments:?}: {}", run.err);
    run.json()
}

/// Some fields of each proposal.
fn rows<'v>(found: &'v Value, fields: &[&str]) -> Vec<Vec<&'v str>> {
    let proposals = found["proposals"].as_array().expect("a list");
    let text = |row: &'v Value, field: &&str| row[*field].as_str().unwrap_or("-");
    proposals.iter().map(|row| fields.iter().map(|field| text(row, field)).collect()).collect()
}

#[test]
fn a_release_of_the_sample() {
    let shipped = sample(&["shipped", "v2.8"]);
    assert_eq!(shipped["schema"], "signoff.shipped/1");
    assert_eq!((&shipped["settled"], &shipped["out_day"]), (&"2026-05-13T12:00:00Z".into(), &"2026-07-22".into()));
    assert_eq!(
        rows(&shipped, &["proposal", "stage", "planned", "claimed", "code"]),
        [
            ["571", "alpha", "yes", "no", "unknown"],
            ["438", "beta", "yes", "yes", "unknown"],
            ["523", "alpha", "yes", "unknown", "unknown"],
            ["88", "stable", "yes", "yes", "unknown"],
        ]
    );
    assert_eq!(sample(&["shipped"])["release"], "v2.8", "the newest that is out");
    let slipped = sample(&["slipped", "v2.8"]);
    assert_eq!(rows(&slipped, &["proposal", "fate", "to"]), [["571", "later", "v2.9"]]);
    assert_eq!((&slipped["planned_total"], &slipped["proposals"][0]["by"]), (&4.into(), &1.into()));
}

#[test]
fn what_the_sample_leaves_alone() {
    let stale = sample(&["stale"]);
    assert_eq!(
        rows(&stale, &["proposal", "kind", "status"]),
        [["88", "unmarked", "implementable"], ["118", "stuck", "implementable"]]
    );
    let change = &stale["proposals"][0]["change"];
    assert_eq!(change["path"], "keps/sig-storage/88-hold-snapshots/kep.yaml");
    assert_eq!((&change["line"], &change["to"]), (&8.into(), &"implemented".into()));
    let narrowed = [
        (&["--kind", "stuck"][..], 1),
        (&["--kind", "stuck,unmarked"][..], 2),
        (&["--kind", "dormant"][..], 0),
        (&["--group", "sig-storage"][..], 1),
        (&["--group", "sig-storage,sig-network"][..], 2),
    ];
    for (options, expected) in narrowed {
        let found = sample(&[&["stale"], options].concat());
        assert_eq!(found["proposals"].as_array().map(Vec::len), Some(expected), "{options:?}");
    }
}

#[test]
fn figures_of_the_sample() {
    let stats = sample(&["stats"]);
    assert_eq!((&stats["schema"], &stats["proposals"]), (&"signoff.stats/1".into(), &15.into()));
    let lateness = &stats["lateness"][0];
    assert_eq!(
        (&lateness["release"], &lateness["targeting"], &lateness["ready"], &lateness["late"]),
        (&"v2.8".into(), &4.into(), &2.into(), &0.into())
    );
    let one = sample(&["stats", "--release", "v2.8"]);
    assert_eq!(one["releases"].as_array().map(Vec::len), Some(1));
    let by = sample(&["stats", "--by", "group"]);
    assert_eq!(by["breakdown"]["by"], "group");
    let later = sample(&["stats", "--since", "2026-06-01"]);
    assert!(later["acceptance"]["created"].as_u64() < stats["acceptance"]["created"].as_u64());
}

#[test]
fn every_form_of_every_answer_is_written() {
    let project = Project::empty();
    let commands: [(&[&str], &[&str]); 6] = [
        (&["shipped"], &["human", "csv"]),
        (&["slipped"], &["human", "csv"]),
        (&["stale"], &["human", "csv"]),
        (&["stats"], &["human", "csv"]),
        (&["stats", "--by", "approver"], &["human", "csv"]),
        (&["sweep"], &["human"]),
    ];
    for (command, formats) in commands {
        for format in formats {
            let run = project.run_at(NOW, &[&["--sample"], command, &["--format", format]].concat());
            assert_eq!(run.code, 0, "{command:?} {format}: {}", run.err);
            assert!(run.out.lines().count() > 1, "{command:?} {format}: {}", run.out);
        }
    }
}

#[test]
fn what_a_past_state_tells_does_not_know_the_future() {
    // On the day before the sweep that moved it, 571 had not slipped.
    let slipped = sample(&["slipped", "v2.8", "--at", "2026-07-23T00:00Z"]);
    assert_eq!(rows(&slipped, &["proposal"]), [] as [Vec<&str>; 0]);
    let shipped = sample(&["shipped", "v2.8", "--at", "2026-05-01T00:00Z"]);
    assert!(rows(&shipped, &["planned"]).iter().all(|row| row == &["unknown"]), "{shipped}");
}

/// A project whose proposal became stable in v1.36, and does not say so.
fn stable() -> Project {
    let project = Project::base();
    project.replace(POOLS, "stage: beta", "stage: stable");
    project.replace(POOLS, "stable: \"v1.38\"", "stable: \"v1.36\"");
    project.replace(POOLS, "beta: \"v1.36\"", "beta: \"v1.35\"");
    project.commit("2026-01-15T10:00:00Z");
    project
}

#[test]
fn the_patch_is_applied_by_git_and_changes_no_other_byte() {
    type Change<'c> = &'c dyn Fn(&Project);
    let odd_end = |project: &Project| {
        let text = project.read(POOLS).replace('\n', "\r\n");
        project.write(POOLS, text.trim_end());
    };
    let cases: [(&str, Change<'_>); 3] = [
        ("as it is", &|_| {}),
        ("carriage returns, and no end of the last line", &odd_end),
        ("a byte order mark", &|project| project.write(POOLS, format!("\u{feff}{}", project.read(POOLS)))),
    ];
    for (name, change) in cases {
        let project = stable();
        change(&project);
        project.commit("2026-01-16T10:00:00Z");
        let before = project.bytes(POOLS);
        let patch = project.printed(0, &["sweep", "--release", "v1.36", "--patch"]);
        assert!(patch.starts_with(&format!("--- a/{POOLS}\n+++ b/{POOLS}\n@@ ")), "{name}: {patch}");
        let mut git = Command::new("git");
        git.args(["apply", "--whitespace=nowarn", "-"]).current_dir(project.root());
        let applied = finish(git, patch.as_bytes());
        assert_eq!(applied.code, 0, "{name}: {}\n{patch}", applied.err);
        let expected = String::from_utf8(before).expect("text").replacen("implementable", "implemented", 1);
        assert_eq!(project.bytes(POOLS), expected.as_bytes(), "{name}");
        assert_eq!(project.printed(0, &["sweep", "--release", "v1.36", "--patch"]), "", "{name}: nothing is left");
    }
}

#[test]
fn the_patch_of_a_folder_inside_a_repository_is_applied_there() {
    let project = Project::empty();
    let inner = stable();
    for (path, bytes) in inner.files().into_iter().filter(|(path, _)| !path.starts_with(".git/")) {
        project.write(&format!("docs/{path}"), bytes);
    }
    project.commit("2026-01-15T10:00:00Z");
    let patch = project.printed(0, &["-C", "docs", "sweep", "--release", "v1.36", "--patch"]);
    let mut git = Command::new("git");
    git.args(["apply", "-"]).current_dir(project.at("docs"));
    let applied = finish(git, patch.as_bytes());
    assert_eq!(applied.code, 0, "{}\n{patch}", applied.err);
    assert!(project.read(&format!("docs/{POOLS}")).contains("status: implemented"));
}

#[test]
fn the_sweep_is_a_script_that_runs_only_its_commands() {
    let project = stable();
    let script = project.printed(0, &["sweep", "--release", "v1.36"]);
    let commands: Vec<&str> = script.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert_eq!(commands.len(), 3, "{script}");
    assert!(commands.iter().all(|line| line.starts_with("gh issue ") && line.contains(" 1234 ")), "{script}");
    assert!(script.contains(&format!("{POOLS}:10: implementable -> implemented")), "{script}");
}

#[test]
fn a_release_that_is_not_out_is_not_swept() {
    let project = stable();
    let run = project.run_at("2026-03-01", &["sweep", "--release", "v1.36"]);
    assert!(run.complaint().contains("v1.36 is not out: it is planned for 2026-04-22"), "{}", run.err);
}

#[test]
fn without_a_history_the_error_says_so() {
    let project = Project::base();
    for command in ["shipped", "slipped", "stale", "stats", "sweep"] {
        let run = project.run(&[command]);
        assert!(run.complaint().contains("what happened cannot be told"), "{command}: {}", run.err);
    }
}

#[test]
fn a_shallow_clone_says_from_when_on_it_knows() {
    let project = stable();
    project.replace(POOLS, "title: Widget pools on the node", "title: Widget pools");
    project.commit("2026-06-01T10:00:00Z");
    let clone = Project::empty();
    let address = format!("file://{}", project.root().display());
    clone.git(&["clone", "-q", "--depth", "1", &address, "."]);
    let shipped = clone.json(&["shipped", "v1.36"]);
    assert_eq!(shipped["known_from"]["at"], "2026-06-01T10:00:00Z", "{shipped}");
    assert!(shipped["known_from"]["reason"].as_str().is_some_and(|reason| reason.contains("--unshallow")));
    assert_eq!(rows(&shipped, &["proposal", "planned", "claimed"]), [["1234", "unknown", "yes"]]);
    let slipped = clone.run(&["slipped", "v1.36"]);
    assert_eq!(slipped.code, 2, "{}", slipped.out);
}

#[test]
fn mistakes_are_told() {
    let project = stable();
    let cases: [(&[&str], &str); 5] = [
        (&["shipped", "next"], "a release is written like v1.36"),
        (&["slipped", "v1.99"], "what was planned for v1.99 is not settled yet, or no calendar says when"),
        (&["stale", "--group", "sig-nod"], "did you mean `sig-node`?"),
        (&["stale", "--kind", "stock"], "'stuck'"),
        (&["stats", "--since", "yesterday"], "write it like 2026-02-12"),
    ];
    for (arguments, expected) in cases {
        let run = project.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.contains(expected), "{arguments:?}: {}", run.err);
    }
}

/// The real repository, up to its newest commit: figures that were counted apart from this program as well.
#[test]
fn the_real_history_is_counted_rightly() {
    let Some(folder) = corpora::work_tree() else { return };
    let project = Project::empty();
    let folder = folder.display().to_string();
    let ask = |arguments: &[&str]| {
        let place = ["-C", &folder, "--at", "HEAD"];
        let run = project.run_at("2026-07-24", &[&place, arguments, &["--format", "json"]].concat());
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.err);
        run.json()
    };
    let stats = ask(&["stats"]);
    let lateness = stats["lateness"].as_array().expect("a list");
    let count = |row: &Value, key: &str| row[key].as_u64().expect("a number");
    let targeting: Vec<u64> = lateness.iter().map(|row| count(row, "targeting")).collect();
    assert_eq!(targeting, [56, 58, 69, 56, 57, 78, 72, 79, 87, 89]);
    for row in lateness {
        let late = count(row, "late") * 100 / count(row, "ready");
        assert!((50..=75).contains(&late), "{row}");
    }
    // 65 are at the last stage and still accepted; the milestone of 17 of them is v1.37, which is to come.
    let stale = ask(&["stale"]);
    assert_eq!(stale["counts"]["unmarked"], 48);
    let shipped = ask(&["shipped", "v1.36"]);
    let summary = &shipped["summary"];
    assert_eq!((&summary["planned"], &summary["unmarked"]), (&87.into(), &6.into()), "{summary}");
    let slipped = ask(&["slipped", "v1.36"]);
    let moved: Vec<&str> = rows(&slipped, &["proposal"]).concat();
    assert_eq!(moved, ["5647", "3541", "3926", "5681", "2371", "4817", "5554", "5758"]);
}
