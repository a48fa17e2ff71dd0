//! `link-dead`: a link into the repository that leads to nothing.

use signoff_model::{Corpus, Proposal, Severity};

use super::links::{Lead, lead, meant};
use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "link-dead",
    severity: Severity::Warning,
    page: include_str!("link_dead.md"),
    looks_at: LooksAt::Prose,
    run: Run::Each(check),
};

/// For how many dead links of a file a better target is looked for.
const SUGGESTIONS_MAX: usize = 100;

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let Some(prose) = &proposal.prose else { return };
    let mut suggestions = 0;
    for link in prose.document.body.links.iter().filter(|link| !link.image) {
        let message = match lead(corpus, &prose.source.path, link) {
            Lead::Fine => continue,
            Lead::Outside => format!("`{}` leads out of the repository; write the full address", link.target),
            Lead::Missing(path) => {
                let found = report.prose(proposal, link.span, format!("nothing is at `{path}`"));
                suggestions += 1;
                if suggestions <= SUGGESTIONS_MAX
                    && let Some(meant) = meant(corpus, &path)
                {
                    found.help(format!("is `/{}` meant?", meant.path));
                }
                continue;
            }
        };
        report.prose(proposal, link.span, message);
    }
}
