//! Which files of the work tree, or of a commit, differ from where a branch began.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::Path;

use gix::ObjectId;
use gix::bstr::{BStr, BString, ByteSlice};
use gix::index::entry::{Flags, Mode, Stage, Stat, stat};
use gix::objs::tree::EntryKind;
use gix::worktree::stack::state::ignore::Source;

use signoff_model::corpus::PATHS_MAX;
use signoff_model::source::SIZE_MAX;

use crate::handles::{header, object};
use crate::line::is_shallow;
use crate::repository::{head, named};
use crate::{Commit, Error, Repository};

/// Longest path of a folder, in bytes, that is looked into. Folders can be nested so deep that no system opens what is
/// in them; the least of them takes 1,024 bytes, with the path of the root.
const PATH_LENGTH_MAX: usize = 900;

impl Repository {
    /// The files whose content in the work tree differs from the commit where HEAD and `revision`
    /// parted: committed since, not committed yet, not known to git and not ignored by it, or
    /// deleted. Paths from the work tree's root with `/`, sorted.
    ///
    /// Content is compared as it lies on disk; filters that git runs are not.
    ///
    /// # Errors
    /// When there is no work tree, no such revision, no common commit, or something cannot be read.
    pub fn changed_since(&self, revision: &str) -> Result<Vec<String>, Error> {
        let root = self.workdir().ok_or_else(|| Error::NoWorkTree { path: self.git_dir().to_owned() })?;
        self.handles.with(|repository| {
            let base = base_files(repository, revision, head(repository)?.id)?;
            let known = Known::read(repository)?;
            let comparison = Comparison { repository, root, known: &known };
            let mut changed = BTreeSet::new();
            for path in base.keys().chain(known.files.keys()) {
                if comparison.differs(path.as_bstr(), base.get(path).copied())? {
                    changed.insert(path.to_str_lossy().into_owned());
                }
            }
            for path in untracked(repository, root, &known)? {
                if comparison.differs(path.as_bstr(), base.get(&path).copied())? {
                    changed.insert(path.to_str_lossy().into_owned());
                }
            }
            Ok(changed.into_iter().collect())
        })
    }

    /// The files of a commit whose content differs from the commit where it and `revision` parted, and those
    /// that it no longer has. Paths from the root with `/`, sorted.
    ///
    /// # Errors
    /// When there is no such revision, no common commit, or something cannot be read.
    pub fn changed_between(&self, revision: &str, commit: &Commit) -> Result<Vec<String>, Error> {
        let unknown = || Error::UnknownRevision { revision: commit.id.clone() };
        let id: ObjectId = commit.id.parse().map_err(|_| unknown())?;
        self.handles.with(|repository| {
            let base = base_files(repository, revision, id)?;
            let files = files_at(repository, id)?;
            let paths: BTreeSet<&BString> = base.keys().chain(files.keys()).collect();
            let changed = paths.into_iter().filter(|path| base.get(*path) != files.get(*path));
            Ok(changed.map(|path| path.to_str_lossy().into_owned()).collect())
        })
    }
}

/// Every file at the merge base of a commit and a revision.
fn base_files(
    repository: &gix::Repository,
    revision: &str,
    commit: ObjectId,
) -> Result<BTreeMap<BString, ObjectId>, Error> {
    let other: ObjectId = match named(repository, revision)?.id.parse() {
        Ok(id) => id,
        Err(_) => return Err(Error::UnknownRevision { revision: revision.to_owned() }),
    };
    let base = match repository.merge_base(commit, other) {
        Ok(Some(base)) => base.detach(),
        _ if is_shallow(repository) => {
            return Err(Error::ShallowClone { unknown: format!("where `{revision}` and the commit parted") });
        }
        Ok(None) => return Err(Error::Unrelated { revision: revision.to_owned() }),
        Err(cause) => return Err(Error::other("find where two branches parted", &cause)),
    };
    files_at(repository, base)
}

/// Every file of a commit.
fn files_at(repository: &gix::Repository, commit: ObjectId) -> Result<BTreeMap<BString, ObjectId>, Error> {
    let commit = object(repository, commit)?.peel_to_tree().map_err(|cause| Error::other("read a commit", &cause))?;
    let mut files = BTreeMap::new();
    flatten(repository, commit.id, BString::default(), &mut files)?;
    Ok(files)
}

/// Adds every file below a folder, with the id of its content.
fn flatten(
    repository: &gix::Repository,
    folder: ObjectId,
    path: BString,
    files: &mut BTreeMap<BString, ObjectId>,
) -> Result<(), Error> {
    let cannot = |cause: &dyn std::fmt::Display| Error::other("read a folder's list", cause);
    let mut waiting = vec![(path, folder)];
    let mut folders = 0;
    while let Some((path, id)) = waiting.pop() {
        folders += 1;
        if folders + files.len() > PATHS_MAX {
            return Err(Error::TooManyFiles);
        }
        let list = object(repository, id)?.try_into_tree().map_err(|cause| cannot(&cause))?;
        for entry in list.iter() {
            let entry = entry.map_err(|cause| cannot(&cause))?;
            let path = join(path.as_bstr(), entry.filename());
            if entry.mode().kind() == EntryKind::Tree {
                waiting.push((path, entry.object_id()));
            } else {
                files.insert(path, entry.object_id());
            }
        }
    }
    Ok(())
}

fn join(folder: &BStr, name: &BStr) -> BString {
    if folder.is_empty() { name.to_owned() } else { [folder.as_bytes(), b"/", name.as_bytes()].concat().into() }
}

/// What git keeps about the work tree in its index.
struct Known {
    index: gix::worktree::IndexPersistedOrInMemory,
    files: BTreeMap<BString, Tracked>,
}

/// What the index says about a file.
enum Tracked {
    /// Its content when git last looked; the same as long as the file's data agree.
    Seen(ObjectId, Stat),
    /// Its content, wherever it is: a file that is not checked out, another repository.
    Fixed(ObjectId),
    /// Parts of a merge that is not done.
    Conflict,
}

impl Known {
    fn read(repository: &gix::Repository) -> Result<Self, Error> {
        let index = repository
            .index_or_load_from_head_or_empty()
            .map_err(|cause| Error::other("read the index of the work tree", &cause))?;
        let mut files = BTreeMap::new();
        for entry in index.entries() {
            let path = entry.path(&index).to_owned();
            if entry.mode == Mode::DIR {
                // A folder that is not checked out stands in the index as a whole.
                let mut inner = BTreeMap::new();
                let folder = path.strip_suffix(b"/").unwrap_or(&path).into();
                flatten(repository, entry.id, folder, &mut inner)?;
                files.extend(inner.into_iter().map(|(path, id)| (path, Tracked::Fixed(id))));
                continue;
            }
            let fixed = entry.mode == Mode::COMMIT || entry.flags.contains(Flags::SKIP_WORKTREE);
            let tracked = match entry.stage() {
                Stage::Unconflicted if fixed => Tracked::Fixed(entry.id),
                Stage::Unconflicted => Tracked::Seen(entry.id, entry.stat),
                _ => Tracked::Conflict,
            };
            files.insert(path, tracked);
        }
        Ok(Self { index, files })
    }
}

struct Comparison<'a> {
    repository: &'a gix::Repository,
    root: &'a Path,
    known: &'a Known,
}

impl Comparison<'_> {
    /// Whether a file of the work tree has another content than `base`.
    fn differs(&self, path: &BStr, base: Option<ObjectId>) -> Result<bool, Error> {
        let stat_before = match self.known.files.get(path) {
            Some(Tracked::Conflict) => return Ok(true),
            Some(Tracked::Fixed(id)) => return Ok(base != Some(*id)),
            Some(Tracked::Seen(id, stat)) => Some((*id, *stat)),
            None => None,
        };
        // A tree can be made that names places outside; no such file is ever checked out.
        let leads_out = path.split_str("/").any(|name| matches!(name, b"" | b"." | b".."));
        let (false, Ok(file)) = (leads_out, gix::path::from_bstr(path)) else { return Ok(true) };
        let file = self.root.join(file);
        let Ok(metadata) = gix::index::fs::Metadata::from_path_no_follow(&file) else { return Ok(base.is_some()) };
        // A file below what is a link by now is gone; the system would look behind the link.
        if metadata.is_dir() || is_behind_link(self.root, path) {
            return Ok(base.is_some());
        }
        let Some(base) = base else { return Ok(true) };
        if let Some((id, stat)) = stat_before
            && self.is_as_seen(&stat, &metadata)
        {
            return Ok(id != base);
        }
        // A pipe or a device is no file of a commit, and reading it may take for ever. What is too large to be
        // checked need not be compared.
        let is_read = metadata.is_symlink() || (metadata.is_file() && metadata.len() <= SIZE_MAX as u64);
        if !is_read {
            return Ok(true);
        }
        if header(self.repository, base)?.size() != metadata.len() {
            return Ok(true);
        }
        match self.id_of(&file, metadata.is_symlink()) {
            // It went away since it was looked at.
            Err(Error::Unreadable { cause, .. }) if is_gone(&cause) => Ok(true),
            id => Ok(id? != base),
        }
    }

    /// Whether the file was not touched since git looked at it.
    fn is_as_seen(&self, before: &Stat, metadata: &gix::index::fs::Metadata) -> bool {
        let options = stat::Options::default();
        let Ok(now) = Stat::from_fs(metadata) else { return false };
        before.matches(&now, options) && !before.is_racy(self.known.index.timestamp(), options)
    }

    fn id_of(&self, file: &Path, is_link: bool) -> Result<ObjectId, Error> {
        let unreadable = |cause| Error::Unreadable { path: file.to_owned(), cause };
        let bytes = if is_link {
            let target = std::fs::read_link(file).map_err(unreadable)?;
            let target = gix::path::into_bstr(target).map_err(|cause| Error::other("read a link", &cause))?;
            gix::path::to_unix_separators_on_windows(target).into_owned().into()
        } else {
            std::fs::read(file).map_err(unreadable)?
        };
        gix::objs::compute_hash(self.repository.object_hash(), gix::objs::Kind::Blob, &bytes)
            .map_err(|cause| Error::other("hash a file", &cause))
    }
}

/// Whether a file or folder is gone, or lies too deep for the system to say where.
fn is_gone(cause: &std::io::Error) -> bool {
    matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename)
}

/// Whether a folder on the way to `path` is a link.
fn is_behind_link(root: &Path, path: &BStr) -> bool {
    path.find_iter(b"/")
        .any(|at| gix::path::from_bstr(path[..at].as_bstr()).is_ok_and(|folder| root.join(folder).is_symlink()))
}

/// The files of the work tree that git neither knows nor ignores.
fn untracked(repository: &gix::Repository, root: &Path, known: &Known) -> Result<Vec<BString>, Error> {
    let mut ignored = repository
        .excludes(&known.index, None, Source::WorktreeThenIdMappingIfNotSkipped)
        .map_err(|cause| Error::other("read what git ignores", &cause))?;
    let mut found = Vec::new();
    let mut folders = vec![BString::default()];
    while let Some(folder) = folders.pop() {
        for (path, is_folder) in entries(root, folder.as_bstr())? {
            if !is_folder && known.files.contains_key(&path) {
                continue;
            }
            let mode = if is_folder { Mode::DIR } else { Mode::FILE };
            let rules = ignored.at_entry(path.as_bstr(), Some(mode));
            // What an ignored folder holds may be known to git all the same; that is looked at by its name.
            if rules.map_err(|cause| Error::other("read what git ignores", &cause))?.is_excluded() {
                continue;
            }
            if is_folder && path.len() <= PATH_LENGTH_MAX {
                folders.push(path);
            } else if !is_folder {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// The files, links and folders of a folder, and whether each is a folder; none of another
/// repository, which keeps its own.
fn entries(root: &Path, folder: &BStr) -> Result<Vec<(BString, bool)>, Error> {
    let Ok(place) = gix::path::from_bstr(folder) else { return Ok(Vec::new()) };
    let place = root.join(place);
    if !folder.is_empty() && place.join(".git").exists() {
        return Ok(Vec::new());
    }
    let unreadable = |cause| Error::Unreadable { path: place.clone(), cause };
    let mut found = Vec::new();
    let entries = match std::fs::read_dir(&place) {
        Err(cause) if is_gone(&cause) => return Ok(found),
        entries => entries.map_err(unreadable)?,
    };
    for entry in entries {
        let entry = entry.map_err(unreadable)?;
        let Ok(kind) = entry.file_type() else { continue };
        let name = entry.file_name();
        let Ok(name) = gix::path::os_str_into_bstr(&name) else { continue };
        if name != ".git" && (kind.is_dir() || kind.is_file() || kind.is_symlink()) {
            found.push((join(folder, name), kind.is_dir()));
        }
    }
    Ok(found)
}
