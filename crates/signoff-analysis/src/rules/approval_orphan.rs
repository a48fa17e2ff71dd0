//! `approval-orphan`: an approval record that belongs to no proposal.

use signoff_model::proposal::{FileFault, same_number};
use signoff_model::{Corpus, Severity, Span, tree};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "approval-orphan",
    severity: Severity::Warning,
    page: include_str!("approval_orphan.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Whole(check),
};

fn check(corpus: &Corpus, report: &mut Report<'_>) {
    for record in &corpus.orphans {
        let (_, name) = tree::split(&record.path);
        let number = name.split('.').next().unwrap_or_default();
        let same = |proposal: &&signoff_model::Proposal| {
            [&proposal.number, &proposal.path_number].into_iter().flatten().any(|known| same_number(known, number))
        };
        let owner = corpus.proposals.iter().find(same);
        // What could not be read may well claim it.
        let unknown = |proposal: &signoff_model::Proposal| {
            !proposal.is_complete()
                || proposal.records.is_empty()
                || proposal.file_faults.iter().any(|fault| matches!(fault, FileFault::MetadataMissing(_)))
        };
        match owner {
            Some(proposal) if unknown(proposal) => {}
            Some(proposal) => {
                let message = format!(
                    "no proposal claims this record; {} has the number, but its record is elsewhere",
                    proposal.path
                );
                report.record(None, record, Span::at(0), message);
            }
            // A folder that was not listed may hold it.
            None if corpus.faults.iter().any(|fault| fault.hides(&fault.path)) => {}
            None => {
                report.record(
                    None,
                    record,
                    Span::at(0),
                    format!("there is no proposal {number} to which this record belongs"),
                );
            }
        }
    }
}
