//! Edits as a unified diff, which `git apply` and `patch -p1` take.

use std::io::{self, Write};
use std::ops::Range;

use signoff_model::Edit;

/// Lines shown before and behind a change.
const CONTEXT: usize = 3;

/// Some lines that change, and what they become.
struct Change {
    /// Lines of the text before.
    lines: Range<usize>,
    /// What stands there after.
    after: String,
}

/// Writes the edits of one file as a unified diff; nothing when they change nothing. Edits must not overlap.
///
/// There is no `diff --git` line: with one, git would take the paths from the top of its repository, and not from the
/// folder that holds the proposals.
///
/// # Errors
/// Those of the writer.
pub fn write(path: &str, before: &str, edits: &[Edit], out: &mut dyn Write) -> io::Result<()> {
    let lines: Vec<&str> = before.split_inclusive('\n').collect();
    let changes = changes(before, &lines, edits);
    if changes.is_empty() {
        return Ok(());
    }
    writeln!(out, "--- {}\n+++ {}", name("a/", path), name("b/", path))?;
    let mut rest = &changes[..];
    // How many more lines there are after the hunks so far.
    let mut shift = 0;
    while !rest.is_empty() {
        let near = |pair: &[Change]| pair[1].lines.start - pair[0].lines.end <= 2 * CONTEXT;
        let count = 1 + rest.windows(2).take_while(|pair| near(pair)).count();
        shift += hunk(&lines, &rest[..count], shift, out)?;
        rest = &rest[count..];
    }
    Ok(())
}

/// What changes, in whole lines, in order.
fn changes(before: &str, lines: &[&str], edits: &[Edit]) -> Vec<Change> {
    let mut starts = vec![0];
    starts.extend(lines.iter().scan(0, |end, line| {
        *end += line.len();
        Some(*end)
    }));
    let line_of = |offset: usize| starts[..lines.len().max(1)].partition_point(|start| *start <= offset) - 1;
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort();
    let mut found: Vec<(Range<usize>, Vec<&Edit>)> = Vec::new();
    for edit in edits {
        let range = edit.span.range();
        let lines = line_of(range.start)..line_of(range.end.saturating_sub(1).max(range.start)) + 1;
        match found.last_mut() {
            Some((last, own)) if lines.start < last.end => {
                last.end = last.end.max(lines.end);
                own.push(edit);
            }
            _ => found.push((lines, vec![edit])),
        }
    }
    let change = |(lines, edits): (Range<usize>, Vec<&Edit>)| {
        let (start, end) = (starts[lines.start], starts[lines.end.min(starts.len() - 1)]);
        let mut after = String::new();
        let mut from = start;
        for edit in edits {
            let range = edit.span.range();
            after.push_str(&before[from..range.start]);
            after.push_str(&edit.replacement);
            from = range.end;
        }
        after.push_str(&before[from..end]);
        (after != before[start..end]).then_some(Change { lines, after })
    };
    found.into_iter().filter_map(change).collect()
}

/// Writes changes that are near each other; returns how many more lines there are after them.
fn hunk(lines: &[&str], changes: &[Change], shift: isize, out: &mut dyn Write) -> io::Result<isize> {
    let first = changes[0].lines.start.saturating_sub(CONTEXT);
    let last = (changes[changes.len() - 1].lines.end + CONTEXT).min(lines.len());
    let gained =
        |change: &Change| change.after.split_inclusive('\n').count().cast_signed() - change.lines.len().cast_signed();
    let more: isize = changes.iter().map(gained).sum();
    let length = last - first;
    let length_after = length.cast_signed() + more;
    let start_after = (first + 1).cast_signed() + shift;
    writeln!(out, "@@ -{},{length} +{start_after},{length_after} @@", first + 1)?;
    let mut at = first;
    for change in changes {
        marked(' ', lines[at..change.lines.start].iter().copied(), out)?;
        marked('-', lines[change.lines.clone()].iter().copied(), out)?;
        marked('+', change.after.split_inclusive('\n'), out)?;
        at = change.lines.end;
    }
    marked(' ', lines[at..last].iter().copied(), out)?;
    Ok(more)
}

fn marked<'l>(mark: char, lines: impl Iterator<Item = &'l str>, out: &mut dyn Write) -> io::Result<()> {
    for line in lines {
        write!(out, "{mark}{line}")?;
        if !line.ends_with('\n') {
            writeln!(out, "\n\\ No newline at end of file")?;
        }
    }
    Ok(())
}

/// A path as git writes it in a diff: in quotes where it holds what ends it, and with a tab behind it where it holds a
/// space.
fn name(side: &str, path: &str) -> String {
    let odd = |character: char| character.is_control() || matches!(character, '"' | '\\');
    if path.contains(odd) {
        let escaped = path.bytes().map(|byte| match byte {
            b'"' => "\\\"".to_owned(),
            b'\\' => "\\\\".to_owned(),
            b' '..=b'~' => char::from(byte).to_string(),
            other => format!("\\{other:03o}"),
        });
        return format!("\"{side}{}\"", escaped.collect::<String>());
    }
    let end = if path.contains(' ') { "\t" } else { "" };
    format!("{side}{path}{end}")
}

#[cfg(test)]
mod tests {
    use signoff_model::Span;

    use super::*;

    fn diff(path: &str, before: &str, edits: &[(&str, &str)]) -> String {
        let edit = |(old, new): &(&str, &str)| {
            let start = before.find(old).expect("the old text");
            Edit::new(Span::new(start, start + old.len()), *new)
        };
        let edits: Vec<Edit> = edits.iter().map(edit).collect();
        let mut out = Vec::new();
        write(path, before, &edits, &mut out).expect("memory");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn lines_change_with_three_around_them() {
        let text = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n";
        let cases = [
            (&[("5", "five")][..], "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"),
            (&[("1\n", "")][..], "@@ -1,4 +1,3 @@\n-1\n 2\n 3\n 4\n"),
            (&[("16\n", "16")][..], "@@ -13,4 +13,4 @@\n 13\n 14\n 15\n-16\n+16\n\\ No newline at end of file\n"),
            (
                &[("1\n", "1\na\n"), ("16", "b")][..],
                "@@ -1,4 +1,5 @@\n-1\n+1\n+a\n 2\n 3\n 4\n@@ -13,4 +14,4 @@\n 13\n 14\n 15\n-16\n+b\n",
            ),
            (&[("3", "a"), ("6", "b")][..], "@@ -1,9 +1,9 @@\n 1\n 2\n-3\n+a\n 4\n 5\n-6\n+b\n 7\n 8\n 9\n"),
            (&[("5", "5")][..], ""),
        ];
        for (edits, expected) in cases {
            let head = if expected.is_empty() { "" } else { "--- a/x\n+++ b/x\n" };
            assert_eq!(diff("x", text, edits), format!("{head}{expected}"), "{edits:?}");
        }
    }

    #[test]
    fn odd_ends_of_lines_stay() {
        assert_eq!(diff("x", "a: b\r\n", &[("b", "c")]), "--- a/x\n+++ b/x\n@@ -1,1 +1,1 @@\n-a: b\r\n+a: c\r\n");
        let no_end =
            "--- a/x\n+++ b/x\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n";
        assert_eq!(diff("x", "a", &[("a", "b")]), no_end);
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
            assert!(diff(path, "1\n", &[("1", "2")]).starts_with(expected), "{path}");
        }
    }
}
