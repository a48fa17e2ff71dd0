//! A file's text with its path; the only place where bytes become lines and columns.

use std::sync::{Arc, OnceLock};

use crate::span::Span;

/// Largest file that is read, in bytes. A larger one is a `limit-exceeded` finding.
pub const SIZE_MAX: usize = 16 * 1024 * 1024;

/// So many bytes are looked at to tell a line; how many lines are above them is counted once.
const STRIDE: usize = 1024;

/// A text file of the repository.
#[derive(Debug)]
pub struct Source {
    /// Path from the repository's root, with `/`.
    pub path: Arc<str>,
    /// The text. Bytes that are not UTF-8 were replaced by U+FFFD.
    pub text: String,
    /// How many lines end before each [`STRIDE`] of the text.
    line_ends: OnceLock<Box<[u32]>>,
}

/// A place for people: both count from 1, columns in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

impl Source {
    /// A source of the given path and text.
    pub fn new(path: impl Into<Arc<str>>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), line_ends: OnceLock::new() }
    }

    /// Line and column of a byte offset; past the end means the end.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let end = self.text.len().min(offset as usize);
        let line_start = memchr::memrchr(b'\n', &self.text.as_bytes()[..end]).map_or(0, |newline| newline + 1);
        let before = self.text.get(line_start..end).unwrap_or_default();
        Position { line: self.line(offset), column: before.chars().count() + 1 }
    }

    /// The line that holds `offset`, from 1.
    #[must_use]
    pub fn line(&self, offset: u32) -> usize {
        let end = self.text.len().min(offset as usize);
        let stride = end / STRIDE;
        1 + self.line_ends()[stride] as usize + count(&self.text.as_bytes()[stride * STRIDE..end])
    }

    /// Byte offset at which `line` (from 1) starts; the end of the text for a line past it.
    #[must_use]
    pub fn line_start(&self, line: usize) -> usize {
        let Some(above) = line.checked_sub(2) else { return 0 };
        let stride = self.line_ends().partition_point(|ends| *ends as usize <= above) - 1;
        let near = &self.text.as_bytes()[stride * STRIDE..];
        let end = memchr::memchr_iter(b'\n', near).nth(above - self.line_ends()[stride] as usize);
        end.map_or(self.text.len(), |end| stride * STRIDE + end + 1)
    }

    /// The text of a span.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        span.of(&self.text)
    }

    fn line_ends(&self) -> &[u32] {
        self.line_ends.get_or_init(|| {
            let strides = self.text.as_bytes().chunks_exact(STRIDE).scan(0, |ends, stride| {
                *ends += count(stride);
                Some(u32::try_from(*ends).unwrap_or(u32::MAX))
            });
            std::iter::once(0).chain(strides).collect()
        })
    }
}

/// How many lines end in these bytes.
fn count(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

/// The lines of a text without their ends, as [`str::lines`] gives them, several times faster where they are short.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = memchr::memchr(b'\n', rest.as_bytes());
        let line = &rest[..end.unwrap_or(rest.len())];
        rest = end.map_or("", |end| &rest[end + 1..]);
        Some(line.strip_suffix('\r').filter(|_| end.is_some()).unwrap_or(line))
    })
}

/// Where the first line ends that a blank one follows: the end of a paragraph.
#[must_use]
pub fn paragraph_end(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\n', bytes).find(|end| matches!(bytes[end + 1..], [b'\n', ..] | [b'\r', b'\n', ..]))
}

/// What was unusual about the bytes of a text file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Plain UTF-8.
    Utf8,
    /// UTF-8 after a byte order mark.
    Utf8Mark,
    /// UTF-16 with a byte order mark.
    Utf16,
    /// Some bytes are no UTF-8; the offset of the first.
    Invalid(u32),
}

/// Decodes a file. Never fails: what is not UTF-8 is replaced, and [`Encoding`] says so.
///
/// A leading byte order mark stays in the text, so that spans fit the file's bytes.
#[must_use]
pub fn decode(bytes: Vec<u8>) -> (String, Encoding) {
    if let [0xFF, 0xFE, rest @ ..] = bytes.as_slice() {
        return (utf16(rest, u16::from_le_bytes), Encoding::Utf16);
    }
    if let [0xFE, 0xFF, rest @ ..] = bytes.as_slice() {
        return (utf16(rest, u16::from_be_bytes), Encoding::Utf16);
    }
    let encoding = if bytes.starts_with(&[0xEF, 0xBB, 0xBF]) { Encoding::Utf8Mark } else { Encoding::Utf8 };
    match String::from_utf8(bytes) {
        Ok(text) => (text, encoding),
        Err(error) => {
            let first = u32::try_from(error.utf8_error().valid_up_to()).unwrap_or(u32::MAX);
            (String::from_utf8_lossy(error.as_bytes()).into_owned(), Encoding::Invalid(first))
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|item| item.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_from_one_in_characters() {
        let source = Source::new("a", "héllo\nwörld\n");
        let cases = [(0, 1, 1), (3, 1, 3), (7, 2, 1), (10, 2, 3), (99, 3, 1)];
        for (offset, line, column) in cases {
            assert_eq!(source.position(offset), Position { line, column }, "at byte {offset}");
        }
    }

    #[test]
    fn lines_start_where_they_are_found() {
        let text = format!("{}\n\n{}\n{}", "é".repeat(STRIDE / 2 - 1), "a\n".repeat(STRIDE), "b".repeat(3 * STRIDE));
        let source = Source::new("a", text.as_str());
        let mut start = 0;
        for (index, line) in text.split_inclusive('\n').enumerate() {
            let last = start + line.len() - 1;
            assert_eq!(source.line_start(index + 1), start, "line {}", index + 1);
            assert_eq!((source.line(offset(start)), source.line(offset(last))), (index + 1, index + 1));
            assert_eq!(source.position(offset(last)).line, index + 1);
            start += line.len();
        }
        assert_eq!((source.line_start(0), source.line_start(9999)), (0, text.len()));
        assert_eq!(source.line(u32::MAX), text.split('\n').count());
    }

    fn offset(at: usize) -> u32 {
        u32::try_from(at).expect("a small text")
    }

    #[test]
    fn lines_are_those_of_the_standard_library() {
        for text in ["", "a", "a\n", "a\nb", "\n\n", "a\r\nb\r", "a\r\r\n\r\n", "é\nü"] {
            assert!(lines(text).eq(text.lines()), "{text:?}");
        }
    }

    #[test]
    fn a_blank_line_ends_a_paragraph() {
        let cases = [("a\nb\n\nc", Some(3)), ("a\r\n\r\nb", Some(2)), ("a\n\rb\n", None), ("a\n", None), ("", None)];
        for (text, expected) in cases {
            assert_eq!(paragraph_end(text.as_bytes()), expected, "{text:?}");
        }
    }

    #[test]
    fn decoding_never_fails() {
        let cases: [(&[u8], &str, Encoding); 5] = [
            (b"abc", "abc", Encoding::Utf8),
            (b"\xEF\xBB\xBFabc", "\u{feff}abc", Encoding::Utf8Mark),
            (b"\xFF\xFEa\0b\0", "ab", Encoding::Utf16),
            (b"\xFE\xFF\0a\0b", "ab", Encoding::Utf16),
            (b"ab\xE9c", "ab\u{fffd}c", Encoding::Invalid(2)),
        ];
        for (bytes, text, encoding) in cases {
            assert_eq!(decode(bytes.to_vec()), (text.to_owned(), encoding));
        }
    }
}
