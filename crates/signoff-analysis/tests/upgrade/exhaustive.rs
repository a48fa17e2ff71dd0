//! Every single setting and every pair of settings of all gates, at every version, against the naive model.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use signoff_analysis::gates::{Gates, Listed};
use signoff_analysis::upgrade::terms::{Prefixes, RefusalKind, StartUp, Terms};
use signoff_analysis::upgrade::{Change, ChangeKind, Level, upgrade};
use signoff_model::Release;
use signoff_model::configured::{Configured, GateSetting};

use super::given::{self, Files};
use super::naive::{Model, Refusals};

/// The first version that checks what gates need.
const CHECKS_FROM: (u32, u32) = (1, 35);

fn word(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::Unknown => "unknown",
        RefusalKind::Newer => "newer",
        RefusalKind::Locked => "locked",
        RefusalKind::Unmet => "unmet",
        RefusalKind::Invalid => "invalid",
        RefusalKind::Mixed => "mixed",
    }
}

fn found(start: &StartUp<'_>) -> Refusals {
    start.refusals.iter().map(|refusal| (word(refusal.kind), refusal.gate.to_owned())).collect()
}

/// Every name that any version knows, one that none does, and those that fill in a stage; on and off.
fn settings(gates: &Gates<'_>) -> Vec<GateSetting> {
    let mut names: BTreeSet<&str> = gates.registries().flat_map(|registry| registry.gates.keys().copied()).collect();
    names.extend(["AllAlpha", "AllBeta", "NoSuchGate"]);
    let both = names.iter().flat_map(|name| [format!("{name}=true"), format!("{name}=false")]);
    both.map(|text| given::setting(&text, 1)).collect()
}

fn plain(setting: &GateSetting) -> (&str, bool) {
    (&setting.name, setting.value.expect("a value"))
}

/// Both ways of a version with an emulated one: ours and the naive one.
fn at<'t>(
    gates: &'t Gates<'t>,
    rules: &'t signoff_model::profile::EvidenceRules,
    binary: Release,
    emulated: Release,
) -> (Terms<'t>, Model) {
    let registry = gates.registry(binary).expect("its gates");
    let listed: BTreeMap<&str, &Listed<'_>> = registry.gates.iter().map(|(name, listed)| (*name, listed)).collect();
    let checks = (binary.major, binary.minor) >= CHECKS_FROM;
    assert!(!checks || registry.tells_needs, "what gates of {binary} need");
    (Terms::of(&listed, binary, emulated, registry.tells_needs, rules), Model::of(registry, emulated, checks))
}

fn compare(terms: &Terms<'_>, model: &Model, settings: &[GateSetting]) {
    let start = terms.start(settings, Prefixes::Unread);
    let plain: Vec<(&str, bool)> = settings.iter().map(plain).collect();
    let (refusals, on) = model.start(&plain);
    let ours = found(&start);
    assert!(ours == refusals, "{plain:?}: {ours:?} is not {refusals:?}");
    let is_sampled = settings.len() == 1;
    for (at, name) in model.names.iter().enumerate() {
        if is_sampled || plain.iter().any(|(set, _)| set == name) {
            let value = terms.value(&start, name).expect("a gate").on;
            assert!(value == Some(on[at]), "{plain:?}: {name} is {value:?}");
        }
    }
}

/// Every setting and every pair, at every version, and at each emulating each earlier one.
fn exhaust(files: &Files) {
    let rules = given::profile_rules();
    let facts = given::facts(files, &rules);
    let gates = Gates::of(&facts, &rules);
    let settings = settings(&gates);
    let releases: Vec<Release> = gates.releases().collect();
    for binary in &releases {
        let (terms, model) = at(&gates, &rules, *binary, *binary);
        compare(&terms, &model, &[]);
        let pairs = |first: usize| {
            for second in 0..settings.len() {
                // Of two settings of one gate the order matters.
                if second > first || (second < first && settings[second].name == settings[first].name) {
                    compare(&terms, &model, &[settings[first].clone(), settings[second].clone()]);
                }
            }
        };
        (0..settings.len()).into_par_iter().for_each(pairs);
        for emulated in &releases {
            if emulated <= binary {
                let (terms, model) = at(&gates, &rules, *binary, *emulated);
                settings.iter().for_each(|setting| compare(&terms, &model, std::slice::from_ref(setting)));
            }
        }
    }
}

#[test]
fn every_pair_of_settings_of_a_small_list() {
    exhaust(&given::small());
}

#[test]
fn every_pair_of_settings_of_real_versions() {
    if let Some(files) = given::corpora() {
        exhaust(&files);
    }
}

/// What the report has to say breaks, by the naive model at each version on the way, and whether something is broken
/// today.
fn expected(models: &[&Model], settings: &[(&str, bool)]) -> (BTreeSet<String>, bool) {
    // To whoever mends a setting it is one and the same why a version does not take it.
    let class = |kind: &str| if kind == "unmet" { "unmet" } else { "gate" };
    let refused = |model: &&Model| -> BTreeSet<(&'static str, String)> {
        model.start(settings).0.into_iter().map(|(kind, gate)| (class(kind), gate)).collect()
    };
    let steps: Vec<_> = models.iter().map(refused).collect();
    let (first, last) = (&steps[0], &steps[steps.len() - 1]);
    let on_the_way = steps[1..].iter().flatten().filter(|refusal| !first.contains(*refusal));
    let later = last.iter().chain(on_the_way).map(|(_, gate)| gate.clone()).collect();
    (later, !first.is_empty())
}

/// The report between each two versions, up and down: each file of settings breaks where the naive model says so, and
/// defaults flip as it says. Many files are asked about at once, as of many nodes.
fn reports(files: &Files, every: usize) {
    let rules = given::profile_rules();
    let facts = given::facts(files, &rules);
    let gates = Gates::of(&facts, &rules);
    let all = settings(&gates);
    let mut chosen: Vec<Vec<GateSetting>> = all.iter().map(|setting| vec![setting.clone()]).collect();
    let pairs = (0..all.len()).flat_map(|first| (first + 1..all.len()).map(move |second| (first, second)));
    chosen.extend(pairs.step_by(every).map(|(first, second)| vec![all[first].clone(), all[second].clone()]));
    let configured: Vec<Configured> = chosen
        .iter()
        .enumerate()
        .map(|(index, gates)| Configured {
            component: "kubelet".into(),
            instance: index.to_string().into(),
            files: vec!["kubelet.yaml".into()],
            gates: gates.clone(),
            ..Configured::default()
        })
        .collect();
    let releases: Vec<Release> = gates.releases().collect();
    let models: Vec<Model> = releases.iter().map(|release| at(&gates, &rules, *release, *release).1).collect();
    let pairs = releases.iter().enumerate().flat_map(|from| releases.iter().enumerate().map(move |to| (from, to)));
    pairs.filter(|(from, to)| from.0 != to.0).collect::<Vec<_>>().into_par_iter().for_each(|((from, a), (to, b))| {
        let (from_words, to_words) = (signoff_analysis::upgrade::spelt(*a), signoff_analysis::upgrade::spelt(*b));
        let question = given::question(&from_words, &to_words, &configured);
        let report = upgrade(&gates, &facts, &rules, None, &question).expect("a report");
        let way: Vec<&Model> =
            if from < to { models[from..=to].iter().collect() } else { models[to..=from].iter().rev().collect() };
        let mut by_instance: BTreeMap<usize, Vec<&Change>> = BTreeMap::new();
        for change in report.changes.iter().filter(|change| !change.instance.is_empty()) {
            by_instance.entry(change.instance.parse().expect("a number")).or_default().push(change);
        }
        for (index, settings) in chosen.iter().enumerate() {
            let settings: Vec<(&str, bool)> = settings.iter().map(plain).collect();
            let changes = by_instance.get(&index).map(Vec::as_slice).unwrap_or_default();
            let breaks: BTreeSet<String> = changes
                .iter()
                .filter(|change| change.level == Level::Breaks)
                .map(|change| change.subject.clone())
                .collect();
            let (later, today) = expected(&way, &settings);
            assert!(breaks == later, "{from_words} to {to_words}, {settings:?}: {breaks:?} is not {later:?}");
            let counts = |change: &&&Change| change.level != Level::Notice;
            let told = changes.iter().filter(counts).any(|change| change.already || change.back);
            assert!(told == today, "{from_words} to {to_words}, {settings:?}: broken today is {today}");
        }
        let (first, last) = (way[0], way[way.len() - 1]);
        for (at, name) in first.names.iter().enumerate() {
            let Some(after) = last.index.get(name) else { continue };
            let flips = first.start(&[]).1[at] != last.start(&[]).1[*after];
            let is_told = report.changes.iter().any(|change| {
                change.subject == *name && change.instance.is_empty() && change.kind == ChangeKind::DefaultFlipped
            });
            assert!(flips == is_told, "{from_words} to {to_words}: {name} flips is {flips}");
        }
    });
}

#[test]
fn reports_between_small_versions() {
    reports(&given::small(), 1);
}

#[test]
fn reports_between_real_versions() {
    if let Some(files) = given::corpora() {
        reports(&files, 211);
    }
}

#[test]
fn what_stops_a_component_of_a_real_version_by_itself() {
    let Some(files) = given::corpora() else { return };
    let rules = given::profile_rules();
    let facts = given::facts(&files, &rules);
    let gates = Gates::of(&facts, &rules);
    let newest = gates.newest().expect("gates").release;
    assert_eq!(signoff_analysis::upgrade::spelt(newest), "1.36.2");
    let (terms, _) = at(&gates, &rules, newest, newest);
    let stops = |value: bool| {
        let unmet = |setting: &&GateSetting| {
            let start = terms.start(std::slice::from_ref(*setting), Prefixes::Unread);
            start.refusals.iter().any(|refusal| refusal.kind == RefusalKind::Unmet)
        };
        let groups = ["AllAlpha", "AllBeta"];
        let all = settings(&gates);
        let of_value = all.iter().filter(|it| it.value == Some(value) && !groups.contains(&&*it.name));
        of_value.filter(unmet).map(|setting| setting.name.to_string()).collect::<Vec<_>>()
    };
    let (off, on) = (stops(false), stops(true));
    assert_eq!((off.len(), on.len()), (9, 6), "off: {off:?}; on: {on:?}");
}
