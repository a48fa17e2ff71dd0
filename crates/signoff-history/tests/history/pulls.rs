//! Heads of pull requests: which are open at an instant, and what they change.

use signoff_history::{Error, History, Pulls, Recorded, Repository, When};
use signoff_model::Tree as _;

use crate::scratch::Scratch;

const FIRST: &str = "2026-03-01T00:00:00Z";
const LATER: &str = "2026-06-01T00:00:00Z";

/// A main branch with two files, each of two lines.
fn base() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("keps/a/kep.yaml", "title: a\nstatus: provisional\n");
    scratch.write("keps/b/kep.yaml", "title: b\nstatus: provisional\n");
    scratch.commit(FIRST);
    scratch
}

/// Makes a branch from what is checked out, runs `work` on it, fetches it as a pull request, and goes back.
fn pull(scratch: &Scratch, number: u32, work: impl FnOnce()) -> String {
    scratch.git(&["checkout", "-q", "-b", &format!("branch-{number}")]);
    work();
    let head = scratch.git(&["rev-parse", "HEAD"]);
    scratch.git(&["update-ref", &format!("refs/pull/{number}/head"), &head]);
    scratch.git(&["checkout", "-q", "main"]);
    head
}

fn pulls_at(scratch: &Scratch, when: &str) -> Pulls {
    let repository = Repository::open(scratch.path()).expect("a repository");
    let when = When::parse(when);
    let main = repository.commit_at(&when).expect("a commit");
    repository.pulls(&main, when.instant().expect("an instant")).expect("pulls")
}

/// Number and changed paths of each.
fn open_at(scratch: &Scratch, when: &str) -> Vec<String> {
    let pulls = pulls_at(scratch, when);
    assert!(pulls.unread.is_empty(), "{:?}", pulls.unread);
    pulls.open.into_iter().map(|pull| format!("{} {}", pull.number, pull.paths.join(" "))).collect()
}

#[test]
fn what_a_pull_request_changes() {
    let scratch = base();
    let id = scratch.git(&["rev-parse", "HEAD"]);
    let head = pull(&scratch, 12, || {
        scratch.write("keps/a/kep.yaml", "title: a\nstatus: implementable\n");
        scratch.commit("2026-03-02T00:00:00Z");
        scratch.write("keps/c/kep.yaml", "title: c\n");
        std::fs::remove_file(scratch.at("keps/b/kep.yaml")).expect("a file");
        scratch.commit("2026-03-04T00:00:00Z");
    });
    pull(&scratch, 9, || {
        scratch.write("keps/a/more/deep.md", "text");
        scratch.commit("2026-03-05T00:00:00Z");
    });
    scratch.write("keps/d/kep.yaml", "title: d\n");
    scratch.commit("2026-03-03T00:00:00Z");
    assert_eq!(
        open_at(&scratch, LATER),
        ["9 keps/a/more/deep.md", "12 keps/a/kep.yaml keps/b/kep.yaml keps/c/kep.yaml"]
    );
    let found = &pulls_at(&scratch, LATER).open[1];
    assert_eq!((&found.head.id, &found.base.id, &*found.reference), (&head, &id, "refs/pull/12/head"));
    // What was not committed yet is not known.
    assert_eq!(open_at(&scratch, "2026-03-03T00:00:00Z"), ["12 keps/a/kep.yaml"]);
    assert_eq!(open_at(&scratch, "2026-03-01T12:00:00Z"), [""; 0]);
}

#[test]
fn a_merged_pull_request_is_open_before_the_merge_alone() {
    let scratch = base();
    pull(&scratch, 1, || {
        scratch.write("keps/a/kep.yaml", "title: a\nstatus: implementable\n");
        scratch.commit("2026-03-02T00:00:00Z");
    });
    scratch.git_at("2026-03-05T00:00:00Z", "Ada", "a@b", &["merge", "-q", "--no-ff", "-m", "merge", "branch-1"]);
    assert_eq!(open_at(&scratch, "2026-03-04T00:00:00Z"), ["1 keps/a/kep.yaml"]);
    assert_eq!(open_at(&scratch, "2026-03-05T00:00:00Z"), [""; 0]);
    let repository = Repository::open(scratch.path()).expect("a repository");
    let at = |revision: &str| repository.commit_at(&When::Revision(revision.to_owned())).expect("a commit");
    let fork = repository.fork(&at("refs/pull/1/head"), &at("main")).expect("a common commit");
    assert_eq!(fork, at("main^1"), "also of one that was merged");
}

#[test]
fn a_squashed_or_rebased_pull_request_is_merged() {
    let scratch = base();
    let text = "title: a\nstatus: implementable\n";
    for number in [1, 2] {
        pull(&scratch, number, || {
            scratch.write("keps/a/kep.yaml", text);
            scratch.commit("2026-03-02T00:00:00Z");
            if number == 2 {
                scratch.write("keps/b/README.md", "more");
                scratch.commit("2026-03-02T01:00:00Z");
            }
        });
    }
    scratch.write("keps/a/kep.yaml", text);
    scratch.commit("2026-03-05T00:00:00Z");
    assert_eq!(open_at(&scratch, "2026-03-04T00:00:00Z").len(), 2);
    // What is in the main branch is no change any more.
    assert_eq!(open_at(&scratch, "2026-03-05T00:00:00Z"), ["2 keps/b/README.md"]);
    // Neither is what the main branch had and has changed since.
    scratch.write("keps/a/kep.yaml", "title: a\nstatus: implemented\n");
    scratch.commit("2026-03-06T00:00:00Z");
    assert_eq!(open_at(&scratch, "2026-03-06T00:00:00Z"), ["2 keps/b/README.md"]);
}

#[test]
fn a_return_to_what_was_before_the_branch_is_a_change() {
    let scratch = base();
    scratch.write("keps/a/kep.yaml", "title: a\nstatus: implementable\n");
    scratch.commit("2026-03-02T00:00:00Z");
    pull(&scratch, 1, || {
        scratch.write("keps/a/kep.yaml", "title: a\nstatus: provisional\n");
        scratch.commit("2026-03-03T00:00:00Z");
    });
    assert_eq!(open_at(&scratch, LATER), ["1 keps/a/kep.yaml"]);
}

#[test]
fn what_a_branch_took_from_main_is_not_its_own() {
    let scratch = base();
    scratch.git(&["checkout", "-q", "-b", "branch-1"]);
    scratch.write("keps/a/kep.yaml", "title: a\nstatus: implementable\n");
    scratch.commit("2026-03-02T00:00:00Z");
    scratch.git(&["checkout", "-q", "main"]);
    scratch.write("keps/b/kep.yaml", "title: b\nstatus: implementable\n");
    let second = scratch.commit("2026-03-03T00:00:00Z");
    scratch.git(&["checkout", "-q", "branch-1"]);
    scratch.git_at("2026-03-04T00:00:00Z", "Ada", "a@b", &["merge", "-q", "--no-ff", "-m", "merge", "main"]);
    scratch.git(&["update-ref", "refs/remotes/origin/pr/1", "HEAD"]);
    scratch.git(&["checkout", "-q", "main"]);
    scratch.write("keps/b/kep.yaml", "title: b\nstatus: implemented\n");
    scratch.commit("2026-03-05T00:00:00Z");
    let pulls = pulls_at(&scratch, LATER);
    assert_eq!((&*pulls.open[0].base.id, pulls.open[0].paths.join(" ")), (&*second, "keps/a/kep.yaml".to_owned()));
    // Before the branch took it, and before the main branch had it.
    assert_eq!(open_at(&scratch, "2026-03-02T12:00:00Z"), ["1 keps/a/kep.yaml"]);
    let merged = pulls_at(&scratch, "2026-03-03T12:00:00Z");
    assert_eq!(merged.open[0].base.at.to_string(), FIRST);
}

/// Somebody merged the branch into a newer main branch: its own commits are behind the second parent.
#[test]
fn a_head_that_is_newer_goes_back_along_its_own_branch() {
    let scratch = base();
    pull(&scratch, 2, || {
        scratch.write("keps/b/kep.yaml", "title: b\nstatus: other\n");
        scratch.commit("2026-03-02T00:00:00Z");
    });
    scratch.git_at("2026-03-10T00:00:00Z", "Ada", "a@b", &["merge", "-q", "--no-ff", "-m", "merge", "branch-2"]);
    scratch.git(&["checkout", "-q", "-b", "branch-1", "main~1"]);
    scratch.write("keps/a/kep.yaml", "title: a\nstatus: implementable\n");
    scratch.commit("2026-03-02T00:00:00Z");
    scratch.git(&["checkout", "-q", "--detach", "main"]);
    scratch.git_at("2026-03-11T00:00:00Z", "Ada", "a@b", &["merge", "-q", "--no-ff", "-m", "merge", "branch-1"]);
    scratch.git(&["update-ref", "refs/pull/1/head", "HEAD"]);
    scratch.git(&["checkout", "-q", "main"]);
    assert_eq!(open_at(&scratch, "2026-03-05T00:00:00Z"), ["1 keps/a/kep.yaml", "2 keps/b/kep.yaml"]);
}

#[test]
fn one_request_under_several_names_counts_once() {
    let scratch = base();
    let head = pull(&scratch, 7, || {
        scratch.write("x", "1");
        scratch.commit("2026-03-02T00:00:00Z");
    });
    for name in
        ["refs/remotes/a/pr/7", "refs/remotes/b/pull/7/head", "refs/merge-requests/007/head", "refs/pull/8/merge"]
    {
        scratch.git(&["update-ref", name, &head]);
    }
    assert_eq!(open_at(&scratch, LATER), ["7 x"]);
    assert_eq!(pulls_at(&scratch, LATER).open[0].reference, "refs/pull/7/head");
}

#[test]
fn heads_that_cannot_be_read_hide_no_others() {
    let scratch = base();
    pull(&scratch, 1, || {
        scratch.write("x", "1");
        scratch.commit("2026-03-02T00:00:00Z");
    });
    let blob = scratch.git(&["rev-parse", "HEAD:keps/a/kep.yaml"]);
    scratch.git(&["update-ref", "refs/pull/2/head", &blob]);
    scratch.git(&["tag", "-a", "-m", "a tag of a tree", "odd", "HEAD^{tree}"]);
    let tag = scratch.git(&["rev-parse", "odd"]);
    scratch.git(&["update-ref", "refs/pull/3/head", &tag]);
    for number in [4, 5] {
        std::fs::create_dir_all(scratch.at(&format!(".git/refs/pull/{number}"))).expect("a folder");
    }
    std::fs::write(scratch.at(".git/refs/pull/4/head"), format!("{}\n", "1".repeat(40))).expect("a file");
    std::fs::write(scratch.at(".git/refs/pull/5/head"), "no reference\n").expect("a file");
    scratch.git(&["symbolic-ref", "refs/pull/6/head", "refs/pull/6/head"]);
    let pulls = pulls_at(&scratch, LATER);
    assert_eq!(pulls.open.iter().map(|pull| &*pull.number).collect::<Vec<_>>(), ["1"]);
    let unread: Vec<Option<&str>> = pulls.unread.iter().map(|unread| unread.number.as_deref()).collect();
    assert_eq!(unread, [None, Some("2"), Some("3"), Some("4")]);
    assert!(matches!(pulls.unread[3].error, Error::MissingObject { .. }), "{}", pulls.unread[3].error);
}

#[test]
fn a_head_without_a_common_commit_is_unread() {
    let scratch = base();
    scratch.git(&["checkout", "-q", "--orphan", "other"]);
    let other = scratch.commit("2026-03-02T00:00:00Z");
    scratch.git(&["update-ref", "refs/pull/1/head", &other]);
    scratch.git(&["checkout", "-q", "main"]);
    let pulls = pulls_at(&scratch, LATER);
    assert!(matches!(&pulls.unread[0].error, Error::Unrelated { .. }), "{:?}", pulls.unread);
}

#[test]
fn a_shallow_clone_says_which_heads_it_cannot_compare() {
    let scratch = base();
    pull(&scratch, 1, || {
        scratch.write("x", "1");
        scratch.commit("2026-03-02T00:00:00Z");
    });
    scratch.commit("2026-03-03T00:00:00Z");
    pull(&scratch, 2, || {
        scratch.write("y", "1");
        scratch.commit("2026-03-04T00:00:00Z");
    });
    let url = format!("file://{}", scratch.path().display());
    let shallow = Scratch::new();
    shallow.git(&["fetch", "-q", "--depth", "1", &url, "main:refs/heads/main", "--update-head-ok"]);
    shallow.git(&["fetch", "-q", "--depth", "2", &url, "refs/pull/2/head:refs/pull/2/head"]);
    shallow.git(&["fetch", "-q", "--depth", "1", &url, "refs/pull/1/head:refs/pull/1/head"]);
    let pulls = pulls_at(&shallow, LATER);
    assert_eq!(pulls.open.iter().map(|pull| &*pull.number).collect::<Vec<_>>(), ["2"]);
    assert!(matches!(&pulls.unread[0].error, Error::ShallowClone { .. }), "{:?}", pulls.unread);
}

#[test]
fn the_files_as_if_a_pull_request_had_been_merged() {
    let scratch = base();
    scratch.write("keps/b/img/x.png", "1");
    scratch.commit("2026-03-01T12:00:00Z");
    pull(&scratch, 1, || {
        scratch.write("keps/a/kep.yaml", "title: a\nstatus: implementable\n");
        scratch.write("keps/c/deep/er.md", "new");
        std::fs::remove_dir_all(scratch.at("keps/b")).expect("a folder");
        scratch.commit("2026-03-02T00:00:00Z");
    });
    scratch.write("keps/d/kep.yaml", "title: d\n");
    scratch.commit("2026-03-03T00:00:00Z");
    let repository = Repository::open(scratch.path()).expect("a repository");
    let main = repository.commit_at(&When::parse("main")).expect("a commit");
    let pull = repository.pulls(&main, main.at).expect("pulls").open.remove(0);
    let tree = repository.merged_tree(&main, &pull).expect("a tree");
    scratch.git(&["checkout", "-q", "-b", "merged"]);
    scratch.git(&["merge", "-q", "--no-ff", "-m", "merge", "branch-1"]);
    let merged = repository.commit_at(&When::parse("merged")).expect("a commit");
    let merged = repository.tree(&merged).expect("a tree");
    assert_eq!(tree.content_id(""), merged.content_id(""), "the same root as git makes");
    for path in ["keps/a/kep.yaml", "keps/b/kep.yaml", "keps/c/deep/er.md", "keps/d/kep.yaml"] {
        assert_eq!(tree.read(path), merged.read(path), "{path}");
    }
    assert_eq!(tree.list("keps"), merged.list("keps"));
    assert_eq!(tree.below("keps").expect("a folder").read("c/deep/er.md").as_deref(), Ok(b"new".as_slice()));
}

/// A file that the main branch changed as well has both changes, as git merges it; where they contradict each other it
/// is as at the head, and so is one that one of them removed.
#[test]
fn what_both_changed_is_put_together() {
    let scratch = base();
    let text = |first: &str, last: &str| format!("title: {first}\nnumber: 1\nowner: x\nstatus: {last}\n");
    for path in ["both", "contradicting", "removed", "kept"] {
        scratch.write(path, text("a", "provisional"));
    }
    scratch.commit("2026-03-01T12:00:00Z");
    pull(&scratch, 1, || {
        scratch.write("both", text("a", "implementable"));
        scratch.write("contradicting", text("b", "implementable"));
        scratch.write("removed", text("a", "implementable"));
        std::fs::remove_file(scratch.at("kept")).expect("a file");
        scratch.commit("2026-03-02T00:00:00Z");
    });
    scratch.write("both", text("c", "provisional"));
    scratch.write("contradicting", text("c", "provisional"));
    scratch.write("kept", text("c", "provisional"));
    std::fs::remove_file(scratch.at("removed")).expect("a file");
    scratch.commit("2026-03-03T00:00:00Z");
    let repository = Repository::open(scratch.path()).expect("a repository");
    let main = repository.commit_at(&When::parse("main")).expect("a commit");
    let pull = repository.pulls(&main, main.at).expect("pulls").open.remove(0);
    assert_eq!(pull.changed_by_both, ["both", "contradicting", "kept", "removed"]);
    let tree = repository.merged_tree(&main, &pull).expect("a tree");
    for (path, expected) in [
        ("both", Some(text("c", "implementable"))),
        ("contradicting", Some(text("b", "implementable"))),
        ("removed", Some(text("a", "implementable"))),
        ("kept", None),
    ] {
        assert_eq!(tree.read(path).ok(), expected.map(String::into_bytes), "{path}");
    }
    scratch.write("merge-base", text("a", "provisional"));
    scratch.write("head", text("a", "implementable"));
    let by_git = scratch.git(&["merge-file", "-p", "both", "merge-base", "head"]) + "\n";
    assert_eq!(tree.read("both"), Ok(by_git.into_bytes()));
}

#[test]
fn the_sample_has_none() {
    let sample = Recorded::sample();
    let main = sample.commit_at(&When::parse("HEAD")).expect("a commit");
    let pulls = sample.pulls(&main, main.at).expect("pulls");
    assert!(pulls.open.is_empty() && pulls.unread.is_empty());
}
