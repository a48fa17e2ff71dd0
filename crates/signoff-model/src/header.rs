//! Headers in the style of RFC 822 (`Name: value`), as a tree of [`Node`]s.
//!
//! A line that starts with white space continues the value above, or the line above that is none. Values are one text
//! each; the profile's field type says whether commas separate a list, and [`items`] does it.

use rustc_hash::FxHashMap;

use crate::node::{Node, Pair, Value};
use crate::span::Span;
use crate::yaml::{Fault, FaultKind};

/// A header as far as it could be read.
#[derive(Debug)]
pub struct Header {
    /// A mapping of the fields, in file order.
    pub root: Node,
    /// What could not be read.
    pub faults: Vec<Fault>,
    /// Byte offset at which the body starts.
    pub body_start: usize,
}

/// Reads the header between two lines that are `fence`, or up to the first blank line when `fence` is empty.
#[must_use]
pub fn parse(text: &str, fence: &str) -> Header {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut faults = Vec::new();
    let extent = extent(text, start, fence, &mut faults);
    let mut fields = Fields::default();
    let mut at = extent.first;
    for line in text[extent.first..extent.end].split_inclusive('\n') {
        fields.line(line.trim_end_matches(['\n', '\r']), at, &mut faults);
        at += line.len();
    }
    let root = Node { span: Span::new(start, extent.body), value: Value::Map(fields.pairs()) };
    Header { root, faults, body_start: extent.body }
}

/// Splits a value into the items of a list, each trimmed: by commas outside parentheses.
///
/// Where parentheses do not match, every comma separates. Blank items are dropped.
#[must_use]
pub fn items(value: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let mut balanced = true;
    let inside = value.split(|character| match character {
        '(' => {
            depth += 1;
            false
        }
        ')' => {
            balanced &= depth > 0;
            depth = depth.saturating_sub(1);
            false
        }
        _ => character == ',' && depth == 0,
    });
    let pieces: Vec<&str> = inside.collect();
    let pieces = if balanced && depth == 0 { pieces } else { value.split(',').collect() };
    pieces.into_iter().map(str::trim).filter(|piece| !piece.is_empty()).collect()
}

/// Where the fields of a header stand and the body starts.
struct Extent {
    first: usize,
    end: usize,
    body: usize,
}

fn extent(text: &str, start: usize, fence: &str, faults: &mut Vec<Fault>) -> Extent {
    let opening = text[start..].split_inclusive('\n').next().unwrap_or_default();
    if fence.is_empty() {
        return until_blank(text, start);
    }
    let span = Span::new(start, start + opening.trim_end().len());
    if opening.trim_end() != fence {
        let kind = FaultKind::Syntax(format!("the file must start with a line `{fence}`").into());
        faults.push(Fault { span, kind });
        return Extent { first: start, end: start, body: start };
    }
    let first = start + opening.len();
    let mut at = first;
    for line in text[first..].split_inclusive('\n') {
        if line.trim_end() == fence {
            return Extent { first, end: at, body: at + line.len() };
        }
        // A heading is prose already: a rule (`---`) further down closes no header.
        if line.starts_with('#') {
            break;
        }
        at += line.len();
    }
    faults.push(Fault { span, kind: FaultKind::Syntax(format!("the header has no closing line `{fence}`").into()) });
    until_blank(text, first)
}

/// The header that ends at the first blank line or heading.
fn until_blank(text: &str, first: usize) -> Extent {
    let mut at = first;
    for line in text[first..].split_inclusive('\n') {
        if line.trim().is_empty() {
            return Extent { first, end: at, body: at + line.len() };
        }
        if line.starts_with('#') {
            break;
        }
        at += line.len();
    }
    Extent { first, end: at, body: at }
}

/// The fields read so far.
#[derive(Default)]
struct Fields<'t> {
    open: Vec<Open<'t>>,
    first: FxHashMap<&'t str, Span>,
    /// Whether the last line that was not indented is no field: what continues it belongs to none.
    faulty: bool,
}

/// A field to whose value more lines may be added.
struct Open<'t> {
    key: &'t str,
    key_span: Span,
    value: String,
    span: Span,
}

impl<'t> Fields<'t> {
    fn line(&mut self, line: &'t str, at: usize, faults: &mut Vec<Fault>) {
        if line.trim().is_empty() {
            return;
        }
        if line.starts_with([' ', '\t'])
            && let Some(last) = self.open.last_mut()
        {
            if !self.faulty {
                last.go_on(line, at);
            }
            return;
        }
        let fields = line.split_once(':').map(|(key, value)| (key.trim(), value));
        let field = fields.filter(|(key, _)| !key.is_empty());
        self.faulty = field.is_none();
        let Some((key, value)) = field else {
            let span = Span::new(at, at + line.trim_end().len());
            faults.push(Fault { span, kind: FaultKind::Syntax("a header line is `name: value`".to_owned().into()) });
            return;
        };
        let indent = line.len() - line.trim_start().len();
        let key_span = Span::new(at + indent, at + indent + key.len());
        match self.first.get(key) {
            Some(first) => faults.push(Fault { span: key_span, kind: FaultKind::DuplicateKey(key.into(), *first) }),
            None => {
                self.first.insert(key, key_span);
            }
        }
        let colon = at + line.len() - value.len();
        let mut field = Open { key, key_span, value: String::new(), span: Span::at(colon) };
        field.go_on(value, colon);
        self.open.push(field);
    }

    fn pairs(self) -> Vec<Pair> {
        let pair = |field: Open<'_>| Pair {
            key: field.key.into(),
            key_span: field.key_span,
            node: Node::plain(&field.value, field.span),
        };
        self.open.into_iter().map(pair).collect()
    }
}

impl Open<'_> {
    /// Adds a line, which starts at byte `at`, to the value: lines are joined by one space.
    fn go_on(&mut self, line: &str, at: usize) {
        let own = line.trim();
        if own.is_empty() {
            return;
        }
        let start = at + line.len() - line.trim_start().len();
        if self.value.is_empty() {
            self.span.start = Span::at(start).start;
        } else {
            self.value.push(' ');
        }
        self.value.push_str(own);
        self.span.end = Span::at(start + own.len()).end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fenced_and_bare_headers() {
        let cases = [
            ("---\neip: 1\ntitle: A: b\n---\n\n## X\n", "---", "title", "A: b", "\n## X\n"),
            ("--- \r\neip: 1\r\ntitle:A  \r\n--- \r\n## X\r\n", "---", "title", "A", "## X\r\n"),
            ("PEP: 1\nTitle: A\n  b\n\nbody\n", "", "Title", "A b", "body\n"),
            ("\u{feff}---\ntitle:\n  a\n\tb  \n---\n", "---", "title", "a b", ""),
            ("---\n  title : A\n---\nx", "---", "title", "A", "x"),
        ];
        for (text, fence, key, value, body) in cases {
            let header = parse(text, fence);
            assert!(header.faults.is_empty(), "{text:?}");
            assert_eq!(header.root.get(key).and_then(Node::text), Some(value), "{text:?}");
            assert_eq!(&text[header.body_start..], body);
        }
    }

    #[test]
    fn what_is_no_header_is_a_fault() {
        let cases = [
            ("", 1),
            ("eip: 1\n", 1),
            ("---\nnonsense\n---\n", 1),
            ("---\n: 1\n---\n", 1),
            ("---\na: 1\na: 2\na: 3\n---\n", 2),
            ("---\na: 1\n", 1),
        ];
        for (text, faults) in cases {
            assert_eq!(parse(text, "---").faults.len(), faults, "{text:?}");
        }
    }

    #[test]
    fn an_open_header_leaves_the_prose_alone() {
        for text in ["---\na: 1\n\n## X\nprose\n", "---\na: 1\n\n## X\n\n---\nprose\n", "---\na: 1\n## X\n"] {
            let header = parse(text, "---");
            assert_eq!(header.faults.len(), 1, "{text:?}");
            assert_eq!(header.root.pairs().len(), 1, "{text:?}");
            assert!(text[header.body_start..].starts_with("## X\n"), "{text:?}");
        }
    }

    #[test]
    fn what_continues_a_faulty_line_belongs_to_no_field() {
        for text in ["---\na: 1\nnonsense\n  more\nb: 2\n---\n", "---\na: 1\n: x\n\tmore\nb: 2\n---\n"] {
            let header = parse(text, "---");
            let found: Vec<_> = header.root.pairs().iter().map(|pair| pair.node.span.of(text)).collect();
            assert_eq!((found, header.faults.len()), (vec!["1", "2"], 1), "{text:?}");
        }
    }

    #[test]
    fn values_and_keys_keep_their_places() {
        let text = "---\ntitle:   A b  \nempty:  \nfolded:\n   one\n   two \n---\n";
        let header = parse(text, "---");
        let found: Vec<_> =
            header.root.pairs().iter().map(|pair| (pair.key_span.of(text), pair.node.span.of(text))).collect();
        assert_eq!(found, [("title", "A b"), ("empty", ""), ("folded", "one\n   two")]);
        assert_eq!(header.root.pairs()[1].node.span, Span::at(text.find("empty:").expect("it is there") + 6));
    }

    #[test]
    fn commas_in_parentheses_separate_nothing() {
        let cases: [(&str, &[&str]); 5] = [
            ("1, 2 ,3", &["1", "2", "3"]),
            ("A (@a), B <b@c.de>,", &["A (@a)", "B <b@c.de>"]),
            ("A (one, two), B", &["A (one, two)", "B"]),
            ("A (@a, B (@b)", &["A (@a", "B (@b)"]),
            ("A), (B, C", &["A)", "(B", "C"]),
        ];
        for (text, expected) in cases {
            assert_eq!(items(text), expected, "{text:?}");
        }
    }

    #[test]
    fn long_headers_take_linear_time() {
        let keys: String = (0..200_000).fold("---\n".to_owned(), |text, number| text + &number.to_string() + ":\n");
        assert_eq!(parse(&keys, "---").root.pairs().len(), 200_000);
        let folded = "---\na: 1\n".to_owned() + &" x\n".repeat(300_000);
        assert_eq!(parse(&folded, "---").root.pairs().len(), 1);
    }
}
