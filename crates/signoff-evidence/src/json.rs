//! JSON as the tree that YAML is read into, with the place of every key and text, and no failure: what stands before a
//! mistake is still there.
//!
//! Documents of an API have megabytes of which a few names matter, so the reader asks of each key whether it opens it.

use std::borrow::Cow;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use signoff_model::node::{Pair, Text, Value};
use signoff_model::{Node, Span};

/// Most values that are kept of one file.
const NODES_MAX: usize = 1_000_000;

/// What is kept of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Key and value.
    Open,
    /// The key alone; its value is [`Value::Unread`].
    Name,
    /// Nothing.
    Skip,
}

/// A file as far as it could be read.
pub struct Json {
    /// Its value; `None` for an empty file.
    pub root: Option<Node>,
    /// The line of the mistake that ended the reading, and what it is.
    pub fault: Option<(usize, String)>,
}

/// Keeps every key.
pub fn whole(_: &[Box<str>], _: &str) -> Keep {
    Keep::Open
}

/// Reads a file. `keep` is asked of each key, with the keys around it from the outermost on.
pub fn read(text: &str, keep: fn(&[Box<str>], &str) -> Keep) -> Json {
    let mut state = State { start: text.as_ptr() as usize, size: text.len(), at: 0, path: Vec::new(), nodes: 0, keep };
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut root = unread(Span::default());
    let mut parser = serde_json::Deserializer::from_str(body);
    let outcome = Slot { state: &mut state, node: &mut root }.deserialize(&mut parser).and_then(|()| parser.end());
    let fault = outcome.err().map(|error| (error.line().max(1), words(&error, state.nodes)));
    Json { root: Some(root).filter(|root| !root.is_unread()), fault }
}

fn words(error: &serde_json::Error, nodes: usize) -> String {
    if nodes > NODES_MAX {
        return format!("it has more than {NODES_MAX} values; those from here on are not read");
    }
    if error.is_eof() { "it ends in the middle of a value".into() } else { "it is not JSON from here on".into() }
}

fn unread(span: Span) -> Node {
    Node { span, value: Value::Unread }
}

/// What is known while a file is read.
struct State {
    /// Address of the first byte, from which places are counted.
    start: usize,
    size: usize,
    /// The last place that is known.
    at: usize,
    path: Vec<Box<str>>,
    nodes: usize,
    keep: fn(&[Box<str>], &str) -> Keep,
}

impl State {
    /// The place of a text that was lent from the file; of others the last one that is known.
    fn span(&mut self, text: &str, is_lent: bool) -> Span {
        let start = (text.as_ptr() as usize).checked_sub(self.start).filter(|start| is_lent && *start <= self.size);
        let Some(start) = start else { return Span::at(self.at) };
        self.at = start;
        Span::new(start, start + text.len())
    }

    fn plain(&self, text: &str) -> Node {
        Node::plain(text, Span::at(self.at))
    }
}

/// Reads one value into its place. What is there when a mistake ends the reading stays there.
struct Slot<'s> {
    state: &'s mut State,
    node: &'s mut Node,
}

impl<'de> DeserializeSeed<'de> for Slot<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.state.nodes += 1;
        if self.state.nodes > NODES_MAX {
            return Err(D::Error::custom("too many values"));
        }
        deserializer.deserialize_any(self)
    }
}

impl Slot<'_> {
    fn text(self, text: &str, is_lent: bool) {
        let span = self.state.span(text, is_lent);
        let value = Value::Text(Text { text: text.into(), quoted: true, block: false });
        *self.node = Node { span, value };
    }
}

impl<'de> Visitor<'de> for Slot<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<(), E> {
        self.text(text, true);
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.text(text, false);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        *self.node = self.state.plain(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        *self.node = self.state.plain(&value.to_string());
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        *self.node = self.state.plain(&value.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        *self.node = self.state.plain(&value.to_string());
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        *self.node = self.state.plain("null");
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.node.span = Span::at(self.state.at);
        self.node.value = Value::List(Vec::new());
        let Value::List(list) = &mut self.node.value else { return Ok(()) };
        loop {
            let mut node = unread(Span::at(self.state.at));
            let item = items.next_element_seed(Slot { state: self.state, node: &mut node });
            // The place of an item is where its first text stands.
            if !node.is_unread() || matches!(item, Ok(Some(()))) {
                node.span = first_place(&node);
                list.push(node);
            }
            if item?.is_none() {
                return Ok(());
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        self.node.span = Span::at(self.state.at);
        self.node.value = Value::Map(Vec::new());
        let Value::Map(pairs) = &mut self.node.value else { return Ok(()) };
        while let Some((key, key_span)) = entries.next_key_seed(Key(self.state))? {
            let keep = (self.state.keep)(&self.state.path, &key);
            if keep == Keep::Skip {
                entries.next_value::<IgnoredAny>()?;
                continue;
            }
            pairs.push(Pair { key: key.as_ref().into(), key_span, node: unread(Span::at(self.state.at)) });
            let Some(pair) = pairs.last_mut() else { return Ok(()) };
            if keep == Keep::Name {
                self.state.nodes += 1;
                entries.next_value::<IgnoredAny>()?;
                continue;
            }
            self.state.path.push(key.as_ref().into());
            entries.next_value_seed(Slot { state: self.state, node: &mut pair.node })?;
            self.state.path.pop();
        }
        Ok(())
    }
}

/// Where the first key or text of a value stands.
fn first_place(node: &Node) -> Span {
    match &node.value {
        Value::Map(pairs) => pairs.first().map_or(node.span, |pair| pair.key_span),
        Value::List(items) => items.first().map_or(node.span, |item| item.span),
        Value::Text(_) | Value::Unread => node.span,
    }
}

/// Reads a key with its place.
struct Key<'s>(&'s mut State);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = (Cow<'de, str>, Span);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key<'_> {
    type Value = (Cow<'de, str>, Span);

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        let span = self.0.span(text, true);
        Ok((Cow::Borrowed(text), span))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        let span = self.0.span(text, false);
        Ok((Cow::Owned(text.to_owned()), span))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_and_text_has_its_place() {
        let text = "{\n \"a\": [1, true, null, \"x\"],\n \"b\": {\"c\": \"d\\n\"}\n}";
        let read = read(text, whole);
        assert_eq!(read.fault, None);
        let root = read.root.expect("a mapping");
        let b = root.pair("b").expect("a pair");
        assert_eq!((b.key_span.of(text), b.node.get("c").and_then(Node::text)), ("b", Some("d\n")));
        let items = root.get("a").expect("a list").items();
        assert_eq!(items.iter().map(Node::text).collect::<Vec<_>>(), [Some("1"), Some("true"), None, Some("x")]);
        assert_eq!(items[3].span.of(text), "x");
    }

    #[test]
    fn what_stands_before_a_mistake_is_kept() {
        let cases = [
            ("", None, Some((1, "it ends in the middle of a value"))),
            ("{\"a\": \"x\"", Some("x"), Some((1, "it ends in the middle of a value"))),
            ("{\"a\": \"x\",\n \"b\": }", Some("x"), Some((2, "it is not JSON from here on"))),
            ("{\"a\": \"x\"} {}", Some("x"), Some((1, "it is not JSON from here on"))),
            ("\u{feff}{\"a\": \"x\"}", Some("x"), None),
        ];
        for (text, value, fault) in cases {
            let read = read(text, whole);
            assert_eq!(read.root.as_ref().and_then(|root| root.get("a")?.text()), value, "{text}");
            assert_eq!(read.fault, fault.map(|(line, words)| (line, words.to_owned())), "{text}");
        }
        let cut = read("[{\"a\": \"x\"}, {\"a\": \"y\", \"b\"", whole).root.expect("a list");
        assert_eq!(cut.items().iter().filter_map(|item| item.get("a")?.text()).collect::<Vec<_>>(), ["x", "y"]);
    }

    #[test]
    fn what_is_not_asked_for_is_not_kept() {
        let keep = |path: &[Box<str>], key: &str| match (path.len(), key) {
            (0, "a") => Keep::Open,
            (1, _) => Keep::Name,
            _ => Keep::Skip,
        };
        let root = read("{\"b\": {\"c\": 1}, \"a\": {\"d\": {\"e\": 2}}}", keep).root.expect("a mapping");
        assert_eq!(root.pairs().len(), 1);
        let named = &root.get("a").expect("a mapping").pairs()[0];
        assert_eq!((&*named.key, named.node.is_unread()), ("d", true));
    }

    #[test]
    fn the_number_of_values_and_their_depth_are_bounded() {
        let many = read(&format!("[{}1]", "1,".repeat(NODES_MAX)), whole);
        assert!(many.fault.expect("a fault").1.contains("more than"));
        let deep = read(&"[".repeat(100_000), whole);
        assert!(deep.fault.is_some());
    }
}
