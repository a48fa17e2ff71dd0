//! `template-text-left`: comments that instruct the author are still in the document.

use signoff_model::proposal::Document;
use signoff_model::{Corpus, Proposal, Severity, Span, wording};

use super::{LooksAt, Report, Rule, Run, title_placeholder};

pub(super) static RULE: Rule = Rule {
    code: "template-text-left",
    severity: Severity::Warning,
    page: include_str!("template_text_left.md"),
    looks_at: LooksAt::Prose,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let Some(document) = proposal.document() else { return };
    let Some(first) = document.template_comments.first() else { return };
    let count = document.template_comments.len();
    let title = document.body.title().is_some_and(|title| title_placeholder::is_placeholder(corpus, &title.title));
    let comments = if count == 1 {
        "a comment of the template is".to_owned()
    } else {
        format!("{count} comments of the template are")
    };
    let also = if title { " and so is its title" } else { "" };
    let message = format!("{comments} left{also}; remove what is answered");
    report.prose(proposal, *first, message).advice_if(in_checklists(corpus, document));
}

/// Whether all the comments stand in checklists: those guide whoever goes through the list next time.
fn in_checklists(corpus: &Corpus, document: &Document) -> bool {
    let checklists = corpus.prepared.profile.checklist.iter();
    let sections = checklists.filter_map(|checklist| document.body.section(&wording::words(&checklist.section)));
    let extents: Vec<Span> = sections.map(|section| section.extent).collect();
    document.template_comments.iter().all(|comment| extents.iter().any(|extent| extent.contains(*comment)))
}
