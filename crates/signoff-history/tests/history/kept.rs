//! A corpus that is read with what other dates left is the one that is read alone.

use std::sync::Arc;

use signoff_history::{Commit, Commits, History, Recorded, Repository};
use signoff_model::corpus::{self, Request};
use signoff_model::memo::Memo;
use signoff_model::profile::Prepared;
use signoff_model::{Corpus, Tree};

use crate::corpora::{bundle, clone};
use crate::made::{self, Made};
use crate::replay::{head, of_made_histories, prepared};
use crate::scratch::{Scratch, git};

fn load(tree: &dyn Tree, prepared: &Arc<Prepared>, prose: bool, memo: &Memo) -> Corpus {
    let request = Request { prepared: Arc::clone(prepared), paths: None, prose, as_of: jiff::Timestamp::UNIX_EPOCH };
    let mut corpus = corpus::load(tree, &request, memo);
    if !prose {
        let is_wanted = |proposal: &signoff_model::Proposal| proposal.name.len().is_multiple_of(3);
        corpus::read_prose(tree, &mut corpus, memo, is_wanted);
    }
    corpus
}

fn assert_same(found: &Corpus, alone: &Corpus, commit: &str) {
    assert_eq!(found.proposals.len(), alone.proposals.len(), "{commit}");
    for (found, alone) in found.all().zip(alone.all()) {
        assert_eq!(format!("{found:?}"), format!("{alone:?}"), "{} at {commit}", alone.path);
    }
    let rest = |corpus: &Corpus| format!("{:?} {:?} {:?}", corpus.aliases, corpus.orphans, corpus.faults);
    assert_eq!(rest(found), rest(alone), "{commit}");
    assert!(found.targets == alone.targets, "links lead elsewhere at {commit}");
}

/// Reads the states forward, then backward and with prose, by one memo.
fn every_reading_is_the_same(history: &dyn History, commits: &[Commit]) {
    let prepared = prepared();
    let memo = Memo::keeping();
    let backward = commits.iter().rev().map(|commit| (commit, true));
    for (commit, prose) in commits.iter().map(|commit| (commit, false)).chain(backward) {
        let tree = history.tree(commit).expect("a tree");
        let found = load(&*tree, &prepared, prose, &memo);
        assert_same(&found, &load(&*tree, &prepared, prose, &Memo::default()), &commit.id);
    }
}

#[test]
fn the_sample_is_read_the_same_with_what_other_dates_left() {
    let sample = Recorded::sample();
    every_reading_is_the_same(sample, &sample.commits().collect::<Vec<_>>());
}

#[test]
fn unchanged_proposals_are_shared() {
    let sample = Recorded::sample();
    let (prepared, memo) = (prepared(), Memo::keeping());
    let read = |commit: &Commit| load(&*sample.tree(commit).expect("a tree"), &prepared, true, &memo);
    let commits: Vec<Commit> = sample.commits().collect();
    let (before, after) = (read(&commits[0]), read(&commits[1]));
    let shared = after.proposals.iter().filter(|own| before.proposals.iter().any(|other| Arc::ptr_eq(own, other)));
    let shared = shared.count();
    assert!(shared > 0 && shared + 5 > after.proposals.len(), "{shared} of {}", after.proposals.len());
}

#[test]
fn what_another_process_reads_is_not_taken_from_the_memo() {
    let sample = Recorded::sample();
    let memo = Memo::keeping();
    let commit = sample.commits().next().expect("a commit");
    let tree = sample.tree(&commit).expect("a tree");
    let first = load(&*tree, &prepared(), true, &memo);
    let second = load(&*tree, &prepared(), true, &memo);
    let shared = |(left, right): (&Arc<_>, &Arc<_>)| Arc::ptr_eq(left, right);
    assert!(!first.proposals.iter().zip(&second.proposals).any(shared));
}

/// Names with leading zeros, companions that come, go and are renamed, links in place of files.
#[cfg(unix)]
#[test]
fn odd_states_are_read_the_same_with_what_other_dates_left() {
    let scratch = Scratch::new();
    scratch.write("keps/sig-a/0007-x/kep.yaml", "title: x\nkep-number: 0007\nowning-sig: sig-a\nstatus: provisional\n");
    scratch.write("keps/sig-a/0007-x/README.md", "# x\n");
    scratch.commit("2026-01-01T00:00:00Z");
    scratch.write("keps/prod-readiness/sig-a/7.yaml", "kep-number: 7\nalpha:\n  approver: \"@a\"\n");
    scratch.commit("2026-01-02T00:00:00Z");
    scratch.git(&["mv", "keps/prod-readiness/sig-a/7.yaml", "keps/prod-readiness/sig-a/0007.yaml"]);
    scratch.commit("2026-01-03T00:00:00Z");
    scratch.git(&["rm", "-q", "keps/prod-readiness/sig-a/0007.yaml"]);
    scratch.write("other.yaml", "alpha:\n  approver: \"@b\"\n");
    scratch.link("keps/prod-readiness/sig-a/0007.yaml", "../../../other.yaml");
    scratch.commit("2026-01-04T00:00:00Z");
    scratch.write("other.yaml", "alpha:\n  approver: \"@c\"\n");
    scratch.commit("2026-01-05T00:00:00Z");
    scratch.link("keps/sig-a/8-y/kep.yaml", "../0007-x/kep.yaml");
    scratch.link("keps/sig-a/8-y/README.md", "../../nowhere.md");
    scratch.commit("2026-01-06T00:00:00Z");
    scratch.write("keps/sig-a/0007-x/kep.yaml", "title: [\n");
    scratch.write("keps/nowhere.md", "# y\n");
    scratch.commit("2026-01-07T00:00:00Z");
    let repository = Repository::open(scratch.path()).expect("a repository");
    every_reading_is_the_same(&repository, &commits(&repository, &scratch.git(&["rev-list", "--reverse", "HEAD"])));
}

#[test]
fn made_states_are_read_the_same_with_what_other_dates_left() {
    of_made_histories(12, &made::histories(), |steps| {
        let made = Made::new(&steps);
        let repository = made.open();
        let line = repository.behind(&head(&repository), Commits::Main, None).expect("commits");
        every_reading_is_the_same(&repository, &line.into_iter().map(|own| own.commit).collect::<Vec<_>>());
        Ok(())
    });
}

#[test]
#[expect(clippy::print_stderr, reason = "says that it did not run")]
fn real_states_are_read_the_same_with_what_other_dates_left() {
    let Some(bundle) = bundle() else {
        eprintln!("not run: no enhancements.bundle; SIGNOFF_CORPORA names its folder");
        return;
    };
    let folder = clone(&bundle);
    let repository = Repository::open(&folder).expect("a repository");
    let line = git(&folder, &["rev-list", "--first-parent", "--reverse", "HEAD"]);
    let sampled: Vec<&str> = line.lines().step_by(line.lines().count() / 12).collect();
    every_reading_is_the_same(&repository, &commits(&repository, &sampled.join("\n")));
}

fn commits(repository: &Repository, ids: &str) -> Vec<Commit> {
    let named = |id: &str| repository.commit_at(&signoff_history::When::Revision(id.to_owned()));
    ids.lines().map(|id| named(id).expect("a commit")).collect()
}
