//! Search: the page that a script fills from the pieces of an index, and the same page with what a server found.

use askama::Template;
use signoff_search::query::FacetName;
use signoff_search::{Results, Snippet};

use super::{Kind, rendered};
use crate::frame::{Frame, counted};
use crate::{Page, Site, search, sources};

pub(super) const KIND: Kind = Kind { paths, make };

const PATH: &str = "search.html";

/// What somebody searches for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Searched {
    /// The words as they were typed.
    pub words: String,
    /// The values that were chosen for the facets, in the order of [`FacetName::ALL`]; empty for any.
    pub chosen: [String; 4],
}

#[derive(Template)]
#[template(path = "search.html")]
struct Search {
    frame: Frame,
    said: String,
    words: String,
    /// The letters of the pieces of the index.
    pieces: String,
    facets: Vec<FacetOf>,
    hits: Vec<HitOf>,
    is_answered: bool,
}

struct FacetOf {
    name: &'static str,
    title: &'static str,
    chosen: String,
    /// Each value, and how many have it.
    values: Vec<(String, usize)>,
}

struct HitOf {
    label: String,
    title: Vec<(bool, String)>,
    page: String,
    facts: String,
    snippets: Vec<SnippetOf>,
}

struct SnippetOf {
    href: String,
    heading: String,
    text: Vec<(bool, String)>,
}

fn paths(site: &Site) -> Vec<String> {
    let pieces = site.words().pieces().into_iter().map(|letters| format!("search/{letters}.js"));
    [PATH.to_owned(), "search/proposals.js".to_owned()].into_iter().chain(pieces).collect()
}

fn make(site: &Site, path: &str) -> Option<String> {
    if path == PATH {
        let count = counted(site.snapshot.corpus.proposals.len(), "proposal");
        let pieces = site.words().pieces().join(" ");
        let said = format!("{count}. Type words, the beginning of one, or a number.");
        return Some(rendered(&page(site, said, pieces, &Searched::default())));
    }
    let name = path.strip_prefix("search/")?.strip_suffix(".js")?;
    match name {
        "proposals" => Some(site.words().proposals.clone()),
        letters => site.words().piece(letters),
    }
}

fn page(site: &Site, said: String, pieces: String, searched: &Searched) -> Search {
    let facet = |name: FacetName| FacetOf {
        name: name.name(),
        title: title(name),
        chosen: searched.chosen[name as usize].clone(),
        values: Vec::new(),
    };
    Search {
        frame: Frame::of(site, PATH, "", "Search", "Search the words of every proposal."),
        said,
        words: searched.words.clone(),
        pieces,
        facets: FacetName::ALL.map(facet).into(),
        hits: Vec::new(),
        is_answered: false,
    }
}

fn title(name: FacetName) -> &'static str {
    match name {
        FacetName::Group => "Group",
        FacetName::Status => "Status",
        FacetName::Stage => "Stage",
        FacetName::Release => "Release",
    }
}

impl Site {
    /// The page of a search with what it found, or why it is none.
    #[must_use]
    pub fn found(&self, searched: &Searched) -> Page {
        let shown = match search::search(self, searched) {
            Ok(results) => answered(self, searched, &results),
            Err(fault) => {
                let said = format!("{}; {}.", fault.message, fault.hint);
                Search { is_answered: true, ..page(self, said, String::new(), searched) }
            }
        };
        Page { path: PATH.to_owned(), bytes: rendered(&shown).into_bytes() }
    }
}

fn answered(site: &Site, searched: &Searched, results: &Results) -> Search {
    let count = counted(results.total, "proposal");
    let said = match (results.total, results.partial) {
        (0, _) => "Nothing has these words.".to_owned(),
        (_, true) => format!("Nothing has all of these words; {count} with some of them."),
        (total, false) if total > results.hits.len() => format!("{count}; the first {} are shown.", results.hits.len()),
        _ => format!("{count}."),
    };
    let mut shown = page(site, said, String::new(), searched);
    for (facet, counts) in shown.facets.iter_mut().zip(&results.facets.counts) {
        facet.values = counts.iter().filter(|(value, _)| !value.is_empty()).cloned().collect();
        if !facet.chosen.is_empty() && !facet.values.iter().any(|(value, _)| *value == facet.chosen) {
            facet.values.push((facet.chosen.clone(), 0));
        }
    }
    let starts: Vec<String> = searched.words.split(|own: char| !own.is_alphanumeric()).map(str::to_lowercase).collect();
    let hit = |hit: &signoff_search::Hit| {
        let page = site.places.page(&hit.path)?.to_owned();
        let facts = [&hit.group, &hit.status, &hit.stage, &hit.release];
        Some(HitOf {
            label: hit.number.clone(),
            title: marked(&hit.title, &starts),
            facts: facts.into_iter().filter(|fact| !fact.is_empty()).cloned().collect::<Vec<_>>().join(" · "),
            snippets: hit.snippets.iter().map(|snippet| snippet_of(site, &page, snippet)).collect(),
            page,
        })
    };
    shown.hits = results.hits.iter().filter_map(hit).collect();
    shown.is_answered = true;
    shown
}

fn snippet_of(site: &Site, page: &str, snippet: &Snippet) -> SnippetOf {
    let anchor = sources::heading_at(site, &snippet.path, snippet.line);
    SnippetOf {
        href: format!("{page}{}", anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default()),
        heading: snippet.heading.clone(),
        text: snippet.text.clone(),
    }
}

/// A text in pieces: whether each begins with what was searched.
fn marked(text: &str, starts: &[String]) -> Vec<(bool, String)> {
    let mut pieces: Vec<(bool, String)> = Vec::new();
    for piece in text.split_inclusive(|own: char| !own.is_alphanumeric()) {
        let word = piece.trim_end_matches(|own: char| !own.is_alphanumeric());
        let lower = word.to_lowercase();
        let is_found = starts.iter().any(|start| start.len() > 1 && lower.starts_with(&**start));
        pieces.push((is_found, word.to_owned()));
        pieces.push((false, piece[word.len()..].to_owned()));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn words_that_begin_with_what_was_searched_are_marked() {
        let starts = ["pod".to_owned(), "r".to_owned()];
        let found: Vec<String> = marked("In-Place Pods resize", &starts)
            .into_iter()
            .map(|(is_found, piece)| if is_found { format!("[{piece}]") } else { piece })
            .collect();
        assert_eq!(found.concat(), "In-Place [Pods] resize");
    }
}
