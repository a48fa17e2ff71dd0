//! What a search found: for a terminal, or as `signoff.search/1`.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use crate::Look;
use crate::visible::visible;

/// What a search found.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// What was typed.
    pub query: String,
    /// How many proposals were found in all.
    pub total: usize,
    /// Whether no proposal has every word, so that these have only some.
    pub partial: bool,
    /// The first of them.
    pub proposals: Vec<Found>,
    /// Each facet with its values and how many of the proposals have it.
    pub facets: Vec<(&'static str, Vec<(String, usize)>)>,
}

/// A proposal that was found. A text that it lacks is empty.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// What people call it.
    pub proposal: String,
    /// Its title.
    pub title: String,
    /// Its path.
    pub path: String,
    /// The owning group.
    pub group: String,
    /// The status.
    pub status: String,
    /// The stage.
    pub stage: String,
    /// The latest milestone.
    pub latest_milestone: String,
    /// The gates that were named.
    pub gates: Vec<String>,
    /// The best sections.
    pub sections: Vec<FoundSection>,
}

/// A section with the words.
#[derive(Clone, Debug, Default)]
pub struct FoundSection {
    /// The file.
    pub path: String,
    /// The line of the heading, from 1.
    pub line: usize,
    /// The heading.
    pub title: String,
    /// Some text around the words, in pieces: whether it is one of them, and the text.
    pub text: Vec<(bool, String)>,
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
    let title = format!("{}  {}", visible(&found.proposal), visible(&found.title));
    let facts = [&found.group, &found.status, &found.stage, &found.latest_milestone];
    let facts: Vec<String> =
        facts.into_iter().filter(|fact| !fact.is_empty()).map(|fact| visible(fact).into()).collect();
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
        .map(|(is_found, text)| if *is_found { look.strong(&visible(text)) } else { visible(text).into() })
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
    for (name, values) in answer.facets.iter().filter(|(_, values)| values.len() > 1) {
        let some: Vec<String> =
            values.iter().take(VALUES_MAX).map(|(value, count)| format!("{} {count}", visible(value))).collect();
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
    crate::write_json(&Search::new(answer), out)
}

/// What a search found.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Search<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.search/1"))]
    schema: &'static str,
    /// What was typed.
    query: &'a str,
    /// How many proposals were found in all.
    total: usize,
    /// Whether no proposal has every word, so that these have only some.
    partial: bool,
    /// The best ones, best first.
    proposals: Vec<Hit<'a>>,
    /// What all that were found are.
    facets: Vec<Facet<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Hit<'a> {
    /// Its number.
    proposal: &'a str,
    title: Option<&'a str>,
    group: Option<&'a str>,
    path: &'a str,
    status: Option<&'a str>,
    stage: Option<&'a str>,
    latest_milestone: Option<&'a str>,
    /// The gates that the query names.
    gates: &'a [String],
    /// The best sections, best first.
    sections: Vec<Section<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Section<'a> {
    title: &'a str,
    path: &'a str,
    /// The line of the heading, from 1.
    line: usize,
    /// Some text around the words.
    text: Vec<Piece<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Piece<'a> {
    text: &'a str,
    /// Whether this is one of the words.
    found: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Facet<'a> {
    name: &'a str,
    values: Vec<Count<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Count<'a> {
    value: &'a str,
    /// How many of the proposals have it.
    count: usize,
}

impl<'a> Search<'a> {
    fn new(answer: &'a Answer) -> Self {
        let Answer { query, total, partial, proposals, facets } = answer;
        let facet = |(name, values): &'a (&'static str, Vec<(String, usize)>)| Facet {
            name,
            values: values.iter().map(|(value, count)| Count { value, count: *count }).collect(),
        };
        Self {
            schema: "signoff.search/1",
            query,
            total: *total,
            partial: *partial,
            proposals: proposals.iter().map(Hit::from).collect(),
            facets: facets.iter().map(facet).collect(),
        }
    }
}

impl<'a> From<&'a Found> for Hit<'a> {
    fn from(found: &'a Found) -> Self {
        let Found { proposal, title, path, group, status, stage, latest_milestone, gates, sections } = found;
        let present = |text: &'a str| (!text.is_empty()).then_some(text);
        Self {
            proposal,
            title: present(title),
            group: present(group),
            path,
            status: present(status),
            stage: present(stage),
            latest_milestone: present(latest_milestone),
            gates,
            sections: sections.iter().map(Section::from).collect(),
        }
    }
}

impl<'a> From<&'a FoundSection> for Section<'a> {
    fn from(section: &'a FoundSection) -> Self {
        let FoundSection { path, line, title, text } = section;
        let piece = |(found, text): &'a (bool, String)| Piece { text, found: *found };
        Self { title, path, line: *line, text: text.iter().map(piece).collect() }
    }
}
