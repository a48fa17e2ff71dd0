//! The tables of an index.

/// How many bits of a section's row number count it within its proposal; the others are the proposal's row number.
/// So a match tells its proposal without a look into another table.
pub(crate) const SECTION_BITS: u32 = 16;

/// Changes with every change of the tables or of what is put into them.
pub(crate) const VERSION: i64 = 5;

/// `declared` holds the values that the process gives facets, `proposal` and `part` what is shown, `head` and `body`
/// what is searched. Words are compared by their
/// stems (Porter) with accents and letter case aside.
pub(crate) const TABLES: &str = "
CREATE TABLE kept (stamp BLOB, sources TEXT NOT NULL) STRICT;
CREATE TABLE declared (facet TEXT NOT NULL, value TEXT NOT NULL) STRICT;
CREATE TABLE proposal (
    id INTEGER PRIMARY KEY,
    content BLOB NOT NULL UNIQUE,
    path TEXT NOT NULL,
    number TEXT NOT NULL,
    title TEXT NOT NULL,
    facet_group TEXT NOT NULL,
    facet_status TEXT NOT NULL,
    facet_stage TEXT NOT NULL,
    facet_release TEXT NOT NULL,
    gates TEXT NOT NULL,
    sections INTEGER NOT NULL
) STRICT;
CREATE TABLE part (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    line INTEGER NOT NULL,
    heading TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE head USING fts5 (title, gates, name, tokenize = 'porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE body USING fts5 (
    heading, text, content = 'part', content_rowid = 'id', tokenize = 'porter unicode61 remove_diacritics 2'
);
";
