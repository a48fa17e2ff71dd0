//! Claims as pages show them: what is said, what is found, and what came out, with both sides quoted.

use signoff_analysis::claims::{ClaimKind, Verdict};
use signoff_model::fact::Evidence;

use super::board::Quote;
use crate::Site;
use crate::evidence::{Claim, sentence};
use crate::marks::{self, Mark};

/// Most quotes of a side.
const QUOTES_MAX: usize = 2;

/// A claim and what came out.
pub(super) struct ClaimOf {
    /// The number or name of the proposal.
    pub(super) label: String,
    /// Its page.
    pub(super) page: Option<String>,
    /// What kind of thing is claimed, in words.
    pub(super) about: &'static str,
    /// The same for programs.
    pub(super) kind: &'static str,
    pub(super) subject: String,
    /// The page of the gate that it is about.
    pub(super) gate: Option<String>,
    pub(super) claimed: String,
    pub(super) stated: Option<Quote>,
    pub(super) found: String,
    pub(super) quotes: Vec<Quote>,
    pub(super) mark: Mark,
    pub(super) verdict: &'static str,
    pub(super) reason: String,
    pub(super) suggestion: Option<String>,
}

impl ClaimOf {
    /// A claim of the proposal at a place of the corpus, for a page with this way to the root.
    pub(super) fn of(site: &Site, base: &str, proposal: usize, claim: &Claim) -> Self {
        Self::on(site, (base, false), proposal, claim)
    }

    /// The same for the page of the proposal itself.
    pub(super) fn here(site: &Site, base: &str, proposal: usize, claim: &Claim) -> Self {
        Self::on(site, (base, true), proposal, claim)
    }

    fn on(site: &Site, (base, here): (&str, bool), proposal: usize, claim: &Claim) -> Self {
        let own = &site.snapshot.corpus.proposals[proposal];
        let real = crate::evidence::meant(site.judged().of_proposal(proposal), &claim.subject);
        let stated = claim.stated.as_ref().map(|stated| Quote {
            place: format!("{}:{}", short(&stated.path), stated.line),
            href: match here {
                true => site.line_here(own, &stated.path, Some(stated.line)),
                false => site.line(base, &stated.path, Some(stated.line)),
            },
            line: Some(stated.line),
            text: stated.text.clone(),
        });
        let suggestion = claim.suggestion.as_ref().filter(|text| Some(*text) != claim.found.as_ref());
        Self {
            label: own.label().to_string(),
            page: site.places.page(&own.path).map(str::to_owned),
            about: words(claim.claim),
            kind: claim.claim.word(),
            subject: claim.subject.clone(),
            gate: site.code().page(real).map(str::to_owned),
            claimed: claim.claimed.clone(),
            stated,
            found: claim.found.clone().unwrap_or_else(|| "nothing".to_owned()),
            quotes: claim.evidence.iter().take(QUOTES_MAX).map(|evidence| quote(site, base, evidence)).collect(),
            mark: marks::of_claim(claim.verdict),
            verdict: claim.verdict.word(),
            reason: sentence(&claim.reason),
            suggestion: suggestion.cloned(),
        }
    }
}

/// The last part of a path.
pub(super) fn short(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A line of a source; of a file of the repository with where it can be read.
pub(super) fn quote(site: &Site, base: &str, evidence: &Evidence) -> Quote {
    let is_own = &*evidence.source == "git";
    let line = evidence.line.map(|line| format!(":{line}")).unwrap_or_default();
    let place = match is_own {
        true => format!("{}{line}", evidence.path),
        false => format!("{}{line}, {}", short(&evidence.path), version(site, evidence)),
    };
    let href = if is_own { site.line(base, &evidence.path, evidence.line) } else { None };
    Quote { place, href, line: evidence.line, text: evidence.text.clone() }
}

/// The source of evidence: its file and version.
pub(super) fn source(site: &Site, evidence: &Evidence) -> String {
    format!("{}, {}", short(&evidence.path), version(site, evidence))
}

/// The version of a source, with the name of a project that is neither the code nor its documentation.
fn version(site: &Site, evidence: &Evidence) -> String {
    let rules = site.rules_of_evidence();
    match [&rules.code, &rules.docs].iter().any(|name| **name == *evidence.source) {
        true => evidence.version.to_string(),
        false => format!("{} {}", evidence.source, evidence.version),
    }
}

/// What is wrong comes first.
pub(super) fn rank(verdict: Verdict) -> usize {
    match verdict {
        Verdict::Drift => 0,
        Verdict::Soft => 1,
        Verdict::Unknown => 2,
        Verdict::Future => 3,
        Verdict::Agree => 4,
    }
}

/// What kind of thing is claimed, in words.
pub(super) fn words(kind: ClaimKind) -> &'static str {
    match kind {
        ClaimKind::GateExists => "the gate is there",
        ClaimKind::GateComponents => "components of the gate",
        ClaimKind::GateDefault => "default of the gate",
        ClaimKind::GateLocked => "the gate can be turned off",
        ClaimKind::MilestoneAlpha => "alpha since",
        ClaimKind::MilestoneBeta => "beta since",
        ClaimKind::MilestoneStable => "stable since",
        ClaimKind::StageReached => "stage",
        ClaimKind::StatusImplemented => "status",
        ClaimKind::DocsPage => "page of the gate",
        ClaimKind::DocsStage => "stage on the page",
        ClaimKind::DocsDefault => "default on the page",
        ClaimKind::MetricExists => "the metric is there",
        ClaimKind::MetricStability => "stability of the metric",
        ClaimKind::MetricComponents => "components of the metric",
        ClaimKind::EventReason => "reason of an event",
        ClaimKind::ConditionType => "type of a condition",
        ClaimKind::ApiType => "type of the API",
        ClaimKind::NoNewApiTypes => "no new types of the API",
        ClaimKind::LinkedTest => "linked test",
        ClaimKind::E2eTest => "end-to-end test",
        ClaimKind::ConformanceTest => "conformance test",
        ClaimKind::Approval => "approval",
    }
}
