//! `signoff why`: from the verdict of a proposal to the rules, to the lines that they saw.

use std::io::Write;
use std::process::ExitCode;

use anyhow::anyhow;
use signoff_analysis::signoff;
use signoff_model::memo::Memo;
use signoff_model::proposal::same_number;
use signoff_model::{Corpus, Proposal, Release};
use signoff_output::status::Status;
use signoff_output::{visible, why};

use super::show::{named, one};
use super::standing::{Asked, Depth, Known};
use crate::cli::{Global, PlainFormat, WhyArgs};
use crate::repository::Repository;

/// Answers.
pub fn run(global: &Global, args: &WhyArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open_for(global, args.release)?;
    let memo = Memo::keeping();
    let mut corpus = repository.load_chosen(&memo, &|_| false)?;
    let found = named(&repository, &corpus, &args.id);
    let release = release(&repository, args, found.as_ref().ok().copied());
    let found = found.map(|found| found.path.to_string());
    let asked =
        Asked::of(&repository, release, args.checkpoint.as_deref(), (&args.exceptions, &args.forge, &args.evidence))?;
    if let Ok(path) = &found {
        repository.add_prose(&mut corpus, &memo, path);
    }
    let known = asked.known(corpus, Depth { pulls: found.is_err(), ..Depth::default() });
    let question = asked.question(&known, repository.instant(), true);
    let verdict = match found {
        Ok(path) => signoff::verdict_of(&known.corpus, one(&known.corpus, &path)?, &question),
        // What is not on the main branch yet may come with a pull request.
        Err(error) => match in_pull(&known, &args.id) {
            Some((pull, proposal)) => signoff::verdict_in_pull(pull, proposal, &question),
            None => return Err(with_exception(error, &asked, &args.id)),
        },
    };
    let verdicts = [verdict];
    let status = Status::new(asked.head(&known), &repository.prepared, &verdicts, None);
    for entry in &status.proposals {
        match args.format {
            PlainFormat::Human => why::write(&status, entry, crate::look(global), out)?,
            PlainFormat::Json => why::write_json(&status, entry, out)?,
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The release that is asked about: without a word about it, the one that the proposal itself names.
fn release(repository: &Repository, args: &WhyArgs, found: Option<&Proposal>) -> Option<Release> {
    let own = || found.and_then(|found| found.latest_milestone(&repository.prepared));
    args.release.or_else(|| if repository.checkpoint.is_some() { None } else { own() })
}

/// The proposal in the first open pull request that brings it.
fn in_pull<'k>(known: &'k Known, id: &str) -> Option<(&'k signoff::OpenPull, &'k Proposal)> {
    known.pulls.iter().find_map(|pull| {
        let of_pull: &Corpus = &pull.corpus;
        let found = of_pull.find(id).into_iter().find(|proposal| proposal.loaded)?;
        Some((pull, found))
    })
}

/// Says of a proposal that is not there which exception was asked for it: that tells where it is.
fn with_exception(error: anyhow::Error, asked: &Asked<'_>, id: &str) -> anyhow::Error {
    let instant = asked.repository.instant();
    let known = asked.exceptions().iter().find(|exception| {
        same_number(&exception.proposal, id)
            && exception.release.minors_after(asked.release) == 0
            && exception.covers(&asked.checkpoint)
            && exception.decision_at(instant).is_some()
    });
    let Some(exception) = known else { return error };
    let asked_on = exception.requested.map(|day| format!(" on {day}")).unwrap_or_default();
    let decision = exception.decision_at(instant).map(signoff_model::exception::Decision::word).unwrap_or_default();
    anyhow!(
        "at {} there was no proposal `{}`\nan exception was asked for{asked_on} ({decision}): it may have been in a pull request alone",
        instant.strftime("%Y-%m-%d %H:%M UTC"),
        visible(id)
    )
}
