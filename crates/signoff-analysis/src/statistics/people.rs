//! Who writes proposals, and who does so for the first time.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use signoff_model::profile::Meaning;

use super::Ledger;

/// The authors of a year's proposals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomers {
    /// The year.
    pub year: i16,
    /// People who are authors of a proposal that began then.
    pub authors: usize,
    /// Of these: for how many it was the first.
    pub first: usize,
}

/// The authors by year, and how many there are in all.
pub(super) fn newcomers(ledger: &Ledger<'_>) -> (Vec<Newcomers>, usize) {
    let mut first: BTreeMap<String, Date> = BTreeMap::new();
    let mut years: BTreeMap<i16, BTreeSet<String>> = BTreeMap::new();
    let mut all: BTreeSet<String> = BTreeSet::new();
    for course in &ledger.courses {
        let Some(proposal) = course.proposal else { continue };
        let authors = ledger.people(proposal, Meaning::Authors);
        all.extend(authors.iter().cloned());
        let Some(began) = ledger.began(course) else { continue };
        for author in authors {
            let earliest = first.entry(author.clone()).or_insert(began);
            *earliest = began.min(*earliest);
            if ledger.counts(began) {
                years.entry(began.year()).or_default().insert(author);
            }
        }
    }
    let of_year = |(year, authors): (i16, BTreeSet<String>)| {
        let is_first = |author: &&String| first.get(*author).is_some_and(|date| date.year() == year);
        Newcomers { year, first: authors.iter().filter(is_first).count(), authors: authors.len() }
    };
    (years.into_iter().map(of_year).collect(), all.len())
}
