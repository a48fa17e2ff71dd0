//! Open pull requests as if they were merged.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use signoff_analysis::signoff::{self, OpenPull};
use signoff_history::{Commit, History};
use signoff_model::corpus::{self, Request};
use signoff_model::memo::Memo;
use signoff_model::profile::Basis;
use signoff_model::{Corpus, Tree};

use super::kept::{About, Kept, Pulls};
use super::{Asked, Depth, Known, first_line};
use crate::repository::Repository;

/// A history, where the proposals are in it, and its newest commit.
type Place<'h> = (&'h dyn History, &'h str, &'h Commit);

impl Asked<'_> {
    /// Adds the open pull requests, where they are enough or asked for.
    pub(super) fn read_pulls(&self, known: &mut Known, place: Place<'_>, instant: Timestamp, depth: Depth) {
        let open_is_enough = || {
            signoff::rules(&self.repository.prepared, self.release, &self.checkpoint)
                .any(|rule| rule.open_is_enough_at.contains(&self.checkpoint))
        };
        if !depth.pulls && !open_is_enough() {
            return;
        }
        let found = match self.kept {
            Some(kept) => self.kept_pulls(kept, &known.corpus, place, instant),
            None => self.open_pulls(place, instant, depth.pulls, None),
        };
        match found {
            Ok(None) => {}
            Ok(Some(pulls)) => {
                known.bases.insert(Basis::Pulls);
                known.pulls = pulls;
            }
            Err(error) => known.notes.push(first_line(&error)),
        }
    }

    /// Those that change a proposal that is meant for the release, here or there.
    fn kept_pulls(&self, kept: &Kept, corpus: &Corpus, place: Place<'_>, instant: Timestamp) -> anyhow::Result<Pulls> {
        let meant = corpus.all().filter(|proposal| self.wants(proposal));
        let meant: BTreeSet<Arc<str>> = meant.map(|proposal| Arc::clone(&proposal.path)).collect();
        let (history, _, newest) = place;
        let about = About {
            newest: newest.id.clone(),
            heads: kept.heads(|| Ok(history.pull_heads()?))?,
            release: self.release,
            meant,
        };
        kept.pulls(about, |about| {
            let matters = |pull: &Corpus| {
                let mut changed = pull.all().filter(|proposal| proposal.loaded);
                changed.any(|proposal| self.wants(proposal) || about.meant.contains(&proposal.path))
            };
            self.open_pulls(place, instant, false, Some(&matters))
        })
    }

    /// Every open pull request that changes proposals, as if it were merged, and with `forks` as it was where it left
    /// the main branch; of those that do not matter by their metadata, none. `None` where no head was fetched.
    fn open_pulls(
        &self,
        (history, prefix, main): Place<'_>,
        instant: Timestamp,
        forks: bool,
        matters: Option<&dyn Fn(&Corpus) -> bool>,
    ) -> anyhow::Result<Pulls> {
        let found = history.pulls(main, instant)?;
        if found.open.is_empty() && found.unread.is_empty() {
            return Ok(None);
        }
        let mut pulls = Vec::new();
        // What they leave as it is, they share.
        let memo = Memo::keeping();
        for pull in found.open {
            let own = |path: &String| match prefix {
                "" => Some(path.clone()),
                prefix => Some(path.strip_prefix(prefix)?.strip_prefix('/')?.to_owned()),
            };
            let paths: Vec<String> = pull.paths.iter().filter_map(own).filter(|path| self.may_tell(path)).collect();
            if paths.is_empty() {
                continue;
            }
            let read = |tree: &dyn Tree, commit: &Commit, prose: bool| {
                let prepared = Arc::clone(&self.repository.prepared);
                let request = Request { prepared, paths: Some(&paths), prose, as_of: instant };
                let mut corpus = corpus::load(tree, &request, &memo);
                corpus.commit = Some(commit.id.as_str().into());
                corpus
            };
            let merged = Repository::below(history.merged_tree(main, &pull)?, prefix);
            if matters.is_some_and(|matters| !matters(&read(&*merged, &pull.head, false))) {
                continue;
            }
            let corpus = read(&*merged, &pull.head, true);
            let before = match forks {
                true => {
                    let state = Repository::state(history, prefix, pull.base)?;
                    Some(read(&*state.tree, &state.commit, true))
                }
                false => None,
            };
            pulls.push(OpenPull { number: pull.number, corpus, before });
        }
        Ok(Some(pulls.into()))
    }

    /// Whether a file belongs to proposals or their companions.
    fn may_tell(&self, path: &str) -> bool {
        let profile = &self.repository.prepared.profile;
        let roots = std::iter::once(&profile.layout.root).chain(profile.companion.iter().map(|rule| &rule.root));
        roots.into_iter().any(|root| signoff_model::tree::is_below(path, root))
    }
}
