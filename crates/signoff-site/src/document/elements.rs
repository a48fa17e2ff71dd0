//! The elements that are open, and the HTML so far.
//!
//! Elements of Markdown and those that authors write as raw HTML share one stack, so that the HTML is balanced
//! whatever an author left open, and so that a browser builds the very tree that is written here: no block stands in
//! a paragraph, no cell outside a row, no link in a link. What does not fit is not written.

use signoff_model::comment::SHOWN_MARK;

use crate::escape;

/// Elements deeper than this are not written: browsers flatten deep trees, each in its own way.
const DEPTH_MAX: usize = 100;

/// How many levels a table of Markdown needs at most.
const TABLE_LEVELS: usize = 5;

/// Who wrote an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// Markdown: it closes when its end comes.
    Markdown,
    /// An author, as raw HTML: it closes with its end tag, or with what stands around it.
    Author,
}

/// What an element may hold, as far as that decides which tree a browser builds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Stands in text.
    Inline,
    /// A block of nothing but text: what comes as a block ends it.
    Phrasing,
    /// A block that holds blocks and text.
    Flow,
    /// A part of a table that holds parts of a table only.
    TablePart,
}

fn kind(tag: &str) -> Kind {
    match tag {
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "summary" | "label" | "pre" | "caption" => Kind::Phrasing,
        "table" | "thead" | "tbody" | "tfoot" | "tr" => Kind::TablePart,
        "blockquote" | "dd" | "details" | "div" | "dl" | "dt" | "figcaption" | "figure" | "hr" | "li" | "ol" | "td"
        | "th" | "ul" => Kind::Flow,
        _ => Kind::Inline,
    }
}

/// The elements that one may stand in directly, where a browser would move or drop it anywhere else.
fn parents(tag: &str) -> &'static [&'static str] {
    match tag {
        "caption" | "thead" | "tbody" | "tfoot" => &["table"],
        "tr" => &["table", "thead", "tbody", "tfoot"],
        "td" | "th" => &["tr"],
        "li" => &["ul", "ol"],
        "dt" | "dd" => &["dl"],
        "summary" => &["details"],
        "figcaption" => &["figure"],
        _ => &[],
    }
}

#[derive(Debug)]
struct Element {
    tag: &'static str,
    by: By,
    /// What its start tag holds behind the name.
    attributes: Box<str>,
    /// Where the HTML goes on behind its start tag.
    inside: usize,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Its start tag is written, its end tag is not.
    Open,
    /// A block within ended it; it opens again when text comes.
    Closed,
    /// Nothing is written of it.
    Silent,
}

/// The HTML so far and what is open in it.
#[derive(Debug, Default)]
pub(super) struct Elements {
    /// The HTML.
    pub(super) out: String,
    open: Vec<Element>,
}

impl Elements {
    /// Whether nothing is open.
    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Opens an element of Markdown. `attributes` are ready to stand in a tag.
    pub(super) fn open(&mut self, tag: &'static str, attributes: &str) {
        self.make_room(tag);
        self.push(tag, By::Markdown, attributes);
    }

    /// Opens an element of Markdown of which nothing is written.
    pub(super) fn open_silent(&mut self) {
        self.open.push(self.silent("", By::Markdown));
    }

    /// Opens a link of Markdown; in a link of an author's it is text.
    pub(super) fn open_link(&mut self, attributes: &str) {
        if self.is_in("a") { self.open_silent() } else { self.open("a", attributes) }
    }

    /// Opens an element that ends where what stands around it does.
    pub(super) fn open_within(&mut self, tag: &'static str, attributes: &str) {
        self.make_room(tag);
        self.push(tag, By::Author, attributes);
    }

    /// Closes the innermost element of Markdown, and what authors left open in it.
    pub(super) fn close(&mut self) {
        while let Some(element) = self.open.pop() {
            if element.state == State::Open {
                write_end(&mut self.out, element.tag);
            }
            if element.by == By::Markdown {
                return;
            }
        }
    }

    /// Closes what authors left open in the innermost element of Markdown.
    pub(super) fn close_authors(&mut self) {
        let own = self.open.iter().rposition(|element| element.by == By::Markdown).map_or(0, |at| at + 1);
        self.close_to(own);
    }

    /// Adds a text.
    pub(super) fn text(&mut self, text: &str) {
        if !self.make_room_for_text(text) {
            return;
        }
        escape::text(&mut self.out, text);
    }

    /// Adds text of raw HTML.
    pub(super) fn raw_text(&mut self, text: &str) {
        if !self.make_room_for_text(text) {
            return;
        }
        escape::raw_text(&mut self.out, text);
    }

    /// Adds a whole inline element, or a tag without an end.
    pub(super) fn inline(&mut self, html: &str) {
        self.make_room("");
        self.out.push_str(html);
    }

    /// Adds a whole block.
    pub(super) fn block(&mut self, html: &str) {
        self.make_room("div");
        self.out.push_str(html);
    }

    /// Opens an element of an author's, if it may stand here.
    pub(super) fn open_by_author(&mut self, tag: &'static str, attributes: &str) {
        if self.open.len() >= DEPTH_MAX || (tag == "a" && self.is_in("a")) {
            return;
        }
        let parents = parents(tag);
        if parents.is_empty() {
            if kind(tag) != Kind::Inline && self.is_in_text_only() {
                return;
            }
            self.make_room(tag);
        } else {
            let Some(parent) = self.parent(tag, parents) else { return };
            self.close_to(parent + 1);
            if tag == "tr" && self.open[parent].tag == "table" {
                self.push("tbody", By::Author, "");
            }
        }
        self.push(tag, By::Author, attributes);
    }

    /// Closes an element of an author's, if it is open.
    pub(super) fn close_by_author(&mut self, tag: &str) {
        let own = self.open.iter().rposition(|element| element.by == By::Markdown).map_or(0, |at| at + 1);
        if let Some(at) = self.open[own..].iter().rposition(|element| element.tag == tag) {
            self.close_to(own + at);
        }
    }

    /// Closes what an author left open in a block of raw HTML: everything from the first element on that stands in text
    /// or that `ends_later` does not know the end of.
    pub(super) fn close_unended(&mut self, mut ends_later: impl FnMut(&'static str) -> bool) {
        let own = self.open.iter().rposition(|element| element.by == By::Markdown).map_or(0, |at| at + 1);
        let goes_on = |element: &Element| matches!(kind(element.tag), Kind::Flow | Kind::TablePart);
        // Cells, rows and items need no end tag of their own.
        let mut is_ended = |tag| !parents(tag).is_empty() || ends_later(tag);
        let unended = self.open[own..].iter().position(|element| !goes_on(element) || !is_ended(element.tag));
        if let Some(at) = unended {
            self.close_to(own + at);
        }
    }

    /// Closes everything.
    pub(super) fn close_all(&mut self) {
        self.close_to(0);
    }

    /// Whether an element of this name is open.
    pub(super) fn is_in(&self, tag: &str) -> bool {
        self.open.iter().any(|element| element.tag == tag && element.state != State::Silent)
    }

    /// Whether a block here would end a heading, which what is a block to its author is not meant to.
    pub(super) fn is_in_text_only(&self) -> bool {
        let is_heading = |element: &Element| matches!(element.tag.as_bytes(), [b'h', b'1'..=b'6'] | b"summary");
        self.open.iter().any(|element| is_heading(element) && element.state == State::Open)
    }

    /// The nearest of an author's elements that may hold this one, if only elements of the same author's stand between.
    fn parent(&self, tag: &str, parents: &[&str]) -> Option<usize> {
        let is_of_table = parents[0] == "table" || parents[0] == "tr";
        for (at, element) in self.open.iter().enumerate().rev() {
            if element.by == By::Markdown {
                return None;
            }
            if parents.contains(&element.tag) {
                return Some(at);
            }
            let is_edge = match tag {
                "summary" | "figcaption" => element.tag != "p",
                _ if is_of_table => element.tag == "table",
                _ => kind(element.tag) == Kind::TablePart || matches!(element.tag, "td" | "th"),
            };
            if is_edge {
                return None;
            }
        }
        None
    }

    fn push(&mut self, tag: &'static str, by: By, attributes: &str) {
        let depth = if tag == "table" { TABLE_LEVELS } else { 2 };
        let is_in_silent_block = self
            .open
            .last()
            .is_some_and(|last| last.state == State::Silent && !last.tag.is_empty() && kind(last.tag) != Kind::Inline);
        let needs_parent = !parents(tag).is_empty();
        let too_deep = if needs_parent { is_in_silent_block } else { self.open.len() + depth > DEPTH_MAX };
        if too_deep {
            self.open.push(self.silent(tag, by));
            return;
        }
        write_start(&mut self.out, tag, attributes);
        self.open.push(Element { tag, by, attributes: attributes.into(), inside: self.out.len(), state: State::Open });
    }

    fn silent(&self, tag: &'static str, by: By) -> Element {
        Element { tag, by, attributes: "".into(), inside: self.out.len(), state: State::Silent }
    }

    /// Closes everything from the element at `at` on for good.
    fn close_to(&mut self, at: usize) {
        while self.open.len() > at {
            if let Some(element) = self.open.pop()
                && element.state == State::Open
            {
                write_end(&mut self.out, element.tag);
            }
        }
    }

    /// Closes what may not hold an element of this name; `""` stands for text.
    fn make_room(&mut self, tag: &str) {
        if parents(tag).is_empty() {
            self.leave_table();
        }
        if tag.is_empty() || kind(tag) == Kind::Inline {
            self.open_again();
        } else {
            self.leave_text();
            // What was left may have been all that stood between a table and the block.
            if parents(tag).is_empty() {
                self.leave_table();
            }
        }
    }

    /// Closes the paragraph, or what else holds nothing but text, around a block that comes. Elements of Markdown open
    /// again when text comes; those of authors do not.
    fn leave_text(&mut self) {
        let holds =
            |element: &Element| matches!(kind(element.tag), Kind::Flow | Kind::TablePart) && !element.tag.is_empty();
        let inside = self.open.iter().rposition(holds).map_or(0, |at| at + 1);
        let Some(first) = self.open[inside..]
            .iter()
            .position(|element| kind(element.tag) == Kind::Phrasing && element.state == State::Open)
        else {
            return;
        };
        let mut left = self.open.split_off(inside + first);
        for element in left.iter_mut().rev().filter(|element| element.state == State::Open) {
            element.state = State::Closed;
            // Of what holds nothing yet, nothing is left.
            if self.out.len() == element.inside {
                self.out.truncate(element.inside - element.attributes.len() - element.tag.len() - 2);
            } else {
                write_end(&mut self.out, element.tag);
            }
        }
        left.retain(|element| element.by == By::Markdown);
        self.open.extend(left);
    }

    /// Opens what a block closed.
    fn open_again(&mut self) {
        let first = self.open.iter().rposition(|element| element.state == State::Open).map_or(0, |at| at + 1);
        for at in first..self.open.len() {
            if self.open[at].state != State::Closed {
                continue;
            }
            let element = &mut self.open[at];
            write_start(&mut self.out, element.tag, &element.attributes);
            element.inside = self.out.len();
            element.state = State::Open;
        }
    }

    /// Closes the table around what may not stand between its cells.
    fn leave_table(&mut self) {
        while let Some(last) = self.open.last()
            && last.by == By::Author
            && kind(last.tag) == Kind::TablePart
        {
            let at = self.open.len() - 1;
            self.close_to(at);
        }
    }

    /// Whether a text is to be written. White space changes nothing.
    fn make_room_for_text(&mut self, text: &str) -> bool {
        if text.bytes().all(|byte| byte <= b' ' && byte != SHOWN_MARK as u8) {
            return self.open.last().is_none_or(|last| last.state != State::Closed);
        }
        self.make_room("");
        true
    }
}

fn write_start(out: &mut String, tag: &str, attributes: &str) {
    out.push('<');
    out.push_str(tag);
    out.push_str(attributes);
    out.push('>');
}

fn write_end(out: &mut String, tag: &str) {
    out.push_str("</");
    out.push_str(tag);
    out.push('>');
}
