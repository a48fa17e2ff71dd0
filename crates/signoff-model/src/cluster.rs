//! What a cluster said of itself at one instant: [`Snapshot`].
//!
//! A snapshot holds readings, one for each thing that was asked for, and what came of them. What was refused or failed
//! is a reading too, so that *nobody said so* is told from *no*. It never holds a credential, the data of a secret, or
//! the value of a flag other than those of [`KEPT_FLAGS`].

use std::sync::Arc;

use jiff::Timestamp;

use crate::configured::Configured;
use crate::fact::GateStage;
use crate::release::Release;

/// The flags whose values are kept: those that say which features are on. Of all others the name alone is kept, since
/// a value may be a credential, or lead to one.
pub const KEPT_FLAGS: [&str; 6] = [
    "emulated-version",
    "emulation-forward-compatible",
    "feature-gates",
    "min-compatibility-version",
    "runtime-config",
    "runtime-config-emulation-forward-compatible",
];

/// A cluster at one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// What it is called: the context of the kubeconfig, else the name of the file.
    pub name: Arc<str>,
    /// When the reading began.
    pub taken_at: Timestamp,
    /// What it says of its version; `None` where that could not be read.
    pub version: Option<ServerVersion>,
    /// All that was asked for, in the order of asking.
    pub readings: Vec<Reading>,
    /// The gates that components report, one entry for each answer.
    pub reported: Vec<Reported>,
    /// The flags that components report.
    pub flags: Vec<ReportedFlags>,
    /// Its nodes, by name.
    pub nodes: Vec<ClusterNode>,
    /// The versions of components, as the images of their pods say.
    pub programs: Vec<RunningProgram>,
    /// How components are set up, as pods and configuration maps say.
    pub configured: Vec<Configured>,
    /// The metrics that components serve.
    pub metrics: Vec<ServedMetrics>,
}

/// What an API server says of its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerVersion {
    /// As written: `v1.36.2`, `v1.34.1-gke.100`.
    pub written: Arc<str>,
    /// The release that it is built from; of a build that does not tell its patch, the minor release.
    pub release: Option<Release>,
    /// Whether the patch is known: a build from source may tell the minor release alone.
    pub has_patch: bool,
    /// What stands behind the release: the mark of a distribution's own build.
    pub build: Option<Arc<str>>,
    /// The version whose behaviour it shows, where it says so.
    pub emulation: Option<Release>,
    /// The oldest version that it stays compatible with, where it says so.
    pub min_compatibility: Option<Release>,
}

impl ServerVersion {
    /// The version by which stages and defaults are judged: the one that is emulated, else its own.
    #[must_use]
    pub fn effective(&self) -> Option<Release> {
        match (self.emulation, self.release) {
            // Without a patch the two minor releases are equal, and the own one says more.
            (Some(emulated), Some(own)) if emulated.minors_after(own) == 0 => Some(own),
            (Some(emulated), _) => Some(emulated),
            (None, own) => own,
        }
    }

    /// The version that is emulated, where that is another than its own.
    #[must_use]
    pub fn emulated(&self) -> Option<Release> {
        self.emulation.filter(|emulated| self.release.is_some_and(|own| emulated.minors_after(own) != 0))
    }
}

/// Kinds of things that are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReadingKind {
    /// The version.
    Version,
    /// Metrics, with the gates among them.
    Metrics,
    /// Flags as the component has them.
    Flagz,
    /// Versions as the component has them.
    Statusz,
    /// The configuration that a node works with.
    Configz,
    /// The list of nodes.
    Nodes,
    /// A configuration map.
    ConfigMap,
    /// The pods of the control plane.
    Pods,
    /// Where the replicas of the API server are.
    Replicas,
}

impl ReadingKind {
    /// Every kind, in the order of the declaration.
    pub const ALL: [Self; 9] = [
        Self::Version,
        Self::Metrics,
        Self::Flagz,
        Self::Statusz,
        Self::Configz,
        Self::Nodes,
        Self::ConfigMap,
        Self::Pods,
        Self::Replicas,
    ];

    /// The word in output and in files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Metrics => "metrics",
            Self::Flagz => "flagz",
            Self::Statusz => "statusz",
            Self::Configz => "configz",
            Self::Nodes => "nodes",
            Self::ConfigMap => "configmap",
            Self::Pods => "pods",
            Self::Replicas => "replicas",
        }
    }
}

/// Something that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What.
    pub what: ReadingKind,
    /// Of which component; of a configuration map its name; empty for the cluster as a whole.
    pub component: Arc<str>,
    /// Of which replica or node; empty where there is one, or nobody can tell them apart.
    pub instance: Arc<str>,
    /// What came of it.
    pub outcome: Outcome,
    /// When.
    pub at: Timestamp,
}

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was read.
    Read,
    /// It was read in part, and why not wholly.
    Partly(Arc<str>),
    /// The right to read it is missing: which one, in one line.
    Denied(Arc<str>),
    /// The cluster does not have it: a version without it, or a name that is not used there.
    Absent(Arc<str>),
    /// It could not be read, and why.
    Failed(Arc<str>),
}

impl Outcome {
    /// The word in output and in files.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Partly(_) => "partly",
            Self::Denied(_) => "denied",
            Self::Absent(_) => "absent",
            Self::Failed(_) => "failed",
        }
    }

    /// Why, or which right is missing; empty for what was read.
    #[must_use]
    pub fn detail(&self) -> &str {
        match self {
            Self::Read => "",
            Self::Partly(text) | Self::Denied(text) | Self::Absent(text) | Self::Failed(text) => text,
        }
    }

    /// Whether anything of it can be used.
    #[must_use]
    pub fn is_read(&self) -> bool {
        matches!(self, Self::Read | Self::Partly(_))
    }
}

/// The gates that one component reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// The component that was asked.
    pub component: Arc<str>,
    /// Its replica or node; empty where nobody can tell which replica answered.
    pub instance: Arc<str>,
    /// Where it says so.
    pub source: ReadingKind,
    /// When.
    pub at: Timestamp,
    /// The gates, by name; of nodes that report the same there is one list.
    pub gates: Arc<[ReportedGate]>,
}

/// A gate as a component reports it. A component of Kubernetes reports the gates of all of them: the value is what
/// this component does, and not what another one does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReportedGate {
    /// Its name.
    pub name: Arc<str>,
    /// Its stage there; `None` where it is none that is known, or the source does not tell.
    pub stage: Option<GateStage>,
    /// Whether it is on.
    pub enabled: bool,
}

/// The flags that one component reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedFlags {
    /// The component.
    pub component: Arc<str>,
    /// Its replica; empty where nobody can tell which one answered.
    pub instance: Arc<str>,
    /// When.
    pub at: Timestamp,
    /// Names of flags, sorted, with the values of [`KEPT_FLAGS`].
    pub flags: Vec<(Arc<str>, Option<Arc<str>>)>,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterNode {
    /// Its name.
    pub name: Arc<str>,
    /// The version of its kubelet as written.
    pub kubelet_version: Arc<str>,
    /// Features that its kubelet declares. Only some are ever declared: what is not here proves nothing.
    pub declared_features: Vec<Arc<str>>,
}

impl ClusterNode {
    /// The release of its kubelet, without the mark of a distribution.
    #[must_use]
    pub fn release(&self) -> Option<Release> {
        release_of(&self.kubelet_version)
    }
}

/// The version of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningProgram {
    /// The component.
    pub component: Arc<str>,
    /// Its node, else its pod.
    pub instance: Arc<str>,
    /// The tag of its image, as written: `v1.36.2`.
    pub version: Arc<str>,
}

/// The metrics that a component serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServedMetrics {
    /// The component.
    pub component: Arc<str>,
    /// The replicas or nodes that serve just these, sorted.
    pub instances: Vec<Arc<str>>,
    /// Names with how long they are promised to stay (`ALPHA`, `BETA`, `STABLE`) where it says so, sorted.
    pub names: Vec<(Arc<str>, Option<Arc<str>>)>,
}

/// The release in `v1.34.1-gke.100` or `v1.33.4+k3s1`; `None` for what begins with none.
#[must_use]
pub fn release_of(written: &str) -> Option<Release> {
    Release::parse(written.split(['-', '+']).next().unwrap_or_default()).filter(|release| !release.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_that_counts() {
        let release = |text: &str| Release::parse(text);
        let cases = [
            // own, emulated, effective, told as emulated
            ("1.36.2", "1.35", "1.35", true),
            ("1.36.2", "1.36", "1.36.2", false),
            ("1.36.2", "", "1.36.2", false),
            ("", "1.35", "1.35", false),
        ];
        for (own, emulated, effective, is_emulated) in cases {
            let version = ServerVersion {
                written: own.into(),
                release: release(own),
                has_patch: true,
                build: None,
                emulation: release(emulated),
                min_compatibility: None,
            };
            assert_eq!(version.effective(), release(effective), "{own} {emulated}");
            assert_eq!(version.emulated().is_some(), is_emulated, "{own} {emulated}");
        }
    }

    #[test]
    fn releases_of_builds() {
        let cases = [
            ("v1.34.1-gke.100", Some("1.34.1")),
            ("v1.33.4+k3s1", Some("1.33.4")),
            ("v1.36.2", Some("1.36.2")),
            ("v0.0.0-master+$Format:%H$", None),
            ("", None),
            ("latest", None),
        ];
        for (written, expected) in cases {
            assert_eq!(release_of(written), expected.and_then(Release::parse), "{written}");
        }
    }
}
