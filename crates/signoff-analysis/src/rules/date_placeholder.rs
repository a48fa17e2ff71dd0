//! `date-placeholder`: a date that is not filled in.

use signoff_model::profile::{Field, FieldKind};
use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "date-placeholder",
    severity: Severity::Warning,
    page: include_str!("date_placeholder.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    for (name, field) in prepared.profile.fields.iter().filter(|(_, field)| field.kind == FieldKind::Date) {
        let Some(pair) = proposal.field(prepared, name) else { continue };
        let Some(written) = pair.node.text() else { continue };
        if is_placeholder(field, written) {
            report
                .metadata(proposal, pair.node.span, format!("`{name}` is not filled in: `{written}`"))
                .help("write the day as YYYY-MM-DD");
        }
    }
}

/// Letters in the place of figures, or a word for "later".
pub(super) fn is_placeholder(field: &Field, text: &str) -> bool {
    let word = text.trim().trim_start_matches('<').trim_end_matches('>');
    let letters = word.bytes().all(|byte| matches!(byte.to_ascii_lowercase(), b'y' | b'm' | b'd' | b'-' | b'/' | b'x'));
    field.placeholders.iter().any(|placeholder| placeholder.eq_ignore_ascii_case(word))
        || (letters && !word.is_empty())
        || ["TBD", "TODO", "N/A"].iter().any(|later| later.eq_ignore_ascii_case(word))
}
