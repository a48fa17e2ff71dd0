//! What a program is given after it was made: profiles and calendars that are newer than its own.
//!
//! A profile is one file of the usual form. A file of calendars has `[[calendar]]` tables as `signoff.toml` has them; it
//! may say of which `profile` they are and by `version` as of when.

use std::cmp::Ordering;

use serde::Deserialize;
use signoff_model::Span;
use signoff_model::profile::{ConfigFault, Prepared, Profile, WrittenCalendar};

use crate::{calendars, profiles};

/// What a text of TOML is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Addition {
    /// A profile.
    Profile(Head),
    /// Calendars.
    Calendars(CalendarFile),
}

/// What a profile says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Head {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The profile that it builds on.
    pub extends: Option<String>,
}

/// A file of calendars.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CalendarFile {
    /// Id of the profile whose calendars these are; absent: of every process with these checkpoints.
    pub profile: Option<String>,
    /// As of when they are, e.g. `2026-11`; absent: they are taken for newer than any other.
    pub version: Option<String>,
    /// The calendars.
    pub calendar: Vec<WrittenCalendar>,
}

impl Addition {
    /// Says what a text is, by its keys.
    ///
    /// # Errors
    /// When it is no TOML, or is neither a profile nor calendars.
    pub fn read(text: &str) -> Result<Self, ConfigFault> {
        let table: toml::Table = toml::from_str(text).map_err(|error| ConfigFault::toml(&error))?;
        let has = |keys: &[&str]| keys.iter().any(|key| table.contains_key(*key));
        if has(&["id", "schema", "layout", "extends"]) {
            return toml::from_str(text).map(Self::Profile).map_err(|error| ConfigFault::toml(&error));
        }
        if has(&["calendar"]) {
            return toml::from_str(text).map(Self::Calendars).map_err(|error| ConfigFault::toml(&error));
        }
        let message = "it is neither a profile, which has an `id`, nor calendars, which are `[[calendar]]` tables";
        Err(ConfigFault { span: Span::default(), message: message.to_owned() })
    }
}

/// Reads a profile as strictly as those of the program are tested: one with any mistake is none.
///
/// # Errors
/// Every mistake, at its place.
pub fn profile(text: &str, base: &dyn Fn(&str) -> Option<String>) -> Result<Profile, Vec<ConfigFault>> {
    let profile = Profile::parse(text, base)?;
    if !is_name(&profile.id) {
        let message = format!("`{}` is no id of a profile: letters, digits and dashes are", profile.id);
        return Err(vec![ConfigFault::near(text, &profile.id, message)]);
    }
    if profile.version.is_empty() {
        let message = "`version` is missing: nothing tells whether the profile is newer than another".to_owned();
        return Err(vec![ConfigFault { span: Span::default(), message }]);
    }
    let faults = profiles::faults(&Prepared::new(profile.clone()), text);
    if faults.is_empty() { Ok(profile) } else { Err(faults) }
}

/// The mistakes of a file of calendars for a process.
#[must_use]
pub fn calendar_faults(profile: &Profile, text: &str) -> Vec<ConfigFault> {
    calendars::faults(&profile.checkpoint, text)
}

/// Whether a text can be the name of a file on any system.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !text.is_empty() && text.len() <= 64 && text.bytes().all(plain)
}

/// Whether a version, such as `2026-11` or `1.10`, is newer than another: number by number, then by what else it says.
#[must_use]
pub fn is_newer(version: &str, than: &str) -> bool {
    let by_number = numbers(version).cmp(&numbers(than));
    by_number.then_with(|| version.cmp(than)) == Ordering::Greater
}

/// The numbers in a text. Those too long to be counted are as large as can be.
fn numbers(text: &str) -> Vec<u64> {
    let digits = text.split(|character: char| !character.is_ascii_digit()).filter(|digits| !digits.is_empty());
    digits.map(|digits| digits.parse().unwrap_or(u64::MAX)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        let cases = [
            ("2026-11", "2026-07", true),
            ("2026-07", "2026-07", false),
            ("2026-07-02", "2026-07", true),
            ("2026-06", "2026-07", false),
            ("1.10", "1.9", true),
            ("1.9", "1.10", false),
            ("99999999999999999999999", "2026", true),
            ("", "2026", false),
            ("2026", "", true),
        ];
        for (version, than, expected) in cases {
            assert_eq!(is_newer(version, than), expected, "{version} {than}");
        }
    }

    #[test]
    fn texts_are_known_by_their_keys() {
        let kind = |text: &str| match Addition::read(text) {
            Ok(Addition::Profile(head)) => format!("profile {} {}", head.id, head.version),
            Ok(Addition::Calendars(file)) => format!("calendars {}", file.calendar.len()),
            Err(fault) => fault.message,
        };
        let cases = [
            ("id = 'x'\nversion = '2'\n[[calendar]]\nrelease = 'v1.2'\n", "profile x 2"),
            ("version = '2'\n[[calendar]]\nrelease = 'v1.2'\n[[calendar]]\nrelease = 'v1.3'\n", "calendars 2"),
            ("[[calender]]\n", "it is neither a profile, "),
            ("", "it is neither a profile, "),
            ("[[calendar]]\nrelase = 'v1.2'\n", "unknown field `relase`"),
            ("[rules]\n[[calendar]]\n", "unknown field `rules`"),
            ("= 1", ""),
        ];
        for (text, expected) in cases {
            assert!(kind(text).starts_with(expected), "{text}: {}", kind(text));
        }
    }

    #[test]
    fn a_profile_with_any_mistake_is_none() {
        let head = "schema = 1\nid = \"mine\"\nversion = \"2\"\nlayout = { root = \"p\", name = \"{number}\" }\n";
        let cases = [
            ("", ""),
            ("[[checkpoint]]\nid = 'x'\nafter = ['y']\n", "'y': `y` is no checkpoint of this process"),
            ("[[severity]]\nrules = ['no-such-rule']\n", "'no-such-rule': there is no rule `no-such-rule`"),
        ];
        for (lines, expected) in cases {
            let text = format!("{head}{lines}");
            let found = profile(&text, &|_| None).err().unwrap_or_default();
            let shown = found.first().map(|fault| format!("{}: {}", fault.span.of(&text), fault.message));
            assert!(shown.as_deref().unwrap_or_default().starts_with(expected), "{shown:?}");
            assert_eq!(shown.is_some(), !expected.is_empty(), "{lines}");
        }
        let unversioned = profile(&head.replace("version = \"2\"\n", ""), &|_| None).expect_err("no version");
        assert!(unversioned[0].message.starts_with("`version` is missing"), "{unversioned:?}");
        let path = profile(&head.replace("mine", "../mine"), &|_| None).expect_err("a path");
        assert!(path[0].message.contains("is no id of a profile"), "{path:?}");
    }
}
