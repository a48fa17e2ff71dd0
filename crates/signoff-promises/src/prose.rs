//! Reading prose: sections, blocks, comments, template lines, questionnaires.

use signoff_model::body::{self, Block, BlockKind, Body, Section};
use signoff_model::profile::Prepared;
use signoff_model::proposal::Document;
use signoff_model::questionnaire::{Answer, State};
use signoff_model::source::Encoding;
use signoff_model::{Span, comment};

use crate::span::{apart, fits, holds};

/// Texts up to this size are read twice and compared word by word.
const COMPARED_MAX: usize = 8 * 1024;

/// Reads a text as prose that starts at a byte.
pub fn body(text: &str, start: usize) {
    let body = body::parse(text, start);
    hidden(text, start);
    sections(text, &body);
    blocks(text, &body);
    apart(text, &body.comments, "a comment");
    for comment in &body.comments {
        let written = comment.of(text);
        assert!(written.starts_with("<!--") && written.ends_with('>'), "a comment: {written:?}");
    }
    in_order(text, body.links.iter().map(|link| link.span), "a link");
    in_order(text, body.code_spans.iter().copied(), "a code span");
    apart(text, &body.unresolved, "a mark of a debate");
    if let Some(inside) = body.contents.and_then(|contents| contents.inside()) {
        fits(text, inside, "a table of contents");
    }
    assert_eq!(body.start, Span::at(start).start);
}

/// Fences and comments are found in order, and what is left keeps its size but for whole lines.
fn hidden(text: &str, start: usize) {
    let hidden = comment::find(text, start);
    apart(text, &hidden.iter().map(|part| part.span).collect::<Vec<_>>(), "a hidden part");
    let masked = comment::mask(text, start, &hidden);
    assert_eq!(masked.text.is_empty(), text.len() == start, "nothing is lost");
    let end = masked.places().span(0..masked.text.len()).end;
    assert_eq!(end as usize, text.len(), "the end stays the end");
}

fn sections(text: &str, body: &Body) {
    in_order(text, body.sections.iter().map(|section| section.heading), "a heading");
    for (index, section) in body.sections.iter().enumerate() {
        let Section { level, heading, content, extent, parent, .. } = section;
        assert!((1..=6).contains(level));
        fits(text, *content, "a section");
        fits(text, *extent, "a section and those below it");
        holds(*extent, *content, "a section's extent and its content");
        assert!(heading.end <= content.start, "a heading stands above its section");
        assert!(section.words.len() <= 8 * section.title.len(), "words come from the title");
        let Some(parent) = parent.map(|parent| parent as usize) else { continue };
        assert!(parent < index && body.sections[parent].level < *level, "a section lies in a higher one above it");
        holds(body.sections[parent].extent, *extent, "a section and one below it");
    }
}

fn blocks(text: &str, body: &Body) {
    in_order(text, body.blocks.iter().map(|block| block.span), "a block");
    let mut open: Vec<Block> = Vec::new();
    for block in &body.blocks {
        // A fence says nothing about what it stands in.
        if block.kind == BlockKind::Code {
            continue;
        }
        open.truncate(usize::from(block.depth));
        assert_eq!(open.len(), usize::from(block.depth), "what a block stands in stands before it: {block:?}");
        if let Some(outer) = open.last() {
            holds(outer.span, block.span, "a block and what it stands in");
        }
        if matches!(block.kind, BlockKind::Item | BlockKind::Quote) {
            open.push(*block);
        }
    }
}

/// Places start in order; they may hold each other.
fn in_order(text: &str, spans: impl Iterator<Item = Span>, what: &str) {
    let mut start = 0;
    for span in spans {
        fits(text, span, what);
        assert!(start <= span.start, "{what} stands before the one above it: {span:?}");
        start = span.start;
    }
}

/// Reads a text as the prose of a process.
pub fn document(prepared: &Prepared, text: &str, start: usize) {
    let document = Document::parse(prepared, text, start, Encoding::Utf8);
    if text.len() <= COMPARED_MAX {
        let again = Document::parse(prepared, text, start, Encoding::Utf8);
        assert_eq!(format!("{document:?}"), format!("{again:?}"), "read twice, a text says the same");
    }
    assert_eq!(document.section_states.len(), document.body.sections.len());
    for (slot, section) in &document.known_sections {
        assert!(*slot < prepared.profile.section.len() && *section < document.body.sections.len());
    }
    for (questionnaire, answers) in document.answers.iter().enumerate() {
        assert_eq!(answers.answers.len(), prepared.questionnaires[questionnaire].questions.len());
        answers.answers.iter().for_each(|own| answer(text, own));
    }
    for (name, span) in document.gates.iter().chain(&document.metrics) {
        fits(text, *span, "a name");
        assert!(!name.trim().is_empty() && span.of(text).contains(&**name), "`{name}` stands at {:?}", span.of(text));
    }
    for ticks in document.checklists.iter().flatten() {
        assert!(ticks.ticked <= ticks.total);
    }
    assert!(document.template_comments.iter().all(|comment| document.body.comments.contains(comment)));
}

fn answer(text: &str, answer: &Answer) {
    fits(text, answer.text, "an answer");
    let Some(asked) = answer.asked else {
        assert_eq!((answer.state, &*answer.own, answer.fields.len()), (State::Absent, "", 0), "nothing is asked");
        return;
    };
    fits(text, asked, "a question");
    assert!(answer.state != State::Absent, "a question that is asked is there");
    assert!(asked.start <= answer.text.start, "a question stands before its answer");
    let is_said = answer.own.chars().any(char::is_alphanumeric);
    assert!(is_said || answer.state == State::Empty, "{:?} without a word", answer.state);
    for field in &answer.fields {
        fits(text, field.span, "a blank");
    }
}
