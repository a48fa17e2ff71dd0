//! `signoff search`: the proposals in which words stand, best first.
//!
//! The index is kept where the platform keeps caches, one file for each repository. While nothing changes it
//! answers alone; when something did, what changed is read anew.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use anyhow::{Context as _, anyhow};
use signoff_model::Corpus;
use signoff_output::search::{self, Answer, Count, Facet, Found, FoundSection, Piece};
use signoff_output::visible;
use signoff_search::query::{FacetName, Values};
use signoff_search::{Hit, Index, IndexError, Origin, Query, QueryFault, Results, Snippet};

use crate::cache;
use crate::cli::{Global, PlainFormat, SearchArgs};
use crate::disk::DiskTree;
use crate::progress::Progress;
use crate::repository::Repository;
use crate::stamp::Stamp;

/// Largest index that is kept, in bytes.
const SIZE_MAX: u64 = 4 * 1024 * 1024 * 1024;

/// Searches.
pub fn run(global: &Global, args: &SearchArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    // An index is kept only of repositories: where there is one for this folder, neither the repository nor its
    // profile need be read.
    let folder = kept_folder(global);
    let answer = match folder.as_deref().and_then(Kept::at).and_then(|kept| kept.answer(args)) {
        Some(answer) => answer?,
        None => fresh_answer(&Repository::open(global)?, folder.as_deref(), global, args)?,
    };
    match args.format {
        PlainFormat::Human => search::write(&answer, crate::look(global), out)?,
        PlainFormat::Json => search::write_json(&answer, out)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The folder whose index may answer: that of the command line, or the one in which the program runs.
fn kept_folder(global: &Global) -> Option<PathBuf> {
    let is_now = !global.no_cache && !global.sample && global.at.is_none();
    let named = || global.directory.clone().or_else(|| std::env::current_dir().ok());
    is_now.then(named).flatten().and_then(|folder| fs::canonicalize(folder).ok())
}

/// What the index of the repository says, brought up to date; the one of `tried` said nothing.
fn fresh_answer(
    repository: &Repository,
    tried: Option<&Path>,
    global: &Global,
    args: &SearchArgs,
) -> anyhow::Result<Answer> {
    let root = repository.disk().map(DiskTree::root).filter(|_| !global.no_cache);
    let kept = root.and_then(Kept::at);
    let untried = kept.as_ref().filter(|kept| Some(kept.root) != tried);
    if let Some(answer) = untried.and_then(|kept| kept.answer(args)) {
        return answer;
    }
    let progress = Progress::start(global, "Indexing proposals");
    let began = SystemTime::now();
    let (corpus, seen) = repository.load_watched();
    Repository::refuse_cut(&corpus)?;
    // An index that cannot be kept is no failure.
    let updated = kept.and_then(|kept| kept.update(&corpus, &seen, began).ok());
    let index = updated.map_or_else(|| Index::in_memory(&corpus), Ok)?;
    drop(progress);
    match answered(&index, args) {
        Err(error) if error.is::<IndexError>() => answered(&Index::in_memory(&corpus)?, args),
        answer => answer,
    }
}

/// What an index says to what was typed.
fn answered(index: &Index, args: &SearchArgs) -> anyhow::Result<Answer> {
    let text = args.words.join(" ");
    let values = if Query::has_facets(&text) { index.values()? } else { Values::default() };
    let query = Query::parse(&text, &values)
        .map_err(|QueryFault { message, hint }| anyhow!("{}\n{}", visible(&message), visible(&hint)))?;
    Ok(answer(text, index.search(&query, args.limit)?))
}

/// The file of an index.
struct Kept<'r> {
    file: PathBuf,
    root: &'r Path,
}

impl<'r> Kept<'r> {
    /// The place for the index of the repository in a folder.
    fn at(root: &'r Path) -> Option<Self> {
        let name = blake3::hash(root.as_os_str().as_encoded_bytes()).to_hex();
        Some(Self { file: cache::folder("search")?.join(format!("{name}.sqlite")), root })
    }

    /// What the index says, when nothing of what it was made of changed; looking at all that takes as long as
    /// the search, so both are done at once.
    fn answer(&self, args: &SearchArgs) -> Option<anyhow::Result<Answer>> {
        let index = Index::read(&self.file)?;
        let origin = index.origin()?;
        let is_current = || self.stamp(&origin.sources, SystemTime::now()).is_some_and(|stamp| stamp == origin.stamp);
        let (answer, is_current) = rayon::join(move || answered(&index, args), is_current);
        if answer.as_ref().is_err_and(anyhow::Error::is::<IndexError>) {
            // It is damaged, as shows only where it is read. One that cannot be removed is found damaged again.
            let _ = fs::remove_file(&self.file);
            return None;
        }
        is_current.then_some(answer)
    }

    fn stamp(&self, sources: &str, moment: SystemTime) -> Option<Vec<u8>> {
        let paths: Vec<&str> = sources.split('\0').collect();
        let mut stamp = Stamp::new("search")?;
        stamp.paths(self.root, &paths)?;
        Some(stamp.quiet(moment)?.as_bytes().to_vec())
    }

    /// Brings a copy of the index up to date and puts it in its place, unless it is too large to be kept.
    fn update(&self, corpus: &Corpus, seen: &BTreeSet<String>, began: SystemTime) -> anyhow::Result<Index> {
        let sources = seen.iter().map(String::as_str).collect::<Vec<_>>().join("\0");
        let origin = self.stamp(&sources, began).map(|stamp| Origin { stamp, sources });
        let folder = self.file.parent().context("a folder")?;
        fs::create_dir_all(folder)?;
        let copy = tempfile::NamedTempFile::new_in(folder)?;
        self.fill(copy.path(), corpus, origin.as_ref())?;
        if fs::metadata(copy.path())?.len() <= SIZE_MAX {
            copy.persist(&self.file)?;
            cache::drop_old(folder);
            return Index::read(&self.file).context("the index that was just written");
        }
        // It is removed now and goes when it was searched.
        Index::read(copy.path()).context("the index that was just written")
    }

    fn fill(&self, copy: &Path, corpus: &Corpus, origin: Option<&Origin>) -> anyhow::Result<()> {
        let updated = |index: &mut Index| index.update(corpus, origin);
        let is_small = fs::metadata(&self.file).is_ok_and(|before| before.is_file() && before.len() <= SIZE_MAX);
        if is_small && fs::copy(&self.file, copy).is_ok() && updated(&mut Index::create(copy)?).is_ok() {
            return Ok(());
        }
        // There was none, or it is of no use.
        fs::write(copy, [])?;
        Ok(updated(&mut Index::create(copy)?)?)
    }
}

fn answer(query: String, results: Results) -> Answer {
    let Results { total, partial, hits, facets } = results;
    let count = |(value, count)| Count { value, count };
    let facet = |(name, counts): (FacetName, Vec<(String, usize)>)| Facet {
        name: name.name(),
        values: counts.into_iter().map(count).collect(),
    };
    Answer {
        query,
        total,
        partial,
        proposals: hits.into_iter().map(found).collect(),
        facets: FacetName::ALL.into_iter().zip(facets.counts).map(facet).collect(),
    }
}

fn found(hit: Hit) -> Found {
    let Hit { path, number, title, group, status, stage, release, gates, snippets } = hit;
    let present = |text: String| (!text.is_empty()).then_some(text);
    Found {
        proposal: number,
        title: present(title),
        group: present(group),
        path,
        status: present(status),
        stage: present(stage),
        latest_milestone: present(release),
        gates,
        sections: snippets.into_iter().map(section).collect(),
    }
}

fn section(snippet: Snippet) -> FoundSection {
    let Snippet { path, line, heading, text } = snippet;
    let piece = |(found, text)| Piece { text, found };
    FoundSection { title: heading, path, line, text: text.into_iter().map(piece).collect() }
}
