//! The proposals behind gates, and what they answer about going back.

use std::collections::BTreeMap;

use signoff_model::profile::{Prepared, UpgradeRules};
use signoff_model::questionnaire::State;
use signoff_model::{Corpus, Proposal};

/// Longest part of an answer that is told, in characters.
const SENTENCE_MAX: usize = 300;

/// A proposal behind a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    /// The number that people know it by.
    pub label: String,
    /// Its title.
    pub title: Option<String>,
    /// Its folder or file.
    pub path: String,
    /// The components that it names for the gate.
    pub components: Vec<String>,
    /// What it answers to whether the feature can be turned off again.
    pub rollback: Option<Told>,
    /// What it answers to what to watch.
    pub monitoring: Option<Told>,
}

/// The beginning of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The question.
    pub question: String,
    /// The first sentence.
    pub text: String,
}

/// The proposals by their gates.
#[derive(Default)]
pub(super) struct Proposals<'c> {
    by_gate: BTreeMap<&'c str, &'c Proposal>,
    prepared: Option<&'c Prepared>,
}

impl<'c> Proposals<'c> {
    /// Those whose metadata declares a gate come before those that name it in their answers.
    pub(super) fn of(corpus: Option<&'c Corpus>) -> Self {
        let Some(corpus) = corpus else { return Self::default() };
        let prepared = &*corpus.prepared;
        let mut by_gate: BTreeMap<&str, &Proposal> = BTreeMap::new();
        for proposal in corpus.all() {
            for gate in proposal.gates(prepared) {
                by_gate.entry(gate.name).or_insert(proposal);
            }
        }
        for proposal in corpus.all() {
            for (name, _) in proposal.document().map(|document| &*document.gates).unwrap_or_default() {
                by_gate.entry(name).or_insert(proposal);
            }
        }
        Self { by_gate, prepared: Some(prepared) }
    }

    /// The proposal behind a gate.
    pub(super) fn behind(&self, gate: &str, rules: &UpgradeRules) -> Option<Behind> {
        let (proposal, prepared) = (*self.by_gate.get(gate)?, self.prepared?);
        let declared = proposal.gates(prepared);
        let declared = declared.iter().find(|declared| declared.name == gate);
        let title = proposal.text(prepared, signoff_model::profile::Meaning::Title);
        Some(Behind {
            label: proposal.label().to_string(),
            title: title.map(str::to_owned),
            path: proposal.path.to_string(),
            components: declared
                .map_or_else(Vec::new, |gate| gate.components.iter().map(|&it| it.to_owned()).collect()),
            rollback: told(proposal, prepared, &rules.rollback_questions),
            monitoring: told(proposal, prepared, &rules.monitoring_questions),
        })
    }

    /// The components that a gate is said to be of.
    pub(super) fn components(&self, gate: &str) -> Vec<&'c str> {
        let (Some(proposal), Some(prepared)) = (self.by_gate.get(gate), self.prepared) else { return Vec::new() };
        let declared = proposal.gates(prepared).into_iter().find(|declared| declared.name == gate);
        declared.map_or_else(Vec::new, |gate| gate.components)
    }
}

/// The first of some questions that is answered.
fn told(proposal: &Proposal, prepared: &Prepared, questions: &[String]) -> Option<Told> {
    let document = proposal.document()?;
    questions.iter().find_map(|id| {
        let (questionnaire, question) = prepared.question_by_id(id)?;
        let answer = document.answers.get(questionnaire)?.answers.get(question)?;
        let is_told = matches!(answer.state, State::Bare | State::Answered) && !answer.own.trim().is_empty();
        is_told.then(|| Told { question: id.clone(), text: sentence(&answer.own) })
    })
}

/// The first sentence of a text; of a very short one, as a yes, the second too.
fn sentence(text: &str) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let folded = folded.trim_start_matches(['-', '*', ' ']);
    const SHORT: usize = 12;
    let ends = folded.match_indices(['.', '!', '?']).map(|(at, _)| at + 1);
    let mut ends = ends.filter(|end| folded[*end..].starts_with(' ') || *end == folded.len());
    let end = ends.find(|end| *end > SHORT).unwrap_or(folded.len());
    let first = &folded[..end];
    match first.char_indices().nth(SENTENCE_MAX) {
        Some((cut, _)) => format!("{}…", first[..cut].trim_end()),
        None => first.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_sentences() {
        let cases = [
            ("Yes. Turn the gate off.", "Yes. Turn the gate off."),
            ("Yes, by turning v1.2 off. More.", "Yes, by turning v1.2 off."),
            ("- Yes", "Yes"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(sentence(text), expected);
        }
        assert_eq!(sentence(&"é".repeat(400)).chars().count(), SENTENCE_MAX + 1);
    }
}
