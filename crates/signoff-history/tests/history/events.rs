//! What is told of histories in which one thing happens.

use signoff_history::events::{self, CutReason, EventLog, Options};
use signoff_history::{Commits, Error, History, Recorded, Repository};
use signoff_model::event::{Event, EventKind};

use crate::replay::{head, prepared};
use crate::scratch::{Scratch, git};

const OLD: &str = "keps/sig-a/1-thing";
const NEW: &str = "keps/sig-b/1-thing";

fn fields(status: &str, stage: &str) -> String {
    format!("title: Thing\nkep-number: 1\nowning-sig: sig-a\nstatus: {status}\nstage: {stage}\n")
}

fn approved(stage: &str, approver: &str) -> String {
    format!("kep-number: 1\n{stage}:\n  approver: \"{approver}\"\n")
}

fn prose(answer: &str) -> String {
    format!("# Thing\n\n###### What specific metrics should inform a rollback?\n\n{answer}\n")
}

/// A proposal with its approval.
fn begun() -> Scratch {
    let scratch = Scratch::new();
    scratch.write(&format!("{OLD}/kep.yaml"), fields("provisional", "alpha"));
    scratch.write(&format!("{OLD}/README.md"), prose("None yet, this is written later."));
    scratch.write("keps/prod-readiness/sig-a/1.yaml", approved("alpha", "@ada"));
    scratch.commit("2026-01-01T00:00:00Z");
    scratch
}

fn log(history: &dyn History, options: &Options<'_>) -> EventLog {
    let options = Options { answers: true, ..*options };
    events::read(history, &head(history), &prepared(), &options).expect("events")
}

fn open(scratch: &Scratch) -> Repository {
    Repository::open(scratch.path()).expect("a repository")
}

/// Events in short: path, kind, subject and values.
fn short(events: &[Event]) -> Vec<String> {
    let text = |value: Option<&str>| value.unwrap_or("-").to_owned();
    let one = |event: &Event| {
        let subject = event.subject.as_deref().map(|subject| format!(" {subject}")).unwrap_or_default();
        let (from, to) = (text(event.from.as_deref()), text(event.to.as_deref()));
        let sweep = if event.sweep { ", sweep" } else { "" };
        format!("{}{subject}: {from} > {to}{sweep}", event.kind.word())
    };
    events.iter().map(one).collect()
}

/// What is told of the last commit.
fn last(scratch: &Scratch) -> Vec<String> {
    let id = scratch.git(&["rev-parse", "HEAD"]);
    let events = log(&open(scratch), &Options::default()).events;
    short(&events.into_iter().filter(|event| *event.commit == *id).collect::<Vec<_>>())
}

#[test]
fn the_first_commit_tells_everything_that_is_said() {
    let expected = [
        "created: - > Thing",
        "status: - > provisional",
        "stage: - > alpha",
        "approved alpha: - > @ada",
        "answer rollback-metrics: absent > answered",
    ];
    assert_eq!(last(&begun()), expected);
}

#[test]
fn each_kind_of_change_is_told_with_what_stood_there() {
    let metadata = format!("{OLD}/kep.yaml");
    let approval = "keps/prod-readiness/sig-a/1.yaml";
    let gates = |names: &str| fields("provisional", "alpha") + "feature-gates:\n" + names;
    let cases: [(&str, String, &[&str]); 10] = [
        (&metadata, fields("implementable", "alpha"), &["status: provisional > implementable"]),
        (&metadata, fields("provisional", "beta"), &["stage: alpha > beta"]),
        (&metadata, fields("provisional", ""), &["stage: alpha > -"]),
        (&metadata, fields("provisional", "alpha").replace("Thing", "Other"), &["retitled: Thing > Other"]),
        (&metadata, gates("  - name: A\n  - name: B\n"), &["gate A: - > A", "gate B: - > B"]),
        (
            &metadata,
            fields("provisional", "alpha") + "latest-milestone: v1.1\nmilestone:\n  alpha: v1.1\n  beta: \"\"\n",
            &["milestone alpha: - > v1.1", "milestone latest: - > v1.1"],
        ),
        (approval, approved("alpha", "@bo"), &["approved alpha: @ada > @bo"]),
        (approval, approved("beta", "@bo"), &["approved alpha: @ada > -", "approved beta: - > @bo"]),
        (
            &format!("{OLD}/README.md"),
            prose("N/A"),
            &["answer rollback-metrics: answered > not-applicable", "questionnaire alpha: - > -"],
        ),
        // White space is no change.
        (&format!("{OLD}/README.md"), prose("None yet,\n  this is   written later.") + "\n\n", &[]),
    ];
    for (path, text, expected) in cases {
        let scratch = begun();
        scratch.write(path, &text);
        scratch.commit("2026-01-02T00:00:00Z");
        assert_eq!(last(&scratch), expected, "{path}: {text}");
    }
}

#[test]
fn an_answer_is_the_first_since_the_approval_once() {
    let scratch = begun();
    let body = format!("{OLD}/README.md");
    let kinds = |scratch: &Scratch| last(scratch).iter().filter(|event| event.starts_with("questionnaire")).count();
    for (text, expected) in [("The first change.", 1), ("The second change.", 0)] {
        scratch.write(&body, prose(text));
        scratch.commit("2026-01-02T00:00:00Z");
        assert_eq!(kinds(&scratch), expected, "{text}");
    }
    // Who approves with a change has seen it.
    scratch.write(&body, prose("The third change."));
    scratch.write("keps/prod-readiness/sig-a/1.yaml", approved("alpha", "@bo"));
    scratch.commit("2026-01-03T00:00:00Z");
    assert_eq!(kinds(&scratch), 0);
    scratch.write(&body, prose("The fourth change."));
    scratch.commit("2026-01-04T00:00:00Z");
    assert_eq!(kinds(&scratch), 1);
    // Nobody has approved yet: a promise is none.
    scratch.write("keps/prod-readiness/sig-a/1.yaml", approved("alpha", "TBD"));
    scratch.commit("2026-01-05T00:00:00Z");
    scratch.write(&body, prose("The fifth change."));
    scratch.commit("2026-01-06T00:00:00Z");
    assert_eq!(kinds(&scratch), 0);
}

#[test]
fn a_broken_file_between_loses_nothing() {
    let scratch = begun();
    scratch.write(&format!("{OLD}/kep.yaml"), "title: [\nstatus: {\n");
    scratch.commit("2026-01-02T00:00:00Z");
    assert_eq!(last(&scratch), Vec::<String>::new());
    scratch.write("keps/prod-readiness/sig-a/1.yaml", "alpha: [\n");
    scratch.commit("2026-01-03T00:00:00Z");
    assert_eq!(last(&scratch), Vec::<String>::new());
    scratch.write(&format!("{OLD}/kep.yaml"), fields("implementable", "alpha"));
    scratch.write("keps/prod-readiness/sig-a/1.yaml", approved("alpha", "@ada"));
    scratch.commit("2026-01-04T00:00:00Z");
    assert_eq!(last(&scratch), ["status: provisional > implementable"]);
}

#[test]
fn a_moved_proposal_stays_the_same_one() {
    let scratch = begun();
    std::fs::create_dir_all(scratch.at("keps/sig-b")).expect("a folder");
    scratch.git(&["mv", OLD, NEW]);
    scratch.write(&format!("{NEW}/kep.yaml"), fields("implementable", "alpha").replace("sig-a", "sig-b"));
    scratch.git(&["mv", "keps/prod-readiness/sig-a", "keps/prod-readiness/sig-b"]);
    scratch.commit("2026-01-02T00:00:00Z");
    assert_eq!(last(&scratch), [&format!("moved: {OLD} > {NEW}"), "status: provisional > implementable"]);
    // Whole groups are renamed, and numbers given, the content being the same.
    scratch.git(&["mv", "keps/sig-b", "keps/sig-c"]);
    scratch.git(&["mv", "keps/sig-c/1-thing", "keps/sig-c/0002-other"]);
    scratch.commit("2026-01-03T00:00:00Z");
    let events = log(&open(&scratch), &Options::default()).events;
    assert!(events.iter().all(|event| &*event.proposal == "keps/sig-c/0002-other"), "{events:?}");
    assert_eq!(events.iter().filter(|event| event.kind == EventKind::Created).count(), 1);
    assert_eq!(events.iter().filter(|event| event.kind == EventKind::Moved).count(), 2);
}

/// By its number when all of its files changed, and by its name when it was given a number.
#[test]
fn a_moved_proposal_is_known_by_its_number_or_name() {
    let other = fields("implemented", "beta").replace("Thing", "Another");
    for (to, is_moved) in [
        ("keps/sig-b/1-another", true),
        ("keps/sig-b/0001-thing", true),
        ("keps/sig-b/2-thing", true),
        ("keps/sig-b/2-another", false),
    ] {
        let scratch = begun();
        scratch.git(&["rm", "-rq", OLD]);
        scratch.write(&format!("{to}/kep.yaml"), &other);
        scratch.commit("2026-01-02T00:00:00Z");
        let told = last(&scratch);
        let expected = if is_moved { format!("moved: {OLD} > {to}") } else { format!("removed: {OLD} > -") };
        assert!(told.contains(&expected), "{to}: {told:?}");
        assert_eq!(told.contains(&"created: - > Another".to_owned()), !is_moved, "{to}: {told:?}");
    }
}

/// Where one was before it was moved, and is gone since, another one begins.
#[test]
fn a_path_can_be_that_of_another_proposal_later() {
    let scratch = begun();
    scratch.git(&["mv", "keps/sig-a", "keps/sig-b"]);
    scratch.commit("2026-01-02T00:00:00Z");
    scratch.git(&["rm", "-rq", NEW]);
    scratch.commit("2026-01-03T00:00:00Z");
    scratch.write(&format!("{OLD}/kep.yaml"), fields("implementable", "alpha"));
    scratch.commit("2026-01-04T00:00:00Z");
    let events = log(&open(&scratch), &Options::default()).events;
    let created = events.iter().filter(|event| event.kind == EventKind::Created);
    assert_eq!(created.map(|event| &*event.proposal).collect::<Vec<_>>(), [NEW, OLD]);
}

#[test]
fn a_proposal_whose_only_file_is_replaced_by_another_stays_the_same() {
    let scratch = begun();
    scratch.git(&["rm", "-q", &format!("{OLD}/README.md")]);
    scratch.commit("2026-01-02T00:00:00Z");
    scratch.git(&["rm", "-q", &format!("{OLD}/kep.yaml")]);
    scratch.write(&format!("{OLD}/README.md"), prose("N/A"));
    scratch.commit("2026-01-03T00:00:00Z");
    assert_eq!(last(&scratch), ["answer rollback-metrics: absent > not-applicable"]);
    scratch.write(&format!("{OLD}/kep.yaml"), fields("implementable", "alpha"));
    scratch.commit("2026-01-04T00:00:00Z");
    assert_eq!(last(&scratch), ["status: provisional > implementable"]);
}

#[test]
fn what_is_deleted_and_made_again_is_told() {
    let scratch = begun();
    scratch.git(&["rm", "-rq", OLD]);
    scratch.commit("2026-01-02T00:00:00Z");
    assert_eq!(last(&scratch), [format!("removed: {OLD} > -")]);
    scratch.write(&format!("{OLD}/kep.yaml"), fields("implementable", "alpha"));
    scratch.commit("2026-01-03T00:00:00Z");
    let expected = ["created: - > Thing", "status: - > implementable", "stage: - > alpha", "approved alpha: - > @ada"];
    assert_eq!(last(&scratch), expected);
}

#[test]
fn a_commit_over_many_proposals_is_a_sweep() {
    let scratch = begun();
    let write = |count: usize, status: &str| {
        for number in 1..=count {
            scratch.write(&format!("keps/sig-a/{number}-thing/kep.yaml"), fields(status, "alpha"));
        }
        scratch.commit("2026-01-02T00:00:00Z");
        log(&open(&scratch), &Options::default()).events.last().expect("an event").sweep
    };
    assert!(!write(events::SWEEP_MIN - 1, "implementable"));
    assert!(write(events::SWEEP_MIN, "implemented"));
}

#[test]
fn the_order_is_that_of_the_commits_whatever_their_clocks_say() {
    let scratch = begun();
    for (date, status) in [
        ("2031-01-01T00:00:00Z", "implementable"),
        ("1971-01-01T00:00:00Z", "implemented"),
        ("@99999999999 +0000", "withdrawn"),
        ("2026-01-02T00:00:00Z", "replaced"),
    ] {
        scratch.write(&format!("{OLD}/kep.yaml"), fields(status, "alpha"));
        scratch.commit(date);
    }
    let events = log(&open(&scratch), &Options::default()).events;
    let statuses = events.iter().filter(|event| event.kind == EventKind::Status);
    let statuses: Vec<&str> = statuses.filter_map(|event| event.to.as_deref()).collect();
    assert_eq!(statuses, ["provisional", "implementable", "implemented", "withdrawn", "replaced"]);
}

#[test]
fn the_main_branch_tells_when_and_all_commits_tell_who() {
    let scratch = begun();
    scratch.git(&["switch", "-qc", "work"]);
    for (name, status) in [("Bo", "implementable"), ("Cy", "implemented")] {
        scratch.write(&format!("{OLD}/kep.yaml"), fields(status, "alpha"));
        scratch.git(&["add", "-A"]);
        let date = "2026-01-02T00:00:00Z";
        scratch.git_at(date, name, "x@example.org", &["commit", "-qm", "work"]);
    }
    scratch.git(&["switch", "-q", "main"]);
    let message = ["merge", "-q", "--no-ff", "-m", "merge", "work"];
    scratch.git_at("2026-01-05T00:00:00Z", "Ada", "ada@example.org", &message);
    let repository = open(&scratch);
    let statuses = |commits| -> Vec<(String, Option<String>)> {
        let log = log(&repository, &Options { commits, ..Options::default() });
        let statuses = log.events.iter().filter(|event| event.kind == EventKind::Status);
        statuses
            .map(|event| (event.to.clone().unwrap_or_default(), event.author.as_deref().map(str::to_owned)))
            .collect()
    };
    let expected = [("provisional", None), ("implemented", None)];
    let owned = |(status, author): (&str, Option<&str>)| (status.to_owned(), author.map(str::to_owned));
    assert_eq!(statuses(Commits::Main), expected.map(owned));
    let expected = [
        ("provisional", Some("Ada <ada@example.org>")),
        ("implementable", Some("Bo <x@example.org>")),
        ("implemented", Some("Cy <x@example.org>")),
    ];
    assert_eq!(statuses(Commits::All), expected.map(owned));
}

#[test]
fn what_a_merge_itself_changes_is_told_of_all_commits_too() {
    let scratch = begun();
    let status = |status: &str, stage: &str| {
        scratch.write(&format!("{OLD}/kep.yaml"), fields(status, stage));
        scratch.git(&["add", "-A"]);
    };
    scratch.git(&["switch", "-qc", "work"]);
    status("implementable", "alpha");
    scratch.commit_index("2026-01-02T00:00:00Z");
    scratch.git(&["switch", "-q", "main"]);
    scratch.write("keps/sig-a/2-other/kep.yaml", fields("provisional", "alpha"));
    scratch.commit("2026-01-03T00:00:00Z");
    scratch.git(&["merge", "-q", "--no-ff", "--no-commit", "work"]);
    // Neither side says so.
    status("implementable", "beta");
    let merge = scratch.commit_index("2026-01-04T00:00:00Z");
    let log = log(&open(&scratch), &Options { commits: Commits::All, ..Options::default() });
    let of_merge: Vec<Event> = log.events.into_iter().filter(|event| *event.commit == merge).collect();
    assert_eq!(short(&of_merge), ["stage: alpha > beta"]);
}

#[test]
fn a_shallow_clone_says_from_when_it_knows_and_invents_nothing() {
    let scratch = begun();
    for status in ["implementable", "implemented"] {
        scratch.write(&format!("{OLD}/kep.yaml"), fields(status, "alpha"));
        scratch.commit("2026-01-02T00:00:00Z");
    }
    let clone = Scratch::bare_folder();
    let from = format!("file://{}", scratch.path().display());
    git(clone.path(), &["clone", "-q", "--bare", "--depth=2", &from, "clone"]);
    let repository = Repository::open(clone.at("clone")).expect("a repository");
    for commits in [Commits::Main, Commits::All] {
        let log = log(&repository, &Options { commits, ..Options::default() });
        assert_eq!(short(&log.events), ["status: implementable > implemented"]);
        let cut = log.cut.expect("it is cut");
        assert_eq!((&*cut.commit, cut.reason), (&*scratch.git(&["rev-parse", "HEAD~1"]), CutReason::Shallow));
    }
}

#[test]
fn what_a_partial_clone_lacks_is_unknown() {
    let scratch = begun();
    scratch.git(&["config", "uploadpack.allowFilter", "true"]);
    for status in ["implementable", "implemented"] {
        scratch.write(&format!("{OLD}/kep.yaml"), fields(status, "alpha"));
        scratch.commit("2026-01-02T00:00:00Z");
    }
    let from = format!("file://{}", scratch.path().display());
    let clone = |filter: &str| {
        let clone = Scratch::bare_folder();
        git(clone.path(), &["clone", "-q", filter, &from, "clone"]);
        clone
    };
    // The files of today are there, those of older commits are not.
    let blobless = clone("--filter=blob:none");
    let repository = Repository::open(blobless.at("clone")).expect("a repository");
    let log_of = |repository: &Repository| log(repository, &Options::default());
    let found = log_of(&repository);
    assert!(found.unread >= 2 && found.cut.is_none(), "{found:?}");
    assert_eq!(short(&found.events).iter().filter(|event| event.starts_with("status")).count(), 1);
    let treeless = clone("--filter=tree:0");
    let repository = Repository::open(treeless.at("clone")).expect("a repository");
    let found = log_of(&repository);
    assert_eq!(found.events, []);
    let cut = found.cut.expect("it is cut");
    assert_eq!((&*cut.commit, cut.reason), (&*scratch.git(&["rev-parse", "HEAD"]), CutReason::Missing));
}

#[test]
fn a_commit_asked_for_is_where_the_telling_begins() {
    let scratch = begun();
    let first = scratch.git(&["rev-parse", "HEAD"]);
    scratch.write(&format!("{OLD}/kep.yaml"), fields("implementable", "alpha"));
    scratch.commit("2026-01-02T00:00:00Z");
    let repository = open(&scratch);
    let since = repository.commit_at(&signoff_history::When::Revision(first)).expect("a commit");
    for commits in [Commits::Main, Commits::All] {
        let found = log(&repository, &Options { commits, since: Some(&since), ..Options::default() });
        assert_eq!(short(&found.events), ["status: provisional > implementable"]);
        assert_eq!(found.cut.map(|cut| cut.reason), Some(CutReason::Asked));
    }
}

#[test]
fn one_proposal_is_told_of_alone_also_when_it_was_moved() {
    let scratch = begun();
    scratch.write("keps/sig-a/2-other/kep.yaml", fields("provisional", "alpha").replace(": 1", ": 2"));
    scratch.commit("2026-01-02T00:00:00Z");
    scratch.git(&["mv", "keps/sig-a", "keps/sig-b"]);
    scratch.commit("2026-01-03T00:00:00Z");
    let repository = open(&scratch);
    let all = log(&repository, &Options::default()).events;
    let is_it = |path: &str| path == NEW;
    let only = log(&repository, &Options { only: Some(&is_it), ..Options::default() }).events;
    let expected: Vec<Event> = all.into_iter().filter(|event| &*event.proposal == NEW).collect();
    assert!(expected.len() > 4);
    assert_eq!(only, expected);
}

/// The proposals are a folder of a larger repository, beside another repository and odd names.
#[test]
fn the_rest_of_a_repository_does_not_matter() {
    let scratch = begun();
    let alone = short(&log(&open(&scratch), &Options::default()).events);
    let whole = Scratch::new();
    whole.git(&["-c", "core.quotePath=false", "read-tree", "--empty"]);
    for (path, text) in [
        (format!("sub/{OLD}/kep.yaml"), fields("provisional", "alpha")),
        (format!("sub/{OLD}/README.md"), prose("None yet, this is written later.")),
        ("sub/keps/prod-readiness/sig-a/1.yaml".to_owned(), approved("alpha", "@ada")),
        ("keps/sig-z/9-outside/kep.yaml".to_owned(), fields("provisional", "alpha")),
    ] {
        whole.write(&path, text);
    }
    whole.git(&["add", "-A"]);
    whole.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{},sub/keps/module", "1".repeat(40))]);
    whole.commit_index("2026-01-01T00:00:00Z");
    let repository = open(&whole);
    assert_eq!(short(&log(&repository, &Options { prefix: "sub", ..Options::default() }).events), alone);
}

#[test]
fn an_empty_history_says_so() {
    let scratch = Scratch::new();
    let found = open(&scratch).commit_at(&signoff_history::When::Revision("HEAD".to_owned()));
    assert!(matches!(found, Err(Error::UnknownRevision { .. } | Error::NoCommits)), "{found:?}");
}

#[test]
fn the_sample_tells_who_did_it() {
    let sample = Recorded::sample();
    let log = log(sample, &Options { commits: Commits::All, ..Options::default() });
    assert!(log.events.iter().all(|event| event.author.as_deref().is_some_and(|author| author.contains('@'))));
}

/// What a link leads to changes without the link.
#[cfg(unix)]
#[test]
fn what_a_link_leads_to_is_followed() {
    let scratch = begun();
    scratch.write("elsewhere.yaml", fields("provisional", "alpha"));
    scratch.git(&["rm", "-q", &format!("{OLD}/kep.yaml")]);
    scratch.link(&format!("{OLD}/kep.yaml"), "../../../elsewhere.yaml");
    scratch.commit("2026-01-02T00:00:00Z");
    assert_eq!(last(&scratch), Vec::<String>::new());
    scratch.write("elsewhere.yaml", fields("implementable", "alpha"));
    scratch.commit("2026-01-03T00:00:00Z");
    assert_eq!(last(&scratch), ["status: provisional > implementable"]);
}
