//! What sources say about feature gates.

use std::sync::Arc;

use super::Quote;
use crate::release::Release;

/// Where a gate is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GateStage {
    /// Not even to be tried out.
    PreAlpha,
    /// To be tried out.
    Alpha,
    /// To be relied on with care.
    Beta,
    /// Here to stay: `GA` in code, `stable` in pages.
    Stable,
    /// On its way out. It is no later than stable: a gate may be deprecated at once.
    Deprecated,
}

impl GateStage {
    /// The word in output, which is also the profile's name of the stage.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::PreAlpha => "pre-alpha",
            Self::Alpha => "alpha",
            Self::Beta => "beta",
            Self::Stable => "stable",
            Self::Deprecated => "deprecated",
        }
    }

    /// Reads the words of code (`GA`, `PRE-ALPHA`) and of pages (`stable`), in any case. Metrics write nothing for stable:
    /// that is for their reader to know.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        const WORDS: [(&str, GateStage); 7] = [
            ("ga", GateStage::Stable),
            ("stable", GateStage::Stable),
            ("alpha", GateStage::Alpha),
            ("beta", GateStage::Beta),
            ("deprecated", GateStage::Deprecated),
            ("prealpha", GateStage::PreAlpha),
            ("pre-alpha", GateStage::PreAlpha),
        ];
        let text = text.trim();
        WORDS.iter().find(|(word, _)| text.eq_ignore_ascii_case(word)).map(|(_, stage)| *stage)
    }
}

/// A gate in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateRecord {
    /// Its name as the list has it; some lists have the name of the constant.
    pub name: Arc<str>,
    /// Its stages, in the order of the list.
    pub specs: Vec<GateSpec>,
    /// The gates that must be on where this one is on; `None` where the list does not say.
    pub needs: Option<Vec<Arc<str>>>,
}

/// What a gate is from a version on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateSpec {
    /// The first version for which it holds. Version 1.0 means *before there were gates*.
    pub since: Release,
    /// The stage.
    pub stage: GateStage,
    /// Whether it is on unless somebody sets it; `None` where the list does not say.
    pub default: Option<bool>,
    /// Whether it can no longer be set to anything else.
    pub locked: bool,
    /// The lowest compatibility version with which it holds, where it says one: below it the spec before holds.
    pub min_compatibility: Option<Release>,
    /// The line with the version.
    pub since_at: Quote,
    /// The line with the stage.
    pub stage_at: Quote,
    /// The line with the default.
    pub default_at: Quote,
    /// The line with the lock.
    pub locked_at: Quote,
}

/// A gate as source code declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateDeclaration {
    /// The name that people set.
    pub name: Arc<str>,
    /// The name of the constant, where it differs.
    pub constant: Option<Arc<str>>,
    /// Numbers of the proposals that its comment cites.
    pub proposals: Vec<Arc<str>>,
    /// Its stages, where the same file has them.
    pub specs: Vec<GateSpec>,
    /// What it is in this version of the file, where the file tells no versions.
    pub now: Option<GateNow>,
    /// The gates that must be on where this one is on; `None` where the file does not say.
    pub needs: Option<Vec<Arc<str>>>,
    /// Whose gate it is where it is no gate of every component: `kubeadm`.
    pub registry: Option<Arc<str>>,
}

/// What a gate is in the version of its source, where that does not say since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateNow {
    /// The stage.
    pub stage: GateStage,
    /// Whether it is on unless somebody sets it; `None` where the source does not say.
    pub default: Option<bool>,
    /// Whether it can no longer be set to anything else.
    pub locked: bool,
    /// The line that says so.
    pub at: Quote,
}

/// The page of a gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatePage {
    /// Its name: the title.
    pub name: Arc<str>,
    /// Names that it had before.
    pub former: Vec<Arc<str>>,
    /// Its stages, in the order of the page.
    pub stages: Vec<PageStage>,
    /// Whether the page says that the gate is gone.
    pub removed: bool,
    /// The line that says so; empty where none does.
    pub removed_at: Quote,
}

/// A stage in the page of a gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageStage {
    /// The stage.
    pub stage: GateStage,
    /// The first version.
    pub from: Option<Release>,
    /// The last version; `None` where the stage goes on.
    pub to: Option<Release>,
    /// Whether it is on unless somebody sets it; `None` where the page does not say.
    pub default: Option<bool>,
    /// Whether it can no longer be set to anything else.
    pub locked: bool,
    /// The line with the stage.
    pub stage_at: Quote,
    /// The line with the first version.
    pub from_at: Quote,
    /// The line with the last version.
    pub to_at: Quote,
    /// The line with the default.
    pub default_at: Quote,
}

/// Something that names a gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateUse {
    /// The gate.
    pub gate: Arc<str>,
    /// What depends on it.
    pub by: Use,
}

/// What may depend on a gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Use {
    /// A page of the documentation.
    Page,
    /// A test that is skipped where the gate is off.
    Test,
    /// A test with the label of a feature: often the gate's name, but not always.
    Feature,
    /// A field of the API: type and field, `PodSpec.hostUsers`; a whole type where the mark is above it.
    Field(Arc<str>),
    /// A program that lists it in its reference: stage and default.
    Program {
        /// The program.
        component: Arc<str>,
        /// The stage.
        stage: Option<GateStage>,
        /// The default.
        default: Option<bool>,
    },
}
