//! Dates as a release page says them: `01:00 UTC Friday 16th June 2023 / 18:00 PDT Thursday 15th June 2023`,
//! `Thursday 9th October 2025 (AoE) / Friday 10th October 2025, 12:00 UTC`, `Monday 15th May 2023`.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{PageFault, PageFaultKind};
use crate::calendar::moment::{self, Moment, day_end};
use crate::span::Span;
use crate::spelling::distance_within;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// Short names of clocks that pages use, with the hours that each lies behind or ahead of UTC, and the zone whose
/// clocks it is a name of.
const CLOCKS: [(&str, i64, &str); 8] = [
    ("PST", -8, "America/Los_Angeles"),
    ("PDT", -7, "America/Los_Angeles"),
    ("EST", -5, "America/New_York"),
    ("EDT", -4, "America/New_York"),
    ("GMT", 0, "Europe/London"),
    ("BST", 1, "Europe/London"),
    ("CET", 1, "Europe/Berlin"),
    ("CEST", 2, "Europe/Berlin"),
];

/// What a statement says.
#[derive(Clone)]
pub(super) struct Said {
    /// When it is.
    pub moment: Moment,
    /// As a calendar of a profile would write it.
    pub written: String,
    /// Whether all that it says agrees.
    pub agrees: bool,
    /// The first and the last day that it names: one instant has two of them, by the clocks of two places.
    pub days: (Date, Date),
}

/// A word of a statement.
struct Word<'t> {
    text: &'t str,
    span: Span,
}

/// One way in which a statement gives the time: its parts between slashes, or the ends of a range.
#[derive(Default)]
struct Part<'t> {
    clock: Option<Time>,
    /// The short name of a clock; `UTC` and `AoE` too.
    zone: Option<(&'t str, Span)>,
    weekday: Option<(Weekday, Span)>,
    day: Option<(i8, Span)>,
    month: Option<i8>,
    year: Option<i16>,
}

/// Reads a statement; `None` when it gives no single date. `year` is that of the dates around it.
pub(super) fn read(text: &str, offset: usize, year: Option<i16>, faults: &mut Vec<PageFault>) -> Option<Said> {
    let words = words(text, offset);
    let is_range = words.iter().any(|word| matches!(word.text, "-" | "–"));
    let mut parts: Vec<Part<'_>> = words
        .split(|word| matches!(word.text, "/" | "-" | "–"))
        .map(|words| part(words, faults))
        .filter(|part| part.day.is_some())
        .collect();
    fill(&mut parts, is_range, year, faults);
    let dates: Vec<Option<Date>> = parts.iter().map(|part| date(part, faults)).collect();
    for (part, date) in parts.iter().zip(&dates) {
        check_weekday(part, *date, faults);
    }
    let dated: Option<Vec<(&Part<'_>, Date)>> =
        parts.iter().zip(&dates).map(|(part, date)| Some((part, (*date)?))).collect();
    let dated = dated.filter(|dated| !is_range && !dated.is_empty())?;
    Some(together(&dated, faults))
}

/// The words of a statement: letters and digits, with the colon of a clock; links lead nowhere here.
fn words(text: &str, offset: usize) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let at = text.len() - rest.len();
        let length = if first.is_alphanumeric() {
            let end = |character: char| !character.is_alphanumeric() && character != ':';
            let whole = &rest[..rest.find(end).unwrap_or(rest.len())];
            whole.trim_end_matches(':').len()
        } else if rest.starts_with("](") {
            rest = &rest[rest.find(')').map_or(rest.len(), |end| end + 1)..];
            continue;
        } else {
            first.len_utf8()
        };
        let word = &rest[..length];
        if first.is_alphanumeric() || matches!(word, "/" | "-" | "–") {
            found.push(Word { text: word, span: Span::new(offset + at, offset + at + length) });
        }
        rest = &rest[length..];
    }
    found
}

fn part<'t>(words: &[Word<'t>], faults: &mut Vec<PageFault>) -> Part<'t> {
    let mut part = Part::default();
    for Word { text, span } in words {
        let (text, span) = (*text, *span);
        if let Some(clock) = clock(text) {
            part.clock = Some(clock);
        } else if is_zone(text) {
            part.zone = Some((text, span));
        } else if let Some(weekday) = weekday(text) {
            part.weekday = Some((weekday.1, span));
            spelt(weekday.0, text, span, faults);
        } else if let Some(day) = day(text, span, faults) {
            part.day = Some((day, span));
        } else if let Some(year) = year(text) {
            part.year = Some(year);
        } else if let Some((name, year)) = text.find(|c: char| c.is_ascii_digit()).map(|digit| text.split_at(digit)) {
            if let Some(month) = month(name) {
                part.month = Some(month.1);
                part.year = year.parse().ok().filter(|_| year.len() == 4);
                let message = format!("a space is missing in `{text}`");
                faults.push(PageFault { span, kind: PageFaultKind::Spelling, message });
            }
        } else if let Some(month) = month(text) {
            part.month = Some(month.1);
            spelt(month.0, text, span, faults);
        }
    }
    part
}

fn clock(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

fn is_zone(text: &str) -> bool {
    text == "UTC" || text.eq_ignore_ascii_case("aoe") || CLOCKS.iter().any(|(name, ..)| *name == text)
}

fn year(text: &str) -> Option<i16> {
    (text.len() == 4).then(|| text.parse().ok()).flatten().filter(|year| (2000..2200).contains(year))
}

fn weekday(text: &str) -> Option<(&'static str, Weekday)> {
    let lower = text.to_ascii_lowercase();
    let is_meant = |name: &str| match lower.len() {
        0..=2 => false,
        3..=4 => name.starts_with(&lower),
        _ => distance_within(name, &lower, 1).is_some(),
    };
    WEEKDAYS.into_iter().find(|(name, _)| is_meant(name))
}

fn month(text: &str) -> Option<(&'static str, i8)> {
    let lower = text.to_ascii_lowercase();
    let is_meant = |name: &str| match lower.len() {
        0..=2 => false,
        3..=4 => name.starts_with(&lower),
        _ => distance_within(name, &lower, 1).is_some(),
    };
    MONTHS.into_iter().zip(1..).find(|(name, _)| is_meant(name))
}

/// Says that a name is misspelt; its first letters alone are a short form.
fn spelt(name: &str, text: &str, span: Span, faults: &mut Vec<PageFault>) {
    if !name.starts_with(&text.to_ascii_lowercase()) {
        let message = format!("`{text}` is spelt {}{}", name[..1].to_ascii_uppercase(), &name[1..]);
        faults.push(PageFault { span, kind: PageFaultKind::Spelling, message });
    }
}

/// A day of the month, such as `26th`.
fn day(text: &str, span: Span, faults: &mut Vec<PageFault>) -> Option<i8> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, ending) = text.split_at(digits);
    let day: i8 = number.parse().ok().filter(|day| (1..=31).contains(day) && number.len() <= 2)?;
    let usual = match (day % 10, day) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    match ending {
        "" => {}
        "st" | "nd" | "rd" | "th" if ending == usual => {}
        "st" | "nd" | "rd" | "th" => {
            let message = format!("`{text}` is {day}{usual}");
            faults.push(PageFault { span, kind: PageFaultKind::Ordinal, message });
        }
        _ => return None,
    }
    Some(day)
}

/// Completes parts by each other, as in `6th - 9th November 2023`, and a missing year by that of the dates around.
fn fill(parts: &mut [Part<'_>], is_range: bool, year: Option<i16>, faults: &mut Vec<PageFault>) {
    let month_of = parts.iter().rev().find_map(|part| part.month);
    let year_of = parts.iter().rev().find_map(|part| part.year);
    if year_of.is_none()
        && month_of.is_some()
        && let Some((_, span)) = parts.first().and_then(|part| part.day)
    {
        faults.push(PageFault { span, kind: PageFaultKind::Year, message: "the year is missing".to_owned() });
    }
    for part in parts {
        if part.month.is_none() && !is_range {
            let Some((_, span)) = part.day else { continue };
            faults.push(PageFault { span, kind: PageFaultKind::Month, message: "the month is missing".to_owned() });
        }
        part.month = part.month.or(month_of);
        part.year = part.year.or(year_of).or(year);
    }
}

fn date(part: &Part<'_>, faults: &mut Vec<PageFault>) -> Option<Date> {
    let (day, span) = part.day?;
    let (month, year) = (part.month?, part.year?);
    let date = Date::new(year, month, day).ok();
    if date.is_none() {
        let message = format!("there is no {day} {} {year}", MONTHS[usize::from(month.unsigned_abs()) - 1]);
        faults.push(PageFault { span, kind: PageFaultKind::Date, message });
    }
    date
}

fn check_weekday(part: &Part<'_>, date: Option<Date>, faults: &mut Vec<PageFault>) {
    let (Some((weekday, span)), Some(date)) = (part.weekday, date) else { return };
    if date.weekday() != weekday {
        let message = format!("{date} is a {:?}, not a {weekday:?}", date.weekday());
        faults.push(PageFault { span, kind: PageFaultKind::Weekday, message });
    }
}

/// What the parts of a statement say together. A clock of UTC counts before one of a place.
fn together(parts: &[(&Part<'_>, Date)], faults: &mut Vec<PageFault>) -> Said {
    let first = parts[0].1;
    let days = parts.iter().fold((first, first), |(least, most), (_, date)| (least.min(*date), most.max(*date)));
    let universal = parts.iter().find_map(|(part, date)| {
        let (zone, _) = part.zone?;
        let clock = part.clock.filter(|_| zone == "UTC")?;
        date.to_datetime(clock).to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    });
    let before = faults.len();
    let anywhere = parts.iter().find(|(part, _)| part.zone.is_some_and(|(zone, _)| zone.eq_ignore_ascii_case("aoe")));
    if let Some((part, date)) = anywhere {
        let at = day_end(*date);
        if let (Some(universal), Some((_, span))) = (universal.filter(|universal| *universal != at), part.zone) {
            let message = format!("{date} ends at {at} anywhere on Earth, not at {universal}");
            faults.push(PageFault { span, kind: PageFaultKind::Clock, message });
        }
        let agrees = faults.len() == before;
        let moment = Moment { at: universal.unwrap_or(at), day: *date, exact: true };
        return Said { moment, written: format!("{date} AoE"), agrees, days };
    }
    let local: Vec<Local<'_>> = parts.iter().filter_map(|(part, date)| Local::of(part, *date)).collect();
    for local in &local {
        local.check(universal, faults);
    }
    let agrees = !faults[before..].iter().any(|fault| fault.kind == PageFaultKind::Clock);
    if let Some(at) = universal.or(local.first().map(|local| local.at)) {
        let (day, written) = match local.first() {
            Some(local) => {
                let there = at.to_zoned(local.zone.clone());
                (there.date(), there.strftime(&format!("%Y-%m-%dT%H:%M {}", local.place)).to_string())
            }
            None => (first, at.strftime("%Y-%m-%dT%H:%MZ").to_string()),
        };
        return Said { moment: Moment { at, day, exact: true }, written, agrees, days };
    }
    Said { moment: Moment::end_of(first), written: first.to_string(), agrees, days }
}

/// The clock of a place.
struct Local<'t> {
    name: &'t str,
    span: Span,
    place: &'static str,
    zone: TimeZone,
    clock: Time,
    /// What the clocks of the place mean.
    at: Timestamp,
    /// What the short name means.
    named: Timestamp,
}

impl<'t> Local<'t> {
    fn of(part: &Part<'t>, date: Date) -> Option<Self> {
        let (name, span) = part.zone?;
        let (_, hours, place) = CLOCKS.iter().find(|(known, ..)| *known == name)?;
        let zone = moment::zone(place).ok()?;
        let clock = part.clock?;
        let at = date.to_datetime(clock).to_zoned(zone.clone()).ok()?.timestamp();
        let as_utc = date.to_datetime(clock).to_zoned(TimeZone::UTC).ok()?.timestamp();
        let named = as_utc.checked_sub(SignedDuration::from_hours(*hours)).ok()?;
        Some(Self { name, span, place, zone, clock, at, named })
    }

    /// Says where the clock does not fit that of UTC, and where its name is that of the other half of the year.
    fn check(&self, universal: Option<Timestamp>, faults: &mut Vec<PageFault>) {
        let there = self.zone.to_offset_info(self.at);
        let there = there.abbreviation();
        let mut say = |kind, message| faults.push(PageFault { span: self.span, kind, message });
        if there != self.name {
            say(PageFaultKind::Zone, format!("in {} it is {there} then, not {}", self.place, self.name));
        }
        let Some(universal) = universal else { return };
        if universal != self.at && universal != self.named {
            let clock = self.clock.strftime("%H:%M");
            let message = format!("{clock} {} is {}, not {}", self.name, short(self.named), short(universal));
            say(PageFaultKind::Clock, message);
        }
    }
}

fn short(at: Timestamp) -> String {
    at.strftime("%H:%M UTC").to_string()
}
