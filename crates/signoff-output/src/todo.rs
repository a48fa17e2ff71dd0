//! What is left to do for a proposal: `signoff.todo/1`, a list for people, a patch.

use std::io::{self, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Serialize;
use signoff_analysis::signoff::Work;
use signoff_analysis::signoff::todo::{self, Goal};
use signoff_model::profile::{Meaning, Prepared};
use signoff_model::{Corpus, Proposal};

use crate::visible::visible;
use crate::{Look, clock};

/// What is left to do for a proposal.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Todo<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.todo/1"))]
    schema: &'static str,
    /// What people call the proposal.
    pub proposal: &'a str,
    /// Its title.
    pub title: Option<&'a str>,
    /// Its folder or file.
    pub path: &'a str,
    /// The release.
    pub release: String,
    /// The stage; null where nobody says which.
    pub stage: Option<&'a str>,
    /// The instant for which this is said.
    #[schemars(with = "String")]
    pub instant: Timestamp,
    /// The commit whose files were read; null for a work tree.
    pub commit: Option<&'a str>,
    /// What was assumed of release and stage.
    pub assumed: &'a [String],
    /// Why there is nothing to do; null when there may be something.
    pub finished: Option<&'a str>,
    /// What cannot be known or written, and why.
    pub notes: Vec<String>,
    /// What to do, in that order.
    pub items: Vec<Item<'a>>,
}

/// One thing to do.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Item<'a> {
    /// Id of the rule that asks for it.
    pub rule: &'a str,
    /// `metadata`, `companion`, `section`, `question`, `checklist`, `forge`, `code` or `docs`.
    pub kind: &'static str,
    /// The field by its dotted path, in the metadata or the companion.
    pub field: Option<&'a str>,
    /// Id of the question.
    pub question: Option<&'a str>,
    /// The file; null for what is in none.
    pub path: Option<&'a str>,
    /// The line, from 1; null for what is not there yet.
    pub line: Option<usize>,
    /// What to do.
    pub what: &'a str,
    /// The value to write, where it is known.
    pub to: Option<&'a str>,
    /// Id of the first checkpoint that asks for it.
    pub checkpoint: &'a str,
    /// When that is; null when no calendar says so.
    #[schemars(with = "Option<String>")]
    pub deadline: Option<Timestamp>,
    /// Whether the checkpoint is not met without it.
    pub required: bool,
    /// Whether `--patch` writes it.
    pub patchable: bool,
    /// The command that does it; null where a person must.
    pub command: Option<String>,
    #[serde(skip)]
    checkpoint_name: &'a str,
}

/// What a list is about.
pub struct Head<'a> {
    /// What was read.
    pub corpus: &'a Corpus,
    /// The proposal.
    pub proposal: &'a Proposal,
    /// The release and stage.
    pub goal: &'a Goal,
    /// The instant.
    pub instant: Timestamp,
    /// What is known to be unknown.
    pub notes: Vec<String>,
}

impl<'a> Todo<'a> {
    /// Puts a list together.
    #[must_use]
    pub fn new(head: Head<'a>, list: &'a todo::Todo<'a>) -> Self {
        let Head { corpus, proposal, goal, instant, mut notes } = head;
        let prepared: &Prepared = &corpus.prepared;
        notes.extend(list.notes.iter().cloned());
        let release = prepared.profile.release.spelt(goal.release);
        let patch = goal
            .stage
            .as_deref()
            .map(|stage| format!("signoff todo {} --stage {stage} --release {release} --patch", proposal.label()));
        let item = |item: &'a todo::Item<'a>| Item {
            checkpoint_name: prepared.checkpoint_name(item.checkpoint, goal.release),
            ..Item::new(item, patch.as_deref())
        };
        Self {
            schema: "signoff.todo/1",
            proposal: proposal.label(),
            title: proposal.text(prepared, Meaning::Title),
            path: &proposal.path,
            stage: goal.stage.as_deref(),
            instant,
            commit: corpus.commit.as_deref(),
            assumed: &goal.assumed,
            finished: goal.finished.as_deref(),
            notes,
            items: list.items.iter().map(item).collect(),
            release,
        }
    }
}

impl<'a> Item<'a> {
    fn new(item: &'a todo::Item<'a>, patch: Option<&str>) -> Self {
        let todo::Item { rule, remedy, question, checkpoint, deadline, required, weak: _, patchable, fixable } = item;
        let path = Some(&*remedy.path).filter(|path| !path.is_empty());
        let command = match (patchable, fixable, path) {
            (true, ..) if remedy.work == Work::Companion => {
                let approver = remedy.to.as_deref().unwrap_or_default();
                patch.map(|patch| format!("{patch} --approver {approver}"))
            }
            (true, ..) => patch.map(str::to_owned),
            (false, true, Some(path)) => Some(format!("signoff check {path} --fix")),
            _ => None,
        };
        Self {
            rule,
            kind: remedy.work.word(),
            field: remedy.field.as_deref(),
            question: *question,
            path,
            line: remedy.line,
            what: &remedy.what,
            to: remedy.to.as_deref(),
            checkpoint,
            deadline: *deadline,
            required: *required,
            patchable: *patchable,
            command,
            checkpoint_name: checkpoint,
        }
    }
}

/// Writes a list as `signoff.todo/1`.
///
/// # Errors
/// Those of the writer.
pub fn write_json(todo: &Todo<'_>, out: &mut dyn Write) -> io::Result<()> {
    crate::write_json(todo, out)
}

/// Writes a list for a terminal, by checkpoint, with deadlines in the reader's time zone too.
///
/// # Errors
/// Those of the writer.
pub fn write(todo: &Todo<'_>, zone: &TimeZone, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let title = format!("{}  {}", visible(todo.proposal), visible(todo.title.unwrap_or_default()));
    writeln!(out, "{}", look.strong(title.trim_end()))?;
    writeln!(out, "  {}", visible(todo.path))?;
    if let Some(finished) = todo.finished {
        return writeln!(out, "\n{}", visible(finished));
    }
    let stage = todo.stage.map(|stage| format!("stage {} in ", visible(stage))).unwrap_or_default();
    writeln!(out, "\nTo do for {stage}{}, as of {}", todo.release, todo.instant.strftime("%Y-%m-%d %H:%M UTC"))?;
    for text in todo.assumed {
        writeln!(out, "  {}", look.faint(&format!("assumed: {}", visible(text))))?;
    }
    for text in &todo.notes {
        writeln!(out, "  {}", look.faint(&format!("note: {}", visible(text))))?;
    }
    if todo.items.is_empty() {
        return writeln!(out, "\nNothing is left to do, as far as the files tell.");
    }
    let mut last = None;
    for item in &todo.items {
        if last.replace(item.checkpoint) != Some(item.checkpoint) {
            writeln!(out, "\n{}  {}", look.strong(item.checkpoint_name), when(item, todo.instant, zone))?;
        }
        write_item(item, look, out)?;
    }
    writeln!(out)?;
    summary(todo, look, out)
}

fn when(item: &Item<'_>, instant: Timestamp, zone: &TimeZone) -> String {
    match item.deadline {
        Some(deadline) if deadline <= instant => {
            format!(
                "{} (passed {}: an exception is needed)",
                clock::everywhere(deadline, zone),
                clock::away(instant, deadline)
            )
        }
        Some(deadline) => format!("{} ({})", clock::everywhere(deadline, zone), clock::away(instant, deadline)),
        None => "no calendar says when".to_owned(),
    }
}

fn write_item(item: &Item<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let optional = if item.required { "" } else { " (advised)" };
    write!(out, "  {:<9}  {}{}", item.kind, visible(item.what), look.faint(optional))?;
    if item.path.is_none() && item.command.is_none() {
        return writeln!(out, "  {}", look.faint(&visible(item.rule)));
    }
    writeln!(out)?;
    let line = item.line.map(|line| format!(":{line}")).unwrap_or_default();
    let place = item.path.map(|path| format!("{}{line}, ", visible(path))).unwrap_or_default();
    let by = match (&item.command, item.patchable) {
        (_, true) => ", with --patch".to_owned(),
        (Some(command), false) => format!(", with `{}`", visible(command)),
        (None, false) => String::new(),
    };
    writeln!(out, "             {}", look.faint(&format!("{place}{}{by}", visible(item.rule))))
}

fn summary(todo: &Todo<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let count = todo.items.len();
    let things = if count == 1 { "1 thing".to_owned() } else { format!("{count} things") };
    let patchable = todo.items.iter().filter(|item| item.patchable).count();
    let command =
        todo.items.iter().filter(|item| item.patchable).filter_map(|item| item.command.as_deref()).next_back();
    match command {
        Some(command) => {
            writeln!(
                out,
                "{things} to do. This writes {patchable} of them:\n  {}",
                look.strong(&format!("{} | git apply", visible(command)))
            )
        }
        None => writeln!(out, "{things} to do."),
    }
}
