//! Where files come from: a work tree, a git tree at a commit, the embedded sample, an overlay of
//! unsaved buffers are all [`Tree`]s, and everything that reads files takes one.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a name in a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, whatever it points to.
    Link,
    /// A device, a socket, a pipe.
    Other,
}

/// A name in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The name alone, without the folder.
    pub name: String,
    /// What it is.
    pub kind: Kind,
}

/// The id of a file's content, or of all that a folder holds, by which a tree knows it: what has the same id is the
/// same. Of a link in a folder it tells the target's path, not what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentId([u8; 20]);

impl ContentId {
    /// The id of these bytes: those of a hash of the content.
    #[must_use]
    pub fn new(bytes: [u8; 20]) -> Self {
        Self(bytes)
    }

    /// The bytes of the id.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 20] {
        &self.0
    }
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Nothing is there.
    Missing,
    /// It is a folder, a device, a socket.
    NotAFile,
    /// A link leads out of the tree, in circles, or nowhere; the text is its target.
    BadLink(String),
    /// Larger than the limit; its size in bytes.
    TooLarge(u64),
    /// The system refused; its words.
    Refused(String),
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing => write!(formatter, "there is no such file"),
            Self::NotAFile => write!(formatter, "it is not a regular file"),
            Self::BadLink(target) => write!(formatter, "it is a symbolic link to `{target}`, which is not followed"),
            Self::TooLarge(size) => write!(formatter, "it has {size} bytes; the limit is {}", crate::source::SIZE_MAX),
            Self::Refused(words) => write!(formatter, "{words}"),
        }
    }
}

/// A tree of files. Paths are relative to its root, with `/`; the root itself is the empty path.
///
/// A tree never leads out of itself: a path with `..`, or a link that points outside, is an error.
pub trait Tree: Sync {
    /// The entries of a folder, sorted by name; empty when there is no such folder.
    ///
    /// # Errors
    /// When there is one, and it cannot be listed.
    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError>;

    /// The bytes of a file.
    ///
    /// # Errors
    /// When there is no such file, it is no regular file, or it is too large.
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError>;

    /// What stands at `path`, if anything. Links are not followed.
    fn kind(&self, path: &str) -> Option<Kind> {
        if path.is_empty() {
            return Some(Kind::Folder);
        }
        let (folder, name) = split(path);
        self.list(folder).ok()?.into_iter().find(|entry| entry.name == name).map(|entry| entry.kind)
    }

    /// The id of the content of the file or folder at `path`, links followed; `None` when nothing is there, or this
    /// tree keeps no ids.
    fn content_id(&self, _path: &str) -> Option<ContentId> {
        None
    }

    /// The names of all files and folders as one value: as long as it is the same, so are they. `None` when this tree
    /// does not know without listing them.
    fn shape(&self) -> Option<Shape> {
        None
    }
}

/// What the files and folders of a tree are called, whatever is in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape(u64);

impl Shape {
    /// One that no tree had before.
    #[must_use]
    pub fn fresh() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// Gives each name of a folder a text of its own: where what is not Unicode was replaced, names may be the same by now,
/// and a number is put behind the first replacement of all but one. The names come in the order of their bytes, those
/// that are Unicode first, so that a name has the same text wherever the folder lies.
pub fn tell_apart<'t>(texts: impl Iterator<Item = &'t mut String>) {
    let replaced = char::REPLACEMENT_CHARACTER;
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut taken: HashSet<String> = HashSet::new();
    for text in texts.filter(|text| text.contains(replaced)) {
        let plain = text.clone();
        let count = counts.entry(plain.clone()).or_insert(1);
        while !taken.insert(text.clone()) {
            *count += 1;
            *text = plain.replacen(replaced, &format!("{replaced}{count}"), 1);
        }
    }
}

/// Splits a path into its folder and its name.
#[must_use]
pub fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// Joins a folder and a name.
#[must_use]
pub fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { [folder, "/", name].concat() }
}

/// Whether `path` is `folder` or lies in it; everything lies in the root.
#[must_use]
pub fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Resolves `target`, as written in the file at `from`, to a path of the tree.
///
/// A leading `/` means the tree's root. `None` when it leads out of the tree.
#[must_use]
pub fn resolve(from: &str, target: &str) -> Option<String> {
    let (folder, _) = split(from);
    let base = if target.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(target.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// A tree in memory: tests, the embedded sample, unsaved buffers.
#[derive(Clone, Debug, Default)]
pub struct MemoryTree {
    files: BTreeMap<String, Arc<[u8]>>,
    links: BTreeMap<String, String>,
}

impl MemoryTree {
    /// A tree of the given files.
    #[must_use]
    pub fn new<P: Into<String>, B: AsRef<[u8]>>(files: impl IntoIterator<Item = (P, B)>) -> Self {
        let files = files.into_iter().map(|(path, bytes)| (path.into(), bytes.as_ref().into())).collect();
        Self { files, links: BTreeMap::new() }
    }

    /// Adds or replaces a file.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl AsRef<[u8]>) {
        self.files.insert(path.into(), bytes.as_ref().into());
    }

    /// Adds a symbolic link, which this tree never follows.
    pub fn link(&mut self, path: impl Into<String>, target: impl Into<String>) {
        self.links.insert(path.into(), target.into());
    }

    /// Removes a file or link.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(path);
        self.links.remove(path);
    }

    /// Every file, in order of path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_ref()))
    }
}

impl Tree for MemoryTree {
    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut names: BTreeMap<&str, Kind> = BTreeMap::new();
        for (path, kind) in below(&self.files, &prefix, Kind::File).chain(below(&self.links, &prefix, Kind::Link)) {
            match path.split_once('/') {
                Some((name, _)) => names.insert(name, Kind::Folder),
                None => names.insert(path, kind),
            };
        }
        Ok(names.into_iter().map(|(name, kind)| Entry { name: name.to_owned(), kind }).collect())
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        if let Some(target) = self.links.get(path) {
            return Err(ReadError::BadLink(target.clone()));
        }
        match self.files.get(path) {
            Some(bytes) if bytes.len() > crate::source::SIZE_MAX => Err(ReadError::TooLarge(bytes.len() as u64)),
            Some(bytes) => Ok(bytes.to_vec()),
            None if self.kind(path) == Some(Kind::Folder) => Err(ReadError::NotAFile),
            None => Err(ReadError::Missing),
        }
    }
}

fn below<'a, V>(map: &'a BTreeMap<String, V>, prefix: &str, kind: Kind) -> impl Iterator<Item = (&'a str, Kind)> {
    let prefix = prefix.to_owned();
    map.range(prefix.clone()..)
        .map_while(move |(path, _)| path.strip_prefix(prefix.as_str()))
        .map(move |rest| (rest, kind))
}

/// A tree with some files replaced: the unsaved buffers of an editor, standard input.
pub struct Overlay<'a> {
    /// The tree below.
    pub base: &'a dyn Tree,
    /// The files that stand in front of it.
    pub front: MemoryTree,
}

impl Tree for Overlay<'_> {
    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        let listed = self.base.list(folder)?.into_iter().chain(self.front.list(folder)?);
        let entries: BTreeMap<String, Kind> = listed.map(|entry| (entry.name, entry.kind)).collect();
        Ok(entries.into_iter().map(|(name, kind)| Entry { name, kind }).collect())
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match self.front.read(path) {
            Err(ReadError::Missing | ReadError::NotAFile) => self.base.read(path),
            found => found,
        }
    }
}

/// A folder of a tree as a tree of its own.
pub struct Below {
    /// The whole tree.
    pub tree: Box<dyn Tree + Send>,
    /// The folder, without a slash at its end.
    pub folder: String,
}

impl Tree for Below {
    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        self.tree.list(join(&self.folder, folder).trim_end_matches('/'))
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.tree.read(&join(&self.folder, path))
    }

    fn kind(&self, path: &str) -> Option<Kind> {
        self.tree.kind(join(&self.folder, path).trim_end_matches('/'))
    }

    fn content_id(&self, path: &str) -> Option<ContentId> {
        self.tree.content_id(join(&self.folder, path).trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_a_tree_of_its_own() {
        let whole = MemoryTree::new([("a/b/c.md", "text"), ("d.md", "other")]);
        let below = Below { tree: Box::new(whole), folder: "a".to_owned() };
        assert_eq!(below.list("").expect("the folder").len(), 1);
        assert_eq!(below.read("b/c.md"), Ok(b"text".to_vec()));
        assert_eq!(below.kind("b"), Some(Kind::Folder));
        assert_eq!(below.read("d.md"), Err(ReadError::Missing));
    }

    #[test]
    fn paths_never_lead_out() {
        let cases = [
            ("keps/a/README.md", "img/x.png", Some("keps/a/img/x.png")),
            ("keps/a/README.md", "../b/README.md", Some("keps/b/README.md")),
            ("keps/a/README.md", "/keps/b", Some("keps/b")),
            ("keps/a/README.md", "../../../etc/passwd", None),
            ("README.md", "./x//y/", Some("x/y")),
        ];
        for (from, target, expected) in cases {
            assert_eq!(resolve(from, target).as_deref(), expected, "{target} from {from}");
        }
    }

    #[test]
    fn every_name_has_a_text_of_its_own() {
        let mut texts = ["a�", "b", "a�", "a�2", "a�", "b", "�a�"].map(str::to_owned);
        tell_apart(texts.iter_mut());
        assert_eq!(texts, ["a�", "b", "a�2", "a�22", "a�3", "b", "�a�"]);
    }

    #[test]
    fn a_memory_tree_lists_folders_once() {
        let tree = MemoryTree::new([("a/b/c", "1"), ("a/b/d", "2"), ("a/e", "3"), ("ab", "4")]);
        let names: Vec<_> = tree.list("a").expect("listed").into_iter().map(|entry| (entry.name, entry.kind)).collect();
        assert_eq!(names, [("b".to_owned(), Kind::Folder), ("e".to_owned(), Kind::File)]);
        assert_eq!(tree.kind("a/b"), Some(Kind::Folder));
        assert_eq!(tree.read("a/b"), Err(ReadError::NotAFile));
        assert_eq!(tree.read("a/x"), Err(ReadError::Missing));
    }

    #[test]
    fn an_overlay_stands_in_front() {
        let base = MemoryTree::new([("a", "old"), ("b", "kept")]);
        let overlay = Overlay { base: &base, front: MemoryTree::new([("a", "new"), ("c", "added")]) };
        assert_eq!(overlay.read("a").as_deref(), Ok(b"new".as_slice()));
        assert_eq!(overlay.read("b").as_deref(), Ok(b"kept".as_slice()));
        assert_eq!(overlay.list("").expect("listed").len(), 3);
    }
}
