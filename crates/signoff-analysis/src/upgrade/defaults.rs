//! What changes by itself: gates that nobody sets, and what keeps others as they are.

use std::collections::BTreeSet;

use super::scene::{Instance, Scene, evidence, is_deprecated, on_off, place_words, words};
use super::terms::{By, Term, Terms, Value};
use super::versions::floor;
use super::{Change, ChangeKind, Level};
use crate::gates::{Certainty, Listed, State};

/// A gate at both versions, unless somebody sets it.
struct Gate<'s> {
    name: &'s str,
    from: Option<&'s Term<'s>>,
    to: Option<&'s Term<'s>>,
}

/// What becomes of a gate in one component.
enum Fate {
    /// As the defaults have it.
    Default,
    /// Otherwise than by its defaults, as a setting of a whole stage has it.
    Other(Value, Value),
    /// It stays, although its default changes.
    Kept(By),
    /// It stays.
    Same,
}

/// What changes by itself.
pub(super) fn changes(scene: &Scene<'_>, instances: &[Instance<'_>]) -> Vec<Change> {
    let (from, to) = (scene.terms(scene.plain(), 0), scene.terms(scene.plain(), scene.last()));
    let names: BTreeSet<&str> = from.gates.iter().chain(&to.gates).map(|term| term.name).collect();
    let nothing_is_given = scene.configured().next().is_none();
    let mut changes = Vec::new();
    for name in names {
        let gate = Gate { name, from: from.gate(name), to: to.gate(name) };
        let before = changes.len();
        by_instance(scene, instances, &gate, &mut changes);
        if nothing_is_given && changes.len() == before {
            changes.extend(noted(scene, &gate));
        }
    }
    changes
}

/// The value of a gate at a step. Where the version has no such gate, what the other's list says of that time: before its
/// first entry a gate is off; one that is gone is as it was last.
fn value(terms: &Terms<'_>, instance: &Instance<'_>, scene: &Scene<'_>, step: usize, gate: &Gate<'_>) -> Value {
    let known = terms.value(&instance.starts[step], gate.name);
    known.unwrap_or_else(|| {
        let other = if step == 0 { gate.to } else { gate.from };
        let on = match other.and_then(|term| term.listed.state(scene.steps[step].release)) {
            Some(state) => state.default,
            None => Some(false),
        };
        Value { on, by: By::Default }
    })
}

fn by_instance(scene: &Scene<'_>, instances: &[Instance<'_>], gate: &Gate<'_>, changes: &mut Vec<Change>) {
    let named = scene.proposals.components(gate.name);
    let concerned = |instance: &&Instance<'_>| named.contains(&&*instance.configured.component);
    let mut all: Vec<&Instance<'_>> = instances.iter().filter(concerned).collect();
    let is_narrow = !all.is_empty();
    if !is_narrow {
        all = instances.iter().collect();
    }
    let fates: Vec<Fate> = all.iter().map(|instance| fate(scene, instance, gate)).collect();
    let changed = || all.iter().zip(&fates).filter(|(_, fate)| matches!(fate, Fate::Default)).map(|(it, _)| *it);
    if let Some(example) = changed().next() {
        let mut components: Vec<String> = changed().map(|it| it.configured.component.to_string()).collect();
        components.sort();
        components.dedup();
        let last = scene.last();
        let values = [0, last].map(|step| value(scene.terms(example.course, step), example, scene, step, gate));
        let mut change = flipped(scene, example, gate, values);
        if let ([component], true) = (&*components, is_narrow || scene.components().count() == 1) {
            change.component = Some(component.clone());
        }
        change.components = components;
        changes.push(change);
    }
    for (instance, fate) in all.iter().zip(&fates) {
        let change = match fate {
            Fate::Other(before, after) => Some(by_stage(scene, instance, gate, [*before, *after])),
            Fate::Kept(by) if instance.is_given() => Some(kept(scene, instance, gate, *by)),
            _ => None,
        };
        changes.extend(change.map(|mut change| {
            change.component = Some(instance.configured.component.to_string());
            change.instance = instance.configured.instance.to_string();
            change
        }));
    }
}

fn fate(scene: &Scene<'_>, instance: &Instance<'_>, gate: &Gate<'_>) -> Fate {
    let last = scene.last();
    let terms = [0, last].map(|step| scene.terms(instance.course, step));
    let before = value(terms[0], instance, scene, 0, gate);
    let after = value(terms[1], instance, scene, last, gate);
    let is_refused = |step: usize| instance.starts[step].refusals.iter().any(|it| it.gate == gate.name);
    let is_set = matches!(before.by, By::Setting(_)) || matches!(after.by, By::Setting(_));
    if is_set || is_refused(0) || is_refused(last) {
        // A setting that one of the two refuses is told as such.
        let defaults = [gate.from, gate.to].map(|term| term.and_then(|term| term.state?.default));
        let flips = defaults[0] != defaults[1] && defaults.iter().all(Option::is_some);
        return match after.by {
            By::Setting(_) if flips && !is_refused(0) && !is_refused(last) => Fate::Kept(after.by),
            _ => Fate::Same,
        };
    }
    let by_default = matches!((before.by, after.by), (By::Default, By::Default));
    match (before.on == after.on, by_default) {
        (false, true) => Fate::Default,
        (false, false) => Fate::Other(before, after),
        (true, true) => Fate::Same,
        (true, false) => {
            let plain = [gate.from, gate.to].map(|term| term.and_then(|term| term.state).map(|state| state.default));
            if plain[0] == plain[1] || plain.contains(&None) { Fate::Same } else { Fate::Kept(after.by) }
        }
    }
}

/// A change of what is on, with the terms of a component that sees it.
fn flipped(scene: &Scene<'_>, instance: &Instance<'_>, gate: &Gate<'_>, [before, after]: [Value; 2]) -> Change {
    let words_of = |value: Value| value.on.map_or("unknown", on_off);
    let is_known = before.on.is_some() && after.on.is_some();
    let (kind, message) = match (gate.from, gate.to) {
        (None, Some(_)) if !scene.is_downgrade() && before.on == Some(true) => {
            (ChangeKind::New, format!("is new, and {} unless set: what it does was always on", words_of(after)))
        }
        (None, Some(_)) if !scene.is_downgrade() => {
            (ChangeKind::New, format!("is new, and {} unless set", words_of(after)))
        }
        (None, Some(_)) => (ChangeKind::New, format!("is known again, and {} unless set", words_of(after))),
        (Some(_), None) => {
            (ChangeKind::Removed, format!("is gone, and with it what it does where it is {}", words_of(before)))
        }
        _ if is_known => {
            (ChangeKind::DefaultFlipped, format!("is {} unless set, and was {}", words_of(after), words_of(before)))
        }
        _ => (ChangeKind::DefaultFlipped, "no source says for sure what its default is at both versions".to_owned()),
    };
    let level = if is_known { Level::Behaviour } else { Level::Review };
    let mut change = Change::new(level, kind, gate.name, message);
    describe(scene, instance.course, gate, &mut change);
    if !is_known {
        change.certainty = Certainty::Unknown;
    }
    change.keep_today = match before.on {
        Some(on) if is_known => Some(to_keep(scene, instance, gate, on)),
        _ => Some(format!("set `{}` explicitly", gate.name)),
    };
    change
}

/// What to write for a gate to stay on or off.
fn to_keep(scene: &Scene<'_>, instance: &Instance<'_>, gate: &Gate<'_>, on: bool) -> String {
    let last = scene.last();
    let (terms, start) = (scene.terms(instance.course, last), &instance.starts[last]);
    let Some(term) = terms.gate(gate.name) else { return "cannot be kept: the gate is gone".to_owned() };
    if let Some(state) = term.state.filter(|state| state.locked) {
        return format!("cannot be kept: the gate is locked to {}", on_off(state.default == Some(true)));
    }
    let mut words = format!("set `{}={on}`", gate.name);
    if on {
        let needs = terms.needs(gate.name).map(|needs| needs.gates).unwrap_or_default();
        let off = needs.iter().filter(|name| terms.value(start, name).is_none_or(|value| value.on != Some(true)));
        let off: Vec<String> = off.map(|name| format!("`{name}=true`")).collect();
        if !off.is_empty() {
            words += &format!(" with {}, which it needs", off.join(", "));
        }
        return words;
    }
    let dependents = terms.off_with(start, gate.name);
    if let Some(locked) = dependents.iter().find(|term| term.state.is_some_and(|state| state.locked)) {
        return format!("cannot be kept: `{}` is locked to on and needs it", locked.name);
    }
    if !dependents.is_empty() {
        let off: Vec<String> = dependents.iter().map(|term| format!("`{}=false`", term.name)).collect();
        words += &format!(" with {}, which would not start without it", off.join(", "));
    }
    words
}

/// A change by a setting of a whole stage: the gate came to or left the stage.
fn by_stage(scene: &Scene<'_>, instance: &Instance<'_>, gate: &Gate<'_>, [before, after]: [Value; 2]) -> Change {
    let setting = before.by.setting().or(after.by.setting()).map(|index| &instance.configured.gates[index]);
    let group = setting.map_or("a setting of a stage", |setting| &*setting.name);
    let words_of = |value: Value| value.on.map_or("unknown", on_off);
    let message = match (before.by, after.by) {
        (By::Default, _) => format!("is {} by `{group}`, and was {}", words_of(after), words_of(before)),
        (_, By::Default) => {
            format!("was {} by `{group}`, which no longer reaches it: it is {}", words_of(before), words_of(after))
        }
        _ => format!("is {} and was {}, by settings of stages", words_of(after), words_of(before)),
    };
    let kind = if gate.to.is_none() { ChangeKind::Removed } else { ChangeKind::DefaultFlipped };
    let mut change = Change::new(Level::Behaviour, kind, gate.name, message);
    change.set_in = setting.map(|setting| setting.place.clone()).into_iter().collect();
    describe(scene, instance.course, gate, &mut change);
    change.keep_today = before.on.map(|on| to_keep(scene, instance, gate, on));
    if before.on.is_none() || after.on.is_none() {
        (change.level, change.certainty) = (Level::Review, Certainty::Unknown);
    }
    change
}

fn kept(scene: &Scene<'_>, instance: &Instance<'_>, gate: &Gate<'_>, by: By) -> Change {
    let setting = by.setting().map(|index| &instance.configured.gates[index]);
    let message = match (setting, instance.emulation) {
        (Some(setting), _) => format!("its default changes; {} keeps it as it is", place_words(&setting.place)),
        (None, Some(emulated)) => format!("its default changes; emulating {} keeps it", super::minor(emulated)),
        (None, None) => "its default changes, and what is set keeps it".to_owned(),
    };
    let mut change = Change::new(Level::Notice, ChangeKind::DefaultFlipped, gate.name, message);
    change.set_in = setting.map(|setting| setting.place.clone()).into_iter().collect();
    describe(scene, scene.plain(), gate, &mut change);
    change
}

/// What somebody who sets nothing need not act on: gates that are gone, new, locked or on their way out.
fn noted(scene: &Scene<'_>, gate: &Gate<'_>) -> Option<Change> {
    let state = |term: Option<&Term<'_>>| term.and_then(|term| term.state.map(|state| state.locked));
    let goes = |term: Option<&Term<'_>>| is_deprecated(term.and_then(|term| term.state).as_ref());
    let (kind, message) = match (gate.from, gate.to) {
        (Some(_), None) if scene.is_downgrade() => (ChangeKind::Removed, "is not known: nothing starts that sets it"),
        (Some(_), None) => (ChangeKind::Removed, "is gone: nothing starts that sets it"),
        (None, Some(_)) => (ChangeKind::New, "is new"),
        (Some(_), Some(_)) if state(gate.from) == Some(false) && state(gate.to) == Some(true) => {
            (ChangeKind::Locked, "is locked: nothing starts that sets it otherwise")
        }
        (Some(_), Some(_)) if goes(gate.to) && !goes(gate.from) => (ChangeKind::Deprecated, "is on its way out"),
        _ => return None,
    };
    let mut change = Change::new(Level::Notice, kind, gate.name, message);
    describe(scene, scene.plain(), gate, &mut change);
    change.keep_today = match kind {
        ChangeKind::Removed => Some("set it nowhere".to_owned()),
        ChangeKind::Locked => Some("set it nowhere, or to its default".to_owned()),
        _ => None,
    };
    Some(change)
}

/// What the gate was and will be, when that came, and what says so.
fn describe(scene: &Scene<'_>, course: usize, gate: &Gate<'_>, change: &mut Change) {
    let last = scene.last();
    let at = |step: usize| scene.terms(course, step).gate(gate.name);
    let known = |step: usize| at(step).and_then(|term| Some((term.listed, term.state?)));
    let (before, after) = (known(0), known(last));
    change.is_gate = true;
    change.from = before.as_ref().map(|(_, state)| words(state));
    change.to = after.as_ref().map(|(_, state)| words(state));
    change.release = Some(brought(scene, course, gate, change.kind));
    change.evidence.extend(after.or(before).map(|(listed, state)| evidence(listed, &state)).unwrap_or_default());
    let certainty = |step: usize, known: &Option<(&Listed<'_>, State<'_>)>| match known {
        Some((listed, _)) => scene.certainty(step, Some(listed)),
        None => scene.absence(gate.name, step),
    };
    change.certainty = change.certainty.max(certainty(0, &before)).max(certainty(last, &after));
    change.behind = scene.proposals.behind(gate.name, scene.upgrade_rules());
}

/// The version that brings it: the first on the way at which the gate is what it is at the end.
fn brought(scene: &Scene<'_>, course: usize, gate: &Gate<'_>, kind: ChangeKind) -> String {
    // A lock or a deprecation that comes later than what is told does not date it.
    let is = |step: usize| {
        let state = scene.terms(course, step).gate(gate.name).and_then(|term| term.state);
        state.map(|state| match kind {
            ChangeKind::Locked => Some(state.locked),
            ChangeKind::Deprecated => Some(is_deprecated(Some(&state))),
            _ => state.default,
        })
    };
    let last = scene.last();
    let first = (1..=last).find(|step| (*step..=last).all(|later| is(later) == is(last))).unwrap_or(last);
    let since = scene.terms(course, first).gate(gate.name).and_then(|term| term.state).map(|state| state.spec.since);
    let since = since.filter(|since| floor(*since) > floor(scene.from().release));
    scene.brought(first, since)
}
