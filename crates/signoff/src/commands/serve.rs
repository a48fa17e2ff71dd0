//! `signoff serve`: the pages live, from a work tree, a past state or the sample.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::bail;
use signoff_server::{Changes, Settings};
use signoff_model::Proposal;
use signoff_output::visible;
use signoff_site::{Earlier, Snapshot};

use super::gathered::Gatherer;
use crate::cli::{Global, ServeArgs};
use crate::progress::Progress;
use crate::repository::{Repository, Selection};

/// The port that is tried first.
const PORT: u16 = 8420;

/// Serves until the process is stopped.
pub fn run(global: &Global, args: &ServeArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let progress = Progress::start(global, "Reading proposals");
    let gatherer = Gatherer::default();
    let (repository, first) = read(global, args, &gatherer)?;
    drop(progress);
    let past = global.clone();
    let settings = Settings {
        address: args.address.unwrap_or_else(free),
        watch: watched(&repository),
        look: Box::new(move |proposal, when| earlier(&past, proposal, when).map_err(|error| error.to_string().replace('\n', "; "))),
    };
    drop(repository);
    let (global, args) = (global.clone(), args.clone());
    let root = settings.watch.first().cloned().unwrap_or_default();
    let make = move |changes: &Changes| {
        gatherer.forget(&root, changes.as_ref());
        read(&global, &args, &gatherer).map(|(_, snapshot)| snapshot).map_err(|error| error.to_string())
    };
    signoff_server::serve(settings, first, Box::new(make), |address| {
        let told = format!("http://{address}/\nOpen it in a browser. Ctrl+C ends it.\n");
        // Nothing can be done when even this cannot be printed.
        let _ = out.write_all(told.as_bytes()).and_then(|()| out.flush());
    })?;
    Ok(ExitCode::SUCCESS)
}

fn read(global: &Global, args: &ServeArgs, gatherer: &Gatherer) -> anyhow::Result<(Repository, Snapshot)> {
    let mut repository = Repository::open_for(global, args.release)?;
    let snapshot = gatherer.snapshot(&mut repository, args.release)?;
    Ok((repository, snapshot))
}

/// A proposal as it was at a time that somebody names; one that was moved since is known by its number.
fn earlier(global: &Global, proposal: &Proposal, when: &str) -> anyhow::Result<Earlier> {
    let repository = Repository::open(global)?;
    let (history, prefix) = repository.history()?;
    let commit = Repository::commit_named(global, &*history, when.trim())?;
    let at = commit.at;
    let state = Repository::state(&*history, &prefix, commit)?;
    let here = [proposal.metadata_path.to_string()];
    let found = |selection: &Selection<'_>| {
        let corpus = repository.load_state(&state, selection);
        let is_it = |own: &&Arc<Proposal>| own.loaded && (own.path == proposal.path || own.label() == proposal.label());
        corpus.proposals.iter().find(is_it).cloned()
    };
    let known = found(&Selection { paths: Some(&here), ..Selection::default() });
    let Some(proposal) = known.or_else(|| found(&Selection::default())) else {
        bail!("There was no {} at {}.", proposal.label(), visible(when));
    };
    Ok(Earlier { proposal, at, name: visible(when).to_string() })
}

/// This machine alone, at the usual port if that is free.
fn free() -> SocketAddr {
    let usual = SocketAddr::from((Ipv4Addr::LOCALHOST, PORT));
    match TcpListener::bind(usual) {
        Ok(_) => usual,
        Err(_) => SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
    }
}

/// The folder of a work tree; a past state and the sample do not change.
fn watched(repository: &Repository) -> Vec<PathBuf> {
    repository.disk().map(|disk| disk.root().to_owned()).into_iter().collect()
}
