//! `signoff shipped`: what a release was to bring, and what proposals claim that it brought.

use std::io::Write;
use std::process::ExitCode;

use signoff_analysis::delivery;
use signoff_output::delivery::Shipped;

use super::told;
use crate::cli::{Global, ListFormat, ShippedArgs};
use crate::repository::Repository;

/// Answers.
pub fn run(global: &Global, args: &ShippedArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open_for(global, args.release)?;
    let cycle = told::cycle_of(&repository, args.release)?;
    let mut told = told::read(global, &repository)?;
    let cycle = told.reach(cycle);
    let rows = delivery::shipped(&told.corpus, &cycle);
    let shipped = Shipped::new(&repository.prepared, &cycle, &rows, told.standpoint);
    match args.format {
        ListFormat::Human => shipped.write_human(crate::look(global), out)?,
        ListFormat::Json => shipped.write_json(out)?,
        ListFormat::Csv => shipped.write_csv(out)?,
    }
    Ok(ExitCode::SUCCESS)
}
