//! On which terms a component starts: the gates that a version knows, and what settings lead to.
//!
//! [`Terms::of`] is a version, or one that emulates an earlier one; [`Terms::start`] reads settings as a component does.
//! Of several settings of one gate the last holds; those that fill in a whole stage give way to those of single gates,
//! whatever the order. A gate that is not known, one that is locked to the other value, one that is newer than the
//! version that is emulated: each keeps the component from starting, and so does a gate that is on without one that it
//! needs. That is how `k8s.io/component-base/featuregate` reads them.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use signoff_model::Release;
use signoff_model::configured::GateSetting;
use signoff_model::fact::GateStage;
use signoff_model::profile::EvidenceRules;

use crate::gates::{Listed, Needs, State};

/// About so many gates are told that would have to go off with another.
pub const OFF_MAX: usize = 64;

/// Whether it is checked what gates need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// A version before it was.
    No,
    /// It is, and a source says what they need.
    Yes,
    /// It is, and no source says what they need.
    Untold,
}

/// What stands in front of a gate with a colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefixes<'t> {
    /// The component takes none: it is part of the name.
    Unread,
    /// This one means the gates of every component, others those of another program.
    Own(&'t str),
}

/// The gates of a version, or of one that emulates an earlier one.
pub struct Terms<'t> {
    /// The gates, by name.
    pub gates: Vec<Term<'t>>,
    /// Whether it is checked what they need.
    pub checked: Checked,
    by_name: FxHashMap<&'t str, usize>,
    groups: Vec<(&'t str, GateStage)>,
    needing: Vec<Needing<'t>>,
    /// The gates that need a gate.
    needed_by: FxHashMap<usize, Vec<usize>>,
}

/// A gate as a version has it.
pub struct Term<'t> {
    /// Its name.
    pub name: &'t str,
    /// Its entry.
    pub listed: &'t Listed<'t>,
    /// What it is; `None` where it is newer than what is emulated.
    pub state: Option<State<'t>>,
}

/// A gate that needs others.
struct Needing<'t> {
    gate: usize,
    needs: Needs<'t>,
    /// The gates that it needs, in the order of the names; `None` where no list has one.
    others: Vec<Option<usize>>,
}

/// Why a component does not start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal<'t> {
    /// The kind.
    pub kind: RefusalKind,
    /// The gate, as written.
    pub gate: &'t str,
    /// The settings that lead to it, by their place in the list. None where defaults alone do.
    pub settings: Vec<usize>,
    /// What the gate needs and is off.
    pub missing: Vec<&'t str>,
}

/// Kinds of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalKind {
    /// The value is neither true nor false.
    Invalid,
    /// Some gates have the prefix for the gates of every component, and some have none.
    Mixed,
    /// There is no such gate.
    Unknown,
    /// The gate comes after the version that is emulated.
    Newer,
    /// The gate is locked to the other value.
    Locked,
    /// The gate is on, and one that it needs is off.
    Unmet,
}

/// The value of a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    /// Whether it is on; `None` where nobody says.
    pub on: Option<bool>,
    /// Who says so.
    pub by: By,
}

/// Who says what the value of a gate is. Settings are named by their place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The default.
    Default,
    /// A setting of the gate itself.
    Setting(usize),
    /// A setting that fills in a stage.
    Group(usize),
}

impl By {
    /// The setting.
    #[must_use]
    pub fn setting(self) -> Option<usize> {
        match self {
            Self::Default => None,
            Self::Setting(index) | Self::Group(index) => Some(index),
        }
    }
}

/// What settings lead to.
pub struct StartUp<'t> {
    /// Why it does not start, in the order of the kinds and of the settings.
    pub refusals: Vec<Refusal<'t>>,
    /// Settings of locked gates to the value that they are locked to: it starts and warns.
    pub redundant: Vec<usize>,
    /// Settings of gates of another program.
    pub foreign: Vec<usize>,
    /// Gates of which nobody says whether what they need is on.
    pub undecided: Vec<Refusal<'t>>,
    explicit: FxHashMap<usize, (bool, usize)>,
    groups: Vec<(GateStage, bool, usize)>,
}

impl<'t> Terms<'t> {
    /// The terms of a version whose gates are given, as if it were (`effective`) an earlier one.
    #[must_use]
    pub fn of(
        gates: &BTreeMap<&'t str, &'t Listed<'t>>,
        binary: Release,
        effective: Release,
        tells_needs: bool,
        rules: &'t EvidenceRules,
    ) -> Self {
        let gates: Vec<Term<'t>> =
            gates.iter().map(|(name, listed)| Term { name, listed, state: listed.state(effective) }).collect();
        let by_name: FxHashMap<&str, usize> =
            gates.iter().enumerate().map(|(index, term)| (term.name, index)).collect();
        let first = rules.dependencies_from.as_deref().and_then(Release::parse);
        let checked = match first {
            Some(first) if binary >= first && tells_needs => Checked::Yes,
            Some(first) if binary >= first => Checked::Untold,
            _ => Checked::No,
        };
        let needing: Vec<Needing<'_>> = match checked {
            Checked::Yes => gates.iter().enumerate().filter_map(|(gate, term)| needing(gate, term, &by_name)).collect(),
            Checked::No | Checked::Untold => Vec::new(),
        };
        let mut needed_by: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        for needing in &needing {
            let others = needing.others.iter().flatten();
            others.for_each(|other| needed_by.entry(*other).or_default().push(needing.gate));
        }
        let groups = rules.gate_groups.iter();
        let groups = groups.filter_map(|(name, stage)| Some((&**name, GateStage::parse(stage)?))).collect();
        Self { gates, checked, by_name, groups, needing, needed_by }
    }

    /// The gate of a name.
    #[must_use]
    pub fn gate(&self, name: &str) -> Option<&Term<'t>> {
        self.by_name.get(name).map(|index| &self.gates[*index])
    }

    /// The stage that a setting of this name fills in.
    #[must_use]
    pub fn group(&self, name: &str) -> Option<GateStage> {
        self.groups.iter().find(|(group, _)| *group == name).map(|(_, stage)| *stage)
    }

    /// What the value of a gate is with given settings; `None` where there is no such gate.
    #[must_use]
    pub fn value(&self, start: &StartUp<'_>, name: &str) -> Option<Value> {
        self.by_name.get(name).map(|index| self.value_at(start, *index))
    }

    fn value_at(&self, start: &StartUp<'_>, index: usize) -> Value {
        if let Some((on, setting)) = start.explicit.get(&index) {
            return Value { on: Some(*on), by: By::Setting(*setting) };
        }
        let Some(state) = &self.gates[index].state else {
            // Before its first version a gate is off.
            let on = if self.gates[index].listed.specs.is_empty() { None } else { Some(false) };
            return Value { on, by: By::Default };
        };
        let group = start.groups.iter().find(|(stage, ..)| *stage == state.spec.stage);
        match group {
            Some((_, on, setting)) => Value { on: Some(*on), by: By::Group(*setting) },
            None => Value { on: state.default, by: By::Default },
        }
    }

    /// Reads settings as a component does, in their order.
    #[must_use]
    pub fn start<'s>(&self, settings: &'s [GateSetting], prefixes: Prefixes<'_>) -> StartUp<'s>
    where
        't: 's,
    {
        let mut start = StartUp {
            refusals: Vec::new(),
            redundant: Vec::new(),
            foreign: Vec::new(),
            undecided: Vec::new(),
            explicit: FxHashMap::default(),
            groups: Vec::new(),
        };
        for (name, (value, index)) in last_of_each(settings, prefixes, &mut start) {
            self.set(name, value, index, &mut start);
        }
        start.refusals.sort_by(|left, right| (left.kind, &left.settings).cmp(&(right.kind, &right.settings)));
        start.redundant.sort_unstable();
        self.check_needs(&mut start);
        start
    }

    fn set<'s>(&self, name: &'s str, value: bool, index: usize, start: &mut StartUp<'s>) {
        let mut refuse = |kind| {
            start.refusals.push(Refusal { kind, gate: name, settings: vec![index], missing: Vec::new() });
        };
        if let Some(stage) = self.group(name) {
            start.groups.push((stage, value, index));
            return;
        }
        let Some(&gate) = self.by_name.get(name) else { return refuse(RefusalKind::Unknown) };
        match &self.gates[gate].state {
            Some(state) if state.spec.stage == GateStage::PreAlpha => return refuse(RefusalKind::Newer),
            None if !self.gates[gate].listed.specs.is_empty() => return refuse(RefusalKind::Newer),
            Some(state) if state.locked && state.default == Some(!value) => return refuse(RefusalKind::Locked),
            Some(state) if state.locked => start.redundant.push(index),
            _ => {}
        }
        start.explicit.insert(gate, (value, index));
    }

    /// Gates that are on although what they need is off, by name.
    fn check_needs<'s>(&self, start: &mut StartUp<'s>)
    where
        't: 's,
    {
        let (mut unmet, mut undecided) = (Vec::new(), Vec::new());
        for needing in &self.needing {
            let own = self.value_at(start, needing.gate);
            if own.on == Some(false) {
                continue;
            }
            let others = needing.others.iter().map(|other| other.map(|other| self.value_at(start, other)));
            let is_off = |value: &Option<Value>| value.is_some_and(|value| value.on == Some(false));
            let is_open = |value: &Option<Value>| value.is_none_or(|value| value.on.is_none());
            let values: Vec<Option<Value>> = others.collect();
            let has_off = values.iter().any(is_off);
            let is_unmet = has_off && own.on == Some(true);
            let is_undecided = !is_unmet && (has_off || values.iter().any(is_open));
            if !is_unmet && !is_undecided {
                continue;
            }
            let names = || values.iter().zip(needing.needs.gates);
            let missing = names().filter(|(value, _)| is_off(value) || (is_undecided && is_open(value)));
            let by = values.iter().flatten().chain([&own]).filter_map(|value| value.by.setting());
            let mut settings: Vec<usize> = by.collect();
            settings.sort_unstable();
            settings.dedup();
            let refusal = Refusal {
                kind: RefusalKind::Unmet,
                gate: self.gates[needing.gate].name,
                missing: missing.map(|(_, name)| &**name).collect(),
                settings,
            };
            // What defaults lead to is the business of those who chose them.
            match is_unmet {
                true => unmet.push(refusal),
                false if !refusal.settings.is_empty() => undecided.push(refusal),
                false => {}
            }
        }
        start.refusals.extend(unmet);
        start.undecided = undecided;
    }

    /// What says that a gate needs others.
    #[must_use]
    pub fn needs(&self, name: &str) -> Option<Needs<'t>> {
        self.needing.iter().find(|needing| self.gates[needing.gate].name == name).map(|needing| needing.needs)
    }

    /// The gates that would have to go off with a gate, since they are on and need it, directly or through others; about
    /// [`OFF_MAX`] of them at most.
    #[must_use]
    pub fn off_with(&self, start: &StartUp<'_>, name: &str) -> Vec<&Term<'t>> {
        let mut off: Vec<usize> = self.by_name.get(name).copied().into_iter().collect();
        let mut next = 0;
        while next < off.len() && off.len() <= OFF_MAX {
            let by = self.needed_by.get(&off[next]).map(Vec::as_slice).unwrap_or_default();
            for gate in by.iter().take(OFF_MAX) {
                if !off.contains(gate) && self.value_at(start, *gate).on != Some(false) {
                    off.push(*gate);
                }
            }
            next += 1;
        }
        off.iter().skip(1).map(|gate| &self.gates[*gate]).collect()
    }
}

/// The last setting of each gate; what is wrong with the others still counts.
fn last_of_each<'s>(
    settings: &'s [GateSetting],
    prefixes: Prefixes<'_>,
    start: &mut StartUp<'s>,
) -> FxHashMap<&'s str, (bool, usize)> {
    let mut last = FxHashMap::default();
    let (mut with, mut without) = (None, None);
    for (index, setting) in settings.iter().enumerate() {
        let prefix = setting.prefix.as_deref().filter(|prefix| !prefix.is_empty());
        let mut refuse = |kind| {
            let (gate, settings) = (&*setting.name, vec![index]);
            start.refusals.push(Refusal { kind, gate, settings, missing: Vec::new() });
        };
        match (prefix, prefixes) {
            (Some(_), Prefixes::Unread) => {
                refuse(RefusalKind::Unknown);
                continue;
            }
            (Some(prefix), Prefixes::Own(own)) if prefix != own => {
                start.foreign.push(index);
                continue;
            }
            (Some(_), _) => with = with.or(Some(index)),
            (None, _) => without = without.or(Some(index)),
        }
        match setting.value {
            Some(value) => drop(last.insert(&*setting.name, (value, index))),
            None => refuse(RefusalKind::Invalid),
        }
    }
    if let (Some(with), Some(without)) = (with, without) {
        let (gate, settings) = (&*settings[with].name, vec![with, without]);
        start.refusals.push(Refusal { kind: RefusalKind::Mixed, gate, settings, missing: Vec::new() });
    }
    last
}

fn needing<'t>(gate: usize, term: &Term<'t>, by_name: &FxHashMap<&str, usize>) -> Option<Needing<'t>> {
    let needs = term.listed.needs.filter(|needs| !needs.gates.is_empty())?;
    let others = needs.gates.iter().map(|name| by_name.get(&**name).copied()).collect();
    Some(Needing { gate, needs, others })
}
