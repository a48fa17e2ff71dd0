//! `signoff query`: questions about proposals, typed or saved, with columns, groups and counts.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{anyhow, bail};
use signoff_analysis::query::{Query, Table, is_name, split_columns};
use signoff_model::Profile;
use signoff_model::profile::SavedQuery;
use signoff_model::spelling::nearest;
use signoff_output::query::{self, Saved};

use crate::cli::{Global, ListFormat, QueryArgs};
use crate::progress::Progress;
use crate::repository::{Repository, Selection};

/// Answers a query, or lists the saved ones.
pub fn run(global: &Global, args: &QueryArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open(global)?;
    let saved = saved_queries(&repository);
    if asks_nothing(args) {
        return list_saved(global, args.format, &saved, out);
    }
    let (name, written, conditions) = written(&saved, args)?;
    let query = Query::parse(&repository.prepared, &written, &conditions)?;
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
    let table = query.run(&corpus);
    drop(progress);
    query.refuse_unknown_groups(&corpus)?;
    write(&table)?;
    if query.reads_current_release() && corpus.prepared.current_release.is_none() && !global.quiet {
        crate::note(global, &release_unknown(&corpus.prepared.profile));
    }
    if table.total == 0 && !global.quiet {
        crate::note(global, &query.why_nothing(&corpus));
    }
    Ok(ExitCode::SUCCESS)
}

fn release_unknown(profile: &Profile) -> String {
    match profile.release.last_known() {
        Some(last) => format!(
            "which release is worked on is not known: the newest one with a date is {}, of {}",
            last.release, last.end
        ),
        None => format!("which release is worked on is not known: the profile `{}` has no `release.cycle`", profile.id),
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
    let saved: Vec<Saved<'_>> = saved.values().map(|saved| Saved { ..*saved }).collect();
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
    let (names, conditions): (Vec<&String>, Vec<&String>) = args.queries.iter().partition(|text| is_name(text));
    let mut found = names.iter().map(|name| find(saved, name)).collect::<Result<Vec<_>, _>>()?.into_iter();
    let base = found.next();
    let mut written = base.map(|base| base.query.clone()).unwrap_or_default();
    let mut conditions: Vec<String> = conditions.into_iter().cloned().collect();
    conditions.extend(found.filter_map(|other| other.query.condition.clone()));
    let counts = args.count || (written.count && args.columns.is_empty());
    if counts != written.count || !args.group_by.is_empty() {
        // It may sort by what is not shown any more.
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
