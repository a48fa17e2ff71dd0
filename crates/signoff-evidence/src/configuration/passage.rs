//! A text that is read: a whole file, or one that stands inside another, as a value of its YAML does. Places are
//! always those of the file.

use std::sync::Arc;

use signoff_model::configured::Place;
use signoff_model::fact::Problem;
use signoff_model::yaml::{self, Fault, FaultKind};
use signoff_model::{Node, Source, Span, Value};

use super::placeholders;
use crate::reading::fault_words;

/// Most problems of one document that are told.
const PROBLEMS_MAX: usize = 20;

/// A text that is read.
pub struct Passage {
    /// The path by which other configuration leads here: that of the file, or the one that it is to be written to.
    pub known_as: Arc<str>,
    source: Source,
    /// The line of the file in which the text begins.
    first: usize,
    /// Whether it is JSON, which has fewer words for booleans than YAML.
    pub is_json: bool,
    /// Whether each line of it is a line of the file; otherwise all of it stands in one.
    has_lines: bool,
}

/// One document of a passage.
pub struct Document {
    /// Its value.
    pub root: Node,
    /// What of it cannot be read.
    pub problems: Vec<Problem>,
}

impl Passage {
    /// A whole file.
    pub fn file(path: &Arc<str>, text: String) -> Self {
        let source = Source::new(Arc::clone(path), text);
        let is_json = is_json(&source.text);
        Self { known_as: Arc::clone(path), source, first: 1, is_json, has_lines: true }
    }

    /// The text of a value, which is known under another path.
    pub fn inside(&self, node: &Node, text: &str, known_as: &str) -> Self {
        let raw = self.source.slice(node.span);
        let is_block = matches!(&node.value, Value::Text(text) if text.block);
        let above = text.len() - text.trim_start_matches('\n').len();
        let first = self.line(node.span).saturating_sub(if is_block { above } else { 0 });
        let has_lines = self.has_lines && is_block && raw.trim_end().lines().count() == text.trim().lines().count();
        let source = Source::new(Arc::clone(&self.source.path), text);
        Self { known_as: known_as.into(), source, first, is_json: is_json(text), has_lines }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.source.text
    }

    /// The file.
    pub fn path(&self) -> &Arc<str> {
        &self.source.path
    }

    /// What stands at a place, as it is written.
    pub fn slice(&self, span: Span) -> &str {
        self.source.slice(span)
    }

    /// The line of the file in which something begins.
    pub fn line(&self, span: Span) -> usize {
        if self.has_lines { self.first + self.source.line(span.start) - 1 } else { self.first }
    }

    /// The place of something.
    pub fn place(&self, span: Span) -> Place {
        Place { path: Arc::clone(self.path()), line: Some(self.line(span)) }
    }

    /// The place of the so many-th line, from 1.
    pub fn place_of_line(&self, line: usize) -> Place {
        let line = if self.has_lines { self.first + line - 1 } else { self.first };
        Place { path: Arc::clone(self.path()), line: Some(line) }
    }

    /// Something that is wrong at a place.
    pub fn problem(&self, span: Span, message: impl Into<String>) -> Problem {
        problem(&self.place(span), message)
    }

    /// Every document of the text as YAML, of which JSON is a part.
    pub fn documents(&self) -> Vec<Document> {
        let template = placeholders::of_template(self.text());
        yaml::parse_all(self.text()).into_iter().map(|yaml| self.document(yaml, template)).collect()
    }

    fn document(&self, yaml: yaml::Yaml, template: Option<&str>) -> Document {
        // Of keys that stand twice each reader has something to say where it matters.
        let faults = yaml.faults.iter().filter(|fault| !matches!(fault.kind, FaultKind::DuplicateKey(..)));
        let mut problems: Vec<Problem> =
            faults.clone().take(PROBLEMS_MAX).map(|fault| self.problem(fault.span, words(fault, template))).collect();
        if let Some(next) = faults.clone().nth(PROBLEMS_MAX) {
            let more = faults.count() - PROBLEMS_MAX;
            problems.push(self.problem(next.span, format!("{more} more places of it cannot be read")));
        }
        Document { root: yaml.root.unwrap_or_else(|| Node::plain("", Span::default())), problems }
    }
}

/// What is wrong, in words. Of a file with marks of a template that is why it is no YAML.
fn words(fault: &Fault, template: Option<&str>) -> String {
    let words = fault_words(&fault.kind);
    match template {
        Some(mark) if matches!(fault.kind, FaultKind::Syntax(_)) => {
            format!("{words}; `{mark}` belongs to a template, which has to be filled in before")
        }
        _ => words,
    }
}

fn is_json(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

/// Something that is wrong at a place.
pub fn problem(place: &Place, message: impl Into<String>) -> Problem {
    Problem { path: Arc::clone(&place.path), line: place.line, message: message.into() }
}
