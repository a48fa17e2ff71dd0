//! Odd but plausible inputs of every kind, made of pieces that people write and of damage that happens to files.

pub(crate) mod condition;
pub(crate) mod granted;
pub(crate) mod metadata;
pub(crate) mod prose;
pub(crate) mod repository;
pub(crate) mod settings;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use signoff_model::{Edit, Span};

/// Some of these pieces, one behind the other.
pub(crate) fn joined(
    pieces: impl Strategy<Value = String>,
    count: std::ops::Range<usize>,
) -> impl Strategy<Value = String> {
    vec(pieces, count).prop_map(|pieces| pieces.concat())
}

/// One of these texts.
pub(crate) fn one_of(texts: &'static [&'static str]) -> impl Strategy<Value = String> {
    select(texts).prop_map(str::to_owned)
}

/// Words with letters that are long, wide, invisible, or no letters at all.
pub(crate) fn words() -> impl Strategy<Value = String> {
    one_of(&[
        "lamps",
        "Big Lamps",
        "größe",
        "漢字",
        "e\u{301}",
        "İ",
        "ﬁ",
        "a\u{a0}",
        "\u{200b}",
        "\u{202e}x",
        "🎉",
        "x\u{1}y",
        "a\tb",
        "\u{2028}",
        "\u{85}",
        "`code`",
        "@ada",
        "v1.36",
        "12",
        "0752",
        "TBD",
        "N/A",
        "yes",
        "null",
        "~",
        "-",
        "#",
        "a # b",
        "a: b",
        "2024-02-30",
        "2024/01/02",
        "…",
        "\\",
        "\"",
        "'",
        "%20",
        "<x>",
        "&amp;",
    ])
}

/// What happens to files.
#[derive(Clone, Debug)]
enum Damage {
    /// The rest is missing.
    Cut,
    /// One character is missing.
    Drop,
    /// Something stands between.
    Insert(String),
    /// A line stands twice.
    Repeat,
    /// A line is indented.
    Indent(&'static str),
    /// From here on lines end as on other machines.
    Returns,
    /// A byte order mark.
    Mark,
}

fn damage() -> impl Strategy<Value = Damage> {
    let snippet = one_of(&[
        "\n",
        "\r",
        "\0",
        "\t",
        "\u{1b}[31m",
        "\u{feff}",
        "---\n",
        "<<<<<<< HEAD\n",
        "```\n",
        "<!--",
        "-->",
        "\"",
        "[",
        "{",
        "*",
        "&a ",
        "*a",
        "é",
        "\u{2028}",
    ]);
    prop_oneof![
        2 => Just(Damage::Cut),
        3 => Just(Damage::Drop),
        4 => snippet.prop_map(Damage::Insert),
        2 => Just(Damage::Repeat),
        2 => select(&[" ", "  ", "\t", "    "][..]).prop_map(Damage::Indent),
        1 => Just(Damage::Returns),
        1 => Just(Damage::Mark),
    ]
}

/// A text with some damage; half of the texts have none.
pub(crate) fn damaged(text: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let damages = prop_oneof![Just(Vec::new()), vec((any::<Index>(), damage()), 1..4)];
    (text, damages).prop_map(|(mut text, damages)| {
        damages.into_iter().for_each(|(place, damage)| happen(&mut text, place, damage));
        text
    })
}

fn happen(text: &mut String, place: Index, damage: Damage) {
    let at = text.floor_char_boundary(place.index(text.len() + 1));
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    match damage {
        Damage::Cut => text.truncate(at),
        Damage::Drop if at < text.len() => drop(text.remove(at)),
        Damage::Drop => drop(text.pop()),
        Damage::Insert(snippet) => text.insert_str(at, &snippet),
        Damage::Repeat => {
            let whole = text[line..].split_inclusive('\n').next().unwrap_or_default().to_owned();
            text.insert_str(line, &whole);
        }
        Damage::Indent(by) => text.insert_str(line, by),
        Damage::Returns => {
            let rest = text.split_off(at).replace('\n', "\r\n");
            text.push_str(&rest);
        }
        Damage::Mark => text.insert(0, '\u{feff}'),
    }
}

/// Bytes that are mostly text.
pub(crate) fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let pieces: [&[u8]; 10] = [
        b"a",
        b"\n",
        "é漢".as_bytes(),
        b"\xEF\xBB\xBF",
        b"\xFF\xFE",
        b"\xFE\xFF",
        b"\xE9",
        b"\xF0\x9F",
        b"\0",
        b"\xED\xA0\x80",
    ];
    vec(select(pieces.to_vec()), 0..8).prop_map(|pieces| pieces.concat())
}

/// What people type into a search.
pub(crate) fn query() -> impl Strategy<Value = String> {
    let pieces = one_of(&[
        "lamps",
        " ",
        "\"",
        "-",
        "*",
        ":",
        ",",
        "group:sig-node",
        "stage:",
        "beta",
        "status:provisional,implementable",
        "release:1.36",
        "-stage:beta",
        "İ",
        "e\u{301}",
        "漢字",
        "\u{e000}",
        "\0",
        "#12",
        "KEP-12",
        "AND",
        "NEAR(",
        "^",
        "in place",
        "BigLamps",
        "Big*",
        "\u{301}",
        "kube-proxy",
        "https://x.io/a",
        "\t",
    ]);
    joined(pieces, 0..9)
}

/// A text, and changes of it.
pub(crate) fn edits() -> impl Strategy<Value = (String, Vec<Edit>)> {
    let edit = (any::<Index>(), 0..6_usize, words());
    (joined(words(), 0..8), vec(edit, 0..8)).prop_map(|(text, edits)| {
        let edits = edits.into_iter().map(|(start, length, replacement)| {
            let start = text.floor_char_boundary(start.index(text.len() + 1));
            let end = text.floor_char_boundary((start + length).min(text.len()));
            Edit::new(Span::new(start, end), replacement)
        });
        let edits = edits.collect();
        (text, edits)
    })
}
