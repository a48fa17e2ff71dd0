//! Writing changes: whole or not at all, and never over a file that changed meanwhile.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use signoff_model::{ChangeSet, edit};

use crate::disk::DiskTree;

/// Applies a change set to a folder; returns the paths that changed.
///
/// Every new text is made and written beside its file first; only then are the files replaced, one
/// rename each. `read` gives the text that the edits were made for: a file whose bytes differ from it
/// is not touched, and nothing else is either.
///
/// # Errors
/// When a file changed meanwhile, cannot be read or cannot be written.
pub fn apply(
    tree: &DiskTree,
    changes: &ChangeSet,
    read: &dyn Fn(&str) -> Option<String>,
) -> anyhow::Result<Vec<String>> {
    let mut staged: Vec<(PathBuf, tempfile::NamedTempFile, String)> = Vec::new();
    for (path, edits) in &changes.files {
        let full = tree.locate(path).with_context(|| format!("{path} lies outside the repository"))?;
        // A link inside the repository stays one: what it points to is written.
        let full = if full.is_symlink() {
            tree.resolved(path).with_context(|| format!("{path} cannot be followed"))?
        } else {
            full
        };
        let before = fs::read(&full).with_context(|| format!("cannot read {path}"))?;
        let known = read(path).unwrap_or_default();
        if before != known.as_bytes() {
            bail!("{path} changed while it was checked, so nothing was written; run the command again");
        }
        let after = edit::apply(&known, edits);
        if after != known {
            staged.push((full.clone(), stage(&full, after.as_bytes())?, path.clone()));
        }
    }
    let mut changed = Vec::new();
    for (full, file, path) in staged {
        file.persist(&full).with_context(|| format!("cannot replace {path}"))?;
        changed.push(path);
    }
    Ok(changed)
}

/// Writes a file whole or not at all.
///
/// # Errors
/// When the file cannot be written.
pub fn whole(full: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let file = stage(full, bytes)?;
    file.persist(full).with_context(|| format!("cannot write {}", full.display()))?;
    Ok(())
}

fn stage(full: &Path, bytes: &[u8]) -> anyhow::Result<tempfile::NamedTempFile> {
    let folder = full.parent().context("a file has a folder")?;
    let mut file =
        tempfile::NamedTempFile::new_in(folder).with_context(|| format!("cannot write in {}", folder.display()))?;
    file.write_all(bytes)?;
    if let Ok(metadata) = fs::metadata(full) {
        file.as_file().set_permissions(metadata.permissions())?;
    } else {
        set_usual_mode(&file)?;
    }
    file.as_file().sync_all()?;
    Ok(file)
}

/// A new file is readable by all, as other programs make it.
#[cfg(unix)]
fn set_usual_mode(file: &tempfile::NamedTempFile) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?)
}

#[cfg(not(unix))]
fn set_usual_mode(_file: &tempfile::NamedTempFile) -> anyhow::Result<()> {
    Ok(())
}
