//! The few lines of a file that a finding shows. The cost depends on what is shown, not on the file.

use std::ops::Range;

use signoff_model::{Edit, Source, Span};

use crate::visible::hidden;

/// Widest excerpt, in columns; the renderer cuts longer lines around the mark.
pub(super) const COLUMNS_MAX: usize = 160;
/// How many characters of a line are handed to the renderer before the mark. A place further behind is
/// named without its line.
const BEFORE_MAX: usize = 4000;
/// How many characters of a line are marked at most; what follows a longer mark is left out.
const MARK_MAX: usize = 120;
/// How many characters of a line are handed to the renderer from the mark on.
const AFTER_MAX: usize = 400;
/// Most lines that a suggestion shows.
const LINES_MAX: usize = 6;

/// A line with a mark in it.
pub(super) struct Excerpt {
    /// The line as far as it is of use, with every character at its own column.
    pub text: String,
    /// Its number, from 1.
    pub line: usize,
    /// The bytes of the text that are marked.
    pub mark: Range<usize>,
    /// The last line of what the finding is about; the excerpt shows the first one.
    pub last_line: usize,
}

impl Excerpt {
    /// The first line of a span; `None` for the empty place at a file's start, which stands for something
    /// missing, and for a place far inside an endless line.
    pub(super) fn of(source: &Source, span: Span) -> Option<Self> {
        let text = &*source.text;
        let start = boundary(text, span.start);
        let end = boundary(text, span.end).max(start);
        if end == 0 {
            return None;
        }
        let line = source.line(offset(start));
        let before = &text[text[..start].rfind('\n').map_or(0, |newline| newline + 1)..start];
        if before.chars().nth(BEFORE_MAX).is_some() {
            return None;
        }
        let after = text[start..].split('\n').next().unwrap_or_default();
        let after = first(after, AFTER_MAX).trim_end();
        let marked = after[..after.len().min(end - start)].trim_end();
        let (marked, rest) = match first(marked, MARK_MAX) {
            short if short.len() < marked.len() => (short, "…"),
            whole => (whole, &after[whole.len()..]),
        };
        let mut excerpt = String::with_capacity(before.len() + after.len());
        excerpt.extend(before.chars().map(visible));
        let mark_start = excerpt.len();
        excerpt.extend(marked.chars().map(visible));
        let mark = mark_start..excerpt.len();
        excerpt.extend(rest.chars().map(visible));
        let last = start + text[start..end].trim_end().len();
        Some(Self { text: excerpt, line, mark, last_line: source.line(offset(last)).max(line) })
    }
}

/// The first characters of a text.
fn first(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or(text, |(at, _)| &text[..at])
}

/// A character that can be shown, one for one, so that columns stay: control characters become their
/// pictures. The renderer widens tabs itself.
fn visible(character: char) -> char {
    match character {
        '\t' => '\t',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7f}' => '\u{2421}',
        _ if hidden(character) => char::REPLACEMENT_CHARACTER,
        _ => character,
    }
}

/// The lines that edits touch, the number of the first one and its offset in the file; `None` when they are
/// too many, too long or unprintable.
pub(super) fn lines(source: &Source, edits: &[Edit]) -> Option<(String, usize, usize)> {
    let text = &*source.text;
    let first = edits.iter().map(|edit| edit.span.start).min()?;
    let last = edits.iter().map(|edit| edit.span.end).max()?;
    let (line, end_line) = (source.line(first), source.line(last));
    let (from, to) = (source.line_start(line), source.line_start(end_line + 1));
    let in_text = |edit: &Edit| text.get(edit.span.range()).is_some();
    if end_line - line >= LINES_MAX || !edits.iter().all(in_text) || !apart(edits) {
        return None;
    }
    let fits = |text: &str| {
        text.len() <= LINES_MAX * COLUMNS_MAX
            && text.lines().count() <= LINES_MAX
            && text.lines().all(|line| line.chars().count() <= COLUMNS_MAX)
            && !text.chars().any(|character| character != '\n' && character != '\t' && hidden(character))
    };
    let all_fit = fits(&text[from..to]) && edits.iter().all(|edit| fits(&edit.replacement));
    all_fit.then(|| (text[from..to].to_owned(), line, from))
}

/// Whether no two edits touch the same bytes.
fn apart(edits: &[Edit]) -> bool {
    let mut spans: Vec<Span> = edits.iter().map(|edit| edit.span).collect();
    spans.sort();
    spans.windows(2).all(|pair| pair[0].end <= pair[1].start && pair[0] != pair[1])
}

/// The nearest character boundary at or before an offset.
fn boundary(text: &str, at: u32) -> usize {
    text.floor_char_boundary((at as usize).min(text.len()))
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, start: usize, end: usize) -> Option<String> {
        let excerpt = Excerpt::of(&Source::new("a", text), Span::new(start, end))?;
        let Excerpt { text, line, mark, last_line } = excerpt;
        Some(format!("{line}-{last_line} {}[{}]{}", &text[..mark.start], &text[mark.clone()], &text[mark.end..]))
    }

    #[test]
    fn the_first_line_is_marked() {
        let cases = [
            ("a\nbé c\n", 2, 5, Some("2-2 [bé] c")),
            ("a\nb\nc\n", 2, 6, Some("2-3 [b]")),
            ("a\r\nb\r\n", 0, 3, Some("1-1 [a]")),
            ("a\u{1b}b\u{202e}c\n", 2, 3, Some("1-1 a␛[b]\u{fffd}c")),
            ("abc\n", 0, 0, None),
            ("abc\n", 4, 9, Some("2-2 []")),
            ("\n\n", 1, 1, Some("2-2 []")),
        ];
        for (text, start, end, expected) in cases {
            assert_eq!(shown(text, start, end).as_deref(), expected, "{text:?} {start}..{end}");
        }
    }

    #[test]
    fn endless_lines_are_not_shown_whole() {
        let text = format!("{}mark{}", "é".repeat(50), "ü".repeat(5000));
        let source = Source::new("a", text.repeat(100));
        let excerpt = Excerpt::of(&source, Span::new(100, 104)).expect("an excerpt");
        assert_eq!(&excerpt.text[excerpt.mark.clone()], "mark");
        assert_eq!(excerpt.text.chars().count(), 50 + AFTER_MAX);
        let excerpt = Excerpt::of(&source, Span::new(104, 9000)).expect("an excerpt");
        assert_eq!(excerpt.text[excerpt.mark.start..].chars().count(), MARK_MAX + 1);
        assert!(Excerpt::of(&source, Span::new(100_000, 100_001)).is_none());
    }

    #[test]
    fn suggestions_stay_small() {
        let source = Source::new("a", "one\ntwo\nthree\n");
        let edit = |start, end, text: &str| Edit::new(Span::new(start, end), text);
        assert_eq!(lines(&source, &[edit(4, 7, "2")]), Some(("two\n".to_owned(), 2, 4)));
        let odd =
            [edit(4, 99, ""), edit(4, 5, "\u{1b}"), edit(0, 1, &"line\n".repeat(9)), edit(0, 1, &"x".repeat(200))];
        for edit in odd {
            assert_eq!(lines(&source, std::slice::from_ref(&edit)), None, "{edit:?}");
        }
        assert_eq!(lines(&source, &[edit(0, 2, ""), edit(1, 3, "")]), None);
        assert_eq!(lines(&source, &[]), None);
    }
}
