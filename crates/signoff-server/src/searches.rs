//! Searches: the index of the words of every proposal, made when the first one comes and brought up to date when the
//! snapshot is another.

use std::sync::{Mutex, PoisonError};

use axum::extract::Query as Asked;
use axum::http::Uri;
use signoff_search::query::{Facet, FacetName};
use signoff_search::{Index, IndexError, Query, Results};
use signoff_site::{Page, Searched, Site};

/// The page that answers.
pub(crate) const PATH: &str = "search.html";

/// Most proposals that are shown.
const HITS_MAX: usize = 50;

/// The index, and the snapshot that it is of.
#[derive(Default)]
pub(crate) struct Searches(Mutex<Option<(String, Index)>>);

/// What an address asks for; `None` where it asks for nothing.
pub(crate) fn asked(uri: &Uri) -> Option<Searched> {
    let Asked(pairs) = Asked::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    let mut searched = Searched::default();
    for (name, value) in pairs {
        match FacetName::ALL.into_iter().find(|facet| facet.name() == name) {
            Some(facet) => searched.chosen[facet as usize] = value,
            None if name == "q" => searched.words = value,
            None => {}
        }
    }
    (searched != Searched::default()).then_some(searched)
}

impl Searches {
    /// The page with what is found in this version of a site.
    pub(crate) fn page(&self, site: &Site, version: &str, searched: &Searched) -> Page {
        let results = match self.results(site, version, searched) {
            Ok(found) => found,
            Err(error) => Err(format!("The search failed: {error}.")),
        };
        site.found(searched, results.as_ref().map_err(Clone::clone))
    }

    fn results(
        &self,
        site: &Site,
        version: &str,
        searched: &Searched,
    ) -> Result<Result<Results, String>, IndexError> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let corpus = &site.snapshot().corpus;
        let index = match held.take() {
            Some((known, mut index)) => {
                if known != version {
                    index.update(corpus, None)?;
                }
                index
            }
            None => Index::in_memory(corpus)?,
        };
        let (_, index) = held.insert((version.to_owned(), index));
        let chosen = FacetName::ALL.into_iter().zip(&searched.chosen).filter(|(_, value)| !value.is_empty());
        let facets: Vec<Facet> =
            chosen.map(|(name, value)| Facet { name, values: vec![value.clone()], excluded: false }).collect();
        let mut query = match Query::parse(&searched.words, &index.values()?) {
            Ok(query) => query,
            // The chosen facets ask for something.
            Err(_) if searched.words.trim().is_empty() && !facets.is_empty() => Query::default(),
            Err(fault) => return Ok(Err(format!("{}; {}.", fault.message, fault.hint))),
        };
        query.facets.extend(facets);
        index.search(&query, HITS_MAX).map(Ok)
    }
}
