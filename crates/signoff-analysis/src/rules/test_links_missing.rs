//! `test-links-missing`: a feature past its first stage, and a test plan without a link to a test.

use signoff_model::body::Section;
use signoff_model::profile::{Prepared, SectionRole, StatusClass};
use signoff_model::proposal::Prose;
use signoff_model::template::SectionState;
use signoff_model::{Corpus, Proposal, Severity};

use super::sections::with_role;
use super::stages::later_stage;
use super::{LooksAt, Report, Rule, Run, sections};

pub(super) static RULE: Rule = Rule {
    code: "test-links-missing",
    severity: Severity::Warning,
    page: include_str!("test_links_missing.md"),
    looks_at: LooksAt::Prose,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let Some(prose) = &proposal.prose else { return };
    if !matches!(proposal.class(prepared), StatusClass::Accepted | StatusClass::Done) {
        return;
    }
    let Some(stage) = later_stage(prepared, proposal) else { return };
    let plans = with_role(prepared, &prose.document, SectionRole::Tests);
    let mut written = plans.iter().filter(|plan| plan.state == SectionState::Written).peekable();
    let Some(first) = written.peek().map(|plan| plan.section.heading) else { return };
    if !written.any(|plan| has_links(corpus, prose, plan.section)) {
        let message = format!(
            "the proposal is at stage `{}`, and its test plan links no test; link the tests and their results",
            stage.name
        );
        report.prose(proposal, first, message).advice_if(is_late(prepared, proposal));
    }
}

fn has_links(corpus: &Corpus, prose: &Prose, section: &Section) -> bool {
    let text = prose.document.body.without_comments(&prose.source.text, section.extent);
    if corpus.prepared.profile.body.test_hosts.iter().any(|host| text.contains(host.as_str())) {
        return true;
    }
    let links = &prose.document.body.links;
    let first = links.partition_point(|link| link.span.start < section.extent.start);
    let inside = links[first..].iter().take_while(|link| link.span.start < section.extent.end);
    let local = |target: &str| !target.starts_with('#') && corpus.link_target(&prose.source.path, target).is_some();
    let paths = &corpus.prepared.profile.body.test_paths;
    let test = |target: &str| paths.iter().any(|path| target.contains(path.as_str()));
    inside.filter(|link| !link.image).any(|link| local(&link.target) || test(&link.target))
}

/// Whether the proposal was accepted before the test plan asked for single tests.
fn is_late(prepared: &Prepared, proposal: &Proposal) -> bool {
    let rules = &prepared.profile.section;
    let plans = rules.iter().filter(|section| section.role == Some(SectionRole::Tests));
    let parts = plans.flat_map(|plan| rules.iter().filter(|part| part.under.as_deref() == Some(&plan.title)));
    parts.into_iter().any(|part| sections::is_late(prepared, proposal, part.since.as_deref()))
}
