//! `section-missing`: a section that the process requires is not there.

use std::cell::OnceCell;

use signoff_model::{Corpus, Proposal, Severity, Span, wording};

use super::sections::{best, headings_in_code, is_late, needed_by};
use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "section-missing",
    severity: Severity::Warning,
    page: include_str!("section_missing.md"),
    looks_at: LooksAt::Prose,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let Some(prose) = &proposal.prose else { return };
    let prepared = &corpus.prepared;
    let in_code = OnceCell::new();
    let rules = &prepared.profile.section;
    let document = &prose.document;
    for (slot, rule) in rules.iter().enumerate() {
        if best(document, slot).is_some() || !report.requires(&rule.required, proposal) {
            continue;
        }
        let late = is_late(prepared, proposal, rule.since.as_deref());
        let since = rule.since.as_deref().filter(|_| late);
        let since = since.map(|since| format!(" (asked for since {since})")).unwrap_or_default();
        let message = format!("there is no section `{}`; {}{since}", rule.title, needed_by(corpus, proposal, rule));
        let above = rule.under.as_ref().and_then(|title| rules.iter().position(|rule| rule.title == *title));
        let place = above.and_then(|above| best(document, above)).map_or(Span::at(0), |above| above.section.heading);
        let found = report.prose(proposal, place, message).advice_if(late);
        if in_code.get_or_init(|| headings_in_code(&prose.source.text, &document.body)).contains(&wording::words(&rule.title)) {
            found.help("a line with this heading stands in a code block; is a fence above it left open?");
        }
    }
}
