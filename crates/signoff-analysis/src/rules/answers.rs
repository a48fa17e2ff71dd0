//! The answers that the rules about answers look at, and where a finding about one points.
//!
//! Read [`looked_at`] first; [`required`] keeps what it finds for all rules, [`signs`] holds what a text
//! shows by itself, [`contradiction`] what two answers show together.

use std::cell::OnceCell;

use signoff_model::body::Body;
use signoff_model::profile::{Expectation, NameKind, Question, QuestionGroup, StatusClass};
use signoff_model::questionnaire::{Answer, AnswerField, State};
use signoff_model::wording;
use signoff_model::{Corpus, Proposal, Span};

use phrases::Words;

pub(super) mod contradiction;
pub(super) mod phrases;
pub(super) mod required;
pub(super) mod signs;

/// Characters of an answer that a message quotes at most.
const QUOTE_MAX: usize = 80;

/// An answer that the proposal's stage requires.
pub(super) struct Asked<'a> {
    /// Index of the questionnaire in the profile.
    pub(super) questionnaire: usize,
    /// Index of the answer in the questionnaire.
    pub(super) index: usize,
    /// The group of the question.
    pub(super) group: &'a QuestionGroup,
    /// The question.
    pub(super) question: &'a Question,
    /// What was read under it.
    pub(super) answer: &'a Answer,
    /// Whether what is asked about must exist by the proposal's stage.
    pub(super) is_due: bool,
    body: &'a Body,
    text: &'a str,
    words: OnceCell<Words<'a>>,
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
    let Some(stage) = proposal.stage(prepared) else { return Vec::new() };
    let reached = |from: &str| prepared.profile.reached(stage, from);
    let mut found = Vec::new();
    let mut required_group: Option<(&QuestionGroup, bool)> = None;
    for (questionnaire, answers) in prose.document.answers.iter().enumerate() {
        for (index, answer) in answers.answers.iter().enumerate() {
            let (group, question) = prepared.question(questionnaire, index);
            // The questions of a group lie side by side.
            let known = required_group.filter(|(last, _)| std::ptr::eq(*last, group));
            let (_, is_required) = *required_group
                .insert(known.unwrap_or_else(|| (group, group.required_from.as_deref().is_some_and(reached))));
            if is_required && answer.state > State::Empty {
                let (body, text) = (&prose.document.body, &*prose.source.text);
                let is_due = question.done_from.as_deref().is_none_or(reached);
                let words = OnceCell::new();
                found.push(Asked { questionnaire, index, group, question, answer, is_due, body, text, words });
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

    /// The stage by which what is asked about must exist.
    pub(super) fn due_from(&self) -> Option<&'a str> {
        self.question.done_from.as_deref().or(self.group.required_from.as_deref())
    }

    /// The author's own words, white space folded.
    pub(super) fn own(&self) -> &'a str {
        &self.answer.own
    }

    /// The words of [`Asked::own`].
    pub(super) fn words(&self) -> &Words<'a> {
        self.words.get_or_init(|| Words::of(self.own()))
    }

    /// The question as the proposal asks it.
    pub(super) fn heading(&self) -> &'a str {
        self.answer.asked.map_or(&*self.question.title, |asked| asked.of(self.text))
    }

    /// The text without its list mark and tick box.
    pub(super) fn plain(&self) -> &'a str {
        without_marks(self.own())
    }

    /// The first blank for a metric's name that is filled in.
    pub(super) fn metric_blank(&self) -> Option<&'a AnswerField> {
        let names_metric = |field: &&AnswerField| self.question.field[field.field].names == Some(NameKind::Metric);
        self.answer
            .fields
            .iter()
            .find(|field| names_metric(field) && !field.value.is_empty() && field.ticked != Some(false))
    }

    /// Whether the option of last resort is ticked and more than the option stands there.
    pub(super) fn takes_last_resort(&self) -> bool {
        let Some(option) = self.question.last_resort.as_deref() else { return false };
        ["[x] ", "[X] "].iter().any(|ticked| {
            let behind = self.own().split(ticked).skip(1).filter_map(|line| line.strip_prefix(option));
            behind.into_iter().any(|rest| rest.contains(char::is_alphanumeric))
        })
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
    let (mut plain, mut length) = (String::new(), 0);
    for word in text.split_whitespace() {
        let letters = word.chars().filter(|character| *character != '`');
        let gap = (length > 0).then_some(' ').filter(|_| letters.clone().next().is_some());
        for character in gap.into_iter().chain(letters) {
            plain.push(character);
            length += 1;
        }
        // What follows is cut off.
        if length > QUOTE_MAX {
            break;
        }
    }
    if length <= QUOTE_MAX {
        return format!("`{plain}`");
    }
    let end = plain.char_indices().nth(QUOTE_MAX - 3).map_or(plain.len(), |(at, _)| at);
    let cut = plain[..end].rfind(' ').filter(|at| *at > QUOTE_MAX / 2).unwrap_or(end);
    format!("`{}...`", &plain[..cut])
}
