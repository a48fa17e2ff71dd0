//! YAML 1.2 with every span and comment kept, scalars as text, and no failure: what cannot be read
//! is a [`Fault`], and what stands before and after it is still there.
//!
//! Limits: nesting of [`DEPTH_MAX`], [`NODES_MAX`] nodes in a file, aliases expanded included.
//! Merge keys (`<<`, YAML 1.1) are expanded, as the readers of this format have always done.

use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle};
use rustc_hash::FxHashMap;

use crate::node::{Node, Pair, Text, Value};
use crate::span::Span;

mod documents;
mod salvage;
mod syntax;

pub use syntax::Mistake;

/// Deepest nesting that is read.
pub const DEPTH_MAX: usize = 64;
/// Most nodes that one file may have, those of expanded aliases included; those in an anchor count once more for each.
pub const NODES_MAX: usize = 100_000;
/// Most nodes that all documents of one file may have together.
const ALL_NODES_MAX: usize = 1_000_000;
const TOO_MANY: &str = "more than 100,000 values";

/// A YAML file as far as it could be read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Yaml {
    /// The first document's value; `None` for an empty file.
    pub root: Option<Node>,
    /// Every comment, in file order, `#` included.
    pub comments: Vec<Span>,
    /// What could not be read.
    pub faults: Vec<Fault>,
}

/// Something wrong with the syntax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub span: Span,
    /// What kind.
    pub kind: FaultKind,
}

/// What can be wrong with a YAML file's syntax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Not YAML from here on.
    Syntax(Mistake),
    /// A key that the same mapping already has; the span of the first.
    DuplicateKey(Box<str>, Span),
    /// An alias without an anchor.
    UnknownAlias,
    /// A key that is a list or a mapping.
    ComplexKey,
    /// More than one document in the file.
    SecondDocument,
    /// Nested too deeply, or too many nodes.
    Limit(&'static str),
}

/// Reads the first document of a YAML file. Never fails.
#[must_use]
pub fn parse(text: &str) -> Yaml {
    read(text, NODES_MAX).0
}

/// Reads every document of a YAML file, those without content left out. Never fails: a fault in one hides no other.
#[must_use]
pub fn parse_all(text: &str) -> Vec<Yaml> {
    let mut left = ALL_NODES_MAX;
    let mut read_one = |range: Range<usize>| {
        let (mut yaml, nodes) = read(&text[range.clone()], left.min(NODES_MAX));
        left = left.saturating_sub(nodes);
        yaml.move_by(range.start);
        yaml
    };
    let found = documents::ranges(text).into_iter().map(&mut read_one);
    found.filter(|yaml| yaml.root.as_ref().is_some_and(|root| !root.is_null()) || !yaml.faults.is_empty()).collect()
}

/// Reads a document of at most so many nodes; also tells how many it has.
fn read(text: &str, nodes_max: usize) -> (Yaml, usize) {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let shift = text.len() - body.len();
    let mut builder = Builder { shift, nodes_max, ..Builder::default() };
    let options = granit_parser::options! { emit_unresolved_aliases: true, max_buffered_comment_events: 4096 };
    let mut parser = Parser::new_from_str_with_options(body, options);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => {
                let span = span
                    .byte_range()
                    .map_or_else(Span::default, |range| Span::new(range.start + shift, range.end + shift));
                if builder.is_behind_tab(&event, span, text) {
                    builder.broken(text, span.start as usize, "a tab in the indentation");
                    break;
                }
                if !builder.event(event, span, text) {
                    break;
                }
            }
            Err(error) => {
                let offset = error.marker().byte_offset().unwrap_or(body.len()) + shift;
                // Its display would add a place, which the span has; an editor would show two.
                builder.broken(text, offset, &error.info());
                break;
            }
        }
    }
    let nodes = builder.nodes;
    (builder.finish(), nodes)
}

impl Yaml {
    /// Moves every place, as what was read stands behind so many bytes.
    fn move_by(&mut self, bytes: usize) {
        if bytes == 0 {
            return;
        }
        self.root.iter_mut().for_each(|root| move_node(root, bytes));
        self.comments.iter_mut().for_each(|span| *span = moved(*span, bytes));
        for fault in &mut self.faults {
            fault.span = moved(fault.span, bytes);
            if let FaultKind::DuplicateKey(_, first) = &mut fault.kind {
                *first = moved(*first, bytes);
            }
        }
    }
}

fn moved(span: Span, bytes: usize) -> Span {
    Span::new(span.start as usize + bytes, span.end as usize + bytes)
}

fn move_node(node: &mut Node, bytes: usize) {
    node.span = moved(node.span, bytes);
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| move_node(item, bytes)),
        Value::Map(pairs) => {
            for pair in pairs {
                pair.key_span = moved(pair.key_span, bytes);
                move_node(&mut pair.node, bytes);
            }
        }
        Value::Text(_) | Value::Unread => {}
    }
}

#[derive(Default)]
struct Builder {
    yaml: Yaml,
    open: Vec<Frame>,
    anchors: FxHashMap<usize, Node>,
    nodes: usize,
    nodes_max: usize,
    documents: usize,
    shift: usize,
}

struct Frame {
    node: Node,
    anchor: usize,
    key: Option<(Box<str>, Span)>,
    keys: Keys,
    /// What merge keys bring: it comes behind, since a key of the mapping itself wins.
    merged: Vec<Pair>,
}

/// The keys of a long mapping, each with its first place.
#[derive(Default)]
struct Keys {
    first: FxHashMap<Box<str>, Span>,
    /// How many pairs of the mapping were taken in.
    pairs: usize,
}

impl Keys {
    /// Where a key stands first among the pairs, which only grow from call to call.
    fn first(&mut self, pairs: &[Pair], key: &str) -> Option<Span> {
        const SHORT: usize = 16;
        if pairs.len() <= SHORT {
            return pairs.iter().find(|pair| &*pair.key == key).map(|pair| pair.key_span);
        }
        for pair in &pairs[self.pairs..] {
            self.first.entry(pair.key.clone()).or_insert(pair.key_span);
        }
        self.pairs = pairs.len();
        self.first.get(key).copied()
    }
}

impl Builder {
    /// Whether a tab stands among the spaces that indent a key or the dash of an item: the parser lets it pass, and
    /// other readers of YAML do not.
    fn is_behind_tab(&self, event: &Event<'_>, span: Span, text: &str) -> bool {
        let starts_node =
            matches!(event, Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..) | Event::Alias(..));
        // Only the start of what stands in brackets has a width; there tabs are white space.
        let Some(frame) = self.open.last().filter(|frame| starts_node && frame.node.span.is_empty()) else {
            return false;
        };
        let line = line_before(span, text);
        let own = line.trim_start_matches([' ', '\t']);
        let indents = match &frame.node.value {
            Value::Map(_) => frame.key.is_none(),
            _ => own.starts_with('-'),
        };
        indents && line[..line.len() - own.len()].contains('\t')
    }

    /// Takes one event; false ends the reading.
    fn event(&mut self, event: Event<'_>, span: Span, text: &str) -> bool {
        match event {
            Event::Comment(..) => self.yaml.comments.push(span),
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents == 2 {
                    self.fault(span, FaultKind::SecondDocument);
                    return false;
                }
            }
            Event::Scalar(value, style, anchor, _) => {
                return self.scalar(&value, style, anchor, tight(span, style, text));
            }
            Event::SequenceStart(_, anchor, _) => {
                // Brackets have a width; the start of other lists has none.
                let span = if span.is_empty() && self.is_value() { from_dash(span, text) } else { span };
                return self.start(Value::List(Vec::new()), anchor, span);
            }
            Event::MappingStart(_, anchor, _) => return self.start(Value::Map(Vec::new()), anchor, span),
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(id) => return self.alias(id, span),
            Event::UnresolvedAlias(_) => {
                self.fault(span, FaultKind::UnknownAlias);
                return self.add(Node::plain(span.of(text), span), 0);
            }
            _ => {}
        }
        true
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, anchor: usize, span: Span) -> bool {
        // Of a key or a value that is not written the parser says `~`.
        let value = if style == ScalarStyle::Plain && span.is_empty() { "" } else { value };
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let text = Text { text: value.into(), quoted: style != ScalarStyle::Plain, block };
        self.add(Node { span, value: Value::Text(text) }, anchor)
    }

    /// Whether what comes next is the value of a key.
    fn is_value(&self) -> bool {
        self.open.last().is_some_and(|frame| frame.key.is_some())
    }

    fn start(&mut self, value: Value, anchor: usize, span: Span) -> bool {
        if self.open.len() >= DEPTH_MAX {
            self.fault(span, FaultKind::Limit("nested deeper than 64 levels"));
            return false;
        }
        let node = Node { span, value };
        self.open.push(Frame { node, anchor, key: None, keys: Keys::default(), merged: Vec::new() });
        true
    }

    fn end(&mut self, span: Span) {
        let Some(mut frame) = self.open.pop() else { return };
        let mut node = frame.node;
        let place = |pair: &Pair| pair.node.span.cover(pair.key_span);
        let last = match &node.value {
            Value::List(items) => items.last().map(|item| item.span),
            Value::Map(pairs) => pairs.last().into_iter().chain(frame.merged.last()).map(place).reduce(Span::cover),
            Value::Text(_) | Value::Unread => None,
        };
        // A block collection "ends" where the next token starts: its last item's end is what people mean.
        let end = if span.is_empty() { last.unwrap_or(node.span) } else { span };
        node.span = node.span.cover(end);
        if let Some(first) = node.pairs().first().map(|pair| pair.key_span.start) {
            node.span.start = node.span.start.min(first);
        }
        if let Value::Map(pairs) = &mut node.value {
            let without_value = frame.key.map(|(key, _)| key);
            for pair in frame.merged {
                if frame.keys.first(pairs, &pair.key).is_none() && without_value.as_ref() != Some(&pair.key) {
                    pairs.push(pair);
                }
            }
        }
        self.add(node, frame.anchor);
    }

    fn alias(&mut self, id: usize, span: Span) -> bool {
        let Some(mut node) = self.anchors.get(&id).cloned() else {
            self.fault(span, FaultKind::UnknownAlias);
            return self.add(Node::plain("", span), 0);
        };
        self.nodes += count(&node);
        node.span = span;
        self.add(node, 0)
    }

    fn add(&mut self, node: Node, anchor: usize) -> bool {
        // What has an anchor is kept twice: each of many around each other holds all that is inside.
        self.nodes += 1 + if anchor == 0 { 0 } else { count(&node) };
        if self.nodes > self.nodes_max {
            self.fault(node.span, FaultKind::Limit(TOO_MANY));
            self.open.clear();
            return false;
        }
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        self.place(node);
        true
    }

    fn place(&mut self, node: Node) {
        let Some(frame) = self.open.last_mut() else {
            self.yaml.root.get_or_insert(node);
            return;
        };
        match &mut frame.node.value {
            Value::List(items) => items.push(node),
            Value::Map(pairs) => match frame.key.take() {
                Some((key, key_span)) if &*key == "<<" && !matches!(node.value, Value::Text(_)) => {
                    merge(&mut frame.merged, &node, key_span);
                }
                Some((key, key_span)) => pairs.push(Pair { key, key_span, node }),
                None => self.key(&node),
            },
            Value::Text(_) | Value::Unread => {}
        }
    }

    fn key(&mut self, node: &Node) {
        let text: Box<str> = match &node.value {
            Value::Text(text) => text.text.clone(),
            Value::List(_) | Value::Map(_) | Value::Unread => {
                self.fault(node.span, FaultKind::ComplexKey);
                Box::from("")
            }
        };
        let Some(frame) = self.open.last_mut() else { return };
        if let Some(first) = frame.keys.first(frame.node.pairs(), &text) {
            let kind = FaultKind::DuplicateKey(text.clone(), first);
            self.yaml.faults.push(Fault { span: node.span, kind });
        }
        frame.key = Some((text, node.span));
    }

    fn fault(&mut self, span: Span, kind: FaultKind) {
        self.yaml.faults.push(Fault { span, kind });
    }

    /// Keeps what was read whole before a syntax error, and the simple `key: value` lines behind it.
    fn broken(&mut self, text: &str, offset: usize, words: &str) {
        let offset = text.floor_char_boundary(offset.min(text.len()));
        let (span, mistake) = syntax::explain(text, offset, words);
        self.fault(span, FaultKind::Syntax(mistake));
        let inside = self.open.len() > 1;
        while !self.open.is_empty() {
            self.end(Span::default());
        }
        if self.yaml.root.as_ref().is_none_or(Node::is_null) {
            self.yaml.root = Some(Node { span: Span::at(self.shift), value: Value::Map(Vec::new()) });
        }
        let Some(Node { value: Value::Map(pairs), .. }) = &mut self.yaml.root else { return };
        if let Some(last) = pairs.last_mut() {
            // Of a value that the error cut off, or that ends in its line, nobody knows the rest.
            let same_line = !text.get(last.node.span.end as usize..offset).is_some_and(|rest| rest.contains('\n'));
            if inside || same_line {
                last.node.value = Value::Unread;
            }
        }
        let whole = salvage::pairs(pairs, text, self.nodes_max.saturating_sub(self.nodes));
        if !whole {
            self.fault(span, FaultKind::Limit(TOO_MANY));
        }
    }

    fn finish(mut self) -> Yaml {
        while !self.open.is_empty() {
            self.end(Span::default());
        }
        self.yaml
    }
}

fn count(node: &Node) -> usize {
    match &node.value {
        Value::Text(_) | Value::Unread => 1,
        Value::List(items) => 1 + items.iter().map(count).sum::<usize>(),
        Value::Map(pairs) => 1 + pairs.iter().map(|pair| count(&pair.node)).sum::<usize>(),
    }
}

fn merge(merged: &mut Vec<Pair>, node: &Node, key_span: Span) {
    for pair in node.pairs() {
        let node = Node { span: node.span, value: pair.node.value.clone() };
        merged.push(Pair { key: pair.key.clone(), key_span, node });
    }
    for item in node.items() {
        merge(merged, item, key_span);
    }
}

/// A list that is not indented below its key is said to begin behind the dash of its first item.
fn from_dash(span: Span, text: &str) -> Span {
    let line = line_before(span, text);
    let first = line.trim_start();
    if first.starts_with('-') { Span::at(span.start as usize - first.len()) } else { span }
}

/// What stands before a place in its line.
fn line_before(span: Span, text: &str) -> &str {
    let before = &text[..span.start as usize];
    &before[before.rfind('\n').map_or(0, |newline| newline + 1)..]
}

/// A plain scalar's span may run over the white space behind it; a value's place is its text. To YAML a no-break space
/// and the like are text.
fn tight(span: Span, style: ScalarStyle, text: &str) -> Span {
    if style != ScalarStyle::Plain {
        return span;
    }
    let raw = span.of(text);
    let trimmed = raw.trim_end_matches([' ', '\t', '\r', '\n']);
    Span::new(span.start as usize, span.start as usize + trimmed.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of<'a>(yaml: &'a Yaml, key: &str) -> Option<&'a str> {
        yaml.root.as_ref()?.get(key)?.text()
    }

    #[test]
    fn scalars_stay_text_with_their_span() {
        let text = "number: 0752\nrelease: \"1.30\" # the release\nflag: yes\ndate: 2023-14-05\nnothing:\n";
        let yaml = parse(text);
        assert!(yaml.faults.is_empty(), "{:?}", yaml.faults);
        for (key, value, raw) in [
            ("number", "0752", "0752"),
            ("release", "1.30", "\"1.30\""),
            ("flag", "yes", "yes"),
            ("date", "2023-14-05", "2023-14-05"),
        ] {
            let node = yaml.root.as_ref().and_then(|root| root.get(key));
            assert_eq!(node.and_then(Node::text), Some(value));
            assert_eq!(node.map(|node| node.span.of(text)), Some(raw));
        }
        assert_eq!(text_of(&yaml, "nothing"), None);
        assert_eq!(yaml.comments.iter().map(|span| span.of(text)).collect::<Vec<_>>(), ["# the release"]);
    }

    #[test]
    fn a_value_ends_where_its_text_ends() {
        for value in ["a\u{a0}", "\u{2028}", "b\u{85}", "c \u{3000}"] {
            let text = format!("key: {value} \t\n");
            let yaml = parse(&text);
            let node = yaml.root.as_ref().and_then(|root| root.get("key")).expect("a value");
            assert_eq!((node.text(), node.span.of(&text)), (Some(value), value));
        }
    }

    #[test]
    fn what_is_not_written_has_no_text() {
        let yaml = parse("a:\nb: ~\nc: [{d}, {: e}]\nf:\n  -\n: g\n");
        let root = yaml.root.as_ref().expect("a mapping");
        let written = |node: &Node| match &node.value {
            Value::Text(text) => text.text.to_string(),
            _ => panic!("no text: {node:?}"),
        };
        let node = |key| root.get(key).expect("a value");
        let flow = node("c").items();
        assert_eq!([node("a"), node("b"), &node("f").items()[0]].map(written), ["", "~", ""]);
        assert_eq!((written(&flow[0].pairs()[0].node).as_str(), &*flow[1].pairs()[0].key), ("", ""));
        assert_eq!(root.pairs().last().map(|pair| &*pair.key), Some(""));
        let space = parse("a: \u{a0}\n");
        assert_eq!(text_of(&space, "a"), Some("\u{a0}"));
    }

    #[test]
    fn block_collections_end_with_their_last_item() {
        let text = "list:\n  - a\n  - b\n\n# c\nmap:\n  x: 1\n";
        let yaml = parse(text);
        let root = yaml.root.expect("a mapping");
        assert_eq!(root.get("list").map(|node| node.span.of(text)), Some("- a\n  - b"));
        assert_eq!(root.get("map").map(|node| node.span.of(text)), Some("x: 1"));
    }

    #[test]
    fn lists_begin_with_the_dash_of_their_first_item() {
        let cases = [
            ("a:\n- b\n- c\n", "- b\n- c"),
            ("a:\n-\n- c\n", "-\n- c"),
            ("a:\n- # d\n  b\n", "- # d\n  b"),
            ("a:\n-   - b\n    - c\n", "-   - b\n    - c"),
            ("a: &d\n# e\n- b: c\n  d: e\n", "- b: c\n  d: e"),
            ("a:\n    - b\n", "- b"),
            ("a: [b]\n", "[b]"),
            ("a:\n- c\n-b: [d]\n", "- c"),
            ("? a\n: - b\n", "- b"),
        ];
        for (text, expected) in cases {
            let root = parse(text).root.expect("a mapping");
            assert_eq!(root.get("a").map(|node| node.span.of(text)), Some(expected), "{text:?}");
        }
        let brackets = parse("- a: [b]\n").root.expect("a list");
        assert_eq!(brackets.items()[0].get("a").map(|node| node.span), Some(Span::new(5, 8)));
        let nested = parse("a:\n-   - b\n    - c\n").root.expect("a mapping");
        assert_eq!(nested.get("a").map(|node| node.items()[0].span), Some(Span::new(7, 18)));
    }

    #[test]
    fn faults_do_not_hide_the_rest() {
        let cases = [
            ("status: a\nstatus: b\n", "status", Some("a"), "DuplicateKey"),
            ("title: x\nlist: [a, b\nstatus: a\n", "status", Some("a"), "Syntax"),
            ("title: x\nvalue: y\n\tbad: y\nstatus: a\n", "title", Some("x"), "Syntax"),
            ("title: x\nvalue: y\n\tbad: y\nstatus: a\n", "value", None, "Syntax"),
            ("title: x\nlist:\n  - a\n  - @b\n", "list", None, "Syntax"),
            ("title: a: b\n", "title", None, "Syntax"),
            ("a: *nope\nstatus: a\n", "status", Some("a"), "UnknownAlias"),
            ("title: x\n---\ntitle: y\n", "title", Some("x"), "SecondDocument"),
            ("? [a]\n: b\nstatus: a\n", "status", Some("a"), "ComplexKey"),
            ("b: &b {x: 1}\n<<: *b\nx: @\n", "x", None, "Syntax"),
        ];
        for (text, key, value, fault) in cases {
            let yaml = parse(text);
            assert_eq!(text_of(&yaml, key), value, "{text:?} {yaml:?}");
            let found = format!("{:?}", yaml.faults.first().map(|fault| &fault.kind));
            assert!(found.contains(fault), "{text:?}: {found}");
            assert!(!found.contains(" line "), "the words name no place: {found}");
        }
    }

    #[test]
    fn every_document_of_a_file_is_read() {
        let text =
            "\u{feff}%YAML 1.2\n---\na: 1 # one\n--- # nothing\n---\nb: [\n--- {c: |x}\n---\nd: |\n  ---\n  e\nd: 3\n";
        let documents = parse_all(text);
        let places: Vec<(&str, Vec<&str>)> = documents.iter().map(|yaml| shown(yaml, text)).collect();
        assert_eq!(places, [("a", vec![]), ("b", vec!["["]), ("", vec!["|"]), ("d", vec!["d"])], "{documents:#?}");
        assert_eq!(documents[0].comments[0].of(text), "# one");
        let FaultKind::DuplicateKey(_, first) = &documents[3].faults[0].kind else { panic!("{documents:#?}") };
        assert_eq!(
            (first.of(text), documents[3].root.as_ref().and_then(|root| root.get("d")?.text())),
            ("d", Some("---\ne\n"))
        );
        assert_eq!(parse_all(""), Vec::new());
        assert_eq!(parse_all("---\n---\n# nothing\n"), Vec::new());
    }

    /// The first key of a document, and what its faults are at, as they stand in the file.
    fn shown<'t>(yaml: &Yaml, text: &'t str) -> (&'t str, Vec<&'t str>) {
        let first = yaml.root.as_ref().and_then(|root| Some(root.pairs().first()?.key_span.of(text)));
        (first.unwrap_or_default(), yaml.faults.iter().map(|fault| fault.span.of(text)).collect())
    }

    #[test]
    fn all_documents_share_one_limit() {
        let aliases = "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n---\n";
        let documents = parse_all(&aliases.repeat(2000));
        let read = documents.iter().filter(|yaml| yaml.faults.is_empty()).count();
        assert!((100..1000).contains(&read), "{read}");
    }

    #[test]
    fn tabs_that_indent_are_errors() {
        for text in [
            "a:\n \t- b\n",
            "a:\n  \tb: c\n",
            "a:\n \t- b: c\n",
            "a:\n \t-\n",
            " \ta: b\n",
            "a:\n \t- [b]\n",
            "a: &b c\nd:\n \t- *b\n",
        ] {
            let yaml = parse(text);
            let [Fault { span, kind: FaultKind::Syntax(mistake) }] = yaml.faults.as_slice() else {
                panic!("{text:?}: {:?}", yaml.faults);
            };
            assert_eq!((span.of(text), mistake.remedy.as_deref()), ("\t", Some("use spaces")), "{text:?}");
        }
        let white_space = [
            "a: [b,\n\tc]\n",
            "a:\tb\n",
            "a: b\n \t# c\n",
            "a: {b: c,\n\td: e}\n",
            "a: |\n  b\n  \t- c\n",
            "a:\n  -\tb\n",
        ];
        for text in white_space {
            assert_eq!(parse(text).faults, [], "{text:?}");
        }
    }

    #[test]
    fn aliases_are_bounded() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..12 {
            let inner = vec![format!("*a{}", level - 1); 10].join(", ");
            text.push_str(&format!("a{level}: &a{level} [{inner}]\n"));
        }
        let yaml = parse(&text);
        assert!(matches!(yaml.faults.last().map(|fault| &fault.kind), Some(FaultKind::Limit(_))));
    }

    #[test]
    fn anchors_around_each_other_are_bounded() {
        let nested = |count: usize| {
            let open: String = (0..60).map(|level| format!("&a{level} [")).collect();
            parse(&format!("a: {open}{}{}\nb: *a0\n", "x, ".repeat(count), "]".repeat(60)))
        };
        assert_eq!(nested(500).faults, []);
        assert!(matches!(nested(5_000).faults.last().map(|fault| &fault.kind), Some(FaultKind::Limit(_))));
    }

    #[test]
    fn merge_keys_are_expanded() {
        let yaml = parse("base: &b {x: 1, y: 2}\nmine:\n  <<: *b\n  y: 3\n");
        let mine = yaml.root.as_ref().and_then(|root| root.get("mine"));
        assert_eq!(mine.and_then(|node| node.get("x")).and_then(Node::text), Some("1"));
    }

    #[test]
    fn a_mapping_covers_its_merge_keys() {
        for mapping in ["<<: *b", "<<: {y: 2}", "y: 2\n  <<: *b", "<<: *b\n  y: 2"] {
            let text = format!("base: &b {{x: 1}}\nmine:\n  {mapping}\nlast: 1\n");
            let yaml = parse(&text);
            let mine = yaml.root.as_ref().and_then(|root| root.get("mine")).expect("a mapping");
            assert_eq!(mine.span.of(&text), mapping);
        }
    }

    #[test]
    fn a_text_behind_a_merge_key_is_not_lost() {
        let yaml = parse("<<: x\na: b\n");
        assert_eq!((text_of(&yaml, "<<"), text_of(&yaml, "a")), (Some("x"), Some("b")));
    }

    #[test]
    fn a_key_of_the_mapping_itself_wins_over_a_merged_one() {
        let yaml = parse("base: &b {x: 1, y: 2}\nmine:\n  <<: *b\n  y: 3\n");
        let mine = yaml.root.as_ref().and_then(|root| root.get("mine")).expect("a mapping");
        assert_eq!((mine.get("y").and_then(Node::text), mine.pairs().len()), (Some("3"), 2));
    }

    /// Each was compared with all before it: minutes at this size.
    #[test]
    fn many_keys_are_read_once() {
        let keys: String = (0..90_000).map(|key| format!("k{key}: x\n")).collect();
        let broken = parse(&format!("a: b: c\n{keys}"));
        assert_eq!(broken.root.map(|root| root.pairs().len()), Some(90_001));
        let half: String = (0..20_000).map(|key| format!("k{key}: x\n  ")).collect();
        let merged = parse(&format!("a: &a\n  {half}\nb:\n  <<: *a\n"));
        assert_eq!(merged.root.as_ref().and_then(|root| root.get("b")).map(|b| b.pairs().len()), Some(20_000));
        let twice = parse(&format!("{}{}", &keys[..200_000], "k9000: y\n".repeat(20_000)));
        assert!(twice.faults.len() >= 20_000);
        let many = parse(&format!("a: b: c\n{keys}{}", keys.replace('k', "l")));
        assert!(matches!(many.faults.last().map(|fault| &fault.kind), Some(FaultKind::Limit(_))));
    }
}
