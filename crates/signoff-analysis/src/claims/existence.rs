//! `gate-exists` and `gate-components`: whether the code has a gate of this name, and where.

use signoff_model::Release;
use signoff_model::fact::Record;
use signoff_model::profile::StatusClass;

use super::renamed::renamed;
use super::subject::{Subject, Subjects};
use super::{ClaimKind, ClaimVerdict, Examined, Flaw, spelt};
use crate::gates::{Certainty, Gates, Listed, Paged, Registry};

pub(super) fn judge<'c>(examined: &Examined<'c, '_>, subjects: &Subjects<'c>, found: &mut Vec<ClaimVerdict<'c>>) {
    for subject in &subjects.all {
        found.push(exists(examined, subject));
        if subject.is_declared && !subject.components.is_empty() {
            found.push(components(examined, subject));
        }
    }
}

/// What is known of a gate, the newest source first.
pub(super) enum Whereabouts<'k> {
    /// Lists of the code have it; the first is the newest.
    Code(&'k Registry<'k>, &'k Listed<'k>),
    /// Only a page has it.
    Page(&'k Paged<'k>),
    /// Nothing has it.
    Nowhere,
}

/// The name under which the code has a gate: its own, or the one that is certainly meant.
pub(super) fn real_name(examined: &Examined<'_, '_>, subject: &Subject<'_>) -> String {
    let gates = &examined.known.gates;
    if gates.find(subject.name).is_some() {
        return subject.name.to_owned();
    }
    if let Some(paged) = gates.page(subject.name) {
        return paged.page.name.to_string();
    }
    if examined.first_milestone().is_some_and(|first| examined.is_ahead(first)) {
        return subject.name.to_owned();
    }
    let renamed = renamed(examined, subject).filter(|renamed| renamed.is_certain);
    renamed.map_or(subject.name, |renamed| renamed.name).to_owned()
}

pub(super) fn whereabouts<'k>(gates: &'k Gates<'k>, name: &str) -> Whereabouts<'k> {
    match (gates.find(name), gates.page(name)) {
        (Some((registry, listed)), _) => Whereabouts::Code(registry, listed),
        (None, Some(page)) => Whereabouts::Page(page),
        (None, None) => Whereabouts::Nowhere,
    }
}

fn exists<'c>(examined: &Examined<'c, '_>, subject: &Subject<'c>) -> ClaimVerdict<'c> {
    let claim = examined.claim(ClaimKind::GateExists, subject.name, subject.name).stated(subject.stated.clone());
    let Some(newest) = examined.known.newest() else {
        return claim.unknown("no list of the code's gates was given");
    };
    if !subject.is_name {
        let reason = format!("`{}` is no name of a gate", subject.name);
        return claim.drift(Flaw::GateMalformed, None, reason);
    }
    match whereabouts(&examined.known.gates, subject.name) {
        Whereabouts::Code(registry, listed) => in_code(claim, subject, registry, listed, newest),
        Whereabouts::Page(paged) => on_page(claim, subject, paged),
        Whereabouts::Nowhere => nowhere(examined, claim, subject, newest),
    }
}

fn in_code<'c>(
    claim: ClaimVerdict<'c>,
    subject: &Subject<'c>,
    registry: &Registry<'_>,
    listed: &Listed<'_>,
    newest: Release,
) -> ClaimVerdict<'c> {
    let seen = listed.evidence(&listed.fact.at);
    let claim = claim.seen([seen]);
    if registry.release.minors_after(newest) < 0 {
        let reason = format!("{} had it; it is gone since", spelt(registry.release));
        return claim.agree(format!("in {}, gone since", spelt(registry.release)), reason);
    }
    let found = match listed.state(registry.release) {
        Some(state) => format!("{} since {}", state.spec.stage.word(), spelt(state.spec.since)),
        None => subject.name.to_owned(),
    };
    let how = if listed.certainty == Certainty::Inferred { ", as a later list tells" } else { "" };
    claim.agree(found, format!("{} has it{how}", spelt(registry.release)))
}

fn on_page<'c>(claim: ClaimVerdict<'c>, subject: &Subject<'c>, paged: &Paged<'_>) -> ClaimVerdict<'c> {
    let claim = claim.seen([paged.evidence(&paged.fact.at)]);
    if paged.page.name.as_ref() != subject.name {
        let reason = format!("the gate is called `{}` now", paged.page.name);
        let fix = subject.renamed(&paged.page.name);
        let name = paged.page.name.to_string();
        return claim.drift(Flaw::GateMisnamed, Some(name.clone()), reason).suggesting(name).fixed_by(fix);
    }
    if paged.page.removed {
        claim.agree("removed", "its page says that it was there and is gone")
    } else {
        claim.agree("on its page", "its page has it; no list of the code in hand does")
    }
}

fn nowhere<'c>(
    examined: &Examined<'c, '_>,
    claim: ClaimVerdict<'c>,
    subject: &Subject<'c>,
    newest: Release,
) -> ClaimVerdict<'c> {
    let gates = &examined.known.gates;
    let rules = &examined.corpus.prepared.profile.evidence;
    let registries: Vec<&str> =
        subject.components.iter().filter_map(|component| rules.registry.get(*component)).map(String::as_str).collect();
    if let Some(elsewhere) = gates.elsewhere(subject.name) {
        let claim = claim.seen([elsewhere.source.evidence(&elsewhere.fact.path, &elsewhere.fact.at)]);
        let is_said = registries.contains(&elsewhere.registry) || subject.components.contains(&elsewhere.registry);
        let found = format!("a gate of {}", elsewhere.registry);
        return match is_said {
            true => claim.agree(found, format!("{} has it in a list of its own", elsewhere.registry)),
            false => {
                let reason = format!("it is a gate of {}, which has a list of its own", elsewhere.registry);
                claim.soft(Flaw::GateElsewhere, Some(found), reason)
            }
        };
    }
    if let Some(first) = examined.first_milestone().filter(|first| examined.is_ahead(*first)) {
        return claim.future(format!("it is planned for {first}; the newest list is of {}", spelt(newest)));
    }
    if let Some(listless) = registries.iter().find(|registry| !gates.has_list_of(registry)) {
        return claim.unknown(format!("{listless} has a list of gates of its own, which was not given"));
    }
    if let Some(reason) = is_outside(examined, subject) {
        return claim.unknown(reason);
    }
    if let Some(reason) = is_not_due(examined) {
        return claim.future(reason);
    }
    if let Some(renamed) = renamed(examined, subject) {
        let reason = format!("no list has it; `{}` is meant: {}", renamed.name, renamed.reason);
        let fix = subject.renamed(renamed.name).filter(|_| renamed.is_certain);
        return claim
            .drift(Flaw::GateMisnamed, Some(renamed.name.to_owned()), reason)
            .suggesting(renamed.name)
            .seen([renamed.evidence])
            .fixed_by(fix);
    }
    if examined.proposal.class(&examined.corpus.prepared) == StatusClass::Dead {
        return claim.unknown("the proposal was given up, and no list has the gate");
    }
    let reason = "no list of the code, no page and no other name has it";
    claim.drift(Flaw::GateMissing, None, reason).seen(gates.newest().and_then(Registry::absence))
}

/// Why a gate would not be in the lists in hand, by its components.
fn is_outside(examined: &Examined<'_, '_>, subject: &Subject<'_>) -> Option<String> {
    let rules = &examined.corpus.prepared.profile.evidence;
    let is_shouted = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    if subject.name.contains('_') && subject.name.bytes().all(is_shouted) {
        return Some("it is a variable of the environment, which no list has".into());
    }
    let is_elsewhere =
        |component: &str| rules.elsewhere.iter().any(|other| other.eq_ignore_ascii_case(component.trim()));
    let all = !subject.components.is_empty() && subject.components.iter().all(|component| is_elsewhere(component));
    all.then(|| format!("the gates of {} are in none of the lists in hand", subject.components.join(", ")))
}

/// Why a gate need not be there yet although no later release is named.
fn is_not_due(examined: &Examined<'_, '_>) -> Option<String> {
    let class = examined.proposal.class(&examined.corpus.prepared);
    let is_planned = examined.first_milestone().is_some();
    match class {
        StatusClass::Open if !is_planned => Some("the proposal is not accepted, and names no release".into()),
        StatusClass::Parked if !is_planned => Some("the proposal is put aside, and names no release".into()),
        StatusClass::Accepted if !is_planned => Some("the proposal names no release".into()),
        _ => None,
    }
}

/// Whether nothing has a gate that should be there, be it under this name or another.
pub(super) fn is_missing(examined: &Examined<'_, '_>, subject: &Subject<'_>) -> bool {
    exists(examined, subject).flaw == Some(Flaw::GateMissing)
}

/// Which components have a gate: lists do not say it, a registry of its own does.
fn components<'c>(examined: &Examined<'c, '_>, subject: &Subject<'c>) -> ClaimVerdict<'c> {
    let gates = &examined.known.gates;
    let claimed = subject.components.join(", ");
    let claim = examined.claim(ClaimKind::GateComponents, subject.name, claimed).stated(subject.stated.clone());
    let own = gates.elsewhere(subject.name).filter(|own| !matches!(own.fact.record, Record::Use(_)));
    if let Some(own) = own.filter(|own| subject.components.iter().all(|component| *component == own.registry)) {
        let evidence = own.source.evidence(&own.fact.path, &own.fact.at);
        return claim.agree(own.registry, format!("it is a gate of {}", own.registry)).seen([evidence]);
    }
    claim.unknown("the components share one list of gates; no source in hand says which of them look at this one")
}
