//! A table with a row for each proposal (CSV): the keys of `signoff.proposal/1`, every metadata field, and the
//! state of every question.

use std::io::{self, Write};

use signoff_analysis::query::{Query, QueryFault};
use signoff_model::Corpus;
use signoff_model::profile::{Meaning, Prepared, SavedQuery};

/// The columns that every profile has.
const COLUMNS: [&str; 13] = [
    "proposal",
    "path",
    "title",
    "group",
    "status",
    "class",
    "stage",
    "latest_milestone",
    "milestones",
    "authors",
    "reviewers",
    "approvers",
    "gates",
];

/// What those columns hold of the metadata; every other field has a column by its own name.
const COLUMNED: [Meaning; 11] = [
    Meaning::Number,
    Meaning::Title,
    Meaning::Group,
    Meaning::Status,
    Meaning::Stage,
    Meaning::LatestMilestone,
    Meaning::Milestones,
    Meaning::Authors,
    Meaning::Reviewers,
    Meaning::Approvers,
    Meaning::Gates,
];

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
    let profile = &prepared.profile;
    let has_column = |meaning| COLUMNED.contains(&meaning);
    let own = profile.fields.iter().filter(|(_, field)| !field.meaning.is_some_and(has_column));
    let groups = profile.questionnaire.iter().flat_map(|questionnaire| &questionnaire.group);
    let questions = groups.flat_map(|group| &group.question);
    let state = |id: &str| format!("{id}=question(\"{id}\").state");
    COLUMNS
        .iter()
        .map(|name| (*name).to_owned())
        .chain(own.map(|(name, _)| name.clone()))
        .chain(questions.map(|question| state(&question.id)))
        .collect()
}
