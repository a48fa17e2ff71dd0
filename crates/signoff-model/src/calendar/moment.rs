//! Written times: a day anywhere on Earth, a clock in a zone, an instant.

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime};
use jiff::tz::{TimeZone, TimeZoneDatabase, TimeZoneName};
use jiff::{Timestamp, ToSpan};

use crate::spelling::nearest;

/// The zones that are compiled in: no file of the system has a say in what a written time means.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// When something is, as a text says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The instant.
    pub at: Timestamp,
    /// The day that the text names, wherever its clock stands.
    pub day: Date,
    /// Whether the text says when on that day.
    pub exact: bool,
}

impl Moment {
    /// The end of a day, wherever on Earth it ends last.
    #[must_use]
    pub fn end_of(day: Date) -> Self {
        Self { at: day_end(day), day, exact: false }
    }
}

/// Noon UTC of the next day: the last place where a day ends is twelve hours behind UTC.
#[must_use]
pub fn day_end(day: Date) -> Timestamp {
    let noon = day.checked_add(1.day()).map(|next| next.at(12, 0, 0, 0).to_zoned(TimeZone::UTC));
    noon.ok().and_then(Result::ok).map_or(Timestamp::MAX, |noon| noon.timestamp())
}

/// The zone of this name, such as `Europe/Berlin`.
///
/// # Errors
/// A sentence that says which one may be meant.
pub fn zone(name: &str) -> Result<TimeZone, String> {
    ZONES.get(name).map_err(|_| {
        let known: Vec<_> = ZONES.available().collect();
        let message = format!("there is no time zone `{name}`");
        match nearest(name, known.iter().map(TimeZoneName::as_str)) {
            Some(near) => format!("{message}; did you mean `{near}`?"),
            None => format!("{message}; its name is one such as `Europe/Berlin`"),
        }
    })
}

/// Reads a written time.
///
/// # Errors
/// A sentence that says what is wrong and what would be right.
pub fn read(text: &str) -> Result<Moment, String> {
    let text = text.trim();
    let (day, rest) = text.split_at_checked("2026-02-11".len()).unwrap_or((text, ""));
    let day: Date = day.parse().map_err(|_| {
        format!(
            "`{text}` is no time; write `2026-02-11 AoE`, `2026-02-11T18:00 America/Los_Angeles`, `2026-02-12T12:00Z`, or a day"
        )
    })?;
    if rest.is_empty() {
        return Ok(Moment::end_of(day));
    }
    if rest.trim().eq_ignore_ascii_case("aoe") {
        return Ok(Moment { exact: true, ..Moment::end_of(day) });
    }
    if let Ok(at) = text.parse() {
        return Ok(Moment { at, day, exact: true });
    }
    at_clock(text, day)
}

/// A clock with the name of its zone behind it.
fn at_clock(text: &str, day: Date) -> Result<Moment, String> {
    let (clock, name) = text.rsplit_once(' ').filter(|(_, name)| name.starts_with(char::is_alphabetic)).unzip();
    // A day with a zone behind it would be read as midnight, its beginning; a day alone is its end.
    let clock = clock.map(str::trim).filter(|clock| clock.contains(':'));
    let clock: Option<DateTime> = clock.and_then(|clock| clock.parse().ok());
    let (Some(clock), Some(name)) = (clock, name) else {
        return Err(format!(
            "`{text}` does not say in which zone; write `2026-02-11T18:00 America/Los_Angeles` or `2026-02-12T12:00Z`"
        ));
    };
    let zoned = zone(name)?.to_ambiguous_zoned(clock).unambiguous();
    let zoned = zoned.map_err(|_| {
        format!("in {name} that clock time comes twice or never, as clocks are changed; write its offset, as in `2026-02-12T12:00+01:00`")
    })?;
    Ok(Moment { at: zoned.timestamp(), day, exact: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_times() {
        let cases = [
            ("2026-02-11", "2026-02-12T12:00:00Z", false),
            ("2026-02-11 AoE", "2026-02-12T12:00:00Z", true),
            ("2026-12-31 aoe", "2027-01-01T12:00:00Z", true),
            ("2024-03-05T18:00 America/Los_Angeles", "2024-03-06T02:00:00Z", true),
            ("2024-03-26T18:00 America/Los_Angeles", "2024-03-27T01:00:00Z", true),
            ("2024-03-26 18:00 america/los_angeles", "2024-03-27T01:00:00Z", true),
            ("2024-06-13T18:00 UTC", "2024-06-13T18:00:00Z", true),
            ("2026-02-12T12:00Z", "2026-02-12T12:00:00Z", true),
            ("2026-02-12 12:00+05:30", "2026-02-12T06:30:00Z", true),
        ];
        for (text, at, exact) in cases {
            let moment = read(text).unwrap_or_else(|message| panic!("{text}: {message}"));
            assert_eq!((moment.at.to_string().as_str(), moment.exact), (at, exact), "{text}");
            assert_eq!(moment.day.to_string(), text[..10], "{text}");
        }
    }

    #[test]
    fn what_is_no_time_says_what_would_be() {
        let cases = [
            ("soon", "`soon` is no time; write `2026-02-11 AoE`"),
            ("2026-02-30", "`2026-02-30` is no time"),
            ("2026-02-12T12:00", "`2026-02-12T12:00` does not say in which zone"),
            ("2026-02-12 noon", "`2026-02-12 noon` does not say in which zone"),
            ("2026-02-12T12:00 America/Los_Angles", "did you mean `America/Los_Angeles`?"),
            ("2026-02-12T12:00 PST", "there is no time zone `PST`"),
            ("2025-03-09T02:30 America/Los_Angeles", "comes twice or never"),
            ("2025-11-02T01:30 America/Los_Angeles", "comes twice or never"),
        ];
        for (text, words) in cases {
            let message = read(text).expect_err(text);
            assert!(message.contains(words), "{text}: {message}");
        }
    }

    #[test]
    fn the_last_day_has_an_end() {
        assert_eq!(read("9999-12-31").map(|moment| moment.at), Ok(Timestamp::MAX));
    }
}
