//! Results in the XML that JUnit made common: suites with cases, and in each what went wrong.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use signoff_model::fact::{Outcome, Record, TestOutcome};

use super::run_of;
use crate::reading::Reading;

/// Deepest nesting that is read.
const DEPTH_MAX: usize = 64;
/// Most tests of one file.
const TESTS_MAX: usize = 200_000;

/// What was read so far.
#[derive(Default)]
struct Suite {
    tests: Vec<TestOutcome>,
    /// Whether the last test is still open, so that what comes says what became of it.
    is_open: bool,
    has_suite: bool,
    started: Option<Timestamp>,
    fault: Option<(usize, &'static str)>,
}

pub(super) fn read(reading: &mut Reading<'_>) {
    let suite = suite(&reading.source.text);
    if let Some((at, message)) = suite.fault {
        let at = reading.quote(at);
        reading.problem_at(&at, message);
    }
    let incomplete = suite.fault.is_some();
    if !suite.has_suite && !incomplete {
        reading.problem(None, "it has no suite of tests");
        return;
    }
    let mut run = run_of(&reading.source.path);
    run.started = suite.started;
    // A file that was cut off lists some of its tests and no one knows which are missing.
    run.tests = (!incomplete).then_some(suite.tests);
    run.incomplete = incomplete;
    let at = reading.quote(0);
    reading.say(at, Record::Run(run));
}

fn suite(text: &str) -> Suite {
    let mut suite = Suite::default();
    let mut reader = Reader::from_str(text);
    let mut depth = 0_usize;
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                depth += 1;
                suite.element(&start, at);
            }
            Ok(Event::Empty(start)) => {
                suite.element(&start, at);
                suite.close(start.local_name().as_ref());
            }
            Ok(Event::End(end)) => {
                depth = depth.saturating_sub(1);
                suite.close(end.local_name().as_ref());
            }
            Ok(Event::Eof) => {
                if depth > 0 {
                    suite.fault = Some((at, "it ends in the middle of an element"));
                }
                return suite;
            }
            Ok(_) => {}
            Err(_) => suite.fault = Some((at, "it is not XML from here on")),
        }
        if depth > DEPTH_MAX || suite.tests.len() > TESTS_MAX {
            suite.fault = Some((at, "it has too many tests, or they are nested too deeply"));
        }
        if suite.fault.is_some() {
            return suite;
        }
    }
}

impl Suite {
    fn element(&mut self, start: &BytesStart<'_>, at: usize) {
        match start.local_name().as_ref() {
            "testsuites" => self.has_suite = true,
            "testsuite" => {
                self.has_suite = true;
                self.started = self.started.or_else(|| attribute(start, "timestamp").as_deref().and_then(time));
            }
            "testcase" => {
                let Some(name) = attribute(start, "name") else {
                    self.fault = Some((at, "a test has no name that can be read"));
                    return;
                };
                let is_skipped = attribute(start, "status").is_some_and(|status| status == "skipped");
                let outcome = if is_skipped { Outcome::Skipped } else { Outcome::Passed };
                self.tests.push(TestOutcome { name: name.into(), outcome });
                self.is_open = true;
            }
            "failure" | "error" => self.outcome(Outcome::Failed),
            "skipped" => self.outcome(Outcome::Skipped),
            _ => {}
        }
    }

    /// Says what became of the test that is open; of what went wrong and was skipped, what went wrong counts.
    fn outcome(&mut self, outcome: Outcome) {
        let Some(test) = self.tests.last_mut().filter(|_| self.is_open) else { return };
        if test.outcome != Outcome::Failed {
            test.outcome = outcome;
        }
    }

    fn close(&mut self, name: &str) {
        if name == "testcase" {
            self.is_open = false;
        }
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = start.try_get_attribute(name).ok()??;
    let text = quick_xml::escape::unescape(&attribute.value);
    Some(text.map_or_else(|_| attribute.value.to_string(), std::borrow::Cow::into_owned))
}

/// A time with its zone, or without one, which is then that of Greenwich.
fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        let plain: DateTime = text.parse().ok()?;
        Some(plain.to_zoned(TimeZone::UTC).ok()?.timestamp())
    })
}
