//! `approver-unknown`: the approver is not in the group that may approve.

use signoff_model::people::Person;
use signoff_model::{Corpus, Proposal, Severity};

use super::report::listed;
use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "approver-unknown",
    severity: Severity::Error,
    page: include_str!("approver_unknown.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    for record in &proposal.records {
        let rule = &prepared.profile.companion[record.companion];
        let Some(stage) = proposal.stage(prepared) else { continue };
        let Some(node) = record.approver(rule, stage) else { continue };
        let Some(written) = node.text().filter(|text| !text.trim().is_empty()) else { continue };
        if !corpus.aliases.has(&rule.approvers_alias)
            || !super::approval_stage_missing::is_required(corpus, proposal, rule, report)
        {
            continue;
        }
        let person = Person::parse(written, &[]);
        // Old tools take off the `@` and compare the rest: anything around the handle is not in the list.
        let handle = if matches!(person, Person::Malformed(_)) { "" } else { person.handle().unwrap_or_default() };
        let member = |alias: &str| corpus.aliases.member(alias, handle).is_some();
        if member(&rule.approvers_alias) || rule.emeritus_alias.as_deref().is_some_and(member) {
            continue;
        }
        let help = who_approves(corpus, &rule.approvers_alias);
        let message = format!("`{written}` is not in {}", rule.approvers_alias);
        report.record(Some(proposal), record, node.span, message).help(help);
    }
}

/// What to write instead: a member of the group.
pub(super) fn who_approves(corpus: &Corpus, alias: &str) -> String {
    let mut members = corpus.aliases.members(alias).peekable();
    match members.peek() {
        Some(_) => format!("one of {}", listed(members)),
        None => format!("{alias} lists nobody: add who may approve"),
    }
}
