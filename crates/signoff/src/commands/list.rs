//! `signoff list`: the proposals for which a condition holds.

use std::io::Write;
use std::process::ExitCode;

use signoff_analysis::query::Query;
use signoff_model::profile::SavedQuery;
use signoff_output::query;

use super::query::{answer, separated};
use crate::cli::{Global, ListArgs, ListFormat};
use crate::repository::Repository;

/// Lists proposals.
pub fn run(global: &Global, args: &ListArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open(global)?;
    let written = SavedQuery {
        condition: args.condition.clone(),
        columns: separated(&args.columns),
        sort: separated(&args.sort),
        ..SavedQuery::default()
    };
    let query = Query::parse(&repository.prepared, &written, &[])?;
    answer(global, &repository, &query, |table| match args.format {
        ListFormat::Human => query::write_human(table, crate::look(global), out),
        ListFormat::Json => query::write_list_json(table, out),
        ListFormat::Csv => query::write_csv(table, out),
    })
}
