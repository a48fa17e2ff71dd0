//! `signoff shipped`: what a release was to bring, and what proposals claim that it brought.

use std::io::Write;
use std::process::ExitCode;

use signoff_analysis::claims::Known;
use signoff_analysis::delivery;
use signoff_output::delivery::Shipped;

use super::told;
use crate::cli::{Global, ListFormat, ShippedArgs};
use crate::evidence;
use crate::repository::Repository;

/// Answers.
pub fn run(global: &Global, args: &ShippedArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open_for(global, args.release)?;
    let cycle = told::cycle_of(&repository, args.release)?;
    let mut told = told::read(global, &repository)?;
    let cycle = told.reach(cycle);
    let mut rows = delivery::shipped(&told.corpus, &cycle);
    let evidence = evidence::read(&args.evidence, &repository)?;
    let known = Known::of(&evidence.facts, &repository.prepared.profile.evidence);
    delivery::look_up(&mut rows, &repository.prepared, &known, cycle.release);
    let shipped = Shipped::new(&repository.prepared, &cycle, &rows, told.standpoint);
    match args.format {
        ListFormat::Human => shipped.write_human(crate::look(global), out)?,
        ListFormat::Json => shipped.write_json(out)?,
        ListFormat::Csv => shipped.write_csv(out)?,
    }
    Ok(ExitCode::SUCCESS)
}
