//! What a repository's files look like from outside, so that unchanged files need not be read again.
//!
//! A stamp covers of every file its path, size, times and inode, and the program itself. A file that was written in
//! the same instant as it was looked at could change once more unseen, so then there is no stamp.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rayon::prelude::*;

/// A file is quiet when nothing was written to it for so long before it was looked at.
const QUIET: Duration = Duration::from_millis(50);
/// The same where a file system keeps whole seconds only.
const QUIET_COARSE: Duration = Duration::from_secs(2);
/// Version and build of this program.
fn program() -> Option<String> {
    let metadata = fs::metadata(std::env::current_exe().ok()?).ok()?;
    Some(format!("{} {:?} {}", env!("CARGO_PKG_VERSION"), metadata.modified().ok()?, metadata.len()))
}

/// How many paths one thread looks at before it asks for more.
const PATHS_AT_ONCE: usize = 256;
/// Of what lies deeper nobody can say that it is unchanged.
const DEPTH_MAX: usize = 64;

/// What files look like from outside.
pub struct Stamp {
    /// What was taken in; hashing it at once is faster than in pieces.
    seen: Vec<u8>,
    newest: SystemTime,
    /// Whether every time seen so far is a whole second.
    coarse: bool,
}

impl Stamp {
    /// A stamp for this program and a use of it.
    pub fn new(purpose: &str) -> Option<Self> {
        let mut stamp = Self::empty();
        stamp.take(format!("{} {purpose}", program()?).as_bytes());
        Some(stamp)
    }

    /// Takes in every file of a repository.
    pub fn folder(&mut self, root: &Path) -> Option<()> {
        self.take(root.as_os_str().as_encoded_bytes());
        self.below(root, 0)
    }

    /// Takes in some files and folders of a repository, whether they are there or not.
    pub fn paths(&mut self, root: &Path, paths: &[&str]) -> Option<()> {
        self.take(root.as_os_str().as_encoded_bytes());
        let folder = Folder::open(root)?;
        let read = |paths: &[&str]| {
            let mut stamp = Self::empty();
            for path in paths {
                // Such a name is not that on disk, see `DiskTree`.
                if path.contains(char::REPLACEMENT_CHARACTER) {
                    return None;
                }
                stamp.take(path.as_bytes());
                stamp.take(b"\0");
                match folder.look(path) {
                    Some(look) => stamp.look(&look, || root.join(path)),
                    None => stamp.take(b"-"),
                }
            }
            Some(stamp)
        };
        // In parts of a fixed size, so that the stamp is the same for any number of threads.
        let stamps: Vec<Option<Self>> = paths.par_chunks(PATHS_AT_ONCE).map(read).collect();
        for stamp in stamps {
            self.add(b"", &stamp?);
        }
        Some(())
    }

    /// The stamp; `None` when a file was written at that moment or later, or so shortly before it that it could
    /// be written again unseen.
    pub fn quiet(self, moment: SystemTime) -> Option<blake3::Hash> {
        let quiet = if self.coarse { QUIET_COARSE } else { QUIET };
        let is_quiet = moment.duration_since(self.newest).is_ok_and(|age| age >= quiet);
        is_quiet.then(|| blake3::hash(&self.seen))
    }

    fn empty() -> Self {
        Self { seen: Vec::new(), newest: SystemTime::UNIX_EPOCH, coarse: true }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.seen.extend_from_slice(bytes);
    }

    /// Takes in what another stamp has seen under a name.
    fn add(&mut self, name: &[u8], other: &Self) {
        self.take(name);
        self.take(b"/");
        self.take(blake3::hash(&other.seen).as_bytes());
        self.newest = self.newest.max(other.newest);
        self.coarse &= other.coarse;
    }

    /// Takes in every file below a folder, in order of name.
    fn below(&mut self, folder: &Path, depth: usize) -> Option<()> {
        if depth > DEPTH_MAX {
            return None;
        }
        let mut entries: Vec<fs::DirEntry> = fs::read_dir(folder).ok()?.filter_map(Result::ok).collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        let is_folder = |entry: &fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
        let (folders, files): (Vec<_>, Vec<_>) = entries.into_iter().partition(is_folder);
        for file in files {
            self.take(file.file_name().as_encoded_bytes());
            self.file(&file.path(), &file.metadata().ok()?);
        }
        let read = |folder: &fs::DirEntry| {
            let mut stamp = Self::empty();
            stamp.below(&folder.path(), depth + 1)?;
            Some((folder.file_name(), stamp))
        };
        let wanted = |folder: &&fs::DirEntry| folder.file_name() != ".git";
        // Looking at folders is waiting for the system, which two can do better than one.
        for stamped in folders.par_iter().filter(wanted).map(read).collect::<Vec<_>>() {
            let (name, stamp) = stamped?;
            self.add(name.as_encoded_bytes(), &stamp);
        }
        Some(())
    }

    /// Takes in one file.
    pub fn file(&mut self, path: &Path, metadata: &fs::Metadata) {
        self.look(&Look::of(metadata), || path.to_owned());
    }

    fn look(&mut self, look: &Look, path: impl FnOnce() -> PathBuf) {
        let Look { size, modified, changed, inode, mode, link } = *look;
        self.coarse &= modified.subsec_nanos() == 0;
        self.newest = self.newest.max(SystemTime::UNIX_EPOCH + modified.max(changed));
        self.take(&modified.as_nanos().to_le_bytes());
        self.take(&changed.as_nanos().to_le_bytes());
        for number in [size, inode, mode] {
            self.take(&number.to_le_bytes());
        }
        if link && let Ok(target) = fs::metadata(path()) {
            let target = Look::of(&target);
            self.take(&target.size.to_le_bytes());
            self.take(&target.modified.as_nanos().to_le_bytes());
        }
    }
}

/// What one file looks like; times count from 1970, what a system does not say is zero.
struct Look {
    size: u64,
    modified: Duration,
    changed: Duration,
    inode: u64,
    mode: u64,
    link: bool,
}

impl Look {
    #[cfg(unix)]
    fn of(metadata: &fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self {
            size: metadata.len(),
            modified: since_1970(metadata.mtime(), metadata.mtime_nsec()),
            changed: since_1970(metadata.ctime(), metadata.ctime_nsec()),
            inode: metadata.ino(),
            mode: metadata.mode().into(),
            link: metadata.is_symlink(),
        }
    }

    #[cfg(not(unix))]
    fn of(metadata: &fs::Metadata) -> Self {
        let modified = metadata.modified().ok().and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
        Self {
            size: metadata.len(),
            modified: modified.unwrap_or_default(),
            changed: Duration::ZERO,
            inode: 0,
            mode: 0,
            link: metadata.is_symlink(),
        }
    }
}

/// What lies before 1970 is taken for then.
#[cfg(unix)]
fn since_1970(seconds: impl TryInto<u64>, nanoseconds: impl TryInto<u32>) -> Duration {
    Duration::new(seconds.try_into().unwrap_or(0), nanoseconds.try_into().unwrap_or(0))
}

/// A folder below which files are looked at.
#[cfg(unix)]
struct Folder(std::os::fd::OwnedFd);

#[cfg(unix)]
impl Folder {
    fn open(path: &Path) -> Option<Self> {
        use rustix::fs::{Mode, OFlags};
        rustix::fs::open(path, OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).ok().map(Self)
    }

    /// From the open folder on, so that the system does not walk down to it for each file.
    fn look(&self, path: &str) -> Option<Look> {
        use rustix::fs::{AtFlags, FileType};
        let path = if path.is_empty() { "." } else { path };
        let found = rustix::fs::statat(&self.0, path, AtFlags::SYMLINK_NOFOLLOW).ok()?;
        Some(Look {
            size: found.st_size.try_into().unwrap_or(0),
            modified: since_1970(found.st_mtime, found.st_mtime_nsec),
            changed: since_1970(found.st_ctime, found.st_ctime_nsec),
            inode: found.st_ino,
            mode: found.st_mode.into(),
            link: FileType::from_raw_mode(found.st_mode) == FileType::Symlink,
        })
    }
}

/// A folder below which files are looked at.
#[cfg(not(unix))]
struct Folder(PathBuf);

#[cfg(not(unix))]
impl Folder {
    fn open(path: &Path) -> Option<Self> {
        path.is_dir().then(|| Self(path.to_owned()))
    }

    fn look(&self, path: &str) -> Option<Look> {
        fs::symlink_metadata(self.0.join(path)).ok().as_ref().map(Look::of)
    }
}
