//! `graduation-target-missing`: the criteria say nothing about the stage that the proposal is at.

use std::cell::LazyCell;

use signoff_model::body::Section;
use signoff_model::profile::{SectionRole, StatusClass};
use signoff_model::proposal::Prose;
use signoff_model::template::SectionState;
use signoff_model::{Corpus, Proposal, Severity, Span, wording};

use super::sections::with_role;
use super::stages::{NamedRelease, NamedStage, known_stage};
use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "graduation-target-missing",
    severity: Severity::Warning,
    page: include_str!("graduation_target_missing.md"),
    looks_at: LooksAt::Prose,
    run: Run::Each(check),
};

fn check(corpus: &Corpus, proposal: &Proposal, report: &mut Report<'_>) {
    let prepared = &corpus.prepared;
    let Some(prose) = &proposal.prose else { return };
    if !matches!(proposal.class(prepared), StatusClass::Accepted | StatusClass::Done) {
        return;
    }
    let (Some(stage), Some(release)) = (known_stage(prepared, proposal), proposal.accepted(prepared)) else { return };
    let found = with_role(prepared, &prose.document, SectionRole::Criteria);
    let mut written = found.iter().filter(|found| found.state == SectionState::Written).peekable();
    let Some(first) = written.peek().map(|found| found.section.heading) else { return };
    let release = proposal.milestone(prepared, &stage.name).unwrap_or(release);
    let release = NamedRelease::of(release);
    let stages = LazyCell::new(|| prepared.profile.stage.iter().map(NamedStage::of).collect::<Vec<_>>());
    let names_a_stage = |words: &str| stages.iter().any(|stage| stage.is_in_words(words));
    let target = Target { stage: &NamedStage::of(stage), release: &release };
    if written.any(|found| target.is_in(prose, with_siblings(prose, found.section, names_a_stage))) {
        return;
    }
    let extents: Vec<Span> = found.iter().map(|found| with_siblings(prose, found.section, names_a_stage)).collect();
    let mut others = stages.iter().map(|stage| Target { stage, release: &release });
    let by_stage = others.any(|other| extents.iter().any(|extent| other.heads(prose, *extent)));
    let message =
        format!("there are no criteria for stage `{}`, where the proposal is; write them below its name", stage.name);
    report.prose(proposal, first, message).advice_if(!by_stage);
}

/// What the criteria are to name.
struct Target<'a> {
    stage: &'a NamedStage,
    release: &'a NamedRelease,
}

impl Target<'_> {
    /// Whether a heading with something below it names the target, or a list item, table row or bold
    /// text; where no heading tells stages apart, any line.
    fn is_in(&self, prose: &Prose, extent: Span) -> bool {
        if self.heads(prose, extent) {
            return true;
        }
        let text = prose.document.body.without_comments(&prose.source.text, extent);
        let has_parts = subsections(prose, extent).next().is_some();
        text.lines()
            .map(str::trim)
            .any(|line| !line.starts_with('#') && (!has_parts || is_marked(line)) && self.is_named(line))
    }

    /// Whether a heading below this section names the target and has something below it.
    fn heads(&self, prose: &Prose, extent: Span) -> bool {
        subsections(prose, extent).any(|part| {
            let text = prose.document.body.without_comments(&prose.source.text, part.extent);
            !text.trim().is_empty() && self.is_named(&part.title)
        })
    }

    fn is_named(&self, text: &str) -> bool {
        self.release.is_in(text) || self.stage.is_in(text)
    }
}

/// What criteria cover: their section, and the ones behind it that only name a stage, since authors
/// give those the same level.
fn with_siblings(prose: &Prose, section: &Section, names_a_stage: impl Fn(&str) -> bool) -> Span {
    const WORDS_MAX: usize = 4;
    let mut covered = section.extent;
    for next in prose.document.body.sections.iter().filter(|next| next.heading.start >= section.extent.end) {
        let short = next.words.split(' ').count() <= WORDS_MAX;
        let begins_behind = next.heading.start == covered.end;
        if !begins_behind || !short || !names_a_stage(&next.words) {
            break;
        }
        covered.end = next.extent.end;
    }
    covered
}

fn subsections(prose: &Prose, extent: Span) -> impl Iterator<Item = &Section> {
    prose.document.body.sections.iter().filter(move |other| extent.contains(other.heading))
}

/// Whether a line is an item, a row of a table, holds bold text, or announces what follows it.
fn is_marked(line: &str) -> bool {
    wording::without_list_mark(line).is_some()
        || line.starts_with('|')
        || line.contains("**")
        || line.contains("__")
        || line.ends_with(':')
}
