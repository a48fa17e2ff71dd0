//! HTML comments and code fences of a Markdown text: where they are, and the text without them.
//!
//! CommonMark lets an unclosed `<!--` swallow the rest of the document. Proposals are full of
//! unbalanced comment marks (arrows, nested guidance), so here an unclosed `<!--` is text, and the
//! first `-->` closes a comment. Code fences and code spans hide comments.
//!
//! CommonMark is as strict with fences: one that closes a column too far out, or with a tab behind
//! it, stays open and swallows the rest. Here a line of nothing but the fence's mark closes it. One that nothing
//! closes ends with the item or quote that it stands in, as in CommonMark.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem;
use rustc_hash::FxHashMap;

use crate::source;
use crate::span::Span;
use crate::wording;

/// A part of a text that is no prose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// What it is.
    pub kind: HiddenKind,
    /// Where it stands.
    pub span: Span,
}

/// What is no prose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HiddenKind {
    /// A comment outside code fences and code spans, marks included.
    Comment,
    /// The first character of an opening mark that nothing closes: text, to the eye of a reader.
    LoneMark,
    /// A code fence, from its opening mark to the end of its closing line.
    Fence,
    /// Lines that somebody else reads.
    Lines,
}

/// Finds the fences, and the comments outside fences and code spans, from byte `start` on, in order.
#[must_use]
pub fn find(text: &str, start: usize) -> Vec<Hidden> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut hide = |kind, from, to| found.push(Hidden { kind, span: Span::new(from, to) });
    let mut code_spans = CodeSpans::new();
    let mut closing = Closing { none_from: text.len(), mark: memmem::Finder::new("-->") };
    let mut unclosed = Unclosed { from: [usize::MAX; 2] };
    // Up to where the text was looked at, and whether a fence may open there: not behind text in its line.
    let mut floor = Floor { at: start, begins_line: true };
    while let Some(at) = memchr::memchr3(b'<', b'`', b'~', &bytes[floor.at..]).map(|at| floor.at + at) {
        if let Some(fence) = Fence::opened_by(text, floor, at) {
            let (end, next) = fence.end(text, at, &mut unclosed);
            hide(HiddenKind::Fence, at, end);
            floor = Floor { at: next, begins_line: true };
            continue;
        }
        floor = match bytes[at] {
            b'`' => Floor { at: code_spans.after(bytes, at), begins_line: false },
            b'<' if bytes[at..].starts_with(b"<!--") && !escaped(bytes, at) => match closing.of(bytes, at) {
                Some(close) => {
                    hide(HiddenKind::Comment, at, close);
                    Floor { at: close, begins_line: bytes[at..close].contains(&b'\n') }
                }
                None => {
                    hide(HiddenKind::LoneMark, at, at + 1);
                    Floor { at: at + 4, begins_line: false }
                }
            },
            _ => Floor { at: at + 1, begins_line: false },
        };
    }
    found
}

/// A place behind what was read.
#[derive(Clone, Copy)]
struct Floor {
    at: usize,
    /// Whether what stands behind it is read as the beginning of a line.
    begins_line: bool,
}

fn escaped(bytes: &[u8], at: usize) -> bool {
    at > 0 && bytes[at - 1] == b'\\'
}

/// Where comments close. It remembers from where on none does, so that a text of opening marks is read once.
struct Closing {
    none_from: usize,
    mark: memmem::Finder<'static>,
}

impl Closing {
    /// Where the comment that opens at `at` ends.
    fn of(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        let inside = &bytes[at + 4..];
        if inside.starts_with(b">") {
            return Some(at + 5);
        }
        if inside.starts_with(b"->") {
            return Some(at + 6);
        }
        if at >= self.none_from {
            return None;
        }
        let close = self.mark.find(inside).map(|end| at + 4 + end + 3);
        if close.is_none() {
            self.none_from = at;
        }
        close
    }
}

/// The runs of backticks of the paragraph at hand, each with the place where reading goes on behind it.
struct CodeSpans {
    /// Where the paragraph ends.
    end: usize,
    /// Start of each run; end of the code span that it opens, or of the run itself when nothing closes it.
    runs: Vec<(usize, usize)>,
    /// For each length, where the next run of it ends: of use while the runs are read.
    next: FxHashMap<usize, usize>,
}

impl CodeSpans {
    fn new() -> Self {
        Self { end: 0, runs: Vec::new(), next: FxHashMap::default() }
    }

    /// Where the code span that opens at `at` ends, or the end of the run of backticks when nothing closes it.
    ///
    /// A code span closes with a run of the same length within the same paragraph.
    fn after(&mut self, bytes: &[u8], at: usize) -> usize {
        if at >= self.end {
            self.read(bytes, at);
        }
        let place = self.runs.partition_point(|(start, _)| *start < at);
        self.runs.get(place).map_or(at + 1, |(_, after)| *after)
    }

    fn read(&mut self, bytes: &[u8], from: usize) {
        self.end = source::paragraph_end(&bytes[from..]).map_or(bytes.len(), |end| from + end);
        self.runs.clear();
        let mut offset = from;
        while let Some(start) = memchr::memchr(b'`', &bytes[offset..self.end]).map(|start| offset + start) {
            offset = start + bytes[start..self.end].iter().take_while(|byte| **byte == b'`').count();
            self.runs.push((start, offset));
        }
        self.next.clear();
        for (start, after) in self.runs.iter_mut().rev() {
            let end = *after;
            *after = self.next.insert(end - *start, end).unwrap_or(end);
        }
    }
}

struct Fence {
    mark: u8,
    length: usize,
    /// Where its line begins.
    line: usize,
}

impl Fence {
    /// The fence whose marks stand at `at`, if nothing but quote and list marks stands before it in its line.
    fn opened_by(text: &str, floor: Floor, at: usize) -> Option<Self> {
        let bytes = text.as_bytes();
        let mark = bytes[at];
        if mark == b'<' || !bytes[at..].starts_with(&[mark; 3]) {
            return None;
        }
        let line = match memchr::memrchr(b'\n', &bytes[floor.at..at]) {
            Some(newline) => floor.at + newline + 1,
            None if floor.begins_line => floor.at,
            None => return None,
        };
        if after_markers(&text[line..=at]).len() != 1 {
            return None;
        }
        let length = bytes[at..].iter().take_while(|byte| **byte == mark).count();
        let rest = &bytes[at + length..];
        let rest = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        (mark != b'`' || memchr::memchr(b'`', rest).is_none()).then_some(Self { mark, length, line })
    }

    /// The end of the fence that opens at `at`, and the start of the line below it.
    fn end(&self, text: &str, at: usize, unclosed: &mut Unclosed) -> (usize, usize) {
        let from = &mut unclosed.from[usize::from(self.mark == b'~')];
        if self.length < *from {
            if let Some(closed) = self.closed(text, at) {
                return closed;
            }
            *from = self.length;
        }
        around(text, self.line, at)
    }

    /// The end of the line that closes the fence, and the start of the line below it.
    fn closed(&self, text: &str, at: usize) -> Option<(usize, usize)> {
        let bytes = text.as_bytes();
        let mut below = line_below(bytes, at);
        while let Some(mark) = memchr::memchr(self.mark, &bytes[below..]).map(|mark| below + mark) {
            let start = memchr::memrchr(b'\n', &bytes[below..mark]).map_or(below, |newline| below + newline + 1);
            below = line_below(bytes, mark);
            let line = &text[start..below];
            if self.closed_by(line) {
                return Some((start + line.trim_end().len(), below));
            }
        }
        None
    }

    fn closed_by(&self, line: &str) -> bool {
        let trimmed = line.trim_start_matches([' ', '\t', '>']).trim_end();
        trimmed.len() >= self.length && trimmed.bytes().all(|byte| byte == self.mark)
    }
}

/// From how many marks on a fence is not closed in what is left of the text, for each of the two marks: a text of
/// fences that nothing closes is read once.
struct Unclosed {
    from: [usize; 2],
}

/// The end of the quote or item around a fence that nothing closes, and the start of the line below; the end of the
/// text when it stands in neither.
fn around(text: &str, line: usize, at: usize) -> (usize, usize) {
    const CODE: usize = 4;
    let bytes = text.as_bytes();
    let before = &text[line..at];
    let is_quoted = before.contains('>');
    let column = if before.trim().is_empty() { indent(before) } else { before.trim_end().len() + 1 };
    if before.trim().is_empty() && column < CODE {
        return (text.len(), text.len());
    }
    let mut below = line_below(bytes, at);
    let mut next = below;
    while next < text.len() {
        let line = &text[next..line_below(bytes, next)];
        let is_inside = if is_quoted { line.trim_start().starts_with('>') } else { indent(line) >= column };
        let is_blank = line.trim().is_empty();
        if !is_inside && !is_blank {
            break;
        }
        next += line.len();
        if !is_blank {
            below = next;
        }
    }
    (text[..below].trim_end().len(), below)
}

/// How many columns of white space a line begins with.
fn indent(line: &str) -> usize {
    const TAB: usize = 4;
    let spaces = line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t'));
    spaces.fold(0, |column, byte| if byte == b'\t' { column + TAB - column % TAB } else { column + 1 })
}

/// Where the line behind the one at hand begins, or the end of the text.
fn line_below(bytes: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |newline| at + newline + 1)
}

/// A fence may open behind quote and list marks.
fn after_markers(line: &str) -> &str {
    let is_space = [' ', '\t', '>'];
    let mut rest = line.trim_start_matches(is_space);
    while let Some(next) = wording::without_list_mark(rest) {
        rest = next.trim_start_matches(is_space);
    }
    rest
}

/// A text without its comments and fences, as a reader of Markdown gets it.
#[derive(Debug)]
pub struct Masked<'t> {
    /// The text.
    pub text: Cow<'t, str>,
    start: usize,
    cuts: Vec<Cut>,
}

/// A place of a masked text where lines were left out.
#[derive(Clone, Copy, Debug)]
struct Cut {
    at: usize,
    /// How many bytes are gone up to here, those of earlier cuts and those before the start included.
    gone: usize,
}

/// Blanks every hidden part of a text from byte `start` on.
///
/// A comment becomes white space; one that stands at the start of a line with text behind it
/// becomes control characters instead, since white space there would be an indented code block.
#[must_use]
pub fn mask<'t>(text: &'t str, start: usize, hidden: &[Hidden]) -> Masked<'t> {
    mask_as(text, start, hidden, Mask::blank_fence)
}

/// The same for those who show the text: a [`SHOWN_FENCE`] stands where a fence begins, and a [`SHOWN_MARK`] where
/// a mark that nothing closes does.
///
/// No blank line is left of a fence, so that a list or a quote around it goes on as it does for a reader.
#[must_use]
pub fn mask_shown<'t>(text: &'t str, start: usize, hidden: &[Hidden]) -> Masked<'t> {
    mask_as(text, start, hidden, Mask::show_fence)
}

fn mask_as<'t>(text: &'t str, start: usize, hidden: &[Hidden], fence: fn(&mut Mask, HiddenKind, &[u8])) -> Masked<'t> {
    if hidden.is_empty() {
        return Masked { text: Cow::Borrowed(&text[start..]), start, cuts: Vec::new() };
    }
    let mut mask = Mask { bytes: Vec::with_capacity(text.len() - start), cuts: Vec::new(), gone: start };
    let mut from = start;
    for Hidden { kind, span } in hidden {
        mask.bytes.extend_from_slice(&text.as_bytes()[from..span.start as usize]);
        from = span.end as usize;
        let part = span.of(text).as_bytes();
        match kind {
            HiddenKind::Fence | HiddenKind::LoneMark => fence(&mut mask, *kind, part),
            HiddenKind::Lines => mask.blank(part),
            HiddenKind::Comment => {
                let filled = before_text(text, *span);
                mask.blank(&part[..part.len() - filled]);
                mask.fill(filled);
            }
        }
    }
    mask.bytes.extend_from_slice(&text.as_bytes()[from..]);
    Masked { text: Cow::Owned(String::from_utf8(mask.bytes).unwrap_or_default()), start, cuts: mask.cuts }
}

/// How many bytes at a comment's end stand at the start of a line that goes on with text.
fn before_text(text: &str, comment: Span) -> usize {
    let written = comment.of(text);
    let last_line = memchr::memrchr(b'\n', written.as_bytes()).map_or(written, |newline| &written[newline + 1..]);
    let leads = last_line.len() < written.len() || !is_text(text[..comment.start as usize].chars().rev());
    if leads && is_text(text[comment.end as usize..].chars()) { last_line.len() } else { 0 }
}

/// Whether something other than white space comes before the line's end.
fn is_text(characters: impl Iterator<Item = char>) -> bool {
    let mut characters = characters.take_while(|character| *character != '\n');
    characters.any(|character| !character.is_whitespace())
}

struct Mask {
    bytes: Vec<u8>,
    cuts: Vec<Cut>,
    gone: usize,
}

impl Mask {
    fn fill(&mut self, count: usize) {
        self.bytes.resize(self.bytes.len() + count, FILL as u8);
    }

    /// Text stands here: a list mark with nothing behind it would underline the line above.
    fn blank_fence(&mut self, _: HiddenKind, part: &[u8]) {
        self.fill(1);
        self.blank(&part[1..]);
    }

    fn show_fence(&mut self, kind: HiddenKind, part: &[u8]) {
        if kind == HiddenKind::LoneMark {
            self.bytes.push(SHOWN_MARK as u8);
            return;
        }
        let mark = if part.len() < SHOWN_FENCE.len() { "<?>" } else { SHOWN_FENCE };
        self.bytes.extend_from_slice(mark.as_bytes());
        self.gone += part.len() - mark.len();
        self.cuts.push(Cut { at: self.bytes.len(), gone: self.gone });
    }

    /// Adds a part as white space. To a reader of Markdown a blank line says as much as a hundred do.
    fn blank(&mut self, part: &[u8]) {
        let spare = spare_lines(part);
        self.spaces(&part[..spare.start]);
        if !spare.is_empty() {
            self.gone += spare.len();
            self.cuts.push(Cut { at: self.bytes.len(), gone: self.gone });
        }
        self.spaces(&part[spare.end..]);
    }

    fn spaces(&mut self, part: &[u8]) {
        let blank = |byte: &u8| if matches!(byte, b'\n' | b'\r') { *byte } else { b' ' };
        self.bytes.extend(part.iter().map(blank));
    }
}

/// The lines of a blanked part that can be left out: all but its first two, its last, and the end of the one before.
///
/// A block of prose ends with its own last line, at the first blank line behind it, or where the text goes on.
fn spare_lines(part: &[u8]) -> Range<usize> {
    let second = memchr::memchr_iter(b'\n', part).nth(1);
    let last = memchr::memrchr(b'\n', part);
    let end = last.unwrap_or(part.len());
    second.map_or(end, |second| second + 1).min(end)..end
}

impl Masked<'_> {
    /// Where its ranges stand in the whole text.
    #[must_use]
    pub fn places(&self) -> Places<'_> {
        Places { gone: self.start, cuts: &self.cuts }
    }
}

/// Finds where ranges of a masked text stand in the whole one; they are asked for in the order of their starts.
#[derive(Debug)]
pub struct Places<'m> {
    gone: usize,
    /// The cuts behind the start of the last range.
    cuts: &'m [Cut],
}

impl Places<'_> {
    /// Where a range of the masked text stands.
    #[must_use]
    pub fn span(&mut self, range: Range<usize>) -> Span {
        while let [cut, behind @ ..] = self.cuts
            && cut.at <= range.start
        {
            (self.gone, self.cuts) = (cut.gone, behind);
        }
        let inside = match self.cuts {
            [cut, ..] if cut.at < range.end => self.cuts.partition_point(|cut| cut.at < range.end),
            _ => 0,
        };
        let gone_at_end = self.cuts[..inside].last().map_or(self.gone, |cut| cut.gone);
        Span::new(range.start + self.gone, range.end + gone_at_end)
    }
}

/// What stands for a comment before text; never written by people, dropped from every text read.
pub const FILL: char = '\u{1}';

/// What stands for a fence in a text that is shown: an instruction, which is a block of its own wherever one may begin.
/// Of a fence of three bytes it is `<?>`.
pub const SHOWN_FENCE: &str = "<??>";

/// What stands in a text that is shown for the first character of a mark that nothing closes, which is always `<`.
pub const SHOWN_MARK: char = '\u{2}';

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str, kind: HiddenKind) -> Vec<&str> {
        find(text, 0).into_iter().filter(|part| part.kind == kind).map(|part| part.span.of(text)).collect()
    }

    fn texts(text: &str) -> Vec<&str> {
        parts(text, HiddenKind::Comment)
    }

    #[test]
    fn comments_in_every_place() {
        let cases: [(&str, &[&str]); 14] = [
            ("a <!-- b --> c", &["<!-- b -->"]),
            ("<!--\n# x\n-->\ny", &["<!--\n# x\n-->"]),
            ("a <!-- never closed\n\n# still here", &[]),
            ("```\n<!-- in a fence -->\n```\n<!-- out -->", &["<!-- out -->"]),
            ("`<!-- in a span -->` <!-- out -->", &["<!-- out -->"]),
            ("a ` b <!-- lone tick -->", &["<!-- lone tick -->"]),
            ("a ` b\n\n<!-- c --> ` d", &["<!-- c -->"]),
            ("a ` b\r\n\r\n<!-- c --> ` d", &["<!-- c -->"]),
            ("``a ` <!-- x --> b`` <!-- y -->", &["<!-- y -->"]),
            ("<!-- a <!-- b --> c -->", &["<!-- a <!-- b -->"]),
            ("<!--> a", &["<!-->"]),
            ("a --> b <!-- c -->", &["<!-- c -->"]),
            ("- ```yaml\n  <!-- x -->\n  ```\n<!-- y -->", &["<!-- y -->"]),
            ("<!--\n```\n-->\n<!-- b -->", &["<!--\n```\n-->", "<!-- b -->"]),
        ];
        for (text, expected) in cases {
            assert_eq!(texts(text), expected, "{text:?}");
        }
    }

    #[test]
    fn fences_close_as_people_read_them() {
        let cases: [(&str, &[&str]); 14] = [
            ("```\na\n```\t\nb", &["```\na\n```"]),
            ("- ~~~ x\n  a\n ~~~\nb", &["~~~ x\n  a\n ~~~"]),
            ("``` a ``` b\n# c", &[]),
            ("````\n```\n````\n", &["````\n```\n````"]),
            ("a\n```\nb", &["```\nb"]),
            ("- ~~~ a\n  b\n\n  c\n\n# d", &["~~~ a\n  b\n\n  c"]),
            ("- a\n\n    ```\n\tb\n# c", &["```\n\tb"]),
            ("> ```\n> a\n\nb", &["```\n> a"]),
            ("1. ```\n   a\nb\n```\nc", &["```\n   a\nb\n```"]),
            ("1. ```\n   a\n\n   b\n   ```\nc", &["```\n   a\n\n   b\n   ```"]),
            ("- > 10)\t~~~\na\n~~~\nb", &["~~~\na\n~~~"]),
            ("a. ```\nb", &[]),
            ("a `b\nc` ``` d\n# e", &[]),
            ("<!-- a\nb --> ``` c\nd", &["``` c\nd"]),
        ];
        for (text, expected) in cases {
            assert_eq!(parts(text, HiddenKind::Fence), expected, "{text:?}");
        }
    }

    #[test]
    fn comments_and_fences_are_blanked() {
        let cases = [
            ("a <!-- b --> c", "a            c"),
            ("<!--é--> a", "\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1} a"),
            ("<!--\nx\n--> a\n", "    \n \n\u{1}\u{1}\u{1} a\n"),
            ("a <!-- b\n# c", "a \u{1}!-- b\n# c"),
            ("- ```\n  x\n  ```\nb", "- \u{1}  \n   \n     \nb"),
            ("<!--\n1\n2\r\n3\n4\n--> \na", "    \n \n\n    \na"),
        ];
        for (text, expected) in cases {
            assert_eq!(mask(text, 0, &find(text, 0)).text, expected, "{text:?}");
        }
    }

    #[test]
    fn shown_fences_leave_a_mark_and_no_blank_line() {
        let cases = [
            ("- ```\n  x\n  ```\n  b", "- <??>\n  b"),
            ("> a\n> ~~~\n> x\n> ~~~\n> b", "> a\n> <??>\n> b"),
            ("a\n\n```", "a\n\n<?>"),
            ("a <!-- b ```", "a \u{2}!-- b ```"),
        ];
        for (text, expected) in cases {
            assert_eq!(mask_shown(text, 0, &find(text, 0)).text, expected, "{text:?}");
        }
        let text = "```\n1\n2\n```\nc\n";
        let masked = mask_shown(text, 0, &find(text, 0));
        assert_eq!(masked.places().span(5..6).of(text), "c");
    }

    #[test]
    fn what_is_left_keeps_its_place() {
        let text = "<!-- -->\n- a <!--\n1\n2\n3\n4\n-->\n  b\n```\n1\n2\n3\n```\nc\n";
        let masked = mask(text, 9, &find(text, 9));
        let mut places = masked.places();
        let at = |letter: char| masked.text.find(letter).expect("a letter that is left");
        let cases = [
            (at('a')..at('a') + 1, "a"),
            (at('a')..at('b') + 1, "a <!--\n1\n2\n3\n4\n-->\n  b"),
            (at('b')..at('b') + 1, "b"),
            (at('c')..at('c') + 1, "c"),
        ];
        for (range, expected) in cases {
            assert_eq!(places.span(range).of(text), expected);
        }
    }
}
