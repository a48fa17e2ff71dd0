//! `signoff export`: every proposal, in a file for another program.

use std::io::{self, IsTerminal as _, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;
use signoff_model::{Corpus, Proposal};
use signoff_output::{export, proposal};

use crate::cli::{ExportArgs, ExportFormat, Global};
use crate::progress::Progress;
use crate::repository::{Repository, Selection};
use crate::write;

/// Exports every proposal.
pub fn run(global: &Global, args: &ExportArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    if args.format == ExportFormat::Sqlite && args.output.is_none() && io::stdout().is_terminal() {
        bail!("a database is no text for a terminal\nname its file, as in --output proposals.sqlite");
    }
    let repository = Repository::open(global)?;
    let progress = Progress::start(global, "Reading proposals");
    // The manifest is metadata alone.
    let metadata_only = args.format == ExportFormat::KepsJson;
    let corpus = repository.load(&Selection { metadata_only, ..Selection::default() });
    Repository::refuse_cut(&corpus)?;
    match args.output.as_deref().filter(|path| *path != Path::new("-")) {
        None => write_to(args.format, &corpus, out)?,
        Some(path) => write_file(args.format, &corpus, path)?,
    }
    drop(progress);
    Ok(ExitCode::SUCCESS)
}

fn write_to(format: ExportFormat, corpus: &Corpus, out: &mut dyn Write) -> anyhow::Result<()> {
    match format {
        ExportFormat::KepsJson => export::manifest::write(corpus, out)?,
        ExportFormat::Json => {
            let all: Vec<&Proposal> = corpus.all().collect();
            proposal::write_all_json(corpus, &all, out)?;
        }
        ExportFormat::Csv => export::table::write(corpus, out)?,
        ExportFormat::Sqlite => export::database::write(corpus, out)?,
    }
    Ok(())
}

/// The whole file, or nothing of it.
fn write_file(format: ExportFormat, corpus: &Corpus, path: &Path) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    write_to(format, corpus, &mut bytes)?;
    write::whole(&std::path::absolute(path)?, &bytes)
}
