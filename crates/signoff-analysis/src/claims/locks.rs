//! `gate-locked` and `gate-default`: whether a gate can still be turned off, and whether it is on where the proposal says
//! so.

use signoff_model::fact::GateStage;
use signoff_model::profile::Meaning;

use super::defaults;
use super::existence::{Whereabouts, whereabouts};
use super::subject::{Subject, Subjects, stated};
use super::{ClaimKind, ClaimVerdict, Examined, Flaw, spelt};

pub(super) fn judge<'c>(examined: &Examined<'c, '_>, subjects: &Subjects<'c>, found: &mut Vec<ClaimVerdict<'c>>) {
    let bound = subjects.bound();
    found.extend(bound.iter().filter_map(|subject| locked(examined, subject)));
    defaults::judge(examined, &bound, found);
}

fn locked<'c>(examined: &Examined<'c, '_>, subject: &Subject<'c>) -> Option<ClaimVerdict<'c>> {
    let prepared = &examined.corpus.prepared;
    let pair = examined.proposal.meant(prepared, Meaning::CanDisable)?;
    if !pair.node.text()?.trim().eq_ignore_ascii_case("true") {
        return None;
    }
    let claim = examined.claim(ClaimKind::GateLocked, subject.name, "can be disabled");
    let claim = claim.stated(stated(&examined.proposal.source, pair.node.span));
    let Some(newest) = examined.known.newest() else {
        return Some(claim.unknown("no list of the code's gates was given"));
    };
    let (registry, listed) = match whereabouts(examined, &subject.real) {
        Whereabouts::Code(registry, listed) => (registry, listed),
        Whereabouts::Page(paged) if paged.page.removed => {
            let reason = "the gate is gone: what it turned on is always on, or gone with it";
            return Some(claim.soft(Flaw::CannotBeDisabled, Some("removed".into()), reason));
        }
        _ if examined.first_milestone().is_some_and(|first| examined.is_ahead(first)) => {
            return Some(claim.future("the gate is still to come"));
        }
        _ => return Some(claim.unknown("no list in hand has the gate")),
    };
    if registry.release.minors_after(newest) < 0 {
        let reason = format!("the gate is gone since {}", spelt(registry.release));
        return Some(claim.soft(Flaw::CannotBeDisabled, Some("removed".into()), reason));
    }
    let Some(state) = listed.state(registry.release) else { return Some(claim.unknown("it has no stage yet")) };
    let claim = claim.seen([listed.evidence(&state.spec.locked_at)]);
    let Some(default) = state.default else {
        return Some(claim.unknown("two entries hold from the same version; which of them is not printed"));
    };
    if !state.locked {
        return Some(claim.agree("not locked", format!("{} does not lock it", spelt(registry.release))));
    }
    let found = format!("locked to {} since {}", default, spelt(state.spec.since));
    let reason = format!("{} locks it to {default}", spelt(state.spec.since));
    Some(match state.spec.stage {
        GateStage::Stable | GateStage::Deprecated => {
            let reason = format!("{reason}, as is usual once it is {}", state.spec.stage.word());
            claim.soft(Flaw::CannotBeDisabled, Some(found), reason)
        }
        _ => claim.drift(Flaw::CannotBeDisabled, Some(found), reason),
    })
}
