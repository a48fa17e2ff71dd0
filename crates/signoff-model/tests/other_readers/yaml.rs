//! YAML, read by a translation of libyaml, from which the parsers descend that most tools use.
//!
//! Where a value stands that is not written is told by the line alone: to libyaml it is the end of the colon.

use std::collections::BTreeSet;

use libyaml_safer::{Event, EventData, Mark, Parser, ScalarStyle};
use rayon::prelude::*;
use signoff_model::node::{Node, Value};
use signoff_model::source::{self, Source};
use signoff_model::span::Span;
use signoff_model::yaml::{self, FaultKind, Yaml};

use crate::corpora;
use crate::explained::{Said, judge};

/// Longest text of a value that a difference shows.
const SHOWN_MAX: usize = 40;

#[test]
fn every_yaml_file_of_all_history_is_read_as_libyaml_reads_it() {
    let Some(files) = files() else { return };
    assert!(files.len() > 4_000, "{} files", files.len());
    let compared = files.into_par_iter().map(|(name, text)| {
        let (ours, theirs) = (ours(&text), Theirs::read(&text).said);
        (name, ours, theirs)
    });
    judge(compared.collect(), include_str!("explained/yaml.toml"));
}

/// Share of the texts behind a syntax error that must be read.
const BEHIND_ERROR_MIN: f64 = 0.99;

/// Each file gets a first line that is no YAML: what is read behind it must be what libyaml reads without that line.
#[test]
fn what_is_read_behind_a_syntax_error_is_what_the_file_says() {
    const BROKEN: &str = "broken: a: b\n";
    let Some(files) = files() else { return };
    let (mut all, mut read, mut wrong) = (0_u32, 0_u32, Vec::new());
    for (name, text) in
        files.iter().filter(|(name, _)| name.contains("/kep.yaml@") || name.contains("/prod-readiness/"))
    {
        let theirs = Theirs::read(text);
        if theirs.said.iter().any(|(_, what)| matches!(what.as_str(), "syntax error" | "second document" | "key again"))
        {
            continue;
        }
        let root = yaml::parse(&format!("{BROKEN}{text}")).root.expect("a mapping");
        let keys: Vec<&str> = root.pairs().iter().skip(1).map(|pair| &*pair.key).collect();
        if keys != theirs.keys {
            wrong.push(format!("{name}: {keys:?}, not {:?}", theirs.keys));
        }
        for field in &theirs.fields {
            all += 1;
            let Some(Value::Text(found)) = root.get(&field.key).map(|node| &node.value) else { continue };
            read += 1;
            if *found.text != field.text || found.quoted != field.quoted {
                wrong.push(format!("{name}: {found:?}, not {field:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(f64::from(read) >= f64::from(all) * BEHIND_ERROR_MIN && all > 20_000, "{read} of {all}");
}

/// Every version of every YAML file, by `path@blob`.
fn files() -> Option<Vec<(String, String)>> {
    let repository = corpora::Repository::of(&corpora::file("enhancements.bundle")?);
    let objects = repository.objects(|path| {
        let name = path.rsplit('/').next().unwrap_or_default();
        path.ends_with(".yaml") || path.ends_with(".yml") || matches!(name, "OWNERS" | "OWNERS_ALIASES")
    });
    let names: Vec<&str> = objects.iter().map(|(blob, _)| blob.as_str()).collect();
    let texts = repository.blobs(&names).into_iter().map(|bytes| source::decode(bytes).0);
    Some(objects.iter().map(|(blob, path)| format!("{path}@{}", &blob[..10])).zip(texts).collect())
}

/// What the reader of the model says.
fn ours(text: &str) -> Said {
    let Yaml { root, faults, .. } = yaml::parse(text);
    let source = Source::new("file", text);
    let mut said = Said::new();
    for fault in faults {
        let what = match fault.kind {
            FaultKind::Syntax(_) => return vec![(source.line(fault.span.start), "syntax error".to_owned())],
            FaultKind::DuplicateKey(..) => "key again",
            FaultKind::SecondDocument => "second document",
            FaultKind::UnknownAlias | FaultKind::ComplexKey | FaultKind::Limit(_) => "other fault",
        };
        said.push((source.line(fault.span.start), what.to_owned()));
    }
    if let Some(root) = root {
        say(&root, &source, &mut said);
    }
    said
}

fn say(node: &Node, source: &Source, said: &mut Said) {
    let place = |span: Span| source.position(span.start);
    let at = place(node.span);
    match &node.value {
        Value::Unread => said.push((at.line, "unread".to_owned())),
        Value::Text(text) => said.push((at.line, scalar(at.column, &text.text, text.quoted, node.is_null()))),
        Value::List(items) => {
            said.push((at.line, format!("{} list of {}", at.column, items.len())));
            items.iter().for_each(|item| say(item, source, said));
        }
        Value::Map(pairs) => {
            said.push((at.line, format!("{} mapping of {}", at.column, pairs.len())));
            for pair in pairs {
                let at = place(pair.key_span);
                said.push((at.line, format!("{} key {}", at.column, pair.key)));
                say(&pair.node, source, said);
            }
        }
    }
}

fn scalar(column: usize, text: &str, quoted: bool, null: bool) -> String {
    let kind = if quoted { "quoted" } else { "plain" };
    let kind = if null { "null" } else { kind };
    if null && text.is_empty() {
        return kind.to_owned();
    }
    let shown: String = text.chars().take(SHOWN_MAX).collect();
    let behind =
        if shown.len() < text.len() { format!("and {} bytes", text.len() - shown.len()) } else { String::new() };
    format!("{column} {kind} {shown:?}{behind}")
}

/// What libyaml says.
#[derive(Default)]
struct Theirs {
    said: Said,
    open: Vec<Open>,
    documents: usize,
    /// The keys of the outermost mapping.
    keys: Vec<String>,
    /// The scalars among its values.
    fields: Vec<Field>,
}

/// A collection that goes on.
struct Open {
    start: Mark,
    /// Its items or pairs.
    count: usize,
    /// The keys so far, when it is a mapping.
    keys: Option<BTreeSet<String>>,
    /// The last key, when its value is next.
    key: Option<String>,
}

impl Theirs {
    fn read(text: &str) -> Self {
        let mut bytes = text.as_bytes();
        let mut parser = Parser::new();
        parser.set_input_string(&mut bytes);
        let mut theirs = Self::default();
        loop {
            match parser.parse() {
                Ok(Event { data: EventData::StreamEnd, .. }) => return theirs,
                Ok(event) => {
                    if !theirs.event(event) {
                        return theirs;
                    }
                }
                Err(error) => {
                    let line = error.problem_mark().map_or(1, line);
                    theirs.said = vec![(line, "syntax error".to_owned())];
                    return theirs;
                }
            }
        }
    }

    /// Takes one event; false ends the reading.
    fn event(&mut self, Event { data, start_mark: start, .. }: Event) -> bool {
        match data {
            EventData::DocumentStart { .. } => {
                self.documents += 1;
                if self.documents == 2 {
                    self.said.push((line(start), "second document".to_owned()));
                    return false;
                }
            }
            EventData::Scalar { value, tag, style, .. } => {
                let quoted = style != ScalarStyle::Plain;
                let null = !quoted && tag.is_none() && matches!(&*value, "" | "~" | "null" | "Null" | "NULL");
                self.scalar(start, value, quoted, null);
            }
            EventData::Alias { anchor } => self.said.push((line(start), format!("alias of {anchor}"))),
            EventData::SequenceStart { .. } => self.open.push(Open { start, count: 0, keys: None, key: None }),
            EventData::MappingStart { .. } => {
                self.open.push(Open { start, count: 0, keys: Some(BTreeSet::new()), key: None });
            }
            EventData::SequenceEnd | EventData::MappingEnd => self.end(),
            EventData::StreamStart { .. } | EventData::StreamEnd | EventData::DocumentEnd { .. } => {}
        }
        true
    }

    fn scalar(&mut self, start: Mark, value: String, quoted: bool, null: bool) {
        if matches!(self.open.as_slice(), [Open { keys: Some(_), key: None, .. }]) {
            self.keys.push(value.clone());
        }
        if let Some(Open { keys: Some(keys), key: key @ None, .. }) = self.open.last_mut() {
            self.said.push((line(start), format!("{} key {value}", column(start))));
            if !keys.insert(value.clone()) {
                self.said.push((line(start), "key again".to_owned()));
            }
            *key = Some(value);
            return;
        }
        let what = scalar(column(start), &value, quoted, null);
        if let [Open { key: Some(key), .. }] = self.open.as_slice() {
            self.fields.push(Field { key: key.clone(), text: value, quoted });
        }
        self.said.push((line(start), what));
        self.value();
    }

    /// Counts a value that is complete.
    fn value(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.count += 1;
            open.key = None;
        }
    }

    fn end(&mut self) {
        let Some(Open { start, count, keys, .. }) = self.open.pop() else { return };
        let kind = if keys.is_some() { "mapping" } else { "list" };
        self.said.push((line(start), format!("{} {kind} of {count}", column(start))));
        self.value();
    }
}

fn line(mark: Mark) -> usize {
    usize::try_from(mark.line).expect("a line") + 1
}

fn column(mark: Mark) -> usize {
    usize::try_from(mark.column).expect("a column") + 1
}

/// A scalar of the outermost mapping.
#[derive(Debug, PartialEq, Eq)]
struct Field {
    key: String,
    text: String,
    quoted: bool,
}
