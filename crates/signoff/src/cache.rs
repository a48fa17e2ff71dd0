//! The output of the last check of unchanged files, so that a second check costs a walk.
//!
//! The key covers everything that the output depends on: the program, what is kept beside it, the options, the day, and
//! the [`Stamp`] of the files. Entries that no check has used for a month are dropped.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use etcetera::BaseStrategy as _;
use signoff_output::check::Options;

use crate::cli::{CheckArgs, Global};
use crate::repository::Repository;
use crate::stamp::Stamp;

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
        let data = repository.data.hash().to_hex();
        let mut stamp = Stamp::new(&format!("{} {data} {options:?} {args:?}", repository.day()))?;
        stamp.folder(root)?;
        if let Some(baseline) = &args.baseline {
            stamp.file(baseline, &fs::metadata(baseline).ok()?);
        }
        Some(Self { file: folder("checks")?.join(&*stamp.quiet(SystemTime::now())?.to_hex()) })
    }

    /// The place for what a history tells: what `key` names must be all that it depends on beside the program.
    pub fn of_history(key: &str) -> Option<Self> {
        let name = Stamp::new(key)?.quiet(SystemTime::now())?;
        Some(Self { file: folder("histories")?.join(&*name.to_hex()) })
    }

    /// The kept output and exit code. An entry that is not what was written, such as half of it, is none.
    pub fn get(&self) -> Option<(Vec<u8>, u8)> {
        let file = fs::File::open(&self.file).ok()?;
        let (mut hash, mut bytes) = ([0; blake3::OUT_LEN], Vec::new());
        let mut rest = file.take((SIZE_MAX + blake3::OUT_LEN + 1) as u64);
        rest.read_exact(&mut hash).ok()?;
        rest.read_to_end(&mut bytes).ok()?;
        if blake3::hash(&bytes) != hash {
            return None;
        }
        let code = bytes.pop()?;
        Some((bytes, code))
    }

    /// Keeps an output. A cache that cannot be written is no failure.
    pub fn put(&self, text: &[u8], code: u8) {
        if text.len() > SIZE_MAX {
            return;
        }
        let Some(folder) = self.file.parent() else { return };
        let bytes = [text, &[code]].concat();
        let entry = [blake3::hash(&bytes).as_bytes(), &*bytes].concat();
        if fs::create_dir_all(folder).is_ok() {
            let _ = crate::write::whole(&self.file, &entry);
            drop_old(folder);
        }
    }
}

/// A folder in `SIGNOFF_CACHE_DIR`, or where the platform keeps caches.
pub fn folder(name: &str) -> Option<PathBuf> {
    let named = std::env::var_os("SIGNOFF_CACHE_DIR").filter(|name| !name.is_empty()).map(PathBuf::from);
    let usual = || Some(etcetera::choose_base_strategy().ok()?.cache_dir().join("signoff"));
    Some(named.or_else(usual)?.join(name))
}

/// Drops the files of a folder that nobody used for a month.
pub fn drop_old(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.filter_map(Result::ok) {
        let age =
            entry.metadata().ok().and_then(|metadata| metadata.modified().ok()).and_then(|time| time.elapsed().ok());
        if age.is_some_and(|age| age > KEEP) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
