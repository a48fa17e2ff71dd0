//! What addresses ask for behind their paths.

use axum::extract::Query;
use axum::http::Uri;
use signoff_search::query::FacetName;
use signoff_site::{Searched, WantedClaims, WantedGates};

/// The page that answers searches.
pub(crate) const SEARCH: &str = "search.html";
/// The page of all gates, which filters.
pub(crate) const GATES: &str = "gates/index.html";
/// The page of what does not agree, which filters.
pub(crate) const AUDIT: &str = "audit.html";

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

/// The gates that are asked for; `None` where all are.
pub(crate) fn gates(uri: &Uri) -> Option<WantedGates> {
    let mut wanted = WantedGates::default();
    for (name, value) in pairs(uri) {
        match name.as_str() {
            "q" => wanted.words = value,
            "component" => wanted.component = value,
            "stage" => wanted.stage = value,
            "marks" => wanted.marks = value,
            _ => {}
        }
    }
    (wanted != WantedGates::default()).then_some(wanted)
}

/// The claims that are asked for; `None` where all are.
pub(crate) fn claims(uri: &Uri) -> Option<WantedClaims> {
    let mut wanted = WantedClaims::default();
    for (name, value) in pairs(uri) {
        match name.as_str() {
            "q" => wanted.words = value,
            "claim" => wanted.claim = value,
            "verdict" => wanted.verdict = value,
            "group" => wanted.group = value,
            _ => {}
        }
    }
    (wanted != WantedClaims::default()).then_some(wanted)
}

/// The two versions that are asked about, each empty where it is not named; `None` where neither is.
pub(crate) fn versions(uri: &Uri) -> Option<(String, String)> {
    let pairs = pairs(uri);
    let named = |wanted: &str| pairs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
    let (from, to) = (named("from"), named("to"));
    (from.is_some() || to.is_some()).then(|| (from.unwrap_or_default(), to.unwrap_or_default()))
}
