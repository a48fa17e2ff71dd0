//! `history-stale`: the history names neither the release nor the stage that the metadata does.

use signoff_model::profile::{SectionRole, StatusClass};
use signoff_model::template::SectionState;
use signoff_model::{Corpus, Proposal, Severity};

use super::sections::with_role;
use super::stages::{NamedRelease, NamedStage, later_stage};
use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "history-stale",
    severity: Severity::Info,
    page: include_str!("history_stale.md"),
    looks_at: LooksAt::Prose,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let Some(prose) = &proposal.prose else { return };
    if !matches!(proposal.class(prepared), StatusClass::Accepted | StatusClass::Done) {
        return;
    }
    let (Some(stage), Some(release)) = (later_stage(prepared, proposal), proposal.latest_milestone(prepared)) else {
        return;
    };
    let histories = with_role(prepared, &prose.document, SectionRole::History);
    let mut written = histories.iter().filter(|history| history.state == SectionState::Written).peekable();
    let Some(first) = written.peek().map(|history| history.section.heading) else { return };
    let current = written.any(|history| {
        let text = prose.document.body.without_comments(&prose.source.text, history.section.extent);
        NamedRelease::of(release).is_in(&text) || NamedStage::of(stage).is_in(&text)
    });
    if !current {
        let message = format!("the history names neither {release} nor stage `{}`, where the metadata is", stage.name);
        report.prose(proposal, first, message);
    }
}
