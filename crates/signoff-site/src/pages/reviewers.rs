//! Who approves what in the release: how much is on track, and what waits.

use std::collections::BTreeMap;

use askama::Template;
use signoff_analysis::signoff::Standing;
use signoff_model::people;

use super::{Kind, filters, rendered};
use crate::Site;
use crate::frame::{Frame, counted};
use crate::marks::{self, Mark};
use crate::snapshot::{Board, Row};

pub(super) const KIND: Kind = Kind { paths, make };

const PATH: &str = "reviewers.html";

#[derive(Template)]
#[template(path = "reviewers.html")]
struct Reviewers {
    frame: Frame,
    release: String,
    sentence: String,
    reviewers: Vec<Reviewer>,
}

/// A person who approves.
struct Reviewer {
    handle: String,
    all: usize,
    tracked: usize,
    warned: usize,
    /// For each proposal, whether it is on track.
    units: Vec<bool>,
    /// What is not on track, or has doubts.
    waiting: Vec<Waiting>,
}

struct Waiting {
    label: String,
    title: String,
    page: Option<String>,
    mark: Mark,
    more: String,
    reason: String,
}

fn paths(site: &Site) -> Vec<String> {
    site.snapshot.boards.first().map(|_| PATH.to_owned()).into_iter().collect()
}

fn make(site: &Site, path: &str) -> Option<String> {
    let board = site.snapshot.boards.first().filter(|_| path == PATH)?;
    let reviewers = reviewers(site, board);
    let sentence = format!(
        "{} named for the stages of {}",
        if reviewers.len() == 1 { "1 person is".to_owned() } else { format!("{} people are", reviewers.len()) },
        counted(board.rows.len(), "proposal")
    );
    Some(rendered(&Reviewers {
        frame: Frame::of(site, path, "", &format!("Reviewers of {}", board.name), &sentence),
        release: board.name.clone(),
        sentence,
        reviewers,
    }))
}

/// By how many proposals each has.
fn reviewers(site: &Site, board: &Board) -> Vec<Reviewer> {
    let format = &site.snapshot.corpus.prepared.profile.people;
    let mut found: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
    for row in &board.rows {
        if let Some(handle) = people::handle_of(&row.approver, format) {
            found.entry(handle.to_ascii_lowercase()).or_default().push(row);
        }
    }
    let on_track = |row: &&&Row| row.now(board).is_some_and(|judged| judged.standing == Standing::Tracked);
    let reviewer = |(handle, rows): (String, Vec<&Row>)| {
        let tracked = rows.iter().filter(on_track).count();
        let waiting: Vec<Waiting> = rows.iter().filter_map(|row| waiting(site, board, row)).collect();
        Reviewer {
            handle: format!("@{handle}"),
            all: rows.len(),
            tracked,
            warned: waiting.len() - (rows.len() - tracked),
            units: (0..rows.len()).map(|index| index < tracked).collect(),
            waiting,
        }
    };
    let mut reviewers: Vec<Reviewer> = found.into_iter().map(reviewer).collect();
    reviewers.sort_by(|left, right| right.all.cmp(&left.all).then_with(|| left.handle.cmp(&right.handle)));
    reviewers
}

/// A proposal that is not on track, or is with doubts.
fn waiting(site: &Site, board: &Board, row: &Row) -> Option<Waiting> {
    let judged = row.now(board)?;
    let warnings = judged.warnings();
    if judged.standing == Standing::Tracked && warnings == 0 {
        return None;
    }
    let doubts = judged.rules.iter().filter(|rule| rule.outcome == signoff_analysis::signoff::Outcome::Warn);
    let reason = match judged.standing {
        Standing::Tracked => {
            doubts.filter(|rule| !rule.is_joint).map(|rule| rule.message.clone()).collect::<Vec<_>>().join("; ")
        }
        _ => judged.reason.clone(),
    };
    Some(Waiting {
        label: row.label.clone(),
        title: row.title.clone(),
        page: site.places.page(&row.path).map(str::to_owned),
        mark: marks::of_standing(judged.standing),
        more: if warnings > 0 { format!(", {warnings} warn") } else { String::new() },
        reason,
    })
}
