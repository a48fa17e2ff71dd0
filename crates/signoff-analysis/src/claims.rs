//! What proposals claim about the world, against what the sources say: [`audit`].
//!
//! A claim is one thing that a proposal says about one subject: this gate exists, it is beta since this release, this
//! metric exists. Each is judged by itself, with both sides quoted. What cannot be decided is [`Verdict::Unknown`] with
//! the reason, and what is not due yet [`Verdict::Future`]; neither is ever counted as right or wrong.

use std::ops::Deref;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use signoff_model::fact::{Evidence, Facts};
use signoff_model::profile::EvidenceRules;
use signoff_model::{Corpus, Proposal, Release};

use crate::gates::Gates;

mod approval;
mod conformance;
mod defaults;
mod existence;
mod interfaces;
mod locks;
mod metrics;
mod milestones;
mod page_edits;
mod pages;
mod renamed;
mod reverse;
mod status;
mod subject;
mod tested;

pub use metrics::Metrics;
pub use milestones::{StageInCode, stage_in_code};
pub use page_edits::{PageEdits, page_edits};
pub use reverse::{Unclaimed, UnclaimedKind, unclaimed};
use subject::Subjects;

/// What kind of thing is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClaimKind {
    /// There is a gate of this name.
    GateExists,
    /// The gate is one of these components.
    GateComponents,
    /// The gate is on, or off, by default at a stage.
    GateDefault,
    /// The gate can be turned off.
    GateLocked,
    /// The gate is alpha since a release.
    MilestoneAlpha,
    /// The gate is beta since a release.
    MilestoneBeta,
    /// The gate is stable since a release.
    MilestoneStable,
    /// The gate is at the stage of the proposal.
    StageReached,
    /// The proposal is finished, or is not.
    StatusImplemented,
    /// The gate has a page.
    DocsPage,
    /// The page has the stage of the code.
    DocsStage,
    /// The page has the default of the code.
    DocsDefault,
    /// There is a metric of this name.
    MetricExists,
    /// The metric is promised to stay.
    MetricStability,
    /// These components serve the metric.
    MetricComponents,
    /// Events have this reason.
    EventReason,
    /// Objects have a condition of this type.
    ConditionType,
    /// The API has this type.
    ApiType,
    /// The API has no type because of the proposal.
    NoNewApiTypes,
    /// The test that a link leads to is there.
    LinkedTest,
    /// There is an end-to-end test bound to the gate.
    E2eTest,
    /// There is a conformance test.
    ConformanceTest,
    /// The stage was approved.
    Approval,
}

impl ClaimKind {
    /// Every kind, in the order of the declaration.
    pub const ALL: [Self; 23] = [
        Self::GateExists,
        Self::GateComponents,
        Self::GateDefault,
        Self::GateLocked,
        Self::MilestoneAlpha,
        Self::MilestoneBeta,
        Self::MilestoneStable,
        Self::StageReached,
        Self::StatusImplemented,
        Self::DocsPage,
        Self::DocsStage,
        Self::DocsDefault,
        Self::MetricExists,
        Self::MetricStability,
        Self::MetricComponents,
        Self::EventReason,
        Self::ConditionType,
        Self::ApiType,
        Self::NoNewApiTypes,
        Self::LinkedTest,
        Self::E2eTest,
        Self::ConformanceTest,
        Self::Approval,
    ];

    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::GateExists => "gate-exists",
            Self::GateComponents => "gate-components",
            Self::GateDefault => "gate-default",
            Self::GateLocked => "gate-locked",
            Self::MilestoneAlpha => "milestone-alpha",
            Self::MilestoneBeta => "milestone-beta",
            Self::MilestoneStable => "milestone-stable",
            Self::StageReached => "stage-reached",
            Self::StatusImplemented => "status-implemented",
            Self::DocsPage => "docs-page",
            Self::DocsStage => "docs-stage",
            Self::DocsDefault => "docs-default",
            Self::MetricExists => "metric-exists",
            Self::MetricStability => "metric-stability",
            Self::MetricComponents => "metric-components",
            Self::EventReason => "event-reason",
            Self::ConditionType => "condition-type",
            Self::ApiType => "api-type",
            Self::NoNewApiTypes => "no-new-api-types",
            Self::LinkedTest => "linked-test",
            Self::E2eTest => "e2e-test",
            Self::ConformanceTest => "conformance-test",
            Self::Approval => "approval",
        }
    }
}

/// What came out for one claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The sources say the same.
    Agree,
    /// They say something else.
    Drift,
    /// They say something else, which can be explained.
    Soft,
    /// It is not due yet.
    Future,
    /// No source in hand decides it.
    Unknown,
}

impl Verdict {
    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Agree => "agree",
            Self::Drift => "drift",
            Self::Soft => "soft",
            Self::Future => "future",
            Self::Unknown => "unknown",
        }
    }
}

/// What is wrong with a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flaw {
    /// No source has the gate.
    GateMissing,
    /// The gate is there under another name.
    GateMisnamed,
    /// What is written is no name of a gate.
    GateMalformed,
    /// The gate is in a registry of its own.
    GateElsewhere,
    /// The stage came with another release.
    MilestoneDiffers,
    /// The stage has not come.
    NotReached,
    /// The code is further than the proposal says.
    StatusBehind,
    /// The proposal says more than the code has.
    StatusAhead,
    /// The default is another one.
    DefaultDiffers,
    /// The gate is locked.
    CannotBeDisabled,
    /// There is no page.
    DocsMissing,
    /// The page says something else than the code.
    DocsDiffer,
    /// No list has the metric.
    MetricMissing,
    /// A metric has a name that ends so.
    MetricPartialName,
    /// What is written is no name of a metric.
    MetricNotAName,
    /// The test is not there.
    TestMissing,
    /// The type is not there.
    TypeMissing,
    /// No approval is on record.
    ApprovalMissing,
}

impl Flaw {
    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::GateMissing => "gate-missing",
            Self::GateMisnamed => "gate-misnamed",
            Self::GateMalformed => "gate-malformed",
            Self::GateElsewhere => "gate-elsewhere",
            Self::MilestoneDiffers => "milestone-differs",
            Self::NotReached => "not-reached",
            Self::StatusBehind => "status-behind",
            Self::StatusAhead => "status-ahead",
            Self::DefaultDiffers => "default-differs",
            Self::CannotBeDisabled => "cannot-be-disabled",
            Self::DocsMissing => "docs-missing",
            Self::DocsDiffer => "docs-differ",
            Self::MetricMissing => "metric-missing",
            Self::MetricPartialName => "metric-partial-name",
            Self::MetricNotAName => "metric-not-a-name",
            Self::TestMissing => "test-missing",
            Self::TypeMissing => "type-missing",
            Self::ApprovalMissing => "approval-missing",
        }
    }
}

/// A claim of a proposal and what came out.
#[derive(Clone, Debug)]
pub struct ClaimVerdict<'c> {
    /// The proposal.
    pub proposal: &'c Proposal,
    /// The claim.
    pub judged: Judged,
}

impl Deref for ClaimVerdict<'_> {
    type Target = Judged;

    fn deref(&self) -> &Judged {
        &self.judged
    }
}

/// One claim and what came out, whoever makes it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What is claimed.
    pub claim: ClaimKind,
    /// About what, as the proposal writes it.
    pub subject: String,
    /// What the proposal says.
    pub claimed: String,
    /// What the sources say; `None` where they say nothing.
    pub found: Option<String>,
    /// What came out.
    pub verdict: Verdict,
    /// What is wrong, for drift and soft.
    pub flaw: Option<Flaw>,
    /// Why, in one sentence without a period.
    pub reason: String,
    /// What it may have to be.
    pub suggestion: Option<String>,
    /// Where the proposal says it.
    pub stated: Option<Stated>,
    /// Where the sources say it, or where it is missing.
    pub evidence: Vec<Evidence>,
    /// The change of the metadata that would make it right, where that is certain.
    pub fix: Option<Fix>,
}

/// Where a proposal says something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// The file.
    pub path: Arc<str>,
    /// The line, from 1.
    pub line: usize,
    /// Its text.
    pub text: String,
}

/// A change of the proposal's metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced, in the metadata file.
    pub span: signoff_model::Span,
    /// By what.
    pub replacement: String,
}

/// What the sources know, made ready once.
pub struct Known<'f> {
    /// Everything that was gathered.
    pub facts: &'f Facts,
    /// Gates.
    pub gates: Gates<'f>,
    /// Metrics.
    pub metrics: Metrics<'f>,
}

impl<'f> Known<'f> {
    /// Makes ready what was gathered.
    #[must_use]
    pub fn of(facts: &'f Facts, rules: &'f EvidenceRules) -> Self {
        Self { facts, gates: Gates::of(facts, rules), metrics: Metrics::of(facts, rules) }
    }

    /// The newest version of which there are lists.
    #[must_use]
    pub fn newest(&self) -> Option<Release> {
        self.gates.releases().next_back()
    }
}

/// Judges every claim of the proposals that `is_asked` names, by path of the proposal, in the order of the claims.
#[must_use]
pub fn audit<'c>(
    corpus: &'c Corpus,
    known: &Known<'_>,
    is_asked: impl Fn(&Proposal) -> bool + Sync,
) -> Vec<ClaimVerdict<'c>> {
    let named = named_by(corpus);
    let asked = corpus.proposals.par_iter().filter(|proposal| proposal.loaded && is_asked(proposal));
    let judged = asked.flat_map_iter(|proposal| {
        let examined = Examined { corpus, proposal, known, named: &named };
        examined.claims()
    });
    judged.collect()
}

/// Judges every claim of one proposal whose prose was read; `all` has the metadata of every other.
#[must_use]
pub fn audit_one<'c>(
    corpus: &'c Corpus,
    proposal: &'c Proposal,
    known: &Known<'_>,
    all: &Corpus,
) -> Vec<ClaimVerdict<'c>> {
    Examined { corpus, proposal, known, named: &named_by(all) }.claims()
}

/// How many proposals declare a gate.
type NamedBy<'c> = FxHashMap<&'c str, usize>;

fn named_by(corpus: &Corpus) -> NamedBy<'_> {
    let mut named = NamedBy::default();
    for proposal in &corpus.proposals {
        for gate in proposal.gates(&corpus.prepared) {
            *named.entry(gate.name).or_default() += 1;
        }
    }
    named
}

/// A proposal whose claims are judged.
struct Examined<'c, 'k> {
    corpus: &'c Corpus,
    proposal: &'c Proposal,
    known: &'k Known<'k>,
    named: &'k NamedBy<'k>,
}

impl<'c> Examined<'c, '_> {
    fn claims(&self) -> Vec<ClaimVerdict<'c>> {
        let mut subjects = Subjects::of(self.corpus, self.proposal);
        for subject in subjects.all.iter_mut().filter(|subject| subject.is_name) {
            subject.real = existence::real_name(self, subject);
        }
        let mut found = Vec::new();
        existence::judge(self, &subjects, &mut found);
        milestones::judge(self, &subjects, &mut found);
        status::judge(self, &subjects, &mut found);
        locks::judge(self, &subjects, &mut found);
        pages::judge(self, &subjects, &mut found);
        metrics::judge(self, &mut found);
        interfaces::judge(self, &mut found);
        tested::judge(self, &subjects, &mut found);
        conformance::judge(self, &mut found);
        approval::judge(self, &mut found);
        found
    }

    /// A claim about which nothing is known yet.
    fn claim(&self, claim: ClaimKind, subject: &str, claimed: impl Into<String>) -> ClaimVerdict<'c> {
        let judged = Judged {
            claim,
            subject: subject.to_owned(),
            claimed: claimed.into(),
            found: None,
            verdict: Verdict::Unknown,
            flaw: None,
            reason: String::new(),
            suggestion: None,
            stated: None,
            evidence: Vec::new(),
            fix: None,
        };
        ClaimVerdict { proposal: self.proposal, judged }
    }

    /// The first release that the proposal plans anything for; `None` where it names none.
    fn first_milestone(&self) -> Option<Release> {
        let prepared = &self.corpus.prepared;
        let milestones = self.proposal.milestones(prepared);
        let stages = milestones.iter().filter_map(|(_, item)| Release::parse(item.text));
        stages.filter(|release| !release.is_none()).min().or_else(|| self.proposal.latest_milestone(prepared))
    }

    /// A release as the process writes it.
    fn written(&self, release: Release) -> String {
        self.corpus.prepared.profile.release.spelt(Release { patch: 0, ..release })
    }

    /// What was read of the proposals: a commit, or the work tree.
    fn version(&self) -> Arc<str> {
        self.corpus.commit.clone().unwrap_or_else(|| Arc::from("work tree"))
    }

    /// Whether a release is newer than everything that is known of the code.
    fn is_ahead(&self, release: Release) -> bool {
        self.known.newest().is_some_and(|newest| release.minors_after(newest) > 0)
    }
}

impl ClaimVerdict<'_> {
    fn agree(mut self, found: impl Into<String>, reason: impl Into<String>) -> Self {
        (self.judged.verdict, self.judged.found, self.judged.reason) =
            (Verdict::Agree, Some(found.into()), reason.into());
        self
    }

    fn drift(mut self, flaw: Flaw, found: Option<String>, reason: impl Into<String>) -> Self {
        (self.judged.verdict, self.judged.flaw, self.judged.found, self.judged.reason) =
            (Verdict::Drift, Some(flaw), found, reason.into());
        self
    }

    fn soft(self, flaw: Flaw, found: Option<String>, reason: impl Into<String>) -> Self {
        let mut soft = self.drift(flaw, found, reason);
        soft.judged.verdict = Verdict::Soft;
        soft
    }

    fn future(mut self, reason: impl Into<String>) -> Self {
        (self.judged.verdict, self.judged.reason) = (Verdict::Future, reason.into());
        self
    }

    fn unknown(mut self, reason: impl Into<String>) -> Self {
        (self.judged.verdict, self.judged.reason) = (Verdict::Unknown, reason.into());
        self
    }

    /// What was found although nothing follows from it.
    fn found(mut self, found: impl Into<String>) -> Self {
        self.judged.found = Some(found.into());
        self
    }

    fn stated(mut self, stated: impl Into<Option<Stated>>) -> Self {
        self.judged.stated = stated.into();
        self
    }

    fn seen(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        self.judged.evidence.extend(evidence);
        self
    }

    fn suggesting(mut self, suggestion: impl Into<String>) -> Self {
        self.judged.suggestion = Some(suggestion.into());
        self
    }

    fn fixed_by(mut self, fix: Option<Fix>) -> Self {
        self.judged.fix = fix;
        self
    }
}

/// A release as output has it: `1.36`.
fn spelt(release: Release) -> String {
    let text = release.to_string();
    text.strip_prefix('v').unwrap_or(&text).to_owned()
}
