//! `signoff queue`: what waits for one person.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::bail;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use signoff_analysis::signoff::queue::{self, Role, Waiting};
use signoff_history::events::{self, Options};
use signoff_history::{Commit, When};
use signoff_model::corpus::{self, Request};
use signoff_model::event::EventKind;
use signoff_model::memo::Memo;
use signoff_model::spelling::nearest;
use signoff_model::{Corpus, Proposal};
use signoff_output::{queue as output, visible};

use super::standing::{Asked, Known};
use crate::cli::{ExceptionArgs, Global, ListFormat, QueueArgs};
use crate::progress::Progress;
use crate::repository::Repository;

/// Answers.
pub fn run(global: &Global, args: &QueueArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open_for(global, args.release)?;
    let prepared = &repository.prepared;
    let instant = repository.instant();
    let person = queue::plain(&args.approver);
    let asked = Asked::of(&repository, args.release, None, &ExceptionArgs::default())?;
    let progress = Progress::start(global, "Reading proposals");
    let release = args.release.or(repository.checkpoint.as_ref().map(|named| named.release));
    let is_meant = |proposal: &Proposal| queue::is_meant(prepared, proposal, release, instant);
    let is_theirs = |proposal: &Proposal| is_meant(proposal) && queue::role(prepared, proposal, &person).is_some();
    let mut known = asked.read(&Memo::keeping(), true, &is_theirs)?;
    refuse_unknown(&known, &person)?;
    let approved = approved(&repository, &mut known, &is_theirs, &person);
    let mut waiting = queue::in_pulls(&known.corpus, &known.pulls, &person, &is_meant);
    for proposal in known.corpus.all().filter(|proposal| is_theirs(proposal)) {
        let Some(role) = queue::role(prepared, proposal, &person) else { continue };
        waiting.extend(queue::undecided(&known.corpus, proposal, &role));
        let earlier = approved.iter().find(|(path, ..)| *path == proposal.path);
        if let (Role::Approval(stage), Some((_, at, earlier))) = (&role, earlier) {
            waiting.extend(queue::changed(&known.corpus, proposal, stage, (earlier, *at)));
        }
    }
    drop(progress);
    write(global, args, &repository, (&known, &person, release), &waiting, out)?;
    Ok(ExitCode::SUCCESS)
}

fn write(
    global: &Global,
    args: &QueueArgs,
    repository: &Repository,
    (known, person, release): (&Known, &str, Option<signoff_model::Release>),
    waiting: &[Waiting<'_>],
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let mut notes = known.notes.clone();
    if known.pulls.is_empty() {
        notes.push(
            "no heads of open pull requests are known here: `git fetch origin '+refs/pull/*/head:refs/pull/*/head'`"
                .to_owned(),
        );
    }
    let head = output::Head {
        prepared: &repository.prepared,
        person,
        release,
        instant: repository.instant(),
        commit: known.corpus.commit.as_deref(),
        notes,
    };
    let queue = output::Queue::new(head, waiting);
    match args.format {
        ListFormat::Human => output::write(&queue, &TimeZone::system(), crate::look(global), out)?,
        ListFormat::Json => output::write_json(&queue, out)?,
        ListFormat::Csv => output::write_csv(&queue, out)?,
    }
    Ok(())
}

/// Refuses a name that nobody has who approves anything.
fn refuse_unknown(known: &Known, person: &str) -> anyhow::Result<()> {
    let mut people = queue::approvers(&known.corpus);
    for pull in &known.pulls {
        people.extend(queue::approvers(&pull.corpus));
    }
    if people.contains(person) {
        return Ok(());
    }
    let hint = match nearest(person, people.iter().map(String::as_str)) {
        Some(near) => format!("did you mean @{}?", visible(&near)),
        None => "name somebody of the approval records, or of the approvers of a proposal".to_owned(),
    };
    bail!("@{} approves nothing here\n{hint}", visible(person))
}

/// Proposals as they were when the stage that they are at was last approved: by path, with that instant.
type Approved = Vec<(Arc<str>, Timestamp, Arc<Proposal>)>;

/// Looks up when the proposals of a person were approved, and what they said then. What the history does not tell is
/// noted.
fn approved(
    repository: &Repository,
    known: &mut Known,
    is_theirs: &dyn Fn(&Proposal) -> bool,
    person: &str,
) -> Approved {
    let prepared = &repository.prepared;
    let of_stage = |proposal: &Proposal| match queue::role(prepared, proposal, person) {
        Some(Role::Approval(stage)) => Some(stage),
        _ => None,
    };
    let theirs: Vec<(Arc<str>, String)> = known
        .corpus
        .all()
        .filter(|proposal| is_theirs(proposal))
        .filter_map(|proposal| Some((Arc::clone(&proposal.path), of_stage(proposal)?)))
        .collect();
    if theirs.is_empty() {
        return Vec::new();
    }
    read_approved(repository, &theirs).unwrap_or_else(|error| {
        let why = error.to_string();
        known
            .notes
            .push(format!("what changed since approvals is not known: {}", why.lines().next().unwrap_or_default()));
        Vec::new()
    })
}

fn read_approved(repository: &Repository, theirs: &[(Arc<str>, String)]) -> anyhow::Result<Approved> {
    let (history, prefix) = repository.history()?;
    let newest = match repository.past_commit() {
        Some(commit) => commit.clone(),
        None => history.commit_at(&When::Revision("HEAD".to_owned()))?,
    };
    let paths: BTreeSet<&str> = theirs.iter().map(|(path, _)| &**path).collect();
    let only = |path: &str| paths.contains(path);
    let options = Options { prefix: &prefix, only: Some(&only), ..Options::default() };
    let log = events::read(&*history, &newest, &repository.prepared, &options)?;
    let mut found = Vec::new();
    for (path, stage) in theirs {
        let approval = log.events.iter().rfind(|event| {
            event.kind == EventKind::Approved
                && event.proposal == *path
                && event.subject.as_deref() == Some(stage)
                && event.to.is_some()
        });
        let Some(event) = approval else { continue };
        let commit = Commit { id: event.commit.to_string(), at: event.at };
        let state = Repository::state(&*history, &prefix, commit)?;
        let corpus = load_near(repository, &*state.tree, path);
        let earlier = corpus.proposals.iter().find(|proposal| proposal.loaded && proposal.path == *path);
        if let Some(earlier) = earlier {
            found.push((Arc::clone(path), event.at, Arc::clone(earlier)));
        }
    }
    Ok(found)
}

/// A proposal of an earlier state. One that stood elsewhere then is not found.
fn load_near(repository: &Repository, tree: &dyn signoff_model::Tree, path: &str) -> Corpus {
    let prepared = Arc::clone(&repository.prepared);
    let paths = [path.to_owned()];
    let request = Request { prepared, paths: Some(&paths), prose: true, as_of: repository.instant() };
    corpus::load(tree, &request, &Memo::default())
}
