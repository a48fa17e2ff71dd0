//! Raw HTML of authors: a few tags without behaviour are written anew, everything else loses its tags. What is opened
//! is closed, in its order, whatever the author wrote.

use std::fmt::Write as _;

use super::Target;
use crate::frame::escaped;

/// Tags that stand in a line.
const INLINE: [&str; 15] =
    ["b", "i", "em", "strong", "code", "kbd", "sub", "sup", "del", "ins", "s", "u", "small", "a", "span"];
/// Tags that hold blocks.
const BLOCKS: [&str; 14] =
    ["p", "div", "details", "summary", "table", "thead", "tbody", "tr", "td", "th", "ul", "ol", "li", "blockquote"];
/// Tags that stand in some others alone.
const INSIDE: [(&str, &[&str]); 7] = [
    ("li", &["ul", "ol"]),
    ("thead", &["table"]),
    ("tbody", &["table"]),
    ("tr", &["table", "thead", "tbody"]),
    ("td", &["tr"]),
    ("th", &["tr"]),
    ("summary", &["details"]),
];
/// Tags whose content is no text for readers.
const SILENT: [&str; 9] = ["script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math"];

/// The tags that are open.
#[derive(Debug, Default)]
pub(super) struct Raw {
    open: Vec<&'static str>,
    /// How many were open where each container of the document that is open began: what stands in it ends there.
    floors: Vec<usize>,
    /// A tag whose content is left out.
    silent: Option<&'static str>,
    /// Whether a link of Markdown is open.
    pub(super) is_in_link: bool,
}

/// A tag as it was written.
struct Written<'t> {
    name: String,
    is_end: bool,
    attributes: &'t str,
}

impl Raw {
    /// Writes a piece of raw HTML.
    pub(super) fn add(&mut self, html: &str, lead: &dyn Fn(&str) -> Target, out: &mut String) {
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            self.text(&rest[..at], out);
            rest = &rest[at..];
            match tag(rest) {
                Some((tag, behind)) => {
                    self.tag(&tag, lead, out);
                    rest = behind;
                }
                None => {
                    self.text("<", out);
                    rest = &rest[1..];
                }
            }
        }
        self.text(rest, out);
    }

    fn text(&self, text: &str, out: &mut String) {
        if self.silent.is_none() {
            // References are the author's own: what they stand for is text all the same.
            out.push_str(&escaped(text).replace("&amp;", "&"));
        }
    }

    fn tag(&mut self, tag: &Written<'_>, lead: &dyn Fn(&str) -> Target, out: &mut String) {
        if let Some(silent) = self.silent {
            if tag.is_end && tag.name == silent {
                self.silent = None;
            }
            return;
        }
        if let Some(silent) = SILENT.iter().find(|name| **name == tag.name) {
            self.silent = (!tag.is_end && !tag.attributes.ends_with('/')).then_some(*silent);
            return;
        }
        match tag.name.as_str() {
            "br" => out.push_str("<br>"),
            "hr" => out.push_str("<hr>"),
            "img" => image(tag.attributes, self.has_link(), lead, out),
            name => {
                let known = INLINE.iter().chain(&BLOCKS).find(|known| **known == name);
                match known {
                    Some(known) if tag.is_end => self.close(known, out),
                    Some(known) => self.begin(known, tag.attributes, lead, out),
                    None => {}
                }
            }
        }
    }

    fn begin(&mut self, name: &'static str, attributes: &str, lead: &dyn Fn(&str) -> Target, out: &mut String) {
        if self.open.get(self.floor()..).and_then(<[_]>::last) == Some(&name)
            && INSIDE.iter().any(|(own, _)| *own == name)
        {
            // An author may leave out what ends an item.
            self.close(name, out);
        }
        let parents = INSIDE.iter().find(|(own, _)| *own == name).map(|(_, parents)| *parents);
        let inside = self.open.get(self.floor()..).and_then(<[_]>::last);
        let is_in_place = parents.is_none_or(|parents| inside.is_some_and(|inside| parents.contains(inside)));
        if !is_in_place || (name == "a" && self.has_link()) {
            return;
        }
        let mut own = String::new();
        let id = attribute(attributes, "id").or_else(|| attribute(attributes, "name").filter(|_| name == "a"));
        if let Some(id) = id.filter(|id| !id.is_empty()) {
            let _ = write!(own, " id=\"d-a-{}\"", plain_id(&id));
        }
        if name == "a"
            && let Some(target) = attribute(attributes, "href")
        {
            match lead(&target) {
                Target::Local(href) => {
                    let _ = write!(own, " href=\"{}\"", escaped(&href));
                }
                Target::Outward(href) => {
                    let _ = write!(own, " href=\"{}\" rel=\"noopener noreferrer\"", escaped(&href));
                }
                Target::Dead | Target::Plain => {}
            }
        }
        let _ = write!(out, "<{name}{own}>");
        self.open.push(name);
    }

    /// Whether a link is open, in which no other may be.
    pub(super) fn has_link(&self) -> bool {
        self.is_in_link || self.open.contains(&"a")
    }

    fn floor(&self) -> usize {
        self.floors.last().copied().unwrap_or(0)
    }

    /// Closes the innermost tag of a name in this container, and all that is open inside it.
    fn close(&mut self, name: &str, out: &mut String) {
        let floor = self.floor();
        let Some(place) = self.open.iter().rposition(|open| *open == name).filter(|place| *place >= floor) else {
            return;
        };
        self.close_from(place, out);
    }

    fn close_from(&mut self, place: usize, out: &mut String) {
        for open in self.open.drain(place.min(self.open.len())..).rev() {
            let _ = write!(out, "</{open}>");
        }
    }

    /// A container of the document begins.
    pub(super) fn enter(&mut self) {
        self.floors.push(self.open.len());
    }

    /// The container ends, and with it what was opened in it.
    pub(super) fn leave(&mut self, out: &mut String) {
        let floor = self.floors.pop().unwrap_or(0);
        self.silent = None;
        self.close_from(floor, out);
    }

    /// Closes all that is open.
    pub(super) fn close_all(&mut self, out: &mut String) {
        self.close_from(0, out);
    }
}

/// The tag at the beginning of a text, and what stands behind it.
fn tag(text: &str) -> Option<(Written<'_>, &str)> {
    let inside = text.strip_prefix('<')?;
    let (is_end, inside) = inside.strip_prefix('/').map_or((false, inside), |inside| (true, inside));
    let length = inside.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-').unwrap_or(inside.len());
    if !inside.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        return None;
    }
    let name = inside[..length].to_ascii_lowercase();
    let mut quote = None;
    let end = inside[length..].char_indices().find(|(_, letter)| match quote {
        Some(open) => {
            if *letter == open {
                quote = None;
            }
            false
        }
        None => {
            if matches!(letter, '"' | '\'') {
                quote = Some(*letter);
            }
            *letter == '>'
        }
    });
    let (end, _) = end?;
    let attributes = &inside[length..length + end];
    Some((Written { name, is_end, attributes }, &inside[length + end + 1..]))
}

/// The value of an attribute, references resolved.
fn attribute(attributes: &str, name: &str) -> Option<String> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '/');
        if rest.is_empty() {
            return None;
        }
        let length =
            rest.find(|letter: char| letter.is_whitespace() || matches!(letter, '=' | '/')).unwrap_or(rest.len());
        let own = &rest[..length.max(1).min(rest.len())];
        if !own.is_char_boundary(own.len()) {
            return None;
        }
        let is_own = own.eq_ignore_ascii_case(name);
        rest = rest[own.len()..].trim_start();
        let Some(value) = rest.strip_prefix('=') else {
            if is_own {
                return Some(String::new());
            }
            continue;
        };
        let value = value.trim_start();
        let (text, behind) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        if is_own {
            return Some(unescaped(text));
        }
        rest = behind;
    }
}

/// A value whose references are resolved as far as they matter for an address.
fn unescaped(text: &str) -> String {
    text.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn image(attributes: &str, is_in_link: bool, lead: &dyn Fn(&str) -> Target, out: &mut String) {
    let words = attribute(attributes, "alt").unwrap_or_default();
    let Some(target) = attribute(attributes, "src") else { return };
    match lead(&target) {
        Target::Local(href) => {
            let _ = write!(out, "<img src=\"{}\" alt=\"{}\" loading=\"lazy\">", escaped(&href), escaped(&words));
        }
        Target::Outward(_) if is_in_link => out.push_str(&escaped(&words)),
        Target::Outward(href) => {
            let shown = if words.is_empty() { "image" } else { &words };
            let _ = write!(
                out,
                "<a href=\"{}\" rel=\"noopener noreferrer\">{} (image elsewhere)</a>",
                escaped(&href),
                escaped(shown)
            );
        }
        Target::Dead | Target::Plain => out.push_str(&escaped(&words)),
    }
}

/// A text as a part of an id.
pub(super) fn plain_id(text: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
    text.chars().take(100).map(|letter| if is_plain(letter) { letter } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead(target: &str) -> Target {
        if target.starts_with("https://") { Target::Outward(target.to_owned()) } else { Target::Dead }
    }

    #[test]
    fn what_authors_write_is_written_anew() {
        let cases = [
            ("<b>x</b>", "<b>x</b>"),
            ("<B CLASS=x onclick='y()'>x", "<b>x</b>"),
            ("a < b & c &amp; d", "a &lt; b & c &amp; d"),
            ("<script>x</script>y", "y"),
            ("<style>x</style>y", "y"),
            ("<p style=x>y</p>", "<p>y</p>"),
            ("<unknown>x</unknown>", "x"),
            ("</div>x", "x"),
            ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
            ("<li>a</li>", "a"),
            ("<td>a</td>", "a"),
            ("<table><tr><td>a<td>b</table>", "<table><tr><td>a</td><td>b</td></tr></table>"),
            (
                "<a href=https://x>a<a href=https://y>b</a></a>",
                "<a href=\"https://x\" rel=\"noopener noreferrer\">ab</a>",
            ),
            ("<a href=javascript:x name=y>a</a>", "<a id=\"d-a-y\">a</a>"),
            (
                "<img src=https://x alt='a\"b'>",
                "<a href=\"https://x\" rel=\"noopener noreferrer\">a&quot;b (image elsewhere)</a>",
            ),
            ("<img src=x onerror=y>", ""),
            ("<details><summary>a</summary>b", "<details><summary>a</summary>b</details>"),
            ("<", "&lt;"),
            ("<b", "&lt;b"),
            ("<b x='>'>y</b>", "<b>y</b>"),
        ];
        for (html, expected) in cases {
            let (mut raw, mut out) = (Raw::default(), String::new());
            raw.add(html, &lead, &mut out);
            raw.close_all(&mut out);
            assert_eq!(out, expected, "{html}");
        }
    }

    #[test]
    fn what_is_opened_in_a_container_ends_with_it() {
        let (mut raw, mut out) = (Raw::default(), String::new());
        raw.add("<div>", &lead, &mut out);
        raw.enter();
        raw.add("<details></div>x", &lead, &mut out);
        raw.leave(&mut out);
        raw.add("</div>", &lead, &mut out);
        assert_eq!(out, "<div><details>x</details></div>");
    }
}
