//! Wordings compared: what two lines, headings or answers have in common once spelling habits are
//! taken away, and the hash under which the lines of a template are known.

/// Normalises a line of a document, so that a copy of a template's line equals it.
///
/// Comment marks, list marks, emphasis, backticks, letter case, runs of white space and a final
/// period do not count; a tick box counts as `[ ]` or `[x]`.
#[must_use]
pub fn line(text: &str) -> String {
    Unmarked::of(text).line()
}

/// A line without the marks at its ends.
#[derive(Clone, Copy)]
pub struct Unmarked<'t> {
    tick: &'static str,
    rest: &'t str,
}

impl<'t> Unmarked<'t> {
    /// Takes the comment marks, `#` marks, list marks and the tick box off.
    #[must_use]
    pub fn of(text: &'t str) -> Self {
        let mut rest = text.trim();
        rest = rest.strip_prefix("<!--").unwrap_or(rest);
        rest = rest.strip_suffix("-->").unwrap_or(rest).trim();
        if rest.starts_with('#') {
            rest = rest.trim_start_matches('#').trim_start();
        }
        while let Some(next) = without_list_mark(rest) {
            rest = next;
        }
        match tick_box(rest) {
            Some((true, rest)) => Self { tick: "[x] ", rest },
            Some((false, rest)) => Self { tick: "[ ] ", rest },
            None => Self { tick: "", rest },
        }
    }

    /// The line normalised, see [`line()`].
    #[must_use]
    pub fn line(self) -> String {
        let mut folded = String::with_capacity(self.rest.len() + self.tick.len());
        folded.push_str(self.tick);
        fold(self.rest, &mut folded);
        folded.truncate(folded.trim_end_matches('.').trim_end().len());
        folded
    }

    /// The words behind the marks, see [`words`].
    #[must_use]
    pub fn words(self) -> String {
        words(self.rest)
    }

    /// The lower 16 bits of the line's [`key`], made of its first bytes only; `None` for a short or odd line, which
    /// has to be normalised whole.
    #[must_use]
    pub fn beginning(self) -> Option<u16> {
        const READ: usize = BEGINNING + BEGINNING / 2;
        let first = self.rest.get(..self.rest.len().min(READ)).filter(|first| first.is_ascii())?;
        let mut folded = String::with_capacity(2 * READ);
        folded.push_str(self.tick);
        fold_ascii(first.as_bytes(), &mut folded);
        // What follows tells that none of these bytes is dropped at the line's end.
        let next = folded.as_bytes().get(BEGINNING).filter(|next| !matches!(next, b'.' | b' '));
        next.map(|_| (fnv(&folded.as_bytes()[..BEGINNING]) & 0xFFFF) as u16)
    }
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

/// The same for the common case: what stands between two places to change is copied whole.
fn fold_ascii(text: &[u8], folded: &mut String) {
    let mut bytes = std::mem::take(folded).into_bytes();
    let start = bytes.len();
    let mut gap = false;
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            // The white space of `char::is_whitespace`, vertical tab included.
            b' ' | b'\t'..=b'\r' => gap = true,
            b'*' | b'`' => {}
            b'_' if !is_inside_word(text, at) => {}
            _ => {
                if gap && bytes.last().is_some_and(|last| *last != b' ') {
                    bytes.push(b' ');
                }
                gap = false;
                let end = at + 1 + run(&text[at + 1..], &PLAIN);
                bytes.extend_from_slice(&text[at..end]);
                at = end;
                continue;
            }
        }
        at += 1;
    }
    bytes[start..].make_ascii_lowercase();
    *folded = String::from_utf8(bytes).unwrap_or_default();
}

fn is_inside_word(text: &[u8], at: usize) -> bool {
    let is_letter = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    is_letter(at.checked_sub(1)) && is_letter(Some(at + 1))
}

/// How many bytes at the start are of the table; a single space between two of them counts.
fn run(text: &[u8], table: &[bool; 256]) -> usize {
    let is_in = |byte: &u8| table[usize::from(*byte)];
    let mut at = 0;
    loop {
        let Some(length) = text[at..].iter().position(|byte| !is_in(byte)) else { return text.len() };
        at += length;
        if text[at] != b' ' || !text.get(at + 1).is_some_and(is_in) {
            return at;
        }
        at += 1;
    }
}

/// The bytes that [`fold_ascii`] keeps as they are, but for their case.
const PLAIN: [bool; 256] = {
    let mut table = [true; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = !matches!(byte as u8, b' ' | b'\t'..=b'\r' | b'*' | b'`' | b'_');
        byte += 1;
    }
    table
};

/// The bytes of words.
const WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    table
};

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

/// The same for the common case: words are copied whole.
fn words_ascii(text: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let length = run(&text[at..], &WORD);
        if length == 0 || text[at] == b' ' {
            at += 1;
            continue;
        }
        if !bytes.is_empty() {
            bytes.push(b' ');
        }
        bytes.extend_from_slice(&text[at..at + length]);
        at += length;
    }
    bytes.make_ascii_lowercase();
    String::from_utf8(bytes).unwrap_or_default()
}

/// FNV-1a, 64 bits.
#[must_use]
pub fn hash(text: &str) -> u64 {
    fnv(text.as_bytes())
}

fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Bytes of a normalised line that are its beginning.
const BEGINNING: usize = 24;

/// The key under which a template's line is known, given as [`line()`] made it. Stable, since profiles hold such keys.
///
/// The upper 48 bits are those of the line's hash, the lower 16 those of its beginning's: nearly every line of
/// an author is told from all template lines by its beginning alone.
#[must_use]
pub fn key(normal: &str) -> u64 {
    let beginning = &normal.as_bytes()[..normal.len().min(BEGINNING)];
    (hash(normal) & !0xFFFF) | (fnv(beginning) & 0xFFFF)
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
    fn a_beginning_is_that_of_the_whole_line() {
        let cases = [
            ("- [ ] Feature gate (also fill in values in `kep.yaml`)", true),
            ("* **_Will_ this** feature   be of any use to anybody?", true),
            ("### a_b _c_ and the rest of a line that goes on", true),
            ("exactly twenty-four bytes", true),
            ("exactly twenty four byte", false),
            ("twenty bytes are here....................", false),
            ("twenty bytes, a gap and  .  . ", false),
            ("short", false),
            ("", false),
            ("été: not told by the first bytes alone, it seems", false),
        ];
        for (text, told) in cases {
            let whole = (key(&line(text)) & 0xFFFF) as u16;
            assert_eq!(Unmarked::of(text).beginning(), told.then_some(whole), "{text:?}");
        }
    }

    #[test]
    fn a_key_is_the_hash_of_the_line_and_of_its_beginning() {
        assert_eq!(key("a"), hash("a"));
        let long = "the first twenty-four bytes and more";
        assert_eq!(key(long) >> 16, hash(long) >> 16);
        assert_eq!(key(long) & 0xFFFF, hash(&long[..24]) & 0xFFFF);
    }

    #[test]
    fn the_hash_is_fnv() {
        assert_eq!(hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash("a"), 0xaf63_dc4c_8601_ec8c);
    }
}
