//! `milestone-alpha`, `milestone-beta`, `milestone-stable`, `stage-reached`: whether a gate came to its stages with the
//! releases that the proposal names.

use signoff_model::fact::{Evidence, GateSpec, GateStage, PageStage};
use signoff_model::profile::Meaning;
use signoff_model::proposal::Item;
use signoff_model::{Release, Span};

use super::existence::{self, Whereabouts, whereabouts};
use super::subject::{Subject, Subjects, stated};
use super::{ClaimKind, ClaimVerdict, Examined, Fix, Flaw, Known, spelt};
use crate::gates::{BEFORE_GATES, Gates, Listed, Paged};

pub(super) fn judge<'c>(examined: &Examined<'c, '_>, subjects: &Subjects<'c>, found: &mut Vec<ClaimVerdict<'c>>) {
    let bound = subjects.bound();
    let lives: Vec<(&Subject<'c>, Option<Life<'_>>)> =
        bound.iter().map(|subject| (*subject, Life::of(&examined.known.gates, &subject.real))).collect();
    for (kind, stage) in [
        (ClaimKind::MilestoneAlpha, GateStage::Alpha),
        (ClaimKind::MilestoneBeta, GateStage::Beta),
        (ClaimKind::MilestoneStable, GateStage::Stable),
    ] {
        let prepared = &examined.corpus.prepared;
        let milestones = examined.proposal.milestones(prepared);
        let Some((_, item)) = milestones.iter().find(|(name, _)| *name == stage.word()) else { continue };
        let Some(release) = Release::parse(item.text).filter(|release| !release.is_none()) else { continue };
        let asked = Asked { kind, stage, item: *item, release };
        found.extend(lives.iter().map(|(subject, life)| milestone(examined, &asked, subject, life.as_ref(), &lives)));
    }
    found.extend(lives.iter().filter_map(|(subject, life)| reached(examined, subject, life.as_ref(), &lives)));
}

/// A milestone of the metadata.
struct Asked<'c> {
    kind: ClaimKind,
    stage: GateStage,
    item: Item<'c>,
    release: Release,
}

/// The stages of a gate, as the newest source that has it tells them.
pub(super) enum Life<'k> {
    /// The code tells them.
    Code(&'k Listed<'k>),
    /// Only a page does.
    Page(&'k Paged<'k>),
}

impl<'k> Life<'k> {
    pub(super) fn of(gates: &'k Gates<'k>, name: &str) -> Option<Self> {
        match whereabouts(gates, name) {
            Whereabouts::Code(_, listed) => Some(Self::Code(listed)),
            Whereabouts::Page(paged) => Some(Self::Page(paged)),
            Whereabouts::Nowhere => None,
        }
    }

    /// Every stage with its first version, in the order of the source; the time before gates left out.
    fn stages(&self) -> Vec<(GateStage, Release)> {
        let stages: Vec<(GateStage, Release)> = match self {
            Self::Code(listed) => listed.specs.iter().map(|spec| (spec.stage, spec.since)).collect(),
            Self::Page(paged) => {
                paged.page.stages.iter().filter_map(|stage| Some((stage.stage, stage.from?))).collect()
            }
        };
        stages.into_iter().filter(|(_, since)| *since > BEFORE_GATES).collect()
    }

    /// The first version at a stage, without its patch.
    pub(super) fn first(&self, stage: GateStage) -> Option<Release> {
        let since = self.stages().into_iter().filter(|(other, _)| *other == stage).map(|(_, since)| since).min()?;
        Some(Release { patch: 0, ..since })
    }

    /// Whether an entry of this stage begins with this version.
    fn begins(&self, stage: GateStage, release: Release) -> bool {
        self.stages().iter().any(|(other, since)| *other == stage && since.minors_after(release) == 0)
    }

    /// The furthest stage up to a version; what is deprecated keeps the stage that it had.
    pub(super) fn furthest(&self, release: Release) -> Option<GateStage> {
        let until = |since: &Release| since.minors_after(release) <= 0;
        let stages: Vec<GateStage> =
            self.stages().into_iter().filter(|(_, since)| until(since)).map(|(stage, _)| stage).collect();
        let kept = stages.iter().copied().filter(|stage| *stage != GateStage::Deprecated).max();
        kept.or_else(|| stages.last().copied())
    }

    /// The stage at a version: the last one that began by then, whatever came before.
    pub(super) fn at(&self, release: Release) -> Option<GateStage> {
        let until = self.stages().into_iter().filter(|(_, since)| since.minors_after(release) <= 0);
        until.max_by_key(|(_, since)| *since).map(|(stage, _)| stage)
    }

    /// The line that tells when a stage began, or the gate's first line.
    pub(super) fn evidence(&self, stage: GateStage) -> Evidence {
        match self {
            Self::Code(listed) => {
                let spec: Option<&GateSpec> = listed.first(stage);
                listed.evidence(spec.map_or(&listed.fact.at, |spec| &spec.since_at))
            }
            Self::Page(paged) => {
                let stages = paged.page.stages.iter().filter(|other| other.stage == stage);
                let first: Option<&PageStage> = stages.min_by_key(|stage| stage.from);
                paged.evidence(first.map_or(&paged.fact.at, |stage| &stage.from_at))
            }
        }
    }

    /// The whole life in words: `alpha 1.20, beta 1.22`.
    fn words(&self) -> String {
        let stages: Vec<String> =
            self.stages().iter().map(|(stage, since)| format!("{} {}", stage.word(), spelt(*since))).collect();
        if stages.is_empty() { "no stage with a version".into() } else { stages.join(", ") }
    }
}

/// Whether the code of a release has one of these gates at a stage, or further on.
#[must_use]
pub fn stage_in_code(known: &Known<'_>, gates: &[&str], stage: &str, release: Release) -> StageInCode {
    let unknown = |reason: String| StageInCode { is_there: None, reason, evidence: Vec::new() };
    let Some(wanted) = GateStage::parse(stage) else {
        return unknown(format!("gates have no stage `{stage}`"));
    };
    if known.newest().is_none_or(|newest| release.minors_after(newest) > 0) {
        return unknown(format!("no list of gates of {release} is in hand"));
    }
    let lives: Vec<(&str, Life<'_>)> =
        gates.iter().filter_map(|name| Some((*name, Life::of(&known.gates, name)?))).collect();
    let reached = |life: &Life<'_>| match wanted {
        GateStage::Deprecated => life.at(release) == Some(GateStage::Deprecated),
        _ => life.furthest(release).is_some_and(|at| at >= wanted && at != GateStage::Deprecated),
    };
    if let Some((name, life)) = lives.iter().find(|(_, life)| reached(life)) {
        let reason = format!("{name} is {stage} in {release}");
        return StageInCode { is_there: Some(true), reason, evidence: vec![life.evidence(wanted)] };
    }
    match lives.first() {
        None => unknown("no list in hand has a gate of the proposal".into()),
        Some(_) if lives.len() < gates.len() => unknown("no list in hand has every gate of the proposal".into()),
        Some((name, life)) => {
            let at = life.furthest(release).map_or("not there", |stage| stage.word());
            let reason = format!("{name} is {at} in {release}: {}", life.words());
            StageInCode { is_there: Some(false), reason, evidence: vec![life.evidence(wanted)] }
        }
    }
}

/// Whether the code of a release has a stage.
#[derive(Clone, Debug)]
pub struct StageInCode {
    /// Whether it does; `None` where no source tells.
    pub is_there: Option<bool>,
    /// Why, in one sentence without a period.
    pub reason: String,
    /// Where that is said.
    pub evidence: Vec<Evidence>,
}

type Lives<'c, 'k> = [(&'k Subject<'c>, Option<Life<'k>>)];

fn milestone<'c>(
    examined: &Examined<'c, '_>,
    asked: &Asked<'c>,
    subject: &Subject<'c>,
    life: Option<&Life<'_>>,
    lives: &Lives<'c, '_>,
) -> ClaimVerdict<'c> {
    let claim = examined.claim(asked.kind, subject.name, asked.item.text);
    let claim = claim.stated(stated(&examined.proposal.source, asked.item.span));
    if examined.is_ahead(asked.release) {
        return claim.future(format!("{} is newer than every list in hand", asked.release));
    }
    let Some(life) = life else { return nowhere(examined, claim, asked.release, subject, lives) };
    let claim = claim.seen([life.evidence(asked.stage)]);
    let first = life.first(asked.stage);
    let word = asked.stage.word();
    if first.is_some_and(|first| first.minors_after(asked.release) == 0) {
        return claim.agree(examined.written(asked.release), format!("{word} since {}", spelt(asked.release)));
    }
    if let Some(reason) = unbound(examined, subject, lives) {
        return match first {
            Some(first) => claim.found(examined.written(first)).unknown(reason),
            None => claim.unknown(reason),
        };
    }
    if life.begins(asked.stage, asked.release) {
        let began = first.map_or_else(|| "?".to_owned(), spelt);
        let reason = format!("{word} again in {}, first in {began}", spelt(asked.release));
        return claim.soft(Flaw::MilestoneDiffers, first.map(|first| examined.written(first)), reason);
    }
    let Some(first) = first else { return without(claim, asked, life) };
    let reason = format!("{word} since {}, not {}", spelt(first), spelt(asked.release));
    let replacement = examined.written(first);
    let fix = fix(examined, asked.item.span, &replacement);
    claim
        .drift(Flaw::MilestoneDiffers, Some(replacement.clone()), reason)
        .suggesting(replacement)
        .fixed_by(fix.filter(|_| matches!(life, Life::Code(_))))
}

/// No source has the gate. Lists reach back to their oldest version: what was to come since then has not come.
fn nowhere<'c>(
    examined: &Examined<'c, '_>,
    claim: ClaimVerdict<'c>,
    release: Release,
    subject: &Subject<'c>,
    lives: &Lives<'c, '_>,
) -> ClaimVerdict<'c> {
    let oldest = examined.known.gates.releases().next();
    let is_covered = oldest.is_some_and(|oldest| release.minors_after(oldest) >= 0);
    if !is_covered || lives.len() > 1 || !existence::is_missing(examined, subject) {
        return claim.unknown("no source in hand has the gate");
    }
    let reason = format!("no list has the gate, and {} is out", spelt(release));
    claim.drift(Flaw::NotReached, None, reason)
}

/// The gate never had the stage.
fn without<'c>(claim: ClaimVerdict<'c>, asked: &Asked<'c>, life: &Life<'_>) -> ClaimVerdict<'c> {
    let word = asked.stage.word();
    let words = life.words();
    if life.begins(GateStage::Deprecated, asked.release) {
        let reason = format!("the gate came as deprecated with {}: it only takes something away", spelt(asked.release));
        return claim.soft(Flaw::MilestoneDiffers, Some(words), reason);
    }
    let begin = life.stages().iter().map(|(_, since)| *since).min();
    if let (Life::Page(_), Some(begin)) = (life, begin.filter(|begin| asked.release.minors_after(*begin) < 0)) {
        let reason = format!("the page begins with {}, and does not tell what came before", spelt(begin));
        return claim.soft(Flaw::MilestoneDiffers, Some(words), reason);
    }
    let is_past = life.stages().iter().any(|(stage, _)| *stage > asked.stage && *stage != GateStage::Deprecated);
    if is_past {
        let reason = format!("the gate never was at {word}: {words}");
        return claim.drift(Flaw::MilestoneDiffers, Some(words), reason);
    }
    let reason = format!("the gate has not come to {word}: {words}");
    claim.drift(Flaw::NotReached, Some(words), reason)
}

/// Why it cannot be told whether a milestone is about this gate.
fn unbound(examined: &Examined<'_, '_>, subject: &Subject<'_>, lives: &Lives<'_, '_>) -> Option<String> {
    if lives.len() > 1 {
        return Some(format!("the proposal has {} gates and does not say which of them this is about", lives.len()));
    }
    let others = examined.named.get(subject.name).copied().unwrap_or_default();
    (others > 1).then(|| format!("{others} proposals share the gate; whose stage it is cannot be told"))
}

fn fix(examined: &Examined<'_, '_>, span: Span, text: &str) -> Option<Fix> {
    let written = examined.proposal.source.slice(span);
    let quoted = written.starts_with('"') && written.ends_with('"') && written.len() > 1;
    let replacement = if quoted { format!("\"{text}\"") } else { text.to_owned() };
    written.lines().nth(1).is_none().then_some(Fix { span, replacement })
}

/// Whether the gate is as far as the proposal says, by the newest release that it names.
fn reached<'c>(
    examined: &Examined<'c, '_>,
    subject: &Subject<'c>,
    life: Option<&Life<'_>>,
    lives: &Lives<'c, '_>,
) -> Option<ClaimVerdict<'c>> {
    let prepared = &examined.corpus.prepared;
    let written = examined.proposal.stage(prepared)?;
    let stage = GateStage::parse(written).filter(|stage| *stage != GateStage::PreAlpha)?;
    let release = examined.proposal.latest_milestone(prepared)?;
    let pair = examined.proposal.meant(prepared, Meaning::Stage)?;
    let claim = examined.claim(ClaimKind::StageReached, subject.name, format!("{written} by {}", spelt(release)));
    let claim = claim.stated(stated(&examined.proposal.source, pair.node.span));
    if examined.is_ahead(release) {
        return Some(claim.future(format!("{release} is newer than every list in hand")));
    }
    let Some(life) = life else { return Some(nowhere(examined, claim, release, subject, lives)) };
    let claim = claim.seen([life.evidence(stage)]);
    let at = life.furthest(release);
    let found = at.map_or_else(|| "nothing".to_owned(), |stage| stage.word().to_owned());
    if stage == GateStage::Deprecated {
        return Some(deprecated(claim, life, release));
    }
    if at.is_some_and(|at| at >= stage && at != GateStage::Deprecated) {
        return Some(claim.agree(found.clone(), format!("{found} in {}", spelt(release))));
    }
    let has_reached = |life: &Life<'_>| {
        let at = life.furthest(release);
        at.is_some_and(|at| at >= stage && at != GateStage::Deprecated)
    };
    let others = lives.iter().filter_map(|(_, life)| life.as_ref()).any(has_reached);
    if others {
        return Some(claim.unknown("another gate of the proposal is at the stage, and it does not say which it means"));
    }
    if lives.len() == 1
        && let Some(reason) = unbound(examined, subject, lives)
    {
        return Some(claim.found(found).unknown(reason));
    }
    if at == Some(GateStage::Deprecated) {
        let reason = format!("the gate is only there as deprecated: {}", life.words());
        return Some(claim.soft(Flaw::NotReached, Some(found), reason));
    }
    Some(late(claim, stage, release, found, life))
}

/// The stage was not reached by then: perhaps later.
fn late<'c>(
    claim: ClaimVerdict<'c>,
    stage: GateStage,
    release: Release,
    found: String,
    life: &Life<'_>,
) -> ClaimVerdict<'c> {
    match life.first(stage) {
        Some(first) => {
            let reason = format!("{} came with {}, after {}", stage.word(), spelt(first), spelt(release));
            claim.soft(Flaw::NotReached, Some(format!("{} in {}", stage.word(), spelt(first))), reason)
        }
        None => {
            let reason = format!("in {} the gate is no further than {found}: {}", spelt(release), life.words());
            claim.drift(Flaw::NotReached, Some(found), reason)
        }
    }
}

/// A proposal that takes something away.
fn deprecated<'c>(claim: ClaimVerdict<'c>, life: &Life<'_>, release: Release) -> ClaimVerdict<'c> {
    match life.at(release) {
        Some(GateStage::Deprecated) => claim.agree("deprecated", format!("deprecated in {}", spelt(release))),
        Some(other) => {
            claim.unknown(format!("the gate is at {}; what the proposal deprecates need not be the gate", other.word()))
        }
        None => claim.unknown("the gate has no stage at that release"),
    }
}
