//! `metric-exists`, `metric-stability`, `metric-components`: whether the code has the metrics that a proposal promises.

use std::collections::BTreeMap;
use std::sync::Arc;

use signoff_model::fact::{Evidence, Fact, FactSource, Facts, MetricRecord, Record, SourceKind};
use signoff_model::profile::{EvidenceRules, Meaning, StatusClass};
use signoff_model::{Release, Span};

use super::subject::stated;
use super::{ClaimKind, ClaimVerdict, Examined, Fix, Flaw, Stated, spelt};
use crate::names;

/// Fewest letters of a name that others may end with.
const PARTIAL_MIN: usize = 6;

/// All that the sources know of metrics.
pub struct Metrics<'f> {
    rules: &'f EvidenceRules,
    /// By name: the list that has it, oldest release first.
    listed: BTreeMap<&'f str, Vec<ListedMetric<'f>>>,
    /// By the last part of names, those that end so.
    newest: Option<Release>,
}

/// A metric as one list has it.
#[derive(Clone, Copy)]
pub struct ListedMetric<'f> {
    /// The source.
    pub source: &'f FactSource,
    /// The entry.
    pub fact: &'f Fact,
    /// What it says.
    pub metric: &'f MetricRecord,
}

impl ListedMetric<'_> {
    /// The line that lists it.
    #[must_use]
    pub fn evidence(&self) -> Evidence {
        self.source.evidence(&self.fact.path, &self.fact.at)
    }
}

impl<'f> Metrics<'f> {
    /// What the lists say.
    #[must_use]
    pub fn of(facts: &'f Facts, rules: &'f EvidenceRules) -> Self {
        let mut listed: BTreeMap<&str, Vec<ListedMetric<'_>>> = BTreeMap::new();
        let mut newest = None;
        for source in facts.of(SourceKind::MetricsList).chain(facts.of(SourceKind::StableMetrics)) {
            newest = newest.max(source.release);
            for fact in &source.facts {
                let Record::Metric(metric) = &fact.record else { continue };
                listed.entry(&metric.name).or_default().push(ListedMetric { source, fact, metric });
            }
        }
        listed.values_mut().for_each(|lists| lists.sort_by_key(|metric| metric.source.release));
        Self { rules, listed, newest }
    }

    /// The newest list that has a metric of this very name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&ListedMetric<'f>> {
        self.listed.get(name)?.last()
    }

    /// The newest list that says which components serve a metric.
    fn served(&self, name: &str) -> Option<&ListedMetric<'f>> {
        self.listed.get(name)?.iter().rev().find(|listed| !listed.metric.components.is_empty())
    }

    /// The release of the newest list.
    #[must_use]
    pub fn newest(&self) -> Option<Release> {
        self.newest
    }

    /// Every metric of the newest list.
    pub fn of_newest(&self) -> impl Iterator<Item = &ListedMetric<'f>> {
        self.listed.values().filter_map(|lists| lists.last()).filter(|metric| metric.source.release == self.newest)
    }

    /// The name in what is written: without labels, backticks, remarks and the endings that samples have.
    #[must_use]
    pub fn bare_name(&self, written: &str) -> String {
        let text = written.trim().trim_matches('`');
        let text = text.split(['{', '(', '[', ' ', ':']).next().unwrap_or_default().trim_matches('`');
        let bare = |ending: &String| text.strip_suffix(ending.as_str()).filter(|bare| self.find(bare).is_some());
        self.rules.metric_endings.iter().find_map(bare).unwrap_or(text).to_owned()
    }

    /// Names of the newest list that end with this one.
    fn ending(&self, name: &str) -> Vec<&'f str> {
        let ends = |full: &&str| full.strip_suffix(name).is_some_and(|rest| rest.ends_with('_'));
        self.of_newest().map(|metric| &*metric.metric.name).filter(ends).collect()
    }

    /// Whether libraries or other projects make metrics of this name.
    fn is_unlisted(&self, name: &str) -> bool {
        self.rules.unlisted_metrics.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == pattern,
        })
    }
}

/// A metric as a proposal writes it.
struct Promised<'c> {
    written: &'c str,
    stated: Stated,
    /// Where the metadata has it.
    span: Option<Span>,
    /// The components that are to serve it, where an answer says so.
    components: Option<String>,
}

pub(super) fn judge<'c>(examined: &Examined<'c, '_>, found: &mut Vec<ClaimVerdict<'c>>) {
    for promised in promised(examined) {
        let claim = exists(examined, &promised);
        let listed = Some(examined.known.metrics.bare_name(promised.written))
            .and_then(|name| examined.known.metrics.find(&name));
        let of_components = listed.and_then(|listed| {
            served_by(examined, &promised, examined.known.metrics.served(&listed.metric.name).unwrap_or(listed))
        });
        let of_stability = listed.and_then(|listed| stability(examined, &promised, listed));
        found.push(claim);
        found.extend(of_stability);
        found.extend(of_components);
    }
}

/// Those of the metadata, then those that answers name beside.
fn promised<'c>(examined: &Examined<'c, '_>) -> Vec<Promised<'c>> {
    let (prepared, proposal) = (&examined.corpus.prepared, examined.proposal);
    let field = prepared.field_named(Meaning::Metrics).and_then(|name| prepared.profile.fields.get(name));
    let is_placeholder =
        |name: &str| name.trim().is_empty() || field.is_some_and(|field| names::is_placeholder(field, name));
    let mut all: Vec<Promised<'c>> = Vec::new();
    for item in proposal.items(prepared, Meaning::Metrics) {
        if is_placeholder(item.text) || all.iter().any(|known| known.written == item.text) {
            continue;
        }
        let stated = stated(&proposal.source, item.span);
        all.push(Promised { written: item.text, stated, span: Some(item.span), components: None });
    }
    let Some(prose) = &proposal.prose else { return all };
    for (name, span) in &prose.document.metrics {
        if is_placeholder(name) || !names::is_metric(name) {
            continue;
        }
        let components = components_beside(examined, *span);
        match all.iter_mut().find(|known| known.written == &**name) {
            Some(known) => known.components = known.components.take().or(components),
            None => {
                let stated = stated(&prose.source, *span);
                all.push(Promised { written: name, stated, span: None, components });
            }
        }
    }
    all
}

/// The components that the answer with this metric names for its metrics.
fn components_beside(examined: &Examined<'_, '_>, metric: Span) -> Option<String> {
    let prepared = &examined.corpus.prepared;
    let document = examined.proposal.document()?;
    let (questionnaire, index, answer) = document.answers.iter().enumerate().find_map(|(questionnaire, answers)| {
        let index = answers.answers.iter().position(|answer| answer.text.contains(metric))?;
        Some((questionnaire, index, &answers.answers[index]))
    })?;
    let (_, question) = prepared.question(questionnaire, index);
    let is_of = |field: usize| question.field.get(field).is_some_and(|rule| rule.components);
    let named = answer.fields.iter().filter(|field| is_of(field.field) && !field.value.is_empty());
    let after = named.filter(|field| field.span.start >= metric.start).min_by_key(|field| field.span.start)?;
    Some(after.value.to_string())
}

fn exists<'c>(examined: &Examined<'c, '_>, promised: &Promised<'c>) -> ClaimVerdict<'c> {
    let metrics = &examined.known.metrics;
    let claim = examined.claim(ClaimKind::MetricExists, promised.written, promised.written);
    let claim = claim.stated(promised.stated.clone());
    let Some(newest) = metrics.newest() else { return claim.unknown("no list of the code's metrics was given") };
    let name = metrics.bare_name(promised.written);
    if name.len() < 3 || !names::is_metric(&name) || is_prose(promised.written, &name) {
        let reason = format!("`{}` is no name of a metric", promised.written);
        let claim = claim.drift(Flaw::MetricNotAName, None, reason);
        let joined = promised.written.trim().trim_matches('`').replace(['/', '.', '-'], "_");
        return match metrics.find(&joined) {
            Some(listed) => claim.suggesting(joined).seen([listed.evidence()]),
            None => claim,
        };
    }
    match metrics.find(&name) {
        Some(listed) if listed.source.release == metrics.newest() => {
            let level = listed.metric.stability.as_deref().unwrap_or("no stability");
            let found = format!("{} ({level})", listed.metric.name);
            claim.agree(found, format!("{} has it", spelt(newest))).seen([listed.evidence()])
        }
        Some(listed) => {
            let last = listed.source.release.map_or_else(|| listed.source.version.to_string(), spelt);
            let reason = format!("{last} had it, {} has it no longer", spelt(newest));
            let found = Some(format!("in {last}, gone since"));
            claim.drift(Flaw::MetricMissing, found, reason).seen([listed.evidence()])
        }
        None => unlisted(examined, claim, promised, &name, newest),
    }
}

/// Whether more is written than a name with labels and a remark.
fn is_prose(written: &str, name: &str) -> bool {
    let rest = written.trim().trim_matches('`');
    let rest = rest.strip_prefix(name).unwrap_or(rest).trim_start_matches('`').trim_start();
    !name.contains('_') && !rest.is_empty() && !rest.starts_with(['{', '(', '['])
}

fn unlisted<'c>(
    examined: &Examined<'c, '_>,
    claim: ClaimVerdict<'c>,
    promised: &Promised<'c>,
    name: &str,
    newest: Release,
) -> ClaimVerdict<'c> {
    let metrics = &examined.known.metrics;
    let prepared = &examined.corpus.prepared;
    if metrics.is_unlisted(name) {
        return claim.unknown("a library or another project makes it; the code's list leaves such metrics out");
    }
    let ending = if name.len() >= PARTIAL_MIN { metrics.ending(name) } else { Vec::new() };
    if let [first, rest @ ..] = ending.as_slice() {
        let evidence = metrics.find(first).map(ListedMetric::evidence);
        let others = if rest.is_empty() { String::new() } else { format!(" (or {})", rest.join(", ")) };
        let reason = format!("the whole name is {first}{others}");
        let fix = promised.span.filter(|_| rest.is_empty() && promised.written == name);
        let fix = fix.map(|span| Fix { span, replacement: (*first).to_owned() });
        let claim = claim.soft(Flaw::MetricPartialName, Some(ending.join(", ")), reason).seen(evidence);
        return if rest.is_empty() { claim.suggesting(*first).fixed_by(fix) } else { claim };
    }
    let planned = examined.proposal.accepted(prepared).into_iter().chain(examined.first_milestone());
    if planned.clone().any(|release| release.minors_after(newest) > 0) {
        return claim.future("work is planned for a release that is newer than every list in hand");
    }
    match examined.proposal.class(prepared) {
        StatusClass::Dead | StatusClass::Parked => {
            return claim.unknown("the proposal was given up or put aside, and no list has the metric");
        }
        StatusClass::Open => return claim.future("the proposal is not accepted yet"),
        _ => {}
    }
    if outside(examined) {
        return claim.unknown("the components of the proposal are those of other projects");
    }
    let list = metrics.of_newest().next();
    let count = metrics.of_newest().count();
    let absent =
        list.map(|listed| Evidence { line: None, text: format!("not among its {count} metrics"), ..listed.evidence() });
    claim.drift(Flaw::MetricMissing, None, format!("{} has no such metric", spelt(newest))).seen(absent)
}

/// Whether every component that the gates name is one of another project.
fn outside(examined: &Examined<'_, '_>) -> bool {
    let elsewhere = &examined.corpus.prepared.profile.evidence.elsewhere;
    let gates = examined.proposal.gates(&examined.corpus.prepared);
    let mut components = gates.iter().flat_map(|gate| gate.components.iter()).peekable();
    components.peek().is_some()
        && components.all(|component| elsewhere.iter().any(|other| other.eq_ignore_ascii_case(component)))
}

fn served_by<'c>(
    examined: &Examined<'c, '_>,
    promised: &Promised<'c>,
    listed: &ListedMetric<'_>,
) -> Option<ClaimVerdict<'c>> {
    let written = promised.components.as_deref()?;
    let claim = examined.claim(ClaimKind::MetricComponents, promised.written, written);
    let claim = claim.stated(promised.stated.clone());
    let components: &[Arc<str>] = &listed.metric.components;
    if components.is_empty() {
        return Some(claim.unknown("no list in hand says which components serve it"));
    }
    let claim = claim.seen([listed.evidence()]);
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let words = plain(written);
    let short = |component: &str| plain(component.strip_prefix("kube-").unwrap_or(component));
    let is_named = components.iter().any(|component| words.contains(&short(component)));
    let found = components.join(", ");
    Some(match is_named {
        true => claim.agree(found.clone(), format!("served by {found}")),
        false => claim.unknown(format!("the list says {found}; other components may serve it too")),
    })
}

/// Whether a metric is promised to stay where the feature is stable.
fn stability<'c>(
    examined: &Examined<'c, '_>,
    promised: &Promised<'c>,
    listed: &ListedMetric<'_>,
) -> Option<ClaimVerdict<'c>> {
    let text = promised.written.to_ascii_uppercase();
    let said = ["ALPHA", "BETA", "STABLE"]
        .into_iter()
        .find(|level| text.contains(&format!("({level}")) || text.contains(&format!("[{level}")))?;
    let claim = examined.claim(ClaimKind::MetricStability, promised.written, said);
    let claim = claim.stated(promised.stated.clone()).seen([listed.evidence()]);
    let found = listed.metric.stability.as_deref()?;
    Some(match found.eq_ignore_ascii_case(said) {
        true => claim.agree(found, format!("the list says {found}")),
        false => {
            let rank =
                |level: &str| ["ALPHA", "BETA", "STABLE"].iter().position(|known| level.eq_ignore_ascii_case(known));
            let flaw = if rank(found) < rank(said) { Flaw::StatusAhead } else { Flaw::StatusBehind };
            claim.soft(flaw, Some(found.to_owned()), format!("the list says {found}"))
        }
    })
}
