//! The weave: every answer of a release, a line for each proposal and a column for each question.

use std::fmt::Write as _;

use signoff_model::questionnaire::State;

use crate::strip::Cell;

/// The lines of one stage.
pub(crate) struct Band {
    /// The stage.
    pub(crate) name: String,
    /// The cells of each proposal.
    pub(crate) lines: Vec<Vec<Cell>>,
}

const WIDTH: usize = 22;
const STEP: usize = 24;
const GAP: usize = 8;
const LINE: usize = 4;
const BETWEEN: usize = 12;

/// The picture; `groups` name the columns by how many questions each has.
pub(crate) fn weave(bands: &[Band], groups: &[(String, usize)], title: &str) -> String {
    const CLASSES: [&str; 6] = ["a", "b", "n", "e", "x", "o"];
    let mut paths = CLASSES.map(|class| (class, String::new()));
    let mut names = String::new();
    let mut y = 0;
    for band in bands.iter().filter(|band| !band.lines.is_empty()) {
        let name = crate::escape::escaped(&band.name);
        let _ = write!(names, "<text x=\"-8\" y=\"{}\" text-anchor=\"end\">{name}</text>", y + 8);
        for line in &band.lines {
            let mut x = 0;
            for cell in line {
                x += if cell.begins_group { GAP } else { 0 };
                let class = class(*cell);
                if let Some((_, path)) = paths.iter_mut().find(|(own, _)| *own == class) {
                    let _ = write!(path, "M{x} {y}h{WIDTH}v3h-{WIDTH}z");
                }
                x += STEP;
            }
            y += LINE;
        }
        y += BETWEEN;
    }
    let mut x = 0;
    for (name, count) in groups {
        let name = crate::escape::escaped(&fitting(name, count * STEP));
        let _ = write!(names, "<text x=\"{x}\" y=\"-8\">{name}</text>");
        x += count * STEP + GAP;
    }
    let (width, height) = (x + 72, y + 26);
    let mut svg = format!(
        "<svg class=\"weave\" viewBox=\"-72 -26 {width} {height}\" role=\"img\" aria-label=\"{}\">",
        crate::escape::escaped(title)
    );
    for (class, path) in paths.iter().filter(|(_, path)| !path.is_empty()) {
        let _ = write!(svg, "<path class=\"{class}\" d=\"{path}\"/>");
    }
    svg + &names + "</svg>"
}

/// A name as far as it fits into so many units of the picture.
fn fitting(name: &str, width: usize) -> String {
    const LETTER: usize = 7;
    let most = width / LETTER;
    match name.chars().count() > most {
        true => name.chars().take(most.saturating_sub(1)).chain(['.']).collect(),
        false => name.to_owned(),
    }
}

fn class(cell: Cell) -> &'static str {
    match (cell.state, cell.is_required) {
        (State::Answered, _) => "a",
        (State::Bare, _) => "b",
        (State::NotApplicable, _) => "n",
        (State::Placeholder | State::Empty, true) => "e",
        (State::Absent, true) => "x",
        (_, false) => "o",
    }
}
