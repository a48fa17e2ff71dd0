//! Conditions: from the grammar, and from noise.

use proptest::collection::vec;
use proptest::prelude::*;

use super::{joined, one_of, words};

/// A condition as people write it, mostly one.
pub(crate) fn written() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![4 => comparison(), 2 => loops(), 1 => one_of(&["true", "has(milestones.alpha)", "title.contains(\"a\")"])];
    leaf.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("{left} && {right}")),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("{left} || {right}")),
            inner.clone().prop_map(|inner| format!("!({inner})")),
            inner.clone().prop_map(|inner| format!("( {inner} )")),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| format!("({a}) ? ({b}) : ({c})")),
        ]
    })
}

/// Columns as people write them: names, values under names of their own, and what is none.
pub(crate) fn columns() -> impl Strategy<Value = String> {
    let named = (one_of(&["n=", "a b=", "=", "x ="]), name()).prop_map(|(name, value)| [name, value].concat());
    let sorted = one_of(&[
        "count",
        "-count",
        "-title",
        "body.unresolved",
        "approval(\"prr\")[stage]",
        "body",
        "current_release",
    ]);
    let column = prop_oneof![4 => name(), 2 => named, 2 => sorted, 1 => written()];
    vec(column, 1..4).prop_map(|columns| columns.join(","))
}

/// Pieces of conditions in any order.
pub(crate) fn noise() -> impl Strategy<Value = String> {
    let sign = one_of(&[
        "==",
        "!=",
        "&&",
        "||",
        "in",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        "?",
        ":",
        "!",
        "-",
        "+",
        "%",
        "//",
        "\n",
        " ",
        "'",
        "\"",
        "\"\"\"",
        "r'",
        "b\"",
        "\\",
        "1",
        "1.5",
        "0x7f",
        "9223372036854775808",
        "1u",
        "é",
        "\0",
        "null",
        "_",
        "__result__",
        "@",
    ]);
    joined(prop_oneof![sign, value(), name()], 0..12)
}

fn name() -> impl Strategy<Value = String> {
    one_of(&[
        "status",
        "stage",
        "title",
        "class",
        "path",
        "profile",
        "proposal",
        "group",
        "latest_milestone",
        "authors",
        "reviewers",
        "gates",
        "metrics",
        "milestones",
        "field(\"title\")",
        "field('authors')",
        "question(\"slo\").state",
        "section(\"Summary\").state",
        "release(latest_milestone)",
        "release(\"v1.9\")",
        "date(field(\"creation-date\"))",
        "size(authors)",
        "title.lowerAscii()",
    ])
}

fn value() -> impl Strategy<Value = String> {
    let known = one_of(&[
        "\"beta\"",
        "'alpha'",
        "\"implementable\"",
        "'Draft'",
        "null",
        "[\"beta\", 'stable']",
        "['@ada']",
        "[]",
        "release(\"v1.35\")",
        "release('none')",
        "date('2026-01-01')",
        "1",
        "-1",
        "\"answered\"",
        "'empty'",
        "\"12\"",
        "\"\"",
        "true",
    ]);
    prop_oneof![3 => known, 1 => words().prop_map(|word| format!("\"{word}\""))]
}

/// Mostly of what can be compared.
fn comparison() -> impl Strategy<Value = String> {
    let sign = || one_of(&[" == ", "!=", "==\n"]);
    let order = one_of(&[" < ", ">=", " == ", " != "]);
    let text =
        one_of(&["title", "path", "group", "latest_milestone", "proposal", "field(\"title\")", "title.lowerAscii()"]);
    let release = || one_of(&["release(latest_milestone)", "release(\"v1.36\")", "release('none')", "release(title)"]);
    let listed = one_of(&["authors", "gates", "[\"a\", title]", "reviewers", "milestones"]);
    let quoted = || {
        prop_oneof![words().prop_map(|word| format!("'{word}'")), one_of(&["null", "title", "r'\\'", "\"\"\"a\"\"\""])]
    };
    let state = one_of(&[
        "class == 'open'",
        "stage == null",
        "profile != \"x\"",
        "size(authors) < 2",
        "date(title) < date('2026-01-01')",
    ]);
    prop_oneof![
        3 => (text, sign(), quoted()).prop_map(|(name, sign, value)| [name, sign, value].concat()),
        2 => (release(), order, release()).prop_map(|(left, sign, right)| [left, sign, right].concat()),
        2 => (quoted(), listed).prop_map(|(value, list)| format!("{value} in {list}")),
        2 => state,
        1 => (name(), sign(), value()).prop_map(|(name, sign, value)| [name, sign, value].concat()),
    ]
}

fn loops() -> impl Strategy<Value = String> {
    let kind = one_of(&["exists", "all", "exists_one", "filter", "map"]);
    let inside = vec(one_of(&["a == \"@ada\"", "a != title", "a.startsWith('@')", "a in reviewers", "a"]), 1..3);
    (one_of(&["authors", "gates", "milestones", "field(\"authors\")"]), kind, inside)
        .prop_map(|(list, kind, inside)| format!("{list}.{kind}(a, {})", inside.join(" || ")))
}
