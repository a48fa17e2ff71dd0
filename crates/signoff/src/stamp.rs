//! What a repository's files look like from outside, so that unchanged files need not be read again.
//!
//! A stamp covers of every file its path, size, times and inode, and the program itself. A file that was written in
//! the same instant as it was looked at could change once more unseen, so then there is no stamp.

use std::fs;
use std::path::Path;
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
/// What lies deeper is not looked at.
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
        let read = |paths: &[&str]| {
            let mut stamp = Self::empty();
            for path in paths {
                // Such a name is not that on disk, see `DiskTree`.
                if path.contains(char::REPLACEMENT_CHARACTER) {
                    return None;
                }
                let full = root.join(path);
                stamp.take(path.as_bytes());
                stamp.take(b"\0");
                match fs::symlink_metadata(&full) {
                    Ok(metadata) => stamp.file(&full, &metadata),
                    Err(_) => stamp.take(b"-"),
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
        let wanted = |folder: &&fs::DirEntry| depth < DEPTH_MAX && folder.file_name() != ".git";
        // Looking at folders is waiting for the system, which two can do better than one.
        for stamped in folders.par_iter().filter(wanted).map(read).collect::<Vec<_>>() {
            let (name, stamp) = stamped?;
            self.add(name.as_encoded_bytes(), &stamp);
        }
        Some(())
    }

    /// Takes in one file.
    pub fn file(&mut self, path: &Path, metadata: &fs::Metadata) {
        let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        let nanoseconds = modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        self.coarse &= nanoseconds.subsec_nanos() == 0;
        self.newest = self.newest.max(modified);
        self.take(&metadata.len().to_le_bytes());
        self.take(&nanoseconds.as_nanos().to_le_bytes());
        self.unix(metadata);
        if metadata.is_symlink()
            && let Ok(target) = fs::metadata(path)
        {
            self.take(&target.len().to_le_bytes());
            let modified = target.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            self.take(&modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_nanos().to_le_bytes());
        }
    }

    #[cfg(unix)]
    fn unix(&mut self, metadata: &fs::Metadata) {
        use std::os::unix::fs::MetadataExt as _;
        for number in [
            metadata.ino(),
            metadata.ctime().cast_unsigned(),
            metadata.ctime_nsec().cast_unsigned(),
            u64::from(metadata.mode()),
        ] {
            self.take(&number.to_le_bytes());
        }
        let changed = SystemTime::UNIX_EPOCH
            + Duration::new(
                u64::try_from(metadata.ctime()).unwrap_or(0),
                u32::try_from(metadata.ctime_nsec()).unwrap_or(0),
            );
        self.newest = self.newest.max(changed);
    }

    #[cfg(not(unix))]
    fn unix(&mut self, _metadata: &fs::Metadata) {}
}
