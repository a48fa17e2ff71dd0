//! What code and documentation say, made ready for the pages: [`Code`] is what they say of gates by themselves,
//! [`AllClaims`] what came out for the claims of the proposals.
//!
//! Neither is read again because a proposal was saved: [`Code`] stays as long as the sources do, and of the claims those
//! of proposals that are the same stay too.

use std::collections::BTreeMap;
use std::sync::Arc;

use signoff_analysis::claims::{self, Known};
use signoff_analysis::gates::Gates;
use signoff_analysis::gates::lives::{self, Life, Lives};
use signoff_model::fact::{Evidence, Facts, GateStage, SourceKind};
use signoff_model::profile::{EvidenceRules, Prepared};
use signoff_model::{Corpus, Release};

use crate::Site;

mod claimed;

pub(crate) use claimed::{AllClaims, Claim, Naming, Objection, Who, meant, sentence};

/// So many minor versions have a column.
const COLUMNS: u32 = 8;

/// What code and documentation say of gates, whatever proposals say.
pub(crate) struct Code {
    facts: Arc<Facts>,
    prepared: Arc<Prepared>,
    /// What each gate was and is.
    pub(crate) lives: Lives,
    /// The versions whose lists are in hand, oldest first.
    pub(crate) releases: Vec<Release>,
    /// The release that the pages of gates are of.
    pub(crate) pages_of: Option<Release>,
    /// More about each gate that has a life, by name.
    gates: BTreeMap<String, Gate>,
}

/// What is known of a gate beside its life.
pub(crate) struct Gate {
    /// The page of the site.
    pub(crate) page: String,
    /// What its page in the documentation says.
    pub(crate) docs: Option<Docs>,
    /// What it needs; `None` where no source tells.
    pub(crate) needs: Option<Needs>,
    /// The gates that need it.
    pub(crate) needed_by: Vec<String>,
}

/// The gates that a gate needs.
pub(crate) struct Needs {
    pub(crate) gates: Vec<String>,
    /// Where that is said.
    pub(crate) evidence: Evidence,
}

/// What the page of a gate says.
pub(crate) struct Docs {
    pub(crate) stages: Vec<DocsStage>,
    /// Names that it had before.
    pub(crate) former: Vec<String>,
    /// Where it says that the gate is gone.
    pub(crate) removed: Option<Evidence>,
}

/// A stage as the page of a gate has it.
pub(crate) struct DocsStage {
    pub(crate) stage: GateStage,
    pub(crate) from: Option<Release>,
    pub(crate) to: Option<Release>,
    pub(crate) default: Option<bool>,
    pub(crate) locked: bool,
    /// The line with the version.
    pub(crate) evidence: Evidence,
}

impl Code {
    /// What the sources of a snapshot say; the same as before where they are the same.
    pub(crate) fn of(facts: &Arc<Facts>, prepared: &Arc<Prepared>, before: Option<&Arc<Self>>) -> Arc<Self> {
        let is_same = |code: &&Arc<Self>| Arc::ptr_eq(&code.facts, facts) && Arc::ptr_eq(&code.prepared, prepared);
        if let Some(same) = before.filter(is_same) {
            return Arc::clone(same);
        }
        let gates = Gates::of(facts, &prepared.profile.evidence);
        let lives = lives::lives(&gates, COLUMNS);
        let mut pages = crate::places::GatePages::default();
        let known: BTreeMap<String, Gate> =
            lives.lives.iter().map(|life| (life.name.clone(), gate(&gates, life, pages.page(&life.name)))).collect();
        let releases = gates.releases().collect();
        let pages_of = gates.pages_of();
        Arc::new(Self {
            facts: Arc::clone(facts),
            prepared: Arc::clone(prepared),
            lives,
            releases,
            pages_of,
            gates: known,
        })
    }

    /// A gate that has a life.
    pub(crate) fn gate(&self, name: &str) -> Option<&Gate> {
        self.gates.get(name)
    }

    /// The life of a gate.
    pub(crate) fn life(&self, name: &str) -> Option<&Life> {
        let at = self.lives.lives.binary_search_by(|life| life.name.as_str().cmp(name)).ok()?;
        Some(&self.lives.lives[at])
    }

    /// The page of a gate.
    pub(crate) fn page(&self, name: &str) -> Option<&str> {
        self.gates.get(name).map(|gate| gate.page.as_str())
    }

    /// The name of the gate at a page.
    pub(crate) fn at_page(&self, path: &str) -> Option<&str> {
        self.gates.iter().find(|(_, gate)| gate.page == path).map(|(name, _)| name.as_str())
    }

    /// Whether there is anything to say of gates.
    pub(crate) fn has_gates(&self) -> bool {
        !self.lives.lives.is_empty()
    }

    /// Whether any source was read.
    pub(crate) fn has_sources(&self) -> bool {
        self.facts.sources.iter().any(|source| !source.facts.is_empty())
    }

    /// The sources of gates in words: `Code: lists of 1.35.3 and 1.36.2. Docs: pages of 1.35.`
    pub(crate) fn sources(&self) -> String {
        let versions: Vec<String> = self.releases.iter().map(|release| spelt(*release)).collect();
        let mut sentence = format!("Code: lists of {}.", listed(&versions));
        if let Some(first) =
            self.releases.first().filter(|first| self.lives.minors.first().is_some_and(|own| own < first))
        {
            sentence += &format!(" What was before {} follows from later lists and pages.", minor(*first));
        }
        if let Some(release) = self.pages_of {
            sentence += &format!(" Docs: pages of {}.", minor(release));
        }
        sentence
    }
}

fn gate(gates: &Gates<'_>, life: &Life, page: String) -> Gate {
    let newest = gates.find(&life.name).map(|(_, listed)| listed);
    let needs = newest.and_then(|listed| listed.needs).filter(|needs| !needs.gates.is_empty());
    let needed_by = gates.newest().map(|registry| {
        let needing = registry.gates.iter().filter(|(_, listed)| {
            listed.needs.is_some_and(|needs| needs.gates.iter().any(|needed| **needed == *life.name))
        });
        needing.map(|(name, _)| (*name).to_owned()).collect()
    });
    Gate {
        page,
        docs: gates.page(&life.name).map(docs),
        needs: needs.map(|needs| Needs {
            gates: needs.gates.iter().map(ToString::to_string).collect(),
            evidence: needs.source.evidence(&needs.fact.path, &needs.fact.at),
        }),
        needed_by: needed_by.unwrap_or_default(),
    }
}

fn docs(paged: &signoff_analysis::gates::Paged<'_>) -> Docs {
    let stage = |stage: &signoff_model::fact::PageStage| DocsStage {
        stage: stage.stage,
        from: stage.from,
        to: stage.to,
        default: stage.default,
        locked: stage.locked,
        evidence: paged.evidence(if stage.from_at.text.is_empty() { &stage.stage_at } else { &stage.from_at }),
    };
    Docs {
        stages: paged.page.stages.iter().map(stage).collect(),
        former: paged.page.former.iter().map(ToString::to_string).collect(),
        removed: paged.page.removed.then(|| paged.evidence(&paged.page.removed_at)),
    }
}

/// A release without its `v`: `1.36.2`, `1.36`.
pub(crate) fn spelt(release: Release) -> String {
    let text = release.to_string();
    text.strip_prefix('v').unwrap_or(&text).to_owned()
}

/// A release without its `v` and its patch.
pub(crate) fn minor(release: Release) -> String {
    spelt(Release { patch: 0, ..release })
}

/// Names in a sentence: `a, b and c`.
pub(crate) fn listed<T: AsRef<str>>(names: &[T]) -> String {
    match names {
        [] => "nothing".to_owned(),
        [one] => one.as_ref().to_owned(),
        [all @ .., last] => {
            let all: Vec<&str> = all.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", all.join(", "), last.as_ref())
        }
    }
}

impl Site {
    /// What code and documentation say of gates.
    pub(crate) fn code(&self) -> &Code {
        &self.code
    }

    /// What came out for the claims of every proposal, judged when a page asks for it.
    pub(crate) fn judged(&self) -> &AllClaims {
        self.judged.get_or_init(|| {
            let before = self.judged_before.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
            Arc::new(AllClaims::of(&self.snapshot.corpus, &self.code, before.as_deref()))
        })
    }

    /// Calls with what the claims of proposals are judged by.
    pub(crate) fn with_known<T>(&self, ask: impl FnOnce(&Corpus, &Known<'_>) -> T) -> T {
        let corpus = &self.snapshot.corpus;
        ask(corpus, &Known::of(&self.snapshot.evidence, &corpus.prepared.profile.evidence))
    }

    /// The rules by which evidence is read.
    pub(crate) fn rules_of_evidence(&self) -> &EvidenceRules {
        &self.snapshot.corpus.prepared.profile.evidence
    }

    /// What the sources have and nobody claims.
    pub(crate) fn unclaimed(&self) -> Vec<claims::Unclaimed> {
        self.with_known(claims::unclaimed)
    }

    /// Whether a source of this kind is in hand.
    pub(crate) fn has_source(&self, kind: SourceKind) -> bool {
        self.snapshot.evidence.of(kind).next().is_some()
    }
}
