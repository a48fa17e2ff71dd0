//! What changed, in words: for a terminal and as Markdown.

use std::io::{self, Write};

use signoff_analysis::comparison::{Change, ChangeKind, Difference, Words};

use super::{Comparison, State, Summary};
use crate::Look;
use crate::table::{self, Cell, Overflow, cut};
use crate::visible::visible;

/// Places of a change that are shown for one answer.
const HUNKS_MAX: usize = 3;

/// Columns of a value in a sentence.
const VALUE_MAX: usize = 60;

pub(super) fn human(comparison: &Comparison<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", look.faint(&headline(comparison)))?;
    for difference in comparison.differences {
        let Difference { label, path, title, changes } = difference;
        let title = title.as_deref().filter(|title| *title != &**label).unwrap_or_default();
        writeln!(out, "\n{}", look.strong(visible(&format!("{label}  {title}")).trim_end()))?;
        writeln!(out, "  {}", look.faint(&visible(path)))?;
        for line in lines(changes) {
            let row = vec![Cell::new(line.label).painted(move |text| look.faint(text)), Cell::new(line.sentence)];
            table::write(&[row], 2, look.width, Overflow::Wrap, out)?;
            for hunk in line.hunks {
                hunk_line(&hunk, look, out)?;
            }
        }
    }
    writeln!(out, "\n{}", counts(&Summary::of(comparison.differences)))
}

pub(super) fn markdown(comparison: &Comparison<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}: {}.", escaped(&headline(comparison)), counts(&Summary::of(comparison.differences)))?;
    for Difference { label, path, title, changes } in comparison.differences {
        let title = title.as_deref().filter(|title| *title != &**label).unwrap_or_default();
        writeln!(out, "\n### {}", escaped(&visible(format!("{label} {title}").trim_end())))?;
        writeln!(out, "\n`{}`\n", visible(path).replace('`', "'"))?;
        for line in lines(changes) {
            writeln!(out, "- {}: {}", line.label.trim_end(), escaped(&line.sentence))?;
            for Excerpt { behind, removed, added, more } in line.hunks {
                let part = |mark: &str, text: &str| match text.is_empty() {
                    true => String::new(),
                    false => format!(" {mark}{}{mark}", escaped(text)),
                };
                writeln!(out, "  - …{}{}{}{}", escaped(&behind), part("~~", &removed), part("**", &added), more)?;
            }
        }
    }
    Ok(())
}

/// Which states are compared.
fn headline(comparison: &Comparison<'_>) -> String {
    let name = |state: &State| match &state.commit {
        Some(commit) => {
            let short = &commit[..commit.len().min(10)];
            let day = state.at.strftime("%Y-%m-%d");
            if commit.starts_with(&state.name) {
                format!("{short} of {day}")
            } else {
                format!("{} ({short} of {day})", state.name)
            }
        }
        None => "the files as they are".to_owned(),
    };
    let (from, to) = (name(comparison.from), name(comparison.to));
    let text = match comparison.pull {
        Some(number) => format!("Pull request {number}: from {from} to {to}"),
        None => format!("From {from} to {to}"),
    };
    visible(&text).into_owned()
}

fn counts(summary: &Summary) -> String {
    let Summary { created, removed, changed } = *summary;
    if created + removed + changed == 0 {
        return "no proposal changed".to_owned();
    }
    let parts = [(created, "new"), (changed, "changed"), (removed, "removed")];
    let parts: Vec<String> =
        parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    let plural = if created + removed + changed == 1 { "proposal" } else { "proposals" };
    format!("{plural}: {}", parts.join(", "))
}

/// A line about a proposal.
struct Line {
    label: String,
    sentence: String,
    hunks: Vec<Excerpt>,
}

/// A place where words are others, cut to what is read at a glance.
struct Excerpt {
    behind: String,
    removed: String,
    added: String,
    /// What is said about places that are not shown.
    more: String,
}

/// The lines about a proposal. Of a new one the text is summed up: all of it is new.
fn lines(changes: &[Change]) -> Vec<Line> {
    let is_new = changes.iter().any(|change| change.kind == ChangeKind::Created);
    let (text, facts): (Vec<&Change>, Vec<&Change>) = changes.iter().partition(|change| is_new && is_text(change.kind));
    let mut lines: Vec<Line> = facts.into_iter().map(line).collect();
    let answered =
        text.iter().filter(|change| change.kind == ChangeKind::Answer && is_state(change, &["answered", "bare"]));
    let written = text.iter().filter(|change| change.kind == ChangeKind::Section && is_state(change, &["written"]));
    let (answered, written) = (answered.count(), written.count());
    let parts = [(answered, "answer"), (written, "section")];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
        .collect();
    if !parts.is_empty() {
        lines.push(Line {
            label: padded("text"),
            sentence: format!("{} written", parts.join(" and ")),
            hunks: Vec::new(),
        });
    }
    lines
}

fn is_text(kind: ChangeKind) -> bool {
    matches!(
        kind,
        ChangeKind::Answer | ChangeKind::Section | ChangeKind::Checklist | ChangeKind::Person | ChangeKind::Field
    )
}

fn is_state(change: &Change, states: &[&str]) -> bool {
    change.to.as_deref().is_some_and(|to| states.contains(&to))
}

fn line(change: &Change) -> Line {
    let Change { kind, subject, from, to, words } = change;
    let value = |text: &Option<String>| text.as_deref().map(short);
    let (from, to) = (value(from), value(to));
    let subject = subject.as_deref().map(short).unwrap_or_default();
    let of_subject = |text: String| if subject.is_empty() { text } else { format!("{subject}: {text}") };
    let (label, sentence) = match kind {
        ChangeKind::Created => ("new", to.unwrap_or_default()),
        ChangeKind::Removed => ("removed", "the proposal is gone".to_owned()),
        ChangeKind::Moved => ("moved", format!("from {}", from.unwrap_or_default())),
        ChangeKind::Unread => ("reading", of_subject(reading(to.as_deref()))),
        ChangeKind::Status => ("status", arrow(from, to)),
        ChangeKind::Stage => ("stage", arrow(from, to)),
        ChangeKind::Milestone => ("milestone", of_subject(arrow(from, to))),
        ChangeKind::Retitled => ("title", format!("was {}", from.unwrap_or_else(|| "none".to_owned()))),
        ChangeKind::Gate => ("gate", came_or_went(from, to)),
        ChangeKind::Components => ("components", of_subject(arrow(from, to))),
        ChangeKind::Approved => ("approval", of_subject(came_or_went(from, to))),
        ChangeKind::Person => (singular(&subject), came_or_went(from, to)),
        ChangeKind::Field => ("field", of_subject(came_or_went(from, to))),
        ChangeKind::Checklist => ("checklist", of_subject(arrow(from, to))),
        ChangeKind::Answer | ChangeKind::Section => (kind.word(), of_subject(of_text(from, to, words.as_ref()))),
    };
    let hunks = words.as_ref().filter(|_| *kind == ChangeKind::Answer && to_is_text(change)).map(excerpts);
    Line { label: padded(label), sentence, hunks: hunks.unwrap_or_default() }
}

/// Whether a text on both sides changed, so that what changed in it is worth showing.
fn to_is_text(change: &Change) -> bool {
    let is_text = |state: &Option<String>| !matches!(state.as_deref(), None | Some("absent" | "empty"));
    is_text(&change.from) && is_text(&change.to)
}

fn padded(label: &str) -> String {
    format!("{label:<10}")
}

fn singular(list: &str) -> &'static str {
    match list {
        "authors" => "author",
        "reviewers" => "reviewer",
        _ => "approver",
    }
}

fn reading(to: Option<&str>) -> String {
    match to {
        Some("missing") => "the file is missing now",
        Some("unreadable") => "cannot be read whole; what it says is not compared",
        _ => "can be read again; what it said before is not known",
    }
    .to_owned()
}

fn arrow(from: Option<String>, to: Option<String>) -> String {
    let none = || "none".to_owned();
    format!("{} → {}", from.unwrap_or_else(none), to.unwrap_or_else(none))
}

fn came_or_went(from: Option<String>, to: Option<String>) -> String {
    match (from, to) {
        (None, Some(to)) => format!("+ {to}"),
        (Some(from), None) => format!("- {from}"),
        (from, to) => arrow(from, to),
    }
}

/// What became of an answer or a section.
fn of_text(from: Option<String>, to: Option<String>, words: Option<&Words>) -> String {
    let count = |count: usize| format!("{count} word{}", if count == 1 { "" } else { "s" });
    let words = words.map(|words| match (words.added, words.removed) {
        (added, 0) => format!("{} more", count(added)),
        (0, removed) => format!("{} less", count(removed)),
        (added, removed) => format!("{} for {removed}", count(added)),
    });
    let state = match (from, to) {
        (None, Some(to)) if to == "written" => "added".to_owned(),
        (None, Some(to)) => format!("added, {to}"),
        (Some(_), None) => "removed".to_owned(),
        (from, to) if from == to => "changed".to_owned(),
        (from, to) => arrow(from, to),
    };
    words.map_or_else(|| state.clone(), |words| format!("{state}, {words}"))
}

fn excerpts(words: &Words) -> Vec<Excerpt> {
    let hidden = words.hunks.len().saturating_sub(HUNKS_MAX);
    let shown: Vec<_> = words.hunks.iter().take(HUNKS_MAX).collect();
    let last = shown.len().saturating_sub(1);
    let more = |index| if index == last && hidden > 0 { format!(" … and {hidden} more") } else { String::new() };
    let excerpt = |(index, hunk): (usize, &&signoff_analysis::comparison::Hunk)| Excerpt {
        behind: short(&hunk.behind),
        removed: short(&hunk.removed),
        added: short(&hunk.added),
        more: more(index),
    };
    shown.iter().enumerate().map(excerpt).collect()
}

fn hunk_line(hunk: &Excerpt, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let Excerpt { behind, removed, added, more } = hunk;
    let marked = |open: &str, text: &str, close: &str| match (text.is_empty(), look.color) {
        (true, _) => String::new(),
        (false, true) => format!(" {text}"),
        (false, false) => format!(" {open}{text}{close}"),
    };
    let (removed, added) = (look.bad(&marked("[-", removed, "-]")), look.good(&marked("{+", added, "+}")));
    writeln!(out, "              …{behind}{removed}{added}{}", look.faint(more))
}

/// A value on one line, cut.
fn short(text: &str) -> String {
    let folded: Vec<&str> = text.split_whitespace().collect();
    cut(&visible(&folded.join(" ")), VALUE_MAX)
}

/// Text of strangers in Markdown: what would be markup is none, and nobody is called by name.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '|' | '#') {
            escaped.push('\\');
        }
        escaped.push(character);
        if character == '@' {
            // A zero-width joiner would be invisible; an empty comment is no text.
            escaped.push_str("<!-- -->");
        }
    }
    escaped
}
