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

/// What slips of the keyboard put into a file.
///
/// Not among them is what the versions of YAML do not agree on: `U+0085` and `U+2028` as ends of lines, marks of byte
/// order inside a file, `...` before more text, the letters of an alias; and not what libyaml places elsewhere: tags,
/// anchors and keys behind a question mark.
const SLIPS: [&str; 33] = [
    " ", "  ", "\t", "\n", "\r\n", "@", "`", "%", ",", ", ", ":", ": ", "\"", "'", "\"\"", "''", "[", "]", "{", "}",
    "#", " #", "-", "- ", "---\n", "<<: ", ">", "|", "~", "\\", "\0", "\u{7f}", "\u{a0}",
];
/// How many files with a slip are made of each file.
const SLIPS_PER_FILE: usize = 30;

#[test]
fn a_slip_in_a_real_file_is_an_error_where_it_is_one_to_libyaml() {
    let Some(bundle) = corpora::file("enhancements.bundle") else { return };
    let files = corpora::Repository::of(&bundle).files_of_head(|path| path.ends_with("/kep.yaml"));
    assert!(files.len() > 600, "{} files", files.len());
    let slipped = files.into_par_iter().enumerate().flat_map_iter(|(index, (name, bytes))| {
        let (text, mut chance) = (source::decode(bytes).0, Chance::new(index));
        let slips: Vec<(String, String)> = (0..SLIPS_PER_FILE).map(|_| slip(&text, &mut chance)).collect();
        slips.into_iter().filter(|(text, _)| !is_disputed(text)).map(move |(text, line)| {
            let (ours, theirs) = (placeless(ours(&text)), placeless(Theirs::read(&text).said));
            (format!("{name}: {line}"), ours, theirs)
        })
    });
    let read: Vec<(String, Said, Said)> = slipped.collect();
    let broken = read.iter().filter(|(_, ours, _)| ours.iter().any(|(_, what)| what == "syntax error")).count();
    assert!(read.len() > 15_000 && broken > 4_000, "{broken} of {} broken", read.len());
    judge(read, "");
}

/// Whether one of the two readers is known to be laxer with a line of the text.
fn is_disputed(text: &str) -> bool {
    text.lines().any(|line| {
        let own = line.trim_start_matches([' ', '\t', '-']);
        let indent = &line[..line.len() - own.len()];
        // libyaml lets a comment follow a quote or a bracket, where a space must stand between.
        let close_comment = ["\"#", "'#", "]#", "}#"].into_iter().any(|mark| own.contains(mark));
        // YAML 1.2 allows a tab behind a dash, before a comment and before a text; libyaml knows 1.1.
        let is_pair = own.contains(": ") && !own.starts_with('#');
        let indents = |tab: usize| indent[tab..].contains('-') || (is_pair && !indent.contains('-'));
        let white_tab = indent.find('\t').is_some_and(|tab| indent[..tab].contains('-') || !indents(tab));
        // granit-parser lets a list or a mapping begin behind the colon of a key that is not written.
        close_comment || white_tab || own.starts_with(':')
    })
}

/// Where a file breaks off is told in many ways.
fn placeless(said: Said) -> Said {
    let broken = said.iter().any(|(_, what)| what == "syntax error");
    if broken { vec![(1, "syntax error".to_owned())] } else { said }
}

/// A text with one slip: something too much, something missing, or one for the other; and the line that has it.
fn slip(text: &str, chance: &mut Chance) -> (String, String) {
    let at = text.floor_char_boundary(chance.below(text.len()));
    let behind = |count: usize| text[at..].char_indices().nth(count).map_or(text.len(), |(next, _)| at + next);
    let slip = SLIPS[chance.below(SLIPS.len())];
    let (slip, end) = match chance.below(3) {
        0 => (slip, at),
        1 => (slip, behind(1)),
        _ => ("", behind(1 + chance.below(3))),
    };
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let slipped = [&text[..at], slip, &text[end..]].concat();
    let shown = slipped[line..].lines().next().unwrap_or_default().to_owned();
    (slipped, shown)
}

/// Numbers that look random and are the same in every run.
struct Chance(u64);

impl Chance {
    fn new(seed: usize) -> Self {
        Self(u64::try_from(seed).expect("64 bits"))
    }

    fn below(&mut self, end: usize) -> usize {
        // Knuth's constants for a linear congruence; the upper bits are the better ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % end.max(1) as u64).expect("below a usize")
    }
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
