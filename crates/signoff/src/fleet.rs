//! Snapshots of clusters as files: one, or a folder of them, which is a fleet.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use rayon::prelude::*;
use signoff_evidence::cluster;
use signoff_model::cluster::Snapshot;
use signoff_model::fact::Problem;
use signoff_output::visible;

/// Largest snapshot that is read, in bytes.
const SIZE_MAX: u64 = 256 * 1024 * 1024;

/// Most files of a folder that are read.
const FILES_MAX: usize = 10_000;

/// Snapshots that were read.
#[derive(Debug, Default)]
pub struct Fleet {
    /// Those that can be used, by path.
    pub snapshots: Vec<Snapshot>,
    /// Those that cannot, and why.
    pub unread: Vec<Problem>,
}

/// Reads snapshots, and those in folders. What cannot be used is named, and the others are.
///
/// # Errors
/// When a place is not there, or nothing at all can be used.
pub fn read(places: &[PathBuf]) -> anyhow::Result<Fleet> {
    let mut paths = Vec::new();
    for place in places {
        paths.extend(files(place)?);
    }
    let read: Vec<(PathBuf, Result<Snapshot, String>)> =
        paths.into_par_iter().map(|path| (path.clone(), read_one(&path))).collect();
    let mut fleet = Fleet::default();
    for (path, result) in read {
        match result {
            Ok(snapshot) => fleet.snapshots.push(snapshot),
            Err(message) => {
                let path: Arc<str> = path.to_string_lossy().into();
                fleet.unread.push(Problem { path, line: None, message });
            }
        }
    }
    match fleet.unread.first() {
        Some(first) if fleet.snapshots.is_empty() => {
            bail!(
                "{} is no snapshot of a cluster: {}\n`signoff cluster --snapshot FILE` writes one",
                visible(&first.path),
                first.message
            )
        }
        _ => Ok(fleet),
    }
}

/// The file, or the files of a folder whose names end in `.json`, by name.
fn files(place: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let shown = visible(&place.to_string_lossy()).into_owned();
    let metadata = fs::metadata(place)
        .with_context(|| format!("cannot read {shown}\n`signoff cluster --snapshot {shown}` writes a snapshot"))?;
    if !metadata.is_dir() {
        return Ok(vec![place.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(place).with_context(|| format!("cannot list {shown}"))? {
        let path = entry.with_context(|| format!("cannot list {shown}"))?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            found.push(path);
        }
    }
    if found.is_empty() {
        bail!(
            "{shown} has no snapshots of clusters\ntheir names end in .json; `signoff cluster --snapshot FILE` writes one"
        );
    }
    if found.len() > FILES_MAX {
        bail!("{shown} has {} files; the limit is {FILES_MAX}", found.len());
    }
    found.sort();
    Ok(found)
}

fn read_one(path: &Path) -> Result<Snapshot, String> {
    let of = |error: std::io::Error| format!("it cannot be read: {error}");
    // Anything but a file may block for ever when it is opened.
    if !fs::metadata(path).map_err(of)?.is_file() {
        return Err("it is no file".into());
    }
    let mut bytes = Vec::new();
    fs::File::open(path).map_err(of)?.take(SIZE_MAX + 1).read_to_end(&mut bytes).map_err(of)?;
    if bytes.len() as u64 > SIZE_MAX {
        return Err(format!("it is larger than {} MiB", SIZE_MAX >> 20));
    }
    cluster::read(&bytes)
}

/// Writes a snapshot, whole or not at all.
///
/// # Errors
/// When the file cannot be written.
pub fn write(snapshot: &Snapshot, path: &Path) -> anyhow::Result<()> {
    let shown = visible(&path.to_string_lossy()).into_owned();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = || format!("cannot write {shown}");
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(failed)?;
    file.write_all(cluster::write(snapshot).as_bytes()).with_context(failed)?;
    file.persist(path).with_context(failed)?;
    Ok(())
}
