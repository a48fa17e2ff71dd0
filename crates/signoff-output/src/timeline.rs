//! What happened to a proposal: for a terminal, as `signoff.timeline/1`, as CSV.

use std::borrow::Cow;
use std::io::{self, Write};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use signoff_model::event::{Event, EventKind};

use crate::Look;
use crate::query::csv_line;

mod text;

/// What happened to a proposal.
pub struct Timeline<'a> {
    /// What people call it.
    pub label: &'a str,
    /// Its title.
    pub title: Option<&'a str>,
    /// Its path, or the last one.
    pub path: &'a str,
    /// What happened, oldest first.
    pub events: &'a [Event],
    /// Where what is known begins, unless it is the beginning.
    pub known_from: Option<KnownFrom<'a>>,
    /// How many files of older commits could not be read.
    pub unread: usize,
    /// What the stages are called, in their order.
    pub stages: &'a [&'a str],
}

/// The commit before which nothing is known.
#[derive(Clone, Copy, Debug)]
pub struct KnownFrom<'a> {
    /// Its full id.
    pub commit: &'a str,
    /// When it was committed.
    pub at: Timestamp,
    /// Why nothing is known, and what to do about it.
    pub reason: &'a str,
}

/// Writes for a terminal.
///
/// # Errors
/// Those of the writer.
pub fn write_human(timeline: &Timeline<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    text::human(timeline, look, out)
}

/// Writes a row for each event.
///
/// # Errors
/// Those of the writer.
pub fn write_csv(timeline: &Timeline<'_>, out: &mut dyn Write) -> io::Result<()> {
    const NAMES: [&str; 10] = ["proposal", "at", "commit", "kind", "subject", "from", "to", "sweep", "author", "path"];
    csv_line(NAMES.into_iter().map(Cow::Borrowed), out)?;
    for Happened { at, commit, kind, subject, from, to, sweep, author, path } in happened(timeline) {
        let kind = kind.word();
        let sweep = if sweep { "true" } else { "false" };
        let texts = [kind, subject.unwrap_or_default(), from.unwrap_or_default(), to.unwrap_or_default()];
        let cells = [timeline.label, &at, commit].into_iter().chain(texts);
        let cells = cells.chain([sweep, author.unwrap_or_default(), path]);
        csv_line(cells.map(Cow::Borrowed), out)?;
    }
    Ok(())
}

/// Writes `signoff.timeline/1`.
///
/// # Errors
/// Those of the writer.
pub fn write_json(timeline: &Timeline<'_>, out: &mut dyn Write) -> io::Result<()> {
    let known_from = timeline.known_from.map(|KnownFrom { commit, at, reason }| Begins {
        commit,
        at: at.to_string(),
        reason: Cow::Borrowed(reason),
    });
    let written = Written {
        schema: "signoff.timeline/1",
        proposal: timeline.label,
        title: timeline.title,
        path: timeline.path,
        events: happened(timeline),
        known_from,
        unread_files: timeline.unread,
    };
    crate::write_json(&written, out)
}

/// What happened to a proposal.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Written<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.timeline/1"))]
    schema: &'static str,
    /// What people call the proposal.
    proposal: &'a str,
    /// Its title.
    title: Option<&'a str>,
    /// Its path; the last one of a proposal that is gone.
    path: &'a str,
    /// What happened, oldest first, in the order of the commits.
    events: Vec<Happened<'a>>,
    /// Where what is known begins; null where all of the history is known.
    known_from: Option<Begins<'a>>,
    /// How many files of older commits are not in this clone; what they said is unknown, and no event.
    unread_files: usize,
}

/// The commit before which nothing is known.
#[derive(Debug, Serialize, JsonSchema)]
struct Begins<'a> {
    /// Its full id.
    commit: &'a str,
    /// When it was committed.
    at: String,
    /// Why nothing is known, and what to do about it.
    reason: Cow<'a, str>,
}

/// One thing that happened.
#[derive(Debug, Serialize, JsonSchema)]
struct Happened<'a> {
    /// When, by the commit that brought it to the main branch; with all commits, by the commit itself.
    at: String,
    /// Full id of that commit.
    commit: &'a str,
    /// What.
    kind: Kind,
    /// What it happened to: the stage of a milestone (`latest` for the latest one) or an approval, the id of a
    /// question, the name of a gate.
    subject: Option<&'a str>,
    /// The value before, as written; of an answer its state; null for nothing.
    from: Option<&'a str>,
    /// The value after, as written; of an answer its state, the same as before where only the text changed; null for
    /// nothing.
    to: Option<&'a str>,
    /// Whether the commit changed many proposals at once, so that it is no sign of work on this one.
    sweep: bool,
    /// Who wrote the change, as git names them; null where merges tell when it came to the main branch.
    author: Option<&'a str>,
    /// The proposal's path after the commit.
    path: &'a str,
}

/// What can happen.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    /// The proposal appeared; `to` is its title.
    Created,
    /// Its status changed.
    Status,
    /// Its stage changed.
    Stage,
    /// A milestone was set or moved.
    Milestone,
    /// An approval was recorded, changed or taken back.
    Approved,
    /// Its title changed.
    Retitled,
    /// Its folder or file was renamed: `from` one path `to` another.
    Moved,
    /// A feature gate was added or dropped.
    Gate,
    /// An answer was written, changed or emptied.
    Answer,
    /// The first change of an answer since the approval of the stage.
    Questionnaire,
    /// It disappeared; `from` is its path.
    Removed,
}

impl Kind {
    fn of(kind: EventKind) -> Self {
        match kind {
            EventKind::Created => Self::Created,
            EventKind::Status => Self::Status,
            EventKind::Stage => Self::Stage,
            EventKind::Milestone => Self::Milestone,
            EventKind::Approved => Self::Approved,
            EventKind::Retitled => Self::Retitled,
            EventKind::Moved => Self::Moved,
            EventKind::Gate => Self::Gate,
            EventKind::Answer => Self::Answer,
            EventKind::Questionnaire => Self::Questionnaire,
            EventKind::Removed => Self::Removed,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Created => EventKind::Created.word(),
            Self::Status => EventKind::Status.word(),
            Self::Stage => EventKind::Stage.word(),
            Self::Milestone => EventKind::Milestone.word(),
            Self::Approved => EventKind::Approved.word(),
            Self::Retitled => EventKind::Retitled.word(),
            Self::Moved => EventKind::Moved.word(),
            Self::Gate => EventKind::Gate.word(),
            Self::Answer => EventKind::Answer.word(),
            Self::Questionnaire => EventKind::Questionnaire.word(),
            Self::Removed => EventKind::Removed.word(),
        }
    }
}

/// The events with the path that the proposal had then.
fn happened<'a>(timeline: &Timeline<'a>) -> Vec<Happened<'a>> {
    let mut path = timeline.path;
    let mut found: Vec<Happened<'a>> = Vec::new();
    for event in timeline.events.iter().rev() {
        // Destructured so that a new field is looked at here.
        let Event { at, commit, proposal: _, kind, subject, from, to, sweep, author } = event;
        found.push(Happened {
            at: at.to_string(),
            commit,
            kind: Kind::of(*kind),
            subject: subject.as_deref(),
            from: from.as_deref(),
            to: to.as_deref(),
            sweep: *sweep,
            author: author.as_deref(),
            path,
        });
        if *kind == EventKind::Moved {
            path = from.as_deref().unwrap_or(path);
        }
    }
    found.reverse();
    found
}
