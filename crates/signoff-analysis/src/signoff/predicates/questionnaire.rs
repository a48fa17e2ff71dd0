//! Whether the questions that a stage requires are there and answered.

use std::sync::Arc;

use signoff_model::profile::{QuestionGroup, QuestionSlot};
use signoff_model::proposal::Prose;
use signoff_model::questionnaire::{Answer as Given, State};
use signoff_model::wording;

use crate::signoff::Outcome;
use crate::signoff::look::{Answer, Heading, Look, Remedy, Work};

/// Most names that a message lists.
const NAMES_MAX: usize = 5;

/// Every group that the stage requires has its heading or a question; a question without an answer is a doubt.
pub(super) fn filled(look: &Look<'_>) -> Answer {
    let prepared = look.prepared();
    let Some(stage) = look.target.stage.as_deref() else {
        return Answer::fail("without a stage nobody knows which answers are due");
    };
    let Some(prose) = &look.proposal.prose else {
        return Answer::fail("there is no document with answers")
            .seen(look.absence(&look.proposal.metadata_path, "there is no document beside it"));
    };
    let mut seen = Seen::default();
    for (index, questionnaire) in prepared.profile.questionnaire.iter().enumerate() {
        let slot = &prepared.questionnaires[index];
        let answers = &prose.document.answers[index].answers;
        let groups = questionnaire.group.iter().enumerate();
        for (at, group) in groups.filter(|(_, group)| is_due(look, group, stage)) {
            let own = slot.questions.iter().zip(answers).enumerate().filter(|(_, (slot, _))| slot.group == at);
            let asked = |(place, (slot, given))| Asked {
                heading: Heading::Question(index, place),
                title: title(group, slot),
                given,
            };
            seen.look_at(prose, group, own.map(asked).collect());
        }
    }
    seen.answer(look, prose, stage)
}

fn is_due(look: &Look<'_>, group: &QuestionGroup, stage: &str) -> bool {
    group.required_from.as_deref().is_some_and(|from| look.prepared().profile.reached(stage, from))
}

fn title<'p>(group: &'p QuestionGroup, slot: &QuestionSlot) -> &'p str {
    &group.question[slot.question].title
}

/// A question of a group, and what the document has of it.
struct Asked<'a> {
    heading: Heading,
    title: &'a str,
    given: &'a Given,
}

/// What was seen of the groups that are due.
#[derive(Default)]
struct Seen<'a> {
    missing_groups: Vec<&'a str>,
    open: Vec<(&'a str, State)>,
    count: usize,
    remedies: Vec<Remedy>,
}

impl<'a> Seen<'a> {
    fn look_at(&mut self, prose: &Prose, group: &'a QuestionGroup, questions: Vec<Asked<'a>>) {
        let titles = std::iter::once(&group.title).chain(&group.aliases);
        let words: Vec<String> = titles.map(|title| wording::words(title)).collect();
        let heads = prose.document.body.sections.iter().any(|section| words.iter().any(|own| *own == *section.words));
        let asked = questions.iter().any(|asked| asked.given.asked.is_some());
        if !heads && !asked {
            self.missing_groups.push(&group.title);
        }
        self.count += questions.len();
        for Asked { heading, title, given } in questions {
            if !matches!(given.state, State::Absent | State::Empty | State::Placeholder) {
                continue;
            }
            self.open.push((title, given.state));
            self.remedies.push(Remedy {
                work: Work::Question,
                field: None,
                path: Arc::clone(&prose.source.path),
                line: given.asked.map(|span| prose.source.line(span.start)),
                what: match given.state {
                    State::Absent => format!("add and answer: {title}"),
                    _ => format!("answer: {title}"),
                },
                to: None,
                heading: Some(heading),
            });
        }
    }

    fn answer(self, look: &Look<'_>, prose: &Prose, stage: &str) -> Answer {
        let place = look.absence(&prose.source.path, "");
        if !self.missing_groups.is_empty() {
            let message = format!("the questionnaire lacks {}, which {stage} requires", self.missing_groups.join(", "));
            return Answer { evidence: vec![place], remedies: self.remedies, ..Answer::fail(message) };
        }
        if self.count == 0 {
            return Answer::new(Outcome::NotApplicable, format!("no answer is due at {stage}"));
        }
        if self.open.is_empty() {
            return Answer::pass(format!("all {} questions that {stage} requires have an answer", self.count))
                .seen(place);
        }
        let shown: Vec<&str> = self.open.iter().take(NAMES_MAX).map(|(title, _)| *title).collect();
        let more = self.open.len() - shown.len();
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let message = format!(
            "{} of {} questions that {stage} requires have no answer: {}{more}",
            self.open.len(),
            self.count,
            shown.join(" ")
        );
        let evidence = self.remedies.first().map_or(place, |first| {
            first.line.map_or_else(
                || look.absence(&first.path, ""),
                |line| look.quote(&prose.source, signoff_model::Span::at(prose.source.line_start(line))),
            )
        });
        Answer { evidence: vec![evidence], remedies: self.remedies, ..Answer::new(Outcome::Warn, message) }
    }
}
