//! Quotes, lists, tables and footnotes.

use pulldown_cmark::{Alignment, BlockQuoteKind};
use rustc_hash::FxHashMap;
use signoff_model::Span;
use std::fmt::Write as _;
use std::ops::Range;

use super::Writer;
use crate::document::{Block, Surroundings};

/// Footnotes: they stand where their author put them, and are shown at the end.
#[derive(Default)]
pub(super) struct Notes {
    /// Labels in the order of their first mention.
    pub(super) order: Vec<String>,
    pub(super) numbers: FxHashMap<String, usize>,
    /// What each says.
    pub(super) texts: FxHashMap<String, String>,
    /// The note at hand, and what was written before it.
    pub(super) open: Option<(String, String)>,
    pub(super) lines: Option<(usize, usize)>,
}

impl Notes {
    pub(super) fn number(&mut self, label: &str) -> usize {
        if let Some(number) = self.numbers.get(label) {
            return *number;
        }
        self.order.push(label.to_owned());
        self.numbers.insert(label.to_owned(), self.order.len());
        self.order.len()
    }
}

impl<S: Surroundings> Writer<'_, S> {
    pub(super) fn start_quote(&mut self, kind: Option<BlockQuoteKind>) {
        let Some(kind) = kind else { return self.elements.open("blockquote", "") };
        let (class, title) = match kind {
            BlockQuoteKind::Note => ("alert note", "Note"),
            BlockQuoteKind::Tip => ("alert tip", "Tip"),
            BlockQuoteKind::Important => ("alert important", "Important"),
            BlockQuoteKind::Warning => ("alert warning", "Warning"),
            BlockQuoteKind::Caution => ("alert caution", "Caution"),
        };
        self.elements.open("div", &format!(" class=\"{class}\" role=\"note\""));
        self.elements.block(&format!("<p class=\"alert-title\">{title}</p>\n"));
    }

    pub(super) fn start_list(&mut self, first: Option<u64>) {
        match first {
            None => self.elements.open("ul", ""),
            Some(1) => self.elements.open("ol", ""),
            Some(first) => self.elements.open("ol", &format!(" start=\"{first}\"")),
        }
    }

    pub(super) fn start_item(&mut self, range: &Range<usize>) {
        let item = &self.masked[range.clone()];
        let inside = item.trim_start_matches(|byte: char| byte.is_ascii_digit());
        let inside = inside.trim_start().trim_start_matches(['-', '*', '+', '.', ')']).trim_start();
        let is_task = ["[ ]", "[x]", "[X]"].iter().any(|mark| inside.starts_with(mark));
        self.elements.open("li", if is_task { " class=\"task\"" } else { "" });
    }

    /// A box, labelled by the text behind it.
    pub(super) fn task(&mut self, is_ticked: bool) {
        self.elements.open_within("label", "");
        self.elements.inline(if is_ticked {
            "<input type=\"checkbox\" disabled checked> "
        } else {
            "<input type=\"checkbox\" disabled> "
        });
    }

    pub(super) fn start_table(&mut self, columns: Vec<Alignment>) {
        self.columns = columns;
        self.elements.open("div", " class=\"scrolls\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"");
        self.elements.open("table", "");
    }

    pub(super) fn start_head(&mut self) {
        self.column = 0;
        self.in_head = true;
        self.elements.open("thead", "");
        self.elements.open("tr", "");
    }

    pub(super) fn start_cell(&mut self, span: Span) {
        let class = match self.columns.get(self.column) {
            Some(Alignment::Center) => " class=\"center\"",
            Some(Alignment::Right) => " class=\"right\"",
            _ => "",
        };
        self.column += 1;
        // A cell with nothing in it heads nothing.
        let is_head = self.in_head && !span.of(&self.source.text).trim_matches([' ', '|', '\t']).is_empty();
        if is_head {
            self.elements.open("th", &format!(" scope=\"col\"{class}"));
        } else {
            self.elements.open("td", class);
        }
    }

    pub(super) fn reference(&mut self, label: &str) {
        let number = self.notes.number(label);
        let id = format!("d-note-{number}-from");
        let id = if self.ids.insert(id.clone()) { format!(" id=\"{id}\"") } else { String::new() };
        let html = format!("<sup{id}><a href=\"#d-note-{number}\" aria-label=\"Footnote {number}\">{number}</a></sup>");
        // A link in a link would end the outer one.
        let html = if self.links_open > 0 || self.elements.is_in("a") { format!("<sup>{number}</sup>") } else { html };
        self.elements.inline(&html);
    }

    pub(super) fn start_note(&mut self, label: &str, span: Span) {
        let outside = std::mem::take(&mut self.elements.out);
        self.notes.open = Some((label.to_owned(), outside));
        let last = span.end.saturating_sub(1);
        let lines = (self.source.line(span.start), self.source.line(last));
        let first = self.notes.lines.map_or(lines.0, |known| known.0);
        self.notes.lines = Some((first, lines.1));
        self.elements.open_silent();
    }

    pub(super) fn end_note(&mut self) {
        self.elements.close();
        let Some((label, outside)) = self.notes.open.take() else { return };
        let text = std::mem::replace(&mut self.elements.out, outside);
        self.notes.texts.entry(label).or_insert(text);
    }

    /// The notes at the end, in the order of their first mention; those that nothing mentions come last.
    pub(super) fn write_notes(&mut self) {
        let mut unmentioned: Vec<String> =
            self.notes.texts.keys().filter(|label| !self.notes.numbers.contains_key(*label)).cloned().collect();
        unmentioned.sort();
        let mentioned = self.notes.order.len();
        for label in unmentioned {
            self.notes.number(&label);
        }
        let Some((first_line, last_line)) = self.notes.lines else { return };
        let start = self.elements.out.len();
        let out = &mut self.elements.out;
        out.push_str("<ol class=\"footnotes\">\n");
        for (number, label) in (1..).zip(&self.notes.order) {
            let text = self.notes.texts.get(label).map_or("", |text| text.trim_end());
            let _ = write!(out, "<li id=\"d-note-{number}\">{text}");
            if number <= mentioned && self.ids.contains(&format!("d-note-{number}-from")) {
                let _ = write!(out, " <a href=\"#d-note-{number}-from\" aria-label=\"Back to the text\">\u{21a9}</a>");
            }
            out.push_str("</li>\n");
        }
        out.push_str("</ol>\n");
        let html = start..out.len();
        self.rendered.blocks.push(Block { first_line, last_line, html });
    }
}
