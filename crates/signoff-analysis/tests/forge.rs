//! The rules about issues and pull requests, each on a literal snapshot: before and after what decides, and where the
//! snapshot does not tell.

#![allow(clippy::disallowed_methods, reason = "tests read the base proposals")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use signoff_analysis::profiles;
use signoff_analysis::signoff::todo::{Wish, goal, todo};
use signoff_analysis::signoff::{self, Beside, ForgeView, Outcome, Question, Standing, checklist};
use signoff_model::corpus::{self, Request};
use signoff_model::event::{Event, EventKind};
use signoff_model::forge::{Forge, ForgeEvent, ForgeRepository, Happened, PullRequest, ReviewState, Thread};
use signoff_model::memo::Memo;
use signoff_model::profile::{Basis, Prepared};
use signoff_model::{Corpus, MemoryTree, Release};

use Outcome::{Fail, NotApplicable, Pass, Unknown, Warn};

const OWN: &str = "kubernetes/enhancements";
const CODE: &str = "kubernetes/kubernetes";
const DOCS: &str = "kubernetes/website";
/// The commit that made the proposal implementable.
const COMMIT: &str = "0123456789012345678901234567890123456789";
const PULLED: &str = "2026-05-01";
const BODY: &str = "\
KEP: https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/1234-widget-pools
- [x] Alpha
  - [x] Code: https://github.com/kubernetes/kubernetes/pull/90
- [ ] Beta
  - [ ] Code: https://github.com/kubernetes/kubernetes/pull/100, kubernetes/kubernetes#101
  - [ ] Docs: https://github.com/kubernetes/website/pull/50
";

fn at(text: &str) -> Timestamp {
    let text = if text.contains('T') { text.to_owned() } else { format!("{text}T00:00:00Z") };
    text.parse().expect("an instant")
}

fn corpus() -> Corpus {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/base"));
    let mut tree = MemoryTree::default();
    fill(&root, &root, &mut tree);
    let prepared = Arc::new(Prepared::new(profiles::load("kep").expect("the profile")));
    let request = Request { prepared, paths: None, prose: true, as_of: at("2026-02-11") };
    let mut corpus = corpus::load(&tree, &request, &Memo::default());
    corpus.events = vec![Event {
        at: at("2026-02-01"),
        commit: COMMIT.into(),
        proposal: "keps/sig-node/1234-widget-pools".into(),
        kind: EventKind::Status,
        subject: None,
        from: Some("provisional".to_owned()),
        to: Some("implementable".to_owned()),
        sweep: false,
        author: None,
    }]
    .into();
    corpus
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

/// Issues and pull requests, by repository.
struct World(BTreeMap<&'static str, ForgeRepository>);

impl World {
    /// All is as it should be: opted in, tracked, merged, documented.
    fn good() -> Self {
        let mut world = Self(BTreeMap::new());
        for name in [OWN, CODE, DOCS] {
            let (open_pulls_since, missing, threads) = (Some(at("2026-01-12")), vec![4321], Vec::new());
            let own = ForgeRepository { name: name.into(), pulled_at: at(PULLED), open_pulls_since, missing, threads };
            world.0.insert(name, own);
        }
        world.open(OWN, 1234, "2025-04-20", None);
        world.thread(OWN, 1234).body = BODY.into();
        for (label, when) in [
            ("sig/node", "2025-04-20"),
            ("stage/beta", "2026-01-14"),
            ("lead-opted-in", "2026-01-15"),
            ("tracked/yes", "2026-01-20"),
        ] {
            world.label(OWN, 1234, label, when);
        }
        world.happen(OWN, 1234, "2026-01-16", "lead", Happened::Milestoned("v1.36".into()));
        world.open(OWN, 60, "2026-01-20", Some("master"));
        world.merge(OWN, 60, "2026-02-01");
        world.pull(OWN, 60).merge_commit = Some(COMMIT.into());
        let approved = Happened::Reviewed { id: 1, state: ReviewState::Approved };
        world.happen(OWN, 60, "2026-01-25", "lena-lead", approved);
        world.happen(OWN, 60, "2026-01-26", "Olaf-Approves", Happened::Commented("/lgtm\n/approve".into()));
        for number in [100, 101] {
            world.open(CODE, number, "2026-01-20", Some("master"));
            world.happen(CODE, number, "2026-01-21", "robot", Happened::Milestoned("v1.36".into()));
            world.label(CODE, number, "lgtm", "2026-02-20");
            world.label(CODE, number, "approved", "2026-02-21");
        }
        world.pull(CODE, 100).files = Some(vec!["pkg/pool.go".into(), "pkg/pool_test.go".into()]);
        world.merge(CODE, 100, "2026-02-25");
        world.merge(CODE, 101, "2026-03-20");
        world.open(DOCS, 50, "2026-02-20", Some("dev-1.36"));
        world.happen(DOCS, 50, "2026-02-20", "ada", Happened::Milestoned("v1.36".into()));
        world.happen(DOCS, 50, "2026-03-25", "ada", Happened::Ready);
        world.label(DOCS, 50, "lgtm", "2026-04-01");
        world.label(DOCS, 50, "approved", "2026-04-02");
        world.merge(DOCS, 50, "2026-04-20");
        world
    }

    fn open(&mut self, repository: &'static str, number: u64, created: &str, base: Option<&str>) {
        let pull = base.map(|base| PullRequest {
            draft: false,
            base: base.into(),
            merged: None,
            merge_commit: None,
            files: Some(Vec::new()),
            all_files: true,
        });
        let kind = if pull.is_some() { "pull" } else { "issues" };
        let threads = &mut self.0.get_mut(repository).expect("a repository").threads;
        threads.push(Thread {
            number,
            url: format!("https://github.com/{repository}/{kind}/{number}").into(),
            pulled_at: at(PULLED),
            title: "Widgets".into(),
            body: "".into(),
            author: Some("wanda-writer".into()),
            created: at(created),
            closed: None,
            labels: Vec::new(),
            milestone: None,
            events: Some(Vec::new()),
            pull,
        });
        threads.sort_by_key(|thread| thread.number);
    }

    fn thread(&mut self, repository: &str, number: u64) -> &mut Thread {
        let threads = &mut self.0.get_mut(repository).expect("a repository").threads;
        threads.iter_mut().find(|thread| thread.number == number).expect("a thread")
    }

    fn pull(&mut self, repository: &str, number: u64) -> &mut PullRequest {
        self.thread(repository, number).pull.as_mut().expect("a pull request")
    }

    /// Something happens, and leaves its mark.
    fn happen(&mut self, repository: &str, number: u64, when: &str, actor: &str, happened: Happened) {
        let thread = self.thread(repository, number);
        match &happened {
            Happened::Labeled(label) => thread.labels.push(Arc::clone(label)),
            Happened::Unlabeled(label) => thread.labels.retain(|own| own != label),
            Happened::Milestoned(title) => thread.milestone = Some(Arc::clone(title)),
            Happened::Demilestoned(_) => thread.milestone = None,
            Happened::Closed => thread.closed = Some(at(when)),
            Happened::Reopened => thread.closed = None,
            _ => {}
        }
        let events = thread.events.as_mut().expect("events");
        events.push(ForgeEvent { at: at(when), actor: Some(actor.into()), happened });
        events.sort_by_key(|event| event.at);
    }

    fn label(&mut self, repository: &str, number: u64, label: &str, when: &str) {
        self.happen(repository, number, when, "lead", Happened::Labeled(label.into()));
    }

    fn unlabel(&mut self, repository: &str, number: u64, label: &str, when: &str) {
        self.happen(repository, number, when, "lead", Happened::Unlabeled(label.into()));
    }

    fn say(&mut self, text: &str, who: &str) {
        self.happen(OWN, 1234, "2026-02-15", who, Happened::Commented(text.into()));
    }

    fn merge(&mut self, repository: &str, number: u64, when: &str) {
        self.happen(repository, number, when, "robot", Happened::Closed);
        self.pull(repository, number).merged = Some(at(when));
    }

    fn forget(&mut self, repository: &str, number: u64) {
        self.0.get_mut(repository).expect("a repository").threads.retain(|thread| thread.number != number);
    }

    fn forge(self) -> Forge {
        Forge { repositories: self.0.into_values().collect() }
    }
}

/// A world, changed.
fn world(change: impl FnOnce(&mut World)) -> Forge {
    let mut world = World::good();
    change(&mut world);
    world.forge()
}

/// What is asked of a snapshot.
struct Told {
    rules: BTreeMap<String, (Outcome, String, Vec<String>)>,
    standing: Standing,
    class: String,
    reason: String,
    undecided: usize,
}

fn ask(forge: Option<&Forge>, checkpoint: &str, instant: Timestamp, is_now: bool) -> Told {
    let corpus = corpus();
    let release = Release::parse("v1.36").expect("a release");
    let deadline = corpus.prepared.calendar(release).and_then(|calendar| calendar.at(checkpoint)).map(|dated| dated.at);
    let forge = forge.map(|forge| ForgeView { forge, instant, deadline, is_now });
    let bases = [Basis::Git].into_iter().chain(forge.map(|_| Basis::Forge)).collect::<BTreeSet<Basis>>();
    let question = Question {
        release,
        checkpoint,
        deadline,
        hard: true,
        requests_until: None,
        covered_by: &[],
        instant,
        bases,
        exceptions: &[],
        waivers: &[],
        pulls: &[],
        approved: &BTreeMap::new(),
        forge,
        facts: None,
        all: false,
    };
    let verdict = signoff::verdict_of(&corpus, corpus.find("1234")[0], &question);
    let rules = verdict.rules.iter().map(|result| {
        let evidence = result.evidence.iter().map(|seen| format!("{} {} {}", seen.source, seen.path, seen.text));
        (result.rule.id.clone(), (result.outcome, result.message.clone(), evidence.collect()))
    });
    Told {
        rules: rules.collect(),
        standing: verdict.standing,
        class: verdict.class.unwrap_or_default().to_owned(),
        reason: verdict.reason,
        undecided: verdict.undecided.len(),
    }
}

/// A rule at the moment of a checkpoint or another instant, and what it says.
type Case = (&'static str, &'static str, &'static str, fn(&mut World), Outcome, &'static str);

const PRR: &str = "prr-freeze";
const ENHANCEMENTS: &str = "enhancements-freeze";
const CODE_FREEZE: &str = "code-freeze";

fn check(cases: &[Case]) {
    for (rule, checkpoint, when, change, outcome, said) in cases {
        let told = ask(Some(&world(change)), checkpoint, at(when), false);
        let (found, message, evidence) = &told.rules[*rule];
        let case = format!("{rule} {checkpoint} {when} {said}");
        assert_eq!(found, outcome, "{case}: {message}");
        assert!(message.contains(said), "{case}: {message}");
        if matches!(outcome, Pass | Fail | Warn) {
            let is_forge = |seen: &String| seen.starts_with("forge https://github.com/kubernetes/");
            assert!(message.contains("has no issue") || evidence.iter().any(is_forge), "{case}: {evidence:?}");
        }
    }
}

fn same(_: &mut World) {}

fn without_issue(world: &mut World) {
    world.forget(OWN, 1234);
}

#[test]
fn the_issue() {
    let closed: fn(&mut World) = |world| world.happen(OWN, 1234, "2026-02-01", "ada", Happened::Closed);
    check(&[
        ("O1", PRR, "2026-02-01", same, Pass, "issue 1234 is open and links keps/sig-node/1234-widget-pools"),
        ("O1", PRR, "2025-01-01", same, Fail, "issue 1234 was opened on 2025-04-20, after this"),
        ("O1", ENHANCEMENTS, "2026-02-02", closed, Fail, "issue 1234 is closed since 2026-02-01"),
        ("O1", ENHANCEMENTS, "2026-01-31", closed, Pass, "is open"),
        (
            "O1",
            PRR,
            "2026-02-01",
            |world| world.thread(OWN, 1234).body = "https://github.com/kubernetes/enhancements/pull/60".into(),
            Fail,
            "does not link",
        ),
        (
            "O1",
            PRR,
            "2026-02-01",
            |world| world.thread(OWN, 1234).body = "keps/sig-node/1234-widget-pools-2/".into(),
            Fail,
            "does not link",
        ),
        (
            "O1",
            PRR,
            "2026-02-01",
            |world| world.thread(OWN, 1234).body = "keps/sig-old/1234-widget-pools/README.md".into(),
            Pass,
            "links",
        ),
        ("O1", PRR, "2026-06-01", same, Unknown, "the snapshot is of 2026-05-01T00:00:00Z and cannot tell"),
        ("O1", PRR, "2026-02-01", without_issue, Unknown, "issue 1234 is not in the snapshot"),
        (
            "O1",
            PRR,
            "2026-02-01",
            |world| {
                without_issue(world);
                world.0.get_mut(OWN).expect("a repository").missing = vec![1234];
            },
            Fail,
            "has no issue 1234",
        ),
        (
            "O1",
            PRR,
            "2026-02-01",
            |world| {
                without_issue(world);
                world.open(OWN, 1234, "2025-04-20", Some("master"));
            },
            Fail,
            "1234 is a pull request, not an issue",
        ),
        (
            "O1",
            PRR,
            "2026-02-01",
            |world| {
                world.0.remove(OWN);
            },
            Unknown,
            "the snapshot has nothing of",
        ),
    ]);
}

#[test]
fn the_milestone_and_the_labels_of_the_issue() {
    check(&[
        ("O2", ENHANCEMENTS, "2026-01-17", same, Pass, "issue 1234 is in milestone v1.36"),
        ("O2", ENHANCEMENTS, "2026-01-15", same, Fail, "issue 1234 is in no milestone"),
        (
            "O2",
            ENHANCEMENTS,
            "2026-02-05",
            |world| {
                world.happen(OWN, 1234, "2026-02-03", "lead", Happened::Demilestoned("v1.36".into()));
                world.happen(OWN, 1234, "2026-02-03", "lead", Happened::Milestoned("v1.37".into()));
            },
            Fail,
            "issue 1234 is in milestone v1.37, not v1.36",
        ),
        (
            "O2",
            ENHANCEMENTS,
            "2026-02-05",
            |world| world.thread(OWN, 1234).events = None,
            Unknown,
            "what happened to 1234 was not pulled",
        ),
        ("O3", PRR, "2026-02-01", same, Pass, "has the label lead-opted-in since 2026-01-15"),
        ("O3", PRR, "2026-01-14", same, Fail, "has no label lead-opted-in"),
        ("O4", PRR, "2026-02-01", same, Pass, "has the labels stage/beta, sig/node"),
        ("O4", PRR, "2026-01-13", same, Fail, "lacks the label stage/beta"),
        (
            "O4",
            PRR,
            "2026-02-01",
            |world| world.label(OWN, 1234, "stage/alpha", "2026-01-30"),
            Fail,
            "has the label stage/alpha beside stage/beta",
        ),
        (
            "O4",
            PRR,
            "2026-02-01",
            |world| {
                world.unlabel(OWN, 1234, "stage/beta", "2026-01-30");
                world.label(OWN, 1234, "stage/alpha", "2026-01-30");
                world.label(OWN, 1234, "sig/apps", "2026-01-30");
            },
            Fail,
            "has the label stage/alpha, not stage/beta",
        ),
    ]);
}

#[test]
fn opting_in_late_is_another_thing_than_not_at_all() {
    let late = world(|world| {
        world.unlabel(OWN, 1234, "lead-opted-in", "2026-02-01");
        world.label(OWN, 1234, "lead-opted-in", "2026-02-06");
    });
    let cases = [
        ("2026-01-31", Pass, Standing::NeedsEvidence, "since 2026-01-15"),
        ("2026-02-02", Fail, Standing::NotOptedIn, "has no label lead-opted-in"),
        (
            "2026-02-07",
            Fail,
            Standing::Removed,
            "was added on 2026-02-06T00:00:00Z, after the deadline of 2026-02-05T12:00:00Z",
        ),
    ];
    for (when, outcome, standing, said) in cases {
        let told = ask(Some(&late), PRR, at(when), false);
        let (found, message, _) = &told.rules["O3"];
        assert_eq!((found, told.standing == standing || *found == Pass), (&outcome, true), "{when}: {}", told.reason);
        assert!(message.contains(said), "{when}: {message}");
    }
}

#[test]
fn open_changes_of_the_proposal_and_who_approved_it() {
    let open: fn(&mut World) = |world| {
        world.open(OWN, 61, "2026-02-05", Some("master"));
        world.pull(OWN, 61).files = Some(vec!["keps/sig-node/1234-widget-pools/kep.yaml".into()]);
        world.happen(OWN, 61, "2026-02-10", "ada", Happened::Closed);
    };
    check(&[
        ("E7", ENHANCEMENTS, "2026-02-04", open, Pass, "no open pull request changes the proposal"),
        ("E7", ENHANCEMENTS, "2026-02-06", open, Fail, "pull request 61 is open and changes the proposal"),
        ("E7", ENHANCEMENTS, "2026-02-10", open, Pass, "no open pull request"),
        (
            "E7",
            ENHANCEMENTS,
            "2026-01-01",
            same,
            Unknown,
            "pull requests that were closed before 2026-01-12 were not pulled",
        ),
        ("E7", ENHANCEMENTS, "2026-06-01", same, Unknown, "cannot tell which pull requests are open"),
        (
            "E7",
            ENHANCEMENTS,
            "2026-02-06",
            |world| world.0.get_mut(OWN).expect("it").open_pulls_since = None,
            Unknown,
            "were not pulled",
        ),
        (
            "E7",
            ENHANCEMENTS,
            "2026-02-06",
            |world| {
                world.open(OWN, 61, "2026-02-05", Some("master"));
                world.pull(OWN, 61).files = None;
            },
            Unknown,
            "the files of pull request 61 were not pulled",
        ),
        ("E7", ENHANCEMENTS, "2026-02-06", |world| world.open(OWN, 61, "2026-02-05", Some("master")), Pass, ""),
        ("E10", ENHANCEMENTS, "2026-02-11", same, Pass, "every approver approved pull request 60"),
        (
            "E10",
            ENHANCEMENTS,
            "2026-02-11",
            |world| world.happen(OWN, 60, "2026-01-27", "olaf-approves", Happened::Commented("/approve cancel".into())),
            Fail,
            "olaf-approves did not approve pull request 60",
        ),
        (
            "E10",
            ENHANCEMENTS,
            "2026-02-11",
            |world| world.happen(OWN, 60, "2026-01-27", "robot", Happened::Dismissed { id: 1 }),
            Fail,
            "lena-lead did not approve",
        ),
        ("E10", ENHANCEMENTS, "2026-02-11", |world| world.thread(OWN, 60).author = Some("nobody".into()), Pass, ""),
        (
            "E10",
            ENHANCEMENTS,
            "2026-02-11",
            |world| world.forget(OWN, 60),
            Unknown,
            "the pull request of commit 0123456789",
        ),
        ("E10", ENHANCEMENTS, "2026-01-15", same, Unknown, "the history does not tell what made it implementable"),
    ]);
}

fn unlisted(world: &mut World) {
    world.open(CODE, 102, "2026-02-01", Some("master"));
    world.happen(CODE, 102, "2026-03-10", "ada", Happened::Closed);
    let named = Happened::Referenced { repository: CODE.into(), number: 102, is_pull: true };
    world.happen(OWN, 1234, "2026-02-01", "ada", named);
}

fn held(world: &mut World) {
    world.label(CODE, 101, "do-not-merge/hold", "2026-03-01");
}

fn none(world: &mut World) {
    world.thread(OWN, 1234).body = BODY.split("  - [ ] Code").next().expect("a part").into();
}

#[test]
fn changes_of_the_code() {
    check(&[
        ("C1", CODE_FREEZE, "2026-03-21", same, Pass, "of the listed pull requests 2 are merged"),
        ("C1", CODE_FREEZE, "2026-03-19", same, Pass, "1 are merged, 1 approved and waiting to merge"),
        (
            "C1",
            CODE_FREEZE,
            "2026-02-20T12:00:00Z",
            same,
            Fail,
            "kubernetes/kubernetes#100 is open and lacks approved, and 1 more",
        ),
        ("C1", CODE_FREEZE, "2026-03-02", held, Fail, "kubernetes/kubernetes#101 is open and has do-not-merge/hold"),
        (
            "C1",
            CODE_FREEZE,
            "2026-03-21",
            |world| world.forget(CODE, 101),
            Unknown,
            "kubernetes/kubernetes#101 is not in the snapshot",
        ),
        ("C1", CODE_FREEZE, "2026-03-21", none, Unknown, "lists no pull request of kubernetes/kubernetes for beta"),
        (
            "C1",
            CODE_FREEZE,
            "2026-03-21",
            |world| {
                world.pull(CODE, 101).merged = None;
            },
            Pass,
            "of the listed pull requests 1 are merged",
        ),
    ]);
}

#[test]
fn tests_milestones_and_parts_of_the_changes() {
    check(&[
        ("C2", CODE_FREEZE, "2026-03-21", same, Pass, "kubernetes/kubernetes#100 changes tests"),
        (
            "C2",
            CODE_FREEZE,
            "2026-03-21",
            |world| world.pull(CODE, 100).files = Some(vec!["pkg/pool.go".into()]),
            Warn,
            "none of the 2 listed pull requests changes tests",
        ),
        (
            "C2",
            CODE_FREEZE,
            "2026-03-21",
            |world| world.pull(CODE, 100).files = None,
            Unknown,
            "the files of kubernetes/kubernetes#100 were not pulled",
        ),
        ("C2", CODE_FREEZE, "2026-03-21", none, Warn, "lists no pull request"),
        ("C3", CODE_FREEZE, "2026-03-21", unlisted, Pass, "no open pull request that names the issue is unlisted"),
        (
            "C3",
            CODE_FREEZE,
            "2026-03-01",
            unlisted,
            Warn,
            "kubernetes/kubernetes#102 name the issue and are not listed",
        ),
        ("C4", CODE_FREEZE, "2026-03-19", same, Pass, "what is open is in milestone v1.36"),
        ("C4", CODE_FREEZE, "2026-01-20T12:00:00Z", same, Fail, "is open and not in milestone v1.36"),
        ("C4", CODE_FREEZE, "2026-03-21", same, Pass, "no listed pull request is open"),
        ("C7", CODE_FREEZE, "2026-03-21", same, Pass, "every listed pull request is merged"),
        ("C7", CODE_FREEZE, "2026-02-22", same, Pass, "no listed pull request is merged"),
        ("C7", CODE_FREEZE, "2026-03-19", same, Fail, "it is merged in part: kubernetes/kubernetes#101 is open"),
        (
            "C7",
            CODE_FREEZE,
            "2026-03-19",
            |world| world.say("The merged part is Not user-facing.", "wanda-writer"),
            Pass,
            "an author says",
        ),
        (
            "C7",
            CODE_FREEZE,
            "2026-03-19",
            |world| world.say("It is not user-facing", "stranger"),
            Fail,
            "no author says",
        ),
        ("C7", CODE_FREEZE, "2026-03-19", |world| world.forget(CODE, 101), Unknown, "not in the snapshot"),
    ]);
}

/// The issue is labelled as one of work outside the tree.
fn outside(world: &mut World) {
    world.label(OWN, 1234, "tracked/out-of-tree", "2026-01-20");
}

#[test]
fn work_outside_the_tree_is_a_class_of_its_own() {
    for (change, when, class) in [
        (outside as fn(&mut World), "2026-03-21", "out-of-tree"),
        (outside, "2026-01-19", "graduating"),
        (same, "2026-03-21", "graduating"),
    ] {
        assert_eq!(ask(Some(&world(change)), CODE_FREEZE, at(when), false).class, class, "{when}");
    }
    check(&[
        ("C1", CODE_FREEZE, "2026-03-21", outside, NotApplicable, "not asked of class out-of-tree"),
        ("C5", CODE_FREEZE, "2026-03-21", same, NotApplicable, "not asked of class graduating"),
        ("C5", CODE_FREEZE, "2026-03-21", outside, Pass, "every linked pull request is merged"),
        ("C5", CODE_FREEZE, "2026-03-19", outside, Fail, "kubernetes/kubernetes#101 is open"),
        (
            "C5",
            CODE_FREEZE,
            "2026-03-19",
            |world| {
                outside(world);
                world.say("All work is complete", "abel-author");
            },
            Pass,
            "an author says that the work is complete",
        ),
        (
            "C5",
            CODE_FREEZE,
            "2026-03-21",
            |world| {
                outside(world);
                world.thread(OWN, 1234).body = "keps/sig-node/1234-widget-pools".into();
            },
            Fail,
            "no pull request is linked",
        ),
        (
            "C5",
            CODE_FREEZE,
            "2026-03-21",
            |world| {
                outside(world);
                world.forget(CODE, 100);
            },
            Unknown,
            "kubernetes/kubernetes#100 is not in the snapshot",
        ),
    ]);
}

#[test]
fn documentation() {
    let (placeholder, ready, freeze) = ("docs-placeholder", "docs-ready", "docs-freeze");
    let no_docs: fn(&mut World) = |world| world.say("No docs needed for beta", "wanda-writer");
    let asks: fn(&mut World) = |world| {
        let state = ReviewState::ChangesRequested;
        world.happen(DOCS, 50, "2026-04-03", "docs-reviewer", Happened::Reviewed { id: 9, state });
        world.happen(
            DOCS,
            50,
            "2026-04-05",
            "docs-reviewer",
            Happened::Reviewed { id: 10, state: ReviewState::Approved },
        );
    };
    check(&[
        ("D1", placeholder, "2026-02-21", same, Pass, "kubernetes/website#50 is open"),
        ("D1", placeholder, "2026-02-19", same, Fail, "links no pull request for the documentation of dev-1.36"),
        (
            "D1",
            placeholder,
            "2026-02-21",
            |world| world.pull(DOCS, 50).base = "main".into(),
            Fail,
            "kubernetes/website#50 is for main, not dev-1.36",
        ),
        (
            "D1",
            placeholder,
            "2026-02-27",
            |world| world.happen(DOCS, 50, "2026-02-26", "ada", Happened::Demilestoned("v1.36".into())),
            Fail,
            "is not in milestone v1.36",
        ),
        ("D1", placeholder, "2026-02-21", |world| world.forget(DOCS, 50), Unknown, "not in the snapshot"),
        ("D1", placeholder, "2026-02-21", no_docs, NotApplicable, "no documentation is needed"),
        ("D2", ready, "2026-03-26", same, Pass, "is ready for review"),
        ("D2", ready, "2026-03-24", same, Fail, "is a draft"),
        (
            "D2",
            ready,
            "2026-03-26",
            |world| world.thread(DOCS, 50).title = "WIP: Widgets".into(),
            Fail,
            "says `wip` in its title",
        ),
        ("D2", ready, "2026-03-26", |world| world.thread(DOCS, 50).events = None, Unknown, "was not pulled"),
        ("D3", freeze, "2026-04-03", same, Pass, "is approved"),
        ("D3", freeze, "2026-04-01T12:00:00Z", same, Fail, "lacks approved"),
        ("D3", freeze, "2026-04-04", asks, Fail, "waits for changes that docs-reviewer asked for on 2026-04-03"),
        ("D3", freeze, "2026-04-06", asks, Pass, "is approved"),
        ("D3", freeze, "2026-04-21", same, Pass, "is merged"),
    ]);
}

#[test]
fn labels_of_the_cycle() {
    let both: fn(&mut World) = |world| world.label(OWN, 1234, "tracked/no", "2026-02-01");
    let no: fn(&mut World) = |world| {
        world.unlabel(OWN, 1234, "tracked/yes", "2026-02-01");
        world.label(OWN, 1234, "tracked/no", "2026-02-01");
    };
    let cleared: fn(&mut World) = |world| {
        world.unlabel(OWN, 1234, "tracked/yes", "2026-04-24");
        world.unlabel(OWN, 1234, "lead-opted-in", "2026-04-24");
        world.happen(OWN, 1234, "2026-04-24", "lead", Happened::Demilestoned("v1.36".into()));
    };
    check(&[
        ("K1", ENHANCEMENTS, "2026-02-02", same, Pass, "has the label tracked/yes, and its milestone agrees"),
        ("K1", ENHANCEMENTS, "2026-01-19", same, Fail, "has none of the labels tracked/yes, tracked/no"),
        ("K1", ENHANCEMENTS, "2026-02-02", both, Fail, "has both labels"),
        ("K1", ENHANCEMENTS, "2026-02-02", no, Fail, "has the label tracked/no and is in the milestone of v1.36"),
        (
            "K1",
            ENHANCEMENTS,
            "2026-02-02",
            |world| world.happen(OWN, 1234, "2026-02-01", "lead", Happened::Demilestoned("v1.36".into())),
            Fail,
            "is not in the milestone of v1.36",
        ),
        ("K1", ENHANCEMENTS, "2026-01-14", same, NotApplicable, "is not opted in"),
        ("R2", "release", "2026-04-20", same, NotApplicable, "once the release is out"),
        ("R2", "release", "2026-04-25", cleared, Pass, "issue 1234 is tidied up"),
        (
            "R2",
            "release",
            "2026-04-25",
            same,
            Warn,
            "still has the label lead-opted-in, tracked/yes and is still in milestone v1.36",
        ),
        (
            "R2",
            "release",
            "2026-04-26",
            |world| {
                world.unlabel(OWN, 1234, "tracked/yes", "2026-04-24");
                world.unlabel(OWN, 1234, "lead-opted-in", "2026-04-24");
                world.happen(OWN, 1234, "2026-04-24", "lead", Happened::Demilestoned("v1.36".into()));
                world.happen(OWN, 1234, "2026-04-24", "lead", Happened::Closed);
            },
            Warn,
            "is closed although a stage is ahead",
        ),
        ("R2", "release", "2026-04-25", without_issue, Unknown, "not in the snapshot"),
    ]);
}

#[test]
fn with_a_snapshot_the_verdict_leaves_nothing_undecided() {
    let good = world(same);
    let with = ask(Some(&good), ENHANCEMENTS, at("2026-02-11"), false);
    assert_eq!((with.standing, with.undecided), (Standing::Tracked, 0), "{}", with.reason);
    let without = ask(None, ENHANCEMENTS, at("2026-02-11"), false);
    assert_eq!((without.standing, without.undecided), (Standing::Tracked, 6), "{}", without.reason);
    assert!(without.rules["O1"].1.starts_with("not looked at"));
    let beyond = ask(Some(&good), ENHANCEMENTS, at("2026-05-02"), false);
    assert_eq!(beyond.standing, Standing::NeedsEvidence, "{}", beyond.reason);
}

#[test]
fn who_asks_about_now_is_told_what_was_pulled_unless_a_deadline_lies_between() {
    let good = world(same);
    let now = ask(Some(&good), ENHANCEMENTS, at("2026-05-02"), true);
    assert_eq!(now.standing, Standing::Tracked, "{}", now.reason);
    let early = world(|world| {
        for own in world.0.values_mut() {
            own.pulled_at = at("2026-02-10");
            own.threads.iter_mut().for_each(|thread| thread.pulled_at = at("2026-02-10"));
        }
    });
    for (when, standing) in [("2026-02-11", Standing::Tracked), ("2026-02-13", Standing::NeedsEvidence)] {
        let told = ask(Some(&early), ENHANCEMENTS, at(when), true);
        assert_eq!(told.standing, standing, "{when}: {}", told.reason);
    }
}

#[test]
fn todo_asks_for_what_the_forge_lacks_alone() {
    let corpus = corpus();
    let (instant, release) = (at("2026-01-25"), Release::parse("v1.36"));
    let goal = goal(&corpus.prepared, corpus.find("1234")[0], release, Some("beta"), instant).expect("a goal");
    let of_rule = |forge: Option<&Forge>, rule: &str| -> Vec<String> {
        let forge = forge.map(|forge| ForgeView { forge, instant, deadline: None, is_now: false });
        let wish =
            Wish { goal: &goal, instant, waivers: &[], approver: None, beside: Beside { forge, ..Beside::default() } };
        let found = todo(&corpus, corpus.find("1234")[0], &wish);
        found.items.iter().filter(|item| item.rule == rule).map(|item| item.remedy.what.clone()).collect()
    };
    assert_eq!(of_rule(None, "O2"), ["the issue is in the release's milestone"]);
    assert_eq!(of_rule(Some(&world(same)), "O2"), [""; 0]);
    let out = world(|world| world.happen(OWN, 1234, "2026-01-20", "lead", Happened::Demilestoned("v1.36".into())));
    assert_eq!(of_rule(Some(&out), "O2"), ["have issue 1234 put into milestone v1.36"]);
    let unread = of_rule(Some(&world(without_issue)), "O2");
    assert_eq!(unread, ["the issue is in the release's milestone (issue 1234 is not in the snapshot)"]);
}

#[test]
fn the_checklist_tells_what_the_forge_tells() {
    let corpus = corpus();
    let proposal = corpus.find("1234")[0];
    let met = |forge: Option<&Forge>| -> String {
        let instant = at("2026-02-11");
        let view = forge.map(|forge| ForgeView { forge, instant, deadline: None, is_now: false });
        let sheets = checklist::sheets(&corpus, proposal, Beside { forge: view, ..Beside::default() });
        let row = sheets[0].rows.iter().find(|row| row.reasons.iter().any(|reason| reason.rule == Some("O1")));
        row.expect("the item about the issue").met.word().to_owned()
    };
    assert_eq!(met(None), "unknown");
    assert_eq!(met(Some(&world(same))), "met");
    let closed = world(|world| world.happen(OWN, 1234, "2026-02-01", "ada", Happened::Closed));
    assert_eq!(met(Some(&closed)), "not-met");
}
