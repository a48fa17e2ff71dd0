//! `approver-case`: the approver's handle is written in other letter case than in the group.

use signoff_model::people::Person;
use signoff_model::{Corpus, Fix, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "approver-case",
    severity: Severity::Warning,
    page: include_str!("approver_case.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    for record in &proposal.records {
        let rule = &prepared.profile.companion[record.companion];
        let Some(stage) = proposal.stage(prepared) else { continue };
        let (Some(node), Ok(content)) = (record.approver(rule, stage), &record.content) else { continue };
        let Some(handle) = node.text().and_then(|written| Person::parse(written, &[]).handle()) else { continue };
        let aliases = std::iter::once(rule.approvers_alias.as_str()).chain(rule.emeritus_alias.as_deref());
        let mut spellings = aliases.filter_map(|alias| Some((alias, corpus.aliases.member(alias, handle)?)));
        let Some((alias, spelt)) = spellings.next() else { continue };
        if spelt != handle {
            let message = format!("the handle is written `{spelt}` in {alias}; old tools compare letter by letter");
            let place = super::date_invalid::inside(&content.source.text, node.span, handle);
            report.record(Some(proposal), record, node.span, message).fix(Fix::replace(
                format!("write `{spelt}`"),
                place,
                spelt,
            ));
        }
    }
}
