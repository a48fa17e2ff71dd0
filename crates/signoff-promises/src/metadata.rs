//! Reading metadata: YAML, and headers in the style of RFC 822.

use signoff_model::header::{self, Header};
use signoff_model::source::{self, Encoding};
use signoff_model::yaml::{self, DEPTH_MAX, Fault, FaultKind, NODES_MAX, Yaml};
use signoff_model::{Node, Span, Value, metadata};

use crate::span::{apart, fits, holds};

/// Decoding keeps what is UTF-8 as it is, and says so where it is not.
pub fn decoding(bytes: &[u8]) {
    let (text, encoding) = source::decode(bytes.to_vec());
    match encoding {
        Encoding::Utf8 | Encoding::Utf8Mark => assert_eq!(text.as_bytes(), bytes),
        Encoding::Invalid(first) => {
            let first = first as usize;
            assert_eq!(text.as_bytes()[..first], bytes[..first], "what stands before the first fault is kept");
            assert!(text[first..].starts_with(char::REPLACEMENT_CHARACTER));
        }
        Encoding::Utf16 => assert!(matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..])),
    }
}

/// Reads a text as YAML.
pub fn yaml(text: &str) {
    let read = yaml::parse(text);
    let again = yaml::parse(text);
    assert_eq!((&read.root, &read.comments, &read.faults), (&again.root, &again.comments, &again.faults));
    faults(text, &read.faults);
    apart(text, &read.comments, "a comment");
    assert!(read.comments.iter().all(|comment| comment.of(text).starts_with('#')), "a comment starts with its mark");
    let Some(root) = &read.root else { return };
    let nodes = node(text, root, 0, is_whole(&read));
    assert!(nodes <= NODES_MAX + 1, "{nodes} values");
    let metadata = metadata::from_yaml(text, Encoding::Utf8);
    assert!(matches!(metadata.root.value, Value::Map(_)), "metadata is a mapping");
    fits(text, metadata.root.span, "the metadata");
}

fn is_whole(yaml: &Yaml) -> bool {
    !yaml.faults.iter().any(|fault| matches!(fault.kind, FaultKind::Syntax(_) | FaultKind::Limit(_)))
}

fn faults(text: &str, faults: &[Fault]) {
    for fault in faults {
        fits(text, fault.span, "a fault");
        match &fault.kind {
            FaultKind::DuplicateKey(_, first) => {
                fits(text, *first, "a first key");
                assert!(first.start <= fault.span.start, "the first key stands first");
            }
            FaultKind::Syntax(mistake) => assert!(!mistake.words.is_empty(), "a mistake has words"),
            FaultKind::UnknownAlias | FaultKind::ComplexKey | FaultKind::SecondDocument | FaultKind::Limit(_) => {}
        }
    }
}

/// Looks at a node and what is in it; how many there are.
fn node(text: &str, node: &Node, depth: usize, whole: bool) -> usize {
    fits(text, node.span, "a value");
    assert!(depth <= DEPTH_MAX, "nested {depth} deep");
    // What an alias stands for is written elsewhere.
    let is_here = whole && !node.span.of(text).starts_with('*');
    match &node.value {
        Value::Text(scalar) => {
            let written = node.span.of(text);
            if written.is_empty() {
                assert!(!is_here || node.is_null() || scalar.quoted, "what is not written is nothing: {scalar:?}");
            } else if is_here && !scalar.quoted && !written.contains(['\n', '\r']) {
                assert_eq!(&*scalar.text, written, "a plain text is what is written");
            }
            1
        }
        Value::List(items) => 1 + items.iter().map(|item| child(text, node, item, depth, is_here)).sum::<usize>(),
        Value::Map(pairs) => {
            let mut count = 1;
            for pair in pairs {
                fits(text, pair.key_span, "a key");
                if is_here {
                    holds(node.span, pair.key_span, "a mapping and its key");
                }
                let is_merged = pair.key_span.of(text) == "<<";
                count += child(text, node, &pair.node, depth, is_here && !is_merged);
            }
            count
        }
        Value::Unread => 1,
    }
}

fn child(text: &str, parent: &Node, own: &Node, depth: usize, is_here: bool) -> usize {
    if is_here {
        holds(parent.span, own.span, "a value and what is in it");
    }
    node(text, own, depth + 1, is_here)
}

/// Reads a text as a header with this fence.
pub fn header(text: &str, fence: &str) {
    let Header { root, faults: found, body_start } = header::parse(text, fence);
    let again = header::parse(text, fence);
    assert_eq!((&root, &found, body_start), (&again.root, &again.faults, again.body_start));
    faults(text, &found);
    assert!(text.is_char_boundary(body_start), "the body starts within a character");
    fits(text, root.span, "the header");
    let mut end = 0;
    for pair in root.pairs() {
        holds(root.span, pair.key_span, "a header and its name");
        holds(root.span, pair.node.span, "a header and its value");
        fits(text, pair.node.span, "a value");
        assert_eq!(pair.key_span.of(text), &*pair.key, "a name is what is written");
        assert!(end <= pair.key_span.start && pair.key_span.end <= pair.node.span.start, "fields stand in order");
        end = pair.node.span.end;
        let Value::Text(value) = &pair.node.value else { panic!("a header holds texts") };
        assert_eq!(words(&value.text), words(pair.node.span.of(text)), "a value is what is written");
        items(&value.text);
    }
    assert!(end <= Span::at(body_start).end, "the header ends before the body");
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// The items of a list are parts of the value, in order, and none is blank.
fn items(value: &str) {
    let mut from = 0;
    for item in header::items(value) {
        assert!(!item.trim().is_empty(), "an item is not blank");
        let span = Span::of_slice(value, item);
        assert!(from <= span.start && span.of(value) == item, "items stand in order");
        from = span.end;
    }
}
