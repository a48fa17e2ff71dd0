//! Instants for people: in UTC, anywhere on Earth, where the reader is, and how far away.

use jiff::tz::{self, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// An instant in UTC, anywhere on Earth and, where that is another one, in the reader's zone.
#[must_use]
pub fn everywhere(instant: Timestamp, zone: &TimeZone) -> String {
    let utc = instant.strftime("%Y-%m-%d %H:%M UTC");
    let mut text = format!("{utc}, {}", on_earth(instant));
    let local = instant.to_zoned(zone.clone());
    if local.offset() != tz::Offset::UTC {
        text.push_str(&local.strftime(", %Y-%m-%d %H:%M %Z").to_string());
    }
    text
}

/// An instant as clocks show it in the last zone of the Earth; one that ends a day there by that day.
fn on_earth(instant: Timestamp) -> String {
    let last = instant.to_zoned(TimeZone::fixed(tz::offset(-12)));
    let is_midnight = last.time() == jiff::civil::Time::midnight();
    match last.date().yesterday() {
        Ok(day) if is_midnight => format!("end of {day} AoE"),
        _ => last.strftime("%Y-%m-%d %H:%M AoE").to_string(),
    }
}

/// How long it is from one instant to another: `in 13 days`, `2 hours ago`.
#[must_use]
pub fn away(from: Timestamp, to: Timestamp) -> String {
    let between = to.duration_since(from);
    let length = length(between.abs());
    match between.is_negative() || between.is_zero() {
        true => format!("{length} ago"),
        false => format!("in {length}"),
    }
}

fn length(between: SignedDuration) -> String {
    let (hours, minutes) = (between.as_hours(), between.as_mins());
    let counted = |count: i64, unit: &str| format!("{count} {unit}{}", if count == 1 { "" } else { "s" });
    match hours {
        ..=0 => counted(minutes, "minute"),
        1..48 => counted(hours, "hour"),
        _ => counted(hours / 24, "day"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_said_in_every_zone_that_matters() {
        let berlin = signoff_model::calendar::moment::zone("Europe/Berlin").expect("a zone");
        let cases = [
            ("2026-02-12T12:00Z", &TimeZone::UTC, "2026-02-12 12:00 UTC, end of 2026-02-11 AoE"),
            ("2026-02-12T12:00Z", &berlin, "2026-02-12 12:00 UTC, end of 2026-02-11 AoE, 2026-02-12 13:00 CET"),
            ("2025-06-14T02:00Z", &berlin, "2025-06-14 02:00 UTC, 2025-06-13 14:00 AoE, 2025-06-14 04:00 CEST"),
        ];
        for (instant, zone, expected) in cases {
            assert_eq!(everywhere(instant.parse().expect("an instant"), zone), expected);
        }
    }

    #[test]
    fn how_far_away_an_instant_is() {
        let cases = [
            ("2026-02-01T00:00Z", "2026-02-12T12:00Z", "in 11 days"),
            ("2026-02-11T12:00Z", "2026-02-12T12:00Z", "in 24 hours"),
            ("2026-02-12T11:59Z", "2026-02-12T12:00Z", "in 1 minute"),
            ("2026-02-12T13:00Z", "2026-02-12T12:00Z", "1 hour ago"),
        ];
        for (from, to, expected) in cases {
            assert_eq!(away(from.parse().expect("an instant"), to.parse().expect("an instant")), expected);
        }
    }
}
