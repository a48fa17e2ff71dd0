//! A table with a row for each proposal (CSV): the keys of `signoff.proposal/1`, every metadata field, and the
//! state of every question.

use std::io::{self, Write};

use signoff_analysis::query::{Query, QueryFault, all_of_metadata};
use signoff_model::Corpus;
use signoff_model::profile::{Prepared, SavedQuery};

/// Why there is no table.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A column of the profile cannot be shown.
    #[error("{0}")]
    Column(#[from] QueryFault),
    /// The writer failed.
    #[error("the table cannot be written: {0}")]
    Write(#[from] io::Error),
}

/// Writes the table (RFC 4180, with a header).
///
/// # Errors
/// Those of the writer.
pub fn write(corpus: &Corpus, out: &mut dyn Write) -> Result<(), Error> {
    let written = SavedQuery { columns: columns(&corpus.prepared), ..SavedQuery::default() };
    let query = Query::parse(&corpus.prepared, &written, &[])?;
    crate::query::write_csv(&query.run(corpus)?, out)?;
    Ok(())
}

fn columns(prepared: &Prepared) -> Vec<String> {
    let groups = prepared.profile.questionnaire.iter().flat_map(|questionnaire| &questionnaire.group);
    let questions = groups.flat_map(|group| &group.question);
    let states = questions.map(|question| format!("{id}=question(\"{id}\").state", id = question.id));
    all_of_metadata(prepared).into_iter().chain(states).collect()
}
