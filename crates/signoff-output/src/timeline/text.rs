//! A proposal's story in words, commit by commit.

use std::io::{self, Write};

use signoff_model::event::standing::LATEST;
use signoff_model::event::{Event, EventKind};

use super::Timeline;
use crate::Look;
use crate::table::{self, Cell, Overflow};
use crate::visible::visible;

/// Digits of a commit's id that are shown.
const DIGITS: usize = 10;

/// So many questions are named; of more, how many there are.
const NAMES_MAX: usize = 4;

pub(super) fn human(timeline: &Timeline<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let Timeline { label, title, path, events, known_from, unread, stages } = timeline;
    let title = title.filter(|title| title != label).unwrap_or_default();
    writeln!(out, "{}", look.strong(visible(&format!("{label}  {title}")).trim_end()))?;
    writeln!(out, "  {}", look.faint(&visible(path)))?;
    if let Some(known) = known_from {
        let (day, id) = (known.at.strftime("%Y-%m-%d"), short(known.commit));
        writeln!(out, "  known from {day} ({id}) on: {}", visible(known.reason))?;
    }
    writeln!(out)?;
    let mut rows = Vec::new();
    for commit in events.chunk_by(|left, right| left.commit == right.commit && left.author == right.author) {
        rows.extend(commit_rows(commit, stages, look));
    }
    table::write(&rows, 0, look.width, Overflow::Wrap, out)?;
    match unread {
        0 => Ok(()),
        1 => writeln!(out, "\nA file of an older commit could not be read: what it said is unknown."),
        more => writeln!(out, "\n{more} files of older commits could not be read: what they said is unknown."),
    }
}

/// A commit's day, its id and what it did, a line for each.
fn commit_rows(events: &[Event], stages: &[&str], look: Look) -> Vec<Vec<Cell>> {
    let Some(first) = events.first() else { return Vec::new() };
    let mut lines = sentences(events, stages);
    if first.sweep {
        lines.push("in a sweep over many proposals".to_owned());
    }
    if let Some(author) = &first.author {
        lines.push(format!("by {}", author.split(" <").next().unwrap_or(author)));
    }
    let (mut day, mut id) = (first.at.strftime("%Y-%m-%d").to_string(), short(&first.commit).to_owned());
    let row = |line: String| {
        let line = Cell::new(visible(&line).into_owned());
        let line = if first.sweep { line.painted(move |text| look.faint(text)) } else { line };
        let id = Cell::new(std::mem::take(&mut id)).painted(move |text| look.faint(text));
        vec![Cell::new(std::mem::take(&mut day)), id, line]
    };
    lines.into_iter().map(row).collect()
}

fn short(commit: &str) -> &str {
    &commit[..commit.len().min(DIGITS)]
}

/// What a commit did, in sentences; of milestones and answers all together where the first of them stands.
fn sentences(events: &[Event], stages: &[&str]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut told: Option<EventKind> = None;
    for event in events {
        let kind = event.kind;
        match kind {
            EventKind::Milestone | EventKind::Answer if told == Some(kind) => {}
            EventKind::Milestone => lines.extend(milestones(events, stages)),
            EventKind::Answer => lines.extend(answers(events)),
            _ => lines.push(sentence(event)),
        }
        told = Some(kind);
    }
    lines
}

fn sentence(event: &Event) -> String {
    let subject = event.subject.as_deref().unwrap_or_default();
    let (from, to) = (event.from.as_deref(), event.to.as_deref());
    match event.kind {
        EventKind::Created => to.map_or_else(|| "created".to_owned(), |title| format!("created: {title}")),
        EventKind::Moved => format!("moved from {} to {}", from.unwrap_or("?"), to.unwrap_or("?")),
        EventKind::Removed => "removed".to_owned(),
        EventKind::Retitled => format!("title {}", change(from, to)),
        EventKind::Approved => approval(subject, from, to),
        EventKind::Gate => format!("gate {subject} {}", if to.is_some() { "added" } else { "dropped" }),
        EventKind::Questionnaire => format!("the first change of an answer since {subject} was approved"),
        EventKind::Status | EventKind::Stage | EventKind::Milestone | EventKind::Answer => {
            format!("{} {}", event.kind.word(), change(from, to))
        }
    }
}

/// A value, or what became of it.
fn change(from: Option<&str>, to: Option<&str>) -> String {
    match (from, to) {
        (None, Some(to)) => to.to_owned(),
        (Some(from), Some(to)) => format!("{from} → {to}"),
        (from, None) => format!("{} → none", from.unwrap_or("none")),
    }
}

fn approval(stage: &str, from: Option<&str>, to: Option<&str>) -> String {
    match (from, to) {
        (None, Some(to)) => format!("{stage} approved by {to}"),
        (Some(from), Some(to)) => format!("{stage} approved by {to} instead of {from}"),
        (from, None) => format!("approval of {stage} by {} taken back", from.unwrap_or("nobody")),
    }
}

/// The milestones in a line: the latest, then those of the stages in their order.
fn milestones(events: &[Event], stages: &[&str]) -> Option<String> {
    let mut found: Vec<&Event> = events.iter().filter(|event| event.kind == EventKind::Milestone).collect();
    let place = |event: &&Event| match event.subject.as_deref() {
        Some(LATEST) | None => 0,
        Some(stage) => 1 + stages.iter().position(|own| *own == stage).unwrap_or(stages.len()),
    };
    found.sort_by_key(place);
    let one = |event: &&Event| {
        format!("{} {}", event.subject.as_deref().unwrap_or(LATEST), change(event.from.as_deref(), event.to.as_deref()))
    };
    let listed: Vec<String> = found.iter().map(one).collect();
    (!listed.is_empty()).then(|| format!("milestone {}", listed.join(", ")))
}

/// The answers in a line each of what was done with them.
fn answers(events: &[Event]) -> Vec<String> {
    const DEEDS: [&str; 5] = ["asked without an answer", "written", "changed", "put off", "emptied"];
    let mut names: [Vec<&str>; DEEDS.len()] = [const { Vec::new() }; DEEDS.len()];
    for event in events.iter().filter(|event| event.kind == EventKind::Answer) {
        let is_nothing = |state: Option<&str>| matches!(state, None | Some("absent" | "empty" | "placeholder"));
        let (from, to) = (event.from.as_deref(), event.to.as_deref());
        let deed = match (from, to) {
            (Some("absent") | None, Some("empty")) => 0,
            (from, to) if from == to => 2,
            (from, Some("placeholder")) if is_nothing(from) => 3,
            (from, to) if is_nothing(from) && !is_nothing(to) => 1,
            (_, to) if is_nothing(to) => 4,
            _ => 2,
        };
        names[deed].push(event.subject.as_deref().unwrap_or("?"));
    }
    let line = |(deed, names): (&str, &Vec<&str>)| {
        let (count, noun) = (names.len(), if names.len() == 1 { "answer" } else { "answers" });
        let noun = if deed == DEEDS[0] { noun.replace("answer", "question") } else { noun.to_owned() };
        match names.as_slice() {
            [] => None,
            few if count <= NAMES_MAX => Some(format!("{count} {noun} {deed}: {}", few.join(", "))),
            _ => Some(format!("{count} {noun} {deed}")),
        }
    };
    DEEDS.into_iter().zip(&names).filter_map(line).collect()
}
