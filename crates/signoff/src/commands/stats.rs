//! `signoff stats`: how the process goes, in figures.

use std::io::Write;
use std::process::ExitCode;

use anyhow::anyhow;
use jiff::civil::Date;
use signoff_analysis::statistics::{self, By, Wanted};
use signoff_output::statistics::{self as output, Stats};
use signoff_output::visible;

use super::told;
use crate::cli::{Global, ListFormat, StatsArgs, StatsBy};
use crate::repository::Repository;

/// Answers.
pub fn run(global: &Global, args: &StatsArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let wanted = Wanted {
        release: args.release,
        since: args.since.as_deref().map(date).transpose()?,
        by: args.by.map(|by| match by {
            StatsBy::Group => By::Group,
            StatsBy::Approver => By::Approver,
            StatsBy::Stage => By::Stage,
        }),
        known_from: None,
    };
    let repository = Repository::open_for(global, wanted.release)?;
    let told = told::read(global, &repository)?;
    let wanted = Wanted { known_from: told.standpoint.known_from.as_ref().map(|from| from.at), ..wanted };
    let found = statistics::statistics(&told.corpus, Some(&told.touches), wanted);
    let stats = Stats::new(&repository.prepared, &found, wanted, told.standpoint);
    match args.format {
        ListFormat::Human => output::write_human(&stats, crate::look(global), out)?,
        ListFormat::Json => stats.write_json(out)?,
        ListFormat::Csv => output::write_csv(&stats, out)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn date(text: &str) -> anyhow::Result<Date> {
    text.parse().map_err(|_| anyhow!("`{}` is no date\nwrite it like 2026-02-12", visible(text)))
}
