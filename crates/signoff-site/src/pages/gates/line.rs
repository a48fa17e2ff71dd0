//! A gate as a life line: equal neighbours are one bar. Hollow is off, filled is on.

use signoff_analysis::gates::lives::{Life, Phase, Run};
use signoff_model::fact::GateStage;

use crate::evidence::{Code, Objection, Who};

/// A bar over some releases.
pub(crate) struct Cell {
    /// Over how many.
    pub(crate) span: usize,
    /// The class of its shape; empty where the gate is not in the code.
    pub(crate) class: &'static str,
    /// What it says.
    pub(crate) words: String,
    /// Who says otherwise, each as a letter and in words.
    pub(crate) marks: Vec<(&'static str, &'static str)>,
}

/// How to read the bars.
pub(crate) const KEY: [(&str, &str); 8] = [
    ("alpha", "alpha, off"),
    ("beta-off", "beta, off"),
    ("beta-on", "beta, on"),
    ("stable", "stable, on"),
    ("locked", "locked on"),
    ("deprecated", "deprecated"),
    ("removed", "removed"),
    ("untold", "unknown"),
];

/// The bars of a gate.
pub(crate) fn cells(code: &Code, life: &Life, objections: &[Objection]) -> Vec<Cell> {
    let cell = |(at, run): (usize, &Run)| {
        let (class, words) = drawn(run.phase);
        let has = |who: Who| objections.iter().any(|own| own.who == who && place(code, life, own) == at);
        let marks = [(Who::Proposal, "P", "a proposal disagrees"), (Who::Docs, "D", "the docs page disagrees")];
        let marks = marks.into_iter().filter(|(who, ..)| has(*who)).map(|(_, letter, words)| (letter, words));
        Cell { span: run.count, class, words, marks: marks.collect() }
    };
    life.runs.iter().enumerate().map(cell).collect()
}

/// The run that an objection is about: that of its stage, of the release of the pages, or the last one of the code.
fn place(code: &Code, life: &Life, objection: &Objection) -> usize {
    let of_stage = |stage: GateStage| {
        let is_it = |run: &Run| matches!(run.phase, Phase::There { stage: own, .. } if own == stage);
        life.runs.iter().position(is_it)
    };
    let there = life.runs.iter().rposition(|run| matches!(run.phase, Phase::There { .. }));
    let last = there.unwrap_or_default();
    match objection.who {
        Who::Proposal => objection.stage.and_then(of_stage).unwrap_or(last),
        Who::Docs => {
            let paged = code.pages_of.and_then(|release| {
                let minor = code.lives.minors.iter().position(|minor| minor.minors_after(release) == 0)?;
                life.runs.iter().position(|run| (run.from..run.from + run.count).contains(&minor))
            });
            paged.filter(|at| !matches!(life.runs[*at].phase, Phase::Absent)).unwrap_or(last)
        }
    }
}

/// The class and the words of a phase.
fn drawn(phase: Phase) -> (&'static str, String) {
    let (stage, default, locked) = match phase {
        Phase::Absent => return ("", "not in the code".to_owned()),
        Phase::Removed => return ("removed", "removed".to_owned()),
        Phase::Untold => return ("untold", "unknown".to_owned()),
        Phase::There { stage, default, locked } => (stage, default, locked),
    };
    let set = match default {
        Some(true) => "on",
        Some(false) => "off",
        None => "unknown",
    };
    match (stage, default, locked) {
        (GateStage::Deprecated, _, true) => ("deprecated lock", format!("deprecated, {set}")),
        (GateStage::Deprecated, ..) => ("deprecated", format!("deprecated, {set}")),
        (GateStage::Stable, _, true) => ("locked lock", format!("locked {set}")),
        (_, _, true) => ("locked lock", format!("{}, locked {set}", stage.word())),
        (GateStage::Stable, Some(true), _) => ("stable", "stable".to_owned()),
        (GateStage::Stable, ..) => ("beta-off", format!("stable, {set}")),
        (GateStage::Beta, Some(true), _) => ("beta-on", "beta, on".to_owned()),
        (GateStage::Beta, ..) => ("beta-off", format!("beta, {set}")),
        (GateStage::Alpha | GateStage::PreAlpha, Some(false), _) => ("alpha", stage.word().to_owned()),
        (GateStage::Alpha | GateStage::PreAlpha, ..) => ("alpha on", format!("{}, {set}", stage.word())),
    }
}

/// What a gate is now, for a filter.
pub(crate) fn now(phase: Phase) -> &'static str {
    match phase {
        Phase::There { locked: true, .. } => "locked",
        phase => signoff_output::gates::word(phase),
    }
}

/// What a gate is, in words: `beta and on by default`.
pub(crate) fn told(phase: Phase) -> String {
    let Phase::There { stage, default, locked } = phase else { return drawn(phase).1 };
    let set = match (default, locked) {
        (Some(true), true) => "locked on",
        (Some(false), true) => "locked off",
        (None, true) => "locked",
        (Some(true), false) => "on by default",
        (Some(false), false) => "off by default",
        (None, false) => "not told to be on or off",
    };
    format!("{} and {set}", stage.word())
}
