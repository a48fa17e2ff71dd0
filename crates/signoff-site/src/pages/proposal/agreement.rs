//! Whether proposal, code and documentation agree: gate by gate, stage by stage; then metrics; then everything else.

use signoff_analysis::claims::{ClaimKind, Verdict};
use signoff_model::fact::GateStage;

use crate::Site;
use crate::evidence::{Claim, Code, DocsStage, meant, minor};
use crate::marks::{self, Mark};
use crate::pages::claims::{self, ClaimOf};

/// What came out for the claims of a proposal.
pub(super) struct Agreement {
    pub(super) sources: String,
    pub(super) gates: Vec<GateOf>,
    pub(super) metrics: Vec<ClaimOf>,
    /// Other claims that need somebody.
    pub(super) wrong: Vec<ClaimOf>,
    /// The rest, by verdict.
    pub(super) rest: Vec<(Mark, Vec<ClaimOf>)>,
}

/// A gate that it names.
pub(super) struct GateOf {
    pub(super) name: String,
    pub(super) page: Option<String>,
    pub(super) stages: Vec<StageOf>,
}

/// A stage as the three say it.
pub(super) struct StageOf {
    pub(super) stage: &'static str,
    pub(super) claim: ClaimOf,
    pub(super) docs: String,
    pub(super) docs_place: String,
    /// Whether the lines themselves are worth showing.
    pub(super) is_full: bool,
}

/// The claims of the proposal at a place of the corpus; `None` where nothing was read to judge them by.
pub(super) fn of(site: &Site, base: &str, proposal: usize) -> Option<Agreement> {
    let code = site.code();
    // Without sources nothing is judged: pages are made by many threads, and judging would take more of them.
    let found = if code.has_sources() { site.judged().of_proposal(proposal) } else { &[] };
    if found.is_empty() {
        return None;
    }
    let of = |claim: &Claim| ClaimOf::here(site, base, proposal, claim);
    let is_wrong = |claim: &Claim| matches!(claim.verdict, Verdict::Drift | Verdict::Soft);
    let is_other = |claim: &&Claim| stage_of(claim.claim).is_none() && claim.claim != ClaimKind::MetricExists;
    let others = || found.iter().filter(is_other);
    // Where there is one gate, its name stands above already.
    let own = &site.snapshot.corpus.proposals[proposal];
    let only = match own.gates(&site.snapshot.corpus.prepared).as_slice() {
        [gate] => gate.name.to_owned(),
        _ => String::new(),
    };
    // Of these no source ever tells.
    let is_told = |claim: &&Claim| !matches!(claim.claim, ClaimKind::GateComponents | ClaimKind::NoNewApiTypes);
    let rest = |verdict: Verdict| {
        let own = others().filter(|claim| claim.verdict == verdict).filter(is_told).map(of);
        let own =
            own.map(|claim| if claim.subject == only { ClaimOf { subject: String::new(), ..claim } } else { claim });
        (marks::of_claim(verdict), own.collect::<Vec<ClaimOf>>())
    };
    let mut metrics: Vec<&Claim> = found.iter().filter(|claim| claim.claim == ClaimKind::MetricExists).collect();
    metrics.sort_by_key(|claim| claims::rank(claim.verdict));
    Some(Agreement {
        sources: code.sources(),
        gates: gates(site, base, proposal, found),
        metrics: metrics.into_iter().map(of).collect(),
        wrong: others().filter(|claim| is_wrong(claim)).map(of).collect(),
        rest: [Verdict::Agree, Verdict::Future, Verdict::Unknown]
            .map(rest)
            .into_iter()
            .filter(|(_, own)| !own.is_empty())
            .collect(),
    })
}

fn stage_of(kind: ClaimKind) -> Option<GateStage> {
    match kind {
        ClaimKind::MilestoneAlpha => Some(GateStage::Alpha),
        ClaimKind::MilestoneBeta => Some(GateStage::Beta),
        ClaimKind::MilestoneStable => Some(GateStage::Stable),
        _ => None,
    }
}

fn gates(site: &Site, base: &str, proposal: usize, found: &[Claim]) -> Vec<GateOf> {
    let mut gates: Vec<GateOf> = Vec::new();
    for claim in found {
        let Some(stage) = stage_of(claim.claim) else { continue };
        let real = meant(found, &claim.subject);
        let line = line(site, base, proposal, (claim, stage, real));
        match gates.iter_mut().find(|gate| gate.name == claim.subject) {
            Some(gate) => gate.stages.push(line),
            None => gates.push(GateOf {
                name: claim.subject.clone(),
                page: site.code().page(real).map(str::to_owned),
                stages: vec![line],
            }),
        }
    }
    gates
}

fn line(site: &Site, base: &str, proposal: usize, (claim, stage, real): (&Claim, GateStage, &str)) -> StageOf {
    let code = site.code();
    let told = docs_stage(code, real, stage);
    let docs = match told {
        Some(own) => {
            let set = own.default.map(|on| if on { ", on" } else { ", off" }).unwrap_or_default();
            format!("{}{set}", own.from.map(minor).unwrap_or_default())
        }
        None if code.gate(real).is_some_and(|gate| gate.docs.is_some()) => "not described".to_owned(),
        None => "no page".to_owned(),
    };
    let place = told.map(|own| &own.evidence).map(|evidence| {
        let line = evidence.line.map(|line| format!(":{line}")).unwrap_or_default();
        format!("{}{line}", claims::short(&evidence.path))
    });
    StageOf {
        stage: stage.word(),
        claim: ClaimOf::here(site, base, proposal, claim),
        docs,
        docs_place: place.unwrap_or_default(),
        is_full: matches!(claim.verdict, Verdict::Drift | Verdict::Soft),
    }
}

fn docs_stage<'c>(code: &'c Code, gate: &str, stage: GateStage) -> Option<&'c DocsStage> {
    code.gate(gate)?.docs.as_ref()?.stages.iter().find(|own| own.stage == stage)
}
