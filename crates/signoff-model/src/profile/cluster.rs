//! What is known of clusters that no list of the code tells: their components, and what a playbook is made of.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// What is known of clusters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClusterRules {
    /// The components that every cluster has, in the order of output.
    pub components: Vec<String>,
    /// The component whose version is that of the cluster.
    pub server: String,
    /// The component of which each node has one, and whose version the node tells.
    pub node: String,
    /// What stands before a gate with a colon where a setting is for every component, as if nothing stood there.
    pub own_prefix: String,
}

/// What a playbook of a gate is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlaybookRules {
    /// Questions whose answers say what comes of turning a feature off and on again, in the order of output.
    pub consequences: Vec<String>,
    /// Questions whose answers say what to watch.
    pub watch: Vec<String>,
    /// Questions whose answers say how it is known to fail.
    pub failures: Vec<String>,
    /// How a gate is turned off in any component; `{gate}` stands for its name.
    pub off: String,
    /// How it is turned off in a component that has another way too, by component.
    pub off_in: BTreeMap<String, String>,
    /// How it is turned off where it is of a registry of its own, by registry.
    pub off_elsewhere: BTreeMap<String, String>,
}
