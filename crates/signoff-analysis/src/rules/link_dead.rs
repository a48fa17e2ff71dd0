//! `link-dead`: a link into the repository that leads to nothing.

use signoff_model::{Corpus, Proposal, Severity};

use super::link_places::LinkPlaces;
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
    let mut places = LinkPlaces::of(prose);
    let mut suggestions = 0;
    for link in prose.document.body.links.iter().filter(|link| !link.image) {
        let lead = lead(corpus, &prose.source.path, link);
        if lead == Lead::Fine {
            continue;
        }
        let Some(place) = places.report_at(link) else { continue };
        let Lead::Missing(path) = lead else {
            let message = format!("`{}` leads out of the repository; write the full address", link.target);
            report.prose(proposal, place, message);
            continue;
        };
        let found = report.prose(proposal, place, format!("nothing is at `{path}`"));
        suggestions += 1;
        let meant = if suggestions <= SUGGESTIONS_MAX { meant(corpus, &path) } else { None };
        if let Some(meant) = meant.filter(|meant| *meant.path != *proposal.path) {
            found.help(format!("is `/{}` meant?", meant.path));
        } else if is_bare(&link.target) {
            found.help(
                "from the root of the repository a path begins with `/`; what is in another one needs its full address",
            );
        }
    }
}

/// Whether a target is a path of several folders that says neither `/` nor `.` where it begins.
fn is_bare(target: &str) -> bool {
    !target.starts_with(['/', '.', '#']) && target.contains('/') && !target.contains("://")
}
