//! `signoff search`: the proposals in which words stand, best first.
//!
//! The index is kept where the platform keeps caches, one file for each repository. While nothing changes it
//! answers alone; when something did, what changed is read anew.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};
use signoff_output::search::{self, Answer, Found, FoundSection};
use signoff_search::query::FacetName;
use signoff_search::{Hit, Index, Query, Results, Snippet};

use crate::cache;
use crate::cli::{Global, PlainFormat, SearchArgs};
use crate::progress::Progress;
use crate::repository::{Repository, Selection};
use crate::stamp::Stamp;

/// Largest index that is kept, in bytes.
const SIZE_MAX: u64 = 512 * 1024 * 1024;

/// Searches.
pub fn run(global: &Global, args: &SearchArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open(global)?;
    let index = index(&repository, global)?;
    let text = args.words.join(" ");
    let query = Query::parse(&text, &index.values(&repository.prepared)?).map_err(|fault| anyhow!("{fault}"))?;
    let answer = answer(text, index.search(&query, args.limit)?);
    match args.format {
        PlainFormat::Human => search::write(&answer, crate::look(global), out)?,
        PlainFormat::Json => search::write_json(&answer, out)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The index of the repository, up to date.
fn index(repository: &Repository, global: &Global) -> anyhow::Result<Index> {
    let kept = if global.no_cache { None } else { Kept::of(repository) };
    if let Some(index) = kept.as_ref().and_then(Kept::open) {
        return Ok(index);
    }
    let progress = Progress::start(global, "Indexing proposals");
    let corpus = repository.load(&Selection::default());
    let index = match &kept {
        // An index that cannot be kept is no failure.
        Some(kept) => kept.update(&corpus).or_else(|_| Ok::<_, anyhow::Error>(Index::in_memory(&corpus)?))?,
        None => Index::in_memory(&corpus)?,
    };
    drop(progress);
    Ok(index)
}

/// The file of an index.
struct Kept {
    file: PathBuf,
    /// What the files of the repository look like; `None` while they are being written.
    stamp: Option<Vec<u8>>,
}

impl Kept {
    fn of(repository: &Repository) -> Option<Self> {
        let root = repository.disk()?.root();
        let name = blake3::hash(root.as_os_str().as_encoded_bytes()).to_hex();
        let mut stamp = Stamp::new(&repository.prepared.profile.id)?;
        stamp.folder(root)?;
        let stamp = stamp.quiet().map(|hash| hash.as_bytes().to_vec());
        Some(Self { file: cache::folder("search")?.join(format!("{name}.sqlite")), stamp })
    }

    /// The index, when nothing changed since it was written.
    fn open(&self) -> Option<Index> {
        Index::open(&self.file, self.stamp.as_ref()?)
    }

    /// Brings a copy of the index up to date and puts it in its place.
    fn update(&self, corpus: &signoff_model::Corpus) -> anyhow::Result<Index> {
        let folder = self.file.parent().context("a folder")?;
        fs::create_dir_all(folder)?;
        let copy = tempfile::NamedTempFile::new_in(folder)?;
        self.fill(copy.path(), corpus)?;
        if fs::metadata(copy.path())?.len() > SIZE_MAX {
            return Ok(Index::in_memory(corpus)?);
        }
        copy.persist(&self.file)?;
        cache::drop_old(folder);
        Index::read(&self.file).context("the index that was just written")
    }

    fn fill(&self, copy: &Path, corpus: &signoff_model::Corpus) -> anyhow::Result<()> {
        let updated = |index: &mut Index| index.update(corpus, self.stamp.as_deref());
        if fs::copy(&self.file, copy).is_ok() && updated(&mut Index::create(copy)?).is_ok() {
            return Ok(());
        }
        // There was none, or it is of no use.
        fs::write(copy, [])?;
        Ok(updated(&mut Index::create(copy)?)?)
    }
}

fn answer(query: String, results: Results) -> Answer {
    let Results { total, partial, hits, facets } = results;
    let names = FacetName::ALL.into_iter().map(FacetName::name);
    Answer {
        query,
        total,
        partial,
        proposals: hits.into_iter().map(found).collect(),
        facets: names.zip(facets.counts).collect(),
    }
}

fn found(hit: Hit) -> Found {
    let Hit { path, number, title, group, status, stage, release, gates, snippets } = hit;
    let section = |snippet: Snippet| {
        let Snippet { path, line, heading, text } = snippet;
        FoundSection { path, line, title: heading, text }
    };
    Found {
        proposal: number,
        title,
        path,
        group,
        status,
        stage,
        latest_milestone: release,
        gates,
        sections: snippets.into_iter().map(section).collect(),
    }
}
