//! `number-duplicate`: several proposals have the same number.

use signoff_model::profile::Meaning;
use signoff_model::{Corpus, Severity, Span};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "number-duplicate",
    severity: Severity::Error,
    page: include_str!("number_duplicate.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Whole(check),
};

fn check(corpus: &Corpus, report: &mut Report<'_>) {
    for (number, indices) in corpus.by_number() {
        if indices.len() < 2 {
            continue;
        }
        for index in &indices {
            let proposal = &corpus.proposals[*index];
            let others: Vec<&str> =
                indices.iter().filter(|other| *other != index).map(|other| &*corpus.proposals[*other].path).collect();
            let span =
                proposal.meant(&corpus.prepared, Meaning::Number).map_or_else(Span::default, |pair| pair.node.span);
            let found =
                report.metadata(proposal, span, format!("the number {number} also belongs to {}", others.join(", ")));
            // Zero stands for "no issue yet".
            if number == "0" {
                found.severity(Severity::Warning);
            }
        }
    }
}
