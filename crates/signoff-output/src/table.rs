//! Tables for the terminal: columns as wide as their text, the widest one cut where the line is full.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Space between two columns.
const GAP: usize = 2;
/// A column is not cut below this width, unless there are too many for the line.
const WIDTH_MIN: usize = 12;
/// A column is never cut below this width.
const WIDTH_LEAST: usize = 3;

/// How to paint a text.
type Paint = Box<dyn Fn(&str) -> String>;

/// A cell: its text, already free of control characters, and how to paint it.
pub(crate) struct Cell {
    text: String,
    right: bool,
    painted: Option<Paint>,
}

impl Cell {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), right: false, painted: None }
    }

    /// A number, at the right edge of its column.
    pub(crate) fn number(number: usize) -> Self {
        Self { right: true, ..Self::new(number.to_string()) }
    }

    fn paint(&self, text: &str) -> String {
        self.painted.as_ref().map_or_else(|| text.to_owned(), |paint| paint(text))
    }

    /// Paints the text after it was cut.
    pub(crate) fn painted(self, paint: impl Fn(&str) -> String + 'static) -> Self {
        Self { painted: Some(Box::new(paint)), ..self }
    }
}

/// What becomes of text that is too long for its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overflow {
    /// It is cut.
    Cut,
    /// In the last column it goes on in the next line, elsewhere it is cut.
    Wrap,
}

/// Writes rows of equal length, each line after `indent` spaces and at most `width` columns wide.
///
/// Where that is not enough, single cells that are much longer than the others of their column give way
/// first, then the widest columns.
pub(crate) fn write(
    rows: &[Vec<Cell>],
    indent: usize,
    width: usize,
    overflow: Overflow,
    out: &mut dyn Write,
) -> io::Result<()> {
    let widths = widths(rows, width.saturating_sub(indent));
    for row in rows {
        let last = row.len().saturating_sub(1);
        let mut line = " ".repeat(indent);
        let mut owed = 0;
        let mut more = Vec::new();
        for (index, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let text = if index == last && overflow == Overflow::Wrap {
                let mut pieces = wrap(&cell.text, *width).into_iter();
                let first = pieces.next().unwrap_or_default();
                more = pieces.collect();
                first
            } else {
                cut(&cell.text, *width)
            };
            let space = width.saturating_sub(text.width());
            let before = if cell.right { space } else { 0 };
            if !text.is_empty() {
                line.push_str(&" ".repeat(owed + before));
                line.push_str(&cell.paint(&text));
                owed = 0;
            }
            // Spaces are owed until more text comes, so that no line ends with them.
            owed += if text.is_empty() { width + GAP } else { space - before + GAP };
        }
        writeln!(out, "{line}")?;
        let margin = indent + widths[..last].iter().map(|width| width + GAP).sum::<usize>();
        for piece in more {
            writeln!(out, "{}{}", " ".repeat(margin), row[last].paint(&piece))?;
        }
    }
    Ok(())
}

/// The width of each column: that of its widest text, as long as all columns fit.
fn widths(rows: &[Vec<Cell>], room: usize) -> Vec<usize> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut columns: Vec<Vec<usize>> = vec![Vec::new(); columns];
    for row in rows {
        for (column, cell) in columns.iter_mut().zip(row) {
            column.push(cell.text.width());
        }
    }
    let widest = |column: &Vec<usize>| column.iter().copied().max().unwrap_or(0);
    let mut widths: Vec<usize> = columns.iter().map(widest).collect();
    let share = (room + GAP).checked_div(widths.len()).unwrap_or(0).saturating_sub(GAP);
    let least = share.clamp(WIDTH_LEAST, WIDTH_MIN);
    if total(&widths) > room {
        for (width, mut column) in widths.iter_mut().zip(columns) {
            // The first row may be a heading.
            let first = column.first().copied().unwrap_or(0);
            column.sort_unstable();
            let usual = column[column.len() * 95 / 100..].first().copied().unwrap_or(0);
            *width = usual.max(first).max(least.min(*width));
        }
    }
    // Each round brings the widest column down to the next one, so there are few of them.
    while total(&widths) > room {
        let excess = total(&widths) - room;
        let Some((widest, value)) = widths.iter().copied().enumerate().max_by_key(|(_, width)| *width) else { break };
        if value <= least {
            break;
        }
        let next = widths.iter().copied().filter(|width| *width < value).max().unwrap_or(0);
        widths[widest] = (value - 1).min(value.saturating_sub(excess).max(next)).max(least);
    }
    widths
}

/// The columns and the gaps between them.
fn total(widths: &[usize]) -> usize {
    widths.iter().map(|width| width + GAP).sum::<usize>().saturating_sub(GAP)
}

/// The text in lines of at most `width` columns, broken at spaces; a longer word is cut.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split(' ') {
        let word = cut(word, width);
        let wide = word.width();
        if !line.is_empty() && used + 1 + wide > width {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if !line.is_empty() {
            line.push(' ');
            used += 1;
        }
        line.push_str(&word);
        used += wide;
    }
    lines.push(line);
    lines
}

/// The text, cut to a width with an ellipsis.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 0;
    for character in text.chars() {
        used += character.width().unwrap_or(0);
        if used + 1 > width {
            break;
        }
        kept.push(character);
    }
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]], width: usize, overflow: Overflow) -> String {
        let rows: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().map(|text| Cell::new(*text)).collect()).collect();
        let mut out = Vec::new();
        write(&rows, 0, width, overflow, &mut out).expect("memory");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn columns_line_up_and_the_widest_gives_way() {
        let cut = |rows: &[&[&str]], width| table(rows, width, Overflow::Cut);
        assert_eq!(cut(&[&["a", "bb", "c"], &["aaa", "", "c"]], 80), "a    bb  c\naaa      c\n");
        assert_eq!(cut(&[&["漢字", "x"], &["abc", "y"]], 80), "漢字  x\nabc   y\n");
        assert_eq!(cut(&[&["one", "a long text that does not fit"]], 25), "one  a long text that do…\n");
        assert_eq!(cut(&[&["x", ""]], 80), "x\n");
    }

    #[test]
    fn a_single_long_cell_gives_way_first() {
        let odd = "a status of its very own that nobody has";
        let mut rows: Vec<&[&str]> = vec![&["a title that is quite long", "open"]; 40];
        let last = ["short", odd];
        rows.push(&last);
        let text = table(&rows, 45, Overflow::Cut);
        assert!(text.starts_with("a title that is quite long  open\n"), "{text}");
        assert!(text.ends_with("short                       a status of…\n"), "{text}");
    }

    #[test]
    fn many_columns_fit_a_narrow_line() {
        let row: Vec<&str> = vec!["a long text in each cell"; 7];
        for width in [33, 40, 60] {
            let text = table(&[&row, &row], width, Overflow::Cut);
            assert!(text.lines().all(|line| line.width() <= width), "{width}: {text}");
        }
    }

    #[test]
    fn the_last_column_can_wrap() {
        let text = table(&[&["one", "a long text that does not fit"], &["two", "x"]], 21, Overflow::Wrap);
        assert_eq!(text, "one  a long text that\n     does not fit\ntwo  x\n");
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(wrap("overlongword a", 5), ["over…", "a"]);
    }
}
