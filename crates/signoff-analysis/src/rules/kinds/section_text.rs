//! `section-text`: `section` says exactly `text`.
//!
//! White space, comments, and the definitions of links and footnotes that close many documents do
//! not count; a link by label (`[a][b]`) is the same as one with its target (`[a](target)`).

use signoff_model::{Body, Span};

use super::{DeclaredRule, Look};
use crate::rules::Report;

pub(super) fn check(rule: &DeclaredRule<'_>, look: &Look<'_>, report: &mut Report<'_>) {
    let (Some(prose), Some(title), Some(wanted)) =
        (&look.proposal.prose, &rule.declaration.section, &rule.declaration.text)
    else {
        return;
    };
    let (text, body) = (&prose.source.text, &prose.document.body);
    let Some(section) = body.sections.iter().find(|section| rule.places.contains_key(&*section.words)) else { return };
    let says = with_targets(text, body, own_lines(text, section.content));
    if says.split_whitespace().eq(wanted.split_whitespace()) {
        return;
    }
    let written = own_lines(text, section.content).of(text).trim();
    let span = if written.is_empty() { section.heading.of(text).trim_end() } else { written };
    let message = rule.message(written, |_| format!("section `{}` must say exactly: {wanted}", title));
    report.prose(look.proposal, Span::of_slice(text, span), message);
}

/// The section up to the first definition of a link or footnote (`[label]: ...`).
fn own_lines(text: &str, content: Span) -> Span {
    let mut end = content.start;
    for line in content.of(text).split_inclusive('\n') {
        if line.starts_with('[') && line.contains("]:") {
            break;
        }
        end += Span::at(line.len()).start;
    }
    Span { start: content.start, end }
}

/// The text of a span without comments, with every link's target in place of its label.
fn with_targets(text: &str, body: &Body, span: Span) -> String {
    let mut says = String::new();
    let mut from = span.start;
    for link in body.links.iter().filter(|link| span.contains(link.span)) {
        let whole = link.span.of(text);
        if link.span.start < from || !whole.ends_with(']') {
            continue;
        }
        let shown = whole.find(']').map_or(whole, |end| &whole[..=end]);
        says.push_str(&body.without_comments(text, Span { start: from, end: link.span.start }));
        says.push_str(&format!("{shown}({})", link.target));
        // Of a link `[a][]` the parser's span holds `[a]` only.
        let empty = text[link.span.end as usize..].starts_with("[]");
        from = link.span.end + if empty { 2 } else { 0 };
    }
    says.push_str(&body.without_comments(text, Span { start: from, end: span.end }));
    says
}
