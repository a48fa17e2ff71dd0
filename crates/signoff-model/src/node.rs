//! Values of metadata as they stand in the file: one tree for YAML, headers and tables.

use crate::span::Span;

/// A value with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where the value stands; empty for a value that is not written.
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// What a node holds. Scalars stay text: `0752`, `1.30`, `yes` and `2023-14-05` are what the author wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A scalar.
    Text(Text),
    /// A list.
    List(Vec<Node>),
    /// A mapping, in file order, duplicate keys included.
    Map(Vec<Pair>),
    /// Something that a fault of the file hides: neither absent nor wrong, and no rule judges it.
    Unread,
}

/// A scalar's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text after the syntax's own escapes.
    pub text: Box<str>,
    /// Whether it was quoted or a block, so that `"null"` is not null and `"yes"` is no boolean.
    pub quoted: bool,
    /// Whether it is a block (`|` or `>`): its place is that of its lines, and nothing there ends it.
    pub block: bool,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The key's text.
    pub key: Box<str>,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub node: Node,
}

impl Node {
    /// A scalar that stands as it is in the file.
    #[must_use]
    pub fn plain(text: &str, span: Span) -> Self {
        Self { span, value: Value::Text(Text { text: text.into(), quoted: false, block: false }) }
    }

    /// The scalar's text; `None` for null, lists and mappings.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) if !self.is_null() => Some(&text.text),
            _ => None,
        }
    }

    /// Whether nothing is written here: an unquoted empty text, `~` or `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        match &self.value {
            Value::Text(text) => !text.quoted && matches!(&*text.text, "" | "~" | "null" | "Null" | "NULL"),
            Value::List(_) | Value::Map(_) | Value::Unread => false,
        }
    }

    /// Whether there is no content: null, a blank text, an empty list or mapping.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match &self.value {
            Value::Text(text) => self.is_null() || text.text.trim().is_empty(),
            Value::List(items) => items.is_empty(),
            Value::Map(pairs) => pairs.is_empty(),
            Value::Unread => false,
        }
    }

    /// Whether a fault of the file hides what stands here.
    #[must_use]
    pub fn is_unread(&self) -> bool {
        matches!(self.value, Value::Unread)
    }

    /// Whether the character for undecodable bytes stands anywhere in it.
    #[must_use]
    pub fn is_garbled(&self) -> bool {
        match &self.value {
            Value::Text(text) => text.text.contains(char::REPLACEMENT_CHARACTER),
            Value::List(items) => items.iter().any(Self::is_garbled),
            Value::Map(pairs) => pairs.iter().any(Pair::is_garbled),
            Value::Unread => false,
        }
    }

    /// Whether the scalar was quoted.
    #[must_use]
    pub fn is_quoted(&self) -> bool {
        matches!(&self.value, Value::Text(text) if text.quoted)
    }

    /// The items of a list; none for anything else.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The pairs of a mapping; none for anything else.
    #[must_use]
    pub fn pairs(&self) -> &[Pair] {
        match &self.value {
            Value::Map(pairs) => pairs,
            _ => &[],
        }
    }

    /// The first pair with this key.
    #[must_use]
    pub fn pair(&self, key: &str) -> Option<&Pair> {
        self.pairs().iter().find(|pair| &*pair.key == key)
    }

    /// The value of the first pair with this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.pair(key).map(|pair| &pair.node)
    }

    /// What kind of value this is, for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Text(_) if self.is_null() => "nothing",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
            Value::Unread => "a value that cannot be read",
        }
    }
}

impl Pair {
    /// Whether the character for undecodable bytes stands in the key or the value.
    #[must_use]
    pub fn is_garbled(&self) -> bool {
        self.key.contains(char::REPLACEMENT_CHARACTER) || self.node.is_garbled()
    }
}
