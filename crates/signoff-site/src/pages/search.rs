//! Search as you type, over the words of every proposal.

use askama::Template;

use super::{Kind, rendered};
use crate::Site;
use crate::frame::Frame;

pub(super) const KIND: Kind = Kind { paths, make };

const PATH: &str = "search.html";

#[derive(Template)]
#[template(path = "search.html")]
struct Search {
    frame: Frame,
    count: usize,
    /// The letters of the pieces of the index.
    pieces: String,
}

fn paths(site: &Site<'_>) -> Vec<String> {
    let pieces = site.words().pieces.keys().map(|letters| format!("search/{letters}.js"));
    [PATH.to_owned(), "search/proposals.js".to_owned()].into_iter().chain(pieces).collect()
}

fn make(site: &Site<'_>, path: &str) -> Option<String> {
    if path == PATH {
        let count = site.snapshot.corpus.proposals.len();
        let frame = Frame::of(site, path, "", "Search", "Search the words of every proposal.");
        let pieces: Vec<&str> = site.words().pieces.keys().map(String::as_str).collect();
        return Some(rendered(&Search { frame, count, pieces: pieces.join(" ") }));
    }
    let name = path.strip_prefix("search/")?.strip_suffix(".js")?;
    match name {
        "proposals" => Some(site.words().proposals.clone()),
        letters => site.words().pieces.get(letters).cloned(),
    }
}
