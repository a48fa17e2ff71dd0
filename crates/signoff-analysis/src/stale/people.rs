//! Who was seen lately, and where.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use signoff_model::event::{Touch, Toucher};
use signoff_model::people::handle_of;
use signoff_model::profile::Meaning;
use signoff_model::{Corpus, Proposal};

/// What the commits tell about people.
pub(super) struct Seen<'c> {
    /// The last touch of each proposal that was no sweep, else the one that brought it here.
    last: BTreeMap<&'c str, Timestamp>,
    /// Who touched each proposal lately.
    tending: BTreeMap<&'c str, BTreeSet<&'c Toucher>>,
    /// Handles, in lower case, of everybody who touched a proposal lately.
    working: BTreeSet<String>,
    /// Where each handle is named, in lower case, in proposals that somebody worked on lately.
    named: BTreeMap<String, BTreeSet<&'c str>>,
    /// Handles of the repository's aliases, in lower case.
    aliases: BTreeSet<String>,
}

impl<'c> Seen<'c> {
    pub(super) fn of(corpus: &'c Corpus, touches: &'c [Touch]) -> Self {
        let rules = &corpus.prepared.profile.stale;
        let days = |days: u32| SignedDuration::from_hours(24 * i64::from(days));
        let since = |count: u32| corpus.as_of.checked_sub(days(count)).unwrap_or(Timestamp::MIN);
        let (tended_since, absent_since) = (since(rules.tended_days), since(rules.absent_days));
        let mut seen = Self {
            last: BTreeMap::new(),
            tending: BTreeMap::new(),
            working: BTreeSet::new(),
            named: BTreeMap::new(),
            aliases: corpus.aliases.everybody().map(str::to_ascii_lowercase).collect(),
        };
        for touch in touches {
            // What brings a proposal here is work on it, also when it brings many.
            if touch.sweep && seen.last.contains_key(&*touch.proposal) {
                continue;
            }
            let last = seen.last.entry(&touch.proposal).or_insert(touch.at);
            *last = touch.at.max(*last);
            if touch.sweep {
                continue;
            }
            if let Some(by) = touch.by.as_ref().filter(|_| touch.at >= tended_since) {
                seen.tending.entry(&touch.proposal).or_default().insert(by);
            }
            if let Some(by) = touch.by.as_ref().filter(|_| touch.at >= absent_since) {
                seen.working.extend(handles(by));
            }
        }
        for proposal in &corpus.proposals {
            if seen.last.get(&*proposal.path).is_some_and(|last| *last >= absent_since) {
                seen.name_all(corpus, proposal);
            }
        }
        seen
    }

    fn name_all(&mut self, corpus: &'c Corpus, proposal: &'c Proposal) {
        for meaning in [Meaning::Authors, Meaning::Reviewers, Meaning::Approvers] {
            for item in proposal.items(&corpus.prepared, meaning) {
                if let Some(handle) = handle_of(item.text, &corpus.prepared.profile.people) {
                    self.named.entry(handle.to_ascii_lowercase()).or_default().insert(&proposal.path);
                }
            }
        }
    }

    /// When somebody last worked on a proposal.
    pub(super) fn last(&self, path: &str) -> Option<Timestamp> {
        self.last.get(path).copied()
    }

    /// How many people worked on a proposal lately.
    pub(super) fn tending(&self, path: &str) -> usize {
        self.tending.get(path).map_or(0, BTreeSet::len)
    }

    /// Whether a person, in lower case, was seen lately: at work, in the aliases, or named in another proposal.
    pub(super) fn was_seen(&self, person: &str, beside: &str) -> bool {
        let elsewhere = || self.named.get(person).is_some_and(|paths| paths.iter().any(|path| *path != beside));
        self.working.contains(person) || self.aliases.contains(person) || elsewhere()
    }
}

/// The handles, in lower case, that a person may have. Of a name and an address it can only be guessed, and a wrong
/// guess at most keeps a proposal from being called orphaned.
fn handles(by: &Toucher) -> Vec<String> {
    match by {
        Toucher::Handle(handle) => vec![handle.to_ascii_lowercase()],
        Toucher::Name(text) => {
            let (name, address) = text.split_once('<').unwrap_or((text, ""));
            let words: Vec<String> = name.split_whitespace().map(str::to_ascii_lowercase).collect();
            let local = address.split('@').next().unwrap_or_default().to_ascii_lowercase();
            vec![words.join("-"), words.concat(), local]
        }
    }
}
