//! `approval-orphan`: an approval record that belongs to no proposal.

use signoff_model::proposal::FileFault;
use signoff_model::{Corpus, Severity, Span, tree};

use super::approval_missing::{belongs, is_identified};
use super::approval_stage_missing::is_required;
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
        let owner = corpus.proposals.iter().find(|proposal| belongs(proposal, record));
        // What could not be read may well claim it; one whose number or group is wrong, or that lacks its
        // record, is told so there.
        let unknown = |proposal: &signoff_model::Proposal| {
            let named = !is_identified(corpus, proposal)
                || proposal.records.iter().any(|own| {
                    let rule = &corpus.prepared.profile.companion[own.companion];
                    !own.exists() && is_required(corpus, proposal, rule, report)
                });
            named
                || !proposal.is_complete()
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
                let own = proposal.records.iter().find(|own| own.exists());
                let help = match own {
                    Some(own) => format!("its record is {}; if this one is older, remove it", own.path),
                    None => "move it, or correct what the proposal says of itself".to_owned(),
                };
                report.record(None, record, Span::at(0), message).help(help);
            }
            // A folder that was not listed may hold it.
            None if corpus.faults.iter().any(|fault| fault.hides(&fault.path)) => {}
            None => {
                report
                    .record(
                        None,
                        record,
                        Span::at(0),
                        format!("there is no proposal {number} to which this record belongs"),
                    )
                    .help("rename it to the number of its proposal, or remove it");
            }
        }
    }
}
