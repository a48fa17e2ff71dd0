//! The versions that are asked about, and which lists speak for them.

use std::collections::BTreeMap;

use signoff_model::Release;

use super::Gap;
use crate::gates::{Certainty, Gates, Listed};

/// A version as it is asked for: with or without a patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The version; its patch is 0 where none is named.
    pub release: Release,
    /// Whether a patch is named.
    pub has_patch: bool,
}

impl Asked {
    /// Reads `1.34`, `v1.34.2`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        Some(Self { release: Release::parse(text)?, has_patch: text.bytes().filter(|byte| *byte == b'.').count() == 2 })
    }
}

/// A version, and what speaks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// The version.
    pub release: Release,
    /// The version whose lists speak for it; `None` where none does.
    pub read: Option<Release>,
    /// How what is said of it is known.
    pub certainty: Certainty,
}

/// Why nothing can be said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No list of gates was given.
    #[error(
        "no list of gates is in hand, so nothing is known of any version\ngive the code of both versions with --code"
    )]
    NothingKnown,
    /// The version lies beyond the newest one that is known.
    #[error(
        "{asked} lies beyond {known}, the newest version whose gates are in hand\ngive its code with --code, or say \
         --allow-unknown to be told what {known} has"
    )]
    BeyondKnown {
        /// The version.
        asked: String,
        /// The newest known one.
        known: String,
    },
    /// A version is to emulate a later one.
    #[error("{binary} cannot emulate {emulated}, which is later\nname an earlier version with --emulate")]
    EmulatesLater {
        /// The version.
        binary: String,
        /// The one to emulate.
        emulated: String,
    },
}

/// A release without its `v`, with its patch.
#[must_use]
pub fn spelt(release: Release) -> String {
    format!("{}.{}.{}", release.major, release.minor, release.patch)
}

/// A release without its `v` and its patch.
#[must_use]
pub fn minor(release: Release) -> String {
    format!("{}.{}", release.major, release.minor)
}

/// The minor version of a release.
pub(super) fn floor(release: Release) -> Release {
    Release { patch: 0, ..release }
}

impl Version {
    /// What speaks for a version; what it does not is added to the gaps.
    ///
    /// # Errors
    /// When nothing is known, or the version lies beyond what is and that is not allowed.
    pub(super) fn of(gates: &Gates<'_>, asked: Asked, allow_unknown: bool, gaps: &mut Vec<Gap>) -> Result<Self, Error> {
        let Some(newest) = gates.newest().map(|registry| registry.release) else {
            if !allow_unknown {
                return Err(Error::NothingKnown);
            }
            gaps.push(Gap::of("gates", format!("no list of gates is in hand for {}", asked.words())));
            return Ok(Self { release: asked.release, read: None, certainty: Certainty::Unknown });
        };
        let same = |release: &Release| floor(*release) == floor(asked.release);
        let known: Vec<Release> = gates.releases().filter(same).collect();
        if let Some(last) = known.last() {
            let release = if asked.has_patch { asked.release } else { *last };
            if known.contains(&release) {
                return Ok(Self { release, read: Some(release), certainty: Certainty::Observed });
            }
            let nearest = gates.registry(release).map_or(*last, |registry| registry.release);
            let reason = format!(
                "{} is not in hand; what is said of it is what {} has, and a patch release may change a default",
                spelt(release),
                spelt(nearest)
            );
            gaps.push(Gap::of("version", reason));
            return Ok(Self { release, read: Some(nearest), certainty: Certainty::Inferred });
        }
        if asked.release > newest {
            if !allow_unknown {
                return Err(Error::BeyondKnown { asked: asked.words(), known: spelt(newest) });
            }
            let reason =
                format!("nothing is known of {}; what is said of it is what {} has", asked.words(), spelt(newest));
            gaps.push(Gap::of("version", reason));
            return Ok(Self { release: asked.release, read: Some(newest), certainty: Certainty::Unknown });
        }
        let reason = format!(
            "no list of {} is in hand; what is said of it follows from what other versions say of the past",
            asked.words()
        );
        gaps.push(Gap::of("version", reason));
        let later = gates.releases().find(|release| *release > asked.release);
        Ok(Self { release: asked.release, read: later, certainty: Certainty::Inferred })
    }

    /// The gates that it has, by name.
    pub(super) fn gates<'g>(&self, gates: &'g Gates<'g>) -> BTreeMap<&'g str, &'g Listed<'g>> {
        let Some(read) = self.read.and_then(|read| gates.registry(read)) else { return BTreeMap::new() };
        let own = read.gates.iter().map(|(name, listed)| (*name, listed));
        if floor(read.release) <= floor(self.release) {
            return own.collect();
        }
        // Between two versions that are in hand: what either has, and had begun by then.
        let earlier = gates.registries().find(|registry| registry.release < self.release);
        let earlier =
            earlier.into_iter().flat_map(|registry| registry.gates.iter().map(|(name, listed)| (*name, listed)));
        let begun = own.filter(|(_, listed)| listed.state(self.release).is_some());
        earlier.chain(begun).collect()
    }

    /// Whether a source says what its gates need.
    pub(super) fn tells_needs(&self, gates: &Gates<'_>) -> bool {
        let own = self.read.and_then(|read| gates.registry(read));
        own.is_some_and(|registry| registry.tells_needs && floor(registry.release) == floor(self.release))
    }
}

impl Asked {
    fn words(self) -> String {
        if self.has_patch { spelt(self.release) } else { minor(self.release) }
    }
}

/// The minor versions from one to another, without the first: those that an upgrade passes, in its order.
pub(super) fn hops(from: Release, to: Release) -> Vec<Release> {
    let at = |minor| Release { major: to.major, minor, patch: 0 };
    if from.major != to.major {
        return if floor(from) == floor(to) { Vec::new() } else { vec![floor(to)] };
    }
    // A version is at most six digits; nobody skips a thousand, and a mistake must not make a list of a million.
    const MOST: u32 = 1000;
    match from.minor.cmp(&to.minor) {
        std::cmp::Ordering::Less => (from.minor + 1..=to.minor).take(MOST as usize).map(at).collect(),
        std::cmp::Ordering::Greater => (to.minor..from.minor).rev().take(MOST as usize).map(at).collect(),
        std::cmp::Ordering::Equal => Vec::new(),
    }
}
