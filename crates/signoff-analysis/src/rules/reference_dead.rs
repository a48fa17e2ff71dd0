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
            let said = format!("`{name}` names `{text}`, but there is {}", nothing(proposal, text, &path));
            let meant = meant(corpus, &path).filter(|moved| !std::ptr::eq(*moved, proposal));
            let help = match meant {
                Some(moved) => format!("did you mean `/{}`?", moved.path),
                None if is_relative(proposal, text, &path) => {
                    "write a path from the root, with `/` in front; for another repository, the whole address"
                        .to_owned()
                }
                None => "write the path that it has now, or remove it".to_owned(),
            };
            report.metadata(proposal, item.span, said).help(help);
        } else if let Some(number) = corpus.dead_number(text) {
            report
                .metadata(proposal, item.span, format!("`{name}` names `{text}`, but there is no proposal {number}"))
                .help("write the number of a proposal of this repository; for anything else, its address");
        }
    }
}

/// What is not there: a path that was written without a hint of where it begins is neither here nor at the root.
fn nothing(proposal: &Proposal, text: &str, path: &str) -> String {
    if is_relative(proposal, text, path) {
        "no such path, neither beside this file nor from the root of the repository".to_owned()
    } else {
        format!("no {path}")
    }
}

fn is_relative(proposal: &Proposal, text: &str, path: &str) -> bool {
    !text.starts_with(['/', '.']) && tree::is_below(path, tree::split(&proposal.metadata_path).0)
}
