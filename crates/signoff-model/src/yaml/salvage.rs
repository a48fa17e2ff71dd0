//! What a broken file still shows: its top-level `key: value` lines.

use rustc_hash::FxHashSet;

use crate::node::{Node, Pair, Text, Value};
use crate::source;
use crate::span::Span;

/// Adds the lines whose key is new, at most `most`; false when there were more.
///
/// A plain or wholly quoted text is read. Of any other value only the key is certain: it is unread.
pub(super) fn pairs(pairs: &mut Vec<Pair>, text: &str, most: usize) -> bool {
    let mut seen: FxHashSet<Box<str>> = pairs.iter().map(|pair| pair.key.clone()).collect();
    let lines: Vec<&str> = source::lines(text).collect();
    let continued = continued(&lines);
    let mut left = most;
    for (line, continued) in lines.into_iter().zip(continued) {
        let Some((key, behind)) = key_of(line) else { continue };
        if !seen.insert(key.into()) {
            continue;
        }
        if left == 0 {
            return false;
        }
        left -= 1;
        let written = without_comment(behind).trim();
        let value = if continued { None } else { value(written) };
        let node = Node { span: Span::of_slice(text, written), value: value.map_or(Value::Unread, Value::Text) };
        pairs.push(Pair { key: key.into(), key_span: Span::of_slice(text, key), node });
    }
    true
}

/// Of each line, whether the next one that says anything belongs to its value.
fn continued(lines: &[&str]) -> Vec<bool> {
    let mut next = false;
    let mut found: Vec<bool> = lines
        .iter()
        .rev()
        .map(|line| {
            let own = line.trim();
            let behind = next;
            if !own.is_empty() && !own.starts_with('#') {
                next = line.starts_with([' ', '\t', ']', '}']) || own == "-" || own.starts_with("- ");
            }
            behind
        })
        .collect();
    found.reverse();
    found
}

/// The key at the start of a line, and what stands behind its colon.
fn key_of(line: &str) -> Option<(&str, &str)> {
    let (key, behind) = line.split_once(':')?;
    let simple = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let is_key = !key.is_empty() && key.bytes().all(simple) && (behind.is_empty() || behind.starts_with([' ', '\t']));
    is_key.then_some((key, behind))
}

/// A value without the comment behind it. A `#` in quotes is cut off too: what is left is no whole text then.
fn without_comment(behind: &str) -> &str {
    let starts = behind.match_indices('#').map(|(at, _)| at);
    let comment = starts.into_iter().find(|at| behind[..*at].ends_with([' ', '\t']));
    comment.map_or(behind, |at| &behind[..at])
}

/// The text of a plain or quoted scalar; `None` for anything that takes a reader of YAML.
fn value(written: &str) -> Option<Text> {
    for quote in ['"', '\''] {
        if let Some(rest) = written.strip_prefix(quote) {
            let inner = rest.strip_suffix(quote)?;
            return (!inner.contains([quote, '\\'])).then(|| Text { text: inner.into(), quoted: true, block: false });
        }
    }
    let marks = ['[', ']', '{', '}', '&', '*', '!', '|', '>', '%', '@', '`', ','];
    let is_mark = |mark| written == mark || written.strip_prefix(mark).is_some_and(|rest| rest.starts_with(' '));
    let plain = !written.starts_with(marks)
        && !["-", "?", ":"].into_iter().any(is_mark)
        && !written.contains(": ")
        && !written.ends_with(':');
    plain.then(|| Text { text: written.into(), quoted: false, block: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of the one line (and those that follow it): its text, or `None` for an unread value.
    fn read(lines: &str) -> Option<String> {
        let mut found = Vec::new();
        assert!(pairs(&mut found, lines, 10));
        match &found.first().expect("a pair").node.value {
            Value::Text(text) => Some(text.text.to_string()),
            _ => None,
        }
    }

    #[test]
    fn only_whole_texts_are_read() {
        let cases = [
            ("a: b # c", Some("b")),
            ("a: b#c", Some("b#c")),
            ("a: \"x y\" # c", Some("x y")),
            ("a: 'x'", Some("x")),
            ("a:", Some("")),
            ("a: # c\nb: d", Some("")),
            ("a: \"x # y\"", None),
            ("a: \"x\" y", None),
            ("a: \"x \\\" y\"", None),
            ("a: []", None),
            ("a: {}", None),
            ("a: &b []", None),
            ("a: >", None),
            ("a: @b", None),
            ("a: - b", None),
            ("a: b: c", None),
            ("a:\n  - b", None),
            ("a:\n\n# c\n- b", None),
            ("a: [\n]", None),
            ("a: b\n  c", None),
        ];
        for (lines, expected) in cases {
            assert_eq!(read(lines).as_deref(), expected, "{lines:?}");
        }
    }

    #[test]
    fn the_first_of_each_key_counts_and_values_are_bounded() {
        let mut found = Vec::new();
        assert!(!pairs(&mut found, "a: 1\na: 2\nb: 3\nc: 4\n", 2));
        let keys: Vec<(&str, Option<&str>)> = found.iter().map(|pair| (&*pair.key, pair.node.text())).collect();
        assert_eq!(keys, [("a", Some("1")), ("b", Some("3"))]);
    }
}
