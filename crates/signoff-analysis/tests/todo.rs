//! What is left to do for a proposal, on the base proposals with some text replaced.

#![allow(clippy::disallowed_methods, reason = "tests read the base proposals")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use signoff_analysis::profiles;
use signoff_analysis::signoff::Beside;
use signoff_analysis::signoff::todo::{Goal, Todo, Wish, goal, todo};
use signoff_model::corpus::{self, Request};
use signoff_model::edit;
use signoff_model::memo::Memo;
use signoff_model::profile::Prepared;
use signoff_model::{Corpus, MemoryTree, Release};

const POOLS: &str = "keps/sig-node/1234-widget-pools/kep.yaml";
const PROSE: &str = "keps/sig-node/1234-widget-pools/README.md";
const RECORD: &str = "keps/prod-readiness/sig-node/1234.yaml";
/// Two weeks before the enhancements freeze of v1.37.
const INSTANT: &str = "2026-06-03T12:00:00Z";

/// A text of a file, and what comes instead.
type Replaced = (&'static str, &'static str, &'static str);

fn instant() -> Timestamp {
    INSTANT.parse().expect("an instant")
}

fn release(text: &str) -> Release {
    Release::parse(text).expect("a release")
}

fn corpus(replaced: &[Replaced]) -> Corpus {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/base"));
    let mut tree = MemoryTree::default();
    fill(&root, &root, &mut tree);
    for (path, from, to) in replaced {
        let text = String::from_utf8(signoff_model::Tree::read(&tree, path).expect("a file")).expect("text");
        assert!(text.contains(from), "{path} does not contain {from:?}");
        tree.insert(*path, text.replacen(from, to, 1).into_bytes());
    }
    let mut prepared = Prepared::new(profiles::load("kep").expect("the profile"));
    prepared.set_today("2026-06-03".parse().expect("a day"));
    let request = Request { prepared: Arc::new(prepared), paths: None, prose: true, as_of: instant() };
    corpus::load(&tree, &request, &Memo::default())
}

fn fill(root: &Path, folder: &Path, tree: &mut MemoryTree) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            fill(root, &path, tree);
        } else {
            let name = path.strip_prefix(root).expect("below").to_string_lossy().replace('\\', "/");
            tree.insert(name, std::fs::read(&path).expect("a file"));
        }
    }
}

fn goal_of(corpus: &Corpus, wanted: Option<&str>, stage: Option<&str>) -> Goal {
    let proposal = corpus.find("1234")[0];
    goal(&corpus.prepared, proposal, wanted.map(release), stage, instant()).expect("a goal")
}

fn with<T>(corpus: &Corpus, goal: &Goal, approver: Option<&str>, look: impl Fn(&Todo<'_>) -> T) -> T {
    let wish = Wish { goal, instant: instant(), waivers: &[], approver, beside: Beside::default() };
    look(&todo(corpus, corpus.find("1234")[0], &wish))
}

/// The items in files, each as `rule kind field-or-what`.
fn items(replaced: &[Replaced], wanted: &str, stage: &str) -> Vec<String> {
    let corpus = corpus(replaced);
    let goal = goal_of(&corpus, Some(wanted), Some(stage));
    with(&corpus, &goal, None, |todo| {
        let in_files = todo.items.iter().filter(|item| !item.remedy.path.is_empty() && !item.weak);
        in_files
            .map(|item| {
                let what = item.remedy.field.as_deref().or(item.question).unwrap_or(&item.remedy.what);
                format!("{} {} {what}", item.rule, item.remedy.work.word())
            })
            .collect()
    })
}

#[test]
fn a_goal_needs_what_the_files_do_not_say_yet() {
    let stable = [
        "P1 metadata stage",
        "P2 metadata latest-milestone",
        "P3 metadata milestone.stable",
        "P4 companion stable.approver",
        "release-signoff section add what happened: the history names neither v1.37 nor stage `stable`, where the \
         metadata is",
    ];
    assert_eq!(items(&[], "v1.37", "stable"), stable);
    let cases: [(&[Replaced], &str, &[&str]); 7] = [
        (&[(POOLS, "latest-milestone: \"v1.36\"", "latest-milestone: v1.37")], "beta", &[]),
        (
            &[(POOLS, "status: implementable", "status: provisional")],
            "beta",
            &["P2 metadata latest-milestone", "P3 metadata milestone.beta", "E2 metadata status"],
        ),
        (
            &[(RECORD, "  approver: \"@QuinnPRR\"", "  approver: \"@nobody\"")],
            "beta",
            &["P2 metadata latest-milestone", "P3 metadata milestone.beta", "P5 companion beta.approver"],
        ),
        (
            &[(PROSE, "### Version Skew Strategy", "### Something Else")],
            "beta",
            &[
                "P2 metadata latest-milestone",
                "P3 metadata milestone.beta",
                "E3 section add a section `Version Skew Strategy`",
            ],
        ),
        (
            &[(PROSE, "###### What specific metrics should inform a rollback?", "")],
            "beta",
            &["P2 metadata latest-milestone", "P3 metadata milestone.beta", "P6 question rollback-metrics"],
        ),
        (
            &[(PROSE, "- [x] (R) Design details documented", "- [ ] (R) Design details are appropriately documented")],
            "beta",
            &[
                "P2 metadata latest-milestone",
                "P3 metadata milestone.beta",
                "release-signoff checklist tick `(R) Design details are appropriately documented`: as far as the \
                 files tell, it is so",
            ],
        ),
        // What was worked on in beta after the release of beta has reached it.
        (&[(POOLS, "beta: \"v1.36\"", "beta: \"v1.35\"")], "beta", &["P2 metadata latest-milestone"]),
    ];
    for (replaced, stage, expected) in cases {
        assert_eq!(items(replaced, "v1.37", stage), expected, "{replaced:?}");
    }
}

#[test]
fn without_a_calendar_things_come_in_the_order_of_the_process() {
    let corpus = corpus(&[]);
    let goal = goal_of(&corpus, Some("v1.97"), Some("stable"));
    with(&corpus, &goal, None, |todo| {
        assert!(todo.items.iter().all(|item| item.deadline.is_none()));
        let mut checkpoints: Vec<&str> = todo.items.iter().map(|item| item.checkpoint).collect();
        checkpoints.dedup();
        let process = [
            "prr-freeze",
            "enhancements-freeze",
            "docs-placeholder",
            "code-freeze",
            "docs-ready",
            "docs-freeze",
            "release",
        ];
        assert_eq!(checkpoints, process);
    });
}

#[test]
fn items_are_sorted_by_deadline_and_none_comes_twice() {
    let corpus = corpus(&[]);
    let goal = goal_of(&corpus, Some("v1.37"), Some("stable"));
    with(&corpus, &goal, None, |todo| {
        let keys: Vec<_> = todo.items.iter().map(|item| (item.deadline, item.remedy.work, item.weak)).collect();
        assert!(keys.is_sorted(), "{keys:?}");
        assert!(keys.iter().all(|(deadline, ..)| *deadline > Some(instant())));
        let mut whats: Vec<_> = todo.items.iter().map(|item| (&item.remedy.path, &item.remedy.what)).collect();
        whats.sort();
        let count = whats.len();
        whats.dedup();
        assert_eq!(whats.len(), count);
        let finished = todo.items.iter().find(|item| item.rule == "R1").expect("the end");
        assert_eq!(finished.remedy.work.word(), "code", "what depends on the code is not to be set now");
    });
}

#[test]
fn what_is_assumed_where_nothing_is_said() {
    type Case = (&'static [Replaced], Option<&'static str>, &'static str, Option<&'static str>);
    let cases: [Case; 5] = [
        // v1.36 is out: v1.37 is worked on, and beta was reached.
        (&[], None, "v1.37", Some("stable")),
        (&[(POOLS, "latest-milestone: \"v1.36\"", "latest-milestone: \"v1.38\"")], None, "v1.38", Some("beta")),
        (&[], Some("v1.36"), "v1.36", Some("beta")),
        (&[(POOLS, "stage: beta", "")], None, "v1.37", Some("alpha")),
        (
            &[(POOLS, "stage: beta", "stage: stable"), (POOLS, "stable: \"v1.38\"", "stable: \"v1.36\"")],
            None,
            "v1.37",
            Some("stable"),
        ),
    ];
    for (replaced, wanted, release, stage) in cases {
        let goal = goal_of(&corpus(replaced), wanted, None);
        assert_eq!(goal.release.to_string(), release, "{replaced:?}");
        assert_eq!(goal.stage.as_deref(), stage, "{replaced:?}");
        assert_eq!(goal.finished, None);
        assert!(!goal.assumed.is_empty());
    }
}

#[test]
fn what_is_finished_needs_nothing_unless_a_stage_is_named() {
    for status in ["status: implemented", "status: withdrawn"] {
        let corpus = corpus(&[(POOLS, "status: implementable", status)]);
        let goal = goal_of(&corpus, None, None);
        assert!(goal.finished.is_some(), "{status}");
        assert!(with(&corpus, &goal, None, |todo| todo.items.is_empty()), "{status}");
        assert_eq!(goal_of(&corpus, None, Some("stable")).finished, None);
    }
}

#[test]
fn what_can_be_written_is_written_and_nothing_else() {
    let replaced: &[Replaced] = &[
        (PROSE, "### Version Skew Strategy", "### Something Else"),
        (PROSE, "###### What specific metrics should inform a rollback?", ""),
    ];
    let corpus = corpus(replaced);
    let goal = goal_of(&corpus, Some("v1.37"), Some("stable"));
    let proposal = corpus.find("1234")[0];
    let record = &proposal.records[0].content.as_ref().expect("a record").source;
    let prose = &proposal.prose.as_ref().expect("prose").source;
    with(&corpus, &goal, Some("rolf-r"), |todo| {
        let after = |path: &str, text: &str| edit::apply(text, &todo.changes.files[path]);
        let set = proposal.source.text.replace("stage: beta", "stage: stable").replace("\"v1.36\"", "\"v1.37\"");
        let set = set.replace("beta: \"v1.37\"", "beta: \"v1.36\"").replace("\"v1.38\"", "\"v1.37\"");
        assert_eq!(after(POOLS, &proposal.source.text), set);
        assert_eq!(after(RECORD, &record.text), format!("{}stable:\n  approver: \"@rolf-r\"\n", record.text));
        let text = after(PROSE, &prose.text);
        let lines =
            |text: &str| text.lines().filter(|line| line.starts_with("##")).map(str::to_owned).collect::<Vec<_>>();
        let (before, now) = (lines(&prose.text), lines(&text));
        let new: Vec<&String> = now.iter().filter(|line| !before.contains(line)).collect();
        assert_eq!(new, ["### Version Skew Strategy", "###### What specific metrics should inform a rollback?"]);
        let place = |line: &str| now.iter().position(|own| own == line).expect("a heading");
        assert_eq!(place("### Version Skew Strategy"), place("### Upgrade / Downgrade Strategy") + 1);
        let metrics = place("###### What specific metrics should inform a rollback?");
        assert!(now[metrics - 1].starts_with("###### How can a rollout or rollback fail?"), "{now:?}");
    });
}
