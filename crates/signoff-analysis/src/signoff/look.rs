//! What a predicate sees of a proposal, and what it says.

use std::sync::Arc;

use signoff_model::companion::Record;
use signoff_model::fact::Evidence;
use signoff_model::profile::{Basis, Companion, DecisionRule, Prepared, StatusClass};
use signoff_model::{Corpus, Proposal, Release, Source, Span};

use super::class::Class;
use super::{Approved, ForgeView, Outcome};
use crate::claims;
use crate::condition::Conditions;

/// What a proposal is to reach.
#[derive(Clone, Debug)]
pub struct Target {
    /// The release.
    pub release: Release,
    /// The release as the process writes it.
    pub release_text: String,
    /// The stage; `None` when neither the proposal nor the question names one.
    pub stage: Option<String>,
    /// Whether the stage was asked for, and need not stand in the files yet.
    pub is_wanted: bool,
    /// Whether the stage is to be reached in the release, also where the files do not say so yet.
    pub is_reached_then: bool,
}

impl Target {
    /// The stage that a proposal's own metadata names, in a release.
    #[must_use]
    pub fn of(prepared: &Prepared, proposal: &Proposal, release: Release) -> Self {
        let stage = proposal.stage(prepared).map(str::to_owned);
        Self {
            release,
            release_text: prepared.profile.release.spelt(release),
            stage,
            is_wanted: false,
            is_reached_then: false,
        }
    }

    /// A stage that is asked for, whatever the files say.
    #[must_use]
    pub fn wanted(prepared: &Prepared, proposal: &Proposal, release: Release, stage: &str) -> Self {
        let release_text = prepared.profile.release.spelt(release);
        let is_reached_then = !reached_before(prepared, proposal, release, stage);
        Self { release, release_text, stage: Some(stage.to_owned()), is_wanted: true, is_reached_then }
    }
}

/// Whether the files say that a stage was reached before a release: it is the proposal's own and has the milestone of
/// an earlier release, and work since then is on record, or the proposal is finished. Where the last work was that
/// for the stage, it may as well have been put off.
fn reached_before(prepared: &Prepared, proposal: &Proposal, release: Release, stage: &str) -> bool {
    let milestone = proposal.milestone(prepared, stage).filter(|milestone| *milestone < release);
    let Some(milestone) = milestone.filter(|_| proposal.stage(prepared) == Some(stage)) else { return false };
    let has_worked_since = proposal.latest_milestone(prepared).is_some_and(|latest| latest > milestone);
    has_worked_since || proposal.class(prepared) == StatusClass::Done
}

pub use signoff_model::profile::Work;

/// One thing to do, so that a rule is met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// The kind of work.
    pub work: Work,
    /// The field, by its dotted path, for metadata and companions.
    pub field: Option<String>,
    /// The file to change; empty for what is in no file.
    pub path: Arc<str>,
    /// Where in the file; `None` where the file is missing.
    pub line: Option<usize>,
    /// What to do, as an order: `set latest-milestone to v1.36`.
    pub what: String,
    /// The value to write, where it is known.
    pub to: Option<String>,
    /// The section or question that it is about; without a line, the document lacks it.
    pub heading: Option<Heading>,
}

/// A heading of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heading {
    /// Index of a section of the profile.
    Section(usize),
    /// Index of a questionnaire, and of a question in the order of the whole questionnaire.
    Question(usize, usize),
}

/// What a predicate says.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What came out.
    pub outcome: Outcome,
    /// What was seen, in one sentence without a period.
    pub message: String,
    /// Where.
    pub evidence: Vec<Evidence>,
    /// What would meet the rule.
    pub remedies: Vec<Remedy>,
}

impl Answer {
    pub(super) fn new(outcome: Outcome, message: impl Into<String>) -> Self {
        Self { outcome, message: message.into(), evidence: Vec::new(), remedies: Vec::new() }
    }

    pub(super) fn pass(message: impl Into<String>) -> Self {
        Self::new(Outcome::Pass, message)
    }

    pub(super) fn fail(message: impl Into<String>) -> Self {
        Self::new(Outcome::Fail, message)
    }

    pub(super) fn unknown(message: impl Into<String>) -> Self {
        Self::new(Outcome::Unknown, message)
    }

    pub(super) fn seen(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }

    pub(super) fn mended_by(mut self, remedy: Remedy) -> Self {
        self.remedies.push(remedy);
        self
    }
}

/// A proposal, and what is asked of it.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub(super) corpus: &'a Corpus,
    pub(super) proposal: &'a Proposal,
    pub(super) target: &'a Target,
    pub(super) class: Class<'a>,
    pub(super) conditions: &'a Conditions<'a>,
    /// The pull request that alone has the proposal as it is looked at.
    pub(super) pull: Option<&'a str>,
    /// The proposal as it was when its stage was last approved.
    pub(super) approved: Option<&'a Approved>,
    /// The forge at the instant asked about, where a snapshot was given.
    pub(super) forge: Option<ForgeView<'a>>,
    /// What code and documentation say, where they were given.
    pub(super) sources: Option<&'a claims::Known<'a>>,
}

/// What stands for a commit where files of a work tree are read.
const WORK_TREE: &str = "work tree";
/// Longest quoted line, in characters.
const QUOTE_MAX: usize = 200;

impl<'a> Look<'a> {
    pub(super) fn prepared(&self) -> &'a Prepared {
        &self.corpus.prepared
    }

    /// Whether what a rule needs was given, so that its predicate can be asked.
    pub(super) fn can_tell(&self, rule: &DecisionRule) -> bool {
        let is_given = match rule.basis {
            Basis::Forge => self.forge.is_some(),
            Basis::Code | Basis::Docs | Basis::Tests => {
                self.sources.is_some_and(|sources| sources.facts.has(rule.basis))
            }
            Basis::Git | Basis::Pulls => true,
        };
        rule.predicate.is_some() && is_given
    }

    /// Whether a rule is asked of a proposal of this class.
    pub(super) fn is_asked(&self, rule: &DecisionRule) -> bool {
        let name = self.class.map_or("", |class| class.name.as_str());
        let gates = || !self.proposal.gates(self.prepared()).is_empty();
        let is_of = rule.classes.is_empty() || rule.classes.iter().any(|class| class == name);
        is_of
            && !rule.except.iter().any(|class| class == name)
            && !self.class.is_some_and(|class| class.exempt)
            && (!rule.needs_gates || gates())
    }

    /// The line of a file at a place, as evidence.
    pub(super) fn quote(&self, source: &Source, span: Span) -> Evidence {
        let line = source.line(span.start);
        let start = source.line_start(line);
        let text = source.text[start..].lines().next().unwrap_or_default().trim();
        self.evidence(&source.path, Some(line), text)
    }

    /// A file that lacks something, or is not there.
    pub(super) fn absence(&self, path: &Arc<str>, text: &str) -> Evidence {
        self.evidence(path, None, text)
    }

    fn evidence(&self, path: &Arc<str>, line: Option<usize>, text: &str) -> Evidence {
        let version = self.corpus.commit.clone().unwrap_or_else(|| Arc::from(WORK_TREE));
        let text: String = text.chars().take(QUOTE_MAX).collect();
        Evidence { source: Arc::from("git"), version, path: Arc::clone(path), line, text }
    }

    /// The companion rules of the process that a proposal's record exists for, or would.
    pub(super) fn companions(&self) -> impl Iterator<Item = (&'a Companion, Option<&'a Record>)> {
        let (prepared, proposal) = (self.prepared(), self.proposal);
        prepared
            .profile
            .companion
            .iter()
            .enumerate()
            .map(move |(index, rule)| (rule, proposal.records.iter().find(|record| record.companion == index)))
    }
}
