//! Headers in the style of RFC 822 (`Name: value`), as a tree of [`Node`]s.
//!
//! A line that starts with white space continues the value above. Values are one text each; the
//! profile's field type says whether commas separate a list.

use crate::node::{Node, Pair, Text, Value};
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
    let mut header = Header {
        root: Node { span: Span::at(start), value: Value::Map(Vec::new()) },
        faults: Vec::new(),
        body_start: start,
    };
    let mut pairs: Vec<Pair> = Vec::new();
    let mut offset = start;
    let mut opened = fence.is_empty();
    let mut closed = false;
    for line in text[start..].split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let at = offset;
        offset += line.len();
        if !opened {
            if content.trim_end() != fence {
                header.faults.push(Fault {
                    span: Span::new(at, at + content.len()),
                    kind: FaultKind::Syntax(format!("the file must start with a line `{fence}`")),
                });
                return header;
            }
            opened = true;
            continue;
        }
        if (fence.is_empty() && content.trim().is_empty()) || (!fence.is_empty() && content.trim_end() == fence) {
            closed = true;
            break;
        }
        field(content, at, &mut pairs, &mut header.faults);
    }
    if !closed && !fence.is_empty() {
        header.faults.push(Fault {
            span: Span::at(start),
            kind: FaultKind::Syntax(format!("the header has no closing line `{fence}`")),
        });
    }
    header.body_start = offset;
    header.root.span = Span::new(start, offset);
    header.root.value = Value::Map(pairs);
    header
}

fn field(line: &str, at: usize, pairs: &mut Vec<Pair>, faults: &mut Vec<Fault>) {
    if line.trim().is_empty() {
        return;
    }
    if line.starts_with([' ', '\t'])
        && let Some(last) = pairs.last_mut()
    {
        continuation(last, line, at);
        return;
    }
    let Some((key, value)) = line.split_once(':') else {
        faults.push(Fault {
            span: Span::new(at, at + line.len()),
            kind: FaultKind::Syntax("a header line is `name: value`".to_owned()),
        });
        return;
    };
    let key_span = Span::new(at, at + key.trim_end().len());
    let key = key.trim_end();
    if let Some(first) = pairs.iter().find(|pair| &*pair.key == key) {
        faults.push(Fault { span: key_span, kind: FaultKind::DuplicateKey(key.into(), first.key_span) });
    }
    let trimmed = value.trim();
    let start = at + line.len() - value.len() + (value.len() - value.trim_start().len());
    let node = Node::plain(trimmed, Span::new(start, start + trimmed.len()));
    pairs.push(Pair { key: key.into(), key_span, node });
}

fn continuation(pair: &mut Pair, line: &str, at: usize) {
    let Value::Text(Text { text, .. }) = &mut pair.node.value else { return };
    *text = format!("{text} {}", line.trim()).trim().into();
    pair.node.span.end = Span::at(at + line.trim_end().len()).end;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fenced_and_bare_headers() {
        let cases = [
            ("---\neip: 1\ntitle: A: b\n---\n\n## X\n", "---", "title", "A: b", "\n## X\n"),
            ("PEP: 1\nTitle: A\n  b\n\nbody\n", "", "Title", "A b", "body\n"),
        ];
        for (text, fence, key, value, body) in cases {
            let header = parse(text, fence);
            assert!(header.faults.is_empty());
            assert_eq!(header.root.get(key).and_then(Node::text), Some(value));
            assert_eq!(&text[header.body_start..], body);
        }
    }

    #[test]
    fn what_is_no_header_is_a_fault() {
        for (text, faults) in
            [("eip: 1\n", 1), ("---\nnonsense\n---\n", 1), ("---\na: 1\na: 2\n---\n", 1), ("---\na: 1\n", 1)]
        {
            assert_eq!(parse(text, "---").faults.len(), faults, "{text:?}");
        }
    }
}
