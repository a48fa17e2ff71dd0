//! `status-implemented`: whether what is marked as finished is in the code for good, and what is in the code for good is
//! marked as finished.

use signoff_model::Release;
use signoff_model::fact::{Evidence, GateStage};
use signoff_model::profile::{Meaning, StatusClass};

use super::existence::{Whereabouts, whereabouts};
use super::milestones::Life;
use super::subject::{Subject, Subjects, stated};
use super::{ClaimKind, ClaimVerdict, Examined, Flaw, spelt};

pub(super) fn judge<'c>(examined: &Examined<'c, '_>, subjects: &Subjects<'c>, found: &mut Vec<ClaimVerdict<'c>>) {
    let prepared = &examined.corpus.prepared;
    let class = examined.proposal.class(prepared);
    if !matches!(class, StatusClass::Done | StatusClass::Accepted) {
        return;
    }
    let (Some(status), Some(pair)) =
        (examined.proposal.status(prepared), examined.proposal.meant(prepared, Meaning::Status))
    else {
        return;
    };
    let bound = subjects.bound();
    let subject = bound.first().map_or(status, |subject| subject.name);
    let claim = examined.claim(ClaimKind::StatusImplemented, subject, status);
    let claim = claim.stated(stated(&examined.proposal.source, pair.node.span));
    if class == StatusClass::Done {
        found.push(done(examined, claim, &bound));
    } else {
        found.extend(behind(examined, claim, &bound));
    }
}

/// What became of a gate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// Stable, or gone after it was.
    Kept,
    /// Gone without ever having been stable.
    Withdrawn,
    /// Not stable yet.
    Under(GateStage),
    /// On its way out without ever having been stable.
    Deprecated,
}

fn end(examined: &Examined<'_, '_>, name: &str) -> Option<(End, Evidence)> {
    let newest = examined.known.newest()?;
    let life = Life::of(examined, name)?;
    let furthest = life.furthest(newest)?;
    let is_gone = match whereabouts(examined, name) {
        Whereabouts::Code(registry, _) => registry.release.minors_after(newest) < 0,
        Whereabouts::Page(paged) => paged.page.removed,
        Whereabouts::Nowhere => true,
    };
    let end = match furthest {
        GateStage::Stable => End::Kept,
        GateStage::Deprecated => End::Deprecated,
        _ if is_gone => End::Withdrawn,
        stage => End::Under(stage),
    };
    Some((end, life.evidence(furthest)))
}

/// Marked as finished: every gate is to be stable, or gone after it was.
fn done<'c>(examined: &Examined<'c, '_>, claim: ClaimVerdict<'c>, bound: &[&Subject<'c>]) -> ClaimVerdict<'c> {
    if bound.is_empty() {
        return claim.unknown("the proposal names no gate by which the code could be asked");
    }
    let ends: Vec<Option<(End, Evidence)>> = bound.iter().map(|subject| end(examined, &subject.real)).collect();
    let Some(ends) = ends.into_iter().collect::<Option<Vec<_>>>() else {
        return claim.unknown("no source in hand has every gate of the proposal");
    };
    let Some((worst, evidence)) = ends.iter().find(|(end, _)| *end != End::Kept) else {
        let evidence: Vec<Evidence> = ends.into_iter().take(2).map(|(_, evidence)| evidence).collect();
        return claim.agree("stable", "the code has every gate as stable, or had it so before it went").seen(evidence);
    };
    let claim = claim.seen([evidence.clone()]);
    if ends.len() > 1 && ends.iter().any(|(end, _)| *end == End::Kept) {
        return claim.unknown("some of its gates are stable and some are not; some gates stay below for good");
    }
    if bound.iter().any(|subject| examined.named.get(subject.name).copied().unwrap_or_default() > 1) {
        return claim.unknown("other proposals share the gate");
    }
    match worst {
        End::Under(stage) => {
            let reason = format!("the gate is at {}", stage.word());
            claim.drift(Flaw::StatusAhead, Some(stage.word().into()), reason)
        }
        End::Withdrawn => {
            claim.drift(Flaw::StatusAhead, Some("withdrawn".into()), "the gate went without ever having been stable")
        }
        End::Deprecated => claim.unknown("the gate is deprecated and never was stable"),
        End::Kept => claim,
    }
}

/// Not marked as finished, although the gate is stable and nothing later is planned.
fn behind<'c>(
    examined: &Examined<'c, '_>,
    claim: ClaimVerdict<'c>,
    bound: &[&Subject<'c>],
) -> Option<ClaimVerdict<'c>> {
    let prepared = &examined.corpus.prepared;
    if bound.is_empty() {
        return None;
    }
    let latest: Option<Release> = examined.proposal.accepted(prepared);
    if let Some(latest) = latest.filter(|latest| examined.is_ahead(*latest)) {
        return Some(claim.future(format!("work is planned for {latest}, which is newer than every list in hand")));
    }
    let ends: Option<Vec<_>> = bound.iter().map(|subject| end(examined, &subject.real)).collect();
    let ends = ends?;
    if !ends.iter().all(|(end, _)| *end == End::Kept) {
        let (end, evidence) = ends.iter().find(|(end, _)| *end != End::Kept)?;
        let End::Under(stage) = end else { return None };
        let reason = format!("the gate is at {}, and the proposal is not marked as finished", stage.word());
        return Some(claim.agree(stage.word(), reason).seen([evidence.clone()]));
    }
    let life = Life::of(examined, &bound.first()?.real)?;
    let since = life.first(GateStage::Stable)?;
    let claim = claim.seen([life.evidence(GateStage::Stable)]);
    if bound.iter().any(|subject| examined.named.get(subject.name).copied().unwrap_or_default() > 1) {
        return Some(claim.unknown("other proposals share the gate"));
    }
    let done = prepared.profile.status.iter().find(|status| status.class == StatusClass::Done)?;
    let reason = format!("the gate is stable since {}, and nothing later is planned", spelt(since));
    Some(claim.drift(Flaw::StatusBehind, Some("stable".into()), reason).suggesting(&done.name))
}
