//! The gates that a proposal is about, as it writes them.

use std::sync::Arc;

use signoff_model::profile::Meaning;
use signoff_model::{Corpus, Proposal, Source, Span};

use super::{Fix, Stated};
use crate::names;

/// Longest quoted line, in characters.
const QUOTE_MAX: usize = 200;

/// A gate as a proposal writes it.
pub(super) struct Subject<'c> {
    pub(super) name: &'c str,
    /// The name under which the code has it, where that is certain.
    pub(super) real: String,
    pub(super) components: Vec<&'c str>,
    /// Whether the metadata declares it; else an answer names it.
    pub(super) is_declared: bool,
    /// Whether it can be the name of a gate at all.
    pub(super) is_name: bool,
    pub(super) stated: Stated,
    span: Span,
}

impl Subject<'_> {
    /// The change of the metadata that writes another name.
    pub(super) fn renamed(&self, name: &str) -> Option<Fix> {
        self.is_declared.then(|| Fix { span: self.span, replacement: name.to_owned() })
    }
}

/// Every gate that a proposal names.
pub(super) struct Subjects<'c> {
    pub(super) all: Vec<Subject<'c>>,
}

impl<'c> Subjects<'c> {
    /// Those that the metadata declares, then those that answers name beside.
    pub(super) fn of(corpus: &'c Corpus, proposal: &'c Proposal) -> Self {
        let prepared = &corpus.prepared;
        let field = prepared.field_named(Meaning::Gates).and_then(|name| prepared.profile.fields.get(name));
        let is_placeholder =
            |name: &str| name.is_empty() || field.is_some_and(|field| names::is_placeholder(field, name));
        let mut all: Vec<Subject<'c>> = Vec::new();
        for gate in proposal.gates(prepared) {
            if is_placeholder(gate.name) || all.iter().any(|known| known.name == gate.name) {
                continue;
            }
            all.push(Subject {
                name: gate.name,
                real: gate.name.to_owned(),
                components: gate.components,
                is_declared: true,
                is_name: names::is_gate(gate.name),
                stated: stated(&proposal.source, gate.span),
                span: gate.span,
            });
        }
        let in_answers = proposal
            .prose
            .iter()
            .flat_map(|prose| prose.document.gates.iter().map(move |(name, span)| (&**name, *span, &*prose.source)));
        for (name, span, source) in in_answers {
            if is_placeholder(name) || !names::is_gate(name) || all.iter().any(|known| known.name == name) {
                continue;
            }
            let stated = stated(source, span);
            let real = name.to_owned();
            all.push(Subject { name, real, components: Vec::new(), is_declared: false, is_name: true, stated, span });
        }
        Self { all }
    }

    /// Those that stages and status are about: what the metadata declares, else what answers name.
    pub(super) fn bound(&self) -> Vec<&Subject<'c>> {
        let declared: Vec<&Subject<'c>> = self.all.iter().filter(|subject| subject.is_declared).collect();
        let all = if declared.is_empty() { self.all.iter().collect() } else { declared };
        all.into_iter().filter(|subject| subject.is_name).collect()
    }
}

/// The line at a place.
pub(super) fn stated(source: &Source, span: Span) -> Stated {
    let line = source.line(span.start);
    let start = source.line_start(line);
    let text = source.text[start..].lines().next().unwrap_or_default().trim();
    Stated { path: Arc::clone(&source.path), line, text: text.chars().take(QUOTE_MAX).collect() }
}
