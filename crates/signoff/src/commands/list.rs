//! `signoff list`: the proposals for which a condition holds.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{anyhow, bail};
use signoff_analysis::condition::Condition;
use signoff_model::profile::{Meaning, Prepared};
use signoff_model::{Corpus, Proposal, Release};
use signoff_output::list::{self, Column, Format};

use crate::cli::{Global, ListArgs, ListFormat};
use crate::repository::{Repository, Selection};

/// The columns of a list that names none.
const COLUMNS: [&str; 6] = ["proposal", "title", "group", "status", "stage", "latest_milestone"];

/// Lists proposals.
pub fn run(global: &Global, args: &ListArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open(global)?;
    let condition = args.condition.as_deref().map(|text| parse(&repository.prepared, text)).transpose()?;
    let names =
        if args.columns.is_empty() { COLUMNS.to_vec() } else { args.columns.iter().map(String::as_str).collect() };
    let columns = Column::parse_all(&repository.prepared, names)?;
    let metadata_only =
        !args.condition.as_deref().is_some_and(|text| text.contains("question") || text.contains("section"));
    let corpus = repository.load(&Selection { metadata_only, ..Selection::default() });
    let holds =
        |proposal: &&Proposal| condition.as_ref().is_none_or(|condition| condition.holds(&corpus.prepared, proposal));
    let mut chosen: Vec<&Proposal> = corpus.proposals.iter().filter(holds).collect();
    if let Some(order) = &args.sort {
        sort(&corpus, &mut chosen, order)?;
    }
    let format = match args.format {
        ListFormat::Human => Format::Human,
        ListFormat::Json => Format::Json,
        ListFormat::Csv => Format::Csv,
    };
    list::write(format, &corpus, &chosen, &columns, crate::look(global), out)?;
    Ok(ExitCode::SUCCESS)
}

/// Reads a condition of the command line.
pub fn parse(prepared: &Prepared, text: &str) -> anyhow::Result<Condition> {
    Condition::parse(prepared, text).map_err(|fault| match fault.suggestion {
        Some(near) => anyhow!("{}\ndid you mean `{near}`?", fault.message),
        None => anyhow!("{}", fault.message),
    })
}

/// Numbers sort by value, releases by version, everything else as text; absent values come last.
fn sort(corpus: &Corpus, proposals: &mut [&Proposal], order: &str) -> anyhow::Result<()> {
    let (reverse, name) = order.strip_prefix('-').map_or((false, order), |name| (true, name));
    let prepared = &corpus.prepared;
    match name {
        "proposal" | "number" => proposals.sort_by_key(|proposal| {
            let number = proposal.label().parse::<u64>();
            (number.is_err(), number.unwrap_or(0))
        }),
        "path" => proposals.sort_by(|left, right| left.path.cmp(&right.path)),
        "latest_milestone" | "milestone" => proposals.sort_by_key(|proposal| {
            let release = proposal.text(prepared, Meaning::LatestMilestone).and_then(Release::parse);
            (release.is_none(), release)
        }),
        _ => {
            let meaning = match name {
                "title" => Meaning::Title,
                "group" => Meaning::Group,
                "status" => Meaning::Status,
                "stage" => Meaning::Stage,
                _ => bail!("cannot sort by `{name}`\nsort by {}, or path", COLUMNS.join(", ")),
            };
            proposals.sort_by_key(|proposal| {
                let text = proposal.text(prepared, meaning).map(str::to_lowercase);
                (text.is_none(), text)
            });
        }
    }
    if reverse {
        proposals.reverse();
    }
    Ok(())
}
