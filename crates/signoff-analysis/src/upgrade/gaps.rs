//! What was looked at, and what was not and why. Whatever an answer leaves out stands here, so that nothing found is
//! never taken for nothing there.

use std::collections::BTreeSet;

use signoff_model::Release;
use signoff_model::fact::{FactSource, Problem, SourceKind};

use super::beside;
use super::scene::{Instance, Scene};
use super::terms::Checked;
use super::versions::{floor, minor, spelt};
use super::{Gap, Inspected, Source};
use crate::gates::Certainty;

/// The kinds of sources that an answer stands on.
const KINDS: [SourceKind; 7] = [
    SourceKind::FeatureList,
    SourceKind::FeatureTable,
    SourceKind::GateDependencies,
    SourceKind::GateDeclarations,
    SourceKind::MetricsList,
    SourceKind::Discovery,
    SourceKind::TypeMarkers,
];
/// In which order what was not looked at is told: what whoever asks can give comes first.
const ORDER: [&str; 12] = [
    "configuration",
    "file",
    "version",
    "gates",
    "dependencies",
    "emulation",
    "formats",
    "flags",
    "apis",
    "metrics",
    "proposals",
    "source",
];
/// Most names or problems that are told one by one.
const TOLD_MAX: usize = 10;

/// The sources that speak for the versions on the way.
pub(super) fn sources(scene: &Scene<'_>) -> Vec<Source> {
    let mut sources: Vec<Source> = speaking(scene).filter(|source| !source.facts.is_empty()).map(source_of).collect();
    sources.sort();
    sources.dedup();
    sources
}

fn speaking<'s>(scene: &'s Scene<'_>) -> impl Iterator<Item = &'s FactSource> {
    let own = scene.facts.sources.iter().filter(|source| source.name.as_ref() == scene.rules.code);
    own.filter(|source| KINDS.contains(&source.kind))
        .filter(|source| source.release.is_some() && scene.steps.iter().any(|step| step.read == source.release))
}

fn source_of(source: &FactSource) -> Source {
    Source {
        name: source.name.to_string(),
        version: source.version.to_string(),
        kind: source.kind.word(),
        path: source.path.to_string(),
    }
}

/// The files of components that were looked at.
pub(super) fn inspected(scene: &Scene<'_>) -> Vec<Inspected> {
    let of = |configured: &signoff_model::configured::Configured| {
        let one = |path: &std::sync::Arc<str>| Inspected {
            component: configured.component.to_string(),
            instance: configured.instance.to_string(),
            path: path.to_string(),
        };
        configured.files.iter().map(one).collect::<Vec<_>>()
    };
    let mut inspected: Vec<Inspected> = scene.configured().flat_map(of).collect();
    inspected.sort();
    inspected.dedup();
    inspected
}

/// What was not looked at.
pub(super) fn gaps(scene: &Scene<'_>, instances: &[Instance<'_>]) -> Vec<Gap> {
    let mut gaps = scene.gaps.clone();
    let unset = scene.components().filter(|component| !scene.is_configured(component));
    gaps.extend(unset.map(|component| Gap::of_component("configuration", component, "no configuration given")));
    gaps.extend(of_files(scene));
    gaps.extend(own_lists(scene));
    gaps.extend(instances.iter().flat_map(foreign));
    gaps.extend(dependencies(scene));
    gaps.extend(lists(scene));
    gaps.extend(emulation(scene, instances));
    gaps.extend(formats(scene));
    gaps.push(flags(scene));
    gaps.extend(both_ends(scene, SourceKind::Discovery, "apis", "which versions of the API are served"));
    gaps.extend(both_ends(scene, SourceKind::MetricsList, "metrics", "which metrics there are"));
    if !scene.has_proposals {
        gaps.push(Gap::of("proposals", "no proposals were read: nothing is told of what is behind a change"));
    }
    gaps.extend(problems(scene));
    let rank = |gap: &Gap| ORDER.iter().position(|what| *what == gap.what).unwrap_or(ORDER.len());
    gaps.sort_by(|left, right| rank(left).cmp(&rank(right)).then_with(|| left.cmp(right)));
    gaps.dedup();
    gaps
}

fn of_problem(what: &'static str, component: Option<&str>, problem: &Problem) -> Gap {
    Gap {
        what,
        component: component.map(str::to_owned),
        path: Some(problem.path.to_string()),
        line: problem.line,
        reason: problem.message.clone(),
    }
}

fn of_files(scene: &Scene<'_>) -> Vec<Gap> {
    let of_one = |configured: &signoff_model::configured::Configured| {
        let gaps = configured.gaps.iter();
        gaps.map(|gap| of_problem("configuration", Some(&configured.component), gap)).collect::<Vec<_>>()
    };
    let unrecognised = scene.question.unrecognised.iter().map(|problem| of_problem("file", None, problem));
    scene.configured().flat_map(of_one).chain(unrecognised).collect()
}

/// Components with a list of gates of their own.
fn own_lists(scene: &Scene<'_>) -> Vec<Gap> {
    let own = scene.configured().filter(|configured| !scene.shares_gates(&configured.component));
    let set = own.filter(|configured| !configured.gates.is_empty());
    set.map(|configured| {
        let component = &*configured.component;
        let registry = scene.rules.registry.get(component).map_or(component, String::as_str);
        let reason = match scene.own_list(registry, scene.last()).is_empty() {
            true => format!(
                "its gates are in a list of {registry} alone, and that of {} is not in hand",
                scene.release_of(scene.last())
            ),
            false => "of its gates the names alone were looked at, not their locks and defaults".to_owned(),
        };
        Gap::of_component("gates", component, reason)
    })
    .collect()
}

fn foreign(instance: &Instance<'_>) -> Vec<Gap> {
    let settings: BTreeSet<usize> = instance.starts.iter().flat_map(|start| &start.foreign).copied().collect();
    let one = |index: usize| {
        let setting = &instance.configured.gates[index];
        let prefix = setting.prefix.as_deref().unwrap_or_default();
        let reason = format!("`{prefix}:{}` is a gate of {prefix}, whose gates are not in hand", setting.name);
        let (path, line) = (Some(setting.place.path.to_string()), setting.place.line);
        Gap { path, line, ..Gap::of_component("gates", &instance.configured.component, reason) }
    };
    settings.into_iter().map(one).collect()
}

fn dependencies(scene: &Scene<'_>) -> Vec<Gap> {
    let first = usize::from(!scene.question.both_ways);
    let steps = (first..=scene.last()).filter(|step| scene.terms(scene.plain(), *step).checked == Checked::Untold);
    let words = |step: usize| {
        let version = spelt(scene.steps[step].release);
        Gap::of(
            "dependencies",
            format!("{version} checks what its gates need, and no source in hand says what that is"),
        )
    };
    steps.map(words).collect()
}

/// Lists that leave out gates, and gates that are known from other versions.
fn lists(scene: &Scene<'_>) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let own = |kind: SourceKind| scene.facts.of(kind).filter(|source| source.name.as_ref() == scene.rules.code);
    for version in scene.steps.iter().filter(|version| version.read.is_some()) {
        let words = spelt(version.release);
        let has = |kind: SourceKind| own(kind).any(|source| source.release == version.read);
        let has_table = own(SourceKind::FeatureTable).any(|source| source.release >= version.read);
        let is_told = has(SourceKind::GateDeclarations) || (has(SourceKind::FeatureList) && has_table);
        if !is_told {
            let (lacks, other) = if has(SourceKind::FeatureList) { ("table", "list") } else { ("list", "table") };
            let reason = format!(
                "the {lacks} of gates of {words} is not in hand, and the {other} leaves gates out: one that is not found may \
                 be there"
            );
            gaps.push(Gap::of("gates", reason));
        }
        let gates = version.gates(scene.gates);
        let inferred = gates.iter().filter(|(_, listed)| listed.certainty != Certainty::Observed);
        let names: Vec<&str> = inferred.map(|(name, _)| *name).collect();
        if !names.is_empty() {
            let more = if names.len() > TOLD_MAX { ", ..." } else { "" };
            let told = names.iter().take(TOLD_MAX).copied().collect::<Vec<_>>().join(", ");
            let count = names.len();
            let of = if count == 1 { "1 gate".to_owned() } else { format!("{count} gates") };
            gaps.push(Gap::of("gates", format!("{of} of {words} known from later versions alone: {told}{more}")));
        }
    }
    gaps
}

fn emulation(scene: &Scene<'_>, instances: &[Instance<'_>]) -> Vec<Gap> {
    let emulated = instances.iter().filter_map(|instance| instance.emulation);
    let earlier = emulated.filter(|emulated| floor(*emulated) < floor(scene.to().release));
    let all: BTreeSet<Release> = earlier.collect();
    let words = |emulated: Release| {
        let reason =
            format!("whether {} can still emulate {} no source says", scene.release_of(scene.last()), minor(emulated));
        Gap::of("emulation", reason)
    };
    all.into_iter().map(words).collect()
}

/// Formats of which nobody says whether they are still read.
fn formats(scene: &Scene<'_>) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for configured in scene.configured() {
        for format in &configured.formats {
            let life = scene.upgrade_rules().format.iter().find(|life| *life.api_version == *format.api_version);
            let known = life.and_then(|life| Release::parse(&life.known_through));
            if known.is_some_and(|known| floor(known) >= floor(scene.to().release)) {
                continue;
            }
            let reason = format!(
                "whether {} still reads {} no source in hand says",
                scene.release_of(scene.last()),
                format.api_version
            );
            let (path, line) = (Some(format.place.path.to_string()), format.place.line);
            gaps.push(Gap { path, line, ..Gap::of_component("formats", &configured.component, reason) });
        }
    }
    gaps
}

/// No list says which flags a version takes.
fn flags(scene: &Scene<'_>) -> Gap {
    let known: Vec<String> = scene.upgrade_rules().flag.iter().map(|life| format!("--{}", life.name)).collect();
    let known = if known.is_empty() { "none".to_owned() } else { format!("{} alone", known.join(", ")) };
    let version = scene.release_of(scene.last());
    Gap::of("flags", format!("which flags {version} takes no source in hand says; looked for: {known}"))
}

/// What two lists are compared for, where one is not in hand.
fn both_ends(scene: &Scene<'_>, kind: SourceKind, what: &'static str, words: &str) -> Option<Gap> {
    let lacks = |step: usize| beside::sources(scene, kind, step).is_empty();
    let mut missing: Vec<String> = [0, scene.last()]
        .into_iter()
        .filter(|step| lacks(*step))
        .map(|step| spelt(scene.steps[step].release))
        .collect();
    missing.dedup();
    let of = missing.join(" and ");
    (!missing.is_empty()).then(|| Gap::of(what, format!("{words} in {of}: the list ({}) is not in hand", kind.word())))
}

fn problems(scene: &Scene<'_>) -> Vec<Gap> {
    let all: Vec<(&FactSource, &Problem)> =
        speaking(scene).flat_map(|source| source.problems.iter().map(move |problem| (source, problem))).collect();
    let told = all.iter().take(TOLD_MAX).map(|(source, problem)| {
        let mut gap = of_problem("source", None, problem);
        gap.reason = format!("{} {}: {}", source.name, source.version, gap.reason);
        gap
    });
    let more = all.len().saturating_sub(TOLD_MAX);
    let rest = (more > 0).then(|| Gap::of("source", format!("{more} more parts of sources cannot be read")));
    told.chain(rest).collect()
}
