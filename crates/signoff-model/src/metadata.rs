//! A metadata file as far as it could be read, whatever its syntax.

use crate::header;
use crate::node::{Node, Value};
use crate::profile::{MetadataFormat, Syntax};
use crate::source::{Encoding, Source};
use crate::span::Span;
use crate::yaml::{self, Fault, FaultKind};

/// What a metadata file says, with the place of everything.
#[derive(Debug)]
pub struct Metadata {
    /// A mapping of the fields, in file order.
    pub root: Node,
    /// Every comment, in file order.
    pub comments: Vec<Span>,
    /// What could not be read.
    pub faults: Vec<Fault>,
    /// Whether the value of the whole file is a mapping (or nothing).
    pub is_mapping: bool,
    /// What was unusual about the bytes.
    pub encoding: Encoding,
    /// Where the prose of the same file starts, if it holds some.
    pub body_start: usize,
}

/// Reads metadata. Never fails.
#[must_use]
pub fn parse(format: &MetadataFormat, text: &str, encoding: Encoding) -> Metadata {
    match format.syntax {
        Syntax::Yaml => from_yaml(text, encoding),
        Syntax::Header => {
            let header = header::parse(text, &format.fence);
            Metadata {
                root: judgeable(header.root, encoding),
                comments: Vec::new(),
                faults: header.faults,
                is_mapping: true,
                encoding,
                body_start: header.body_start,
            }
        }
    }
}

/// Reads a YAML file of a companion or an owners file.
#[must_use]
pub fn from_yaml(text: &str, encoding: Encoding) -> Metadata {
    let yaml = yaml::parse(text);
    let empty = || Node { span: Span::default(), value: Value::Map(Vec::new()) };
    let (root, is_mapping) = match yaml.root {
        Some(root @ Node { value: Value::Map(_), .. }) => (root, true),
        Some(root) => (empty(), root.is_null()),
        None => (empty(), true),
    };
    let root = judgeable(root, encoding);
    Metadata { root, comments: yaml.comments, faults: yaml.faults, is_mapping, encoding, body_start: text.len() }
}

/// The mapping without what its bytes do not tell: in a file that is not UTF-8, a key with a replaced character
/// is left out, and a value with one is unread.
fn judgeable(mut root: Node, encoding: Encoding) -> Node {
    if let (Encoding::Invalid(_), Value::Map(pairs)) = (encoding, &mut root.value) {
        pairs.retain(|pair| !pair.key.contains(char::REPLACEMENT_CHARACTER));
        for pair in pairs.iter_mut().filter(|pair| pair.node.is_garbled()) {
            pair.node.value = Value::Unread;
        }
    }
    root
}

impl Metadata {
    /// Whether all of the file was read, so that what it does not say is really not said.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let garbled = matches!(self.encoding, Encoding::Utf16 | Encoding::Invalid(_));
        !garbled && self.is_mapping && !self.has_syntax_fault()
    }

    /// Whether a part of the file could not be read, so that what is not there may only be unseen.
    #[must_use]
    pub fn has_syntax_fault(&self) -> bool {
        self.faults
            .iter()
            .any(|fault| matches!(fault.kind, FaultKind::Syntax(_) | FaultKind::Limit(_) | FaultKind::SecondDocument))
    }

    /// The comment that stands on the same line behind `offset`, if there is one, without its `#`.
    #[must_use]
    pub fn comment_behind<'t>(&self, source: &'t Source, offset: u32) -> Option<&'t str> {
        let next = self.comments.partition_point(|comment| comment.start < offset);
        let comment = self.comments.get(next).filter(|comment| source.line(comment.start) == source.line(offset))?;
        Some(comment.of(&source.text).trim_start_matches('#').trim())
    }
}
