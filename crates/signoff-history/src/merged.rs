//! The text of a file that two branches changed, put together from both, as git does it.

use std::ops::Range;

use imara_diff::{Algorithm, Diff, Hunk, InternedInput};

/// The text with what two branches made of `base`. `None` where they changed the same lines, or lines side by side, in
/// two ways, and where a text is none.
pub(crate) fn merged(base: &[u8], ours: &[u8], theirs: &[u8]) -> Option<Vec<u8>> {
    if [base, ours, theirs].iter().any(|text| text.contains(&0)) {
        return None;
    }
    let base = lines(base);
    let mut sides = [Side::of(&base, ours), Side::of(&base, theirs)];
    let (mut text, mut done) = (Vec::new(), 0);
    while let Some(start) = sides.iter().filter_map(Side::next_start).min() {
        let mut end = start;
        while sides.iter_mut().any(|side| side.take(&mut end)) {}
        let region = start..end;
        text.extend(&base[done..start]);
        text.extend(match sides.each_mut().map(|side| side.taken(&region)) {
            [Some(ours), Some(theirs)] if ours != theirs => return None,
            [Some(changed), _] | [None, Some(changed)] => changed,
            [None, None] => Vec::new(),
        });
        done = end;
    }
    text.extend(&base[done..]);
    Some(text.concat())
}

fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|byte| *byte == b'\n').collect()
}

/// A branch.
struct Side<'t> {
    lines: Vec<&'t [u8]>,
    /// What it changed, from the first line to the last.
    changes: Vec<Change>,
    /// Those that are in the text already.
    done: usize,
    /// Those that were looked at.
    seen: usize,
}

/// Lines of the base and those that stand in their place.
struct Change {
    before: Range<usize>,
    after: Range<usize>,
}

impl<'t> Side<'t> {
    fn of(base: &[&'t [u8]], text: &'t [u8]) -> Self {
        let lines = lines(text);
        let mut input: InternedInput<&[u8]> = InternedInput::default();
        input.update_before(base.iter().copied());
        input.update_after(lines.iter().copied());
        let mut diff = Diff::compute(Algorithm::Histogram, &input);
        diff.postprocess_lines(&input);
        let places = |range: Range<u32>| range.start as usize..range.end as usize;
        let change = |Hunk { before, after }| Change { before: places(before), after: places(after) };
        let changes = diff.hunks().map(change).collect();
        Self { lines, changes, done: 0, seen: 0 }
    }

    /// The first line of the base that it changes next.
    fn next_start(&self) -> Option<usize> {
        self.changes.get(self.seen).map(|change| change.before.start)
    }

    /// Looks at the next change if it begins no later than `end`, which is moved behind it.
    fn take(&mut self, end: &mut usize) -> bool {
        let next = self.changes.get(self.seen).filter(|change| change.before.start <= *end);
        let Some(change) = next else { return false };
        *end = change.before.end.max(*end);
        self.seen += 1;
        true
    }

    /// What stands in place of these lines of the base, if it changed them.
    fn taken(&mut self, region: &Range<usize>) -> Option<Vec<&'t [u8]>> {
        let changes = &self.changes[self.done..self.seen];
        let (first, last) = (changes.first()?, changes.last()?);
        let start = first.after.start - (first.before.start - region.start);
        let end = last.after.end + (region.end - last.before.end);
        self.done = self.seen;
        Some(self.lines[start..end].to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::merged;

    /// Each letter stands for a line.
    #[test]
    fn changes_of_both_are_put_together_unless_they_touch() {
        let cases = [
            ("abcde", "abcde", "abcde", Some("abcde")),
            ("abcde", "Abcde", "abcdE", Some("AbcdE")),
            ("abcde", "xabcde", "abcdey", Some("xabcdey")),
            ("abcde", "cde", "abc", Some("c")),
            ("abcde", "aXYcde", "abcd", Some("aXYcd")),
            ("abcde", "abXde", "abXde", Some("abXde")),
            ("abcdefg", "XbcdeYg", "abZdefg", Some("XbZdeYg")),
            ("abcdefg", "aXcdeYg", "aXcdefG", None),
            ("abcde", "abXde", "abYde", None),
            ("abcde", "abXde", "abcYe", None),
            ("abcde", "abXcde", "abYcde", None),
            ("abcde", "abcde", "", Some("")),
            ("abcde", "Abcde", "", None),
            ("", "a", "b", None),
            ("", "a", "a", Some("a")),
            ("", "", "", Some("")),
        ];
        let text = |letters: &str| letters.chars().flat_map(|letter| [letter, '\n']).collect::<String>();
        for (base, ours, theirs, expected) in cases {
            let expected = expected.map(|letters| text(letters).into_bytes());
            for (left, right) in [(ours, theirs), (theirs, ours)] {
                let found = merged(text(base).as_bytes(), text(left).as_bytes(), text(right).as_bytes());
                assert_eq!(found, expected, "{base} to {left} and {right}");
            }
        }
    }

    #[test]
    fn what_is_no_text_is_not_put_together() {
        assert_eq!(merged(b"a\nb\nc\n\0", b"A\nb\nc\n\0", b"a\nb\nC\n\0"), None);
        assert_eq!(merged(b"a\nb\nc", b"A\nb\nc", b"a\nb\nc\n").as_deref(), Some(b"A\nb\nc\n".as_slice()));
    }
}
