//! The rules once more, in the plainest way: what a component of a version does with settings, worked out gate by gate.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use signoff_analysis::gates::Registry;
use signoff_model::Release;
use signoff_model::fact::GateStage;

/// A gate at one version.
#[derive(Clone, Debug)]
pub struct Gate {
    pub stage: Option<GateStage>,
    pub default: bool,
    pub locked: bool,
}

/// A version.
pub struct Model {
    pub names: Vec<String>,
    pub index: HashMap<String, usize>,
    pub gates: Vec<Gate>,
    pub needs: Vec<(usize, Vec<usize>)>,
}

/// Why it does not start: the kind, and the gate.
pub type Refusals = BTreeSet<(&'static str, String)>;

impl Model {
    /// Of a version, as if it were an earlier one.
    pub fn of(registry: &Registry<'_>, emulated: Release, checks: bool) -> Self {
        let names: Vec<String> = registry.gates.keys().map(|name| (*name).to_owned()).collect();
        let index: HashMap<String, usize> = names.iter().cloned().enumerate().map(|(at, name)| (name, at)).collect();
        let gates = registry.gates.values().map(|listed| {
            let mut gate = Gate { stage: None, default: false, locked: false };
            let mut since = None;
            for spec in listed.specs {
                let is_begun = (spec.since.major, spec.since.minor) <= (emulated.major, emulated.minor);
                if is_begun && since.is_none_or(|since| spec.since > since) {
                    since = Some(spec.since);
                    gate = Gate {
                        stage: Some(spec.stage).filter(|stage| *stage != GateStage::PreAlpha),
                        default: spec.default.expect("a default"),
                        locked: spec.locked,
                    };
                }
            }
            gate
        });
        let gates = gates.collect();
        let needs = registry.gates.iter().filter_map(|(name, listed)| {
            let others = listed
                .needs?
                .gates
                .iter()
                .map(|other| *index.get(&**other).unwrap_or_else(|| panic!("{name} needs {other}")))
                .collect();
            Some((index[*name], others))
        });
        let needs = if checks { needs.collect() } else { Vec::new() };
        Self { gates, needs, names, index }
    }

    /// What settings lead to: why it does not start, and what is on.
    pub fn start(&self, settings: &[(&str, bool)]) -> (Refusals, Vec<bool>) {
        let mut refusals = Refusals::new();
        let mut on: Vec<bool> = self.gates.iter().map(|gate| gate.default).collect();
        let last: BTreeMap<&str, bool> = settings.iter().copied().collect();
        for (group, stage) in [("AllAlpha", GateStage::Alpha), ("AllBeta", GateStage::Beta)] {
            if let Some(value) = last.get(group) {
                for (at, gate) in self.gates.iter().enumerate() {
                    if gate.stage == Some(stage) {
                        on[at] = *value;
                    }
                }
            }
        }
        for (name, value) in last.iter().filter(|(name, _)| !matches!(**name, "AllAlpha" | "AllBeta")) {
            let Some(&at) = self.index.get(*name) else {
                refusals.insert(("unknown", (*name).to_owned()));
                continue;
            };
            let gate = &self.gates[at];
            if gate.stage.is_none() {
                refusals.insert(("newer", (*name).to_owned()));
            } else if gate.locked && gate.default != *value {
                refusals.insert(("locked", (*name).to_owned()));
            } else {
                on[at] = *value;
            }
        }
        for (gate, others) in &self.needs {
            if on[*gate] && others.iter().any(|other| !on[*other]) {
                refusals.insert(("unmet", self.names[*gate].clone()));
            }
        }
        (refusals, on)
    }
}
