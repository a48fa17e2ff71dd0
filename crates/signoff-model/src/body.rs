//! A proposal's prose as a tree of our own: sections, blocks, links, comments, each with its span.
//!
//! Read with pulldown-cmark (CommonMark and GitHub's tables, task lists, strikethrough); none of
//! its types leaves this module. Comments are blanked before, so that headings inside them do not
//! count and an unbalanced one swallows nothing (see [`crate::comment`]).

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use rustc_hash::FxHashMap;

use crate::comment::{self, Hidden, HiddenKind, Places};
use crate::span::Span;
use crate::wording;

mod entries;

use entries::Entries;

/// A parsed document.
#[derive(Debug, Default)]
pub struct Body {
    /// Every heading with what it covers, in file order.
    pub sections: Vec<Section>,
    /// Every block, in file order.
    pub blocks: Vec<Block>,
    /// Every link and image, in file order.
    pub links: Vec<Link>,
    /// Every code span (backticks within a line of prose), in file order.
    pub code_spans: Vec<Span>,
    /// Every comment outside fences, in file order.
    pub comments: Vec<Span>,
    /// Anchors that raw HTML defines (`<a name="x">`).
    pub html_anchors: Vec<Box<str>>,
    /// The marks of the table of contents.
    pub contents: Option<Contents>,
    /// Opening marks of unresolved debates (`<<[UNRESOLVED ...]>>`) outside comments.
    pub unresolved: Vec<Span>,
    /// Where the prose starts: 0, or behind the metadata of a file that holds both.
    pub start: u32,
}

/// A heading and what it covers.
#[derive(Debug)]
pub struct Section {
    /// The heading's text, without markup.
    pub title: Box<str>,
    /// The heading's [`wording::words`], without a trailing `(Optional)`.
    pub words: Box<str>,
    /// 1 to 6.
    pub level: u8,
    /// The heading itself, marks included, without the end of its line.
    pub heading: Span,
    /// What stands between this heading and the next one of any level.
    pub content: Span,
    /// What stands between this heading and the next one of the same or a higher level.
    pub extent: Span,
    /// Index of the section that holds this one.
    pub parent: Option<u32>,
    /// Whether the heading ends with `(Optional)`.
    pub optional: bool,
    /// The anchor that GitHub gives the heading.
    pub anchor: Box<str>,
    /// How many headings above have the same anchor but for the number at its end.
    pub repeats: u32,
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A paragraph.
    Paragraph,
    /// An item of a list.
    Item,
    /// A fenced code block.
    Code,
    /// A code block by its indentation; often text that its author indented too far.
    Indented,
    /// A block quote.
    Quote,
    /// A table.
    Table,
    /// Raw HTML.
    Html,
}

/// A block of the document.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands, its own blocks included.
    pub span: Span,
    /// How many list items and quotes it stands in.
    pub depth: u8,
}

/// A link or an image.
#[derive(Debug)]
pub struct Link {
    /// Where it stands.
    pub span: Span,
    /// The target as written, escapes resolved.
    pub target: Box<str>,
    /// Whether it is an image.
    pub image: bool,
}

/// The marks around a table of contents.
#[derive(Clone, Copy, Debug)]
pub struct Contents {
    /// The opening comment.
    pub open: Span,
    /// The closing comment.
    pub close: Option<Span>,
}

impl Contents {
    /// Where the entries stand.
    #[must_use]
    pub fn inside(&self) -> Option<Span> {
        self.close.map(|close| Span { start: self.open.end, end: close.start })
    }
}

/// Reads a document from byte `start` on. Never fails.
#[must_use]
pub fn parse(text: &str, start: usize) -> Body {
    let mut hidden = comment::find(text, start);
    let comments: Vec<Span> = spans(&hidden, HiddenKind::Comment).collect();
    let contents = contents(text, &comments);
    let entries = contents.and_then(|contents| entries::read(text, &contents, &hidden));
    if let Some(entries) = &entries {
        let place = hidden.partition_point(|part| part.span.start < entries.span.start);
        hidden.insert(place, Hidden { kind: HiddenKind::Lines, span: entries.span });
    }
    let mut body = prose(text, start, &hidden);
    if let Some(entries) = entries {
        body.add(entries);
    }
    body.blocks.extend(spans(&hidden, HiddenKind::Fence).map(|span| Block { kind: BlockKind::Code, span, depth: 0 }));
    body.blocks.sort_by_key(|block| block.span.start);
    body.unresolved = unresolved(text, start, &comments);
    body.start = Span::at(start).start;
    Body { comments, contents, ..body }
}

fn spans(hidden: &[Hidden], kind: HiddenKind) -> impl Iterator<Item = Span> {
    hidden.iter().filter(move |part| part.kind == kind).map(|part| part.span)
}

/// Reads what is not hidden.
fn prose(text: &str, start: usize, hidden: &[Hidden]) -> Body {
    let masked = comment::mask(text, start, hidden);
    let mut builder = Builder::new(text, masked.places());
    let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    for (event, range) in Parser::new_ext(&masked.text, options).into_offset_iter() {
        builder.event(event, range);
    }
    builder.finish()
}

struct Builder<'t> {
    body: Body,
    text: &'t str,
    places: Places<'t>,
    depth: u8,
    /// The level and span of the heading being read.
    heading: Option<(u8, Span)>,
    /// The text of the heading being read, as far as it was.
    title: String,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str, places: Places<'t>) -> Self {
        Self { body: Body::default(), text, places, depth: 0, heading: None, title: String::new() }
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.open(tag, range),
            Event::End(tag) => self.close(tag),
            Event::Text(text) if self.heading.is_some() => self.title.push_str(&text),
            Event::SoftBreak | Event::HardBreak if self.heading.is_some() => self.title.push(' '),
            Event::Code(code) => {
                let span = self.places.span(range);
                self.body.code_spans.push(span);
                if self.heading.is_some() {
                    self.title.push_str(&code);
                }
            }
            Event::Html(html) | Event::InlineHtml(html) => html_anchors(&html, &mut self.body.html_anchors),
            _ => {}
        }
    }

    fn open(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.heading = Some((heading_level(level), self.places.span(range)));
                self.title.clear();
            }
            Tag::Paragraph => self.push(BlockKind::Paragraph, range),
            Tag::Item => {
                self.push(BlockKind::Item, range);
                self.depth = self.depth.saturating_add(1);
            }
            Tag::BlockQuote(_) => {
                self.push(BlockKind::Quote, range);
                self.depth = self.depth.saturating_add(1);
            }
            // Fences were blanked, but for one between two backticks that look like a code span around it.
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => self.push(BlockKind::Code, range),
            Tag::CodeBlock(CodeBlockKind::Indented) => self.push(BlockKind::Indented, range),
            Tag::Table(_) => self.push(BlockKind::Table, range),
            Tag::HtmlBlock => self.push(BlockKind::Html, range),
            Tag::Link { dest_url, .. } => self.link(&dest_url, range, false),
            Tag::Image { dest_url, .. } => self.link(&dest_url, range, true),
            _ => {}
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::Item | TagEnd::BlockQuote(_) => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }

    fn push(&mut self, kind: BlockKind, range: Range<usize>) {
        let mut span = self.places.span(range);
        // An item that a tab indents is said to begin before the tab, which can be in the line above.
        if kind == BlockKind::Item && span.of(self.text).starts_with('\n') {
            span.start += 1;
        }
        self.body.blocks.push(Block { kind, span, depth: self.depth });
    }

    fn link(&mut self, target: &str, range: Range<usize>, image: bool) {
        let span = self.places.span(range);
        self.body.links.push(Link { span, target: target.into(), image });
    }

    fn end_heading(&mut self) {
        let Some((level, heading)) = self.heading.take() else { return };
        if self.title.contains(comment::FILL) {
            self.title.retain(|character| character != comment::FILL);
        }
        let title = self.title.trim();
        let mut words = wording::words(title);
        let required = words.strip_suffix(" optional").map(str::len);
        words.truncate(required.unwrap_or(words.len()));
        let behind = Span { start: heading.end, end: heading.end };
        let ends_line = heading.of(self.text).len() - heading.of(self.text).trim_end().len();
        self.body.sections.push(Section {
            title: title.into(),
            words: words.into(),
            optional: required.is_some(),
            level,
            heading: Span::new(heading.start as usize, heading.end as usize - ends_line),
            content: behind,
            extent: behind,
            parent: None,
            anchor: anchor(title).into(),
            repeats: 0,
        });
    }

    fn finish(mut self) -> Body {
        let end = Span::at(self.text.len()).start;
        let mut open: Vec<u32> = Vec::new();
        let sections = &mut self.body.sections;
        for (index, own) in (0..sections.len()).zip(0..) {
            let (level, start) = (sections[index].level, sections[index].heading.start);
            if index > 0 {
                sections[index - 1].content.end = start.max(sections[index - 1].content.start);
            }
            while let Some(last) = open.pop_if(|last| sections[*last as usize].level >= level) {
                let extent = &mut sections[last as usize].extent;
                extent.end = start.max(extent.start);
            }
            sections[index].parent = open.last().copied();
            open.push(own);
        }
        if let Some(last) = sections.last_mut() {
            last.content.end = end;
        }
        for index in open {
            sections[index as usize].extent.end = end;
        }
        number_anchors(sections);
        self.body
    }
}

/// Tells equal anchors apart by a number at their end.
fn number_anchors(sections: &mut [Section]) {
    let mut counts: FxHashMap<&str, u32> = FxHashMap::default();
    counts.reserve(sections.len());
    let mut repeats = |anchor| {
        let count = counts.entry(anchor).or_insert(0);
        *count += 1;
        *count - 1
    };
    let repeats: Vec<u32> = sections.iter().map(|section| repeats(&section.anchor)).collect();
    for (section, repeats) in sections.iter_mut().zip(repeats).filter(|(_, repeats)| *repeats > 0) {
        section.anchor = format!("{}-{repeats}", section.anchor).into();
        section.repeats = repeats;
    }
}

fn heading_level(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// The anchor that GitHub makes of a heading's text: lower case, punctuation dropped, spaces as `-`.
#[must_use]
pub fn anchor(title: &str) -> String {
    if title.is_ascii() {
        return anchor_ascii(title.trim().as_bytes());
    }
    let mut slug = String::with_capacity(title.len());
    for character in title.trim().chars() {
        match character {
            ' ' => slug.push('-'),
            '-' | '_' => slug.push(character),
            _ if character.is_alphanumeric() => slug.extend(character.to_lowercase()),
            _ => {}
        }
    }
    slug
}

/// The same for the common case, byte by byte.
fn anchor_ascii(title: &[u8]) -> String {
    let mut slug: Vec<u8> = title.iter().map(|byte| ANCHOR[usize::from(*byte)]).collect();
    slug.retain(|byte| *byte != 0);
    String::from_utf8(slug).unwrap_or_default()
}

/// What an ASCII byte becomes in an anchor; 0 for one that is dropped.
const ANCHOR: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        table[byte as usize] = match byte {
            b' ' => b'-',
            b'-' | b'_' => byte,
            _ if byte.is_ascii_alphanumeric() => byte.to_ascii_lowercase(),
            _ => 0,
        };
        byte += 1;
    }
    table
};

fn html_anchors(html: &str, found: &mut Vec<Box<str>>) {
    for mark in ["id=", "name="] {
        for (at, _) in html.match_indices(mark) {
            let value = html[at + mark.len()..].trim_start_matches(['"', '\'']);
            let value = value.split(['"', '\'', '>', ' ', '/']).next().unwrap_or_default();
            if !value.is_empty() {
                found.push(value.into());
            }
        }
    }
}

fn contents(text: &str, comments: &[Span]) -> Option<Contents> {
    let is = |span: &Span, mark: &str| {
        let inside = span.of(text).trim_start_matches("<!--").trim_end_matches("-->").trim();
        inside.eq_ignore_ascii_case(mark)
    };
    let open = comments.iter().position(|span| is(span, "toc"))?;
    let close = comments[open..].iter().find(|span| is(span, "/toc")).copied();
    Some(Contents { open: comments[open], close })
}

fn unresolved(text: &str, start: usize, comments: &[Span]) -> Vec<Span> {
    const MARK: &str = "<<[UNRESOLVED";
    const LENGTH_MAX: usize = 500;
    let outside = |span: &Span| {
        let next = comments.partition_point(|comment| comment.end <= span.start);
        comments.get(next).is_none_or(|comment| !comment.overlaps(*span))
    };
    let found = memchr::memmem::find_iter(&text.as_bytes()[start..], MARK.as_bytes());
    let mark = |at: usize| {
        let from = at + start;
        let near = &text[from..text.floor_char_boundary(from + LENGTH_MAX)];
        let line = near.lines().next().unwrap_or_default();
        let close = line.find("]>>").map_or(line.len(), |end| end + 3);
        let next = line.match_indices(MARK).nth(1).map_or(line.len(), |(next, _)| next);
        Span::new(from, from + close.min(next))
    };
    found.map(mark).filter(outside).collect()
}

impl Section {
    /// The anchor without the number that tells it from those of equal headings.
    #[must_use]
    pub fn plain_anchor(&self) -> &str {
        let number = if self.repeats == 0 { 0 } else { self.repeats.ilog10() as usize + 2 };
        &self.anchor[..self.anchor.len().saturating_sub(number)]
    }
}

impl Body {
    /// Adds the entries of the table of contents, which stand apart from the rest.
    fn add(&mut self, entries: Entries) {
        let Entries { span, items, links, code_spans } = entries;
        let place = self.blocks.partition_point(|block| block.span.start < span.start);
        self.blocks.splice(place..place, items);
        let place = self.links.partition_point(|link| link.span.start < span.start);
        self.links.splice(place..place, links);
        let place = self.code_spans.partition_point(|code| code.start < span.start);
        self.code_spans.splice(place..place, code_spans);
    }

    /// The first level-1 heading.
    #[must_use]
    pub fn title(&self) -> Option<&Section> {
        self.sections.iter().find(|section| section.level == 1)
    }

    /// The first section whose heading has these [`wording::words`].
    #[must_use]
    pub fn section(&self, words: &str) -> Option<&Section> {
        self.sections.iter().find(|section| &*section.words == words)
    }

    /// Whether some heading or raw HTML defines this anchor.
    #[must_use]
    pub fn has_anchor(&self, anchor: &str) -> bool {
        self.sections.iter().any(|section| &*section.anchor == anchor)
            || self.html_anchors.iter().any(|name| &**name == anchor)
    }

    /// The comments other than the marks of the table of contents.
    pub fn plain_comments(&self) -> impl Iterator<Item = Span> {
        let marks = self.contents.map(|contents| (contents.open, contents.close));
        self.comments
            .iter()
            .copied()
            .filter(move |span| marks.is_none_or(|(open, close)| *span != open && Some(*span) != close))
    }

    /// The text of a span without the comments in it.
    #[must_use]
    pub fn without_comments<'a>(&self, text: &'a str, span: Span) -> Cow<'a, str> {
        let first = self.comments.partition_point(|comment| comment.end <= span.start);
        let mut inside = self.comments[first..].iter().take_while(|comment| comment.start < span.end).peekable();
        if inside.peek().is_none() {
            return Cow::Borrowed(span.of(text));
        }
        let mut kept = String::with_capacity(span.len());
        let mut from = span.start;
        for comment in inside {
            kept.push_str(Span { start: from, end: comment.start.max(from) }.of(text));
            kept.push(if comment.of(text).contains('\n') { '\n' } else { ' ' });
            from = comment.end.min(span.end);
        }
        kept.push_str(Span { start: from, end: span.end }.of(text));
        Cow::Owned(kept)
    }

    /// Whether a byte stands in a code block.
    #[must_use]
    pub fn in_code(&self, offset: u32) -> bool {
        self.blocks
            .iter()
            .any(|block| block.kind == BlockKind::Code && block.span.start <= offset && offset < block.span.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(text: &str) -> Vec<String> {
        parse(text, 0).sections.iter().map(|section| format!("{} {}", section.level, section.title)).collect()
    }

    #[test]
    fn only_headings_are_headings() {
        let cases: [(&str, &[&str]); 10] = [
            ("# A\n\n## B `c` [d](e)\n", &["1 A", "2 B c d"]),
            ("<!--\n# no\n-->\n# yes\n", &["1 yes"]),
            ("```\n# no\n```\n# yes\n", &["1 yes"]),
            ("# yes\n<!-- open\n# still\n", &["1 yes", "1 still"]),
            ("<!-- c --> # text\n# yes\n", &["1 yes"]),
            ("Title\n=====\nx\n", &["1 Title"]),
            ("- a\n  - ```json\n    {}\n    ```\n# yes\n", &["1 yes"]),
            ("1. ```\n   a\n\n   # no\n   ```\n# yes\n", &["1 yes"]),
            ("a `b\nc` ``` d\n# yes\n", &["1 yes"]),
            ("- ~~~a\n  # no\n# yes\n", &["1 yes"]),
        ];
        for (text, expected) in cases {
            assert_eq!(titles(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_fence_between_lone_backticks_is_code() {
        let text = "a ` b\n```\n# no\n```\nc ` d\n";
        let blocks = parse(text, 0).blocks;
        let code: Vec<&str> = blocks
            .iter()
            .filter(|block| block.kind == BlockKind::Code)
            .map(|block| block.span.of(text).trim_end())
            .collect();
        assert_eq!(code, ["```\n# no\n```"]);
        assert!(titles(text).is_empty());
    }

    #[test]
    fn items_begin_in_their_own_line() {
        let items = |text: &str| -> Vec<String> {
            let blocks = parse(text, 0).blocks.into_iter().filter(|block| block.kind == BlockKind::Item);
            blocks.map(|item| item.span.of(text).lines().next().unwrap_or_default().to_owned()).collect()
        };
        for (text, expected) in [
            ("- a\n  b\n\t- c\n\t- d\n", ["- a", "\t- c", "\t- d"]),
            ("1. a\n\n\t1. b\n\t\t- c\n", ["1. a", "\t1. b", "\t- c"]),
            ("- a\n<!--\n\n\n\n-->\n\t- b\n\n\t- c\n", ["- a", "\t- b", "\t- c"]),
        ] {
            assert_eq!(items(text), expected, "{text:?}");
        }
    }

    #[test]
    fn sections_cover_their_own_and_their_subsections() {
        let text = "# T\na\n## B\nb\n### C\nc\n## D\nd\n";
        let body = parse(text, 0);
        let find = |words: &str| body.section(words).map(|section| (section.content.of(text), section.extent.of(text)));
        assert_eq!(find("b"), Some(("b\n", "b\n### C\nc\n")));
        assert_eq!(find("t").map(|found| found.0), Some("a\n"));
        assert_eq!(body.sections[2].parent, Some(1));
    }

    #[test]
    fn anchors_are_githubs() {
        let cases = [
            ("Upgrade / Downgrade Strategy", "upgrade--downgrade-strategy"),
            ("Notes/Constraints/Caveats (Optional)", "notesconstraintscaveats-optional"),
            ("What's `new_thing`?", "whats-new_thing"),
        ];
        for (title, expected) in cases {
            assert_eq!(anchor(title), expected);
        }
        let body = parse("# A\n# A\n<a name=\"x\"></a>\n", 0);
        assert!(body.has_anchor("a") && body.has_anchor("a-1") && body.has_anchor("x"));
    }

    /// What is read of the entries line by line is what a reader of Markdown finds in them.
    #[test]
    fn entries_are_those_of_markdown() {
        let usual = "- [One](#a)\n  - [`b` c `d`](#b-c-d)\n    - [E_f_ & *g*](#e_f_)\n  - [Hi!](#hi)\n- [Jj](#j)\n";
        let cases = [
            (usual, true),
            ("- [One](#a)\n", true),
            ("\n- [One](#a)\n- [Two](#b)\n\n", true),
            ("- [One](#a)\n\n- [Two](#b)\n", false),
            ("  - [One](#a)\n - [Two](#b)\n     - [Three](#c)\n   - [Four](#d)\n- [Five](#e)\n", true),
            ("- [The <code>b</code>](#a)\n", true),
            ("    - [One](#a)\n", false),
            ("- [One](#a)\n      - [Two](#b)\n", false),
            ("- [One](#a\u{c}b)\n", false),
            ("* [One](#a)\n", false),
            ("- [One](#a) two\n", false),
            ("- [One](#a)b)\n", false),
            ("- [One](#a \"b\")\n", false),
            ("- [One](<#a>)\n", false),
            ("- [One](b.md)\n", false),
            ("- [a [b]](#c)\n", false),
            ("- [a\\](#b)](#c)\n", false),
            ("- [a `](#b)` ](#c)\n", false),
            ("- [a `b](#c)\n", false),
            ("- [a ``b`` c](#d)\n", false),
            ("- [a <b>](#c)\n", false),
            ("- [x](#c)\n", false),
            ("- [One](#a)\r\n", false),
            ("<!-- -->\n- [One](#a)\n", false),
            ("\n", false),
        ];
        for (entries, read) in cases {
            let around = [
                (format!("# A `b` [c](d)\n\n<!-- toc -->\n{entries}<!-- /toc -->\n\n## D `e` [f](g)\n- h\n"), read),
                (format!("# A\n<!-- b -->\n## C\n<!-- toc -->\n{entries}<!-- /toc -->\n## D\n"), read),
                (format!("# A\n\n<!--\nb\n\nc\n-->\n\n<!-- toc -->\n{entries}<!-- /toc -->\n## D\n"), read),
                (format!("# A `\n~~~\n# B `\n# C\n<!-- toc -->\n{entries}<!-- /toc -->\n# D\n"), false),
                (format!("- a\n\n<!-- toc -->\n{entries}<!-- /toc -->\n\n# B\n"), false),
                (format!("# A\n\n<!-- toc -->\n{entries}<!-- /toc -->\n\n  b\n"), false),
                (format!("<pre>\n# A\n<!-- toc -->\n{entries}<!-- /toc -->\n# B\n"), false),
                (format!("<!--\n# A -->\n<!-- toc -->\n{entries}<!-- /toc -->\n# B\n"), false),
                (format!("# A\n\nb <!-- toc -->\n{entries}<!-- /toc -->\n# B\n"), false),
                (format!("# A\n<!-- toc -->\n{entries}<!-- /toc -->"), false),
            ];
            for (text, read) in around {
                let body = parse(&text, 0);
                let hidden = comment::find(&text, 0);
                let entries = body.contents.and_then(|contents| entries::read(&text, &contents, &hidden));
                assert_eq!(entries.is_some(), read, "{text:?}");
                let whole = prose(&text, 0, &hidden);
                let found = format!("{:?} {:?} {:?}", body.blocks, body.links, body.code_spans);
                assert_eq!(found, format!("{:?} {:?} {:?}", whole.blocks, whole.links, whole.code_spans), "{text:?}");
            }
        }
    }

    #[test]
    fn a_mark_of_a_debate_ends_before_the_next_one() {
        let text = "<<[UNRESOLVED a <<[UNRESOLVED b ]>> c\n<<[UNRESOLVED";
        let found: Vec<&str> = parse(text, 0).unresolved.iter().map(|span| span.of(text)).collect();
        assert_eq!(found, ["<<[UNRESOLVED a ", "<<[UNRESOLVED b ]>>", "<<[UNRESOLVED"]);
    }

    #[test]
    fn contents_unresolved_and_links() {
        let text = "<!-- toc -->\n- [A](#a)\n<!-- /toc -->\n<<[UNRESOLVED @x ]>>\nhm\n<<[/UNRESOLVED]>>\n<!-- <<[UNRESOLVED]>> -->\n![i](i.png)\n";
        let body = parse(text, 0);
        assert_eq!(
            body.contents.and_then(|contents| contents.inside()).map(|span| span.of(text)),
            Some("\n- [A](#a)\n")
        );
        assert_eq!(body.unresolved.iter().map(|span| span.of(text)).collect::<Vec<_>>(), ["<<[UNRESOLVED @x ]>>"]);
        assert_eq!(body.plain_comments().count(), 1);
        assert_eq!(
            body.links.iter().map(|link| (&*link.target, link.image)).collect::<Vec<_>>(),
            [("#a", false), ("i.png", true)]
        );
    }
}
