//! `reference-dead`: a reference to a path that does not exist.

use signoff_model::tree;
use signoff_model::{Corpus, Proposal, Severity};

use super::links::meant;
use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "reference-dead",
    severity: Severity::Warning,
    page: include_str!("reference_dead.md"),
    looks_at: LooksAt::Metadata,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    for (name, item) in corpus.references(proposal) {
        let text = item.text.trim();
        // It holds a slash, but is no path.
        if text.eq_ignore_ascii_case("n/a") {
            continue;
        }
        let leads_out =
            text.contains("..") && !text.contains("://") && tree::resolve(&proposal.metadata_path, text).is_none();
        let dead = corpus.reference_path(proposal, text).filter(|path| corpus.targets.exists(path) == Some(false));
        if leads_out {
            report.metadata(proposal, item.span, format!("`{name}` names `{text}`, which lies outside the repository"));
        } else if let Some(path) = dead {
            let found =
                report.metadata(proposal, item.span, format!("`{name}` names `{text}`, but there is no {path}"));
            if let Some(moved) = meant(corpus, &path).filter(|moved| !std::ptr::eq(*moved, proposal)) {
                found.help(format!("did you mean `/{}`?", moved.path));
            }
        }
    }
}
