//! Raw HTML that authors write: the tags that are kept, and what is kept of them.
//!
//! A tag is read as CommonMark reads it (section 6.6, "Raw HTML") and written anew from the tables below; nothing of
//! it is copied. A tag that is not in the tables is text, as its author wrote it: proposals are full of `<name>`
//! where something is to be filled in. Of tags that only lay out a page nothing is left, as on GitHub.

/// A piece of raw HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    /// Text, with entities.
    Text(&'t str),
    /// The start tag of a known element.
    Start {
        /// The element, in our spelling.
        tag: Known,
        /// What stands in the tag behind the name.
        attributes: &'t str,
    },
    /// The end tag of a known element.
    End(Known),
    /// A comment, a declaration, an instruction, a tag of which nothing is left.
    Nothing {
        /// Where it begins in the text.
        at: usize,
    },
}

/// What an author's tag becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    /// The element that is written.
    pub(super) tag: &'static str,
    /// Its class, which is one of ours.
    pub(super) class: &'static str,
    /// Whether it never has an end tag.
    pub(super) is_void: bool,
}

/// Tags that stay themselves.
const KEPT: [&str; 46] = [
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "i",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
    "var",
];

/// Tags that never have an end.
const VOID: [&str; 4] = ["br", "hr", "img", "wbr"];

/// Tags that become others, with a class. Headings in raw HTML are none of the document's: nothing counts or names them.
const CHANGED: [(&str, &str, &str); 10] = [
    ("h1", "p", "heading"),
    ("h2", "p", "heading"),
    ("h3", "p", "heading"),
    ("h4", "p", "heading"),
    ("h5", "p", "heading"),
    ("h6", "p", "heading"),
    ("center", "div", "center"),
    ("strike", "s", ""),
    ("tt", "code", ""),
    ("big", "span", ""),
];

/// Tags of which nothing is left but what stands between them.
const DROPPED: [&str; 16] = [
    "article", "aside", "body", "col", "colgroup", "font", "footer", "head", "header", "html", "label", "main", "nav",
    "picture", "section", "source",
];

fn known(name: &str) -> Option<Known> {
    // Names are short, and the lists too: longer ones need not be made lower case.
    const LENGTH_MAX: usize = 12;
    if name.len() > LENGTH_MAX {
        return None;
    }
    let same = |tag: &&str| tag.eq_ignore_ascii_case(name);
    let of = |list: &[&'static str], is_void| {
        list.iter().copied().find(|tag| same(tag)).map(|tag| Known { tag, class: "", is_void })
    };
    let changed = || CHANGED.iter().find(|(tag, ..)| same(tag));
    of(&KEPT, false)
        .or_else(|| of(&VOID, true))
        .or_else(|| changed().map(|&(_, tag, class)| Known { tag, class, is_void: false }))
}

/// Cuts raw HTML into pieces, from the first byte to the last.
pub(super) fn pieces(html: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = html;
    let mut unclosed = Unclosed::default();
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let at = html.len() - rest.len();
        let (piece, length) = match mark(rest, at, &mut unclosed) {
            Some(found) => found,
            None => {
                let text = text_length(rest);
                (Piece::Text(&rest[..text]), text)
            }
        };
        rest = &rest[length..];
        Some(piece)
    })
}

/// How far text goes: at least over the first character, which is no mark.
fn text_length(rest: &str) -> usize {
    memchr::memchr(b'<', &rest.as_bytes()[1..]).map_or(rest.len(), |next| next + 1)
}

/// Which marks nothing in the rest of the text closes, so that a text of opening marks is read once.
#[derive(Default)]
struct Unclosed {
    comment: bool,
    instruction: bool,
    declaration: bool,
    tag: bool,
}

/// The tag or other mark at the start of a text, with its length.
fn mark<'t>(text: &'t str, at: usize, unclosed: &mut Unclosed) -> Option<(Piece<'t>, usize)> {
    let inside = text.strip_prefix('<')?;
    let nothing = |opening: &str, closing: &str, known: &mut bool| {
        let from = text.strip_prefix(opening).filter(|_| !*known)?;
        let end = from.find(closing);
        *known = end.is_none();
        Some((Piece::Nothing { at }, opening.len() + end? + closing.len()))
    };
    if inside.starts_with("!--") {
        return nothing("<!--", "-->", &mut unclosed.comment);
    }
    if inside.starts_with('?') {
        // `<?>` is whole.
        return nothing("<", "?>", &mut unclosed.instruction);
    }
    if inside.starts_with('!') {
        return nothing("<!", ">", &mut unclosed.declaration);
    }
    tag(text, at, unclosed)
}

fn tag<'t>(text: &'t str, at: usize, unclosed: &mut Unclosed) -> Option<(Piece<'t>, usize)> {
    let is_end = text.as_bytes().get(1) == Some(&b'/');
    let name_start = if is_end { 2 } else { 1 };
    let name = &text[name_start..];
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let name = &name[..name.bytes().position(|byte| !is_name(byte)).unwrap_or(name.len())];
    let is_dropped = DROPPED.iter().any(|tag| tag.eq_ignore_ascii_case(name));
    let known = known(name);
    if known.is_none() && !is_dropped {
        return None;
    }
    let from = name_start + name.len();
    let length = from + tag_end(&text[from..], unclosed)?;
    let piece = match known {
        None => Piece::Nothing { at },
        Some(tag) if is_end => Piece::End(tag),
        Some(tag) => Piece::Start { tag, attributes: &text[from..length - 1] },
    };
    Some((piece, length))
}

/// How long a tag goes on behind its name, its `>` included. One in quotes is none.
fn tag_end(text: &str, unclosed: &mut Unclosed) -> Option<usize> {
    if unclosed.tag || !matches!(text.bytes().next(), Some(b' ' | b'\t' | b'\n' | b'\r' | b'/' | b'>')) {
        return None;
    }
    let mut quote = None;
    let mut is_value = false;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'>') => return Some(at + 1),
            (None, b'<') => return None,
            (None, b'"' | b'\'') if is_value => quote = Some(byte),
            (None, b'"' | b'\'') => return None,
            _ => {}
        }
        is_value = byte == b'=' || (is_value && byte.is_ascii_whitespace());
    }
    unclosed.tag = true;
    None
}

/// The attributes of a start tag: names as written, values without quotes, entities as written.
pub(super) fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|byte: char| byte.is_ascii_whitespace() || byte == '/' || byte == '=');
        if rest.is_empty() {
            return None;
        }
        let is_end = |byte: char| byte.is_ascii_whitespace() || byte == '=' || byte == '/';
        let (name, behind) = rest.split_at(rest.find(is_end).unwrap_or(rest.len()));
        let Some(value) = behind.trim_start().strip_prefix('=') else {
            rest = behind;
            return Some((name, ""));
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''));
        let (value, behind) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value.split_at(value.find(|byte: char| byte.is_ascii_whitespace()).unwrap_or(value.len())),
        };
        rest = behind;
        Some((name, value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(html: &str) -> Vec<String> {
        let name = |piece| match piece {
            Piece::Text(text) => format!("text {text}"),
            Piece::Start { tag, attributes } => format!("{} {}", tag.tag, attributes.trim()),
            Piece::End(tag) => format!("/{}", tag.tag),
            Piece::Nothing { .. } => "nothing".to_owned(),
        };
        pieces(html).map(name).collect()
    }

    #[test]
    fn only_known_tags_are_tags() {
        let cases: [(&str, &[&str]); 12] = [
            ("a<b>c</b>", &["text a", "b ", "text c", "/b"]),
            ("<B CLASS=x>", &["b CLASS=x"]),
            ("<name> <script>x</script>", &["text <name> ", "text <script>x", "text </script>"]),
            ("<font color=red>x</font>", &["nothing", "text x", "nothing"]),
            ("<h2>x</h2>", &["p ", "text x", "/p"]),
            ("<img src=\"a>b\">", &["img src=\"a>b\""]),
            ("<b <i>", &["text <b ", "i "]),
            ("<b\"x\">", &["text <b\"x\">"]),
            ("<b a\"x>", &["text <b a\"x>"]),
            ("<!-- x --><!DOCTYPE x><?x?><?>", &["nothing", "nothing", "nothing", "nothing"]),
            ("<!-- x", &["text <!-- x"]),
            ("<img src='x", &["text <img src='x"]),
        ];
        for (html, expected) in cases {
            assert_eq!(cut(html), expected, "{html}");
        }
    }

    #[test]
    fn attributes_in_every_form() {
        let cases: [(&str, &[(&str, &str)]); 6] = [
            (" a=\"1\" b='2' c=3 d", &[("a", "1"), ("b", "2"), ("c", "3"), ("d", "")]),
            (" a = 1", &[("a", "1")]),
            ("/a=1/b=2", &[("a", "1/b=2")]),
            (" a=\"1\"b=2", &[("a", "1"), ("b", "2")]),
            (" = a=\"", &[("a", "")]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(attributes(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
