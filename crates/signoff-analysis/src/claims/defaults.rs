//! `gate-default`: whether a gate is on by default at a stage where the graduation criteria say so in so many words.

use memchr::memmem;
use signoff_model::fact::GateStage;
use signoff_model::profile::SectionRole;
use signoff_model::{Release, Span, wording};

use super::existence::{Whereabouts, whereabouts};
use super::subject::{Subject, stated};
use super::{ClaimKind, ClaimVerdict, Examined, Flaw};
use crate::rules::sections::with_role;

/// What a line says, and whether that means on.
const PHRASES: [(&str, bool); 8] = [
    ("enabled by default", true),
    ("on by default", true),
    ("disabled by default", false),
    ("off by default", false),
    ("default enabled", true),
    ("default disabled", false),
    ("default on", true),
    ("default off", false),
];
/// Words with which a line says something else.
const DOUBTS: [&str; 12] =
    ["not", "no", "n't", "isn t", "if", "until", "unless", "when", "was", "remains", "be able", "consider"];

pub(super) fn judge<'c>(examined: &Examined<'c, '_>, bound: &[&Subject<'c>], found: &mut Vec<ClaimVerdict<'c>>) {
    let [subject] = bound else { return };
    let stages = [GateStage::Alpha, GateStage::Beta, GateStage::Stable];
    found.extend(stages.into_iter().filter_map(|stage| default(examined, subject, stage)));
}

fn default<'c>(examined: &Examined<'c, '_>, subject: &Subject<'c>, stage: GateStage) -> Option<ClaimVerdict<'c>> {
    let (is_on, span) = said(examined, stage)?;
    let prose = examined.proposal.prose.as_ref()?;
    let word = |is_on: bool| if is_on { "on" } else { "off" };
    let claimed = format!("{} at {}", word(is_on), stage.word());
    let claim = examined.claim(ClaimKind::GateDefault, subject.name, claimed).stated(stated(&prose.source, span));
    let prepared = &examined.corpus.prepared;
    if examined.proposal.milestone(prepared, stage.word()).is_some_and(|release: Release| examined.is_ahead(release)) {
        return Some(claim.future("the stage is still to come"));
    }
    let Whereabouts::Code(_, listed) = whereabouts(examined, &subject.real) else {
        return Some(claim.unknown("no list in hand has the gate"));
    };
    let specs: Vec<_> = listed.specs.iter().filter(|spec| spec.stage == stage).collect();
    let Some(first) = specs.first() else {
        return Some(claim.unknown(format!("the gate never was at {}", stage.word())));
    };
    let claim = claim.seen([listed.evidence(&first.default_at)]);
    if specs.iter().any(|spec| spec.default.is_none()) {
        return Some(claim.unknown("the list does not say whether it is on by default"));
    }
    if specs.iter().all(|spec| spec.default == Some(is_on)) {
        return Some(claim.agree(word(is_on), format!("{} by default at {}", word(is_on), stage.word())));
    }
    let found = Some(word(!is_on).to_owned());
    Some(match specs.iter().any(|spec| spec.default == Some(is_on)) {
        true => {
            claim.soft(Flaw::DefaultDiffers, found, format!("the default changed while it was at {}", stage.word()))
        }
        false => {
            let reason = format!("{} by default at {}", word(!is_on), stage.word());
            claim.drift(Flaw::DefaultDiffers, found, reason)
        }
    })
}

/// What the criteria of a stage say about the default, where they say one thing only.
fn said(examined: &Examined<'_, '_>, stage: GateStage) -> Option<(bool, Span)> {
    let prose = examined.proposal.prose.as_ref()?;
    let document = &prose.document;
    let criteria = with_role(&examined.corpus.prepared, document, SectionRole::Criteria);
    let mut said: Option<(bool, Span)> = None;
    for whole in criteria {
        let inside = |span: Span| span.start > whole.section.heading.start && span.end <= whole.section.extent.end;
        let of_stage =
            document.body.sections.iter().filter(|section| inside(section.heading) && names(&section.words, stage));
        for section in of_stage {
            for (is_on, span) in
                statements(&document.body.without_comments(&prose.source.text, section.content), section.content)
            {
                match said {
                    Some((other, _)) if other != is_on => return None,
                    Some(_) => {}
                    None => said = Some((is_on, span)),
                }
            }
        }
    }
    said
}

/// Whether a heading is about entering a stage: `Beta`, `Alpha -> Beta graduation`.
fn names(words: &str, stage: GateStage) -> bool {
    let words: Vec<&str> = words.split(' ').collect();
    let named = |stage: GateStage| match stage {
        GateStage::Stable => words.iter().rposition(|word| matches!(*word, "ga" | "stable")),
        other => words.iter().rposition(|word| *word == other.word()),
    };
    let own = named(stage);
    own.is_some()
        && [GateStage::Alpha, GateStage::Beta, GateStage::Stable, GateStage::Deprecated]
            .into_iter()
            .all(|other| other == stage || named(other) < own)
}

/// The lines that say in so many words whether the feature or its gate is on.
fn statements(text: &str, span: Span) -> Vec<(bool, Span)> {
    let mut found = Vec::new();
    let mut start = span.range().start;
    for line in text.split_inclusive('\n') {
        let words = wording::words(line);
        let is_about = words.contains("feature") || words.contains("gate");
        let has_doubt = DOUBTS.iter().any(|doubt| format!(" {words} ").contains(&format!(" {doubt} ")));
        let phrase = PHRASES.iter().find(|(phrase, _)| memmem::find(words.as_bytes(), phrase.as_bytes()).is_some());
        if let Some((_, is_on)) = phrase.filter(|_| is_about && !has_doubt && words.len() < 120) {
            found.push((*is_on, Span::new(start, start + line.trim_end().len())));
        }
        start += line.len();
    }
    found
}
