//! `signoff serve`: the pages live, from a work tree, a past state or the sample.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::bail;
use signoff_model::Proposal;
use signoff_output::visible;
use signoff_server::{Changes, Settings};
use signoff_site::{Earlier, Snapshot};

use super::gathered::Gatherer;
use crate::cli::{Global, ServeArgs};
use crate::progress::Progress;
use crate::repository::{Repository, Selection, now};

/// The port that is tried first.
const PORT: u16 = 8420;

/// Serves until the process is stopped.
pub fn run(global: &Global, args: &ServeArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let progress = Progress::start(global, "Reading proposals");
    let gatherer = Gatherer::new(global, &args.evidence);
    let source = Source { global: global.clone(), bare: bare(global) };
    let (repository, first) = source.read(args, &gatherer)?;
    drop(progress);
    let root = source.bare.clone().or_else(|| repository.disk().map(|disk| disk.root().to_owned()));
    drop(repository);
    let past = source.clone();
    let settings = Settings {
        address: args.address.unwrap_or_else(free),
        watch: root.iter().cloned().collect(),
        // What a commit is made of is no change before a branch has it.
        ignore: root
            .iter()
            .map(|root| root.join(if source.bare.is_some() { "objects" } else { ".git/objects" }))
            .collect(),
        look: Box::new(move |proposal, when| past.earlier(proposal, when).map_err(|error| in_line(&error))),
    };
    let args = args.clone();
    let make = move |changes: &Changes| {
        gatherer.forget(root.as_deref().unwrap_or(Path::new("")), changes.as_ref());
        source.read(&args, &gatherer).map(|(_, snapshot)| snapshot).map_err(|error| in_line(&error))
    };
    signoff_server::serve(settings, first, Arc::new(make), |address| {
        let told = format!("http://{address}/\nOpen it in a browser. Ctrl+C ends it.\n");
        // Nothing can be done when even this cannot be printed.
        let _ = out.write_all(told.as_bytes()).and_then(|()| out.flush());
    })?;
    Ok(ExitCode::SUCCESS)
}

/// An error on one line, as pages show it.
fn in_line(error: &anyhow::Error) -> String {
    error.to_string().replace('\n', "; ")
}

/// The folder of a bare repository whose newest state is served; `None` where a state is named or files lie on disk.
fn bare(global: &Global) -> Option<PathBuf> {
    if global.sample || global.at.is_some() {
        return None;
    }
    let folder = global.directory.as_deref().map_or(Path::new("."), Path::new);
    let git = signoff_history::Repository::open(folder).ok().filter(|git| git.workdir().is_none())?;
    git.git_dir().canonicalize().ok()
}

/// What is served.
#[derive(Clone)]
struct Source {
    global: Global,
    bare: Option<PathBuf>,
}

impl Source {
    /// Of a bare repository, the newest state of now.
    fn now(&self) -> anyhow::Result<Global> {
        let at = match &self.bare {
            Some(_) => Some(now()?.to_string()),
            None => self.global.at.clone(),
        };
        Ok(Global { at, ..self.global.clone() })
    }

    fn read(&self, args: &ServeArgs, gatherer: &Gatherer) -> anyhow::Result<(Repository, Snapshot)> {
        let mut repository = Repository::open_for(&self.now()?, args.release)?;
        let snapshot = gatherer.snapshot(&mut repository, args.release)?;
        Ok((repository, snapshot))
    }

    /// A proposal as it was at a time that somebody names; one that was moved since is known by its number.
    fn earlier(&self, proposal: &Proposal, when: &str) -> anyhow::Result<Earlier> {
        let global = self.now()?;
        let repository = Repository::open(&global)?;
        let (history, prefix) = repository.history()?;
        let commit = Repository::commit_named(&global, &*history, when.trim())?;
        let at = commit.at;
        let state = Repository::state(&*history, &prefix, commit)?;
        let here = [proposal.metadata_path.to_string()];
        let found = |selection: &Selection<'_>| {
            let corpus = repository.load_state(&state, selection);
            let is_it =
                |own: &&Arc<Proposal>| own.loaded && (own.path == proposal.path || own.label() == proposal.label());
            corpus.proposals.iter().find(is_it).cloned()
        };
        let known = found(&Selection { paths: Some(&here), ..Selection::default() });
        let Some(proposal) = known.or_else(|| found(&Selection::default())) else {
            bail!("There was no {} at {}.", proposal.label(), visible(when));
        };
        Ok(Earlier { proposal, at, name: visible(when).to_string() })
    }
}

/// This machine alone, at the usual port if that is free.
fn free() -> SocketAddr {
    let usual = SocketAddr::from((Ipv4Addr::LOCALHOST, PORT));
    match TcpListener::bind(usual) {
        Ok(_) => usual,
        Err(_) => SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
    }
}
