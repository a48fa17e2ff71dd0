//! What a reader sees.

use signoff_site::document::Script;

use crate::allowed::check;
use crate::{render, render_with};

/// Each text with the HTML that becomes of it.
const SHOWN: &[(&str, &str)] = &[
    ("a *b* **c** ~~d~~ `e<f>`\n", "<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>e&lt;f&gt;</code></p>\n"),
    ("a  \nb\\\nc\nd", "<p>a<br>\nb<br>\nc\nd</p>\n"),
    ("- a\n- b\n", "<ul><li>a</li>\n<li>b</li>\n</ul>\n"),
    ("3. a\n\n4. b\n", "<ol start=\"3\"><li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ol>\n"),
    (
        "- [x] a `b`\n- [ ] c\n  - d\n",
        "<ul><li class=\"task\"><label><input type=\"checkbox\" disabled checked> a <code>b</code></label></li>\n\
         <li class=\"task\"><label><input type=\"checkbox\" disabled> c</label><ul><li>d</li>\n</ul>\n</li>\n</ul>\n",
    ),
    (
        "| a | |\n|:-:|--:|\n| b | c |\n",
        "<div class=\"scrolls\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table><thead><tr>\
         <th scope=\"col\" class=\"center\">a</th><td class=\"right\"></td></tr></thead>\
         <tbody><tr><td class=\"center\">b</td><td class=\"right\">c</td></tr></tbody></table></div>\n",
    ),
    (
        "> [!WARNING]\n> a\n",
        "<div class=\"alert warning\" role=\"note\"><p class=\"alert-title\">Warning</p>\n<p>a</p>\n</div>\n",
    ),
    (
        "> a\n> ```\n> b\n> ```\n> c\n",
        "<blockquote><p>a</p>\n<pre tabindex=\"0\"><code>b\n</code></pre>\n<p>c</p>\n</blockquote>\n",
    ),
    (
        "a[^x] b[^y]\n\n[^y]: two\n[^x]: one\n",
        "<p>a<sup id=\"d-note-1-from\"><a href=\"#d-note-1\" aria-label=\"Footnote 1\">1</a></sup> \
         b<sup id=\"d-note-2-from\"><a href=\"#d-note-2\" aria-label=\"Footnote 2\">2</a></sup></p>\n\
         <ol class=\"footnotes\">\n\
         <li id=\"d-note-1\"><p>one</p> <a href=\"#d-note-1-from\" aria-label=\"Back to the text\">\u{21a9}</a></li>\n\
         <li id=\"d-note-2\"><p>two</p> <a href=\"#d-note-2-from\" aria-label=\"Back to the text\">\u{21a9}</a></li>\n\
         </ol>\n",
    ),
    (
        "see https://a.example/b_c_d. (www.b.example)\n",
        "<p>see <a href=\"https://a.example/b_c_d\">https://a.example/b_c_d</a>. \
         (<a href=\"https://www.b.example\">www.b.example</a>)</p>\n",
    ),
    ("a <!-- b --> c\n<!--\nd\n-->\ne\n", "<p>a            c</p>\n<p>e</p>\n"),
    ("a <-- b <!-- c\n", "<p>a &lt;-- b &lt;!-- c</p>\n"),
    ("see <name> and <your-thing>\n", "<p>see &lt;name&gt; and &lt;your-thing&gt;</p>\n"),
    ("H<sub>2</sub>O<br/>x<sup>2</sup>&nbsp;&amp;\n", "<p>H<sub>2</sub>O<br>x<sup>2</sup>\u{a0}&amp;</p>\n"),
    (
        "<details>\n<summary>a <b>b</b></summary>\n\n- c\n\n</details>\n\nd\n",
        "<details>\n<summary>a <b>b</b></summary>\n<ul><li>c</li>\n</ul>\n</details>\n<p>d</p>\n",
    ),
    (
        "## [b](https://b.example)\n\n- [x] c\n  ---\n",
        "<h2 id=\"d-b\"><a href=\"https://b.example\">b</a> \
         <a href=\"#d-b\" aria-label=\"Link to b\">#</a></h2>\n<ul><li class=\"task\"><label>\
         <input type=\"checkbox\" disabled checked> c</label><h2 id=\"d-c\"> \
         <a href=\"#d-c\" aria-label=\"Link to c\">#</a></h2>\n</li>\n</ul>\n",
    ),
    ("<details>\n\na\n\n# b\n", "<details>\n</details>\n<p>a</p>\n<h2 id=\"d-b\"><a href=\"#d-b\">b</a></h2>\n"),
    (
        "<table><tr><td>a<td>b\n\n```\nc\n```\n\n</table>\n",
        "<table><tbody><tr><td>a</td><td>b\n<pre tabindex=\"0\"><code>c\n</code></pre>\n</td></tr></tbody></table>\n",
    ),
    ("<h3 align=\"center\">a</h3>\n", "<p class=\"center\">a</p>\n"),
    (
        "a <a name=\"x\"></a>[b](#x) [c](#nothing)\n",
        "<p>a <a id=\"d-x\"></a><a href=\"#d-x\">b</a> \
         <a class=\"dead\" title=\"Leads nowhere: nothing here is called nothing\">c</a></p>\n",
    ),
    (
        "1. a\n\n       ```yaml\n       b: c\n       ```\n",
        "<ol><li><p>a</p>\n<pre tabindex=\"0\"><code><span class=\"a\">b</span>: c\n</code></pre>\n</li>\n</ol>\n",
    ),
    ("a\n```\nb\n```\n", "<p>a</p>\n<pre tabindex=\"0\"><code>b\n</code></pre>\n"),
    (
        "- a\n  ```\n  b\n  ```\n- c\n",
        "<ul><li>a<pre tabindex=\"0\"><code>b\n</code></pre>\n</li>\n<li>c</li>\n</ul>\n",
    ),
    ("    a <b>\n", "<pre tabindex=\"0\"><code>a &lt;b&gt;\n</code></pre>\n"),
];

#[test]
fn texts_are_shown() {
    for (text, expected) in SHOWN {
        let rendered = render(text);
        assert_eq!(rendered.html, *expected, "{text:?}");
        check(&rendered, text);
    }
}

/// The target of a link, and what becomes of its attributes.
#[test]
fn links_lead_to_the_site() {
    let out = |address: &str| format!("href=\"{address}\"");
    let own = "https://github.com/kubernetes/enhancements";
    let cases = [
        ("/keps/sig-a/2-y".to_owned(), "href=\"../proposals/2.html\"".to_owned()),
        ("../2-y/README.md#Goals".to_owned(), "href=\"../proposals/2.html#d-goals\"".to_owned()),
        (format!("{own}/tree/master/keps/sig-a/2-y/"), "href=\"../proposals/2.html\"".to_owned()),
        (
            "https://git.k8s.io/enhancements/keps/sig-a/2-y/README.md".to_owned(),
            "href=\"../proposals/2.html\"".to_owned(),
        ),
        ("kep.yaml".to_owned(), "href=\"../source/1/kep.yaml.html\"".to_owned()),
        ("./README.md#a".to_owned(), "href=\"#d-a\"".to_owned()),
        ("pictures/a%20b.png".to_owned(), "href=\"../files/keps/sig-a/1-x/pictures/a%20b.png\"".to_owned()),
        ("/OWNERS#L12".to_owned(), out("https://forge.example/blob/1/OWNERS#L12")),
        (format!("{own}/blob/master/keps/unread"), out(&format!("{own}/blob/master/keps/unread"))),
        ("gone.md".to_owned(), "class=\"dead\" title=\"Leads nowhere: there is no keps/sig-a/1-x/gone.md\"".to_owned()),
        ("../../../../x".to_owned(), "class=\"dead\" title=\"Leads nowhere: leads out of the repository\"".to_owned()),
        ("mailto:a@b.example".to_owned(), out("mailto:a@b.example")),
    ];
    for (target, attributes) in cases {
        let html = render(&format!("[l]({target})\n\n# a\n")).html;
        assert!(html.starts_with(&format!("<p><a {attributes}>l</a></p>")), "{target}: {html}");
    }
}

#[test]
fn images_are_the_repositorys_own() {
    let i = "../files/keps/sig-a/1-x/i";
    let cases = [
        ("![a](i.png \"t\")", format!("<img src=\"{i}.png\" alt=\"a\" title=\"t\" loading=\"lazy\">"), 1),
        (
            "x <img src=\"i.svg\" width=\"90%\" height=20>",
            format!("x <img src=\"{i}.svg\" alt=\"\" height=\"20\" loading=\"lazy\">"),
            1,
        ),
        (
            "![a](https://raw.githubusercontent.com/kubernetes/enhancements/master/keps/sig-a/1-x/i.png?raw=true)",
            format!("<img src=\"{i}.png\" alt=\"a\" loading=\"lazy\">"),
            1,
        ),
        ("![](https://x.example/b.png)", "<a class=\"image\" href=\"https://x.example/b.png\">b.png</a>".to_owned(), 0),
        (
            "![a](gone.png)",
            "<a class=\"image dead\" title=\"Leads nowhere: there is no keps/sig-a/1-x/gone.png\">a</a>".to_owned(),
            0,
        ),
        ("![a](kep.yaml)", "<a class=\"image\" href=\"../source/1/kep.yaml.html\">a</a>".to_owned(), 0),
        ("[![a](https://x.example/b.png)](#)", "<a href=\"#\">a</a>".to_owned(), 0),
    ];
    for (text, expected, images) in cases {
        let rendered = render(text);
        assert_eq!(rendered.html.trim_end(), format!("<p>{expected}</p>"), "{text}");
        assert_eq!(rendered.images.len(), images, "{text}");
    }
}

#[test]
fn contents_have_no_gaps_and_no_title() {
    let text = "# T `x`\n\n## Table of Contents\n\n<!-- toc -->\n- [A](#a)\n<!-- /toc -->\n\n## A\n#### B & <c>\n### A\n## A\n";
    let rendered = render(text);
    let found: Vec<(u8, &str, &str, usize)> =
        rendered.contents.iter().map(|own| (own.depth, &*own.text, &*own.id, own.line)).collect();
    let expected = [(1, "A", "d-a", 9), (2, "B & <c>", "d-b-", 10), (2, "A", "d-a-1", 11), (1, "A", "d-a-2", 12)];
    assert_eq!(found, expected);
    assert_eq!(rendered.title, Some(0));
    assert!(!rendered.html.contains("Contents") && rendered.html.contains("<h2 id=\"d-t-x\""), "{}", rendered.html);
}

#[test]
fn answers_have_ids_that_stay() {
    let text = "## How?\n\nYes.\n\n- **Why?** So.\n- **Who?**\n";
    let why = u32::try_from(text.find("- **Why").expect("a question")).expect("a small text");
    let html = render_with(text, &[(0, "how"), (why, "why")]).html;
    assert!(html.contains("<span id=\"answer-how\"></span>How?"), "{html}");
    assert!(html.contains("<li><span id=\"answer-why\"></span><strong>Why?</strong> So.</li>"), "{html}");
}

#[test]
fn blocks_know_their_lines() {
    let text = "# A\n\nb\nc\n\n- d\n\n  e\n\n<!-- f -->\n\n```\ng\n```\n<details>\n\nh\n\n</details>\n\ni\n";
    let rendered = render(text);
    let lines: Vec<_> = rendered.blocks.iter().map(|block| (block.first_line, block.last_line)).collect();
    assert_eq!(lines, [(1, 1), (3, 4), (6, 8), (12, 14), (15, 19), (21, 21)]);
}

#[test]
fn diagrams_need_their_library() {
    let rendered = render("```mermaid\ngraph TD; A-->B\n```\n");
    assert_eq!(rendered.scripts, [Script::Mermaid]);
    let start = "<pre class=\"mermaid\" data-diagram=\"mermaid\" tabindex=\"0\">graph TD; A--&gt;B\n</pre>";
    assert!(rendered.html.starts_with(start));
    assert!(render("```go\nx\n```\n").scripts.is_empty());
}
