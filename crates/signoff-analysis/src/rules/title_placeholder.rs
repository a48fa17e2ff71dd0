//! `title-placeholder`: the title is still the template's.

use signoff_model::profile::Meaning;
use signoff_model::{Corpus, Proposal, Severity, wording};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "title-placeholder",
    severity: Severity::Warning,
    page: include_str!("title_placeholder.md"),
    looks_at: LooksAt::Prose,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    metadata_title(corpus, proposal, report);
    let Some(prose) = proposal.prose.as_ref().filter(|_| corpus.prepared.profile.body.title) else { return };
    let Some(title) = prose.document.body.title() else { return };
    let right = "write the proposal's own number and title";
    if is_placeholder(corpus, &title.title) {
        let message = format!("the title is still the template's: `{}`; {right}", title.title);
        report.prose(proposal, title.heading, message);
    } else if let Some(number) = number_placeholder(corpus, &title.title) {
        let place = super::date_invalid::inside(&prose.source.text, title.heading, number);
        report.prose(proposal, place, number_message(proposal, number));
    }
}

fn number_message(proposal: &Proposal, placeholder: &str) -> String {
    let own = proposal.number.as_deref().or(proposal.path_number.as_deref()).unwrap_or("its number");
    format!("the title has `{placeholder}` where the proposal's number belongs: {own}")
}

fn metadata_title(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let Some(pair) = proposal.meant(&corpus.prepared, Meaning::Title) else { return };
    let Some(text) = pair.node.text() else { return };
    let field = corpus.prepared.field_named(Meaning::Title).and_then(|name| corpus.prepared.profile.fields.get(name));
    let declared = field.is_some_and(|field| field.placeholders.iter().any(|text_of| same(text_of, text)));
    if declared || is_placeholder(corpus, text) {
        report.metadata(proposal, pair.node.span, format!("the title is still the template's: `{}`", text.trim()));
    } else if let Some(number) = number_placeholder(corpus, text) {
        let place = super::date_invalid::inside(&proposal.source.text, pair.node.span, number);
        report.metadata(proposal, place, number_message(proposal, number));
    }
}

/// Whether a title is one of the template's.
pub(super) fn is_placeholder(corpus: &Corpus, title: &str) -> bool {
    corpus.prepared.profile.template.placeholder_titles.iter().any(|placeholder| same(placeholder, title))
}

/// What stands in a title for the number that its author did not fill in.
fn number_placeholder<'t>(corpus: &Corpus, title: &'t str) -> Option<&'t str> {
    let fields = &corpus.prepared.profile.fields;
    let number = fields.get(corpus.prepared.field_named(Meaning::Number)?)?;
    let mut words = title.split(|c: char| !c.is_alphanumeric());
    words.find(|word| number.placeholders.iter().any(|placeholder| placeholder == word))
}

fn same(left: &str, right: &str) -> bool {
    first_letters(left).eq(first_letters(right)) && wording::words(left) == wording::words(right)
}

/// Enough to tell most titles apart.
fn first_letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|character| character.is_alphanumeric()).take(12).flat_map(char::to_lowercase)
}
