//! All that the parts of an answer look at: the versions on the way, their terms, and how components start on them.

use std::collections::BTreeSet;

use signoff_model::configured::{Configured, Place};
use signoff_model::fact::{Evidence, Facts, GateStage, Quote, Record, SourceKind};
use signoff_model::profile::{EvidenceRules, UpgradeRules};
use signoff_model::{Corpus, Release};

use super::behind::Proposals;
use super::terms::{Prefixes, StartUp, Terms};
use super::versions::{self, Error, Version, floor, minor, spelt};
use super::{Gap, Question};
use crate::gates::{Certainty, Gates, Listed, State};

/// All that is looked at.
pub(super) struct Scene<'a> {
    pub(super) gates: &'a Gates<'a>,
    pub(super) facts: &'a Facts,
    pub(super) rules: &'a EvidenceRules,
    pub(super) question: &'a Question<'a>,
    pub(super) proposals: Proposals<'a>,
    pub(super) has_proposals: bool,
    /// The minor versions on the way.
    pub(super) hops: Vec<Release>,
    /// The version today, those on the way of which there are lists, the version after.
    pub(super) steps: Vec<Version>,
    /// Without emulation first.
    courses: Vec<Course<'a>>,
    /// The components of which no configuration is given: as far as is known nothing is set.
    unconfigured: Vec<Configured>,
    /// What is not known of the versions.
    pub(super) gaps: Vec<Gap>,
}

/// The terms of each step for what emulates a version, or none.
pub(super) struct Course<'a> {
    emulation: Option<Release>,
    pub(super) terms: Vec<Terms<'a>>,
}

/// A component as something configures it, and how it starts at each step.
pub(super) struct Instance<'s> {
    pub(super) configured: &'s Configured,
    /// The version that it emulates.
    pub(super) emulation: Option<Release>,
    pub(super) course: usize,
    pub(super) starts: Vec<StartUp<'s>>,
}

impl<'a> Scene<'a> {
    pub(super) fn of(
        gates: &'a Gates<'a>,
        facts: &'a Facts,
        rules: &'a EvidenceRules,
        corpus: Option<&'a Corpus>,
        question: &'a Question<'a>,
    ) -> Result<Self, Error> {
        let mut gaps = Vec::new();
        let from = Version::of(gates, question.from, question.allow_unknown, &mut gaps)?;
        let to = Version::of(gates, question.to, question.allow_unknown, &mut gaps)?;
        if let Some(emulated) = question.emulation.filter(|emulated| floor(*emulated) > floor(to.release)) {
            return Err(Error::EmulatesLater { binary: spelt(to.release), emulated: minor(emulated) });
        }
        let hops = versions::hops(from.release, to.release);
        let mut steps = vec![from];
        for hop in hops.iter().filter(|hop| **hop != floor(to.release)) {
            match gates.releases().rfind(|release| floor(*release) == *hop) {
                Some(known) => {
                    steps.push(Version { release: known, read: Some(known), certainty: Certainty::Observed });
                }
                None => gaps.push(Gap::of(
                    "version",
                    format!("{} on the way: no list of it is in hand; what it brings is dated later", minor(*hop)),
                )),
            }
        }
        steps.push(to);
        let mut scene = Self {
            gates,
            facts,
            rules,
            question,
            proposals: Proposals::of(corpus),
            has_proposals: corpus.is_some(),
            hops,
            steps,
            courses: Vec::new(),
            unconfigured: Vec::new(),
            gaps,
        };
        scene.unconfigured =
            scene.components().filter(|component| !scene.is_configured(component)).map(unset).collect();
        let all = scene.configured().chain(&scene.unconfigured);
        let mut emulations: Vec<Option<Release>> = all.map(|configured| scene.emulation(configured)).collect();
        emulations.push(None);
        emulations.sort_unstable();
        emulations.dedup();
        scene.courses = emulations.into_iter().map(|emulation| scene.course_of(emulation)).collect();
        Ok(scene)
    }

    fn course_of(&self, emulation: Option<Release>) -> Course<'a> {
        let terms = self.steps.iter().map(|step| {
            let earlier = emulation.filter(|emulation| floor(*emulation) < floor(step.release));
            let effective = earlier.unwrap_or(step.release);
            let tells = step.tells_needs(self.gates);
            Terms::of(&step.gates(self.gates), step.release, effective, tells, self.rules)
        });
        Course { emulation, terms: terms.collect() }
    }

    pub(super) fn upgrade_rules(&self) -> &'a UpgradeRules {
        &self.rules.upgrade
    }

    pub(super) fn from(&self) -> Version {
        self.steps[0]
    }

    pub(super) fn to(&self) -> Version {
        self.steps[self.last()]
    }

    pub(super) fn last(&self) -> usize {
        self.steps.len() - 1
    }

    /// Whether the later version is the older one.
    pub(super) fn is_downgrade(&self) -> bool {
        self.to().release < self.from().release
    }

    /// Whether a component is spoken of.
    pub(super) fn speaks_of(&self, component: &str) -> bool {
        let asked = self.question.components;
        asked.is_empty() || asked.iter().any(|asked| asked == component)
    }

    /// The components of a cluster that are spoken of.
    pub(super) fn components(&self) -> impl Iterator<Item = &'a str> {
        let all = self.rules.upgrade.components.iter().map(String::as_str);
        all.filter(|component| self.speaks_of(component))
    }

    /// How those are configured that are spoken of.
    pub(super) fn configured(&self) -> impl Iterator<Item = &'a Configured> {
        self.question.configured.iter().filter(|configured| self.speaks_of(&configured.component))
    }

    /// Whether the gates of a component are those of every component.
    pub(super) fn shares_gates(&self, component: &str) -> bool {
        !self.rules.registry.contains_key(component)
    }

    fn emulates(&self, component: &str) -> bool {
        self.rules.upgrade.emulating.iter().any(|emulating| emulating == component)
    }

    /// The version that a component is configured to emulate, else the one that is asked about.
    pub(super) fn emulation(&self, configured: &Configured) -> Option<Release> {
        if !self.emulates(&configured.component) {
            return None;
        }
        self.emulation_flag(configured).or(self.question.emulation).map(floor)
    }

    /// The version that a component's flags say it emulates.
    pub(super) fn emulation_flag(&self, configured: &Configured) -> Option<Release> {
        let rules = self.upgrade_rules();
        if rules.emulation_flag.is_empty() {
            return None;
        }
        let flags = configured.flags.iter().filter(|flag| *flag.name == *rules.emulation_flag);
        let values = flags.filter_map(|flag| flag.value.as_deref()).flat_map(|value| value.split(','));
        let own = values.filter_map(|value| match value.trim().split_once('=') {
            Some((component, version)) => (component.trim() == rules.own_prefix).then_some(version.trim()),
            None => Some(value.trim()),
        });
        own.filter_map(Release::parse).next_back()
    }

    /// Whether a configuration of a component is given.
    pub(super) fn is_configured(&self, component: &str) -> bool {
        self.question.configured.iter().any(|configured| &*configured.component == component)
    }

    /// How each component starts at each step, those that nothing configures too. Those with gates of their own are left
    /// out.
    pub(super) fn instances(&self) -> Vec<Instance<'_>> {
        let all = self.configured().chain(&self.unconfigured);
        all.filter(|configured| self.shares_gates(&configured.component)).map(|it| self.instance(it)).collect()
    }

    fn instance<'s>(&'s self, configured: &'s Configured) -> Instance<'s> {
        let emulation = self.emulation(configured);
        let course = self.courses.iter().position(|course| course.emulation == emulation).unwrap_or(0);
        let prefixes = match self.emulates(&configured.component) {
            true => Prefixes::Own(&self.upgrade_rules().own_prefix),
            false => Prefixes::Unread,
        };
        let starts = self.courses[course].terms.iter().map(|terms| terms.start(&configured.gates, prefixes));
        Instance { configured, emulation, course, starts: starts.collect() }
    }

    /// The terms of a step on a course.
    pub(super) fn terms(&self, course: usize, step: usize) -> &Terms<'a> {
        &self.courses[course].terms[step]
    }

    /// The course of components that emulate what was asked for, else none.
    pub(super) fn plain(&self) -> usize {
        self.courses.iter().position(|course| course.emulation.is_none()).unwrap_or(0)
    }

    /// The words of the version at a step: a minor version, or a patch where the way goes on within one.
    pub(super) fn release_of(&self, step: usize) -> String {
        match self.hops.is_empty() {
            true => spelt(self.steps[step].release),
            false => minor(self.steps[step].release),
        }
    }

    /// The version that brings what is found at a step and not before, by the entry that says so.
    pub(super) fn brought(&self, step: usize, since: Option<Release>) -> String {
        let (before, at) = (self.steps[0].release, self.steps[step].release);
        match since {
            Some(since) if floor(since) > floor(before) && floor(since) <= floor(at) => minor(since),
            _ => self.release_of(step),
        }
    }

    /// The newest entry of a gate in any list.
    pub(super) fn anywhere(&self, name: &str) -> Option<&'a Listed<'a>> {
        self.gates.find(name).map(|(_, listed)| listed)
    }

    /// How it is known that a version has no such gate: lists of some versions leave out where some gates are declared.
    pub(super) fn absence(&self, name: &str, step: usize) -> Certainty {
        let version = self.steps[step];
        if version.certainty != Certainty::Observed {
            return version.certainty;
        }
        let own = |kind: SourceKind| self.facts.of(kind).filter(|source| source.name.as_ref() == self.rules.code);
        let at = |kind: SourceKind| own(kind).any(|source| source.release == version.read);
        let has_table = own(SourceKind::FeatureTable).any(|source| source.release >= version.read);
        let was_listed = self.anywhere(name).is_some_and(|listed| at(listed.source.kind));
        let is_told = was_listed || at(SourceKind::GateDeclarations) || (at(SourceKind::FeatureList) && has_table);
        if is_told { Certainty::Observed } else { Certainty::Inferred }
    }

    /// The names of the gates of a registry of its own at a step; none where its list is not in hand.
    pub(super) fn own_list(&self, registry: &str, step: usize) -> BTreeSet<&'a str> {
        let at = self.steps[step].read.filter(|read| floor(*read) == floor(self.steps[step].release));
        let sources = self.facts.of(SourceKind::GateDeclarations).filter(|source| at.is_some() && source.release == at);
        let names = sources.flat_map(|source| &source.facts).filter_map(|fact| match &fact.record {
            Record::Declaration(gate) if gate.registry.as_deref() == Some(registry) => Some(&*gate.name),
            _ => None,
        });
        names.collect()
    }

    /// The certainty of what a gate's entry says at a step.
    pub(super) fn certainty(&self, step: usize, listed: Option<&Listed<'_>>) -> Certainty {
        self.steps[step].certainty.max(listed.map_or(Certainty::Observed, |listed| listed.certainty))
    }
}

/// A component of which nothing is known to be set.
fn unset(component: &str) -> Configured {
    Configured { component: component.into(), ..Configured::default() }
}

impl Instance<'_> {
    /// Whether a configuration of it is given.
    pub(super) fn is_given(&self) -> bool {
        !self.configured.files.is_empty() || !self.configured.gates.is_empty() || !self.configured.flags.is_empty()
    }

    /// The places of settings.
    pub(super) fn places(&self, settings: &[usize]) -> Vec<Place> {
        let mut places: Vec<Place> = settings.iter().map(|index| self.configured.gates[*index].place.clone()).collect();
        places.sort();
        places.dedup();
        places
    }
}

/// A place in words: `kubelet.yaml:9`.
pub(super) fn place_words(place: &Place) -> String {
    match place.line {
        Some(line) => format!("{}:{line}", place.path),
        None => place.path.to_string(),
    }
}

/// What a gate is, in words: `beta, on`, `stable, on, locked`.
pub(super) fn words(state: &State<'_>) -> String {
    let default = match state.default {
        Some(on) => on_off(on),
        None => "default unknown",
    };
    let locked = if state.locked { ", locked" } else { "" };
    format!("{}, {default}{locked}", state.spec.stage.word())
}

/// `on` or `off`.
pub(super) fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// The lines of an entry that say what a gate is: its version, its default and its lock.
pub(super) fn evidence(listed: &Listed<'_>, state: &State<'_>) -> Vec<Evidence> {
    let spec = state.spec;
    let quotes = [Some(&spec.default_at), Some(&spec.since_at), spec.locked.then_some(&spec.locked_at)];
    let mut lines: Vec<&Quote> = quotes.into_iter().flatten().filter(|quote| quote.line > 0).collect();
    lines.sort_unstable();
    lines.dedup();
    if lines.is_empty() {
        lines.push(&listed.fact.at);
    }
    lines.into_iter().map(|quote| listed.evidence(quote)).collect()
}

/// Whether a gate is on its way out.
pub(super) fn is_deprecated(state: Option<&State<'_>>) -> bool {
    state.is_some_and(|state| state.spec.stage == GateStage::Deprecated)
}
