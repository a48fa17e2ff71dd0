//! What to say about a syntax error: the mistakes that people make have their own words and a remedy.

use crate::span::Span;

/// A mistake in the syntax of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong.
    pub words: String,
    /// What to do, where that is known.
    pub remedy: Option<String>,
}

impl From<String> for Mistake {
    fn from(words: String) -> Self {
        Self { words, remedy: None }
    }
}

/// Marks that a version control leaves where two sides of a merge differ.
const MERGE_MARKS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];
/// How the parser begins when a character can start nothing.
const UNEXPECTED: &str = "unexpected character";
/// Longest value that a remedy shows, in bytes.
const SHOWN_MAX: usize = 80;

/// The place of an error at `offset`, and what to say about it. `words` are those of the parser.
pub(super) fn explain(text: &str, offset: usize, words: &str) -> (Span, Mistake) {
    let start = text[..offset].rfind('\n').map_or(0, |end| end + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    let here = text[offset..].chars().next().filter(|next| *next != '\n');
    let place = Span::new(offset, offset + here.map_or(0, char::len_utf8));
    let of_line = Span::new(start, start + line.len());
    let (span, words, remedy) = if MERGE_MARKS.iter().any(|mark| line.starts_with(mark)) {
        let remedy = "keep one of the two sides, and remove the lines with `<<<<<<<`, `=======` and `>>>>>>>`";
        (of_line, "a merge left its marks here".to_owned(), Some(remedy.to_owned()))
    } else if let Some(tabs) = leading_tabs(text, start).filter(|_| words.contains("tab")) {
        (tabs, "a tab stands before this line; YAML allows spaces alone".to_owned(), Some("use spaces".to_owned()))
    } else if let Some(mark) = here.filter(|mark| words.starts_with(UNEXPECTED) && matches!(mark, '@' | '`' | '%')) {
        let mark = if mark == '`' { "a backtick".to_owned() } else { format!("`{mark}`") };
        (place, format!("a value that starts with {mark} must stand in quotes"), quoted(&text[offset..]))
    } else if here.is_some_and(char::is_control) && words.starts_with(UNEXPECTED) {
        (place, "a control character cannot stand in a text file".to_owned(), Some("remove it".to_owned()))
    } else if words.starts_with("mapping values are not allowed") {
        let words = "a value with a colon and a space in it must stand in quotes".to_owned();
        (place, words, line.split_once(": ").and_then(|(_, value)| quoted_line(value)))
    } else {
        (place, own_words(words), None)
    };
    (span, Mistake { words, remedy })
}

/// The tabs before the first line from `start` on that has some: an error in a value that goes on over several lines
/// is reported where the value starts.
fn leading_tabs(text: &str, start: usize) -> Option<Span> {
    text[start..].lines().find_map(|line| {
        let indent = &line[..line.len() - line.trim_start().len()];
        Some(Span::of_slice(text, &indent[indent.find('\t')?..]))
    })
}

/// Our words for an error that has no remedy of its own.
fn own_words(words: &str) -> String {
    const KNOWN: [(&str, &str); 4] = [
        ("simple key expected", "this line is neither `key: value` nor an entry of a list"),
        ("invalid trailing content", "text stands behind the closing quote; a quote above may be open"),
        ("while parsing a block mapping", "this line is not indented as the lines above it"),
        ("illegal placement of ':'", "no key can stand here; a bracket or a quote above may be open"),
    ];
    let known = KNOWN.iter().find(|(start, _)| words.starts_with(start));
    known.map_or_else(|| format!("this is not valid here: {words}"), |(_, own)| (*own).to_owned())
}

/// The first word of a text, in quotes.
fn quoted(text: &str) -> Option<String> {
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}')).unwrap_or(text.len());
    in_quotes(&text[..end])
}

/// The value of a line, in quotes, without the comment behind it.
fn quoted_line(value: &str) -> Option<String> {
    in_quotes(value.split(" #").next().unwrap_or_default().trim())
}

fn in_quotes(value: &str) -> Option<String> {
    let shown = value.len() <= SHOWN_MAX && !value.is_empty() && !value.contains(['"', '\\']);
    Some(if shown { format!("write `\"{value}\"`") } else { "put the whole value in quotes".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained<'t>(text: &'t str, at: &str, words: &str) -> (&'t str, Mistake) {
        let (span, mistake) = explain(text, text.find(at).expect("it is there"), words);
        (span.of(text), mistake)
    }

    #[test]
    fn slips_that_people_make_have_a_remedy() {
        let cases = [
            ("a: 1\nb: @x # y\n", "@x", "unexpected character", "@", "write `\"@x\"`"),
            ("a: [@x, y]\n", "@x", "unexpected character", "@", "write `\"@x\"`"),
            ("title: a: b # c\n", ": b", "mapping values are not allowed in this context", ":", "write `\"a: b\"`"),
            ("title: \"a\" b: c\n", ": c", "mapping values are not allowed", ":", "put the whole value in quotes"),
            ("a: x\0y\n", "\0", "unexpected character", "\0", "remove it"),
            ("a:\n\tb: 1\n", "b: 1", "tabs disallowed", "\t", "use spaces"),
            ("a:\n  \t- b\n", "- b", "tabs disallowed", "\t", "use spaces"),
            ("a: x\n\tb: 1\n", "x", "while scanning a plain scalar, found a tab", "\t", "use spaces"),
        ];
        for (text, at, words, place, remedy) in cases {
            let (found, mistake) = explained(text, at, words);
            assert_eq!((found, mistake.remedy.as_deref()), (place, Some(remedy)), "{text:?}");
        }
    }

    #[test]
    fn merge_marks_are_named() {
        let (place, mistake) = explained("a: 1\n<<<<<<< HEAD\nb: 2\n", "<<", "simple key expected ':'");
        assert_eq!((place, mistake.words.as_str()), ("<<<<<<< HEAD", "a merge left its marks here"));
    }

    #[test]
    fn a_mark_behind_a_closing_quote_is_no_value() {
        let (_, mistake) = explained("a: \"b\nc: \"@x\"\n", "@x", "invalid trailing content after a scalar");
        assert_eq!(mistake.words, "text stands behind the closing quote; a quote above may be open");
    }

    #[test]
    fn an_unknown_error_keeps_the_words_of_the_parser() {
        let (_, mistake) = explained("a: !!\n", "!!", "no such tag");
        assert_eq!(mistake, Mistake::from("this is not valid here: no such tag".to_owned()));
    }
}
