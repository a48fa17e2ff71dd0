//! What changes for an operator between two versions.
//!
//! Start at [`upgrade`]. [`terms`] is how a component of a version reads its gates; `settings` asks what given settings
//! lead to at each version on the way, `defaults` what changes by itself, `beside` what changes beside gates. What was
//! not looked at is a [`Gap`], and an answer with gaps is not complete: nothing found is no promise then.

use std::sync::Arc;

use signoff_model::configured::{Configured, Place};
use signoff_model::fact::{Evidence, Facts, Problem};
use signoff_model::profile::EvidenceRules;
use signoff_model::{Corpus, Release};

use crate::gates::{Certainty, Gates};

mod behind;
mod beside;
mod defaults;
mod gaps;
mod scene;
mod settings;
pub mod terms;
mod versions;

pub use behind::{Behind, Told};
pub use versions::{Asked, Error, Version, minor, spelt};

/// What is asked.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// The version today.
    pub from: Asked,
    /// The version after.
    pub to: Asked,
    /// The version that components of the later ones are to emulate.
    pub emulation: Option<Release>,
    /// Whether the same settings must do for both, as in the time in which one may have to go back.
    pub both_ways: bool,
    /// Whether an answer is wanted although the later version is not known.
    pub allow_unknown: bool,
    /// How components are configured.
    pub configured: &'a [Configured],
    /// Files that were given, to look for names in.
    pub texts: &'a [Text],
    /// Files that were given and say nothing of a component.
    pub unrecognised: &'a [Problem],
    /// The components to speak of; all where there are none.
    pub components: &'a [String],
}

/// A file that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its path.
    pub path: Arc<str>,
    /// What it says.
    pub text: String,
}

/// What changes.
pub struct Report {
    /// The version today.
    pub from: Version,
    /// The version after.
    pub to: Version,
    /// The minor versions on the way.
    pub hops: Vec<Release>,
    /// The newest version that is known.
    pub known_through: Option<Release>,
    /// The version that is emulated.
    pub emulation: Option<Release>,
    /// Whether both ways were asked about.
    pub both_ways: bool,
    /// The sources that speak for the two versions.
    pub sources: Vec<Source>,
    /// What was looked at of the cluster.
    pub inspected: Vec<Inspected>,
    /// What was not.
    pub gaps: Vec<Gap>,
    /// What changes, the worst first.
    pub changes: Vec<Change>,
}

impl Report {
    /// Whether nothing was left out.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.gaps.is_empty()
    }

    /// Those of one level.
    pub fn of(&self, level: Level) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| change.level == level)
    }
}

/// A source that was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// Name of the project.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The kind, in the word of the profile.
    pub kind: &'static str,
    /// The file or folder.
    pub path: String,
}

/// A file of a component that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Inspected {
    /// The component.
    pub component: String,
    /// What tells it from others of its kind.
    pub instance: String,
    /// The file.
    pub path: String,
}

/// Something that was not looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// What: `configuration`, `gates`, `version`, `dependencies`, `flags`, `apis`, `metrics`, `formats`, `file`,
    /// `proposals`, `source`.
    pub what: &'static str,
    /// The component; `None` for what is of no single one.
    pub component: Option<String>,
    /// The file, where one is to blame.
    pub path: Option<String>,
    /// Its line.
    pub line: Option<usize>,
    /// Why not, in one sentence without a period.
    pub reason: String,
}

impl Gap {
    fn of(what: &'static str, reason: impl Into<String>) -> Self {
        Self { what, component: None, path: None, line: None, reason: reason.into() }
    }

    fn of_component(what: &'static str, component: &str, reason: impl Into<String>) -> Self {
        Self { component: Some(component.to_owned()), ..Self::of(what, reason) }
    }
}

/// How much a change matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The component will not start.
    Breaks,
    /// Something works otherwise, or an alert goes silent.
    Behaviour,
    /// A person must decide.
    Review,
    /// Good to know.
    Notice,
}

impl Level {
    /// Every level, the worst first.
    pub const ALL: [Self; 4] = [Self::Breaks, Self::Behaviour, Self::Review, Self::Notice];

    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Breaks => "breaks",
            Self::Behaviour => "behaviour",
            Self::Review => "review",
            Self::Notice => "notice",
        }
    }
}

/// Kinds of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// A gate is gone.
    Removed,
    /// A gate can no longer be set to anything but its default.
    Locked,
    /// A gate, or another setting, is on where it was off, or the other way round.
    DefaultFlipped,
    /// A gate is new.
    New,
    /// A gate, or a format, is on its way out.
    Deprecated,
    /// A gate is on without one that it needs.
    DependencyUnmet,
    /// A gate is set that the version does not know.
    UnknownGate,
    /// A setting cannot be read.
    InvalidSetting,
    /// A flag is gone.
    FlagRemoved,
    /// A version of the API is no longer served.
    ApiRemoved,
    /// A format of configuration is no longer read.
    ConfigVersionRemoved,
    /// A metric is gone.
    MetricRemoved,
}

impl ChangeKind {
    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Locked => "locked",
            Self::DefaultFlipped => "default-flipped",
            Self::New => "new",
            Self::Deprecated => "deprecated",
            Self::DependencyUnmet => "dependency-unmet",
            Self::UnknownGate => "unknown-gate",
            Self::InvalidSetting => "invalid-setting",
            Self::FlagRemoved => "flag-removed",
            Self::ApiRemoved => "api-removed",
            Self::ConfigVersionRemoved => "config-version-removed",
            Self::MetricRemoved => "metric-removed",
        }
    }
}

/// Something that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// How much it matters.
    pub level: Level,
    /// The kind.
    pub kind: ChangeKind,
    /// The gate, flag, metric, format or version of an API.
    pub subject: String,
    /// Whether that is a gate.
    pub is_gate: bool,
    /// The component; `None` where it is not told apart.
    pub component: Option<String>,
    /// All components that are concerned, where the change is told once for several.
    pub components: Vec<String>,
    /// What tells it from others of its kind; empty where there is one.
    pub instance: String,
    /// The version that brings it.
    pub release: Option<String>,
    /// How it is known.
    pub certainty: Certainty,
    /// What it was.
    pub from: Option<String>,
    /// What it will be.
    pub to: Option<String>,
    /// What happens, in one sentence without a period.
    pub message: String,
    /// The proposal behind it.
    pub behind: Option<Behind>,
    /// The lines that set it.
    pub set_in: Vec<Place>,
    /// What to write for things to stay as they are today, or that they cannot.
    pub keep_today: Option<String>,
    /// Whether it is so today already.
    pub already: bool,
    /// Whether it is so on the way back, not on the way there.
    pub back: bool,
    /// What says so.
    pub evidence: Vec<Evidence>,
}

impl Change {
    fn new(level: Level, kind: ChangeKind, subject: &str, message: impl Into<String>) -> Self {
        Self {
            level,
            kind,
            subject: subject.to_owned(),
            is_gate: false,
            component: None,
            components: Vec::new(),
            instance: String::new(),
            release: None,
            certainty: Certainty::Observed,
            from: None,
            to: None,
            message: message.into(),
            behind: None,
            set_in: Vec::new(),
            keep_today: None,
            already: false,
            back: false,
            evidence: Vec::new(),
        }
    }
}

/// What changes between two versions.
///
/// `corpus` holds the proposals behind gates; without one nothing is told of them.
///
/// # Errors
/// When nothing is known of the later version and that was not allowed, or it is to emulate a later one.
pub fn upgrade(
    gates: &Gates<'_>,
    facts: &Facts,
    rules: &EvidenceRules,
    corpus: Option<&Corpus>,
    question: &Question<'_>,
) -> Result<Report, Error> {
    let scene = scene::Scene::of(gates, facts, rules, corpus, question)?;
    let instances = scene.instances();
    let mut changes = settings::changes(&scene, &instances);
    changes.extend(defaults::changes(&scene, &instances));
    changes.extend(beside::changes(&scene));
    let order = |change: &Change| (change.level, change.component.clone(), change.subject.clone());
    let rest = |change: &Change| (change.kind, change.instance.clone(), change.set_in.clone(), change.back);
    changes.sort_by(|left, right| order(left).cmp(&order(right)).then_with(|| rest(left).cmp(&rest(right))));
    Ok(Report {
        from: scene.from(),
        to: scene.to(),
        hops: scene.hops.clone(),
        known_through: gates.newest().map(|registry| registry.release),
        emulation: question.emulation,
        both_ways: question.both_ways,
        sources: gaps::sources(&scene),
        inspected: gaps::inspected(&scene),
        gaps: gaps::gaps(&scene, &instances),
        changes,
    })
}
