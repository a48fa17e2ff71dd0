//! `approval-orphan`: an approval record that belongs to no proposal.

use rustc_hash::FxHashMap;
use signoff_model::proposal::{FileFault, bare_number};
use signoff_model::{Corpus, Proposal, Severity, Span};

use super::approval_missing::{is_identified, stem};
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
    if corpus.orphans.is_empty() {
        return;
    }
    let numbered = numbered(corpus);
    for record in &corpus.orphans {
        let number = stem(record);
        match numbered.get(bare_number(number)) {
            Some(proposal) if is_told_elsewhere(corpus, proposal, report) => {}
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
                let message = format!("there is no proposal {number} to which this record belongs");
                report
                    .record(None, record, Span::at(0), message)
                    .help("rename it to the number of its proposal, or remove it");
            }
        }
    }
}

/// The first proposal of every number that stands in metadata or in a name.
fn numbered(corpus: &Corpus) -> FxHashMap<&str, &Proposal> {
    let mut found = FxHashMap::default();
    for proposal in corpus.all() {
        for number in [&proposal.number, &proposal.path_number].into_iter().flatten() {
            found.entry(bare_number(number)).or_insert(proposal);
        }
    }
    found
}

/// What could not be read may well claim the record; of a proposal whose number or group is wrong, or that lacks
/// its record, other rules speak.
fn is_told_elsewhere(corpus: &Corpus, proposal: &Proposal, report: &Report<'_>) -> bool {
    let lacks_one = || {
        proposal.records.iter().any(|own| {
            let rule = &corpus.prepared.profile.companion[own.companion];
            !own.exists() && is_required(corpus, proposal, rule, report)
        })
    };
    !is_identified(corpus, proposal)
        || !proposal.is_complete()
        || proposal.records.is_empty()
        || proposal.file_faults.iter().any(|fault| matches!(fault, FileFault::MetadataMissing(_)))
        || lacks_one()
}
