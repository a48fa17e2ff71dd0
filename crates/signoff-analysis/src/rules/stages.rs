//! Stages and releases as prose names them.

use memchr::memmem;
use signoff_model::profile::{Prepared, Stage};
use signoff_model::{Proposal, Release, wording};

/// The proposal's stage, when it is one of the profile's and not the first of its track.
pub(super) fn later_stage<'a>(prepared: &'a Prepared, proposal: &Proposal) -> Option<&'a Stage> {
    let stage = known_stage(prepared, proposal)?;
    let first = prepared.profile.stage.iter().find(|other| other.track == stage.track)?;
    (first.name != stage.name).then_some(stage)
}

/// The proposal's stage, when it is one of the profile's.
pub(super) fn known_stage<'a>(prepared: &'a Prepared, proposal: &Proposal) -> Option<&'a Stage> {
    prepared.profile.stage(proposal.stage(prepared)?)
}

/// A stage to look for in texts.
pub(super) struct NamedStage {
    /// The words of each of its names.
    names: Vec<memmem::Finder<'static>>,
}

impl NamedStage {
    pub(super) fn of(stage: &Stage) -> Self {
        let finder = |name: &String| memmem::Finder::new(&wording::words(name)).into_owned();
        Self { names: std::iter::once(&stage.name).chain(&stage.aliases).map(finder).collect() }
    }

    /// Whether a text names the stage by one of its names; `beta2` and `betas` name `beta` too.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.is_in_words(&wording::words(text))
    }

    /// The same for the words of a text.
    pub(super) fn is_in_words(&self, words: &str) -> bool {
        let words = words.as_bytes();
        let named = |name: &memmem::Finder<'_>, at: usize| {
            let begins = at == 0 || words[at - 1] == b' ';
            begins && ends_word(&words[at + name.needle().len()..])
        };
        self.names.iter().any(|name| name.find_iter(words).any(|at| named(name, at)))
    }
}

/// Whether a name ends where this follows, be it numbered or a plural.
fn ends_word(rest: &[u8]) -> bool {
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = &rest[digits..];
    matches!(rest.strip_prefix(b"s").unwrap_or(rest), [] | [b' ', ..])
}

/// A release to look for in texts.
pub(super) struct NamedRelease {
    number: memmem::Finder<'static>,
}

impl NamedRelease {
    pub(super) fn of(release: Release) -> Self {
        Self { number: memmem::Finder::new(&format!("{}.{}", release.major, release.minor)).into_owned() }
    }

    /// Whether a text names the release, with or without what it starts with.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let text = text.as_bytes();
        self.number.find_iter(text).any(|at| {
            let before = at.checked_sub(1).map(|before| text[before]);
            let after = text.get(at + self.number.needle().len());
            !before.is_some_and(|byte| byte.is_ascii_digit() || byte == b'.') && !after.is_some_and(u8::is_ascii_digit)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_by_their_names() {
        let stage = Stage { name: "stable".to_owned(), aliases: vec!["GA".to_owned()], ..Stage::default() };
        let cases = [
            ("#### Beta -> GA Graduation", true),
            ("Stable:", true),
            ("GA'd in v1.30", true),
            ("Stable2", true),
            ("a garage, unstable", false),
            ("stability", false),
        ];
        for (text, expected) in cases {
            assert_eq!(NamedStage::of(&stage).is_in(text), expected, "{text:?}");
        }
    }

    #[test]
    fn releases_by_their_numbers() {
        let release = Release { major: 1, minor: 3, patch: 0 };
        let cases = [("v1.3", true), ("1.3.1", true), ("v1.36", false), ("0.1.3", false), ("", false), ("11.3", false)];
        for (text, expected) in cases {
            assert_eq!(NamedRelease::of(release).is_in(text), expected, "{text:?}");
        }
    }
}
