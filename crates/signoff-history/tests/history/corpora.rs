//! The history of the real KEP repository, where its bundle is at hand.

use std::path::{Path, PathBuf};
use std::time::Instant;

use signoff_history::{Repository, When};
use signoff_model::Tree;
use signoff_model::tree::{self, Kind};

use crate::scratch::git;

/// The folder of corpora: named by `SIGNOFF_CORPORA`, or beside the workspace.
pub fn bundle() -> Option<PathBuf> {
    let named = std::env::var_os("SIGNOFF_CORPORA").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"));
    let bundle = folder.join("enhancements.bundle");
    bundle.is_file().then(|| bundle.canonicalize().expect("a path"))
}

/// A bare clone of the bundle; one that an earlier run left is used again.
pub fn clone(bundle: &Path) -> PathBuf {
    static CLONING: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _alone = CLONING.lock();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("enhancements.git");
    if !target.join("HEAD").is_file() {
        // Cloned aside and moved, so that a clone that was cut off is not taken for one.
        let aside = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
        git(aside.path(), &["clone", "-q", "--bare", &bundle.display().to_string(), "clone"]);
        std::fs::rename(aside.path().join("clone"), &target).expect("a folder of the same disk");
    }
    target
}

/// Walks a tree: how many folders, and how many files of a name.
fn walk(tree: &dyn Tree, name: &str) -> (usize, usize) {
    let (mut folders, mut files) = (0, 0);
    let mut waiting = vec![String::new()];
    while let Some(folder) = waiting.pop() {
        folders += 1;
        for entry in tree.list(&folder).expect("listed") {
            match entry.kind {
                Kind::Folder => waiting.push(tree::join(&folder, &entry.name)),
                _ => files += usize::from(entry.name == name),
            }
        }
    }
    (folders, files)
}

#[test]
#[expect(clippy::print_stderr, reason = "says that it did not run, and how long reading took")]
fn the_real_history_agrees_with_git() {
    let Some(bundle) = bundle() else {
        eprintln!("not run: no enhancements.bundle; SIGNOFF_CORPORA names its folder");
        return;
    };
    let folder = clone(&bundle);
    let repository = Repository::open(&folder).expect("a repository");
    for (when, before) in [("2024-06-01", "2024-06-02T12:00:00Z"), ("2026-02-12T12:00Z", "2026-02-12T12:00:00Z")] {
        let started = Instant::now();
        let commit = repository.commit_at(&When::parse(when)).expect("a commit");
        let found = started.elapsed();
        let tree = repository.tree(&commit).expect("a tree");
        let (folders, files) = walk(&tree, "kep.yaml");
        let walked = started.elapsed() - found;
        let limit = format!("--before={before}");
        assert_eq!(commit.id, git(&folder, &["rev-list", "--first-parent", "-1", &limit, "HEAD"]), "{when}");
        let listed = git(&folder, &["ls-tree", "-r", "--name-only", &commit.id]);
        assert_eq!(files, listed.lines().filter(|path| path.ends_with("/kep.yaml")).count(), "{when}");
        eprintln!("{when}: {files} kep.yaml, commit in {found:?}, {folders} folders in {walked:?}");
    }
}
