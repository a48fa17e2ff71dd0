//! `signoff diff`: what changed between two states, in the words of the process.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::ExitCode;

use anyhow::bail;
use signoff_analysis::comparison::{self, ChangeKind, Difference};
use signoff_history::{Commit, History, When, pull_number};
use signoff_model::Corpus;
use signoff_output::diff::{self, Comparison, State};
use signoff_output::visible;

use super::show;
use crate::cli::{DiffArgs, DiffFormat, Global};
use crate::progress::Progress;
use crate::repository::{Repository, Selection};

/// So many files that differ are looked for one by one; of more, all proposals are read.
const FILES_MAX: usize = 2000;

/// Compares.
pub fn run(global: &Global, args: &DiffArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let (range, ids) = split(args)?;
    let end = Global { at: range.end(global).map(str::to_owned), ..global.clone() };
    let repository = Repository::open(&end)?;
    let progress = Progress::start(global, "Comparing");
    let (history, prefix) = repository.history()?;
    let states = range.states(global, &repository, &*history)?;
    let (before, after) = read(&repository, &*history, &prefix, &states)?;
    let mut differences = comparison::compare(&before, &after);
    keep_named(&repository, &before, &after, ids, &mut differences)?;
    drop(progress);
    if let Some(fork) = range.parted(&*history, &states)? {
        crate::note(global, &fork);
    }
    let (from, to) = (states.from(), states.to(&repository));
    let comparison = Comparison { from: &from, to: &to, pull: states.pull.as_deref(), differences: &differences };
    match args.format {
        DiffFormat::Human => diff::write_human(&comparison, crate::look(global), out)?,
        DiffFormat::Json => diff::write_json(&comparison, out)?,
        DiffFormat::Markdown => diff::write_markdown(&comparison, out)?,
        DiffFormat::Csv => diff::write_csv(&comparison, out)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// What to compare, as it was typed.
enum Range<'a> {
    /// `A..B`; an empty end is the files as they are, an empty beginning the newest commit.
    Between(&'a str, &'a str),
    /// `A...B`: B, with where it left A.
    Forked(&'a str, &'a str),
    /// A branch with where it left the main one.
    Branch(&'a str),
    /// A pull request with where it left the main branch.
    Pull(&'a str),
}

/// The range and the proposals that are asked for.
fn split(args: &DiffArgs) -> anyhow::Result<(Range<'_>, &[String])> {
    if let Some(number) = &args.pull {
        return Ok((Range::Pull(number), &args.words));
    }
    let Some((range, ids)) = args.words.split_first() else {
        bail!("what to compare is not said\nname two states, as in v1.35..HEAD, or a pull request, as in --pull 5526");
    };
    let shown = visible(range);
    match range.split_once("..") {
        Some((from, to)) if to.starts_with('.') => match to[1..].trim() {
            "" => bail!("`{shown}` names one state\nname the branch behind the dots, as in HEAD...BRANCH"),
            to => Ok((Range::Forked(from, to), ids)),
        },
        Some((from, to)) => Ok((Range::Between(from, to), ids)),
        None if When::parse(range).instant().is_some() => {
            bail!("`{shown}` is one state\nname two: `{shown}..` compares with the files as they are")
        }
        None if range.bytes().all(|byte| byte.is_ascii_digit()) => {
            bail!("`{shown}` is no state\na pull request is --pull {shown}; of a proposal say when, as in A..B {shown}")
        }
        None => Ok((Range::Branch(range), ids)),
    }
}

/// The two states.
struct States {
    from: Commit,
    from_name: String,
    /// `None` for the files as they are.
    to: Option<Commit>,
    to_name: String,
    pull: Option<String>,
}

impl<'a> Range<'a> {
    /// What is opened: the later state of `A..B`; for a branch, the main one.
    fn end(&self, global: &'a Global) -> Option<&'a str> {
        let asked = global.at.as_deref();
        match self {
            Self::Between(_, "") => asked,
            Self::Between(_, to) | Self::Forked(_, to) => Some(to),
            Self::Branch(_) | Self::Pull(_) => Some(asked.unwrap_or("HEAD")),
        }
    }

    fn states(&self, global: &Global, repository: &Repository, history: &dyn History) -> anyhow::Result<States> {
        let main = repository.past_commit().cloned();
        let (head, to_name, pull) = match (self, &main) {
            (Self::Between(from, _), _) => {
                let from_name = if from.is_empty() { "HEAD" } else { from };
                let from = Repository::commit_named(global, history, from_name)?;
                let to_name = self.end(global).unwrap_or_default().to_owned();
                return Ok(States { from, from_name: from_name.to_owned(), to: main, to_name, pull: None });
            }
            (Self::Forked(from, to), Some(head)) => {
                let from = Repository::commit_named(global, history, if from.is_empty() { "HEAD" } else { from })?;
                let from = history.fork(head, &from)?;
                let to_name = (*to).to_owned();
                return Ok(States {
                    from_name: from.id.clone(),
                    from,
                    pull: pull_number(to).map(str::to_owned),
                    to: main,
                    to_name,
                });
            }
            (Self::Forked(..), None) => bail!("there is no commit to compare with\nname two states, as in A..B"),
            (Self::Pull(number), Some(main)) if global.at.is_some() => {
                let open = history.pulls(main, repository.instant())?.open;
                let Some(pull) = open.into_iter().find(|pull| pull.number == *number) else {
                    bail!(
                        "pull request {} was not open then, as far as its head tells\nleave out --at",
                        visible(number)
                    );
                };
                (pull.head, pull.reference, Some(pull.number))
            }
            (Self::Pull(number), _) => (history.pull_head(number)?, "its head".to_owned(), Some((*number).to_owned())),
            (Self::Branch(name), _) => {
                let head = Repository::commit_named(global, history, name)?;
                (head, (*name).to_owned(), pull_number(name).map(str::to_owned))
            }
        };
        let Some(main) = main else { bail!("there is no main branch to compare with\nname two states, as in A..B") };
        let from = history.fork(&head, &main)?;
        Ok(States { from_name: from.id.clone(), from, to: Some(head), to_name, pull })
    }
}

impl Range<'_> {
    /// Where two commits lie on branches of their own, so that one lacks what the other has: how to see one alone.
    fn parted(&self, history: &dyn History, states: &States) -> anyhow::Result<Option<String>> {
        let (Self::Between(from, to), Some(head)) = (self, &states.to) else { return Ok(None) };
        if When::parse(to).instant().is_some() || states.from.at > head.at && pull_number(to).is_none() {
            return Ok(None);
        }
        let fork = history.fork(head, &states.from)?;
        let is_parted = fork.id != states.from.id && fork.id != head.id;
        let from = if from.is_empty() { "HEAD" } else { from };
        Ok(is_parted.then(|| {
            format!(
                "`{to}` left the line of `{from}` at {:.10}; what came there since is shown as removed\n\
                 `{from}...{to}` tells what it changes itself",
                fork.id
            )
        }))
    }
}

impl States {
    fn from(&self) -> State {
        State { name: self.from_name.clone(), commit: Some(self.from.id.clone()), at: self.from.at }
    }

    fn to(&self, repository: &Repository) -> State {
        let commit = self.to.as_ref().map(|commit| commit.id.clone());
        State { name: self.to_name.clone(), commit, at: self.to.as_ref().map_or(repository.instant(), |to| to.at) }
    }
}

/// Reads the proposals of both states that files differ of.
fn read(
    repository: &Repository,
    history: &dyn History,
    prefix: &str,
    states: &States,
) -> anyhow::Result<(Corpus, Corpus)> {
    let newest = match &states.to {
        Some(to) => to.clone(),
        None => history.commit_at(&When::Revision("HEAD".to_owned()))?,
    };
    let below = |path: String| match prefix {
        "" => Some(path),
        _ => Some(path.strip_prefix(prefix)?.strip_prefix('/')?.to_owned()),
    };
    let committed = history.differing(&states.from, &newest)?;
    let mut paths: BTreeSet<String> = committed.into_iter().filter_map(below).collect();
    if states.to.is_none() {
        paths.extend(repository.changed_since("HEAD")?);
    }
    let paths: Vec<String> = paths.into_iter().collect();
    let selection = Selection { paths: (paths.len() <= FILES_MAX).then_some(&paths), ..Selection::default() };
    let state = |commit: &Commit| Repository::state(history, prefix, commit.clone());
    let before = repository.load_state(&state(&states.from)?, &selection);
    let after = match &states.to {
        Some(to) => repository.load_state(&state(to)?, &selection),
        None => repository.load(&selection),
    };
    Repository::refuse_cut(&before)?;
    Repository::refuse_cut(&after)?;
    Ok((before, after))
}

/// Keeps what is about the proposals that were asked for, which are named as in either state.
fn keep_named(
    repository: &Repository,
    before: &Corpus,
    after: &Corpus,
    ids: &[String],
    differences: &mut Vec<Difference>,
) -> anyhow::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    for id in ids {
        let found = show::named(repository, after, id);
        let found = found.or_else(|error| show::named(repository, before, id).map_err(|_| error))?;
        wanted.insert(found.path.to_string());
    }
    differences.retain(|difference| {
        let moved = difference.changes.iter().find(|change| change.kind == ChangeKind::Moved);
        let old = moved.and_then(|change| change.from.as_deref());
        [Some(&*difference.path), old].into_iter().flatten().any(|path| wanted.contains(path))
    });
    Ok(())
}
