//! A folder on disk as a [`Tree`] that never leads out of itself.
//!
//! Paths of a tree are text. A name that is not Unicode is listed with U+FFFD in place of what cannot be
//! read, and found again under that text, so that no file is hidden by its name. Texts that would be the same are told
//! apart by a number.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use signoff_model::source::SIZE_MAX;
use signoff_model::tree::{self, Entry, Kind, ReadError, Tree};

/// A folder on disk.
pub struct DiskTree {
    root: PathBuf,
    /// Folders that are known to lie inside the root, links and all, by their paths in the tree.
    inside: RwLock<HashSet<Box<str>>>,
    /// The names that are not Unicode by their texts, of each folder that has any: a folder is listed once for all.
    odd: RwLock<HashMap<Box<str>, OddNames>>,
}

/// Names that are not Unicode, by the texts that stand for them.
type OddNames = HashMap<Box<str>, OsString>;

impl DiskTree {
    /// The tree at `root`.
    ///
    /// # Errors
    /// When the folder does not exist or cannot be resolved.
    pub fn new(root: &Path) -> io::Result<Self> {
        let root = fs::canonicalize(root)?;
        let inside = RwLock::new(HashSet::from(["".into()]));
        Ok(Self { root, inside, odd: RwLock::default() })
    }

    /// The folder, resolved.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where a path of the tree is on disk; `None` when it would lead out.
    pub fn locate(&self, path: &str) -> Option<PathBuf> {
        self.place(path).ok()
    }

    /// Where a path of the tree is on disk, or why it is nowhere.
    fn place(&self, path: &str) -> Result<PathBuf, ReadError> {
        if path.is_empty() {
            return Ok(self.root.clone());
        }
        if path.contains('\\') {
            let words = "its name holds a backslash, which separates folders on other systems";
            return Err(ReadError::Refused(words.to_owned()));
        }
        if path.split('/').any(|part| matches!(part, "" | "." | "..") || part.contains('\0')) {
            return Err(ReadError::Missing);
        }
        let full = self.on_disk(path);
        let folder = full.parent().unwrap_or(&self.root);
        if self.is_inside(tree::split(path).0, folder).map_err(|error| refused(&error))? {
            Ok(full)
        } else {
            Err(ReadError::Missing)
        }
    }

    /// A path of the tree under the names that are on disk.
    fn on_disk(&self, path: &str) -> PathBuf {
        let full = self.root.join(path);
        if is_exact(path) || fs::symlink_metadata(&full).is_ok() {
            return full;
        }
        let (mut place, mut folder) = (self.root.clone(), String::new());
        for name in path.split('/') {
            let plain = place.join(name);
            let is_odd = !is_exact(name) && fs::symlink_metadata(&plain).is_err();
            let known = is_odd.then(|| self.odd_name(&folder, &place, name)).flatten();
            place = known.map_or(plain, |name| place.join(name));
            folder = tree::join(&folder, name);
        }
        place
    }

    /// The name that is not Unicode for which a text of a folder stands; the folder is at `place` on disk.
    fn odd_name(&self, folder: &str, place: &Path, text: &str) -> Option<OsString> {
        if let Some(known) = self.odd.read().unwrap_or_else(PoisonError::into_inner).get(folder) {
            return known.get(text).cloned();
        }
        let entries = fs::read_dir(place).ok()?.filter_map(Result::ok);
        let names = told_apart(entries.map(|entry| (entry.file_name(), ())).collect());
        let odd = odd_names(&names);
        let found = odd.get(text).cloned();
        self.odd.write().unwrap_or_else(PoisonError::into_inner).insert(folder.into(), odd);
        found
    }

    /// The file that a link of the tree leads to; `None` when that is outside.
    pub fn resolved(&self, path: &str) -> Option<PathBuf> {
        self.follow(&self.locate(path)?).ok()
    }

    /// Whether a folder of the tree, which is `full` on disk, is the root or lies in it, links and all.
    fn is_inside(&self, folder: &str, full: &Path) -> io::Result<bool> {
        if self.inside.read().unwrap_or_else(PoisonError::into_inner).contains(folder) {
            return Ok(true);
        }
        let inside = fs::canonicalize(full)?.starts_with(&self.root);
        if inside && is_exact(folder) {
            self.inside.write().unwrap_or_else(PoisonError::into_inner).insert(folder.into());
        }
        Ok(inside)
    }

    /// What a folder that lies inside lists as folders, no links, lies inside too.
    fn remember(&self, folder: &str, entries: &[Entry]) {
        let folders = entries.iter().filter(|entry| entry.kind == Kind::Folder && is_exact(&entry.name));
        let paths = folders.map(|entry| tree::join(folder, &entry.name).into_boxed_str());
        if is_exact(folder) {
            self.inside.write().unwrap_or_else(PoisonError::into_inner).extend(paths);
        }
    }

    /// Follows a link that stays inside the tree and ends at a regular file.
    fn follow(&self, full: &Path) -> Result<PathBuf, ReadError> {
        let target =
            || fs::read_link(full).map_or_else(|_| String::new(), |target| target.to_string_lossy().into_owned());
        let real = fs::canonicalize(full).map_err(|_| ReadError::BadLink(target()))?;
        if real.starts_with(&self.root) { Ok(real) } else { Err(ReadError::BadLink(target())) }
    }
}

impl Tree for DiskTree {
    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        let listed = self.place(folder).and_then(|full| {
            // A link may lead out, and the system would follow it.
            if !self.is_inside(folder, &full).map_err(|error| refused(&error))? {
                return Err(ReadError::Missing);
            }
            fs::read_dir(&full).map_err(|error| refused(&error))
        });
        let entries = match listed {
            Ok(listed) => listed,
            Err(ReadError::Missing) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut names = Vec::new();
        for entry in entries {
            // A list that breaks off may lack anything.
            let entry = entry.map_err(|error| refused(&error))?;
            // One whose kind nobody can tell is gone by now.
            if let Ok(kind) = entry.file_type() {
                names.push((entry.file_name(), kind_of(kind)));
            }
        }
        let names = told_apart(names);
        let odd = odd_names(&names);
        if !odd.is_empty() {
            self.odd.write().unwrap_or_else(PoisonError::into_inner).insert(folder.into(), odd);
        }
        // Collecting would keep the larger elements' memory for as long as the list lives.
        let mut found = Vec::with_capacity(names.len());
        found.extend(names.into_iter().map(|(name, kind, _)| Entry { name, kind }));
        found.sort();
        self.remember(folder, &found);
        Ok(found)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let mut full = self.place(path)?;
        let mut metadata = fs::symlink_metadata(&full).map_err(|error| refused(&error))?;
        if metadata.is_symlink() {
            full = self.follow(&full)?;
            metadata = fs::metadata(&full).map_err(|error| refused(&error))?;
        }
        read_file(&full, &metadata, Links::Refused)
    }

    fn kind(&self, path: &str) -> Option<Kind> {
        let full = self.locate(path)?;
        fs::symlink_metadata(full).ok().map(|metadata| kind_of(metadata.file_type()))
    }
}

/// Whether a path stands for one name on disk only: U+FFFD stands for any bytes that are not Unicode.
fn is_exact(path: &str) -> bool {
    !path.contains('\u{FFFD}')
}

/// Reads a file anywhere, by a path that a person wrote.
///
/// # Errors
/// When it is no regular file, too large or cannot be read.
pub fn read_regular(path: &Path) -> Result<Vec<u8>, ReadError> {
    read_file(path, &fs::metadata(path).map_err(|error| refused(&error))?, Links::Followed)
}

/// What to do when a path is a link by the time it is opened.
#[derive(Clone, Copy)]
enum Links {
    Followed,
    /// It was none, or was followed already: it may lead anywhere by now.
    Refused,
}

fn read_file(path: &Path, metadata: &fs::Metadata, links: Links) -> Result<Vec<u8>, ReadError> {
    // Anything else than a file may block for ever when it is opened.
    if !metadata.is_file() {
        return Err(ReadError::NotAFile);
    }
    if metadata.len() > SIZE_MAX as u64 {
        return Err(ReadError::TooLarge(metadata.len()));
    }
    let file = open(path, links).map_err(|error| refused(&error))?;
    // It may be another one by now.
    if !file.metadata().map_err(|error| refused(&error))?.is_file() {
        return Err(ReadError::NotAFile);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    // It may have grown meanwhile.
    file.take(SIZE_MAX as u64 + 1).read_to_end(&mut bytes).map_err(|error| refused(&error))?;
    if bytes.len() > SIZE_MAX { Err(ReadError::TooLarge(bytes.len() as u64)) } else { Ok(bytes) }
}

/// Opens a file. What became a pipe since it was looked at is opened without waiting for its other end.
#[cfg(unix)]
fn open(path: &Path, links: Links) -> io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let flags = match links {
        Links::Followed => libc::O_NONBLOCK,
        Links::Refused => libc::O_NONBLOCK | libc::O_NOFOLLOW,
    };
    fs::OpenOptions::new().read(true).custom_flags(flags).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path, _links: Links) -> io::Result<fs::File> {
    fs::File::open(path)
}

fn refused(error: &io::Error) -> ReadError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ReadError::Missing,
        _ => ReadError::Refused(error.to_string()),
    }
}

/// The texts of a folder's names, and the names of those that are no text.
fn told_apart<T>(names: Vec<(OsString, T)>) -> Vec<(String, T, Option<OsString>)> {
    let mut odd = Vec::new();
    let mut found = Vec::with_capacity(names.len());
    for (name, value) in names {
        match name.into_string() {
            Ok(text) => found.push((text, value, None)),
            Err(name) => odd.push((name, value)),
        }
    }
    if !odd.is_empty() {
        odd.sort_by(|(left, _), (right, _)| left.cmp(right));
        found.extend(odd.into_iter().map(|(name, value)| (name.to_string_lossy().into_owned(), value, Some(name))));
        tree::tell_apart(found.iter_mut().map(|(text, ..)| text));
    }
    found
}

fn odd_names<T>(names: &[(String, T, Option<OsString>)]) -> OddNames {
    let odd = names.iter().filter_map(|(text, _, name)| Some((text.as_str().into(), name.clone()?)));
    odd.collect()
}

fn kind_of(kind: fs::FileType) -> Kind {
    match kind {
        kind if kind.is_file() => Kind::File,
        kind if kind.is_dir() => Kind::Folder,
        kind if kind.is_symlink() => Kind::Link,
        _ => Kind::Other,
    }
}
