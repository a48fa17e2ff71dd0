//! A replica or node of a component, and what it says of a gate.

use std::collections::BTreeSet;
use std::sync::Arc;

use signoff_model::Release;
use signoff_model::cluster::{ClusterNode, Outcome, ReadingKind, Reported, ServerVersion, Snapshot, release_of};
use signoff_model::configured::{Configured, GateSetting};
use signoff_model::fact::GateStage;
use signoff_model::profile::EvidenceRules;

use super::{Cell, Value};
use crate::gates::Gates;

/// A replica or node of a component.
pub struct Column<'s> {
    /// The component.
    pub component: Arc<str>,
    /// The replica or node; empty where there is one, or nobody can tell them apart.
    pub instance: Arc<str>,
    /// Its version.
    pub version: Option<Release>,
    /// The version by which its gates are judged: the one that it emulates, else its own.
    pub effective: Option<Release>,
    /// Whether the patch of its version is known.
    has_patch: bool,
    /// What it reports of gates.
    reported: Option<&'s Reported>,
    /// Whether that was read as a whole: only then does it not have what is not there.
    is_whole: bool,
    /// What sets it up.
    configured: Option<&'s Configured>,
    /// The node that it is on.
    node: Option<&'s ClusterNode>,
    /// When the snapshot was taken of what sets it up, and from where.
    set_up: (ReadingKind, jiff::Timestamp),
    /// Why it reports nothing, and the right that would tell.
    missing: (Arc<str>, Option<Arc<str>>),
    own_prefix: String,
}

impl<'s> Column<'s> {
    /// Every column of a cluster.
    pub(super) fn all(snapshot: &'s Snapshot, rules: &EvidenceRules) -> Vec<Self> {
        let mut known: BTreeSet<(usize, Arc<str>, Arc<str>)> = BTreeSet::new();
        let order = |component: &str| {
            let components = &rules.cluster.components;
            components.iter().position(|known| known == component).unwrap_or(components.len())
        };
        let mut add = |component: &Arc<str>, instance: &Arc<str>| {
            known.insert((order(component), Arc::clone(component), Arc::clone(instance)));
        };
        snapshot.reported.iter().for_each(|reported| add(&reported.component, &reported.instance));
        snapshot.configured.iter().filter(|one| runs(one)).for_each(|one| add(&one.component, &one.instance));
        snapshot.programs.iter().for_each(|program| add(&program.component, &program.instance));
        let of_nodes: Arc<str> = rules.cluster.node.as_str().into();
        snapshot.nodes.iter().for_each(|node| add(&of_nodes, &node.name));
        for component in &rules.cluster.components {
            if !known.iter().any(|(_, other, _)| **other == **component) {
                known.insert((order(component), component.as_str().into(), "".into()));
            }
        }
        let built = known.into_iter().map(|(_, component, instance)| Self::new(snapshot, rules, component, instance));
        built.collect()
    }

    fn new(snapshot: &'s Snapshot, rules: &EvidenceRules, component: Arc<str>, instance: Arc<str>) -> Self {
        let is_this = |other: &str, at: &str| *other == *component && *at == *instance;
        let node = snapshot.nodes.iter().find(|node| node.name == instance);
        let configured = snapshot.configured.iter().find(|one| runs(one) && is_this(&one.component, &one.instance));
        let reported = snapshot.reported.iter().find(|one| is_this(&one.component, &one.instance));
        let is_node = *component == *rules.cluster.node;
        let of_pods = snapshot.readings.iter().find(|reading| reading.what == ReadingKind::Pods);
        let of_node = snapshot
            .readings
            .iter()
            .find(|reading| reading.what == ReadingKind::Configz && is_this(&reading.component, &reading.instance));
        let set_up = if is_node { of_node } else { of_pods };
        let mut column = Self {
            version: None,
            effective: None,
            has_patch: true,
            is_whole: reported.is_some_and(|reported| {
                snapshot.readings.iter().any(|reading| {
                    reading.what == reported.source
                        && is_this(&reading.component, &reading.instance)
                        && reading.outcome == Outcome::Read
                })
            }),
            reported,
            configured,
            node: node.filter(|_| is_node),
            set_up: set_up.map_or((ReadingKind::Pods, snapshot.taken_at), |reading| (reading.what, reading.at)),
            missing: missing(snapshot, rules, &component, &instance),
            own_prefix: rules.cluster.own_prefix.clone(),
            component,
            instance,
        };
        column.find_version(snapshot, rules);
        column
    }

    /// A component that has no version of its own to tell is judged by none: one of another version may run.
    fn find_version(&mut self, snapshot: &Snapshot, rules: &EvidenceRules) {
        let server = snapshot.version.as_ref().filter(|_| *self.component == *rules.cluster.server);
        let program = snapshot
            .programs
            .iter()
            .find(|program| program.component == self.component && program.instance == self.instance);
        let own = program.and_then(|program| release_of(&program.version));
        let own = own.or_else(|| self.node.and_then(ClusterNode::release));
        self.version = server.and_then(|version| version.release).or(own);
        self.has_patch = server.is_none_or(|version| version.has_patch);
        let emulated = server.and_then(ServerVersion::effective);
        self.effective = self.emulated_by_flag().or(emulated).or(self.version);
    }

    /// `--emulated-version=1.35`, also with the name of a component before it.
    fn emulated_by_flag(&self) -> Option<Release> {
        let flags = self.configured?.flags.iter().rev();
        let value = flags.filter(|flag| &*flag.name == "emulated-version").find_map(|flag| flag.value.as_deref())?;
        let mut values = value.trim_matches(['[', ']']).split(',').map(|text| match text.split_once(['=', ':']) {
            Some((prefix, text)) if prefix == self.own_prefix => text,
            Some(_) => "",
            None => text,
        });
        values.find_map(|text| Release::parse(text.trim()))
    }

    /// The settings that hold for it, in the order in which it applies them.
    pub(super) fn settings(&self) -> impl Iterator<Item = &'s GateSetting> {
        let own = self.own_prefix.clone();
        let all = self.configured.map(|one| one.gates.as_slice()).unwrap_or_default().iter();
        all.filter(move |setting| setting.prefix.as_deref().is_none_or(|prefix| prefix.is_empty() || prefix == own))
    }

    /// Where its settings were not read: why, as the end of a sentence.
    pub(super) fn unread_settings(&self) -> Option<String> {
        if self.configured.is_some() {
            return None;
        }
        let (why, right) = &self.missing;
        let right = right.as_ref().map(|right| format!(" ({right})")).unwrap_or_default();
        Some(if why.is_empty() { right } else { format!(": {why}{right}") })
    }

    /// What is known of a gate here.
    pub(super) fn cell(&self, gate: &str, gates: &Gates<'_>, rules: &EvidenceRules) -> Cell {
        if let Some(cell) = self.observed(gate) {
            return cell;
        }
        if self.reported.is_some() && !self.is_whole {
            let reason = "what it reports was read in part, and this gate is not in that part";
            return Cell::Unknown { reason: reason.into(), right: None };
        }
        self.inferred(gate, gates, rules).unwrap_or_else(|reason| {
            let reason = if self.missing.0.is_empty() { reason } else { format!("{}; {reason}", self.missing.0) };
            Cell::Unknown { reason: reason.into(), right: self.missing.1.clone() }
        })
    }

    /// What it reports, else what sets it up, else what its node declares.
    fn observed(&self, gate: &str) -> Option<Cell> {
        if let Some(reported) = self.reported {
            let found = reported.gates.binary_search_by(|known| (*known.name).cmp(gate)).ok();
            let found = found.map(|index| &reported.gates[index]);
            let (value, stage) = match found {
                Some(found) => (Value::of(found.enabled), found.stage),
                None if self.is_whole => (Value::Missing, None),
                None => return None,
            };
            return Some(Cell::Observed { value, stage, source: reported.source, at: reported.at });
        }
        let set = self.settings().filter(|setting| &*setting.name == gate).last();
        if let Some(value) = set.and_then(|setting| setting.value) {
            let (source, at) = self.set_up;
            return Some(Cell::Observed { value: Value::of(value), stage: None, source, at });
        }
        let is_declared = self.node?.declared_features.iter().any(|feature| **feature == *gate);
        let at = self.set_up.1;
        is_declared.then_some(Cell::Observed { value: Value::On, stage: None, source: ReadingKind::Nodes, at })
    }

    /// What follows from the version, and from settings of whole stages.
    fn inferred(&self, gate: &str, gates: &Gates<'_>, rules: &EvidenceRules) -> Result<Cell, String> {
        let (Some(version), Some(effective)) = (self.version, self.effective) else {
            return Err("its version is not known".into());
        };
        let registry = registry_of(gates, version, self.has_patch);
        let registry = registry.ok_or_else(|| format!("no list of {version} was given"))?;
        let entry = registry.gates.get(gate).ok_or_else(|| format!("no list of {} has it", registry.release))?;
        let inferred = |value, stage, by| Cell::Inferred {
            value,
            stage,
            from: registry.release,
            by,
            is_settled: self.configured.is_some_and(|one| one.gaps.is_empty() && one.faults.is_empty()),
        };
        let Some(state) = entry.state(effective) else { return Ok(inferred(Value::Missing, None, None)) };
        let stage = state.spec.stage;
        if let Some(group) = self.group(stage, rules).filter(|_| !state.locked) {
            let by: Arc<str> = format!("{}={}", group.name, group.written).into();
            let value = group.value.ok_or_else(|| format!("`{by}` is neither true nor false"))?;
            return Ok(inferred(Value::of(value), Some(stage), Some(by)));
        }
        let default = state.default;
        let default = default.ok_or("the list has two entries for this version, and does not say which holds")?;
        Ok(inferred(Value::of(default), Some(stage), None))
    }

    /// The last setting that fills in a stage.
    fn group(&self, stage: GateStage, rules: &EvidenceRules) -> Option<&'s GateSetting> {
        let fills = |setting: &&GateSetting| {
            rules.gate_groups.get(&*setting.name).and_then(|word| GateStage::parse(word)) == Some(stage)
        };
        self.settings().filter(fills).last()
    }
}

/// What a version has; where its patch is not known, what the newest patch in hand has.
pub(super) fn registry_of<'g, 'f>(
    gates: &'g Gates<'f>,
    release: Release,
    has_patch: bool,
) -> Option<&'g crate::gates::Registry<'f>> {
    if has_patch { gates.registry(release) } else { gates.newest_patch(release) }
}

/// Whether it is what a running component was started with, and not what one would be started with.
pub(super) fn runs(configured: &Configured) -> bool {
    let of_running = ["pod/", "node/", "flagz"];
    configured.files.first().is_some_and(|file| of_running.iter().any(|start| file.starts_with(start)))
}

/// Why nothing reports the gates of a column, and the right that would let it.
fn missing(
    snapshot: &Snapshot,
    rules: &EvidenceRules,
    component: &str,
    instance: &str,
) -> (Arc<str>, Option<Arc<str>>) {
    let is_node = *component == *rules.cluster.node;
    let of_column = snapshot.readings.iter().filter(|reading| {
        let is_own = *reading.component == *component && (*reading.instance == *instance || instance.is_empty());
        let is_list = match reading.what {
            ReadingKind::Nodes => is_node,
            ReadingKind::Pods => !is_node && *component != *rules.cluster.server,
            _ => false,
        };
        is_list || is_own && matches!(reading.what, ReadingKind::Metrics | ReadingKind::Configz)
    });
    let has_no_pod = !is_node
        && *component != *rules.cluster.server
        && snapshot.readings.iter().any(|one| one.what == ReadingKind::Pods && one.outcome == Outcome::Read)
        && !snapshot.configured.iter().any(|one| runs(one) && *one.component == *component);
    let mut why: Arc<str> = if has_no_pod { "no pod of it is in kube-system".into() } else { "".into() };
    for reading in of_column.filter(|reading| !reading.outcome.is_read()) {
        let what = reading.what.word();
        if let Outcome::Denied(right) = &reading.outcome {
            return (format!("its {what} may not be read").into(), Some(Arc::clone(right)));
        }
        why = format!("its {what} could not be read: {}", reading.outcome.detail()).into();
    }
    (why, None)
}
