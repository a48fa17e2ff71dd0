//! Files that somebody gave, with the lines marked that matter.

use std::collections::BTreeMap;

use signoff_analysis::upgrade::{Change, ChangeKind, Level, Text};

use super::Checked;
use super::changes::id;

/// A file with more lines is shown around those that matter.
const LINES_MAX: usize = 300;
/// So many lines around one that matters.
const AROUND: usize = 2;
/// Longest part of a line that is shown, in characters.
const LETTERS_MAX: usize = 400;

/// A file.
pub(super) struct FileOf {
    pub(super) path: String,
    /// The lines, in pieces without a gap.
    pub(super) pieces: Vec<Piece>,
    /// Whether lines are left out.
    pub(super) is_part: bool,
}

/// Lines that follow one another.
pub(super) struct Piece {
    /// The number of the first.
    pub(super) start: usize,
    pub(super) lines: Vec<LineOf>,
}

pub(super) struct LineOf {
    pub(super) text: String,
    /// The class of its mark; empty where it has none.
    pub(super) class: &'static str,
    pub(super) word: &'static str,
    /// The place of what is said about it.
    pub(super) href: String,
}

/// How a line is marked: the worst of what is said about it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Marked {
    level: Level,
    /// Whether it is anything but a lock, which says most about the line itself.
    is_no_lock: bool,
    /// The place of the change among those that are told.
    at: usize,
}

/// The files, those first of which most is to be said.
pub(super) fn of(given: &Checked, told: &[&Change]) -> Vec<FileOf> {
    let mut marked: BTreeMap<(&str, usize), Marked> = BTreeMap::new();
    for (at, change) in told.iter().enumerate() {
        let own = Marked { level: change.level, is_no_lock: change.kind != ChangeKind::Locked, at };
        for place in &change.set_in {
            let Some(line) = place.line else { continue };
            let known = marked.entry((&place.path, line)).or_insert(own);
            *known = (*known).min(own);
        }
    }
    let mut files: Vec<(usize, FileOf)> = given.texts.iter().map(|text| file(text, &marked)).collect();
    files.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    files.into_iter().map(|(_, file)| file).collect()
}

fn file(text: &Text, marked: &BTreeMap<(&str, usize), Marked>) -> (usize, FileOf) {
    let path = &*text.path;
    let own: BTreeMap<usize, Marked> =
        marked.range((path, 0)..=(path, usize::MAX)).map(|((_, line), mark)| (*line, *mark)).collect();
    let count = text.text.lines().take(LINES_MAX + 1).count();
    let is_part = count > LINES_MAX;
    let is_shown = |line: usize| !is_part || own.range(line.saturating_sub(AROUND)..=line + AROUND).next().is_some();
    let mut pieces: Vec<Piece> = Vec::new();
    for (at, line) in text.text.lines().enumerate().filter(|(at, _)| is_shown(at + 1)).take(LINES_MAX) {
        let line = line_of(line, own.get(&(at + 1)));
        match pieces.last_mut().filter(|piece| piece.start + piece.lines.len() == at + 1) {
            Some(piece) => piece.lines.push(line),
            None => pieces.push(Piece { start: at + 1, lines: vec![line] }),
        }
    }
    (own.len(), FileOf { path: path.to_owned(), pieces, is_part })
}

fn line_of(text: &str, marked: Option<&Marked>) -> LineOf {
    let (class, word) = match marked {
        None => ("", ""),
        Some(Marked { level: Level::Breaks, is_no_lock: false, .. }) => ("k", "locked"),
        Some(Marked { level: Level::Breaks, .. }) => ("b", "breaks"),
        Some(Marked { level: Level::Behaviour, .. }) => ("f", "changes"),
        Some(Marked { level: Level::Review, .. }) => ("f", "decide"),
        Some(Marked { level: Level::Notice, .. }) => ("n", "notice"),
    };
    LineOf {
        text: text.chars().take(LETTERS_MAX).collect(),
        class,
        word,
        href: marked.map(|marked| id(marked.at)).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn given(text: &str) -> Checked {
        let texts = vec![Text { path: Arc::from("a.yaml"), text: text.to_owned() }];
        Checked { texts, count: 1, ..Checked::default() }
    }

    #[test]
    fn a_short_file_is_shown_whole_and_of_a_long_one_what_matters() {
        let short = of(&given("a: 1\nb: 2\n"), &[]);
        assert_eq!(short[0].pieces.len(), 1);
        assert_eq!(short[0].pieces[0].lines.len(), 2);
        assert!(!short[0].is_part);
        let long = of(&given(&"a: 1\n".repeat(1000)), &[]);
        assert!(long[0].is_part && long[0].pieces.is_empty(), "nothing in it matters");
        let wide = of(&given(&"x".repeat(1_000_000)), &[]);
        assert_eq!(wide[0].pieces[0].lines[0].text.len(), LETTERS_MAX);
    }
}
