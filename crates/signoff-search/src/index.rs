//! An index: made of a corpus, kept in a file or in memory, brought up to date by what changed.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, Transaction, params};
use rustc_hash::FxHashMap;
use signoff_model::body::{Contents, Section};
use signoff_model::profile::{Meaning, Prepared};
use signoff_model::proposal::Prose;
use signoff_model::{Body, Corpus, Proposal, Span};

use crate::query::{FacetName, Query, Values};
use crate::rank::{self, Results};
use crate::schema;

/// How much of a kept index is read as memory, in bytes, without copies.
const MAPPED: i64 = 1 << 30;

/// An index of proposals.
pub struct Index {
    connection: Connection,
}

/// What an index was made of, for whoever keeps it; opaque here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// What the sources looked like.
    pub stamp: Vec<u8>,
    /// Their names.
    pub sources: String,
}

/// What can go wrong with the file of an index. It can always be deleted and made again.
#[derive(Debug, thiserror::Error)]
#[error("the search index cannot be used: {0}")]
pub struct IndexError(#[from] rusqlite::Error);

impl Index {
    /// Makes an index in memory.
    ///
    /// # Errors
    /// Those of the database.
    pub fn in_memory(corpus: &Corpus) -> Result<Self, IndexError> {
        let mut index = Self { connection: Connection::open_in_memory()? };
        index.update(corpus, None)?;
        Ok(index)
    }

    /// Opens an index that was kept, to search in; `None` when the file is none of this version.
    #[must_use]
    pub fn read(path: &Path) -> Option<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).ok()?;
        connection.pragma_update(None, "mmap_size", MAPPED).ok()?;
        // One look at the file's locks for all that is asked, instead of one for each question.
        connection.execute_batch("BEGIN").ok()?;
        (version(&connection)? == schema::VERSION).then_some(Self { connection })
    }

    /// Opens or makes the file of an index, to be updated.
    ///
    /// # Errors
    /// Those of the database.
    pub fn create(path: &Path) -> Result<Self, IndexError> {
        let connection = Connection::open(path)?;
        // It can be made again: a crash may cost it.
        connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY;")?;
        Ok(Self { connection })
    }

    /// What the index was made of; `None` when nobody could say.
    #[must_use]
    pub fn origin(&self) -> Option<Origin> {
        let read = |row: &rusqlite::Row<'_>| Ok(Origin { stamp: row.get(0)?, sources: row.get(1)? });
        self.connection.query_row("SELECT stamp, sources FROM kept WHERE stamp NOT NULL", [], read).ok()
    }

    /// Makes the index that of a corpus: what is gone is dropped, what is new is read, the rest stays.
    ///
    /// # Errors
    /// Those of the database.
    pub fn update(&mut self, corpus: &Corpus, origin: Option<&Origin>) -> Result<(), IndexError> {
        let transaction = self.connection.transaction()?;
        if version(&transaction) != Some(schema::VERSION) {
            transaction.execute_batch(schema::TABLES)?;
            transaction.pragma_update(None, "user_version", schema::VERSION)?;
        }
        let mut known = known(&transaction)?;
        for proposal in &corpus.proposals {
            let content = content(&corpus.prepared, proposal);
            if known.remove(&content).is_none() {
                add(&transaction, &corpus.prepared, proposal, &content)?;
            }
        }
        for gone in known.into_values() {
            remove(&transaction, gone)?;
        }
        declare(&transaction, &corpus.prepared)?;
        transaction.execute("DELETE FROM kept", [])?;
        if let Some(Origin { stamp, sources }) = origin {
            transaction.execute("INSERT INTO kept VALUES (?, ?)", params![stamp, sources])?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// The values that facets can have: those of the process, and those that occur.
    ///
    /// # Errors
    /// Those of the database.
    pub fn values(&self) -> Result<Values, IndexError> {
        let mut values = Values::default();
        let mut declared = self.connection.prepare("SELECT facet, value FROM declared ORDER BY rowid")?;
        let mut rows = declared.query([])?;
        while let Some(row) = rows.next()? {
            let (facet, value): (String, String) = (row.get(0)?, row.get(1)?);
            FacetName::ALL
                .into_iter()
                .filter(|name| name.name() == facet)
                .for_each(|name| values.declare(name, &value));
        }
        let mut occurring = self
            .connection
            .prepare("SELECT DISTINCT facet_group, facet_status, facet_stage, facet_release FROM proposal")?;
        let mut rows = occurring.query([])?;
        while let Some(row) = rows.next()? {
            for (column, name) in FacetName::ALL.into_iter().enumerate() {
                values.add(name, row.get_ref(column)?.as_str().unwrap_or_default());
            }
        }
        Ok(values)
    }

    /// The proposals that a query finds, best first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn search(&self, query: &Query, limit: usize) -> Result<Results, IndexError> {
        Ok(rank::search(&self.connection, query, limit)?)
    }
}

fn version(connection: &Connection) -> Option<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0)).ok()
}

/// Puts down the values that the process gives facets.
fn declare(transaction: &Transaction<'_>, prepared: &Prepared) -> Result<(), rusqlite::Error> {
    transaction.execute("DELETE FROM declared", [])?;
    let mut insert = transaction.prepare("INSERT INTO declared VALUES (?, ?)")?;
    for (facet, values) in Values::of_process(prepared).declared() {
        for value in values {
            insert.execute(params![facet.name(), value])?;
        }
    }
    Ok(())
}

/// The proposals that are in the index, by their content.
fn known(transaction: &Transaction<'_>) -> Result<FxHashMap<Vec<u8>, i64>, rusqlite::Error> {
    let mut rows = transaction.prepare("SELECT content, id FROM proposal")?;
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

/// What an entry depends on: the process and the proposal's files.
fn content(prepared: &Prepared, proposal: &Proposal) -> Vec<u8> {
    let mut hasher = blake3::Hasher::new();
    let body = proposal.prose.as_ref().map_or("", |prose| &prose.source.text);
    for part in [&*prepared.profile.id, &*prepared.profile.version, &*proposal.path, &*proposal.source.text, body] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().as_bytes().to_vec()
}

fn add(
    transaction: &Transaction<'_>,
    prepared: &Prepared,
    proposal: &Proposal,
    content: &[u8],
) -> Result<(), rusqlite::Error> {
    let text = |meaning| proposal.text(prepared, meaning).unwrap_or_default();
    let title = text(Meaning::Title);
    let gates = gates(prepared, proposal).join(" ");
    transaction.prepare_cached("INSERT INTO proposal VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?.execute(
        params![
            content,
            &*proposal.path,
            &**proposal.label(),
            title,
            text(Meaning::Group),
            text(Meaning::Status),
            text(Meaning::Stage),
            text(Meaning::LatestMilestone),
            gates,
            i64::try_from(sections(proposal).len()).unwrap_or(0),
        ],
    )?;
    let id = transaction.last_insert_rowid();
    let spelled = format!("{gates} {}", apart(&gates));
    transaction
        .prepare_cached("INSERT INTO head (rowid, title, gates, name) VALUES (?, ?, ?, ?)")?
        .execute(params![id, title, spelled, &*proposal.name])?;
    proposal.prose.as_ref().map_or(Ok(()), |prose| add_sections(transaction, proposal, prose, id))
}

/// The sections that can be numbered within a proposal.
fn sections(proposal: &Proposal) -> &[Section] {
    let all = proposal.document().map_or(&[][..], |document| &document.body.sections);
    &all[..all.len().min(1 << schema::SECTION_BITS)]
}

fn add_sections(
    transaction: &Transaction<'_>,
    proposal: &Proposal,
    prose: &Prose,
    id: i64,
) -> Result<(), rusqlite::Error> {
    let body = &prose.document.body;
    let first = id << schema::SECTION_BITS;
    for (part, section) in (first..).zip(sections(proposal)) {
        let written = written(&prose.source.text, body, section.content);
        let line = i64::try_from(prose.source.line(section.heading.start)).unwrap_or(i64::MAX);
        transaction.prepare_cached("INSERT INTO part VALUES (?, ?, ?, ?, ?)")?.execute(params![
            part,
            &*prose.source.path,
            line,
            &*section.title,
            written.trim()
        ])?;
        transaction.prepare_cached("INSERT INTO body (rowid, heading, text) VALUES (?, ?, ?)")?.execute(params![
            part,
            &*section.title,
            written.trim()
        ])?;
    }
    Ok(())
}

/// What a section says: without comments, and without the table of contents, which only repeats the headings.
fn written(text: &str, body: &Body, section: Span) -> String {
    let contents = body.contents.as_ref().and_then(Contents::inside).filter(|contents| section.contains(*contents));
    let Some(contents) = contents else { return body.without_comments(text, section).into_owned() };
    let before = Span { start: section.start, end: contents.start };
    let after = Span { start: contents.end, end: section.end };
    [before, after].map(|part| body.without_comments(text, part)).concat()
}

fn remove(transaction: &Transaction<'_>, id: i64) -> Result<(), rusqlite::Error> {
    let sections = [id << schema::SECTION_BITS, (id + 1) << schema::SECTION_BITS];
    transaction.execute(
        "INSERT INTO body (body, rowid, heading, text)
         SELECT 'delete', id, heading, text FROM part WHERE id >= ? AND id < ?",
        sections,
    )?;
    transaction.execute("DELETE FROM part WHERE id >= ? AND id < ?", sections)?;
    transaction.execute("DELETE FROM head WHERE rowid = ?", [id])?;
    transaction.execute("DELETE FROM proposal WHERE id = ?", [id])?;
    Ok(())
}

/// The gates that the metadata declares and those that the answers state.
fn gates<'a>(prepared: &Prepared, proposal: &'a Proposal) -> Vec<&'a str> {
    let declared = proposal.gates(prepared).into_iter().map(|gate| gate.name);
    let stated = proposal.document().into_iter().flat_map(|document| &document.gates).map(|(name, _)| &**name);
    let mut gates: Vec<&str> = Vec::new();
    for gate in declared.chain(stated) {
        if !gate.is_empty() && !gates.contains(&gate) {
            gates.push(gate);
        }
    }
    gates
}

/// The words of names in which each begins with a capital: `PodSwap` is `Pod Swap`.
fn apart(names: &str) -> String {
    let mut words = String::with_capacity(names.len() + 8);
    let mut before = ' ';
    for letter in names.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            words.push(' ');
        }
        words.push(letter);
        before = letter;
    }
    words
}
