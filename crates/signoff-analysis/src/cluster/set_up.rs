//! A cluster as the input of other questions: its version, how its components are set up, what they report.

use std::collections::BTreeSet;

use signoff_model::Release;
use signoff_model::cluster::{ReportedGate, ServerVersion, Snapshot};
use signoff_model::configured::Configured;
use signoff_model::profile::EvidenceRules;

use super::column::{Column, runs};

/// A cluster as the input of other questions.
#[derive(Clone, Debug)]
pub struct SetUp<'s> {
    /// What it is called.
    pub name: &'s str,
    /// Its version; `None` where that could not be read.
    pub release: Option<Release>,
    /// Whether the patch of its version is known.
    pub has_patch: bool,
    /// The version that it emulates, where that is another one.
    pub emulation: Option<Release>,
    /// How its components are set up. What running components were started with comes in place of what configuration
    /// maps would start them with.
    pub configured: Vec<Configured>,
    /// What components report of gates.
    pub observed: Vec<SetGate<'s>>,
    /// What is not known of it, each in one sentence without a period: an answer that needs it is not complete.
    pub gaps: Vec<String>,
}

/// A gate as a component reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetGate<'s> {
    /// The component.
    pub component: &'s str,
    /// Its replica or node.
    pub instance: &'s str,
    /// The gate.
    pub gate: &'s ReportedGate,
}

impl<'s> SetUp<'s> {
    /// What a snapshot tells.
    #[must_use]
    pub fn of(snapshot: &'s Snapshot, rules: &EvidenceRules) -> Self {
        let running: BTreeSet<&str> =
            snapshot.configured.iter().filter(|one| runs(one)).map(|one| &*one.component).collect();
        let holds = |one: &&Configured| runs(one) || !running.contains(&*one.component);
        let observed = snapshot.reported.iter().flat_map(|reported| {
            reported.gates.iter().map(|gate| SetGate {
                component: &reported.component,
                instance: &reported.instance,
                gate,
            })
        });
        let version = snapshot.version.as_ref();
        Self {
            name: &snapshot.name,
            release: version.and_then(|version| version.release),
            has_patch: version.is_some_and(|version| version.has_patch),
            emulation: version.and_then(ServerVersion::emulated),
            configured: snapshot.configured.iter().filter(holds).cloned().collect(),
            observed: observed.collect(),
            gaps: gaps(snapshot, rules),
        }
    }
}

fn gaps(snapshot: &Snapshot, rules: &EvidenceRules) -> Vec<String> {
    let mut gaps = Vec::new();
    if snapshot.version.is_none() {
        gaps.push("its version could not be read".to_owned());
    }
    for column in Column::all(snapshot, rules) {
        if let Some(why) = column.unread_settings() {
            let at = if column.instance.is_empty() { String::new() } else { format!(" at {}", column.instance) };
            gaps.push(format!("the settings of {}{at} were not read{why}", column.component));
        }
    }
    gaps
}
