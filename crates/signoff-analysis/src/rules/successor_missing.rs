//! `successor-missing`: a replaced proposal does not say by what.

use signoff_model::profile::Meaning;
use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "successor-missing",
    severity: Severity::Warning,
    page: include_str!("successor_missing.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let Some(name) = prepared.field_named(Meaning::SupersededBy) else { return };
    let Some(written) = proposal.status(prepared) else { return };
    let status = prepared
        .profile
        .status
        .iter()
        .find(|status| status.name == written || status.aliases.iter().any(|alias| alias == written));
    let Some(status) = status.filter(|status| status.successor) else { return };
    if proposal.is_complete() && proposal.items(prepared, Meaning::SupersededBy).iter().all(|item| is_nobody(item.text))
    {
        let message = format!("the status is {}, but `{name}` names no successor", status.name);
        let comment = proposal
            .meant(prepared, Meaning::Status)
            .and_then(|pair| proposal.metadata.comment_behind(&proposal.source, pair.node.span.end));
        let found = match proposal.meant(prepared, Meaning::SupersededBy) {
            Some(pair) => report.metadata(proposal, pair.key_span, message),
            None => report.missing(proposal, message),
        };
        match comment.and_then(named_path) {
            Some(path) => found.help(format!("is it `{path}`, which the comment behind the status names?")),
            None => found.help(format!("add `{name}:` with the proposal that replaces this one")),
        };
    }
}

/// Nothing, or a word for "later".
fn is_nobody(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || ["TBD", "TODO", "N/A", "none"].iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// The path that a comment names.
fn named_path(comment: &str) -> Option<&str> {
    comment.split_whitespace().find(|word| word.trim_matches('/').contains('/') && !word.contains("://"))
}
