//! `section-order`: the sections of level 2 stand in the order of `values`. Others may stand anywhere.
//!
//! One finding per proposal, at the first section that stands too late.

use signoff_model::Span;

use super::{DeclaredRule, Look};
use crate::rules::Report;

const LEVEL: u8 = 2;

pub(super) fn check(rule: &DeclaredRule<'_>, look: &Look<'_>, report: &mut Report<'_>) {
    let Some(document) = look.proposal.document() else { return };
    let mut furthest: Option<(usize, &str)> = None;
    for section in document.body.sections.iter().filter(|section| section.level == LEVEL) {
        let Some(place) = rule.places.get(&*section.words).copied() else { continue };
        match furthest {
            Some((before, title)) if place < before => {
                let own = |value: &str| format!("section `{value}` belongs before `{title}`");
                report.prose(look.proposal, heading_line(look, section.heading), rule.message(&section.title, own));
                return;
            }
            _ => furthest = Some((place, &section.title)),
        }
    }
}

/// A heading without the line break that ends it.
fn heading_line(look: &Look<'_>, heading: Span) -> Span {
    let text = look.proposal.prose.as_ref().map_or("", |prose| &prose.source.text);
    Span::of_slice(text, heading.of(text).trim_end())
}
