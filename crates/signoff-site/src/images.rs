//! Images of documents: which are let through, and where each is in the site.

use std::hash::{Hash as _, Hasher as _};

use rustc_hash::FxHasher;

/// Largest image that is taken over, in bytes.
pub const SIZE_MAX: usize = 4 << 20;

const KINDS: [&str; 6] = ["png", "jpg", "jpeg", "gif", "webp", "svg"];

/// Whether a file may be taken over by its name.
#[must_use]
pub fn is_image(path: &str) -> bool {
    ending(path).is_some()
}

/// Whether the bytes of an image may be taken over: a drawing must have no part that acts.
#[must_use]
pub fn is_inert(path: &str, bytes: &[u8]) -> bool {
    const ACTING: [&str; 9] = [
        "<script",
        "javascript:",
        "<foreignobject",
        "<iframe",
        "<embed",
        "<object",
        "<!entity",
        "<?xml-stylesheet",
        "<use",
    ];
    if bytes.len() > SIZE_MAX {
        return false;
    }
    if ending(path) != Some("svg") {
        return true;
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let text = text.to_ascii_lowercase();
    !ACTING.iter().any(|part| text.contains(part)) && !has_handler(&text)
}

/// Whether a drawing has an attribute that is run when something happens: `onload=`.
fn has_handler(text: &str) -> bool {
    text.match_indices("on").any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let is_start = before.is_some_and(|sign| sign.is_whitespace() || matches!(sign, '"' | '\'' | '/'));
        let name = text[at + 2..].trim_start_matches(|sign: char| sign.is_ascii_alphabetic());
        is_start && name.len() < text[at + 2..].len() && name.trim_start().starts_with('=')
    })
}

/// Where an image of the repository is in the site: a name that is plain whatever the path was.
pub(crate) fn place(path: &str) -> Option<String> {
    let ending = ending(path)?;
    let mut hasher = FxHasher::default();
    path.hash(&mut hasher);
    Some(format!("files/{:016x}.{ending}", hasher.finish()))
}

fn ending(path: &str) -> Option<&'static str> {
    let (_, end) = path.rsplit_once('.')?;
    KINDS.into_iter().find(|kind| end.eq_ignore_ascii_case(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_that_act_are_left_out() {
        let cases = [
            ("a.png", "anything", true),
            ("a.svg", "<svg><path d='M0 0'/></svg>", true),
            ("a.svg", "<svg><text>on = off, iron=1</text></svg>", true),
            ("a.SVG", "<svg><SCRIPT>alert(1)</SCRIPT></svg>", false),
            ("a.svg", "<svg onload=\"alert(1)\"/>", false),
            ("a.svg", "<svg/onload = alert(1)>", false),
            ("a.svg", "<svg><a href='javascript:alert(1)'/></svg>", false),
            ("a.svg", "<svg><foreignObject/></svg>", false),
            ("a.svg", "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", false),
        ];
        for (path, text, expected) in cases {
            assert_eq!(is_inert(path, text.as_bytes()), expected, "{text}");
        }
        assert!(!is_inert("a.png", &vec![0; SIZE_MAX + 1]));
        assert!(!is_image("a.html") && !is_image("png") && is_image("x/y.JPG"));
    }
}
