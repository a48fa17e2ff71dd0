//! The real KEP repository, where its bundle is at hand: every proposal is read, the strangest
//! ones rightly, and the errors are exactly the known ones.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use jiff::Timestamp;
use serde_json::Value;

use crate::past::assert_clean;
use crate::project::{Project, git};

#[test]
fn every_proposal_is_read() {
    let Some(corpus) = corpus() else { return };
    assert_eq!(corpus.shown.len(), 655);
    let without_body: Vec<_> = corpus.shown.values().filter(|shown| shown["body"].is_null()).collect();
    assert!(without_body.is_empty(), "{without_body:?}");
    let unread = [
        "metadata-unreadable",
        "metadata-name",
        "limit-exceeded",
        "key-duplicate",
        "config-invalid",
        "profile-invalid",
    ];
    let unread: Vec<_> =
        corpus.findings.iter().filter(|found| unread.iter().any(|rule| found["rule"] == *rule)).collect();
    assert!(unread.is_empty(), "{unread:?}");
    for shown in corpus.shown.values() {
        assert_eq!(shown["questionnaires"][0]["questions"].as_array().map(Vec::len), Some(25), "{}", shown["path"]);
        assert!(shown["title"].is_string() && shown["status"].is_string(), "{}", shown["path"]);
    }
}

#[test]
fn the_clean_work_tree_is_its_newest_commit() {
    let Some(folder) = work_tree() else { return };
    let now = git(&folder, &[], &["log", "-1", "--format=%cI"]);
    assert_clean(&Project::empty(), &folder.display().to_string(), &now);
}

/// A new error in the real repository is a rule that became wrong, or a reason to bless.
#[test]
fn the_errors_are_the_known_ones() {
    let Some(corpus) = corpus() else { return };
    let errors = corpus.findings.iter().filter(|finding| finding["severity"] == "error");
    let mut lines: Vec<String> = errors
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
            format!("{} {}:{}\n", text("rule"), text("path"), finding["line"])
        })
        .collect();
    lines.sort();
    let found = lines.concat();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/expected/errors.txt");
    if std::env::var_os("SIGNOFF_BLESS").is_some() {
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        std::fs::write(&file, &found).expect("a file");
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_default();
    let list = |text: &str, other: &str| -> String {
        text.lines().filter(|line| !other.lines().any(|one| one == *line)).map(|line| format!("  {line}\n")).collect()
    };
    assert!(
        found == expected,
        "new errors:\n{}gone:\n{}SIGNOFF_BLESS=1 cargo test -p signoff --test cli writes the list",
        list(&found, &expected),
        list(&expected, &found)
    );
}

#[test]
fn the_strangest_proposals_are_judged_rightly() {
    let strangest: Value = toml::from_str(include_str!("expected/strangest.toml")).expect("the file");
    let list = |value: &Value| value.as_array().cloned().expect("a list");
    let files = list(&strangest["file"]);
    let numbers: BTreeSet<u64> = files.iter().filter_map(|file| file["number"].as_u64()).collect();
    assert_eq!(numbers, (1..=25).collect());
    let Some(corpus) = corpus() else { return };
    let mut wrong = Vec::new();
    for file in &files {
        let folder = format!("{}/", file["path"].as_str().expect("a path"));
        let inside = |found: &&Value| found["path"].as_str().is_some_and(|path| path.starts_with(&folder));
        let own: Vec<&Value> = corpus.findings.iter().filter(inside).collect();
        for expected in list(&file["expects"]) {
            let path = format!("{folder}{}", expected["file"].as_str().expect("a file"));
            let same = |found: &Value, key: &str| expected[key].is_null() || found[key] == expected[key];
            let fits = |found: &&Value| {
                found["path"] == *path && ["rule", "severity", "line"].iter().all(|key| same(found, key))
            };
            if !own.iter().any(fits) {
                wrong.push(format!("not found in {folder}: {expected}"));
            }
        }
        let absent = list(&file["absent"]);
        wrong.extend(own.iter().filter(|found| absent.contains(&found["rule"])).map(|found| format!("found: {found}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

struct Corpus {
    /// `signoff.proposal/1` of each proposal, by path.
    shown: BTreeMap<String, Value>,
    /// The findings of a check.
    findings: Vec<Value>,
}

/// Verdicts do not read the future: a clone of then, with the heads of pull requests of then, gives the same ones.
#[test]
fn the_answer_about_a_past_instant_is_that_of_a_clone_of_then() {
    let Some(bundle) = bundle() else { return };
    let whole = clone(&bundle);
    let aside = tempfile::tempdir().expect("a folder");
    let cases: [(&str, &[&[&str]]); 2] = [
        (
            "2026-02-12T12:00:00Z",
            &[
                &["status", "--release", "v1.36", "--checkpoint", "enhancements-freeze"],
                &["why", "5526", "--release", "v1.36", "--checkpoint", "enhancements-freeze"],
                &["todo", "4188", "--release", "v1.37", "--stage", "beta"],
                &["timeline", "1287"],
                &["slipped", "v1.35"],
                &["stale"],
            ],
        ),
        (
            "2026-02-01T12:00:00Z",
            &[
                &["status", "--release", "v1.36", "--checkpoint", "prr-freeze"],
                &["queue", "--approver", "@soltysh", "--release", "v1.36"],
            ],
        ),
    ];
    for (instant, questions) in cases {
        let cut = aside.path().join(&instant[..10]);
        cut_off(&whole, instant.parse().expect("an instant"), &cut);
        for question in questions {
            let asked = |folder: &Path, now: &str| {
                let folder = folder.display().to_string();
                let project = Project::empty();
                let arguments = [&["-C", &folder], *question, &["--at", instant, "--format", "json"]].concat();
                let run = project.run_at(now, &arguments);
                assert_eq!(run.code, 0, "{question:?}: {}", run.err);
                run.out
            };
            let (now, then) = (asked(&whole, "2026-07-24"), asked(&cut, instant));
            assert!(!now.is_empty() && now == then, "{question:?} depends on what came later");
        }
    }
}

/// Makes a bare repository whose main branch and heads of pull requests are what they were at an instant.
fn cut_off(whole: &Path, instant: Timestamp, target: &Path) {
    let then = |revision: &str| {
        let line = git(whole, &[], &["log", "--first-parent", "-2000", "--format=%H %ct", revision]);
        let known = line.lines().filter_map(|line| line.split_once(' '));
        let mut dated = known.map(|(id, at)| (id.to_owned(), at.parse::<i64>().expect("seconds")));
        dated.find(|(_, at)| *at <= instant.as_second()).map(|(id, _)| id)
    };
    let references = git(whole, &[], &["for-each-ref", "--format=%(refname)", "refs/pull"]);
    let heads: Vec<&str> = references.lines().collect();
    assert!(heads.len() > 500, "{} heads of pull requests", heads.len());
    let target_name = target.display().to_string();
    git(whole, &[], &["init", "-q", "--bare", &target_name]);
    let objects = whole.join("objects").canonicalize().expect("a path");
    std::fs::write(target.join("objects/info/alternates"), format!("{}\n", objects.display())).expect("written");
    git(target, &[], &["update-ref", "refs/heads/then", &then("HEAD").expect("a commit")]);
    git(target, &[], &["symbolic-ref", "HEAD", "refs/heads/then"]);
    for head in heads {
        if let Some(id) = then(head) {
            git(target, &[], &["update-ref", head, &id]);
        }
    }
}

/// How many target a release at its enhancements freeze, how many are on track, and the rest by name. A change here is
/// a rule that became wrong, or a reason to make docs/src/past-freezes.md anew.
#[test]
fn the_verdicts_of_past_freezes_are_the_known_ones() {
    let Some(bundle) = bundle() else { return };
    let folder = clone(&bundle).display().to_string();
    let project = Project::empty();
    let cases: [(&str, usize, usize, &[&str]); 4] = [
        ("v1.30", 69, 67, &["4330", "4346"]),
        ("v1.31", 56, 52, &["2589", "2644", "4322", "4580"]),
        ("v1.32", 57, 56, &["4317"]),
        ("v1.33", 78, 77, &["5040"]),
    ];
    for (release, all, tracked, others) in cases {
        let status = project.json(&["-C", &folder, "status", "--release", release, "--at", "enhancements-freeze"]);
        let proposals = status["proposals"].as_array().expect("a list");
        // Those that an exception alone brings in name another release.
        let targets = |found: &&Value| {
            let rules = found["rules"].as_array().expect("a list");
            rules.iter().all(|rule| rule["rule"] != "P2" || rule["result"] == "pass")
        };
        let own: Vec<&Value> = proposals.iter().filter(targets).collect();
        let on_track = |found: &&&Value| found["verdict"] == "tracked";
        let mut rest: Vec<&str> =
            own.iter().filter(|found| !on_track(found)).filter_map(|found| found["proposal"].as_str()).collect();
        rest.sort_unstable();
        assert_eq!((own.len(), own.iter().filter(on_track).count()), (all, tracked), "{release}");
        assert_eq!(rest, others, "{release}");
    }
}

/// The corpus as a bare clone, checked once; nothing where there is no bundle.
#[expect(clippy::print_stderr, reason = "says that it did not run")]
fn corpus() -> Option<&'static Corpus> {
    static CORPUS: OnceLock<Option<Corpus>> = OnceLock::new();
    let read = || {
        let Some(bundle) = bundle() else {
            eprintln!("not run: no enhancements.bundle; SIGNOFF_CORPORA names its folder");
            return None;
        };
        Some(read(&clone(&bundle)))
    };
    CORPUS.get_or_init(read).as_ref()
}

fn read(folder: &Path) -> Corpus {
    let project = Project::empty();
    let folder = folder.display().to_string();
    let place = ["-C", &folder, "--at", "HEAD"];
    let list = |value: Value, key: &str| match value {
        Value::Object(mut object) => match object.remove(key) {
            Some(Value::Array(list)) => list,
            _ => panic!("no {key}"),
        },
        _ => panic!("no object"),
    };
    let shown = list(project.json(&[&place[..], &["show", "--all"]].concat()), "proposals");
    let by_path = |shown: Value| (shown["path"].as_str().expect("a path").to_owned(), shown);
    let findings = list(project.json(&[&place[..], &["check"]].concat()), "findings");
    Corpus { shown: shown.into_iter().map(by_path).collect(), findings }
}

/// The folder of corpora: named by `SIGNOFF_CORPORA`, or beside the workspace.
fn bundle() -> Option<PathBuf> {
    let named = std::env::var_os("SIGNOFF_CORPORA").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"));
    let bundle = folder.join("enhancements.bundle");
    bundle.is_file().then(|| bundle.canonicalize().expect("a path"))
}

/// The corpus as a work tree; nothing where there is no bundle.
#[expect(clippy::print_stderr, reason = "says that it did not run")]
pub fn work_tree() -> Option<PathBuf> {
    let Some(bundle) = bundle() else {
        eprintln!("not run: no enhancements.bundle; SIGNOFF_CORPORA names its folder");
        return None;
    };
    static WORK_TREE: OnceLock<PathBuf> = OnceLock::new();
    let bare = clone(&bundle);
    Some(cloned(&WORK_TREE, "enhancements-work", "keps", &[&bare.display().to_string()]))
}

/// The bundle as a bare clone, with the heads of pull requests.
fn clone(bundle: &Path) -> PathBuf {
    static CLONE: OnceLock<PathBuf> = OnceLock::new();
    cloned(&CLONE, "enhancements-mirror.git", "HEAD", &["--mirror", &bundle.display().to_string()])
}

/// A clone that is kept between runs: made by the first test that asks for it, while the others wait.
fn cloned(place: &OnceLock<PathBuf>, name: &str, sign: &str, arguments: &[&str]) -> PathBuf {
    let made = || {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if !target.join(sign).exists() {
            // Cloned aside and moved, so that a clone that was cut off is not taken for one.
            let aside = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
            git(aside.path(), &[], &[&["clone", "-q"], arguments, &["clone"]].concat());
            std::fs::rename(aside.path().join("clone"), &target).expect("a folder of the same disk");
        }
        target
    };
    place.get_or_init(made).clone()
}
