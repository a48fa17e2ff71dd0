//! `approver-emeritus`: the approver of the current stage has left the group that approves.

use signoff_model::people::Person;
use signoff_model::profile::StatusClass;
use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "approver-emeritus",
    severity: Severity::Warning,
    page: include_str!("approver_emeritus.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    if proposal.class(prepared) != StatusClass::Accepted {
        return;
    }
    for record in &proposal.records {
        let rule = &prepared.profile.companion[record.companion];
        let (Some(stage), Some(emeritus)) = (proposal.stage(prepared), rule.emeritus_alias.as_deref()) else {
            continue;
        };
        let Some(node) = record.approver(rule, stage) else { continue };
        let Some(written) = node.text() else { continue };
        let handle = Person::parse(written, &[]).handle().unwrap_or_default();
        let left = corpus.aliases.member(emeritus, handle).is_some()
            && corpus.aliases.member(&rule.approvers_alias, handle).is_none();
        if left && super::approval_stage_missing::is_required(corpus, proposal, rule, report) {
            let help = super::approver_unknown::who_approves(corpus, &rule.approvers_alias);
            let message = format!("`{written}` no longer approves: they are in {emeritus}");
            report.record(Some(proposal), record, node.span, message).help(help);
        }
    }
}
