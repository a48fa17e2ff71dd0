//! What `status`, `why` and the like have in common: which release and checkpoint are asked about, and what is known
//! at the instant.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::bail;
use jiff::Timestamp;
use signoff_analysis::signoff::{self, Approval, Approved, ForgeView, OpenPull, Question, Verdict};
use signoff_history::events::{self, EventLog, Options};
use signoff_history::{Commit, History};
use signoff_model::corpus::{self, Request};
use signoff_model::exception::{self, Exception};
use signoff_model::fact::Facts;
use signoff_model::memo::Memo;
use signoff_model::profile::{Basis, Predicate, Prepared};
use signoff_model::proposal::same_number;
use signoff_model::spelling::nearest;
use signoff_model::waiver::Waiver;
use signoff_model::{Corpus, Proposal, Release};
use signoff_output::status::{self, Head};
use signoff_output::visible;

use crate::cli::{EvidenceArgs, ExceptionArgs, ForgeArgs};
use crate::evidence;
use crate::repository::Repository;
use crate::snapshots::Pulled;

mod kept;
mod pulls;

pub use kept::Kept;

/// What is asked: a checkpoint of a release, at the instant of the repository.
pub struct Asked<'r> {
    /// The repository.
    pub repository: &'r Repository,
    /// The release.
    pub release: Release,
    /// Id of the checkpoint.
    pub checkpoint: String,
    /// Its instant, as it was known at the instant asked about.
    pub deadline: Option<Timestamp>,
    hard: bool,
    requests_until: Option<Timestamp>,
    covered_by: Vec<String>,
    exceptions: Arc<[Exception]>,
    waivers: Arc<[Waiver]>,
    pulled: Pulled,
    /// What code and documentation say, where they were given.
    facts: Option<Arc<Facts>>,
    /// Where the past is kept for the next time.
    kept: Option<&'r Kept>,
}

/// What is known of a state.
pub struct Known {
    /// Every proposal; the prose of those that target the release.
    pub corpus: Corpus,
    /// Open pull requests that change proposals of the release, as if they were merged.
    pub pulls: Arc<[OpenPull]>,
    /// What was given beside the proposals.
    pub bases: BTreeSet<Basis>,
    /// Proposals as they were when their stage was last approved, by path.
    pub approved: BTreeMap<Arc<str>, Approved>,
    /// What cannot be known, and why.
    pub notes: Vec<String>,
}

/// What is read of the history although no rule asks for it.
#[derive(Clone, Copy, Default)]
pub struct Depth {
    /// Open pull requests, with what they were where they left the main branch.
    pub pulls: bool,
    /// Events of the proposals whose prose was read.
    pub events: bool,
}

impl Known {
    fn of(corpus: Corpus) -> Self {
        let bases = BTreeSet::from([Basis::Git]);
        Self { corpus, pulls: Arc::default(), bases, approved: BTreeMap::new(), notes: Vec::new() }
    }
}

impl<'r> Asked<'r> {
    /// Resolves what the options name: the release asked for or the one that is worked on, the checkpoint asked for,
    /// that of `--at`, or the next one.
    ///
    /// # Errors
    /// When there is none.
    pub fn of(
        repository: &'r Repository,
        release: Option<Release>,
        checkpoint: Option<&str>,
        (exceptions, forge, evidence): (&ExceptionArgs, &ForgeArgs, &EvidenceArgs),
    ) -> anyhow::Result<Self> {
        let facts = evidence::read_given(evidence, repository)?.map(|evidence| Arc::new(evidence.facts));
        Self::by(repository, release, checkpoint, (exceptions, forge, facts))
    }

    /// The same with evidence that was read before; `None` where none was given.
    ///
    /// # Errors
    /// When there is no such release or checkpoint.
    pub fn by(
        repository: &'r Repository,
        release: Option<Release>,
        checkpoint: Option<&str>,
        (exceptions, forge, facts): (&ExceptionArgs, &ForgeArgs, Option<Arc<Facts>>),
    ) -> anyhow::Result<Self> {
        let prepared = &repository.prepared;
        if prepared.profile.signoff.rule.is_empty() {
            bail!(
                "the process `{}` has no checkpoints\nits profile would need a `[signoff]` table",
                prepared.profile.id
            );
        }
        let instant = repository.instant();
        let release = release_of(repository, release)?;
        let named = repository.checkpoint.as_ref();
        let checkpoint = match (checkpoint, named) {
            (Some(name), _) => deciding(prepared, name)?,
            (None, Some(named)) if named.release == release => deciding(prepared, &named.id)?,
            (None, _) => next(prepared, release, instant)?,
        };
        let granted = (repository.exceptions(exceptions)?.into(), repository.waivers().into());
        let pulled = repository.pulled(forge)?;
        Ok(Self { pulled, facts, ..Self::with(repository, release, checkpoint, granted) })
    }

    /// The same at another checkpoint of the release.
    pub fn at(&self, checkpoint: &str) -> Self {
        let granted = (Arc::clone(&self.exceptions), Arc::clone(&self.waivers));
        let other = Self::with(self.repository, self.release, checkpoint.to_owned(), granted);
        Self { kept: self.kept, pulled: self.pulled.clone(), facts: self.facts.clone(), ..other }
    }

    /// The same for a board, which looks at those pull requests alone that are about the release, and keeps them.
    pub fn keeping(self, kept: &'r Kept) -> Self {
        Self { kept: Some(kept), ..self }
    }

    fn with(
        repository: &'r Repository,
        release: Release,
        checkpoint: String,
        (exceptions, waivers): (Arc<[Exception]>, Arc<[Waiver]>),
    ) -> Self {
        let prepared = &repository.prepared;
        let kind = prepared.checkpoint(&checkpoint);
        let calendar = prepared.calendar_as_known(release, repository.instant());
        let dated = calendar.as_ref().and_then(|calendar| calendar.at(&checkpoint));
        let requests_until = kind.zip(dated).and_then(|(kind, dated)| exception::requests_until(kind, dated, release));
        Self {
            repository,
            release,
            deadline: dated.map(|dated| dated.at),
            hard: dated.is_none_or(|dated| dated.hard),
            covered_by: kind.map(|kind| kind.covered_by.clone()).unwrap_or_default(),
            checkpoint,
            requests_until,
            exceptions,
            waivers,
            pulled: Pulled::default(),
            facts: None,
            kept: None,
        }
    }

    /// The question that is put to a state at an instant.
    pub fn question<'q>(&'q self, known: &'q Known, instant: Timestamp, all: bool) -> Question<'q> {
        Question {
            release: self.release,
            checkpoint: &self.checkpoint,
            deadline: self.deadline,
            hard: self.hard,
            requests_until: self.requests_until,
            covered_by: &self.covered_by,
            instant,
            bases: self.bases(known),
            exceptions: &self.exceptions,
            waivers: &self.waivers,
            pulls: &known.pulls,
            approved: &known.approved,
            forge: self.forge_view(instant),
            facts: self.facts.as_deref(),
            all,
        }
    }

    /// What was given beside the proposals.
    fn bases(&self, known: &Known) -> BTreeSet<Basis> {
        let forge = self.pulled.forge.as_ref().map(|_| Basis::Forge);
        let has = |basis: &Basis| self.facts.as_ref().is_some_and(|facts| facts.has(*basis));
        let given = [Basis::Code, Basis::Docs, Basis::Tests].into_iter().filter(has);
        known.bases.iter().copied().chain(forge).chain(given).collect()
    }

    /// What is known of the state that the repository stands for, whose proposals were read.
    pub fn known(&self, corpus: Corpus, depth: Depth) -> Known {
        let mut known = Known::of(corpus);
        if let Err(error) = self.read_history(&mut known, depth) {
            known.notes.push(format!("what happened before is not known: {}", first_line(&error)));
        }
        known
    }

    fn read_history(&self, known: &mut Known, depth: Depth) -> anyhow::Result<()> {
        let (history, prefix) = self.repository.history()?;
        let newest = self.repository.newest(&*history)?;
        self.read_events(known, &*history, &prefix, &newest, depth)?;
        self.read_pulls(known, (&*history, &prefix, &newest), self.repository.instant(), depth);
        Ok(())
    }

    /// Reads the state of an earlier commit.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read_earlier(
        &self,
        history: &dyn History,
        prefix: &str,
        commit: &Commit,
        instant: Timestamp,
        memo: &Memo,
    ) -> anyhow::Result<Known> {
        let mut known = self.read_files(history, prefix, commit, instant, memo)?;
        self.read_pulls(&mut known, (history, prefix, commit), instant, Depth::default());
        Ok(known)
    }

    /// Reads the state of an earlier commit alone: what its files tell.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read_files(
        &self,
        history: &dyn History,
        prefix: &str,
        commit: &Commit,
        instant: Timestamp,
        memo: &Memo,
    ) -> anyhow::Result<Known> {
        let state = Repository::state(history, prefix, commit.clone())?;
        let mut corpus = self.repository.read_chosen(&*state.tree, instant, memo, &|proposal| self.wants(proposal));
        corpus.commit = Some(state.commit.id.as_str().into());
        Ok(Known::of(corpus))
    }

    /// Adds the events of the proposals whose prose was read, and what was approved, where a rule or the caller asks.
    fn read_events(
        &self,
        known: &mut Known,
        history: &dyn History,
        prefix: &str,
        newest: &Commit,
        depth: Depth,
    ) -> anyhow::Result<()> {
        let prepared = &self.repository.prepared;
        let asks = |wanted: Predicate| {
            signoff::rules(prepared, self.release, &self.checkpoint).any(|rule| rule.predicate == Some(wanted))
        };
        let current = asks(Predicate::ReviewCurrent);
        let approvers = self.pulled.forge.is_some() && asks(Predicate::ApproversApproved);
        if !depth.events && !current && !approvers && !asks(Predicate::ApprovalMerged) {
            return Ok(());
        }
        let read = known.corpus.all().filter(|proposal| proposal.prose.is_some());
        let wanted: BTreeSet<Arc<str>> = read.map(|proposal| Arc::clone(&proposal.path)).collect();
        let only = |path: &str| wanted.contains(path);
        let options = Options { only: Some(&only), prefix, ..Options::default() };
        // Whoever read them for more proposals has them already.
        if known.corpus.events.is_empty() {
            let EventLog { events, cut, .. } = events::read(history, newest, prepared, &options)?;
            known.corpus.events = events.into();
            known.notes.extend(cut.map(|cut| {
                format!("what happened before {} is not known: {}", cut.at, super::timeline::known_from(&cut).reason)
            }));
        }
        if current {
            let approvals = signoff::approvals(&known.corpus, self.release);
            self.add_approved(known, history, prefix, approvals);
        }
        Ok(())
    }

    /// Adds proposals as they were when a stage of theirs was approved. What cannot be read is noted.
    ///
    /// # Errors
    /// When there is no history.
    pub fn read_approved(&self, known: &mut Known, approvals: Vec<Approval>) -> anyhow::Result<()> {
        let (history, prefix) = self.repository.history()?;
        self.add_approved(known, &*history, &prefix, approvals);
        Ok(())
    }

    fn add_approved(&self, known: &mut Known, history: &dyn History, prefix: &str, approvals: Vec<Approval>) {
        for approval in
            approvals.into_iter().filter(|approval| !known.approved.contains_key(&approval.path)).collect::<Vec<_>>()
        {
            let path = Arc::clone(&approval.path);
            match self.approved(&known.corpus, history, prefix, &approval) {
                Ok(Some(approved)) => {
                    known.approved.insert(path, approved);
                }
                Ok(None) => {}
                Err(error) => known
                    .notes
                    .push(format!("what {path} said when it was approved is not known: {}", first_line(&error))),
            }
        }
    }

    /// A proposal as it was at the commit of an approval, where it may have had another path; `None` when it was not there.
    fn approved(
        &self,
        corpus: &Corpus,
        history: &dyn History,
        prefix: &str,
        approval: &Approval,
    ) -> anyhow::Result<Option<Approved>> {
        let now = corpus.all().find(|now| now.path == approval.path);
        let number = now.map(|now| now.label().to_string()).unwrap_or_default();
        let read = || self.read_approval(&number, history, prefix, approval);
        match self.kept {
            Some(kept) => {
                kept.approved((Arc::clone(&approval.commit), Arc::clone(&approval.path), number.clone()), read)
            }
            None => read(),
        }
    }

    fn read_approval(
        &self,
        number: &str,
        history: &dyn History,
        prefix: &str,
        Approval { path, commit, at }: &Approval,
    ) -> anyhow::Result<Option<Approved>> {
        let state = Repository::state(history, prefix, Commit { id: commit.to_string(), at: *at })?;
        let read = |paths: &[String]| {
            let prepared = Arc::clone(&self.repository.prepared);
            let request = Request { prepared, paths: Some(paths), prose: true, as_of: *at };
            corpus::load(&*state.tree, &request, &Memo::default())
        };
        let names = read(&[]);
        let Some(then) = names.find(path).into_iter().chain(names.find(number)).next() else { return Ok(None) };
        let mut proposals = read(&[then.path.to_string()]).proposals.into_iter();
        let proposal = proposals.find(|proposal| proposal.path == then.path);
        Ok(proposal.map(|proposal| Approved::new(Arc::clone(commit), *at, proposal)))
    }

    /// Whether a proposal may be meant for the release: it targets it, or an exception was ever asked for it.
    pub fn wants(&self, proposal: &Proposal) -> bool {
        let excepted = |exception: &Exception| {
            exception.release.minors_after(self.release) == 0 && same_number(proposal.label(), &exception.proposal)
        };
        signoff::targets(&self.repository.prepared, proposal, self.release) || self.exceptions.iter().any(excepted)
    }

    /// What was pulled of the forge, as of an instant.
    pub fn forge_view(&self, instant: Timestamp) -> Option<ForgeView<'_>> {
        self.pulled.view(self.repository, instant, self.deadline)
    }

    /// The exceptions of every release.
    pub fn exceptions(&self) -> &[Exception] {
        &self.exceptions
    }

    /// What a status is about.
    pub fn head<'h>(&'h self, known: &'h Known) -> Head<'h> {
        let prepared = &self.repository.prepared;
        let mut notes = known.notes.clone();
        notes.extend(self.pulled.notes(self.repository));
        notes.extend(prepared.undated.map(|undated| undated.to_string()));
        if self.deadline.is_none() {
            let release = prepared.profile.release.spelt(self.release);
            notes.push(format!("when this checkpoint of {release} is, no calendar says: nothing is late"));
        }
        Head {
            release: prepared.profile.release.spelt(self.release),
            checkpoint: &self.checkpoint,
            checkpoint_name: prepared.checkpoint_name(&self.checkpoint, self.release),
            deadline: self.deadline,
            instant: self.repository.instant(),
            commit: known.corpus.commit.as_deref(),
            basis: self.bases(known).into_iter().collect(),
            notes,
        }
    }
}

/// What an error says, without its remedy.
fn first_line(error: &impl ToString) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

/// The release that is asked about: the one named, that of the checkpoint of `--at`, or the one that is worked on.
pub(super) fn release_of(repository: &Repository, release: Option<Release>) -> anyhow::Result<Release> {
    let prepared = &repository.prepared;
    if let Some(release) = release {
        return Ok(release);
    }
    let current = || prepared.current_release.as_deref().and_then(Release::parse);
    match (repository.checkpoint.as_ref().map(|named| named.release).or_else(current), prepared.undated) {
        (Some(release), _) => Ok(release),
        (None, Some(undated)) => bail!("{undated}\nname the release with --release, or its dates in signoff.toml"),
        (None, None) => bail!("which release is meant is not known\nname it with --release"),
    }
}

/// The id of a checkpoint at which something is decided.
fn deciding(prepared: &Prepared, name: &str) -> anyhow::Result<String> {
    let kinds = &prepared.calendars.kinds;
    let deciding = || kinds.iter().filter(|kind| kind.decides);
    match prepared.checkpoint(name) {
        Some(kind) if kind.decides => Ok(kind.id.clone()),
        found => {
            let ids: Vec<&str> = deciding().map(|kind| kind.id.as_str()).collect();
            let hint = match nearest(name, deciding().flat_map(signoff_model::profile::CheckpointKind::names)) {
                Some(near) if found.is_none() => format!("did you mean `{near}`? There are {}", ids.join(", ")),
                _ => format!("there are {}", ids.join(", ")),
            };
            let what = if found.is_some() { "nothing is decided at" } else { "there is no checkpoint" };
            bail!("{what} `{}`\n{hint}", visible(name))
        }
    }
}

/// The next checkpoint of a release, or its last.
fn next(prepared: &Prepared, release: Release, instant: Timestamp) -> anyhow::Result<String> {
    if let Some(dated) = prepared.next_checkpoint(release, instant) {
        return Ok(dated.id.to_string());
    }
    let decides = |id: &str| prepared.checkpoint(id).is_some_and(|kind| kind.decides);
    let calendar = prepared.calendar(release);
    let last = calendar.and_then(|calendar| calendar.checkpoints.iter().rfind(|dated| decides(&dated.id)));
    match last {
        Some(dated) => Ok(dated.id.to_string()),
        None => {
            let release = prepared.profile.release.spelt(release);
            bail!(
                "no calendar has dates of {release}\nname a checkpoint with --checkpoint, or its dates in signoff.toml"
            )
        }
    }
}

/// What changed between two lists of verdicts, by path.
pub fn changes(since: Timestamp, before: &[Verdict<'_>], now: &[Verdict<'_>], prepared: &Prepared) -> status::Changes {
    use signoff_model::profile::Meaning;
    let mut found = Vec::new();
    let mut change = |path: &str, before: Option<&Verdict<'_>>, now: Option<&Verdict<'_>>| {
        let (from, to) = (before.map(|verdict| verdict.standing.word()), now.map(|verdict| verdict.standing.word()));
        let Some(shown) = now.or(before).filter(|_| from != to) else { return };
        found.push(status::Change {
            proposal: shown.proposal.label().to_string(),
            path: path.to_owned(),
            title: shown.proposal.text(prepared, Meaning::Title).map(str::to_owned),
            from,
            to,
            reason: now.map_or_else(|| "it no longer targets the release".to_owned(), |verdict| verdict.reason.clone()),
        });
    };
    let find = |list: &'_ [Verdict<'_>], path: &str| list.iter().position(|verdict| *verdict.proposal.path == *path);
    let paths: BTreeSet<&str> = before.iter().chain(now).map(|verdict| &*verdict.proposal.path).collect();
    for path in paths {
        change(path, find(before, path).map(|at| &before[at]), find(now, path).map(|at| &now[at]));
    }
    status::Changes { since, proposals: found }
}
