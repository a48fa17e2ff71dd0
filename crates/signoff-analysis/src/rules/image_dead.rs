//! `image-dead`: a picture of the repository that is not there.

use signoff_model::{Corpus, Proposal, Severity};

use super::links::{Lead, lead};
use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "image-dead",
    severity: Severity::Warning,
    page: include_str!("image_dead.md"),
    looks_at: LooksAt::Prose,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let Some(prose) = &proposal.prose else { return };
    for image in prose.document.body.links.iter().filter(|link| link.image) {
        let message = match lead(corpus, &prose.source.path, image) {
            Lead::Fine => continue,
            Lead::Outside => format!("the picture `{}` lies outside the repository", image.target),
            Lead::Missing(path) => format!("no picture is at `{path}`"),
        };
        report.prose(proposal, image.span, message);
    }
}
