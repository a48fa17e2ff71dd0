//! What given settings of gates lead to at each version on the way.

use std::collections::BTreeMap;

use signoff_model::configured::{Configured, GateSetting, Place};
use signoff_model::fact::Evidence;
use signoff_model::spelling::nearest;

use super::scene::{Instance, Scene, evidence, is_deprecated, on_off, place_words, words};
use super::terms::{Refusal, RefusalKind};
use super::versions::{floor, minor};
use super::{Change, ChangeKind, Level};
use crate::gates::Certainty;

/// What the settings of each component lead to.
pub(super) fn changes(scene: &Scene<'_>, instances: &[Instance<'_>]) -> Vec<Change> {
    let mut found: Vec<Change> = instances.iter().flat_map(|instance| of_instance(scene, instance)).collect();
    found.extend(scene.configured().flat_map(|configured| own_list(scene, configured)));
    for configured in scene.configured() {
        let covered = |place: &Place| configured.gates.iter().any(|gate| gate.value.is_none() && gate.place == *place);
        for fault in &configured.faults {
            let place = Place { path: fault.path.clone(), line: fault.line };
            if covered(&place) {
                continue;
            }
            let mut change =
                Change::new(Level::Breaks, ChangeKind::InvalidSetting, &configured.component, &*fault.message);
            change.component = Some(configured.component.to_string());
            change.instance = configured.instance.to_string();
            change.set_in = vec![place];
            change.already = true;
            found.push(change);
        }
    }
    found
}

/// Gates of a component with a list of its own that the list of the version after does not have.
fn own_list(scene: &Scene<'_>, configured: &Configured) -> Vec<Change> {
    let Some(registry) = scene.rules.registry.get(&*configured.component) else { return Vec::new() };
    let (before, after) = (scene.own_list(registry, 0), scene.own_list(registry, scene.last()));
    if after.is_empty() {
        return Vec::new();
    }
    let unknown = configured.gates.iter().filter(|setting| !after.contains(&*setting.name));
    let one = |setting: &GateSetting| {
        let kind = if before.contains(&*setting.name) { ChangeKind::Removed } else { ChangeKind::UnknownGate };
        let version = scene.release_of(scene.last());
        let message = format!("is no gate of {registry} in {version}, which does not start with it");
        let mut change = Change::new(Level::Breaks, kind, &setting.name, message);
        change.is_gate = true;
        change.component = Some(configured.component.to_string());
        change.instance = configured.instance.to_string();
        change.set_in = vec![setting.place.clone()];
        change.already = !before.is_empty() && kind == ChangeKind::UnknownGate;
        change.keep_today = Some(format!("remove the setting in {}", place_words(&setting.place)));
        change
    };
    unknown.map(one).collect()
}

fn of_instance(scene: &Scene<'_>, instance: &Instance<'_>) -> Vec<Change> {
    let mut by_class: BTreeMap<(Class, &str), Vec<(usize, &Refusal<'_>)>> = BTreeMap::new();
    for (step, start) in instance.starts.iter().enumerate() {
        for refusal in &start.refusals {
            by_class.entry((Class::of(refusal.kind), refusal.gate)).or_default().push((step, refusal));
        }
    }
    let mut changes: Vec<Change> =
        by_class.into_values().map(|occurrences| refused(scene, instance, &occurrences)).collect();
    changes.extend(emulation(scene, instance));
    changes.extend(undecided(scene, instance));
    changes.extend(warned(scene, instance));
    for change in &mut changes {
        change.component = Some(instance.configured.component.to_string());
        change.instance = instance.configured.instance.to_string();
    }
    changes
}

/// Reasons that are one and the same to whoever has to mend the setting, although versions give different ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Unreadable,
    Mixed,
    Gate,
    Needs,
}

impl Class {
    fn of(kind: RefusalKind) -> Self {
        match kind {
            RefusalKind::Invalid => Self::Unreadable,
            RefusalKind::Mixed => Self::Mixed,
            RefusalKind::Unknown | RefusalKind::Newer | RefusalKind::Locked => Self::Gate,
            RefusalKind::Unmet => Self::Needs,
        }
    }
}

/// One reason not to start, with the steps at which it holds, in their order.
fn refused(scene: &Scene<'_>, instance: &Instance<'_>, occurrences: &[(usize, &Refusal<'_>)]) -> Change {
    let is_now = occurrences[0].0 == 0;
    let at_last = occurrences.last().is_some_and(|(step, _)| *step == scene.last());
    // What neither today's version nor one on the way starts with is for after the upgrade.
    let back = is_now && !at_last;
    let later = occurrences.iter().find(|(step, _)| *step > 0).filter(|_| !back);
    let (step, refusal) = *later.unwrap_or(&occurrences[0]);
    let level = if back && !scene.question.both_ways { Level::Review } else { Level::Breaks };
    let mut change = match refusal.kind {
        RefusalKind::Unknown => unknown(scene, instance, step, refusal),
        RefusalKind::Locked => locked(scene, instance, step, refusal),
        RefusalKind::Unmet => unmet(scene, instance, step, refusal),
        RefusalKind::Newer => newer(scene, instance, refusal),
        RefusalKind::Invalid => invalid(instance, refusal),
        RefusalKind::Mixed => mixed(scene, refusal),
    };
    if refusal.kind == RefusalKind::Unmet {
        let step = if at_last { scene.last() } else { step };
        change.keep_today = Some(meet(scene, instance, step, refusal));
    }
    let is_of_all = matches!(refusal.kind, RefusalKind::Invalid | RefusalKind::Mixed);
    change.level = level;
    change.is_gate = true;
    change.set_in = instance.places(&refusal.settings);
    change.back = back;
    change.already = is_now && !back;
    if back || is_of_all {
        change.release = None;
    } else if change.release.is_none() {
        change.release = Some(scene.release_of(step));
    }
    change.behind = scene.proposals.behind(refusal.gate, scene.upgrade_rules());
    change
}

/// The first line that sets it, in words.
fn first_line(instance: &Instance<'_>, refusal: &Refusal<'_>) -> String {
    let places = instance.places(&refusal.settings);
    places.first().map_or_else(|| "the setting".to_owned(), |place| format!("the setting in {}", place_words(place)))
}

fn component<'i>(instance: &'i Instance<'_>) -> &'i str {
    &instance.configured.component
}

fn unknown(scene: &Scene<'_>, instance: &Instance<'_>, step: usize, refusal: &Refusal<'_>) -> Change {
    let (version, line) = (scene.release_of(step), first_line(instance, refusal));
    let setting = &instance.configured.gates[refusal.settings[0]];
    let prefix = setting.prefix.as_deref().filter(|prefix| !prefix.is_empty() && refusal.kind == RefusalKind::Unknown);
    let is_prefixed = prefix.is_some() && scene.terms(instance.course, step).gate(refusal.gate).is_some();
    let before = (0..step).rev().find_map(|step| Some((step, scene.terms(instance.course, step).gate(refusal.gate)?)));
    let anywhere = scene.anywhere(refusal.gate);
    let later = anywhere.and_then(|listed| listed.specs.iter().map(|spec| spec.since).min());
    let later = later.filter(|since| floor(*since) > floor(scene.steps[step].release));
    let gone = format!("remove {line}");
    let (kind, message, keep) = if is_prefixed {
        let message = format!(
            "a {} takes no prefix, so that `{}:` is part of an unknown name",
            component(instance),
            prefix.unwrap_or_default()
        );
        (ChangeKind::UnknownGate, message, format!("write `{}` without it", refusal.gate))
    } else if let Some(since) = later {
        let message = format!("comes with {}; {version} does not know it, and does not start with it", minor(since));
        (ChangeKind::UnknownGate, message, gone)
    } else if let Some((_, term)) = &before {
        let default = term.state.and_then(|state| state.default);
        let message = format!("is gone in {version}, which does not start with a gate that it does not know");
        let keep = match (default, setting.value) {
            (Some(default), Some(value)) if default == value => {
                format!("{gone}; it was {} without it before, and stays so", on_off(default))
            }
            (Some(default), _) => {
                format!("cannot be kept: the gate is gone, and was last {} unless set; {gone}", on_off(default))
            }
            _ => gone,
        };
        (ChangeKind::Removed, message, keep)
    } else if let Some(elsewhere) = scene.gates.elsewhere(refusal.gate) {
        let message = format!("is a gate of {}; a {} does not know it", elsewhere.registry, component(instance));
        (ChangeKind::UnknownGate, message, gone)
    } else {
        let page = scene.gates.page(refusal.gate).filter(|paged| paged.page.removed);
        let message = match page {
            Some(_) => format!("is not known to {version}; its page says that it is gone"),
            None => format!("is not known to {version}, which does not start with a gate that it does not know"),
        };
        let names = scene.terms(instance.course, step).gates.iter().map(|term| term.name);
        let keep = match nearest(refusal.gate, names).filter(|_| page.is_none() && anywhere.is_none()) {
            Some(near) => format!("{gone}, or write `{near}` if that is meant"),
            None => gone,
        };
        (ChangeKind::UnknownGate, message, keep)
    };
    let mut change = Change::new(Level::Breaks, kind, refusal.gate, message);
    change.keep_today = Some(keep);
    change.certainty = if is_prefixed { Certainty::Observed } else { scene.absence(refusal.gate, step) };
    if let Some((before, term)) = before {
        change.from =
            scene.terms(instance.course, 0).gate(refusal.gate).and_then(|term| term.state.as_ref().map(words));
        change.evidence = term.state.map_or_else(Vec::new, |state| evidence(term.listed, &state));
        debug_assert!(before < step);
    } else if let Some(paged) = scene.gates.page(refusal.gate) {
        change.evidence = vec![paged.evidence(&paged.fact.at)];
    }
    change
}

/// What a gate was and will be, with the lines that say so.
fn describe(scene: &Scene<'_>, instance: &Instance<'_>, step: usize, change: &mut Change) {
    let at = |step: usize| scene.terms(instance.course, step).gate(&change.subject);
    let from = at(0).and_then(|term| term.state.as_ref().map(words));
    let now = at(step).and_then(|term| Some((term, term.state?)));
    let to = now.as_ref().map(|(_, state)| words(state));
    let lines: Vec<Evidence> = now.map(|(term, state)| evidence(term.listed, &state)).unwrap_or_default();
    let certainty = scene.certainty(step, now.map(|(term, _)| term.listed));
    (change.from, change.to) = (from, to);
    change.evidence.extend(lines);
    change.certainty = change.certainty.max(certainty);
}

fn locked(scene: &Scene<'_>, instance: &Instance<'_>, step: usize, refusal: &Refusal<'_>) -> Change {
    let state = scene.terms(instance.course, step).gate(refusal.gate).and_then(|term| term.state);
    let default = state.and_then(|state| state.default).unwrap_or_default();
    let (version, line) = (scene.release_of(step), first_line(instance, refusal));
    let message =
        format!("is locked to {} in {version}, which does not start with {}", on_off(default), on_off(!default));
    let mut change = Change::new(Level::Breaks, ChangeKind::Locked, refusal.gate, message);
    // What is locked today already was so before the way begins.
    let today = scene.terms(instance.course, 0).gate(refusal.gate).and_then(|term| term.state);
    change.release = Some(match today.filter(|state| state.locked) {
        Some(today) => minor(today.spec.since),
        None => scene.brought(step, state.map(|state| state.spec.since)),
    });
    change.keep_today = Some(format!("cannot be kept: the gate is locked to {}; remove {line}", on_off(default)));
    describe(scene, instance, step, &mut change);
    change
}

fn unmet(scene: &Scene<'_>, instance: &Instance<'_>, step: usize, refusal: &Refusal<'_>) -> Change {
    let is = if refusal.missing.len() == 1 { "which is" } else { "which are" };
    let message = format!(
        "is on and needs {}, {is} off; {} does not start so",
        in_ticks(&refusal.missing),
        scene.release_of(step)
    );
    let mut change = Change::new(Level::Breaks, ChangeKind::DependencyUnmet, refusal.gate, message);
    if let Some(needs) = scene.terms(instance.course, step).needs(refusal.gate) {
        change.evidence.push(needs.source.evidence(&needs.fact.path, &needs.fact.at));
    }
    describe(scene, instance, step, &mut change);
    change
}

fn in_ticks(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// What to write so that no gate is on without what it needs.
fn meet(scene: &Scene<'_>, instance: &Instance<'_>, step: usize, refusal: &Refusal<'_>) -> String {
    let (terms, missing) = (scene.terms(instance.course, step), in_ticks(&refusal.missing));
    let also = terms.off_with(&instance.starts[step], refusal.gate);
    let all = terms.gate(refusal.gate).into_iter().chain(also.iter().copied());
    if let Some(locked) = all.clone().find(|term| term.state.is_some_and(|state| state.locked)) {
        return format!("turn {missing} on: `{}` is locked and cannot do without", locked.name);
    }
    let off: Vec<String> = all.map(|term| format!("`{}=false`", term.name)).collect();
    format!("set {} too, or turn {missing} on", off.join(" and "))
}

fn newer(scene: &Scene<'_>, instance: &Instance<'_>, refusal: &Refusal<'_>) -> Change {
    let emulated = instance.emulation.map(|release| format!("emulates {}, which has no such gate", minor(release)));
    let message = emulated.unwrap_or_else(|| "is not yet to be set by anybody".to_owned());
    let message = format!("cannot be set: the {} {message}", component(instance));
    let message = if instance.emulation.is_some() { message } else { "is not yet to be set by anybody".to_owned() };
    let mut change = Change::new(Level::Breaks, ChangeKind::UnknownGate, refusal.gate, message);
    change.keep_today = Some(format!("remove {} while that is so", first_line(instance, refusal)));
    change.evidence = scene.anywhere(refusal.gate).map(|listed| listed.evidence(&listed.fact.at)).into_iter().collect();
    change
}

fn invalid(instance: &Instance<'_>, refusal: &Refusal<'_>) -> Change {
    let written = &instance.configured.gates[refusal.settings[0]].written;
    let message = format!("is set to `{written}`, which is neither true nor false; no version starts with it");
    let mut change = Change::new(Level::Breaks, ChangeKind::InvalidSetting, refusal.gate, message);
    change.keep_today = Some(format!("write true or false in {}", first_line(instance, refusal)));
    change
}

fn mixed(scene: &Scene<'_>, refusal: &Refusal<'_>) -> Change {
    let prefix = &scene.upgrade_rules().own_prefix;
    let message = format!("has the prefix `{prefix}:` where other gates have none; a component takes one or the other");
    let mut change = Change::new(Level::Breaks, ChangeKind::InvalidSetting, refusal.gate, message);
    change.keep_today = Some(format!("write `{prefix}:` in front of every gate, or of none"));
    change
}

/// A version that is told to emulate a later one does not start.
fn emulation(scene: &Scene<'_>, instance: &Instance<'_>) -> Option<Change> {
    let emulated = scene.emulation_flag(instance.configured).filter(|_| instance.emulation.is_some())?;
    let step = scene.steps.iter().rposition(|step| floor(step.release) < floor(emulated))?;
    let (flag, back) = (&scene.upgrade_rules().emulation_flag, step == 0);
    let places = instance.configured.flags.iter().filter(|set| *set.name == **flag).map(|set| set.place.clone());
    let message = format!("says to emulate {}, which {} cannot", minor(emulated), scene.release_of(step));
    let level = if back && !scene.question.both_ways { Level::Review } else { Level::Breaks };
    let mut change = Change::new(level, ChangeKind::InvalidSetting, flag, message);
    (change.set_in, change.back) = (places.collect(), back);
    Some(change)
}

/// Gates of which nobody says whether what they need is on.
fn undecided(scene: &Scene<'_>, instance: &Instance<'_>) -> Vec<Change> {
    let step = scene.last();
    let one = |refusal: &Refusal<'_>| {
        let missing = refusal.missing.join(", ");
        let message = format!(
            "needs {missing}, and no source says whether both are on: {} may not start",
            scene.release_of(step)
        );
        let mut change = Change::new(Level::Review, ChangeKind::DependencyUnmet, refusal.gate, message);
        change.is_gate = true;
        change.certainty = Certainty::Unknown;
        change.set_in = instance.places(&refusal.settings);
        change.release = Some(scene.release_of(step));
        change.keep_today = Some(format!("set {missing} and `{}` explicitly", refusal.gate));
        describe(scene, instance, step, &mut change);
        change
    };
    instance.starts[step].undecided.iter().map(one).collect()
}

/// Settings that the version after starts with, and that have had their day.
fn warned(scene: &Scene<'_>, instance: &Instance<'_>) -> Vec<Change> {
    let (step, mut changes) = (scene.last(), Vec::new());
    let (start, terms) = (&instance.starts[step], scene.terms(instance.course, step));
    for index in &start.redundant {
        let setting = &instance.configured.gates[*index];
        let Some(state) = terms.gate(&setting.name).and_then(|term| term.state) else { continue };
        let before = scene.terms(instance.course, 0).gate(&setting.name).and_then(|term| term.state);
        let is_now = before.is_some_and(|before| before.locked);
        let message =
            format!("is locked to {}: the setting changes nothing any more", on_off(state.default == Some(true)));
        let mut change = Change::new(Level::Notice, ChangeKind::Locked, &setting.name, message);
        change.set_in = vec![setting.place.clone()];
        change.already = is_now;
        change.release = (!is_now).then(|| scene.brought(step, Some(state.spec.since)));
        change.keep_today = Some(format!("remove {} before the gate goes", place_words(&setting.place)));
        changes.push(change);
    }
    for setting in &instance.configured.gates {
        let state = |step: usize| scene.terms(instance.course, step).gate(&setting.name).and_then(|term| term.state);
        let goes = is_deprecated(state(step).as_ref()) && !is_deprecated(state(0).as_ref());
        let is_refused = || start.refusals.iter().any(|refusal| refusal.gate == &*setting.name);
        if !goes || is_refused() || changes.iter().any(|change| change.subject == *setting.name) {
            continue;
        }
        let mut change = Change::new(Level::Notice, ChangeKind::Deprecated, &setting.name, "is on its way out");
        change.set_in = vec![setting.place.clone()];
        change.release = state(step).map(|state| scene.brought(step, Some(state.spec.since)));
        change.keep_today =
            Some(format!("the setting in {} still counts; plan without it", place_words(&setting.place)));
        changes.push(change);
    }
    for change in &mut changes {
        change.is_gate = true;
        change.behind = scene.proposals.behind(&change.subject, scene.upgrade_rules());
        describe(scene, instance, step, change);
    }
    changes
}
