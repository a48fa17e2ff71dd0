//! What a search found: for a terminal, or as `signoff.search/1`.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use crate::Look;
use crate::visible::visible;

/// What a search found.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Answer {
    /// What was typed.
    pub query: String,
    /// How many proposals were found in all.
    pub total: usize,
    /// Whether no proposal has every word, so that these have only some.
    pub partial: bool,
    /// The first of them, best first.
    pub proposals: Vec<Found>,
    /// What all that were found are.
    pub facets: Vec<Facet>,
}

/// A proposal that was found.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Found {
    /// What people call it.
    pub proposal: String,
    /// Its title.
    pub title: Option<String>,
    /// The owning group.
    pub group: Option<String>,
    /// Its folder or file.
    pub path: String,
    /// The status.
    pub status: Option<String>,
    /// The stage.
    pub stage: Option<String>,
    /// The latest milestone.
    pub latest_milestone: Option<String>,
    /// The gates that the query names.
    pub gates: Vec<String>,
    /// The best sections, best first.
    pub sections: Vec<FoundSection>,
}

/// A section with the words.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct FoundSection {
    /// The heading.
    pub title: String,
    /// The file.
    pub path: String,
    /// The line of the heading, from 1.
    pub line: usize,
    /// Some text around the words.
    pub text: Vec<Piece>,
}

/// A piece of a text.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Piece {
    /// The piece.
    pub text: String,
    /// Whether it is one of the words.
    pub found: bool,
}

/// A facet and its values, most frequent first.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Facet {
    /// The name in a query.
    pub name: &'static str,
    /// The values that occur.
    pub values: Vec<Count>,
}

/// A value of a facet.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Count {
    /// The value.
    pub value: String,
    /// How many of the proposals have it.
    pub count: usize,
}

/// Writes an answer for a terminal.
///
/// # Errors
/// Those of the writer.
pub fn write(answer: &Answer, look: Look, out: &mut dyn Write) -> io::Result<()> {
    if answer.total == 0 {
        return writeln!(out, "No proposal has `{}`.", visible(&answer.query));
    }
    if answer.partial {
        writeln!(out, "No proposal has every word; these have some.\n")?;
    }
    for found in &answer.proposals {
        head(found, look, out)?;
        for section in &found.sections {
            excerpt(section, look, out)?;
        }
        writeln!(out)?;
    }
    foot(answer, look, out)
}

fn head(found: &Found, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let title = format!("{}  {}", visible(&found.proposal), visible(found.title.as_deref().unwrap_or_default()));
    let facts = [&found.group, &found.status, &found.stage, &found.latest_milestone];
    let facts: Vec<String> = facts.into_iter().flatten().map(|fact| visible(fact).into()).collect();
    writeln!(out, "{}", look.strong(title.trim_end()))?;
    let facts = if facts.is_empty() { String::new() } else { format!("  {}", look.faint(&facts.join(", "))) };
    writeln!(out, "  {}{facts}", visible(&found.path))?;
    if !found.gates.is_empty() {
        let gates: Vec<String> = found.gates.iter().map(|gate| look.good(&visible(gate))).collect();
        writeln!(out, "  gates: {}", gates.join(", "))?;
    }
    Ok(())
}

fn excerpt(section: &FoundSection, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let file = section.path.rsplit('/').next().unwrap_or_default();
    let place = look.faint(&format!("{}:{}", visible(file), section.line));
    writeln!(out, "    {place}  {}", visible(&section.title))?;
    let words: String = section
        .text
        .iter()
        .map(|piece| if piece.found { look.strong(&visible(&piece.text)) } else { visible(&piece.text).into() })
        .collect();
    if words.trim().is_empty() { Ok(()) } else { writeln!(out, "      {}", words.trim()) }
}

fn foot(answer: &Answer, look: Look, out: &mut dyn Write) -> io::Result<()> {
    const VALUES_MAX: usize = 5;
    let plural = if answer.total == 1 { "" } else { "s" };
    let shown = answer.proposals.len();
    let first = if shown < answer.total { format!("; the first {shown} are shown") } else { String::new() };
    writeln!(out, "{} proposal{plural}{first}", answer.total)?;
    if answer.total < 2 {
        return Ok(());
    }
    for Facet { name, values } in answer.facets.iter().filter(|facet| facet.values.len() > 1) {
        let some: Vec<String> = values
            .iter()
            .take(VALUES_MAX)
            .map(|Count { value, count }| format!("{} {count}", visible(value)))
            .collect();
        let more = if values.len() > VALUES_MAX { ", ..." } else { "" };
        writeln!(out, "  {}", look.faint(&format!("{name}: {}{more}", some.join(", "))))?;
    }
    Ok(())
}

/// Writes an answer as `signoff.search/1`.
///
/// # Errors
/// Those of the writer.
pub fn write_json(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    crate::write_json(&Search { schema: "signoff.search/1", answer }, out)
}

/// What a search found.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Search<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.search/1"))]
    schema: &'static str,
    #[serde(flatten)]
    answer: &'a Answer,
}
