//! `signoff sweep`: what is tidied up behind a release, as edits and command lines. Nothing is run.

use std::io::Write;
use std::process::ExitCode;

use anyhow::bail;
use signoff_analysis::cleanup;
use signoff_output::cleanup::{self as output, Sweep};

use super::told;
use crate::cli::{Global, PlainFormat, SweepArgs};
use crate::repository::Repository;

/// Answers.
pub fn run(global: &Global, args: &SweepArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open_for(global, args.release)?;
    let cycle = told::cycle_of(&repository, args.release)?;
    let release = repository.prepared.profile.release.spelt(cycle.release);
    if cycle.is_out(repository.instant()) == Some(false) {
        let out = cycle.out_day.map_or_else(String::new, |day| format!(": it is planned for {day}"));
        bail!(
            "{release} is not out{out}\nsweep once it is; until then `signoff status --release {release}` tells where proposals stand"
        );
    }
    let mut told = told::read(global, &repository)?;
    let cycle = told.reach(cycle);
    if cycle.out.is_none() {
        told.standpoint
            .notes
            .push(format!("whether {release} is out no calendar says; nothing was planned that is known"));
    }
    let pulled = repository.pulled(&args.forge)?;
    told.standpoint.notes.extend(pulled.notes(&repository));
    let mut found = cleanup::cleanup(&told.corpus, &cycle);
    if let Some(view) = pulled.view(&repository, repository.instant(), cycle.out) {
        found.keep_needed(&told.corpus.prepared, cycle.release, view);
    }
    if args.patch {
        output::write_patch(&found, out)?;
        return Ok(ExitCode::SUCCESS);
    }
    let sweep = Sweep::new(&told.corpus, &cycle, &found, told.standpoint)?;
    match args.format {
        PlainFormat::Human => sweep.write_human(crate::look(global), out)?,
        PlainFormat::Json => sweep.write_json(out)?,
    }
    Ok(ExitCode::SUCCESS)
}
