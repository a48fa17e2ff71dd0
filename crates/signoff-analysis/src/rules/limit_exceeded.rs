//! `limit-exceeded`: a file is larger, deeper or longer than what is read.

use signoff_model::proposal::FileFault;
use signoff_model::tree::ReadError;
use signoff_model::yaml::FaultKind;
use signoff_model::{Corpus, Proposal, Severity};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "limit-exceeded",
    severity: Severity::Error,
    page: include_str!("limit_exceeded.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(_corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    for fault in &proposal.file_faults {
        match fault {
            FileFault::MetadataUnreadable(error @ ReadError::TooLarge(_)) => {
                report.file(Some(proposal), &proposal.metadata_path, format!("the metadata is not read: {error}"));
            }
            FileFault::BodyUnreadable(path, error @ ReadError::TooLarge(_)) => {
                report.file(Some(proposal), path, format!("the prose is not read: {error}"));
            }
            _ => {}
        }
    }
    for fault in &proposal.metadata.faults {
        if let FaultKind::Limit(words) = fault.kind {
            report.metadata(proposal, fault.span, format!("the rest is not read: {words}"));
        }
    }
    for record in &proposal.records {
        match &record.content {
            Err(error @ ReadError::TooLarge(_)) => {
                report.file(Some(proposal), &record.path, format!("the record is not read: {error}"));
            }
            Err(_) => {}
            Ok(content) => {
                for fault in &content.metadata.faults {
                    if let FaultKind::Limit(words) = fault.kind {
                        report.record(Some(proposal), record, fault.span, format!("the rest is not read: {words}"));
                    }
                }
            }
        }
    }
}
