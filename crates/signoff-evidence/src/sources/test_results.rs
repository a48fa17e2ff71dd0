//! Results of tests: JUnit files with what stands beside them, or a snapshot of the runs of jobs.

use std::sync::Arc;

use jiff::Timestamp;
use signoff_model::Node;
use signoff_model::fact::{Outcome, Quote, Record, SourceKind, TestOutcome, TestRun};

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
    // Of a file that was cut off nobody knows what else its last run had.
    let is_cut = reading.has_problems();
    let Some(jobs) = root.get("jobs") else {
        reading.problem(Some(1), "it has no list `jobs`");
        return;
    };
    let mut runs: Vec<(Quote, TestRun)> = Vec::new();
    for job in jobs.items() {
        let name = shared(job, "job");
        for node in job.get("runs").map(Node::items).unwrap_or_default() {
            let run = TestRun {
                job: Arc::clone(&name),
                run: shared(node, "run"),
                started: started(reading, node),
                finished: text(node, "finished").and_then(boolean),
                commit: text(node, "commit").map(Arc::from),
                tests: node.get("tests").and_then(|tests| outcomes(reading, tests)),
            };
            runs.push((reading.quote_of(node.span), run));
        }
    }
    if let Some((_, last)) = runs.last_mut().filter(|_| is_cut) {
        (last.finished, last.tests) = (None, None);
    }
    for (at, run) in runs {
        reading.say(at, Record::Run(run));
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

/// `None` where one of them cannot be read: it may be the one that failed.
fn outcomes(reading: &mut Reading<'_>, tests: &Node) -> Option<Vec<TestOutcome>> {
    let mut outcomes = Vec::new();
    for test in tests.items() {
        let outcome = text(test, "outcome").and_then(Outcome::parse);
        let (Some(name), Some(outcome)) = (text(test, "name"), outcome) else {
            let at = reading.quote_of(test.span);
            reading.problem_at(&at, "a test has no name, or no outcome `passed`, `failed` or `skipped`");
            return None;
        };
        outcomes.push(TestOutcome { name: name.into(), outcome });
    }
    Some(outcomes)
}
