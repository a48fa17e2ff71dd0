//! `status-unknown`: the status is not one that the process has.

use signoff_model::profile::Meaning;
use signoff_model::{Corpus, Fix, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};
use crate::condition::nearest;

pub(super) static RULE: Rule = Rule {
    code: "status-unknown",
    severity: Severity::Error,
    page: include_str!("status_unknown.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let Some(pair) = proposal.meant(prepared, Meaning::Status) else { return };
    let Some(written) = pair.node.text() else { return };
    let statuses = &prepared.profile.status;
    if statuses.iter().any(|status| status.name == written) {
        return;
    }
    let known: Vec<&str> = statuses.iter().map(|status| status.name.as_str()).collect();
    let alias = statuses.iter().find(|status| status.aliases.iter().any(|alias| alias == written));
    let spelling = statuses.iter().find(|status| status.name.eq_ignore_ascii_case(written.trim()));
    if let Some(meant) = alias.or(spelling) {
        let place = super::date_invalid::inside(&proposal.source.text, pair.node.span, written);
        let fix = Fix::replace(format!("write `{}`", meant.name), place, meant.name.clone());
        let message = format!("`{written}` is another word for status `{}`", meant.name);
        let found = report.metadata(proposal, pair.node.span, message);
        found.fix(fix).severity(if alias.is_some() { Severity::Warning } else { Severity::Error });
        return;
    }
    let message = format!("unknown status `{written}`; this process has {}", known.join(", "));
    let found = report.metadata(proposal, pair.node.span, message);
    if let Some(near) = nearest(written, known.into_iter()) {
        found.help(format!("did you mean `{near}`?"));
    }
}
