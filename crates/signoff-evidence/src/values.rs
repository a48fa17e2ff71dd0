//! What single values of sources mean: booleans, lists of names, numbers of proposals, names in prose.

use std::sync::Arc;

use signoff_model::{Node, Release};

/// Most names that are kept of one piece of prose.
const NAMES_MAX: usize = 64;

/// `true` or `false`, as YAML, JSON and Go spell them.
pub fn boolean(text: &str) -> Option<bool> {
    match text.trim() {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// The text below a key, without the space around it; `None` where there is none.
pub fn text<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    node.get(key).and_then(Node::text).map(str::trim).filter(|text| !text.is_empty())
}

/// The same to keep; empty where there is none.
pub fn shared(node: &Node, key: &str) -> Arc<str> {
    text(node, key).unwrap_or_default().into()
}

/// The texts of a list below a key.
pub fn texts(node: &Node, key: &str) -> Vec<Arc<str>> {
    let items = node.get(key).map(Node::items).unwrap_or_default().iter();
    items.filter_map(Node::text).map(|text| text.trim().into()).collect()
}

/// A release below a key.
pub fn release(node: &Node, key: &str) -> Option<Release> {
    text(node, key).and_then(Release::parse)
}

/// Numbers of proposals that a text cites, in the order of the marks, each once and without leading zeros. A mark is
/// what stands before the number, in any case; `*` in it matches any text without a slash or a space.
pub fn proposals(marks: &[String], text: &str) -> Vec<Arc<str>> {
    let mut found: Vec<Arc<str>> = Vec::new();
    let text = text.to_ascii_lowercase();
    for mark in marks {
        let mark = mark.to_ascii_lowercase();
        let mut pieces = mark.split('*');
        let first = pieces.next().unwrap_or_default();
        if first.is_empty() {
            continue;
        }
        let pieces: Vec<&str> = pieces.collect();
        for (at, _) in text.match_indices(first).take(NAMES_MAX) {
            let number = behind(&text[at + first.len()..], &pieces).and_then(number);
            let number = number.filter(|number| !found.iter().any(|known| **known == **number));
            found.extend(number.map(Arc::from));
        }
    }
    found
}

/// What stands behind the pieces of a mark, with any text without a slash or a space before each.
fn behind<'t>(text: &'t str, pieces: &[&str]) -> Option<&'t str> {
    pieces.iter().try_fold(text, |rest, piece| {
        let end = rest.find([' ', '\n', '/']).map_or(rest.len(), |end| end + 1);
        let within = &rest[..end];
        within.rfind(piece).map(|at| &rest[at + piece.len()..])
    })
}

/// The digits at the start of a text.
fn number(text: &str) -> Option<&str> {
    let digits = &text[..text.bytes().take_while(u8::is_ascii_digit).count()];
    let plain = digits.trim_start_matches('0');
    (!plain.is_empty() && digits.len() <= 6).then_some(plain)
}

/// Numbers behind `pull/` and `#` in a text, each once.
pub fn pulls(text: &str) -> Vec<Arc<str>> {
    let mut found: Vec<Arc<str>> = Vec::new();
    for mark in ["/pull/", "[#"] {
        for (at, _) in text.match_indices(mark).take(NAMES_MAX) {
            let number =
                number(&text[at + mark.len()..]).filter(|number| !found.iter().any(|known| **known == **number));
            found.extend(number.map(Arc::from));
        }
    }
    found
}

/// Words of prose that may be names, each once: flags (`--name`) and, in back quotes, gates (`InPlaceResize`) and
/// metrics (`requests_total`). Where the text speaks of gates or features, also words like theirs that are not quoted.
pub fn names(text: &str) -> Vec<Arc<str>> {
    let mut found: Vec<Arc<str>> = Vec::new();
    let speaks_of_gates = ["gate", "feature", "Gate", "Feature"].iter().any(|word| text.contains(word));
    for (index, part) in text.split('`').enumerate() {
        let is_quoted = index % 2 == 1;
        let words = part.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')));
        for word in words {
            let is_name =
                is_flag(word) || is_quoted && is_metric(word) || (is_quoted || speaks_of_gates) && is_gate(word);
            if is_name && found.len() < NAMES_MAX && !found.iter().any(|known| **known == *word) {
                found.push(word.into());
            }
        }
    }
    found
}

fn is_flag(word: &str) -> bool {
    let name = word.strip_prefix("--").unwrap_or_default();
    name.len() > 1 && name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.ends_with('-')
}

fn is_metric(word: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    word.len() > 5 && word.contains('_') && word.bytes().all(is_part) && !word.starts_with('_')
}

fn is_gate(word: &str) -> bool {
    let capitals = word.bytes().filter(u8::is_ascii_uppercase).count();
    let plain = word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain
        && word.len() > 5
        && capitals > 1
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.contains(|c: char| c.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cited_proposals() {
        let marks = ["kep.k8s.io/", "enhancements/issues/", "enhancements/pull/", "keps/*/", "KEP-", "KEP "];
        let marks = marks.map(str::to_owned);
        let cases: [(&str, &[&str]); 8] = [
            ("kep: https://kep.k8s.io/2400", &["2400"]),
            ("kep: https://github.com/x/enhancements/issues/0752 and enhancements/pull/9", &["752", "9"]),
            ("https://github.com/x/enhancements/tree/master/keps/sig-node/4188-kubelet-pods", &["4188"]),
            ("as in kep-12 and KEP 13, KEP-12", &["12", "13"]),
            ("kep: https://kep.k8s.io/", &[]),
            ("keps/sig-node/some/4188-x", &[]),
            ("KEP-1234567", &[]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            let found = proposals(&marks, text);
            assert_eq!(found.iter().map(|number| &**number).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn names_in_prose() {
        let cases: [(&str, &[&str]); 6] = [
            ("Promoted `ImageVolume` to stable", &["ImageVolume"]),
            ("The feature gate SomeFeatureX is locked", &["SomeFeatureX"]),
            ("A StatefulSet is not quoted here", &[]),
            ("Removed the flag --pod-infra-image, see `--x`", &["--pod-infra-image"]),
            ("Added `apiserver_requests_total{code}` -- and `go_version`", &["apiserver_requests_total", "go_version"]),
            ("`v1`, `ABC`, `_x_y_z_w`, `abc`", &[]),
        ];
        for (text, expected) in cases {
            let found = names(text);
            assert_eq!(found.iter().map(|name| &**name).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn pull_requests() {
        let text = "Fixed it ([#12](https://github.com/x/y/pull/12), [#13](x))";
        assert_eq!(pulls(text).iter().map(|number| &**number).collect::<Vec<_>>(), ["12", "13"]);
    }
}
