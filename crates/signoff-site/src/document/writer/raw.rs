//! Raw HTML: which of it is taken over.

use signoff_model::comment::HiddenKind;
use std::ops::Range;

use super::Writer;
use super::images::address_attributes;
use crate::document::Surroundings;
use crate::document::html::{self, Known, Piece};
use crate::document::links::{self, Lead};
use crate::escape;

impl<S: Surroundings> Writer<'_, S> {
    pub(super) fn end_html(&mut self, range: &Range<usize>) {
        let Some((html, start)) = self.html.take() else { return };
        self.raw(&html, start);
        let masked = self.masked;
        let ends = &mut self.ends;
        self.elements.close_unended(|tag| {
            let known = ends.get(tag).copied().unwrap_or(0);
            let next = if known >= range.end { known } else { next_end(masked, tag, range.end) };
            ends.insert(tag, next);
            next < masked.len()
        });
        if !self.elements.out.ends_with('\n') {
            self.elements.out.push('\n');
        }
    }

    /// Writes raw HTML that begins at a place of the masked text.
    pub(super) fn raw(&mut self, html: &str, start: usize) {
        for piece in html::pieces(html) {
            match piece {
                // The line's end behind a block.
                Piece::Text("\n") if self.elements.out.ends_with('\n') && !self.elements.is_in("pre") => {}
                Piece::Text(text) => {
                    if let Some(heading) = &mut self.heading {
                        heading.text.push_str(&escape::unescape(text));
                    }
                    self.elements.raw_text(text);
                }
                Piece::End(tag) => self.elements.close_by_author(tag.tag),
                Piece::Start { tag, attributes } => self.raw_tag(tag, attributes),
                Piece::Nothing { at } => self.fence_at(start, at),
            }
        }
    }

    /// Writes the fence that a mark in raw HTML stands for, if it does.
    pub(super) fn fence_at(&mut self, start: usize, at: usize) {
        if !self.masked[start..].get(at..).is_some_and(|rest| rest.starts_with("<?")) {
            return;
        }
        let place = self.places.span(start + at..start + at).start;
        let found = self.hidden.binary_search_by_key(&place, |part| part.span.start);
        if let Ok(found) = found
            && self.hidden[found].kind == HiddenKind::Fence
        {
            self.fence(self.hidden[found].span);
        }
    }

    pub(super) fn raw_tag(&mut self, tag: Known, written: &str) {
        match tag.tag {
            "br" | "wbr" => self.elements.inline(if tag.tag == "br" { "<br>" } else { "<wbr>" }),
            "hr" => {
                if !self.elements.is_in_text_only() {
                    self.elements.block("<hr>");
                }
            }
            "img" => self.raw_image(written),
            "a" if self.links_open > 0 => {}
            _ => {
                let attributes = self.raw_attributes(tag, written);
                self.elements.open_by_author(tag.tag, &attributes);
            }
        }
    }

    pub(super) fn raw_image(&mut self, written: &str) {
        let (mut target, mut text, mut title, mut size) = (String::new(), String::new(), String::new(), String::new());
        for (name, value) in html::attributes(written) {
            let is = |known: &str| name.eq_ignore_ascii_case(known);
            if is("src") {
                target = escape::unescape(value);
            } else if is("alt") {
                text = escape::unescape(value);
            } else if is("title") {
                title = escape::unescape(value);
            } else if (is("width") || is("height"))
                && let Some(pixels) = number(value.trim_end_matches("px"))
            {
                let name = if is("width") { "width" } else { "height" };
                if !size.contains(name) {
                    escape::attribute(&mut size, name, &pixels.to_string());
                }
            }
        }
        if !target.trim().is_empty() {
            self.image(&target, &text, &title, &size);
        }
    }

    /// What is kept of the attributes of a tag, ready to stand in it.
    pub(super) fn raw_attributes(&mut self, tag: Known, written: &str) -> String {
        let mut kept = Kept { class: tag.class, ..Kept::default() };
        for (name, value) in html::attributes(written) {
            kept.add(tag.tag, &name.to_ascii_lowercase(), &escape::unescape(value));
        }
        let mut out = String::new();
        if let Some(anchor) = kept.anchor {
            let id = links::id(&anchor);
            if self.ids.insert(id.clone()) {
                escape::attribute(&mut out, "id", &id);
            }
        }
        let lead = kept.target.as_deref().map(|target| self.links.lead(target));
        let class = if matches!(lead, Some(Lead::Nowhere(_))) { "dead" } else { kept.class };
        if !class.is_empty() {
            escape::attribute(&mut out, "class", class);
        }
        let title = kept.title.unwrap_or_default();
        match lead {
            Some(lead) => address_attributes(&mut out, &lead, &title),
            None if title.is_empty() => {}
            None => escape::attribute(&mut out, "title", &title),
        }
        out.push_str(&kept.others);
        out
    }
}

/// What is kept of the attributes of a tag.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) class: &'static str,
    pub(super) anchor: Option<String>,
    pub(super) target: Option<String>,
    pub(super) title: Option<String>,
    /// Those whose values are numbers or words of ours.
    pub(super) others: String,
}

impl Kept {
    /// Looks at an attribute; the first of a name counts, as in browsers.
    pub(super) fn add(&mut self, tag: &str, name: &str, value: &str) {
        match (tag, name) {
            (_, "id") | ("a", "name") if !value.is_empty() && !value.contains(char::is_whitespace) => {
                self.anchor.get_or_insert_with(|| value.to_owned());
            }
            ("a", "href") => {
                self.target.get_or_insert_with(|| value.to_owned());
            }
            (_, "title") => {
                self.title.get_or_insert_with(|| escape::plain(value));
            }
            (_, "align") => match value.to_ascii_lowercase().as_str() {
                "center" => self.class = "center",
                "right" => self.class = "right",
                _ => {}
            },
            ("details", "open") => self.set("open", ""),
            ("ol", "start") | ("li", "value") => self.set_number(name, value, 1_000_000),
            ("td" | "th", "colspan" | "rowspan") => self.set_number(name, value, 100),
            _ => {}
        }
    }

    pub(super) fn set_number(&mut self, name: &str, value: &str, largest: u32) {
        if let Some(number) = number(value).filter(|number| (1..=largest).contains(number)) {
            self.set(name, &number.to_string());
        }
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        if !self.others.contains(name) {
            escape::attribute(&mut self.others, name, value);
        }
    }
}

pub(super) fn number(value: &str) -> Option<u32> {
    const LARGEST: u32 = 1_000_000;
    value.trim().parse().ok().filter(|number| *number <= LARGEST)
}

/// Where the next end tag of this name stands, or the end of the text.
pub(super) fn next_end(text: &str, tag: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let is_tag = |at: &usize| {
        let name = bytes.get(at + 2..at + 2 + tag.len());
        name.is_some_and(|name| name.eq_ignore_ascii_case(tag.as_bytes()))
    };
    memchr::memmem::find_iter(&bytes[from.min(bytes.len())..], "</")
        .map(|at| from + at)
        .find(is_tag)
        .unwrap_or(text.len())
}
