//! Changelogs: what changed in a version, in words.

use std::sync::Arc;

use signoff_model::fact::{ChangeNote, Record, SourceKind};
use signoff_model::source::lines;

use super::Reader;
use crate::reading::Reading;
use crate::values::{names, proposals, pulls};

pub(super) const READER: Reader = Reader { kind: SourceKind::Changelog, page: include_str!("changelog.md"), read };

/// Longest line that is looked at, in bytes.
const LINE_MAX: usize = 64 * 1024;

fn read(reading: &mut Reading<'_>) {
    let text = std::mem::take(&mut reading.source.text);
    let mut version: Arc<str> = "".into();
    let mut headings: Vec<(usize, &str)> = Vec::new();
    let mut found: Vec<(usize, ChangeNote)> = Vec::new();
    for line in lines(&text) {
        if let Some((level, heading)) = heading(line) {
            if level == 1 {
                version = heading.into();
            }
            headings.retain(|(outer, _)| *outer < level);
            headings.push((level, heading));
            continue;
        }
        let is_long = line.len() > LINE_MAX;
        if version.is_empty() || is_long || line.starts_with('[') || line.trim_start().starts_with('|') {
            continue;
        }
        let note = note(&reading.rules.proposal_marks, &version, &headings, line);
        if !note.names.is_empty() || !note.proposals.is_empty() {
            found.push((line.as_ptr() as usize - text.as_ptr() as usize, note));
        }
    }
    reading.source.text = text;
    if version.is_empty() && !reading.source.text.trim().is_empty() {
        reading.problem(None, "it has no heading of a version");
    }
    for (at, note) in found {
        let at = reading.quote(at);
        reading.say(at, Record::Change(note));
    }
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    ((1..=6).contains(&level) && text.starts_with(' ')).then(|| (level, text.trim()))
}

fn note(marks: &[String], version: &Arc<str>, headings: &[(usize, &str)], line: &str) -> ChangeNote {
    let inner = headings.iter().filter(|(level, _)| *level > 1);
    ChangeNote {
        version: Arc::clone(version),
        kinds: inner.clone().next_back().map(|(_, heading)| Arc::from(*heading)).into_iter().collect(),
        pulls: pulls(line),
        proposals: proposals(marks, line),
        names: names(line),
        urgent: inner.into_iter().any(|(_, heading)| heading.starts_with("Urgent")),
    }
}
