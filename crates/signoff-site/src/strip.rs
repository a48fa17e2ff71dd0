//! The answer strip: every question of a proposal as one line of cells.
//!
//! A cell's shape says how the question is answered; what the stage does not ask for yet is grey. One path for each
//! look keeps a row small.

use std::fmt::Write as _;

use signoff_analysis::rules::owes_answers;
use signoff_model::Proposal;
use signoff_model::profile::{Prepared, QuestionGroup};
use signoff_model::questionnaire::State;

/// A question as a proposal answers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    /// How it is answered.
    pub(crate) state: State,
    /// Whether the stage requires an answer.
    pub(crate) is_required: bool,
    /// Whether it begins a group.
    pub(crate) begins_group: bool,
}

/// The cells of a proposal's first questionnaire; none where the process has no questionnaire.
pub(crate) fn cells(prepared: &Prepared, proposal: &Proposal) -> Vec<Cell> {
    let Some(slot) = prepared.questionnaires.first() else { return Vec::new() };
    let answers = proposal.document().and_then(|document| document.answers.first());
    let owes = owes_answers(prepared, proposal, 0);
    let mut last = None;
    (0..slot.questions.len())
        .map(|index| {
            let (group, _) = prepared.question(0, index);
            let state = answers.map_or(State::Absent, |answers| answers.answers[index].state);
            let required = group.required_from.as_deref();
            let begins_group = last.replace(std::ptr::from_ref(group)) != Some(std::ptr::from_ref(group));
            Cell {
                state,
                is_required: owes && required.is_some_and(|from| proposal.reached(prepared, from)),
                begins_group: begins_group && index > 0,
            }
        })
        .collect()
}

/// A group of questions in one word.
pub(crate) fn name_of(group: &QuestionGroup) -> String {
    let mut letters = group.id.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

const WIDTH: f32 = 4.0;
const STEP: f32 = 5.5;
const GAP: f32 = 3.5;

/// The small form.
pub(crate) fn small(cells: &[Cell]) -> String {
    if cells.is_empty() {
        return String::new();
    }
    let mut paths: [(&str, String); 7] = ["a", "o", "r", "e", "eo", "xt", "x"].map(|class| (class, String::new()));
    let mut add = |class: &str, path: &str| {
        if let Some((_, text)) = paths.iter_mut().find(|(own, _)| *own == class) {
            text.push_str(path);
        }
    };
    let mut x = 0.0;
    for cell in cells {
        x += if cell.begins_group { GAP } else { 0.0 };
        draw(*cell, x, &mut add);
        x += STEP;
    }
    let width = x - STEP + WIDTH;
    let mut svg = format!(
        "<svg class=\"strip\" viewBox=\"0 0 {width} 16\" width=\"{width}\" height=\"16\" role=\"img\" \
         aria-label=\"{}\">",
        spoken(cells)
    );
    for (class, path) in paths.iter().filter(|(_, path)| !path.is_empty()) {
        let _ = write!(svg, "<path class=\"{class}\" d=\"{path}\"/>");
    }
    svg.push_str("</svg>");
    svg
}

fn draw(cell: Cell, x: f32, add: &mut dyn FnMut(&str, &str)) {
    let bar = |top: f32, height: f32| format!("M{x} {top}h4v{height}h-4z");
    let filled = if cell.is_required { "a" } else { "o" };
    match (cell.state, cell.is_required) {
        (State::Answered, _) => add(filled, &bar(0.0, 16.0)),
        (State::Bare, _) => add(filled, &bar(9.0, 7.0)),
        (State::NotApplicable, _) => add(filled, &bar(7.0, 2.0)),
        (State::Placeholder, is_required) => {
            let blocks = [0.0, 6.5, 13.0].map(|top| bar(top, 3.0)).concat();
            add(if is_required { "r" } else { "o" }, &blocks);
        }
        (State::Empty, is_required) => {
            add(if is_required { "e" } else { "eo" }, &format!("M{} .75h2.5v14.5h-2.5z", x + 0.75));
        }
        (State::Absent, true) => {
            add("xt", &bar(0.0, 16.0));
            add("x", &bar(13.0, 3.0));
        }
        (State::Absent, false) => add("o", &bar(14.5, 1.5)),
    }
}

/// The counts in words: `Answers: 22 answered, 1 empty`.
pub(crate) fn spoken(cells: &[Cell]) -> String {
    const WORDS: [(State, &str); 6] = [
        (State::Answered, "answered"),
        (State::Bare, "yes or no"),
        (State::NotApplicable, "not applicable"),
        (State::Placeholder, "placeholder"),
        (State::Empty, "empty"),
        (State::Absent, "absent"),
    ];
    let counted = WORDS.iter().filter_map(|(state, word)| {
        let count = cells.iter().filter(|cell| cell.state == *state).count();
        (count > 0).then(|| format!("{count} {word}"))
    });
    format!("Answers: {}", counted.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(state: State, is_required: bool) -> Cell {
        Cell { state, is_required, begins_group: false }
    }

    #[test]
    fn a_strip_says_its_counts_and_draws_each_look_once() {
        let states =
            [State::Answered, State::Bare, State::NotApplicable, State::Placeholder, State::Empty, State::Absent];
        let cells: Vec<Cell> = states.iter().flat_map(|state| [cell(*state, true), cell(*state, false)]).collect();
        let svg = small(&cells);
        assert!(svg.contains("2 answered, 2 yes or no, 2 not applicable, 2 placeholder, 2 empty, 2 absent"), "{svg}");
        for class in ["a", "o", "r", "e", "eo", "xt", "x"] {
            assert_eq!(svg.matches(&format!("class=\"{class}\"")).count(), 1, "{class}: {svg}");
        }
        assert_eq!(small(&[]), "");
    }
}
