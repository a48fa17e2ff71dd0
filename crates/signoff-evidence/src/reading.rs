//! One file while it is read: its text, its lines as quotes, and what was found in it.

use std::sync::Arc;

use signoff_model::fact::{Fact, Problem, Quote, Record};
use signoff_model::source::decode;
use signoff_model::yaml::{self, Yaml};
use signoff_model::{Node, Source, Span, Tree};

/// Longest quoted line, in characters.
const QUOTE_MAX: usize = 200;

/// One file while it is read.
pub struct Reading {
    /// Its text.
    pub source: Source,
    /// Whose gates it has, where they are no gates of every component.
    pub registry: Option<Arc<str>>,
    facts: Vec<Fact>,
    problems: Vec<Problem>,
}

impl Reading {
    /// Reads a file of a tree.
    pub fn of(
        tree: &dyn Tree,
        path: &Arc<str>,
        registry: Option<Arc<str>>,
        read: fn(&mut Self),
    ) -> (Vec<Fact>, Vec<Problem>) {
        let bytes = match tree.read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let problem = Problem { path: Arc::clone(path), line: None, message: error.to_string() };
                return (Vec::new(), vec![problem]);
            }
        };
        let (text, _) = decode(bytes);
        let source = Source::new(Arc::clone(path), text);
        let mut reading = Self { source, registry, facts: Vec::new(), problems: Vec::new() };
        read(&mut reading);
        (reading.facts, reading.problems)
    }

    /// Says what a line says.
    pub fn say(&mut self, at: Quote, record: Record) {
        let path = Arc::clone(&self.source.path);
        self.facts.push(Fact { path, at, record });
    }

    /// Says what cannot be read.
    pub fn problem(&mut self, line: Option<usize>, message: impl Into<String>) {
        let path = Arc::clone(&self.source.path);
        self.problems.push(Problem { path, line, message: message.into() });
    }

    /// The line that holds an offset.
    pub fn quote(&self, offset: usize) -> Quote {
        let text = &self.source.text;
        let offset = offset.min(text.len());
        let start = text.as_bytes()[..offset].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        let end = text.as_bytes()[offset..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |at| offset + at);
        let line = self.source.line(u32::try_from(start).unwrap_or(u32::MAX));
        Quote { line: u32::try_from(line).unwrap_or(0), text: shortened(&text[start..end]) }
    }

    /// The line in which a node begins.
    pub fn quote_of(&self, span: Span) -> Quote {
        self.quote(span.range().start)
    }

    /// The YAML of the whole text; what cannot be read of it becomes problems.
    pub fn yaml(&mut self) -> Option<Node> {
        let Yaml { root, faults, .. } = yaml::parse(&self.source.text);
        for fault in faults {
            let line = self.source.line(u32::try_from(fault.span.range().start).unwrap_or(u32::MAX));
            self.problem(Some(line), fault_words(&fault.kind));
        }
        root
    }
}

/// What is wrong with a file of a source, in words.
pub fn fault_words(kind: &yaml::FaultKind) -> String {
    match kind {
        yaml::FaultKind::Syntax(_) => "it is not YAML from here on".into(),
        yaml::FaultKind::DuplicateKey(key, _) => format!("`{key}` stands here twice"),
        yaml::FaultKind::UnknownAlias => "an alias has no anchor".into(),
        yaml::FaultKind::ComplexKey => "a key is a list or a mapping".into(),
        yaml::FaultKind::SecondDocument => "a second document follows; only the first is read".into(),
        yaml::FaultKind::Limit(words) => format!("it has {words}"),
    }
}

/// A line without the space around it, shortened where it is very long.
fn shortened(line: &str) -> Box<str> {
    let line = line.trim();
    match line.char_indices().nth(QUOTE_MAX) {
        Some((cut, _)) => format!("{}…", &line[..cut]).into(),
        None => line.into(),
    }
}
