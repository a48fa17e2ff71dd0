//! How the components of a cluster are configured, as files or the cluster itself tell.
//!
//! A [`Configured`] is one component as one node (or one file) sets it up: the gates in the order in which the
//! component applies them, the flags, and which versions of which configuration formats the files are written in.
//! What that leads to for a version is asked in the analysis.

use std::sync::Arc;

use crate::fact::Problem;

/// One component as something sets it up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configured {
    /// The component: `kubelet`, `kube-apiserver`, `kubeadm`.
    pub component: Arc<str>,
    /// What tells it from others of its kind: a node, a pool, the file; empty where there is one.
    pub instance: Arc<str>,
    /// The files that were read for it, in the order in which the component reads them.
    pub files: Vec<Arc<str>>,
    /// The settings of gates, in the order in which the component applies them: of two of one gate the later holds.
    pub gates: Vec<GateSetting>,
    /// The flags of its command line, in their order, those for gates left out.
    pub flags: Vec<FlagSetting>,
    /// The formats that its files are written in.
    pub formats: Vec<ConfigFormat>,
    /// What of it could not be read, or leads to files that were not given: each makes the answer incomplete.
    pub gaps: Vec<Problem>,
    /// Why it would not start with this, whatever its version: a value that is no boolean, a field that its files do not
    /// have.
    pub faults: Vec<Problem>,
    /// What holds although it may surprise, as a flag that is ignored. Nothing is missing because of it.
    pub remarks: Vec<Problem>,
}

/// Where something is set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub path: Arc<str>,
    /// The line, from 1; `None` where there is none to name.
    pub line: Option<usize>,
}

/// A gate that is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateSetting {
    /// The gate as written, without the prefix of a component.
    pub name: Arc<str>,
    /// The value as written.
    pub written: Arc<str>,
    /// What the component reads there; `None` where it would not start because of it.
    pub value: Option<bool>,
    /// The component that it is for, where a prefix says so: `kube` in `kube:AllBeta=true`.
    pub prefix: Option<Arc<str>>,
    /// Where.
    pub place: Place,
}

/// A flag that is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagSetting {
    /// Its name without dashes.
    pub name: Arc<str>,
    /// Its value; `None` where it has none.
    pub value: Option<Arc<str>>,
    /// Where.
    pub place: Place,
}

/// The format of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFormat {
    /// Group and version: `kubelet.config.k8s.io/v1beta1`.
    pub api_version: Arc<str>,
    /// The kind: `KubeletConfiguration`.
    pub kind: Arc<str>,
    /// Where it says so.
    pub place: Place,
}
