//! All that pages are made of, gathered once: plain values that own what they hold, so that a page can be made at any
//! time.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use signoff_analysis::configuration::Configuration;
use signoff_analysis::rules::{Checks, outcome};
use signoff_analysis::signoff::{Outcome, RuleResult, Standing, Verdict};
use signoff_analysis::statistics::readiness::Readiness;
use signoff_model::fact::{Evidence, Facts};
use signoff_model::profile::{Meaning, Predicate, Prepared};
use signoff_model::{Corpus, Finding, Proposal, Release};

/// Days before a release is settled that the readiness curve shows.
pub const CURVE_DAYS: usize = 35;

/// Everything that is known of a repository at an instant.
pub struct Snapshot {
    /// The proposals with their prose, and what happened to them.
    pub corpus: Corpus,
    /// How the repository sets the rules of a check.
    pub configuration: Configuration,
    /// What the rules found that look at all proposals; made when a page asks for it.
    pub whole: Whole,
    /// Proposals as they were before, by the path that they have now.
    pub earlier: BTreeMap<Arc<str>, Earlier>,
    /// The images that documents show, by their paths in the repository.
    pub images: BTreeMap<String, Arc<[u8]>>,
    /// The boards, the one that the overview is about first.
    pub boards: Vec<Board>,
    /// What sources beside the proposals say; the same one as long as they are not read again.
    pub evidence: Arc<Facts>,
    /// Where the proposals come from.
    pub origin: Origin,
    /// Where the pages will be, if somebody said so.
    pub address: Option<String>,
    /// The instant for which all is said.
    pub instant: Timestamp,
}

/// What the rules found that look at all proposals at once.
#[derive(Default)]
pub struct Whole(OnceLock<Vec<Finding>>);

impl Snapshot {
    /// What the rules find in a proposal, in the order of files and places.
    pub(crate) fn findings(&self, proposal: &Proposal) -> Vec<Finding> {
        let mut found = Checks::new(&self.corpus, &self.configuration).each(proposal);
        let is_own = |finding: &&Finding| files(proposal).any(|path| **path == *finding.path);
        found.extend(self.check_whole().iter().filter(is_own).cloned());
        outcome::sort(&self.corpus, &mut found);
        found
    }

    /// Runs the rules that look at all proposals, unless they were run: pages of proposals wait for it.
    pub fn check_whole(&self) -> &[Finding] {
        self.whole.0.get_or_init(|| Checks::new(&self.corpus, &self.configuration).whole().findings)
    }
}

/// The files that findings of a proposal are in.
fn files(proposal: &Proposal) -> impl Iterator<Item = &Arc<str>> {
    let prose = proposal.prose.iter().map(|prose| &prose.source.path);
    let records = proposal.records.iter().map(|record| &record.path);
    std::iter::once(&proposal.metadata_path).chain(prose).chain(records)
}

/// Where the proposals come from.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// What people call the repository.
    pub name: String,
    /// Its address on a forge, without a slash at the end.
    pub address: Option<String>,
}

/// A proposal as it was.
#[derive(Clone)]
pub struct Earlier {
    /// What its files said.
    pub proposal: Arc<Proposal>,
    /// When.
    pub at: Timestamp,
    /// What people call that time.
    pub name: String,
}

/// A release and where its proposals stand.
pub struct Board {
    /// The release.
    pub release: Release,
    /// The release as the process writes it.
    pub name: String,
    /// The checkpoints that decide, in their order.
    pub stops: Vec<Stop>,
    /// The one that comes next, or the last.
    pub current: usize,
    /// The one whose verdicts are shown: that one, or the last before it of which something can be told.
    pub judged: usize,
    /// The proposals, by path.
    pub rows: Vec<Row>,
    /// What was not looked at.
    pub statement: String,
    /// How many proposals were ready so many days before the checkpoint that settles a release: this one, then older
    /// ones.
    pub readiness: Vec<Readiness>,
    /// The board for other programs, at the checkpoint that comes next.
    pub exports: Vec<Export>,
    /// The days of the cycle before the instant, the first one first.
    pub days: Arc<[Day]>,
}

/// A day of a cycle.
#[derive(Clone, Debug)]
pub struct Day {
    /// The instant.
    pub at: Timestamp,
    /// Every proposal that targeted the release then.
    pub stood: Vec<Stood>,
}

/// Where a proposal stood on a day.
#[derive(Clone, Debug)]
pub struct Stood {
    /// The number or name that people know it by.
    pub label: String,
    /// Where it stood at the checkpoint of the board.
    pub standing: Standing,
    /// Why.
    pub reason: String,
}

/// The same in another format.
pub struct Export {
    /// What people call the format.
    pub name: &'static str,
    /// How its file's name ends.
    pub ending: &'static str,
    /// What it holds.
    pub text: String,
}

/// A checkpoint of a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Its id.
    pub id: String,
    /// What the process calls it.
    pub name: String,
    /// When it is.
    pub at: Option<Timestamp>,
}

/// A proposal on a board.
pub struct Row {
    /// The proposal's path.
    pub path: Arc<str>,
    /// The number or name that people know it by.
    pub label: String,
    /// Its title.
    pub title: String,
    /// The owning group.
    pub group: String,
    /// The stage that it is at or, where it comes to a new one, comes from; `new` where it had none.
    pub from: Option<String>,
    /// The stage that it is to have.
    pub stage: String,
    /// The kind of work.
    pub class: String,
    /// Who approves its stage, as written.
    pub approver: String,
    /// Where it stands at each checkpoint of the board; `None` at those that are not due.
    pub judged: Vec<Option<Judged>>,
}

/// Where a proposal stands at a checkpoint, and why.
pub struct Judged {
    /// Where it stands.
    pub standing: Standing,
    /// Why, in one plain sentence.
    pub reason: String,
    /// Every rule that was asked.
    pub rules: Vec<Rule>,
}

/// What a rule said.
pub struct Rule {
    /// Its id.
    pub id: String,
    /// What it asks, in words.
    pub about: String,
    /// What came out.
    pub outcome: Outcome,
    /// What was seen.
    pub message: String,
    /// Where.
    pub evidence: Vec<Evidence>,
    /// What to do next.
    pub next: Option<String>,
    /// Whether it says no more than other rules together.
    pub is_joint: bool,
}

impl Board {
    /// The row of a proposal.
    #[must_use]
    pub fn row(&self, path: &str) -> Option<&Row> {
        self.rows.iter().find(|row| *row.path == *path)
    }

    /// The checkpoint that comes next.
    #[must_use]
    pub fn stop(&self) -> Option<&Stop> {
        self.stops.get(self.current)
    }

    /// The checkpoint whose verdicts are shown.
    #[must_use]
    pub fn judged_stop(&self) -> Option<&Stop> {
        self.stops.get(self.judged)
    }
}

impl Row {
    /// The row of a proposal whose verdicts come later.
    #[must_use]
    pub fn of(prepared: &Prepared, verdict: &Verdict<'_>, stops: usize) -> Self {
        let proposal = verdict.proposal;
        let stage = proposal.stage(prepared).unwrap_or_default();
        let text = |meaning| proposal.text(prepared, meaning).unwrap_or_default().to_owned();
        let class = verdict.class.unwrap_or_default();
        let comes = prepared.profile.signoff.class.iter().any(|own| own.name == class && own.reaches_stage);
        let title = text(Meaning::Title);
        Self {
            path: Arc::clone(&proposal.path),
            label: proposal.label().to_string(),
            title: if title.is_empty() { proposal.name.to_string() } else { title },
            group: text(Meaning::Group),
            from: comes.then(|| before(prepared, proposal, stage).unwrap_or("new").to_owned()),
            stage: stage.to_owned(),
            class: class.to_owned(),
            approver: approver(prepared, proposal, stage).unwrap_or_default(),
            judged: (0..stops).map(|_| None).collect(),
        }
    }

    /// Where it stands at the checkpoint that comes next.
    #[must_use]
    pub fn now(&self, board: &Board) -> Option<&Judged> {
        self.judged.get(board.judged)?.as_ref()
    }
}

/// The stage before one that has a milestone.
fn before<'p>(prepared: &'p Prepared, proposal: &Proposal, stage: &str) -> Option<&'p str> {
    let at = prepared.profile.stage.iter().position(|own| own.name == stage)?;
    let older = prepared.profile.stage[..at].iter().rev();
    older.map(|own| own.name.as_str()).find(|own| proposal.milestone(prepared, own).is_some())
}

fn approver(prepared: &Prepared, proposal: &Proposal, stage: &str) -> Option<String> {
    proposal.records.iter().find_map(|record| {
        let rule = &prepared.profile.companion[record.companion];
        let text = record.approver(rule, stage)?.text()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    })
}

impl Judged {
    /// How many rules have a doubt.
    #[must_use]
    pub fn warnings(&self) -> usize {
        self.rules.iter().filter(|rule| rule.outcome == Outcome::Warn && !rule.is_joint).count()
    }
}

impl From<&Verdict<'_>> for Judged {
    fn from(verdict: &Verdict<'_>) -> Self {
        let Verdict { standing, reason, rules, .. } = verdict;
        Self { standing: *standing, reason: reason.clone(), rules: rules.iter().map(Rule::from).collect() }
    }
}

impl From<&RuleResult<'_>> for Rule {
    fn from(result: &RuleResult<'_>) -> Self {
        Self {
            id: result.rule.id.clone(),
            about: result.rule.about.clone(),
            outcome: result.outcome,
            message: result.message.clone(),
            evidence: result.evidence.clone(),
            next: result.next.clone(),
            is_joint: result.rule.predicate == Some(Predicate::AllOf),
        }
    }
}
