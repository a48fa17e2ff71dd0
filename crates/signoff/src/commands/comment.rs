//! `signoff comment`: the status comment for the issue of a proposal.

use std::io::Write;
use std::process::ExitCode;

use anyhow::bail;
use signoff_analysis::signoff;
use signoff_model::memo::Memo;
use signoff_output::comment::{self, Comment};
use signoff_output::status::Status;

use super::show::{named, one};
use super::standing::{Asked, Depth};
use crate::cli::{CommentArgs, Global};
use crate::repository::Repository;

/// Answers.
pub fn run(global: &Global, args: &CommentArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open_for(global, args.release)?;
    let prepared = &repository.prepared;
    if prepared.profile.signoff.comment.text.trim().is_empty() {
        bail!(
            "the process `{}` has no status comment\nits profile would need `[signoff.comment]`",
            prepared.profile.id
        );
    }
    let memo = Memo::keeping();
    let mut corpus = repository.load_chosen(&memo, &|_| false)?;
    let found = named(&repository, &corpus, &args.id)?;
    let path = found.path.to_string();
    let own = if repository.checkpoint.is_some() { None } else { found.latest_milestone(prepared) };
    let asked = Asked::of(
        &repository,
        args.release.or(own),
        args.checkpoint.as_deref(),
        (&args.exceptions, &args.forge, &args.evidence),
    )?;
    repository.add_prose(&mut corpus, &memo, &path);
    let known = asked.known(corpus, Depth::default());
    let question = asked.question(&known, repository.instant(), true);
    let proposal = one(&known.corpus, &path)?;
    let verdicts = [signoff::verdict_of(&known.corpus, proposal, &question)];
    let status = Status::new(asked.head(&known), prepared, &verdicts, None);
    for entry in &status.proposals {
        comment::write(&Comment { prepared, proposal, status: &status, entry, mention: args.mention }, out)?;
    }
    Ok(ExitCode::SUCCESS)
}
