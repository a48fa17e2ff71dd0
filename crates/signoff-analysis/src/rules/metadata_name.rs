//! `metadata-name`: the metadata file has another name than the process asks for.

use signoff_model::proposal::FileFault;
use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "metadata-name",
    severity: Severity::Error,
    page: include_str!("metadata_name.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let expected = &corpus.prepared.profile.layout.metadata;
    for fault in &proposal.file_faults {
        if let FileFault::MetadataMissing(Some(path)) = fault {
            let message = format!("the metadata file must be named `{expected}`; tools do not find it under this name");
            report.file(Some(proposal), path, message).help(format!("rename it to `{expected}`"));
        }
    }
}
