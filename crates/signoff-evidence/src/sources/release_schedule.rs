//! When releases come and end.

use jiff::civil::Date;
use signoff_model::fact::{PatchDate, Record, ReleaseDates, SourceKind};
use signoff_model::{Node, Release};

use super::Reader;
use crate::reading::Reading;
use crate::values::{release, text};

pub(super) const READER: Reader =
    Reader { kind: SourceKind::ReleaseSchedule, page: include_str!("release_schedule.md"), read };

fn read(reading: &mut Reading<'_>) {
    let Some(root) = reading.yaml() else { return };
    let lists: Vec<&Node> = ["schedules", "branches"].into_iter().filter_map(|key| root.get(key)).collect();
    if lists.is_empty() && !root.is_blank() {
        reading.problem(Some(1), "it has neither `schedules` nor `branches`");
    }
    for item in lists.into_iter().flat_map(Node::items) {
        let at = match item.pair("release") {
            Some(pair) => reading.quote_of(pair.key_span),
            None => reading.quote_of(item.span),
        };
        let Some(release) = release(item, "release") else {
            reading.problem_at(&at, "an entry has no release that can be read");
            continue;
        };
        let dates = dates(reading, item, release);
        reading.say(at, Record::Dates(dates));
    }
}

fn dates(reading: &mut Reading<'_>, item: &Node, minor: Release) -> ReleaseDates {
    let mut patches = Vec::new();
    for (node, planned) in item.get("next").into_iter().map(|node| (node, true)) {
        patches.extend(patch(reading, node, planned));
    }
    for node in item.get("previousPatches").map(Node::items).unwrap_or_default() {
        patches.extend(patch(reading, node, false));
    }
    let last = release(item, "finalPatchRelease").map(|release| PatchDate { release, day: None, planned: false });
    patches.extend(last);
    ReleaseDates {
        release: minor,
        released: day(reading, item, "releaseDate"),
        maintenance: day(reading, item, "maintenanceModeStartDate"),
        end: day(reading, item, "endOfLifeDate"),
        patches,
    }
}

fn patch(reading: &mut Reading<'_>, node: &Node, planned: bool) -> Option<PatchDate> {
    let day = day(reading, node, "targetDate");
    Some(PatchDate { release: release(node, "release")?, day, planned })
}

fn day(reading: &mut Reading<'_>, node: &Node, key: &str) -> Option<Date> {
    let written = text(node, key)?;
    let day: Option<Date> = written.parse().ok();
    if day.is_none() {
        let at = reading.quote_key(node, key);
        reading.problem_at(&at, format!("`{written}` is no day"));
    }
    day
}
