//! What is wrong with files that belong to no single proposal: folders, metadata files that nothing reads, the
//! aliases of people. A check of a part says it too, since it changes what the other rules can know.

use std::sync::Arc;

use signoff_model::corpus::{PATHS_MAX, TreeFault, TreeFaultKind};
use signoff_model::people::Unread;
use signoff_model::tree::{self, Kind, ReadError};
use signoff_model::yaml::FaultKind;
use signoff_model::{Corpus, Proposal, Severity, Source, Span};

use super::{Report, limit_exceeded, metadata_name, metadata_unreadable};

/// Reports the faults of the tree and of its aliases.
pub(super) fn check(corpus: &Corpus, report: &mut Report<'_>) {
    for fault in &corpus.faults {
        of_tree(corpus, fault, report);
    }
    let Some(source) = &corpus.aliases.source else { return };
    if let Some(cause) = &corpus.aliases.unread {
        unread(None, source, cause, report);
        return;
    }
    report.begin(&metadata_unreadable::RULE);
    let asked = corpus.prepared.profile.companion.iter().map(|rule| rule.approvers_alias.as_str());
    for alias in asked.filter(|alias| !alias.is_empty() && !corpus.aliases.has(alias)) {
        let message = format!("there is no alias `{alias}`, so nobody can tell who is in it");
        report.place(None, source, Span::at(0), message).severity(Severity::Warning).help("add it with its members");
    }
}

fn of_tree(corpus: &Corpus, fault: &TreeFault, report: &mut Report<'_>) {
    let layout = &corpus.prepared.profile.layout;
    let path = &fault.path;
    match &fault.kind {
        TreeFaultKind::Unlisted(error) => {
            report.begin(&metadata_unreadable::RULE);
            report.file(None, path, format!("the folder cannot be listed, so what is in it was not checked: {error}"));
        }
        TreeFaultKind::TooDeep => {
            report.begin(&limit_exceeded::RULE);
            report.file(None, path, "the folder is not searched: it is nested too deeply");
        }
        TreeFaultKind::TooMany => {
            report.begin(&limit_exceeded::RULE);
            let message = format!("what is in it was not checked: there are more than {PATHS_MAX} files and folders");
            report.file(None, path, message).help("name the root of the proposals alone with -C, or check a part");
        }
        TreeFaultKind::MisplacedMetadata => {
            report.begin(&metadata_name::RULE);
            let owner = corpus.proposal_at(path).map(|index| &*corpus.proposals[index]);
            let message = match owner.filter(|owner| tree::split(path).0 == &*owner.path) {
                Some(owner) => {
                    let (_, read) = tree::split(&owner.metadata_path);
                    format!("nothing reads this file: the metadata beside it is in `{read}`")
                }
                None => format!("nothing reads this file: `{}` stands in a proposal's own folder", layout.metadata),
            };
            let found = report.file(owner, path, message);
            found.severity(Severity::Warning).help("remove it, or give it a proposal's folder of its own");
        }
        TreeFaultKind::NoProposals(kind) => {
            report.begin(&metadata_unreadable::RULE);
            let message = match kind {
                Some(Kind::Folder) => "the folder holds no proposal".to_owned(),
                Some(Kind::Link) => {
                    "proposals stand in this folder, but it is a symbolic link, which is not followed".to_owned()
                }
                Some(_) => "proposals stand in this folder, but it is none".to_owned(),
                None => "there is no such folder, and proposals stand in it".to_owned(),
            };
            let help = format!("a proposal is a folder or file `{}` in it or in a folder of it", layout.name);
            report.file(None, path, message).help(help);
        }
    }
}

/// Reports why a file about people says nothing.
pub(super) fn unread(proposal: Option<&Proposal>, source: &Arc<Source>, cause: &Unread, report: &mut Report<'_>) {
    let faults = match cause {
        Unread::File(error) => {
            let is_large = matches!(error, ReadError::TooLarge(_));
            report.begin(if is_large { &limit_exceeded::RULE } else { &metadata_unreadable::RULE });
            report.file(proposal, &source.path, format!("the file cannot be read: {error}"));
            return;
        }
        Unread::Text(faults) => faults,
    };
    for fault in faults {
        report.begin(&metadata_unreadable::RULE);
        let flaw = metadata_unreadable::flaw(fault);
        let message = match (&flaw, &fault.kind) {
            (Some(flaw), _) => flaw.message.clone(),
            (None, FaultKind::DuplicateKey(key, first)) => {
                format!("`{key}` already stands in line {}", source.line(first.start))
            }
            (None, FaultKind::Limit(words)) => format!("the rest is not read: {words}"),
            (None, _) => continue,
        };
        let found = report.place(proposal, source, fault.span, message);
        if let Some(flaw) = &flaw {
            flaw.add_help(found);
        }
    }
}
