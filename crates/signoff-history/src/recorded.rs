//! A history that is embedded in the program: a small project's proposals over some months.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use gix::ObjectId;
use gix::bstr::BString;
use gix::objs::tree::{Entry, EntryKind};
use gix::objs::{self, WriteTo};
use jiff::Timestamp;
use serde::Deserialize;
use signoff_model::tree::{self, ContentId, Kind, ReadError};
use signoff_model::{MemoryTree, Tree};

use crate::git_tree;
use crate::{Ancestor, Commit, Commits, Comparison, Difference, Error, Found, History, Parent, Pull, Pulls, When};

/// The recorded commits: one folder each, named by its place in the order.
#[derive(rust_embed::RustEmbed)]
#[folder = "sample/history"]
struct Sample;

/// A recorded history. Its commits have the ids that git would give them, so that what is said
/// about one of them holds for a clone as well.
pub struct Recorded {
    /// Oldest first.
    commits: Vec<Arc<RecordedCommit>>,
}

struct RecordedCommit {
    id: ObjectId,
    at: Timestamp,
    author: Arc<str>,
    /// The first line of its message.
    title: Arc<str>,
    tags: Vec<String>,
    tree: MemoryTree,
    /// The ids of the files' contents, by path.
    contents: BTreeMap<String, ObjectId>,
    /// The ids of the folders, by path.
    folders: BTreeMap<String, ObjectId>,
}

/// The files of a recorded commit.
struct RecordedTree(Arc<RecordedCommit>);

impl Tree for RecordedTree {
    fn list(&self, folder: &str) -> Result<Vec<tree::Entry>, ReadError> {
        self.0.tree.list(folder)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.0.tree.read(path)
    }

    fn content_id(&self, path: &str) -> Option<ContentId> {
        self.0.contents.get(path).or_else(|| self.0.folders.get(path)).copied().and_then(git_tree::content_id)
    }
}

/// `commit.toml`: what a commit says about itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    author: String,
    email: String,
    date: Timestamp,
    message: String,
    /// Paths that the commit removes.
    deleted: Vec<String>,
    /// Tags that name the commit.
    #[serde(default)]
    tags: Vec<String>,
}

/// The branch of a recorded history.
const BRANCH: &str = "main";

impl Recorded {
    /// The sample: twenty-four commits of the Tidewater project.
    #[must_use]
    pub fn sample() -> &'static Self {
        static SAMPLE: OnceLock<Recorded> = OnceLock::new();
        SAMPLE.get_or_init(|| {
            let files = Sample::iter().filter_map(|path| Some((path.clone(), Sample::get(&path)?.data)));
            Self::replay(files).expect("the embedded sample is whole; a test reads all of it")
        })
    }

    /// Replays recorded files: `COMMIT/commit.toml` and `COMMIT/files/PATH`.
    fn replay<P: AsRef<str>, B: AsRef<[u8]>>(files: impl IntoIterator<Item = (P, B)>) -> Result<Self, String> {
        let mut folders: BTreeMap<String, BTreeMap<String, B>> = BTreeMap::new();
        for (path, bytes) in files {
            let (commit, rest) = path.as_ref().split_once('/').ok_or("a file beside the commits")?;
            folders.entry(commit.to_owned()).or_default().insert(rest.to_owned(), bytes);
        }
        let mut commits: Vec<Arc<RecordedCommit>> = Vec::new();
        for (name, files) in folders {
            let next = next_commit(commits.last().map(|commit| &**commit), &files)
                .map_err(|cause| format!("{name}: {cause}"))?;
            commits.push(Arc::new(next));
        }
        Ok(Self { commits })
    }

    /// Every state, oldest first.
    pub fn commits(&self) -> impl Iterator<Item = Commit> {
        self.commits.iter().map(|commit| commit.named())
    }

    /// The commit that a name stands for: HEAD, the branch, a tag or an id, and parents counted back from it.
    fn revision(&self, text: &str) -> Option<&Arc<RecordedCommit>> {
        let (name, back) = text.split_at(text.find(['~', '^']).unwrap_or(text.len()));
        let at = self.place(name)?.checked_sub(parents_back(back)?)?;
        self.commits.get(at)
    }

    /// The place of a named commit in the order.
    fn place(&self, name: &str) -> Option<usize> {
        let short = |kind: &str| name.strip_prefix("refs/").unwrap_or(name).strip_prefix(kind).unwrap_or(name);
        if matches!(name, "HEAD" | "@") || short("heads/") == BRANCH {
            return self.commits.len().checked_sub(1);
        }
        let tagged = |commit: &Arc<RecordedCommit>| commit.tags.iter().any(|tag| tag == short("tags/"));
        if let Some(at) = self.commits.iter().position(tagged) {
            return Some(at);
        }
        let is_id = name.len() >= 4 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        let name = name.to_ascii_lowercase();
        let mut found =
            (0..self.commits.len()).filter(|at| is_id && self.commits[*at].id.to_string().starts_with(&name));
        found.next().filter(|_| found.next().is_none())
    }

    fn known(&self, commit: &Commit) -> Result<&Arc<RecordedCommit>, Error> {
        let id = commit.id.parse().ok();
        let found = self.commits.iter().find(|known| Some(known.id) == id);
        found.ok_or_else(|| Error::UnknownRevision { revision: commit.id.clone() })
    }
}

impl History for Recorded {
    fn commit_at(&self, when: &When) -> Result<Commit, Error> {
        let Some(first) = self.commits.first() else { return Err(Error::NoCommits) };
        if let When::Revision(text) = when {
            let found = self.revision(text).map(|commit| commit.named());
            return found.ok_or_else(|| Error::UnknownRevision { revision: text.clone() });
        }
        let instant = when.instant().unwrap_or(Timestamp::MAX);
        let found = self.commits.iter().rev().find(|commit| commit.at <= instant).map(|commit| commit.named());
        found.ok_or(Error::BeforeHistory { instant, first: first.at })
    }

    fn tree(&self, commit: &Commit) -> Result<Box<dyn Tree + Send>, Error> {
        Ok(Box::new(RecordedTree(Arc::clone(self.known(commit)?))))
    }

    fn changed(&self, revision: &str, commit: &Commit) -> Result<Vec<String>, Error> {
        let named = self.revision(revision);
        let named = named.ok_or_else(|| Error::UnknownRevision { revision: revision.to_owned() })?;
        let commit = self.known(commit)?;
        // The history is one line, so that where two commits parted is the earlier one.
        let base = if named.at < commit.at { named } else { commit };
        Ok(base.differing(commit))
    }

    /// What is recorded is the main branch alone.
    fn pulls(&self, _: &Commit, _: Timestamp) -> Result<Pulls, Error> {
        Ok(Pulls::default())
    }

    fn pull_heads(&self) -> Result<String, Error> {
        Ok(String::new())
    }

    fn pull_head(&self, number: &str) -> Result<Commit, Error> {
        Err(Error::NoSuchPull { number: number.to_owned() })
    }

    fn merged_tree(&self, main: &Commit, _: &Pull) -> Result<Box<dyn Tree + Send>, Error> {
        self.tree(main)
    }

    /// The commit before `head`, which is one of the main branch.
    fn fork(&self, head: &Commit, _: &Commit) -> Result<Commit, Error> {
        let place = self.commits.iter().position(|known| known.named() == *head);
        let before = place.and_then(|place| self.commits.get(place.checked_sub(1)?));
        before.map(|before| before.named()).ok_or_else(|| Error::Unrelated { revision: head.id.clone() })
    }

    fn differing(&self, before: &Commit, after: &Commit) -> Result<Vec<String>, Error> {
        Ok(self.known(before)?.differing(self.known(after)?))
    }

    /// The history is one line, so that all commits are those of the main branch.
    fn behind(&self, newest: &Commit, _which: Commits, since: Option<&Commit>) -> Result<Vec<Ancestor>, Error> {
        let place = |commit: &Commit| {
            let known = self.known(commit)?;
            Ok(self.commits.iter().position(|other| other.id == known.id).unwrap_or_default())
        };
        let first = since.map_or(Ok(0), place)?;
        let line = self.commits.get(first..=place(newest)?).unwrap_or_default();
        let ancestor = |(at, commit): (usize, &Arc<RecordedCommit>)| {
            let parent = match at.checked_sub(1) {
                Some(before) => Parent::At(before),
                None if since.is_none() => Parent::None,
                None => Parent::Unknown,
            };
            let (author, title) = (Arc::clone(&commit.author), Arc::clone(&commit.title));
            Some(Ancestor {
                commit: commit.named(),
                files: commit.files()?,
                parent,
                is_merge: false,
                merged: Vec::new(),
                author,
                title,
            })
        };
        Ok(line.iter().enumerate().filter_map(ancestor).collect())
    }

    fn comparison(&self) -> Box<dyn Comparison + '_> {
        Box::new(RecordedComparison(self))
    }

    fn content(&self, id: ContentId) -> Result<Vec<u8>, ReadError> {
        let wanted = git_tree::object_id(id);
        let find = |commit: &Arc<RecordedCommit>| {
            let (path, _) = commit.contents.iter().find(|(_, id)| **id == wanted)?;
            commit.tree.read(path).ok()
        };
        self.commits.iter().rev().find_map(find).ok_or(ReadError::Missing)
    }
}

/// Compares recorded states.
struct RecordedComparison<'r>(&'r Recorded);

impl Comparison for RecordedComparison<'_> {
    fn between(
        &mut self,
        before: Option<ContentId>,
        after: ContentId,
        below: &[&str],
    ) -> Result<Vec<Difference>, Error> {
        let contents = |state: ContentId| {
            let found = self.0.commits.iter().find(|commit| commit.files() == Some(state));
            found.map(|commit| &commit.contents).ok_or_else(|| missing(state))
        };
        let nothing = BTreeMap::new();
        let (before, after) = (before.map_or(Ok(&nothing), contents)?, contents(after)?);
        let found = |id: Option<&ObjectId>| {
            let id = git_tree::content_id(*id?)?;
            Some(Found { kind: Kind::File, id })
        };
        let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let wanted = paths.into_iter().filter(|path| below.iter().any(|root| tree::is_below(path, root)));
        let differences = wanted.map(|path| Difference {
            path: path.clone(),
            before: found(before.get(path)),
            after: found(after.get(path)),
        });
        Ok(differences.filter(|difference| difference.before != difference.after).collect())
    }
}

fn missing(id: ContentId) -> Error {
    Error::MissingObject { id: git_tree::object_id(id).to_string() }
}

impl RecordedCommit {
    /// The files that are others in another commit, sorted.
    fn differing(&self, other: &Self) -> Vec<String> {
        let paths: BTreeSet<&String> = self.contents.keys().chain(other.contents.keys()).collect();
        let differs = |path: &&&String| self.contents.get(**path) != other.contents.get(**path);
        paths.iter().filter(differs).map(|path| (*path).clone()).collect()
    }

    /// The id of its list of files.
    fn files(&self) -> Option<ContentId> {
        self.folders.get("").copied().and_then(git_tree::content_id)
    }

    fn named(&self) -> Commit {
        Commit { id: self.id.to_string(), at: self.at }
    }
}

/// How many parents back `~3`, `^`, `~`, `^^~2` or nothing leads; no commit has a second parent.
fn parents_back(text: &str) -> Option<usize> {
    let mut parents = 0_usize;
    let mut rest = text;
    while let Some(sign) = rest.chars().next() {
        let digits = rest[1..].bytes().take_while(u8::is_ascii_digit).count();
        let count = if digits == 0 { 1 } else { rest[1..=digits].parse().ok()? };
        if sign == '^' && count > 1 {
            return None;
        }
        parents = parents.checked_add(count)?;
        rest = &rest[1 + digits..];
        if !rest.is_empty() && !rest.starts_with(['~', '^']) {
            return None;
        }
    }
    Some(parents)
}

fn next_commit<B: AsRef<[u8]>>(
    before: Option<&RecordedCommit>,
    files: &BTreeMap<String, B>,
) -> Result<RecordedCommit, String> {
    let text = files.get("commit.toml").ok_or("no commit.toml")?;
    let text = std::str::from_utf8(text.as_ref()).map_err(|cause| cause.to_string())?;
    let record: Record = toml::from_str(text).map_err(|cause| cause.to_string())?;
    let (mut tree, mut contents) =
        before.map(|commit| (commit.tree.clone(), commit.contents.clone())).unwrap_or_default();
    for path in &record.deleted {
        tree.remove(path);
        contents.remove(path);
    }
    for (path, bytes) in files {
        if let Some(path) = path.strip_prefix("files/") {
            let id = content_id(bytes.as_ref()).map_err(|cause| cause.to_string())?;
            tree.insert(path, bytes);
            contents.insert(path.to_owned(), id);
        }
    }
    let mut folders = BTreeMap::new();
    let id = commit_id(&record, &contents, &mut folders, before).map_err(|cause| cause.to_string())?;
    let author = format!("{} <{}>", record.author, record.email).into();
    let title = record.message.lines().next().unwrap_or_default().into();
    Ok(RecordedCommit { id, at: record.date, author, title, tags: record.tags, tree, contents, folders })
}

/// The id that git gives to the commit: the hash of what it would store.
fn commit_id(
    record: &Record,
    contents: &BTreeMap<String, ObjectId>,
    folders: &mut BTreeMap<String, ObjectId>,
    before: Option<&RecordedCommit>,
) -> Result<ObjectId, gix::Error> {
    let time = gix::date::Time { seconds: record.date.as_second(), offset: 0 };
    let author =
        gix::actor::Signature { name: record.author.as_str().into(), email: record.email.as_str().into(), time };
    let files: Vec<(&str, ObjectId)> = contents.iter().map(|(path, id)| (path.as_str(), *id)).collect();
    let commit = objs::Commit {
        tree: folder_id("", &files, folders)?,
        parents: before.map(|commit| commit.id).into_iter().collect(),
        committer: author.clone(),
        author,
        encoding: None,
        message: format!("{}\n", record.message.trim_end()).into(),
        extra_headers: Vec::new(),
    };
    hash(objs::Kind::Commit, &commit)
}

/// The id of a folder that holds these files, which are sorted by path, and of all folders in it.
fn folder_id(
    place: &str,
    files: &[(&str, ObjectId)],
    folders: &mut BTreeMap<String, ObjectId>,
) -> Result<ObjectId, gix::Error> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut rest = files;
    while let Some((path, id)) = rest.first() {
        let (filename, mode, oid, count) = match path.split_once('/') {
            None => (BString::from(*path), EntryKind::Blob, *id, 1),
            Some((folder, _)) => {
                let inner: Vec<(&str, ObjectId)> =
                    rest.iter().map_while(|(path, id)| Some((inside(folder, path)?, *id))).collect();
                let id = folder_id(&tree::join(place, folder), &inner, folders)?;
                (BString::from(folder), EntryKind::Tree, id, inner.len())
            }
        };
        entries.push(Entry { mode: mode.into(), filename, oid });
        rest = &rest[count..];
    }
    entries.sort();
    let id = hash(objs::Kind::Tree, &objs::Tree { entries })?;
    folders.insert(place.to_owned(), id);
    Ok(id)
}

fn inside<'a>(folder: &str, path: &'a str) -> Option<&'a str> {
    path.strip_prefix(folder)?.strip_prefix('/')
}

fn content_id(bytes: &[u8]) -> Result<ObjectId, gix::Error> {
    objs::compute_hash(gix::hash::Kind::Sha1, objs::Kind::Blob, bytes)
}

fn hash(kind: objs::Kind, object: &dyn WriteTo) -> Result<ObjectId, gix::Error> {
    let mut bytes = Vec::new();
    // A vector takes every byte; what can fail is an object that git would refuse.
    object.write_to(&mut bytes).map_err(gix::Error::from_error)?;
    objs::compute_hash(gix::hash::Kind::Sha1, kind, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_whole_is_named() {
        let record =
            "author = 'a'\nemail = 'a@example.org'\ndate = '2026-01-01T00:00:00Z'\nmessage = 'm'\ndeleted = []\n";
        let cases: [(&[(&str, &str)], &str); 4] = [
            (&[("README.md", "")], "a file beside the commits"),
            (&[("01-a/files/x", "")], "01-a: no commit.toml"),
            (&[("01-a/commit.toml", "author = 1")], "01-a: "),
            (&[("01-a/commit.toml", record)], ""),
        ];
        for (files, expected) in cases {
            let found = Recorded::replay(files.iter().copied()).err().unwrap_or_default();
            assert!(found.starts_with(expected) && found.is_empty() == expected.is_empty(), "{files:?}: {found}");
        }
    }

    #[test]
    fn a_history_without_commits_says_so() {
        let empty = Recorded::replay::<&str, &str>([]).expect("nothing to read");
        assert!(matches!(empty.commit_at(&When::parse("2026-01-01")), Err(Error::NoCommits)));
    }
}
