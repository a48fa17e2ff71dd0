//! HTML comments and code fences of a Markdown text: where they are, and the text without them.
//!
//! CommonMark lets an unclosed `<!--` swallow the rest of the document. Proposals are full of
//! unbalanced comment marks (arrows, nested guidance), so here an unclosed `<!--` is text, and the
//! first `-->` closes a comment. Code fences and code spans hide comments.
//!
//! CommonMark is as strict with fences: one that closes a column too far out, or with a tab behind
//! it, stays open and swallows the rest. Here a line of nothing but the fence's mark closes it.

use memchr::memmem;
use rustc_hash::FxHashMap;

use crate::span::Span;

/// The comments and fences of a text.
#[derive(Debug, Default)]
pub struct Hidden {
    /// Every comment outside code fences and code spans, marks included, in order.
    pub closed: Vec<Span>,
    /// Where an opening mark stands that nothing closes: text, to the eye of a reader.
    pub unclosed: Vec<u32>,
    /// Every code fence, from its opening mark to the end of its closing line, in order.
    pub fences: Vec<Span>,
}

/// Finds the fences, and the comments outside fences and code spans.
#[must_use]
pub fn find(text: &str) -> Hidden {
    let bytes = text.as_bytes();
    let mut found = Hidden::default();
    let mut code_spans = CodeSpans::default();
    let mut closing = Closing { none_from: text.len() };
    // Where the line at hand begins, or where in it a comment or code span ends that began above it.
    let mut line = 0;
    let mut offset = 0;
    while let Some(at) = memchr::memchr3(b'<', b'`', b'~', &bytes[offset..]).map(|at| offset + at) {
        line = memchr::memrchr(b'\n', &bytes[offset..at]).map_or(line, |newline| offset + newline + 1);
        if let Some(fence) = Fence::opened_by(text, line, at) {
            let (end, next) = fence.end(text, at);
            found.fences.push(Span::new(at, end));
            (line, offset) = (next, next);
            continue;
        }
        offset = match bytes[at] {
            b'`' => code_spans.after(bytes, at),
            b'<' if bytes[at..].starts_with(b"<!--") && !escaped(bytes, at) => {
                let close = closing.of(bytes, at);
                match close {
                    Some(close) => found.closed.push(Span::new(at, close)),
                    None => found.unclosed.push(Span::at(at).start),
                }
                close.unwrap_or(at + 4)
            }
            _ => at + 1,
        };
        if memchr::memchr(b'\n', &bytes[at..offset]).is_some() {
            line = offset;
        }
    }
    found
}

fn escaped(bytes: &[u8], at: usize) -> bool {
    at > 0 && bytes[at - 1] == b'\\'
}

/// Where comments close. It remembers from where on none does, so that a text of opening marks is read once.
struct Closing {
    none_from: usize,
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
        let close = memmem::find(inside, b"-->").map(|end| at + 4 + end + 3);
        if close.is_none() {
            self.none_from = at;
        }
        close
    }
}

/// The runs of backticks of the paragraph at hand, each with the place where reading goes on behind it.
#[derive(Default)]
struct CodeSpans {
    /// Where the paragraph ends.
    end: usize,
    /// Start of each run; end of the code span that it opens, or of the run itself when nothing closes it.
    runs: Vec<(usize, usize)>,
}

impl CodeSpans {
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
        self.end = memmem::find(&bytes[from..], b"\n\n").map_or(bytes.len(), |end| from + end);
        self.runs.clear();
        let mut offset = from;
        while let Some(start) = memchr::memchr(b'`', &bytes[offset..self.end]).map(|start| offset + start) {
            offset = start + bytes[start..self.end].iter().take_while(|byte| **byte == b'`').count();
            self.runs.push((start, offset));
        }
        let mut next = FxHashMap::default();
        for (start, after) in self.runs.iter_mut().rev() {
            let end = *after;
            *after = next.insert(end - *start, end).unwrap_or(end);
        }
    }
}

struct Fence {
    mark: u8,
    length: usize,
}

impl Fence {
    /// The fence whose marks stand at `at`, if nothing but quote and list marks stands before it from `line` on.
    fn opened_by(text: &str, line: usize, at: usize) -> Option<Self> {
        let bytes = text.as_bytes();
        let mark = bytes[at];
        let is_marker = |byte: &u8| matches!(byte, b' ' | b'\t' | b'>' | b'-' | b'*' | b'+');
        if mark == b'<' || !bytes[line..at].iter().all(is_marker) {
            return None;
        }
        let length = bytes[at..].iter().take_while(|byte| **byte == mark).count();
        if length < 3 || after_markers(&text[line..=at]).len() != 1 {
            return None;
        }
        let rest = &bytes[at + length..];
        let rest = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        (mark != b'`' || memchr::memchr(b'`', rest).is_none()).then_some(Self { mark, length })
    }

    /// The end of the fence that opens at `at`, and the start of the line below it.
    fn end(&self, text: &str, at: usize) -> (usize, usize) {
        let mut start = at;
        for line in text[at..].split_inclusive('\n') {
            if start > at && self.closed_by(line) {
                return (start + line.trim_end().len(), start + line.len());
            }
            start += line.len();
        }
        (text.len(), text.len())
    }

    fn closed_by(&self, line: &str) -> bool {
        let trimmed = line.trim_start_matches([' ', '\t', '>']).trim_end();
        trimmed.len() >= self.length && trimmed.bytes().all(|byte| byte == self.mark)
    }
}

/// A fence may open behind quote and list marks.
fn after_markers(line: &str) -> &str {
    let mut rest = line.trim_start_matches([' ', '\t', '>']);
    while let Some(next) =
        rest.strip_prefix("- ").or_else(|| rest.strip_prefix("* ")).or_else(|| rest.strip_prefix("+ "))
    {
        rest = next.trim_start_matches([' ', '\t']);
    }
    rest
}

/// The text with every comment and fence blanked, byte for byte as long, so that spans stay true;
/// `None` when there is nothing to blank.
///
/// A comment becomes white space; one that stands at the start of a line with text behind it
/// becomes control characters instead, since white space there would be an indented code block.
#[must_use]
pub fn mask(text: &str, hidden: &Hidden) -> Option<String> {
    if hidden.closed.is_empty() && hidden.unclosed.is_empty() && hidden.fences.is_empty() {
        return None;
    }
    let mut masked = text.as_bytes().to_vec();
    for start in &hidden.unclosed {
        masked[*start as usize] = FILL;
    }
    for span in hidden.closed.iter().chain(&hidden.fences) {
        blank(&mut masked[span.range()]);
    }
    for fence in &hidden.fences {
        // Text stands here: a list mark with nothing behind it would underline the line above.
        masked[fence.start as usize] = FILL;
    }
    for comment in &hidden.closed {
        let (start, end) = (comment.start as usize, comment.end as usize);
        let newline = memchr::memrchr(b'\n', comment.of(text).as_bytes());
        let from = newline.map_or(start, |at| start + at + 1);
        let leads = newline.is_some() || !is_text(text[..start].chars().rev());
        if leads && is_text(text[end..].chars()) {
            masked[from..end].fill(FILL);
        }
    }
    String::from_utf8(masked).ok()
}

/// Whether something other than white space comes before the line's end.
fn is_text(characters: impl Iterator<Item = char>) -> bool {
    let mut characters = characters.take_while(|character| *character != '\n');
    characters.any(|character| !character.is_whitespace())
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes {
        *byte = if matches!(*byte, b'\n' | b'\r') { *byte } else { b' ' };
    }
}

/// What stands for a comment before text; never written by people, dropped from every text read.
pub const FILL: u8 = 1;

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        find(text).closed.into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn comments_in_every_place() {
        let cases: [(&str, &[&str]); 12] = [
            ("a <!-- b --> c", &["<!-- b -->"]),
            ("<!--\n# x\n-->\ny", &["<!--\n# x\n-->"]),
            ("a <!-- never closed\n\n# still here", &[]),
            ("```\n<!-- in a fence -->\n```\n<!-- out -->", &["<!-- out -->"]),
            ("`<!-- in a span -->` <!-- out -->", &["<!-- out -->"]),
            ("a ` b <!-- lone tick -->", &["<!-- lone tick -->"]),
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
        let cases: [(&str, &[&str]); 5] = [
            ("```\na\n```\t\nb", &["```\na\n```"]),
            ("- ~~~ x\n  a\n ~~~\nb", &["~~~ x\n  a\n ~~~"]),
            ("``` a ``` b\n# c", &[]),
            ("````\n```\n````\n", &["````\n```\n````"]),
            ("a\n```\nb", &["```\nb"]),
        ];
        for (text, expected) in cases {
            let fences: Vec<&str> = find(text).fences.into_iter().map(|span| span.of(text)).collect();
            assert_eq!(fences, expected, "{text:?}");
        }
    }

    #[test]
    fn a_mask_keeps_every_offset() {
        let text = "<!-- é --> a\nb <!-- x\ny --> c\n";
        let masked = mask(text, &find(text)).expect("comments");
        assert_eq!(masked.len(), text.len());
        assert!(masked.starts_with('\u{1}') && masked.ends_with(" c\n"));
        assert_eq!(masked.matches('\n').count(), 3);
    }
}
