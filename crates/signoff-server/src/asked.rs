//! What addresses ask for behind their paths.

use axum::extract::Query;
use axum::http::Uri;
use signoff_search::query::FacetName;
use signoff_site::Searched;

/// The page that answers searches.
pub(crate) const SEARCH: &str = "search.html";

fn pairs(uri: &Uri) -> Vec<(String, String)> {
    Query::try_from_uri(uri).map(|Query(pairs)| pairs).unwrap_or_default()
}

/// What is searched; `None` where nothing is.
pub(crate) fn search(uri: &Uri) -> Option<Searched> {
    let mut searched = Searched::default();
    for (name, value) in pairs(uri) {
        match FacetName::ALL.into_iter().find(|facet| facet.name() == name) {
            Some(facet) => searched.chosen[facet as usize] = value,
            None if name == "q" => searched.words = value,
            None => {}
        }
    }
    (searched != Searched::default()).then_some(searched)
}

/// The time to compare with; `None` where none is named.
pub(crate) fn time(uri: &Uri) -> Option<String> {
    let named = pairs(uri).into_iter().find(|(name, _)| name == "with");
    named.map(|(_, when)| when).filter(|when| !when.trim().is_empty())
}
