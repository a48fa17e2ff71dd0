//! `toc-stale`: the table of contents and the headings disagree.

use signoff_model::{Corpus, Fix, Proposal, Severity, wording};

use super::contents::{self, Entry, Listed};
use super::sections::headings_in_code;
use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "toc-stale",
    severity: Severity::Warning,
    page: include_str!("toc_stale.md"),
    looks_at: LooksAt::Prose,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let profile = &corpus.prepared.profile;
    let Some(prose) = proposal.prose.as_ref().filter(|_| profile.body.contents) else { return };
    let (body, text) = (&prose.document.body, &*prose.source.text);
    let Some(marks) = body.contents else { return };
    let Some(inside) = marks.inside() else { return };
    let written = contents::written(body, text, inside);
    let listed = contents::listed(profile, body, text, &written);
    let Some((entry, difference)) = difference(&listed, &written) else { return };
    let line_end = if inside.of(text).contains("\r\n") { "\r\n" } else { "\n" };
    let lines = format!("{line_end}{}", contents::render(&listed, &written, text, line_end));
    // What lacks at the end lacks before the closing mark.
    let place = entry.map(|entry| entry.span).or(marks.close).unwrap_or(marks.open);
    let found = report.prose(proposal, place, format!("the table of contents is stale: {difference}"));
    let in_code = headings_in_code(text, body);
    if written.iter().any(|entry| in_code.contains(&wording::words(entry.text))) {
        found.help("a code fence above some of the headings is never closed, so they are code; close it first");
    } else {
        found.fix(Fix::replace("rewrite the table of contents", inside, lines));
    }
}

/// The first difference and its entry, or the one before which an entry lacks; `None` when table and
/// headings agree.
fn difference<'w, 't>(listed: &[Listed<'_>], written: &'w [Entry<'t>]) -> Option<(Option<&'w Entry<'t>>, String)> {
    let place = listed.iter().zip(written).position(|(listed, entry)| !listed.is(entry));
    let place = place.or_else(|| (listed.len() != written.len()).then(|| listed.len().min(written.len())))?;
    let rest = listed.get(place..).unwrap_or_default();
    let entry = written.get(place);
    let message = match (rest.first(), entry) {
        (Some(heading), Some(entry)) if rest.iter().any(|listed| listed.is(entry)) => lacks(heading),
        (Some(heading), Some(entry)) if heading.is_called(entry) => {
            let (text, wrong, right) = (entry.text, entry.anchor, &heading.section.anchor);
            format!("`{text}` leads to `#{wrong}`, and the heading is at `#{right}`")
        }
        (Some(heading), Some(entry)) => {
            format!("`{}` is listed where the heading is `{}`", entry.text, heading.section.title)
        }
        (Some(heading), None) => lacks(heading),
        (None, entry) => {
            let text = entry.map(|entry| entry.text).unwrap_or_default();
            format!("it lists `{text}`, and there is no such heading")
        }
    };
    Some((entry, message))
}

fn lacks(heading: &Listed<'_>) -> String {
    format!("it lacks `{}`", heading.section.title)
}
