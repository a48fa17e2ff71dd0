//! What a single fact says.

use std::sync::Arc;

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
    /// The type that it is about.
    pub kind: Arc<str>,
    /// `stable`, `beta`, `alpha`.
    pub level: Arc<str>,
    /// Whether a test reaches it; `None` where the list does not say.
    pub tested: Option<bool>,
    /// Whether a conformance test reaches it; `None` where the list does not say.
    pub conformance: Option<bool>,
    /// Why it cannot be reached by one.
    pub ineligible: Option<Arc<str>>,
}

/// A type of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiType {
    /// Group, e.g. `apps`; empty for the first one.
    pub group: Arc<str>,
    /// Version, e.g. `v1`.
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
