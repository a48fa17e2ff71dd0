//! `signoff checklist`: the sign-off checklist beside what the files and the history tell.

use std::io::Write;
use std::process::ExitCode;

use anyhow::bail;
use signoff_analysis::claims::Known;
use signoff_analysis::signoff::{Beside, checklist};
use signoff_history::events::{self, Options};
use signoff_model::event::EventKind;
use signoff_model::memo::Memo;
use signoff_output::checklist as output;

use super::show::{named, one};
use crate::cli::{ChecklistArgs, Global, PlainFormat};
use crate::evidence;
use crate::repository::Repository;

/// Answers.
pub fn run(global: &Global, args: &ChecklistArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open(global)?;
    let prepared = &repository.prepared;
    if prepared.profile.checklist.is_empty() {
        bail!("the process `{}` has no checklist\nits profile would need a `[[checklist]]`", prepared.profile.id);
    }
    let memo = Memo::default();
    let mut corpus = repository.load_chosen(&memo, &|_| false)?;
    let path = named(&repository, &corpus, &args.id)?.path.to_string();
    repository.add_prose(&mut corpus, &memo, &path);
    let mut notes = Vec::new();
    match happened(&repository, &path) {
        Ok(events) => corpus.events = events.into(),
        Err(error) => {
            let why = error.to_string();
            notes.push(format!("what happened before is not known: {}", why.lines().next().unwrap_or_default()));
        }
    }
    let proposal = one(&corpus, &path)?;
    let pulled = repository.pulled(&args.forge)?;
    notes.extend(pulled.notes(&repository));
    let evidence = evidence::read_given(&args.evidence, &repository)?;
    let sources = evidence.as_ref().map(|evidence| Known::of(&evidence.facts, &prepared.profile.evidence));
    let forge = pulled.view(&repository, repository.instant(), None);
    for sheet in &checklist::sheets(&corpus, proposal, Beside { forge, sources: sources.as_ref() }) {
        let checklist = output::Checklist::new(&corpus, proposal, sheet, notes.clone());
        match args.format {
            PlainFormat::Human => output::write(&checklist, crate::look(global), out)?,
            PlainFormat::Json => output::write_json(&checklist, out)?,
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What happened to a proposal, but for its answers.
pub fn happened(repository: &Repository, path: &str) -> anyhow::Result<Vec<signoff_model::event::Event>> {
    let (history, prefix) = repository.history()?;
    let newest = repository.newest(&*history)?;
    let only = |own: &str| own == path;
    let options = Options { prefix: &prefix, only: Some(&only), ..Options::default() };
    let mut events = events::read(&*history, &newest, &repository.prepared, &options)?.events;
    events.retain(|event| !matches!(event.kind, EventKind::Answer | EventKind::Questionnaire));
    Ok(events)
}
