//! What a single fact says.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{GateDeclaration, GatePage, GateRecord, GateUse};
use crate::release::Release;

/// What a single fact says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A gate of a list.
    Gate(GateRecord),
    /// A gate of source code, or what one depends on.
    Declaration(GateDeclaration),
    /// The page of a gate.
    Page(GatePage),
    /// Something that names a gate.
    Use(GateUse),
    /// A metric.
    Metric(MetricRecord),
    /// A test that every distribution must pass.
    Conformance(ConformanceTest),
    /// An operation of the API.
    Endpoint(Endpoint),
    /// A type of the API.
    Type(ApiType),
    /// A resource that is served.
    Resource(ApiResource),
    /// A change, in words.
    Change(ChangeNote),
    /// When a release came, and when it ends.
    Dates(ReleaseDates),
    /// A run of tests.
    Run(TestRun),
}

/// A metric of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricRecord {
    /// The whole name: namespace, subsystem and name, joined by `_`.
    pub name: Arc<str>,
    /// How long it is promised to stay, in the list's word: `ALPHA`, `BETA`, `STABLE`, `INTERNAL`.
    pub stability: Option<Arc<str>>,
    /// `Counter`, `Gauge`, `Histogram`, ...
    pub kind: Option<Arc<str>>,
    /// Its labels.
    pub labels: Vec<Arc<str>>,
    /// The components that serve it; empty where the list does not say.
    pub components: Vec<Arc<str>>,
    /// The version from which it is deprecated.
    pub deprecated: Option<Release>,
}

/// A test that every distribution must pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConformanceTest {
    /// Its short name.
    pub name: Arc<str>,
    /// Its name in the code.
    pub code_name: Arc<str>,
    /// The releases in which it changed, the first one first.
    pub releases: Vec<Release>,
    /// The file that has it.
    pub file: Arc<str>,
}

/// An operation of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Its name.
    pub name: Arc<str>,
    /// Group of the API; empty for the first one.
    pub group: Arc<str>,
    /// Version of the API.
    pub version: Arc<str>,
    /// The type that it is about; empty where the list has names alone.
    pub kind: Arc<str>,
    /// What it does: `get`, `list`, `watch`; empty where the list does not say.
    pub action: Arc<str>,
    /// `stable`, `beta`, `alpha`.
    pub level: Arc<str>,
    /// Whether a test reaches it; `None` where the list does not say.
    pub tested: Option<bool>,
    /// Whether a conformance test reaches it; `None` where the list does not say.
    pub conformance: Option<bool>,
    /// Why it cannot be reached by one.
    pub ineligible: Option<Arc<str>>,
    /// Where that was decided.
    pub link: Option<Arc<str>>,
    /// The release that the list is of, where its name says one that need not be that of its source.
    pub release: Option<Release>,
}

/// A type of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiType {
    /// Group, e.g. `apps`; empty for the first one. Source code has the name of its folder here, which is the first
    /// word of the group or part of it.
    pub group: Arc<str>,
    /// Version, e.g. `v1`; empty for what has none.
    pub version: Arc<str>,
    /// Name, e.g. `Deployment`.
    pub kind: Arc<str>,
    /// Names of its fields.
    pub fields: Vec<Arc<str>>,
    /// The release that brought it.
    pub introduced: Option<Release>,
    /// The release from which it is deprecated.
    pub deprecated: Option<Release>,
    /// The release that no longer serves it.
    pub removed: Option<Release>,
}

/// A resource that is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiResource {
    /// Group; empty for the first one.
    pub group: Arc<str>,
    /// Version.
    pub version: Arc<str>,
    /// Its name in addresses, in the plural.
    pub resource: Arc<str>,
    /// The type.
    pub kind: Arc<str>,
}

/// A change as a changelog or a release note has it. It is prose: a hint of what to look for, and no proof.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeNote {
    /// The version under whose heading or in whose folder it stands: `v1.36.0-rc.1`, `1.37`; empty where there is none.
    pub version: Arc<str>,
    /// Under which headings, or of which kinds it is: `Deprecation`, `api-change`.
    pub kinds: Vec<Arc<str>>,
    /// Numbers of the changes of the code that it is about.
    pub pulls: Vec<Arc<str>>,
    /// Numbers of the proposals that it cites.
    pub proposals: Vec<Arc<str>>,
    /// Words in it that may be names: of gates (`InPlaceResize`), metrics (`requests_total`), flags (`--name`).
    pub names: Vec<Arc<str>>,
    /// Whether somebody has to do something before an upgrade.
    pub urgent: bool,
}

/// When a release came, and when it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseDates {
    /// The minor release.
    pub release: Release,
    /// The day on which it came.
    pub released: Option<Date>,
    /// From this day on only urgent changes.
    pub maintenance: Option<Date>,
    /// Its last day.
    pub end: Option<Date>,
    /// Its patch releases, in the order of the list.
    pub patches: Vec<PatchDate>,
}

/// A patch release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatchDate {
    /// The release.
    pub release: Release,
    /// Its day; `None` where the list does not say.
    pub day: Option<Date>,
    /// Whether the list says that it is still to come.
    pub planned: bool,
}

/// A run of a job of tests, or a part of what is known about one: those of the same job and run belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestRun {
    /// The job; empty where nothing tells.
    pub job: Arc<str>,
    /// Which of its runs; empty where nothing tells.
    pub run: Arc<str>,
    /// When it started.
    pub started: Option<Timestamp>,
    /// Whether it came to its end; `None` where this part does not tell.
    pub finished: Option<bool>,
    /// The commit that was tested.
    pub commit: Option<Arc<str>>,
    /// What became of the tests; `None` where this part has no results.
    pub tests: Option<Vec<TestOutcome>>,
}

/// What became of a test in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestOutcome {
    /// Its name.
    pub name: Arc<str>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It ran, and found nothing.
    Passed,
    /// It ran, and something failed, or it could not be run.
    Failed,
    /// It did not run.
    Skipped,
}

impl Outcome {
    /// Reads the word in results.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Passed, Self::Failed, Self::Skipped].into_iter().find(|outcome| outcome.word() == text)
    }

    /// The word in results.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}
