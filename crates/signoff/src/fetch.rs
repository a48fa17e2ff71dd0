//! Fetches of a project what its profile looks for: of one commit, the lists of its folders and the files that are named.
//!
//! A [`Remote`] keeps what came in a bare repository of the cache. Git takes in whole packs or nothing, and files come in
//! batches: what was interrupted goes on with what is missing. Where what is kept cannot be read, all of it is got again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, anyhow, bail};
use signoff_evidence::files;
use signoff_history::{GitTree, Repository as GitRepository, When};
use signoff_model::Release;
use signoff_model::profile::EvidenceRules;
use signoff_model::spelling::nearest;
use signoff_model::tree::{ReadError, Tree};
use signoff_output::visible;

mod git;

use git::Git;

use crate::{cache, write};

/// Files that are asked for at once.
const BATCH: usize = 2000;
/// Most names that an error lists.
const NAMES_MAX: usize = 8;
/// The file that says that a repository of the cache was set up to its end.
const READY: &str = "signoff-ready";

/// A repository somewhere else, and what of it is kept here.
pub struct Remote {
    git: Git,
    url: String,
    /// Held as long as this is: two programs would be in each other's way.
    _lock: File,
}

/// Something of a remote repository that has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// A tag.
    Tag(String),
    /// A branch; it moves.
    Branch(String),
}

impl Name {
    /// As people say it.
    pub fn shown(&self) -> &str {
        match self {
            Self::Tag(name) | Self::Branch(name) => name,
        }
    }

    fn reference(&self) -> String {
        match self {
            Self::Tag(name) => format!("refs/tags/{name}"),
            Self::Branch(name) => format!("refs/heads/{name}"),
        }
    }
}

impl Remote {
    /// Opens what is kept of a repository, or begins to keep it.
    ///
    /// # Errors
    /// When the address is none that may be asked, or the cache cannot be written.
    pub fn open(project: &str, written: &str) -> anyhow::Result<Self> {
        let url = address(written)?;
        let folder = cache::folder("evidence")
            .context("this system tells no folder for caches\nname one with SIGNOFF_CACHE_DIR")?;
        let cannot = || format!("cannot write in {}\nname another folder with SIGNOFF_CACHE_DIR", folder.display());
        fs::create_dir_all(&folder).with_context(cannot)?;
        let plain: String = project.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
        let name = format!("{plain}-{}", &blake3::hash(url.as_bytes()).to_hex()[..16]);
        let lock = File::create(folder.join(format!("{name}.lock"))).with_context(cannot)?;
        lock.lock().with_context(cannot)?;
        let remote = Self { git: Git { folder: folder.join(format!("{name}.git")) }, url, _lock: lock };
        remote.set_up()?;
        Ok(remote)
    }

    /// Makes the repository of the cache, unless it is there. What an interrupted run left half written is removed.
    fn set_up(&self) -> anyhow::Result<()> {
        let folder = &self.git.folder;
        if fs::read(folder.join(READY)).is_ok_and(|said| said == self.url.as_bytes()) {
            remove_locks(folder, 0);
            return Ok(());
        }
        self.forget()?;
        self.git.run(&["init", "--quiet", "--bare", "--template="])?;
        self.git.run(&["config", "remote.origin.url", &self.url])?;
        write::whole(&folder.join(READY), self.url.as_bytes())
    }

    fn forget(&self) -> anyhow::Result<()> {
        let folder = &self.git.folder;
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot remove {}", folder.display()))
            }
            _ => Ok(()),
        }
    }

    /// The first of several names that the repository has. What is kept already is not asked for.
    ///
    /// # Errors
    /// When it cannot be asked, or has none of them; then with those that are near.
    pub fn find(&self, names: &[Name], again: bool) -> anyhow::Result<Name> {
        let kept = |name: &&Name| matches!(name, Name::Tag(_)) && !again && self.has(name);
        if let Some(name) = names.iter().find(kept) {
            return Ok(name.clone());
        }
        let listed = self.listed()?;
        let there = names.iter().find(|name| listed.contains(&name.reference()));
        there.cloned().ok_or_else(|| self.unknown(names, &listed))
    }

    fn has(&self, name: &Name) -> bool {
        let commit = format!("{}^{{commit}}", name.reference());
        self.git.run(&["rev-parse", "--quiet", "--verify", &commit]).is_ok()
    }

    /// The tags and branches of the repository.
    fn listed(&self) -> anyhow::Result<BTreeSet<String>> {
        let listed = self.git.run(&["ls-remote", "--refs", "--tags", "--heads", "origin"]);
        let listed = listed.with_context(|| format!("{} cannot be asked", visible(&self.url)))?;
        let listed = String::from_utf8_lossy(&listed);
        Ok(listed.lines().filter_map(|line| Some(line.split_once('\t')?.1.to_owned())).collect())
    }

    fn unknown(&self, names: &[Name], listed: &BTreeSet<String>) -> anyhow::Error {
        let (word, prefix) = match names.first() {
            Some(Name::Branch(_)) => ("branch", "refs/heads/"),
            _ => ("tag", "refs/tags/"),
        };
        let wanted = names.first().map_or("", Name::shown);
        let known: Vec<&str> = listed.iter().filter_map(|name| name.strip_prefix(prefix)).collect();
        let near = near(wanted, &known);
        let near = match near.is_empty() {
            true => format!("it has no {word} at all"),
            false => format!("there are {}", near.join(", ")),
        };
        let url = visible(&self.url);
        anyhow!("{url} has no {word} `{}`\n{}", visible(wanted), visible(&near))
    }

    /// Fetches what the profile looks for at a name, and gives the files of its commit. What is there stays.
    ///
    /// # Errors
    /// When git fails; what has arrived until then is kept.
    pub fn fetch(
        &self,
        name: &Name,
        again: bool,
        rules: &EvidenceRules,
        tell: &dyn Fn(&str),
    ) -> anyhow::Result<GitTree> {
        let is_moving = again || matches!(name, Name::Branch(_));
        for is_last in [false, true] {
            let is_wanted = is_moving || is_last || !self.has(name);
            let fetched = if is_wanted { self.fetch_commit(name, tell) } else { Ok(()) };
            match fetched.and_then(|()| self.fetch_files(name, rules, tell)) {
                Ok(Some(tree)) => return Ok(tree),
                // What git believes to have cannot be read.
                Ok(None) => {}
                Err(_) if !is_last && self.is_damaged() => {}
                Err(error) => return Err(error),
            }
            self.forget()?;
            self.set_up()?;
        }
        bail!("{} was fetched twice and cannot be read\nis the disk full, or broken?", visible(name.shown()))
    }

    /// Whether packs of git are not what their indices say: then git takes in no more.
    fn is_damaged(&self) -> bool {
        let Ok(entries) = fs::read_dir(self.git.folder.join("objects/pack")) else { return false };
        let indices = entries.filter_map(|entry| text_of(entry.ok()?.path())).filter(|path| path.ends_with(".idx"));
        let indices: Vec<String> = indices.collect();
        let verify: Vec<&str> = ["verify-pack"].into_iter().chain(indices.iter().map(String::as_str)).collect();
        !indices.is_empty() && self.git.run(&verify).is_err()
    }

    /// The commit and the lists of its folders, without any file.
    fn fetch_commit(&self, name: &Name, tell: &dyn Fn(&str)) -> anyhow::Result<()> {
        let reference = name.reference();
        let both = format!("+{reference}:{reference}");
        let arguments = [
            "fetch",
            "--progress",
            "--depth",
            "1",
            "--filter=blob:none",
            "--no-tags",
            "--no-write-fetch-head",
            "origin",
            &both,
        ];
        self.git.watched(&arguments, b"", tell).with_context(|| self.stopped(name))?;
        Ok(())
    }

    /// The files that are missing of those that the profile looks for; `None` when what is kept is damaged.
    fn fetch_files(&self, name: &Name, rules: &EvidenceRules, tell: &dyn Fn(&str)) -> anyhow::Result<Option<GitTree>> {
        let Some(tree) = self.tree(name) else { return Ok(None) };
        let named = files(rules, &tree);
        if tree.list("").is_err() || named.problems.iter().any(|problem| tree.list(&problem.path).is_err()) {
            return Ok(None);
        }
        let lacking = missing(&tree, &named.files);
        if lacking.is_empty() {
            return Ok(Some(tree));
        }
        let Some(ids) = self.ids(name, &lacking) else { return Ok(None) };
        let count = ids.len();
        for (batch, part) in ids.chunks(BATCH).enumerate() {
            let done = batch * BATCH;
            tell(&format!("{done} of {count} files"));
            let input: String = part.iter().map(|id| format!("{id}\n")).collect();
            let arguments = [
                "-c",
                "fetch.negotiationAlgorithm=noop",
                "fetch",
                "--progress",
                "--filter=blob:none",
                "--no-tags",
                "--no-write-fetch-head",
                "--stdin",
                "origin",
            ];
            self.git.watched(&arguments, input.as_bytes(), tell).with_context(|| self.stopped(name))?;
        }
        let tree = self.tree(name);
        Ok(tree.filter(|tree| missing(tree, &lacking).is_empty()))
    }

    fn stopped(&self, name: &Name) -> String {
        let (name, url) = (visible(name.shown()), visible(&self.url));
        format!("fetching {name} from {url} stopped\nrun the command again: it goes on with what is missing")
    }

    fn tree(&self, name: &Name) -> Option<GitTree> {
        let repository = GitRepository::open(&self.git.folder).ok()?;
        let commit = repository.commit_at(&When::Revision(name.reference())).ok()?;
        repository.tree(&commit).ok()
    }

    /// The ids by which git knows files.
    fn ids(&self, name: &Name, wanted: &[Arc<str>]) -> Option<Vec<String>> {
        let listed = self.git.run(&["ls-tree", "-r", "-z", "--full-tree", &name.reference()]).ok()?;
        let entry = |entry: &[u8]| {
            let entry = String::from_utf8_lossy(entry).into_owned();
            let (head, path) = entry.split_once('\t')?;
            Some((path.to_owned(), head.split(' ').nth(2)?.to_owned()))
        };
        let ids: BTreeMap<String, String> = listed.split(|byte| *byte == 0).filter_map(entry).collect();
        let found: BTreeSet<String> = wanted.iter().filter_map(|path| ids.get(&**path).cloned()).collect();
        Some(found.into_iter().collect())
    }
}

/// The files that are named and not there.
fn missing(tree: &GitTree, files: &[Arc<str>]) -> Vec<Arc<str>> {
    let is_missing = |path: &&Arc<str>| matches!(tree.read(path), Err(ReadError::Missing | ReadError::Refused(_)));
    files.iter().filter(is_missing).cloned().collect()
}

/// An address, or a folder with a repository on this machine, as git takes it.
fn address(written: &str) -> anyhow::Result<String> {
    let shown = visible(written);
    if written.starts_with('-') || written.contains(|character: char| character.is_control()) {
        bail!("`{shown}` is no address of a git repository\nname one with https, or a folder");
    }
    match written.split_once("://") {
        Some(("https" | "ssh", rest)) => {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            let user = host.rsplit_once('@').map(|(user, _)| user);
            if host.is_empty() || host.starts_with('-') {
                bail!("`{shown}` is no address of a git repository\nname one such as https://example.org/project");
            }
            // It would stand in the configuration of the cache, and in messages.
            if user.is_some_and(|user| user.contains(':') || written.starts_with("https")) {
                bail!("an address with a user or a password is not taken\ngive them to git's own credential helper");
            }
            Ok(written.to_owned())
        }
        Some(("file", rest)) if rest.starts_with('/') => Ok(written.to_owned()),
        Some(_) => {
            bail!("`{shown}` is not secure, or is no address of a git repository\nname one with https, or a folder")
        }
        None => match Path::new(written).canonicalize().ok().and_then(text_of) {
            Some(folder) => Ok(folder),
            None => bail!("there is no folder `{shown}`\nname the address of a git repository, or a folder with one"),
        },
    }
}

fn text_of(path: PathBuf) -> Option<String> {
    path.into_os_string().into_string().ok()
}

/// Removes locks that an interrupted run of git left: nobody else writes here.
fn remove_locks(folder: &Path, depth: usize) {
    /// Names of tags and branches are as deep as this.
    const DEPTH_MAX: usize = 6;
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.filter_map(Result::ok) {
        let (path, name) = (entry.path(), entry.file_name());
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && depth < DEPTH_MAX && name != "objects" {
            remove_locks(&path, depth + 1);
        } else if !is_folder && path.extension().is_some_and(|ending| ending == "lock") {
            // One that stays is what git will complain of.
            let _ = fs::remove_file(path);
        }
    }
}

/// Names that may be meant: those of the same release, else the nearest, else the newest.
fn near(wanted: &str, known: &[&str]) -> Vec<String> {
    let release = |name: &str| {
        signoff_evidence::named(name)
            .and_then(|named| Release::parse(named.version.split('-').next().unwrap_or_default()))
    };
    let asked = release(wanted);
    let is_near = |name: &&&str| release(name).zip(asked).is_some_and(|(one, other)| one.minors_after(other) == 0);
    let mut found: Vec<&str> = known.iter().filter(is_near).copied().collect();
    if found.is_empty() {
        found.extend(nearest(wanted, known.iter().copied()).and_then(|near| known.iter().find(|name| **name == near)));
    }
    if found.is_empty() {
        found = known.to_vec();
    }
    found.sort_by_key(|name| (release(name), !name.contains('-')));
    let names = found.iter().rev().take(NAMES_MAX);
    names.map(|name| (*name).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let cases = [
            ("https://example.org/project", true),
            ("ssh://git@example.org/project", true),
            ("file:///srv/project", true),
            (".", true),
            ("http://example.org/project", false),
            ("https://user@example.org/project", false),
            ("https://user:word@example.org/project", false),
            ("ssh://git:word@example.org/project", false),
            ("ssh://-oProxyCommand=x/project", false),
            ("ext::sh -c x", false),
            ("--upload-pack=x", false),
            ("file://host/project", false),
            ("https://", false),
            ("no-such-folder", false),
            ("", false),
        ];
        for (written, expected) in cases {
            assert_eq!(address(written).is_ok(), expected, "{written}");
        }
    }

    #[test]
    fn near_names() {
        let known = ["v1.36.0", "v1.36.1", "v1.36.1-rc.0", "v1.9.0", "v1.10.0", "start"];
        let cases = [
            ("v1.36.9", &["v1.36.1", "v1.36.1-rc.0", "v1.36.0"][..]),
            ("v1.36", &["v1.36.1", "v1.36.1-rc.0", "v1.36.0"]),
            ("stat", &["start"]),
            ("v7.77.7", &["v1.36.1", "v1.36.1-rc.0", "v1.36.0", "v1.10.0", "v1.9.0", "start"]),
        ];
        for (wanted, expected) in cases {
            assert_eq!(near(wanted, &known), expected, "{wanted}");
        }
        assert!(near("v1", &[]).is_empty());
    }
}
