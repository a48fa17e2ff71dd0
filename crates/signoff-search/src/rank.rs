//! Which proposals a query finds, in which order, and why.
//!
//! A proposal is found when every word occurs in its title, its gates, its name or one of its sections; when no
//! proposal has them all, those that have some are found, and [`Results::partial`] says so. First come the ones
//! whose number or gate is what was typed, then the ones whose title holds the words, then the ones with the
//! best section, by BM25.

use rusqlite::{Connection, Row};
use rustc_hash::{FxHashMap, FxHashSet};
use signoff_model::proposal::bare_number;

use crate::query::{Facet, FacetName, Query, Term, words_of};
use crate::schema::SECTION_BITS;

/// What a query finds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Results {
    /// How many proposals are found in all.
    pub total: usize,
    /// Whether no proposal has every word, so that these have only some.
    pub partial: bool,
    /// The first of them.
    pub hits: Vec<Hit>,
    /// What all of them are.
    pub facets: Facets,
}

/// A proposal that is found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its folder or file.
    pub path: String,
    /// What people call it.
    pub number: String,
    /// Its title.
    pub title: String,
    /// The owning group; empty when it has none, like the three that follow.
    pub group: String,
    /// The status.
    pub status: String,
    /// The stage.
    pub stage: String,
    /// The latest milestone.
    pub release: String,
    /// Its gates that hold a word of the query.
    pub gates: Vec<String>,
    /// The best sections.
    pub snippets: Vec<Snippet>,
}

/// Where in a proposal the words are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// The file.
    pub path: String,
    /// The line of the heading, from 1.
    pub line: usize,
    /// The heading.
    pub heading: String,
    /// Some words around the ones that were found, in pieces: whether it was found, and the text.
    pub text: Vec<(bool, String)>,
}

/// How many of the proposals have which value, most first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// By facet, in the order of [`FacetName::ALL`].
    pub counts: [Vec<(String, usize)>; 4],
}

/// Most sections that are shown of a proposal.
const SNIPPETS_MAX: usize = 2;
/// Marks around what is found, which no text holds: SQLite puts them there, and they are cut away again.
const FOUND: (char, char) = ('\u{E000}', '\u{E001}');
/// With fewer sections, all of them are weighed.
const MANY: usize = 500;
/// With fewer proposals, words that stand in different sections are looked for as well.
const FEW: usize = 10;

/// What speaks for a proposal.
#[derive(Clone, Debug, Default)]
struct Merit {
    /// How many words its title, gates and name hold.
    head_words: usize,
    /// How well they match.
    head: f64,
    /// Its best sections, best first: score and row.
    parts: Vec<(f64, i64)>,
    /// How many sections match.
    sections: usize,
    /// What puts it before all others.
    exact: f64,
}

impl Merit {
    fn score(&self, words: usize) -> f64 {
        let covered = self.head_words as f64 / words.max(1) as f64;
        let body = self.parts.first().map_or(0.0, |(score, _)| *score);
        self.exact + 4.0 * self.head * covered * covered + body + (1.0 + self.sections as f64).ln()
    }

    fn add(&mut self, score: f64, part: i64) {
        self.sections += 1;
        let place = self.parts.partition_point(|(better, _)| *better >= score);
        if place < SNIPPETS_MAX {
            self.parts.insert(place, (score, part));
            self.parts.truncate(SNIPPETS_MAX);
        }
    }
}

pub(crate) fn search(connection: &Connection, query: &Query, limit: usize) -> rusqlite::Result<Results> {
    let proposals = proposals(connection)?;
    let allowed = allowed(connection, query, &proposals)?;
    let widened = widened(connection, query)?;
    let wanted: Vec<&Term> = widened.iter().collect();
    let exact = exact(query, &wanted, &proposals, &allowed);
    let (mut found, partial) = if wanted.is_empty() {
        (allowed.iter().map(|id| (*id, Merit::default())).collect(), false)
    } else {
        Found { connection, wanted: &wanted, allowed: &allowed, exact: &exact, limit }.look()?
    };
    // What was named is all that was asked for, when no proposal has every word.
    if partial && !exact.is_empty() {
        found.retain(|id, _| exact.contains_key(id));
    }
    for (id, merit) in &exact {
        found.entry(*id).or_default().exact = *merit;
    }
    let mut ranked: Vec<(f64, i64)> = found.iter().map(|(id, merit)| (merit.score(wanted.len()), *id)).collect();
    ranked.sort_by(|left, right| {
        right.0.total_cmp(&left.0).then_with(|| proposals[&left.1].path.cmp(&proposals[&right.1].path))
    });
    let all: Vec<&Hit> = ranked.iter().map(|(_, id)| &proposals[id]).collect();
    let mut results =
        Results { total: ranked.len(), partial: partial && exact.is_empty(), facets: facets(&all), hits: Vec::new() };
    ranked.truncate(limit);
    let parts_of = |id: &i64| found[id].parts.iter().map(|(_, part)| *part);
    let parts: Vec<i64> = ranked.iter().flat_map(|(_, id)| parts_of(id)).collect();
    let mut snippets = snippets(connection, &parts, &wanted)?;
    for (_, id) in ranked {
        let mut hit = proposals[&id].clone();
        hit.gates.retain(|gate| wanted.iter().any(|term| names(gate, term)));
        hit.snippets = parts_of(&id).filter_map(|part| snippets.remove(&part)).collect();
        results.hits.push(hit);
    }
    Ok(results)
}

/// Every proposal as it is shown, by row, with all its gates and no snippets.
fn proposals(connection: &Connection) -> rusqlite::Result<FxHashMap<i64, Hit>> {
    let mut statement = connection.prepare(
        "SELECT id, path, number, title, facet_group, facet_status, facet_stage, facet_release, gates FROM proposal",
    )?;
    let hit = |row: &Row<'_>| {
        let gates: String = row.get(8)?;
        let hit = Hit {
            path: row.get(1)?,
            number: row.get(2)?,
            title: row.get(3)?,
            group: row.get(4)?,
            status: row.get(5)?,
            stage: row.get(6)?,
            release: row.get(7)?,
            gates: gates.split(' ').filter(|gate| !gate.is_empty()).map(str::to_owned).collect(),
            snippets: Vec::new(),
        };
        Ok((row.get(0)?, hit))
    };
    statement.query_map([], hit)?.collect()
}

impl Hit {
    /// What it has of a facet; empty when it has none.
    fn facet(&self, name: FacetName) -> &str {
        match name {
            FacetName::Group => &self.group,
            FacetName::Status => &self.status,
            FacetName::Stage => &self.stage,
            FacetName::Release => &self.release,
        }
    }
}

/// The wanted terms; a word that occurs nowhere is taken for the beginning of one.
fn widened(connection: &Connection, query: &Query) -> rusqlite::Result<Vec<Term>> {
    let mut wanted: Vec<Term> = query.terms.iter().filter(|term| !term.excluded).cloned().collect();
    for term in wanted.iter_mut().filter(|term| !term.prefix) {
        let expression = expression(term);
        let occurs = |sql: &str| connection.prepare_cached(sql)?.exists([&expression]);
        term.prefix = !occurs("SELECT 1 FROM head WHERE head MATCH ?")?
            && !occurs("SELECT 1 FROM body WHERE body MATCH ? LIMIT 1")?;
    }
    Ok(wanted)
}

/// The proposals that the facets and the unwanted words leave.
fn allowed(
    connection: &Connection,
    query: &Query,
    proposals: &FxHashMap<i64, Hit>,
) -> rusqlite::Result<FxHashSet<i64>> {
    let fits = |hit: &Hit, facet: &Facet| {
        let own = hit.facet(facet.name);
        facet.values.iter().any(|value| value == own) != facet.excluded
    };
    let mut allowed: FxHashSet<i64> = proposals
        .iter()
        .filter(|(_, hit)| query.facets.iter().all(|facet| fits(hit, facet)))
        .map(|(id, _)| *id)
        .collect();
    let unwanted: Vec<&Term> = query.terms.iter().filter(|term| term.excluded).collect();
    if !unwanted.is_empty() {
        for id in having(connection, &any_of(&unwanted))? {
            allowed.remove(&id);
        }
    }
    Ok(allowed)
}

/// A look for proposals: for what, among which, and how many are shown.
struct Found<'s> {
    connection: &'s Connection,
    wanted: &'s [&'s Term],
    allowed: &'s FxHashSet<i64>,
    exact: &'s FxHashMap<i64, f64>,
    limit: usize,
}

impl Found<'_> {
    /// The proposals that have every word, else the ones that have some.
    fn look(&self) -> rusqlite::Result<(FxHashMap<i64, Merit>, bool)> {
        let Self { connection, wanted, allowed, .. } = *self;
        let in_heads = in_heads(connection, wanted)?;
        let mut found = self.in_sections(&in_heads)?;
        for (id, merit) in &in_heads {
            if allowed.contains(id) && (merit.head_words == wanted.len() || found.contains_key(id)) {
                let known: &mut Merit = found.entry(*id).or_default();
                (known.head, known.head_words) = (merit.head, merit.head_words);
            }
        }
        if wanted.len() > 1 && found.len() < FEW {
            let everywhere = everywhere(connection, wanted)?;
            add_spread(connection, wanted, allowed, &in_heads, &mut found, |id| everywhere.contains(&id))?;
            if found.is_empty() {
                add_spread(connection, wanted, allowed, &in_heads, &mut found, |_| true)?;
                return Ok((found, true));
            }
        }
        Ok((found, false))
    }

    /// The proposals with a section that has every word.
    ///
    /// How well sections match takes long to say, so of words that stand in many of them it is said only for
    /// the proposals that may come among the first: those that would, did their best section match perfectly.
    fn in_sections(&self, in_heads: &FxHashMap<i64, Merit>) -> rusqlite::Result<FxHashMap<i64, Merit>> {
        let expression = all_of(self.wanted);
        let sections = ids(self.connection, "SELECT rowid FROM body WHERE body MATCH ?", &expression)?;
        let mut found: FxHashMap<i64, Merit> = FxHashMap::default();
        if sections.len() < MANY {
            in_sections(self.connection, &expression, self.allowed, &mut found)?;
            return Ok(found);
        }
        for section in &sections {
            let proposal = section >> SECTION_BITS;
            if self.allowed.contains(&proposal) {
                found.entry(proposal).or_default().sections += 1;
            }
        }
        let first = self.may_come_first(&found, in_heads, self.best_section(sections.len())?);
        let mut matched = FxHashMap::default();
        in_sections_of(self.connection, &expression, &first, &mut matched)?;
        found.extend(matched);
        Ok(found)
    }

    fn may_come_first(
        &self,
        found: &FxHashMap<i64, Merit>,
        in_heads: &FxHashMap<i64, Merit>,
        best_section: f64,
    ) -> Vec<i64> {
        let known = |id: &i64| {
            let head = in_heads.get(id).cloned().unwrap_or_default();
            let sections = found.get(id).map_or(0, |merit| merit.sections);
            let exact = self.exact.get(id).copied().unwrap_or_default();
            Merit { sections, exact, ..head }.score(self.wanted.len())
        };
        let mut scores: Vec<(f64, i64)> = found.keys().map(|id| (known(id), *id)).collect();
        scores.sort_by(|left, right| right.0.total_cmp(&left.0));
        let last = self.limit.checked_sub(1).and_then(|last| scores.get(last)).map_or(f64::MIN, |(score, _)| *score);
        scores.into_iter().take_while(|(score, _)| score + best_section >= last).map(|(_, id)| id).collect()
    }

    /// More than any section can be worth when so many of them have every word.
    ///
    /// BM25 with the constants of FTS5 gives a word of `n` in `all` sections less than 2.2 times the logarithm of
    /// `(all - n + 0.5) / (n + 0.5)`, and every word stands in at least these sections.
    fn best_section(&self, sections: usize) -> rusqlite::Result<f64> {
        let sql = "SELECT sum(sections) FROM proposal";
        let all: f64 = self.connection.query_row(sql, [], |row| row.get(0))?;
        let having = sections as f64;
        let rarity = ((all - having + 0.5) / (having + 0.5)).ln().max(1e-6);
        Ok(2.2 * rarity * self.wanted.len() as f64)
    }
}

/// Adds proposals whose words stand in different sections.
fn add_spread(
    connection: &Connection,
    wanted: &[&Term],
    allowed: &FxHashSet<i64>,
    in_heads: &FxHashMap<i64, Merit>,
    found: &mut FxHashMap<i64, Merit>,
    belongs: impl Fn(i64) -> bool,
) -> rusqlite::Result<()> {
    let fresh: FxHashSet<i64> = allowed.iter().copied().filter(|id| !found.contains_key(id) && belongs(*id)).collect();
    let mut spread = FxHashMap::default();
    in_sections(connection, &any_of(wanted), &fresh, &mut spread)?;
    for (id, merit) in in_heads.iter().filter(|(id, _)| fresh.contains(id)) {
        let known: &mut Merit = spread.entry(*id).or_default();
        (known.head, known.head_words) = (merit.head, merit.head_words);
    }
    for (id, mut merit) in spread {
        // One word of several says less than all in one place.
        for (score, _) in &mut merit.parts {
            *score /= wanted.len() as f64;
        }
        found.insert(id, merit);
    }
    Ok(())
}

/// How the titles, gates and names match.
fn in_heads(connection: &Connection, wanted: &[&Term]) -> rusqlite::Result<FxHashMap<i64, Merit>> {
    let mut found: FxHashMap<i64, Merit> = FxHashMap::default();
    let mut statement =
        connection.prepare_cached("SELECT rowid, -bm25(head, 8.0, 6.0, 4.0) FROM head WHERE head MATCH ?")?;
    let rows = statement.query_map([any_of(wanted)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for row in rows {
        let (id, head) = row?;
        found.entry(id).or_default().head = head;
    }
    for term in wanted {
        for id in ids(connection, "SELECT rowid FROM head WHERE head MATCH ?", &expression(term))? {
            found.entry(id).or_default().head_words += 1;
        }
    }
    Ok(found)
}

/// How well the sections of the allowed proposals match.
fn in_sections(
    connection: &Connection,
    expression: &str,
    allowed: &FxHashSet<i64>,
    found: &mut FxHashMap<i64, Merit>,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(SECTIONS)?;
    add_sections(statement.query([expression])?, allowed, found)
}

/// The same for a few proposals, whose sections alone are weighed.
fn in_sections_of(
    connection: &Connection,
    expression: &str,
    proposals: &[i64],
    found: &mut FxHashMap<i64, Merit>,
) -> rusqlite::Result<()> {
    let mut statement =
        connection.prepare(&format!("{SECTIONS} AND rowid >> {SECTION_BITS} IN ({})", list(proposals)))?;
    add_sections(statement.query([expression])?, &proposals.iter().copied().collect(), found)
}

const SECTIONS: &str = "SELECT rowid, -bm25(body, 4.0, 1.0) FROM body WHERE body MATCH ?";

fn add_sections(
    mut rows: rusqlite::Rows<'_>,
    allowed: &FxHashSet<i64>,
    found: &mut FxHashMap<i64, Merit>,
) -> rusqlite::Result<()> {
    while let Some(row) = rows.next()? {
        let part: i64 = row.get(0)?;
        let proposal = part >> SECTION_BITS;
        if allowed.contains(&proposal) {
            found.entry(proposal).or_default().add(row.get(1)?, part);
        }
    }
    Ok(())
}

/// Row numbers as they stand in a list of SQL.
fn list(ids: &[i64]) -> String {
    ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
}

/// The proposals that have every word somewhere.
fn everywhere(connection: &Connection, wanted: &[&Term]) -> rusqlite::Result<FxHashSet<i64>> {
    let mut common: Option<FxHashSet<i64>> = None;
    for term in wanted {
        let having = having(connection, &expression(term))?;
        common = Some(match common {
            None => having,
            Some(common) => common.into_iter().filter(|id| having.contains(id)).collect(),
        });
    }
    Ok(common.unwrap_or_default())
}

/// The proposals in which something matches: a title, a gate, a name or a section.
fn having(connection: &Connection, expression: &str) -> rusqlite::Result<FxHashSet<i64>> {
    let heads = ids(connection, "SELECT rowid FROM head WHERE head MATCH ?", expression)?;
    let sections = ids(connection, "SELECT rowid FROM body WHERE body MATCH ?", expression)?;
    Ok(heads.into_iter().chain(sections.into_iter().map(|section| section >> SECTION_BITS)).collect())
}

/// What puts proposals before all others: that they were named by number, gate or title.
fn exact(
    query: &Query,
    wanted: &[&Term],
    proposals: &FxHashMap<i64, Hit>,
    allowed: &FxHashSet<i64>,
) -> FxHashMap<i64, f64> {
    let number = query.number().map(bare_number);
    let mut found = FxHashMap::default();
    for (id, hit) in proposals.iter().filter(|(id, _)| allowed.contains(id)) {
        let mut merit = 0.0;
        if number.is_some_and(|number| number == bare_number(&hit.number)) {
            merit += 1000.0;
        }
        if let [term] = wanted {
            if hit.gates.iter().any(|gate| gate.eq_ignore_ascii_case(&term.written)) {
                merit += 500.0;
            } else if term.prefix && hit.gates.iter().any(|gate| names(gate, term)) {
                merit += 50.0;
            }
        }
        if is_title(&hit.title, wanted) {
            merit += 100.0;
        }
        if merit > 0.0 {
            found.insert(*id, merit);
        }
    }
    found
}

/// Whether a title is the words of the query and nothing else.
fn is_title(title: &str, wanted: &[&Term]) -> bool {
    let words = wanted.iter().flat_map(|term| &term.words);
    !wanted.is_empty() && words_of(title).eq(words.cloned())
}

/// Whether a gate holds the words of a term.
fn names(gate: &str, term: &Term) -> bool {
    let gate = gate.to_lowercase();
    let written = term.written.to_lowercase();
    gate == written || (term.prefix && gate.starts_with(&written))
}

fn ids(connection: &Connection, sql: &str, expression: &str) -> rusqlite::Result<Vec<i64>> {
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_map([expression], |row| row.get(0))?.collect()
}

fn facets(hits: &[&Hit]) -> Facets {
    Facets { counts: FacetName::ALL.map(|name| counts(hits.iter().map(|hit| hit.facet(name)))) }
}

/// How often each value occurs, the most frequent first.
fn counts<'v>(values: impl Iterator<Item = &'v str>) -> Vec<(String, usize)> {
    let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
    for value in values.filter(|value| !value.is_empty()) {
        *counts.entry(value).or_default() += 1;
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().map(|(value, count)| (value.to_owned(), count)).collect();
    counts.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    counts
}

/// What stands around the words in some sections. Those that have every word are many fewer than those that have
/// some, so they are looked for first.
fn snippets(connection: &Connection, parts: &[i64], wanted: &[&Term]) -> rusqlite::Result<FxHashMap<i64, Snippet>> {
    let mut found = snippets_of(connection, parts, &all_of(wanted))?;
    let rest: Vec<i64> = parts.iter().copied().filter(|part| !found.contains_key(part)).collect();
    found.extend(snippets_of(connection, &rest, &any_of(wanted))?);
    Ok(found)
}

/// All sections are looked for at once, since each look starts at the first section that has the words.
fn snippets_of(connection: &Connection, parts: &[i64], expression: &str) -> rusqlite::Result<FxHashMap<i64, Snippet>> {
    if parts.is_empty() {
        return Ok(FxHashMap::default());
    }
    let (open, close) = FOUND;
    // The plus keeps SQLite from a look for each of them.
    let sql = format!(
        "SELECT part.path, part.line, part.heading, snippet(body, 1, '{open}', '{close}', '…', 24), part.id
         FROM body JOIN part ON part.id = body.rowid WHERE body MATCH ? AND +body.rowid IN ({})",
        list(parts)
    );
    let mut statement = connection.prepare(&sql)?;
    let read = |row: &Row<'_>| {
        let text: String = row.get(3)?;
        let line: i64 = row.get(1)?;
        let line = usize::try_from(line).unwrap_or(0);
        Ok((row.get(4)?, Snippet { path: row.get(0)?, line, heading: row.get(2)?, text: pieces(&text) }))
    };
    statement.query_map([expression], read)?.collect()
}

/// A text with marks, in pieces; white space folded.
fn pieces(text: &str) -> Vec<(bool, String)> {
    let (open, close) = FOUND;
    let mut pieces = Vec::new();
    for (place, part) in text.split(open).enumerate() {
        let (found, rest) = if place == 0 { ("", part) } else { part.split_once(close).unwrap_or(("", part)) };
        for (is_found, piece) in [(true, found), (false, rest)] {
            let folded = folded(piece);
            if !folded.is_empty() {
                pieces.push((is_found, folded));
            }
        }
    }
    pieces
}

fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars() {
        if !letter.is_whitespace() {
            folded.push(letter);
        } else if !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded
}

/// The expression of FTS5 for one term: its words in order.
fn expression(term: &Term) -> String {
    format!("\"{}\"{}", term.words.join(" "), if term.prefix { " *" } else { "" })
}

fn all_of(terms: &[&Term]) -> String {
    terms.iter().map(|term| expression(term)).collect::<Vec<_>>().join(" AND ")
}

fn any_of(terms: &[&Term]) -> String {
    terms.iter().map(|term| expression(term)).collect::<Vec<_>>().join(" OR ")
}
