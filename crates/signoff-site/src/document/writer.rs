//! Walks the events of the Markdown reader and writes HTML.

use std::fmt::Write;
use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd};
use rustc_hash::{FxHashMap, FxHashSet};
use signoff_model::body::Section;
use signoff_model::comment::{self, Hidden, HiddenKind, Masked, Places, SHOWN_FENCE};
use signoff_model::{Body, Source, Span};

use super::elements::Elements;
use super::html::{self, Known, Piece};
use super::links::{self, Lead, Links, Picture};
use super::{Block, Heading, Rendered, Script, Setting, Surroundings, answer_id, fence, highlight};
use crate::escape;

/// Deepest headings that are links to themselves.
const LINKED_DEPTH: u8 = 3;

/// Renders a body.
pub(super) fn write<S: Surroundings>(source: &Source, body: &Body, setting: &Setting<'_, S>) -> Rendered {
    let start = body.start as usize;
    let hidden = shown(&source.text, body);
    let masked = comment::mask_shown(&source.text, start, &hidden);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM;
    let mut writer = Writer::new(source, body, setting, &hidden, &masked);
    for (event, range) in Parser::new_ext(&masked.text, options).into_offset_iter() {
        writer.event(event, range);
    }
    writer.finish()
}

/// The parts of the text that are no prose, the contents that the page makes itself among them.
fn shown(text: &str, body: &Body) -> Vec<Hidden> {
    let mut hidden = comment::find(text, body.start as usize);
    let inside = body.contents.and_then(|contents| contents.inside());
    let holds_heading = |span: &Span| body.sections.iter().any(|section| span.contains(section.heading));
    if let Some(span) = inside.filter(|span| !holds_heading(span)) {
        hidden.retain(|part| !span.contains(part.span));
        let place = hidden.partition_point(|part| part.span.start < span.start);
        hidden.insert(place, Hidden { kind: HiddenKind::Lines, span });
    }
    hidden
}

struct Writer<'a, S> {
    source: &'a Source,
    body: &'a Body,
    setting: &'a Setting<'a, S>,
    links: Links<'a, S>,
    hidden: &'a [Hidden],
    masked: &'a str,
    places: Places<'a>,
    elements: Elements,
    rendered: Rendered,
    /// Text that was read and not written yet.
    text: String,
    /// Where the block at hand begins: in the file, in the HTML; and how far it goes in the file.
    block: Option<(u32, usize)>,
    block_end: u32,
    /// The next section and question that may come.
    next_section: usize,
    next_question: usize,
    /// Levels of the headings around the one at hand, highest first.
    levels: Vec<u8>,
    heading: Option<Heading>,
    /// Where its words begin in the HTML.
    heading_start: usize,
    /// The title of the document is a heading above all others.
    has_title: bool,
    /// Events are left out up to the end of this heading.
    skips_heading: bool,
    image: Option<Image>,
    code: Option<Code>,
    /// A block of raw HTML, as far as it was read, and where it begins in the masked text.
    html: Option<(String, usize)>,
    columns: Vec<Alignment>,
    column: usize,
    in_head: bool,
    links_open: u32,
    ids: FxHashSet<String>,
    notes: Notes,
    /// For each tag of an author's, where its next end tag stands in the masked text.
    ends: FxHashMap<&'static str, usize>,
}

/// An image whose text is being read.
struct Image {
    target: String,
    title: String,
    text: String,
    /// How many images are open.
    depth: u32,
}

/// A code block that is being read.
struct Code {
    language: String,
    text: String,
}

/// Footnotes: they stand where their author put them, and are shown at the end.
#[derive(Default)]
struct Notes {
    /// Labels in the order of their first mention.
    order: Vec<String>,
    numbers: FxHashMap<String, usize>,
    /// What each says.
    texts: FxHashMap<String, String>,
    /// The note at hand, and what was written before it.
    open: Option<(String, String)>,
    lines: Option<(usize, usize)>,
}

impl Notes {
    fn number(&mut self, label: &str) -> usize {
        if let Some(number) = self.numbers.get(label) {
            return *number;
        }
        self.order.push(label.to_owned());
        self.numbers.insert(label.to_owned(), self.order.len());
        self.order.len()
    }
}

impl<'a, S: Surroundings> Writer<'a, S> {
    fn new(
        source: &'a Source,
        body: &'a Body,
        setting: &'a Setting<'a, S>,
        hidden: &'a [Hidden],
        masked: &'a Masked<'a>,
    ) -> Self {
        let first = body.sections.first();
        let has_title = first.is_some_and(|first| first.level == 1)
            && body.sections.iter().filter(|section| section.level == 1).count() == 1;
        let mut elements = Elements::default();
        elements.out.reserve(masked.text.len() * 3 / 2);
        Self {
            source,
            body,
            setting,
            links: Links::new(setting, body),
            hidden,
            masked: &masked.text,
            places: masked.places(),
            elements,
            rendered: Rendered::default(),
            text: String::new(),
            block: None,
            block_end: 0,
            next_section: 0,
            next_question: 0,
            levels: Vec::new(),
            heading: None,
            heading_start: 0,
            has_title,
            skips_heading: false,
            image: None,
            code: None,
            html: None,
            columns: Vec::new(),
            column: 0,
            in_head: false,
            links_open: 0,
            ids: FxHashSet::default(),
            notes: Notes::default(),
            ends: FxHashMap::default(),
        }
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if self.skips_heading {
            self.skips_heading = !matches!(event, Event::End(TagEnd::Heading(_)));
            return;
        }
        if let (Some(image), false) = (&mut self.image, matches!(event, Event::End(TagEnd::Image))) {
            return image.add(&event);
        }
        if self.is_kept_together(&event) {
            return;
        }
        if !matches!(event, Event::Text(_) | Event::SoftBreak) {
            self.flush();
        }
        let is_end = matches!(event, Event::End(_));
        let span = if is_end { Span::default() } else { self.places.span(range.clone()) };
        if !is_end {
            self.begin_block(span);
            if is_inline(&event) {
                self.answer_ids(span.start);
            }
        }
        self.write(event, span, range);
        if self.elements.is_empty() && self.text.is_empty() && self.html.is_none() && self.code.is_none() {
            self.end_block();
        }
    }

    /// Adds to the code or the raw HTML that is being read.
    fn is_kept_together(&mut self, event: &Event<'_>) -> bool {
        match event {
            Event::Text(text) | Event::Html(text) => match (&mut self.code, &mut self.html) {
                (Some(code), _) => code.text.push_str(text),
                (None, Some((html, _))) => html.push_str(text),
                (None, None) => return false,
            },
            _ => return false,
        }
        true
    }

    fn write(&mut self, event: Event<'_>, span: Span, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, span, range),
            Event::End(tag) => self.end(tag, &range),
            Event::Text(text) => self.text.push_str(&text),
            Event::SoftBreak => self.text.push('\n'),
            Event::Code(code) => self.inline_code(&code),
            Event::InlineHtml(html) => self.raw(&html, range.start),
            Event::Html(html) => self.raw(&html, range.start),
            Event::HardBreak => self.elements.inline("<br>\n"),
            Event::Rule => self.elements.block("<hr>\n"),
            Event::TaskListMarker(is_ticked) => self.task(is_ticked),
            Event::FootnoteReference(label) => self.reference(&label),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text.push_str(&text),
        }
    }

    fn start(&mut self, tag: Tag<'_>, span: Span, range: Range<usize>) {
        match tag {
            Tag::Paragraph => self.elements.open("p", ""),
            Tag::Heading { level, .. } => self.start_heading(level as u8, span),
            Tag::BlockQuote(kind) => self.start_quote(kind),
            Tag::CodeBlock(kind) => self.start_code(kind),
            Tag::HtmlBlock => self.html = Some((String::new(), range.start)),
            Tag::List(first) => self.start_list(first),
            Tag::Item => self.start_item(&range),
            Tag::FootnoteDefinition(label) => self.start_note(&label, span),
            Tag::Table(columns) => self.start_table(columns),
            Tag::TableHead => self.start_head(),
            Tag::TableRow => {
                self.column = 0;
                self.elements.open("tr", "");
            }
            Tag::TableCell => self.start_cell(span),
            Tag::Emphasis => self.elements.open("em", ""),
            Tag::Strong => self.elements.open("strong", ""),
            Tag::Strikethrough => self.elements.open("del", ""),
            Tag::Link { dest_url, title, .. } => self.start_link(&dest_url, &title),
            Tag::Image { dest_url, title, .. } => self.start_image(&dest_url, &title),
            _ => self.elements.open_silent(),
        }
    }

    fn end(&mut self, tag: TagEnd, range: &Range<usize>) {
        match tag {
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::CodeBlock => self.end_code(range),
            TagEnd::HtmlBlock => self.end_html(range),
            TagEnd::FootnoteDefinition => self.end_note(),
            TagEnd::TableHead => {
                self.in_head = false;
                self.elements.close();
                self.elements.close();
                self.elements.open("tbody", "");
            }
            TagEnd::Table => {
                self.elements.close();
                self.elements.close();
                self.elements.close();
                self.elements.out.push('\n');
            }
            TagEnd::Image => self.end_image(),
            TagEnd::Link => {
                self.links_open -= 1;
                self.elements.close();
            }
            _ => self.elements.close(),
        }
        let is_line = matches!(tag, TagEnd::Paragraph | TagEnd::List(_) | TagEnd::Item | TagEnd::BlockQuote(_));
        if is_line {
            self.elements.out.push('\n');
        }
    }

    /// Notes where a top level block begins, and how far the one at hand goes.
    fn begin_block(&mut self, span: Span) {
        if self.block.is_none() {
            self.block = Some((span.start, self.elements.out.len()));
            self.block_end = span.end;
        }
        self.block_end = self.block_end.max(span.end);
    }

    fn end_block(&mut self) {
        if self.notes.open.is_some() {
            return;
        }
        let Some((start, html)) = self.block.take() else { return };
        if self.elements.out.len() == html {
            return;
        }
        let end = self.last_shown(start, self.block_end);
        self.rendered.blocks.push(Block {
            first_line: self.source.line(start),
            last_line: self.source.line(end),
            html: html..self.elements.out.len(),
        });
    }

    /// Where the last character between two places stands that is shown: comments at the end are not.
    fn last_shown(&self, start: u32, end: u32) -> u32 {
        let mut end = end;
        loop {
            let written = Span { start, end }.of(&self.source.text).trim_end();
            end = start + Span::at(written.len()).start;
            let comments = &self.body.comments;
            let before = comments[..comments.partition_point(|comment| comment.end < end)].len();
            match comments.get(before).filter(|comment| comment.end == end && comment.start > start) {
                Some(comment) => end = comment.start,
                None => return end.saturating_sub(1).max(start),
            }
        }
    }

    /// Writes the text that was read, web addresses in it as links.
    fn flush(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.text);
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(&text.replace('\n', " "));
        }
        let mut rest = &*text;
        while self.links_open == 0
            && let Some(address) = links::address_in(rest)
        {
            self.elements.text(&rest[..address.start]);
            let written = &rest[address.clone()];
            let target = if written.starts_with("www.") { format!("https://{written}") } else { written.to_owned() };
            self.start_link(&target, "");
            self.elements.text(written);
            self.links_open -= 1;
            self.elements.close();
            rest = &rest[address.end..];
        }
        self.elements.text(rest);
        self.text = text;
        self.text.clear();
    }

    /// Gives the questions that are asked up to here their ids.
    fn answer_ids(&mut self, at: u32) {
        while let Some((asked, question)) = self.setting.questions.get(self.next_question)
            && *asked <= at
        {
            self.next_question += 1;
            let id = answer_id(question);
            if self.ids.insert(id.clone()) {
                let mut mark = String::from("<span");
                escape::attribute(&mut mark, "id", &id);
                mark.push_str("></span>");
                self.elements.inline(&mark);
            }
        }
    }
}

/// What stands in a line of text.
fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => {
            matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. })
        }
        Event::Text(_) | Event::Code(_) | Event::InlineHtml(_) | Event::FootnoteReference(_) => true,
        _ => false,
    }
}

/// Headings.
impl<'a, S: Surroundings> Writer<'a, S> {
    fn start_heading(&mut self, level: u8, span: Span) {
        let section = self.section(span.start);
        if section.is_some_and(|section| self.is_contents(section)) {
            self.skips_heading = true;
            return;
        }
        let line = self.source.line(span.start);
        let anchor = section.map_or_else(|| format!("line-{line}"), |section| section.anchor.to_string());
        let id = self.own_id(&anchor);
        let is_title = self.has_title && section.is_some_and(|own| std::ptr::eq(own, &raw const self.body.sections[0]));
        if is_title {
            self.rendered.title = Some(self.rendered.blocks.len());
        }
        let depth = if is_title { 1 } else { self.depth(level) };
        let mut attributes = String::new();
        escape::attribute(&mut attributes, "id", &id);
        self.elements.open(heading_tag(self.setting.heading_level, depth), &attributes);
        self.heading_start = self.elements.out.len();
        self.heading = Some(Heading { depth: if is_title { 0 } else { depth }, text: String::new(), id, line });
    }

    fn end_heading(&mut self) {
        let Some(mut heading) = self.heading.take() else { return self.elements.close() };
        heading.text = escape::plain(heading.text.trim());
        self.elements.close_authors();
        self.permalink(&heading);
        self.elements.close();
        self.elements.out.push('\n');
        if heading.depth > 0 {
            self.rendered.contents.push(heading);
        }
    }

    /// Makes the words of a heading the link that leads here, unless one of them is a link of its own.
    ///
    /// There are many headings of the lower levels: their links would be a fiftieth of a site, and a script adds them.
    fn permalink(&mut self, heading: &Heading) {
        if heading.depth > LINKED_DEPTH {
            return;
        }
        let mut link = String::from("<a");
        escape::attribute(&mut link, "href", &format!("#{}", heading.id));
        // The box of a task takes the place of a heading around it.
        let split = self.elements.out.split_at_checked(self.heading_start);
        let words = split.filter(|(before, _)| before.ends_with(&format!("id=\"{}\">", heading.id)));
        if words.is_none_or(|(_, words)| words.is_empty() || words.contains("<a")) {
            escape::attribute(&mut link, "aria-label", &format!("Link to {}", heading.text));
            self.elements.inline(&format!(" {link}>#</a>"));
        } else {
            self.elements.out.insert_str(self.heading_start, &format!("{link}>"));
            self.elements.out.push_str("</a>");
        }
    }

    /// The section whose heading begins at a place; places come in order.
    fn section(&mut self, at: u32) -> Option<&'a Section> {
        let sections = &self.body.sections[self.next_section..];
        self.next_section += sections.iter().take_while(|section| section.heading.start < at).count();
        let section = self.body.sections.get(self.next_section).filter(|section| section.heading.start == at)?;
        self.next_section += 1;
        Some(section)
    }

    /// Whether a section holds nothing but the contents that are left out.
    fn is_contents(&self, section: &Section) -> bool {
        let Some(contents) = self.body.contents.filter(|contents| contents.close.is_some()) else { return false };
        let end = contents.close.map_or(0, |close| close.end);
        let text = &self.source.text;
        let before = Span { start: section.content.start, end: contents.open.start };
        let after = Span { start: end, end: section.content.end };
        section.extent == section.content
            && section.content.contains(contents.open)
            && section.content.end >= end
            && before.of(text).trim().is_empty()
            && after.of(text).trim().is_empty()
    }

    /// How deep a heading of this level stands, without gaps.
    fn depth(&mut self, level: u8) -> u8 {
        while self.levels.pop_if(|above| *above >= level).is_some() {}
        self.levels.push(level);
        u8::try_from(self.levels.len()).unwrap_or(u8::MAX)
    }

    /// The id of an anchor, told from an equal one by a number at its end.
    fn own_id(&mut self, anchor: &str) -> String {
        let plain = links::id(anchor);
        let mut id = plain.clone();
        let mut next = 1;
        while !self.ids.insert(id.clone()) {
            id = format!("{plain}-{next}");
            next += 1;
        }
        id
    }
}

fn heading_tag(highest: u8, depth: u8) -> &'static str {
    const TAGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];
    let level = usize::from(highest.max(1)) + usize::from(depth.max(1)) - 2;
    TAGS[level.min(TAGS.len() - 1)]
}

/// Quotes, lists, tables, footnotes.
impl<S: Surroundings> Writer<'_, S> {
    fn start_quote(&mut self, kind: Option<BlockQuoteKind>) {
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

    fn start_list(&mut self, first: Option<u64>) {
        match first {
            None => self.elements.open("ul", ""),
            Some(1) => self.elements.open("ol", ""),
            Some(first) => self.elements.open("ol", &format!(" start=\"{first}\"")),
        }
    }

    fn start_item(&mut self, range: &Range<usize>) {
        let item = &self.masked[range.clone()];
        let inside = item.trim_start_matches(|byte: char| byte.is_ascii_digit());
        let inside = inside.trim_start().trim_start_matches(['-', '*', '+', '.', ')']).trim_start();
        let is_task = ["[ ]", "[x]", "[X]"].iter().any(|mark| inside.starts_with(mark));
        self.elements.open("li", if is_task { " class=\"task\"" } else { "" });
    }

    /// A box, labelled by the text behind it.
    fn task(&mut self, is_ticked: bool) {
        self.elements.open_within("label", "");
        self.elements.inline(if is_ticked {
            "<input type=\"checkbox\" disabled checked> "
        } else {
            "<input type=\"checkbox\" disabled> "
        });
    }

    fn start_table(&mut self, columns: Vec<Alignment>) {
        self.columns = columns;
        self.elements.open("div", " class=\"scrolls\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"");
        self.elements.open("table", "");
    }

    fn start_head(&mut self) {
        self.column = 0;
        self.in_head = true;
        self.elements.open("thead", "");
        self.elements.open("tr", "");
    }

    fn start_cell(&mut self, span: Span) {
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

    fn reference(&mut self, label: &str) {
        let number = self.notes.number(label);
        let id = format!("d-note-{number}-from");
        let id = if self.ids.insert(id.clone()) { format!(" id=\"{id}\"") } else { String::new() };
        let html = format!("<sup{id}><a href=\"#d-note-{number}\" aria-label=\"Footnote {number}\">{number}</a></sup>");
        // A link in a link would end the outer one.
        let html = if self.links_open > 0 || self.elements.is_in("a") { format!("<sup>{number}</sup>") } else { html };
        self.elements.inline(&html);
    }

    fn start_note(&mut self, label: &str, span: Span) {
        let outside = std::mem::take(&mut self.elements.out);
        self.notes.open = Some((label.to_owned(), outside));
        let last = span.end.saturating_sub(1);
        let lines = (self.source.line(span.start), self.source.line(last));
        let first = self.notes.lines.map_or(lines.0, |known| known.0);
        self.notes.lines = Some((first, lines.1));
        self.elements.open_silent();
    }

    fn end_note(&mut self) {
        self.elements.close();
        let Some((label, outside)) = self.notes.open.take() else { return };
        let text = std::mem::replace(&mut self.elements.out, outside);
        self.notes.texts.entry(label).or_insert(text);
    }

    /// The notes at the end, in the order of their first mention; those that nothing mentions come last.
    fn write_notes(&mut self) {
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

/// Links and images.
impl<S: Surroundings> Writer<'_, S> {
    fn start_link(&mut self, target: &str, title: &str) {
        self.links_open += 1;
        let mut attributes = String::new();
        lead_attributes(&mut attributes, &self.links.lead(target), title);
        self.elements.open_link(&attributes);
    }

    fn start_image(&mut self, target: &str, title: &str) {
        let image = Image { target: target.to_owned(), title: title.to_owned(), text: String::new(), depth: 1 };
        self.image = Some(image);
    }

    fn end_image(&mut self) {
        let Some(image) = &mut self.image else { return };
        image.depth -= 1;
        if image.depth == 0
            && let Some(image) = self.image.take()
        {
            self.image(&image.target, &image.text, &image.title, "");
        }
    }

    /// Shows an image of the repository; one of another place is a link with its text.
    fn image(&mut self, target: &str, text: &str, title: &str, size: &str) {
        let text = escape::plain(text);
        match self.links.picture(target) {
            Picture::Own { path, address } => {
                let mut html = String::from("<img");
                escape::attribute(&mut html, "src", &address);
                escape::attribute(&mut html, "alt", &text);
                if !title.is_empty() {
                    escape::attribute(&mut html, "title", title);
                }
                html.push_str(size);
                html.push_str(" loading=\"lazy\">");
                self.elements.inline(&html);
                if !self.rendered.images.contains(&path) {
                    self.rendered.images.push(path);
                }
            }
            Picture::Elsewhere(lead) => {
                let name = target.rsplit('/').find(|part| !part.is_empty()).unwrap_or("image");
                let shown = if text.trim().is_empty() { name } else { &*text };
                let mut attributes = String::from(" class=\"image");
                if matches!(lead, Lead::Nowhere(_)) {
                    attributes.push_str(" dead");
                }
                attributes.push('"');
                address_attributes(&mut attributes, &lead, title);
                self.elements.open_link(&attributes);
                self.elements.text(shown);
                self.elements.close();
            }
        }
    }
}

fn lead_attributes(out: &mut String, lead: &Lead, title: &str) {
    if matches!(lead, Lead::Nowhere(_)) {
        out.push_str(" class=\"dead\"");
    }
    address_attributes(out, lead, title);
}

fn address_attributes(out: &mut String, lead: &Lead, title: &str) {
    let title = match lead {
        Lead::To(address) | Lead::Out(address) => {
            escape::attribute(out, "href", address);
            title
        }
        Lead::Nowhere(reason) => return escape::attribute(out, "title", &format!("Leads nowhere: {reason}")),
    };
    if !title.is_empty() {
        escape::attribute(out, "title", title);
    }
}

impl Image {
    fn add(&mut self, event: &Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) => self.text.push_str(text),
            Event::SoftBreak | Event::HardBreak => self.text.push(' '),
            Event::Start(Tag::Image { .. }) => self.depth += 1,
            _ => {}
        }
    }
}

/// Code.
impl<S: Surroundings> Writer<'_, S> {
    fn inline_code(&mut self, code: &CowStr<'_>) {
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(code);
        }
        self.elements.open("code", "");
        self.elements.text(code);
        self.elements.close();
    }

    fn start_code(&mut self, kind: CodeBlockKind<'_>) {
        let language = match kind {
            CodeBlockKind::Fenced(info) => info.split_whitespace().next().unwrap_or_default().to_lowercase(),
            CodeBlockKind::Indented => String::new(),
        };
        self.code = Some(Code { language, text: String::new() });
    }

    /// Writes a code block of the Markdown reader's. Fences that stand indented in it are blocks of their own.
    fn end_code(&mut self, range: &Range<usize>) {
        let Some(code) = self.code.take() else { return };
        if !code.text.contains(SHOWN_FENCE) {
            return self.code_block(&code.language, &code.text);
        }
        let span = self.places.span(range.clone());
        let first = self.hidden.partition_point(|part| part.span.start < span.start);
        let mut fences = self.hidden[first..].iter().filter(|part| part.kind == HiddenKind::Fence);
        let mut plain = String::new();
        for line in code.text.split_inclusive('\n') {
            let fence = if line.trim() == SHOWN_FENCE { fences.next() } else { None };
            match fence {
                Some(fence) => {
                    self.code_block(&code.language, &std::mem::take(&mut plain));
                    self.fence(fence.span);
                }
                None => plain.push_str(line),
            }
        }
        self.code_block(&code.language, &plain);
    }

    fn code_block(&mut self, language: &str, code: &str) {
        if code.trim().is_empty() {
            return;
        }
        if language == "mermaid" {
            return self.diagram(code);
        }
        let mut html = String::with_capacity(code.len() * 3 / 2 + 40);
        html.push_str("<pre tabindex=\"0\"><code>");
        // A browser drops a line's end that stands first.
        if code.starts_with('\n') {
            html.push('\n');
        }
        highlight::write(&mut html, language, code);
        html.push_str("</code></pre>\n");
        self.elements.block(&html);
    }

    fn diagram(&mut self, code: &str) {
        let mut html = String::from("<pre class=\"mermaid\" data-diagram=\"mermaid\" tabindex=\"0\">");
        escape::text(&mut html, code);
        html.push_str("</pre>\n");
        self.elements.block(&html);
        if self.rendered.scripts.is_empty() {
            self.rendered.scripts.push(Script::Mermaid);
        }
    }

    /// Writes a fence of the model's.
    fn fence(&mut self, span: Span) {
        let text = &self.source.text;
        let line = text[..span.start as usize].rfind('\n').map_or(0, |newline| newline + 1);
        let fence = fence::read(&text[line..span.start as usize], span.of(text));
        self.code_block(&fence.language, &fence.code);
        self.block_end = self.block_end.max(span.end);
    }
}

/// Raw HTML.
impl<S: Surroundings> Writer<'_, S> {
    fn end_html(&mut self, range: &Range<usize>) {
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
    fn raw(&mut self, html: &str, start: usize) {
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
    fn fence_at(&mut self, start: usize, at: usize) {
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

    fn raw_tag(&mut self, tag: Known, written: &str) {
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

    fn raw_image(&mut self, written: &str) {
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
    fn raw_attributes(&mut self, tag: Known, written: &str) -> String {
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
struct Kept {
    class: &'static str,
    anchor: Option<String>,
    target: Option<String>,
    title: Option<String>,
    /// Those whose values are numbers or words of ours.
    others: String,
}

impl Kept {
    /// Looks at an attribute; the first of a name counts, as in browsers.
    fn add(&mut self, tag: &str, name: &str, value: &str) {
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

    fn set_number(&mut self, name: &str, value: &str, largest: u32) {
        if let Some(number) = number(value).filter(|number| (1..=largest).contains(number)) {
            self.set(name, &number.to_string());
        }
    }

    fn set(&mut self, name: &str, value: &str) {
        if !self.others.contains(name) {
            escape::attribute(&mut self.others, name, value);
        }
    }
}

fn number(value: &str) -> Option<u32> {
    const LARGEST: u32 = 1_000_000;
    value.trim().parse().ok().filter(|number| *number <= LARGEST)
}

/// Where the next end tag of this name stands, or the end of the text.
fn next_end(text: &str, tag: &str, from: usize) -> usize {
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

impl<S: Surroundings> Writer<'_, S> {
    fn finish(mut self) -> Rendered {
        self.flush();
        self.elements.close_all();
        self.end_block();
        self.write_notes();
        self.rendered.html = self.elements.out;
        self.rendered
    }
}
