//! What operators must know of an upgrade that no list of the code tells: which components there are, how they read
//! their settings, and facts about formats, flags and settings, each with its source.

use schemars::JsonSchema;
use serde::Deserialize;

/// What operators must know of an upgrade.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UpgradeRules {
    /// The components of a cluster.
    pub components: Vec<String>,
    /// Those that can emulate an earlier version, and take settings of gates with the name of a component in front.
    pub emulating: Vec<String>,
    /// The flag by which they do.
    pub emulation_flag: String,
    /// The name in front of a gate that stands for the gates of every component, as no name does.
    pub own_prefix: String,
    /// Questions whose answers say whether and how a feature is turned off again, best first.
    pub rollback_questions: Vec<String>,
    /// Questions whose answers say what to watch, best first.
    pub monitoring_questions: Vec<String>,
    /// Formats of the files that configure components.
    pub format: Vec<FormatLife>,
    /// Flags that are gone or go.
    pub flag: Vec<FlagLife>,
    /// Settings that mean something else from a release on.
    pub setting: Vec<SettingChange>,
}

/// How long a format of configuration is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FormatLife {
    /// Group and version: `kubelet.config.k8s.io/v1beta1`.
    pub api_version: String,
    /// The component that reads it.
    pub component: String,
    /// The first release that calls it deprecated.
    pub deprecated: Option<String>,
    /// The first release that no longer reads it.
    pub removed: Option<String>,
    /// What to write in its place.
    pub instead: Option<String>,
    /// The newest release for which this is known.
    pub known_through: String,
    /// Who says so.
    pub source: String,
}

/// A flag that is gone or goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FlagLife {
    /// The component.
    pub component: String,
    /// The flag without dashes.
    pub name: String,
    /// The first release that no longer has it: a component does not start with a flag that it does not know.
    pub removed: String,
    /// What to write in its place.
    pub instead: Option<String>,
    /// Who says so.
    pub source: String,
}

/// A setting that means something else from a release on where nobody sets it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SettingChange {
    /// The component.
    pub component: String,
    /// Its name in the file.
    pub name: String,
    /// The release.
    pub since: String,
    /// The value before.
    pub from: String,
    /// The value since.
    pub to: String,
    /// What comes of it, in one sentence without a period.
    pub effect: String,
    /// Who says so.
    pub source: String,
}
