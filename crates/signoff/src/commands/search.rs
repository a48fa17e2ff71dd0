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
use signoff_search::query::FacetName;
use signoff_search::{Hit, Index, IndexError, Origin, Query, QueryFault, Results, Snippet};

use crate::cache;
use crate::cli::{Global, PlainFormat, SearchArgs};
use crate::progress::Progress;
use crate::repository::Repository;
use crate::stamp::Stamp;

/// Largest index that is kept, in bytes.
const SIZE_MAX: u64 = 4 * 1024 * 1024 * 1024;

/// Searches.
pub fn run(global: &Global, args: &SearchArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open(global)?;
    let answered = |index: &Index| answered(&repository, index, args);
    let answer = match answered(&index(&repository, global)?) {
        Err(error) if error.is::<IndexError>() => answered(&made_again(&repository)?),
        answer => answer,
    }?;
    match args.format {
        PlainFormat::Human => search::write(&answer, crate::look(global), out)?,
        PlainFormat::Json => search::write_json(&answer, out)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// What an index says to what was typed.
fn answered(repository: &Repository, index: &Index, args: &SearchArgs) -> anyhow::Result<Answer> {
    let text = args.words.join(" ");
    let query = Query::parse(&text, &index.values(&repository.prepared)?)
        .map_err(|QueryFault { message, hint }| anyhow!("{}\n{}", visible(&message), visible(&hint)))?;
    Ok(answer(text, index.search(&query, args.limit)?))
}

/// An index in place of a kept one that is damaged, as shows only where it is read.
fn made_again(repository: &Repository) -> anyhow::Result<Index> {
    if let Some(kept) = Kept::of(repository) {
        // One that cannot be removed is found damaged again.
        let _ = fs::remove_file(&kept.file);
    }
    let (corpus, _) = repository.load_watched();
    Ok(Index::in_memory(&corpus)?)
}

/// The index of the repository, up to date.
fn index(repository: &Repository, global: &Global) -> anyhow::Result<Index> {
    let kept = if global.no_cache { None } else { Kept::of(repository) };
    if let Some(index) = kept.as_ref().and_then(Kept::open) {
        return Ok(index);
    }
    let progress = Progress::start(global, "Indexing proposals");
    let began = SystemTime::now();
    let (corpus, seen) = repository.load_watched();
    Repository::refuse_cut(&corpus)?;
    // An index that cannot be kept is no failure.
    let updated = kept.and_then(|kept| kept.update(&corpus, &seen, began).ok());
    let index = updated.map_or_else(|| Index::in_memory(&corpus), Ok)?;
    drop(progress);
    Ok(index)
}

/// The file of an index.
struct Kept<'r> {
    file: PathBuf,
    root: &'r Path,
}

impl<'r> Kept<'r> {
    fn of(repository: &'r Repository) -> Option<Self> {
        let root = repository.disk()?.root();
        let name = blake3::hash(root.as_os_str().as_encoded_bytes()).to_hex();
        Some(Self { file: cache::folder("search")?.join(format!("{name}.sqlite")), root })
    }

    /// The index, when nothing of what it was made of changed.
    fn open(&self) -> Option<Index> {
        let index = Index::read(&self.file)?;
        let origin = index.origin()?;
        (self.stamp(&origin.sources, SystemTime::now())? == origin.stamp).then_some(index)
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
