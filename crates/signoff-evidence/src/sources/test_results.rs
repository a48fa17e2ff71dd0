//! Results of tests: JUnit files with what stands beside them, or a snapshot of the runs of jobs.

use std::sync::Arc;

use jiff::Timestamp;
use signoff_model::Node;
use signoff_model::fact::{Outcome, Record, SourceKind, TestOutcome, TestRun};

use super::Reader;
use crate::json;
use crate::reading::Reading;
use crate::values::{boolean, shared, text};

mod junit;

pub(super) const READER: Reader = Reader { kind: SourceKind::TestResults, page: include_str!("test_results.md"), read };

fn read(reading: &mut Reading<'_>) {
    if reading.source.path.ends_with(".xml") {
        return junit::read(reading);
    }
    let Some(root) = reading.json(json::whole) else { return };
    match &*reading.stem() {
        "started" => beside(reading, &root, None),
        "finished" => beside(reading, &root, Some(true)),
        _ => snapshot(reading, &root),
    }
}

/// A part of what is known about the run that a file lies with: `JOB/RUN/started.json`, `JOB/RUN/artifacts/junit.xml`.
fn run_of(path: &str) -> TestRun {
    let folders: Vec<&str> = path.rsplit('/').skip(1).filter(|folder| *folder != "artifacts").collect();
    TestRun {
        job: folders.get(1).copied().unwrap_or_default().into(),
        run: folders.first().copied().unwrap_or_default().into(),
        started: None,
        finished: None,
        commit: None,
        tests: None,
    }
}

/// `started.json` and `finished.json`, which lie beside the results of a run.
fn beside(reading: &mut Reading<'_>, root: &Node, finished: Option<bool>) {
    let mut run = run_of(&reading.source.path);
    let seconds = text(root, "timestamp").and_then(|text| text.parse().ok());
    let commit = ["repo-commit", "revision"].into_iter().find_map(|key| text(root, key));
    run.commit = commit.map(Arc::from);
    run.finished = finished;
    if finished.is_none() {
        run.started = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
        if run.started.is_none() {
            reading.problem(Some(1), "it has no time that can be read");
        }
    }
    let at = reading.quote(0);
    reading.say(at, Record::Run(run));
}

/// The runs of jobs, as the page of this kind describes them.
fn snapshot(reading: &mut Reading<'_>, root: &Node) {
    let Some(jobs) = root.get("jobs") else {
        reading.problem(Some(1), "it has no list `jobs`");
        return;
    };
    for job in jobs.items() {
        let name = shared(job, "job");
        for node in job.get("runs").map(Node::items).unwrap_or_default() {
            let at = reading.quote_of(node.span);
            let run = TestRun {
                job: Arc::clone(&name),
                run: shared(node, "run"),
                started: started(reading, node),
                finished: text(node, "finished").and_then(boolean),
                commit: text(node, "commit").map(Arc::from),
                tests: node.get("tests").map(|tests| outcomes(reading, tests)),
            };
            reading.say(at, Record::Run(run));
        }
    }
}

fn started(reading: &mut Reading<'_>, node: &Node) -> Option<Timestamp> {
    let written = text(node, "started")?;
    let started: Option<Timestamp> = written.parse().ok();
    if started.is_none() {
        let at = reading.quote_key(node, "started");
        reading.problem_at(&at, format!("`{written}` is no time"));
    }
    started
}

fn outcomes(reading: &mut Reading<'_>, tests: &Node) -> Vec<TestOutcome> {
    let mut outcomes = Vec::new();
    for test in tests.items() {
        let outcome = match text(test, "outcome") {
            Some("passed") => Some(Outcome::Passed),
            Some("failed") => Some(Outcome::Failed),
            Some("skipped") => Some(Outcome::Skipped),
            _ => None,
        };
        match (text(test, "name"), outcome) {
            (Some(name), Some(outcome)) => outcomes.push(TestOutcome { name: name.into(), outcome }),
            _ => {
                let at = reading.quote_of(test.span);
                reading.problem_at(&at, "a test has no name, or no outcome `passed`, `failed` or `skipped`");
            }
        }
    }
    outcomes
}
