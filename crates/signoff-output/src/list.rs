//! A table of proposals with columns to choose from: for a terminal, as JSON, as CSV.

use std::borrow::Cow;
use std::io::{self, Write};
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::ser::{Serialize, SerializeMap, Serializer};
use signoff_model::profile::{FieldKind, Meaning, Prepared};
use signoff_model::spelling::nearest;
use signoff_model::{Corpus, Proposal, Release};

use crate::Look;
use crate::table::{self, Cell, Overflow};
use crate::visible::visible;

/// The columns that are shown when nobody chooses.
pub const DEFAULT: [&str; 6] = ["proposal", "title", "group", "status", "stage", "latest_milestone"];

/// A format of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    Human,
    /// `signoff.list/1`.
    Json,
    /// Comma-separated values (RFC 4180) with a header.
    Csv,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Human, Self::Json, Self::Csv];

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = || Self::ALL.map(Self::name).join(", ");
        let found = Self::ALL.into_iter().find(|format| format.name() == name);
        found.ok_or_else(|| format!("there is no format `{name}` of lists; there are {}", known()))
    }
}

/// A column that can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    name: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    Path,
    Text(Meaning),
    List(Meaning),
    Milestones,
    Gates,
    /// A metadata field by its own name.
    Field,
}

/// The columns with a name of their own: those of `signoff.proposal/1`.
const KNOWN: [(&str, Kind); 13] = [
    ("proposal", Kind::Number),
    ("title", Kind::Text(Meaning::Title)),
    ("group", Kind::Text(Meaning::Group)),
    ("path", Kind::Path),
    ("status", Kind::Text(Meaning::Status)),
    ("stage", Kind::Text(Meaning::Stage)),
    ("latest_milestone", Kind::Text(Meaning::LatestMilestone)),
    ("milestones", Kind::Milestones),
    ("authors", Kind::List(Meaning::Authors)),
    ("reviewers", Kind::List(Meaning::Reviewers)),
    ("approvers", Kind::List(Meaning::Approvers)),
    ("gates", Kind::Gates),
    ("metrics", Kind::List(Meaning::Metrics)),
];

/// A column that there is not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no column `{name}`\n{hint}")]
pub struct UnknownColumn {
    /// What was asked for.
    pub name: String,
    /// What may be meant, or what there is.
    pub hint: String,
}

impl Column {
    /// Finds a column: a key of `signoff.proposal/1`, or a metadata field of the profile.
    ///
    /// # Errors
    /// When there is no such column; with the nearest name, or all names.
    pub fn parse(prepared: &Prepared, name: &str) -> Result<Self, UnknownColumn> {
        let known = KNOWN.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind);
        let field = || prepared.profile.fields.contains_key(name).then_some(Kind::Field);
        if let Some(kind) = known.or_else(field) {
            return Ok(Self { name: name.to_owned(), kind });
        }
        let own = |field: &&str| !KNOWN.iter().any(|(known, _)| known == field);
        let fields = || prepared.profile.fields.keys().map(String::as_str).filter(own);
        let names = || KNOWN.iter().map(|(name, _)| *name).chain(fields());
        let hint = match nearest(name, names()) {
            Some(near) => format!("did you mean `{}`?", visible(&near)),
            None => format!("there are {}", visible(&names().collect::<Vec<_>>().join(", "))),
        };
        Err(UnknownColumn { name: name.to_owned(), hint })
    }

    /// Finds several columns.
    ///
    /// # Errors
    /// As [`Column::parse`], for the first one that there is not.
    pub fn parse_all<'n>(
        prepared: &Prepared,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Result<Vec<Self>, UnknownColumn> {
        names.into_iter().map(|name| Self::parse(prepared, name.trim())).collect()
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    fn value<'a>(&self, prepared: &Prepared, proposal: &'a Proposal) -> Value<'a> {
        match self.kind {
            Kind::Number => Value::Text(Some(proposal.label())),
            Kind::Path => Value::Text(Some(&proposal.path)),
            Kind::Text(meaning) => Value::Text(proposal.text(prepared, meaning)),
            Kind::List(meaning) => {
                Value::List(proposal.items(prepared, meaning).into_iter().map(|item| item.text.trim().into()).collect())
            }
            Kind::Milestones => {
                let milestones = crate::proposal::milestones(prepared, proposal);
                Value::List(milestones.iter().map(|(stage, release)| format!("{stage} {release}").into()).collect())
            }
            Kind::Gates => Value::List(proposal.gates(prepared).into_iter().map(|gate| gate.name.into()).collect()),
            Kind::Field => field(prepared, proposal, &self.name),
        }
    }
}

/// What a column sorts by; only one of the variants occurs in a column.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(u64),
    Release(Release),
    Text(String),
}

/// Sorts proposals by a column: numbers by value, releases by version, everything else as text with letter case
/// aside. Absent values come last, also in reverse.
pub fn sort(corpus: &Corpus, proposals: &mut Vec<&Proposal>, column: &Column, reverse: bool) {
    let keyed = proposals.drain(..).map(|proposal| (column.key(&corpus.prepared, proposal), proposal));
    let (mut present, absent): (Vec<_>, Vec<_>) = keyed.partition(|(key, _)| key.is_some());
    present.sort_by(|(left, _), (right, _)| left.cmp(right));
    if reverse {
        present.reverse();
    }
    proposals.extend(present.into_iter().chain(absent).map(|(_, proposal)| proposal));
}

impl Column {
    fn key(&self, prepared: &Prepared, proposal: &Proposal) -> Option<Key> {
        let value = self.value(prepared, proposal);
        let text = value.joined();
        let declared = match self.kind {
            Kind::Field => Proposal::kind_of(prepared, &self.name),
            Kind::Number => FieldKind::Number,
            Kind::Text(Meaning::LatestMilestone) => FieldKind::Release,
            _ => FieldKind::Text,
        };
        match declared {
            FieldKind::Number => text.trim().parse().ok().map(Key::Number),
            FieldKind::Release => Release::parse(&text).map(Key::Release),
            _ => (!text.trim().is_empty()).then(|| Key::Text(text.to_lowercase())),
        }
    }
}

fn field<'a>(prepared: &Prepared, proposal: &'a Proposal, name: &str) -> Value<'a> {
    let Some(pair) = proposal.field(prepared, name) else { return Value::Text(None) };
    let declared = Proposal::kind_of(prepared, name);
    if declared.is_list() {
        let items = proposal.items_of(prepared, &pair.node);
        return Value::List(items.into_iter().map(|item| item.text.trim().into()).collect());
    }
    match pair.node.value {
        signoff_model::Value::Text(_) => Value::Text(pair.node.text().map(str::trim).filter(|text| !text.is_empty())),
        _ => Value::Text(Some(proposal.source.slice(pair.node.span).trim())),
    }
}

/// What stands in a cell.
#[derive(Debug)]
enum Value<'a> {
    Text(Option<&'a str>),
    List(Vec<Cow<'a, str>>),
}

impl Value<'_> {
    fn joined(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => text.unwrap_or_default().into(),
            Self::List(items) => items.join(", ").into(),
        }
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => text.serialize(serializer),
            Self::List(items) => items.serialize(serializer),
        }
    }
}

/// Writes a table of proposals.
///
/// # Errors
/// Those of the writer.
pub fn write(
    format: Format,
    corpus: &Corpus,
    proposals: &[&Proposal],
    columns: &[Column],
    look: Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let list = List::new(corpus, proposals, columns);
    match format {
        Format::Human => human(&list, look, out),
        Format::Json => crate::write_json(&list, out),
        Format::Csv => csv(&list, out),
    }
}

/// Chosen columns of some proposals.
#[derive(Debug, serde::Serialize, JsonSchema)]
pub(crate) struct List<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.list/1"))]
    schema: &'static str,
    /// Names of the columns, in order.
    columns: Vec<&'a str>,
    /// The rows: an object with the columns as keys. Absent text is null, absent lists are empty.
    proposals: Vec<Row<'a>>,
}

/// The values of one proposal, in the order of the columns.
#[derive(Debug)]
struct Row<'a>(Vec<(&'a str, Value<'a>)>);

impl<'a> List<'a> {
    fn new(corpus: &Corpus, proposals: &[&'a Proposal], columns: &'a [Column]) -> Self {
        // JSON has no place for the same key twice.
        let mut chosen: Vec<&Column> = Vec::new();
        for column in columns {
            if !chosen.contains(&column) {
                chosen.push(column);
            }
        }
        let row = |proposal: &&'a Proposal| {
            Row(chosen.iter().map(|column| (column.name(), column.value(&corpus.prepared, proposal))).collect())
        };
        Self {
            schema: "signoff.list/1",
            columns: chosen.iter().map(|column| column.name()).collect(),
            proposals: proposals.iter().map(row).collect(),
        }
    }
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl JsonSchema for Row<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Row".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({
            "description": "The values of one proposal, by the name of the column.",
            "type": "object",
            "additionalProperties": {
                "anyOf": [{ "type": ["string", "null"] }, { "type": "array", "items": { "type": "string" } }]
            }
        })
    }
}

fn human(list: &List<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    if list.proposals.is_empty() {
        return Ok(());
    }
    let head = |name: &&str| {
        // `latest_milestone` holds short texts: the last word is enough.
        let word = name.rsplit('_').next().unwrap_or(name);
        Cell::new(visible(&word.to_uppercase())).painted(move |text| look.faint(text))
    };
    let mut rows: Vec<Vec<Cell>> = vec![list.columns.iter().map(head).collect()];
    for Row(values) in &list.proposals {
        let cell = |(_, value): &(&str, Value<'_>)| Cell::new(visible(&value.joined()));
        rows.push(values.iter().map(cell).collect());
    }
    table::write(&rows, 0, look.width, Overflow::Cut, out)
}

fn csv(list: &List<'_>, out: &mut dyn Write) -> io::Result<()> {
    csv_line(list.columns.iter().map(|name| Cow::Borrowed(*name)), out)?;
    for Row(values) in &list.proposals {
        csv_line(values.iter().map(|(_, value)| value.joined()), out)?;
    }
    Ok(())
}

fn csv_line<'c>(cells: impl Iterator<Item = Cow<'c, str>>, out: &mut dyn Write) -> io::Result<()> {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        // A line break is allowed in quotes, but a log would take what stands behind it for a line of its own.
        let cell = visible(&cell);
        if cell.contains([',', '"']) {
            write!(out, "\"{}\"", cell.replace('"', "\"\""))?;
        } else {
            out.write_all(cell.as_bytes())?;
        }
    }
    out.write_all(b"\r\n")
}
