//! A proposal's prose as HTML.
//!
//! [`render`] reads the text as the model does (`signoff_model::body`): comments and fences are found first, by the
//! model's rules, then the rest is read with pulldown-cmark. Headings, their anchors and their lines are the model's.
//! What GitHub shows besides is shown too: footnotes, alerts (`> [!NOTE]`), boxes of task lists, bare addresses, raw
//! HTML where it is harmless.
//!
//! Proposals are text of strangers. The rules:
//!
//! 1. Nothing is copied. Every tag comes from a table, every value of an attribute is made or escaped here; there is
//!    no step that makes dirty HTML clean (`html.rs`, `escape.rs` of the crate).
//! 2. The HTML is balanced, and nested so that a browser builds the tree that is written (`elements.rs`).
//! 3. Ids are `d-` and an anchor of the author's, or `answer-` and a question of the profile's. With the hyphen they
//!    are no name that a script asks `window` or `document` for. No author's `name`, `class` or `style` is kept.
//! 4. Addresses are `http:`, `https:`, `mailto:`, or the site's own, looked up by path (`links.rs`). Images are the
//!    repository's own files; those of other hosts are links.
//! 5. The only control is the box of a task, disabled.
//!
//! Sources: CommonMark 0.31, the GitHub Flavored Markdown spec (sections 4.10, 5.3, 6.5, 6.9), the HTML standard
//! (13.2.6, how browsers build trees).

mod elements;
mod fence;
mod highlight;
mod html;
mod languages;
mod links;
mod writer;

use std::ops::Range;

use signoff_model::{Body, Source};

pub use links::Addresses;

/// What stands around a body: where it is, and where its links may lead.
#[derive(Debug)]
pub struct Setting<'a, S> {
    /// The file's path in the repository.
    pub path: &'a str,
    /// The way from the page to the root of the site: empty, or `../` as often as needed.
    pub root: &'a str,
    /// Addresses that mean the repository's own files.
    pub addresses: &'a Addresses,
    /// The level of the highest heading, 1 to 6; deeper ones follow without a gap.
    pub heading_level: u8,
    /// Where questions are asked, by place: byte offset in the file, id of the question.
    pub questions: &'a [(u32, &'a str)],
    /// What the site has.
    pub surroundings: &'a S,
}

/// Tells what the site has for paths of the repository. Addresses are paths from the root of the site, not escaped.
pub trait Surroundings {
    /// What there is for a path of the repository, without a trailing `/`.
    fn find(&self, path: &str) -> Place;

    /// Whether the document on the page for a path has a place of this name.
    fn has_anchor(&self, _path: &str, _anchor: &str) -> bool {
        true
    }
}

/// What there is for a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A page of the site that shows this proposal: its headings have the ids of this module.
    Page(String),
    /// A file or another page of the site; the only place where images are taken from.
    File(String),
    /// An address on another host, whole.
    Elsewhere(String),
    /// Nothing.
    Missing,
    /// Nobody knows: the path is outside of what was read.
    Unknown,
}

/// A rendered body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The whole HTML.
    pub html: String,
    /// Its top level blocks in order; they cover all of the HTML.
    pub blocks: Vec<Block>,
    /// The block that is the document's title, if it begins with one. It has no place in `contents`.
    pub title: Option<usize>,
    /// The headings, in order.
    pub contents: Vec<Heading>,
    /// What the page has to load.
    pub scripts: Vec<Script>,
    /// Files of the repository that are shown as images: paths, each once.
    pub images: Vec<String>,
}

/// A top level block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The line of the file that it begins in, from 1.
    pub first_line: usize,
    /// The line that it ends in.
    pub last_line: usize,
    /// Its place in the HTML.
    pub html: Range<usize>,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// How deep it stands, from 1, without gaps.
    pub depth: u8,
    /// Its text, not escaped.
    pub text: String,
    /// Its id.
    pub id: String,
    /// The line of the file that it stands in, from 1.
    pub line: usize,
}

/// A library that comes with the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// Draws `pre.mermaid`.
    Mermaid,
}

impl Rendered {
    /// The HTML without the document's title, for a page that has it as its own.
    #[must_use]
    pub fn without_title(&self) -> String {
        let shown = self.blocks.iter().enumerate().filter(|(index, _)| Some(*index) != self.title);
        shown.map(|(_, block)| self.block(block)).collect()
    }

    /// The HTML of a block.
    #[must_use]
    pub fn block(&self, block: &Block) -> &str {
        &self.html[block.html.clone()]
    }
}

/// Renders a body; `body` is what the model read of the same source.
#[must_use]
pub fn render<S: Surroundings>(source: &Source, body: &Body, setting: &Setting<'_, S>) -> Rendered {
    writer::write(source, body, setting)
}

/// The id of a heading with this anchor on a page that shows its document.
#[must_use]
pub fn heading_id(anchor: &str) -> String {
    links::id(anchor)
}

/// The id of the answer to a question on a page that shows its document.
#[must_use]
pub fn answer_id(question: &str) -> String {
    format!("answer-{question}")
}
