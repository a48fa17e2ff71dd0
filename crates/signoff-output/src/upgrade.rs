//! What changes for an operator between two versions: `signoff.upgrade/1`, for a terminal, as Markdown.
//!
//! [`Upgrade::new`] makes it of the report. Whatever the format, what was read and what was not comes first: an answer
//! over something that was not looked at is never clean.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use signoff_analysis::upgrade::{self as analysis, Level, Report, Told};
use signoff_model::configured::Place;

use crate::status::Evidence;

mod human;
mod markdown;

pub use human::write_human;
pub use markdown::write_markdown;

/// Most things that are named one by one in the first line.
const NAMED_MAX: usize = 6;

/// What changes for an operator between two versions.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Upgrade<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.upgrade/1"))]
    schema: &'static str,
    /// The version today, with its patch.
    pub from: String,
    /// The version after.
    pub to: String,
    /// The minor versions on the way, without the first.
    pub hops: Vec<String>,
    /// The newest version whose gates are known; null where none is.
    pub known_through: Option<String>,
    /// The version that is to be emulated.
    pub emulation: Option<String>,
    /// Whether the same files must do for both versions.
    pub both_ways: bool,
    /// Whether nothing was left out.
    pub complete: bool,
    /// The sources that speak for the versions.
    pub sources: Vec<Source<'a>>,
    /// The files of components that were looked at.
    pub inspected: Vec<Inspected<'a>>,
    /// What was not looked at.
    pub not_inspected: Vec<Gap<'a>>,
    /// How many changes there are of each level.
    pub summary: Summary,
    /// What changes, the worst first.
    pub changes: Vec<Change<'a>>,
}

/// The clusters of a fleet, and what an upgrade does to each.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Fleet<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.fleet/1"))]
    schema: &'static str,
    /// The clusters, by name.
    pub clusters: Vec<Cluster<'a>>,
}

/// A cluster of a fleet.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Cluster<'a> {
    /// What it is called.
    pub name: &'a str,
    /// `will-not-start` where a component refuses, `starts` where nothing was left out, else `not-known`.
    pub verdict: &'static str,
    /// What changes for it.
    pub upgrade: Upgrade<'a>,
}

impl<'a> Fleet<'a> {
    /// Makes the output of the reports of clusters, each with its name.
    #[must_use]
    pub fn new(clusters: &[(&'a str, &'a Report)]) -> Self {
        let cluster = |(name, report): &(&'a str, &'a Report)| Cluster {
            name,
            verdict: match (report.of(Level::Breaks).next(), report.is_complete()) {
                (Some(_), _) => "will-not-start",
                (None, true) => "starts",
                (None, false) => "not-known",
            },
            upgrade: Upgrade::new(report),
        };
        Self { schema: "signoff.fleet/1", clusters: clusters.iter().map(cluster).collect() }
    }

    /// Writes JSON.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        crate::write_json(self, out)
    }
}

/// A source that speaks for a version.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Source<'a> {
    /// Name of the project.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
    /// The kind.
    pub kind: &'static str,
    /// The file or folder.
    pub path: &'a str,
}

/// A file of a component that was looked at.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Inspected<'a> {
    /// The component.
    pub component: &'a str,
    /// What tells it from others of its kind; null where there is one.
    pub instance: Option<&'a str>,
    /// The file.
    pub path: &'a str,
}

/// Something that was not looked at.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Gap<'a> {
    /// What: `configuration`, `gates`, `version`, `dependencies`, `emulation`, `flags`, `apis`, `metrics`, `formats`,
    /// `file`, `proposals`, `source`.
    pub what: &'static str,
    /// The component; null for what is of no single one.
    pub component: Option<&'a str>,
    /// The file that is to blame.
    pub path: Option<&'a str>,
    /// Its line.
    pub line: Option<usize>,
    /// Why not.
    pub reason: &'a str,
}

/// How many changes there are of each level.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Summary {
    /// A component does not start.
    pub breaks: usize,
    /// Something works otherwise.
    pub behaviour: usize,
    /// A person must decide.
    pub review: usize,
    /// Good to know.
    pub notice: usize,
}

/// Something that changes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Change<'a> {
    /// The gate; null where it is about something else.
    pub gate: Option<&'a str>,
    /// The gate, flag, metric, setting, format or version of an API.
    pub subject: &'a str,
    /// The component; null where it is not told apart.
    pub component: Option<&'a str>,
    /// All components that are concerned, where it is told once for several.
    pub components: &'a [String],
    /// What tells the component from others of its kind; null where there is one.
    pub instance: Option<&'a str>,
    /// `removed`, `locked`, `default-flipped`, `new`, `deprecated`, `dependency-unmet`, `unknown-gate`,
    /// `invalid-setting`, `flag-removed`, `api-removed`, `config-version-removed`, `metric-removed`.
    pub change: &'static str,
    /// The version that brings it; null where none does.
    pub release: Option<&'a str>,
    /// `breaks` (the component does not start), `behaviour` (something works otherwise, or an alert goes silent),
    /// `review` (a person must decide), `notice`.
    pub level: &'static str,
    /// `observed`, `inferred`, `unknown`.
    pub certainty: &'static str,
    /// What it was, as `beta, on`.
    pub from: Option<&'a str>,
    /// What it will be, as `stable, on, locked`.
    pub to: Option<&'a str>,
    /// What happens.
    pub message: &'a str,
    /// The proposal behind it.
    pub proposal: Option<&'a str>,
    /// Its title.
    pub title: Option<&'a str>,
    /// The lines that set it.
    pub set_in: Vec<Line<'a>>,
    /// What to write for things to stay as they are today, or that they cannot.
    pub keep_today: Option<&'a str>,
    /// What the proposal answers to whether it can be turned off again: the beginning.
    pub rollback: Option<&'a str>,
    /// The question that it answers so.
    pub rollback_question: Option<&'a str>,
    /// What the proposal answers to what to watch: the beginning.
    pub monitoring: Option<&'a str>,
    /// The question that it answers so.
    pub monitoring_question: Option<&'a str>,
    /// Whether it is so today already.
    pub already: bool,
    /// `there`, or `back` where it is so on the way back alone.
    pub direction: &'static str,
    /// What says so.
    pub evidence: Vec<Evidence<'a>>,
}

/// A line of a file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Line<'a> {
    /// The file.
    pub path: &'a str,
    /// The line, from 1; null where there is none to name.
    pub line: Option<usize>,
}

impl<'a> From<&'a Place> for Line<'a> {
    fn from(place: &'a Place) -> Self {
        let Place { path, line } = place;
        Self { path, line: *line }
    }
}

impl<'a> From<&'a analysis::Change> for Change<'a> {
    fn from(change: &'a analysis::Change) -> Self {
        let analysis::Change {
            level,
            kind,
            subject,
            is_gate,
            component,
            components,
            instance,
            release,
            certainty,
            from,
            to,
            message,
            behind,
            set_in,
            keep_today,
            already,
            back,
            evidence,
        } = change;
        let behind = behind.as_ref();
        let told = |told: Option<&'a Told>| told.map(|told| (&*told.text, &*told.question)).unzip();
        let (rollback, rollback_question) = told(behind.and_then(|behind| behind.rollback.as_ref()));
        let (monitoring, monitoring_question) = told(behind.and_then(|behind| behind.monitoring.as_ref()));
        Self {
            gate: is_gate.then_some(&**subject),
            subject,
            component: component.as_deref(),
            components,
            instance: Some(&**instance).filter(|instance| !instance.is_empty()),
            change: kind.word(),
            release: release.as_deref(),
            level: level.word(),
            certainty: certainty.word(),
            from: from.as_deref(),
            to: to.as_deref(),
            message,
            proposal: behind.map(|behind| &*behind.label),
            title: behind.and_then(|behind| behind.title.as_deref()),
            set_in: set_in.iter().map(Line::from).collect(),
            keep_today: keep_today.as_deref(),
            rollback,
            rollback_question,
            monitoring,
            monitoring_question,
            already: *already,
            direction: if *back { "back" } else { "there" },
            evidence: evidence.iter().map(Evidence::from).collect(),
        }
    }
}

impl<'a> Upgrade<'a> {
    /// Makes the output of a report.
    #[must_use]
    pub fn new(report: &'a Report) -> Self {
        let source = |source: &'a analysis::Source| {
            let analysis::Source { name, version, kind, path } = source;
            Source { name, version, kind, path }
        };
        let inspected = |inspected: &'a analysis::Inspected| {
            let analysis::Inspected { component, instance, path } = inspected;
            Inspected { component, instance: Some(&**instance).filter(|instance| !instance.is_empty()), path }
        };
        let gap = |gap: &'a analysis::Gap| {
            let analysis::Gap { what, component, path, line, reason } = gap;
            Gap { what, component: component.as_deref(), path: path.as_deref(), line: *line, reason }
        };
        let count = |level: Level| report.of(level).count();
        Self {
            schema: "signoff.upgrade/1",
            from: analysis::spelt(report.from.release),
            to: analysis::spelt(report.to.release),
            hops: report.hops.iter().map(|hop| analysis::minor(*hop)).collect(),
            known_through: report.known_through.map(analysis::spelt),
            emulation: report.emulation.map(analysis::minor),
            both_ways: report.both_ways,
            complete: report.is_complete(),
            sources: report.sources.iter().map(source).collect(),
            inspected: report.inspected.iter().map(inspected).collect(),
            not_inspected: report.gaps.iter().map(gap).collect(),
            summary: Summary {
                breaks: count(Level::Breaks),
                behaviour: count(Level::Behaviour),
                review: count(Level::Review),
                notice: count(Level::Notice),
            },
            changes: report.changes.iter().map(Change::from).collect(),
        }
    }

    /// Writes JSON.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        crate::write_json(self, out)
    }

    /// What was read and what was not, in one line.
    #[must_use]
    pub fn looked_at(&self) -> String {
        let mut versions: Vec<&str> = self.sources.iter().map(|source| source.version).collect();
        versions.dedup();
        let lists = match versions.is_empty() {
            true => "no list of gates".to_owned(),
            false => format!("lists of {}", joined(versions.into_iter())),
        };
        let mut files: Vec<String> =
            self.inspected.iter().map(|file| format!("{} ({})", file.path, file.component)).collect();
        files.dedup();
        let files =
            if files.is_empty() { "no configuration".to_owned() } else { joined(files.iter().map(String::as_str)) };
        let is_read = |component: &str| self.inspected.iter().any(|file| file.component == component);
        let name = |gap: &Gap<'_>| match (gap.what, gap.component) {
            ("configuration", Some(component)) if is_read(component) => format!("all that configures the {component}"),
            ("configuration", Some(component)) => component.to_owned(),
            (what, _) => what_words(what).to_owned(),
        };
        let mut left_out: Vec<String> = Vec::new();
        for gap in &self.not_inspected {
            let name = name(gap);
            if !left_out.contains(&name) {
                left_out.push(name);
            }
        }
        match left_out.is_empty() {
            true => format!("Read: {lists}; {files}. Nothing was left out."),
            false => format!("Read: {lists}; {files}. Not looked at: {}.", joined(left_out.iter().map(String::as_str))),
        }
    }

    /// What happens, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let way = match self.hops.len() {
            0 | 1 => String::new(),
            _ => format!(", by {}", joined(self.hops.iter().map(String::as_str))),
        };
        let Summary { breaks, behaviour, review, .. } = self.summary;
        let part = |count: usize, one: &str, many: &str| match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            _ => Some(format!("{count} {many}")),
        };
        let parts = [
            part(breaks, "thing stops a component", "things stop a component"),
            part(behaviour, "thing works otherwise", "things work otherwise"),
            part(review, "thing is for a person to decide", "things are for a person to decide"),
        ];
        let mut parts: Vec<String> = parts.into_iter().flatten().collect();
        if breaks == 0 {
            // Nothing found is no promise about what was not read.
            let nothing = match (self.inspected.is_empty(), self.complete) {
                (true, _) => "what stops a component nobody can tell without its configuration",
                (false, false) => "in what was read nothing stops a component",
                (false, true) => "nothing stops a component",
            };
            parts.insert(0, nothing.to_owned());
        }
        let what = parts.join(", ");
        let emulating = self.emulation.as_ref().map(|emulated| format!(", emulating {emulated}")).unwrap_or_default();
        format!("From {} to {}{way}{emulating}: {what}.", self.from, self.to)
    }

    /// The notices by kind, each with what it is about.
    #[must_use]
    pub fn notices(&self) -> Vec<(&'static str, Vec<&str>)> {
        let mut kinds: Vec<(&'static str, Vec<&str>)> = Vec::new();
        for change in self.of(Level::Notice) {
            match kinds.iter_mut().find(|(kind, _)| *kind == change.change) {
                Some((_, subjects)) => subjects.push(change.subject),
                None => kinds.push((change.change, vec![change.subject])),
            }
        }
        kinds
    }

    fn of(&self, level: Level) -> impl Iterator<Item = &Change<'a>> {
        self.changes.iter().filter(move |change| change.level == level.word())
    }
}

impl Change<'_> {
    /// The component, the version that brings it, what it was and will be.
    fn facts(&self) -> Vec<String> {
        let component = match (self.component, self.components) {
            (Some(component), _) => Some(component.to_owned()),
            (None, components) => (!components.is_empty() && components.len() < 3).then(|| components.join(", ")),
        };
        let is_elsewhere = |instance: &&str| self.set_in.iter().all(|line| line.path != *instance);
        let instance = self.instance.filter(is_elsewhere).map(|instance| format!("of {instance}"));
        let component = match (component, instance) {
            (Some(component), Some(instance)) => Some(format!("{component} {instance}")),
            (component, instance) => component.or(instance),
        };
        let states = match (self.from, self.to) {
            (Some(from), Some(to)) if from == to => Some(from.to_owned()),
            (Some(from), Some(to)) => Some(format!("{from} -> {to}")),
            (Some(from), None) => Some(format!("was {from}")),
            (None, Some(to)) => Some(to.to_owned()),
            (None, None) => None,
        };
        let release = self.release.map(|release| format!("since {release}"));
        let when = match (self.already, self.direction) {
            (true, _) => Some("so today already".to_owned()),
            (_, "back") => Some("on the way back".to_owned()),
            _ => None,
        };
        let certainty = (self.certainty != "observed").then(|| self.certainty.to_owned());
        [component, release, states, when, certainty].into_iter().flatten().collect()
    }

    /// The lines that set it.
    fn lines(&self) -> String {
        let one = |line: &Line<'_>| match line.line {
            Some(number) => format!("{}:{number}", line.path),
            None => line.path.to_owned(),
        };
        joined(self.set_in.iter().map(one).collect::<Vec<_>>().iter().map(String::as_str))
    }

    /// What follows below it: what to do, and what its proposal says.
    fn details(&self) -> Vec<(&'static str, String)> {
        let title = self.title.map(|title| format!(" {title}")).unwrap_or_default();
        let proposal = self.proposal.map(|number| ("behind it", format!("{number}{title}")));
        let told = |label: &'static str, text: Option<&str>, question: Option<&str>| {
            Some((label, format!("{} ({})", text?, question?)))
        };
        let evidence = self.evidence.first().map(|evidence| {
            let line = evidence.line.map(|line| format!(":{line}")).unwrap_or_default();
            let text = if evidence.text.is_empty() { String::new() } else { format!(": {}", evidence.text) };
            ("seen in", format!("{}{line} @ {} {}{text}", evidence.path, evidence.source, evidence.version))
        });
        let all = [
            self.keep_today.map(|keep| ("to keep", keep.to_owned())),
            proposal,
            told("going back", self.rollback, self.rollback_question),
            told("to watch", self.monitoring, self.monitoring_question),
            evidence,
        ];
        all.into_iter().flatten().collect()
    }
}

fn what_words(what: &'static str) -> &'static str {
    match what {
        "gates" => "some gates",
        "version" => "a version",
        "dependencies" => "what gates need",
        "emulation" => "how far back a version emulates",
        "apis" => "served versions of the API",
        "formats" => "formats of files",
        "file" => "files that nobody understood",
        "source" => "parts of sources",
        other => other,
    }
}

/// Names by comma; of many the first, and how many more.
fn joined<'t>(names: impl Iterator<Item = &'t str>) -> String {
    let names: Vec<&str> = names.collect();
    let told = names.iter().take(NAMED_MAX).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED_MAX) {
        0 => told,
        more => format!("{told} and {more} more"),
    }
}

/// A gap in words: what it is of, and why it is one.
#[must_use]
pub fn gap_words(gap: &Gap<'_>) -> (String, String) {
    let place = match (gap.path, gap.line) {
        (Some(path), Some(line)) => format!(" ({path}:{line})"),
        (Some(path), None) => format!(" ({path})"),
        (None, _) => String::new(),
    };
    let what = gap.component.unwrap_or_else(|| what_words(gap.what)).to_owned();
    (what, format!("{}{place}", gap.reason))
}
