//! A whole corpus for other programs, one file per format: [`manifest`] in the shape of the KEP manifest, [`table`]
//! as CSV, [`database`] as SQLite. As JSON it is `signoff.proposals/1`, see [`crate::proposal`].

pub mod database;
pub mod manifest;
pub mod table;
