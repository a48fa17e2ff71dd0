//! One file while it is read: its text, its lines as quotes, and what was found in it.

use std::ops::Range;
use std::sync::Arc;

use memchr::{memchr, memrchr};
use signoff_model::fact::{Fact, Problem, Quote, Record};
use signoff_model::profile::EvidenceRules;
use signoff_model::source::decode;
use signoff_model::yaml::{self, Yaml};
use signoff_model::{Node, Source, Span, Tree};

use crate::json::{self, Json, Keep};

/// Longest quoted line, in characters.
const QUOTE_MAX: usize = 200;
/// So many bytes around a place are looked at to find its line. Of a longer one a part is quoted.
const LINE_MAX: usize = 4096;

/// One file while it is read.
pub struct Reading<'r> {
    /// Its text.
    pub source: Source,
    /// What the profile knows about sources.
    pub rules: &'r EvidenceRules,
    /// Whose gates it has, where they are no gates of every component.
    pub registry: Option<Arc<str>>,
    /// Whether all of it is one line that no person would count.
    one_line: bool,
    facts: Vec<Fact>,
    problems: Vec<Problem>,
}

impl<'r> Reading<'r> {
    /// Reads a file of a tree.
    pub fn of(
        tree: &dyn Tree,
        path: &Arc<str>,
        rules: &'r EvidenceRules,
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
        let one_line = text.len() > LINE_MAX && memchr(b'\n', text.trim_end().as_bytes()).is_none();
        let source = Source::new(Arc::clone(path), text);
        let mut reading = Self { source, rules, registry, one_line, facts: Vec::new(), problems: Vec::new() };
        read(&mut reading);
        (reading.facts, reading.problems)
    }

    /// The name of the file, without its folder and its ending.
    pub fn stem(&self) -> Arc<str> {
        let name = self.source.path.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or(name, |(stem, _)| stem).into()
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

    /// Says what cannot be read in the line of a quote.
    pub fn problem_at(&mut self, at: &Quote, message: impl Into<String>) {
        self.problem((at.line > 0).then_some(at.line as usize), message);
    }

    /// Whether something of it could not be read so far.
    pub fn has_problems(&self) -> bool {
        !self.problems.is_empty()
    }

    /// The line that holds an offset.
    pub fn quote(&self, offset: usize) -> Quote {
        let text = &self.source.text;
        let offset = text.floor_char_boundary(offset);
        let near = offset.saturating_sub(LINE_MAX);
        let start = match memrchr(b'\n', &text.as_bytes()[near..offset]) {
            Some(newline) => near + newline + 1,
            None if near == 0 => 0,
            None => offset,
        };
        let far = text.floor_char_boundary(offset + LINE_MAX);
        let end = memchr(b'\n', &text.as_bytes()[offset..far]).map_or(far, |at| offset + at);
        self.quote_piece(start..end)
    }

    /// A piece of a line, where the whole of it has more than one fact.
    pub fn quote_piece(&self, piece: Range<usize>) -> Quote {
        let line = if self.one_line { 0 } else { self.line_of(piece.start) };
        let text = shortened(self.source.text.get(piece).unwrap_or_default());
        Quote { line: u32::try_from(line).unwrap_or(0), text }
    }

    /// The line in which a node begins.
    pub fn quote_of(&self, span: Span) -> Quote {
        self.quote(span.range().start)
    }

    /// The line with a key of a mapping; empty where it has none.
    pub fn quote_key(&self, node: &Node, key: &str) -> Quote {
        node.pair(key).map_or_else(Quote::default, |pair| self.quote_of(pair.key_span))
    }

    /// The YAML of the whole text; what cannot be read of it becomes problems.
    pub fn yaml(&mut self) -> Option<Node> {
        self.yaml_until(self.source.text.len())
    }

    /// The YAML of the text up to an offset.
    pub fn yaml_until(&mut self, end: usize) -> Option<Node> {
        let Yaml { root, faults, .. } = yaml::parse(self.source.text.get(..end)?);
        for fault in faults {
            let line = self.line_of(fault.span.range().start);
            self.problem(Some(line), fault_words(&fault.kind));
        }
        root
    }

    /// The JSON of the whole text, as far as `keep` asks for it; what cannot be read of it becomes a problem.
    pub fn json(&mut self, keep: fn(&[Box<str>], &str) -> Keep) -> Option<Node> {
        let Json { root, fault } = json::read(&self.source.text, keep);
        if let Some((line, message)) = fault {
            self.problem(Some(line), message);
        }
        root
    }

    fn line_of(&self, offset: usize) -> usize {
        self.source.line(u32::try_from(offset).unwrap_or(u32::MAX))
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
