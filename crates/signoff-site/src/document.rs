//! The document of a proposal as HTML that is safe by construction: every tag that is written is one of our own, every
//! text and address is escaped, and of raw HTML only a few tags without behaviour are taken over (see `raw`).
//!
//! Markdown is read as the model reads it (CommonMark with GitHub's tables, task lists and strikethrough), with
//! GitHub's footnotes, alerts and bare addresses beside. Comments and the table of contents in the text are left out:
//! the page has its own.

use std::fmt::Write as _;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use signoff_model::Span;
use signoff_model::body::Body;

use crate::frame::escaped;

mod address;
mod raw;

pub(crate) use address::{Target, is_outward};
use raw::Raw;

/// A document as HTML.
#[derive(Debug, Default)]
pub(crate) struct Document {
    /// The document, from its first block on; its title is left out.
    pub(crate) html: String,
    /// Its headings.
    pub(crate) contents: Vec<Heading>,
}

/// A heading of the table of contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heading {
    /// How deep it is: 0 for those of the highest level.
    pub(crate) depth: u8,
    /// Its text.
    pub(crate) text: String,
    /// The id of its element.
    pub(crate) id: String,
}

/// The id of a heading with an anchor. No id of ours begins with it, and no property of a page does.
pub(crate) fn id_of(anchor: &str) -> String {
    format!("d-{anchor}")
}

/// The id of a place that raw HTML names.
pub(crate) fn id_of_raw(name: &str) -> String {
    format!("d-a-{}", raw::plain_id(name))
}

/// Deepest heading that the table of contents has.
const CONTENTS_DEPTH: u8 = 2;

/// Renders a body, whose highest headings get the level `top`; `lead` says where a link leads.
pub(crate) fn render(text: &str, body: &Body, top: u8, lead: &dyn Fn(&str) -> Target) -> Document {
    let visible = visible(text, body);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM;
    let anchors = anchors(text, body);
    let mut writer = Writer { lead, anchors, top, last_level: top - 1, ..Writer::new(&visible) };
    for (event, range) in Parser::new_ext(&visible, options).into_offset_iter() {
        writer.event(event, range.start);
    }
    writer.finish()
}

/// The text without comments and table of contents; every line keeps its number.
fn visible(text: &str, body: &Body) -> String {
    let mut hidden: Vec<Span> = body.comments.clone();
    hidden.extend(body.contents.and_then(|contents| contents.inside()));
    hidden.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    let mut visible = String::with_capacity(text.len());
    let head = Span { start: 0, end: body.start };
    let mut from = 0;
    for span in std::iter::once(head).chain(hidden) {
        if span.end <= from {
            continue;
        }
        visible.push_str(Span { start: from, end: span.start.max(from) }.of(text));
        let gone = Span { start: span.start.max(from), end: span.end }.of(text);
        match gone.matches('\n').count() {
            0 if !gone.is_empty() => visible.push(' '),
            count => visible.push_str(&"\n".repeat(count)),
        }
        from = span.end;
    }
    visible + &text[usize::try_from(from).unwrap_or(text.len()).min(text.len())..]
}

/// The anchor of each heading by its line.
fn anchors(text: &str, body: &Body) -> Vec<(usize, String)> {
    let mut line = 0;
    let mut from = 0;
    let mut found = Vec::with_capacity(body.sections.len());
    for section in &body.sections {
        line += Span { start: from, end: section.heading.start.max(from) }.of(text).matches('\n').count();
        from = section.heading.start.max(from);
        found.push((line, section.anchor.to_string()));
    }
    found
}

struct Writer<'w> {
    text: &'w str,
    lead: &'w dyn Fn(&str) -> Target,
    /// Anchors by line, of the headings to come.
    anchors: Vec<(usize, String)>,
    html: String,
    contents: Vec<Heading>,
    /// Lines that were counted, up to a byte.
    counted: (usize, usize),
    /// The heading that is open: its author's level, the level written, its id, and where its words begin.
    heading: Option<(u8, u8, String, usize)>,
    /// The level of the highest headings.
    top: u8,
    /// The level of the last heading, so that none is skipped.
    last_level: u8,
    /// The words of the open heading, or of the image that is open.
    words: Vec<String>,
    is_title_open: bool,
    code: Option<(String, String)>,
    alignments: Vec<Alignment>,
    cell: usize,
    in_head: bool,
    /// What closes each open link.
    links: Vec<&'static str>,
    images: Vec<String>,
    raw: Raw,
    ids: usize,
    tables: usize,
}

fn nowhere(_: &str) -> Target {
    Target::Dead
}

impl<'w> Writer<'w> {
    fn new(text: &'w str) -> Self {
        Self {
            text,
            lead: &nowhere,
            anchors: Vec::new(),
            html: String::with_capacity(text.len() * 5 / 4),
            contents: Vec::new(),
            counted: (0, 0),
            heading: None,
            top: 2,
            last_level: 1,
            words: Vec::new(),
            is_title_open: false,
            code: None,
            alignments: Vec::new(),
            cell: 0,
            in_head: false,
            links: Vec::new(),
            images: Vec::new(),
            raw: Raw::default(),
            ids: 0,
            tables: 0,
        }
    }

    fn event(&mut self, event: Event<'_>, at: usize) {
        if self.is_title_open && !matches!(event, Event::End(TagEnd::Heading(_))) {
            return;
        }
        match event {
            Event::Start(tag) => self.open(tag, at),
            Event::End(tag) => self.close(tag),
            Event::Text(text) => self.plain(&text),
            Event::Code(code) => {
                if self.images.is_empty() {
                    let _ = write!(self.html, "<code>{}</code>", escaped(&code));
                }
                self.spoken(&code);
            }
            Event::Html(html) | Event::InlineHtml(html) => self.markup(&html),
            Event::SoftBreak => {
                self.html.push('\n');
                self.spoken(" ");
            }
            Event::HardBreak => self.html.push_str("<br>\n"),
            Event::Rule => self.html.push_str("<hr>\n"),
            Event::TaskListMarker(ticked) => {
                let (sign, word) = if ticked { ("☑", "done: ") } else { ("☐", "open: ") };
                let _ = write!(
                    self.html,
                    "<span class=\"box\" aria-hidden=\"true\">{sign}</span> <span class=\"vh\">{word}</span>"
                );
            }
            Event::FootnoteReference(name) => {
                let id = raw::plain_id(&name);
                let _ = write!(self.html, "<sup><a href=\"#d-note-{id}\">{}</a></sup>", escaped(&name));
            }
            Event::InlineMath(text) | Event::DisplayMath(text) => self.plain(&text),
        }
    }

    /// A text; bare addresses in it become links.
    fn plain(&mut self, text: &str) {
        if let Some((_, code)) = &mut self.code {
            code.push_str(text);
            return;
        }
        self.spoken(text);
        if !self.images.is_empty() {
            return;
        }
        if !self.links.is_empty() {
            self.html.push_str(&escaped(text));
            return;
        }
        let mut rest = text;
        while let Some((before, bare, after)) = address::bare(rest) {
            self.html.push_str(&escaped(before));
            let end = self.begin_link(bare);
            self.html.push_str(&escaped(bare));
            self.html.push_str(end);
            rest = after;
        }
        self.html.push_str(&escaped(rest));
    }

    /// The words of the heading or image that is open.
    fn spoken(&mut self, text: &str) {
        if let Some(words) = self.words.last_mut() {
            words.push_str(text);
        }
    }

    fn markup(&mut self, html: &str) {
        if self.images.is_empty() {
            self.raw.add(html, self.lead, &mut self.html);
        }
    }

    /// Writes the beginning of a link; what ends it.
    fn begin_link(&mut self, target: &str) -> &'static str {
        if self.raw.has_link() {
            return "";
        }
        match (self.lead)(target) {
            Target::Local(href) => {
                let _ = write!(self.html, "<a href=\"{}\">", escaped(&href));
                "</a>"
            }
            Target::Outward(href) => {
                let _ = write!(self.html, "<a href=\"{}\" rel=\"noopener noreferrer\">", escaped(&href));
                "</a>"
            }
            Target::Plain => "",
            Target::Dead => {
                let _ = write!(self.html, "<span class=\"dead\" title=\"{} is not there\">", escaped(target));
                "</span>"
            }
        }
    }

    fn open(&mut self, tag: Tag<'_>, at: usize) {
        match tag {
            Tag::Paragraph => self.enter("<p>"),
            Tag::Heading { level, .. } => self.open_heading(level, at),
            Tag::BlockQuote(kind) => self.open_quote(kind),
            Tag::CodeBlock(kind) => {
                let language = match &kind {
                    CodeBlockKind::Fenced(info) => info.split([' ', ',', '{']).next().unwrap_or_default().to_owned(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, String::new()));
            }
            Tag::HtmlBlock | Tag::MetadataBlock(_) => {}
            Tag::List(Some(1)) => self.html.push_str("<ol>\n"),
            Tag::List(Some(first)) => {
                let _ = writeln!(self.html, "<ol start=\"{first}\">");
            }
            Tag::List(None) => self.html.push_str("<ul>\n"),
            Tag::Item => self.enter("<li>"),
            Tag::FootnoteDefinition(name) => {
                let id = raw::plain_id(&name);
                self.enter(&format!("<div class=\"note\" id=\"d-note-{id}\"><sup>{}</sup> ", escaped(&name)));
            }
            Tag::DefinitionList | Tag::DefinitionListTitle | Tag::DefinitionListDefinition => {}
            Tag::Table(alignments) => {
                self.alignments = alignments;
                self.tables += 1;
                let _ = writeln!(
                    self.html,
                    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table {}\"><table>",
                    self.tables
                );
            }
            Tag::TableHead => {
                self.html.push_str("<thead><tr>");
                (self.cell, self.in_head) = (0, true);
            }
            Tag::TableRow => {
                self.html.push_str("<tr>");
                self.cell = 0;
            }
            Tag::TableCell => self.open_cell(),
            Tag::Emphasis => self.html.push_str("<em>"),
            Tag::Strong => self.html.push_str("<strong>"),
            Tag::Strikethrough => self.html.push_str("<del>"),
            Tag::Superscript => self.html.push_str("<sup>"),
            Tag::Subscript => self.html.push_str("<sub>"),
            Tag::Link { dest_url, .. } => {
                let end = if self.images.is_empty() { self.begin_link(&dest_url) } else { "" };
                self.links.push(end);
                self.raw.is_in_link = true;
            }
            Tag::Image { dest_url, .. } => {
                self.images.push(dest_url.into_string());
                self.words.push(String::new());
            }
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.leave("</p>\n"),
            TagEnd::Heading(_) => self.close_heading(),
            TagEnd::BlockQuote(_) => self.leave("</blockquote>\n"),
            TagEnd::CodeBlock => self.close_code(),
            TagEnd::HtmlBlock | TagEnd::MetadataBlock(_) => {}
            TagEnd::List(true) => self.html.push_str("</ol>\n"),
            TagEnd::List(false) => self.html.push_str("</ul>\n"),
            TagEnd::Item => self.leave("</li>\n"),
            TagEnd::FootnoteDefinition => self.leave("</div>\n"),
            TagEnd::DefinitionList | TagEnd::DefinitionListTitle | TagEnd::DefinitionListDefinition => {}
            TagEnd::Table => self.html.push_str("</tbody></table></div>\n"),
            TagEnd::TableHead => {
                self.html.push_str("</tr></thead><tbody>\n");
                self.in_head = false;
            }
            TagEnd::TableRow => self.html.push_str("</tr>\n"),
            TagEnd::TableCell => self.leave(if self.in_head { "</th>" } else { "</td>" }),
            TagEnd::Emphasis => self.html.push_str("</em>"),
            TagEnd::Strong => self.html.push_str("</strong>"),
            TagEnd::Strikethrough => self.html.push_str("</del>"),
            TagEnd::Superscript => self.html.push_str("</sup>"),
            TagEnd::Subscript => self.html.push_str("</sub>"),
            TagEnd::Link => {
                let end = self.links.pop().unwrap_or_default();
                self.html.push_str(end);
                self.raw.is_in_link = !self.links.is_empty();
            }
            TagEnd::Image => self.close_image(),
        }
    }

    /// Begins a container: raw tags that are opened in it end with it.
    fn enter(&mut self, tag: &str) {
        self.html.push_str(tag);
        self.raw.enter();
    }

    fn leave(&mut self, tag: &str) {
        self.raw.leave(&mut self.html);
        self.html.push_str(tag);
    }

    fn open_heading(&mut self, level: HeadingLevel, at: usize) {
        let author = level as u8;
        if author == 1 && self.html.trim().is_empty() {
            self.is_title_open = true;
            return;
        }
        // Headings of the page stand above those of the document, and no level is skipped.
        let level = (author + self.top).saturating_sub(2).clamp(self.top, 6).min(self.last_level + 1);
        self.last_level = level;
        let id = self.id_at(at);
        self.enter(&format!("<h{level} id=\"{}\">", escaped(&id)));
        self.heading = Some((author, level, id, self.html.len()));
        self.words.push(String::new());
    }

    /// The id of the heading at a byte.
    fn id_at(&mut self, at: usize) -> String {
        let (byte, line) = self.counted;
        let line = line + self.text.get(byte..at).map_or(0, |between| between.matches('\n').count());
        self.counted = (at, line);
        let own = self.anchors.iter().position(|(own, _)| *own == line);
        match own {
            Some(own) => id_of(&self.anchors.swap_remove(own).1),
            None => {
                self.ids += 1;
                format!("d--{}", self.ids)
            }
        }
    }

    fn close_heading(&mut self) {
        if std::mem::take(&mut self.is_title_open) {
            return;
        }
        let text = self.words.pop().unwrap_or_default().trim().to_owned();
        let Some((author, level, id, start)) = self.heading.take() else { return };
        self.leave("");
        let href = escaped(&id);
        // The words are the link that leads here, unless one of them is a link of its own.
        if self.html[start..].contains("<a") {
            let _ = write!(
                self.html,
                " <a class=\"permalink\" href=\"#{href}\" aria-label=\"Link to {}\">#</a>",
                escaped(&text)
            );
        } else {
            self.html.insert_str(start, &format!("<a class=\"permalink\" href=\"#{href}\">"));
            self.html.push_str("</a>");
        }
        let _ = writeln!(self.html, "</h{level}>");
        let depth = author.saturating_sub(2);
        if depth < CONTENTS_DEPTH {
            self.contents.push(Heading { depth, text, id });
        }
    }

    fn open_quote(&mut self, kind: Option<BlockQuoteKind>) {
        let alert = match kind {
            Some(BlockQuoteKind::Note) => "Note",
            Some(BlockQuoteKind::Tip) => "Tip",
            Some(BlockQuoteKind::Important) => "Important",
            Some(BlockQuoteKind::Warning) => "Warning",
            Some(BlockQuoteKind::Caution) => "Caution",
            None => return self.enter("<blockquote>\n"),
        };
        self.enter(&format!("<blockquote class=\"alert\"><p><strong>{alert}</strong></p>\n"));
    }

    fn open_cell(&mut self) {
        let class = match self.alignments.get(self.cell) {
            Some(Alignment::Right) => " class=\"num\"",
            Some(Alignment::Center) => " class=\"mid\"",
            _ => "",
        };
        self.cell += 1;
        let tag = if self.in_head { "th scope=\"col\"" } else { "td" };
        self.enter(&format!("<{tag}{class}>"));
    }

    fn close_code(&mut self) {
        let Some((language, code)) = self.code.take() else { return };
        if language.eq_ignore_ascii_case("mermaid") {
            let _ = writeln!(self.html, "<pre class=\"mermaid\" tabindex=\"0\">{}</pre>", escaped(&code));
            return;
        }
        let _ = writeln!(self.html, "<pre tabindex=\"0\"><code>{}</code></pre>", escaped(&code));
    }

    fn close_image(&mut self) {
        let (Some(target), Some(words)) = (self.images.pop(), self.words.pop()) else { return };
        let words = words.trim().to_owned();
        self.spoken(&words);
        if !self.images.is_empty() {
            return;
        }
        match (self.lead)(&target) {
            Target::Local(href) => {
                let _ =
                    write!(self.html, "<img src=\"{}\" alt=\"{}\" loading=\"lazy\">", escaped(&href), escaped(&words));
            }
            Target::Outward(_) if self.raw.has_link() => self.html.push_str(&escaped(&words)),
            // Nothing is loaded from another host: a reader follows the link, or does not.
            Target::Outward(href) => {
                let shown = if words.is_empty() { "image" } else { &words };
                let _ = write!(
                    self.html,
                    "<a href=\"{}\" rel=\"noopener noreferrer\">{} (image elsewhere)</a>",
                    escaped(&href),
                    escaped(shown)
                );
            }
            Target::Dead | Target::Plain => {
                let _ = write!(self.html, "<span class=\"dead\">{} (no image)</span>", escaped(&words));
            }
        }
    }

    fn finish(mut self) -> Document {
        self.raw.close_all(&mut self.html);
        Document { html: self.html, contents: self.contents }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(text: &str) -> Document {
        render(text, &signoff_model::body::parse(text, 0), 3, &|target| match target.strip_prefix('#') {
            Some(anchor) => Target::Local(format!("#{}", id_of(anchor))),
            None => Target::Dead,
        })
    }

    #[test]
    fn headings_have_the_anchors_that_links_name() {
        let document = rendered("# Title\n\n## A\n\n## B b\n\n## A\n\n[second](#a-1)\n");
        let ids: Vec<&str> = document.contents.iter().map(|heading| heading.id.as_str()).collect();
        assert_eq!(ids, ["d-a", "d-b-b", "d-a-1"]);
        assert!(document.html.contains("<a href=\"#d-a-1\">second</a>"), "{}", document.html);
        assert!(!document.html.contains("Title"), "the page has the title: {}", document.html);
    }

    #[test]
    fn comments_and_the_contents_in_the_text_are_left_out() {
        let document = rendered("## A\n\n<!-- toc -->\n- [A](#a)\n<!-- /toc -->\n\ntext <!-- hidden --> goes on\n");
        assert!(!document.html.contains("hidden") && !document.html.contains("<ul>"), "{}", document.html);
        assert!(document.html.contains("goes on"), "{}", document.html);
    }
}
