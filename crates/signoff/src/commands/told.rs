//! What `shipped`, `slipped`, `stale`, `stats` and `sweep` have in common: the proposals with everything that happened
//! to them, and the release that is asked about.

use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use signoff_analysis::cycle::{self, Cycle};
use signoff_history::events::{self, EventLog, Options};
use signoff_model::event::Touch;
use signoff_model::{Corpus, Release};
use signoff_output::standpoint::{KnownFrom, Standpoint};

use super::timeline;
use crate::cli::Global;
use crate::progress::Progress;
use crate::repository::{Repository, Selection};

/// Proposals and what happened to them.
pub struct Told {
    /// The proposals, with their events.
    pub corpus: Corpus,
    /// The commits that changed proposals.
    pub touches: Vec<Touch>,
    /// What this stands on.
    pub standpoint: Standpoint,
}

impl Told {
    /// The cycle without the moments before what is known; that they are missing is noted.
    pub fn reach(&mut self, cycle: Cycle) -> Cycle {
        let known = cycle.known_from(self.standpoint.known_from.as_ref().map(|from| from.at));
        if known != cycle {
            let release = self.corpus.prepared.profile.release.spelt(cycle.release);
            self.standpoint.notes.push(format!("what was planned for {release} lies before what is known"));
        }
        known
    }
}

/// Reads the proposals and what happened to them.
///
/// # Errors
/// When there is no history, or it cannot be read.
pub fn read(global: &Global, repository: &Repository) -> anyhow::Result<Told> {
    let progress = Progress::start(global, "Reading the history");
    let mut corpus = repository.load(&Selection { metadata_only: true, ..Selection::default() });
    Repository::refuse_cut(&corpus)?;
    corpus.as_of = repository.instant();
    let (history, prefix) = repository.history().context("what happened cannot be told")?;
    let newest = repository.newest(&*history)?;
    let options = Options { prefix: &prefix, ..Options::default() };
    let EventLog { events, touches, cut, unread } = events::read(&*history, &newest, &repository.prepared, &options)?;
    corpus.events = events.into();
    let known_from = cut.as_ref().map(timeline::known_from).map(|known| KnownFrom {
        commit: known.commit.to_owned(),
        at: known.at,
        reason: known.reason.to_owned(),
    });
    let notes = repository.prepared.undated.map(|undated| undated.to_string()).into_iter().collect();
    drop(progress);
    let commit = corpus.commit.as_deref().map(str::to_owned);
    Ok(Told {
        touches,
        standpoint: Standpoint { instant: corpus.as_of, commit, known_from, unread_files: unread, notes },
        corpus,
    })
}

/// The cycle of the release that is named, else of that of the checkpoint of `--at`, else of the newest that is out.
///
/// # Errors
/// When none is named and no calendar tells.
pub fn cycle_of(repository: &Repository, named: Option<Release>) -> anyhow::Result<Cycle> {
    let prepared: &Arc<_> = &repository.prepared;
    let release = match named.or(repository.checkpoint.as_ref().map(|named| named.release)) {
        Some(release) => release,
        None => cycle::newest_out(&cycle::all(prepared), repository.instant())
            .ok_or_else(|| anyhow!("which release is the newest no calendar says\nname one, as in --release v1.36"))?,
    };
    Ok(cycle::of(prepared, release))
}
