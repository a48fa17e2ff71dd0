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

/// So many sections have a line each; more are summed up.
const SECTIONS_MAX: usize = 5;

/// Headings in a sum.
const HEADINGS_MAX: usize = 5;

/// The lines about a proposal.
fn lines(changes: &[Change]) -> Vec<Line> {
    if changes.iter().any(|change| change.kind == ChangeKind::Created) {
        return vec![Line { label: padded("new"), sentence: all_new(changes), hunks: Vec::new() }];
    }
    let is_section = |change: &&Change| change.kind == ChangeKind::Section;
    let (sections, others): (Vec<&Change>, Vec<&Change>) = changes.iter().partition(is_section);
    let mut lines: Vec<Line> = others.into_iter().map(line).collect();
    if sections.len() > SECTIONS_MAX {
        lines.extend(summed_up(&sections));
    } else {
        lines.extend(sections.into_iter().map(line));
    }
    lines
}

/// A new proposal in a sentence: all that it says is new.
fn all_new(changes: &[Change]) -> String {
    let of = |kind| changes.iter().filter(move |change| change.kind == kind);
    let value = |change: &Change| change.to.as_deref().map(short).unwrap_or_default();
    let listed = |kind| of(kind).map(value).collect::<Vec<_>>().join(", ");
    let mut parts = vec![listed(ChangeKind::Status), listed(ChangeKind::Stage)];
    let subject = |change: &Change| change.subject.as_deref().map(short).unwrap_or_default();
    parts.extend(of(ChangeKind::Milestone).map(|change| format!("{} {}", subject(change), value(change))));
    parts.extend(of(ChangeKind::Gate).map(|change| format!("gate {}", value(change))));
    parts.extend(of(ChangeKind::Approved).map(|change| format!("{} approved by {}", subject(change), value(change))));
    let with = |kind, states: &[&str]| of(kind).filter(|change| is_state(change, states)).count();
    let answers = with(ChangeKind::Answer, &["answered", "bare"]);
    let sections = with(ChangeKind::Section, &["written"]);
    parts.push(some(answers, "answer").map(|text| format!("{text} written")).unwrap_or_default());
    parts.push(some(sections, "section").map(|text| format!("{text} written")).unwrap_or_default());
    parts.extend(of(ChangeKind::Unread).map(|change| format!("{} cannot be read whole", subject(change))));
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

fn is_state(change: &Change, states: &[&str]) -> bool {
    change.to.as_deref().is_some_and(|to| states.contains(&to))
}

/// A count and its noun; `None` for none.
fn some(count: usize, noun: &str) -> Option<String> {
    (count > 0).then(|| format!("{count} {noun}{}", if count == 1 { "" } else { "s" }))
}

/// Many sections, by what became of them.
fn summed_up(sections: &[&Change]) -> Vec<Line> {
    let became = |change: &Change| match (change.from.as_deref(), change.to.as_deref()) {
        (None, _) => "added",
        (_, None) => "removed",
        (Some(from), Some(to)) if from == to => "changed",
        (_, Some("written")) => "filled",
        _ => "emptied",
    };
    let mut lines = Vec::new();
    for what in ["changed", "filled", "emptied", "added", "removed"] {
        let those: Vec<&&Change> = sections.iter().filter(|change| became(change) == what).collect();
        let headings = those.iter().filter_map(|change| change.subject.as_deref()).map(short);
        let shown: Vec<String> = headings.take(HEADINGS_MAX).collect();
        let sum = |count: fn(&Words) -> usize| those.iter().filter_map(|change| change.words.as_ref()).map(count).sum();
        let words = Words { added: sum(|words| words.added), removed: sum(|words| words.removed), hunks: Vec::new() };
        let Some(count) = some(those.len(), "section") else { continue };
        let more = some(those.len().saturating_sub(HEADINGS_MAX), "other").map(|more| format!(" and {more}"));
        let sentence = format!("{count} {what}, {}: {}{}", amount(&words), shown.join("; "), more.unwrap_or_default());
        lines.push(Line { label: padded("sections"), sentence, hunks: Vec::new() });
    }
    lines
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
    let state = match (from, to) {
        (None, Some(to)) if to == "written" => "added".to_owned(),
        (None, Some(to)) => format!("added, {to}"),
        (Some(_), None) => "removed".to_owned(),
        (from, to) if from == to => "changed".to_owned(),
        (from, to) => arrow(from, to),
    };
    words.map_or_else(|| state.clone(), |words| format!("{state}, {}", amount(words)))
}

/// How many words came and went.
fn amount(words: &Words) -> String {
    match (some(words.added, "word"), some(words.removed, "word")) {
        (Some(added), None) => format!("{added} more"),
        (None, Some(removed)) => format!("{removed} less"),
        (Some(added), Some(_)) => format!("{added} for {}", words.removed),
        (None, None) => "no words".to_owned(),
    }
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
