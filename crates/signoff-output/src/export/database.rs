//! A SQLite database (`signoff.sqlite/1`) with everything that `signoff.proposals/1` says; `schema.sql` documents its
//! tables, `fill.sql` fills them from that JSON, so that both always say the same.

use std::io::{self, Write};

use rusqlite::{Connection, MAIN_DB, params};
use signoff_model::Corpus;

use crate::proposal::Proposal;

/// The tables, with what stands in them.
pub const SCHEMA: &str = include_str!("schema.sql");
const FILL: &str = include_str!("fill.sql");

/// Why there is no database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// SQLite did not do it.
    #[error("SQLite cannot make the database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A proposal is no JSON, or the writer failed.
    #[error("the database cannot be written: {0}")]
    Write(#[from] io::Error),
}

/// Writes the database file; the same bytes for the same corpus.
///
/// # Errors
/// Those of SQLite, which may lack memory, and those of the writer.
pub fn write(corpus: &Corpus, out: &mut dyn Write) -> Result<(), Error> {
    let mut connection = Connection::open_in_memory()?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(SCHEMA)?;
    let about = [("schema", "signoff.sqlite/1"), ("profile", &corpus.prepared.profile.id)];
    for (name, value) in about {
        transaction.execute("INSERT INTO about VALUES (?1, ?2)", params![name, value])?;
    }
    transaction.execute_batch("CREATE TEMP TABLE incoming (id INTEGER PRIMARY KEY, d BLOB)")?;
    {
        let mut insert = transaction.prepare("INSERT INTO incoming (d) VALUES (jsonb(?1))")?;
        for proposal in &corpus.proposals {
            let document = serde_json::to_string(&Proposal::new(corpus, proposal)).map_err(io::Error::from)?;
            insert.execute(params![document])?;
        }
    }
    transaction.execute_batch(FILL)?;
    transaction.commit()?;
    out.write_all(&connection.serialize(MAIN_DB)?)?;
    Ok(())
}
