//! What is wrong with the calendars that a profile or `signoff.toml` writes, each mistake at its place.
//!
//! The calendars themselves are read by `signoff_model::calendar`, which leaves out what cannot be read.

use std::collections::BTreeSet;

use serde::Deserialize;
use signoff_model::calendar::{Calendar, Calendars, moment};
use signoff_model::profile::{CheckpointKind, ConfigFault, WrittenCalendar};
use signoff_model::spelling::nearest;
use signoff_model::{Release, Span};

use crate::places::{self, Placed};

/// The mistakes of the calendars and checkpoints of a text. `kinds` are all checkpoints that it may name.
pub(crate) fn faults(kinds: &[CheckpointKind], text: &str) -> Vec<ConfigFault> {
    let mut found = unknown_checkpoints(kinds, text);
    found.extend(wrong_times(text));
    found.extend(wrong_releases(text));
    found.extend(disordered(kinds, text));
    found
}

fn fault(place: &Placed, message: String) -> ConfigFault {
    ConfigFault { span: place.span, message }
}

fn unknown_checkpoints(kinds: &[CheckpointKind], text: &str) -> Vec<ConfigFault> {
    let named = places::keys(text, &["calendar", "at"])
        .into_iter()
        .chain(places::texts(text, &["calendar", "revision", "checkpoint"]))
        .chain(places::texts(text, &["checkpoint", "after"]))
        .chain(places::texts(text, &["checkpoint", "covered_by"]));
    let unknown = named.filter(|name| !kinds.iter().any(|kind| kind.id == name.text));
    let fault = |name: Placed| {
        let message = format!("`{}` is no checkpoint of this process", name.text);
        match nearest(&name.text, kinds.iter().map(|kind| kind.id.as_str())) {
            Some(near) => fault(&name, format!("{message}; did you mean `{near}`?")),
            None => fault(&name, message),
        }
    };
    unknown.map(fault).collect()
}

fn wrong_times(text: &str) -> Vec<ConfigFault> {
    let times = [&["calendar", "at", "*"][..], &["calendar", "revision", "until"], &["calendar", "revision", "at"]];
    let times = times.into_iter().flat_map(|path| places::texts(text, path));
    times.filter_map(|time| Some(fault(&time, moment::read(&time.text).err()?))).collect()
}

fn wrong_releases(text: &str) -> Vec<ConfigFault> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for release in places::texts(text, &["calendar", "release"]) {
        match Release::parse(&release.text) {
            None => found.push(fault(&release, format!("`{}` is no release such as `v1.36`", release.text))),
            Some(read) if !seen.insert(read) => {
                found.push(fault(&release, format!("`{}` has a calendar above; write its dates there", release.text)));
            }
            Some(_) => {}
        }
    }
    let of_checkpoints = ["hard_from", "exceptions_from"].map(|key| places::texts(text, &["checkpoint", key]));
    let of_names = places::texts(text, &["checkpoint", "renamed", "from"]);
    for release in of_checkpoints.into_iter().flatten().chain(of_names) {
        if Release::parse(&release.text).is_none() {
            found.push(fault(&release, format!("`{}` is no release such as `v1.36`", release.text)));
        }
    }
    let nameless = |table: &(Span, Vec<String>), key: &str| !table.1.iter().any(|known| known == key);
    for (list, key, what) in [("calendar", "release", "calendar"), ("checkpoint", "id", "checkpoint")] {
        let tables = places::tables(text, &[list]).into_iter().filter(|table| nameless(table, key));
        found.extend(tables.map(|(span, _)| ConfigFault { span, message: format!("this {what} has no `{key}`") }));
    }
    found
}

/// The calendars of a text, whatever else stands there.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Written {
    calendar: Vec<WrittenCalendar>,
}

/// Checkpoints that come before one that they cannot precede.
fn disordered(kinds: &[CheckpointKind], text: &str) -> Vec<ConfigFault> {
    let written: Written = toml::from_str(text).unwrap_or_default();
    let calendars = Calendars::read(kinds, &written.calendar);
    let mut found = Vec::new();
    for calendar in &calendars.all {
        for (id, other) in order_faults(kinds, calendar) {
            let Some(dated) = calendar.at(id) else { continue };
            let message = format!("in {} `{id}` comes before `{other}`", calendar.release);
            let place = places::texts(text, &["calendar", "at", id]).into_iter().find(|at| *at.text == *dated.written);
            found.extend(place.map(|place| fault(&place, message)));
        }
    }
    found
}

/// Each checkpoint of a calendar that comes before one that it cannot precede, and that one.
fn order_faults<'k>(kinds: &'k [CheckpointKind], calendar: &Calendar) -> Vec<(&'k str, &'k str)> {
    let mut found = Vec::new();
    for kind in kinds {
        for other in &kind.after {
            let both = calendar.at(&kind.id).zip(calendar.at(other));
            // A day without a clock lasts as long as it does anywhere: what is on the same day is in order.
            if both.is_some_and(|(this, other)| this.at < other.at && this.day < other.day) {
                found.push((kind.id.as_str(), other.as_str()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_found_at_their_place() {
        let kinds = ["start", "code", "release"].map(|id| CheckpointKind {
            id: id.to_owned(),
            after: if id == "code" { vec!["start".to_owned()] } else { Vec::new() },
            ..CheckpointKind::default()
        });
        let cases = [
            ("[[calendar]]\nrelease = 'v1.2'\nat = { start = '2026-01-01', code = '2026-02-01 AoE' }\n", vec![]),
            (
                "[[calendar]]\nrelease = 'v1.2'\nat = { strat = 'soon' }\n",
                vec![
                    "strat: `strat` is no checkpoint of this process; did you mean `start`?",
                    "'soon': `soon` is no time; write `2026-02-11 AoE`, `2026-02-11T18:00 America/Los_Angeles`, `2026-02-12T12:00Z`, or a day",
                ],
            ),
            (
                "[[calendar]]\nrelease = 'v1.2'\n[[calendar.revision]]\ncheckpoint = 'cod'\nuntil = '2026-01-01T00:00'\n",
                vec![
                    "'cod': `cod` is no checkpoint of this process; did you mean `code`?",
                    "'2026-01-01T00:00': `2026-01-01T00:00` does not say in which zone; write `2026-02-11T18:00 America/Los_Angeles` or `2026-02-12T12:00Z`",
                ],
            ),
            (
                "[[calendar]]\nrelease = 'next'\n[[calendar]]\nat = {}\n[[calendar]]\nrelease = '1.2'\n[[calendar]]\nrelease = 'v1.2'\n",
                vec![
                    "'next': `next` is no release such as `v1.36`",
                    "'v1.2': `v1.2` has a calendar above; write its dates there",
                    "[[calendar]]: this calendar has no `release`",
                ],
            ),
            (
                "[[calendar]]\nrelease = 'v1.2'\nat = { start = '2026-01-05', code = '2026-01-04 AoE' }\n",
                vec!["'2026-01-04 AoE': in v1.2 `code` comes before `start`"],
            ),
            ("[[calendar]]\nrelease = 'v1.2'\nat = { start = '2026-01-05', code = '2026-01-05T08:00Z' }\n", vec![]),
            (
                "[[checkpoint]]\nid = 'x'\nhard_from = 'now'\nafter = ['y']\n",
                vec!["'y': `y` is no checkpoint of this process", "'now': `now` is no release such as `v1.36`"],
            ),
        ];
        for (text, expected) in cases {
            let found = faults(&kinds, text);
            let shown: Vec<_> =
                found.iter().map(|fault| format!("{}: {}", fault.span.of(text), fault.message)).collect();
            assert_eq!(shown, expected, "{text}");
        }
    }
}
