//! What history tells, over literal histories of a small invented process: what releases brought, what slipped, what
//! is left alone, figures, and what is tidied up.

mod cleanup;
mod course;
mod delivery;
mod stale;
mod statistics;

use std::sync::Arc;

use jiff::Timestamp;
use signoff_analysis::cycle::{self, Cycle};
use signoff_model::event::{Event, EventKind, Touch, Toucher};
use signoff_model::memo::Memo;
use signoff_model::profile::Prepared;
use signoff_model::{Corpus, MemoryTree, Profile, Release, corpus};

const PROFILE: &str = r#"
schema = 1
id = "works"
layout = { root = "p", name = "{number}-{slug}", metadata = "p.yaml", body = "p.md" }
[fields.title]
meaning = "title"
[fields.number]
kind = "number"
meaning = "number"
[fields.state]
kind = "status"
meaning = "status"
[fields.stage]
kind = "stage"
meaning = "stage"
[fields.target]
kind = "release"
meaning = "latest-milestone"
[fields.milestone]
kind = "releases"
meaning = "milestones"
[fields.authors]
kind = "people"
meaning = "authors"
[fields.approvers]
kind = "people"
meaning = "approvers"
[fields.team]
kind = "group"
meaning = "group"
[fields.replaces]
kind = "references"
meaning = "supersedes"
[fields.began]
kind = "date"
meaning = "created"
[groups]
known = ["roads"]
retired = ["canals"]
[people]
placeholders = ["TBD"]
aliases = "PEOPLE"
[[status]]
name = "draft"
[[status]]
name = "agreed"
class = "accepted"
[[status]]
name = "built"
class = "done"
[[status]]
name = "shelved"
class = "parked"
[[status]]
name = "dropped"
class = "dead"
[[status]]
name = "replaced"
class = "dead"
successor = true
[[stage]]
name = "trial"
track = "up"
[[stage]]
name = "open"
track = "up"
[[stage]]
name = "firm"
track = "up"
aliases = ["solid"]
[[stage]]
name = "torn-down"
track = "down"
[release]
prefix = "v"
[[companion]]
id = "seal"
path = "seals/{number}.yaml"
root = "seals"
number = "number"
approver = "by"
[[checkpoint]]
id = "start"
[[checkpoint]]
id = "plan"
[[checkpoint]]
id = "release"
[[calendar]]
release = "v1.1"
at = { start = "2025-01-01T00:00Z", plan = "2025-02-01T00:00Z", release = "2025-04-01T00:00Z" }
[[calendar]]
release = "v1.2"
at = { start = "2025-05-01T00:00Z", plan = "2025-06-01T00:00Z", release = "2025-08-01T00:00Z" }
[[calendar]]
release = "v1.3"
at = { start = "2025-09-01T00:00Z", plan = "2025-10-01T00:00Z", release = "2025-12-01T00:00Z" }
[[calendar]]
release = "v1.4"
at = { start = "2026-01-01T00:00Z", plan = "2026-02-01T00:00Z", release = "2026-04-01T00:00Z" }
[history]
planned_at = "plan"
[[stale.passing]]
name = "open"
releases = 2
source = "rule 7"
[cleanup]
undecided = "ask for {next}"
[[cleanup.command]]
id = "tidy"
when = "targeted"
why = "it is out"
run = "forge tidy {number} {release} {stage}"
[[cleanup.command]]
id = "close"
when = "finished"
why = "it is firm"
run = "forge close {number}"
"#;

/// Between the releases of v1.3 and v1.4.
const NOW: &str = "2026-01-15T00:00Z";

/// A proposal: its folder, what its metadata says now, and its events, oldest first: a day, what changed, from, to;
/// `-` for nothing, and `!` behind it for a sweep. Its seals say what the events bring.
type Story<'s> = (&'s str, &'s str, &'s [&'s str]);

fn prepared() -> Arc<Prepared> {
    Arc::new(Prepared::new(Profile::parse(PROFILE, &|_| None).expect("a profile")))
}

fn tree(stories: &[Story<'_>]) -> MemoryTree {
    let mut tree = MemoryTree::default();
    for (folder, metadata, _) in stories.iter().filter(|(_, metadata, _)| !metadata.is_empty()) {
        let number = folder.split('-').next().unwrap_or_default();
        let own = if metadata.starts_with("number:") { String::new() } else { format!("number: {number}\n") };
        tree.insert(format!("p/{folder}/p.yaml"), own + metadata);
        tree.insert(format!("p/{folder}/p.md"), String::new());
    }
    for (folder, _, events) in stories {
        let number = folder.split('-').next().unwrap_or_default();
        let mut seal = format!("number: {number}\n");
        for event in events.iter().map(|text| event(folder, text)).filter(|event| event.kind == EventKind::Approved) {
            let stage = event.subject.expect("a stage");
            seal += &format!("{stage}:\n  by: \"{}\"\n", event.to.as_deref().unwrap_or_default());
        }
        tree.insert(format!("seals/{number}.yaml"), seal);
    }
    tree.insert("PEOPLE".to_owned(), "aliases:\n  keepers:\n    - keeper\n");
    tree
}

/// The proposals as they are now, with their events in the order of time.
fn read(stories: &[Story<'_>]) -> Corpus {
    read_at(stories, NOW)
}

fn read_at(stories: &[Story<'_>], now: &str) -> Corpus {
    let request = corpus::Request { prepared: prepared(), paths: None, prose: false, as_of: at(now) };
    let mut corpus = corpus::load(&tree(stories), &request, &Memo::default());
    let told = |(folder, _, events): &Story<'_>| events.iter().map(|text| event(folder, text)).collect::<Vec<_>>();
    let mut events: Vec<Event> = stories.iter().flat_map(told).collect();
    events.sort_by_key(|event| event.at);
    corpus.events = events.into();
    corpus
}

fn event(folder: &str, text: &str) -> Event {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (kind, subject) = words[1].split_once(':').map_or((words[1], None), |(kind, subject)| (kind, Some(subject)));
    let value =
        |index: usize| words.get(index).filter(|word| !matches!(**word, "-" | "!")).map(|word| (*word).to_owned());
    let (kind, subject) = match kind {
        "created" => (EventKind::Created, None),
        "removed" => (EventKind::Removed, None),
        "state" => (EventKind::Status, None),
        "stage" => (EventKind::Stage, None),
        "target" => (EventKind::Milestone, Some("latest")),
        "milestone" => (EventKind::Milestone, subject),
        "sealed" => (EventKind::Approved, subject),
        other => panic!("no kind of event: {other}"),
    };
    Event {
        at: at(words[0]),
        // What happens to a proposal at one instant happens in one commit.
        commit: format!("{:0>40}", at(words[0]).as_second()).into(),
        proposal: format!("p/{folder}").into(),
        kind,
        subject: subject.map(Into::into),
        from: value(2),
        to: value(3),
        sweep: words.last() == Some(&"!"),
        author: None,
    }
}

/// A commit that changed a proposal: its folder, the day, who wrote it (`@handle` or a name); `!` for a sweep.
fn touch(folder: &str, day: &str, by: &str) -> Touch {
    let name = by.trim_end_matches('!');
    let by_whom = match name.strip_prefix('@') {
        Some(handle) => Some(Toucher::Handle(handle.into())),
        None if name.is_empty() => None,
        None => Some(Toucher::Name(name.into())),
    };
    Touch {
        at: at(day),
        commit: day.into(),
        proposal: format!("p/{folder}").into(),
        by: by_whom,
        sweep: by.ends_with('!'),
    }
}

/// An instant, or the beginning of a day.
fn at(text: &str) -> Timestamp {
    let text = if text.contains('T') { text.to_owned() } else { format!("{text}T00:00Z") };
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn release(text: &str) -> Release {
    Release::parse(text).expect("a release")
}

fn cycle(corpus: &Corpus, text: &str) -> Cycle {
    cycle::of(&corpus.prepared, release(text))
}

/// What a proposal says that is agreed on for a release.
fn agreed(stage: &str, target: &str, milestones: &str) -> String {
    format!("title: One\nteam: roads\nstate: agreed\nstage: {stage}\ntarget: {target}\nmilestone: {{{milestones}}}\n")
}
