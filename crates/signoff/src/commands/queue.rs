//! `signoff queue`: what waits for one person.

use std::io::Write;
use std::process::ExitCode;

use anyhow::bail;
use jiff::tz::TimeZone;
use signoff_analysis::signoff::Approval;
use signoff_analysis::signoff::queue::{self, Role, Waiting};
use signoff_model::Proposal;
use signoff_model::memo::Memo;
use signoff_model::profile::Prepared;
use signoff_model::spelling::nearest;
use signoff_output::{queue as output, visible};

use super::standing::{Asked, Depth, Known};
use crate::cli::{ExceptionArgs, Global, ListFormat, QueueArgs};
use crate::progress::Progress;
use crate::repository::Repository;

/// Answers.
pub fn run(global: &Global, args: &QueueArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open_for(global, args.release)?;
    let prepared = &repository.prepared;
    let instant = repository.instant();
    let person = queue::plain(&args.approver);
    let asked = Asked::of(&repository, args.release, None, (&ExceptionArgs::default(), &args.forge, &args.evidence))?;
    let progress = Progress::start(global, "Reading proposals");
    let release = args.release.or(repository.checkpoint.as_ref().map(|named| named.release));
    let is_meant = |proposal: &Proposal| queue::is_meant(prepared, proposal, release, instant);
    let is_theirs = |proposal: &Proposal| is_meant(proposal) && queue::role(prepared, proposal, &person).is_some();
    let corpus = repository.load_chosen(&Memo::keeping(), &is_theirs)?;
    let mut known = asked.known(corpus, Depth { pulls: true, events: true });
    refuse_unknown(&known, &person)?;
    let approvals = approvals(prepared, &known, &is_theirs, &person);
    if !approvals.is_empty() {
        asked.read_approved(&mut known, approvals)?;
    }
    let mut waiting = queue::in_pulls(&known.corpus, &known.pulls, &person, &is_meant);
    if let Some(view) = asked.forge_view(instant) {
        queue::hear(&mut waiting, prepared, &person, view);
    }
    for proposal in known.corpus.all().filter(|proposal| is_theirs(proposal)) {
        let Some(role) = queue::role(prepared, proposal, &person) else { continue };
        waiting.extend(queue::undecided(&known.corpus, proposal, &role));
        if let (Role::Approval(stage), Some(approved)) = (&role, known.approved.get(&proposal.path)) {
            waiting.extend(queue::changed(&known.corpus, proposal, stage, approved));
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
    for pull in known.pulls.iter() {
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

/// When the stages of a person's proposals were last approved.
fn approvals(prepared: &Prepared, known: &Known, is_theirs: &dyn Fn(&Proposal) -> bool, person: &str) -> Vec<Approval> {
    let approval = |proposal: &Proposal| match queue::role(prepared, proposal, person)? {
        Role::Approval(stage) => Approval::last(&known.corpus, proposal, &stage),
        Role::Approver => None,
    };
    known.corpus.all().filter(|proposal| is_theirs(proposal)).filter_map(approval).collect()
}
