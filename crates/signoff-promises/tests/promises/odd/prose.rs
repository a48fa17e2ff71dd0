//! Prose: headings in all forms, nested lists, fences and comments that nobody closed, questions, tables, HTML.

use proptest::prelude::*;

use super::{damaged, joined, one_of, words};

/// A document.
pub(crate) fn document() -> impl Strategy<Value = String> {
    damaged(joined(block(), 0..14))
}

fn block() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => heading(),
        3 => question(),
        3 => list(),
        2 => fence(),
        2 => comment(),
        2 => contents(),
        3 => joined(inline(), 1..5).prop_map(|text| text + "\n\n"),
        2 => one_of(&[
            "| a | b |\n|---|:-:|\n| `|` | c |\n\n", "| a |\n| - |\n", "<details>\n\n<summary>x</summary>\n\n", "</details>\n",
            "<pre>\n# no\n</pre>\n", "<a name=\"here\"></a>\n", "> quote\nlazy\n\n", "> - a\n>   > b\n", "    code\n\tcode\n",
            "***\n", "---\n", "[a]: b.md\n", "[a]: <b c> 'd'\n", "<<[UNRESOLVED @ada ]>>\nhm\n<<[/UNRESOLVED]>>\n",
            "<<[UNRESOLVED\n", "\n\n\n", "  \n", "\u{1}\n",
        ]),
    ]
}

fn title() -> impl Strategy<Value = String> {
    let known = one_of(&[
        "Summary",
        "Motivation",
        "Goals and Non-Goals",
        "Abstract",
        "Specification",
        "Security Considerations",
        "Copyright",
        "Production Readiness Review Questionnaire",
        "Feature Enablement and Rollback",
        "Release Signoff Checklist",
        "Implementation History",
        "Test Plan",
        "Graduation Criteria",
        "Risks (Optional)",
        "Optional",
        "Drawbacks `x` [y](z)",
    ]);
    prop_oneof![3 => known, 1 => words(), 1 => asked()]
}

fn heading() -> impl Strategy<Value = String> {
    let marks = one_of(&["# ", "## ", "### ", "###### ", "#", "####### ", "   ## ", "> # ", "- ## ", "##\t"]);
    let end = one_of(&["\n", "\n\n", " ##\n", "\r\n", " {#x}\n", ""]);
    let hashed = (marks, title(), end).prop_map(|(marks, title, end)| [marks, title, end].concat());
    let lined = (title(), one_of(&["\n===\n", "\n---\n", "\n=\n\n", "\n  more\n----\n"]));
    let lined = lined.prop_map(|(title, line)| [title, line].concat());
    prop_oneof![4 => hashed, 1 => lined]
}

fn asked() -> impl Strategy<Value = String> {
    one_of(&[
        "How can this feature be enabled / disabled in a live cluster?",
        "Does enabling the feature change any default behavior?",
        "Can the feature be disabled once it has been enabled (i.e. can we roll back\n    the enablement)?",
        "Are there any tests for feature enablement/disablement?",
        "What specific metrics should inform a rollback?",
        "Is the rollout accompanied by any deprecations",
        "How does this feature react if the API server and/or etcd is unavailable? Well:",
    ])
}

fn question() -> impl Strategy<Value = String> {
    let frame = prop_oneof![
        Just(("- **", "**\n")),
        Just(("* **", "** ")),
        Just(("**", "**\n\n")),
        Just(("###### ", "\n\n")),
        Just(("- **", "\n")),
        Just(("1. **", "**:")),
        Just(("> **", "**\n"))
    ];
    let answer = one_of(&[
        "",
        "Yes.\n",
        "No\n",
        "N/A\n",
        "TBD\n",
        "TBD for beta\n",
        "  - Yes, it can.\n",
        "- [ ] Feature gate\n",
        "<!-- why -->\n",
        "- [x] Feature gate (also fill in values in `kep.yaml`)\n  - Feature gate name: BigLamps\n  - Components depending on the feature gate:\n    - kubelet\n    - `x`\n",
        "  - Metric name: lamps_total, `x`\n",
        "- [ ] Other\n  - Describe the mechanism:\n",
        "```\nYes\n",
        "No, since \u{a0}…\n",
    ]);
    (frame, asked(), answer).prop_map(|((open, close), asked, answer)| [open, &asked, close, &answer].concat())
}

fn list() -> impl Strategy<Value = String> {
    let mark = one_of(&[
        "- ", "  - ", "      - ", "* ", "+ ", "1. ", "10) ", "- [ ] ", "- [x] ", "- [✅] ", "-", "\t- ", "- - ", "> - ",
    ]);
    let item = (mark, joined(inline(), 0..3), one_of(&["\n", "\n\n", "\n  more\n", "\nlazy\n", "\r\n"]));
    joined(item.prop_map(|(mark, text, end)| [mark, text, end].concat()), 1..5)
}

fn fence() -> impl Strategy<Value = String> {
    let open = one_of(&[
        "```\n",
        "```yaml\n",
        "~~~ x\n",
        "````\n",
        "  ```\n",
        "- ```\n",
        "> ```\n",
        "``` a ``` b\n",
        "\t```\n",
    ]);
    let inside = one_of(&["", "# no\n", "<!-- no -->\n", "~~~\n", "a\n\n\nb\n", "```` \n"]);
    let close = one_of(&["```\n", "~~~\n", "  ```\t\n", " ````\n", "```x\n", ""]);
    (open, inside, close).prop_map(|(open, inside, close)| [open, inside, close].concat())
}

fn comment() -> impl Strategy<Value = String> {
    let open = one_of(&["<!--", "<!-- ", "a <!-- ", "- <!--\n", "\\<!--", "<!-", "`<!--`", "<!--\n\n\n\n"]);
    let inside =
        one_of(&["x", "# no\n", "```\n", "<!-- y ", "-", "é\n1\n2\r\n3\n4\n", "signoff: allow link-dead (known)", ""]);
    let close = one_of(&["-->\n", "--> b\n", "-->", "->\n", "--> # text\n", ""]);
    (open, inside, close).prop_map(|(open, inside, close)| [open, inside, close].concat())
}

fn contents() -> impl Strategy<Value = String> {
    let entry = one_of(&[
        "- [Summary](#summary)\n",
        "  - [Goals](#goals)\n",
        "- [`a` b](#a-b)\n",
        "* [X](#x)\n",
        "    - [Deep](#deep)\n",
        "\n",
        "- x\n",
        "- [Summary](#summary)\r\n",
        "- [é](#é)\n",
    ]);
    let open = one_of(&["<!-- toc -->\n", "# T\n\n<!-- toc -->\n", "<!-- TOC -->", "- <!-- toc -->\n"]);
    let close = one_of(&["<!-- /toc -->\n", "<!-- /toc -->\n\n## Summary\n", "", "<!--/toc-->"]);
    (open, joined(entry, 0..5), close).prop_map(|(open, entries, close)| [open, entries, close].concat())
}

fn inline() -> impl Strategy<Value = String> {
    let marked = one_of(&[
        "**bold** ",
        "*a* ",
        "`a` ",
        "``a ` b`` ",
        "[a](#summary) ",
        "[a](dead.md#x) ",
        "![i](i.png) ",
        "[a][b] ",
        "[a] ",
        "<b>x</b> ",
        "<https://x.io> ",
        "**open ",
        "`open ",
        "[open ",
        "\\* ",
        "a\\\n",
        "a  \n",
        "TODO ",
        "&lt; ",
        "~~x~~ ",
        "[^1] ",
        "[%zz](%zz%é) ",
        "[up](../../../../x) ",
        "<!-- c --> ",
    ]);
    prop_oneof![2 => words().prop_map(|word| word + " "), 2 => marked]
}
