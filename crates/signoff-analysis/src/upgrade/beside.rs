//! What changes beside gates, as far as sources tell: metrics, versions of the API, formats, flags, other settings.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use signoff_model::Release;
use signoff_model::configured::{Configured, Place};
use signoff_model::fact::{Evidence, Fact, FactSource, MetricRecord, Record, SourceKind};
use signoff_model::profile::{FlagLife, FormatLife};
use signoff_model::spelling::distance_within;

use super::scene::Scene;
use super::versions::{floor, minor};
use super::{Change, ChangeKind, Level, Text};
use crate::gates::Certainty;

/// Most edits between the name of a metric that is gone and one that is new and may be the same.
const RENAMING_MAX: usize = 12;
/// Where more metrics than this are new, none is compared with those that are gone.
const NEW_MAX: usize = 1000;

pub(super) fn changes(scene: &Scene<'_>) -> Vec<Change> {
    let words = Words::of(scene.question.texts);
    let mut changes = metrics(scene, &words);
    changes.extend(apis(scene, &words));
    changes.extend(formats(scene));
    changes.extend(flags(scene));
    changes.extend(other_settings(scene, &words));
    changes
}

/// The sources of some kind at a step: of the very version, or of the nearest patch that was taken for it.
pub(super) fn sources<'a>(scene: &Scene<'a>, kind: SourceKind, step: usize) -> Vec<&'a FactSource> {
    let read = scene.steps[step].read;
    let own = scene.facts.of(kind).filter(|source| source.name.as_ref() == scene.rules.code);
    own.filter(|source| source.release == read && read.is_some() && !source.facts.is_empty()).collect()
}

/// Whether a version lies after today's and is not later than the one after.
fn is_between(scene: &Scene<'_>, release: Release) -> bool {
    let release = floor(release);
    release > floor(scene.from().release) && release <= floor(scene.to().release)
}

/// Where the words of the given files stand, in each file the first time. Every text is read once.
struct Words<'t> {
    /// Letters, digits and `_`: names of metrics and settings.
    names: FxHashMap<&'t str, Vec<Place>>,
    /// With `.`, `/` and `-`: versions of the API.
    versions: FxHashMap<&'t str, Vec<Place>>,
}

impl<'t> Words<'t> {
    fn of(texts: &'t [Text]) -> Self {
        let mut words = Self { names: FxHashMap::default(), versions: FxHashMap::default() };
        let is_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
        let is_version = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '/' | '-');
        for text in texts {
            for (index, line) in text.text.lines().enumerate() {
                let add = |found: &mut FxHashMap<&'t str, Vec<Place>>, word: &'t str| {
                    let places = found.entry(word).or_default();
                    if places.last().is_none_or(|last| last.path != text.path) {
                        places.push(Place { path: text.path.clone(), line: Some(index + 1) });
                    }
                };
                line.split(|it| !is_name(it)).filter(|word| word.len() > 2).for_each(|it| add(&mut words.names, it));
                line.split(|it| !is_version(it)).filter(|it| it.len() > 1).for_each(|it| add(&mut words.versions, it));
            }
        }
        words
    }

    fn name(&self, word: &str) -> &[Place] {
        self.names.get(word).map_or(&[], Vec::as_slice)
    }

    fn version(&self, word: &str) -> &[Place] {
        self.versions.get(word).map_or(&[], Vec::as_slice)
    }
}

type Metrics<'a> = BTreeMap<&'a str, (&'a MetricRecord, &'a FactSource, &'a Fact)>;

fn metrics_of<'a>(scene: &Scene<'a>, step: usize) -> Metrics<'a> {
    let mut metrics = Metrics::new();
    for source in sources(scene, SourceKind::MetricsList, step) {
        for fact in &source.facts {
            if let Record::Metric(metric) = &fact.record {
                metrics.insert(&metric.name, (metric, source, fact));
            }
        }
    }
    metrics
}

fn metrics(scene: &Scene<'_>, words: &Words<'_>) -> Vec<Change> {
    let steps: Vec<Metrics<'_>> = (0..=scene.last()).map(|step| metrics_of(scene, step)).collect();
    let (before, after) = (&steps[0], &steps[scene.last()]);
    if before.is_empty() || after.is_empty() {
        return Vec::new();
    }
    let new: Vec<&MetricRecord> =
        after.values().map(|(metric, ..)| *metric).filter(|metric| !before.contains_key(&*metric.name)).collect();
    let gone = before.values().filter(|(metric, ..)| !after.contains_key(&*metric.name));
    let one = |(metric, source, fact): &(&MetricRecord, &FactSource, &Fact)| {
        let lacks = |step: &usize| !steps[*step].is_empty() && !steps[*step].contains_key(&*metric.name);
        let step = (1..scene.last()).find(lacks).unwrap_or(scene.last());
        let mut change = metric_gone(scene, metric, words, &new);
        change.release = Some(scene.release_of(step));
        change.evidence = vec![source.evidence(&fact.path, &fact.at)];
        change
    };
    gone.map(one).collect()
}

fn metric_gone(scene: &Scene<'_>, metric: &MetricRecord, words: &Words<'_>, new: &[&MetricRecord]) -> Change {
    let name = &metric.name;
    let stability = metric.stability.as_deref().unwrap_or_default();
    let endings = scene.rules.metric_endings.iter().flat_map(|ending| words.name(&format!("{name}{ending}")));
    let mut places: Vec<Place> = words.name(name).iter().chain(endings).cloned().collect();
    places.sort();
    places.dedup();
    let is_promised = !matches!(stability, "ALPHA" | "INTERNAL");
    let level = if is_promised || !places.is_empty() { Level::Behaviour } else { Level::Notice };
    let perhaps = renamed(metric, new).map(|new| format!("; perhaps it is `{new}` now")).unwrap_or_default();
    let silent = if places.is_empty() { "alerts on it go silent" } else { "what is written here goes silent" };
    let mut change = Change::new(level, ChangeKind::MetricRemoved, name, format!("is gone: {silent}{perhaps}"));
    change.set_in = places;
    change.from = Some(stability.to_ascii_lowercase()).filter(|words| !words.is_empty());
    change.components = metric.components.iter().map(ToString::to_string).collect();
    change.certainty = scene.from().certainty.max(scene.to().certainty);
    change.keep_today = Some("cannot be kept; look for another in what proposals say of monitoring".to_owned());
    change
}

/// A new metric that may be the same under another name: of the same kind with the same labels, and a name that is near
/// or differs in the subsystem alone.
fn renamed<'n>(metric: &MetricRecord, new: &[&'n MetricRecord]) -> Option<&'n str> {
    if new.len() > NEW_MAX {
        return None;
    }
    let alike = new.iter().filter(|other| other.kind == metric.kind && other.labels == metric.labels);
    let near = alike.filter_map(|other| {
        let shorter = metric.name.len().min(other.name.len());
        let most = RENAMING_MAX.min(shorter / 3);
        let moved = metric.name.ends_with(&*other.name) || other.name.ends_with(&*metric.name);
        let edits = distance_within(&metric.name, &other.name, most).or(moved.then_some(most))?;
        Some((edits, &*other.name))
    });
    near.min().map(|(_, name)| name)
}

/// A version of the API: group, version and the kind or resource.
type Served<'a> = (&'a str, &'a str, &'a str);

fn served<'a>(scene: &Scene<'a>, step: usize) -> BTreeMap<Served<'a>, Evidence> {
    let mut served = BTreeMap::new();
    for source in sources(scene, SourceKind::Discovery, step) {
        for fact in &source.facts {
            if let Record::Resource(resource) = &fact.record {
                let key = (&*resource.group, &*resource.version, &*resource.kind);
                served.entry(key).or_insert_with(|| source.evidence(&fact.path, &fact.at));
            }
        }
    }
    served
}

fn apis(scene: &Scene<'_>, words: &Words<'_>) -> Vec<Change> {
    let (before, after) = (served(scene, 0), served(scene, scene.last()));
    let mut gone: BTreeMap<Served<'_>, (String, Evidence)> = BTreeMap::new();
    if !before.is_empty() && !after.is_empty() {
        let release = scene.release_of(scene.last());
        let lost = before.into_iter().filter(|(key, _)| !after.contains_key(key));
        gone.extend(lost.map(|(key, evidence)| (key, (release.clone(), evidence))));
    }
    for source in scene.facts.of(SourceKind::TypeMarkers) {
        for fact in &source.facts {
            let Record::Type(of) = &fact.record else { continue };
            let Some(removed) = of.removed.filter(|removed| is_between(scene, *removed)) else { continue };
            gone.insert((&of.group, &of.version, &of.kind), (minor(removed), source.evidence(&fact.path, &fact.at)));
        }
    }
    // One line for each version of a group.
    let mut grouped: BTreeMap<(&str, &str), Gone<'_>> = BTreeMap::new();
    for ((group, version, kind), (release, evidence)) in gone {
        let entry = grouped.entry((group, version)).or_insert_with(|| Gone { release, ..Gone::default() });
        entry.kinds.insert(kind);
        entry.evidence.push(evidence);
    }
    grouped.into_iter().map(|((group, version), gone)| api_gone(scene, words, group, version, gone)).collect()
}

/// What of a version of the API is gone.
#[derive(Default)]
struct Gone<'a> {
    kinds: BTreeSet<&'a str>,
    release: String,
    evidence: Vec<Evidence>,
}

fn api_gone(scene: &Scene<'_>, words: &Words<'_>, group: &str, version: &str, gone: Gone<'_>) -> Change {
    let name = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
    let kinds = gone.kinds.into_iter().collect::<Vec<_>>().join(", ");
    let places = words.version(&name).to_vec();
    let is_alpha = version.contains("alpha");
    let level = if is_alpha && places.is_empty() { Level::Notice } else { Level::Behaviour };
    let mut change = Change::new(level, ChangeKind::ApiRemoved, &name, format!("is no longer served: {kinds}"));
    (change.set_in, change.release, change.evidence) = (places, Some(gone.release), gone.evidence);
    change.certainty = scene.from().certainty.max(scene.to().certainty);
    change.keep_today = Some("cannot be kept: move to another version of the same kinds".to_owned());
    change
}

/// Whether a release has come at a version.
fn is_past(release: Option<&str>, at: Release) -> bool {
    release.and_then(Release::parse).is_some_and(|release| floor(at) >= floor(release))
}

fn formats(scene: &Scene<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for life in scene.upgrade_rules().format.iter().filter(|life| scene.speaks_of(&life.component)) {
        let before = changes.len();
        for configured in scene.configured() {
            let used = configured.formats.iter().filter(|format| *format.api_version == *life.api_version);
            changes.extend(used.filter_map(|format| {
                let mut change = format_change(scene, life)?;
                change.component = Some(configured.component.to_string());
                change.instance = configured.instance.to_string();
                change.set_in = vec![format.place.clone()];
                Some(change)
            }));
        }
        let goes = life.removed.as_deref().and_then(Release::parse).is_some_and(|gone| is_between(scene, gone));
        if changes.len() == before && goes && !scene.is_configured(&life.component) {
            changes.extend(format_change(scene, life).map(|change| Change { level: Level::Notice, ..change }));
        }
    }
    changes
}

/// What becomes of a format that is used; `None` where nothing does.
fn format_change(scene: &Scene<'_>, life: &FormatLife) -> Option<Change> {
    let (gone, deprecated) = (life.removed.as_deref(), life.deprecated.as_deref());
    let (from, to) = (scene.from().release, scene.to().release);
    let back = !is_past(gone, to) && is_past(gone, from) && scene.question.both_ways;
    let (level, kind, message) = match (is_past(gone, to) || back, is_past(deprecated, to)) {
        (true, _) => (Level::Breaks, ChangeKind::ConfigVersionRemoved, "is no longer read by"),
        (false, true) => (Level::Notice, ChangeKind::Deprecated, "is on its way out of"),
        (false, false) => return None,
    };
    let mut change = Change::new(level, kind, &life.api_version, format!("{message} a {}", life.component));
    let release = if level == Level::Breaks { gone } else { deprecated };
    change.component = Some(life.component.clone());
    change.release = release.map(str::to_owned);
    change.back = back;
    change.already = !back && is_past(release, from);
    change.keep_today = life.instead.as_deref().map(|instead| format!("write {instead}"));
    change.evidence = vec![said(&life.source, release)];
    Some(change)
}

/// What the profile knows from a source that is not in hand.
fn said(source: &str, release: Option<&str>) -> Evidence {
    let version = release.unwrap_or_default().into();
    Evidence { source: "profile".into(), version, path: source.into(), line: None, text: String::new() }
}

fn flags(scene: &Scene<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    let rules = scene.upgrade_rules().flag.iter();
    for life in rules.filter(|life| scene.speaks_of(&life.component)) {
        let Some(removed) = Release::parse(&life.removed) else { continue };
        let is_gone = |at: Release| floor(at) >= floor(removed);
        let (now, then) = (is_gone(scene.from().release), is_gone(scene.to().release));
        let own = || scene.configured().filter(|configured| *configured.component == *life.component);
        for configured in own() {
            for flag in configured.flags.iter().filter(|flag| *flag.name == *life.name) {
                let counts = then || (now && scene.question.both_ways);
                if !counts {
                    continue;
                }
                let mut change = flag_change(life, Level::Breaks);
                change.instance = configured.instance.to_string();
                change.set_in = vec![flag.place.clone()];
                (change.already, change.back) = (now && then, !then);
                changes.push(change);
            }
        }
        if is_between(scene, removed) && own().next().is_none() {
            changes.push(flag_change(life, Level::Notice));
        }
    }
    changes
}

fn flag_change(life: &FlagLife, level: Level) -> Change {
    let message = format!("is gone in {}: a {} does not start with it", life.removed, life.component);
    let mut change = Change::new(level, ChangeKind::FlagRemoved, &format!("--{}", life.name), message);
    change.component = Some(life.component.clone());
    change.release = Some(life.removed.clone());
    let instead = life.instead.as_deref().map(|instead| format!("; in its place: {instead}"));
    change.keep_today = Some(format!("remove the flag{}", instead.unwrap_or_default()));
    change.evidence = vec![said(&life.source, Some(&life.removed))];
    change
}

fn other_settings(scene: &Scene<'_>, words: &Words<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for rule in scene.upgrade_rules().setting.iter().filter(|rule| scene.speaks_of(&rule.component)) {
        let Some(since) = Release::parse(&rule.since).filter(|since| is_between(scene, *since)) else { continue };
        let own: Vec<_> = scene.configured().filter(|configured| *configured.component == *rule.component).collect();
        let mentioned = words.name(&rule.name);
        let of_own = |place: &&Place| own.iter().any(|configured| configured.files.contains(&place.path));
        let set_in: Vec<Place> = mentioned.iter().filter(of_own).cloned().collect();
        // A setting that is in every file keeps itself.
        let is_set = |it: &&Configured| set_in.iter().any(|place| it.files.contains(&place.path));
        let is_kept = !own.is_empty() && own.iter().all(is_set);
        let message = match is_kept {
            true => "its default changes; what is written keeps it".to_owned(),
            false => format!("is {} unless set, and was {}: {}", rule.to, rule.from, rule.effect),
        };
        let level = if is_kept { Level::Notice } else { Level::Review };
        let mut change = Change::new(level, ChangeKind::DefaultFlipped, &rule.name, message);
        change.component = Some(rule.component.clone());
        change.set_in = set_in;
        (change.from, change.to) = (Some(rule.from.clone()), Some(rule.to.clone()));
        change.release = Some(minor(since));
        change.certainty = Certainty::Observed;
        change.keep_today = (!is_kept).then(|| format!("set `{}: {}`", rule.name, rule.from));
        change.evidence = vec![said(&rule.source, Some(&rule.since))];
        changes.push(change);
    }
    changes
}
