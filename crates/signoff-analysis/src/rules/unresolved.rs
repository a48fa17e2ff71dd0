//! `unresolved`: a debate that the document itself marks as open.

use signoff_model::body::{BlockKind, Body};
use signoff_model::{Corpus, Proposal, Severity, Span};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "unresolved",
    severity: Severity::Warning,
    page: include_str!("unresolved.md"),
    looks_at: LooksAt::Prose,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let Some(prose) = &proposal.prose else { return };
    let status = proposal.status(&corpus.prepared).unwrap_or("without status");
    for mark in shown(&prose.document.body, &prose.source.text) {
        let message = format!("an open debate in a proposal of status `{status}`; settle it and remove its marks");
        report.prose(proposal, mark, message);
    }
}

/// The marks outside code: a document may explain them.
fn shown(body: &Body, text: &str) -> Vec<Span> {
    let mut code = body.blocks.iter().filter(|block| block.kind == BlockKind::Code).map(|block| block.span).peekable();
    let mut marks = Vec::new();
    for mark in &body.unresolved {
        while code.next_if(|block| block.end <= mark.start).is_some() {}
        let in_block = code.peek().is_some_and(|block| block.overlaps(*mark));
        let in_span = text[..mark.start as usize].ends_with('`');
        if !in_block && !in_span {
            marks.push(*mark);
        }
    }
    marks
}
