//! Which files differ from where a branch began.

use signoff_history::{Error, Repository};

use crate::scratch::Scratch;

fn changed(scratch: &Scratch, revision: &str) -> Vec<String> {
    let repository = Repository::open(scratch.path()).expect("a repository");
    repository.changed_since(revision).expect("a comparison")
}

/// A repository with a branch `topic` that began at `main`'s first commit.
fn branched() -> Scratch {
    let scratch = Scratch::new();
    for name in ["committed", "edited", "deleted", "removed", "same", "folder/inner", "mode"] {
        scratch.write(name, format!("{name} at first\n"));
    }
    scratch.write(".gitignore", "ignored\n/target/\n");
    scratch.commit("2026-03-01T00:00:00Z");
    scratch.git(&["checkout", "-q", "-b", "topic"]);
    scratch.git(&["checkout", "-q", "main"]);
    scratch.write("same", "changed on main only\n");
    scratch.commit("2026-03-02T00:00:00Z");
    scratch.git(&["checkout", "-q", "topic"]);
    scratch
}

#[test]
fn nothing_changed_where_nothing_was_done() {
    let scratch = branched();
    for revision in ["main", "HEAD", "topic"] {
        assert!(changed(&scratch, revision).is_empty(), "{revision}");
    }
}

#[test]
fn committed_edited_deleted_and_new_files() {
    let scratch = branched();
    scratch.write("committed", "other text\n");
    scratch.git(&["rm", "-q", "removed"]);
    scratch.commit("2026-03-03T00:00:00Z");
    // The same length, within the same second: only its content tells.
    scratch.write("edited", "edited at fir5t\n");
    std::fs::remove_file(scratch.at("deleted")).expect("it was there");
    scratch.write("new/file", "1");
    scratch.write("added", "1");
    scratch.git(&["add", "added"]);
    scratch.write("ignored", "1");
    scratch.write("target/debug/x", "1");
    scratch.write("folder/inner", "folder/inner at first\n");
    let expected = ["added", "committed", "deleted", "edited", "new/file", "removed"];
    assert_eq!(changed(&scratch, "main"), expected);
    assert_eq!(changed(&scratch, "HEAD"), ["added", "deleted", "edited", "new/file"]);
}

#[test]
fn what_was_changed_back_is_not_changed() {
    let scratch = branched();
    scratch.write("edited", "other\n");
    scratch.commit("2026-03-03T00:00:00Z");
    scratch.write("edited", "edited at first\n");
    assert!(changed(&scratch, "main").is_empty());
    scratch.git(&["rm", "-q", "--cached", "same"]);
    assert!(changed(&scratch, "main").is_empty(), "untracked, but the same");
}

#[test]
fn a_file_known_to_git_counts_although_it_is_ignored() {
    let scratch = branched();
    scratch.write("target/kept", "1");
    scratch.git(&["add", "-f", "target/kept"]);
    scratch.commit_index("2026-03-03T00:00:00Z");
    assert_eq!(changed(&scratch, "main"), ["target/kept"]);
    scratch.write("target/kept", "2");
    assert_eq!(changed(&scratch, "HEAD"), ["target/kept"]);
}

#[test]
fn a_folder_in_place_of_a_file_and_the_other_way() {
    let scratch = branched();
    std::fs::remove_file(scratch.at("same")).expect("it was there");
    scratch.write("same/inner", "1");
    std::fs::remove_dir_all(scratch.at("folder")).expect("it was there");
    scratch.write("folder", "1");
    assert_eq!(changed(&scratch, "main"), ["folder", "folder/inner", "same", "same/inner"]);
}

#[cfg(unix)]
#[test]
fn links_are_their_targets_and_modes_are_no_content() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = branched();
    scratch.link("link", "same");
    scratch.link("turned", "same");
    scratch.commit("2026-03-03T00:00:00Z");
    assert!(changed(&scratch, "HEAD").is_empty());
    std::fs::remove_file(scratch.at("turned")).expect("it was there");
    scratch.link("turned", "mode");
    std::fs::set_permissions(scratch.at("mode"), std::fs::Permissions::from_mode(0o755)).expect("a mode");
    std::fs::rename(scratch.at("folder"), scratch.at("elsewhere")).expect("a folder");
    scratch.link("folder", "elsewhere");
    assert_eq!(changed(&scratch, "HEAD"), ["elsewhere/inner", "folder", "folder/inner", "turned"]);
}

#[test]
fn what_is_not_checked_out_is_not_deleted() {
    let scratch = branched();
    scratch.write("other/file", "1");
    scratch.commit("2026-03-03T00:00:00Z");
    for sparse_index in ["--no-sparse-index", "--sparse-index"] {
        scratch.git(&["sparse-checkout", "set", "--cone", sparse_index, "folder"]);
        assert!(!scratch.at("other/file").exists());
        assert_eq!(changed(&scratch, "main"), ["other/file"], "{sparse_index}");
        assert!(changed(&scratch, "HEAD").is_empty(), "{sparse_index}");
    }
}

#[test]
fn a_merge_that_is_not_done() {
    let scratch = branched();
    scratch.write("same", "changed on topic\n");
    scratch.commit("2026-03-03T00:00:00Z");
    assert!(!scratch.can_git(&["merge", "-q", "main"]), "the merge stops");
    assert_eq!(changed(&scratch, "HEAD"), ["same"]);
}

#[test]
fn files_of_another_repository_are_its_own() {
    let scratch = branched();
    scratch.git(&["init", "-q", "nested"]);
    scratch.write("nested/file", "1");
    assert!(changed(&scratch, "HEAD").is_empty());
}

#[test]
fn what_cannot_be_compared_says_why() {
    let scratch = branched();
    let fails = |folder: &str, revision: &str| {
        let repository = Repository::open(scratch.at(folder)).expect("a repository");
        repository.changed_since(revision).expect_err("no comparison")
    };
    assert!(matches!(fails("", "nope"), Error::UnknownRevision { .. }));
    scratch.git(&["clone", "-q", "--bare", ".", "bare.git"]);
    assert!(matches!(fails("bare.git", "main"), Error::NoWorkTree { .. }));
    scratch.git(&["checkout", "-q", "--orphan", "lonely"]);
    scratch.commit_index("2026-03-04T00:00:00Z");
    assert!(matches!(fails("", "main"), Error::Unrelated { .. }));
    scratch.git(&["checkout", "-q", "topic"]);
    scratch.commit_index("2026-03-05T00:00:00Z");
    let url = format!("file://{}", scratch.path().display());
    scratch.git(&["clone", "-q", "--depth", "1", "--no-single-branch", &url, "shallow"]);
    let error = fails("shallow", "origin/main");
    assert!(matches!(&error, Error::ShallowClone { .. }), "{error}");
}
