//! What history tells, in every format.

use std::sync::Arc;

use signoff_analysis::delivery::Moment;
use signoff_analysis::statistics::{By, Wanted};
use signoff_analysis::{cleanup, cycle, delivery, profiles, stale, statistics};
use signoff_model::event::{Event, EventKind, Touch, Toucher};
use signoff_model::memo::Memo;
use signoff_model::profile::Prepared;
use signoff_model::{Corpus, MemoryTree, Release, corpus};
use signoff_output::Look;
use signoff_output::cleanup::{Sweep, write_patch};
use signoff_output::delivery::{Shipped, Slipped};
use signoff_output::stale::Stale;
use signoff_output::standpoint::{KnownFrom, Standpoint};
use signoff_output::statistics::{Stats, write_csv, write_human};

use crate::{expect, fits_own_schema, written};

const LOOK: Look = Look { color: false, width: 90 };

const POOLS: &str = "title: Widget pools
kep-number: 1234
owning-sig: sig-node
status: implementable
authors: ['@wanda']
approvers: ['@lena']
stage: stable
latest-milestone: v1.36
milestone: {beta: v1.34, stable: v1.36}
feature-gates: [{name: WidgetPools}]
";

/// A title that would steer a terminal, and a number that would steer a shell.
const LOCKS: &str = "title: \"Crate \\e[31mlocks, \\\"hidden\\\"\"
kep-number: 3456; true
owning-sig: sig-storage
status: implementable
authors: ['@nobody']
approvers: ['@lena']
stage: beta
latest-milestone: v1.37
milestone: {alpha: v1.33, beta: v1.37}
";

const SETS: &str = "title: Widget sets
kep-number: 2345
owning-sig: sig-apps
status: provisional
creation-date: 2023-03-01
authors: ['@abel']
approvers: ['TBD']
";

const EVENTS: [(&str, &str, &str, Option<&str>, Option<&str>); 17] = [
    ("2023-03-02", "2345-widget-sets", "created", None, None),
    ("2023-03-02", "2345-widget-sets", "status", None, Some("provisional")),
    ("2024-09-01", "1234-widget-pools", "created", None, None),
    ("2024-09-01", "1234-widget-pools", "status", None, Some("provisional")),
    ("2024-09-21", "1234-widget-pools", "status", Some("provisional"), Some("implementable")),
    ("2025-05-01", "1234-widget-pools", "stage", None, Some("beta")),
    ("2025-05-01", "1234-widget-pools", "milestone beta", None, Some("v1.34")),
    ("2025-11-01", "3456-crate-locks", "created", None, None),
    ("2025-11-01", "3456-crate-locks", "status", None, Some("implementable")),
    ("2025-11-01", "3456-crate-locks", "stage", None, Some("beta")),
    ("2025-11-01", "3456-crate-locks", "milestone beta", None, Some("v1.36")),
    ("2025-11-01", "3456-crate-locks", "milestone latest", None, Some("v1.36")),
    ("2026-02-01", "1234-widget-pools", "stage", Some("beta"), Some("stable")),
    ("2026-02-01", "1234-widget-pools", "milestone stable", None, Some("v1.36")),
    ("2026-02-01", "1234-widget-pools", "milestone latest", Some("v1.34"), Some("v1.36")),
    ("2026-03-01", "3456-crate-locks", "milestone beta", Some("v1.36"), Some("v1.37")),
    ("2026-03-01", "3456-crate-locks", "milestone latest", Some("v1.36"), Some("v1.37")),
];

fn path(folder: &str) -> Arc<str> {
    let group = match &folder[..1] {
        "1" => "sig-node",
        "2" => "sig-apps",
        _ => "sig-storage",
    };
    format!("keps/{group}/{folder}").into()
}

fn at(day: &str) -> jiff::Timestamp {
    format!("{day}T12:00Z").parse().expect("an instant")
}

fn corpus() -> Corpus {
    let mut tree = MemoryTree::new([("keps/README.md", "# Proposals\n")]);
    for (folder, metadata) in [("1234-widget-pools", POOLS), ("2345-widget-sets", SETS), ("3456-crate-locks", LOCKS)] {
        tree.insert(format!("{}/kep.yaml", path(folder)), metadata);
    }
    tree.insert("keps/prod-readiness/sig-node/1234.yaml", "kep-number: 1234\nstable:\n  approver: '@petra'\n");
    let prepared = Arc::new(Prepared::new(profiles::load("kep").expect("the profile")));
    let request = corpus::Request { prepared, paths: None, prose: false, as_of: at("2026-07-24") };
    let mut corpus = corpus::load(&tree, &request, &Memo::default());
    corpus.events = EVENTS.iter().map(event).collect();
    corpus
}

fn event((day, folder, what, from, to): &(&str, &str, &str, Option<&str>, Option<&str>)) -> Event {
    let (kind, subject) = what.split_once(' ').map_or((*what, None), |(kind, subject)| (kind, Some(subject)));
    let kinds = [EventKind::Created, EventKind::Status, EventKind::Stage, EventKind::Milestone];
    Event {
        at: at(day),
        commit: day.replace('-', "").repeat(5).into(),
        proposal: path(folder),
        kind: kinds.into_iter().find(|known| known.word() == kind).expect("a kind"),
        subject: subject.map(Into::into),
        from: from.map(str::to_owned),
        to: to.map(str::to_owned),
        sweep: *day == "2026-03-01",
        author: None,
    }
}

fn touches() -> Vec<Touch> {
    let touch = |folder: &str, day: &str, handle: &str| Touch {
        at: at(day),
        commit: day.into(),
        proposal: path(folder),
        by: Some(Toucher::Handle(handle.into())),
        sweep: false,
    };
    vec![
        touch("2345-widget-sets", "2023-03-02", "abel"),
        touch("1234-widget-pools", "2026-02-01", "wanda"),
        touch("3456-crate-locks", "2026-06-01", "nobody"),
    ]
}

fn standpoint(corpus: &Corpus) -> Standpoint {
    Standpoint {
        instant: corpus.as_of,
        commit: Some("1234567890abcdef1234567890abcdef12345678".to_owned()),
        known_from: None,
        unread_files: 0,
        notes: Vec::new(),
    }
}

fn cycle_of(corpus: &Corpus) -> cycle::Cycle {
    cycle::of(&corpus.prepared, Release::parse("v1.36").expect("a release"))
}

#[test]
fn what_a_release_brought() {
    let corpus = corpus();
    let cycle = cycle_of(&corpus);
    let rows = delivery::shipped(&corpus, &cycle);
    let shipped = Shipped::new(&corpus.prepared, &cycle, &rows, standpoint(&corpus));
    let json = written(|out| shipped.write_json(out));
    fits_own_schema(&json);
    expect("shipped.json", &json);
    expect("shipped.txt", &written(|out| shipped.write_human(LOOK, out)));
    expect("shipped.csv", &written(|out| shipped.write_csv(out)));
}

#[test]
fn what_slipped() {
    let corpus = corpus();
    let cycle = cycle_of(&corpus);
    let found = delivery::slipped(&corpus, &cycle, Moment::Settled).expect("the dates are known");
    let known_from = Some(KnownFrom {
        commit: "abcdef1234567890".repeat(2),
        at: at("2023-01-01"),
        reason: "this clone is shallow".to_owned(),
    });
    let standpoint = Standpoint {
        known_from,
        unread_files: 2,
        notes: vec!["no calendar is that new".to_owned()],
        ..standpoint(&corpus)
    };
    let slipped = Slipped::new(&corpus.prepared, &cycle, Moment::Settled, &found, standpoint);
    let json = written(|out| slipped.write_json(out));
    fits_own_schema(&json);
    expect("slipped.json", &json);
    expect("slipped.txt", &written(|out| slipped.write_human(LOOK, out)));
    expect("slipped.csv", &written(|out| slipped.write_csv(out)));
}

#[test]
fn what_is_left_alone() {
    let corpus = corpus();
    let touches = touches();
    let found = stale::stale(&corpus, Some(&touches));
    let stale = Stale::new(&corpus, &found, standpoint(&corpus));
    let json = written(|out| stale.write_json(out));
    fits_own_schema(&json);
    expect("stale.json", &json);
    expect("stale.txt", &written(|out| stale.write_human(LOOK, out)));
    expect("stale.csv", &written(|out| stale.write_csv(out)));
}

#[test]
fn figures() {
    let corpus = corpus();
    let touches = touches();
    let count = |wanted: Wanted| {
        let found = statistics::statistics(&corpus, Some(&touches), wanted);
        Stats::new(&corpus.prepared, &found, wanted, standpoint(&corpus))
    };
    let stats = count(Wanted::default());
    let json = written(|out| stats.write_json(out));
    fits_own_schema(&json);
    expect("stats.json", &json);
    expect("stats.txt", &written(|out| write_human(&stats, LOOK, out)));
    expect("stats.csv", &written(|out| write_csv(&stats, out)));
    let by = count(Wanted { by: Some(By::Group), ..Wanted::default() });
    fits_own_schema(&written(|out| by.write_json(out)));
    expect("stats-by.txt", &written(|out| write_human(&by, LOOK, out)));
}

#[test]
fn what_is_tidied_up() {
    let corpus = corpus();
    let cycle = cycle_of(&corpus);
    let found = cleanup::cleanup(&corpus, &cycle);
    let sweep = Sweep::new(&corpus, &cycle, &found, standpoint(&corpus)).expect("memory takes everything");
    let json = written(|out| sweep.write_json(out));
    fits_own_schema(&json);
    expect("sweep.json", &json);
    expect("sweep.txt", &written(|out| sweep.write_human(LOOK, out)));
    expect("sweep.patch", &written(|out| write_patch(&found, out)));
}
