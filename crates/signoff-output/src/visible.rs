//! Text of strangers on a terminal: what would steer it, or hide what stands there, is escaped.

use std::borrow::Cow;

/// Text with every control and invisible character as an escape such as `\n` or `\u{1b}`.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    escape(text, hidden)
}

/// Like [`visible`], but line breaks stay.
#[must_use]
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    escape(text, |character| character != '\n' && hidden(character))
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
}
