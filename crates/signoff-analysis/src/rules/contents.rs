//! Tables of contents: what one should list, and what one lists.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::fmt::Write as _;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use signoff_model::body::{Body, Section};
use signoff_model::profile::Profile;
use signoff_model::{Span, wording};

/// A line of a table of contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry<'t> {
    /// The text of the link, markup included.
    pub(super) text: &'t str,
    /// The anchor, without `#`.
    pub(super) anchor: &'t str,
    /// Where the link stands.
    pub(super) span: Span,
}

/// A heading that belongs into the table.
pub(super) struct Listed<'b> {
    /// The heading.
    pub(super) section: &'b Section,
    /// The anchor it would have if the table were the start of the document: the usual generator
    /// numbers equal headings from there, the forge from the document's start.
    pub(super) anchor_below: Cow<'b, str>,
}

impl Listed<'_> {
    /// Whether an entry stands for this heading.
    pub(super) fn is(&self, entry: &Entry<'_>) -> bool {
        (*entry.anchor == *self.section.anchor || entry.anchor == self.anchor_below) && self.is_called(entry)
    }

    /// Whether an entry has the words of this heading, wherever it leads.
    pub(super) fn is_called(&self, entry: &Entry<'_>) -> bool {
        *entry.text == *self.section.title || wording::words(&plain(entry.text)) == wording::words(&self.section.title)
    }
}

/// The headings that belong into the table: those behind it, down to the profile's level.
///
/// The title, and headings inside lists and quotes or behind white space, which the usual generator
/// passes over, belong into it only when the table lists them.
pub(super) fn listed<'b>(profile: &Profile, body: &'b Body, text: &str, written: &[Entry<'_>]) -> Vec<Listed<'b>> {
    let from = body.contents.map_or(0, |contents| contents.close.unwrap_or(contents.open).end);
    let title = body.title().map(|title| title.heading);
    // Few headings are listed only where an entry leads to them.
    let known = LazyCell::new(|| written.iter().map(|entry| entry.anchor).collect::<FxHashSet<&str>>());
    let mut seen: FxHashMap<&str, usize> = FxHashMap::with_capacity_and_hasher(body.sections.len(), FxBuildHasher);
    let mut found = Vec::new();
    for section in body.sections.iter().filter(|section| section.heading.start >= from) {
        let starts_line = text[..section.heading.start as usize].ends_with('\n') || section.heading.start == 0;
        let optional = Some(section.heading) == title || !starts_line;
        if section.level > profile.body.contents_level || (optional && !known.contains(&*section.anchor)) {
            continue;
        }
        let anchor = section.plain_anchor();
        let count = seen.entry(anchor).or_default();
        let anchor_below = if *count == 0 { Cow::Borrowed(anchor) } else { Cow::Owned(format!("{anchor}-{count}")) };
        *count += 1;
        found.push(Listed { section, anchor_below });
    }
    found
}

/// The entries that stand in the table now.
pub(super) fn written<'t>(body: &'t Body, text: &'t str, inside: Span) -> Vec<Entry<'t>> {
    let first = body.links.partition_point(|link| link.span.start < inside.start);
    let links = body.links[first..].iter().take_while(|link| link.span.start < inside.end).filter(|link| !link.image);
    links
        .filter_map(|link| {
            let raw = link.span.of(text);
            let end = memchr::memrchr_iter(b']', raw.as_bytes()).find(|at| raw.as_bytes().get(at + 1) == Some(&b'('));
            let title = end.map_or(raw, |end| &raw[..end]);
            Some(Entry {
                text: title.strip_prefix('[').unwrap_or(title),
                anchor: link.target.strip_prefix('#')?,
                span: link.span,
            })
        })
        .collect()
}

/// The lines of a table of contents, two spaces for each level below the top.
///
/// A heading that the table lists already keeps its entry as it is.
pub(super) fn render(listed: &[Listed<'_>], written: &[Entry<'_>], text: &str, line_end: &str) -> String {
    let top = listed.iter().map(|listed| listed.section.level).min().unwrap_or(1);
    let old: FxHashMap<&str, &Entry<'_>> = written.iter().map(|entry| (entry.anchor, entry)).collect();
    let mut lines = String::new();
    for listed in listed {
        let indent = "  ".repeat(usize::from(listed.section.level - top));
        let by_anchor = |anchor: &str| old.get(anchor).filter(|entry| listed.is(entry));
        let (title, anchor) = match by_anchor(&listed.section.anchor).or_else(|| by_anchor(&listed.anchor_below)) {
            Some(entry) => (entry.text.to_owned(), entry.anchor),
            None => (link_text(listed.section, text), &*listed.section.anchor),
        };
        let _ = write!(lines, "{indent}- [{title}](#{anchor}){line_end}");
    }
    lines
}

/// A heading as the text of a link: code in `<code>`, and what would be markup as entities.
fn link_text(section: &Section, text: &str) -> String {
    let raw = section.heading.of(text).trim().trim_start_matches('#').trim();
    // Other markup is dropped: there the parsed title is all that is used.
    if raw.replace('`', "") != *section.title || raw.matches('`').count() % 2 == 1 || raw.contains("``") {
        return escaped(&section.title);
    }
    let mut found = String::with_capacity(raw.len());
    for (index, part) in raw.split('`').enumerate() {
        let part = escaped(part);
        if index % 2 == 1 {
            let _ = write!(found, "<code>{part}</code>");
        } else {
            found.push_str(&part);
        }
    }
    found
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The text of a link without tags and entities.
fn plain(text: &str) -> String {
    let mut found = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        found.push_str(&rest[..at]);
        let is_tag = rest[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        match rest[at..].find('>').filter(|_| is_tag) {
            Some(end) => rest = &rest[at + end + 1..],
            None => {
                found.push('<');
                rest = &rest[at + 1..];
            }
        }
    }
    found.push_str(rest);
    if !found.contains('&') {
        return found;
    }
    found.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use signoff_model::body;

    use super::*;

    fn rewritten(text: &str) -> String {
        let mut profile = Profile::default();
        profile.body.contents_level = 5;
        let body = body::parse(text, 0);
        let inside = body.contents.and_then(|contents| contents.inside()).expect("both marks");
        let written = written(&body, text, inside);
        let listed = listed(&profile, &body, text, &written);
        format!(
            "{}\n{}{}",
            &text[..inside.start as usize],
            render(&listed, &written, text, "\n"),
            &text[inside.end as usize..]
        )
    }

    #[test]
    fn a_rewritten_table_lists_the_headings() {
        let head = "# T\n<!-- toc -->\n";
        let cases = [
            ("- [Old](#old)\n", "## A\n#### B\n###### C\n", "- [A](#a)\n    - [B](#b)\n"),
            (
                "",
                "## `a` & \"b\"\n## A -> B\n",
                "- [<code>a</code> &amp; &quot;b&quot;](#a--b)\n- [A -&gt; B](#a---b)\n",
            ),
            ("- [a *is* it](#a-is-it)\n", "## a *is* it\n## T\n", "- [a *is* it](#a-is-it)\n- [T](#t-1)\n"),
            ("", "- ## in a list\n\n ## behind a space\n", ""),
            ("", "```\n## in code\n```\n<!--\n## in a comment\n-->\n## A\n## A\n", "- [A](#a)\n- [A](#a-1)\n"),
        ];
        for (old, below, expected) in cases {
            let once = rewritten(&format!("{head}{old}<!-- /toc -->\n{below}"));
            assert_eq!(once, format!("{head}{expected}<!-- /toc -->\n{below}"), "{below:?}");
            assert_eq!(rewritten(&once), once, "a second time");
        }
    }

    #[test]
    fn entries_are_read_without_markup() {
        let cases = [
            ("<code>a</code> -&gt; b", "a -> b"),
            ("List&lt;T&gt; &amp; x < y", "List<T> & x < y"),
            ("(<a href=\"https://x\">J</a>)", "(J)"),
        ];
        for (text, expected) in cases {
            assert_eq!(plain(text), expected);
        }
    }
}
