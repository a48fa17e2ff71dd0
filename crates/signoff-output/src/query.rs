//! Tables of proposals: for a terminal, as JSON (`signoff.list/1`, `signoff.query/1`), as CSV.

use std::borrow::Cow;
use std::io::{self, Write};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::ser::{Serialize, SerializeMap, Serializer};
use signoff_analysis::query::{self, Table, Value};
use signoff_model::profile::SavedQuery;

use crate::Look;
use crate::table::{self, Cell, Overflow};
use crate::visible::visible;

/// A list as `signoff.list/1`.
#[derive(serde::Serialize, JsonSchema)]
pub(crate) struct List<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.list/1"))]
    schema: &'static str,
    /// Names of the columns, in order.
    columns: &'a [&'a str],
    /// The rows: an object with the columns as keys. Absent text is null, absent lists are empty.
    proposals: Vec<Row<'a>>,
}

/// The answer to a query as `signoff.query/1`.
#[derive(serde::Serialize, JsonSchema)]
pub(crate) struct Query<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.query/1"))]
    schema: &'static str,
    /// The name of the saved query; null for one that was typed.
    query: Option<&'a str>,
    /// Names of the columns, in order; none when only counts were asked for.
    columns: &'a [&'a str],
    /// Names of the columns by which the proposals are grouped; none when they are not.
    group_by: &'a [&'a str],
    /// How many proposals were found.
    count: usize,
    /// How many proposals, or groups, the limit left off.
    left_off: usize,
    /// The proposals when they are not grouped: an object with the columns, the number and the path as keys.
    proposals: Vec<Row<'a>>,
    /// The groups when the proposals are grouped.
    groups: Vec<Group<'a>>,
}

/// Proposals with the same values.
#[derive(serde::Serialize, JsonSchema)]
struct Group<'a> {
    /// The values, by the names in `group_by`; null where a proposal has none.
    values: Row<'a>,
    /// How many proposals it holds.
    count: usize,
    /// The proposals; none when only counts were asked for.
    proposals: Vec<Row<'a>>,
}

/// Values by the names of their columns.
struct Row<'a>(Vec<(&'a str, Wire<'a>)>);

/// A value on its way out.
struct Wire<'a>(Cow<'a, Value<'a>>);

impl<'a> Row<'a> {
    fn new(names: &[&'a str], values: &'a [Value<'a>]) -> Self {
        let cell = |(name, value): (&&'a str, &'a Value<'a>)| (*name, Wire(Cow::Borrowed(value)));
        Self(names.iter().zip(values).map(cell).collect())
    }

    /// The row with what tells its proposal from all others.
    fn identified(names: &[&'a str], row: &'a query::Row<'a>) -> Self {
        let query::Row { proposal, values } = row;
        let mut found = Self::new(names, values);
        for (name, text) in [("proposal", proposal.label()), ("path", &proposal.path)] {
            if !names.contains(&name) {
                found.0.push((name, Wire(Cow::Owned(Value::Text(Some(Cow::Borrowed(text)))))));
            }
        }
        found
    }
}

impl Serialize for Wire<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &*self.0 {
            Value::Text(text) => text.serialize(serializer),
            Value::Number(number) => number.serialize(serializer),
            Value::Flag(flag) => flag.serialize(serializer),
            Value::List(items) => items.serialize(serializer),
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
            "description": "Values by the names of their columns.",
            "type": "object",
            "additionalProperties": {
                "anyOf": [
                    { "type": ["string", "integer", "boolean", "null"] },
                    { "type": "array", "items": { "type": "string" } }
                ]
            }
        })
    }
}

/// Writes a list as `signoff.list/1`.
///
/// # Errors
/// Those of the writer.
pub fn write_list_json(table: &Table<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rows = table.groups.iter().flat_map(|group| &group.rows);
    let proposals = rows.map(|row| Row::new(&table.columns, &row.values)).collect();
    crate::write_json(&List { schema: "signoff.list/1", columns: &table.columns, proposals }, out)
}

/// Writes the answer to a query as `signoff.query/1`. `name` is that of a saved query.
///
/// # Errors
/// Those of the writer.
pub fn write_json(name: Option<&str>, table: &Table<'_>, out: &mut dyn Write) -> io::Result<()> {
    let is_grouped = !table.group_by.is_empty();
    let (ungrouped, grouped) =
        if is_grouped { (None, table.groups.as_slice()) } else { (table.groups.first(), &[][..]) };
    let query = Query {
        schema: "signoff.query/1",
        query: name,
        columns: &table.columns,
        group_by: &table.group_by,
        count: table.total,
        left_off: table.left_off,
        proposals: ungrouped.map(|only| identified(table, &only.rows)).unwrap_or_default(),
        groups: grouped.iter().map(|group| Group::new(table, group)).collect(),
    };
    crate::write_json(&query, out)
}

fn identified<'a>(table: &'a Table<'a>, rows: &'a [query::Row<'a>]) -> Vec<Row<'a>> {
    rows.iter().map(|row| Row::identified(&table.columns, row)).collect()
}

impl<'a> Group<'a> {
    fn new(table: &'a Table<'a>, group: &'a query::Group<'a>) -> Self {
        let query::Group { values, count, rows } = group;
        Self { values: Row::new(&table.group_by, values), count: *count, proposals: identified(table, rows) }
    }
}

/// Writes a table for a terminal: nothing for no proposals.
///
/// # Errors
/// Those of the writer.
pub fn write_human(table: &Table<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    match (table.group_by.is_empty(), table.counted) {
        (true, true) => writeln!(out, "{}", proposals(table.total))?,
        (true, false) => table.groups.iter().try_for_each(|group| rows(table, &group.rows, 0, look, out))?,
        (false, true) => counts(table, look, out)?,
        (false, false) => groups(table, look, out)?,
    }
    if table.left_off > 0 {
        let what = match (table.group_by.is_empty(), table.left_off) {
            (true, _) => "",
            (false, 1) => " group",
            (false, _) => " groups",
        };
        writeln!(out, "{}", look.faint(&format!("and {} more{what}", table.left_off)))?;
    }
    Ok(())
}

fn proposals(count: usize) -> String {
    format!("{count} {}", if count == 1 { "proposal" } else { "proposals" })
}

fn rows(table: &Table<'_>, rows: &[query::Row<'_>], indent: usize, look: Look, out: &mut dyn Write) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut cells: Vec<Vec<Cell>> = vec![table.columns.iter().map(|name| head(name, look)).collect()];
    cells.extend(rows.iter().map(|row| row.values.iter().map(cell).collect()));
    table::write(&cells, indent, look.width, Overflow::Cut, out)
}

fn counts(table: &Table<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    if table.groups.is_empty() {
        return Ok(());
    }
    let mut heads: Vec<Cell> = table.group_by.iter().map(|name| head(name, look)).collect();
    heads.push(head("count", look));
    let mut cells = vec![heads];
    for query::Group { values, count, .. } in &table.groups {
        let mut row: Vec<Cell> = values.iter().map(|value| Cell::new(named(value))).collect();
        row.push(Cell::number(*count));
        cells.push(row);
    }
    table::write(&cells, 0, look.width, Overflow::Cut, out)
}

/// Every group under a line with its values and its size.
fn groups(table: &Table<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    for (index, query::Group { values, count, rows: members }) in table.groups.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        let name = values.iter().map(named).collect::<Vec<_>>().join(", ");
        let size = proposals(*count);
        let name = table::cut(&name, look.width.saturating_sub(size.len() + 2));
        writeln!(out, "{}  {}", look.strong(&name), look.faint(&size))?;
        rows(table, members, 2, look, out)?;
    }
    Ok(())
}

fn head(name: &str, look: Look) -> Cell {
    // `latest_milestone` holds short texts: the last word is enough.
    let word = name.rsplit('_').next().unwrap_or(name);
    Cell::new(visible(&word.to_uppercase())).painted(move |text| look.faint(text))
}

fn cell(value: &Value<'_>) -> Cell {
    Cell::new(visible(&value.joined()))
}

/// The value as the name of a group.
fn named(value: &Value<'_>) -> String {
    let text = visible(&value.joined()).into_owned();
    if text.is_empty() { "(none)".to_owned() } else { text }
}

/// Writes a table as comma-separated values (RFC 4180) with a header. Groups come in their first columns, counts
/// in the last one.
///
/// # Errors
/// Those of the writer.
pub fn write_csv(table: &Table<'_>, out: &mut dyn Write) -> io::Result<()> {
    let count = table.counted.then_some("count");
    let names = table.group_by.iter().chain(&table.columns).copied().chain(count);
    csv_line(names.map(Cow::Borrowed), out)?;
    for group in &table.groups {
        let values = || group.values.iter().map(Value::joined);
        if table.counted {
            csv_line(values().chain([group.count.to_string().into()]), out)?;
        }
        for row in &group.rows {
            csv_line(values().chain(row.values.iter().map(Value::joined)), out)?;
        }
    }
    Ok(())
}

/// Writes a line of CSV.
pub(crate) fn csv_line<'c>(cells: impl Iterator<Item = Cow<'c, str>>, out: &mut dyn Write) -> io::Result<()> {
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

/// A saved query and where it is written.
#[derive(Clone, Copy)]
pub struct Saved<'a> {
    /// Its name.
    pub name: &'a str,
    /// Whether the repository's own settings have it, not the profile.
    pub own: bool,
    /// What it says.
    pub query: &'a SavedQuery,
}

/// The saved queries as `signoff.queries/1`.
#[derive(serde::Serialize, JsonSchema)]
pub(crate) struct Queries<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.queries/1"))]
    schema: &'static str,
    /// The queries, by name.
    queries: Vec<Named<'a>>,
}

/// A saved query.
#[derive(serde::Serialize, JsonSchema)]
struct Named<'a> {
    /// Its name.
    name: &'a str,
    /// Where it is written.
    origin: QueryOrigin,
    /// The question that it answers.
    about: &'a str,
    /// The condition; null for all proposals.
    #[serde(rename = "where")]
    condition: Option<&'a str>,
    /// The columns; none for the usual ones.
    columns: &'a [String],
    /// The columns by which it groups.
    group_by: &'a [String],
    /// What it sorts by.
    sort: &'a [String],
    /// Whether it counts.
    count: bool,
    /// Most proposals, or groups, that it shows.
    limit: Option<usize>,
}

/// Where a saved query is written.
#[derive(serde::Serialize, JsonSchema)]
enum QueryOrigin {
    /// In the repository's settings.
    #[serde(rename = "signoff.toml")]
    Settings,
    /// In the profile.
    #[serde(rename = "profile")]
    Profile,
}

/// Writes the saved queries for a terminal: each with the question that it answers.
///
/// # Errors
/// Those of the writer.
pub fn write_saved_human(saved: &[Saved<'_>], look: Look, out: &mut dyn Write) -> io::Result<()> {
    let row = |saved: &Saved<'_>| {
        let name = Cell::new(visible(saved.name)).painted(move |text| look.strong(text));
        vec![name, Cell::new(visible(&saved.query.about))]
    };
    table::write(&saved.iter().map(row).collect::<Vec<_>>(), 0, look.width, Overflow::Wrap, out)
}

/// Writes the saved queries as `signoff.queries/1`.
///
/// # Errors
/// Those of the writer.
pub fn write_saved_json(saved: &[Saved<'_>], out: &mut dyn Write) -> io::Result<()> {
    let queries = saved.iter().map(Named::new).collect();
    crate::write_json(&Queries { schema: "signoff.queries/1", queries }, out)
}

impl<'a> Named<'a> {
    fn new(saved: &Saved<'a>) -> Self {
        let SavedQuery { about, condition, columns, group_by, sort, count, limit } = saved.query;
        Self {
            name: saved.name,
            origin: if saved.own { QueryOrigin::Settings } else { QueryOrigin::Profile },
            about,
            condition: condition.as_deref(),
            columns,
            group_by,
            sort,
            count: *count,
            limit: *limit,
        }
    }
}
