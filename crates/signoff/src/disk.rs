//! A folder on disk as a [`Tree`] that never leads out of itself.
//!
//! Paths of a tree are text. A name that is not Unicode is listed with U+FFFD in place of what cannot be
//! read, and found again under that text, so that no file is hidden by its name.

use std::collections::HashSet;
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
}

impl DiskTree {
    /// The tree at `root`.
    ///
    /// # Errors
    /// When the folder does not exist or cannot be resolved.
    pub fn new(root: &Path) -> io::Result<Self> {
        let root = fs::canonicalize(root)?;
        let inside = RwLock::new(HashSet::from(["".into()]));
        Ok(Self { root, inside })
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
        let full = on_disk(&self.root, path);
        let folder = full.parent().unwrap_or(&self.root);
        if self.is_inside(tree::split(path).0, folder).map_err(|error| refused(&error))? {
            Ok(full)
        } else {
            Err(ReadError::Missing)
        }
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
        let mut found: Vec<Entry> = entries
            .filter_map(Result::ok)
            .filter_map(|entry| {
                let kind = kind_of(entry.file_type().ok()?);
                Some(Entry { name: entry.file_name().to_string_lossy().into_owned(), kind })
            })
            .collect();
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
        read_file(&full, &metadata)
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
    read_file(path, &fs::metadata(path).map_err(|error| refused(&error))?)
}

fn read_file(path: &Path, metadata: &fs::Metadata) -> Result<Vec<u8>, ReadError> {
    // Anything else than a file may block for ever when it is opened.
    if !metadata.is_file() {
        return Err(ReadError::NotAFile);
    }
    if metadata.len() > SIZE_MAX as u64 {
        return Err(ReadError::TooLarge(metadata.len()));
    }
    let file = fs::File::open(path).map_err(|error| refused(&error))?;
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    // It may have grown meanwhile.
    file.take(SIZE_MAX as u64 + 1).read_to_end(&mut bytes).map_err(|error| refused(&error))?;
    if bytes.len() > SIZE_MAX { Err(ReadError::TooLarge(bytes.len() as u64)) } else { Ok(bytes) }
}

fn refused(error: &io::Error) -> ReadError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ReadError::Missing,
        _ => ReadError::Refused(error.to_string()),
    }
}

/// A path below a folder, under the names that are on disk.
fn on_disk(root: &Path, path: &str) -> PathBuf {
    let full = root.join(path);
    if !path.contains(char::REPLACEMENT_CHARACTER) || fs::symlink_metadata(&full).is_ok() {
        return full;
    }
    path.split('/').fold(root.to_owned(), |folder, name| {
        let plain = folder.join(name);
        let found = || {
            let entries = fs::read_dir(&folder).ok()?.filter_map(Result::ok);
            let mut names: Vec<_> =
                entries.map(|entry| entry.file_name()).filter(|known| known.to_string_lossy() == name).collect();
            names.sort();
            names.into_iter().next()
        };
        let unreadable = name.contains(char::REPLACEMENT_CHARACTER) && fs::symlink_metadata(&plain).is_err();
        if unreadable { found().map_or(plain, |name| folder.join(name)) } else { plain }
    })
}

fn kind_of(kind: fs::FileType) -> Kind {
    match kind {
        kind if kind.is_file() => Kind::File,
        kind if kind.is_dir() => Kind::Folder,
        kind if kind.is_symlink() => Kind::Link,
        _ => Kind::Other,
    }
}
