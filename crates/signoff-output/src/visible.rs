//! Text of strangers on a terminal: what would steer it, or hide what stands there, is escaped.

use std::borrow::Cow;
use std::io::{self, Write};

/// Text with every control and invisible character as an escape such as `\n` or `\u{1b}`.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    escape(text, hidden)
}

/// Text with every control and invisible character but line breaks as an escape such as `\u{1b}`.
#[must_use]
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    escape(text, |character| character != '\n' && hidden(character))
}

/// JSON on one line. What steers a terminal is escaped in it as the format has it, so that what is read is the same;
/// JSON itself asks that of the characters below U+0020 alone.
pub(crate) struct Json;

impl serde_json::ser::Formatter for Json {
    fn write_string_fragment<W: Write + ?Sized>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        // Most texts are plain.
        while let Some((at, character)) = rest.char_indices().find(|(_, character)| hidden(*character)) {
            writer.write_all(&rest.as_bytes()[..at])?;
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = &rest[at + character.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

/// Whether a character steers the terminal, has no shape of its own, or turns the reading direction.
pub(crate) fn hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
        || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
}

fn escape(text: &str, unwanted: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&unwanted) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if unwanted(character) { escaped.extend(character.escape_default()) } else { escaped.push(character) }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_raw() {
        let cases = [
            ("plain é 漢", "plain é 漢"),
            ("a\u{1b}[31mb", "a\\u{1b}[31mb"),
            ("a\r\n\tb", "a\\r\\n\\tb"),
            ("x\u{202e}y\u{9b}z", "x\\u{202e}y\\u{9b}z"),
        ];
        for (text, expected) in cases {
            assert_eq!(visible(text), expected);
        }
        assert_eq!(visible_lines("a\nb\r"), "a\nb\\r");
    }

    #[test]
    fn json_says_the_same_without_a_raw_control() {
        let text = "é\u{1b}\u{7f}\u{9b}2J\u{202e}\"\\\n\u{e0041}漢";
        let mut written = Vec::new();
        crate::write_json(&text, &mut written).expect("memory takes everything");
        let written = String::from_utf8(written).expect("text");
        assert_eq!(written, concat!(r#""é\u001b\u007f\u009b2J\u202e\"\\\n\udb40\udc41漢""#, "\n"));
        assert_eq!(serde_json::from_str::<String>(&written).expect("JSON"), text);
    }
}
