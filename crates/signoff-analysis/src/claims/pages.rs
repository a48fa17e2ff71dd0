//! `docs-page`, `docs-stage`, `docs-default`: whether a gate has a page, and whether the page says of its own release
//! what the code of that release has.

use signoff_model::Release;
use signoff_model::fact::{GateStage, PageStage};

use super::subject::{Subject, Subjects};
use super::{ClaimKind, ClaimVerdict, Examined, Flaw, spelt};
use crate::gates::{Listed, Paged, Registry, State};

pub(super) fn judge<'c>(examined: &Examined<'c, '_>, subjects: &Subjects<'c>, found: &mut Vec<ClaimVerdict<'c>>) {
    let Some(release) = examined.known.gates.pages_of() else { return };
    for subject in subjects.all.iter().filter(|subject| subject.is_declared && subject.is_name) {
        found.extend(page(examined, subject, release));
    }
}

/// What the code of the release of the pages has: its own lists, else what later ones tell about it.
pub(super) fn code_of<'k>(
    gates: &'k crate::gates::Gates<'k>,
    name: &str,
    release: Release,
) -> Option<(&'k Registry<'k>, &'k Listed<'k>, State<'k>)> {
    let (registry, at) = gates.speaking_for(release)?;
    let listed = registry.gates.get(name)?;
    Some((registry, listed, listed.state(at)?))
}

fn page<'c>(examined: &Examined<'c, '_>, subject: &Subject<'c>, release: Release) -> Vec<ClaimVerdict<'c>> {
    let gates = &examined.known.gates;
    let claim =
        |kind: ClaimKind, claimed: &str| examined.claim(kind, subject.name, claimed).stated(subject.stated.clone());
    let exists = claim(ClaimKind::DocsPage, "a page of its own");
    let code = code_of(gates, &subject.real, release);
    let Some(paged) = gates.page(&subject.real) else {
        return missing(examined, exists, subject, release, code.map(|(_, listed, state)| (listed, state)));
    };
    let mut found = vec![exists.agree("a page", "it has a page").seen([paged.evidence(&paged.fact.at)])];
    let Some((registry, listed, state)) = code else {
        found.extend(gone(examined, claim(ClaimKind::DocsStage, "as the code"), paged, release));
        return found;
    };
    let shown = shown_at(paged, release);
    let stage = claim(ClaimKind::DocsStage, "as the code").seen([listed.evidence(&state.spec.stage_at)]);
    found.push(judge_stage(stage, paged, shown, listed, &state, release));
    let default = claim(ClaimKind::DocsDefault, "as the code").seen([listed.evidence(&state.spec.default_at)]);
    found.extend(shown.map(|shown| judge_default(default, paged, shown, &state, registry)));
    found
}

/// The stage that a page tells of its own release: the last that began by then.
pub(super) fn shown_at<'k>(paged: &Paged<'k>, release: Release) -> Option<&'k PageStage> {
    let begun = paged.page.stages.iter().filter(|stage| stage.from.is_none_or(|from| from.minors_after(release) <= 0));
    begun.max_by_key(|stage| stage.from)
}

/// No page: needed for every gate that people may want to set.
fn missing<'c>(
    examined: &Examined<'c, '_>,
    claim: ClaimVerdict<'c>,
    subject: &Subject<'c>,
    release: Release,
    code: Option<(&Listed<'_>, State<'_>)>,
) -> Vec<ClaimVerdict<'c>> {
    let Some((listed, state)) = code else {
        let is_later = examined
            .known
            .gates
            .find(subject.name)
            .is_some_and(|(_, listed)| listed.specs.iter().all(|spec| spec.since.minors_after(release) > 0));
        return match is_later {
            true => vec![claim.future(format!("the pages are those of {}, and the gate came later", spelt(release)))],
            false => Vec::new(),
        };
    };
    let claim = claim.seen([listed.evidence(&listed.fact.at)]);
    let has_been_elsewhere = listed.specs.iter().any(|spec| matches!(spec.stage, GateStage::Alpha | GateStage::Beta));
    let claim = if state.spec.stage == GateStage::Deprecated && !has_been_elsewhere {
        let reason = "no page; the gate only takes something away, and such gates often have none";
        claim.soft(Flaw::DocsMissing, None, reason)
    } else {
        let reason = format!("{} has the gate at {}, and it has no page", spelt(release), state.spec.stage.word());
        claim.drift(Flaw::DocsMissing, None, reason)
    };
    vec![claim]
}

/// The code of the pages' release does not have the gate: the page has to say so.
fn gone<'c>(
    examined: &Examined<'c, '_>,
    claim: ClaimVerdict<'c>,
    paged: &Paged<'_>,
    release: Release,
) -> Option<ClaimVerdict<'c>> {
    let gates = &examined.known.gates;
    let registry = gates.newest_patch(release)?;
    let claim = claim.seen([paged.evidence(&paged.fact.at)]);
    if paged.page.removed {
        return Some(claim.agree("removed", format!("{} does not have it, and its page says so", spelt(release))));
    }
    let before = gates
        .registries()
        .find(|other| other.release < registry.release && other.gates.contains_key(&*paged.page.name))?;
    let reason = format!("its page does not say that it is gone; {} had it last", spelt(before.release));
    Some(claim.drift(Flaw::DocsDiffer, Some("not removed".into()), reason).suggesting("removed: true"))
}

fn judge_stage<'c>(
    claim: ClaimVerdict<'c>,
    paged: &Paged<'_>,
    shown: Option<&PageStage>,
    listed: &Listed<'_>,
    state: &State<'_>,
    release: Release,
) -> ClaimVerdict<'c> {
    let code = state.spec.stage;
    if paged.page.removed {
        let reason = format!("its page says that it is gone, and {} has it at {}", spelt(release), code.word());
        return claim.drift(Flaw::DocsDiffer, Some("removed".into()), reason).seen([paged.evidence(&paged.fact.at)]);
    }
    let Some(shown) = shown else {
        let reason = format!("its page has no stage for {}; the code has {}", spelt(release), code.word());
        return claim.drift(Flaw::DocsDiffer, None, reason).seen([paged.evidence(&paged.fact.at)]);
    };
    let claim = claim.seen([paged.evidence(&shown.stage_at)]);
    if shown.stage != code {
        let reason = format!("its page says {}, the code of {} {}", shown.stage.word(), spelt(release), code.word());
        return claim.drift(Flaw::DocsDiffer, Some(shown.stage.word().into()), reason).suggesting(code.word());
    }
    let from = paged.page.stages.iter().filter(|stage| stage.stage == code).filter_map(|stage| stage.from).min();
    let since = listed.first(code).map(|spec| spec.since);
    match (from, since) {
        (Some(from), Some(since)) if from.minors_after(since) != 0 => {
            let reason =
                format!("both say {}, its page since {}, the code since {}", code.word(), spelt(from), spelt(since));
            claim.soft(Flaw::DocsDiffer, Some(format!("{} since {}", code.word(), spelt(from))), reason)
        }
        _ => claim.agree(code.word(), format!("both say {}", code.word())),
    }
}

fn judge_default<'c>(
    claim: ClaimVerdict<'c>,
    paged: &Paged<'_>,
    shown: &PageStage,
    state: &State<'_>,
    registry: &Registry<'_>,
) -> ClaimVerdict<'c> {
    let on = |is_on: bool| if is_on { "on" } else { "off" };
    let claim = claim.seen([paged.evidence(&shown.default_at)]);
    let (Some(code), Some(page)) = (state.default, shown.default) else {
        return claim.unknown(match shown.default {
            None => "its page does not say whether it is on by default",
            Some(_) => "the code has two entries for one version, and does not print which holds",
        });
    };
    if code == page {
        return claim.agree(on(page), format!("both say {} by default", on(page)));
    }
    let reason = format!("its page says {} by default, {} {}", on(page), spelt(registry.release), on(code));
    claim.drift(Flaw::DocsDiffer, Some(on(page).into()), reason).suggesting(on(code))
}
