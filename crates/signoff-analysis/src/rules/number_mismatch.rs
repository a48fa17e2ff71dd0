//! `number-mismatch`: the number in the metadata, in the name and in the titles is not the same.

use signoff_model::profile::{Meaning, StatusClass, Unit};
use signoff_model::proposal::{FileFault, same_number};
use signoff_model::{Corpus, Proposal, Severity, Span};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "number-mismatch",
    severity: Severity::Error,
    page: include_str!("number_mismatch.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    metadata(corpus, proposal, report);
    name(corpus, proposal, report);
    titles(corpus, proposal, report);
}

/// The number of the metadata is that of the name.
fn metadata(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let Some(pair) = proposal.meant(&corpus.prepared, Meaning::Number) else { return };
    let (Some(written), Some(in_name)) = (pair.node.text(), &proposal.path_number) else { return };
    if is_number(written) && !same_number(written, in_name) {
        let message = format!("`{}` is {written}, but the name says {in_name}", pair.key);
        let help = "the number of the issue is right; correct the other";
        report.metadata(proposal, pair.node.span, message).help(help);
    }
}

/// The name has a number at all.
fn name(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let layout = &prepared.profile.layout;
    let unread = proposal.file_faults.iter().any(|fault| matches!(fault, FileFault::MetadataMissing(None)));
    if proposal.path_number.is_some() || layout.unit != Unit::Folder || unread {
        return;
    }
    let number = prepared.field_named(Meaning::Number).and_then(|name| prepared.profile.fields.get(name));
    let words = proposal.name.split(['-', '_']);
    let is_placeholder =
        words.into_iter().any(|word| number.is_some_and(|number| number.placeholders.iter().any(|own| own == word)));
    let own = proposal.number.as_deref().filter(|own| is_number(own)).unwrap_or("1234");
    let right = layout.name.replace("{number}", own).replace("{slug}", "short-name");
    let message = match is_placeholder {
        true => format!(
            "the folder `{}` still has the template's letters where the number belongs: `{right}`",
            proposal.name
        ),
        false => format!("the folder `{}` is not named by its number: `{right}`", proposal.name),
    };
    let place = proposal.meant(prepared, Meaning::Number).map_or(Span::at(0), |pair| pair.node.span);
    report
        .metadata(proposal, place, message)
        .severity(if is_placeholder { Severity::Error } else { Severity::Warning })
        .help("without it nobody can tell whether number, name and records belong together");
}

/// Titles that begin with a number begin with this one's.
fn titles(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let Some(own) = proposal.number.as_deref().filter(|own| is_number(own)) else { return };
    let finished = !matches!(proposal.class(prepared), StatusClass::Open | StatusClass::Accepted | StatusClass::Living);
    let differs = |title: &str, text: &str| {
        let known = |number: &str| same_number(number, own) || proposal.path_number.as_deref() == Some(number);
        let number = number_of(corpus, title).filter(|number| !known(number))?;
        Some((number.to_owned(), text.find(number)?))
    };
    if let Some(pair) = proposal.meant(prepared, Meaning::Title)
        && let Some(title) = pair.node.text()
        && let Some((number, at)) = differs(title, pair.node.span.of(&proposal.source.text))
    {
        let span = within(pair.node.span, at, &number);
        let message = format!("the title says {number}, but the number is {own}");
        report.metadata(proposal, span, message).severity(Severity::Warning).advice_if(finished);
    }
    let Some(prose) = proposal.prose.as_ref().filter(|_| prepared.profile.body.title) else { return };
    if let Some(title) = prose.document.body.title()
        && let Some((number, at)) = differs(&title.title, title.heading.of(&prose.source.text))
    {
        let span = within(title.heading, at, &number);
        let message = format!("the title says {number}, but the number is {own}");
        report.prose(proposal, span, message).severity(Severity::Warning).advice_if(finished);
    }
}

fn within(span: Span, at: usize, text: &str) -> Span {
    let start = span.start as usize + at;
    Span::new(start, start + text.len())
}

pub(super) fn is_number(written: &str) -> bool {
    !written.trim().is_empty() && written.trim().bytes().all(|byte| byte.is_ascii_digit())
}

/// The number that a title begins with, behind what the template writes before it (`KEP-` of `KEP-NNNN`).
fn number_of<'t>(corpus: &Corpus, title: &'t str) -> Option<&'t str> {
    let prepared = &corpus.prepared;
    let field = prepared.profile.fields.get(prepared.field_named(Meaning::Number)?)?;
    let titles = &prepared.profile.template.placeholder_titles;
    let prefixes = titles.iter().flat_map(|title| {
        field.placeholders.iter().filter_map(|number| Some(title.split_once(number.as_str())?.0.trim_end_matches('-')))
    });
    let begins = |prefix: &str| {
        let start =
            title.get(..prefix.len()).filter(|start| start.eq_ignore_ascii_case(prefix) && !prefix.is_empty())?;
        Some(title[start.len()..].trim_start_matches(['-', ' ', '#']))
    };
    let rest = prefixes.into_iter().find_map(begins)?;
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let ends = !rest[digits..].starts_with(|c: char| c.is_alphanumeric() || c == '.');
    (digits > 0 && ends).then(|| &rest[..digits])
}
