//! `toc-missing`: there is no table of contents between the marks that tools look for.

use signoff_model::proposal::Prose;
use signoff_model::{Corpus, Proposal, Severity, Span};

use super::{LooksAt, Report, Rule, Run, contents};

pub(super) static RULE: Rule = Rule {
    code: "toc-missing",
    severity: Severity::Warning,
    page: include_str!("toc_missing.md"),
    looks_at: LooksAt::Prose,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let profile = &corpus.prepared.profile;
    let Some(prose) = proposal.prose.as_ref().filter(|_| profile.body.contents) else { return };
    let body = &prose.document.body;
    match body.contents {
        Some(contents) if contents.close.is_some() => {}
        Some(contents) => {
            report.prose(proposal, contents.open, "the table of contents has no end; put `<!-- /toc -->` behind it");
        }
        None if contents::listed(profile, body, &prose.source.text, &[]).is_empty() => {}
        None => match swallowing(prose) {
            Some(comment) => {
                let message = "this comment is not closed, so the opening mark of the table of contents is inside it";
                report.prose(proposal, comment, message).help("write `-->` where the comment ends");
            }
            None => {
                let place = body.title().map_or(Span::at(0), |title| title.heading);
                report.prose(
                    proposal,
                    place,
                    "there is no table of contents between `<!-- toc -->` and `<!-- /toc -->`",
                );
            }
        },
    }
}

/// How a comment begins.
const OPEN: &str = "<!--";

/// The beginning of the comment that, not being closed, swallows the opening mark below it.
fn swallowing(prose: &Prose) -> Option<Span> {
    let text = &prose.source.text;
    let inside = |comment: &&Span| comment.of(text).get(OPEN.len()..).is_some_and(|text| text.contains("<!-- toc"));
    let comment = prose.document.body.comments.iter().find(inside)?;
    Some(Span::of_slice(text, &comment.of(text)[..OPEN.len()]))
}
