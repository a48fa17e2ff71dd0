//! Walks the events of the Markdown reader and writes HTML.

use std::ops::Range;

use pulldown_cmark::{Alignment, Event, Options, Parser, Tag, TagEnd};
use rustc_hash::{FxHashMap, FxHashSet};
use signoff_model::comment::{self, Hidden, HiddenKind, Masked, Places};
use signoff_model::{Body, Source, Span};

use super::elements::Elements;
use super::links::{self, Links};
use super::{Block, Heading, Rendered, Setting, Surroundings, answer_id};
use crate::escape;

mod code;
mod headings;
mod images;
mod lists;
mod raw;

use code::Code;
use images::Image;
use lists::Notes;

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
