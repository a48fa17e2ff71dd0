//! iCalendar (RFC 5545): an event for each checkpoint.

use std::io::{self, Write};

use jiff::Timestamp;
use signoff_model::calendar::{Calendar, Dated};

use super::View;

/// Most octets of a line, its end not counted.
const LINE_MAX: usize = 75;

/// Writes calendars as one iCalendar object.
///
/// An event keeps its identity when its date changes, so that a program that subscribed moves it.
///
/// # Errors
/// Those of the writer.
pub fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut line = |name: &str, value: &str| out.write_all(folded(&format!("{name}:{value}")).as_bytes());
    line("BEGIN", "VCALENDAR")?;
    line("VERSION", "2.0")?;
    line("PRODID", "-//signoff//calendar 1//EN")?;
    line("CALSCALE", "GREGORIAN")?;
    for calendar in view.shown {
        for dated in &calendar.checkpoints {
            event(view, calendar, dated, &mut line)?;
        }
    }
    line("END", "VCALENDAR")
}

fn event(
    view: &View<'_>,
    calendar: &Calendar,
    dated: &Dated,
    line: &mut dyn FnMut(&str, &str) -> io::Result<()>,
) -> io::Result<()> {
    let release = view.spelt(calendar.release);
    let changes = calendar.revisions.iter().filter(|revision| revision.checkpoint == dated.id);
    line("BEGIN", "VEVENT")?;
    line("UID", &escaped(&format!("{release}-{}@{}.signoff", dated.id, view.profile.id)))?;
    line("DTSTAMP", &instant(view.instant))?;
    line("SEQUENCE", &changes.count().to_string())?;
    if dated.exact {
        line("DTSTART", &instant(dated.at))?;
    } else {
        line("DTSTART;VALUE=DATE", &dated.day.strftime("%Y%m%d").to_string())?;
    }
    line("SUMMARY", &escaped(&format!("{release} {}", view.name(dated, calendar.release))))?;
    line("DESCRIPTION", &escaped(&description(view, calendar, dated)))?;
    line("TRANSP", "TRANSPARENT")?;
    line("END", "VEVENT")
}

fn description(view: &View<'_>, calendar: &Calendar, dated: &Dated) -> String {
    let hard = if view.decides(dated) && !dated.hard { "\nA soft deadline." } else { "" };
    let source = calendar.source.as_deref().map(|source| format!("\nSource: {source}")).unwrap_or_default();
    format!("{}{hard}{source}", dated.written)
}

fn instant(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A text value: what has a meaning of its own stands behind a backslash, and what would end a line is a space.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            '\n' => escaped.push_str("\\n"),
            _ if character.is_control() => escaped.push(' '),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// The line with its end; a long one goes on behind a line break and a space, no character torn apart.
fn folded(line: &str) -> String {
    let mut folded = String::with_capacity(line.len() + 8);
    let mut used = 0;
    for character in line.chars() {
        if used + character.len_utf8() > LINE_MAX {
            folded.push_str("\r\n ");
            used = 1;
        }
        folded.push(character);
        used += character.len_utf8();
    }
    folded + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_at_75_octets() {
        assert_eq!(folded("A:b"), "A:b\r\n");
        let text = format!("A:{}", "é".repeat(80));
        let folded = folded(&text);
        assert!(folded.split("\r\n").all(|line| line.len() <= 75), "{folded}");
        assert_eq!(folded.replace("\r\n ", "").trim_end(), text);
    }

    #[test]
    fn texts_are_escaped() {
        assert_eq!(escaped("a;b,c\\d\ne\rf"), "a\\;b\\,c\\\\d\\ne f");
    }
}
