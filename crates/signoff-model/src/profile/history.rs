//! What a profile says about questions to the history: when a release is planned, after how long a proposal counts as
//! left alone, and what is tidied up behind a release.

use schemars::JsonSchema;
use serde::Deserialize;

/// What history is asked for.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HistoryRules {
    /// Id of the checkpoint at which it is settled what a release is to bring; absent: the release's first day.
    pub planned_at: Option<String>,
}

/// After how long a proposal counts as left alone.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StaleRules {
    /// Stuck: so many releases have come out since the one that it names, before the last stage.
    pub stuck_releases: u32,
    /// Stuck, or without an approver: nobody worked on it for so many days.
    pub quiet_days: u32,
    /// Stages that are meant to be passed, and for how many releases a proposal may stay in each.
    pub passing: Vec<PassingStage>,
    /// Dormant: an open proposal on which nobody worked for so many days.
    pub dormant_days: u32,
    /// Orphaned: for so many days none of its authors and approvers was seen.
    pub absent_days: u32,
    /// How many days back work counts as tending.
    pub tended_days: u32,
}

impl Default for StaleRules {
    fn default() -> Self {
        Self {
            stuck_releases: 2,
            quiet_days: 180,
            passing: Vec::new(),
            dormant_days: 365,
            absent_days: 365,
            tended_days: 365,
        }
    }
}

/// A stage that is meant to be passed.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PassingStage {
    /// The stage.
    pub name: String,
    /// For how many releases a proposal may stay in it.
    pub releases: u32,
    /// Where that is written.
    pub source: String,
}

/// What is tidied up behind a release.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CleanupRules {
    /// What the owners are asked of what was planned, did not arrive and names no other release; `{next}` stands for the
    /// next release.
    pub undecided: String,
    /// Command lines for the forge, in order.
    pub command: Vec<CleanupCommand>,
}

/// A command line for the forge; it is printed, never run.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CleanupCommand {
    /// A name of its own.
    pub id: String,
    /// For which proposals.
    pub when: CleanupCase,
    /// Why.
    pub why: String,
    /// The command; `{number}`, `{release}`, `{stage}` stand for the proposal's values.
    pub run: String,
    /// What of the issue makes it necessary. Where the forge tells that nothing of this is so, the command is left out.
    pub needed_for: Vec<CleanupNeed>,
    /// The labels of `labels`.
    pub labels: Vec<String>,
}

/// What of an issue makes a command necessary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CleanupNeed {
    /// It is in the milestone of the release.
    Milestone,
    /// It has one of the command's labels.
    Labels,
    /// It is open.
    Open,
}

/// Cases of the tidying up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CleanupCase {
    /// Everything of the release that does not name a later one by now.
    #[default]
    Targeted,
    /// Of this, what reached the last stage with the release.
    Finished,
}
