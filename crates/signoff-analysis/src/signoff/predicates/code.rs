//! What the code and the documentation of the release have of the gates: rules that nobody checks by hand.

use signoff_model::Release;
use signoff_model::fact::{Evidence, GateStage};
use signoff_model::proposal::Gate;

use crate::claims::Known;
use crate::gates::{Listed, Registry, State};
use crate::signoff::Outcome;
use crate::signoff::look::{Answer, Look, Remedy, Work};

/// What the code of a release has of a gate.
enum Found<'k> {
    /// No list of the release, nor a later one, is in hand.
    Unlisted,
    /// The gate is not there.
    Absent(&'k Registry<'k>),
    /// It is there.
    There(&'k Listed<'k>, State<'k>),
}

/// The newest patch of the release that is in hand tells; else a later version, which has the past of its gates.
fn found<'k>(known: &'k Known<'k>, name: &str, release: Release) -> Found<'k> {
    let Some((registry, at)) = known.gates.speaking_for(release) else { return Found::Unlisted };
    let is_own = registry.release.minors_after(release) == 0;
    let Some(listed) = registry.gates.get(name) else {
        // A gate that is gone by a later version may have been there.
        return if is_own { Found::Absent(registry) } else { Found::Unlisted };
    };
    match listed.state(at) {
        Some(state) => Found::There(listed, state),
        None => Found::Absent(registry),
    }
}

/// Every gate has the stage in the code of the release; what is taken away is off, or gone.
pub(super) fn gates(look: &Look<'_>) -> Answer {
    let Some(known) = look.sources else { return Answer::unknown("no code was given") };
    let Some(stage) = look.target.stage.as_deref() else { return Answer::unknown("the stage is not known") };
    let release = look.target.release;
    let gates = look.proposal.gates(look.prepared());
    let judged: Vec<Answer> = gates.iter().map(|gate| gate_at(look, known, gate, stage, release)).collect();
    let passed = judged.iter().filter(|answer| answer.outcome == Outcome::Pass).count();
    let worst = |outcome: Outcome| judged.iter().find(|answer| answer.outcome == outcome).cloned();
    match worst(Outcome::Fail) {
        // Gates are not bound to stages: one that stays behind need not be the one that is meant.
        Some(failed) if passed > 0 => Answer { outcome: Outcome::Warn, ..failed },
        Some(failed) => failed,
        None => worst(Outcome::Unknown).or_else(|| worst(Outcome::Warn)).unwrap_or_else(|| all_passed(judged)),
    }
}

/// One answer for gates that all pass.
fn all_passed(judged: Vec<Answer>) -> Answer {
    let messages: Vec<String> = judged.iter().map(|answer| answer.message.clone()).collect();
    let evidence: Vec<Evidence> = judged.into_iter().flat_map(|answer| answer.evidence).collect();
    if messages.is_empty() {
        return Answer::new(Outcome::NotApplicable, "the proposal declares no gate");
    }
    Answer { evidence, ..Answer::pass(messages.join("; ")) }
}

fn gate_at(look: &Look<'_>, known: &Known<'_>, gate: &Gate<'_>, stage: &str, release: Release) -> Answer {
    let name = gate.name;
    let is_taken_away = matches!(stage, "disabled" | "removed");
    match found(known, name, release) {
        Found::Unlisted => Answer::unknown(format!("no list of gates for {release} is in hand")),
        Found::Absent(_) if is_taken_away => Answer::pass(format!("{name} is gone")),
        Found::Absent(registry) => absent(look, registry, name, stage, release),
        Found::There(listed, state) => {
            let seen = listed.evidence(&state.spec.stage_at);
            let code = state.spec.stage;
            if is_taken_away {
                return match state.default {
                    Some(false) => Answer::pass(format!("{name} is off by default")).seen(seen),
                    Some(true) => Answer::fail(format!("{name} is still on by default")).seen(seen),
                    None => Answer::unknown(format!("whether {name} is on by default is not printed")).seen(seen),
                };
            }
            match GateStage::parse(stage) {
                Some(wanted) if wanted == code => Answer::pass(format!("{name} is {stage} in {release}")).seen(seen),
                Some(wanted) if code > wanted && code != GateStage::Deprecated => {
                    Answer::new(Outcome::Warn, format!("{name} is {} in {release} already", code.word())).seen(seen)
                }
                Some(_) => Answer::fail(format!("{name} is {} in {release}, not {stage}", code.word()))
                    .seen(seen)
                    .mended_by(remedy(format!("bring {name} to {stage} in the code of {release}"))),
                None => Answer::unknown(format!("the code knows no stage `{stage}`")).seen(seen),
            }
        }
    }
}

fn absent(look: &Look<'_>, registry: &Registry<'_>, name: &str, stage: &str, release: Release) -> Answer {
    let outside = look.proposal.gates(look.prepared());
    let elsewhere = &look.prepared().profile.evidence.elsewhere;
    let is_outside = outside
        .iter()
        .filter(|gate| gate.name == name)
        .flat_map(|gate| &gate.components)
        .all(|component| elsewhere.iter().any(|other| other.eq_ignore_ascii_case(component)));
    let has_components = outside.iter().any(|gate| gate.name == name && !gate.components.is_empty());
    if has_components && is_outside {
        return Answer::unknown(format!("{name} is a gate of another project"));
    }
    let answer = Answer::fail(format!("{release} has no gate {name}"))
        .mended_by(remedy(format!("bring {name} to {stage} in the code of {release}")));
    match registry.absence() {
        Some(seen) => answer.seen(seen),
        None => answer,
    }
}

fn remedy(what: String) -> Remedy {
    Remedy { work: Work::Code, field: None, path: "".into(), line: None, what, to: None, heading: None }
}

/// The page of every gate has the stage from the release on, with the default of the code.
pub(super) fn pages(look: &Look<'_>) -> Answer {
    let Some(known) = look.sources else { return Answer::unknown("no documentation was given") };
    let Some(pages_of) = known.gates.pages_of() else {
        return Answer::unknown("the documentation in hand does not tell its release");
    };
    let release = look.target.release;
    if pages_of.minors_after(release) < 0 {
        return Answer::unknown(format!("the documentation in hand is that of {pages_of}"));
    }
    let Some(stage) = look.target.stage.as_deref().and_then(GateStage::parse) else {
        return Answer::unknown("the stage is not known");
    };
    let gates = look.proposal.gates(look.prepared());
    let mut judged: Vec<Answer> = gates.iter().map(|gate| page(known, gate.name, stage, release)).collect();
    let worst = |outcome: Outcome| judged.iter().position(|answer| answer.outcome == outcome);
    match worst(Outcome::Fail).or_else(|| worst(Outcome::Unknown)).or_else(|| worst(Outcome::Warn)) {
        Some(index) => judged.swap_remove(index),
        None => all_passed(judged),
    }
}

fn page(known: &Known<'_>, name: &str, stage: GateStage, release: Release) -> Answer {
    let docs = |what: String| Remedy { work: Work::Docs, ..remedy(what) };
    let Some(paged) = known.gates.page(name) else {
        return Answer::fail(format!("{name} has no page"))
            .mended_by(docs(format!("write the page of {name} with {} since {release}", stage.word())));
    };
    let begun = paged.page.stages.iter().filter(|shown| shown.from.is_none_or(|from| from.minors_after(release) <= 0));
    let Some(shown) = begun.max_by_key(|shown| shown.from) else {
        return Answer::fail(format!("the page of {name} has no stage by {release}"))
            .seen(paged.evidence(&paged.fact.at));
    };
    let answer = if shown.stage == stage {
        Answer::pass(format!("the page of {name} says {} in {release}", stage.word()))
    } else {
        Answer::fail(format!("the page of {name} says {} in {release}, not {}", shown.stage.word(), stage.word()))
            .mended_by(docs(format!("add {} since {release} to the page of {name}", stage.word())))
    };
    let answer = answer.seen(paged.evidence(&shown.stage_at));
    let Found::There(listed, state) = found(known, name, release) else { return answer };
    match (shown.default, state.default) {
        (Some(page), Some(code)) if page != code && answer.outcome == Outcome::Pass => {
            let on = |is_on: bool| if is_on { "on" } else { "off" };
            Answer::fail(format!("the page of {name} says {} by default, the code {}", on(page), on(code)))
                .seen(paged.evidence(&shown.default_at))
                .seen(listed.evidence(&state.spec.default_at))
                .mended_by(docs(format!("say {} by default on the page of {name}", on(code))))
        }
        _ => answer,
    }
}
