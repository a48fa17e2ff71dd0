//! `signoff list`: the proposals for which a condition holds.

use std::io::Write;
use std::process::ExitCode;

use anyhow::anyhow;
use signoff_analysis::condition::Condition;
use signoff_model::Proposal;
use signoff_model::profile::Prepared;
use signoff_output::list::{self, Column, Format};
use signoff_output::visible;

use crate::cli::{Global, ListArgs, ListFormat};
use crate::progress::Progress;
use crate::repository::{Repository, Selection};

/// Lists proposals.
pub fn run(global: &Global, args: &ListArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open(global)?;
    let condition = args.condition.as_deref().map(|text| parse(&repository.prepared, text)).transpose()?;
    let names = if args.columns.is_empty() {
        list::DEFAULT.to_vec()
    } else {
        args.columns.iter().map(String::as_str).collect()
    };
    let columns = Column::parse_all(&repository.prepared, names)?;
    let order = args.sort.as_deref().map(|order| order_of(&repository.prepared, order)).transpose()?;
    let metadata_only =
        !args.condition.as_deref().is_some_and(|text| text.contains("question") || text.contains("section"));
    let progress = Progress::start(global, "Reading proposals");
    let corpus = repository.load(&Selection { metadata_only, ..Selection::default() });
    Repository::refuse_cut(&corpus)?;
    let holds =
        |proposal: &&Proposal| condition.as_ref().is_none_or(|condition| condition.holds(&corpus.prepared, proposal));
    let mut chosen: Vec<&Proposal> = corpus.proposals.iter().filter(holds).collect();
    drop(progress);
    if let Some((column, reverse)) = &order {
        list::sort(&corpus, &mut chosen, column, *reverse);
    }
    let format = match args.format {
        ListFormat::Human => Format::Human,
        ListFormat::Json => Format::Json,
        ListFormat::Csv => Format::Csv,
    };
    list::write(format, &corpus, &chosen, &columns, crate::look(global), out)?;
    Ok(ExitCode::SUCCESS)
}

/// The column that `--sort` names, and whether the order is reversed.
fn order_of(prepared: &Prepared, order: &str) -> anyhow::Result<(Column, bool)> {
    let (reverse, name) = order.strip_prefix('-').map_or((false, order), |name| (true, name));
    Ok((Column::parse(prepared, name)?, reverse))
}

/// Reads a condition of the command line.
pub fn parse(prepared: &Prepared, text: &str) -> anyhow::Result<Condition> {
    Condition::parse(prepared, text).map_err(|fault| anyhow!("{}\n{}", visible(&fault.message), visible(&fault.hint)))
}
