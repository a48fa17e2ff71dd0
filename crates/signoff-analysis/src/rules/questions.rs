//! Which questions of a questionnaire a proposal has to answer by now.

use signoff_model::profile::{Prepared, Question, QuestionGroup, Questionnaire, QuestionnaireSlot, StatusClass};
use signoff_model::questionnaire::Answer;
use signoff_model::{Corpus, Proposal, Release};

use super::sections::came_late;

/// A question whose answer is due, and the answer.
pub(super) struct Due<'a> {
    /// The question.
    pub(super) question: &'a Question,
    /// What the document says.
    pub(super) answer: &'a Answer,
    since: Option<&'a str>,
    accepted: Option<Release>,
}

impl Due<'_> {
    /// Whether the question came after the proposal was accepted.
    pub(super) fn is_late(&self) -> bool {
        came_late(self.since, self.accepted)
    }
}

/// A group of questions whose answers are due.
pub(super) struct DueGroup<'a> {
    /// The questionnaire.
    pub(super) questionnaire: &'a Questionnaire,
    /// Its look-ups.
    pub(super) slot: &'a QuestionnaireSlot,
    /// The group.
    pub(super) group: &'a QuestionGroup,
    /// The stage that requires the answers.
    pub(super) stage: &'a str,
    /// Whether any question of the questionnaire is asked.
    pub(super) is_begun: bool,
    /// The questions.
    pub(super) questions: Vec<Due<'a>>,
}

/// Whether a proposal owes the answers of a questionnaire: it asks one of its questions, or it was accepted when the
/// template had it.
#[must_use]
pub fn owes_answers(prepared: &Prepared, proposal: &Proposal, questionnaire: usize) -> bool {
    let answers = proposal.document().and_then(|document| document.answers.get(questionnaire));
    let is_begun = answers.is_some_and(|answers| answers.answers.iter().any(|answer| answer.asked.is_some()));
    let section = prepared.questionnaires.get(questionnaire).and_then(|slot| slot.section);
    let since = section.and_then(|section| prepared.profile.section[section].since.as_deref());
    is_begun || !came_late(since, proposal.accepted(prepared))
}

/// The groups whose answers are due, of the questionnaires that the document has at all.
///
/// A proposal that is not accepted yet owes no answer; a questionnaire that is not there is a missing section.
pub(super) fn due<'a>(corpus: &'a Corpus, proposal: &'a Proposal) -> Vec<DueGroup<'a>> {
    let prepared = &corpus.prepared;
    let Some(document) = proposal.document() else { return Vec::new() };
    if !matches!(proposal.class(prepared), StatusClass::Accepted | StatusClass::Done) {
        return Vec::new();
    }
    let Some(stage) = proposal.stage(prepared) else { return Vec::new() };
    let reached = |from: &str| prepared.profile.reached(stage, from);
    let accepted = proposal.accepted(prepared);
    let mut groups: Vec<DueGroup<'a>> = Vec::new();
    for (index, (questionnaire, answers)) in prepared.profile.questionnaire.iter().zip(&document.answers).enumerate() {
        let slot = &prepared.questionnaires[index];
        let asked = answers.answers.iter().any(|answer| answer.asked.is_some());
        if !asked && !document.body.sections.iter().any(|section| slot.opens(&section.words)) {
            continue;
        }
        let section_since = slot.section.and_then(|section| prepared.profile.section[section].since.as_deref());
        for (group_index, group) in questionnaire.group.iter().enumerate() {
            let Some(stage) = group.required_from.as_deref().filter(|from| reached(from)) else { continue };
            let own = slot.questions.iter().zip(&answers.answers).filter(|(slot, _)| slot.group == group_index);
            let questions = own.map(|(slot, answer)| {
                let question = &group.question[slot.question];
                Due { question, answer, since: question.since.as_deref().or(section_since), accepted }
            });
            groups.push(DueGroup {
                questionnaire,
                slot,
                group,
                stage,
                is_begun: asked,
                questions: questions.collect(),
            });
        }
    }
    groups
}
