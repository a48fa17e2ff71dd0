//! What each feature gate was and is, release by release: `signoff.gates/1`, and a table.

use std::borrow::Cow;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use signoff_analysis::gates::lives::{Life, Lives, Phase, Run};
use signoff_model::Release;

use crate::query::csv_line;
use crate::status::Evidence;

/// Every gate that was there in one of some minor versions.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Gates<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.gates/1"))]
    schema: &'static str,
    /// The minor versions, oldest first.
    pub releases: Vec<String>,
    /// The gates, by name.
    pub gates: Vec<Gate<'a>>,
}

/// A gate.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Gate<'a> {
    /// The name that people set.
    pub name: &'a str,
    /// The components that proposals name for it.
    pub components: Vec<&'a str>,
    /// The proposals that name it.
    pub proposals: Vec<&'a str>,
    /// What it was and is, oldest first; together these have every version.
    pub runs: Vec<Stretch<'a>>,
    /// What proposals and its page say otherwise.
    pub objections: Vec<Objection<'a>>,
}

/// What a gate is over neighbouring versions.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Stretch<'a> {
    /// The first version.
    pub from: String,
    /// The last version.
    pub to: String,
    /// `absent`, `pre-alpha`, `alpha`, `beta`, `stable`, `deprecated`, `removed`, `unknown`.
    pub phase: &'static str,
    /// Whether it is on unless somebody sets it; null where that is not told.
    pub default: Option<bool>,
    /// Whether it cannot be set to anything else.
    pub locked: bool,
    /// `observed`, `inferred`, `unknown`.
    pub certainty: &'static str,
    /// What says so.
    pub evidence: Vec<Evidence<'a>>,
}

/// Something that is said against what the code has.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Objection<'a> {
    /// `proposal` or `docs`.
    pub by: &'static str,
    /// Who says what.
    pub message: &'a str,
}

/// What proposals and pages say of a gate.
#[derive(Default)]
pub struct Said<'a> {
    /// The components that proposals name for it.
    pub components: Vec<&'a str>,
    /// The proposals that name it.
    pub proposals: Vec<&'a str>,
    /// Who says otherwise, and what.
    pub objections: Vec<Objection<'a>>,
}

/// The word of a phase in output.
#[must_use]
pub fn word(phase: Phase) -> &'static str {
    match phase {
        Phase::Absent => "absent",
        Phase::There { stage, .. } => stage.word(),
        Phase::Removed => "removed",
        Phase::Untold => "unknown",
    }
}

impl<'a> Gates<'a> {
    /// Makes the output of lives; `said` tells what proposals and pages say of a gate.
    #[must_use]
    pub fn new(lives: &'a Lives, said: impl Fn(&'a Life) -> Said<'a>) -> Self {
        let gate = |life: &'a Life| {
            let Said { components, proposals, objections } = said(life);
            let runs = life.runs.iter().map(|run| Stretch::of(&lives.minors, run)).collect();
            Gate { name: &life.name, components, proposals, runs, objections }
        };
        Self {
            schema: "signoff.gates/1",
            releases: lives.minors.iter().map(|release| spelt(*release)).collect(),
            gates: lives.lives.iter().map(gate).collect(),
        }
    }

    /// Writes JSON.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        crate::write_json(self, out)
    }

    /// Writes a row for each stretch of each gate.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let head =
            ["gate", "components", "proposals", "from", "to", "phase", "default", "locked", "certainty", "evidence"];
        csv_line(head.into_iter().map(Cow::Borrowed), out)?;
        for gate in &self.gates {
            for run in &gate.runs {
                let default = run.default.map_or("", |on| if on { "on" } else { "off" });
                let place = run.evidence.first().map(|evidence| match evidence.line {
                    Some(line) => format!("{} {} {}:{line}", evidence.source, evidence.version, evidence.path),
                    None => format!("{} {} {}", evidence.source, evidence.version, evidence.path),
                });
                let row: [Cow<'_, str>; 10] = [
                    gate.name.into(),
                    gate.components.join(", ").into(),
                    gate.proposals.join(", ").into(),
                    (*run.from).into(),
                    (*run.to).into(),
                    run.phase.into(),
                    default.into(),
                    if run.locked { "locked" } else { "" }.into(),
                    run.certainty.into(),
                    place.unwrap_or_default().into(),
                ];
                csv_line(row.into_iter(), out)?;
            }
        }
        Ok(())
    }
}

impl<'a> Stretch<'a> {
    fn of(minors: &[Release], run: &'a Run) -> Self {
        let release = |at: usize| minors.get(at).map(|release| spelt(*release)).unwrap_or_default();
        let (default, locked) = match run.phase {
            Phase::There { default, locked, .. } => (default, locked),
            _ => (None, false),
        };
        Self {
            from: release(run.from),
            to: release((run.from + run.count).saturating_sub(1)),
            phase: word(run.phase),
            default,
            locked,
            certainty: run.certainty.word(),
            evidence: run.evidence.iter().take(1).map(Evidence::from).collect(),
        }
    }
}

fn spelt(release: Release) -> String {
    format!("{}.{}", release.major, release.minor)
}
