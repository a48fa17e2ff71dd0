//! The command line of a component, and what stands in its flags.

use std::sync::Arc;

use signoff_model::configured::{ConfigFormat, FlagSetting, GateSetting, Place};
use signoff_model::fact::Problem;
use signoff_model::node::Pair;
use signoff_model::{Node, Span, Value};

use super::component_file::ComponentFile;
use super::gates;
use super::passage::{Passage, problem};
use super::placeholders;

/// A word of a command line.
#[derive(Clone, Debug)]
pub struct Word {
    /// The word, without quotes.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// How it is written and where that begins, where it goes over several lines.
    raw: Option<(Arc<str>, usize)>,
}

/// A component with its command line.
pub struct Command {
    /// The component.
    pub component: Arc<str>,
    /// The name of the object or node, where it has one.
    pub name: Option<Arc<str>>,
    /// Where it begins.
    pub place: Place,
    /// The path of what holds it: files that it leads to lie around there.
    pub known_as: Arc<str>,
    /// What stands behind the name of the program.
    pub words: Vec<Word>,
    /// Where its configuration file is.
    pub origin: Origin,
    /// Files beside that of `place` which were read for it.
    pub files: Vec<Arc<str>>,
    /// The formats of those.
    pub formats: Vec<ConfigFormat>,
    /// What could not be read.
    pub gaps: Vec<Problem>,
    /// Why it does not start.
    pub faults: Vec<Problem>,
    /// What may surprise.
    pub remarks: Vec<Problem>,
}

/// Where a component has its configuration file from.
pub enum Origin {
    /// Its flags name it.
    Flags,
    /// What wrote the command line also writes the file, from the documents beside it.
    Beside {
        /// What holds where there are none, and whether that is a gap.
        absent: (&'static str, bool),
    },
    /// These are what it is made of.
    Own(Vec<ComponentFile>),
    /// What writes it starts without gates, and these change it.
    Patches(Vec<ComponentFile>),
}

/// What the flags of a command line set.
#[derive(Default)]
pub struct Flags {
    /// Gates, in the order of the flags.
    pub gates: Vec<GateSetting>,
    /// The other flags.
    pub flags: Vec<FlagSetting>,
    /// What is still to be filled in.
    pub gaps: Vec<Problem>,
    /// Why the component does not start.
    pub faults: Vec<Problem>,
}

impl Command {
    /// A command line that stands in a passage.
    pub fn new(passage: &Passage, component: &str, place: Place, words: Vec<Word>) -> Self {
        Self {
            component: component.into(),
            name: None,
            place,
            known_as: Arc::clone(&passage.known_as),
            words,
            origin: Origin::Flags,
            files: Vec::new(),
            formats: Vec::new(),
            gaps: Vec::new(),
            faults: Vec::new(),
            remarks: Vec::new(),
        }
    }
}

impl Flags {
    /// The value of the last flag of a name, and its place.
    pub fn last(&self, name: &str) -> Option<(&str, &Place)> {
        let flag = self.flags.iter().rev().find(|flag| &*flag.name == name)?;
        Some((flag.value.as_deref().filter(|value| !value.is_empty())?, &flag.place))
    }
}

impl Word {
    /// A word that stands in one line.
    pub fn new(text: impl Into<String>, place: Place) -> Self {
        Self { text: text.into(), place, raw: None }
    }

    /// The value of a node, behind some text.
    pub fn of_node(passage: &Passage, before: &str, node: &Node, key: Span) -> Self {
        let span = if node.span.is_empty() || passage.line(node.span) < passage.line(key) { key } else { node.span };
        let text = [before, node.text().unwrap_or_default()].concat();
        let mut word = Self::new(text, passage.place(span));
        let raw = passage.slice(node.span);
        let last = Span::at(node.span.range().end.saturating_sub(1));
        if raw.contains('\n') && passage.line(last) > passage.line(node.span) {
            word.raw = Some((raw.into(), passage.line(node.span)));
        }
        word
    }

    /// The word without its first bytes.
    fn behind(&self, bytes: usize) -> Self {
        let text = self.text.get(bytes..).unwrap_or_default().to_owned();
        Self { text, place: self.place.clone(), raw: self.raw.clone() }
    }

    /// The lines in which the pieces of the word stand.
    pub fn lines(&self) -> Lines<'_> {
        Lines { word: self, rest: self.raw.as_ref().map(|(raw, line)| (&**raw, *line)) }
    }
}

/// The lines in which the pieces of a word stand, asked for in their order.
pub struct Lines<'w> {
    word: &'w Word,
    rest: Option<(&'w str, usize)>,
}

impl Lines<'_> {
    /// The place of the next piece.
    pub fn place_of(&mut self, piece: &str) -> Place {
        let Some((rest, line)) = self.rest else { return self.word.place.clone() };
        self.rest = rest.find(piece).map(|at| {
            let above = rest.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count();
            (&rest[at + piece.len()..], line + above)
        });
        let line = self.rest.map_or(self.word.place.line, |(_, line)| Some(line));
        Place { path: Arc::clone(&self.word.place.path), line }
    }
}

/// The words that a mapping or a list of arguments stands for: `{name: value}`, or `[{name: ..., value: ...}]`, where
/// a value may be a list of values.
pub fn of_arguments(passage: &Passage, arguments: &Node) -> Vec<Word> {
    let mut words = Vec::new();
    for pair in arguments.pairs() {
        of_argument(passage, &pair.key, pair, &mut words);
    }
    for item in arguments.items() {
        let Some(name) = item.get("name").and_then(Node::text) else { continue };
        match item.pair("value").or_else(|| item.pair("name").filter(|_| item.pair("value").is_none())) {
            Some(pair) if &*pair.key == "value" => of_argument(passage, name, pair, &mut words),
            Some(pair) => words.push(Word::new(format!("--{name}="), passage.place(pair.key_span))),
            None => {}
        }
    }
    words
}

fn of_argument(passage: &Passage, name: &str, pair: &Pair, words: &mut Vec<Word>) {
    let before = format!("--{name}=");
    match &pair.node.value {
        Value::List(items) => {
            words.extend(items.iter().map(|item| Word::of_node(passage, &before, item, pair.key_span)));
        }
        Value::Unread => words.push(Word::new("${unread}", passage.place(pair.key_span))),
        _ => words.push(Word::of_node(passage, &before, &pair.node, pair.key_span)),
    }
}

/// Reads the words behind the name of a program as `pflag` of Go does.
pub fn flags(component: &str, words: &[Word]) -> Flags {
    let mut found = Flags::default();
    let mut rest = words.iter().peekable();
    while let Some(word) = rest.next() {
        let Some((name, value)) = flag(word, component, &mut found) else { continue };
        let is_gates = name == "feature-gates";
        let value = value.or_else(|| {
            rest.next_if(|next| is_gates || matches!(name.as_str(), "config" | "config-dir") || is_value(&next.text))
                .cloned()
        });
        match value {
            Some(value) if is_gates => {
                let Flags { gates, gaps, faults, .. } = &mut found;
                gates.extend(gates::of_flag(component, &value, gaps, faults));
            }
            None if is_gates => {
                found
                    .faults
                    .push(problem(&word.place, "`--feature-gates` has no value; write `--feature-gates=Name=true`"));
            }
            value => {
                let value = value.map(|value| Arc::from(value.text));
                found.flags.push(FlagSetting { name: name.into(), value, place: word.place.clone() });
            }
        }
    }
    gates::mixed_prefixes(component, &found.gates, &mut found.faults);
    found
}

/// The name of a flag, and its value where that stands in the same word; `None` for a word that is no flag.
fn flag(word: &Word, component: &str, found: &mut Flags) -> Option<(String, Option<Word>)> {
    let text = word.text.as_str();
    let (name, value) =
        text.split_once('=').map_or((text, None), |(name, _)| (name, Some(word.behind(name.len() + 1))));
    if let Some(what) = placeholders::of_value(name) {
        found.gaps.push(problem(&word.place, format!("the flags of `{text}` are not known: it is {what}")));
        return None;
    }
    if let Some(name) = name.strip_prefix("--").filter(|name| !name.is_empty()) {
        // Components take `_` for `-` in names of flags (component-base, cli/flag, WordSepNormalizeFunc).
        return Some((name.replace('_', "-"), value));
    }
    let mut letters = text.strip_prefix('-').unwrap_or_default().chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if letter.is_ascii_alphabetic() => return Some((letter.to_string(), None)),
        (Some(letter @ 'v'), Some(_))
            if text[2..].trim_start_matches('=').bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            let at = text.len() - text[2..].trim_start_matches('=').len();
            return Some((letter.to_string(), Some(word.behind(at))));
        }
        _ => {}
    }
    let message = if text.starts_with('-') {
        format!("`{text}` begins with one dash: {component} reads it as flags of one letter each; write two")
    } else {
        format!("`{text}` is no flag, and {component} takes flags alone")
    };
    found.faults.push(problem(&word.place, message));
    None
}

/// Whether a word behind a flag is its value. Which flags have none is not known: what looks like a flag is one.
fn is_value(text: &str) -> bool {
    text.strip_prefix('-').is_none_or(|rest| rest.starts_with(|next: char| next.is_ascii_digit()))
}
