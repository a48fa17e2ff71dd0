//! What to do with a gate: `signoff.playbook/1`, text for people, Markdown.

use std::io::{self, Write};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use signoff_analysis::playbook::{self, AtVersion};
use signoff_model::fact::GateStage;

mod human;
mod markdown;

pub use human::write_human;
pub use markdown::write_markdown;

use crate::cluster::{Answer, Cell, Column, Disagreement, Metric};
use crate::status::Evidence;

/// What to do with a gate.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Playbook<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.playbook/1"))]
    schema: &'static str,
    /// The gate.
    pub gate: &'a str,
    /// The instant from which ages are counted.
    #[schemars(with = "String")]
    pub now: Timestamp,
    /// Whose gate it is; null where it is one of every component.
    pub registry: Option<&'a str>,
    /// What it is at each version of which there is a list, oldest first.
    pub states: Vec<State<'a>>,
    /// How it is turned off, by component.
    pub off: Vec<Way<'a>>,
    /// Gates that need it: with them on, a component does not start while it is off.
    pub dependents: Vec<Dependent<'a>>,
    /// Gates that it needs.
    pub needs: Vec<Needed<'a>>,
    /// The proposals behind it.
    pub proposals: Vec<Proposal<'a>>,
    /// What they say comes of turning it off and on again.
    pub consequences: Vec<Answer<'a>>,
    /// What they say to watch.
    pub watch: Vec<Answer<'a>>,
    /// How they say it fails.
    pub failures: Vec<Answer<'a>>,
    /// The metrics that they promise.
    pub metrics: Vec<Watched<'a>>,
    /// What it is in clusters.
    pub clusters: Vec<InCluster<'a>>,
    /// What nobody says.
    pub unknown: Vec<&'a str>,
}

/// What a gate is at a version.
#[derive(Debug, Serialize, JsonSchema)]
pub struct State<'a> {
    /// The version.
    pub version: String,
    /// The stage; null where the version does not have it.
    pub stage: Option<&'static str>,
    /// The default; null where the list does not say.
    pub default: Option<bool>,
    /// Whether it cannot be set to anything else.
    pub locked: bool,
    /// `observed` in the list of this version, or `inferred` from that of another one.
    pub known: &'static str,
    /// The line of the list.
    pub evidence: Option<Evidence<'a>>,
}

/// How a gate is turned off in a component.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Way<'a> {
    /// The component.
    pub component: &'a str,
    /// What to set.
    pub setting: &'a str,
    /// Who says that the gate is of this component.
    pub by: &'a str,
}

/// A gate that needs the one asked about.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Dependent<'a> {
    /// Its name.
    pub gate: &'a str,
    /// The gate in between; null where it needs it directly.
    pub through: Option<&'a str>,
    /// Its default; null where the list does not say.
    pub default: Option<bool>,
    /// Whether it cannot be turned off itself.
    pub locked: bool,
    /// The line that says so.
    pub evidence: Evidence<'a>,
}

/// A gate that is needed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Needed<'a> {
    /// Its name.
    pub gate: &'a str,
    /// The line that says so.
    pub evidence: Evidence<'a>,
}

/// A proposal behind the gate.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Proposal<'a> {
    /// The number that people know it by.
    pub proposal: &'a str,
    /// Its folder or file.
    pub path: &'a str,
    /// The components that it names for the gate.
    pub components: Vec<&'a str>,
}

/// A metric to watch.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Watched<'a> {
    /// The metric, and whether a cluster serves it.
    #[serde(flatten)]
    pub metric: Metric,
    /// Whether a list of the code has it.
    pub listed: bool,
    /// How long it is promised to stay, in the list's word.
    pub stability: Option<&'a str>,
    /// The line of the list.
    pub evidence: Option<Evidence<'a>>,
}

/// What a gate is in a cluster.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InCluster<'a> {
    /// What the cluster is called.
    pub cluster: &'a str,
    /// Its version, as written.
    pub version: Option<&'a str>,
    /// The replicas and nodes of components.
    pub columns: Vec<Column<'a>>,
    /// One for each column.
    pub cells: Vec<Cell<'a>>,
    /// The components whose replicas or nodes do not agree.
    pub disagreeing: Vec<Disagreement<'a>>,
}

impl<'a> Playbook<'a> {
    /// Makes the output.
    #[must_use]
    pub fn new(playbook: &'a playbook::Playbook<'a>, now: Timestamp) -> Self {
        let answers = |told: &[signoff_analysis::cluster::Told<'a>]| -> Vec<Answer<'a>> {
            told.iter().filter(|told| told.is_answered).map(Answer::of).collect()
        };
        let behind = playbook.behind.iter().map(|behind| Proposal {
            proposal: behind.proposal.label(),
            path: &behind.proposal.path,
            components: behind.components.clone(),
        });
        Self {
            schema: "signoff.playbook/1",
            gate: &playbook.gate,
            now,
            registry: playbook.registry.as_deref(),
            states: playbook.states.iter().map(State::of).collect(),
            off: playbook
                .ways
                .iter()
                .map(|way| Way { component: &way.component, setting: &way.setting, by: &way.by })
                .collect(),
            dependents: playbook.dependents.iter().map(Dependent::of).collect(),
            needs: playbook
                .needs
                .iter()
                .map(|needed| Needed { gate: &needed.gate, evidence: Evidence::from(&needed.evidence) })
                .collect(),
            proposals: behind.collect(),
            consequences: answers(&playbook.consequences),
            watch: answers(&playbook.watch),
            failures: answers(&playbook.failures),
            metrics: playbook.metrics.iter().map(Watched::of).collect(),
            clusters: playbook.clusters.iter().map(|matrix| InCluster::of(matrix, now)).collect(),
            unknown: playbook.unknown.iter().map(String::as_str).collect(),
        }
    }

    /// Writes it as JSON.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        crate::write_json(self, out)
    }
}

impl<'a> State<'a> {
    fn of(state: &'a AtVersion) -> Self {
        Self {
            version: state.release.to_string(),
            stage: state.stage.map(GateStage::word),
            default: state.default,
            locked: state.locked,
            known: state.certainty.word(),
            evidence: state.evidence.as_ref().map(Evidence::from),
        }
    }

    /// `beta, on by default, locked`.
    fn words(&self) -> String {
        let Some(stage) = self.stage else { return "not there".to_owned() };
        let default = match self.default {
            Some(true) => "on by default",
            Some(false) => "off by default",
            None => "default not known",
        };
        let locked = if self.locked { ", locked: it cannot be turned off" } else { "" };
        let known = if self.known == "observed" { "" } else { ", inferred from another version" };
        format!("{stage}, {default}{locked}{known}")
    }
}

impl<'a> Dependent<'a> {
    fn of(dependent: &'a playbook::Dependent) -> Self {
        Self {
            gate: &dependent.gate,
            through: dependent.through.as_deref(),
            default: dependent.default,
            locked: dependent.locked,
            evidence: Evidence::from(&dependent.evidence),
        }
    }

    /// `on by default`, and whether it can go off.
    fn words(&self) -> String {
        let through = self.through.map(|through| format!(" through {through}")).unwrap_or_default();
        let state = match (self.default, self.locked) {
            (Some(true), true) => "on and locked: nothing can be done about it",
            (Some(true), false) => "on by default: turn it off too",
            (Some(false), _) => "off by default",
            (None, _) => "default not known",
        };
        format!("{state}{through}")
    }
}

impl<'a> Watched<'a> {
    fn of(watched: &'a playbook::Watched<'a>) -> Self {
        let listed = watched.listed.as_ref();
        Self {
            metric: Metric::of(&watched.promise.name, &watched.promise.found),
            listed: listed.is_some(),
            stability: listed.and_then(|(stability, _)| stability.as_deref()),
            evidence: listed.map(|(_, evidence)| Evidence::from(evidence)),
        }
    }

    /// Whether lists and clusters have it.
    fn words(&self) -> String {
        let listed = match (self.listed, self.stability) {
            (true, Some(stability)) => format!("listed as {stability}"),
            (true, None) => "listed".to_owned(),
            (false, _) => "in no list of the code".to_owned(),
        };
        let by = self.metric.components.join(", ");
        match self.metric.found {
            "served" => format!("{listed}, served by {by}"),
            "not-seen" => format!("{listed}, not in what {by} serves now"),
            _ => listed,
        }
    }
}

impl<'a> InCluster<'a> {
    fn of(matrix: &'a signoff_analysis::cluster::Matrix<'a>, now: Timestamp) -> Self {
        let row = matrix.rows.first();
        let columns = matrix.columns.iter().map(|column| Column {
            component: &column.component,
            instance: &column.instance,
            version: column.version.map(|version| version.to_string()),
            effective: column.effective.map(|version| version.to_string()),
        });
        Self {
            cluster: &matrix.snapshot.name,
            version: matrix.snapshot.version.as_ref().map(|version| &*version.written),
            columns: columns.collect(),
            cells: row.into_iter().flat_map(|row| row.cells.iter().map(|cell| Cell::of(cell, now))).collect(),
            disagreeing: row
                .into_iter()
                .flat_map(|row| &row.disagreeing)
                .map(|one| Disagreement { component: &one.component, observed: one.is_observed })
                .collect(),
        }
    }
}
