//! Exceptions: requests to miss a checkpoint of a release, and what was decided.
//!
//! [`read`] takes a list as release teams keep it, a YAML file for each release, or one file for several:
//!
//! ```yaml
//! enhancementFreeze:
//! - name: "Widget pools"
//!   issue: 1234
//!   date_requested: 2026-02-12
//!   date_reviewed: 2026-02-14
//!   thread: "https://lists.example/1"
//!   pull_requests: ["https://forge.example/pull/5"]
//!   status: "approved"
//! ```

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::calendar::{Calendars, Dated, moment};
use crate::finding::{Finding, Severity};
use crate::node::{Node, Pair, Value};
use crate::profile::CheckpointKind;
use crate::proposal::bare_number;
use crate::release::Release;
use crate::source::Source;
use crate::spelling::nearest;
use crate::yaml::{self, FaultKind};

/// A request for an exception, and what was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Number of the proposal.
    pub proposal: Box<str>,
    /// Its name in the request.
    pub title: Box<str>,
    /// The release.
    pub release: Release,
    /// Id of the checkpoint that it is about.
    pub checkpoint: Box<str>,
    /// Ids of further checkpoints that the same request covers.
    pub also: Vec<Box<str>>,
    /// The day of the request.
    pub requested: Option<Date>,
    /// The day of the decision.
    pub reviewed: Option<Date>,
    /// The decision.
    pub decision: Decision,
    /// The granted deadline, where it is known.
    pub until: Option<Timestamp>,
    /// Address of the discussion.
    pub thread: Option<Box<str>>,
    /// Addresses of the pull requests that need the time.
    pub pull_requests: Vec<Box<str>>,
    /// The file that says so.
    pub path: Arc<str>,
    /// The line of the decision, or of the request when there is none.
    pub line: usize,
    /// That line.
    pub text: Box<str>,
}

/// What was decided about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// Nothing yet.
    Pending,
    /// Granted.
    Approved,
    /// Denied.
    Rejected,
    /// The proposal left the release while the request was open or granted.
    Removed,
}

impl Decision {
    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Removed => "removed",
        }
    }

    fn read(word: &str) -> Option<Self> {
        match word.trim().to_ascii_lowercase().as_str() {
            "approved" | "granted" | "accepted" => Some(Self::Approved),
            "rejected" | "denied" => Some(Self::Rejected),
            "removed" | "withdrawn" => Some(Self::Removed),
            "pending" | "open" | "requested" | "in review" | "tbd" | "" => Some(Self::Pending),
            _ => None,
        }
    }
}

impl Exception {
    /// Whether the request is about a checkpoint, by itself or together with another.
    #[must_use]
    pub fn covers(&self, checkpoint: &str) -> bool {
        *self.checkpoint == *checkpoint || self.also.iter().any(|also| **also == *checkpoint)
    }

    /// What was decided as far as an instant. Days are all that is known: requests and decisions count from the end of
    /// their day on, in UTC, so that none is known before it was made.
    ///
    /// `None`: nothing had been asked for.
    #[must_use]
    pub fn decision_at(&self, instant: Timestamp) -> Option<Decision> {
        let end = |day: Date| day.tomorrow().ok().and_then(day_start);
        let later = |day: Option<Date>| day.and_then(end).is_some_and(|end| end > instant);
        match (later(self.requested), later(self.reviewed)) {
            (true, _) => None,
            (false, true) => Some(Decision::Pending),
            (false, false) => Some(self.decision),
        }
    }

    /// Whether the request came in time: before the last instant for it is over. `None` where the day is not known.
    #[must_use]
    pub fn is_in_time(&self, last: Timestamp) -> Option<bool> {
        self.requested.and_then(day_start).map(|start| start <= last)
    }
}

/// The last instant at which an exception from a checkpoint can be asked for; `None` when it has none.
#[must_use]
pub fn requests_until(kind: &CheckpointKind, freeze: &Dated, release: Release) -> Option<Timestamp> {
    let from = kind.exceptions_from.as_deref().and_then(Release::parse);
    if from.is_some_and(|from| release < from) {
        return None;
    }
    let hours = kind.exception_hours.or(kind.exception_days.map(|days| days.saturating_mul(24)))?;
    freeze.at.checked_add(SignedDuration::from_hours(hours.into())).ok()
}

fn day_start(day: Date) -> Option<Timestamp> {
    day.at(0, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// The exceptions of a file, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exceptions {
    /// The requests, in the order of the file.
    pub all: Vec<Exception>,
    /// What could not be read, each at its place.
    pub findings: Vec<Finding>,
}

/// Rule code of what is wrong with a list of exceptions.
const RULE: &str = "config-invalid";

/// Reads a list of exceptions. Its release is named by a key of the file, by `release`, or by its path.
#[must_use]
pub fn read(source: &Arc<Source>, calendars: &Calendars) -> Exceptions {
    let read = yaml::parse(&source.text);
    let mut reader = Reader { source, calendars, path: Arc::clone(&source.path), found: Exceptions::default() };
    for fault in &read.faults {
        reader.fault(fault.span, words(&fault.kind));
    }
    if let Some(root) = &read.root {
        reader.file(root);
    }
    reader.found
}

/// Exceptions of several sources, the nearest first: of one proposal at one checkpoint the first source that has
/// any counts.
#[must_use]
pub fn layered(sources: impl IntoIterator<Item = Vec<Exception>>) -> Vec<Exception> {
    let mut found: Vec<Exception> = Vec::new();
    for source in sources {
        let key = |exception: &Exception| (exception.proposal.clone(), exception.release, exception.checkpoint.clone());
        let known: BTreeSet<_> = found.iter().map(key).collect();
        found.extend(source.into_iter().filter(|exception| !known.contains(&key(exception))));
    }
    found
}

/// Whether a file of this name is a list of exceptions: called so, or after a release.
#[must_use]
pub fn is_list(name: &str) -> bool {
    stem(name).is_some_and(|stem| stem == "exceptions" || stem.starts_with("exceptions-") || version(stem).is_some())
}

fn stem(name: &str) -> Option<&str> {
    name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"))
}

/// The release at the end of a name such as `release-1.36`.
fn version(name: &str) -> Option<&str> {
    let text = &name[name.rfind('-').map_or(0, |dash| dash + 1)..];
    Release::parse(text).map(|_| text)
}

/// The release that a path names, as in `releases/release-1.36/exceptions.yaml`.
fn release_in(path: &str) -> Option<&str> {
    path.rsplit('/').find_map(|name| version(stem(name).unwrap_or(name)))
}

struct Reader<'a> {
    source: &'a Arc<Source>,
    calendars: &'a Calendars,
    /// The file that the facts stand in: this one, or the one that they were taken from.
    path: Arc<str>,
    found: Exceptions,
}

impl Reader<'_> {
    fn fault(&mut self, span: crate::Span, message: impl Into<String>) {
        let path = Arc::clone(&self.source.path);
        self.found.findings.push(Finding::new(RULE, Severity::Error, path, Some(span), message.into()));
    }

    fn file(&mut self, root: &Node) {
        let own = root.get("release").and_then(Node::text).or_else(|| release_in(&self.source.path));
        let own = own.and_then(Release::parse);
        for pair in root.pairs() {
            match (Release::parse(&pair.key), &*pair.key, own) {
                (Some(release), ..) => self.of_release(&pair.node, release),
                (None, "release", _) => {}
                (None, _, Some(release)) => self.list(pair, release),
                (None, _, None) => {
                    self.fault(pair.key_span, "of which release these are is not said; add `release: v1.36`");
                    return;
                }
            }
        }
    }

    fn of_release(&mut self, node: &Node, release: Release) {
        let own = Arc::clone(&self.path);
        if let Some(path) = node.get("source").and_then(Node::text) {
            self.path = path.into();
        }
        for pair in node.pairs().iter().filter(|pair| &*pair.key != "source") {
            self.list(pair, release);
        }
        self.path = own;
    }

    fn list(&mut self, pair: &Pair, release: Release) {
        let Some(kind) = self.checkpoint(&pair.key) else {
            let keys = self.calendars.kinds.iter().flat_map(|kind| &kind.exception_keys).map(String::as_str);
            let near = nearest(&pair.key, keys).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            self.fault(pair.key_span, format!("`{}` is no checkpoint{near}", pair.key));
            return;
        };
        if !matches!(pair.node.value, Value::List(_)) && !pair.node.is_null() {
            self.fault(pair.node.span, "expected a list of requests");
        }
        for item in pair.node.items() {
            self.request(item, &kind, release);
        }
    }

    /// The id of the checkpoint that a key stands for.
    fn checkpoint(&self, key: &str) -> Option<Box<str>> {
        let by_key = self.calendars.kinds.iter().find(|kind| kind.exception_keys.iter().any(|known| known == key));
        by_key.or_else(|| self.calendars.kind(key)).map(|kind| kind.id.as_str().into())
    }

    fn request(&mut self, item: &Node, checkpoint: &str, release: Release) {
        let number = item.get("issue").or_else(|| item.get("proposal")).and_then(Node::text);
        let Some(number) = number else {
            self.fault(item.span, "a request without `issue`, the number of its proposal");
            return;
        };
        let (requested, reviewed) = (self.day(item, "date_requested"), self.day(item, "date_reviewed"));
        if let (Some(requested), Some(reviewed), Some(node)) = (requested, reviewed, item.get("date_reviewed"))
            && reviewed < requested
        {
            self.fault(node.span, format!("reviewed at {reviewed}, before it was requested at {requested}"));
        }
        let decision = self.decision(item);
        let place = item.get("status").map_or(item.span, |node| node.span);
        let written = item.get("line").and_then(Node::text).and_then(|line| line.parse().ok());
        let line = self.source.line(place.start);
        let texts = |key: &str| texts(item.get(key));
        let until = self.until(item, checkpoint, release);
        let also = texts("also").iter().filter_map(|key| self.checkpoint(key)).collect();
        self.found.all.push(Exception {
            proposal: bare_number(number.trim_start_matches('#')).into(),
            title: item.get("name").and_then(Node::text).unwrap_or_default().into(),
            release,
            checkpoint: checkpoint.into(),
            also,
            requested,
            reviewed,
            decision,
            until,
            thread: item.get("thread").and_then(Node::text).map(Into::into),
            pull_requests: texts("pull_requests"),
            path: Arc::clone(&self.path),
            text: match written {
                Some(_) => format!("status: {}", item.get("status").and_then(Node::text).unwrap_or_default()).into(),
                None => line_at(self.source, line).trim().into(),
            },
            line: written.unwrap_or(line),
        });
    }

    fn decision(&mut self, item: &Node) -> Decision {
        let Some(node) = item.get("status") else { return Decision::Pending };
        let word = node.text().unwrap_or_default();
        Decision::read(word).unwrap_or_else(|| {
            let known = "`approved`, `rejected`, `removed` or `pending`";
            self.fault(node.span, format!("unknown decision `{word}`; it is {known}"));
            Decision::Pending
        })
    }

    fn day(&mut self, item: &Node, key: &str) -> Option<Date> {
        let node = item.get(key).filter(|node| !node.is_blank())?;
        let day = node.text().and_then(|text| text.trim().parse().ok());
        if day.is_none() {
            self.fault(node.span, format!("`{key}` is no day such as 2026-02-12"));
        }
        day
    }

    /// The granted deadline: a time, or a number of days after the checkpoint, which end anywhere on Earth.
    fn until(&mut self, item: &Node, checkpoint: &str, release: Release) -> Option<Timestamp> {
        if let Some(node) = item.get("until").filter(|node| !node.is_blank()) {
            return match moment::read(node.text().unwrap_or_default()) {
                Ok(moment) => Some(moment.at),
                Err(message) => {
                    self.fault(node.span, message);
                    None
                }
            };
        }
        let node = item.get("extension_days").filter(|node| !node.is_blank())?;
        let Some(days) = node.text().and_then(|text| text.trim().parse::<u16>().ok()) else {
            self.fault(node.span, "`extension_days` is a whole number of days");
            return None;
        };
        let freeze = self.calendars.of(release)?.at(checkpoint)?;
        freeze.day.checked_add(i32::from(days).days()).ok().map(moment::day_end)
    }
}

fn line_at(source: &Source, line: usize) -> &str {
    let end = source.line_start(line + 1);
    source.text.get(source.line_start(line)..end).unwrap_or_default()
}

/// What is wrong with the syntax, in a sentence.
fn words(kind: &FaultKind) -> String {
    match kind {
        FaultKind::Syntax(mistake) => mistake.words.clone(),
        FaultKind::DuplicateKey(key, _) => format!("`{key}` stands twice in this mapping"),
        FaultKind::UnknownAlias => "this alias has no anchor".to_owned(),
        FaultKind::ComplexKey => "a key must be a plain text".to_owned(),
        FaultKind::SecondDocument => "only the first document of a file is read".to_owned(),
        FaultKind::Limit(what) => format!("the file has {what}; the rest is not read"),
    }
}

fn texts(node: Option<&Node>) -> Vec<Box<str>> {
    let Some(node) = node else { return Vec::new() };
    let single = node.text().into_iter();
    single.chain(node.items().iter().filter_map(Node::text)).map(Into::into).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::WrittenCalendar;

    fn calendars() -> Calendars {
        let kind = |id: &str, keys: &[&str]| CheckpointKind {
            id: id.to_owned(),
            exception_keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            exception_days: Some(3),
            exceptions_from: Some("v1.2".to_owned()),
            ..CheckpointKind::default()
        };
        let kinds = [kind("plans", &["plansFreeze"]), kind("code", &["codeFreeze"])];
        let written = WrittenCalendar {
            release: "v1.2".to_owned(),
            at: [("plans".to_owned(), "2026-02-11 AoE".to_owned())].into(),
            ..WrittenCalendar::default()
        };
        Calendars::read(&kinds, &[written])
    }

    fn read_text(path: &str, text: &str) -> Exceptions {
        read(&Arc::new(Source::new(path, text)), &calendars())
    }

    #[test]
    fn a_list_is_read() {
        let text = "# requests\nplansFreeze:\n- name: \"Lamps\"\n  issue: 0123\n  date_requested: 2026-02-12 \n  date_reviewed: 2026-02-14\n  thread: \"https://lists.example/1\"\n  pull_requests:\n    - \"https://forge.example/5\"\n  status: \"denied\"\ncodeFreeze: []\n";
        let Exceptions { all, findings } = read_text("releases/release-1.2/exceptions.yaml", text);
        assert_eq!(findings, []);
        let [one] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!((&*one.proposal, &*one.title, &*one.checkpoint), ("123", "Lamps", "plans"));
        assert_eq!((one.release.to_string().as_str(), one.decision), ("v1.2", Decision::Rejected));
        assert_eq!((one.line, &*one.text), (10, "status: \"denied\""));
        assert_eq!(one.pull_requests, ["https://forge.example/5".into()]);
        assert_eq!(one.thread.as_deref(), Some("https://lists.example/1"));
        let cases = [
            ("2026-02-12T23:59Z", None),
            ("2026-02-13T00:00Z", Some(Decision::Pending)),
            ("2026-02-14T23:59Z", Some(Decision::Pending)),
            ("2026-02-15T00:00Z", Some(Decision::Rejected)),
        ];
        for (instant, expected) in cases {
            assert_eq!(one.decision_at(instant.parse().expect("an instant")), expected, "{instant}");
        }
    }

    #[test]
    fn where_the_release_is_named() {
        let list = "plansFreeze:\n- issue: 1\n";
        let cases = [
            ("releases/release-1.2/exceptions.yaml", list.to_owned(), "v1.2"),
            ("exceptions/v1.2.yml", list.to_owned(), "v1.2"),
            ("exceptions-1.2.yaml", list.to_owned(), "v1.2"),
            ("release-1.1/exceptions.yaml", format!("release: v1.2\n{list}"), "v1.2"),
            ("all.yaml", "v1.2:\n  plansFreeze:\n  - issue: 1\n".to_owned(), "v1.2"),
        ];
        for (path, text, expected) in cases {
            let read = read_text(path, &text);
            let releases: Vec<String> = read.all.iter().map(|one| one.release.to_string()).collect();
            assert_eq!((releases, read.findings), (vec![expected.to_owned()], vec![]), "{path}");
        }
    }

    #[test]
    fn the_granted_time_is_given_or_unknown() {
        let cases = [
            ("", None),
            (", extension_days: 4", Some("2026-02-16T12:00:00Z")),
            (", until: 2026-02-20", Some("2026-02-21T12:00:00Z")),
            (", until: \"2026-02-20T08:00Z\", extension_days: 4", Some("2026-02-20T08:00:00Z")),
        ];
        for (more, expected) in cases {
            let read = read_text("1.2.yaml", &format!("plansFreeze:\n- {{issue: 1, status: approved{more}}}\n"));
            assert_eq!(read.findings, [], "{more}");
            assert_eq!(read.all[0].until.map(|until| until.to_string()).as_deref(), expected, "{more}");
        }
    }

    #[test]
    fn faults_are_found_at_their_place() {
        let cases = [
            ("plansFreeze:\n- name: x\n", "name: x", "a request without `issue`"),
            ("planFreeze: []\n", "planFreeze", "`planFreeze` is no checkpoint; did you mean `plansFreeze`?"),
            ("plansFreeze: soon\n", "soon", "expected a list of requests"),
            ("plansFreeze:\n- {issue: 1, status: aproved}\n", "aproved", "unknown decision `aproved`"),
            ("plansFreeze:\n- {issue: 1, date_requested: 2026-2-1}\n", "2026-2-1", "is no day such as"),
            (
                "plansFreeze:\n- {issue: 1, date_requested: 2026-02-12, date_reviewed: 2025-02-13}\n",
                "2025-02-13",
                "reviewed at 2025-02-13, before it was requested at 2026-02-12",
            ),
            ("plansFreeze:\n- {issue: 1, until: soon}\n", "soon", "`soon` is no time"),
            ("plansFreeze:\n- {issue: 1, extension_days: some}\n", "some", "a whole number of days"),
            ("plansFreeze: []\nplansFreeze: []\n", "plansFreeze", "stands twice in this mapping"),
        ];
        for (text, place, words) in cases {
            let read = read_text("1.2.yaml", text);
            let [finding] = read.findings.as_slice() else { panic!("{text}: {:?}", read.findings) };
            let span = finding.span.expect("a place");
            assert_eq!(span.of(text).trim(), place, "{text}");
            assert!(finding.message.contains(words), "{text}: {}", finding.message);
        }
        let read = read_text("list.yaml", "plansFreeze:\n- issue: 1\n");
        assert!(read.all.is_empty() && read.findings[0].message.contains("add `release: v1.36`"), "{read:?}");
    }

    #[test]
    fn requests_come_in_time_or_late() {
        let calendars = calendars();
        let (kind, release) = (&calendars.kinds[0], Release { major: 1, minor: 2, patch: 0 });
        let freeze = calendars.of(release).and_then(|calendar| calendar.at("plans")).expect("a date");
        let last = requests_until(kind, freeze, release).expect("an instant");
        assert_eq!(last.to_string(), "2026-02-15T12:00:00Z");
        for (day, expected) in [("2026-02-15", Some(true)), ("2026-02-16", Some(false)), ("''", None)] {
            let text = format!("plansFreeze:\n- {{issue: 1, date_requested: {day}}}\n");
            assert_eq!(read_text("1.2.yaml", &text).all[0].is_in_time(last), expected, "{day}");
        }
        let hours = CheckpointKind { exception_hours: Some(24), ..kind.clone() };
        assert_eq!(
            requests_until(&hours, freeze, release).map(|at| at.to_string()).as_deref(),
            Some("2026-02-13T12:00:00Z")
        );
        let older = Release { minor: 1, ..release };
        assert_eq!(requests_until(kind, freeze, older), None);
        let none = CheckpointKind { exception_days: None, ..kind.clone() };
        assert_eq!(requests_until(&none, freeze, release), None);
    }

    #[test]
    fn a_nearer_source_counts() {
        let of = |status: &str, issue: u32| {
            read_text("1.2.yaml", &format!("plansFreeze:\n- {{issue: {issue}, status: {status}}}\n")).all
        };
        let found = layered([of("approved", 1), of("denied", 1), of("denied", 2)]);
        let shown: Vec<_> = found.iter().map(|one| (&*one.proposal, one.decision)).collect();
        assert_eq!(shown, [("1", Decision::Approved), ("2", Decision::Rejected)]);
    }

    #[test]
    fn names_of_lists() {
        for (name, expected) in [
            ("exceptions.yaml", true),
            ("exceptions-1.36.yml", true),
            ("v1.36.yaml", true),
            ("release-1.36.yaml", true),
            ("notes.yaml", false),
            ("exceptions.md", false),
        ] {
            assert_eq!(is_list(name), expected, "{name}");
        }
    }
}
