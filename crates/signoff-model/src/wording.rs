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
        let mut rest = trim(text);
        rest = rest.strip_prefix("<!--").unwrap_or(rest);
        rest = trim(rest.strip_suffix("-->").unwrap_or(rest));
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

    /// The text behind the marks; `None` behind a tick box, which is a part of the line.
    #[must_use]
    pub fn boxless(self) -> Option<&'t str> {
        self.tick.is_empty().then_some(self.rest)
    }

    /// The line normalised, see [`line()`].
    #[must_use]
    pub fn line(self) -> String {
        let mut normal = Normal::default();
        normal.read(self, |_| true);
        String::from_utf8(normal.bytes).unwrap_or_default()
    }

    /// The words behind the marks, see [`words`].
    #[must_use]
    pub fn words(self) -> String {
        words(self.rest)
    }
}

/// [`str::trim`], at less cost for a text that has nothing to trim.
fn trim(text: &str) -> &str {
    let is_plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    if is_plain(text.as_bytes().first()) && is_plain(text.as_bytes().last()) { text } else { text.trim() }
}

/// A line normalised as by [`line()`]; one serves many lines.
#[derive(Default)]
pub struct Normal {
    bytes: Vec<u8>,
}

impl Normal {
    /// Reads a line, but for one of which `is_known` denies the beginning: the lower 16 bits of its [`key`].
    ///
    /// Returns whether the line was read whole. A short or odd line always is.
    pub fn read(&mut self, line: Unmarked<'_>, is_known: impl FnOnce(u16) -> bool) -> bool {
        if self.beginning(line).is_some_and(|beginning| !is_known(beginning)) {
            return false;
        }
        self.bytes.clear();
        self.bytes.extend_from_slice(line.tick.as_bytes());
        fold(line.rest, &mut self.bytes);
        self.drop_end();
        true
    }

    /// The lower 16 bits of the line's [`key`], made of its first bytes only.
    fn beginning(&mut self, line: Unmarked<'_>) -> Option<u16> {
        const READ: usize = BEGINNING + BEGINNING / 2;
        let text = line.rest.as_bytes();
        if text.len() + line.tick.len() <= BEGINNING {
            return None;
        }
        if let Some(mut first) = text.first_chunk().copied().filter(|first| line.tick.is_empty() && is_plain(first)) {
            first.make_ascii_lowercase();
            return beginning(&first);
        }
        let first = &text[..text.len().min(READ)];
        if !first.is_ascii() {
            return None;
        }
        self.bytes.clear();
        self.bytes.extend_from_slice(line.tick.as_bytes());
        fold_ascii(first, &mut self.bytes);
        beginning(&self.bytes)
    }

    /// Drops the final periods, and the space before them.
    fn drop_end(&mut self) {
        while self.bytes.last() == Some(&b'.') {
            self.bytes.pop();
        }
        if self.bytes.last() == Some(&b' ') {
            self.bytes.pop();
        }
    }

    /// The line's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// The lower 16 bits of a [`key`]; `None` when the byte behind the beginning cannot tell that all of it stays.
fn beginning(folded: &[u8]) -> Option<u16> {
    folded.get(BEGINNING).filter(|next| !matches!(next, b'.' | b' '))?;
    Some((fnv(&folded[..BEGINNING]) & 0xFFFF) as u16)
}

/// Whether folding changes nothing in these bytes but their case, as in most lines.
///
/// Without branches, so that many bytes are compared at once.
fn is_plain(text: &[u8; 32]) -> bool {
    let is_mark =
        |byte: u8| (byte == b'*') | (byte == b'`') | (byte == b'_') | (byte.wrapping_sub(b'\t') < 5) | !byte.is_ascii();
    let marks = text.iter().fold(false, |found, byte| found | is_mark(*byte));
    let pairs = text.iter().zip(&text[1..]);
    let gaps = pairs.fold(false, |found, (byte, next)| found | ((*byte == b' ') & (*next == b' ')));
    !marks && !gaps
}

/// Appends `text` without emphasis and backticks, white space folded, in lower case.
fn fold(text: &str, folded: &mut Vec<u8>) {
    if text.is_ascii() {
        fold_ascii(text.as_bytes(), folded);
    } else {
        fold_characters(text, folded);
    }
}

fn fold_characters(text: &str, folded: &mut Vec<u8>) {
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
        if gap && folded.last().is_some_and(|last| *last != b' ') {
            folded.push(b' ');
        }
        gap = false;
        for lower in character.to_lowercase() {
            folded.extend_from_slice(lower.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
}

/// The same for the common case: what stands between two places to change is copied whole.
fn fold_ascii(text: &[u8], folded: &mut Vec<u8>) {
    let start = folded.len();
    let mut gap = false;
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            // The white space of `char::is_whitespace`, vertical tab included.
            b' ' | b'\t'..=b'\r' => gap = true,
            b'*' | b'`' => {}
            b'_' if !is_inside_word(text, at) => {}
            _ => {
                if gap && folded.last().is_some_and(|last| *last != b' ') {
                    folded.push(b' ');
                }
                gap = false;
                let end = at + 1 + run(&text[at + 1..]);
                folded.extend_from_slice(&text[at..end]);
                at = end;
                continue;
            }
        }
        at += 1;
    }
    folded[start..].make_ascii_lowercase();
}

fn is_inside_word(text: &[u8], at: usize) -> bool {
    let is_letter = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    is_letter(at.checked_sub(1)) && is_letter(Some(at + 1))
}

/// How many bytes at the start are [`PLAIN`]; a single space between two of them counts.
fn run(text: &[u8]) -> usize {
    let is_plain = |byte: &u8| PLAIN[usize::from(*byte)];
    let mut at = 0;
    loop {
        let Some(length) = text[at..].iter().position(|byte| !is_plain(byte)) else { return text.len() };
        at += length;
        if text[at] != b' ' || !text.get(at + 1).is_some_and(is_plain) {
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

/// What a byte is among words: a space but for letters and digits.
const WORD: [u8; 256] = {
    let mut table = [b' '; 256];
    let mut byte = 0;
    while byte < 256 {
        if (byte as u8).is_ascii_alphanumeric() {
            table[byte] = (byte as u8).to_ascii_lowercase();
        }
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

/// The same for the common case.
fn words_ascii(text: &[u8]) -> String {
    let mut folded: Vec<u8> = text.iter().map(|byte| WORD[usize::from(*byte)]).collect();
    folded.dedup_by(|next, before| *next == b' ' && *before == b' ');
    if folded.last() == Some(&b' ') {
        folded.pop();
    }
    if folded.first() == Some(&b' ') {
        folded.remove(0);
    }
    String::from_utf8(folded).unwrap_or_default()
}

/// Whether a character in lower case is `wanted`.
pub(crate) fn lowers_to(character: char, wanted: char) -> bool {
    if character.is_ascii() {
        return character.to_ascii_lowercase() == wanted;
    }
    character.to_lowercase().eq([wanted])
}

/// FNV-1a, 64 bits.
#[must_use]
pub fn hash(text: &str) -> u64 {
    fnv(text.as_bytes())
}

fn fnv(bytes: &[u8]) -> u64 {
    fnv_on(0xcbf2_9ce4_8422_2325, bytes)
}

/// Goes on with the hash of the bytes before.
fn fnv_on(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Bytes of a normalised line that are its beginning.
const BEGINNING: usize = 24;

/// The key under which a template's line is known, given as [`line()`] made it. Stable, since profiles hold such keys.
///
/// The upper 48 bits are those of the line's hash, the lower 16 those of its beginning's: nearly every line of
/// an author is told from all template lines by its beginning alone.
#[must_use]
pub fn key(normal: &[u8]) -> u64 {
    let (beginning, rest) = normal.split_at(normal.len().min(BEGINNING));
    let beginning = fnv(beginning);
    (fnv_on(beginning, rest) & !0xFFFF) | (beginning & 0xFFFF)
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
            ("a longer line that is told before its été", true),
            ("été: not told by the first bytes alone, it seems", false),
        ];
        let mut normal = Normal::default();
        for (text, told) in cases {
            let mut beginning = None;
            let read = normal.read(Unmarked::of(text), |asked| {
                beginning = Some(asked);
                false
            });
            let whole = (key(line(text).as_bytes()) & 0xFFFF) as u16;
            assert_eq!((read, beginning), (!told, told.then_some(whole)), "{text:?}");
            assert!(normal.read(Unmarked::of(text), |_| true) && normal.bytes() == line(text).as_bytes(), "{text:?}");
        }
    }

    #[test]
    fn a_line_in_ascii_is_folded_as_any_other() {
        let parts = "a|B|7|_|__|*|**|`| |  |\t|\u{b}|.|..|:|-|x_y|#|";
        let parts: Vec<&str> = parts.split('|').collect();
        let mut state = 7_u64;
        for _ in 0..2_000 {
            let mut text = String::new();
            for _ in 0..16 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(parts[(state >> 33) as usize % parts.len()]);
            }
            let (mut bytes, mut characters) = (Vec::new(), Vec::new());
            fold_ascii(text.as_bytes(), &mut bytes);
            fold_characters(&text, &mut characters);
            assert_eq!(bytes, characters, "{text:?}");
            assert_eq!(words(&text), words(&format!("{text}\u{3000}")), "{text:?}");
        }
    }

    #[test]
    fn a_key_is_the_hash_of_the_line_and_of_its_beginning() {
        assert_eq!(key(b"a"), hash("a"));
        let long = "the first twenty-four bytes and more";
        assert_eq!(key(long.as_bytes()) >> 16, hash(long) >> 16);
        assert_eq!(key(long.as_bytes()) & 0xFFFF, hash(&long[..24]) & 0xFFFF);
    }

    #[test]
    fn the_hash_is_fnv() {
        assert_eq!(hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash("a"), 0xaf63_dc4c_8601_ec8c);
    }
}
