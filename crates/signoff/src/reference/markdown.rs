//! Pieces of Markdown that hold any text.

/// A code span around any text.
pub(super) fn code(text: &str) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let marks = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{marks}{pad}{text}{pad}{marks}")
}

/// A text as a table's cell: one line, no bar that would end it.
pub(super) fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_longer_than_those_inside() {
        let cases = [("a", "`a`"), ("a `b`", "`` a `b` ``"), ("a``b", "```a``b```"), ("", "``")];
        for (text, expected) in cases {
            assert_eq!(code(text), expected);
        }
        assert_eq!(cell("a\n | b"), "a \\| b");
    }
}
