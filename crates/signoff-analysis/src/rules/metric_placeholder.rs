//! `metric-placeholder`: the template's metric, or one that is to be named.

use signoff_model::profile::Meaning;
use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};
use crate::names;

pub(super) static RULE: Rule = Rule {
    code: "metric-placeholder",
    severity: Severity::Warning,
    page: include_str!("metric_placeholder.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let field = prepared.field_named(Meaning::Metrics).and_then(|name| prepared.profile.fields.get(name));
    let Some(field) = field else { return };
    for item in proposal.items(prepared, Meaning::Metrics) {
        if names::is_placeholder(field, item.text) {
            report
                .metadata(proposal, item.span, format!("`{}` is not a metric of this proposal", item.text))
                .help("name the metric, or leave the list empty");
        }
    }
}
