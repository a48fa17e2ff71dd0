//! Reading the answers of a questionnaire: where each question is asked, what stands under it, and
//! whether that is an answer.
//!
//! The definitions are those of the contract (`state` of a question): text that any version of the
//! template had is no answer, and neither is a comment.

use std::borrow::Cow;

use memchr::memmem;

use crate::body::{BlockKind, Body};
use crate::names::{self, Labels, StatedName};
use crate::profile::{FieldSlot, LineReader, Prepared, QuestionnaireSlot};
use crate::source;
use crate::span::Span;
use crate::wording::{self, Unmarked};

mod lines;

use lines::{Line, Unit, VisibleLines};

/// Whether a question is answered, worst first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// The question is not asked.
    #[default]
    Absent,
    /// Asked, with nothing of the author's below it.
    Empty,
    /// Only a promise to answer: `TBD`.
    Placeholder,
    /// Only `N/A` or the like, without a reason.
    NotApplicable,
    /// Yes or no and at most two more words.
    Bare,
    /// Anything else.
    Answered,
}

impl State {
    /// The word of the contract.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Empty => "empty",
            Self::Placeholder => "placeholder",
            Self::NotApplicable => "not-applicable",
            Self::Bare => "bare",
            Self::Answered => "answered",
        }
    }
}

/// A question as the document answers it.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Whether it is answered.
    pub state: State,
    /// The question's heading or bold bullet; `None` when it is absent.
    pub asked: Option<Span>,
    /// What stands under it.
    pub text: Span,
    /// The author's own part of it: without comments and template text, white space folded.
    pub own: Box<str>,
    /// The named blanks.
    pub fields: Vec<AnswerField>,
}

/// A named blank of an answer.
#[derive(Clone, Debug)]
pub struct AnswerField {
    /// Index of the blank in the question.
    pub field: usize,
    /// Whether the box above it is ticked; `None` where there is no box.
    pub ticked: Option<bool>,
    /// The value, white space folded; empty when nothing is filled in.
    pub value: Box<str>,
    /// Where the value stands, or the label when nothing is filled in.
    pub span: Span,
}

/// Every answer of a questionnaire, in the profile's order.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// One per question of the profile.
    pub answers: Vec<Answer>,
}

/// Reads the answers of questionnaire `index` of the profile.
#[must_use]
pub fn read(prepared: &Prepared, index: usize, text: &str, body: &Body) -> Answers {
    let slot = &prepared.questionnaires[index];
    let asked = find_questions(slot, text, body);
    let mut reader = LineReader::new(prepared);
    let mut answers = vec![Answer::default(); slot.questions.len()];
    for (place, mark) in asked.iter().enumerate() {
        let end = asked.get(place + 1).map_or(mark.limit, |next| next.span.start.min(mark.limit));
        let span = Span { start: mark.text_start, end: end.max(mark.text_start) };
        let answer = read_answer(&mut reader, slot, mark, span, text, body);
        let best = &mut answers[mark.question];
        if best.asked.is_none() || answer.state > best.state {
            *best = answer;
        }
    }
    Answers { answers }
}

/// A place where a question is asked.
struct Mark {
    question: usize,
    span: Span,
    text_start: u32,
    limit: u32,
}

fn find_questions(slot: &QuestionnaireSlot, text: &str, body: &Body) -> Vec<Mark> {
    let mut marks = heading_marks(slot, text, body);
    marks.extend(bold_marks(slot, text, body));
    marks.sort_by_key(|mark| mark.span.start);
    marks
}

fn heading_marks(slot: &QuestionnaireSlot, text: &str, body: &Body) -> Vec<Mark> {
    let mut marks = Vec::new();
    for section in &body.sections {
        let Some((question, words)) = slot.find(&section.words) else { continue };
        let text_start = words.map_or(section.content.start, |count| after_words(text, section.heading, count));
        marks.push(Mark { question, span: section.heading, text_start, limit: section.extent.end });
    }
    marks
}

fn bold_marks(slot: &QuestionnaireSlot, text: &str, body: &Body) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut section = 0;
    for block in body.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Item | BlockKind::Paragraph)) {
        let raw = block.span.of(text);
        let inside = wording::without_list_mark(raw).unwrap_or(raw);
        let Some(bold) = inside.strip_prefix("**") else { continue };
        let start = Span::of_slice(text, bold).start;
        let Some((question, end)) = bold_question(slot, bold) else { continue };
        if marks.last().is_some_and(|mark: &Mark| mark.span.contains(Span { start, end: start })) {
            continue;
        }
        while body.sections.get(section).is_some_and(|next| next.heading.start <= block.span.start) {
            section += 1;
        }
        let limit = body.sections.get(section).map_or_else(|| Span::at(text.len()).start, |next| next.heading.start);
        let span = Span { start: block.span.start, end: start + Span::at(end).start };
        marks.push(Mark { question, span, text_start: span.end, limit });
    }
    marks
}

/// Finds the question at the start of a bold text and where it ends (bytes from the text's start).
///
/// The bold may be left open by its author; then one to three lines are tried.
fn bold_question(slot: &QuestionnaireSlot, bold: &str) -> Option<(usize, usize)> {
    if !slot.may_start_with_question(bold) {
        return None;
    }
    let paragraph = &bold[..source::paragraph_end(bold.as_bytes()).unwrap_or(bold.len())];
    if let Some(close) = memmem::find(paragraph.as_bytes(), b"**")
        && let Some((question, None)) = slot.find(&wording::words(&paragraph[..close]))
    {
        return Some((question, close + 2));
    }
    let mut end = 0;
    for line in paragraph.split_inclusive('\n').take(3) {
        end += line.len();
        if let Some((question, words)) = slot.find(&wording::words(&paragraph[..end])) {
            let span = Span::new(0, end);
            return Some((question, words.map_or(end, |count| after_words(paragraph, span, count) as usize)));
        }
    }
    None
}

/// Where the first `count` words of a span end, closing punctuation included.
fn after_words(text: &str, span: Span, count: usize) -> u32 {
    let raw = span.of(text);
    let (mut words, mut inside) = (0, false);
    for (at, character) in raw.char_indices() {
        if inside && !character.is_alphanumeric() {
            inside = false;
            if words == count {
                let rest = &raw[at..];
                let marks = rest.len() - rest.trim_start_matches(['?', ')', '*', ':', '.']).len();
                return span.start + Span::at(at + marks).start;
            }
        } else if !inside && character.is_alphanumeric() {
            inside = true;
            words += 1;
        }
    }
    span.end
}

fn read_answer(
    reader: &mut LineReader<'_>,
    slot: &QuestionnaireSlot,
    mark: &Mark,
    span: Span,
    text: &str,
    body: &Body,
) -> Answer {
    let lines = lines::split(text, body, span);
    let paragraphs = lines::paragraphs(&lines);
    let own = lines::own(&lines, &paragraphs, reader, slot);
    let units = if slot.has_labels[mark.question] { lines::units(&lines, &paragraphs) } else { Vec::new() };
    let fields = read_fields(slot, mark.question, &units, text);
    let joined = own.iter().map(|line| line.text.trim()).collect::<Vec<_>>().join(" ");
    Answer {
        state: state(slot, mark.question, &own, &joined),
        asked: Some(mark.span),
        text: span,
        own: joined.into(),
        fields,
    }
}

/// Longest text that can be a bare yes or no, or `N/A`, in bytes.
const SHORT_MAX: usize = 200;

fn state(slot: &QuestionnaireSlot, question: usize, own: &[&Line<'_>], joined: &str) -> State {
    if !joined.chars().any(char::is_alphanumeric) {
        return State::Empty;
    }
    if only_placeholders(slot, question, own) {
        return State::Placeholder;
    }
    if joined.len() > SHORT_MAX {
        return State::Answered;
    }
    let unmarked = Unmarked::of(joined);
    if unmarked.boxless().is_some_and(|text| !slot.may_be_short(text)) {
        return State::Answered;
    }
    let normal = unmarked.line();
    if !normal.chars().any(char::is_alphanumeric) {
        return State::Empty;
    }
    if slot.is_not_applicable(&normal) {
        return State::NotApplicable;
    }
    let mut words = normal
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    if matches!(first, "yes" | "no") && words.count() <= 2 {
        return State::Bare;
    }
    State::Answered
}

/// Whether all that the author wrote are placeholders, alone or as values of blanks.
///
/// A ticked option between them promises no more than they do, and neither does `N/A`.
fn only_placeholders(slot: &QuestionnaireSlot, question: usize, own: &[&Line<'_>]) -> bool {
    let mut found = false;
    for line in own {
        let inside = line.text.trim();
        let is_option = wording::tick_box(wording::without_list_mark(inside).unwrap_or(inside))
            .is_some_and(|(_, rest)| slot.is_option(&lines::option_words(rest)));
        let value = labelled(slot, question, &line.text).map_or(&*line.text, |(_, value)| value);
        let unmarked = Unmarked::of(value);
        let is_answer = unmarked.boxless().is_some_and(|value| !slot.may_be_no_answer(value));
        if value.len() > SHORT_MAX || (is_answer && !is_option) {
            return false;
        }
        let normal = unmarked.line();
        let promise = is_placeholder(slot, &normal);
        found |= promise;
        if !(promise || is_option || normal.is_empty() || slot.is_not_applicable(&normal)) {
            return false;
        }
    }
    found
}

/// `TBD`, `TODO`, or such a word with no more than the stage or time it is put off to.
fn is_placeholder(slot: &QuestionnaireSlot, normal: &str) -> bool {
    const TIMES: &str = "for in at by before after during until upon when once the as part of to we it is are alpha beta \
        ga stable stage release graduation phase promotion targeting targeted reach reaching reached \
        complete completed needed required later a an";
    let is_time = |word: &str| {
        let number = word.strip_prefix('v').unwrap_or(word);
        TIMES.split(' ').any(|time| time == word)
            || (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let words = wording::words(normal);
    slot.placeholders.iter().any(|text| {
        let Some(rest) = words.strip_prefix(&**text) else { return false };
        rest.is_empty() || (rest.starts_with(' ') && rest.split_whitespace().all(is_time))
    })
}

/// Finds a blank's label at the start of a text; returns the blank and what follows the label.
fn labelled<'s, 't>(slot: &'s QuestionnaireSlot, question: usize, text: &'t str) -> Option<(&'s FieldSlot, &'t str)> {
    let inside = lines::without_box(text);
    slot.labels_at(inside)
        .filter(|label| label.question == question)
        .find_map(|label| Some((label, lines::after_label(inside, &label.words)?)))
}

fn read_fields(slot: &QuestionnaireSlot, question: usize, units: &[Unit<'_>], text: &str) -> Vec<AnswerField> {
    let mut fields = Vec::new();
    let labels: Vec<_> = units.iter().map(|unit| labelled(slot, question, &unit.text)).collect();
    for (place, unit) in units.iter().enumerate() {
        let Some((label, value)) = labels[place] else { continue };
        let below = || units[place + 1..].iter().zip(&labels[place + 1..]);
        let mut value = Cow::Borrowed(value.trim());
        let mut span = unit.value_span(text, &value);
        let mut children = Vec::new();
        for (child, _) in below().take_while(|(child, label)| child.indent > unit.indent && label.is_none()) {
            children.push(child.text.trim());
            if value.is_empty() && children.len() == 1 {
                span = child.span;
            }
        }
        if value.is_empty() && children.is_empty() && unit.listed {
            // The list below the label was not indented.
            let siblings = below().take_while(|(next, label)| is_sibling(unit, next) && label.is_none());
            children.extend(siblings.map(|(next, _)| next.text.trim()));
            span = if children.is_empty() { span } else { units[place + 1].span };
        }
        if value.is_empty() && !children.is_empty() {
            value = Cow::Owned(children.join("\n"));
        }
        fields.push(AnswerField {
            field: label.field,
            ticked: lines::ticked(&units[..=place]),
            value: value.into_owned().into(),
            span,
        });
    }
    fields
}

/// Whether a list item stands beside a label and is no option itself.
fn is_sibling(label: &Unit<'_>, next: &Unit<'_>) -> bool {
    next.listed && next.indent == label.indent && wording::tick_box(&next.text).is_none()
}

/// The gate and metric names that a questionnaire's blanks state.
#[must_use]
pub fn stated_names(prepared: &Prepared, index: usize, text: &str, body: &Body) -> Vec<StatedName> {
    let slot = &prepared.questionnaires[index];
    let kind = |label: &FieldSlot| label.names;
    let labels = Labels {
        names: slot.labels.iter().filter_map(|label| Some((&*label.words, kind(label)?))).collect(),
        others: slot.labels.iter().filter(|label| kind(label).is_none()).map(|label| &*label.words).collect(),
    };
    let extents: Vec<Span> =
        body.sections.iter().filter(|section| slot.opens(&section.words)).map(|section| section.extent).collect();
    let whole = Span { start: body.start, end: Span::at(text.len()).start };
    let scope = if extents.is_empty() { vec![whole] } else { extents };
    names::stated(VisibleLines::new(text, body, scope).with_colons(), &labels)
}
