//! What is on in a cluster: each gate in each component and on each node.
//!
//! Start at [`Matrix::of`]. A cell is what a component says ([`Cell::Observed`]), what follows from its version where
//! nothing that was read sets it otherwise ([`Cell::Inferred`]), or [`Cell::Unknown`] with the right that would tell. The
//! three are never merged, and what one component says of a gate is never taken for what another does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use signoff_model::Release;
use signoff_model::cluster::{Outcome, ReadingKind, Snapshot};
use signoff_model::fact::GateStage;
use signoff_model::profile::EvidenceRules;

use crate::gates::Gates;

mod behind;
mod column;
mod set_up;

pub use behind::{Behind, Promise, Promised, Proposals, Told};
pub use column::Column;
use column::registry_of;
pub use set_up::{SetGate, SetUp};

/// Every gate in every component and on every node.
pub struct Matrix<'s> {
    /// The cluster.
    pub snapshot: &'s Snapshot,
    /// The replicas and nodes, by component in the order of the profile, then by name.
    pub columns: Vec<Column<'s>>,
    /// The gates, by name.
    pub rows: Vec<Row>,
}

/// A gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub gate: Arc<str>,
    /// What a list has of it for the version of the cluster.
    pub listed: Option<Listed>,
    /// One cell for each column.
    pub cells: Vec<Cell>,
    /// The components whose replicas or nodes do not agree.
    pub disagreeing: Vec<Disagreement>,
}

/// What a list has of a gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The version that the list is of.
    pub of: Release,
    /// The stage; `None` where the gate comes after the version that is emulated.
    pub stage: Option<GateStage>,
    /// Whether it is on unless somebody sets it; `None` where the list does not say.
    pub default: Option<bool>,
    /// Whether it cannot be set to anything else.
    pub locked: bool,
}

/// Replicas or nodes of one component that do not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The component.
    pub component: Arc<str>,
    /// Whether each side was observed; else at least one follows from a version.
    pub is_observed: bool,
}

/// What a gate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// It is on.
    On,
    /// It is off.
    Off,
    /// The component does not have it.
    Missing,
}

impl Value {
    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
            Self::Missing => "missing",
        }
    }

    fn of(enabled: bool) -> Self {
        if enabled { Self::On } else { Self::Off }
    }
}

/// What is known of a gate in a component or on a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// The component, or what sets it up, says so.
    Observed {
        /// What it says.
        value: Value,
        /// The stage that it tells.
        stage: Option<GateStage>,
        /// Where it says so.
        source: ReadingKind,
        /// When that was read.
        at: Timestamp,
    },
    /// It follows from the version.
    Inferred {
        /// What follows.
        value: Value,
        /// The stage at that version.
        stage: Option<GateStage>,
        /// The version that the list is of.
        from: Release,
        /// The setting of a whole stage that decides it, as written.
        by: Option<Arc<str>>,
        /// Whether all settings were read: else one that nobody saw may set it otherwise.
        is_settled: bool,
    },
    /// Nothing tells.
    Unknown {
        /// Why not, in one sentence without a period.
        reason: Arc<str>,
        /// The right that would tell.
        right: Option<Arc<str>>,
    },
}

impl Cell {
    /// `observed`, `inferred`, `unknown`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Observed { .. } => "observed",
            Self::Inferred { .. } => "inferred",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// What the gate is, where that is known or follows.
    #[must_use]
    pub fn value(&self) -> Option<Value> {
        match self {
            Self::Observed { value, .. } | Self::Inferred { value, .. } => Some(*value),
            Self::Unknown { .. } => None,
        }
    }
}

impl<'s> Matrix<'s> {
    /// The matrix of a cluster; of the gates that are asked about, or of all where none is.
    #[must_use]
    pub fn of(snapshot: &'s Snapshot, gates: &Gates<'_>, rules: &EvidenceRules, asked: &[String]) -> Self {
        let columns = Column::all(snapshot, rules);
        let names = if asked.is_empty() {
            names(snapshot, gates, rules, &columns)
        } else {
            asked.iter().map(|name| Arc::from(name.as_str())).collect()
        };
        let rows = names.into_iter().map(|gate| Row::of(gate, snapshot, gates, rules, &columns)).collect();
        Self { snapshot, columns, rows }
    }

    /// What could not be read, in the order of asking.
    pub fn unread(&self) -> impl Iterator<Item = &'s signoff_model::cluster::Reading> + use<'s> {
        self.snapshot.readings.iter().filter(|reading| !matches!(reading.outcome, Outcome::Read))
    }
}

/// Every gate that somebody reports, sets or declares; where nobody reports any, those of the lists too. Gates that
/// stand for a whole stage are none.
fn names(snapshot: &Snapshot, gates: &Gates<'_>, rules: &EvidenceRules, columns: &[Column<'_>]) -> BTreeSet<Arc<str>> {
    let mut names: BTreeSet<Arc<str>> = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for reported in &snapshot.reported {
        if seen.insert(reported.gates.as_ptr() as usize) {
            names.extend(reported.gates.iter().map(|gate| Arc::clone(&gate.name)));
        }
    }
    let set = columns.iter().flat_map(Column::settings);
    names.extend(set.map(|setting| Arc::clone(&setting.name)));
    names.extend(snapshot.nodes.iter().flat_map(|node| node.declared_features.iter().cloned()));
    if snapshot.reported.is_empty() {
        let version = snapshot.version.as_ref();
        let registry = version.and_then(|version| registry_of(gates, version.release?, version.has_patch));
        names.extend(registry.into_iter().flat_map(|registry| registry.gates.keys().map(|name| Arc::from(*name))));
    }
    names.retain(|name| !rules.gate_groups.contains_key(&**name));
    names
}

impl Row {
    fn of(
        gate: Arc<str>,
        snapshot: &Snapshot,
        gates: &Gates<'_>,
        rules: &EvidenceRules,
        columns: &[Column<'_>],
    ) -> Self {
        let cells: Vec<Cell> = columns.iter().map(|column| column.cell(&gate, gates, rules)).collect();
        let disagreeing = disagreeing(columns, &cells);
        Self { listed: listed(&gate, snapshot, gates), gate, cells, disagreeing }
    }

    /// Whether any component has it otherwise than the list says, by what was observed.
    #[must_use]
    pub fn departs(&self) -> bool {
        let default = self.listed.as_ref().and_then(|listed| listed.default).map(Value::of);
        let is_other = |cell: &Cell| match cell {
            Cell::Observed { value: Value::Missing, .. } => false,
            Cell::Observed { value, .. } => default.is_none_or(|default| default != *value),
            Cell::Inferred { by, .. } => by.is_some(),
            Cell::Unknown { .. } => false,
        };
        self.cells.iter().any(is_other)
    }
}

/// What the list of the cluster's version says.
fn listed(gate: &str, snapshot: &Snapshot, gates: &Gates<'_>) -> Option<Listed> {
    let version = snapshot.version.as_ref()?;
    let registry = registry_of(gates, version.release.or(version.emulation)?, version.has_patch)?;
    let entry = registry.gates.get(gate)?;
    let state = entry.state(version.effective()?);
    Some(Listed {
        of: registry.release,
        stage: state.map(|state| state.spec.stage),
        default: state.and_then(|state| state.default),
        locked: state.is_some_and(|state| state.locked),
    })
}

/// The components whose columns say different things.
fn disagreeing(columns: &[Column<'_>], cells: &[Cell]) -> Vec<Disagreement> {
    let mut by_component: BTreeMap<&Arc<str>, (BTreeSet<Value>, BTreeSet<Value>)> = BTreeMap::new();
    for (column, cell) in columns.iter().zip(cells) {
        let Some(value) = cell.value() else { continue };
        let (observed, all) = by_component.entry(&column.component).or_default();
        all.insert(value);
        if matches!(cell, Cell::Observed { .. }) {
            observed.insert(value);
        }
    }
    let found = by_component.into_iter().filter(|(_, (_, all))| all.len() > 1);
    found
        .map(|(component, (observed, _))| Disagreement {
            component: Arc::clone(component),
            is_observed: observed.len() > 1,
        })
        .collect()
}
