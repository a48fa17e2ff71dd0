//! Where a line of a file can be read: on the page of the proposal that the file belongs to, else on the forge.
//!
//! The page of a proposal shows its prose as a document, where a place stands before the block that holds a line, and
//! its metadata and companions line by line.

use rustc_hash::FxHashMap;
use signoff_model::{Corpus, Proposal, Source};

use crate::{Site, document};

/// The proposals that files belong to, by the files' paths.
#[derive(Debug, Default)]
pub(crate) struct Owners {
    proposals: FxHashMap<Box<str>, usize>,
}

impl Owners {
    pub(crate) fn of(corpus: &Corpus) -> Self {
        let mut proposals = FxHashMap::default();
        for (index, proposal) in corpus.proposals.iter().enumerate() {
            let prose = proposal.prose.iter().map(|prose| &*prose.source.path);
            let files = listed(proposal).into_iter().map(|source| &*source.path);
            proposals.extend(prose.chain(files).map(|path| (path.into(), index)));
        }
        Self { proposals }
    }
}

/// The files that are shown line by line.
pub(crate) fn listed(proposal: &Proposal) -> Vec<&Source> {
    let companions = proposal.records.iter().filter_map(|record| Some(&*record.content.as_ref().ok()?.source));
    let files = std::iter::once(&*proposal.source).chain(companions);
    files.filter(|source| !source.text.is_empty()).collect()
}

/// How many lines of a listed file are shown: those above the prose, where it stands in the same file.
pub(crate) fn lines_of<'s>(proposal: &Proposal, source: &'s Source) -> impl Iterator<Item = &'s str> {
    let prose = proposal.prose.as_ref().filter(|prose| prose.source.path == source.path);
    let end = prose.map_or(source.text.len(), |prose| prose.document.body.start as usize);
    source.text[..end.min(source.text.len())].lines()
}

/// The id of the place of a line of the prose.
pub(crate) fn id_in_prose(line: usize) -> String {
    format!("L{line}")
}

/// The id of a line of a listed file.
pub(crate) fn id_in_list(file: usize, line: usize) -> String {
    format!("F{file}-{line}")
}

fn id(proposal: &Proposal, path: &str, line: usize) -> Option<String> {
    let files = listed(proposal);
    let file = files.iter().position(|source| *source.path == *path);
    if let Some(file) = file
        && line <= lines_of(proposal, files[file]).count()
    {
        return Some(id_in_list(file, line));
    }
    let prose = proposal.prose.as_ref()?;
    (*prose.source.path == *path).then(|| id_in_prose(line))
}

/// The id of the heading at a line of the prose of a proposal.
pub(crate) fn heading_at(site: &Site, path: &str, line: usize) -> Option<String> {
    let proposal = &site.snapshot.corpus.proposals[*site.owners.proposals.get(path)?];
    let prose = proposal.prose.as_ref().filter(|prose| *prose.source.path == *path)?;
    let mut sections = prose.document.body.sections.iter();
    let section = sections.find(|section| prose.source.line(section.heading.start) == line)?;
    Some(document::heading_id(&section.anchor))
}

impl Site {
    /// Where a line can be read, from a page with this way to the root.
    pub(crate) fn line(&self, base: &str, path: &str, line: Option<usize>) -> Option<String> {
        let owner = self.owners.proposals.get(path).map(|index| &*self.snapshot.corpus.proposals[*index]);
        let own = owner.zip(line).and_then(|(proposal, line)| {
            let page = self.places.page(&proposal.path)?;
            Some(format!("{base}{page}#{}", id(proposal, path, line)?))
        });
        own.or_else(|| self.source(path, line))
    }

    /// The same from the page of this proposal.
    pub(crate) fn line_here(&self, proposal: &Proposal, path: &str, line: Option<usize>) -> Option<String> {
        let own = line.and_then(|line| Some(format!("#{}", id(proposal, path, line)?)));
        own.or_else(|| self.source(path, line))
    }

    /// Where a file of the repository can be read: on the forge, at the commit that was read.
    pub(crate) fn source(&self, path: &str, line: Option<usize>) -> Option<String> {
        let address = self.snapshot.origin.address.as_deref()?;
        let commit = self.snapshot.corpus.commit.as_deref().unwrap_or("HEAD");
        let line = line.map(|line| format!("#L{line}")).unwrap_or_default();
        Some(format!("{address}/blob/{commit}/{path}{line}"))
    }
}
