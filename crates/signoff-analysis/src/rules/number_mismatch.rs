//! `number-mismatch`: the number in the metadata is not the one in the name.

use signoff_model::profile::Meaning;
use signoff_model::proposal::same_number;
use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "number-mismatch",
    severity: Severity::Error,
    page: include_str!("number_mismatch.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let Some(pair) = proposal.meant(&corpus.prepared, Meaning::Number) else { return };
    let Some(written) = pair.node.text() else { return };
    let Some(in_name) = &proposal.path_number else { return };
    let is_number = !written.is_empty() && written.trim().bytes().all(|byte| byte.is_ascii_digit());
    if is_number && !same_number(written, in_name) {
        let message = format!("`{}` is {written}, but the name says {in_name}", pair.key);
        report.metadata(proposal, pair.node.span, message);
    }
}
