//! What the address of a search asks for.

use axum::extract::Query as Asked;
use axum::http::Uri;
use signoff_search::query::FacetName;
use signoff_site::Searched;

/// The page that answers.
pub(crate) const PATH: &str = "search.html";

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
