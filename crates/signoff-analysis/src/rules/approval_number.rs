//! `approval-number`: the approval record belongs to another number.

use signoff_model::proposal::same_number;
use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "approval-number",
    severity: Severity::Error,
    page: include_str!("approval_number.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let Some(number) = proposal.number.as_deref() else { return };
    for record in &proposal.records {
        let rule = &corpus.prepared.profile.companion[record.companion];
        let Ok(content) = &record.content else { continue };
        let Some(pair) = content.metadata.root.pair(&rule.number) else { continue };
        let Some(written) = pair.node.text() else { continue };
        if !same_number(written, number) {
            let message = format!("`{}` is {written}, but the record is that of {number}", rule.number);
            // No fix: the number alone does not tell a slip from a copied record.
            report.record(Some(proposal), record, pair.node.span, message).help(format!(
                "write {number}; if the record was copied from another proposal, its approvals are not this one's"
            ));
        }
    }
}
