//! Changes as data: a byte span and what replaces it. Fixes, promotions and migrations all use it.

use std::collections::BTreeMap;

use crate::span::Span;

/// A replacement of some bytes of one file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// The bytes that go.
    pub span: Span,
    /// What comes instead.
    pub replacement: String,
}

impl Edit {
    /// Replaces `span` by `replacement`.
    #[must_use]
    pub fn new(span: Span, replacement: impl Into<String>) -> Self {
        Self { span, replacement: replacement.into() }
    }
}

/// Edits of several files, to be applied whole or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeSet {
    /// Path to its edits.
    pub files: BTreeMap<String, Vec<Edit>>,
}

impl ChangeSet {
    /// Adds the edits of one file.
    pub fn add(&mut self, path: &str, edits: &[Edit]) {
        self.files.entry(path.to_owned()).or_default().extend_from_slice(edits);
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// Applies edits to a text. Of edits that overlap only the first (by place) is applied; the others
/// are left for the next run, which sees the changed text.
#[must_use]
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort();
    sorted.dedup();
    let mut result = String::with_capacity(text.len());
    let mut from = 0;
    for edit in sorted {
        let range = edit.span.range();
        if range.start < from
            || range.end > text.len()
            || !text.is_char_boundary(range.start)
            || !text.is_char_boundary(range.end)
        {
            continue;
        }
        result.push_str(&text[from..range.start]);
        result.push_str(&edit.replacement);
        from = range.end;
    }
    result.push_str(&text[from..]);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_touch_only_their_bytes() {
        let edit = |start, end, text: &str| Edit::new(Span::new(start, end), text);
        let cases = [
            (vec![edit(0, 1, "A"), edit(2, 3, "C")], "AbC"),
            (vec![edit(2, 3, "C"), edit(0, 1, "A")], "AbC"),
            (vec![edit(0, 2, "X"), edit(1, 3, "Y")], "Xc"),
            (vec![edit(0, 1, "A"), edit(0, 1, "A")], "Abc"),
            (vec![edit(2, 9, "Z")], "abc"),
        ];
        for (edits, expected) in cases {
            assert_eq!(apply("abc", &edits), expected, "{edits:?}");
        }
    }
}
