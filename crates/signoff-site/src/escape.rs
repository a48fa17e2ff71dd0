//! Text as HTML: the only way in which bytes of a proposal come into a page outside of templates.

use signoff_model::comment::{FILL, SHOWN_MARK};

/// Adds a text as the content of an element. The marks that the reader put in are resolved, other control characters are dropped.
pub(crate) fn text(out: &mut String, text: &str) {
    escape(out, text, false);
}

fn escape(out: &mut String, text: &str, quotes: bool) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let Some(instead) = ESCAPES[usize::from(byte)].filter(|_| quotes || byte != b'"') else { continue };
        out.push_str(&text[from..at]);
        out.push_str(instead);
        from = at + 1;
    }
    out.push_str(&text[from..]);
}

/// A text as the content of an element or attribute.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape(&mut out, text, true);
    out
}

/// Adds ` name="value"`.
pub(crate) fn attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape(out, value, true);
    out.push('"');
}

/// What stands for an ASCII byte in HTML; `None` for one that stays.
const ESCAPES: [Option<&str>; 256] = {
    let mut table = [None; 256];
    let mut byte: usize = 0;
    while byte < 0x20 {
        table[byte] = Some("");
        byte += 1;
    }
    table[b'\t' as usize] = None;
    table[b'\n' as usize] = None;
    table[0x7f] = Some("");
    table[b'&' as usize] = Some("&amp;");
    table[b'<' as usize] = Some("&lt;");
    table[b'>' as usize] = Some("&gt;");
    table[b'"' as usize] = Some("&quot;");
    table[FILL as usize] = Some("");
    table[SHOWN_MARK as usize] = Some("&lt;");
    table
};

/// A text without the marks that the reader put in, for what is kept as a text.
pub(crate) fn plain(text: &str) -> String {
    let kept = text.chars().filter(|character| !character.is_control() || *character == SHOWN_MARK);
    kept.map(|character| if character == SHOWN_MARK { '<' } else { character }).collect()
}

/// Resolves the entities of an attribute that matter for where it leads. Any other one stays as it is written, and is
/// no entity in the page.
pub(crate) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let (character, length) = entity(rest).unwrap_or(('&', 1));
        plain.push(character);
        rest = &rest[length..];
    }
    plain.push_str(rest);
    plain
}

/// The character that an entity at the start of a text stands for, and the entity's length.
fn entity(text: &str) -> Option<(char, usize)> {
    const LENGTH_MAX: usize = 10;
    const NAMED: [(&str, char); 6] =
        [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("nbsp", '\u{a0}')];
    let end = text.bytes().take(LENGTH_MAX).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let character = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
        None => NAMED.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((character, end + 1))
}

/// Adds text of raw HTML, where an entity is an entity.
pub(crate) fn raw_text(out: &mut String, raw: &str) {
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        text(out, &rest[..at]);
        rest = &rest[at..];
        let length = match entity(rest) {
            Some((character, length)) => {
                text(out, character.encode_utf8(&mut [0; 4]));
                length
            }
            None => {
                text(out, "&");
                1
            }
        };
        rest = &rest[length..];
    }
    text(out, rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_markup() {
        let cases = [
            ("a < b && c > \"d\"", "a &lt; b &amp;&amp; c &gt; \"d\""),
            ("\u{0}\u{1}\u{2}!--\u{7f}\t\n", "&lt;!--\t\n"),
            ("naïve & été", "naïve &amp; été"),
        ];
        for (given, expected) in cases {
            let mut out = String::new();
            text(&mut out, given);
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn entities_of_raw_html_are_entities() {
        let cases = [
            ("a&nbsp;b &lt;i&gt; &#60;b&#x3E;", "a\u{a0}b &lt;i&gt; &lt;b&gt;"),
            ("&nothing; & &#0; &#xD800;", "&amp;nothing; &amp;  &amp;#xD800;"),
        ];
        for (given, expected) in cases {
            let mut out = String::new();
            raw_text(&mut out, given);
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn entities_do_not_hide_where_an_address_leads() {
        assert_eq!(unescape("java&#115;cript&#58;x &amp;c&colon;"), "javascript:x &c&colon;");
    }
}
