//! `approval-missing`: the approval record does not exist, or not under the name that tools look for.

use signoff_model::companion::Record;
use signoff_model::profile::Meaning;
use signoff_model::proposal::same_number;
use signoff_model::{Corpus, Fix, Proposal, Severity, tree};

use super::number_mismatch::is_number;
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
        if !super::approval_stage_missing::is_required(corpus, proposal, rule, report) {
            continue;
        }
        if record.exists() {
            spelling(corpus, proposal, record, report);
        } else if is_identified(corpus, proposal) {
            let message = format!("the approval record {} is missing", record.path);
            let elsewhere = corpus.orphans.iter().find(|orphan| belongs(proposal, orphan));
            let help = match elsewhere {
                Some(orphan) if tree::split(&orphan.path).0 == tree::split(&record.path).0 => {
                    format!("rename {}: tools look for the name above", orphan.path)
                }
                Some(orphan) => {
                    format!("{} has the number; is it this proposal's? Then it is in the wrong place", orphan.path)
                }
                None => format!("create it with `{}` and an approver for the stage", rule.number),
            };
            report.missing(proposal, message).help(help);
        }
    }
}

/// Old tools make the record's name of the number as it is written.
fn spelling(corpus: &Corpus, proposal: &Proposal, record: &Record, report: &mut Report<'_>) {
    let Some(pair) = proposal.meant(&corpus.prepared, Meaning::Number) else { return };
    let Some(written) = pair.node.text() else { return };
    let stem = stem(record);
    if written == stem || !same_number(written, stem) {
        return;
    }
    let message = format!("old tools look for the record of `{written}`, which is named {}", record.path);
    let place = super::date_invalid::inside(&proposal.source.text, pair.node.span, written);
    let fix = Fix::replace(format!("write {stem}"), place, stem);
    report.metadata(proposal, pair.node.span, message).severity(Severity::Warning).fix(fix);
}

/// Whether number and group, of which the record's path is made, are those of this proposal: what is
/// wrong with them is an error of its own, and a record that they do not lead to no second one.
pub(super) fn is_identified(corpus: &Corpus, proposal: &Proposal) -> bool {
    let prepared = &corpus.prepared;
    let in_name = proposal.path_number.as_deref();
    let number = proposal.number.as_deref().filter(|number| is_number(number));
    let numbered = number.is_some_and(|number| in_name.is_none_or(|in_name| same_number(number, in_name)));
    let groups = &prepared.profile.groups;
    let group = proposal.text(prepared, Meaning::Group).unwrap_or_default();
    let known = groups.known.is_empty() || groups.known.iter().chain(&groups.retired).any(|known| known == group);
    numbered && known
}

/// Whether a record that nobody claims has the number of this proposal, in its metadata or its name.
pub(super) fn belongs(proposal: &Proposal, record: &Record) -> bool {
    let number = stem(record);
    [&proposal.number, &proposal.path_number].into_iter().flatten().any(|known| same_number(known, number))
}

/// The name of a record without its ending.
pub(super) fn stem(record: &Record) -> &str {
    tree::split(&record.path).1.split('.').next().unwrap_or_default()
}
