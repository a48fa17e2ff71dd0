//! The files of a commit.

use signoff_history::{Error, GitTree, Repository, When};
use signoff_model::Tree;
use signoff_model::tree::{Kind, ReadError};

use crate::scratch::Scratch;

fn tree_at(scratch: &Scratch, when: &str) -> GitTree {
    let repository = Repository::open(scratch.path()).expect("a repository");
    let commit = repository.commit_at(&When::parse(when)).expect("a commit");
    repository.tree(&commit).expect("its files")
}

fn names(tree: &dyn Tree, folder: &str) -> Vec<(String, Kind)> {
    tree.list(folder).expect("listed").into_iter().map(|entry| (entry.name, entry.kind)).collect()
}

#[test]
fn folders_are_sorted_by_name_and_files_read() {
    let scratch = Scratch::new();
    scratch.write("a/x", "1");
    scratch.write("a.b", "2");
    scratch.write("a-b/y/z", "3");
    scratch.commit("2026-03-01T00:00:00Z");
    let tree = tree_at(&scratch, "HEAD");
    let expected = [("a", Kind::Folder), ("a-b", Kind::Folder), ("a.b", Kind::File)];
    assert_eq!(names(&tree, ""), expected.map(|(name, kind)| (name.to_owned(), kind)));
    assert_eq!(tree.read("a-b/y/z").as_deref(), Ok(b"3".as_slice()));
    assert_eq!(tree.kind(""), Some(Kind::Folder));
    assert_eq!(tree.kind("a-b/y"), Some(Kind::Folder));
    assert_eq!(tree.kind("a/x"), Some(Kind::File));
    assert_eq!(tree.kind("a/x/y"), None);
    for missing in ["a/nope", "nope/x", "a//x", "/a/x", "a/x/", "./a.b", "a/../a.b", "..", "a/x/y"] {
        assert_eq!(tree.read(missing), Err(ReadError::Missing), "{missing}");
        assert!(tree.list(missing).expect("listed").is_empty(), "{missing}");
    }
    assert_eq!(tree.read("a"), Err(ReadError::NotAFile));
    assert_eq!(tree.read(""), Err(ReadError::NotAFile));
}

#[test]
fn a_file_is_where_it_was_before_it_was_renamed() {
    let scratch = Scratch::new();
    scratch.write("old/kep.yaml", "title: x\n");
    scratch.commit("2026-03-01T00:00:00Z");
    scratch.git(&["mv", "old", "new"]);
    scratch.commit("2026-03-02T00:00:00Z");
    let (before, after) = (tree_at(&scratch, "2026-03-01T12:00Z"), tree_at(&scratch, "2026-03-02T12:00Z"));
    assert_eq!(names(&before, ""), [("old".to_owned(), Kind::Folder)]);
    assert_eq!(names(&after, ""), [("new".to_owned(), Kind::Folder)]);
    assert_eq!(before.read("old/kep.yaml"), after.read("new/kep.yaml"));
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_tree_only() {
    let scratch = Scratch::new();
    scratch.write("docs/real.md", "text");
    scratch.link("docs/sub/up.md", "../real.md");
    scratch.link("docs/chain.md", "sub/./up.md");
    scratch.link("folder", "docs/sub");
    scratch.link("out", "../etc/passwd");
    scratch.link("docs/sub/out", "../../../../etc/passwd");
    scratch.link("root", "/etc/passwd");
    scratch.link("gone", "docs/nope");
    scratch.link("below-file", "docs/real.md/x");
    scratch.link("circle", "circle");
    scratch.link("to-folder", "docs");
    scratch.link("hop0", "docs/real.md");
    for hop in 1..=8 {
        scratch.link(&format!("hop{hop}"), &format!("hop{}", hop - 1));
    }
    scratch.commit("2026-03-01T00:00:00Z");
    let tree = tree_at(&scratch, "HEAD");
    for path in ["docs/sub/up.md", "docs/chain.md", "folder/up.md", "hop0", "hop7", "to-folder/real.md"] {
        assert_eq!(tree.read(path).as_deref(), Ok(b"text".as_slice()), "{path}");
    }
    let bad = [
        ("out", "../etc/passwd"),
        ("docs/sub/out", "../../../../etc/passwd"),
        ("root", "/etc/passwd"),
        ("gone", "docs/nope"),
        ("below-file", "docs/real.md/x"),
        ("circle", "circle"),
        ("hop8", "hop7"),
    ];
    for (path, target) in bad {
        assert_eq!(tree.read(path), Err(ReadError::BadLink(target.to_owned())), "{path}");
    }
    assert_eq!(tree.read("to-folder"), Err(ReadError::NotAFile));
    assert_eq!(tree.kind("folder"), Some(Kind::Link));
    assert_eq!(tree.kind("folder/up.md"), Some(Kind::Link));
    assert_eq!(names(&tree, "folder").len(), 2);
    let docs = tree.below("docs").expect("a folder");
    assert_eq!(docs.read("sub/up.md").as_deref(), Ok(b"text".as_slice()));
    assert!(matches!(tree.below("nope"), Err(ReadError::Missing)));
    let sub = tree.below("folder").expect("a folder behind a link");
    assert_eq!(sub.read("up.md"), Err(ReadError::BadLink("../real.md".to_owned())));
}

#[test]
fn a_huge_file_is_not_read() {
    let scratch = Scratch::new();
    let limit = signoff_model::source::SIZE_MAX;
    scratch.write("fits", vec![b'a'; limit]);
    scratch.write("huge", vec![b'a'; limit + 1]);
    scratch.commit("2026-03-01T00:00:00Z");
    let tree = tree_at(&scratch, "HEAD");
    assert_eq!(tree.read("fits").map(|bytes| bytes.len()), Ok(limit));
    assert_eq!(tree.read("huge"), Err(ReadError::TooLarge(limit as u64 + 1)));
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text_are_read_by_what_is_listed() {
    use std::os::unix::ffi::OsStrExt;
    let scratch = Scratch::new();
    std::fs::write(scratch.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9")), "1").expect("a file");
    scratch.commit("2026-03-01T00:00:00Z");
    let tree = tree_at(&scratch, "HEAD");
    let name = &tree.list("").expect("listed")[0].name;
    assert_eq!(name, "caf\u{fffd}");
    assert_eq!(tree.read(name).as_deref(), Ok(b"1".as_slice()));
}

#[test]
fn another_repository_inside_is_a_folder_of_which_nothing_is_known() {
    let inner = Scratch::new();
    inner.write("x", "1");
    inner.commit("2026-03-01T00:00:00Z");
    let scratch = Scratch::new();
    scratch.git(&["submodule", "-q", "add", &inner.path().display().to_string(), "inner"]);
    scratch.commit("2026-03-02T00:00:00Z");
    let tree = tree_at(&scratch, "HEAD");
    assert_eq!(tree.kind("inner"), Some(Kind::Folder));
    assert!(tree.list("inner").expect("listed").is_empty());
    assert_eq!(tree.read("inner/x"), Err(ReadError::Missing));
}

#[test]
fn objects_that_are_not_in_the_clone_are_no_empty_folders() {
    let scratch = Scratch::new();
    scratch.write("keps/a/kep.yaml", "title: x\n");
    let id = scratch.commit("2026-03-01T00:00:00Z");
    scratch.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", scratch.path().display());
    let open = |filter: &str, name: &str| {
        scratch.git(&["clone", "-q", "--bare", "--filter", filter, &url, name]);
        let repository = Repository::open(scratch.at(name)).expect("a repository");
        let commit = repository.commit_at(&When::parse("HEAD")).expect("a commit");
        assert_eq!(commit.id, id);
        repository.tree(&commit)
    };
    for (filter, name) in [("tree:0", "none"), ("tree:2", "some")] {
        let error = open(filter, name).err().expect("folders are missing");
        assert!(matches!(&error, Error::MissingObject { .. }), "{filter}: {error}");
    }
    let tree = open("blob:none", "folders").expect("every folder is there");
    assert_eq!(tree.kind("keps/a/kep.yaml"), Some(Kind::File));
    let refused = tree.read("keps/a/kep.yaml");
    assert!(matches!(&refused, Err(ReadError::Refused(words)) if words.contains("not in this clone")), "{refused:?}");
}

#[test]
fn many_threads_read_one_tree() {
    let scratch = Scratch::new();
    for number in 0..200 {
        scratch.write(&format!("keps/{number}/kep.yaml"), format!("title: {number}\n"));
    }
    scratch.commit("2026-03-01T00:00:00Z");
    let tree = tree_at(&scratch, "HEAD");
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                for entry in tree.list("keps").expect("listed") {
                    let text = tree.read(&format!("keps/{}/kep.yaml", entry.name)).expect("a file");
                    assert_eq!(text, format!("title: {}\n", entry.name).into_bytes());
                }
            });
        }
    });
}
