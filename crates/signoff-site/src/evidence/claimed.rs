//! What came out for the claims of the proposals, by proposal and by gate.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use signoff_analysis::claims::{self, ClaimKind, ClaimVerdict, Flaw, Known, Verdict};
use signoff_model::fact::GateStage;
use signoff_model::{Corpus, Proposal};

use super::Code;

/// A claim and what came out, without the proposal that it is of.
pub(crate) use signoff_analysis::claims::Judged as Claim;

/// A proposal that names a gate.
pub(crate) struct Naming {
    /// The place of the proposal in the corpus.
    pub(crate) proposal: usize,
    /// The components that it names for the gate.
    pub(crate) components: Vec<String>,
    /// The name as it writes it, where that is another one.
    pub(crate) written: Option<String>,
}

/// Who says something else than the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    /// A proposal.
    Proposal,
    /// The page of the gate.
    Docs,
}

/// Something that is said against what the code has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Objection {
    pub(crate) who: Who,
    /// The stage that it is about, where it is about one.
    pub(crate) stage: Option<GateStage>,
    /// Who says what, in a few words.
    pub(crate) remark: String,
}

/// The claims of all proposals.
pub(crate) struct AllClaims {
    code: Arc<Code>,
    commit: Option<Arc<str>>,
    proposals: Vec<Arc<Proposal>>,
    /// How many proposals declare a gate: what is said of one may depend on that of others.
    declared: FxHashMap<Box<str>, usize>,
    /// Of each proposal, in the order of the corpus.
    claims: Vec<Arc<[Claim]>>,
    /// The proposals that name a gate, by the name that people set.
    namings: BTreeMap<String, Vec<Naming>>,
    /// What is said against what the code has, by gate.
    objections: BTreeMap<String, Vec<Objection>>,
}

impl AllClaims {
    /// Judges the claims of the proposals, but for those whose judgement before still holds.
    pub(super) fn of(corpus: &Corpus, code: &Arc<Code>, before: Option<&Self>) -> Self {
        let declared = declared(corpus);
        let serves = |before: &&Self| {
            Arc::ptr_eq(&before.code, code) && before.commit == corpus.commit && before.declared == declared
        };
        let known: FxHashMap<usize, &Arc<[Claim]>> = before
            .filter(serves)
            .map(|before| before.proposals.iter().map(|own| place(own)).zip(&before.claims).collect())
            .unwrap_or_default();
        let mut claims: Vec<Arc<[Claim]>> = corpus
            .proposals
            .iter()
            .map(|proposal| known.get(&place(proposal)).map_or_else(|| Arc::from([]), |same| Arc::clone(same)))
            .collect();
        let is_new = |proposal: &Proposal| !known.contains_key(&place(proposal));
        let rules = &corpus.prepared.profile.evidence;
        let judged = claims::audit(corpus, &Known::of(&code.facts, rules), is_new);
        let mut fresh: BTreeMap<usize, Vec<Claim>> = BTreeMap::new();
        for ClaimVerdict { proposal, judged } in judged {
            let Some(at) = corpus.proposal_at(&proposal.path) else { continue };
            fresh.entry(at).or_default().push(judged);
        }
        for (at, own) in fresh {
            claims[at] = own.into();
        }
        let mut own = Self {
            code: Arc::clone(code),
            commit: corpus.commit.clone(),
            proposals: corpus.proposals.clone(),
            declared,
            claims,
            namings: BTreeMap::new(),
            objections: BTreeMap::new(),
        };
        own.by_gate(corpus);
        own
    }

    /// The claims of a proposal, by its place in the corpus.
    pub(crate) fn of_proposal(&self, at: usize) -> &[Claim] {
        self.claims.get(at).map_or(&[], |claims| claims)
    }

    /// Every claim.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Claim> {
        self.claims.iter().flat_map(|claims| claims.iter())
    }

    /// The claims that are wrong, in the order of the proposals, as the analysis has them.
    pub(crate) fn drifts<'c>(&self, corpus: &'c Corpus) -> Vec<ClaimVerdict<'c>> {
        let of = |(proposal, claims): (&'c Arc<Proposal>, &Arc<[Claim]>)| {
            let wrong = claims.iter().filter(|claim| claim.verdict == Verdict::Drift);
            wrong.map(|claim| ClaimVerdict { proposal, judged: claim.clone() }).collect::<Vec<_>>()
        };
        corpus.proposals.iter().zip(&self.claims).flat_map(of).collect()
    }

    /// The proposals that name a gate.
    pub(crate) fn naming(&self, gate: &str) -> &[Naming] {
        self.namings.get(gate).map_or(&[], Vec::as_slice)
    }

    /// What is said against what the code has of a gate.
    pub(crate) fn objections(&self, gate: &str) -> &[Objection] {
        self.objections.get(gate).map_or(&[], Vec::as_slice)
    }

    /// Fills in what is asked by gate.
    fn by_gate(&mut self, corpus: &Corpus) {
        for (at, proposal) in corpus.proposals.iter().enumerate() {
            let claims = Arc::clone(&self.claims[at]);
            for gate in proposal.gates(&corpus.prepared) {
                let real = meant(&claims, gate.name);
                let naming = Naming {
                    proposal: at,
                    components: gate.components.iter().map(|component| (*component).to_owned()).collect(),
                    written: (real != gate.name).then(|| gate.name.to_owned()),
                };
                self.namings.entry(real.to_owned()).or_default().push(naming);
            }
            let in_answers = proposal.document().map(|document| &*document.gates).unwrap_or_default();
            for (name, _) in in_answers {
                let own = self.namings.entry(meant(&claims, name).to_owned()).or_default();
                if own.last().is_none_or(|naming| naming.proposal != at) {
                    own.push(Naming { proposal: at, components: Vec::new(), written: None });
                }
            }
            for claim in claims.iter() {
                let Some(objection) = Objection::of(proposal.label(), claim) else { continue };
                let own = self.objections.entry(meant(&claims, &claim.subject).to_owned()).or_default();
                if !own.iter().any(|other| other.remark == objection.remark) {
                    own.push(objection);
                }
            }
        }
    }
}

/// Where a proposal lies: one that is kept lies where it lay.
fn place(proposal: &Proposal) -> usize {
    std::ptr::from_ref(proposal).addr()
}

/// How many proposals declare each gate.
fn declared(corpus: &Corpus) -> FxHashMap<Box<str>, usize> {
    let mut declared: FxHashMap<Box<str>, usize> = FxHashMap::default();
    for proposal in &corpus.proposals {
        for gate in proposal.gates(&corpus.prepared) {
            *declared.entry(gate.name.into()).or_default() += 1;
        }
    }
    declared
}

/// The name that people set for what a proposal writes.
pub(crate) fn meant<'c>(claims: &'c [Claim], written: &'c str) -> &'c str {
    let is_it = |claim: &&Claim| {
        claim.claim == ClaimKind::GateExists && claim.flaw == Some(Flaw::GateMisnamed) && claim.subject == written
    };
    claims.iter().find(is_it).and_then(|claim| claim.suggestion.as_deref()).unwrap_or(written)
}

impl Objection {
    fn of(label: &str, claim: &Claim) -> Option<Self> {
        if claim.verdict != Verdict::Drift {
            return None;
        }
        let has = claim.found.as_deref().map(|found| format!("; code {found}")).unwrap_or_default();
        let stage = match claim.claim {
            ClaimKind::MilestoneAlpha => Some(GateStage::Alpha),
            ClaimKind::MilestoneBeta => Some(GateStage::Beta),
            ClaimKind::MilestoneStable => Some(GateStage::Stable),
            _ => None,
        };
        let (who, remark) = match claim.claim {
            ClaimKind::GateExists => (Who::Proposal, format!("Proposal {label} writes {}", claim.subject)),
            ClaimKind::MilestoneAlpha | ClaimKind::MilestoneBeta | ClaimKind::MilestoneStable => {
                let stage = stage.map_or("", GateStage::word);
                (Who::Proposal, format!("Proposal {label} says {stage} {}{has}", claim.claimed))
            }
            ClaimKind::GateDefault | ClaimKind::GateLocked | ClaimKind::StageReached | ClaimKind::StatusImplemented => {
                (Who::Proposal, format!("Proposal {label} says {}{has}", claim.claimed))
            }
            ClaimKind::DocsPage | ClaimKind::DocsStage | ClaimKind::DocsDefault => (Who::Docs, sentence(&claim.reason)),
            _ => return None,
        };
        Some(Self { who, stage, remark })
    }
}

/// A reason as the beginning of a sentence.
pub(crate) fn sentence(reason: &str) -> String {
    let mut letters = reason.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
