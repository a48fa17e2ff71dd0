//! The file of a snapshot as its JSON has it: `signoff.cluster/1`. Gates are kept once for all that report the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The name of the shape.
pub const SCHEMA: &str = "signoff.cluster/1";

/// A file.
#[derive(Debug, Serialize, Deserialize)]
pub struct File {
    /// The name of this shape.
    pub schema: String,
    /// What the cluster is called.
    pub name: Arc<str>,
    /// When the reading began.
    pub taken_at: Timestamp,
    /// Its version; null where it could not be read.
    pub version: Option<Version>,
    /// What was asked for.
    pub readings: Vec<Reading>,
    /// Sets of gates: stage, where it is known, and `on` or `off`, by name.
    pub gate_sets: Vec<BTreeMap<Arc<str>, Gate>>,
    /// Who reports which set.
    pub reported: Vec<Reported>,
    /// Flags.
    pub flags: Vec<Flags>,
    /// Nodes.
    pub nodes: Vec<ClusterNode>,
    /// The versions of components.
    pub programs: Vec<Program>,
    /// How components are set up.
    pub configured: Vec<Configured>,
    /// Metrics.
    pub metrics: Vec<Metrics>,
}

/// A version.
#[derive(Debug, Serialize, Deserialize)]
pub struct Version {
    /// As written.
    pub written: Arc<str>,
    /// The release.
    pub release: Option<String>,
    /// Whether its patch is known.
    pub has_patch: bool,
    /// The mark of a distribution.
    pub build: Option<Arc<str>>,
    /// The version that is emulated.
    pub emulation: Option<String>,
    /// The oldest version that it stays compatible with.
    pub min_compatibility: Option<String>,
}

/// Something that was asked for.
#[derive(Debug, Serialize, Deserialize)]
pub struct Reading {
    /// What.
    pub what: String,
    /// Of which component.
    pub component: Arc<str>,
    /// Of which replica or node.
    pub instance: Arc<str>,
    /// `read`, `partly`, `denied`, `absent`, `failed`.
    pub outcome: String,
    /// Why, or which right is missing.
    pub detail: Arc<str>,
    /// When.
    pub at: Timestamp,
}

/// A gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// `alpha`, `beta`, ...; null where it is not known.
    pub stage: Option<Stage>,
    /// Whether it is on.
    pub on: bool,
}

/// A stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Not even to be tried out.
    PreAlpha,
    /// To be tried out.
    Alpha,
    /// To be relied on with care.
    Beta,
    /// Here to stay.
    Stable,
    /// On its way out.
    Deprecated,
}

/// Who reports which set of gates.
#[derive(Debug, Serialize, Deserialize)]
pub struct Reported {
    /// The component.
    pub component: Arc<str>,
    /// Its replica or node.
    pub instance: Arc<str>,
    /// Where it says so.
    pub source: String,
    /// When.
    pub at: Timestamp,
    /// The place of the set in `gate_sets`, from 0.
    pub gates: usize,
}

/// Flags of a component.
#[derive(Debug, Serialize, Deserialize)]
pub struct Flags {
    /// The component.
    pub component: Arc<str>,
    /// Its replica.
    pub instance: Arc<str>,
    /// When.
    pub at: Timestamp,
    /// Names, with the values that are kept.
    pub flags: BTreeMap<Arc<str>, Option<Arc<str>>>,
}

/// A node.
#[derive(Debug, Serialize, Deserialize)]
pub struct ClusterNode {
    /// Its name.
    pub name: Arc<str>,
    /// The version of its kubelet.
    pub kubelet_version: Arc<str>,
    /// Features that its kubelet declares.
    pub declared_features: Vec<Arc<str>>,
}

/// The version of a component.
#[derive(Debug, Serialize, Deserialize)]
pub struct Program {
    /// The component.
    pub component: Arc<str>,
    /// Its node, else its pod.
    pub instance: Arc<str>,
    /// As its image says.
    pub version: Arc<str>,
}

/// A component as something sets it up.
#[derive(Debug, Serialize, Deserialize)]
pub struct Configured {
    /// The component.
    pub component: Arc<str>,
    /// What tells it from others.
    pub instance: Arc<str>,
    /// What was read for it.
    pub files: Vec<Arc<str>>,
    /// Settings of gates, in their order.
    pub gates: Vec<GateSetting>,
    /// Flags, in their order.
    pub flags: Vec<FlagSetting>,
    /// Formats.
    pub formats: Vec<ConfigFormat>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
    /// Why it would not start with this.
    pub faults: Vec<Gap>,
    /// What holds although it may surprise.
    pub remarks: Vec<Gap>,
}

/// A gate that is set.
#[derive(Debug, Serialize, Deserialize)]
pub struct GateSetting {
    /// The gate.
    pub name: Arc<str>,
    /// Its value as written.
    pub written: Arc<str>,
    /// Its value; null where it is none.
    pub value: Option<bool>,
    /// The component that it is for.
    pub prefix: Option<Arc<str>>,
    /// Where.
    pub path: Arc<str>,
    /// The line.
    pub line: Option<usize>,
}

/// A flag that is set.
#[derive(Debug, Serialize, Deserialize)]
pub struct FlagSetting {
    /// Its name.
    pub name: Arc<str>,
    /// Its value, where that is kept.
    pub value: Option<Arc<str>>,
    /// Where.
    pub path: Arc<str>,
    /// The line.
    pub line: Option<usize>,
}

/// The format of a file.
#[derive(Debug, Serialize, Deserialize)]
pub struct ConfigFormat {
    /// Group and version.
    pub api_version: Arc<str>,
    /// The kind.
    pub kind: Arc<str>,
    /// Where it says so.
    pub path: Arc<str>,
    /// The line.
    pub line: Option<usize>,
}

/// Something that is wrong, or worth a word.
#[derive(Debug, Serialize, Deserialize)]
pub struct Gap {
    /// Where.
    pub path: Arc<str>,
    /// The line.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
}

/// Metrics that are served.
#[derive(Debug, Serialize, Deserialize)]
pub struct Metrics {
    /// The component.
    pub component: Arc<str>,
    /// The replicas or nodes that serve just these.
    pub instances: Vec<Arc<str>>,
    /// Names, with how long they are promised to stay.
    pub names: BTreeMap<Arc<str>, Option<Arc<str>>>,
}
