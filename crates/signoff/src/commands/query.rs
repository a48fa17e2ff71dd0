//! `signoff query`: questions about proposals, typed or saved, with columns, groups and counts.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{anyhow, bail};
use signoff_analysis::condition;
use signoff_analysis::query::{Query, QueryFault, Table, split_columns};
use signoff_model::profile::SavedQuery;
use signoff_model::spelling::nearest;
use signoff_output::query::{self, Saved};
use signoff_output::visible;

use crate::cli::{Global, ListFormat, QueryArgs};
use crate::progress::Progress;
use crate::repository::{Repository, Selection};

/// Answers a query, or lists the saved ones.
pub fn run(global: &Global, args: &QueryArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open(global)?;
    let saved = saved_queries(&repository);
    tell_mistakes(global, &repository);
    if asks_nothing(args) {
        return list_saved(global, args.format, &saved, out);
    }
    let (name, written, conditions) = written(&saved, args)?;
    let query = Query::parse(&repository.prepared, &written, &conditions).map_err(complaint)?;
    answer(global, &repository, &query, |table| match args.format {
        ListFormat::Human => query::write_human(table, crate::look(global), out),
        ListFormat::Json => query::write_json(name, table, out),
        ListFormat::Csv => query::write_csv(table, out),
    })
}

/// Reads the proposals, runs a query, and says of one that finds nothing which of its values nobody has.
///
/// # Errors
/// When it asks for a group that there is not; those of the writer.
pub fn answer(
    global: &Global,
    repository: &Repository,
    query: &Query,
    write: impl FnOnce(&Table<'_>) -> io::Result<()>,
) -> anyhow::Result<ExitCode> {
    let progress = Progress::start(global, "Reading proposals");
    let corpus = repository.load(&Selection { metadata_only: !query.reads_prose(), ..Selection::default() });
    Repository::refuse_cut(&corpus)?;
    let table = query.run(&corpus).map_err(complaint)?;
    drop(progress);
    write(&table)?;
    if table.total == 0 && !global.quiet {
        crate::note(global, &query.why_nothing(&corpus));
    }
    Ok(ExitCode::SUCCESS)
}

/// What is wrong with a query, each half on one line whatever names it holds.
pub fn complaint(QueryFault { message, hint }: QueryFault) -> anyhow::Error {
    anyhow!("{}\n{}", visible(&message), visible(&hint))
}

/// Says what is wrong with the settings and the profile: a saved query may be missing, or another one than is meant.
fn tell_mistakes(global: &Global, repository: &Repository) {
    for finding in repository.findings.iter().filter(|_| !global.quiet) {
        crate::note(global, &format!("{}: {}", visible(&finding.path), visible(&finding.message)));
    }
}

/// Columns as they are typed: by comma, the option once or several times.
pub fn separated(texts: &[String]) -> Vec<String> {
    texts.iter().flat_map(|text| split_columns(text)).collect()
}

fn asks_nothing(args: &QueryArgs) -> bool {
    let QueryArgs { queries, columns, group_by, sort, count, limit, format: _ } = args;
    queries.is_empty() && columns.is_empty() && group_by.is_empty() && sort.is_empty() && !count && limit.is_none()
}

/// Those of the profile, and those of the settings, which go before.
fn saved_queries(repository: &Repository) -> BTreeMap<&str, Saved<'_>> {
    let of_profile = repository.prepared.profile.query.iter().map(|(name, query)| Saved { name, own: false, query });
    let own = repository.configuration.query.iter().map(|(name, query)| Saved { name, own: true, query });
    of_profile.chain(own).map(|saved| (saved.name, saved)).collect()
}

fn list_saved(
    global: &Global,
    format: ListFormat,
    saved: &BTreeMap<&str, Saved<'_>>,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    let saved: Vec<Saved<'_>> = saved.values().copied().collect();
    match format {
        ListFormat::Human => query::write_saved_human(&saved, crate::look(global), out)?,
        ListFormat::Json => query::write_saved_json(&saved, out)?,
        ListFormat::Csv => bail!("the saved queries are no table\nname one, or list them with --format human or json"),
    }
    Ok(ExitCode::SUCCESS)
}

/// The query that the arguments make: a saved one, changed by the options, and the conditions beside it.
fn written<'s>(
    saved: &'s BTreeMap<&'s str, Saved<'s>>,
    args: &QueryArgs,
) -> anyhow::Result<(Option<&'s str>, SavedQuery, Vec<String>)> {
    let (names, conditions): (Vec<&String>, Vec<&String>) =
        args.queries.iter().partition(|text| saved.contains_key(text.as_str()) || is_word(text));
    let mut found = names.iter().map(|name| find(saved, name)).collect::<Result<Vec<_>, _>>()?.into_iter();
    let base = found.next();
    let mut written = base.map(|base| base.query.clone()).unwrap_or_default();
    let mut conditions: Vec<String> = conditions.into_iter().cloned().collect();
    conditions.extend(found.filter_map(|other| other.query.condition.clone()));
    let counts = args.count || (written.count && args.columns.is_empty());
    if counts && (!written.count || !args.group_by.is_empty()) {
        // Counts are not sorted by what they do not show.
        written.sort.clear();
    }
    for (wanted, chosen) in [
        (&mut written.columns, &args.columns),
        (&mut written.group_by, &args.group_by),
        (&mut written.sort, &args.sort),
    ] {
        if !chosen.is_empty() {
            *wanted = separated(chosen);
        }
    }
    written.count = counts;
    written.limit = args.limit.or(written.limit);
    Ok((base.map(|base| base.name), written, conditions))
}

/// Whether an argument is a single word that no condition is: the name of a saved query, or meant as one.
fn is_word(text: &str) -> bool {
    let is_of_word = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    let begins = text.starts_with(|first: char| first.is_ascii_alphabetic());
    begins && text.chars().all(is_of_word) && !matches!(text, "true" | "false") && !condition::is_variable(text)
}

fn find<'s>(saved: &'s BTreeMap<&str, Saved<'_>>, name: &str) -> anyhow::Result<&'s Saved<'s>> {
    saved.get(name).ok_or_else(|| {
        let hint = match nearest(name, saved.keys().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if saved.is_empty() => "there is none; write a condition, as in `stage == \"beta\"`".to_owned(),
            None => "`signoff query` lists them; a condition is written like `stage == \"beta\"`".to_owned(),
        };
        anyhow!("there is no saved query `{name}`\n{hint}")
    })
}
