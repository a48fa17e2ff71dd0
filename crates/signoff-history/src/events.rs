//! What happened to proposals, told from the commits of a history.
//!
//! [`read`] goes through the commits twice: first `world` finds where each proposal was when, and which files it
//! had; then `content` reads each of those files once, and `story` compares what they say.

use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;
use signoff_model::event::{Event, Touch};
use signoff_model::profile::Prepared;
use signoff_model::tree::ContentId;

use crate::{Ancestor, Commit, Commits, Difference, Error, History, Parent};

mod content;
mod story;
mod touches;
mod world;

use content::Contents;
use story::Story;
use world::Trace;

/// A commit that changes this many proposals is a sweep. Of the 3,118 commits that changed something of Kubernetes'
/// proposals, about thirty changed eight of them or more: each is a migration, a clean-up or a change of owners. Below
/// five, nearly all are work on the proposals themselves.
pub const SWEEP_MIN: usize = 8;

/// What to read.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// The commits to go through.
    pub commits: Commits,
    /// Whether to read the prose, for events about answers.
    pub answers: bool,
    /// Which proposals, by the path that they have at the end; `None` for all.
    pub only: Option<&'a (dyn Fn(&str) -> bool + Sync)>,
    /// The commit whose state is taken as it is, so that only what happened after it is told.
    pub since: Option<&'a Commit>,
    /// Where the proposals repository is in that of git, with `/`; empty when it is the whole.
    pub prefix: &'a str,
}

/// What happened, oldest first.
#[derive(Clone, Debug, Default)]
pub struct EventLog {
    /// The events. Those of a commit stand together; the order is that of the commits, whatever their clocks said.
    pub events: Vec<Event>,
    /// The commits that changed proposals in any way, in the same order.
    pub touches: Vec<Touch>,
    /// The commit before which nothing is known.
    pub cut: Option<Cut>,
    /// How many files of older commits could not be read: what they said is unknown, and no event.
    pub unread: usize,
}

/// A commit whose state is known, and nothing before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The commit.
    pub commit: Arc<str>,
    /// When it was committed.
    pub at: Timestamp,
    /// Why.
    pub reason: CutReason,
}

/// Why nothing is known before a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutReason {
    /// The clone is shallow.
    Shallow,
    /// The clone lacks lists of files of older commits.
    Missing,
    /// Nothing older was asked for.
    Asked,
}

/// Reads what happened up to a commit.
///
/// # Errors
/// When a commit or list of files that the clone should have cannot be read.
pub fn read(
    history: &dyn History,
    newest: &Commit,
    prepared: &Prepared,
    options: &Options<'_>,
) -> Result<EventLog, Error> {
    let ancestors = history.behind(newest, options.commits, options.since)?;
    let steps = steps(history, prepared, options, &ancestors)?;
    let trace = Trace::of(prepared, &ancestors, &steps);
    let is_wanted: Vec<bool> = trace.keys.iter().map(|key| options.only.is_none_or(|only| only(key))).collect();
    let contents = Contents::read(history, prepared, options, &trace, &is_wanted);
    let mut story = Story::new(history, prepared, options, contents, &is_wanted);
    let events = story.tell(&ancestors, &steps, &trace);
    let unread = story.unread();
    let touches = touches::of(&ancestors, &trace, &is_wanted);
    Ok(EventLog { events, touches, cut: cut(&ancestors, &steps, options), unread })
}

/// What a commit brought.
pub(crate) enum Step {
    /// Nothing is known of it, since what came before is not.
    Unknown,
    /// Its whole state, where the one before is not known.
    State(Vec<Difference>),
    /// What changed.
    Change(Vec<Difference>),
}

/// What each commit brought, of the folders that matter; paths are those of the proposals repository.
fn steps(
    history: &dyn History,
    prepared: &Prepared,
    options: &Options<'_>,
    ancestors: &[Ancestor],
) -> Result<Vec<Step>, Error> {
    let profile = &prepared.profile;
    let companions = profile.companion.iter().map(|rule| rule.root.as_str());
    let roots: Vec<String> = std::iter::once(profile.layout.root.as_str())
        .chain(companions)
        .map(|root| below(options.prefix, root))
        .collect();
    let roots: Vec<&str> = roots.iter().map(String::as_str).collect();
    let chunk = ancestors.len().div_ceil(rayon::current_num_threads()).max(1);
    // From new to old: so does git keep most of what it keeps as differences.
    let compared = ancestors.par_chunks(chunk).enumerate().flat_map_iter(|(at, part)| {
        let mut comparison = history.comparison();
        let step = |ancestor: &Ancestor| comparison.between(before(ancestors, ancestor), ancestor.files, &roots);
        let mut steps: Vec<_> = part.iter().rev().map(step).collect();
        steps.reverse();
        debug_assert!(at * chunk <= ancestors.len());
        steps
    });
    let compared: Vec<Result<Vec<Difference>, Error>> = compared.collect();
    let mut steps = Vec::with_capacity(compared.len());
    let readable_from = match compared.iter().rposition(Result::is_err) {
        Some(last) if options.commits == Commits::Main => first_state(history, ancestors, &roots, last, &mut steps)?,
        _ => 0,
    };
    for (ancestor, differences) in ancestors.iter().zip(compared).skip(readable_from) {
        let mut differences = differences?;
        own_paths(options.prefix, &mut differences);
        steps.push(match ancestor.parent {
            Parent::Unknown => Step::State(differences),
            Parent::None | Parent::At(_) => Step::Change(differences),
        });
    }
    Ok(steps)
}

/// Of a line whose older lists of files are not there: the first state that is, at `last` or behind it. What came
/// before is unknown. The place after it.
fn first_state(
    history: &dyn History,
    ancestors: &[Ancestor],
    roots: &[&str],
    last: usize,
    steps: &mut Vec<Step>,
) -> Result<usize, Error> {
    let state = |at: usize| history.comparison().between(None, ancestors[at].files, roots);
    let (at, differences) = match state(last) {
        Ok(found) => (last, found),
        Err(error) if last + 1 == ancestors.len() => return Err(error),
        Err(_) => (last + 1, state(last + 1)?),
    };
    steps.extend((0..at).map(|_| Step::Unknown));
    steps.push(Step::State(differences));
    Ok(at + 1)
}

/// The files of the state that a commit is compared with.
fn before(ancestors: &[Ancestor], ancestor: &Ancestor) -> Option<ContentId> {
    match ancestor.parent {
        Parent::At(parent) => Some(ancestors[parent].files),
        Parent::None | Parent::Unknown => None,
    }
}

fn below(prefix: &str, root: &str) -> String {
    if root.is_empty() { prefix.to_owned() } else { signoff_model::tree::join(prefix, root) }
}

fn own_paths(prefix: &str, differences: &mut Vec<Difference>) {
    if prefix.is_empty() {
        return;
    }
    differences.retain_mut(|difference| {
        let own = difference.path.strip_prefix(prefix).and_then(|path| path.strip_prefix('/'));
        let Some(own) = own.map(str::to_owned) else { return false };
        difference.path = own;
        true
    });
}

fn cut(ancestors: &[Ancestor], steps: &[Step], options: &Options<'_>) -> Option<Cut> {
    let states = ancestors.iter().zip(steps).filter(|(_, step)| matches!(step, Step::State(_)));
    let (newest, _) = states.max_by_key(|(ancestor, _)| ancestor.commit.at)?;
    let asked = options.since.is_some_and(|since| since.id == newest.commit.id);
    let reason = match newest.parent {
        _ if asked => CutReason::Asked,
        Parent::Unknown => CutReason::Shallow,
        Parent::None | Parent::At(_) => CutReason::Missing,
    };
    Some(Cut { commit: newest.commit.id.as_str().into(), at: newest.commit.at, reason })
}
