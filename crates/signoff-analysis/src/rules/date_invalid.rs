//! `date-invalid`: a date that is none, or not written as YYYY-MM-DD.

use signoff_model::profile::{FieldKind, Required};
use signoff_model::{Corpus, Fix, Proposal, Severity, Span};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "date-invalid",
    severity: Severity::Error,
    page: include_str!("date_invalid.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    for (name, field) in prepared.profile.fields.iter().filter(|(_, field)| field.kind == FieldKind::Date) {
        let Some(pair) = proposal.field(prepared, name) else { continue };
        let Some(written) = pair.node.text().filter(|text| !text.trim().is_empty()) else { continue };
        if is_date(written) || super::date_placeholder::is_placeholder(field, written) {
            continue;
        }
        match mended(written) {
            Some(date) => {
                let place = inside(&proposal.source.text, pair.node.span, written);
                let message = format!("`{name}` must be written `{date}`");
                let found = report.metadata(proposal, pair.node.span, message);
                found.severity(Severity::Warning).fix(Fix::replace(format!("write `{date}`"), place, date));
            }
            None => {
                let message = format!("`{written}` is no date; `{name}` must be a day of the calendar, as YYYY-MM-DD");
                let found = report.metadata(proposal, pair.node.span, message);
                // Old tools write a release into such a field, and nobody has to fill it in.
                if field.required == Required::Always(false) {
                    found.severity(Severity::Warning);
                }
            }
        }
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() })
        && text.parse::<jiff::civil::Date>().is_ok()
}

/// The date in full, when only zeros are missing.
fn mended(text: &str) -> Option<String> {
    let mut parts = text.trim().split('-');
    let number = |part: Option<&str>, digits: usize| {
        part.filter(|part| !part.is_empty() && part.len() <= digits).and_then(|part| part.parse::<i16>().ok())
    };
    let (year, month, day) = (number(parts.next(), 4)?, number(parts.next(), 2)?, number(parts.next(), 2)?);
    let plausible = parts.next().is_none() && (1990..2100).contains(&year);
    let date = jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    plausible.then(|| date.to_string())
}

/// The place of a scalar's text without its quotes.
pub(super) fn inside(source: &str, span: Span, text: &str) -> Span {
    match span.of(source).find(text) {
        Some(at) => Span::new(span.start as usize + at, span.start as usize + at + text.len()),
        None => span,
    }
}
