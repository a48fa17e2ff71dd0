//! HTML comments and code fences of a Markdown text: where they are, and the text without them.
//!
//! CommonMark lets an unclosed `<!--` swallow the rest of the document. Proposals are full of
//! unbalanced comment marks (arrows, nested guidance), so here an unclosed `<!--` is text, and the
//! first `-->` closes a comment. Code fences and code spans hide comments.
//!
//! CommonMark is as strict with fences: one that closes a column too far out, or with a tab behind
//! it, stays open and swallows the rest. Here a line of nothing but the fence's mark closes it.

use memchr::memmem;

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
    let mut found = Hidden::default();
    let mut offset = 0;
    let mut fence: Option<Fence> = None;
    while offset < text.len() {
        let end = memchr::memchr(b'\n', &text.as_bytes()[offset..]).map_or(text.len(), |at| offset + at + 1);
        let line = &text[offset..end];
        if let Some(open) = &fence {
            if open.closed_by(line) {
                found.fences.push(Span::new(open.start, offset + line.trim_end().len()));
                fence = None;
            }
            offset = end;
            continue;
        }
        fence = Fence::opened_by(line, offset);
        offset = if fence.is_some() { end } else { scan_line(text, offset, end, &mut found) };
    }
    if let Some(open) = fence {
        found.fences.push(Span::new(open.start, text.len()));
    }
    found
}

/// Looks for comments from `offset` to the end of its line; returns where to go on.
fn scan_line(text: &str, mut offset: usize, end: usize, found: &mut Hidden) -> usize {
    let bytes = text.as_bytes();
    while offset < end {
        let Some(at) = memchr::memchr2(b'<', b'`', &bytes[offset..end]).map(|at| offset + at) else { return end };
        if bytes[at] == b'`' {
            offset = after_code_span(text, at);
            if offset > end {
                // The code span goes on over the line's end: so do we, from where it closes.
                return offset;
            }
        } else if bytes[at..].starts_with(b"<!--") && !escaped(bytes, at) {
            let Some(close) = closing(text, at) else {
                found.unclosed.push(Span::at(at).start);
                offset = at + 4;
                continue;
            };
            found.closed.push(Span::new(at, close));
            offset = close;
            if close > end {
                return close;
            }
        } else {
            offset = at + 1;
        }
    }
    end
}

fn escaped(bytes: &[u8], at: usize) -> bool {
    at > 0 && bytes[at - 1] == b'\\'
}

fn closing(text: &str, at: usize) -> Option<usize> {
    let inside = &text[at + 4..];
    if inside.starts_with('>') {
        return Some(at + 5);
    }
    if inside.starts_with("->") {
        return Some(at + 6);
    }
    memmem::find(inside.as_bytes(), b"-->").map(|end| at + 4 + end + 3)
}

/// Where the code span that opens at `at` ends, or the end of the run of backticks when nothing closes it.
///
/// A code span closes with a run of the same length within the same paragraph.
fn after_code_span(text: &str, at: usize) -> usize {
    let run = text[at..].bytes().take_while(|byte| *byte == b'`').count();
    let after = at + run;
    let paragraph = memmem::find(&text.as_bytes()[after..], b"\n\n").map_or(text.len(), |end| after + end);
    let mut search = after;
    while let Some(next) = memchr::memchr(b'`', &text.as_bytes()[search..paragraph]).map(|next| search + next) {
        let length = text[next..].bytes().take_while(|byte| *byte == b'`').count();
        if length == run {
            return next + length;
        }
        search = next + length;
    }
    after
}

struct Fence {
    mark: u8,
    length: usize,
    start: usize,
}

impl Fence {
    fn opened_by(line: &str, offset: usize) -> Option<Self> {
        let trimmed = after_markers(line);
        let mark = *trimmed.as_bytes().first()?;
        if mark != b'`' && mark != b'~' {
            return None;
        }
        let length = trimmed.bytes().take_while(|byte| *byte == mark).count();
        let rest = &trimmed[length..];
        (length >= 3 && !(mark == b'`' && rest.contains('`'))).then_some(Self {
            mark,
            length,
            start: offset + line.len() - trimmed.len(),
        })
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
        let end = comment.end as usize;
        let line_start = memchr::memrchr(b'\n', &text.as_bytes()[..end]).map_or(0, |at| at + 1);
        let from = line_start.max(comment.start as usize);
        let text_behind = !text[end..].lines().next().unwrap_or_default().trim().is_empty();
        if text_behind && text[line_start..from].trim().is_empty() {
            masked[from..end].fill(FILL);
        }
    }
    String::from_utf8(masked).ok()
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes {
        if !matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
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
