//! The lines of an answer: which are the author's, which the template's, and how list items hang together.

use std::borrow::Cow;
use std::iter;
use std::ops::Range;

use crate::body::{BlockKind, Body};
use crate::names::VisibleLine;
use crate::profile::{LineReader, QuestionnaireSlot};
use crate::source;
use crate::span::Span;
use crate::wording;

/// A line of an answer, its comments taken out.
pub(super) struct Line<'a> {
    /// The text without comments.
    pub(super) text: Cow<'a, str>,
    /// The whole line in the source.
    pub(super) span: Span,
}

impl Line<'_> {
    fn is_blank(&self) -> bool {
        self.text.trim_start().is_empty()
    }

    fn indent(&self) -> usize {
        self.text.chars().take_while(|character| character.is_whitespace()).map(|c| if c == '\t' { 4 } else { 1 }).sum()
    }

    fn starts_item(&self) -> bool {
        wording::without_list_mark(self.text.trim_start()).is_some()
    }
}

/// Splits a span into lines without comments.
pub(super) fn split<'a>(text: &'a str, body: &Body, span: Span) -> Vec<Line<'a>> {
    let mut comments = &body.comments[body.comments.partition_point(|comment| comment.end <= span.start)..];
    let lines = source::lines(span.of(text)).map(|line| {
        let span = Span::of_slice(text, line);
        while comments.first().is_some_and(|comment| comment.end <= span.start) {
            comments = &comments[1..];
        }
        let text = match comments.first() {
            Some(comment) if comment.contains(span) => Cow::Borrowed(""),
            Some(comment) if comment.start < span.end => body.without_comments(text, span),
            _ => Cow::Borrowed(line),
        };
        Line { text, span }
    });
    if body.unresolved.is_empty() {
        return lines.collect();
    }
    lines.map(|line| Line { text: without_debate_marks(line.text), ..line }).collect()
}

/// The text without the marks of an unresolved debate (`<<[UNRESOLVED ...]>>`): what they enclose is the answer.
fn without_debate_marks(text: Cow<'_, str>) -> Cow<'_, str> {
    let Some(open) = memchr::memmem::find(text.as_bytes(), b"<<[") else { return text };
    let mut kept = text[..open].to_owned();
    let mut rest = &text[open..];
    while let Some((mark, behind)) = rest.split_once("]>>").filter(|_| rest.starts_with("<<[")) {
        let is_mark = mark[3..].trim_start_matches('/').starts_with("UNRESOLVED");
        kept.push_str(if is_mark { " " } else { &rest[..mark.len() + 3] });
        let next = memchr::memmem::find(behind.as_bytes(), b"<<[").unwrap_or(behind.len());
        kept.push_str(&behind[..next]);
        rest = &behind[next..];
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

/// The lines that the author wrote: no comment, no line of any template, no empty blank.
pub(super) fn own<'l, 'a>(
    lines: &'l [Line<'a>],
    paragraphs: &[Range<usize>],
    reader: &mut LineReader<'_>,
    slot: &QuestionnaireSlot,
) -> Vec<&'l Line<'a>> {
    let mut own = Vec::new();
    for paragraph in paragraphs {
        let paragraph = &lines[paragraph.clone()];
        if !is_dropped(paragraph, reader, slot) {
            own.extend(paragraph.iter().filter(|line| reader.is_own(&line.text) && !is_link_definition(&line.text)));
        }
    }
    own
}

/// Whether a paragraph as a whole is the template's, or was not filled in.
fn is_dropped(paragraph: &[Line<'_>], reader: &mut LineReader<'_>, slot: &QuestionnaireSlot) -> bool {
    let first = &paragraph[0].text;
    let may_be_template = paragraph.len() > 1 && !reader.begins_unlike_template(first);
    if !may_be_template && !may_be_unfilled(slot, first) {
        return false;
    }
    let joined = joined(paragraph);
    (may_be_template && !reader.is_own(&joined)) || is_unfilled(slot, &joined)
}

/// Lines as one, without white space at their ends.
fn joined<'l>(lines: &'l [Line<'_>]) -> Cow<'l, str> {
    match lines {
        [line] => Cow::Borrowed(line.text.trim()),
        _ => Cow::Owned(lines.iter().map(|line| line.text.trim()).collect::<Vec<_>>().join(" ")),
    }
}

fn is_link_definition(text: &str) -> bool {
    let Some(rest) = text.trim_start().strip_prefix('[') else { return false };
    rest.find("]:").is_some_and(|end| end > 0 && !rest[..end].contains(']'))
}

/// Whether a paragraph's first line may be the start of an option or a blank.
fn may_be_unfilled(slot: &QuestionnaireSlot, first: &str) -> bool {
    let inside = wording::without_list_mark(first.trim_start()).unwrap_or(first.trim_start());
    inside.starts_with('[') || slot.may_start_with_label(inside)
}

/// An option whose box is not ticked, or a blank without a value.
fn is_unfilled(slot: &QuestionnaireSlot, text: &str) -> bool {
    let inside = wording::without_list_mark(text.trim_start()).unwrap_or(text.trim_start());
    let (ticked, rest) = wording::tick_box(inside).map_or((None, inside), |(ticked, rest)| (Some(ticked), rest));
    if ticked == Some(true) {
        return false;
    }
    if ticked == Some(false) && slot.is_option(&option_words(rest)) {
        return true;
    }
    slot.labels_at(rest).any(|label| after_label(rest, &label.words).is_some_and(|value| value.trim().is_empty()))
}

/// The words of an option without what stands in parentheses or behind a colon.
pub(super) fn option_words(text: &str) -> String {
    let end = text.find(['(', ':']).unwrap_or(text.len());
    wording::words(&text[..end])
}

/// Ranges of lines that belong together: a paragraph, or a list item's own text.
pub(super) fn paragraphs(lines: &[Line<'_>]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    for (index, line) in lines.iter().enumerate() {
        if line.is_blank() {
            open = false;
        } else if let Some(last) = found.last_mut().filter(|_| open && !line.starts_item()) {
            last.end = index + 1;
        } else {
            found.push(index..index + 1);
            open = true;
        }
    }
    found
}

/// A paragraph or list item, joined to one line.
pub(super) struct Unit<'l> {
    /// The text without its list mark, white space folded at the line ends.
    pub(super) text: Cow<'l, str>,
    /// Whether it is a list item.
    pub(super) listed: bool,
    /// Columns before the list mark.
    pub(super) indent: usize,
    /// From its first character to its last.
    pub(super) span: Span,
}

impl Unit<'_> {
    /// Where a value stands that ends this unit; the unit itself for an empty one.
    pub(super) fn value_span(&self, text: &str, value: &str) -> Span {
        let first = value.lines().next().unwrap_or_default();
        match self.span.of(text).rfind(first) {
            Some(at) if !first.is_empty() => {
                Span::new(self.span.start as usize + at, self.span.start as usize + at + first.len())
            }
            _ => self.span,
        }
    }
}

/// The paragraphs and list items of an answer, in order.
pub(super) fn units<'l>(lines: &'l [Line<'_>], paragraphs: &[Range<usize>]) -> Vec<Unit<'l>> {
    let unit = |paragraph: &Range<usize>| {
        let lines = &lines[paragraph.clone()];
        let (first, last) = (&lines[0], &lines[lines.len() - 1]);
        let text = match joined(lines) {
            Cow::Borrowed(text) => Cow::Borrowed(wording::without_list_mark(text).unwrap_or(text)),
            Cow::Owned(text) => Cow::Owned(wording::without_list_mark(&text).map(str::to_owned).unwrap_or(text)),
        };
        let span = Span { start: first.span.start, end: last.span.end };
        Unit { text, listed: first.starts_item(), indent: first.indent(), span }
    };
    paragraphs.iter().map(unit).collect()
}

/// The text behind a tick box and emphasis.
pub(super) fn without_box(text: &str) -> &str {
    let text = wording::without_list_mark(text.trim_start()).unwrap_or(text.trim_start());
    wording::tick_box(text).map_or(text, |(_, rest)| rest)
}

/// What follows a label (given as its words) at the start of `text`; `None` when the label does not stand there.
///
/// A colon or question mark must end the label, or the text ends with it, or a code span follows.
pub(super) fn after_label<'t>(text: &'t str, label: &str) -> Option<&'t str> {
    if label.is_empty() {
        return None;
    }
    let rest = after_words(text, label)?;
    let mut rest = rest.trim_start_matches(['*', '_', ' ', '.', ']']);
    if let Some(inner) = rest.strip_prefix('(')
        && let Some(close) = inner.find(')')
    {
        let behind = inner[close + 1..].trim_start_matches(['*', '_', ' ']);
        // Template guidance behind a label, as in older templates: `... a node? (Do not assume ...)`.
        if behind.is_empty() || behind.starts_with([':', '?']) || inner[close + 1..].starts_with('.') {
            rest = behind.trim_start_matches('.');
        }
    }
    if rest.is_empty() {
        return Some(rest);
    }
    if let Some(behind) = rest.strip_prefix(')') {
        // A label with a remark in parentheses ends with them.
        return Some(behind.trim_start_matches(['.', ':', '?', '*', '_', ' ']).trim_end());
    }
    let marked = rest.trim_start_matches([':', '?', '：']);
    if marked.len() == rest.len() {
        return rest.starts_with('`').then_some(rest);
    }
    let marked = marked.trim_start_matches(['*', '_']).trim();
    Some(marked)
}

/// Walks over the words of `label` at the start of `text`.
fn after_words<'t>(text: &'t str, label: &str) -> Option<&'t str> {
    let mut characters = text.chars();
    for wanted in label.chars().filter(|character| *character != ' ') {
        let next = characters.find(|character| character.is_alphanumeric() || *character == '\n')?;
        if !wording::lowers_to(next, wanted) {
            return None;
        }
    }
    // The label must end where a word ends.
    let rest = characters.as_str();
    (!rest.starts_with(char::is_alphanumeric)).then_some(rest)
}

/// The tick of the box that governs the last of `units`: its own, or that of the item above it.
pub(super) fn ticked(units: &[Unit<'_>]) -> Option<bool> {
    let (last, above) = units.split_last()?;
    if let Some((ticked, _)) = wording::tick_box(&last.text) {
        return Some(ticked);
    }
    let mut indent = last.indent;
    for unit in above.iter().rev() {
        if unit.indent < indent {
            if let Some((ticked, _)) = wording::tick_box(&unit.text) {
                return Some(ticked);
            }
            indent = unit.indent;
        }
    }
    None
}

/// The lines of a questionnaire as a reader sees them: comments blanked (columns kept), code blocks emptied.
pub(super) struct VisibleLines<'a> {
    text: &'a str,
    /// The spans that the lines stand in.
    scope: Vec<Span>,
    code: Vec<Span>,
    comments: &'a [Span],
}

impl<'a> VisibleLines<'a> {
    pub(super) fn new(text: &'a str, body: &'a Body, scope: Vec<Span>) -> Self {
        let code = body.blocks.iter().filter(|block| block.kind == BlockKind::Code).map(|block| block.span);
        Self { text, scope, code: code.collect(), comments: &body.comments }
    }

    /// For every line with a colon, that line and those below it.
    pub(super) fn with_colons(&self) -> impl Iterator<Item = impl Iterator<Item = VisibleLine<'a>>> {
        let bytes = self.text.as_bytes();
        self.scope.iter().enumerate().flat_map(move |(index, span)| {
            let Range { start: mut next, end } = span.range();
            iter::from_fn(move || {
                let colon = self.colon(next, end)?;
                let start = memchr::memrchr(b'\n', &bytes[next..colon]).map_or(next, |newline| next + newline + 1);
                next = memchr::memchr(b'\n', &bytes[colon..end]).map_or(end, |newline| colon + newline + 1);
                Some(self.lines(Span::new(start, end), &self.scope[index + 1..]))
            })
        })
    }

    /// The first colon from `at` on that a reader sees.
    fn colon(&self, mut at: usize, end: usize) -> Option<usize> {
        loop {
            at += memchr::memchr(b':', self.text.as_bytes().get(at..end)?)?;
            let place = Span::at(at).start;
            let around = |spans: &[Span]| spans.get(spans.partition_point(|span| span.end <= place)).copied();
            let hidden = [around(&self.code), around(self.comments)].into_iter().flatten();
            match hidden.filter(|span| span.start <= place).max_by_key(|span| span.end) {
                Some(hidden) => at = hidden.range().end,
                None => return Some(at),
            }
        }
    }

    fn lines(&self, first: Span, others: &[Span]) -> impl Iterator<Item = VisibleLine<'a>> {
        let spans = iter::once(first).chain(others.iter().copied());
        spans.flat_map(|span| source::lines(span.of(self.text))).map(|line| self.line(line))
    }

    fn line(&self, line: &'a str) -> VisibleLine<'a> {
        let span = Span::of_slice(self.text, line);
        let code = self.code.get(self.code.partition_point(|block| block.end <= span.start));
        if code.is_some_and(|block| block.start < span.end.max(span.start + 1)) {
            return VisibleLine { text: Cow::Borrowed(""), span };
        }
        let comments = &self.comments[self.comments.partition_point(|comment| comment.end <= span.start)..];
        VisibleLine { text: blanked(line, comments, span), span }
    }
}

/// A line without the comments in it; the first of `comments` ends in it or behind it.
fn blanked<'a>(line: &'a str, comments: &[Span], span: Span) -> Cow<'a, str> {
    let mut blanked = Cow::Borrowed(line);
    for comment in comments.iter().take_while(|comment| comment.start < span.end) {
        let from = comment.start.max(span.start) - span.start;
        let to = comment.end.min(span.end) - span.start;
        let spaces = " ".repeat((to - from) as usize);
        blanked.to_mut().replace_range(from as usize..to as usize, &spaces);
    }
    blanked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_with_a_colon_that_a_reader_sees() {
        let text = "a\n<!-- b: -->c: d:\n<!--\ne:\n-->\n```\nf:\n```\ng\n# H\ni: <!-- j -->\nk\n";
        let body = crate::body::parse(text, 0);
        let all = Span::new(0, text.len());
        let last = Span::new(text.find("i:").unwrap_or_default(), text.len());
        let openings = |scope: &[Span]| -> Vec<Vec<String>> {
            let visible = VisibleLines::new(text, &body, scope.to_vec());
            let lines = visible.with_colons();
            lines.map(|below| below.map(|line| line.text.trim().to_owned()).collect()).collect()
        };
        let second = ["i:", "k"];
        let first = ["c: d:", "", "", "", "", "", "", "g", "# H", "i:", "k"];
        assert_eq!(openings(&[all]), [&first[..], &second[..]]);
        // What stands in a later span goes on with the one before it.
        assert_eq!(openings(&[last, last]), [&["i:", "k", "i:", "k"][..], &second[..]]);
    }
}
