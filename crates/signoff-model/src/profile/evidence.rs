//! Where the sources of a process are that tell whether its proposals are right: which files of the code and of the
//! documentation, and what is known about the names in them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::cluster::{ClusterRules, PlaybookRules};
use super::upgrade::UpgradeRules;

/// Sources beside the proposals.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EvidenceRules {
    /// What the code is called in output where its folder does not tell: the project's name.
    pub code: String,
    /// What the documentation is called in output.
    pub docs: String,
    /// The git repository of the code, from which `signoff evidence fetch` gets versions.
    pub code_url: Option<String>,
    /// That of the documentation.
    pub docs_url: Option<String>,
    /// Branches of the documentation of a version, the first that is there counts; `{release}` stands for its release, as
    /// in `1.36`.
    pub docs_branches: Vec<String>,
    /// Names of the packs that come with the program and are used where nothing else was given.
    pub packs: Vec<String>,
    /// Files that are looked for in every folder or commit that is given.
    pub source: Vec<SourceRule>,
    /// Names by which lists call gates that people set by another: constants of the code, by the name people set.
    pub gate_constants: BTreeMap<String, String>,
    /// Gates that fill in all others of a stage, by name: the stage.
    pub gate_groups: BTreeMap<String, String>,
    /// Components whose gates are in no list of the code, because another project or another list has them.
    pub elsewhere: Vec<String>,
    /// Where gates of a component are listed that has a list of its own: the registry, by component.
    pub registry: BTreeMap<String, String>,
    /// The first release that checks what gates depend on when a component starts.
    pub dependencies_from: Option<String>,
    /// Beginnings and whole names of metrics that programs serve and no list of the code has, since libraries and
    /// other projects make them; a trailing `*` matches any end.
    pub unlisted_metrics: Vec<String>,
    /// What stands before the number of a proposal where a source cites one: `issues/`; `*` matches any text without a
    /// slash or a space.
    pub proposal_marks: Vec<String>,
    /// Endings that a metric's samples have and its name has not.
    pub metric_endings: Vec<String>,
    /// What operators must know of an upgrade that no list of the code tells.
    pub upgrade: UpgradeRules,
    /// What is known of clusters.
    pub cluster: ClusterRules,
    /// What a playbook of a gate is made of.
    pub playbook: PlaybookRules,
}

/// Files that are looked for in every folder or commit that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SourceRule {
    /// The kind of source: `feature-list`, `gate-pages`, ...
    pub kind: String,
    /// Files or folders, newest place first: all that exist are read. `*` matches within a name.
    pub paths: Vec<String>,
    /// Whose gates these are, where they are no gates of every component.
    pub registry: Option<String>,
}
