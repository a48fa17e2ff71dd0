//! Stages and releases as prose names them.

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

/// Whether a text names a stage by one of its names; `beta2` and `betas` name `beta` too.
pub(super) fn names_stage(text: &str, stage: &Stage) -> bool {
    let words = wording::words(text);
    let padded = format!(" {words} ");
    std::iter::once(&stage.name).chain(&stage.aliases).any(|name| {
        let name = wording::words(name);
        padded.match_indices(&format!(" {name}")).any(|(at, found)| {
            let rest = padded[at + found.len()..].trim_start_matches(|c: char| c.is_ascii_digit());
            rest.strip_prefix('s').unwrap_or(rest).starts_with(' ')
        })
    })
}

/// Whether a text names a release, with or without what it starts with.
pub(super) fn names_release(text: &str, release: Release) -> bool {
    let number = format!("{}.{}", release.major, release.minor);
    text.match_indices(&number).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + number.len()..].chars().next();
        !before.is_some_and(|c| c.is_ascii_digit() || c == '.') && !after.is_some_and(|c| c.is_ascii_digit())
    })
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
            assert_eq!(names_stage(text, &stage), expected, "{text:?}");
        }
    }

    #[test]
    fn releases_by_their_numbers() {
        let release = Release { major: 1, minor: 3, patch: 0 };
        let cases = [("v1.3", true), ("1.3.1", true), ("v1.36", false), ("0.1.3", false), ("", false), ("11.3", false)];
        for (text, expected) in cases {
            assert_eq!(names_release(text, release), expected, "{text:?}");
        }
    }
}
