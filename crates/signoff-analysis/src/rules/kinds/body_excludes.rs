//! `body-excludes`: the prose must not match `pattern`. Code, comments, raw HTML and addresses are
//! not prose.

use signoff_model::body::{BlockKind, Link};
use signoff_model::proposal::Prose;
use signoff_model::{Proposal, Span};

use super::{DeclaredRule, Look};
use crate::rules::Report;

/// Stands for each byte that is not prose: neither a space nor a part of a word.
const HIDDEN: u8 = 1;

pub(super) fn check(rule: &DeclaredRule<'_>, look: &Look<'_>, report: &mut Report<'_>) {
    let (Some(prose), Some(pattern)) = (&look.proposal.prose, &rule.pattern) else { return };
    let visible = look.visible.get_or_init(|| visible(prose));
    for found in pattern.find_iter(visible).filter(|found| !found.is_empty()) {
        let message =
            rule.message(found.as_str(), |value| format!("the text holds `{value}`, which does not belong there"));
        report.prose(look.proposal, found_span(look.proposal, found.range()), message);
    }
}

/// The place of a match without white space that it took along.
fn found_span(proposal: &Proposal, range: std::ops::Range<usize>) -> Span {
    let text = proposal.prose.as_ref().map_or("", |prose| &prose.source.text);
    let span = Span::from(range);
    let trimmed = span.of(text).trim();
    if trimmed.is_empty() { span } else { Span::of_slice(text, trimmed) }
}

/// The text with every byte that is not prose replaced, so that offsets stay. Lines stay, too.
fn visible(prose: &Prose) -> String {
    let text = &prose.source.text;
    let body = &prose.document.body;
    let mut bytes = text.as_bytes().to_vec();
    hide(&mut bytes, Span::new(0, body.start as usize));
    let no_prose = |kind| matches!(kind, BlockKind::Code | BlockKind::Indented | BlockKind::Html);
    let blocks = body.blocks.iter().filter(|block| no_prose(block.kind));
    let hidden =
        blocks.map(|block| block.span).chain(body.code_spans.iter().copied()).chain(body.comments.iter().copied());
    hidden.for_each(|span| hide(&mut bytes, span));
    body.links.iter().for_each(|link| hide(&mut bytes, target_of(text, link)));
    addresses(text).for_each(|span| hide(&mut bytes, span));
    // Whole characters were replaced, so this keeps every byte.
    String::from_utf8(bytes).unwrap_or_default()
}

fn hide(bytes: &mut [u8], span: Span) {
    for byte in bytes.get_mut(span.range()).into_iter().flatten() {
        if *byte != b'\n' {
            *byte = HIDDEN;
        }
    }
}

/// The part of a link that no reader sees: `](target)` or `][label]`.
fn target_of(text: &str, link: &Link) -> Span {
    let whole = link.span.of(text);
    let mark = if whole.ends_with(']') { "][" } else { "](" };
    let from = whole.rfind(mark).unwrap_or(whole.len());
    Span { start: link.span.start + Span::at(from).start, end: link.span.end }
}

/// Addresses and paths in words: from the scheme, or from `./` or `../` at a word's start, to its end.
fn addresses(text: &str) -> impl Iterator<Item = Span> {
    let address = |word: &'_ str| match word.find("://") {
        Some(at) => Some(word[..at].trim_end_matches(|c: char| c.is_ascii_alphanumeric()).len()),
        None if word.starts_with("./") || word.starts_with("../") => Some(0),
        None => None,
    };
    text.split_ascii_whitespace().filter_map(move |word| Some(Span::of_slice(text, &word[address(word)?..])))
}
