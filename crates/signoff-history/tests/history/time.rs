//! Which commit answers for which instant.

use signoff_history::{Error, Repository, When};

use crate::scratch::Scratch;

fn id_at(scratch: &Scratch, when: &str) -> String {
    let repository = Repository::open(scratch.path()).expect("a repository");
    repository.commit_at(&When::parse(when)).expect(when).id
}

fn error_at(repository: &Repository, when: &str) -> Error {
    repository.commit_at(&When::parse(when)).expect_err(when)
}

#[test]
fn the_state_at_a_date_or_instant() {
    let scratch = Scratch::new();
    let first = scratch.commit("2026-02-10T08:00:00Z");
    let second = scratch.commit("2026-02-12T12:00:00Z");
    let third = scratch.commit("2026-02-13T12:00:00+00:00");
    let fourth = scratch.commit("2026-02-13T14:00:01+02:00");
    let cases = [
        ("2026-02-10", &first),
        ("2026-02-11", &second),
        ("2026-02-12", &third),
        ("2026-02-13", &fourth),
        ("2027-01-01", &fourth),
        ("2026-02-12T11:59Z", &first),
        ("2026-02-12T12:00Z", &second),
        ("2026-02-12T14:00:00+02:00", &second),
        ("2026-02-13T12:00:00Z", &third),
    ];
    for (when, expected) in cases {
        assert_eq!(&id_at(&scratch, when), expected, "{when}");
    }
    let repository = Repository::open(scratch.path()).expect("a repository");
    let at = repository.commit_at(&When::parse("2026-02-13")).expect("a commit").at;
    assert_eq!(at.to_string(), "2026-02-13T12:00:01Z");
    let error = error_at(&repository, "2026-02-08");
    assert!(matches!(&error, Error::BeforeHistory { .. }), "{error}");
    assert!(error.to_string().contains("begins on 2026-02-10T08:00:00Z"), "{error}");
}

#[test]
fn a_merge_counts_from_the_day_it_reached_the_main_branch() {
    let scratch = Scratch::new();
    let first = scratch.commit("2026-03-01T00:00:00Z");
    scratch.git(&["checkout", "-q", "-b", "side"]);
    scratch.write("side", "1");
    scratch.commit("2026-03-02T00:00:00Z");
    scratch.git(&["checkout", "-q", "main"]);
    let second = scratch.commit("2026-03-03T00:00:00Z");
    scratch.git_at("2026-03-05T00:00:00Z", "Ada", "a@b", &["merge", "-q", "--no-ff", "-m", "merge", "side"]);
    let merge = scratch.git(&["rev-parse", "HEAD"]);
    let cases = [("2026-03-02T12:00Z", &first), ("2026-03-04T00:00Z", &second), ("2026-03-05T00:00Z", &merge)];
    for (when, expected) in cases {
        assert_eq!(&id_at(&scratch, when), expected, "{when}");
    }
}

#[test]
fn a_clock_that_ran_ahead_hides_what_came_before_the_answer_only() {
    let scratch = Scratch::new();
    let first = scratch.commit("2026-03-01T00:00:00Z");
    scratch.commit("2027-01-01T00:00:00Z");
    let third = scratch.commit("2026-03-03T00:00:00Z");
    assert_eq!(id_at(&scratch, "2026-03-04T00:00Z"), third);
    assert_eq!(id_at(&scratch, "2026-03-02T00:00Z"), first);
}

#[test]
fn revisions() {
    let scratch = Scratch::new();
    let first = scratch.commit("2026-03-01T00:00:00Z");
    scratch.git(&["tag", "-a", "-m", "a tag", "v1.0"]);
    let second = scratch.commit("2026-03-02T00:00:00Z");
    scratch.git(&["update-ref", "refs/pull/5526/head", &first]);
    scratch.git(&["tag", "2026-03-09", &first]);
    let cases = [
        ("HEAD", &second),
        ("HEAD~1", &first),
        ("HEAD^", &first),
        ("main", &second),
        ("v1.0", &first),
        ("refs/pull/5526/head", &first),
        (&second[..10], &second),
    ];
    for (when, expected) in cases {
        assert_eq!(&id_at(&scratch, when), expected, "{when}");
    }
    let repository = Repository::open(scratch.path()).expect("a repository");
    for when in ["nope", "HEAD~9", "main..v1.0", "HEAD:", "2026-02-30", "", "\u{0}", "0000000"] {
        let error = error_at(&repository, when);
        assert!(matches!(&error, Error::UnknownRevision { .. }), "{when}: {error}");
        assert!(error.to_string().contains("give a date"), "{error}");
    }
}

#[test]
fn the_repository_is_found_from_inside() {
    let scratch = Scratch::new();
    scratch.write("keps/sig-a/1-x/kep.yaml", "title: x\n");
    let id = scratch.commit("2026-03-01T00:00:00Z");
    let root = scratch.path().canonicalize().expect("a path");
    for place in ["", "keps/sig-a"] {
        let repository = Repository::open(scratch.at(place)).expect("a repository");
        assert_eq!(repository.workdir(), Some(root.as_path()), "{place}");
        assert_eq!(repository.commit_at(&When::parse("HEAD")).expect("a commit").id, id);
    }
    let bare = scratch.at("bare.git");
    scratch.git(&["clone", "-q", "--bare", ".", "bare.git"]);
    let repository = Repository::open(&bare).expect("a repository");
    assert_eq!(repository.workdir(), None);
    assert_eq!(repository.commit_at(&When::parse("2026-03-01")).expect("a commit").id, id);
    scratch.git(&["worktree", "add", "-q", "other", "HEAD"]);
    let repository = Repository::open(scratch.at("other")).expect("a repository");
    assert_eq!(repository.workdir(), Some(root.join("other").as_path()));
}

#[test]
fn a_folder_outside_and_a_history_without_commits() {
    let outside = Scratch::bare_folder();
    for path in [outside.path().to_owned(), outside.at("nothing/here")] {
        let error = Repository::open(&path).err().expect("no repository");
        assert!(matches!(&error, Error::NotARepository { path: named } if *named == path), "{error}");
    }
    let empty = Repository::open(Scratch::new().path()).map(|repository| error_at(&repository, "2026-01-01"));
    assert!(matches!(empty, Ok(Error::NoCommits)));
}

#[test]
fn a_shallow_clone_says_what_it_cannot_know() {
    let scratch = Scratch::new();
    for date in ["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z"] {
        scratch.write("file", date);
        scratch.commit(date);
    }
    let url = format!("file://{}", scratch.path().display());
    scratch.git(&["clone", "-q", "--depth", "2", &url, "shallow"]);
    let repository = Repository::open(scratch.at("shallow")).expect("a repository");
    assert!(repository.commit_at(&When::parse("2026-03-02T00:00Z")).is_ok());
    for when in ["2026-03-01T12:00Z", "HEAD~2", "HEAD~9"] {
        let error = error_at(&repository, when);
        assert!(matches!(&error, Error::ShallowClone { .. }), "{when}: {error}");
        assert!(error.to_string().contains("git fetch --unshallow"), "{error}");
    }
    assert!(matches!(error_at(&repository, "nope"), Error::UnknownRevision { .. }));
}
