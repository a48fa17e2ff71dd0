//! `body-name`: the prose is there under another spelling of its name.

use signoff_model::proposal::FileFault;
use signoff_model::{Corpus, Proposal, Severity, tree};

use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "body-name",
    severity: Severity::Warning,
    page: include_str!("body_name.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let expected = &corpus.prepared.profile.layout.body;
    for fault in &proposal.file_faults {
        let FileFault::BodyName(path) = fault else { continue };
        let (_, name) = tree::split(path);
        let message = format!("the prose is named `{name}`; readers look for `{expected}`");
        report.file(Some(proposal), path, message).help(format!("git mv '{path}' '{}/{expected}'", proposal.path));
    }
}
