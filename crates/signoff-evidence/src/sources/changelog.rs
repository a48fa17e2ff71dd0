//! Changelogs: what changed in a version, in words.

use std::ops::Range;
use std::sync::Arc;

use signoff_model::fact::{ChangeNote, Record, SourceKind};
use signoff_model::source::lines;

use super::Reader;
use crate::reading::Reading;
use crate::values::{names, proposals, pulls};

pub(super) const READER: Reader = Reader { kind: SourceKind::Changelog, page: include_str!("changelog.md"), read };

/// So much of an entry is looked at, in bytes.
const ENTRY_MAX: usize = 64 * 1024;

/// Where the reading is: under which headings, and which entry goes on.
#[derive(Default)]
struct Place<'t> {
    version: Arc<str>,
    headings: Vec<(usize, &'t str)>,
    entry: Option<Range<usize>>,
}

fn read(reading: &mut Reading<'_>) {
    let text = std::mem::take(&mut reading.source.text);
    let marks = &reading.rules.proposal_marks;
    let mut place = Place::default();
    let mut found: Vec<(usize, ChangeNote)> = Vec::new();
    for line in lines(&text) {
        let at = line.as_ptr() as usize - text.as_ptr() as usize;
        if place.continues(line) {
            if let Some(entry) = &mut place.entry {
                entry.end = at + line.len();
            }
            continue;
        }
        found.extend(place.close(marks, &text));
        match heading(line) {
            Some((level, heading)) => place.enter(level, heading),
            None if line.starts_with(['[', '|', '<']) || line.trim().is_empty() => {}
            None => place.entry = Some(at..at + line.len()),
        }
    }
    found.extend(place.close(marks, &text));
    let is_without_version = place.version.is_empty() && !text.trim().is_empty();
    reading.source.text = text;
    if is_without_version {
        reading.problem(None, "it has no heading of a version");
    }
    for (at, note) in found {
        let at = reading.quote(at);
        reading.say(at, Record::Change(note));
    }
}

impl<'t> Place<'t> {
    /// Whether a line belongs to the entry before it: it is indented, or blank.
    fn continues(&self, line: &str) -> bool {
        let is_inside = line.trim().is_empty() || line.starts_with([' ', '\t']);
        is_inside && self.entry.as_ref().is_some_and(|entry| entry.len() < ENTRY_MAX)
    }

    fn enter(&mut self, level: usize, heading: &'t str) {
        if level == 1 {
            self.version = heading.into();
        }
        self.headings.retain(|(outer, _)| *outer < level);
        self.headings.push((level, heading));
    }

    /// What the entry names that ends here; `None` where it names nothing.
    fn close(&mut self, marks: &[String], text: &str) -> Option<(usize, ChangeNote)> {
        let entry = self.entry.take().filter(|_| !self.version.is_empty())?;
        let written = &text[entry.start..text.floor_char_boundary(entry.end.min(entry.start + ENTRY_MAX))];
        let (names, proposals) = (names(written), proposals(marks, written));
        if names.is_empty() && proposals.is_empty() {
            return None;
        }
        let mut inner = self.headings.iter().filter(|(level, _)| *level > 1).map(|(_, heading)| *heading);
        let note = ChangeNote {
            version: Arc::clone(&self.version),
            urgent: inner.clone().any(|heading| heading.starts_with("Urgent")),
            kinds: inner.next_back().map(Arc::from).into_iter().collect(),
            pulls: pulls(written),
            proposals,
            names,
        };
        Some((entry.start, note))
    }
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    ((1..=6).contains(&level) && text.starts_with(' ')).then(|| (level, text.trim()))
}
