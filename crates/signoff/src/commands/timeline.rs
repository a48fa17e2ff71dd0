//! `signoff timeline`: what happened to a proposal, commit by commit.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::ExitCode;

use anyhow::bail;
use signoff_history::events::{self, CutReason, EventLog, Options};
use signoff_history::{Commit, Commits, History};
use signoff_model::profile::{Meaning, Prepared};
use signoff_model::proposal::same_number;
use signoff_model::{corpus, tree};
use signoff_output::timeline::{self, KnownFrom, Timeline};
use signoff_output::visible;

use super::show;
use crate::cli::{Global, TimelineArgs, TimelineFormat};
use crate::progress::Progress;
use crate::repository::{Repository, Selection};

/// Tells what happened.
pub fn run(global: &Global, args: &TimelineArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open(global)?;
    let (history, prefix) = repository.history()?;
    let newest = repository.newest(&*history)?;
    let progress = Progress::start(global, "Reading the history");
    let commits = if args.all_commits { Commits::All } else { Commits::Main };
    let asked = Asked { history: &*history, newest: &newest, prefix: &prefix, commits };
    let found = find(&repository, &asked, &args.id)?;
    drop(progress);
    let stages: Vec<&str> = repository.prepared.profile.stage.iter().map(|stage| stage.name.as_str()).collect();
    let timeline = Timeline {
        label: &found.label,
        title: found.title.as_deref(),
        path: &found.path,
        events: &found.log.events,
        known_from: found.log.cut.as_ref().map(known_from),
        unread: found.log.unread,
        stages: &stages,
    };
    match args.format {
        TimelineFormat::Human => timeline::write_human(&timeline, crate::look(global), out)?,
        TimelineFormat::Json => timeline::write_json(&timeline, out)?,
        TimelineFormat::Csv => timeline::write_csv(&timeline, out)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// What is asked about.
struct Asked<'a> {
    history: &'a dyn History,
    newest: &'a Commit,
    prefix: &'a str,
    commits: Commits,
}

/// A proposal and what happened to it.
struct Found {
    label: String,
    title: Option<String>,
    path: String,
    log: EventLog,
}

/// The proposal of today that an id names, else the one of the past.
fn find(repository: &Repository, asked: &Asked<'_>, id: &str) -> anyhow::Result<Found> {
    let names = repository.load(&Selection { metadata_only: true, ..Selection::default() });
    Repository::refuse_cut(&names)?;
    let prepared = &repository.prepared;
    let unknown = match show::named(repository, &names, id) {
        Ok(proposal) => {
            let log = asked.events(prepared, &|path| *path == *proposal.path)?;
            if log.events.is_empty() && log.cut.is_none() {
                bail!("no commit has {} yet\ncommit it first", visible(&proposal.path));
            }
            let title = proposal.text(prepared, Meaning::Title).map(str::to_owned);
            return Ok(Found { label: proposal.label().to_string(), title, path: proposal.path.to_string(), log });
        }
        Err(unknown) => unknown,
    };
    if !names.find(id).is_empty() {
        return Err(unknown);
    }
    let log = asked.events(prepared, &|path| is_called(prepared, path, id))?;
    let paths: BTreeSet<&str> = log.events.iter().map(|event| &*event.proposal).collect();
    match paths.into_iter().collect::<Vec<_>>().as_slice() {
        [] => Err(unknown),
        [path] => {
            let path = (*path).to_owned();
            Ok(Found { label: id.to_owned(), title: None, path, log })
        }
        several => {
            let paths: Vec<_> = several.iter().map(|path| visible(path)).collect();
            bail!("{} proposals were `{}`; name one by path\n  {}", several.len(), visible(id), paths.join("\n  "))
        }
    }
}

/// Whether a proposal that was once at a path is called so: by path, name or number.
fn is_called(prepared: &Prepared, path: &str, id: &str) -> bool {
    let id = id.trim().trim_end_matches('/');
    let (_, name) = tree::split(path);
    let number = corpus::number_of(&prepared.profile.layout, name);
    path == id || name == id || number.is_some_and(|number| same_number(number, id))
}

impl Asked<'_> {
    fn events(&self, prepared: &Prepared, only: &(dyn Fn(&str) -> bool + Sync)) -> anyhow::Result<EventLog> {
        let options =
            Options { commits: self.commits, answers: true, only: Some(only), since: None, prefix: self.prefix };
        Ok(events::read(self.history, self.newest, prepared, &options)?)
    }
}

pub(super) fn known_from(cut: &events::Cut) -> KnownFrom<'_> {
    let reason = match cut.reason {
        CutReason::Shallow => "this clone is shallow; `git fetch --unshallow` brings what is older",
        CutReason::Missing => "this clone lacks older files; `git fetch --refetch --no-filter` brings them",
        CutReason::Asked => "nothing older was asked for",
    };
    KnownFrom { commit: &cut.commit, at: cut.at, reason }
}
