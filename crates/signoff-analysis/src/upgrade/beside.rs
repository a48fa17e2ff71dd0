//! What changes beside gates, as far as sources tell: metrics, versions of the API, formats, flags, other settings.

use std::collections::{BTreeMap, BTreeSet};

use memchr::memmem;
use signoff_model::Release;
use signoff_model::configured::Place;
use signoff_model::fact::{Evidence, Fact, FactSource, MetricRecord, Record, SourceKind};
use signoff_model::spelling::distance_within;

use super::scene::Scene;
use super::versions::{floor, minor};
use super::{Change, ChangeKind, Level};
use crate::gates::Certainty;

/// Most edits between the name of a metric that is gone and one that is new and may be the same.
const RENAMING_MAX: usize = 12;

pub(super) fn changes(scene: &Scene<'_>) -> Vec<Change> {
    let mut changes = metrics(scene);
    changes.extend(apis(scene));
    changes.extend(formats(scene));
    changes.extend(flags(scene));
    changes.extend(other_settings(scene));
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

/// The first lines of the given files with a whole word, one for each file.
fn mentions(scene: &Scene<'_>, word: &str) -> Vec<Place> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let finder = memmem::Finder::new(word);
    let found = scene.question.texts.iter().filter_map(|text| {
        let bytes = text.text.as_bytes();
        let at = finder.find_iter(bytes).find(|at| {
            let before = at.checked_sub(1).is_some_and(|before| is_part(bytes[before]));
            !before && !bytes.get(at + word.len()).copied().is_some_and(is_part)
        })?;
        Some(Place { path: text.path.clone(), line: Some(memchr::memchr_iter(b'\n', &bytes[..at]).count() + 1) })
    });
    found.collect()
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

fn metrics(scene: &Scene<'_>) -> Vec<Change> {
    let (before, after) = (metrics_of(scene, 0), metrics_of(scene, scene.last()));
    if before.is_empty() || after.is_empty() {
        return Vec::new();
    }
    let new: Vec<&MetricRecord> =
        after.values().map(|(metric, ..)| *metric).filter(|metric| !before.contains_key(&*metric.name)).collect();
    let gone = before.iter().filter(|(name, _)| !after.contains_key(*name));
    gone.map(|(name, (metric, source, fact))| {
        let stability = metric.stability.as_deref().unwrap_or_default();
        let mut places = mentions(scene, name);
        for ending in &scene.rules.metric_endings {
            places.extend(mentions(scene, &format!("{name}{ending}")));
        }
        places.sort();
        places.dedup();
        let is_promised = !matches!(stability, "ALPHA" | "INTERNAL");
        let level = if is_promised || !places.is_empty() { Level::Behaviour } else { Level::Notice };
        let perhaps = renamed(metric, &new).map(|new| format!("; perhaps it is `{new}` now")).unwrap_or_default();
        let silent = if places.is_empty() { "alerts on it go silent" } else { "what is written here goes silent" };
        let mut change = Change::new(level, ChangeKind::MetricRemoved, name, format!("is gone: {silent}{perhaps}"));
        change.set_in = places;
        change.from = Some(stability.to_ascii_lowercase()).filter(|words| !words.is_empty());
        change.components = metric.components.iter().map(ToString::to_string).collect();
        change.release = Some(first_without(scene, name));
        change.certainty = scene.from().certainty.max(scene.to().certainty);
        change.keep_today = Some("cannot be kept; look for another in what proposals say of monitoring".to_owned());
        change.evidence = vec![source.evidence(&fact.path, &fact.at)];
        change
    })
    .collect()
}

/// The first version on the way without a metric.
fn first_without(scene: &Scene<'_>, name: &str) -> String {
    let lacks = |step: usize| {
        let lists = sources(scene, SourceKind::MetricsList, step);
        let has = |source: &&FactSource| {
            source.facts.iter().any(|fact| matches!(&fact.record, Record::Metric(metric) if *metric.name == *name))
        };
        !lists.is_empty() && !lists.iter().any(has)
    };
    let step = (1..scene.last()).find(|step| lacks(*step)).unwrap_or(scene.last());
    scene.release_of(step)
}

/// A new metric that may be the same under another name: of the same kind with the same labels, and a name that is near
/// or differs in the subsystem alone.
fn renamed<'n>(metric: &MetricRecord, new: &[&'n MetricRecord]) -> Option<&'n str> {
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

fn apis(scene: &Scene<'_>) -> Vec<Change> {
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
    let mut grouped: BTreeMap<(&str, &str), (BTreeSet<&str>, String, Vec<Evidence>)> = BTreeMap::new();
    for ((group, version, kind), (release, evidence)) in gone {
        let entry = grouped.entry((group, version)).or_insert_with(|| (BTreeSet::new(), release, Vec::new()));
        entry.0.insert(kind);
        entry.2.push(evidence);
    }
    let one =
        |((group, version), (kinds, release, evidence)): ((&str, &str), (BTreeSet<&str>, String, Vec<Evidence>))| {
            let name = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
            let kinds = kinds.into_iter().collect::<Vec<_>>().join(", ");
            let places = mentions(scene, &name);
            let is_alpha = version.contains("alpha");
            let level = if is_alpha && places.is_empty() { Level::Notice } else { Level::Behaviour };
            let mut change = Change::new(level, ChangeKind::ApiRemoved, &name, format!("is no longer served: {kinds}"));
            (change.set_in, change.release, change.evidence) = (places, Some(release), evidence);
            change.certainty = scene.from().certainty.max(scene.to().certainty);
            change.keep_today = Some("cannot be kept: move to another version of the same kinds".to_owned());
            change
        };
    grouped.into_iter().map(one).collect()
}

fn formats(scene: &Scene<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    let is_past = |release: Option<&str>, at: Release| {
        release.and_then(Release::parse).is_some_and(|release| floor(at) >= floor(release))
    };
    let (from, to) = (scene.from().release, scene.to().release);
    for life in scene.upgrade_rules().format.iter().filter(|life| scene.speaks_of(&life.component)) {
        let (gone, deprecated) = (life.removed.as_deref(), life.deprecated.as_deref());
        let instead = life.instead.as_deref().map(|instead| format!("write {instead}"));
        let used = scene.configured().flat_map(|configured| {
            configured
                .formats
                .iter()
                .filter(|format| *format.api_version == *life.api_version)
                .map(move |format| (configured, format))
        });
        let mut is_used = false;
        for (configured, format) in used {
            is_used = true;
            let (level, kind, message) = match (is_past(gone, to), is_past(deprecated, to)) {
                (true, _) => (
                    Level::Breaks,
                    ChangeKind::ConfigVersionRemoved,
                    format!("is no longer read by a {}", life.component),
                ),
                (false, true) => {
                    (Level::Notice, ChangeKind::Deprecated, format!("is on its way out of the {}", life.component))
                }
                _ if is_past(gone, from) && scene.question.both_ways => (
                    Level::Breaks,
                    ChangeKind::ConfigVersionRemoved,
                    format!("is not read by a {} on the way back", life.component),
                ),
                _ => continue,
            };
            let mut change = Change::new(level, kind, &life.api_version, message);
            change.component = Some(configured.component.to_string());
            change.instance = configured.instance.to_string();
            change.set_in = vec![format.place.clone()];
            change.already = is_past(if level == Level::Breaks { gone } else { deprecated }, from);
            changes.push((change, life));
        }
        let goes = gone.and_then(Release::parse).is_some_and(|gone| is_between(scene, gone));
        if !is_used && goes && !scene.is_configured(&life.component) {
            let message = format!("is no longer read by a {}", life.component);
            let mut change = Change::new(Level::Notice, ChangeKind::ConfigVersionRemoved, &life.api_version, message);
            change.component = Some(life.component.clone());
            changes.push((change, life));
        }
        for (change, _) in changes.iter_mut().filter(|(change, _)| change.subject == life.api_version) {
            change.keep_today = instead.clone();
        }
    }
    let told = changes.into_iter().map(|(mut change, life)| {
        let release = if change.kind == ChangeKind::Deprecated { &life.deprecated } else { &life.removed };
        change.release = release.clone();
        change.evidence = vec![said(&life.source, release.as_deref())];
        change
    });
    told.collect()
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
                if !then && !(now && scene.question.both_ways) {
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

fn flag_change(life: &signoff_model::profile::FlagLife, level: Level) -> Change {
    let message = format!("is gone in {}: a {} does not start with it", life.removed, life.component);
    let mut change = Change::new(level, ChangeKind::FlagRemoved, &format!("--{}", life.name), message);
    change.component = Some(life.component.clone());
    change.release = Some(life.removed.clone());
    let instead = life.instead.as_deref().map(|instead| format!("; in its place: {instead}"));
    change.keep_today = Some(format!("remove the flag{}", instead.unwrap_or_default()));
    change.evidence = vec![said(&life.source, Some(&life.removed))];
    change
}

fn other_settings(scene: &Scene<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for rule in scene.upgrade_rules().setting.iter().filter(|rule| scene.speaks_of(&rule.component)) {
        let Some(since) = Release::parse(&rule.since).filter(|since| is_between(scene, *since)) else { continue };
        let own: Vec<_> = scene.configured().filter(|configured| *configured.component == *rule.component).collect();
        let mentioned = mentions(scene, &rule.name);
        let of_own = |place: &&Place| own.iter().any(|configured| configured.files.contains(&place.path));
        let set_in: Vec<Place> = mentioned.iter().filter(of_own).cloned().collect();
        // A setting that is in every file keeps itself.
        let is_set =
            |it: &&signoff_model::configured::Configured| set_in.iter().any(|place| it.files.contains(&place.path));
        let is_kept = !own.is_empty() && own.iter().all(|configured| is_set(configured));
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
