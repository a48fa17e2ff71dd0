//! `signoff why`: from the verdict of a proposal to the rules, to the lines that they saw.

use std::io::Write;
use std::process::ExitCode;

use signoff_analysis::signoff;
use signoff_model::Proposal;
use signoff_model::memo::Memo;
use signoff_output::status::Status;
use signoff_output::why;

use super::show::named;
use super::standing::Asked;
use crate::cli::{Global, PlainFormat, WhyArgs};
use crate::repository::{Repository, Selection};

/// Answers.
pub fn run(global: &Global, args: &WhyArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open_for(global, args.release)?;
    let names = repository.load(&Selection { metadata_only: true, ..Selection::default() });
    Repository::refuse_cut(&names)?;
    let found = named(&repository, &names, &args.id)?;
    // Without a word about it, the release that the proposal itself names.
    let own = found.latest_milestone(&repository.prepared);
    let of_checkpoint = repository.checkpoint.is_some();
    let release = args.release.or(own.filter(|_| !of_checkpoint));
    let asked = Asked::of(&repository, release, args.checkpoint.as_deref(), &args.exceptions)?;
    let memo = Memo::keeping();
    let path = found.path.to_string();
    let known = asked.read(&memo, &|proposal: &Proposal| *proposal.path == *path)?;
    let question = asked.question(&known, repository.instant(), true);
    let proposal = super::show::one(&known.corpus, &path)?;
    let verdicts = [signoff::verdict_of(&known.corpus, proposal, &question)];
    let status = Status::new(asked.head(&known, &verdicts), &repository.prepared, &verdicts, None);
    for entry in &status.proposals {
        match args.format {
            PlainFormat::Human => why::write(&status, entry, crate::look(global), out)?,
            PlainFormat::Json => why::write_json(&status, entry, out)?,
        }
    }
    Ok(ExitCode::SUCCESS)
}
