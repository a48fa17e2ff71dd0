//! The sign-off checklist beside what the files tell: `signoff.checklist/1`, a list for people.

use std::io::{self, Write};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use signoff_analysis::signoff::checklist::{Met, Reason, Row, Sheet, Tick};
use signoff_model::event::Event;
use signoff_model::profile::Meaning;
use signoff_model::{Corpus, Proposal};

use crate::Look;
use crate::status::Evidence;
use crate::visible::visible;

/// A checklist, item by item.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Checklist<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.checklist/1"))]
    schema: &'static str,
    /// What people call the proposal.
    pub proposal: &'a str,
    /// Its title.
    pub title: Option<&'a str>,
    /// Its folder or file.
    pub path: &'a str,
    /// The file with the boxes.
    pub body: Option<&'a str>,
    /// Id of the checklist.
    pub checklist: &'a str,
    /// The generation of the template whose items are listed.
    pub generation: Option<&'a str>,
    /// The instant for which this is said.
    #[schemars(with = "String")]
    pub instant: Timestamp,
    /// The commit whose files were read; null for a work tree.
    pub commit: Option<&'a str>,
    /// What cannot be known, and why.
    pub notes: Vec<String>,
    /// The items of the process.
    pub items: Vec<Item<'a>>,
    /// Boxes of the author's that no item of the process has.
    pub others: Vec<Other<'a>>,
    /// What happened, and what the document says of it.
    pub history: History<'a>,
}

/// An item.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Item<'a> {
    /// The item, as the template has it.
    pub text: &'a str,
    /// Whether it must be ticked before a release is targeted.
    pub required: bool,
    /// `met`, `not-met` or `unknown`.
    pub verdict: &'static str,
    /// What each thing that decides it said.
    pub reasons: Vec<Said<'a>>,
    /// What would tell, where it is unknown.
    pub would_tell: &'a [&'a str],
    /// The author's box: `ticked`, `open` or `absent`.
    #[serde(rename = "box")]
    pub tick: &'static str,
    /// The line of the box, from 1.
    pub line: Option<usize>,
    /// Whether the author says something else than the files.
    pub disagrees: bool,
}

/// What one thing said of an item.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said<'a> {
    /// Id of the rule; null for what was looked up in the document.
    pub rule: Option<&'a str>,
    /// What came out.
    pub result: &'static str,
    /// In one sentence.
    pub message: &'a str,
    /// Where it was seen.
    pub evidence: Vec<Evidence<'a>>,
}

/// A box that no item of the process has.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Other<'a> {
    /// Its text.
    pub text: &'a str,
    /// Whether it is ticked.
    pub ticked: bool,
    /// Its line, from 1.
    pub line: usize,
}

/// What happened, and what the document says of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct History<'a> {
    /// What happened, oldest first; answers are left out.
    pub events: Vec<Happened<'a>>,
    /// The days and releases that the section names, in its order.
    pub mentions: Vec<Named<'a>>,
}

/// Something that happened.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Happened<'a> {
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// The commit.
    pub commit: &'a str,
    /// What.
    pub kind: &'static str,
    /// To what.
    pub subject: Option<&'a str>,
    /// The value before.
    pub from: Option<&'a str>,
    /// The value after.
    pub to: Option<&'a str>,
    /// Whether the commit changed many proposals at once.
    pub sweep: bool,
}

/// A day or release that the history section names.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Named<'a> {
    /// The line, from 1.
    pub line: usize,
    /// As written.
    pub text: &'a str,
}

impl<'a> Checklist<'a> {
    /// Puts a checklist together.
    #[must_use]
    pub fn new(corpus: &'a Corpus, proposal: &'a Proposal, sheet: &'a Sheet<'a>, notes: Vec<String>) -> Self {
        let other = |tick: &'a Tick| Other { text: &tick.text, ticked: tick.ticked, line: tick.line };
        Self {
            schema: "signoff.checklist/1",
            proposal: proposal.label(),
            title: proposal.text(&corpus.prepared, Meaning::Title),
            path: &proposal.path,
            body: proposal.prose.as_ref().map(|prose| &*prose.source.path),
            checklist: &sheet.checklist.id,
            generation: sheet.generation,
            instant: corpus.as_of,
            commit: corpus.commit.as_deref(),
            notes,
            items: sheet.rows.iter().map(Item::new).collect(),
            others: sheet.others.iter().map(other).collect(),
            history: History {
                events: sheet.events.iter().map(|event| Happened::new(event)).collect(),
                mentions: sheet.mentions.iter().map(|named| Named { line: named.line, text: &named.text }).collect(),
            },
        }
    }
}

impl<'a> Item<'a> {
    fn new(row: &'a Row<'a>) -> Self {
        let said = |reason: &'a Reason<'a>| Said {
            rule: reason.rule,
            result: reason.outcome.word(),
            message: &reason.message,
            evidence: reason.evidence.iter().map(Evidence::from).collect(),
        };
        Self {
            text: row.text,
            required: row.required,
            verdict: row.met.word(),
            reasons: row.reasons.iter().map(said).collect(),
            would_tell: &row.would_tell,
            tick: match &row.tick {
                Some(tick) if tick.ticked => "ticked",
                Some(_) => "open",
                None => "absent",
            },
            line: row.tick.as_ref().map(|tick| tick.line),
            disagrees: row.disagrees(),
        }
    }
}

impl<'a> Happened<'a> {
    fn new(event: &'a Event) -> Self {
        Self {
            at: event.at,
            commit: &event.commit,
            kind: event.kind.word(),
            subject: event.subject.as_deref(),
            from: event.from.as_deref(),
            to: event.to.as_deref(),
            sweep: event.sweep,
        }
    }
}

/// Writes a checklist as `signoff.checklist/1`.
///
/// # Errors
/// Those of the writer.
pub fn write_json(checklist: &Checklist<'_>, out: &mut dyn Write) -> io::Result<()> {
    crate::write_json(checklist, out)
}

/// Most characters of an item that a terminal shows.
const TEXT_MAX: usize = 100;

/// Writes a checklist for a terminal.
///
/// # Errors
/// Those of the writer.
pub fn write(checklist: &Checklist<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let title = format!("{}  {}", visible(checklist.proposal), visible(checklist.title.unwrap_or_default()));
    writeln!(out, "{}", look.strong(title.trim_end()))?;
    writeln!(out, "  {}", visible(checklist.body.unwrap_or(checklist.path)))?;
    for note in &checklist.notes {
        writeln!(out, "  {}", look.faint(&format!("note: {}", visible(note))))?;
    }
    writeln!(out, "\n  author  files    item")?;
    for item in &checklist.items {
        write_item(item, look, out)?;
    }
    for other in &checklist.others {
        let mark = if other.ticked { "[x]" } else { "[ ]" };
        writeln!(out, "  {mark:<8}{:<9}{}", "-", cut(other.text))?;
    }
    let differing = checklist.items.iter().filter(|item| item.disagrees).count();
    if differing > 0 {
        let items = if differing == 1 { "1 item".to_owned() } else { format!("{differing} items") };
        writeln!(out, "\n{}", look.bad(&format!("On {items} the author and the files disagree.")))?;
    }
    write_history(&checklist.history, look, out)
}

fn write_item(item: &Item<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let mark = match item.tick {
        "ticked" => "[x]",
        "open" => "[ ]",
        _ => "-",
    };
    let is = |met: Met| item.verdict == met.word();
    let verdict = format!("{:<9}", item.verdict);
    let verdict = if is(Met::Yes) {
        look.good(&verdict)
    } else if is(Met::No) {
        look.bad(&verdict)
    } else {
        look.faint(&verdict)
    };
    let differs = if item.disagrees { look.bad("  <- differs") } else { String::new() };
    writeln!(out, "  {mark:<8}{verdict}{}{differs}", cut(item.text))?;
    for reason in item.reasons.iter().filter(|reason| reason.result != "pass" && reason.result != "unknown") {
        let rule = reason.rule.map(|rule| format!("{rule}: ")).unwrap_or_default();
        let place = reason
            .evidence
            .iter()
            .find_map(|evidence| Some(format!(", {}:{}", visible(evidence.path), evidence.line?)));
        let text = format!("{}{}{}", visible(&rule), visible(reason.message), place.unwrap_or_default());
        writeln!(out, "                   {}", look.faint(&text))?;
    }
    for source in item.would_tell {
        writeln!(out, "                   {}", look.faint(&format!("would tell: {}", visible(source))))?;
    }
    Ok(())
}

fn write_history(history: &History<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", look.strong("History, as git tells it"))?;
    if history.events.is_empty() {
        writeln!(out, "  nothing is known")?;
    }
    for event in &history.events {
        let subject = event.subject.map(|subject| format!(" {}", visible(subject))).unwrap_or_default();
        let value = |value: Option<&str>| value.map_or("nothing".to_owned(), |value| visible(value).into_owned());
        let change = match (event.from, event.to) {
            (None, None) => String::new(),
            (None, to) => format!(": {}", value(to)),
            (from, to) => format!(": {} to {}", value(from), value(to)),
        };
        let sweep = if event.sweep { look.faint(" (a sweep)") } else { String::new() };
        writeln!(out, "  {}  {}{subject}{change}{sweep}", event.at.strftime("%Y-%m-%d"), event.kind)?;
    }
    let named: Vec<String> =
        history.mentions.iter().map(|named| format!("{} (line {})", visible(named.text), named.line)).collect();
    let named = if named.is_empty() { "no day and no release".to_owned() } else { named.join(", ") };
    writeln!(out, "The section names {named}.")
}

fn cut(text: &str) -> String {
    let short: String = text.chars().take(TEXT_MAX).collect();
    let mark = if short.len() < text.len() { "…" } else { "" };
    format!("{}{mark}", visible(&short))
}
