//! The other way round: what the sources have and no proposal names.

use std::collections::BTreeSet;

use signoff_model::Corpus;
use signoff_model::fact::{Evidence, GateStage};
use signoff_model::profile::Meaning;

use super::{Known, spelt};

/// What kind of thing nobody claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnclaimedKind {
    /// A gate of the newest code that no proposal names.
    Gate,
    /// A page of a gate that the code does not have, and that does not say so.
    Page,
    /// A metric that is promised to stay and that no proposal names.
    Metric,
}

impl UnclaimedKind {
    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Gate => "gate-without-proposal",
            Self::Page => "page-without-gate",
            Self::Metric => "metric-without-proposal",
        }
    }
}

/// Something that nobody claims.
#[derive(Clone, Debug)]
pub struct Unclaimed {
    /// What kind of thing.
    pub kind: UnclaimedKind,
    /// Its name.
    pub name: String,
    /// What it is, in a few words.
    pub found: String,
    /// Numbers of proposals that the code's own comment cites.
    pub cites: Vec<String>,
    /// Where it is.
    pub evidence: Evidence,
}

/// All of it, by kind and name.
#[must_use]
pub fn unclaimed(corpus: &Corpus, known: &Known<'_>) -> Vec<Unclaimed> {
    let named = Named::of(corpus);
    let mut found = gates(known, &named);
    found.extend(pages(known));
    found.extend(metrics(known, &named));
    found
}

/// Every gate and metric that a proposal names anywhere in its metadata or answers.
struct Named<'c> {
    gates: BTreeSet<&'c str>,
    metrics: BTreeSet<&'c str>,
}

impl<'c> Named<'c> {
    fn of(corpus: &'c Corpus) -> Self {
        let prepared = &corpus.prepared;
        let mut named = Self { gates: BTreeSet::new(), metrics: BTreeSet::new() };
        for proposal in &corpus.proposals {
            named.gates.extend(proposal.gates(prepared).iter().map(|gate| gate.name));
            named.metrics.extend(proposal.items(prepared, Meaning::Metrics).iter().map(|item| item.text));
            let Some(document) = proposal.document() else { continue };
            named.gates.extend(document.gates.iter().map(|(name, _)| &**name));
            named.metrics.extend(document.metrics.iter().map(|(name, _)| &**name));
        }
        named
    }
}

fn gates(known: &Known<'_>, named: &Named<'_>) -> Vec<Unclaimed> {
    let Some(newest) = known.gates.newest() else { return Vec::new() };
    let nobody = newest.gates.iter().filter(|(name, _)| !named.gates.contains(*name));
    let unclaimed = nobody.map(|(name, listed)| {
        let state = listed.state(newest.release);
        let found = state.map_or_else(
            || format!("in {}", spelt(newest.release)),
            |state| format!("{} since {}", state.spec.stage.word(), spelt(state.spec.since)),
        );
        Unclaimed {
            kind: UnclaimedKind::Gate,
            name: (*name).to_owned(),
            found,
            cites: Vec::new(),
            evidence: listed.evidence(&listed.fact.at),
        }
    });
    unclaimed.collect()
}

/// Pages that do not say that their gate is gone, although no list of their release has it.
fn pages(known: &Known<'_>) -> Vec<Unclaimed> {
    let Some(release) = known.gates.pages_of() else { return Vec::new() };
    let Some(registry) = known.gates.newest_patch(release) else { return Vec::new() };
    let orphans =
        known.gates.pages().filter(|paged| !paged.page.removed && !registry.gates.contains_key(&*paged.page.name));
    let unclaimed = orphans.map(|paged| {
        let last = paged.page.stages.last();
        let stage = last.map_or("no stage", |stage: &signoff_model::fact::PageStage| stage.stage.word());
        Unclaimed {
            kind: UnclaimedKind::Page,
            name: paged.page.name.to_string(),
            found: format!("{stage} on its page; {} has no such gate", spelt(registry.release)),
            cites: Vec::new(),
            evidence: paged.evidence(&paged.fact.at),
        }
    });
    unclaimed.collect()
}

fn metrics(known: &Known<'_>, named: &Named<'_>) -> Vec<Unclaimed> {
    let kept = known.metrics.of_newest().filter(|listed| {
        let stability = listed.metric.stability.as_deref().unwrap_or_default();
        GateStage::parse(stability).is_some_and(|stage| stage > GateStage::Alpha)
    });
    let nobody = kept.filter(|listed| !named.metrics.contains(&*listed.metric.name));
    let unclaimed = nobody.map(|listed| Unclaimed {
        kind: UnclaimedKind::Metric,
        name: listed.metric.name.to_string(),
        found: listed.metric.stability.as_deref().unwrap_or_default().to_owned(),
        cites: Vec::new(),
        evidence: listed.source.evidence(&listed.fact.path, &listed.fact.at),
    });
    unclaimed.collect()
}
