//! Naming an instant of a history.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// What a reader calls an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// The end of a day, wherever on Earth it ends last: noon UTC of the next day.
    Date(Date),
    /// An instant.
    Instant(Timestamp),
    /// A commit, branch, tag or other revision.
    Revision(String),
}

impl When {
    /// Reads a date (`2026-02-12`), an instant with its offset (`2026-02-12T12:00Z`), or else a revision.
    ///
    /// Only the spelling with dashes is a date: eight digits may be the start of a commit's id.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        let (day, clock) = text.split_at_checked("2026-02-12".len()).unwrap_or((text, ""));
        if let (true, Ok(date)) = (is_day(day), day.parse()) {
            if clock.is_empty() {
                return Self::Date(date);
            }
            if let (true, Ok(instant)) = (clock.starts_with(['T', 't', ' ']), text.parse()) {
                return Self::Instant(instant);
            }
        }
        Self::Revision(text.to_owned())
    }

    /// The instant meant, unless a revision says which commit it is.
    #[must_use]
    pub fn instant(&self) -> Option<Timestamp> {
        match self {
            Self::Date(date) => Some(day_end(*date)),
            Self::Instant(instant) => Some(*instant),
            Self::Revision(_) => None,
        }
    }
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && text.bytes().enumerate().all(|(at, byte)| matches!(at, 4 | 7) == (byte == b'-'))
}

/// Noon UTC of the next day: the last place where a day ends is twelve hours behind UTC.
fn day_end(date: Date) -> Timestamp {
    let noon = date.checked_add(1.day()).map(|next| next.at(12, 0, 0, 0).to_zoned(TimeZone::UTC));
    noon.ok().and_then(Result::ok).map_or(Timestamp::MAX, |noon| noon.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_instants_and_revisions() {
        let cases = [
            ("2026-02-12", Some("2026-02-13T12:00:00Z")),
            (" 2026-12-31 ", Some("2027-01-01T12:00:00Z")),
            ("2026-02-12T12:00Z", Some("2026-02-12T12:00:00Z")),
            ("2026-02-12T12:00:30Z", Some("2026-02-12T12:00:30Z")),
            ("2026-02-12T12:00+02:00", Some("2026-02-12T10:00:00Z")),
            ("2026-02-12T12:00:00-08:00", Some("2026-02-12T20:00:00Z")),
            ("2026-02-12T12:00", None),
            ("2026-02-30", None),
            ("2026-2-12", None),
            ("20260212", None),
            ("2026-02-12-branch", None),
            ("HEAD~20", None),
            ("refs/pull/5526/head", None),
            ("", None),
            ("é2026-02-12", None),
        ];
        for (text, expected) in cases {
            let expected = expected.map(|instant| instant.parse().expect("an instant"));
            assert_eq!(When::parse(text).instant(), expected, "{text}");
        }
        assert_eq!(When::parse("v1.2"), When::Revision("v1.2".to_owned()));
    }

    #[test]
    fn the_last_day_has_an_end() {
        assert_eq!(When::parse("9999-12-31").instant(), Some(Timestamp::MAX));
    }
}
