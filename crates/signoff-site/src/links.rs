//! What the site has for the links of documents: pages and images of its own, else the file on the forge.

use signoff_model::{Corpus, Proposal};

use crate::document::{Place, Surroundings};
use crate::{Site, images};

/// The repository around the documents of a site.
pub(crate) struct Around<'s>(pub(crate) &'s Site);

impl Surroundings for Around<'_> {
    fn find(&self, path: &str) -> Place {
        let corpus = &self.0.snapshot.corpus;
        if self.0.snapshot.images.contains_key(path)
            && let Some(place) = images::place(path)
        {
            return Place::File(place);
        }
        if let Some(page) = owner(corpus, path).and_then(|own| self.0.places.page(&own.path)) {
            return Place::Page(page.to_owned());
        }
        if corpus.targets.exists(path) == Some(false) {
            return Place::Missing;
        }
        self.0.source(path, None).map_or(Place::Unknown, Place::Elsewhere)
    }

    fn has_anchor(&self, path: &str, anchor: &str) -> bool {
        let prose = owner(&self.0.snapshot.corpus, path).and_then(|own| own.prose.as_ref());
        prose.is_some_and(|prose| {
            let body = &prose.document.body;
            let is_heading = body.sections.iter().any(|section| *section.anchor == *anchor);
            is_heading || body.html_anchors.iter().any(|own| **own == *anchor)
        })
    }
}

/// The proposal whose folder, metadata or prose a path is. What else lies in its folder is not on its page.
fn owner<'c>(corpus: &'c Corpus, path: &str) -> Option<&'c Proposal> {
    let index = corpus.targets.proposal_of_body(path).or_else(|| corpus.proposal_at(path))?;
    let prose = |own: &Proposal| own.prose.as_ref().is_some_and(|prose| *prose.source.path == *path);
    let is_it = |own: &&Proposal| *own.path == *path || *own.metadata_path == *path || prose(own);
    corpus.proposals.get(index).map(|proposal| &**proposal).filter(is_it)
}
