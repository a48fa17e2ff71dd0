//! Edits as a unified diff, which `git apply` and `patch -p1` take.

use std::io::{self, Write};
use std::ops::Range;

use signoff_model::edit::{self, Edit};

/// Unchanged lines around a change.
const CONTEXT: usize = 3;

/// Writes the edits of one file as a diff, nothing when they change nothing; a file that is not there yet has no text.
///
/// There is no `diff --git` line: with one, git would take the paths from the top of its repository, and not from the
/// folder that holds the proposals.
///
/// # Errors
/// Those of the writer.
pub fn write(path: &str, old: Option<&str>, edits: &[Edit], out: &mut dyn Write) -> io::Result<()> {
    let text = old.unwrap_or_default();
    let new = edit::apply(text, edits);
    if new == text {
        return Ok(());
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let changes = changes(text, &lines, edits);
    match old {
        Some(_) => writeln!(out, "--- {}", quoted("a/", path))?,
        None => writeln!(out, "--- /dev/null")?,
    }
    writeln!(out, "+++ {}", quoted("b/", path))?;
    let mut shift = 0_isize;
    for hunk in hunks(&changes) {
        shift += write_hunk(&lines, hunk, shift, out)?;
    }
    Ok(())
}

/// Lines that go, and what comes instead.
struct Change {
    old: Range<usize>,
    new: Vec<String>,
}

/// Edits as changes of whole lines, from top to bottom, none touching another.
fn changes(text: &str, lines: &[&str], edits: &[Edit]) -> Vec<Change> {
    let mut starts = Vec::with_capacity(lines.len() + 1);
    let mut at = 0;
    for line in lines {
        starts.push(at);
        at += line.len();
    }
    starts.push(at);
    // Behind the last line break is a line of its own; without one, the end belongs to the last line.
    let last = if text.is_empty() || text.ends_with('\n') { lines.len() } else { lines.len() - 1 };
    let line_of = |offset: usize| starts.partition_point(|start| *start <= offset).saturating_sub(1).min(last);
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort();
    let mut ranges: Vec<(Range<usize>, Vec<&Edit>)> = Vec::new();
    for edit in sorted {
        let range = edit.span.range();
        let touched = line_of(range.start)..(line_of(range.end) + 1).min(lines.len());
        match ranges.last_mut() {
            Some((last, own)) if touched.start < last.end || (touched.start == last.end && last.start == last.end) => {
                last.end = last.end.max(touched.end);
                own.push(edit);
            }
            _ => ranges.push((touched, vec![edit])),
        }
    }
    ranges.into_iter().map(|(old, edits)| change(text, lines, (old, starts.as_slice()), &edits)).collect()
}

fn change(text: &str, lines: &[&str], (old, starts): (Range<usize>, &[usize]), edits: &[&Edit]) -> Change {
    let (from, to) = (starts[old.start], starts[old.end.max(old.start)]);
    let own: Vec<Edit> = edits
        .iter()
        .map(|edit| {
            let range = edit.span.range();
            Edit::new((range.start - from..range.end - from).into(), edit.replacement.as_str())
        })
        .collect();
    let new = edit::apply(&text[from..to], &own);
    let new: Vec<&str> = new.split_inclusive('\n').collect();
    // Lines that an edit only touches stay.
    let was = &lines[old.clone()];
    let same_above = was.iter().zip(&new).take_while(|(was, new)| was == new).count();
    let (was, rest) = (&was[same_above..], &new[same_above..]);
    let same_below = was.iter().rev().zip(rest.iter().rev()).take_while(|(was, new)| was == new).count();
    let new = rest[..rest.len() - same_below].iter().map(|line| (*line).to_owned()).collect();
    Change { old: old.start + same_above..old.end - same_below, new }
}

/// Changes whose surroundings touch are one hunk.
fn hunks(changes: &[Change]) -> Vec<&[Change]> {
    let mut found = Vec::new();
    let mut start = 0;
    for next in 1..=changes.len() {
        let is_apart =
            changes.get(next).is_none_or(|change| change.old.start > changes[next - 1].old.end + 2 * CONTEXT);
        if is_apart {
            found.push(&changes[start..next]);
            start = next;
        }
    }
    found
}

/// Writes a hunk, and tells by how many lines it makes the file longer.
fn write_hunk(lines: &[&str], changes: &[Change], shift: isize, out: &mut dyn Write) -> io::Result<isize> {
    let (Some(first), Some(last)) = (changes.first(), changes.last()) else { return Ok(0) };
    let from = first.old.start.saturating_sub(CONTEXT);
    let to = (last.old.end + CONTEXT).min(lines.len());
    let (gone, come) =
        changes.iter().fold((0, 0), |(gone, come), change| (gone + change.old.len(), come + change.new.len()));
    let old_count = to - from;
    let new_count = old_count - gone + come;
    let number = |count: usize, shift: isize| from.saturating_add_signed(shift) + usize::from(count > 0);
    writeln!(out, "@@ -{},{old_count} +{},{new_count} @@", number(old_count, 0), number(new_count, shift))?;
    let mut at = from;
    for change in changes {
        write_lines(' ', &lines[at..change.old.start], out)?;
        write_lines('-', &lines[change.old.clone()], out)?;
        let new: Vec<&str> = change.new.iter().map(String::as_str).collect();
        write_lines('+', &new, out)?;
        at = change.old.end;
    }
    write_lines(' ', &lines[at..to], out)?;
    Ok(isize::try_from(come).unwrap_or(0) - isize::try_from(gone).unwrap_or(0))
}

fn write_lines(mark: char, lines: &[&str], out: &mut dyn Write) -> io::Result<()> {
    for line in lines {
        write!(out, "{mark}{line}")?;
        if !line.ends_with('\n') {
            writeln!(out, "\n\\ No newline at end of file")?;
        }
    }
    Ok(())
}

/// A name as git writes it: in quotes where it holds what ends it, and with a tab behind it where it holds a space.
fn quoted(side: &str, path: &str) -> String {
    let is_odd = |character: char| character.is_control() || matches!(character, '"' | '\\');
    if !path.contains(is_odd) {
        let end = if path.contains(' ') { "\t" } else { "" };
        return format!("{side}{path}{end}");
    }
    let mut text = format!("\"{side}");
    for byte in path.bytes() {
        match byte {
            b'"' | b'\\' => text.extend(['\\', char::from(byte)]),
            b' '..=b'~' => text.push(char::from(byte)),
            _ => text.push_str(&format!("\\{byte:03o}")),
        }
    }
    text + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patch(path: &str, old: Option<&str>, edits: &[(usize, usize, &str)]) -> String {
        let edits: Vec<Edit> = edits.iter().map(|(start, end, text)| Edit::new((*start..*end).into(), *text)).collect();
        let mut out = Vec::new();
        write(path, old, &edits, &mut out).expect("memory takes everything");
        String::from_utf8(out).expect("a text")
    }

    #[test]
    fn edits_become_hunks() {
        let text = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n";
        let (no_end, head) = ("\\ No newline at end of file\n", "--- a/x\n+++ b/x\n");
        let cases = [
            (text, vec![(0, 1, "A")], "@@ -1,4 +1,4 @@\n-a\n+A\n b\n c\n d\n".to_owned()),
            // A line that an insertion only touches stays.
            (text, vec![(1, 1, "\nnew")], "@@ -1,4 +1,5 @@\n a\n+new\n b\n c\n d\n".to_owned()),
            (text, vec![(4, 6, "")], "@@ -1,6 +1,5 @@\n a\n b\n-c\n d\n e\n f\n".to_owned()),
            (
                text,
                vec![(0, 1, "A\nB"), (18, 19, "J")],
                "@@ -1,4 +1,5 @@\n-a\n+A\n+B\n b\n c\n d\n@@ -7,4 +8,4 @@\n g\n h\n i\n-j\n+J\n".to_owned(),
            ),
            (
                text,
                vec![(4, 5, "C"), (10, 11, "F")],
                "@@ -1,9 +1,9 @@\n a\n b\n-c\n+C\n d\n e\n-f\n+F\n g\n h\n i\n".to_owned(),
            ),
            ("a", vec![(1, 1, "\nb")], format!("@@ -1,1 +1,2 @@\n-a\n{no_end}+a\n+b\n{no_end}")),
            ("a\r\nb\r\n", vec![(0, 1, "A")], "@@ -1,2 +1,2 @@\n-a\r\n+A\r\n b\r\n".to_owned()),
            ("", vec![(0, 0, "a\n")], "@@ -0,0 +1,1 @@\n+a\n".to_owned()),
        ];
        for (text, edits, expected) in cases {
            assert_eq!(patch("x", Some(text), &edits), format!("{head}{expected}"), "{text:?} {edits:?}");
        }
        assert_eq!(patch("x", Some("a\n"), &[(0, 1, "a")]), "");
    }

    #[test]
    fn a_file_that_is_not_there_is_new() {
        assert_eq!(patch("x", None, &[(0, 0, "a\n")]), "--- /dev/null\n+++ b/x\n@@ -0,0 +1,1 @@\n+a\n");
    }

    #[test]
    fn odd_names_are_quoted() {
        let cases = [
            ("a b", "--- a/a b\t\n"),
            ("a\"b", "--- \"a/a\\\"b\"\n"),
            ("a\tb", "--- \"a/a\\011b\"\n"),
            ("ä", "--- a/ä\n"),
        ];
        for (path, expected) in cases {
            assert!(patch(path, Some("1\n"), &[(0, 1, "2")]).starts_with(expected), "{path}");
        }
    }
}
