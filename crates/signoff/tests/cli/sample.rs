//! The sample that comes with the program: what it must show, and the same on disk as embedded.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::project::{Project, brief, copy};

/// What must be found: rule, path, line, and the flagged text or a part of the message.
const SURE: [(&str, &str, u64, &str); 19] = [
    ("relation-unmirrored", "keps/sig-scheduling/140-berth-pinning/kep.yaml", 14, "438"),
    (
        "link-dead",
        "keps/sig-storage/288-hold-encryption-at-sea/README.md",
        84,
        "keps/sig-fleet/571-battery-eviction/README.md",
    ),
    ("approval-stage-missing", "keps/prod-readiness/sig-scheduling/231.yaml", 1, "beta"),
    ("answer-bare", "keps/sig-scheduling/231-tide-window-scheduling/README.md", 229, "`Yes.`"),
    ("answer-placeholder", "keps/sig-scheduling/231-tide-window-scheduling/README.md", 256, "`TBD`"),
    ("question-empty", "keps/sig-scheduling/231-tide-window-scheduling/README.md", 285, "missing metrics"),
    ("question-empty", "keps/sig-scheduling/231-tide-window-scheduling/README.md", 336, "known failure modes"),
    ("question-empty", "keps/sig-scheduling/231-tide-window-scheduling/README.md", 338, "SLOs are not being met"),
    ("handle-malformed", "keps/sig-storage/523-ship-to-shore-replication/kep.yaml", 4, "@freya-holm"),
    ("status-unknown", "keps/sig-storage/523-ship-to-shore-replication/kep.yaml", 8, "implementible"),
    ("date-invalid", "keps/sig-storage/523-ship-to-shore-replication/kep.yaml", 9, "2026-04-07"),
    ("release-unprefixed", "keps/sig-storage/523-ship-to-shore-replication/kep.yaml", 24, "v2.8"),
    ("approval-number", "keps/prod-readiness/sig-storage/523.yaml", 1, "532"),
    ("gate-missing", "keps/sig-network/598-acoustic-modem-lanes/kep.yaml", 1, "AcousticLanes"),
    ("milestone-ahead", "keps/sig-network/598-acoustic-modem-lanes/kep.yaml", 23, "v2.10"),
    ("toc-stale", "keps/sig-network/598-acoustic-modem-lanes/README.md", 12, "Duty cycle"),
    ("template-text-left", "keps/sig-network/598-acoustic-modem-lanes/README.md", 90, "template"),
    ("unresolved", "keps/sig-storage/640-cold-tier-for-holds/README.md", 66, "open debate"),
    ("people-placeholder", "keps/sig-storage/640-cold-tier-for-holds/kep.yaml", 10, "TBD"),
];

/// Rules with a severity that is promised.
const SEVERITIES: [(&str, &str); 4] = [
    ("approval-stage-missing", "error"),
    ("answer-bare", "info"),
    ("status-unknown", "error"),
    ("release-unprefixed", "warning"),
];

/// Proposals in which nobody should find an error or a warning.
const CLEAN: [&str; 11] = [
    "12-vessel-leases",
    "61-static-lanes",
    "88-hold-snapshots",
    "163-manual-priority-bands",
    "205-uplink-failover",
    "344-radio-shell",
    "438-berth-affinity",
    "571-power-budget-eviction",
    "140-berth-pinning",
    "288-hold-encryption-at-sea",
    "640-cold-tier-for-holds",
];

#[test]
fn what_must_be_found_is_found_once() {
    let project = Project::empty();
    let check = project.json(&["check", "--sample"]);
    let findings = check["findings"].as_array().expect("a list");
    for (rule, path, line, text) in SURE {
        let same: Vec<&Value> = findings
            .iter()
            .filter(|finding| finding["rule"] == rule && finding["path"] == path && finding["line"] == line)
            .collect();
        let [finding] = same[..] else { panic!("{rule} at {path}:{line}: {same:?}") };
        assert!(finding["message"].as_str().expect("a text").contains(text), "{finding}");
    }
    for (rule, severity) in SEVERITIES {
        assert!(
            findings.iter().filter(|finding| finding["rule"] == rule).all(|finding| finding["severity"] == severity)
        );
    }
}

/// Every error and warning is one that must be found, or of today's questionnaire in an old document.
#[test]
fn nothing_else_is_wrong() {
    let project = Project::empty();
    let check = project.json(&["check", "--sample"]);
    for finding in check["findings"].as_array().expect("a list") {
        let key = |name: &str| finding[name].as_str().unwrap_or_default();
        let sure = SURE.iter().any(|(rule, path, line, _)| {
            *rule == key("rule") && *path == key("path") && finding["line"].as_u64() == Some(*line)
        });
        let older =
            key("path").contains("118-lane-classes") && ["question-missing", "section-missing"].contains(&key("rule"));
        assert!(sure || older || key("severity") == "info", "{finding}");
        assert!(
            key("severity") == "info" || !CLEAN.iter().any(|name| key("path").contains(name)),
            "in a proposal without flaw: {finding}"
        );
        assert!(
            !(key("rule") == "gate-differs" && key("path").contains("598")),
            "a missing gate is one finding: {finding}"
        );
    }
    assert_eq!(check["summary"]["proposals"], 15);
}

#[test]
fn answers_are_counted() {
    let project = Project::empty();
    let cases = [
        ("12", "answered", 25),
        ("88", "answered", 25),
        ("118", "answered", 23),
        ("205", "answered", 25),
        ("438", "answered", 25),
        ("571", "answered", 12),
        ("571", "empty", 13),
        ("231", "answered", 20),
        ("231", "bare", 1),
        ("231", "placeholder", 1),
        ("231", "empty", 3),
        ("61", "absent", 25),
    ];
    for (id, state, expected) in cases {
        let shown = project.json(&["show", "--sample", id]);
        let questions = shown["questionnaires"][0]["questions"].as_array().expect("a list");
        assert_eq!(questions.iter().filter(|question| question["state"] == state).count(), expected, "{id} {state}");
    }
    for (id, ticked) in [("12", 14), ("88", 9)] {
        let shown = project.json(&["show", "--sample", id]);
        assert_eq!(shown["checklists"][0], serde_json::json!({"id": "release-signoff", "ticked": ticked, "total": 14}));
    }
}

/// The embedded sample, and the same files in a folder and in a git repository.
#[test]
fn the_sample_is_the_same_wherever_it_is() {
    let project = with_history();
    let everywhere: [&[&str]; 3] =
        [&["check", "-v"], &["show", "--all", "--format", "json"], &["list", "--format", "csv"]];
    for arguments in everywhere {
        let embedded = project.run(&[arguments, &["--sample"]].concat());
        assert_ne!(embedded.code, 2, "{arguments:?}: {}", embedded.err);
        for place in [&[][..], &["--at", "HEAD"], &["--at", "2026-12-31"]] {
            let here = project.run(&[arguments, place].concat());
            // Only files of a work tree can be mended.
            let out = here.out.replace("4 can be mended by `signoff check --fix`.\n", "");
            assert_eq!((here.code, &out), (embedded.code, &embedded.out), "{arguments:?} {place:?}");
        }
    }
    assert_eq!(brief(&project.json(&["check"])), brief(&project.json(&["check", "--sample"])));
}

/// The sample's own history: dates, commits, tags, and what changed.
#[test]
fn the_sample_has_a_history() {
    let project = with_history();
    let commands: [&[&str]; 5] = [
        &["list", "--format", "csv"],
        &["check", "--format", "json"],
        &["check", "keps/sig-storage"],
        &["check", "--changed-since", "HEAD~6", "--format", "json"],
        &["show", "231"],
    ];
    for when in ["HEAD~2", "2026-09-01", "2026-09-10T10:05Z", "v2.8", "main^", "@"] {
        for arguments in commands {
            let embedded = project.run(&[&["--sample"], arguments, &["--at", when]].concat());
            let real = project.run(&[arguments, &["--at", when]].concat());
            assert_eq!(
                (embedded.code, &embedded.out),
                (real.code, &real.out),
                "{arguments:?} {when}: {}",
                embedded.err
            );
            assert_ne!(embedded.code, 2, "{arguments:?} {when}: {}", embedded.err);
        }
    }
    let changed = project.json(&["check", "--sample", "--changed-since", "HEAD~1"]);
    assert_eq!((&changed["scope"], &changed["summary"]["proposals"]), (&"partial".into(), &1.into()));
    let run = project.run(&["check", "--sample", "--changed-since", "nope"]);
    assert!(run.complaint().contains("`nope` names no commit"));
}

/// Every place in the sample is that of a text: where the finding ends lies on its line.
#[test]
fn places_are_in_the_text() {
    let project = written();
    let check = project.json(&["check", "--sample"]);
    for finding in check["findings"].as_array().expect("a list") {
        let number = |key: &str| finding[key].as_u64().map(|number| usize::try_from(number).expect("small"));
        let text = project.read(finding["path"].as_str().expect("a path"));
        let lines: Vec<&str> = text.split('\n').collect();
        let place = (number("line"), number("column"), number("end_line"), number("end_column"));
        let (Some(line), Some(column), Some(end_line), Some(end_column)) = place else { panic!("{finding}") };
        assert!((line, column) <= (end_line, end_column), "{finding}");
        let width = |line: usize| lines.get(line - 1).map_or(0, |line| line.chars().count());
        assert!(column <= width(line) + 1 && end_column <= width(end_line) + 1, "{finding}");
        // What a message quotes first is what is marked, where it is text of that line.
        let flagged: String =
            lines[line - 1].chars().skip(column - 1).take(end_column.saturating_sub(column)).collect();
        let expected = match finding["rule"].as_str().expect("a rule") {
            "status-unknown" => "implementible",
            "handle-malformed" => "freya-holm",
            "release-unprefixed" => "2.8",
            "approval-number" => "532",
            "people-placeholder" => "TBD",
            _ => continue,
        };
        assert!(flagged.contains(expected), "{flagged:?} {finding}");
    }
}

/// The sample's last state in a folder.
pub fn written() -> Project {
    let project = Project::empty();
    for commit in commits() {
        replay(&project, &commit);
    }
    project
}

/// The sample as a git repository with its history.
pub fn with_history() -> Project {
    let project = Project::empty();
    for commit in commits() {
        let (date, tags) = replay(&project, &commit);
        project.commit(&date);
        for tag in tags {
            project.git(&["tag", &tag]);
        }
    }
    project
}

fn commits() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../signoff-history/sample/history");
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the sample").map(|entry| entry.expect("an entry").path()).collect();
    found.sort();
    found
}

/// Lays a recorded commit over what is there; its date and its tags.
fn replay(project: &Project, commit: &Path) -> (String, Vec<String>) {
    let record: toml::Table =
        std::fs::read_to_string(commit.join("commit.toml")).expect("a record").parse().expect("TOML");
    for path in record["deleted"].as_array().expect("a list") {
        let path = project.at(path.as_str().expect("a path"));
        std::fs::remove_file(&path).expect("a file");
        // As git does: a folder goes with its last file.
        let _ = std::fs::remove_dir(path.parent().expect("a folder"));
    }
    copy(&commit.join("files"), &project.root());
    let tags = record.get("tags").and_then(toml::Value::as_array).into_iter().flatten();
    let tags = tags.map(|tag| tag.as_str().expect("a tag").to_owned()).collect();
    (record["date"].as_str().expect("a date").to_owned(), tags)
}
