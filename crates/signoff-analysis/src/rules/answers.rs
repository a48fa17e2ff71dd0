//! The answers that the rules about answers look at, and where a finding about one points.
//!
//! Read [`looked_at`] first; [`signs`] holds what a text shows by itself, [`contradiction`] what two
//! answers show together.

use signoff_model::body::Body;
use signoff_model::profile::{Expectation, Question, QuestionGroup, StatusClass};
use signoff_model::questionnaire::{Answer, State};
use signoff_model::wording;
use signoff_model::{Corpus, Proposal, Span};

pub(super) mod contradiction;
pub(super) mod signs;

/// Characters of an answer that a message quotes at most.
const QUOTE_MAX: usize = 80;

/// An answer that the proposal's stage requires.
pub(super) struct Asked<'a> {
    /// Index of the questionnaire in the profile.
    pub(super) questionnaire: usize,
    /// The group of the question.
    pub(super) group: &'a QuestionGroup,
    /// The question.
    pub(super) question: &'a Question,
    /// What was read under it.
    pub(super) answer: &'a Answer,
    body: &'a Body,
    text: &'a str,
}

/// The answers that the stage of an accepted or finished proposal requires.
///
/// Drafts may have gaps, and what is put aside or dead is nobody's concern any more.
pub(super) fn looked_at<'a>(corpus: &'a Corpus, proposal: &'a Proposal) -> Vec<Asked<'a>> {
    let prepared = &corpus.prepared;
    let Some(prose) = &proposal.prose else { return Vec::new() };
    if !matches!(proposal.class(prepared), StatusClass::Accepted | StatusClass::Done) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (questionnaire, answers) in prose.document.answers.iter().enumerate() {
        for (index, answer) in answers.answers.iter().enumerate() {
            let (group, question) = prepared.question(questionnaire, index);
            let required = group.required_from.as_deref().is_some_and(|from| proposal.reached(prepared, from));
            if required && answer.state > State::Empty {
                let (body, text) = (&prose.document.body, &*prose.source.text);
                found.push(Asked { questionnaire, group, question, answer, body, text });
            }
        }
    }
    found
}

impl<'a> Asked<'a> {
    /// Whether the profile expects this of an answer.
    pub(super) fn expects(&self, expectation: Expectation) -> bool {
        self.question.expects.contains(&expectation)
    }

    /// Whether what is asked about must exist by the proposal's stage.
    pub(super) fn is_due(&self, corpus: &Corpus, proposal: &Proposal) -> bool {
        let from = self.question.done_from.as_deref().or(self.group.required_from.as_deref());
        from.is_some_and(|from| proposal.reached(&corpus.prepared, from))
    }

    /// The author's own words, white space folded.
    pub(super) fn own(&self) -> &'a str {
        &self.answer.own
    }

    /// What the author says first: the value of the first blank, or the text without its tick box.
    pub(super) fn gist(&self) -> &'a str {
        let value = self.answer.fields.iter().find(|field| !field.value.is_empty() && field.ticked != Some(false));
        value.map_or_else(|| without_marks(self.own()), |field| &field.value)
    }

    /// Where [`Asked::gist`] stands.
    pub(super) fn gist_place(&self) -> Span {
        let value = self.answer.fields.iter().find(|field| !field.value.is_empty() && field.ticked != Some(false));
        value.map_or_else(|| self.first_line(), |field| field.span)
    }

    /// The author's first line.
    pub(super) fn first_line(&self) -> Span {
        let own = self.own();
        let line = self.lines().find(|(_, line)| own.starts_with(line));
        line.map_or(self.answer.asked.unwrap_or(self.answer.text), |(span, _)| span)
    }

    /// Where a part of [`Asked::own`] stands: its first line, or the answer's when it is wrapped otherwise.
    pub(super) fn place(&self, part: &str) -> Span {
        let whole = |line: &str| line.find(part).map(|at| (at, part.len()));
        let begun = |line: &str| part.starts_with(line).then_some((0, line.len()));
        let end_of = |line: &str| {
            let words = part.split(' ').next().filter(|word| word.len() > 3)?;
            let at = line.rfind(words)?;
            part.starts_with(&line[at..]).then(|| (at, line.len() - at))
        };
        self.lines()
            .find_map(|(span, line)| {
                let (at, length) = whole(line).or_else(|| begun(line)).or_else(|| end_of(line))?;
                Some(Span::new(span.start as usize + at, span.start as usize + at + length))
            })
            .unwrap_or_else(|| self.first_line())
    }

    /// The lines of the answer outside comments that are not blank, trimmed.
    fn lines(&self) -> impl Iterator<Item = (Span, &'a str)> {
        let (body, text) = (self.body, self.text);
        let raw = self.answer.text.of(text);
        raw.lines().map(str::trim).filter(|line| line.contains(char::is_alphanumeric)).filter_map(move |line| {
            let span = Span::of_slice(text, line);
            (*body.without_comments(text, span) == *line).then_some((span, line))
        })
    }
}

/// The text behind a list mark and a tick box.
fn without_marks(text: &str) -> &str {
    let inside = wording::without_list_mark(text).unwrap_or(text);
    wording::tick_box(inside).map_or(inside, |(_, rest)| rest)
}

/// A text as a message quotes it: in backticks, on one line, cut at a word.
pub(super) fn quoted(text: &str) -> String {
    let plain: String = text.chars().filter(|character| *character != '`').collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if plain.chars().count() <= QUOTE_MAX {
        return format!("`{plain}`");
    }
    let end = plain.char_indices().nth(QUOTE_MAX - 3).map_or(plain.len(), |(at, _)| at);
    let cut = plain[..end].rfind(' ').filter(|at| *at > QUOTE_MAX / 2).unwrap_or(end);
    format!("`{}...`", &plain[..cut])
}
