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

/// Most proposals that a message names: all of them in each message would grow with their square.
const NAMED_MAX: usize = 5;

fn check(corpus: &Corpus, report: &mut Report<'_>) {
    for (number, indices) in corpus.by_number() {
        if indices.len() < 2 {
            continue;
        }
        for index in &indices {
            let proposal = &corpus.proposals[*index];
            let others = indices.iter().filter(|other| *other != index).take(NAMED_MAX);
            let others: Vec<&str> = others.map(|other| &*corpus.proposals[*other].path).collect();
            let more = match indices.len() - 1 - others.len() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let span =
                proposal.meant(&corpus.prepared, Meaning::Number).map_or_else(Span::default, |pair| pair.node.span);
            // Zero stands for "no issue yet".
            if number == "0" {
                let message = format!("the number {} means that there is none yet", proposal.label());
                let help = format!(
                    "{}{more} cannot be told from it by number; write the number once there is one",
                    others.join(", ")
                );
                report.metadata(proposal, span, message).severity(Severity::Info).help(help);
                continue;
            }
            let message = format!("the number {} also belongs to {}{more}", proposal.label(), others.join(", "));
            report.metadata(proposal, span, message).help("a number is that of one issue; give each proposal its own");
        }
    }
}
