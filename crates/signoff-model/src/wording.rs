//! Wordings compared: what two lines, headings or answers have in common once spelling habits are
//! taken away, and the hash under which the lines of a template are known.

/// Normalises a line of a document, so that a copy of a template's line equals it.
///
/// Comment marks, list marks, emphasis, backticks, letter case, runs of white space and a final
/// period do not count; a tick box counts as `[ ]` or `[x]`.
#[must_use]
pub fn line(text: &str) -> String {
    let mut rest = text.trim();
    rest = rest.strip_prefix("<!--").unwrap_or(rest);
    rest = rest.strip_suffix("-->").unwrap_or(rest).trim();
    if rest.starts_with('#') {
        rest = rest.trim_start_matches('#').trim_start();
    }
    while let Some(next) = without_list_mark(rest) {
        rest = next;
    }
    let (tick, rest) = match tick_box(rest) {
        Some((ticked, rest)) => (if ticked { "[x] " } else { "[ ] " }, rest),
        None => ("", rest),
    };
    let mut folded = String::with_capacity(rest.len() + tick.len());
    folded.push_str(tick);
    fold(rest, &mut folded);
    folded.truncate(folded.trim_end_matches('.').trim_end().len());
    folded
}

/// Appends `text` without emphasis and backticks, white space folded, in lower case.
fn fold(text: &str, folded: &mut String) {
    if text.is_ascii() {
        return fold_ascii(text.as_bytes(), folded);
    }
    let mut previous = ' ';
    let mut gap = false;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let before = std::mem::replace(&mut previous, character);
        match character {
            '*' | '`' => continue,
            '_' if !(before.is_alphanumeric() && characters.clone().next().is_some_and(char::is_alphanumeric)) => {
                continue;
            }
            _ if character.is_whitespace() => {
                gap = true;
                continue;
            }
            _ => {}
        }
        if gap && !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
        gap = false;
        if character.is_ascii() {
            folded.push(character.to_ascii_lowercase());
        } else {
            folded.extend(character.to_lowercase());
        }
    }
}

/// The same for the common case, byte by byte.
fn fold_ascii(text: &[u8], folded: &mut String) {
    let mut bytes = std::mem::take(folded).into_bytes();
    let mut before = b' ';
    let mut gap = false;
    for (at, byte) in text.iter().copied().enumerate() {
        match byte {
            // The white space of `char::is_whitespace`, vertical tab included.
            b' ' | b'\t'..=b'\r' => gap = true,
            b'*' | b'`' => {}
            b'_' if !(before.is_ascii_alphanumeric() && text.get(at + 1).is_some_and(u8::is_ascii_alphanumeric)) => {}
            _ => {
                if gap && bytes.last().is_some_and(|last| *last != b' ') {
                    bytes.push(b' ');
                }
                gap = false;
                bytes.push(byte.to_ascii_lowercase());
            }
        }
        before = byte;
    }
    *folded = String::from_utf8(bytes).unwrap_or_default();
}

/// The text behind a list mark, if there is one.
#[must_use]
pub fn without_list_mark(text: &str) -> Option<&str> {
    let after = match text.as_bytes().first()? {
        b'-' | b'*' | b'+' => &text[1..],
        b'0'..=b'9' => {
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            let after = &text[digits..];
            after
                .strip_prefix('.')
                .or_else(|| after.strip_prefix(')'))
                .filter(|rest| rest.starts_with(char::is_whitespace))?
        }
        _ => return None,
    };
    (after.is_empty() || after.starts_with(char::is_whitespace)).then(|| after.trim_start())
}

/// Reads a tick box at the start of `text`: whether it is ticked, and what follows.
///
/// Boxes are spelt in many ways: `[ ]`, `[]`, `[x]`, `[X]`, `[ x ]`, `[✅]`, `[N/A]`.
#[must_use]
pub fn tick_box(text: &str) -> Option<(bool, &str)> {
    let inside_end = text.strip_prefix('[')?.find(']')? + 1;
    let inside = text[1..inside_end].trim();
    let rest = &text[inside_end + 1..];
    if inside.chars().count() > 3 || !(rest.is_empty() || rest.starts_with(char::is_whitespace)) {
        return None;
    }
    Some((!inside.is_empty(), rest.trim()))
}

/// Normalises a heading or a question: letters and digits only, words by single spaces, lower case.
#[must_use]
pub fn words(text: &str) -> String {
    if text.is_ascii() {
        return words_ascii(text.as_bytes());
    }
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for character in text.chars() {
        if !character.is_alphanumeric() {
            gap = true;
            continue;
        }
        if gap && !folded.is_empty() {
            folded.push(' ');
        }
        gap = false;
        if character.is_ascii() {
            folded.push(character.to_ascii_lowercase());
        } else {
            folded.extend(character.to_lowercase());
        }
    }
    folded
}

/// The same for the common case, byte by byte.
fn words_ascii(text: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut gap = false;
    for byte in text {
        if !byte.is_ascii_alphanumeric() {
            gap = true;
            continue;
        }
        if gap && !bytes.is_empty() {
            bytes.push(b' ');
        }
        gap = false;
        bytes.push(byte.to_ascii_lowercase());
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// FNV-1a, 64 bits: the hash of a normalised template line. Stable, since profiles hold such hashes.
#[must_use]
pub fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_of_a_line_are_equal() {
        let cases = [
            (
                "  - [ ] Feature gate (also fill in values in `kep.yaml`)",
                "[ ] feature gate (also fill in values in kep.yaml)",
            ),
            ("* [] **Other**", "[ ] other"),
            ("- [X] Other", "[x] other"),
            ("1. 2) First  thing.", "first thing"),
            ("<!-- This _must_ be done. -->", "this must be done"),
            ("my_feature_metric", "my_feature_metric"),
            ("###### What are other known failure modes?", "what are other known failure modes?"),
            ("-", ""),
            ("-->", ""),
            ("[link](x) stays", "[link](x) stays"),
        ];
        for (text, expected) in cases {
            assert_eq!(line(text), expected, "{text:?}");
        }
    }

    #[test]
    fn words_drop_punctuation() {
        assert_eq!(
            words("Will enabling / using this feature result in any new API calls?"),
            "will enabling using this feature result in any new api calls"
        );
    }

    #[test]
    fn the_hash_is_fnv() {
        assert_eq!(hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash("a"), 0xaf63_dc4c_8601_ec8c);
    }
}
