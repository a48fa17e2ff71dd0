//! Queries: which proposals, which columns, in which order and groups; as data, run over a corpus.
//!
//! A [`SavedQuery`] is what a person wrote, on the command line or in a file. [`Query::parse`] checks every name
//! and value in it, so that [`Query::run`] cannot fail. Output formats show the [`Table`].

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use signoff_model::profile::{ConfigFault, Prepared, SavedQuery};
use signoff_model::spelling::nearest;
use signoff_model::{Corpus, Proposal};

mod column;

pub use column::{Column, Value, all_of_metadata};

use crate::condition::{Comparison, Condition, ConditionFault, Expression};
use crate::places;
use column::Key;

/// The columns that are shown when nobody chooses.
pub const COLUMNS: [&str; 6] = ["proposal", "title", "group", "status", "stage", "latest_milestone"];
/// What sorts groups by their size, and its column.
const COUNT: &str = "count";
/// Under so many combinations of values one proposal may stand.
const COMBINATIONS_MAX: usize = 10_000;

/// A query whose names are known.
pub struct Query {
    conditions: Vec<Condition>,
    columns: Vec<Column>,
    group_by: Vec<Column>,
    order: Vec<Order>,
    count: bool,
    limit: Option<usize>,
}

/// The values of a group, and the proposals that have them.
type Members<'a> = (Vec<Value<'a>>, Vec<&'a Proposal>);

struct Order {
    by: By,
    reverse: bool,
}

enum By {
    Column(Column),
    Count,
}

/// Why a query cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}\n{hint}")]
pub struct QueryFault {
    /// What is wrong.
    pub message: String,
    /// What may be meant, or what to do.
    pub hint: String,
}

impl From<ConditionFault> for QueryFault {
    fn from(ConditionFault { message, hint }: ConditionFault) -> Self {
        Self { message, hint }
    }
}

/// What a query found.
pub struct Table<'a> {
    /// The columns of the rows; none when only counts were asked for.
    pub columns: Vec<&'a str>,
    /// The columns that groups are made by; none when there are no groups.
    pub group_by: Vec<&'a str>,
    /// Whether counts are all that was asked for.
    pub counted: bool,
    /// How many proposals were found.
    pub total: usize,
    /// How many rows, or groups, the limit left off.
    pub left_off: usize,
    /// The groups; one with all rows when nothing is grouped.
    pub groups: Vec<Group<'a>>,
}

/// Proposals that have the same values in the columns that groups are made by.
pub struct Group<'a> {
    /// Those values, in the order of the columns.
    pub values: Vec<Value<'a>>,
    /// How many proposals it holds.
    pub count: usize,
    /// The proposals; none when only counts were asked for.
    pub rows: Vec<Row<'a>>,
}

/// A proposal with its values, in the order of the columns.
pub struct Row<'a> {
    /// The proposal.
    pub proposal: &'a Proposal,
    /// Its values.
    pub values: Vec<Value<'a>>,
}

impl Query {
    /// Checks what was written. Further conditions must hold too.
    ///
    /// # Errors
    /// What is wrong, with a suggestion where one is near.
    pub fn parse(prepared: &Prepared, written: &SavedQuery, further: &[String]) -> Result<Self, QueryFault> {
        let SavedQuery { about: _, condition, columns, group_by, sort, count, limit } = written;
        let conditions = condition.iter().chain(further).map(|text| Condition::parse(prepared, text));
        let group_by = distinct(Column::parse_all(prepared, group_by)?)?;
        let chosen = distinct(Column::parse_all(prepared, columns)?)?;
        let order = sort.iter().map(|text| Order::parse(prepared, text, &[&chosen, &group_by]));
        let query = Self {
            conditions: conditions.collect::<Result<_, _>>()?,
            order: order.collect::<Result<_, _>>()?,
            columns: match columns.as_slice() {
                _ if *count => Vec::new(),
                [] => usual_columns(prepared, &group_by)?,
                _ => chosen,
            },
            group_by,
            count: *count,
            limit: *limit,
        };
        query.refuse_idle_order()?;
        Ok(query)
    }

    /// Whether the prose must have been read to answer.
    #[must_use]
    pub fn reads_prose(&self) -> bool {
        self.conditions.iter().any(Condition::reads_prose) || self.expressions().any(Expression::reads_prose)
    }

    /// Every expression beside the conditions.
    fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let ordered = self.order.iter().filter_map(Order::column);
        self.columns.iter().chain(&self.group_by).chain(ordered).filter_map(Column::expression)
    }

    /// Answers.
    ///
    /// # Errors
    /// When it asks for a group that there is not, or for the current release where that is not known; when one
    /// proposal would stand in too many groups.
    pub fn run<'a>(&'a self, corpus: &'a Corpus) -> Result<Table<'a>, QueryFault> {
        self.refuse_unknown_groups(corpus)?;
        self.refuse_unknown_release(corpus)?;
        let prepared = &corpus.prepared;
        let holds = |proposal: &&Proposal| self.conditions.iter().all(|condition| condition.holds(prepared, proposal));
        let mut found: Vec<&Proposal> = corpus.all().filter(holds).collect();
        let total = found.len();
        self.sort(prepared, &mut found);
        let is_grouped = !self.group_by.is_empty();
        let mut groups = if is_grouped { self.grouped(prepared, &found)? } else { vec![(Vec::new(), found)] };
        let lines = if is_grouped { groups.len() } else { total };
        let shown = self.limit.unwrap_or(lines).min(lines);
        if is_grouped {
            groups.truncate(shown);
        } else {
            groups.iter_mut().for_each(|(_, rows)| rows.truncate(shown));
        }
        Ok(Table {
            columns: self.columns.iter().map(Column::name).collect(),
            group_by: self.group_by.iter().map(Column::name).collect(),
            counted: self.count,
            total,
            left_off: if is_grouped || !self.count { lines - shown } else { 0 },
            groups: groups.into_iter().map(|(values, members)| self.group(prepared, total, values, &members)).collect(),
        })
    }

    fn group<'a>(
        &self,
        prepared: &Prepared,
        total: usize,
        values: Vec<Value<'a>>,
        members: &[&'a Proposal],
    ) -> Group<'a> {
        let row = |proposal: &&'a Proposal| Row {
            proposal,
            values: self.columns.iter().map(|column| column.value(prepared, proposal)).collect(),
        };
        let rows = if self.count { Vec::new() } else { members.iter().map(row).collect() };
        let count = if values.is_empty() { total } else { members.len() };
        Group { values, count, rows }
    }

    fn sort(&self, prepared: &Prepared, found: &mut Vec<&Proposal>) {
        let columns: Vec<(&Column, bool)> =
            self.order.iter().filter_map(|order| Some((order.column()?, order.reverse))).collect();
        if columns.is_empty() {
            return;
        }
        let keys = |proposal: &&Proposal| -> Vec<Option<Key>> {
            columns.iter().map(|(column, _)| column.key(prepared, &column.value(prepared, proposal))).collect()
        };
        let mut keyed: Vec<_> = found.drain(..).map(|proposal| (keys(&proposal), proposal)).collect();
        keyed.sort_by(|(left, _), (right, _)| {
            let pairs = left.iter().zip(right).zip(&columns);
            pairs
                .map(|((left, right), (_, reverse))| in_order(left, right, *reverse))
                .fold(Ordering::Equal, Ordering::then)
        });
        found.extend(keyed.into_iter().map(|(_, proposal)| proposal));
    }

    /// The proposals under the values that they have; one of several values stands under each.
    fn grouped<'a>(&self, prepared: &Prepared, found: &[&'a Proposal]) -> Result<Vec<Members<'a>>, QueryFault> {
        let mut places: FxHashMap<Vec<String>, usize> = FxHashMap::default();
        let mut groups: Vec<Members<'a>> = Vec::new();
        for proposal in found {
            for values in self.combinations(prepared, proposal)? {
                let named = self.group_by.iter().zip(&values);
                let key = named.map(|(column, value)| column.group_key(prepared, value)).collect();
                let place = *places.entry(key).or_insert_with(|| {
                    groups.push((values, Vec::new()));
                    groups.len() - 1
                });
                // It may name one person in two spellings.
                let members = &mut groups[place].1;
                if members.last().is_none_or(|last| !std::ptr::eq(*last, *proposal)) {
                    members.push(proposal);
                }
            }
        }
        self.sort_groups(prepared, &mut groups);
        Ok(groups)
    }

    fn combinations<'a>(&self, prepared: &Prepared, proposal: &'a Proposal) -> Result<Vec<Vec<Value<'a>>>, QueryFault> {
        let parts: Vec<Vec<Value<'a>>> = self.group_by.iter().map(|column| column.parts(prepared, proposal)).collect();
        let count = parts.iter().map(Vec::len).fold(1, usize::saturating_mul);
        if count > COMBINATIONS_MAX {
            let message = format!("{} would stand in {count} groups", proposal.path);
            return Err(QueryFault { message, hint: "group by fewer columns".to_owned() });
        }
        Ok(parts.into_iter().fold(vec![Vec::new()], |combined, parts| {
            let with_parts = |before: &Vec<Value<'a>>| {
                let with = |part: &Value<'a>| [before.as_slice(), std::slice::from_ref(part)].concat();
                parts.iter().map(with).collect::<Vec<_>>()
            };
            combined.iter().flat_map(with_parts).collect()
        }))
    }

    /// As asked for; else counts come with the largest first, rows under their values in order.
    fn sort_groups(&self, prepared: &Prepared, groups: &mut [Members<'_>]) {
        let keys = |values: &[Value<'_>]| -> Vec<Option<Key>> {
            self.group_by.iter().zip(values).map(|(column, value)| column.key(prepared, value)).collect()
        };
        let orders: Vec<(Option<usize>, bool)> =
            self.order.iter().filter_map(|order| self.group_order(order)).collect();
        groups.sort_by_cached_key(|(values, members)| {
            let keys = keys(values);
            let mut wanted: Vec<Directed> = Vec::new();
            for (place, reverse) in &orders {
                let key = place.map_or_else(|| counted(members.len()), |place| keys[place].clone());
                wanted.push(Directed { key, reverse: *reverse });
            }
            if orders.is_empty() && self.count {
                wanted.push(Directed { key: counted(members.len()), reverse: true });
            }
            wanted.extend(keys.into_iter().map(|key| Directed { key, reverse: false }));
            wanted
        });
    }

    /// By which of the columns of groups, or else by their size, an order sorts groups.
    fn group_order(&self, order: &Order) -> Option<(Option<usize>, bool)> {
        let place = match &order.by {
            By::Count => None,
            By::Column(column) => Some(self.group_by.iter().position(|of_groups| of_groups.is_same(column))?),
        };
        Some((place, order.reverse))
    }

    /// Refuses an order that nothing would follow.
    fn refuse_idle_order(&self) -> Result<(), QueryFault> {
        let idle = self.order.iter().find(|order| {
            let by_size = matches!(order.by, By::Count);
            (self.group_by.is_empty() && (by_size || self.count)) || (self.count && self.group_order(order).is_none())
        });
        let Some(order) = idle else { return Ok(()) };
        let name = order.column().map_or(COUNT, Column::name);
        let message = format!("nothing can be sorted by `{name}` here");
        let hint = if self.group_by.is_empty() {
            "make groups first, as in `--group-by group --count`".to_owned()
        } else {
            let names: Vec<&str> = self.group_by.iter().map(Column::name).chain([COUNT]).collect();
            format!("counts are sorted by {}", names.join(", "))
        };
        Err(QueryFault { message, hint })
    }
}

/// A key with its direction.
#[derive(PartialEq, Eq)]
struct Directed {
    key: Option<Key>,
    reverse: bool,
}

impl Ord for Directed {
    fn cmp(&self, other: &Self) -> Ordering {
        in_order(&self.key, &other.key, self.reverse)
    }
}

impl PartialOrd for Directed {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Absent values come last, also in reverse.
fn in_order(left: &Option<Key>, right: &Option<Key>, reverse: bool) -> Ordering {
    match (left, right) {
        (Some(left), Some(right)) if reverse => right.cmp(left),
        (Some(left), Some(right)) => left.cmp(right),
        (left, right) => left.is_none().cmp(&right.is_none()),
    }
}

fn counted(count: usize) -> Option<Key> {
    i64::try_from(count).ok().map(Key::Number)
}

impl Order {
    /// Reads an order; the names of the columns that are shown or grouped by are known.
    fn parse(prepared: &Prepared, text: &str, known: &[&[Column]]) -> Result<Self, QueryFault> {
        let text = text.trim();
        let (reverse, name) = text.strip_prefix('-').map_or((false, text), |name| (true, name));
        let named = known.iter().copied().flatten().find(|column| column.name() == name);
        let by = match named {
            Some(column) => By::Column(Column::parse(prepared, &column.text())?),
            None if name == COUNT => By::Count,
            None => By::Column(Column::parse(prepared, name)?),
        };
        Ok(Self { by, reverse })
    }

    fn column(&self) -> Option<&Column> {
        match &self.by {
            By::Column(column) => Some(column),
            By::Count => None,
        }
    }
}

/// The usual columns but those that head the groups.
fn usual_columns(prepared: &Prepared, group_by: &[Column]) -> Result<Vec<Column>, QueryFault> {
    let is_head = |name: &&str| group_by.iter().any(|column| column.name() == *name);
    let names: Vec<&str> = COLUMNS.into_iter().filter(|name| !is_head(name)).collect();
    Column::parse_all(prepared, &names)
}

/// Each column once: JSON has no place for the same key twice.
fn distinct(columns: Vec<Column>) -> Result<Vec<Column>, QueryFault> {
    let mut chosen: Vec<Column> = Vec::new();
    for column in columns {
        match chosen.iter().find(|before| before.name() == column.name()) {
            Some(before) if !before.is_same(&column) => {
                let message = format!("two columns are named `{}`", column.name());
                return Err(QueryFault {
                    message,
                    hint: "name one of them otherwise, as in `NAME=EXPRESSION`".to_owned(),
                });
            }
            Some(_) => {}
            None => chosen.push(column),
        }
    }
    Ok(chosen)
}

/// Whether a text can be the name of a saved query: small letters, digits and hyphens, a letter first. No condition
/// looks like that but the three that are single words.
fn is_name(text: &str) -> bool {
    let fits = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-';
    let begins = text.starts_with(|first: char| first.is_ascii_lowercase());
    begins && text.chars().all(fits) && !matches!(text, "true" | "false" | "null")
}

/// Mistakes in the saved queries that stand in a text, each at the query's name.
#[must_use]
pub fn faults(prepared: &Prepared, saved: &BTreeMap<String, SavedQuery>, text: &str) -> Vec<ConfigFault> {
    let fault = |key: places::Placed| {
        let message = match saved.get(&key.text)? {
            _ if !is_name(&key.text) => {
                "no query can be asked for by this name; a name has small letters, digits and hyphens".to_owned()
            }
            query => {
                let QueryFault { message, hint } = Query::parse(prepared, query, &[]).err()?;
                format!("in this query: {message}; {hint}")
            }
        };
        Some(ConfigFault { span: key.span, message })
    };
    places::keys(text, &["query"]).into_iter().filter_map(fault).collect()
}

/// Splits a list at its commas; those in quotes and brackets belong to an expression.
#[must_use]
pub fn split_columns(text: &str) -> Vec<String> {
    let (mut pieces, mut depth, mut quote) = (vec![String::new()], 0_usize, None);
    for character in text.chars() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(character),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                pieces.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(character);
        }
    }
    pieces
}

/// A value that a query asks for and no proposal has.
struct Unheard {
    /// Where it was looked for, e.g. `approvers`.
    subject: String,
    /// The value.
    value: String,
    /// The value of some proposal that may be meant.
    near: Option<String>,
}

impl std::fmt::Display for Unheard {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "no proposal has `{}` in {}", self.value, self.subject)?;
        self.near.iter().try_for_each(|near| write!(formatter, "; did you mean `{near}`?"))
    }
}

impl Query {
    /// Refuses a group that neither the process nor any proposal has.
    fn refuse_unknown_groups(&self, corpus: &Corpus) -> Result<(), QueryFault> {
        let groups = &corpus.prepared.profile.groups;
        let is_known = |value: &str| groups.known.iter().chain(&groups.retired).any(|known| known == value);
        let of_expressions = self.expressions().flat_map(Expression::comparisons).cloned();
        let asked = self.comparisons().chain(of_expressions).filter(|comparison| comparison.subject() == "group");
        let Some(unknown) = asked.filter(|one| !is_known(&one.value)).find_map(|one| unheard(corpus, &one)) else {
            return Ok(());
        };
        let near = unknown.near.or_else(|| nearest(&unknown.value, groups.known.iter().map(String::as_str)));
        let hint = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`signoff query --group-by group --count` lists the groups".to_owned(),
        };
        Err(QueryFault { message: format!("there is no group `{}`", unknown.value), hint })
    }

    /// Behind the last calendar that is known, no release is taken for the current one.
    fn refuse_unknown_release(&self, corpus: &Corpus) -> Result<(), QueryFault> {
        let reads = self.conditions.iter().any(Condition::reads_current_release)
            || self.expressions().any(Expression::reads_current_release);
        if !reads || corpus.prepared.current_release.is_some() {
            return Ok(());
        }
        let hint = "name a release in place of `current_release`, or add its calendar to signoff.toml";
        let undated = corpus.prepared.undated;
        let message =
            undated.map_or_else(|| "which release is worked on is not known".to_owned(), |day| day.to_string());
        Err(QueryFault { message, hint: hint.to_owned() })
    }

    /// Says why a query may have found nothing: the values that it asks for and that no proposal has.
    #[must_use]
    pub fn why_nothing(&self, corpus: &Corpus) -> String {
        let unheard: Vec<String> = self
            .comparisons()
            .filter(|one| !one.negated)
            .filter_map(|one| unheard(corpus, &one))
            .map(|one| one.to_string())
            .collect();
        if unheard.is_empty() { "no proposal meets the condition".to_owned() } else { unheard.join("\n") }
    }

    fn comparisons(&self) -> impl Iterator<Item = Comparison> {
        self.conditions.iter().flat_map(Condition::comparisons)
    }
}

fn unheard(corpus: &Corpus, comparison: &Comparison) -> Option<Unheard> {
    let of = |proposal| comparison.values(&corpus.prepared, proposal);
    let known: BTreeSet<String> = corpus.all().flat_map(of).collect();
    if known.contains(&*comparison.value) {
        return None;
    }
    let near = nearest(&comparison.value, known.iter().map(String::as_str));
    Some(Unheard { subject: comparison.subject(), value: comparison.value.to_string(), near })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use signoff_model::memo::Memo;
    use signoff_model::{MemoryTree, Profile, corpus};

    use super::*;

    const PROFILE: &str = r#"
        schema = 1
        id = "x"
        layout = { root = "a", name = "{number}-{slug}", metadata = "m.yaml", body = "README.md" }
        fields.number = { kind = "number", meaning = "number" }
        fields.status = { kind = "status", meaning = "status" }
        fields.stage = { kind = "stage", meaning = "stage" }
        fields.title = { kind = "text", meaning = "title" }
        fields.owners = { kind = "people", meaning = "approvers" }
        fields.owner = { kind = "group", meaning = "group" }
        fields.latest = { kind = "release", meaning = "latest-milestone" }
        release = { prefix = "v" }
        people = { style = "handle", placeholders = ["TBD"] }
        groups = { known = ["net", "node"] }
        status = [{ name = "Vote" }, { name = "Draft" }]
        stage = [{ name = "beta" }, { name = "alpha" }]
    "#;

    fn corpus() -> Corpus {
        corpus_of(&[
            (
                "a/2-x/m.yaml",
                "number: 2\nstatus: Draft\nstage: alpha\ntitle: Beta\nowners: ['@b', '@a', '@a']\nowner: node\nlatest: v1.10\n",
            ),
            (
                "a/10-y/m.yaml",
                "number: 10\nstatus: Vote\nstage: beta\ntitle: alpha\nowners: ['@a']\nowner: net\nlatest: '1.9'\n",
            ),
            ("a/3-z/m.yaml", "number: 3\nstatus: Draft\nowner: net\nlatest: v1.9\n"),
        ])
    }

    fn corpus_of(files: &[(&str, &str)]) -> Corpus {
        let prepared = Arc::new(Prepared::new(Profile::parse(PROFILE, &|_| None).expect("a profile")));
        let tree = MemoryTree::new(files.iter().copied());
        let as_of = "2026-07-24T12:00:00Z".parse().expect("an instant");
        corpus::load(&tree, &corpus::Request { prepared, paths: None, prose: true, as_of }, &Memo::default())
    }

    #[test]
    fn no_release_is_none_however_it_is_written() {
        let corpus = corpus_of(&[
            ("a/1-x/m.yaml", "latest: v0.0\n"),
            ("a/2-y/m.yaml", "latest: ''\n"),
            ("a/3-z/m.yaml", "latest: soon\n"),
        ]);
        let text = "group_by = ['latest_milestone']\ncount = true";
        let query = Query::parse(&corpus.prepared, &written(text), &[]).expect("a query");
        assert_eq!(line(&query.run(&corpus).expect(text)), ":=2 | soon:=1");
    }

    /// A table in a line: values with `,`, rows with ` `, the values of a group before `:`, its count behind `=`.
    fn line(table: &Table<'_>) -> String {
        let joined = |values: &[Value<'_>]| values.iter().map(|value| value.joined()).collect::<Vec<_>>().join(",");
        let group = |group: &Group<'_>| {
            let rows: Vec<String> = group.rows.iter().map(|row| joined(&row.values)).collect();
            let count = if table.counted { format!("={}", group.count) } else { String::new() };
            let head = if table.group_by.is_empty() { String::new() } else { format!("{}:", joined(&group.values)) };
            format!("{head}{}{count}", rows.join(" "))
        };
        let rest = if table.left_off > 0 { format!(" +{}", table.left_off) } else { String::new() };
        table.groups.iter().map(group).collect::<Vec<_>>().join(" | ") + &rest
    }

    fn written(text: &str) -> SavedQuery {
        toml::from_str(text).expect("a query")
    }

    #[test]
    fn tables_are_sorted_grouped_counted_and_cut() {
        let corpus = corpus();
        let cases = [
            ("columns = ['proposal']", "10 2 3"),
            ("columns = ['proposal']\nsort = ['proposal']", "2 3 10"),
            ("columns = ['proposal']\nsort = ['-proposal']\nlimit = 2", "10 3 +1"),
            ("columns = ['proposal']\nsort = ['title']", "10 2 3"),
            ("columns = ['proposal']\nsort = ['-title']", "2 10 3"),
            // The order of the process, not of the alphabet.
            ("columns = ['proposal']\nsort = ['stage']", "10 2 3"),
            ("columns = ['proposal']\nsort = ['-stage']", "2 10 3"),
            ("columns = ['proposal']\nsort = ['status', '-proposal']", "10 3 2"),
            ("columns = ['proposal']\nsort = ['latest_milestone', 'proposal']", "3 10 2"),
            ("columns = ['proposal', 'n=size(approvers)']", "10,1 2,3 3,0"),
            ("columns = ['title.contains(\"a\")', 'approvers']\nwhere = 'title != null'", "true,@a true,@b, @a, @a"),
            ("columns = ['proposal']\nsort = ['-size(approvers)']", "2 10 3"),
            ("count = true", "=3"),
            ("count = true\nwhere = 'status == \"Vote\"'", "=1"),
            ("columns = ['proposal']\nwhere = 'proposal == \"77\"'", ""),
            ("columns = ['n=size(approvers)', 'proposal']\nsort = ['-n']", "3,2 1,10 0,3"),
            ("group_by = ['n=size(approvers)']\ncount = true\nsort = ['-size(approvers)']", "3:=1 | 1:=1 | 0:=1"),
            ("columns = ['r=field(\"latest\")', 'proposal']\nsort = ['r', 'proposal']", "v1.9,3 1.9,10 v1.10,2"),
            ("columns = ['proposal']\ngroup_by = ['approvers']", "@a:10 2 | @b:2 | :3"),
            ("group_by = ['approvers']\ncount = true", "@a:=2 | @b:=1 | :=1"),
            ("group_by = ['approvers']\ncount = true\nsort = ['count', '-approvers']", "@b:=1 | :=1 | @a:=2"),
            ("group_by = ['approvers']\ncount = true\nlimit = 1", "@a:=2 +2"),
            // A release is one, however it is spelt.
            ("group_by = ['latest_milestone']\ncount = true", "v1.9:=2 | v1.10:=1"),
            (
                "columns = ['proposal']\ngroup_by = ['latest_milestone']\nsort = ['-latest_milestone', 'proposal']",
                "v1.10:2 | v1.9:3 10",
            ),
            (
                "group_by = ['group', 'status']\ncount = true\nsort = ['group']",
                "net,Vote:=1 | net,Draft:=1 | node,Draft:=1",
            ),
            ("columns = ['proposal']\ngroup_by = ['status']\nsort = ['count']", "Vote:10 | Draft:2 3"),
        ];
        for (text, expected) in cases {
            let query =
                Query::parse(&corpus.prepared, &written(text), &[]).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!(line(&query.run(&corpus).expect(text)), expected, "{text}");
        }
    }

    #[test]
    fn what_heads_groups_is_no_usual_column() {
        let corpus = corpus();
        let query = Query::parse(&corpus.prepared, &written("group_by = ['group']"), &[]).expect("a query");
        assert_eq!(
            query.run(&corpus).expect("an answer").columns,
            ["proposal", "title", "status", "stage", "latest_milestone"]
        );
    }

    #[test]
    fn mistakes_say_what_is_meant() {
        let corpus = corpus();
        let cases = [
            ("columns = ['titel']", "there is no column `titel`\ndid you mean `title`?"),
            ("group_by = ['statsu']", "there is no column `statsu`\ndid you mean `status`?"),
            ("sort = ['counts']", "there is no column `counts`"),
            ("where = 'stage == \"betta\"'", "did you mean `beta`?"),
            (
                "columns = ['release(latest_milestone)']",
                "the column `release(latest_milestone)` cannot be shown: a release cannot",
            ),
            ("columns = ['']", "a column has no name"),
            ("columns = ['question(\"slo\")']", "a question cannot be shown as it is\nshow its `.state`"),
            ("columns = ['milestones.gamma']", "milestones of a proposal has no part `gamma`"),
            ("columns = ['x=size(titel)']", "unknown name `titel`\ndid you mean `title`?"),
            ("columns = ['title', 'title=stage']", "the name `title` has a meaning already"),
            ("columns = ['n=stage', 'n=status']", "two columns are named `n`"),
            ("group_by = ['count=size(approvers)']", "the name `count` has a meaning already"),
            ("columns = ['size(']", "the expression ends too early\nwrite it like `size(authors)`"),
            ("sort = ['count']", "nothing can be sorted by `count` here\nmake groups first"),
            ("sort = ['title']\ncount = true", "nothing can be sorted by `title` here\nmake groups first"),
            ("sort = ['title']\ngroup_by = ['stage']\ncount = true", "counts are sorted by stage, count"),
        ];
        for (text, expected) in cases {
            let Err(fault) = Query::parse(&corpus.prepared, &written(text), &[]) else { panic!("{text} is a query") };
            assert!(fault.to_string().contains(expected), "{text}: {fault}");
        }
    }

    #[test]
    fn values_that_nobody_has_are_named() {
        let corpus = corpus();
        let unknown_group = [
            (r#"group == "nod""#, "there is no group `nod`\ndid you mean `node`?"),
            (r#"status == "Vote" || group in ["net", "nope"]"#, "there is no group `nope`"),
            (r#"group != "nod""#, "there is no group `nod`\ndid you mean `node`?"),
            (r#"[group].exists(g, g == "node") && !(group == "nod")"#, "there is no group `nod`"),
        ];
        for (condition, expected) in unknown_group {
            let query =
                Query::parse(&corpus.prepared, &SavedQuery::default(), &[condition.to_owned()]).expect("a query");
            let Err(fault) = query.run(&corpus) else { panic!("{condition} is answered") };
            assert!(fault.to_string().starts_with(expected), "{fault}");
        }
        let nothing = [
            (r#"group == "node" && stage == "beta""#, "no proposal meets the condition"),
            (r#""@c" in approvers"#, "no proposal has `@c` in approvers; did you mean `@a`?"),
            (r#"proposal == "11" && title != "x""#, "no proposal has `11` in proposal; did you mean `10`?"),
            (
                r#"field("title") == "Betta" && title == "alpha""#,
                "no proposal has `Betta` in field(\"title\"); did you mean `Beta`?",
            ),
            (r#"approvers.exists(a, a == "@c")"#, "no proposal has `@c` in approvers; did you mean `@a`?"),
            (r#"title != "alpha" && stage == "beta""#, "no proposal meets the condition"),
            (r#"body.template_generation == "G9""#, "no proposal has `G9` in body.template_generation"),
        ];
        for (condition, expected) in nothing {
            let query =
                Query::parse(&corpus.prepared, &SavedQuery::default(), &[condition.to_owned()]).expect("a query");
            assert_eq!(query.run(&corpus).expect(condition).total, 0, "{condition}");
            assert_eq!(query.why_nothing(&corpus), expected, "{condition}");
        }
    }

    /// One proposal with long lists costs no more memory than others.
    #[test]
    fn combinations_are_bounded() {
        let people = |start: &str| (0..200).map(|number| format!("'{start}{number}', ")).collect::<String>();
        let metadata = format!("number: 1\nowners: [{}]\n", people("@a"));
        let corpus = corpus_of(&[("a/1-x/m.yaml", &metadata)]);
        let mut saved = written("group_by = ['owners']\ncount = true");
        let query = Query::parse(&corpus.prepared, &saved, &[]).expect("a query");
        assert_eq!(query.run(&corpus).map(|table| table.groups.len()), Ok(200));
        saved.group_by.push("other=field(\"owners\")".to_owned());
        let query = Query::parse(&corpus.prepared, &saved, &[]).expect("a query");
        let fault = query.run(&corpus).map(|table| table.groups.len()).expect_err("too many");
        assert_eq!(fault.to_string(), "a/1-x would stand in 40000 groups\ngroup by fewer columns");
    }

    /// A handle is that of one person, and who is not known yet is nobody.
    #[test]
    fn people_are_the_same_however_they_are_spelt() {
        let corpus = corpus_of(&[
            ("a/1-x/m.yaml", "owners: ['@Ada', ada, TBD]\n"),
            ("a/2-y/m.yaml", "owners: [ada]\n"),
            ("a/3-z/m.yaml", "owners: ['@tbd']\n"),
        ]);
        let text = "group_by = ['approvers']\ncount = true";
        let query = Query::parse(&corpus.prepared, &written(text), &[]).expect("a query");
        assert_eq!(line(&query.run(&corpus).expect(text)), "@Ada:=2 | :=1");
    }

    #[test]
    fn commas_of_expressions_separate_nothing() {
        let cases: [(&str, &[&str]); 4] = [
            ("a,b", &["a", "b"]),
            ("a,x=authors.exists(a, a in [\"b,\", 'c']),d", &["a", "x=authors.exists(a, a in [\"b,\", 'c'])", "d"]),
            ("", &[""]),
            ("f(\"),\"),b", &["f(\"),\")", "b"]),
        ];
        for (text, expected) in cases {
            assert_eq!(split_columns(text), expected, "{text}");
        }
    }

    #[test]
    fn mistakes_of_saved_queries_are_at_their_names() {
        let corpus = corpus();
        let text = "[query.fine]\nwhere = 'stage == \"beta\"'\n[query.Loud]\n[query.wrong]\ncolumns = ['titel']\n";
        let saved: BTreeMap<String, BTreeMap<String, SavedQuery>> = toml::from_str(text).expect("queries");
        let found = faults(&corpus.prepared, &saved["query"], text);
        let shown: Vec<String> =
            found.iter().map(|fault| format!("{}: {}", fault.span.of(text), fault.message)).collect();
        assert_eq!(
            shown,
            [
                "Loud: no query can be asked for by this name; a name has small letters, digits and hyphens",
                "wrong: in this query: there is no column `titel`; did you mean `title`?",
            ]
        );
    }
}
