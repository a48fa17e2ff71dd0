//! What sources outside a proposal say. A fact that could not be looked up is unknown, never false.
//!
//! A [`FactSource`] is one file, or one folder of like files, of one version of a project; its [`Fact`]s say what
//! stands in it, each with its place. Nothing here judges: what facts of several sources come to together is asked in
//! the analysis.

use std::sync::Arc;

use crate::profile::Basis;
use crate::release::Release;

mod gate;
mod record;

pub use gate::{GateDeclaration, GateNow, GatePage, GateRecord, GateSpec, GateStage, GateUse, PageStage, Use};
pub use record::{
    ApiResource, ApiType, ChangeNote, ConformanceTest, Endpoint, MetricRecord, Outcome, PatchDate, Record,
    ReleaseDates, TestOutcome, TestRun,
};

/// Something that was looked up, or could not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Knowledge<T> {
    /// Looked up.
    Known(T),
    /// Could not be looked up, and why.
    Unknown(Arc<str>),
}

impl<T> Knowledge<T> {
    /// The value, if it is known.
    #[must_use]
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }
}

/// Where a fact was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// Name of the source, e.g. `git` or `kubernetes`.
    pub source: Arc<str>,
    /// Version of the source: a release or a commit.
    pub version: Arc<str>,
    /// File in the source.
    pub path: Arc<str>,
    /// Line in the file, from 1.
    pub line: Option<usize>,
    /// The quoted text.
    pub text: String,
}

/// A line of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quote {
    /// Its number, from 1; 0 where the source has no lines that a person would count, as one line of JSON.
    pub line: u32,
    /// Its text without the space around it, shortened where it is very long.
    pub text: Box<str>,
}

/// All that was gathered, sorted by name, version, kind and path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// One entry for each file or folder that was read.
    pub sources: Vec<FactSource>,
}

impl Facts {
    /// The sources of several, each once, in their order.
    #[must_use]
    pub fn joined(all: Vec<Self>) -> Self {
        let mut sources: Vec<FactSource> = all.into_iter().flat_map(|facts| facts.sources).collect();
        sources.sort_by(|left, right| left.order().cmp(&right.order()));
        sources.dedup_by(|left, right| left.order() == right.order());
        Self { sources }
    }

    /// Those of one kind.
    pub fn of(&self, kind: SourceKind) -> impl Iterator<Item = &FactSource> {
        self.sources.iter().filter(move |source| source.kind == kind)
    }

    /// Whether any source of this basis was given and could be read.
    #[must_use]
    pub fn has(&self, basis: Basis) -> bool {
        self.sources.iter().any(|source| source.kind.basis() == basis && !source.facts.is_empty())
    }
}

/// One file, or one folder of like files, of one version of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactSource {
    /// Name of the project, e.g. `kubernetes`.
    pub name: Arc<str>,
    /// Its version as it was given or found: `1.36.2`, a commit.
    pub version: Arc<str>,
    /// The version as a release; `None` where it is none.
    pub release: Option<Release>,
    /// What kind of source it is.
    pub kind: SourceKind,
    /// The file or folder, relative to the root of the project.
    pub path: Arc<str>,
    /// What it says, in its order.
    pub facts: Vec<Fact>,
    /// What of it could not be read, and why. The facts that it has beside that still hold.
    pub problems: Vec<Problem>,
}

impl FactSource {
    /// By what sources are sorted; two of which all of this is the same are one.
    #[must_use]
    pub fn order(&self) -> impl Ord + use<'_> {
        (&self.name, self.release, &self.version, self.kind, &self.path)
    }

    /// A place in this source as evidence.
    #[must_use]
    pub fn evidence(&self, path: &Arc<str>, quote: &Quote) -> Evidence {
        Evidence {
            source: Arc::clone(&self.name),
            version: Arc::clone(&self.version),
            path: Arc::clone(path),
            line: (quote.line > 0).then_some(quote.line as usize),
            text: quote.text.to_string(),
        }
    }
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub path: Arc<str>,
    /// Its line, where one is to blame.
    pub line: Option<usize>,
    /// What is wrong, in one sentence without a period.
    pub message: String,
}

/// Something that a source says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The file.
    pub path: Arc<str>,
    /// The line that says it first.
    pub at: Quote,
    /// What it says.
    pub record: Record,
}

/// Kinds of sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKind {
    /// Gates with their stages by version, as a generated list.
    FeatureList,
    /// The same as a table for people, with what gates depend on.
    FeatureTable,
    /// What gates depend on.
    GateDependencies,
    /// Declarations of gates in source code.
    GateDeclarations,
    /// Every metric of the code.
    MetricsList,
    /// The metrics whose names are promised to stay.
    StableMetrics,
    /// The tests that every distribution must pass.
    ConformanceTests,
    /// Operations that cannot be tested so, and why.
    IneligibleEndpoints,
    /// Which operations tests reach.
    EndpointCoverage,
    /// Types of the API and their fields.
    OpenApi,
    /// Resources that are served.
    Discovery,
    /// Marks in the source code of API types.
    TypeMarkers,
    /// A page for each gate.
    GatePages,
    /// The gates that the reference page of a program lists.
    ProgramReference,
    /// Pages that say from which gate they depend.
    FeatureState,
    /// Tests that are bound to a gate.
    TestLabels,
    /// What changed, in words.
    Changelog,
    /// Notes of a release that is in the making.
    ReleaseNotes,
    /// When releases come and end.
    ReleaseSchedule,
    /// Results of tests.
    TestResults,
}

impl SourceKind {
    /// Every kind, in the order of the declaration.
    pub const ALL: [Self; 20] = [
        Self::FeatureList,
        Self::FeatureTable,
        Self::GateDependencies,
        Self::GateDeclarations,
        Self::MetricsList,
        Self::StableMetrics,
        Self::ConformanceTests,
        Self::IneligibleEndpoints,
        Self::EndpointCoverage,
        Self::OpenApi,
        Self::Discovery,
        Self::TypeMarkers,
        Self::GatePages,
        Self::ProgramReference,
        Self::FeatureState,
        Self::TestLabels,
        Self::Changelog,
        Self::ReleaseNotes,
        Self::ReleaseSchedule,
        Self::TestResults,
    ];

    /// The word in output and in profiles.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::FeatureList => "feature-list",
            Self::FeatureTable => "feature-table",
            Self::GateDependencies => "gate-dependencies",
            Self::GateDeclarations => "gate-declarations",
            Self::MetricsList => "metrics-list",
            Self::StableMetrics => "stable-metrics",
            Self::ConformanceTests => "conformance-tests",
            Self::IneligibleEndpoints => "ineligible-endpoints",
            Self::EndpointCoverage => "endpoint-coverage",
            Self::OpenApi => "openapi",
            Self::Discovery => "discovery",
            Self::TypeMarkers => "type-markers",
            Self::GatePages => "gate-pages",
            Self::ProgramReference => "program-reference",
            Self::FeatureState => "feature-state",
            Self::TestLabels => "test-labels",
            Self::Changelog => "changelog",
            Self::ReleaseNotes => "release-notes",
            Self::ReleaseSchedule => "release-schedule",
            Self::TestResults => "test-results",
        }
    }

    /// On which basis something is decided that is looked up here.
    #[must_use]
    pub fn basis(self) -> Basis {
        match self {
            Self::GatePages | Self::ProgramReference | Self::FeatureState | Self::ReleaseSchedule => Basis::Docs,
            Self::TestResults => Basis::Tests,
            _ => Basis::Code,
        }
    }
}
