//! `signoff playbook`: what to do with a gate in an incident.

use std::io::Write;
use std::process::ExitCode;

use anyhow::bail;
use signoff_analysis::claims::Known;
use signoff_analysis::playbook::{self, Playbook};
use signoff_output::playbook::{Playbook as Output, write_human, write_markdown};
use signoff_output::visible;

use crate::cli::{Global, PlaybookArgs, PlaybookFormat};
use crate::evidence;
use crate::repository::{Repository, Selection};

/// Answers.
pub fn run(global: &Global, args: &PlaybookArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open(global)?;
    let evidence = evidence::read(&args.evidence, &repository)?;
    evidence.note_unread(global);
    let corpus = repository.load(&Selection::default());
    Repository::refuse_cut(&corpus)?;
    let known = Known::of(&evidence.facts, &corpus.prepared.profile.evidence);
    let playbook = Playbook::of(&args.gate, &corpus, &known, &evidence.clusters);
    if playbook.newest().is_none() && playbook.registry.is_none() && playbook.behind.is_empty() {
        let near = playbook::like(&args.gate, &corpus, &known.gates);
        let hint = near.map_or_else(
            || "name it as the flag --feature-gates takes it".into(),
            |near| format!("did you mean {}?", visible(&near)),
        );
        bail!("no list and no proposal has a gate `{}`\n{hint}", visible(&args.gate));
    }
    let output = Output::new(&playbook, crate::repository::now()?);
    match args.format {
        PlaybookFormat::Human => write_human(&output, crate::look(global), out)?,
        PlaybookFormat::Json => output.write_json(out)?,
        PlaybookFormat::Markdown => write_markdown(&output, out)?,
    }
    Ok(ExitCode::SUCCESS)
}
