//! What a path on the command line stands for in the repository.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use signoff_model::spelling::nearest;
use signoff_model::tree;
use signoff_output::visible;

use crate::repository::Repository;

/// A path of the command line as one of the repository: from the current folder, else from the root.
///
/// # Errors
/// When there is no such file or folder in the repository.
pub fn inside(repository: &Repository, written: &str) -> anyhow::Result<String> {
    let meant = meanings(repository, written)?;
    let existing = meant.iter().find(|path| path.is_empty() || repository.tree().kind(path).is_some());
    existing.cloned().with_context(|| {
        let root = meant.last().map_or(written, String::as_str);
        format!("there is no `{}` in this repository\n{}", visible(written), near_path(repository, root))
    })
}

/// The same for a file that need not exist: where neither does, what lies in an existing folder is meant.
///
/// # Errors
/// When it lies outside the repository.
pub fn inside_or_new(repository: &Repository, written: &str) -> anyhow::Result<String> {
    let meant = meanings(repository, written)?;
    if let Ok(existing) = inside(repository, written) {
        return Ok(existing);
    }
    let known = |path: &String| {
        path.match_indices('/').filter(|(at, _)| repository.tree().kind(&path[..*at]).is_some()).count()
    };
    let missing = |path: &String| path.split('/').count() - known(path);
    meant.into_iter().min_by_key(missing).with_context(|| outside(written))
}

/// What a written path may stand for: a path from the current folder, and one from the root.
fn meanings(repository: &Repository, written: &str) -> anyhow::Result<Vec<String>> {
    let from_here = match repository.disk() {
        Some(disk) => below(disk.root(), &std::env::current_dir()?.join(written)),
        None => None,
    };
    let from_root = (!Path::new(written).is_absolute()).then(|| tree::resolve("", written)).flatten();
    let mut meant: Vec<String> = from_here.into_iter().chain(from_root).collect();
    meant.dedup();
    if meant.is_empty() { Err(anyhow!(outside(written))) } else { Ok(meant) }
}

fn outside(written: &str) -> String {
    format!(
        "`{}` lies outside the repository\npaths are relative to the current folder or to the repository's root",
        visible(written)
    )
}

/// Where a place is below a folder, links followed as far as it exists.
fn below(root: &Path, place: &Path) -> Option<String> {
    let real = place.canonicalize().ok();
    let place = real.or_else(|| {
        let written = place.to_string_lossy().replace('\\', "/");
        Some(PathBuf::from(format!("/{}", tree::resolve("", &written)?)))
    })?;
    Some(place.strip_prefix(root).ok()?.to_string_lossy().replace('\\', "/"))
}

/// What may be meant by a path that leads nowhere: a name of the folder where it stops.
fn near_path(repository: &Repository, path: &str) -> String {
    let (folder, name) = tree::split(path);
    let entries = repository.tree().list(folder).unwrap_or_default();
    match nearest(name, entries.iter().map(|entry| entry.name.as_str())) {
        Some(near) => format!("did you mean `{}`?", visible(&tree::join(folder, &near))),
        None => "paths are relative to the current folder or to the repository's root".to_owned(),
    }
}
