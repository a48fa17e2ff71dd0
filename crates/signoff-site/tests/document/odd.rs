//! What is promised holds for odd texts: pieces of Markdown and HTML, whole and damaged, in any order.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestRunner};

use crate::allowed::check;
use crate::render;

const PIECES: &[&str] = &[
    "# a\n",
    "## a `b` <b>c</b>\n",
    "a\n===\n",
    "> ",
    "> [!NOTE]\n> a\n",
    "- ",
    "  - ",
    "1. ",
    "- [ ] a\n",
    "- [x] ",
    "    ",
    "\t",
    "\n",
    "\n\n",
    "a",
    " b ",
    "é",
    "*",
    "**",
    "_",
    "~~",
    "`",
    "``",
    "```\n",
    "```go\n",
    "~~~\n",
    "| a | b |\n",
    "|---|:-:|\n",
    "|",
    "[a](#a)",
    "[a](i.png)",
    "![a](i.png)",
    "![a](",
    "[",
    "](",
    ")",
    "[^1]",
    "[^1]: a\n",
    "\n[^2]: b\n\n    c\n",
    "[a]: b\n",
    "https://a.example/b",
    "www.a.example",
    "<https://a.example>",
    "<!-- a -->",
    "<!--",
    "-->",
    "<!-- toc -->\n- [a](#a)\n<!-- /toc -->\n",
    "<details>",
    "<details>\n<summary>a</summary>\n\n",
    "</details>",
    "</details>\n",
    "<summary>",
    "</summary>",
    "<div>",
    "<div>\n",
    "</div>",
    "<p>",
    "<p align=\"center\">",
    "</p>",
    "<b>",
    "</b>",
    "<a href=\"#a\">",
    "<a name=\"x\">",
    "</a>",
    "<code>",
    "</code>",
    "<pre>",
    "</pre>",
    "<table>",
    "<table>\n",
    "<tr>",
    "<td>",
    "<th>",
    "</td>",
    "</tr>",
    "</table>",
    "<tbody>",
    "<thead>",
    "<caption>",
    "<ul>",
    "<ol>",
    "<li>",
    "</li>",
    "</ul>",
    "<dl>",
    "<dt>",
    "<dd>",
    "<blockquote>",
    "</blockquote>",
    "<h2>",
    "</h2>",
    "<br>",
    "<hr>",
    "<img src=i.png>",
    "<img src=",
    "<sub>",
    "</sub>",
    "<figure>",
    "<figcaption>",
    "<center>",
    "<font>",
    "<name>",
    "<script>",
    "</script>",
    "<svg>",
    "<?a?>",
    "<?>",
    "<??>",
    "<!a>",
    "<![CDATA[",
    "]]>",
    "&lt;",
    "&nbsp;",
    "&#x41;",
    "&",
    "<",
    ">",
    "\"",
    "'",
    "\\",
    "\u{1}",
    "\u{2}",
    "\u{0}",
    "\r\n",
    "***\n",
    "---\n",
];

/// Tries the same texts in every run.
fn tried(cases: u32, texts: impl Strategy<Value = String>) {
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 2000,
        max_shrink_time: 0,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(0x5167_0FF5),
        verbose: 0,
        ..Config::default()
    };
    let tried = TestRunner::new(config).run(&texts, |text| {
        check(&render(&text), &text);
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn any_pieces_give_allowed_html() {
    tried(6000, proptest::collection::vec(select(PIECES), 0..24).prop_map(|pieces| pieces.concat()));
}

#[test]
fn any_tags_give_allowed_html() {
    let tags: Vec<&str> = PIECES.iter().copied().filter(|piece| piece.starts_with('<') || piece.len() < 3).collect();
    tried(6000, proptest::collection::vec(select(tags), 0..40).prop_map(|pieces| pieces.concat()));
}

#[test]
fn any_text_gives_allowed_html() {
    tried(3000, "\\PC{0,80}");
    tried(3000, "[-<>/a-c\"'=&;`~|#\\[\\]()!*_: \\n]{0,120}");
}
