//! `body-missing`: a proposal without prose, or with prose that cannot be read.

use signoff_model::proposal::FileFault;
use signoff_model::tree::ReadError;
use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "body-missing",
    severity: Severity::Error,
    page: include_str!("body_missing.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let body = &corpus.prepared.profile.layout.body;
    for fault in &proposal.file_faults {
        match fault {
            FileFault::BodyMissing(meant) => {
                let found =
                    report.missing(proposal, format!("the folder has no `{body}`; the proposal's prose stands there"));
                if let Some(meant) = meant {
                    found.help(format!("is `{meant}` meant? Rename it to `{body}`"));
                }
            }
            // One that is too large is `limit-exceeded`.
            FileFault::BodyUnreadable(_, ReadError::TooLarge(_)) => {}
            FileFault::BodyUnreadable(_, error) => {
                report.missing(proposal, format!("`{body}` cannot be read: {error}"));
            }
            _ => {}
        }
    }
}
