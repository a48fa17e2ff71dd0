//! Heads of pull requests, as far as they were fetched: which were open at an instant, and what each would change.
//!
//! Git knows heads, not decisions: a request that was closed without a merge looks like an open one, and a branch that
//! was rewritten since shows nothing of what it was before.

use std::sync::Arc;

use gix::ObjectId;
use gix::bstr::ByteSlice as _;
use jiff::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};
use signoff_model::tree::Kind;

use crate::commits::{Commits, Node};
use crate::differences::{Comparison, Difference, Found};
use crate::folders::{Folders, Wanted};
use crate::git_tree::{blob, content_id, object_id};
use crate::handles::Handles;
use crate::line::is_shallow;
use crate::merged::merged;
use crate::repository::tip;
use crate::{Commit, Error, GitTree, Repository};

/// A pull request that the main branch does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pull {
    /// Its number on the forge.
    pub number: String,
    /// The reference that its head was fetched to.
    pub reference: String,
    /// The newest commit of its branch at the instant.
    pub head: Commit,
    /// Where the branch last met the main branch.
    pub base: Commit,
    /// The files that it would change: other at its head than at the base, and never since as at its head on the main
    /// branch. From the root of the git repository, sorted.
    pub paths: Vec<String>,
    /// Those of them that the main branch changed as well, sorted.
    pub changed_by_both: Vec<String>,
}

/// The heads of pull requests at an instant.
#[derive(Debug, Default)]
pub struct Pulls {
    /// Those that the main branch does not hold, by number. Some may have been closed without a merge.
    pub open: Vec<Pull>,
    /// Those of which nothing can be said.
    pub unread: Vec<UnreadPull>,
}

/// A head of which nothing can be said.
#[derive(Debug)]
pub struct UnreadPull {
    /// The number on the forge; `None` where not even the reference can be read.
    pub number: Option<String>,
    /// Why.
    pub error: Error,
}

/// A reference that a head was fetched to.
struct Head {
    number: String,
    reference: String,
    id: Result<ObjectId, Error>,
}

impl Repository {
    /// The pull requests that `main`, the state at `at`, does not hold: neither their commits nor, squashed or
    /// rebased, what they change. Only commits at or before that instant count: a head that is newer stands for what
    /// its branch was then.
    ///
    /// # Errors
    /// When the main branch or the references cannot be read. A head that cannot be read is one of `unread`.
    pub fn pulls(&self, main: &Commit, at: Timestamp) -> Result<Pulls, Error> {
        let main = id(main)?;
        self.handles.with(|repository| {
            let (heads, broken) = heads(repository)?;
            let unread = |error| UnreadPull { number: None, error };
            let mut pulls = Pulls { open: Vec::new(), unread: broken.into_iter().map(unread).collect() };
            if heads.is_empty() {
                return Ok(pulls);
            }
            let mut branches = Branches::read(repository, &self.handles, main, at)?;
            let mut open = Vec::new();
            for Head { number, reference, id } in heads {
                match id.and_then(|id| branches.branch(id)) {
                    Ok(Some(branch)) => open.push((number, reference, branch)),
                    Ok(None) => {}
                    Err(error) => pulls.unread.push(UnreadPull { number: Some(number), error }),
                }
            }
            branches.forget_what_main_had(open.iter_mut().map(|(_, _, branch)| branch))?;
            pulls.open = open
                .into_iter()
                .filter(|(_, _, branch)| !branch.changes.is_empty())
                .map(|(number, reference, Branch { head, base, changes, mut changed_by_both })| {
                    let paths: Vec<String> = changes.into_iter().map(|change| change.path).collect();
                    changed_by_both.retain(|path| paths.binary_search(path).is_ok());
                    let (head, base) = (branches.named(head), branches.named(base));
                    Pull { number, reference, head, base, paths, changed_by_both }
                })
                .collect();
            Ok(pulls)
        })
    }

    /// The references to heads of pull requests as one value: as long as it is the same, so are they.
    ///
    /// # Errors
    /// When the references cannot be read.
    pub fn pull_heads(&self) -> Result<String, Error> {
        self.handles.with(|repository| {
            let (names, _) = names(repository)?;
            Ok(names.iter().map(|Name { reference, id, .. }| format!("{reference} {id}\n")).collect())
        })
    }

    /// The head of a pull request, open or not.
    ///
    /// # Errors
    /// When it was not fetched, or cannot be read.
    pub fn pull_head(&self, number: &str) -> Result<Commit, Error> {
        self.handles.with(|repository| {
            let (heads, _) = heads(repository)?;
            let found = heads.into_iter().find(|head| by_number(&head.number, number).is_eq());
            let none = || Error::NoSuchPull { number: number.to_owned() };
            let id = found.ok_or_else(none)?.id?;
            let mut commits = Commits::new(repository);
            commits.expect(id)?;
            Ok(commits.named(id))
        })
    }

    /// Where the branch of `head` last met the main branch before it was merged, if it was.
    ///
    /// # Errors
    /// When one of them cannot be read, or they have no commit in common.
    pub fn fork(&self, head: &Commit, main: &Commit) -> Result<Commit, Error> {
        let (head, main) = (id(head)?, id(main)?);
        self.handles.with(|repository| {
            let mut commits = Commits::new(repository);
            let branch = Main::read(&mut commits, main)?;
            let entered = branch.places.get(&head).map_or(usize::MAX, |place| place.entered);
            let base = branch.best_base(&mut commits, head, entered, &mut FxHashMap::default())?;
            Ok(commits.named(base))
        })
    }

    /// The files of `main` as if a pull request had been merged: those that it changes are as at its head. Where the
    /// main branch changed one since, both changes are put together; where they contradict each other, it is as at the
    /// head.
    ///
    /// # Errors
    /// When a commit or a folder cannot be read.
    pub fn merged_tree(&self, main: &Commit, pull: &Pull) -> Result<GitTree, Error> {
        let ids = [id(main)?, id(&pull.base)?, id(&pull.head)?];
        let root = self.handles.with(|repository| {
            let [main, base, head] = Commits::new(repository).trees(ids)?;
            let folders = Folders::new(&self.handles);
            let change = |path: &String| {
                let mut after = folders.content(head, path)?;
                if pull.changed_by_both.binary_search(path).is_ok() {
                    let others = (folders.content(base, path)?, folders.content(main, path)?);
                    after = self.put_together(others, after)?;
                }
                Ok(Difference { path: path.clone(), before: None, after })
            };
            folders.with_changes(main, &pull.paths.iter().map(change).collect::<Result<Vec<_>, Error>>()?)
        })?;
        GitTree::new(Arc::clone(&self.handles), root)
    }

    /// What comes of a file that the main branch and a pull request changed; what stands at the head where they
    /// contradict each other, or one of the three is no text that can be read.
    fn put_together(
        &self,
        (base, main): (Option<Found>, Option<Found>),
        head: Option<Found>,
    ) -> Result<Option<Found>, Error> {
        let text = |found: Option<Found>| {
            let found = found.filter(|found| found.kind == Kind::File)?;
            blob(&self.handles, object_id(found.id)).ok()
        };
        let (Some(base), Some(main), Some(own)) = (text(base), text(main), text(head)) else { return Ok(head) };
        let Some(merged) = merged(&base, &main, &own) else { return Ok(head) };
        let id = content_id(self.handles.keep_text(merged)?);
        Ok(id.map_or(head, |id| Some(Found { kind: Kind::File, id })))
    }

    /// The files that differ between two commits, in whatever order those came. From the root of the git repository,
    /// sorted.
    ///
    /// # Errors
    /// When a commit or a folder cannot be read.
    pub fn differing(&self, before: &Commit, after: &Commit) -> Result<Vec<String>, Error> {
        let ids = [id(before)?, id(after)?];
        self.handles.with(|repository| {
            let [before, after] = Commits::new(repository).trees(ids)?;
            let changes = Comparison::new(&self.handles).whole(before, after)?;
            Ok(changes.into_iter().map(|change| change.path).collect())
        })
    }
}

fn id(commit: &Commit) -> Result<ObjectId, Error> {
    commit.id.parse().map_err(|_| Error::UnknownRevision { revision: commit.id.clone() })
}

/// The number that a reference to a pull request's head has: `refs/pull/5526/head` as GitHub names it,
/// `refs/merge-requests/7/head` as GitLab does, `refs/remotes/origin/pr/5526` as people fetch it.
#[must_use]
pub fn pull_number(reference: &str) -> Option<&str> {
    let mut names = reference.strip_prefix("refs/")?.split('/').peekable();
    let remote = names.next_if_eq(&"remotes").is_some();
    if remote {
        names.next()?;
    }
    let kind = names.next()?;
    let number = names.next().filter(|number| is_number(number))?;
    let known = match kind {
        "pull" | "merge-requests" => matches!((names.next(), remote), (Some("head"), _) | (None, true)),
        "pr" => remote && matches!(names.next(), Some("head") | None),
        _ => false,
    };
    (known && names.next().is_none()).then_some(number)
}

fn is_number(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The heads by number, each once, and what is wrong with references that cannot be read at all.
fn heads(repository: &gix::Repository) -> Result<(Vec<Head>, Vec<Error>), Error> {
    let (names, broken) = names(repository)?;
    let head = |Name { number, reference, id }: Name| {
        let id = tip(repository, id, &reference);
        Head { number, reference, id }
    };
    let mut found: Vec<Head> = names.into_iter().map(head).collect();
    // The sort keeps the order of the prefixes for equal numbers.
    found.sort_by(|left, right| by_number(&left.number, &right.number));
    found.dedup_by(|next, first| by_number(&next.number, &first.number).is_eq());
    Ok((found, broken))
}

/// A reference to a head, and the object that it names.
struct Name {
    number: String,
    reference: String,
    id: ObjectId,
}

/// The references to heads, and what is wrong with those that cannot be read at all.
fn names(repository: &gix::Repository) -> Result<(Vec<Name>, Vec<Error>), Error> {
    let cannot = |cause: &dyn std::fmt::Display| Error::other("read the references", cause);
    let platform = repository.references().map_err(|cause| cannot(&cause))?;
    let (mut found, mut broken): (Vec<Name>, Vec<Error>) = (Vec::new(), Vec::new());
    for prefix in ["refs/pull/", "refs/merge-requests/", "refs/remotes/"] {
        for reference in platform.prefixed(prefix).map_err(|cause| cannot(&cause))? {
            let reference = match reference {
                Ok(reference) => reference,
                Err(cause) => {
                    broken.push(cannot(&cause));
                    continue;
                }
            };
            let name = reference.name().as_bstr().to_str_lossy().into_owned();
            // One that stands for another reference is found there.
            let (Some(number), Some(id)) = (pull_number(&name).map(str::to_owned), reference.try_id()) else {
                continue;
            };
            found.push(Name { number, reference: name, id: id.detach() });
        }
    }
    Ok((found, broken))
}

fn by_number(left: &str, right: &str) -> std::cmp::Ordering {
    let bare = |text: &'_ str| text.trim_start_matches('0').len();
    (bare(left), left.trim_start_matches('0')).cmp(&(bare(right), right.trim_start_matches('0')))
}

/// A place in the history of the main branch; of two commits, the one with the greater place does not come before the
/// other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    /// With which commit of the main branch it came in, counted from the oldest.
    entered: usize,
    /// How many commits lie between it and the beginning at most.
    depth: usize,
}

/// The main branch at an instant.
struct Main {
    /// Its own commits, oldest first.
    line: Vec<ObjectId>,
    /// Every commit that it rests on.
    places: FxHashMap<ObjectId, Place>,
}

impl Main {
    fn read(commits: &mut Commits<'_>, main: ObjectId) -> Result<Self, Error> {
        commits.expect(main)?;
        let mut line = commits.line(main, |_| false);
        line.reverse();
        let mut places: FxHashMap<ObjectId, Place> = FxHashMap::default();
        for (entered, id) in line.iter().enumerate() {
            let leaf = |_, node: Option<&Node>| node.is_none().then_some(Place { entered, depth: 0 });
            commits.fold(*id, &mut places, leaf, |node, places| {
                let parents = node.parents.iter().filter_map(|parent| places.get(parent));
                Place { entered, depth: parents.map(|place| place.depth + 1).max().unwrap_or(0) }
            });
        }
        Ok(Self { line, places })
    }

    /// The last commit that the main branch held before its commit number `entered` and that `head` rests on.
    fn best_base(
        &self,
        commits: &mut Commits<'_>,
        head: ObjectId,
        entered: usize,
        bases: &mut FxHashMap<ObjectId, Base>,
    ) -> Result<ObjectId, Error> {
        let leaf = |id, node: Option<&Node>| match self.places.get(&id).filter(|place| place.entered < entered) {
            // What is known by its name alone is no state to compare with.
            Some(place) if node.is_some() => Some(Base { found: Some((*place, id)), missing: None }),
            _ => node.is_none().then_some(Base { found: None, missing: Some(id) }),
        };
        commits.fold(head, bases, leaf, |node, bases| {
            let parents = || node.parents.iter().filter_map(|parent| bases.get(parent));
            Base {
                found: parents().filter_map(|base| base.found).max(),
                missing: parents().find_map(|base| base.missing),
            }
        });
        match bases.get(&head) {
            Some(Base { found: Some((_, base)), .. }) => Ok(*base),
            Some(Base { missing: Some(missing), .. }) => {
                Err(commits.expect(*missing).err().unwrap_or_else(|| unrelated(head)))
            }
            _ if is_shallow(commits.repository) => {
                Err(Error::ShallowClone { unknown: format!("where commit {head} left the main branch") })
            }
            _ => Err(unrelated(head)),
        }
    }
}

fn unrelated(head: ObjectId) -> Error {
    Error::Unrelated { revision: head.to_string() }
}

/// What is known of where a branch left the main one.
#[derive(Clone, Copy)]
struct Base {
    found: Option<(Place, ObjectId)>,
    /// A commit that it rests on and that is not in this clone.
    missing: Option<ObjectId>,
}

/// A branch that the main one does not hold.
struct Branch {
    head: ObjectId,
    base: ObjectId,
    changes: Vec<Difference>,
    /// The paths of those that the main branch changed as well.
    changed_by_both: Vec<String>,
}

/// The main branch at an instant, and what is asked of branches beside it.
struct Branches<'r> {
    commits: Commits<'r>,
    comparison: Comparison<'r>,
    folders: Folders<'r>,
    main: Main,
    /// Commits that the main branch has made since.
    later: FxHashSet<ObjectId>,
    at: Timestamp,
    /// What branches that begin with a commit were at the instant.
    then: FxHashMap<ObjectId, Option<ObjectId>>,
    bases: FxHashMap<ObjectId, Base>,
}

impl<'r> Branches<'r> {
    fn read(
        repository: &'r gix::Repository,
        handles: &'r Handles,
        main: ObjectId,
        at: Timestamp,
    ) -> Result<Self, Error> {
        let mut commits = Commits::new(repository);
        let main = Main::read(&mut commits, main)?;
        let head = crate::repository::head(repository).ok().map(|head| head.id);
        let later = head.map(|head| commits.line(head, |id| main.places.contains_key(&id)));
        Ok(Self {
            commits,
            comparison: Comparison::new(handles),
            folders: Folders::new(handles),
            main,
            later: later.unwrap_or_default().into_iter().collect(),
            at,
            then: FxHashMap::default(),
            bases: FxHashMap::default(),
        })
    }

    fn named(&mut self, id: ObjectId) -> Commit {
        self.commits.named(id)
    }

    /// The branch of a head as it was at the instant; `None` when there was nothing that the main one did not hold.
    fn branch(&mut self, tip: ObjectId) -> Result<Option<Branch>, Error> {
        self.commits.expect(tip)?;
        let Some(head) = self.then(tip) else { return Ok(None) };
        let base = self.main.best_base(&mut self.commits, head, usize::MAX, &mut self.bases)?;
        let newest = self.main.line.last().copied().unwrap_or(base);
        let [before, after, main] = self.commits.trees([base, head, newest])?;
        let mut changes = self.comparison.whole(before, after)?;
        let (mut kept, mut changed_by_both) = (Vec::with_capacity(changes.len()), Vec::new());
        for change in changes.drain(..) {
            let now = self.folders.content(main, &change.path)?;
            if now == change.after {
                continue;
            }
            if now != change.before {
                changed_by_both.push(change.path.clone());
            }
            kept.push(change);
        }
        Ok(Some(Branch { head, base, changes: kept, changed_by_both }))
    }

    /// The newest commit of a branch at the instant that is not the main branch's.
    fn then(&mut self, tip: ObjectId) -> Option<ObjectId> {
        let Self { commits, main, later, at, then, .. } = self;
        let leaf = |id, node: Option<&Node>| {
            let Some(node) = node.filter(|_| !main.places.contains_key(&id) && !later.contains(&id)) else {
                return Some(None);
            };
            (node.at <= *at).then_some(Some(id))
        };
        let first = |node: &Node, then: &FxHashMap<ObjectId, Option<ObjectId>>| {
            node.parents.iter().find_map(|parent| then.get(parent).copied().flatten())
        };
        commits.fold(tip, then, leaf, first);
        then.get(&tip).copied().flatten()
    }

    /// Drops the changes whose outcome the main branch had at some moment since the branch left it: it was squashed
    /// or rebased, and may have been changed again.
    fn forget_what_main_had<'b>(&mut self, branches: impl Iterator<Item = &'b mut Branch>) -> Result<(), Error> {
        let mut open: Vec<(usize, &mut Branch)> = branches
            .filter_map(|branch| Some((self.main.places.get(&branch.base)?.entered, branch)))
            .filter(|(_, branch)| !branch.changes.is_empty())
            .collect();
        let Some(oldest) = open.iter().map(|(entered, _)| *entered).min() else { return Ok(()) };
        let wanted = Wanted::of(open.iter().flat_map(|(_, branch)| &branch.changes).map(|change| &*change.path));
        let mut had: FxHashMap<String, Vec<(usize, Option<Found>)>> = FxHashMap::default();
        for number in oldest + 1..self.main.line.len() {
            let [before, after] = self.commits.trees([self.main.line[number - 1], self.main.line[number]])?;
            self.folders.changes_among(before, after, &wanted, &mut |path, content| {
                had.entry(path.to_owned()).or_default().push((number, content));
            })?;
        }
        for (entered, branch) in &mut open {
            branch.changes.retain(|change| {
                let since = had.get(&change.path).into_iter().flatten().filter(|(number, _)| number > entered);
                !since.into_iter().any(|(_, content)| *content == change.after)
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::pull_number;

    #[test]
    fn references_of_heads() {
        let cases = [
            ("refs/pull/5526/head", Some("5526")),
            ("refs/merge-requests/7/head", Some("7")),
            ("refs/remotes/origin/pr/5526", Some("5526")),
            ("refs/remotes/up/pull/5526/head", Some("5526")),
            ("refs/remotes/up/merge-requests/7", Some("7")),
            ("refs/pull/5526/merge", None),
            ("refs/pull/5526", None),
            ("refs/pull/5526/head/x", None),
            ("refs/pull/x/head", None),
            ("refs/pull//head", None),
            ("refs/remotes/pr/5526", None),
            ("refs/remotes/origin/main", None),
            ("refs/heads/pr/5526", None),
            ("refs/remotes", None),
        ];
        for (reference, number) in cases {
            assert_eq!(pull_number(reference), number, "{reference}");
        }
    }
}
