//! Histories: a script of bytes makes a small repository with branches, merges, renames, wrong clocks and heads of pull
//! requests, and everything that can be asked of it is looked at.

mod made;
mod replay;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use signoff_analysis::comparison;
use signoff_history::{Commit, Repository, When};
use signoff_model::corpus::{self, Request};
use signoff_model::memo::Memo;
use signoff_model::profile::Prepared;
use signoff_model::{Corpus, Tree};

use made::{Files, Made};

/// Makes the history of a script and looks at all that is said of it.
///
/// # Panics
/// Where a promise is not kept, or the system has no place for a small repository.
pub fn check(script: &[u8], prepared: &Arc<Prepared>) {
    let made = Made::new(script, &prepared.profile.layout.metadata);
    let repository = Repository::open(made.path()).expect("a repository that was just made");
    states(&made, &repository);
    let line = made.line();
    for (before, after) in line.iter().zip(line.iter().skip(1)) {
        differences(&made, &repository, (before, after), prepared);
    }
    for commit in line {
        pulls(&made, &repository, commit);
    }
    replay::check(&repository, line, prepared);
}

/// Each instant has the state that a reader of the script expects, with the files that it wrote.
fn states(made: &Made, repository: &Repository) {
    let line = made.line();
    for commit in line {
        let expected = line.iter().rev().find(|other| other.at <= commit.at);
        let found = repository.commit_at(&When::Instant(commit.at)).ok();
        assert_eq!(found.as_ref(), expected, "the state at {}", commit.at);
        let tree = repository.tree(commit).expect("the files of a commit");
        assert_eq!(&read(&tree), made.files(commit), "the files of {}", commit.id);
    }
}

/// Every file of a tree with its text.
fn read(tree: &dyn Tree) -> Files {
    let mut found = Files::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        for entry in tree.list(&folder).expect("a folder of a tree") {
            let path = signoff_model::tree::join(&folder, &entry.name);
            match tree.read(&path) {
                Ok(bytes) => _ = found.insert(path, String::from_utf8(bytes).expect("what was written is text")),
                Err(_) => folders.push(path),
            }
        }
    }
    found
}

fn load(repository: &Repository, commit: &Commit, prepared: &Arc<Prepared>, paths: Option<&[String]>) -> Corpus {
    let tree = repository.tree(commit).expect("the files of a commit");
    let request = Request { prepared: Arc::clone(prepared), paths, prose: true, as_of: commit.at };
    corpus::load(&tree, &request, &Memo::default())
}

/// What differs is what was written, and what is said of it is the same whether all proposals are read or those alone
/// whose files differ.
fn differences(made: &Made, repository: &Repository, (before, after): (&Commit, &Commit), prepared: &Arc<Prepared>) {
    let differing = repository.differing(before, after).expect("two commits that are there");
    assert_eq!(differing, differing_files(made.files(before), made.files(after)), "{} to {}", before.id, after.id);
    let whole = [before, after].map(|commit| load(repository, commit, prepared, None));
    let part = [before, after].map(|commit| load(repository, commit, prepared, Some(&differing)));
    let found = comparison::compare(&whole[0], &whole[1]);
    assert_eq!(found, comparison::compare(&part[0], &part[1]), "{} to {}", before.id, after.id);
    assert_eq!(comparison::compare(&whole[1], &whole[1]), [], "nothing differs from itself");
    let back = comparison::compare(&whole[1], &whole[0]);
    assert_eq!(found.len(), back.len(), "as many proposals differ in the other direction");
    assert!(found.iter().all(|difference| !difference.changes.is_empty()));
}

fn differing_files(before: &Files, after: &Files) -> Vec<String> {
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    paths.into_iter().filter(|path| before.get(*path) != after.get(*path)).cloned().collect()
}

/// What is expected of a file that a pull request leaves behind as `head`: that text, or, where the main branch changed
/// it as well, one with the new lines of both and no others.
fn put_together<'f>([base, main, found]: [Option<&'f String>; 3], head: &'f str) -> &'f str {
    let (Some(base), Some(main), Some(found)) = (base, main, found) else { return head };
    let lines = |text: &'f str| text.lines().collect::<BTreeSet<_>>();
    let [base, ours, theirs, both] = [base, main, head, found.as_str()].map(lines);
    let has_new_lines = (&(&ours | &theirs) - &base).is_subset(&both);
    let has_no_others = both.is_subset(&(&ours | &theirs)) && (&both & &base).is_subset(&(&ours | &theirs));
    if base != ours && has_new_lines && has_no_others { found } else { head }
}

/// Every head is open or merged; what an open one changes is really other, and merged it is as at its head.
fn pulls(made: &Made, repository: &Repository, main: &Commit) {
    let pulls = repository.pulls(main, main.at).expect("the heads of pull requests");
    for unread in &pulls.unread {
        assert!(unread.error.to_string().contains("no commit in common"), "{}", unread.error);
    }
    let numbers: Vec<&str> = pulls.open.iter().map(|pull| pull.number.as_str()).collect();
    assert!(numbers.is_sorted() && numbers.iter().all(|number| made.pulls().contains_key(*number)), "{numbers:?}");
    for pull in &pulls.open {
        assert!(pull.head.at <= main.at, "a commit of the future");
        let is_known = |commit: &Commit, of: &Commit| made.ancestors(of).contains(&commit.id);
        assert!(is_known(&pull.head, &made.pulls()[&pull.number]), "a commit of another branch");
        assert!(!is_known(&pull.head, main), "merged");
        assert!(is_known(&pull.base, main) && is_known(&pull.base, &pull.head), "no common commit");
        assert!(!pull.paths.is_empty());
        let (ours, theirs) = (made.files(main), made.files(&pull.head));
        for path in &pull.paths {
            assert_ne!(ours.get(path), theirs.get(path), "{path} is no change");
        }
        let tree = repository.merged_tree(main, pull).expect("the files as if it had been merged");
        let found = read(&tree);
        let mut merged = ours.clone();
        pull.paths.iter().for_each(|path| _ = merged.remove(path));
        for path in &pull.paths {
            if let Some(text) = theirs.get(path) {
                let base = made.files(&pull.base);
                let text = put_together([base, ours, &found].map(|files| files.get(path)), text);
                made::put(&mut merged, path.clone(), text.to_owned());
            }
        }
        assert_eq!(found, merged, "{} merged", pull.number);
        let fork = repository.fork(&pull.head, main).expect("a common commit");
        assert_eq!(fork, pull.base, "where it left the main branch");
    }
    let later = repository.pulls(main, Timestamp::MAX).expect("the heads of pull requests");
    for (number, head) in made.pulls() {
        let is_open = later.open.iter().any(|pull| pull.number == *number && pull.head == *head);
        let is_merged = made.ancestors(main).contains(&head.id);
        let is_other = !differing_files(made.files(main), made.files(head)).is_empty();
        assert!(!is_open || (is_other && !is_merged), "{number} is open and merged");
    }
}
