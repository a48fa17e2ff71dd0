//! The life of each gate: what it was and is in every minor version of a window, so that equal neighbours are one run.
//!
//! Of a version whose lists are in hand they are asked; of an earlier one the oldest list that has the gate, whose past
//! a patch release may have rewritten; of a gate that no list has, its page. Where a page ends before the first list is in
//! hand, what was between is not known: pages give the last version wrong now and then.

use std::collections::BTreeSet;

use signoff_model::Release;
use signoff_model::fact::{Evidence, GateSpec, GateStage, PageStage, Quote};

use super::{Certainty, Gates, Listed, Paged, State};

/// What a gate is in a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It is not there yet.
    Absent,
    /// It is there.
    There {
        /// The stage.
        stage: GateStage,
        /// Whether it is on unless somebody sets it; `None` where that is not told.
        default: Option<bool>,
        /// Whether it cannot be set to anything else.
        locked: bool,
    },
    /// It was there and is gone.
    Removed,
    /// No source tells whether it was still there.
    Untold,
}

/// A phase over neighbouring minor versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The place of its first version among the minor versions.
    pub from: usize,
    /// How many versions it has.
    pub count: usize,
    /// The phase.
    pub phase: Phase,
    /// How the least certain of its versions is known.
    pub certainty: Certainty,
    /// What says so.
    pub evidence: Vec<Evidence>,
}

/// What a gate was and is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    /// The name that people set.
    pub name: String,
    /// Its phases, oldest first; together they have every version.
    pub runs: Vec<Run>,
}

impl Life {
    /// The phase of the newest version.
    #[must_use]
    pub fn now(&self) -> Phase {
        self.runs.last().map_or(Phase::Untold, |run| run.phase)
    }

    /// The run that has a version.
    #[must_use]
    pub fn run_at(&self, minor: usize) -> Option<&Run> {
        self.runs.iter().find(|run| (run.from..run.from + run.count).contains(&minor))
    }
}

/// The lives of gates over some minor versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lives {
    /// The minor versions, oldest first.
    pub minors: Vec<Release>,
    /// The gates that were there in one of them, by name.
    pub lives: Vec<Life>,
}

/// The lives of all gates in the last so many minor versions; none where no list is in hand.
#[must_use]
pub fn lives(gates: &Gates<'_>, count: u32) -> Lives {
    let Some(newest) = gates.newest().map(|registry| registry.release) else { return Lives::default() };
    let minor = |back: u32| Some(Release { minor: newest.minor.checked_sub(back)?, patch: 0, ..newest });
    let minors: Vec<Release> = (0..count).rev().filter_map(minor).collect();
    let listed = gates.registries.iter().flat_map(|registry| registry.gates.keys().copied());
    let names: BTreeSet<&str> = listed.chain(gates.pages.keys().copied()).collect();
    let life = |name: &str| Life { name: name.to_owned(), runs: runs(gates, name, &minors) };
    let was_there = |life: &Life| life.runs.iter().any(|run| matches!(run.phase, Phase::There { .. }));
    let lives = names.into_iter().map(life).filter(was_there).collect();
    Lives { minors, lives }
}

fn runs(gates: &Gates<'_>, name: &str, minors: &[Release]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (at, minor) in minors.iter().enumerate() {
        let seen = seen(gates, name, *minor);
        match runs.last_mut().filter(|run| run.phase == seen.phase) {
            Some(run) => {
                run.count += 1;
                run.certainty = run.certainty.max(seen.certainty);
                // What a list of the version itself says is the better proof.
                if seen.certainty == Certainty::Observed {
                    run.evidence = seen.evidence;
                }
            }
            None => runs.push(Run {
                from: at,
                count: 1,
                phase: seen.phase,
                certainty: seen.certainty,
                evidence: seen.evidence,
            }),
        }
    }
    runs
}

/// What a source says of a gate in a version.
struct Seen {
    phase: Phase,
    certainty: Certainty,
    evidence: Vec<Evidence>,
}

impl Seen {
    fn of(phase: Phase, certainty: Certainty, evidence: Vec<Evidence>) -> Self {
        Self { phase, certainty, evidence }
    }

    fn listed(listed: &Listed<'_>, release: Release, certainty: Certainty) -> Self {
        match listed.state(release) {
            Some(state) => Self::of(there(&state), certainty, quoted(listed, state.spec)),
            // A list that says nothing but the name tells no stage.
            None if listed.specs.is_empty() => Self::of(Phase::Untold, Certainty::Unknown, Vec::new()),
            None => Self::of(Phase::Absent, certainty, Vec::new()),
        }
    }
}

fn seen(gates: &Gates<'_>, name: &str, minor: Release) -> Seen {
    if let Some(registry) = gates.newest_patch(minor) {
        return match registry.gates.get(name) {
            Some(listed) => Seen::listed(listed, registry.release, listed.certainty),
            None => not_listed(gates, name, minor),
        };
    }
    let mut later = gates.registries.iter().filter(|registry| registry.release.minors_after(minor) > 0);
    if let Some(listed) = later.find_map(|registry| registry.gates.get(name)) {
        return Seen::listed(listed, minor, Certainty::Inferred);
    }
    match gates.registries().find(|registry| registry.release.minors_after(minor) < 0) {
        // It went in this version or in one behind it.
        Some(before) if before.gates.contains_key(name) => Seen::of(Phase::Untold, Certainty::Unknown, Vec::new()),
        Some(_) => Seen { certainty: Certainty::Inferred, ..not_listed(gates, name, minor) },
        None => on_page(gates, name, minor),
    }
}

/// Of a gate that the list of the version does not have.
fn not_listed(gates: &Gates<'_>, name: &str, minor: Release) -> Seen {
    let mut earlier = gates.registries().filter(|registry| registry.release.minors_after(minor) < 0);
    if let Some(listed) = earlier.find_map(|registry| registry.gates.get(name)) {
        return Seen::of(Phase::Removed, Certainty::Observed, vec![listed.evidence(&listed.fact.at)]);
    }
    let began = |paged: &&Paged<'_>| {
        let mut stages = paged.page.stages.iter();
        stages.any(|stage| stage.from.is_some_and(|from| from <= minor))
    };
    match gates.page(name).filter(began) {
        Some(paged) => {
            let told = Some(&paged.page.removed_at).filter(|_| paged.page.removed);
            let evidence = told.map(|quote| paged.evidence(quote)).into_iter().collect();
            Seen::of(Phase::Removed, Certainty::Observed, evidence)
        }
        None => Seen::of(Phase::Absent, Certainty::Observed, Vec::new()),
    }
}

/// Of a gate that only its page can tell of.
fn on_page(gates: &Gates<'_>, name: &str, minor: Release) -> Seen {
    let absent = || Seen::of(Phase::Absent, Certainty::Inferred, Vec::new());
    let Some(paged) = gates.page(name) else { return absent() };
    let holds = |stage: &&PageStage| {
        stage.from.is_some_and(|from| from <= minor) && stage.to.is_none_or(|to| to.minors_after(minor) >= 0)
    };
    if let Some(stage) = paged.page.stages.iter().rfind(holds) {
        let phase = Phase::There { stage: stage.stage, default: stage.default, locked: stage.locked };
        let quotes = [&stage.stage_at, &stage.default_at, &stage.from_at];
        return Seen::of(phase, Certainty::Inferred, in_order(quotes, |quote| paged.evidence(quote)));
    }
    let began = paged.page.stages.iter().any(|stage| stage.from.is_some_and(|from| from <= minor));
    if began { Seen::of(Phase::Untold, Certainty::Unknown, Vec::new()) } else { absent() }
}

fn there(state: &State<'_>) -> Phase {
    Phase::There { stage: state.spec.stage, default: state.default, locked: state.locked }
}

/// The lines of an entry.
fn quoted(listed: &Listed<'_>, spec: &GateSpec) -> Vec<Evidence> {
    let lock = Some(&spec.locked_at).filter(|_| spec.locked);
    let quotes = [&spec.default_at, &spec.stage_at, &spec.since_at].into_iter().chain(lock);
    in_order(quotes, |quote| listed.evidence(quote))
}

/// Lines in the order of their file, each once.
fn in_order<'q>(quotes: impl IntoIterator<Item = &'q Quote>, evidence: impl Fn(&Quote) -> Evidence) -> Vec<Evidence> {
    let mut quotes: Vec<&Quote> = quotes.into_iter().filter(|quote| !quote.text.is_empty()).collect();
    quotes.sort();
    quotes.dedup();
    quotes.into_iter().map(evidence).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use signoff_model::fact::{Fact, FactSource, Facts, GatePage, GateRecord, Record, SourceKind};
    use signoff_model::profile::EvidenceRules;

    use super::*;

    fn release(text: &str) -> Release {
        Release::parse(text).expect("a release")
    }

    fn source(version: &str, kind: SourceKind, records: Vec<Record>) -> FactSource {
        let fact = |record| Fact { path: Arc::from("a"), at: Quote::default(), record };
        FactSource {
            name: Arc::from("code"),
            version: Arc::from(version),
            release: Release::parse(version),
            kind,
            path: Arc::from("a"),
            facts: records.into_iter().map(fact).collect(),
            problems: Vec::new(),
        }
    }

    /// A gate of a list: its stages by version, on from beta and locked from stable on.
    fn gate(name: &str, stages: &[(&str, GateStage)]) -> Record {
        let quote = |line: u32| Quote { line, text: "text".into() };
        let spec = |(since, stage): &(&str, GateStage)| GateSpec {
            since: release(since),
            stage: *stage,
            default: Some(*stage > GateStage::Alpha),
            locked: *stage == GateStage::Stable,
            min_compatibility: None,
            since_at: quote(4),
            stage_at: quote(3),
            default_at: quote(2),
            locked_at: quote(5),
        };
        Record::Gate(GateRecord { name: name.into(), specs: stages.iter().map(spec).collect(), needs: None })
    }

    fn page(name: &str, stages: &[(GateStage, &str, Option<&str>)]) -> Record {
        let stage = |(stage, from, to): &(GateStage, &str, Option<&str>)| PageStage {
            stage: *stage,
            from: Some(release(from)),
            to: to.map(release),
            default: Some(true),
            locked: false,
            stage_at: Quote::default(),
            from_at: Quote::default(),
            to_at: Quote::default(),
            default_at: Quote::default(),
        };
        let stages = stages.iter().map(stage).collect();
        Record::Page(GatePage {
            name: name.into(),
            former: Vec::new(),
            stages,
            removed: true,
            removed_at: Quote::default(),
        })
    }

    /// The runs of a gate in one line each letter a version: `.` absent, `a` alpha, `b` beta, `s` stable, `x` removed, `?` untold.
    fn drawn(life: &Life) -> String {
        let letter = |run: &Run| match run.phase {
            Phase::Absent => ".",
            Phase::Removed => "x",
            Phase::Untold => "?",
            Phase::There { stage: GateStage::Alpha, .. } => "a",
            Phase::There { stage: GateStage::Beta, .. } => "b",
            Phase::There { .. } => "s",
        };
        life.runs.iter().map(|run| letter(run).repeat(run.count)).collect()
    }

    #[test]
    fn lives_of_gates() {
        use GateStage::{Alpha, Beta, Stable};
        let old = vec![
            gate("Steady", &[("1.31", Alpha), ("1.33", Beta)]),
            gate("Gone", &[("1.0", Alpha), ("1.32", Stable)]),
            gate("Rewritten", &[("1.33", Beta)]),
        ];
        let new = vec![
            gate("Steady", &[("1.31", Alpha), ("1.33", Beta), ("1.36", Stable)]),
            gate("Fresh", &[("1.36", Beta)]),
            gate("Rewritten", &[("1.33", Alpha), ("1.36", Beta)]),
        ];
        let pages = vec![
            page("LongGone", &[(Beta, "1.20", Some("1.30"))]),
            page("Ancient", &[(Beta, "1.20", Some("1.25"))]),
            page("JustGone", &[(Beta, "1.31", Some("1.33"))]),
        ];
        let facts = Facts {
            sources: vec![
                source("1.34.2", SourceKind::FeatureList, old),
                source("1.36.2", SourceKind::FeatureList, new),
                source("1.35", SourceKind::GatePages, pages),
            ],
        };
        let rules = EvidenceRules { code: "code".to_owned(), ..EvidenceRules::default() };
        let gates = Gates::of(&facts, &rules);
        let found = lives(&gates, 8);
        assert_eq!(found.minors.first(), Some(&release("1.29")));
        let drawn: Vec<(&str, String)> = found.lives.iter().map(|life| (life.name.as_str(), drawn(life))).collect();
        let expected = [
            ("Fresh", ".......b"),
            // No list of 1.35 is in hand, and the later one does not have it.
            ("Gone", "aaasss?x"),
            ("JustGone", "..bbbxxx"),
            ("LongGone", "bb???xxx"),
            ("Rewritten", "....bbab"),
            ("Steady", "..aabbbs"),
        ];
        assert_eq!(drawn, expected.map(|(name, text)| (name, text.to_owned())));
        let steady = found.lives.iter().find(|life| life.name == "Steady").expect("it");
        assert_eq!(steady.runs.last().map(|run| run.certainty), Some(Certainty::Observed));
        let lines: Vec<Option<usize>> = steady.runs[3].evidence.iter().map(|evidence| evidence.line).collect();
        assert_eq!(lines, [Some(2), Some(3), Some(4), Some(5)]);
        assert_eq!(lives(&Gates::of(&Facts::default(), &rules), 8), Lives::default());
    }
}
