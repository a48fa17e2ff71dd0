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

/// Numbers sort by value, releases by version, everything else as text; absent values come last, also in reverse.
fn sort(corpus: &Corpus, proposals: &mut Vec<&Proposal>, order: &str) -> anyhow::Result<()> {
    let (reverse, name) = order.strip_prefix('-').map_or((false, order), |name| (true, name));
    let key = key(name)?;
    let (mut present, absent): (Vec<&Proposal>, Vec<&Proposal>) =
        proposals.drain(..).partition(|proposal| key(corpus, proposal).is_some());
    present.sort_by_cached_key(|proposal| key(corpus, proposal));
    if reverse {
        present.reverse();
    }
    proposals.extend(present.into_iter().chain(absent));
    Ok(())
}

/// What a column sorts by; only one of the variants occurs in a list.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(u64),
    Release(Release),
    Text(String),
}

type KeyOf = Box<dyn Fn(&Corpus, &Proposal) -> Option<Key>>;

fn key(name: &str) -> anyhow::Result<KeyOf> {
    let text = |meaning: Meaning| -> KeyOf {
        Box::new(move |corpus, proposal| {
            proposal.text(&corpus.prepared, meaning).map(|text| Key::Text(text.to_lowercase()))
        })
    };
    Ok(match name {
        "proposal" | "number" => Box::new(|_, proposal| proposal.label().parse().ok().map(Key::Number)),
        "path" => Box::new(|_, proposal| Some(Key::Text(proposal.path.to_string()))),
        "latest_milestone" | "milestone" => Box::new(|corpus, proposal| {
            let text = proposal.text(&corpus.prepared, Meaning::LatestMilestone)?;
            Release::parse(text).map(Key::Release)
        }),
        "title" => text(Meaning::Title),
        "group" => text(Meaning::Group),
        "status" => text(Meaning::Status),
        "stage" => text(Meaning::Stage),
        _ => bail!("cannot sort by `{name}`\nsort by {}, or path", COLUMNS.join(", ")),
    })
}
