//! Setting a field of a metadata file, or an entry of one, as its author would.
//!
//! [`set`] finds the place: a value that is there, a key without a value, a key that is commented out, or the place
//! where the process writes the key. What it would change is read again before it is given out, so that an edit
//! never changes anything else.

use signoff_model::Span;
use signoff_model::edit::{self, Edit};
use signoff_model::metadata::{self, Metadata};
use signoff_model::node::{Node, Pair, Value};
use signoff_model::profile::{Meaning, MetadataFormat, Prepared, Syntax};
use signoff_model::source::{self, Encoding, Source};

use super::line_end;

/// A file of fields.
#[derive(Clone, Copy)]
pub struct File<'a> {
    /// Its text.
    pub source: &'a Source,
    /// What it says.
    pub metadata: &'a Metadata,
    /// How it is written.
    pub format: &'a MetadataFormat,
}

/// A key, and the keys among which it stands.
#[derive(Clone, Copy)]
pub struct Key<'a> {
    /// The key.
    pub name: &'a str,
    /// The keys of its mapping in the order in which the process writes them.
    pub order: &'a [&'a str],
}

/// Why a field cannot be set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// The file has faults.
    #[error("{path} cannot be read whole; mend it first")]
    Unread {
        /// The file.
        path: String,
    },
    /// The value has a form that is left alone.
    #[error("the value of {key} in {path} has a form that is not changed; write it by hand")]
    Form {
        /// The file.
        path: String,
        /// The key.
        key: String,
    },
}

/// The fields of a proposal in the order in which templates have them: where a missing one is put.
const ORDER: &[Meaning] = &[
    Meaning::Title,
    Meaning::Number,
    Meaning::Authors,
    Meaning::Group,
    Meaning::Status,
    Meaning::Created,
    Meaning::Reviewers,
    Meaning::Approvers,
    Meaning::Related,
    Meaning::Requires,
    Meaning::Supersedes,
    Meaning::SupersededBy,
    Meaning::Stage,
    Meaning::LatestMilestone,
    Meaning::Milestones,
    Meaning::Gates,
    Meaning::CanDisable,
    Meaning::Metrics,
];

/// The names of the fields in the order in which they are written.
#[must_use]
pub fn order(prepared: &Prepared) -> Vec<&str> {
    ORDER.iter().filter_map(|meaning| prepared.field_named(*meaning)).collect()
}

/// The edit that sets a field, or an entry of it, to a value.
///
/// # Errors
/// When the file has faults, or the value stands in a form that is left alone.
pub fn set(file: File<'_>, field: Key<'_>, entry: Option<Key<'_>>, value: &str) -> Result<Edit, Unwritable> {
    let path = || file.source.path.to_string();
    if !file.metadata.is_complete() || matches!(file.metadata.encoding, Encoding::Utf16 | Encoding::Invalid(_)) {
        return Err(Unwritable::Unread { path: path() });
    }
    let form = || Unwritable::Form { path: path(), key: entry.map_or(field.name, |entry| entry.name).to_owned() };
    let edit = match file.format.syntax {
        Syntax::Yaml => place(file, field, entry, value),
        Syntax::Header => header(file, field, entry, value),
    };
    edit.filter(|edit| is_exact(file, edit, field.name, entry.map(|entry| entry.name), value)).ok_or_else(form)
}

/// Where the value goes in a YAML file; `None` for a form that is left alone.
fn place(file: File<'_>, field: Key<'_>, entry: Option<Key<'_>>, value: &str) -> Option<Edit> {
    let root = &file.metadata.root;
    let written = root.pair(field.name);
    match (written, entry) {
        (Some(pair), None) => replace(file, pair, value, style(file, &alike(root, &pair.key, value))),
        (Some(pair), Some(entry)) => set_entry(file, pair, entry, value),
        (None, entry) => {
            let value = spelt(value, style(file, &alike(root, field.name, value)));
            let lines = match entry {
                None => vec![format!("{}: {value}", field.name)],
                Some(entry) => {
                    let indent = " ".repeat(child_indent(file));
                    vec![format!("{}:", field.name), format!("{indent}{}: {value}", entry.name)]
                }
            };
            let whole = Span::new(0, file.source.text.len());
            Some(match commented_out(&file.source.text, whole, field.name, 0) {
                Some(line) => Edit::new(line, lines.join(line_end(&file.source.text))),
                None => insert(file, root.pairs(), field, &lines),
            })
        }
    }
}

/// Sets an entry of a mapping that is there.
fn set_entry(file: File<'_>, parent: &Pair, entry: Key<'_>, value: &str) -> Option<Edit> {
    let root = &file.metadata.root;
    let pairs = parent.node.pairs();
    let own = |pair: &&Pair| &*pair.key != entry.name;
    let siblings: Vec<&Node> = pairs.iter().filter(own).map(|pair| &pair.node).filter(|node| !node.is_null()).collect();
    let siblings = if siblings.is_empty() { alike(root, &parent.key, value) } else { siblings };
    let quote = style(file, &siblings);
    if let Some(pair) = parent.node.pair(entry.name) {
        return replace(file, pair, value, quote);
    }
    let value = spelt(value, quote);
    let text = &file.source.text;
    let is_flow = matches!(text.as_bytes().get(parent.node.span.start as usize), Some(b'{'));
    if let (Some(last), true) = (pairs.last(), is_flow) {
        return Some(Edit::new(Span::at(content_end(text, last) as usize), format!(", {}: {value}", entry.name)));
    }
    let line = |indent: usize| format!("{}{}: {value}", " ".repeat(indent), entry.name);
    let below = Span::new(line_after(text, parent.key_span.end as usize), region_end(file, parent));
    if let Some(first) = pairs.first() {
        let indent = column(text, first.key_span.start as usize);
        let lines = [line(indent)];
        return Some(match commented_out(text, below, entry.name, indent) {
            Some(commented) => Edit::new(commented, lines.concat()),
            None => insert(file, pairs, entry, &lines),
        });
    }
    if !parent.node.is_blank() {
        return None;
    }
    if !parent.node.span.is_empty() && !file.source.slice(parent.node.span).trim().is_empty() {
        return Some(Edit::new(parent.node.span, format!("{{{}: {value}}}", entry.name)));
    }
    let indent = column(text, parent.key_span.start as usize) + child_indent(file);
    Some(match commented_out(text, below, entry.name, indent) {
        Some(commented) => Edit::new(commented, line(indent)),
        None => Edit::new(
            Span::at(end_of_line(text, parent.key_span.end as usize)),
            format!("{}{}", line_end(text), line(indent)),
        ),
    })
}

/// Replaces a scalar, or writes one behind a key that has none.
fn replace(file: File<'_>, pair: &Pair, value: &str, quote: Option<u8>) -> Option<Edit> {
    let is_scalar = match &pair.node.value {
        Value::Text(text) => !text.block,
        Value::List(_) | Value::Map(_) => pair.node.is_blank(),
        Value::Unread => false,
    };
    if !is_scalar {
        return None;
    }
    let old = file.source.slice(pair.node.span);
    if !old.is_empty() {
        let own = old.bytes().next().filter(|first| matches!(first, b'"' | b'\''));
        return Some(Edit::new(pair.node.span, spelt(value, own)));
    }
    let behind = &file.source.text[pair.key_span.end as usize..];
    let colon = behind.find(':').filter(|colon| behind[..*colon].trim_matches(['"', '\'', ' ']).is_empty())?;
    let at = pair.key_span.end as usize + colon + 1;
    Some(Edit::new(Span::at(at), format!(" {}", spelt(value, quote))))
}

/// New lines behind the last key that stands before this one, else before the first that stands behind it.
fn insert(file: File<'_>, pairs: &[Pair], key: Key<'_>, lines: &[String]) -> Edit {
    let text = &file.source.text;
    let line_end = line_end(text);
    let place = |name: &str| key.order.iter().position(|known| *known == name);
    let own = place(key.name);
    let before = pairs.iter().rfind(|pair| place(&pair.key).zip(own).is_some_and(|(other, own)| other < own));
    let behind = || pairs.iter().find(|pair| place(&pair.key).zip(own).is_some_and(|(other, own)| other > own));
    match before.or(if behind().is_some() { None } else { pairs.last() }) {
        Some(pair) => {
            let at = end_of_line(text, content_end(text, pair) as usize);
            Edit::new(Span::at(at), lines.iter().map(|line| format!("{line_end}{line}")).collect::<String>())
        }
        None => {
            let at = behind().map_or(text.len(), |pair| line_start(text, pair.key_span.start as usize));
            let gap = if at == text.len() && !text.is_empty() && !text.ends_with('\n') { line_end } else { "" };
            let lines: String = lines.iter().map(|line| format!("{line}{line_end}")).collect();
            Edit::new(Span::at(at), format!("{gap}{lines}"))
        }
    }
}

/// The value of a header, which is one line.
fn header(file: File<'_>, field: Key<'_>, entry: Option<Key<'_>>, value: &str) -> Option<Edit> {
    if entry.is_some() || value.contains(['\n', '\r']) {
        return None;
    }
    match file.metadata.root.pair(field.name) {
        Some(pair) if !pair.node.span.is_empty() => Some(Edit::new(pair.node.span, value)),
        Some(_) => None,
        None => Some(insert(file, file.metadata.root.pairs(), field, &[format!("{}: {value}", field.name)])),
    }
}

/// Whether an edit does what it means, and nothing else.
fn is_exact(file: File<'_>, edit: &Edit, field: &str, entry: Option<&str>, value: &str) -> bool {
    let text = edit::apply(&file.source.text, std::slice::from_ref(edit));
    let after = metadata::parse(file.format, &text, file.metadata.encoding);
    let set = after.root.get(field).and_then(|node| match entry {
        Some(entry) => node.get(entry),
        None => Some(node),
    });
    let others = |root: &Node| -> Vec<(Box<str>, String)> {
        let own = |pair: &&Pair| entry.is_some() || &*pair.key != field;
        root.pairs().iter().filter(own).map(|pair| (pair.key.clone(), plain(&pair.node, pair, field, entry))).collect()
    };
    let is_set = set.and_then(Node::text).is_some_and(|text| text.trim() == value);
    let mut before = others(&file.metadata.root);
    let mut now = others(&after.root);
    if entry.is_some() {
        before.retain(|(key, value)| **key != *field || !value.is_empty());
        now.retain(|(key, value)| **key != *field || !value.is_empty());
    }
    after.is_complete() && is_set && before == now
}

/// What a value says, without the entry that is set.
fn plain(node: &Node, pair: &Pair, field: &str, entry: Option<&str>) -> String {
    match (&node.value, entry) {
        (Value::Map(pairs), Some(entry)) if &*pair.key == field => {
            let rest = pairs.iter().filter(|pair| &*pair.key != entry);
            rest.map(|pair| format!("{}={};", pair.key, shape(&pair.node))).collect()
        }
        _ if &*pair.key == field && node.is_blank() => String::new(),
        _ => shape(node),
    }
}

/// A value without its places.
fn shape(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => format!("{:?}", text.text),
        Value::List(items) => format!("[{}]", items.iter().map(shape).collect::<Vec<_>>().join(",")),
        Value::Map(pairs) => {
            let pairs: Vec<String> = pairs.iter().map(|pair| format!("{}:{}", pair.key, shape(&pair.node))).collect();
            format!("{{{}}}", pairs.join(","))
        }
        Value::Unread => "?".to_owned(),
    }
}

/// Values of the file that look like this one, to be quoted alike: where releases are quoted, another one is.
fn alike<'n>(root: &'n Node, own: &str, value: &str) -> Vec<&'n Node> {
    let kind = |text: &str| text.trim_start_matches(['v', 'V']).starts_with(|first: char| first.is_ascii_digit());
    let mut found: Vec<&Node> = Vec::new();
    for pair in root.pairs().iter().filter(|pair| &*pair.key != own) {
        let nodes = std::iter::once(&pair.node).chain(pair.node.pairs().iter().map(|pair| &pair.node));
        found.extend(nodes.filter(|node| node.text().is_some_and(|text| is_word(text) && kind(text) == kind(value))));
    }
    found
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(|character: char| character.is_whitespace() || character == '/')
}

/// The mark that most of these values are quoted with.
fn style(file: File<'_>, siblings: &[&Node]) -> Option<u8> {
    let mark = |node: &&Node| match file.source.slice(node.span).as_bytes().first() {
        Some(quote @ (b'"' | b'\'')) => Some(*quote),
        _ => None,
    };
    let marks: Vec<Option<u8>> = siblings.iter().map(mark).collect();
    let count = |wanted: Option<u8>| marks.iter().filter(|mark| **mark == wanted).count();
    let best = [None, Some(b'"'), Some(b'\'')].into_iter().max_by_key(|mark| (count(*mark), mark.is_none()));
    best.flatten()
}

/// A value as YAML: quoted as asked, and where it must be.
fn spelt(value: &str, quote: Option<u8>) -> String {
    let is_plain = value.starts_with(|first: char| first.is_ascii_alphanumeric())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        && !is_other_type(value);
    match quote {
        None if is_plain => value.to_owned(),
        Some(b'\'') if !value.contains(['\n', '\r']) => format!("'{}'", value.replace('\'', "''")),
        _ => {
            let escaped: String = value
                .chars()
                .map(|character| match character {
                    '"' => "\\\"".to_owned(),
                    '\\' => "\\\\".to_owned(),
                    '\n' => "\\n".to_owned(),
                    control if control.is_control() => format!("\\x{:02x}", u32::from(control) & 0xff),
                    other => other.to_string(),
                })
                .collect();
            format!("\"{escaped}\"")
        }
    }
}

/// Whether a plain scalar would be read as something else than a text.
fn is_other_type(value: &str) -> bool {
    let words = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];
    words.iter().any(|word| value.eq_ignore_ascii_case(word)) || value.parse::<f64>().is_ok()
}

/// The part of a line that comments out a key and a plain value, from its indentation on; a comment behind the value
/// stays.
fn commented_out(text: &str, region: Span, key: &str, indent: usize) -> Option<Span> {
    let mut at = region.start as usize;
    let own = region.of(text);
    for line in source::lines(own) {
        let start = at;
        at = line_after(text, start);
        let Some(inside) = line.trim_start().strip_prefix('#') else { continue };
        let Some(behind) = inside.trim_start().strip_prefix(key) else { continue };
        let Some(value) = behind.trim_start().strip_prefix(':') else { continue };
        let value_end = value.find(" #").unwrap_or(value.len());
        let is_value = value[..value_end].split_whitespace().count() <= 1;
        let is_near = line.len() - line.trim_start().len() <= indent;
        if is_value && is_near {
            return Some(Span::new(start, start + line.len() - (value.len() - value[..value_end].trim_end().len())));
        }
    }
    None
}

/// Where the lines of a mapping's pair end: before the next key that is no deeper.
fn region_end(file: File<'_>, parent: &Pair) -> usize {
    let next = file.metadata.root.pairs().iter().map(|pair| pair.key_span.start);
    let next = next.filter(|start| *start > parent.key_span.start).min();
    next.map_or(file.source.text.len(), |start| start as usize)
}

/// How deep entries of mappings stand in the file.
fn child_indent(file: File<'_>) -> usize {
    let text = &file.source.text;
    let of_pair = |pair: &Pair| {
        let first = pair.node.pairs().first()?;
        let own = column(text, pair.key_span.start as usize);
        column(text, first.key_span.start as usize).checked_sub(own).filter(|indent| (1..=8).contains(indent))
    };
    let is_block = |pair: &&Pair| !file.source.slice(pair.node.span).starts_with('{');
    file.metadata.root.pairs().iter().filter(is_block).find_map(of_pair).unwrap_or(2)
}

/// The last byte that a pair's value reaches.
fn content_end(text: &str, pair: &Pair) -> u32 {
    node_end(text, &pair.node).max(pair.key_span.end)
}

/// The last byte of a value. The place of a block of lines may reach over comments behind it, so its parts tell.
fn node_end(text: &str, node: &Node) -> u32 {
    let is_flow = matches!(text.as_bytes().get(node.span.start as usize), Some(b'[' | b'{'));
    let parts = match &node.value {
        Value::Map(pairs) if !is_flow => pairs.iter().map(|pair| content_end(text, pair)).max(),
        Value::List(items) if !is_flow => items.iter().map(|item| node_end(text, item)).max(),
        _ => None,
    };
    parts.unwrap_or(node.span.end)
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

fn line_after(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

/// The end of a line without its line break.
fn end_of_line(text: &str, at: usize) -> usize {
    // A value that takes whole lines ends behind their last break.
    let at = if at > 0 && text[..at].ends_with('\n') { at - 1 } else { at };
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    if text[..end].ends_with('\r') { end - 1 } else { end }
}

fn column(text: &str, at: usize) -> usize {
    at - line_start(text, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &[&str] = &["title", "status", "stage", "latest-milestone", "milestone", "metrics"];
    const STAGES: &[&str] = &["alpha", "beta", "stable"];

    /// The text with a field (`milestone.beta`: an entry) set.
    fn set_in(text: &str, path: &str, value: &str) -> Result<String, Unwritable> {
        let format = MetadataFormat::default();
        let metadata = metadata::parse(&format, text, Encoding::Utf8);
        let source = Source::new("a/kep.yaml", text);
        let file = File { source: &source, metadata: &metadata, format: &format };
        let (field, entry) = path.split_once('.').map_or((path, None), |(field, entry)| (field, Some(entry)));
        let entry = entry.map(|name| Key { name, order: STAGES });
        let edit = set(file, Key { name: field, order: FIELDS }, entry, value)?;
        Ok(edit::apply(text, &[edit]))
    }

    #[test]
    fn a_field_is_set_where_it_stands_or_would_stand() {
        let cases = [
            ("stage: alpha # soon\n", "stage", "beta", "stage: beta # soon\n"),
            ("stage: \"alpha\"\n", "stage", "beta", "stage: \"beta\"\n"),
            ("stage: 'alpha'\r\ntitle: x\r\n", "stage", "beta", "stage: 'beta'\r\ntitle: x\r\n"),
            ("stage:\ntitle: x\n", "stage", "beta", "stage: beta\ntitle: x\n"),
            ("stage: # one of three\n", "stage", "beta", "stage: beta # one of three\n"),
            ("stage: null\n", "stage", "beta", "stage: beta\n"),
            ("status: open\nmetrics: []\n", "stage", "beta", "status: open\nstage: beta\nmetrics: []\n"),
            ("status: open", "stage", "beta", "status: open\nstage: beta"),
            ("metrics: []\n", "stage", "beta", "stage: beta\nmetrics: []\n"),
            ("", "stage", "beta", "stage: beta\n"),
            ("status: open\n# stage: alpha # which\n", "stage", "beta", "status: open\nstage: beta # which\n"),
            // A sentence is no key that was commented out.
            (
                "status: open\n# stage: one of three\n",
                "stage",
                "beta",
                "status: open\nstage: beta\n# stage: one of three\n",
            ),
            (
                "authors:\n  - a\n  - b\nstatus: x\n",
                "stage",
                "beta",
                "authors:\n  - a\n  - b\nstatus: x\nstage: beta\n",
            ),
        ];
        for (text, field, value, expected) in cases {
            assert_eq!(set_in(text, field, value).as_deref(), Ok(expected), "{text:?}");
        }
    }

    #[test]
    fn an_entry_is_set_among_its_siblings() {
        let cases = [
            (
                "milestone:\n  alpha: \"v1.1\"\n  stable: \"v1.4\"\nmetrics:\n",
                "milestone:\n  alpha: \"v1.1\"\n  beta: \"v1.2\"\n  stable: \"v1.4\"\nmetrics:\n",
            ),
            ("milestone:\n    alpha: v1.1 # done", "milestone:\n    alpha: v1.1 # done\n    beta: v1.2"),
            ("milestone:\n  stable: 'v1.4'\n", "milestone:\n  beta: 'v1.2'\n  stable: 'v1.4'\n"),
            ("milestone:\n  alpha: \"v1.1\"\n  beta:\n", "milestone:\n  alpha: \"v1.1\"\n  beta: \"v1.2\"\n"),
            (
                "milestone:\n  alpha: \"v1.1\"\n  # beta: \"v1.9\"\n",
                "milestone:\n  alpha: \"v1.1\"\n  beta: \"v1.2\"\n",
            ),
            ("milestone:\n#  beta: \"v1.9\"\nmetrics:\n", "milestone:\n  beta: v1.2\nmetrics:\n"),
            ("milestone:\r\nmetrics:\r\n", "milestone:\r\n  beta: v1.2\r\nmetrics:\r\n"),
            ("milestone: {alpha: v1.1}\n", "milestone: {alpha: v1.1, beta: v1.2}\n"),
            ("milestone: {}\n", "milestone: {beta: v1.2}\n"),
            (
                "latest-milestone: \"v1.1\"\n\nmetrics: []\n",
                "latest-milestone: \"v1.1\"\nmilestone:\n  beta: \"v1.2\"\n\nmetrics: []\n",
            ),
            ("title: x\n# milestone:\n#  beta: v1.9\n", "title: x\nmilestone:\n  beta: v1.2\n#  beta: v1.9\n"),
        ];
        for (text, expected) in cases {
            assert_eq!(set_in(text, "milestone.beta", "v1.2").as_deref(), Ok(expected), "{text:?}");
        }
    }

    #[test]
    fn values_are_quoted_where_they_must_be() {
        let cases = [
            ("@ada", "stage: \"@ada\"\n"),
            ("yes", "stage: \"yes\"\n"),
            ("1.2", "stage: \"1.2\"\n"),
            ("a \"b\"", "stage: \"a \\\"b\\\"\"\n"),
            ("v1.2", "stage: v1.2\n"),
        ];
        for (value, expected) in cases {
            assert_eq!(set_in("stage: x\n", "stage", value).as_deref(), Ok(expected), "{value:?}");
        }
    }

    #[test]
    fn what_would_change_more_is_left_alone() {
        let form = |key: &str| Unwritable::Form { path: "a/kep.yaml".to_owned(), key: key.to_owned() };
        let cases = [
            ("stage: [a, b]\n", "stage", form("stage")),
            ("stage: |\n  alpha\n", "stage", form("stage")),
            ("milestone: soon\n", "milestone.beta", form("beta")),
            ("a: &x alpha\nstage: *x\nstage", "stage", Unwritable::Unread { path: "a/kep.yaml".to_owned() }),
        ];
        for (text, path, expected) in cases {
            assert_eq!(set_in(text, path, "beta"), Err(expected), "{text:?}");
        }
    }
}
