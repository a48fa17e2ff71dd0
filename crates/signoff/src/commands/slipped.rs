//! `signoff slipped`: what was planned for a release and went elsewhere.

use std::io::Write;
use std::process::ExitCode;

use anyhow::anyhow;
use signoff_analysis::delivery::{self, Moment};
use signoff_output::delivery::Slipped;

use super::told;
use crate::cli::{Global, ListFormat, PlannedMoment, SlippedArgs};
use crate::repository::Repository;

/// Answers.
pub fn run(global: &Global, args: &SlippedArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open_for(global, args.release)?;
    let cycle = told::cycle_of(&repository, args.release)?;
    let mut told = told::read(global, &repository)?;
    let cycle = told.reach(cycle);
    let moment = match args.planned {
        PlannedMoment::Settled => Moment::Settled,
        PlannedMoment::Start => Moment::Start,
        PlannedMoment::Any => Moment::Any,
    };
    let found = delivery::slipped(&told.corpus, &cycle, moment).ok_or_else(|| {
        let release = repository.prepared.profile.release.spelt(cycle.release);
        anyhow!("what was planned for {release} is not settled yet, or no calendar says when\nname an older release, or add its calendar to signoff.toml")
    })?;
    let slipped = Slipped::new(&repository.prepared, &cycle, moment, &found, told.standpoint);
    match args.format {
        ListFormat::Human => slipped.write_human(crate::look(global), out)?,
        ListFormat::Json => slipped.write_json(out)?,
        ListFormat::Csv => slipped.write_csv(out)?,
    }
    Ok(ExitCode::SUCCESS)
}
