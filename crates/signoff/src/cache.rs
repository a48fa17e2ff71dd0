//! The output of the last check of unchanged files, so that a second check costs a walk.
//!
//! The key covers everything that the output depends on: the program, the options, the day, and of
//! every file its path, size, times and inode. A file that was written in the same instant as it was
//! looked at could change once more unseen, so then nothing is kept. Entries that no check has used
//! for a month are dropped.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use etcetera::BaseStrategy as _;
use signoff_output::check::Options;

use crate::cli::{CheckArgs, Global};
use crate::repository::Repository;

/// A file is quiet when nothing was written to it for so long before it was looked at.
const QUIET: Duration = Duration::from_millis(50);
/// The same where a file system keeps whole seconds only.
const QUIET_COARSE: Duration = Duration::from_secs(2);
/// How long an unused entry is kept.
const KEEP: Duration = Duration::from_secs(30 * 24 * 3600);
/// Largest output that is kept, in bytes.
const SIZE_MAX: usize = 32 * 1024 * 1024;

/// The place of one check's output.
pub struct Cache {
    file: PathBuf,
}

impl Cache {
    /// The place for this check, or `None` when its output must not be kept.
    pub fn of(repository: &Repository, global: &Global, args: &CheckArgs, options: &Options) -> Option<Self> {
        let whole = args.paths.is_empty() && args.changed_since.is_none() && !args.fix && !args.write_baseline;
        if !whole || global.no_cache || args.stdin_path.is_some() {
            return None;
        }
        let root = repository.disk()?.root();
        let mut hasher = blake3::Hasher::new();
        hasher.update(format!("{} {} {options:?} {args:?}", program()?, repository.day()).as_bytes());
        hasher.update(root.as_os_str().as_encoded_bytes());
        let mut stamp = Stamp { hasher, newest: SystemTime::UNIX_EPOCH, coarse: true };
        stamp.folder(root, 0)?;
        if let Some(baseline) = &args.baseline {
            stamp.file(baseline, &fs::metadata(baseline).ok()?);
        }
        let quiet = if stamp.coarse { QUIET_COARSE } else { QUIET };
        if SystemTime::now().duration_since(stamp.newest).is_ok_and(|age| age < quiet) {
            return None;
        }
        Some(Self { file: folder()?.join(&*stamp.hasher.finalize().to_hex()) })
    }

    /// The kept output and exit code.
    pub fn get(&self) -> Option<(Vec<u8>, u8)> {
        let mut bytes = fs::read(&self.file).ok()?;
        let code = bytes.pop()?;
        Some((bytes, code))
    }

    /// Keeps an output. A cache that cannot be written is no failure.
    pub fn put(&self, text: &[u8], code: u8) {
        if text.len() > SIZE_MAX {
            return;
        }
        let Some(folder) = self.file.parent() else { return };
        let mut bytes = text.to_vec();
        bytes.push(code);
        if fs::create_dir_all(folder).is_ok() {
            let _ = crate::write::whole(&self.file, &bytes);
            drop_old(folder);
        }
    }
}

/// Version and build of this program.
fn program() -> Option<String> {
    let metadata = fs::metadata(std::env::current_exe().ok()?).ok()?;
    Some(format!("{} {:?} {}", env!("CARGO_PKG_VERSION"), metadata.modified().ok()?, metadata.len()))
}

/// `SIGNOFF_CACHE_DIR`, or where the platform keeps caches.
fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("SIGNOFF_CACHE_DIR").filter(|name| !name.is_empty()).map(PathBuf::from);
    let usual = || Some(etcetera::choose_base_strategy().ok()?.cache_dir().join("signoff"));
    Some(named.or_else(usual)?.join("checks"))
}

fn drop_old(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.filter_map(Result::ok) {
        let age =
            entry.metadata().ok().and_then(|metadata| metadata.modified().ok()).and_then(|time| time.elapsed().ok());
        if age.is_some_and(|age| age > KEEP) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

struct Stamp {
    hasher: blake3::Hasher,
    newest: SystemTime,
    /// Whether every time seen so far is a whole second.
    coarse: bool,
}

impl Stamp {
    /// Takes in every file below a folder, in order of name.
    fn folder(&mut self, folder: &Path, depth: usize) -> Option<()> {
        let mut entries: Vec<fs::DirEntry> = fs::read_dir(folder).ok()?.filter_map(Result::ok).collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let metadata = entry.metadata().ok()?;
            if metadata.is_dir() {
                if entry.file_name() != ".git" && depth < 64 {
                    self.hasher.update(entry.file_name().as_encoded_bytes());
                    self.hasher.update(b"/");
                    self.folder(&entry.path(), depth + 1)?;
                    self.hasher.update(b"..");
                }
                continue;
            }
            self.hasher.update(entry.file_name().as_encoded_bytes());
            self.file(&entry.path(), &metadata);
        }
        Some(())
    }

    fn file(&mut self, path: &Path, metadata: &fs::Metadata) {
        let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        let nanoseconds = modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        self.coarse &= nanoseconds.subsec_nanos() == 0;
        self.newest = self.newest.max(modified);
        self.hasher.update(&metadata.len().to_le_bytes());
        self.hasher.update(&nanoseconds.as_nanos().to_le_bytes());
        self.unix(metadata);
        if metadata.is_symlink()
            && let Ok(target) = fs::metadata(path)
        {
            self.hasher.update(&target.len().to_le_bytes());
            let modified = target.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            self.hasher
                .update(&modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_nanos().to_le_bytes());
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
            self.hasher.update(&number.to_le_bytes());
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
