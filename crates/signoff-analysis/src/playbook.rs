//! What to do with a gate in an incident: [`Playbook::of`].
//!
//! Everything in it is quoted: lists of the code for what the gate is, proposals for what comes of turning it off,
//! snapshots of clusters for what is so now. What nobody says is listed as unknown.

use std::sync::Arc;

use signoff_model::cluster::Snapshot;
use signoff_model::fact::{Evidence, GateStage};
use signoff_model::profile::EvidenceRules;
use signoff_model::spelling::nearest;
use signoff_model::{Corpus, Release};

use crate::claims::Known;
use crate::cluster::{Behind, Matrix, Promise, Promised, Proposals, Told};
use crate::gates::{Certainty, Gates, Registry};

/// What to do with a gate.
pub struct Playbook<'c> {
    /// Its name.
    pub gate: String,
    /// Whose gate it is where it is none of every component.
    pub registry: Option<String>,
    /// What it is at each version of which there is a list, oldest first.
    pub states: Vec<AtVersion>,
    /// How it is turned off, by component.
    pub ways: Vec<Way>,
    /// The gates that need it: with them on, a component does not start while it is off.
    pub dependents: Vec<Dependent>,
    /// The gates that it needs.
    pub needs: Vec<Needed>,
    /// The proposals behind it.
    pub behind: Vec<Behind<'c>>,
    /// What they say comes of turning it off and on again.
    pub consequences: Vec<Told<'c>>,
    /// What they say to watch.
    pub watch: Vec<Told<'c>>,
    /// How they say it fails.
    pub failures: Vec<Told<'c>>,
    /// The metrics that they promise.
    pub metrics: Vec<Watched<'c>>,
    /// What it is in clusters.
    pub clusters: Vec<Matrix<'c>>,
    /// What nobody says, each in one sentence without a period.
    pub unknown: Vec<String>,
}

/// What a gate is at a version.
pub struct AtVersion {
    /// The version.
    pub release: Release,
    /// The stage; `None` where the version does not have it.
    pub stage: Option<GateStage>,
    /// Whether it is on unless somebody sets it.
    pub default: Option<bool>,
    /// Whether it cannot be set to anything else.
    pub locked: bool,
    /// How it is known.
    pub certainty: Certainty,
    /// The line of the list.
    pub evidence: Option<Evidence>,
}

/// How a gate is turned off in a component.
pub struct Way {
    /// The component.
    pub component: String,
    /// What to set.
    pub setting: String,
    /// Who says that the gate is of this component: the number of a proposal, or a list.
    pub by: String,
}

/// A gate that needs the one asked about.
pub struct Dependent {
    /// Its name.
    pub gate: String,
    /// Whether it needs it by another gate in between.
    pub through: Option<String>,
    /// Whether it is on unless somebody sets it.
    pub default: Option<bool>,
    /// Whether it cannot be turned off itself.
    pub locked: bool,
    /// The line that says so.
    pub evidence: Evidence,
}

/// A gate that the one asked about needs.
pub struct Needed {
    /// Its name.
    pub gate: String,
    /// The line that says so.
    pub evidence: Evidence,
}

/// A metric to watch.
pub struct Watched<'c> {
    /// The metric, and whether a cluster serves it.
    pub promise: Promise<'c>,
    /// The line of the newest list that has it, with how long it is promised to stay.
    pub listed: Option<(Option<Arc<str>>, Evidence)>,
}

impl<'c> Playbook<'c> {
    /// What to do with a gate.
    #[must_use]
    pub fn of(gate: &str, corpus: &'c Corpus, known: &Known<'_>, clusters: &'c [Snapshot]) -> Self {
        let prepared = &*corpus.prepared;
        let rules = &prepared.profile.evidence;
        let behind = Proposals::of(corpus).behind(gate);
        let told = |questions: &[String]| behind.iter().flat_map(|one| one.told(prepared, questions)).collect();
        let (consequences, watch, failures): (Vec<Told<'c>>, Vec<Told<'c>>, Vec<Told<'c>>) =
            (told(&rules.playbook.consequences), told(&rules.playbook.watch), told(&rules.playbook.failures));
        let snapshots: Vec<&Snapshot> = clusters.iter().collect();
        let mut metrics: Vec<Watched<'c>> = Vec::new();
        for promise in behind.iter().flat_map(|one| one.promises(prepared, &known.metrics, &snapshots)) {
            if metrics.iter().any(|other| other.promise.name == promise.name) {
                continue;
            }
            let listed = known.metrics.find(&promise.name);
            let listed = listed.map(|listed| (listed.metric.stability.clone(), listed.evidence()));
            metrics.push(Watched { promise, listed });
        }
        let elsewhere = known.gates.elsewhere(gate).filter(|_| known.gates.find(gate).is_none());
        let newest = known.gates.find(gate).map(|(registry, _)| registry);
        let mut playbook = Self {
            gate: gate.to_owned(),
            registry: elsewhere.map(|elsewhere| elsewhere.registry.to_owned()),
            states: states(gate, &known.gates),
            ways: Vec::new(),
            dependents: newest.map(|registry| dependents(gate, registry)).unwrap_or_default(),
            needs: newest.map(|registry| needed(gate, registry)).unwrap_or_default(),
            consequences,
            watch,
            failures,
            metrics,
            clusters: clusters.iter().map(|one| Matrix::of(one, &known.gates, rules, &[gate.to_owned()])).collect(),
            unknown: Vec::new(),
            behind,
        };
        playbook.ways = playbook.ways(rules);
        playbook.unknown = playbook.unknown(known, newest);
        playbook
    }

    /// The state at the newest version that has the gate.
    #[must_use]
    pub fn newest(&self) -> Option<&AtVersion> {
        self.states.iter().rev().find(|state| state.stage.is_some())
    }

    /// How it is turned off in each component that proposals name; where they name none, in any.
    fn ways(&self, rules: &EvidenceRules) -> Vec<Way> {
        let playbook = &rules.playbook;
        let filled = |text: &str| text.replace("{gate}", &self.gate);
        if let Some(registry) = &self.registry {
            let setting = playbook.off_elsewhere.get(registry).map(|text| filled(text));
            let way = setting.map(|setting| Way { component: registry.clone(), setting, by: "its list".into() });
            return way.into_iter().collect();
        }
        let mut ways: Vec<Way> = Vec::new();
        for behind in &self.behind {
            for component in behind.components.iter().filter(|component| !component.is_empty()) {
                if ways.iter().any(|way| way.component == *component) {
                    continue;
                }
                let setting = playbook.off_in.get(*component).unwrap_or(&playbook.off);
                let by = behind.proposal.label().to_string();
                ways.push(Way { component: (*component).to_owned(), setting: filled(setting), by });
            }
        }
        ways
    }

    fn unknown(&self, known: &Known<'_>, newest: Option<&Registry<'_>>) -> Vec<String> {
        let mut unknown = Vec::new();
        if known.gates.newest().is_none() {
            unknown.push("which versions have the gate: no list of gates was given (--code)".to_owned());
        } else if self.newest().is_none() && self.registry.is_none() {
            unknown.push("whether there is such a gate: no list that was given has it".to_owned());
        }
        if self.behind.is_empty() {
            unknown.push("what comes of turning it off: no proposal names it".to_owned());
        }
        if self.ways.is_empty() {
            unknown.push("which components have it: no proposal says so".to_owned());
        }
        if newest.is_some_and(|registry| !registry.tells_needs) {
            unknown.push("which gates need it: no source that was given tells what gates need".to_owned());
        }
        for told in self.consequences.iter().chain(&self.watch).chain(&self.failures) {
            if !told.is_answered {
                unknown.push(format!("no answer to \u{201c}{}\u{201d}", told.title));
            }
        }
        if self.clusters.is_empty() {
            unknown.push("what it is in a cluster now: no snapshot was given (--cluster)".to_owned());
        } else if self.metrics.iter().any(|metric| metric.promise.found == Promised::Unread) {
            unknown.push("whether its metrics are served: no metrics of a cluster were read".to_owned());
        }
        unknown
    }
}

/// A name like this one that somebody has.
#[must_use]
pub fn like(gate: &str, corpus: &Corpus, gates: &Gates<'_>) -> Option<String> {
    let proposals = Proposals::of(corpus);
    let listed: Vec<&str> = gates.registries().flat_map(|registry| registry.gates.keys().copied()).collect();
    nearest(gate, listed.into_iter().chain(proposals.gates()))
}

fn states(gate: &str, gates: &Gates<'_>) -> Vec<AtVersion> {
    let mut states: Vec<AtVersion> = Vec::new();
    for registry in gates.registries().rev() {
        let listed = registry.gates.get(gate);
        let state = listed.and_then(|listed| listed.state(registry.release));
        states.push(AtVersion {
            release: registry.release,
            stage: state.map(|state| state.spec.stage),
            default: state.and_then(|state| state.default),
            locked: state.is_some_and(|state| state.locked),
            certainty: listed.map_or(Certainty::Observed, |listed| listed.certainty),
            evidence: listed.zip(state).map(|(listed, state)| listed.evidence(&state.spec.stage_at)),
        });
    }
    states
}

/// The gates that need one, directly or through others, by name.
fn dependents(gate: &str, registry: &Registry<'_>) -> Vec<Dependent> {
    let mut found: Vec<Dependent> = Vec::new();
    let mut open = vec![gate.to_owned()];
    while let Some(needed) = open.pop() {
        for (name, listed) in &registry.gates {
            let Some(needs) = listed.needs.filter(|needs| needs.gates.iter().any(|other| **other == *needed)) else {
                continue;
            };
            if *name == gate || found.iter().any(|known| known.gate == *name) {
                continue;
            }
            let state = listed.state(registry.release);
            found.push(Dependent {
                gate: (*name).to_owned(),
                through: (needed != gate).then(|| needed.clone()),
                default: state.and_then(|state| state.default),
                locked: state.is_some_and(|state| state.locked),
                evidence: needs.source.evidence(&needs.fact.path, &needs.fact.at),
            });
            open.push((*name).to_owned());
        }
    }
    found.sort_by(|left, right| left.gate.cmp(&right.gate));
    found
}

fn needed(gate: &str, registry: &Registry<'_>) -> Vec<Needed> {
    let needs = registry.gates.get(gate).and_then(|listed| listed.needs);
    let gates = needs.into_iter().flat_map(|needs| needs.gates.iter().map(move |gate| (needs, gate)));
    gates
        .map(|(needs, gate)| Needed {
            gate: gate.to_string(),
            evidence: needs.source.evidence(&needs.fact.path, &needs.fact.at),
        })
        .collect()
}
