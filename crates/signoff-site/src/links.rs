//! Where the links of a document lead: to pages of the site where it has one, else to the forge.

use signoff_model::proposal::Prose;
use signoff_model::{Corpus, Proposal};

use crate::document::{self, Target, is_outward};
use crate::{Site, images};

/// The links of one document.
pub(crate) struct Links<'s> {
    site: &'s Site<'s>,
    /// The way from the page to the root of the site.
    base: &'s str,
    proposal: &'s Proposal,
    prose: &'s Prose,
}

impl<'s> Links<'s> {
    pub(crate) fn new(site: &'s Site<'s>, base: &'s str, proposal: &'s Proposal, prose: &'s Prose) -> Self {
        Self { site, base, proposal, prose }
    }

    /// Where a link leads.
    pub(crate) fn lead(&self, target: &str) -> Target {
        let target = target.trim();
        let corpus = &self.site.snapshot.corpus;
        let Some(found) = corpus.link_target(&self.prose.source.path, target) else {
            return if is_outward(target) { Target::Outward(target.to_owned()) } else { Target::Dead };
        };
        let Some(path) = found.path else { return Target::Dead };
        if path == *self.prose.source.path {
            return self.here(found.anchor.as_deref().unwrap_or_default());
        }
        if let Some(other) = owner(corpus, &path) {
            return self.page_of(other, found.anchor.as_deref());
        }
        if self.site.snapshot.images.contains_key(&path)
            && let Some(place) = images::place(&path)
        {
            return Target::Local(format!("{}{place}", self.base));
        }
        if corpus.targets.exists(&path) == Some(false) {
            return Target::Dead;
        }
        self.site.source(&path, None).map_or(Target::Plain, Target::Outward)
    }

    /// A place of this document.
    fn here(&self, anchor: &str) -> Target {
        let body = &self.prose.document.body;
        if anchor.is_empty() {
            return Target::Local("#document".to_owned());
        }
        let is_heading = body.sections.iter().any(|section| *section.anchor == *anchor);
        if is_heading {
            return Target::Local(format!("#{}", document::id_of(anchor)));
        }
        match body.html_anchors.iter().any(|own| **own == *anchor) {
            true => Target::Local(format!("#{}", document::id_of_raw(anchor))),
            false => Target::Dead,
        }
    }

    fn page_of(&self, other: &Proposal, anchor: Option<&str>) -> Target {
        let anchor = anchor.map(|anchor| format!("#{}", document::id_of(anchor))).unwrap_or_default();
        match self.site.places.page(&other.path) {
            Some(_) if other.path == self.proposal.path => Target::Local("#document".to_owned()),
            Some(page) => Target::Local(format!("{}{page}{anchor}", self.base)),
            None => Target::Plain,
        }
    }
}

/// The proposal whose folder or main file a path is.
fn owner<'c>(corpus: &'c Corpus, path: &str) -> Option<&'c Proposal> {
    let path = path.trim_end_matches('/');
    let of_body = || corpus.targets.proposal_of_body(path);
    let index = corpus.proposal_at(path).or_else(of_body)?;
    corpus.proposals.get(index).map(|proposal| &**proposal)
}
