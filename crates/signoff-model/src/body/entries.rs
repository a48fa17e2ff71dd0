//! The entries of a table of contents as a tool writes them: an item and a link in each line.
//!
//! They are a twentieth of the text of proposals and a seventh of the work of reading it as Markdown, and this form
//! has one meaning only. Contents of any other form, or in a place where Markdown might make more of them than a
//! list, are left to that work.

use super::{Block, BlockKind, Contents, Link};
use crate::comment::{Hidden, HiddenKind};
use crate::span::Span;

/// What a reader of Markdown would find in the lines between the marks.
#[derive(Debug)]
pub(super) struct Entries {
    /// The lines.
    pub(super) span: Span,
    /// An item for each line, in order.
    pub(super) items: Vec<Block>,
    /// A link in each line, in order.
    pub(super) links: Vec<Link>,
    /// The code spans, in order.
    pub(super) code_spans: Vec<Span>,
}

/// Reads the entries between the marks; `hidden` are the parts of the text that are no prose.
pub(super) fn read(text: &str, contents: &Contents, hidden: &[Hidden]) -> Option<Entries> {
    let inside = contents.inside()?;
    if !is_below_heading(text, contents.open, hidden) {
        return None;
    }
    let end = heading_below(text, contents.close?)?;
    let lines = inside.of(text).strip_prefix('\n')?.strip_suffix('\n')?.trim_matches('\n');
    let mut entries =
        Entries { span: Span::of_slice(text, lines), items: Vec::new(), links: Vec::new(), code_spans: Vec::new() };
    let mut open: Vec<Open> = Vec::new();
    for line in lines.split('\n') {
        let item = line.trim_start_matches(' ');
        let indent = line.len() - item.len();
        let start = Span::of_slice(text, line).start;
        while let Some(above) = open.pop_if(|above| above.column > indent) {
            entries.items[above.item].span.end = start;
        }
        let column = open.last().map_or(0, |above| above.column);
        // What is indented further is code, or belongs to the line above.
        if indent - column >= 4 {
            return None;
        }
        open.push(Open { item: entries.items.len(), column: indent + 2 });
        let depth = u8::try_from(open.len() - 1).unwrap_or(u8::MAX);
        let span = Span { start: start + Span::at(column).start, end };
        entries.items.push(Block { kind: BlockKind::Item, span, depth });
        entries.add(text, item.strip_prefix("- ")?)?;
    }
    Some(entries)
}

/// An item that the next line may be a part of.
struct Open {
    /// Its index.
    item: usize,
    /// How far its parts are indented at least.
    column: usize,
}

/// Whether a mark begins a line and a heading comes before it, comments aside, with no HTML above that could hold both.
fn is_below_heading(text: &str, mark: Span, hidden: &[Hidden]) -> bool {
    let mut hidden = &hidden[..hidden.partition_point(|part| part.span.start < mark.start)];
    let mut above = &text[..mark.start as usize];
    let is_line = above.ends_with('\n');
    while let [others @ .., last] = hidden
        && last.kind == HiddenKind::Comment
        && above.ends_with('\n')
        && above.trim_end().len() == last.span.end as usize
    {
        (hidden, above) = (others, &above[..last.span.start as usize]);
    }
    let heading = above.trim_end();
    let start = heading.rfind('\n').map_or(0, |newline| newline + 1);
    is_line && above.ends_with('\n') && is_heading(&heading[start..]) && is_prose(&heading[..start], hidden)
}

/// Whether a text ends outside the hidden parts and has no HTML and no fence but in them.
fn is_prose(text: &str, hidden: &[Hidden]) -> bool {
    let ends = hidden.iter().map(|part| part.span.end as usize);
    let starts = hidden.iter().map(|part| part.span.start as usize).chain([text.len()]);
    let mut between = std::iter::once(0).chain(ends).zip(starts);
    let is_plain = |part: &str| !part.contains('<') && !part.contains("```") && !part.contains("~~~");
    between.all(|(from, to)| text.get(from..to).is_some_and(is_plain))
}

/// Where the heading begins that follows a mark and the end of its line.
fn heading_below(text: &str, mark: Span) -> Option<u32> {
    let below = text[mark.end as usize..].trim_start_matches('\n');
    let start = Span::of_slice(text, below).start;
    (start > mark.end && is_heading(below)).then_some(start)
}

fn is_heading(line: &str) -> bool {
    let behind = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - behind.len())) && behind.starts_with(' ')
}

impl Entries {
    /// Adds the link that an item is, and the code spans in it.
    fn add(&mut self, text: &str, written: &str) -> Option<()> {
        let (label, behind) = written.strip_prefix('[')?.split_once(']')?;
        let target = behind.strip_prefix('(')?.strip_suffix(')')?;
        // A label of one letter could be a box to tick.
        if label.len() < 2 || label.trim() != label || !is_plain(label) || !is_anchor(target) {
            return None;
        }
        self.links.push(Link { span: Span::of_slice(text, written), target: target.into(), image: false });
        self.add_code(label, Span::of_slice(text, label).start)
    }

    fn add_code(&mut self, label: &str, start: u32) -> Option<()> {
        let mut marks = memchr::memchr_iter(b'`', label.as_bytes());
        while let Some(open) = marks.next() {
            let end = marks.next()? + 1;
            if end == open + 2 || label[end..].starts_with('`') {
                return None;
            }
            let code = Span::new(open, end);
            self.code_spans.push(Span { start: start + code.start, end: start + code.end });
        }
        Some(())
    }
}

/// Whether a label has no mark in it that is more than a letter, code spans and the HTML for code aside.
fn is_plain(label: &str) -> bool {
    let is_code = |at: usize| ["<code>", "</code>"].iter().any(|known| label[at..].starts_with(known));
    label.bytes().all(|byte| !matches!(byte, b'[' | b'\\') && !byte.is_ascii_control())
        && memchr::memchr_iter(b'<', label.as_bytes()).all(is_code)
}

/// Whether a target leads to a heading of the same file and has no mark in it that is more than a letter.
fn is_anchor(target: &str) -> bool {
    let is_mark = |byte| matches!(byte, b'(' | b')' | b'[' | b']' | b'\\' | b'<' | b'>' | b'&' | b'`' | b' ');
    target.starts_with('#') && target.bytes().all(|byte| !is_mark(byte) && !byte.is_ascii_control())
}
