//! `metric-malformed`: a metric whose name is no identifier.

use rustc_hash::FxHashSet;
use signoff_model::profile::Meaning;
use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};
use crate::names;

pub(super) static RULE: Rule = Rule {
    code: "metric-malformed",
    severity: Severity::Warning,
    page: include_str!("metric_malformed.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let field = prepared.field_named(Meaning::Metrics).and_then(|name| prepared.profile.fields.get(name));
    let Some(field) = field else { return };
    let mut seen = FxHashSet::default();
    for item in proposal.items(prepared, Meaning::Metrics) {
        if !item.text.trim().is_empty() && !seen.insert(item.text.trim()) {
            report
                .metadata(proposal, item.span, format!("the metric `{}` is listed already", item.text))
                .help("list it once");
            continue;
        }
        if item.text.trim().is_empty() || names::is_metric(item.text) || names::is_placeholder(field, item.text) {
            continue;
        }
        let message = format!("`{}` is no name of a metric", item.text);
        report.metadata(proposal, item.span, message).help("only the name: no labels, no text, no backticks");
    }
}
