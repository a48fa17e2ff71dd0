//! `section-empty`: a section that the process requires holds nothing of the author's.

use signoff_model::profile::Profile;
use signoff_model::template::SectionState;
use signoff_model::{Corpus, Proposal, Severity};

use super::sections::{best, is_late, needed_by};
use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "section-empty",
    severity: Severity::Warning,
    page: include_str!("section_empty.md"),
    looks_at: LooksAt::Prose,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let Some(document) = proposal.document() else { return };
    let prepared = &corpus.prepared;
    for (rule, best) in prepared.profile.section.iter().zip(best(prepared, document)) {
        let Some(found) = best.filter(|found| found.state != SectionState::Written) else { continue };
        if is_form(&prepared.profile, &rule.title) || !report.requires(&rule.required, proposal) {
            continue;
        }
        let what = match found.state {
            SectionState::Scaffold => "holds nothing but the template's text and headings",
            _ => "is empty",
        };
        let message = format!("section `{}` {what}; {}", found.section.title, needed_by(corpus, proposal, rule));
        let late = is_late(prepared, proposal, rule.since.as_deref());
        report.prose(proposal, found.section.heading, message).advice_if(late);
    }
}

/// Whether a section is a checklist, whose items are the template's, or a questionnaire, whose
/// questions are looked at one by one.
fn is_form(profile: &Profile, title: &str) -> bool {
    profile.checklist.iter().any(|checklist| checklist.section == title)
        || profile.questionnaire.iter().any(|questionnaire| questionnaire.section == title)
}
