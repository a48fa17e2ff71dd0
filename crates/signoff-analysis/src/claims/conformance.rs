//! `conformance-test`: whether conformance tests reach the stable operations of the types that a stable proposal brought.

use std::collections::BTreeMap;

use signoff_model::Release;
use signoff_model::fact::{Endpoint, Fact, FactSource, GateStage, Record, SourceKind};

use super::{ClaimKind, ClaimVerdict, Examined, Flaw, Verdict, spelt};

/// Most operations that a message names.
const NAMED_MAX: usize = 3;

/// Judges the types that the claims found so far say are in the API.
pub(super) fn judge<'c>(examined: &Examined<'c, '_>, found: &mut Vec<ClaimVerdict<'c>>) {
    let prepared = &examined.corpus.prepared;
    let is_stable = examined.proposal.stage(prepared).and_then(GateStage::parse) == Some(GateStage::Stable);
    let Some(release) = examined.proposal.milestone(prepared, GateStage::Stable.word()).filter(|_| is_stable) else {
        return;
    };
    let of_api = |claim: &&ClaimVerdict<'c>| claim.claim == ClaimKind::ApiType && claim.verdict == Verdict::Agree;
    let kinds: Vec<(String, Option<super::Stated>)> =
        found.iter().filter(of_api).map(|claim| (claim.subject.clone(), claim.stated.clone())).collect();
    if kinds.is_empty() {
        return;
    }
    let Some(coverage) = Coverage::of(examined) else { return };
    for (kind, stated) in kinds {
        let claim = examined.claim(ClaimKind::ConformanceTest, &kind, "conformance tests for its stable operations");
        let claim = claim.stated(stated);
        found.extend(of_kind(examined, claim, &coverage, &kind, release));
    }
}

/// The newest list of operations and the tests that reach them.
struct Coverage<'k> {
    release: Release,
    endpoints: Vec<(&'k FactSource, &'k Fact, &'k Endpoint)>,
    ineligible: BTreeMap<&'k str, &'k str>,
}

impl<'k> Coverage<'k> {
    fn of(examined: &Examined<'_, 'k>) -> Option<Self> {
        let all = |kind: SourceKind| {
            let facts = examined.known.facts.of(kind);
            facts.flat_map(|source| source.facts.iter().map(move |fact| (source, fact))).filter_map(|(source, fact)| {
                match &fact.record {
                    Record::Endpoint(endpoint) => Some((source, fact, endpoint)),
                    _ => None,
                }
            })
        };
        let listed: Vec<_> = all(SourceKind::EndpointCoverage).collect();
        let of = |source: &FactSource, endpoint: &Endpoint| endpoint.release.or(source.release);
        let release = listed.iter().filter_map(|(source, _, endpoint)| of(source, endpoint)).max()?;
        let endpoints = listed.into_iter().filter(|(source, _, endpoint)| of(source, endpoint) == Some(release));
        let ineligible = all(SourceKind::IneligibleEndpoints);
        Some(Self {
            release,
            endpoints: endpoints.collect(),
            ineligible: ineligible
                .map(|(_, _, endpoint)| (&*endpoint.name, endpoint.ineligible.as_deref().unwrap_or_default()))
                .collect(),
        })
    }
}

fn of_kind<'c>(
    examined: &Examined<'c, '_>,
    claim: ClaimVerdict<'c>,
    coverage: &Coverage<'_>,
    kind: &str,
    stable: Release,
) -> Option<ClaimVerdict<'c>> {
    let own =
        coverage.endpoints.iter().filter(|(_, _, endpoint)| &*endpoint.kind == kind && &*endpoint.level == "stable");
    let own: Vec<_> = own.collect();
    if examined.is_ahead(stable) || stable > coverage.release {
        return Some(claim.future(format!("the operations in hand are those of {}", spelt(coverage.release))));
    }
    if own.is_empty() {
        return None;
    }
    let eligible: Vec<_> =
        own.iter().filter(|(_, _, endpoint)| !coverage.ineligible.contains_key(&*endpoint.name)).collect();
    let missing: Vec<_> = eligible.iter().filter(|(_, _, endpoint)| endpoint.conformance != Some(true)).collect();
    let counted =
        format!("{} of {} stable operations that can be tested", eligible.len() - missing.len(), eligible.len());
    let first = missing.first().map_or_else(|| own.first().copied(), |first| Some(**first))?;
    let claim = claim.seen([first.0.evidence(&first.1.path, &first.1.at)]);
    if missing.is_empty() {
        return Some(claim.agree(counted.clone(), format!("conformance tests reach {counted}")));
    }
    let names: Vec<&str> = missing.iter().take(NAMED_MAX).map(|(_, _, endpoint)| &*endpoint.name).collect();
    let reason = format!("conformance tests reach {counted}; not {}", names.join(", "));
    // They are due within one release after the stage.
    Some(match coverage.release.minors_after(stable) > 1 {
        true => claim.drift(Flaw::TestMissing, Some(counted), reason),
        false => claim.soft(Flaw::TestMissing, Some(counted), format!("{reason}; they are due within one release")),
    })
}
