//! The proposals behind gates: what they answer, and the metrics that they promise.

use std::collections::BTreeMap;
use std::sync::Arc;

use signoff_model::cluster::Snapshot;
use signoff_model::profile::{Meaning, Prepared};
use signoff_model::questionnaire::State;
use signoff_model::{Corpus, Proposal};

use crate::claims::Metrics;
use crate::names;

/// The proposals by their gates.
pub struct Proposals<'c> {
    corpus: &'c Corpus,
    by_gate: BTreeMap<&'c str, Vec<&'c Proposal>>,
}

/// A proposal behind a gate.
pub struct Behind<'c> {
    /// The proposal.
    pub proposal: &'c Proposal,
    /// The components that it names for the gate.
    pub components: Vec<&'c str>,
}

/// An answer as a proposal has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told<'c> {
    /// The id of the question.
    pub question: &'c str,
    /// The question.
    pub title: &'c str,
    /// The author's answer, white space folded; empty where there is none.
    pub text: &'c str,
    /// Whether it is an answer: not absent, empty, or put off.
    pub is_answered: bool,
    /// The file.
    pub path: Arc<str>,
    /// The line of the question, from 1; `None` where it is not asked.
    pub line: Option<usize>,
}

/// A metric that a proposal promises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise<'c> {
    /// Its name, without what stands around it.
    pub name: String,
    /// As the proposal writes it.
    pub written: &'c str,
    /// Whether it is there.
    pub found: Promised,
}

/// Whether a metric that was promised is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Promised {
    /// These components serve it, and promise it to stay for as long as the word says.
    Served(Vec<Arc<str>>, Option<Arc<str>>),
    /// No component that was read serves it. It may come with its first event, or from a component that was not read.
    NotSeen(Vec<Arc<str>>),
    /// No metrics were read.
    Unread,
}

impl<'c> Proposals<'c> {
    /// Those whose metadata declares a gate, then those whose answers name it.
    #[must_use]
    pub fn of(corpus: &'c Corpus) -> Self {
        let mut by_gate: BTreeMap<&str, Vec<&Proposal>> = BTreeMap::new();
        let mut add = |gate: &'c str, proposal: &'c Proposal| {
            let list = by_gate.entry(gate).or_default();
            if !list.iter().any(|known| std::ptr::eq(*known, proposal)) {
                list.push(proposal);
            }
        };
        for proposal in corpus.all() {
            proposal.gates(&corpus.prepared).into_iter().for_each(|gate| add(gate.name, proposal));
        }
        for proposal in corpus.all() {
            let named = proposal.document().map(|document| document.gates.as_slice()).unwrap_or_default();
            named.iter().for_each(|(gate, _)| add(gate, proposal));
        }
        Self { corpus, by_gate }
    }

    /// The proposals behind a gate.
    #[must_use]
    pub fn behind(&self, gate: &str) -> Vec<Behind<'c>> {
        let found = self.by_gate.get(gate).map(Vec::as_slice).unwrap_or_default().iter();
        found.map(|proposal| Behind { proposal, components: self.components(proposal, gate) }).collect()
    }

    /// Every gate that a proposal names.
    pub fn gates(&self) -> impl Iterator<Item = &'c str> + '_ {
        self.by_gate.keys().copied()
    }

    fn components(&self, proposal: &'c Proposal, gate: &str) -> Vec<&'c str> {
        let declared = proposal.gates(&self.corpus.prepared).into_iter().find(|declared| declared.name == gate);
        declared.map_or_else(Vec::new, |declared| declared.components)
    }
}

impl<'c> Behind<'c> {
    /// What the proposal answers to these questions, those that it does not ask left out.
    #[must_use]
    pub fn told(&self, prepared: &'c Prepared, questions: &[String]) -> Vec<Told<'c>> {
        let Some(prose) = &self.proposal.prose else { return Vec::new() };
        let told = questions.iter().filter_map(|id| {
            let (questionnaire, question) = prepared.question_by_id(id)?;
            let answer = prose.document.answers.get(questionnaire)?.answers.get(question)?;
            let asked = answer.asked?;
            let (_, declared) = prepared.question(questionnaire, question);
            Some(Told {
                question: &declared.id,
                title: &declared.title,
                text: answer.own.trim(),
                is_answered: matches!(answer.state, State::Bare | State::Answered),
                path: Arc::clone(&prose.source.path),
                line: Some(prose.source.line(asked.start)),
            })
        });
        told.collect()
    }

    /// The metrics that the proposal promises, each once, looked for in what the clusters serve.
    #[must_use]
    pub fn promises(&self, prepared: &Prepared, metrics: &Metrics<'_>, clusters: &[&Snapshot]) -> Vec<Promise<'c>> {
        let of_metadata = self.proposal.items(prepared, Meaning::Metrics).into_iter().map(|item| item.text);
        let prose = self.proposal.document().map(|document| document.metrics.as_slice()).unwrap_or_default();
        let mut found: Vec<Promise<'c>> = Vec::new();
        for written in of_metadata.chain(prose.iter().map(|(written, _)| &**written)) {
            let name = metrics.bare_name(written);
            if names::is_metric(&name) && !found.iter().any(|known| known.name == name) {
                found.push(Promise { found: look_for(&name, clusters), name, written });
            }
        }
        found
    }
}

/// Looks for a metric in what components serve.
fn look_for(name: &str, clusters: &[&Snapshot]) -> Promised {
    let served = || clusters.iter().flat_map(|snapshot| &snapshot.metrics);
    let mut level = None;
    let mut by: Vec<Arc<str>> = Vec::new();
    let mut read: Vec<Arc<str>> = Vec::new();
    for one in served() {
        let known = one.names.binary_search_by(|(known, _)| (**known).cmp(name)).ok();
        let list = if known.is_some() { &mut by } else { &mut read };
        if !list.contains(&one.component) {
            list.push(Arc::clone(&one.component));
        }
        level = level.or_else(|| known.and_then(|index| one.names[index].1.clone()));
    }
    match (by.is_empty(), read.is_empty()) {
        (false, _) => Promised::Served(by, level),
        (true, false) => Promised::NotSeen(read),
        (true, true) => Promised::Unread,
    }
}
