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
        let Some(written) = node.text() else { continue };
        let person = Person::parse(written, &[]);
        let Some(handle) = person.handle().filter(|_| !matches!(person, Person::Malformed(_))) else { continue };
        let aliases = std::iter::once(rule.approvers_alias.as_str()).chain(rule.emeritus_alias.as_deref());
        let mut spellings = aliases.filter_map(|alias| Some((alias, corpus.aliases.member(alias, handle)?)));
        let Some((alias, spelt)) = spellings.next() else { continue };
        let padded = written.trim() != written;
        if spelt != handle || padded {
            let message = match padded {
                true => format!(
                    "white space stands around `{}`; old tools compare it with {alias} letter by letter",
                    written.trim()
                ),
                false => format!("the handle is written `{spelt}` in {alias}; old tools compare letter by letter"),
            };
            let wrong = if padded { written } else { handle };
            let place = super::date_invalid::inside(&content.source.text, node.span, wrong);
            let spelt = if padded { format!("@{spelt}") } else { spelt.to_owned() };
            report.record(Some(proposal), record, node.span, message).fix(Fix::replace(
                format!("write `{spelt}`"),
                place,
                spelt,
            ));
        }
    }
}
