//! Which gate of the code a name may be meant for: by the comment that cites the proposal, by equal milestones, or by a
//! small difference, in this order. Never for a gate that is still to come.

use signoff_model::Release;
use signoff_model::fact::{Evidence, GateStage, Record};
use signoff_model::spelling::distance_within;

use super::Examined;
use super::subject::Subject;
use crate::gates::{Listed, Registry};

/// Most letters by which a name and the one that is meant differ.
const LETTERS_MAX: usize = 2;

/// The gate that is meant.
pub(super) struct Renamed<'k> {
    pub(super) name: &'k str,
    pub(super) reason: String,
    /// Whether there is hardly another way to read it.
    pub(super) is_certain: bool,
    pub(super) evidence: Evidence,
}

pub(super) fn renamed<'k>(examined: &Examined<'_, 'k>, subject: &Subject<'_>) -> Option<Renamed<'k>> {
    cited(examined, subject).or_else(|| by_milestones(examined, subject)).or_else(|| by_spelling(examined, subject))
}

/// The one gate whose comment cites the proposal, and that the proposal does not name already.
fn cited<'k>(examined: &Examined<'_, 'k>, subject: &Subject<'_>) -> Option<Renamed<'k>> {
    let gates = &examined.known.gates;
    let number = signoff_model::proposal::bare_number(examined.proposal.label());
    let own = examined.proposal.gates(&examined.corpus.prepared);
    let mut candidates: Vec<&str> = Vec::new();
    let mut evidence = None;
    for (source, fact) in gates.citing(number) {
        let Record::Declaration(declaration) = &fact.record else { continue };
        let is_named = own.iter().any(|gate| gate.name == declaration.name.as_ref());
        if !is_named && !candidates.contains(&&*declaration.name) {
            candidates.push(&declaration.name);
            evidence = evidence.or_else(|| Some(source.evidence(&fact.path, &fact.at)));
        }
    }
    let [name] = candidates[..] else { return None };
    let reason = format!("its comment in the code cites proposal {number}");
    let is_certain = own.len() == 1 && subject.is_declared;
    Some(Renamed { name, reason, is_certain, evidence: evidence? })
}

/// The one gate that came to the same stages with the same releases, that shares words with the name, and that no
/// other proposal declares.
fn by_milestones<'k>(examined: &Examined<'_, 'k>, subject: &Subject<'_>) -> Option<Renamed<'k>> {
    let prepared = &examined.corpus.prepared;
    let claimed = [GateStage::Alpha, GateStage::Beta, GateStage::Stable]
        .map(|stage| examined.proposal.milestone(prepared, stage.word()).map(|release| (stage, release)));
    let claimed: Vec<(GateStage, Release)> =
        claimed.into_iter().flatten().filter(|(_, release)| !examined.is_ahead(*release)).collect();
    if claimed.len() < 2 {
        return None;
    }
    let is_alike = |listed: &Listed<'_>| {
        claimed.iter().all(|(stage, release)| listed.first(*stage).is_some_and(|spec| spec.since == *release))
    };
    let mut candidates =
        unnamed(examined).filter(|(_, name, listed)| is_alike(listed) && shares_words(subject.name, name));
    let (_, name, listed) = candidates.next()?;
    if candidates.any(|(_, other, _)| other != name) {
        return None;
    }
    let releases: Vec<String> = claimed.iter().map(|(stage, release)| format!("{} {release}", stage.word())).collect();
    let reason = format!("it came with the same releases ({})", releases.join(", "));
    let is_certain = distance_within(subject.name, name, LETTERS_MAX).is_some();
    Some(Renamed { name, reason, is_certain, evidence: listed.evidence(&listed.fact.at) })
}

/// The gate whose name differs least, by letter case or a few letters.
fn by_spelling<'k>(examined: &Examined<'_, 'k>, subject: &Subject<'_>) -> Option<Renamed<'k>> {
    let near = |name: &str| distance_within(subject.name, name, LETTERS_MAX);
    let listed =
        unnamed(examined).filter_map(|(_, name, listed)| Some((near(name)?, name, listed.evidence(&listed.fact.at))));
    let pages = examined
        .known
        .gates
        .pages()
        .filter_map(|paged| Some((near(&paged.page.name)?, &*paged.page.name, paged.evidence(&paged.fact.at))));
    let (letters, name, evidence) = listed.chain(pages).min_by_key(|(letters, name, _)| (*letters, *name))?;
    let reason = match letters {
        0 => "only the case of letters differs".to_owned(),
        1 => "one letter differs".to_owned(),
        _ => format!("{letters} letters differ"),
    };
    Some(Renamed { name, reason, is_certain: letters <= 1, evidence })
}

/// Gates of the code that no proposal declares, newest version first.
fn unnamed<'k>(examined: &Examined<'_, 'k>) -> impl Iterator<Item = (&'k Registry<'k>, &'k str, &'k Listed<'k>)> {
    let named = examined.named;
    let registries = examined.known.gates.registries();
    registries
        .flat_map(|registry| registry.gates.iter().map(move |(name, listed)| (registry, *name, listed)))
        .filter(move |(_, name, _)| !named.contains_key(name))
}

/// Whether two names have a word in common, cut at capitals.
fn shares_words(left: &str, right: &str) -> bool {
    let words = |name: &str| {
        let mut words: Vec<String> = Vec::new();
        for character in name.chars() {
            match words.last_mut() {
                Some(word) if !character.is_ascii_uppercase() => word.push(character.to_ascii_lowercase()),
                _ => words.push(character.to_ascii_lowercase().to_string()),
            }
        }
        words
    };
    let right = words(right);
    words(left).iter().any(|word| word.len() > 3 && right.contains(word))
}
