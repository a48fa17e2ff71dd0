//! Metadata: duplicate keys, odd indentation, anchors and aliases, block scalars, comments, ends that are missing.

use proptest::prelude::*;

use super::{damaged, joined, one_of, words};

/// Metadata as YAML.
pub(crate) fn yaml() -> impl Strategy<Value = String> {
    damaged(joined(entry(), 0..12))
}

/// Metadata as a header, between fences where nothing is missing.
pub(crate) fn header() -> impl Strategy<Value = String> {
    let line = (key(), one_of(&[": ", ":", " : ", ":\t"]), value(), ending());
    let line = line.prop_map(|(key, colon, value, ending)| [key, colon, value, ending].concat());
    let line =
        prop_oneof![8 => line, 1 => one_of(&["  more\n", "\tmore, too\n", "nonsense\n", "\n", ": x\n", "# x\n"])];
    damaged(joined(line, 0..10).prop_map(|lines| ["---\n", &lines, "---\n"].concat()))
}

/// Metadata of either syntax.
pub(crate) fn any() -> impl Strategy<Value = String> {
    prop_oneof![yaml(), header()]
}

fn key() -> impl Strategy<Value = String> {
    one_of(&[
        "title",
        "status",
        "stage",
        "authors",
        "author",
        "owning-sig",
        "reviewers",
        "approvers",
        "creation-date",
        "created",
        "last-updated",
        "latest-milestone",
        "milestone",
        "feature-gates",
        "metrics",
        "see-also",
        "replaces",
        "requires",
        "disable-supported",
        "kep-number",
        "eip",
        "type",
        "category",
        "description",
        "discussions-to",
        "Title",
        "TITLE",
        "Authors",
        "Owning_SIG",
        "owning_sig",
        "Created",
        "CREATED",
        "statu",
        "größe",
        "\"title\"",
        "'status'",
        "a b",
        "1",
        "<<",
        "? x",
        "[a]",
        "*a",
        "&a title",
        "~",
        "",
    ])
}

/// A key with its value, or a line that is none.
fn entry() -> impl Strategy<Value = String> {
    let pair = (key(), value(), comment(), ending())
        .prop_map(|(key, value, comment, end)| format!("{key}: {value}{comment}{end}"));
    let list = (key(), joined(item(), 0..4)).prop_map(|(key, items)| format!("{key}:\n{items}"));
    let block = (key(), one_of(&["|", ">", "|-", ">+", "|2"]), words())
        .prop_map(|(key, mark, word)| format!("{key}: {mark}\n  {word}\n\n   more\n"));
    let map = (key(), key(), value()).prop_map(|(key, inner, value)| format!("{key}:\n  {inner}: {value}\n"));
    let line = one_of(&[
        "# remark\n",
        "\n",
        "---\n",
        "...\n",
        "\ta: b\n",
        "<<: *a\n",
        "%YAML 1.2\n",
        "nonsense\n",
        "- x\n",
        "  \n",
    ]);
    prop_oneof![8 => pair, 4 => list, 2 => block, 3 => map, 2 => line]
}

fn item() -> impl Strategy<Value = String> {
    let mark = one_of(&["- ", "  - ", "    - ", " -", "\t- ", "-\n  ", "  - name: ", "    components: "]);
    (mark, value(), ending()).prop_map(|(mark, value, ending)| [mark, value, ending].concat())
}

fn value() -> impl Strategy<Value = String> {
    let quoted = words().prop_map(|word| format!("\"{word}\""));
    let single = words().prop_map(|word| format!("'{word}'"));
    let whole = one_of(&[
        "",
        "beta",
        "implementable",
        "Draft",
        "Final",
        "Standards Track",
        "v1.36",
        "1.36",
        "V1.36",
        "2026-01-02",
        "02/01/2026",
        "sig-node",
        "true",
        "[]",
        "{}",
        "['@ada', \"@bob\"]",
        "[@ada]",
        "{alpha: v1.34, beta: 1.36}",
        "&a x",
        "*a",
        "*nope",
        "&a {x: 1}",
        "[a, [b, {c: d}]]",
        "[a",
        "{a: b",
        "\"open",
        "'open",
        "!!str 1",
        "| x",
        "@x",
        "%x",
        "`x`",
        "a: b",
        "/keps/sig-node/13-lamps",
        "KEP-13",
        "Ada (@ada), Bob <b@x.org>",
        "1, 2",
        "<to be assigned>",
        "TBD",
        "\"\\u263a\\x\"",
    ]);
    prop_oneof![4 => whole, 2 => words(), 1 => quoted, 1 => single]
}

fn comment() -> impl Strategy<Value = String> {
    prop_oneof![4 => Just(String::new()), 1 => one_of(&[" # remark", " # signoff: allow link-dead (x)", " #", "#x"])]
}

fn ending() -> impl Strategy<Value = String> {
    prop_oneof![8 => Just("\n".to_owned()), 1 => one_of(&["\r\n", "  \n", "\n\n", "\t\n"])]
}
