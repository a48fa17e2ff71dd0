//! `approval-missing`: the approval record does not exist.

use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "approval-missing",
    severity: Severity::Error,
    page: include_str!("approval_missing.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    for record in &proposal.records {
        let rule = &corpus.prepared.profile.companion[record.companion];
        if !record.exists() && super::approval_stage_missing::is_required(corpus, proposal, rule, report) {
            let message = format!("the approval record {} is missing", record.path);
            report
                .missing(proposal, message)
                .help(format!("create it with `{}` and an approver for the stage", rule.number));
        }
    }
}
