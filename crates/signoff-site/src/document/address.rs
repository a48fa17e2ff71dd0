//! Addresses: which are let through, and bare ones in a text.

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A page or file of the site, or a place of this page.
    Local(String),
    /// Another host.
    Outward(String),
    /// Something that is there, and of which nobody knows an address.
    Plain,
    /// Nowhere: what it names is not there, or is no address to follow.
    Dead,
}

/// Whether an address may be followed: it is of the web or of mail, and no part of it is a control character, by which
/// browsers have been led astray.
pub(crate) fn is_outward(target: &str) -> bool {
    let lower = target.trim().to_ascii_lowercase();
    let is_known = ["https://", "http://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
    is_known && !target.trim().chars().any(char::is_control)
}

/// The first bare address of a text, with what stands before and behind it.
pub(super) fn bare(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let at = from + text[from..].find("http")?;
        let rest = &text[at..];
        let is_start = !text[..at].ends_with(|letter: char| letter.is_alphanumeric());
        let scheme = ["https://", "http://"].iter().find(|scheme| rest.starts_with(**scheme));
        let Some(scheme) = scheme.filter(|_| is_start) else {
            from = at + "http".len();
            continue;
        };
        let end = rest.find(|letter: char| letter.is_whitespace() || matches!(letter, '<' | '>' | '"' | '`'));
        let address = trimmed(&rest[..end.unwrap_or(rest.len())]);
        if address.len() > scheme.len() {
            return Some((&text[..at], address, &rest[address.len()..]));
        }
        from = at + scheme.len();
    }
}

/// An address without the punctuation that belongs to the sentence around it.
fn trimmed(address: &str) -> &str {
    let mut address = address;
    loop {
        let last = address.chars().next_back();
        let count = |sign: char| address.matches(sign).count();
        match last {
            Some('.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~') => {}
            Some(')') if count(')') > count('(') => {}
            Some(']') if count(']') > count('[') => {}
            _ => return address,
        }
        address = &address[..address.len() - last.map_or(0, char::len_utf8)];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_may_be_followed() {
        for target in ["https://a.b/c", "HTTP://a", "mailto:ada@example.org", " https://a"] {
            assert!(is_outward(target), "{target}");
        }
        for target in [
            "javascript:alert(1)",
            "JaVaScRiPt:x",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc",
            "//a",
            "java\nscript:x",
            "https://a\u{0}b",
        ] {
            assert!(!is_outward(target), "{target:?}");
        }
    }

    #[test]
    fn bare_addresses_end_where_the_sentence_goes_on() {
        let cases = [
            ("see https://a.b/c.", Some(("see ", "https://a.b/c", "."))),
            ("(https://a.b/c_(d))", Some(("(", "https://a.b/c_(d)", ")"))),
            ("https://a.b/c, then", Some(("", "https://a.b/c", ", then"))),
            ("xhttps://a.b", None),
            ("http://", None),
            ("nothttp", None),
            ("http is not, http://a.b is", Some(("http is not, ", "http://a.b", " is"))),
        ];
        for (text, expected) in cases {
            assert_eq!(bare(text), expected, "{text}");
        }
    }
}
