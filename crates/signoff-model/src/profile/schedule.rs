//! Checkpoints and calendars as a profile, or the configuration of a repository, writes them.
//!
//! [`crate::calendar`] reads what is written here: instants instead of texts.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// A point in a release's cycle: a freeze, a call, a mere date.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CheckpointKind {
    /// Name on the command line and in output.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Other names by which it is asked for.
    pub aliases: Vec<String>,
    /// Names that it has had since a release, oldest first; before the first one it is called `name`.
    pub renamed: Vec<Renaming>,
    /// Whether proposals get a verdict at it.
    pub decides: bool,
    /// The first release for which missing it removes a proposal; absent: it always did.
    pub hard_from: Option<String>,
    /// Checkpoints that do not come later than this one.
    pub after: Vec<String>,
    /// Days after the checkpoint in which an exception may be asked for.
    pub exception_days: Option<u32>,
    /// Hours after the checkpoint in which an exception may be asked for.
    pub exception_hours: Option<u32>,
    /// The first release with exceptions from this checkpoint; absent: all.
    pub exceptions_from: Option<String>,
    /// Keys of a list of requests for exceptions that stand for this checkpoint.
    pub exception_keys: Vec<String>,
    /// Checkpoints whose exception, granted beyond this checkpoint, covers this one too.
    pub covered_by: Vec<String>,
    /// What a release page calls it; `{release}` stands for the release without a prefix.
    pub page: Vec<String>,
}

/// The name that a checkpoint has had since a release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Renaming {
    /// The first release that calls it so.
    pub from: String,
    /// The name.
    pub name: String,
}

/// The dates of a release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WrittenCalendar {
    /// The release.
    pub release: String,
    /// Where the dates stand: an address or a path.
    pub source: Option<String>,
    /// When each checkpoint is, by its id: `2026-02-11 AoE` (the end of that day anywhere on Earth),
    /// `2024-03-05T18:00 America/Los_Angeles`, `2026-02-12T12:00Z`, or a bare day, which ends like `AoE`.
    pub at: BTreeMap<String, String>,
    /// What was said before a checkpoint was put off or brought forward.
    pub revision: Vec<WrittenRevision>,
}

/// What was said about a checkpoint until it was changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WrittenRevision {
    /// Id of the checkpoint.
    pub checkpoint: String,
    /// The instant or day until which it was so.
    pub until: String,
    /// When the checkpoint was to be then; absent: no date had been set.
    pub at: Option<String>,
    /// Why it was changed.
    pub why: String,
}

impl CheckpointKind {
    /// Every name that it has or had.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let renamed = self.renamed.iter().map(|renaming| &renaming.name);
        [&self.id, &self.name].into_iter().chain(&self.aliases).chain(renamed).map(String::as_str)
    }
}

impl WrittenCalendar {
    /// Takes over what another calendar of the same release says.
    pub fn lay_over(&mut self, above: &Self) {
        self.at.extend(above.at.iter().map(|(id, at)| (id.clone(), at.clone())));
        self.revision.extend(above.revision.iter().cloned());
        self.source = above.source.clone().or(self.source.take());
    }
}
