//! Where findings stand: from a path and bytes to a line and column, a text, a proposal.

use std::collections::HashMap;
use std::sync::Arc;

use signoff_analysis::rules::outcome;
use signoff_model::profile::Meaning;
use signoff_model::{Corpus, Finding, Position, Proposal, Source};

/// Every file of a corpus by path, with the proposal that it belongs to.
pub struct Places<'a> {
    corpus: &'a Corpus,
    files: HashMap<&'a str, File<'a>>,
}

#[derive(Clone, Copy)]
struct File<'a> {
    source: Option<&'a Source>,
    owner: Option<&'a Proposal>,
}

/// A part of a file for people: both ends count from 1, the second is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// The first character.
    pub start: Position,
    /// The character behind the last one.
    pub end: Position,
}

impl<'a> Places<'a> {
    /// Looks at every file of the corpus. `others` are files that belong to no proposal, such as the
    /// configuration.
    #[must_use]
    pub fn new(corpus: &'a Corpus, others: &'a [Arc<Source>]) -> Self {
        // Most proposals have two files.
        let mut files: HashMap<&str, File<'_>> = HashMap::with_capacity(2 * corpus.proposals.len());
        for source in others {
            files.insert(&source.path, File { source: Some(source), owner: None });
        }
        if let Some(source) = &corpus.aliases.source {
            files.insert(&source.path, File { source: Some(source), owner: None });
        }
        for record in &corpus.orphans {
            let source = record.content.as_ref().ok().map(|content| &*content.source);
            files.insert(&record.path, File { source, owner: None });
        }
        for proposal in corpus.all() {
            let owner = Some(proposal);
            for record in &proposal.records {
                files.entry(&record.path).or_insert(File { source: None, owner });
            }
            files.insert(&proposal.metadata_path, File { source: None, owner });
            for source in outcome::sources(proposal) {
                files.insert(&source.path, File { source: Some(source), owner });
            }
        }
        Self { corpus, files }
    }

    /// The text of a file, if it was read.
    #[must_use]
    pub fn source(&self, path: &str) -> Option<&'a Source> {
        self.files.get(path)?.source
    }

    /// Where a finding stands; `None` when it is about a whole file, or the file was not read.
    #[must_use]
    pub fn region(&self, finding: &Finding) -> Option<Region> {
        let span = finding.span?;
        let source = self.source(&finding.path)?;
        Some(Region { start: source.position(span.start), end: source.position(span.end.max(span.start)) })
    }

    /// The text that a finding is about; empty when it is about a whole file, or the file was not read.
    #[must_use]
    pub fn flagged(&self, finding: &Finding) -> &'a str {
        let source = self.source(&finding.path);
        finding.span.and_then(|span| Some(source?.slice(span))).unwrap_or_default()
    }

    /// The proposal that a finding belongs to.
    #[must_use]
    pub fn owner(&self, finding: &Finding) -> Option<&'a Proposal> {
        let known = self.files.get(&*finding.path).map(|file| file.owner);
        known.unwrap_or_else(|| self.corpus.proposal_at(&finding.path).map(|index| &*self.corpus.proposals[index]))
    }

    /// The group that owns a proposal, as the file says, else by the folder it stands in.
    #[must_use]
    pub fn group(&self, proposal: &'a Proposal) -> &'a str {
        proposal.text(&self.corpus.prepared, Meaning::Group).unwrap_or(&proposal.area)
    }
}
