//! What is left alone, as `signoff.stale/1`, for a terminal, and as CSV.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use signoff_analysis::stale::{self, StaleKind};
use signoff_model::Corpus;
use signoff_model::profile::Meaning;

use crate::Look;
use crate::query::csv_line;
use crate::standpoint::{Standpoint, counted};
use crate::table::{self, Cell, Overflow};
use crate::visible::visible;

/// What is left alone.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Stale<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.stale/1"))]
    schema: &'static str,
    /// What this stands on.
    #[serde(flatten)]
    pub standpoint: Standpoint,
    /// How many there are of each kind.
    pub counts: BTreeMap<&'static str, usize>,
    /// The proposals: the worst kinds first, then the longest.
    pub proposals: Vec<Entry<'a>>,
}

/// A proposal that is left alone.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Entry<'a> {
    /// In which way: `unmarked`, `superseded`, `orphaned`, `stuck`, `lingering`, `dormant`.
    pub kind: &'static str,
    /// How bad that is: `warning`, `info`.
    pub severity: &'static str,
    /// What people call it.
    pub proposal: &'a str,
    /// Its title.
    pub title: Option<&'a str>,
    /// The owning group.
    pub group: Option<&'a str>,
    /// Its folder or file.
    pub path: &'a str,
    /// Its status.
    pub status: Option<&'a str>,
    /// Its stage.
    pub stage: Option<&'a str>,
    /// The day since which it is so; null when nothing tells.
    pub since: Option<String>,
    /// For how many days.
    pub days: Option<i64>,
    /// Why, in one sentence.
    pub reason: &'a str,
    /// What to do.
    pub change: Change<'a>,
    /// How many people tended it lately; null when the history does not tell.
    pub tended_by: Option<usize>,
    #[serde(skip)]
    rank: StaleKind,
}

/// What to do.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Change<'a> {
    /// In words.
    pub what: &'a str,
    /// The metadata field, where it is one.
    pub field: Option<&'a str>,
    /// Its new value, where there is one.
    pub to: Option<&'a str>,
    /// The file.
    pub path: &'a str,
    /// The line of the field; null where it is missing.
    pub line: Option<usize>,
}

impl<'a> Stale<'a> {
    /// Makes the output of what was found.
    #[must_use]
    pub fn new(corpus: &'a Corpus, found: &'a [stale::Stale<'a>], standpoint: Standpoint) -> Self {
        let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
        for stale in found {
            *counts.entry(stale.kind.word()).or_default() += 1;
        }
        let proposals = found.iter().map(|stale| Entry::new(corpus, stale)).collect();
        Self { schema: "signoff.stale/1", standpoint, counts, proposals }
    }

    /// Writes JSON.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        crate::write_json(self, out)
    }

    /// Writes the proposals by kind for a terminal, each with its reason and what to do.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_human(&self, look: Look, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", look.strong(&format!("{} left alone", counted(self.proposals.len(), "proposal"))))?;
        self.standpoint.write(look, out)?;
        for kind in StaleKind::ALL {
            let own: Vec<&Entry<'_>> = self.proposals.iter().filter(|entry| entry.rank == kind).collect();
            if own.is_empty() {
                continue;
            }
            let title = look.severity(kind.severity(), kind.word());
            writeln!(out, "\n{title}: {} ({})", kind.about(), own.len())?;
            for entry in own {
                entry.write(look, out)?;
            }
        }
        Ok(())
    }

    /// Writes a row for each, with a heading.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let heads = [
            "kind",
            "severity",
            "proposal",
            "title",
            "group",
            "status",
            "stage",
            "since",
            "days",
            "reason",
            "change",
            "field",
            "to",
            "file",
            "line",
            "tended_by",
            "path",
        ];
        csv_line(heads.into_iter().map(Cow::Borrowed), out)?;
        for entry in &self.proposals {
            let text = |text: Option<&'a str>| Cow::Borrowed(text.unwrap_or_default());
            let number = |number: Option<usize>| Cow::Owned(number.map_or_else(String::new, |it| it.to_string()));
            let values = [
                Cow::Borrowed(entry.kind),
                Cow::Borrowed(entry.severity),
                Cow::Borrowed(entry.proposal),
                text(entry.title),
                text(entry.group),
                text(entry.status),
                text(entry.stage),
                Cow::Owned(entry.since.clone().unwrap_or_default()),
                Cow::Owned(entry.days.map_or_else(String::new, |days| days.to_string())),
                Cow::Borrowed(entry.reason),
                Cow::Borrowed(entry.change.what),
                text(entry.change.field),
                text(entry.change.to),
                Cow::Borrowed(entry.change.path),
                number(entry.change.line),
                number(entry.tended_by),
                Cow::Borrowed(entry.path),
            ];
            csv_line(values.into_iter(), out)?;
        }
        Ok(())
    }
}

impl<'a> Entry<'a> {
    fn new(corpus: &'a Corpus, stale: &'a stale::Stale<'a>) -> Self {
        let stale::Stale { kind, proposal, status, stage, since, reason, change, tended_by } = stale;
        let line = change.span.map(|span| proposal.source.position(span.start).line);
        let days = since.map(|since| i64::from((corpus.today() - since).get_days()));
        Self {
            kind: kind.word(),
            severity: kind.severity().word(),
            proposal: proposal.label(),
            title: proposal.text(&corpus.prepared, Meaning::Title),
            group: proposal.text(&corpus.prepared, Meaning::Group),
            path: &proposal.path,
            status: *status,
            stage: *stage,
            since: since.map(|since| since.to_string()),
            days,
            reason,
            change: Change {
                what: &change.text,
                field: change.field.as_deref(),
                to: change.to.as_deref(),
                path: &proposal.metadata_path,
                line,
            },
            tended_by: *tended_by,
            rank: *kind,
        }
    }

    fn write(&self, look: Look, out: &mut dyn Write) -> io::Result<()> {
        let title = table::cut(&visible(self.title.unwrap_or_default()), look.width.saturating_sub(12));
        writeln!(out, "  {}  {title}", look.strong(&visible(self.proposal)))?;
        let place = match self.change.line {
            Some(line) => format!("{}:{line}", self.change.path),
            None => self.change.path.to_owned(),
        };
        let tended = match self.tended_by {
            None | Some(0) => String::new(),
            Some(people) => counted(people, "person").replace("persons", "people") + " worked on it lately",
        };
        let row = |label: &'static str, text: &str| {
            vec![Cell::new(label).painted(move |text| look.faint(text)), Cell::new(visible(text))]
        };
        let mut rows = vec![row("why", self.reason), row("do", self.change.what), row("at", &place)];
        if !tended.is_empty() {
            rows.push(row("who", &tended));
        }
        table::write(&rows, 4, look.width, Overflow::Wrap, out)
    }
}
