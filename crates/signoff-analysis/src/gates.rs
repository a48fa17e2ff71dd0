//! Which gates there are at a version of the code, as far as the sources tell: the union of all lists, under the names
//! that people set.
//!
//! Start at [`Gates::of`]; [`Gates::registry`] is what one version has, [`Registry::state`] what one gate is there.
//! A list tells the past of its own gates too, but a patch release may rewrite it, and gates that are gone are in no
//! list: what is concluded from the list of another version is marked as [`Certainty::Inferred`].

use std::collections::BTreeMap;
use std::sync::Arc;

use signoff_model::Release;
use signoff_model::fact::{
    Evidence, Fact, FactSource, Facts, GatePage, GateSpec, GateStage, Quote, Record, SourceKind,
};
use signoff_model::profile::EvidenceRules;

pub mod lives;

/// How something is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// A source of this very version says so.
    Observed,
    /// It follows from what a source of another version says.
    Inferred,
    /// No source tells.
    Unknown,
}

impl Certainty {
    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Inferred => "inferred",
            Self::Unknown => "unknown",
        }
    }
}

/// All that the sources know of gates.
pub struct Gates<'f> {
    /// What each version of the project itself has, oldest first.
    registries: Vec<Registry<'f>>,
    /// Gates that belong to one component, or to another project, by name.
    elsewhere: BTreeMap<&'f str, Elsewhere<'f>>,
    /// Whether any list of such gates was read, by the name of the registry or the project.
    lists_elsewhere: Vec<&'f str>,
    pages: BTreeMap<&'f str, Paged<'f>>,
    /// The release that the pages are of.
    pages_of: Option<Release>,
    cited: BTreeMap<&'f str, Vec<(&'f FactSource, &'f Fact)>>,
}

/// What one version has.
pub struct Registry<'f> {
    /// The version.
    pub release: Release,
    /// Its gates by the name that people set.
    pub gates: BTreeMap<&'f str, Listed<'f>>,
    /// Whether a source says what gates need.
    pub tells_needs: bool,
    /// What gates need that no list has.
    unlisted_needs: BTreeMap<&'f str, Needs<'f>>,
}

/// A gate as one version has it.
#[derive(Clone)]
pub struct Listed<'f> {
    /// The source that tells its stages.
    pub source: &'f FactSource,
    /// The entry there.
    pub fact: &'f Fact,
    /// Its stages, oldest first.
    pub specs: &'f [GateSpec],
    /// The gates that must be on with it, and where that is said; `None` when no source tells.
    pub needs: Option<Needs<'f>>,
    /// How it is known.
    pub certainty: Certainty,
}

/// The gates that must be on with a gate, and where that is said.
#[derive(Clone, Copy)]
pub struct Needs<'f> {
    /// Their names.
    pub gates: &'f [Arc<str>],
    /// The source.
    pub source: &'f FactSource,
    /// The entry.
    pub fact: &'f Fact,
}

/// A gate of one component or of another project.
#[derive(Clone, Copy)]
pub struct Elsewhere<'f> {
    /// The registry or the project.
    pub registry: &'f str,
    /// The source.
    pub source: &'f FactSource,
    /// The entry.
    pub fact: &'f Fact,
}

/// The page of a gate.
#[derive(Clone, Copy)]
pub struct Paged<'f> {
    /// The source.
    pub source: &'f FactSource,
    /// The entry.
    pub fact: &'f Fact,
    /// What it says.
    pub page: &'f GatePage,
}

impl Paged<'_> {
    /// A line of the page as evidence.
    #[must_use]
    pub fn evidence(&self, quote: &Quote) -> Evidence {
        self.source.evidence(&self.fact.path, quote)
    }
}

/// What a gate is at a version, as a component of a (perhaps later) version sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State<'f> {
    /// The entry that holds.
    pub spec: &'f GateSpec,
    /// Whether it is on unless somebody sets it; `None` where two entries hold from the same version.
    pub default: Option<bool>,
    /// Whether it cannot be set to anything else.
    pub locked: bool,
}

impl<'f> Listed<'f> {
    /// What it is at a version; `None` before its first.
    #[must_use]
    pub fn state(&self, release: Release) -> Option<State<'f>> {
        let spec = self.specs.iter().filter(|spec| spec.since <= release).max_by_key(|spec| spec.since)?;
        // A second entry of the same version holds from a compatibility version that lists do not print.
        let is_doubtful = self.specs.iter().filter(|other| other.since == spec.since).count() > 1;
        let default = if is_doubtful { None } else { spec.default };
        Some(State { spec, default, locked: spec.locked && !is_doubtful })
    }

    /// A line of its entry as evidence.
    #[must_use]
    pub fn evidence(&self, quote: &Quote) -> Evidence {
        self.source.evidence(&self.fact.path, quote)
    }

    /// The first version at a stage; version 1.0 stands for the time before gates and is none.
    #[must_use]
    pub fn first(&self, stage: GateStage) -> Option<&'f GateSpec> {
        self.specs.iter().filter(|spec| spec.stage == stage && spec.since > BEFORE_GATES).min_by_key(|spec| spec.since)
    }
}

/// The version that lists print for what was so before there were gates.
pub const BEFORE_GATES: Release = Release { major: 1, minor: 0, patch: 0 };

impl<'f> Gates<'f> {
    /// What the sources say, with the names of constants replaced by those that people set.
    #[must_use]
    pub fn of(facts: &'f Facts, rules: &'f EvidenceRules) -> Self {
        let names = Names::of(facts, rules);
        let mut gates = Self {
            registries: Vec::new(),
            elsewhere: BTreeMap::new(),
            lists_elsewhere: Vec::new(),
            pages: BTreeMap::new(),
            pages_of: None,
            cited: BTreeMap::new(),
        };
        for source in &facts.sources {
            match source.kind {
                SourceKind::FeatureList
                | SourceKind::FeatureTable
                | SourceKind::GateDependencies
                | SourceKind::GateDeclarations => gates.add(source, rules, &names),
                SourceKind::GatePages => gates.add_pages(source),
                _ => {}
            }
        }
        gates.registries.sort_by_key(|registry| registry.release);
        gates.infer();
        gates
    }

    /// What a version has: its own lists, else those of the nearest patch of the same minor version, else `None`.
    #[must_use]
    pub fn registry(&self, release: Release) -> Option<&Registry<'f>> {
        let same = |registry: &&Registry<'f>| registry.release.minors_after(release) == 0;
        self.registries.iter().filter(same).min_by_key(|registry| registry.release.patch.abs_diff(release.patch))
    }

    /// What the newest patch of a minor version has that is in hand.
    #[must_use]
    pub fn newest_patch(&self, minor: Release) -> Option<&Registry<'f>> {
        self.registries.iter().rfind(|registry| registry.release.minors_after(minor) == 0)
    }

    /// What speaks for a minor version, and the version to ask it about: the newest patch in hand, which has the last
    /// word on it, else the next later version, which has the past of its own gates.
    #[must_use]
    pub fn speaking_for(&self, minor: Release) -> Option<(&Registry<'f>, Release)> {
        let later = || self.registries.iter().find(|registry| registry.release.minors_after(minor) > 0);
        let own = self.newest_patch(minor).map(|registry| (registry, registry.release));
        own.or_else(|| Some((later()?, minor)))
    }

    /// Every version of which there are lists, oldest first.
    pub fn releases(&self) -> impl DoubleEndedIterator<Item = Release> + '_ {
        self.registries.iter().map(|registry| registry.release)
    }

    /// What the newest version has.
    #[must_use]
    pub fn newest(&self) -> Option<&Registry<'f>> {
        self.registries.last()
    }

    /// What each version has, newest first.
    pub fn registries(&self) -> impl DoubleEndedIterator<Item = &Registry<'f>> {
        self.registries.iter().rev()
    }

    /// The newest version that has a gate, and the gate there.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<(&Registry<'f>, &Listed<'f>)> {
        self.registries().find_map(|registry| Some((registry, registry.gates.get(name)?)))
    }

    /// The page of a gate, also under a name that it had before.
    #[must_use]
    pub fn page(&self, name: &str) -> Option<&Paged<'f>> {
        let former = || self.pages.values().find(|paged| paged.page.former.iter().any(|former| &**former == name));
        self.pages.get(name).or_else(former)
    }

    /// Every page, by name.
    pub fn pages(&self) -> impl Iterator<Item = &Paged<'f>> {
        self.pages.values()
    }

    /// The release that the pages are of; `None` where there are none, or their version is no release.
    #[must_use]
    pub fn pages_of(&self) -> Option<Release> {
        self.pages_of
    }

    /// A gate of one component or of another project.
    #[must_use]
    pub fn elsewhere(&self, name: &str) -> Option<&Elsewhere<'f>> {
        self.elsewhere.get(name)
    }

    /// Whether the gates of a registry or a project were read.
    #[must_use]
    pub fn has_list_of(&self, registry: &str) -> bool {
        self.lists_elsewhere.contains(&registry)
    }

    /// The declarations whose comments cite a proposal.
    #[must_use]
    pub fn citing(&self, number: &str) -> &[(&'f FactSource, &'f Fact)] {
        self.cited.get(number).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, source: &'f FactSource, rules: &'f EvidenceRules, names: &Names<'f>) {
        let is_own = source.name.as_ref() == rules.code;
        for fact in &source.facts {
            if let Record::Declaration(declaration) = &fact.record {
                declaration
                    .proposals
                    .iter()
                    .for_each(|number| self.cited.entry(number).or_default().push((source, fact)));
                if let Some(registry) = declaration.registry.as_deref() {
                    self.add_elsewhere(registry, &declaration.name, source, fact);
                    continue;
                }
            }
            if !is_own {
                let name = match &fact.record {
                    Record::Gate(gate) => &gate.name,
                    Record::Declaration(declaration) => &declaration.name,
                    _ => continue,
                };
                self.add_elsewhere(&source.name, name, source, fact);
            }
        }
        let Some(release) = source.release.filter(|_| is_own) else { return };
        let registry = self.registry_of(release);
        registry.tells_needs |= matches!(source.kind, SourceKind::FeatureTable | SourceKind::GateDependencies);
        source.facts.iter().for_each(|fact| registry.add(source, fact, names));
    }

    fn add_elsewhere(&mut self, registry: &'f str, name: &'f str, source: &'f FactSource, fact: &'f Fact) {
        self.elsewhere.insert(name, Elsewhere { registry, source, fact });
        if !self.lists_elsewhere.contains(&registry) {
            self.lists_elsewhere.push(registry);
        }
    }

    fn registry_of(&mut self, release: Release) -> &mut Registry<'f> {
        let at = self.registries.iter().position(|registry| registry.release == release);
        let at = at.unwrap_or_else(|| {
            let gates = BTreeMap::new();
            self.registries.push(Registry { release, gates, tells_needs: false, unlisted_needs: BTreeMap::new() });
            self.registries.len() - 1
        });
        &mut self.registries[at]
    }

    fn add_pages(&mut self, source: &'f FactSource) {
        self.pages_of = self.pages_of.max(source.release);
        for fact in &source.facts {
            let Record::Page(page) = &fact.record else { continue };
            self.pages.insert(&page.name, Paged { source, fact, page });
        }
    }

    /// Gates that only later lists have, since earlier ones left out where they are declared.
    fn infer(&mut self) {
        for index in (1..self.registries.len()).rev() {
            let (older, newer) = self.registries.split_at_mut(index);
            let (older, newer) = (&mut older[index - 1], &newer[0]);
            if older.gates.values().any(|listed| listed.source.kind == SourceKind::FeatureTable) {
                continue;
            }
            for (name, listed) in &newer.gates {
                let is_left_out =
                    listed.source.kind == SourceKind::FeatureTable || listed.certainty == Certainty::Inferred;
                if is_left_out && listed.state(older.release).is_some() && !older.gates.contains_key(name) {
                    let needs = older.unlisted_needs.get(name).copied();
                    let inferred = Listed { certainty: Certainty::Inferred, needs, ..listed.clone() };
                    older.gates.insert(name, inferred);
                }
            }
        }
    }
}

impl<'f> Registry<'f> {
    /// Adds what one entry says. Of two sources the one that comes first tells the stages: lists before tables before
    /// declarations.
    fn add(&mut self, source: &'f FactSource, fact: &'f Fact, names: &Names<'f>) {
        let (name, specs, needs) = match &fact.record {
            Record::Gate(gate) => (&*gate.name, gate.specs.as_slice(), gate.needs.as_deref()),
            Record::Declaration(declaration) if declaration.registry.is_none() => {
                (&*declaration.name, declaration.specs.as_slice(), declaration.needs.as_deref())
            }
            _ => return,
        };
        let needs = needs.map(|gates| Needs { gates, source, fact });
        match self.gates.get_mut(names.set_by_people(name)) {
            Some(known) => {
                if known.specs.is_empty() {
                    (known.source, known.fact, known.specs) = (source, fact, specs);
                }
                known.needs = known.needs.or(needs);
            }
            // What says nothing but what a gate needs does not say that there is one.
            None if specs.is_empty() && source.kind != SourceKind::FeatureList => {
                self.unlisted_needs.extend(needs.map(|needs| (name, needs)));
            }
            None => {
                let listed = Listed { source, fact, specs, needs, certainty: Certainty::Observed };
                self.gates.insert(names.set_by_people(name), listed);
            }
        }
    }

    /// That a gate is not among these, as evidence; `None` where there are none.
    #[must_use]
    pub fn absence(&self) -> Option<Evidence> {
        let listed = self.gates.values().next()?;
        let text = format!("not among its {} gates", self.gates.len());
        Some(Evidence { line: None, text, ..listed.evidence(&listed.fact.at) })
    }

    /// What a gate is at a version, which is this one or, where it is emulated, an earlier one.
    #[must_use]
    pub fn state(&self, name: &str, release: Release) -> Option<State<'f>> {
        self.gates.get(name)?.state(release)
    }
}

/// The names that people set, by the names of constants.
struct Names<'f>(BTreeMap<&'f str, &'f str>);

impl<'f> Names<'f> {
    fn of(facts: &'f Facts, rules: &'f EvidenceRules) -> Self {
        let declared = facts.of(SourceKind::GateDeclarations).flat_map(|source| &source.facts);
        let declared = declared.filter_map(|fact| match &fact.record {
            Record::Declaration(declaration) => Some((declaration.constant.as_deref()?, &*declaration.name)),
            _ => None,
        });
        let known = rules.gate_constants.iter().map(|(name, constant)| (constant.as_str(), name.as_str()));
        Self(known.chain(declared).collect())
    }

    fn set_by_people(&self, name: &'f str) -> &'f str {
        self.0.get(name).copied().unwrap_or(name)
    }
}
