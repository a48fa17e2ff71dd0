//! The calendars of the process with releases against the record that they were transcribed from, when it is there.

#![allow(clippy::disallowed_methods, reason = "tests read the corpora")]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use signoff_analysis::profiles;
use signoff_model::calendar::{moment, page};
use signoff_model::exception::{self, Exception, Exceptions};
use signoff_model::profile::Prepared;
use signoff_model::{Finding, Node, Release, Source, yaml};

const PROFILE: &str = "kep";

/// What the record lacks and the pages have.
const ADDED: [(&str, &str); 2] = [("v1.28", "beta0"), ("v1.29", "beta0")];

fn corpora() -> Option<PathBuf> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpora"));
    let corpora = std::env::var_os("SIGNOFF_CORPORA").map_or_else(beside, PathBuf::from);
    if corpora.join("calendars.yaml").is_file() {
        return Some(corpora);
    }
    let _ = writeln!(std::io::stderr(), "not run: no calendars.yaml in SIGNOFF_CORPORA or ../shared/corpora");
    None
}

/// The written time of a checkpoint of the record: a text, or a mapping with `at`.
fn written(node: &Node) -> Option<&str> {
    node.text().or_else(|| node.get("at").and_then(Node::text))
}

#[test]
fn every_instant_is_that_of_the_record() {
    let Some(corpora) = corpora() else { return };
    let record = std::fs::read_to_string(corpora.join("calendars.yaml")).expect("the record");
    let record = yaml::parse(&record);
    assert_eq!(record.faults, []);
    let record = record.root.expect("a value");
    let prepared = Prepared::new(profiles::load(PROFILE).expect("the profile"));
    let (mut expected, mut hard) = (BTreeSet::new(), BTreeSet::new());
    for calendar in record.get("calendars").expect("calendars").pairs() {
        let release = calendar.key.to_string();
        for checkpoint in calendar.node.pairs() {
            let id = checkpoint.key.replace('_', "-");
            let Some(at) = written(&checkpoint.node) else { continue };
            let at = moment::read(at).unwrap_or_else(|message| panic!("{release} {id}: {message}"));
            if checkpoint.node.get("hard").and_then(Node::text) == Some("false") {
                hard.insert((release.clone(), id.clone()));
            }
            expected.insert((release.clone(), id, at.at, at.exact));
        }
    }
    let is_added = |release: &str, id: &str| ADDED.contains(&(release, id));
    let found: BTreeSet<_> = prepared
        .calendars
        .all
        .iter()
        .flat_map(|calendar| calendar.checkpoints.iter().map(move |dated| (calendar.release.to_string(), dated)))
        .filter(|(release, dated)| !is_added(release, &dated.id))
        .map(|(release, dated)| (release, dated.id.to_string(), dated.at, dated.exact))
        .collect();
    assert_eq!(found, expected);
    assert!(expected.len() > 140, "{}", expected.len());
    for (release, id) in hard {
        let calendar = prepared.calendar(Release::parse(&release).expect("a release")).expect("a calendar");
        assert!(calendar.at(&id).is_some_and(|dated| !dated.hard), "{release} {id}");
    }
}

/// Each page gives the calendar of its release, word for word.
#[test]
fn the_pages_say_what_the_calendars_say() {
    let Some(corpora) = corpora() else { return };
    let prepared = Prepared::new(profiles::load(PROFILE).expect("the profile"));
    let mut shown = String::new();
    for minor in 25..=37 {
        let path = format!("releases/release-1.{minor}/README.md");
        let text = std::fs::read_to_string(corpora.join("evidence/sig-release").join(&path)).expect("a page");
        let source = Source::new(path.as_str(), text);
        let page = page::read(&source, &prepared.calendars);
        let found = page.calendar.expect("a calendar");
        if let Some(known) = prepared.calendar(found.release) {
            assert_eq!(found.checkpoints, known.checkpoints, "{}", found.release);
        }
        for fault in &page.faults {
            let position = source.position(fault.span.start);
            let (line, column) = (position.line, position.column);
            shown.push_str(&format!("1.{minor}:{line}:{column}: {}: {}\n", fault.kind.word(), fault.message));
        }
    }
    let expected = include_str!("cases/release_pages.txt");
    assert!(shown == expected, "{shown}");
}

/// The lists of the release folders say what comes with the program, line by line.
#[test]
fn the_exceptions_are_those_of_the_release_folders() {
    let Some(corpora) = corpora() else { return };
    let prepared = Prepared::new(profiles::load(PROFILE).expect("the profile"));
    let name = prepared.profile.exceptions.as_deref().expect("a list");
    let read = |path: &str, text: &str| exception::read(&Arc::new(Source::new(path, text)), &prepared.calendars);
    let shipped = read(name, profiles::exceptions(name).expect("a list of that name"));
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for minor in 25..=36 {
        let path = format!("sig-release/releases/release-1.{minor}/exceptions.yaml");
        let text = std::fs::read_to_string(corpora.join("evidence").join(&path)).expect("a list");
        let source = Source::new(path.as_str(), text.as_str());
        let Exceptions { all, findings } = read(&path, &text);
        let place = |finding: &Finding| format!("1.{minor}:{}", source.line(finding.span.unwrap_or_default().start));
        faults.extend(findings.iter().map(|finding| format!("{}: {}", place(finding), finding.message)));
        found.extend(all.into_iter().map(|exception| Exception { text: "".into(), ..exception }));
    }
    let shipped: Vec<Exception> =
        shipped.all.into_iter().map(|exception| Exception { text: "".into(), ..exception }).collect();
    assert_eq!(shipped, found);
    assert_eq!(found.len(), 116);
    assert_eq!(faults, ["1.25:37: reviewed at 2021-08-03, before it was requested at 2022-07-30"]);
}
