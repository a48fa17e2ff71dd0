//! Writing changes: whole or not at all, and never over a file that changed meanwhile.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use signoff_model::tree::ReadError;
use signoff_model::{ChangeSet, edit, source};
use signoff_output::visible;

use crate::disk::{DiskTree, read_regular};

/// Applies a change set to a folder; returns the paths that changed.
///
/// Every new text is made and written beside its file first; only then are the files replaced, one
/// rename each, and when one fails those before it are put back. `read` gives the text that the edits
/// were made for: when a file's bytes differ from it, nothing is written. A file that is not UTF-8 is
/// left alone, since its text is not what its bytes say.
///
/// # Errors
/// When a file changed meanwhile, cannot be read or cannot be written.
pub fn apply(
    tree: &DiskTree,
    changes: &ChangeSet,
    read: &dyn Fn(&str) -> Option<String>,
) -> anyhow::Result<Vec<String>> {
    let mut staged: Vec<Staged> = Vec::new();
    for (path, edits) in &changes.files {
        let full = place(tree, path)?;
        let before = match read_regular(&full) {
            Ok(before) => before,
            Err(ReadError::Refused(words)) => bail!("cannot read {}: {words}", visible(path)),
            Err(_) => return Err(changed_meanwhile(path)),
        };
        let known = read(path).unwrap_or_default();
        if before != known.as_bytes() {
            if source::decode(before).0 == known {
                continue;
            }
            return Err(changed_meanwhile(path));
        }
        let after = edit::apply(&known, edits);
        if after != known {
            staged.push(Staged { path: path.clone(), file: stage(&full, after.as_bytes())?, full, before });
        }
    }
    replace(staged)
}

/// A new text beside its file.
struct Staged {
    path: String,
    full: PathBuf,
    before: Vec<u8>,
    file: tempfile::NamedTempFile,
}

/// The file that a path of the tree stands for. A link inside the repository stays one: what it points to is
/// written.
pub fn place(tree: &DiskTree, path: &str) -> anyhow::Result<PathBuf> {
    let full = tree
        .locate(path)
        .with_context(|| format!("{} lies outside the repository\nnothing was written", visible(path)))?;
    if !full.is_symlink() {
        return Ok(full);
    }
    tree.resolved(path)
        .with_context(|| format!("{} is a link that leads out of the repository\nnothing was written", visible(path)))
}

fn changed_meanwhile(path: &str) -> anyhow::Error {
    anyhow!("{} changed while it was checked, so nothing was written\nrun the command again", visible(path))
}

/// Puts all new texts in place, or none.
fn replace(staged: Vec<Staged>) -> anyhow::Result<Vec<String>> {
    replace_with(staged, &|| ())
}

/// As [`replace`]; `compared` is called when all files were found unchanged.
fn replace_with(staged: Vec<Staged>, compared: &dyn Fn()) -> anyhow::Result<Vec<String>> {
    for Staged { path, full, before, .. } in &staged {
        if read_regular(full).ok().as_ref() != Some(before) {
            return Err(changed_meanwhile(path));
        }
    }
    compared();
    let mut done: Vec<(String, PathBuf, Vec<u8>)> = Vec::new();
    for Staged { path, full, before, file } in staged {
        if let Err(cause) = file.persist(&full) {
            let lost: Vec<String> =
                done.into_iter().filter_map(|(path, full, before)| put_back(&path, &full, &before)).collect();
            let rest = if lost.is_empty() {
                "nothing was changed; check the folder's permissions and run the command again".to_owned()
            } else {
                format!("these are changed already and could not be put back: {}", lost.join(", "))
            };
            bail!("cannot replace {}: {}\n{rest}", visible(&path), cause.error);
        }
        done.push((path, full, before));
    }
    Ok(done.into_iter().map(|(path, ..)| path).collect())
}

/// Writes the old text again; the path when that fails.
fn put_back(path: &str, full: &Path, before: &[u8]) -> Option<String> {
    whole(full, before).err().map(|_| visible(path).into_owned())
}

/// Writes a file whole or not at all; behind a link, the file that it leads to.
///
/// # Errors
/// When the file cannot be written, or when something else stands in its place, such as a folder or a device.
pub fn whole(full: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let behind_links = fs::canonicalize(full);
    let full = behind_links.as_deref().unwrap_or(full);
    if fs::metadata(full).is_ok_and(|metadata| !metadata.is_file()) {
        bail!("{} is no file that can be replaced\nname another one", visible(&full.to_string_lossy()));
    }
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

#[cfg(test)]
mod tests {
    use signoff_model::{Edit, Span};

    use super::*;

    /// A folder with three files, and a change of each.
    fn three() -> (tempfile::TempDir, DiskTree, ChangeSet) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut changes = ChangeSet::default();
        for name in ["a", "b", "c"] {
            fs::write(folder.path().join(name), format!("{name} old\n")).expect("a file");
            changes.add(name, &[Edit::new(Span::new(2, 5), "new")]);
        }
        let tree = DiskTree::new(folder.path()).expect("a tree");
        (folder, tree, changes)
    }

    fn texts(folder: &Path) -> Vec<String> {
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_else(|_| "no file".to_owned());
        ["a", "b", "c"].map(read).to_vec()
    }

    fn old(path: &str) -> Option<String> {
        Some(format!("{path} old\n"))
    }

    #[test]
    fn all_files_are_replaced() {
        let (folder, tree, changes) = three();
        assert_eq!(apply(&tree, &changes, &old).expect("written"), ["a", "b", "c"]);
        assert_eq!(texts(folder.path()), ["a new\n", "b new\n", "c new\n"]);
    }

    #[test]
    fn one_that_changed_meanwhile_keeps_all() {
        let (folder, tree, changes) = three();
        fs::write(folder.path().join("c"), "c other\n").expect("a file");
        let error = apply(&tree, &changes, &old).expect_err("changed").to_string();
        assert!(error.starts_with("c changed while it was checked"), "{error}");
        assert_eq!(texts(folder.path()), ["a old\n", "b old\n", "c other\n"]);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 3, "nothing is left beside them");
    }

    /// Another program may put anything in a file's place, also what would block whoever opens it.
    #[cfg(unix)]
    #[test]
    fn what_is_no_file_any_more_keeps_all() {
        type Put = fn(&Path);
        let cases: [Put; 4] = [
            |_| (),
            |file| fs::create_dir(file).expect("a folder"),
            |file| assert!(std::process::Command::new("mkfifo").arg(file).status().expect("mkfifo runs").success()),
            |file| fs::File::create(file).and_then(|file| file.set_len(200 << 30)).expect("a file with a hole"),
        ];
        for put in cases {
            let (folder, tree, changes) = three();
            let file = folder.path().join("c");
            fs::remove_file(&file).expect("a file");
            put(&file);
            let error = apply(&tree, &changes, &old).expect_err("changed").to_string();
            assert!(error.starts_with("c changed while it was checked"), "{error}");
            let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("a file");
            assert_eq!(["a", "b"].map(read), ["a old\n", "b old\n"]);
            assert!(fs::read_dir(folder.path()).expect("a folder").count() <= 3, "nothing is left beside them");
        }
    }

    /// The last rename fails since a folder stands in the way by then.
    #[test]
    fn what_was_replaced_before_a_failure_is_put_back() {
        let (folder, _, _) = three();
        let staged = |name: &str, target: PathBuf, before: &str| Staged {
            path: name.to_owned(),
            file: stage(&folder.path().join(name), b"new\n").expect("staged"),
            full: target,
            before: before.as_bytes().to_vec(),
        };
        let blocked = folder.path().join("blocked");
        fs::write(&blocked, "").expect("a file");
        let all = vec![
            staged("a", folder.path().join("a"), "a old\n"),
            staged("b", folder.path().join("b"), "b old\n"),
            staged("blocked", blocked.clone(), ""),
        ];
        // Read as an empty file when it is compared, a folder when it is replaced.
        let error = replace_with(all, &|| {
            fs::remove_file(&blocked).expect("a file");
            fs::create_dir(&blocked).expect("a folder");
        });
        let error = error.expect_err("a folder").to_string();
        assert!(error.starts_with("cannot replace blocked: ") && error.contains("\nnothing was changed"), "{error}");
        assert_eq!(texts(folder.path()), ["a old\n", "b old\n", "c old\n"]);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 4, "nothing is left beside them");
    }

    #[test]
    fn a_file_in_another_encoding_is_left_alone() {
        let (folder, tree, changes) = three();
        for bytes in [&b"b \xFFld\n"[..], b"\xFF\xFEb\0 \0o\0"] {
            fs::write(folder.path().join("b"), bytes).expect("a file");
            fs::write(folder.path().join("a"), "a old\n").expect("a file");
            fs::write(folder.path().join("c"), "c old\n").expect("a file");
            let read = |path: &str| if path == "b" { Some(source::decode(bytes.to_vec()).0) } else { old(path) };
            assert_eq!(apply(&tree, &changes, &read).expect("written"), ["a", "c"]);
            assert_eq!(fs::read(folder.path().join("b")).expect("a file"), bytes);
        }
    }
}
