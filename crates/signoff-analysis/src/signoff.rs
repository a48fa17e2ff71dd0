//! Whether a proposal is on track for a release at a checkpoint, and why.
//!
//! Start at [`verdicts`]. The table of what is asked is the profile's ([`Decisions`]); how a row is
//! decided is a named predicate of `predicates`. `outcome` makes a verdict of the rows, of exceptions and
//! waivers.
//!
//! [`Decisions`]: signoff_model::profile::Decisions

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;
use signoff_model::event::{Event, EventKind};
use signoff_model::exception::Exception;
use signoff_model::fact::{Evidence, Facts};
use signoff_model::forge::{Forge, Replayed, Thread};
use signoff_model::profile::{Basis, DecisionRule, Prepared};
use signoff_model::waiver::Waiver;
use signoff_model::{Corpus, Proposal, Release};

use crate::claims;
use crate::condition::Conditions;

mod approved;
pub mod checklist;
mod class;
pub mod linked;
mod look;
mod outcome;
mod predicates;
pub mod queue;
pub mod todo;

pub use approved::Approved;
pub use class::Class;
pub use look::{Answer, Heading, Remedy, Target, Work};

/// What is asked: which release, which checkpoint, when, and what is known beside the proposals.
pub struct Question<'q> {
    /// The release.
    pub release: Release,
    /// Id of the checkpoint whose rules are asked.
    pub checkpoint: &'q str,
    /// The checkpoint's instant; `None` when no calendar has it.
    pub deadline: Option<Timestamp>,
    /// Whether what is missing at the deadline is out, or only late.
    pub hard: bool,
    /// The last instant at which an exception may be asked for; `None` when there is none.
    pub requests_until: Option<Timestamp>,
    /// Checkpoints from which an exception that reaches beyond the deadline is enough.
    pub covered_by: &'q [String],
    /// The instant for which is answered.
    pub instant: Timestamp,
    /// What was given beside the proposals themselves.
    pub bases: BTreeSet<Basis>,
    /// Exceptions of every release.
    pub exceptions: &'q [Exception],
    /// Waivers of the repository.
    pub waivers: &'q [Waiver],
    /// Open pull requests that change proposals, each as if it were merged.
    pub pulls: &'q [OpenPull],
    /// Proposals as they were when their stage was last approved, by path.
    pub approved: &'q BTreeMap<Arc<str>, Approved>,
    /// What was pulled of the forge.
    pub forge: Option<ForgeView<'q>>,
    /// What code and documentation say, where they were given.
    pub facts: Option<&'q Facts>,
    /// Whether proposals that do not target the release are listed too.
    pub all: bool,
}

/// What is known beside the proposals.
#[derive(Clone, Copy, Default)]
pub struct Beside<'q> {
    /// What was pulled of the forge.
    pub forge: Option<ForgeView<'q>>,
    /// What code and documentation say.
    pub sources: Option<&'q claims::Known<'q>>,
}

/// A forge snapshot, and the instant that is asked about.
#[derive(Clone, Copy)]
pub struct ForgeView<'q> {
    /// What was pulled.
    pub forge: &'q Forge,
    /// The instant.
    pub instant: Timestamp,
    /// The checkpoint's instant; `None` when no calendar has it.
    pub deadline: Option<Timestamp>,
    /// Whether the instant is only the time of asking: then what was pulled before it is looked at as it was pulled,
    /// unless the deadline has passed since.
    pub is_now: bool,
}

impl ForgeView<'_> {
    /// The instant for which something that was pulled is looked at.
    #[must_use]
    pub fn instant_for(&self, pulled_at: Timestamp) -> Timestamp {
        let passed_since = self.deadline.is_some_and(|deadline| pulled_at < deadline && deadline <= self.instant);
        if self.is_now && !passed_since { self.instant.min(pulled_at) } else { self.instant }
    }

    /// What an issue or pull request was.
    #[must_use]
    pub fn replay<'t>(&self, thread: &'t Thread) -> Replayed<'t> {
        thread.as_of(self.instant_for(thread.pulled_at))
    }
}

/// A pull request as if it were merged.
pub struct OpenPull {
    /// Its number.
    pub number: String,
    /// The proposals that it changes, as they would be.
    pub corpus: Corpus,
    /// The same as they were where it left the main branch, where that was asked for.
    pub before: Option<Corpus>,
}

/// The commit that last approved a stage of a proposal.
pub struct Approval {
    /// Path of the proposal, as it is now.
    pub path: Arc<str>,
    /// Full id of the commit.
    pub commit: Arc<str>,
    /// When it came to the main branch.
    pub at: Timestamp,
}

impl Approval {
    /// The last approval of a stage that the events of a corpus tell of.
    #[must_use]
    pub fn last(corpus: &Corpus, proposal: &Proposal, stage: &str) -> Option<Self> {
        let of_stage = |event: &&Event| {
            event.proposal == proposal.path
                && event.kind == EventKind::Approved
                && event.subject.as_deref() == Some(stage)
                && event.to.is_some()
        };
        let event = corpus.events.iter().rfind(of_stage)?;
        Some(Self { path: Arc::clone(&event.proposal), commit: Arc::clone(&event.commit), at: event.at })
    }
}

/// The last approval of the stage of each proposal that stays at its stage in a release. Needs the events of the corpus.
#[must_use]
pub fn approvals(corpus: &Corpus, release: Release) -> Vec<Approval> {
    let prepared = &corpus.prepared;
    let approval = |proposal: &Proposal| {
        let stage = proposal.stage(prepared)?;
        let stays = proposal.milestone(prepared, stage) != Some(release);
        stays.then(|| Approval::last(corpus, proposal, stage)).flatten()
    };
    corpus.all().filter(|proposal| targets(prepared, proposal, release)).filter_map(approval).collect()
}

/// Where a proposal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Out of the release.
    Removed,
    /// Something is missing and there is time.
    AtRisk,
    /// An exception was asked for.
    ExceptionPending,
    /// A rule whose basis was given could not be decided.
    NeedsEvidence,
    /// An exception was granted.
    ExceptionApproved,
    /// The lead has not opted in.
    NotOptedIn,
    /// Put aside.
    Deferred,
    /// On track, as far as the bases tell.
    Tracked,
    /// Meant for another release.
    NotTargeting,
}

impl Standing {
    /// Every standing, worst first.
    pub const ALL: [Self; 9] = [
        Self::Removed,
        Self::AtRisk,
        Self::ExceptionPending,
        Self::NeedsEvidence,
        Self::ExceptionApproved,
        Self::NotOptedIn,
        Self::Deferred,
        Self::Tracked,
        Self::NotTargeting,
    ];

    /// The word of the contract.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::AtRisk => "at-risk",
            Self::ExceptionPending => "exception-pending",
            Self::NeedsEvidence => "needs-evidence",
            Self::ExceptionApproved => "exception-approved",
            Self::NotOptedIn => "not-opted-in",
            Self::Deferred => "deferred",
            Self::Tracked => "tracked",
            Self::NotTargeting => "not-targeting",
        }
    }
}

/// The result of one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Met.
    Pass,
    /// Not met.
    Fail,
    /// Not met, or met doubtfully, and not decisive.
    Warn,
    /// Not met, and the repository waives it.
    Waived,
    /// Not asked of this proposal.
    NotApplicable,
    /// Could not be looked up.
    Unknown,
}

impl Outcome {
    /// The word of the contract.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Warn => "warn",
            Self::Waived => "waived",
            Self::NotApplicable => "not-applicable",
            Self::Unknown => "unknown",
        }
    }
}

/// A rule of the table and what it said of a proposal.
#[derive(Clone, Debug)]
pub struct RuleResult<'q> {
    /// The rule.
    pub rule: &'q DecisionRule,
    /// What came out.
    pub outcome: Outcome,
    /// What it was decided on.
    pub basis: Basis,
    /// What was seen, in one sentence.
    pub message: String,
    /// Where it was seen.
    pub evidence: Vec<Evidence>,
    /// What to do next.
    pub next: Option<String>,
    /// What would meet the rule, piece by piece.
    pub remedies: Vec<Remedy>,
    /// The waiver that holds, or one that has expired.
    pub waiver: Option<&'q Waiver>,
}

/// Where a proposal stands at a checkpoint, and why.
#[derive(Clone, Debug)]
pub struct Verdict<'q> {
    /// The proposal.
    pub proposal: &'q Proposal,
    /// The kind of work.
    pub class: Option<&'q str>,
    /// Where it stands.
    pub standing: Standing,
    /// Why, in one plain sentence.
    pub reason: String,
    /// Ids of required rules that were not looked at for want of their basis.
    pub undecided: Vec<&'q str>,
    /// Every rule of the checkpoint.
    pub rules: Vec<RuleResult<'q>>,
    /// The exception for this checkpoint, if one is known at the instant.
    pub exception: Option<&'q Exception>,
}

impl<'q> Question<'q> {
    /// The pull requests whose heads are known, but for those that were closed by then, as far as the forge tells.
    fn open_pulls(&self, prepared: &Prepared) -> impl Iterator<Item = &'q OpenPull> {
        let view = self.forge;
        let own = view.and_then(|view| view.forge.repository(&prepared.profile.forge.proposals));
        self.pulls.iter().filter(move |pull| {
            let thread = pull.number.parse().ok().and_then(|number| own?.thread(number));
            let replayed = view.zip(thread).map(|(view, thread)| view.replay(thread));
            !matches!(replayed, Some(Replayed::Then(state)) if !state.open)
        })
    }

    /// Whether the deadline has passed.
    #[must_use]
    pub fn is_past(&self) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= self.instant)
    }

    /// Whether a basis was given.
    #[must_use]
    pub fn has(&self, basis: Basis) -> bool {
        basis == Basis::Git || self.bases.contains(&basis)
    }
}

/// The rules that are asked at a checkpoint of a release, in the profile's order.
pub fn rules<'p>(
    prepared: &'p Prepared,
    release: Release,
    checkpoint: &'p str,
) -> impl Iterator<Item = &'p DecisionRule> {
    let is_of =
        move |rule: &&DecisionRule| rule.checkpoints.iter().any(|own| own == checkpoint) && is_in_force(rule, release);
    prepared.profile.signoff.rule.iter().filter(is_of)
}

/// Whether a rule is asked for a release.
fn is_in_force(rule: &DecisionRule, release: Release) -> bool {
    let bound = |text: &Option<String>| text.as_deref().and_then(Release::parse);
    bound(&rule.from).is_none_or(|from| from <= release) && bound(&rule.until).is_none_or(|until| release <= until)
}

/// Whether a proposal means to be in a release: its latest milestone names it.
#[must_use]
pub fn targets(prepared: &Prepared, proposal: &Proposal, release: Release) -> bool {
    proposal.latest_milestone(prepared) == Some(release)
}

/// Whether a proposal is to be in the release: it targets it, or an exception from the checkpoint was asked for.
fn is_meant(prepared: &Prepared, proposal: &Proposal, question: &Question<'_>) -> bool {
    targets(prepared, proposal, question.release) || outcome::exception(proposal, question).is_some()
}

/// Where every proposal that targets the release stands, by path. Where an open pull request is enough, those that
/// target it in one are among them.
#[must_use]
pub fn verdicts<'q>(corpus: &'q Corpus, question: &Question<'q>) -> Vec<Verdict<'q>> {
    let means = Means::of(&corpus.prepared, question);
    let is_wanted = |proposal: &&Proposal| question.all || is_meant(&corpus.prepared, proposal, question);
    let wanted: Vec<&Proposal> = corpus.all().filter(is_wanted).collect();
    let mut found: Vec<Verdict<'q>> =
        wanted.into_par_iter().map(|proposal| verdict((corpus, proposal), None, question, &means)).collect();
    for (pull, proposal) in newly_targeting(corpus, question) {
        found.retain(|verdict| verdict.proposal.path != proposal.path);
        found.push(verdict_in(pull, proposal, question, &means));
    }
    found.sort_by(|left, right| left.proposal.path.cmp(&right.proposal.path));
    found
}

/// The proposals that target the release in an open pull request and not on the main branch, each in the first one,
/// where the checkpoint asks for no more.
fn newly_targeting<'q>(corpus: &'q Corpus, question: &Question<'q>) -> Vec<(&'q OpenPull, &'q Proposal)> {
    let prepared = &corpus.prepared;
    let enough = rules(prepared, question.release, question.checkpoint)
        .any(|rule| rule.open_is_enough_at.iter().any(|checkpoint| checkpoint == question.checkpoint));
    let mut found: Vec<(&OpenPull, &Proposal)> = Vec::new();
    for pull in question.open_pulls(prepared).filter(|_| enough) {
        for proposal in pull.corpus.all().filter(|proposal| proposal.loaded) {
            let on_main = corpus.all().find(|main| main.path == proposal.path);
            let is_new = !on_main.is_some_and(|main| targets(prepared, main, question.release))
                && targets(prepared, proposal, question.release)
                && !found.iter().any(|(_, known)| known.path == proposal.path);
            if is_new {
                found.push((pull, proposal));
            }
        }
    }
    found
}

/// Where a proposal stands as a pull request has it.
#[must_use]
pub fn verdict_in_pull<'q>(pull: &'q OpenPull, proposal: &'q Proposal, question: &Question<'q>) -> Verdict<'q> {
    verdict_in(pull, proposal, question, &Means::of(&pull.corpus.prepared, question))
}

fn verdict_in<'q>(
    pull: &'q OpenPull,
    proposal: &'q Proposal,
    question: &Question<'q>,
    means: &Means<'_>,
) -> Verdict<'q> {
    let mut found = verdict((&pull.corpus, proposal), Some(&pull.number), question, means);
    found.reason = format!("{} (in pull request {})", found.reason, pull.number);
    found
}

/// What is made ready once for all proposals.
struct Means<'q> {
    conditions: Conditions<'q>,
    sources: Option<claims::Known<'q>>,
}

impl<'q> Means<'q> {
    fn of(prepared: &'q Prepared, question: &Question<'q>) -> Self {
        let known = |facts: &'q Facts| claims::Known::of(facts, &prepared.profile.evidence);
        Self { conditions: Conditions::of(prepared), sources: question.facts.map(known) }
    }
}

/// Where one proposal stands.
#[must_use]
pub fn verdict_of<'q>(corpus: &'q Corpus, proposal: &'q Proposal, question: &Question<'q>) -> Verdict<'q> {
    verdict((corpus, proposal), None, question, &Means::of(&corpus.prepared, question))
}

fn verdict<'q>(
    (corpus, proposal): (&'q Corpus, &'q Proposal),
    pull: Option<&'q str>,
    question: &Question<'q>,
    means: &Means<'_>,
) -> Verdict<'q> {
    let prepared = &corpus.prepared;
    let target = Target::of(prepared, proposal, question.release);
    if !is_meant(prepared, proposal, question) {
        return outcome::not_targeting(prepared, proposal, &target);
    }
    let forge = question.forge;
    let conditions = &means.conditions;
    let class = class::of((corpus, proposal), &target, conditions, forge);
    let asked: Vec<&DecisionRule> = rules(prepared, question.release, question.checkpoint).collect();
    let approved = question.approved.get(&proposal.path);
    let sources = means.sources.as_ref();
    let look = look::Look { corpus, proposal, target: &target, class, conditions, pull, approved, forge, sources };
    let results = outcome::answer_all(&look, &asked, question);
    outcome::settle(&look, (proposal, class), results, question)
}
