//! What is on in clusters: `signoff.matrix/1`, text for people, a table.

use std::borrow::Cow;
use std::io::{self, Write};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use signoff_analysis::claims::Metrics;
use signoff_analysis::cluster::{self, Matrix, Promised, Proposals};
use signoff_model::fact::GateStage;
use signoff_model::{Corpus, Release, cluster as model};

mod fleet;
mod human;

pub use fleet::{Member, Refusal, write_fleet};
pub(crate) use human::told;
pub use human::{Shown, write_human};

use crate::query::csv_line;

/// Clusters and their gates.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Clusters<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.matrix/1"))]
    schema: &'static str,
    /// The instant from which ages are counted.
    #[schemars(with = "String")]
    pub now: Timestamp,
    /// Each cluster, in the order in which they were given.
    pub clusters: Vec<Cluster<'a>>,
}

/// A cluster and its gates.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Cluster<'a> {
    /// What it is called.
    pub name: &'a str,
    /// When it was read.
    #[schemars(with = "String")]
    pub taken_at: Timestamp,
    /// Its version; null where it could not be read.
    pub version: Option<Version<'a>>,
    /// What was asked for, and what came of it.
    pub readings: Vec<Reading<'a>>,
    /// The replicas and nodes of components: one cell of each gate is for each.
    pub columns: Vec<Column<'a>>,
    /// The gates, by name.
    pub gates: Vec<Gate<'a>>,
}

/// A version.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Version<'a> {
    /// As the cluster writes it.
    pub written: &'a str,
    /// The release that it is built from.
    pub release: Option<String>,
    /// The mark of a build that is not the project's own.
    pub build: Option<&'a str>,
    /// The version that is emulated; null where it shows its own behaviour.
    pub emulated: Option<String>,
    /// The oldest version that it stays compatible with.
    pub min_compatibility: Option<String>,
}

/// Something that was asked for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Reading<'a> {
    /// `version`, `metrics`, `flagz`, `statusz`, `configz`, `nodes`, `configmap`, `pods`, `replicas`.
    pub what: &'static str,
    /// Of which component.
    pub component: &'a str,
    /// Of which replica or node.
    pub instance: &'a str,
    /// `read`, `partly`, `denied`, `absent`, `failed`.
    pub outcome: &'static str,
    /// Why, or which right is missing.
    pub detail: &'a str,
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
}

/// A replica or node of a component.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Column<'a> {
    /// The component.
    pub component: &'a str,
    /// The replica or node; empty where there is one, or nobody can tell them apart.
    pub instance: &'a str,
    /// Its version.
    pub version: Option<String>,
    /// The version by which its gates are judged.
    pub effective: Option<String>,
}

/// A gate.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Gate<'a> {
    /// Its name.
    pub gate: &'a str,
    /// What a list has of it; null where none does.
    pub listed: Option<Listed>,
    /// One for each column.
    pub cells: Vec<Cell<'a>>,
    /// The components whose replicas or nodes do not agree.
    pub disagreeing: Vec<Disagreement<'a>>,
    /// Whether any component has it otherwise than its default.
    pub departs: bool,
    /// The proposals behind it.
    pub proposals: Vec<Proposal<'a>>,
}

/// What a list has of a gate.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Listed {
    /// The version that the list is of.
    pub of: String,
    /// The stage; null where the gate comes after the version that is emulated.
    pub stage: Option<&'static str>,
    /// The default; null where the list does not say.
    pub default: Option<bool>,
    /// Whether it cannot be set to anything else.
    pub locked: bool,
}

/// What is known in a column.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "known", rename_all = "lowercase")]
pub enum Cell<'a> {
    /// The component, or what sets it up, says so.
    Observed {
        /// `on`, `off`, `missing`.
        value: &'static str,
        /// The stage that it tells.
        stage: Option<&'static str>,
        /// Where it says so.
        source: &'static str,
        /// When that was read.
        #[schemars(with = "String")]
        at: Timestamp,
        /// How long ago that was.
        age_seconds: i64,
    },
    /// It follows from the version.
    Inferred {
        /// `on`, `off`, `missing`.
        value: &'static str,
        /// The stage at that version.
        stage: Option<&'static str>,
        /// The version that the list is of.
        from: String,
        /// The setting of a whole stage that decides it.
        by: Option<&'a str>,
        /// Whether all settings were read.
        settled: bool,
    },
    /// Nothing tells.
    Unknown {
        /// Why not.
        reason: &'a str,
        /// The right that would tell.
        right: Option<&'a str>,
    },
}

/// Replicas or nodes of one component that do not agree.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Disagreement<'a> {
    /// The component.
    pub component: &'a str,
    /// Whether each side was observed.
    pub observed: bool,
}

/// A proposal behind a gate.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Proposal<'a> {
    /// The number that people know it by.
    pub proposal: &'a str,
    /// Its folder or file.
    pub path: &'a str,
    /// Its answer to the first question about turning it off, where it has one.
    pub rollback: Option<Answer<'a>>,
    /// The metrics that it promises.
    pub metrics: Vec<Metric>,
}

/// An answer.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Answer<'a> {
    /// The id of the question.
    pub question: &'a str,
    /// The question.
    pub title: &'a str,
    /// The author's answer.
    pub text: &'a str,
    /// The file.
    pub path: String,
    /// The line of the question.
    pub line: Option<usize>,
}

/// A metric that was promised.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Metric {
    /// Its name.
    pub name: String,
    /// `served`, `not-seen` (no component that was read serves it), `unread` (no metrics were read).
    pub found: &'static str,
    /// The components that serve it, or those that were read and do not.
    pub components: Vec<String>,
}

impl<'a> Clusters<'a> {
    /// Makes the output of matrices.
    #[must_use]
    pub fn new(matrices: &'a [Matrix<'a>], corpus: &'a Corpus, metrics: &Metrics<'_>, now: Timestamp) -> Self {
        let proposals = Proposals::of(corpus);
        let clusters = matrices.iter().map(|matrix| Cluster::of(matrix, corpus, &proposals, metrics, now)).collect();
        Self { schema: "signoff.matrix/1", now, clusters }
    }

    /// Writes it as JSON.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        crate::write_json(self, out)
    }

    /// Writes a row for each cell.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let head = [
            "cluster",
            "gate",
            "component",
            "instance",
            "version",
            "known",
            "value",
            "stage",
            "source",
            "at",
            "reason",
            "right",
            "default",
            "disagrees",
        ];
        csv_line(head.into_iter().map(Cow::Borrowed), out)?;
        for cluster in &self.clusters {
            for gate in &cluster.gates {
                for (column, cell) in cluster.columns.iter().zip(&gate.cells) {
                    csv_line(row(cluster, gate, column, cell).into_iter(), out)?;
                }
            }
        }
        Ok(())
    }
}

fn row<'r>(
    cluster: &'r Cluster<'_>,
    gate: &'r Gate<'_>,
    column: &'r Column<'_>,
    cell: &'r Cell<'_>,
) -> [Cow<'r, str>; 14] {
    let (known, value, stage, source, at, reason, right) = match cell {
        Cell::Observed { value, stage, source, at, .. } => {
            ("observed", *value, *stage, Cow::Borrowed(*source), at.to_string(), "", None)
        }
        Cell::Inferred { value, stage, from, by, .. } => {
            ("inferred", *value, *stage, Cow::Owned(format!("list of {from}")), String::new(), by.unwrap_or(""), None)
        }
        Cell::Unknown { reason, right } => ("unknown", "", None, Cow::Borrowed(""), String::new(), *reason, *right),
    };
    let default = match gate.listed.as_ref().and_then(|listed| listed.default) {
        Some(true) => "on",
        Some(false) => "off",
        None => "",
    };
    let disagrees = gate.disagreeing.iter().any(|one| one.component == column.component);
    [
        cluster.name.into(),
        gate.gate.into(),
        column.component.into(),
        column.instance.into(),
        column.version.as_deref().unwrap_or_default().into(),
        known.into(),
        value.into(),
        stage.unwrap_or_default().into(),
        source,
        at.into(),
        reason.into(),
        right.unwrap_or_default().into(),
        default.into(),
        if disagrees { "true" } else { "false" }.into(),
    ]
}

fn spelt(release: Release) -> String {
    release.to_string()
}

impl<'a> Cluster<'a> {
    fn of(
        matrix: &'a Matrix<'a>,
        corpus: &'a Corpus,
        proposals: &Proposals<'a>,
        metrics: &Metrics<'_>,
        now: Timestamp,
    ) -> Self {
        let snapshot = matrix.snapshot;
        Self {
            name: &snapshot.name,
            taken_at: snapshot.taken_at,
            version: snapshot.version.as_ref().map(Version::of),
            readings: snapshot.readings.iter().map(Reading::of).collect(),
            columns: matrix
                .columns
                .iter()
                .map(|column| Column {
                    component: &column.component,
                    instance: &column.instance,
                    version: column.version.map(spelt),
                    effective: column.effective.map(spelt),
                })
                .collect(),
            gates: matrix
                .rows
                .iter()
                .map(|row| Gate {
                    gate: &row.gate,
                    listed: row.listed.as_ref().map(Listed::of),
                    cells: row.cells.iter().map(|cell| Cell::of(cell, now)).collect(),
                    disagreeing: row
                        .disagreeing
                        .iter()
                        .map(|one| Disagreement { component: &one.component, observed: one.is_observed })
                        .collect(),
                    departs: row.departs(),
                    proposals: Proposal::all(&row.gate, matrix, corpus, proposals, metrics),
                })
                .collect(),
        }
    }
}

impl<'a> Version<'a> {
    fn of(version: &'a model::ServerVersion) -> Self {
        Self {
            written: &version.written,
            release: version.release.map(spelt),
            build: version.build.as_deref(),
            emulated: version.emulated().map(spelt),
            min_compatibility: version.min_compatibility.map(spelt),
        }
    }
}

impl<'a> Reading<'a> {
    fn of(reading: &'a model::Reading) -> Self {
        Self {
            what: reading.what.word(),
            component: &reading.component,
            instance: &reading.instance,
            outcome: reading.outcome.word(),
            detail: reading.outcome.detail(),
            at: reading.at,
        }
    }
}

impl Listed {
    fn of(listed: &cluster::Listed) -> Self {
        Self {
            of: spelt(listed.of),
            stage: listed.stage.map(GateStage::word),
            default: listed.default,
            locked: listed.locked,
        }
    }
}

impl<'a> Cell<'a> {
    pub(crate) fn of(cell: &'a cluster::Cell, now: Timestamp) -> Self {
        match cell {
            cluster::Cell::Observed { value, stage, source, at } => Self::Observed {
                value: value.word(),
                stage: stage.map(GateStage::word),
                source: source.word(),
                at: *at,
                age_seconds: now.duration_since(*at).as_secs(),
            },
            cluster::Cell::Inferred { value, stage, from, by, is_settled } => Self::Inferred {
                value: value.word(),
                stage: stage.map(GateStage::word),
                from: spelt(*from),
                by: by.as_deref(),
                settled: *is_settled,
            },
            cluster::Cell::Unknown { reason, right } => Self::Unknown { reason, right: right.as_deref() },
        }
    }
}

impl<'a> Proposal<'a> {
    fn all(
        gate: &str,
        matrix: &Matrix<'_>,
        corpus: &'a Corpus,
        proposals: &Proposals<'a>,
        metrics: &Metrics<'_>,
    ) -> Vec<Self> {
        let prepared = &*corpus.prepared;
        let questions = &prepared.profile.evidence.playbook.consequences;
        let behind = proposals.behind(gate).into_iter().map(|behind| {
            let told = behind.told(prepared, questions).into_iter().find(|told| told.is_answered);
            let promises = behind.promises(prepared, metrics, &[matrix.snapshot]);
            Self {
                proposal: behind.proposal.label(),
                path: &behind.proposal.path,
                rollback: told.map(|told| Answer::of(&told)),
                metrics: promises.iter().map(|promise| Metric::of(&promise.name, &promise.found)).collect(),
            }
        });
        behind.collect()
    }
}

impl<'a> Answer<'a> {
    pub(crate) fn of(told: &cluster::Told<'a>) -> Self {
        Self {
            question: told.question,
            title: told.title,
            text: told.text,
            path: told.path.to_string(),
            line: told.line,
        }
    }
}

impl Metric {
    pub(crate) fn of(name: &str, found: &Promised) -> Self {
        let (word, components) = match found {
            Promised::Served(components, _) => ("served", components.as_slice()),
            Promised::NotSeen(components) => ("not-seen", components.as_slice()),
            Promised::Unread => ("unread", &[][..]),
        };
        let components = components.iter().map(ToString::to_string).collect();
        Self { name: name.to_owned(), found: word, components }
    }
}
