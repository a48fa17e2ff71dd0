//! What telling a history and replaying it cost, step by step, on the recorded sample.
//!
//! What a whole repository costs is the business of `scripts/bench`.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::Criterion;
use signoff_history::events::{self, Options};
use signoff_history::{Commit, Commits, History, Recorded};
use signoff_model::corpus::{self, Request};
use signoff_model::memo::Memo;
use signoff_model::profile::Prepared;
use signoff_model::{Profile, Proposal};

/// The profile whose proposals they are.
const PROFILE: &str = include_str!("../../../profiles/kep.toml");

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    let prepared = Profile::parse(PROFILE, &|_| None).expect("the embedded profile is valid");
    let prepared = Arc::new(Prepared::new(prepared));
    told(&mut criterion, &prepared);
    replayed(&mut criterion, &prepared);
    criterion.final_summary();
}

fn told(criterion: &mut Criterion, prepared: &Prepared) {
    let sample = Recorded::sample();
    let newest = sample.commits().last().expect("a commit");
    let mut group = criterion.benchmark_group("events");
    group.bench_function("commits and their differences", |bencher| {
        bencher.iter(|| {
            let ancestors = sample.behind(&newest, Commits::Main, None).expect("commits");
            let mut comparison = sample.comparison();
            let pairs = ancestors.iter().zip(&ancestors[1..]);
            pairs.map(|(old, new)| comparison.between(Some(old.files), new.files, &["keps"])).collect::<Vec<_>>()
        });
    });
    for (name, answers) in [("metadata", false), ("metadata and answers", true)] {
        let options = Options { answers, ..Options::default() };
        group.bench_function(name, |bencher| {
            bencher.iter(|| events::read(sample, black_box(&newest), prepared, &options));
        });
    }
    group.finish();
}

fn replayed(criterion: &mut Criterion, prepared: &Arc<Prepared>) {
    let sample = Recorded::sample();
    let commits: Vec<Commit> = sample.commits().collect();
    let mut group = criterion.benchmark_group("every state");
    let read = |memo: &Memo| -> usize {
        let state = |commit: &Commit| {
            let tree = sample.tree(commit).expect("a tree");
            let request = Request { prepared: Arc::clone(prepared), paths: None, prose: true, as_of: commit.at };
            corpus::load(&*tree, &request, memo).all().filter(|proposal| Proposal::is_complete(proposal)).count()
        };
        commits.iter().map(state).sum()
    };
    group.bench_function("alone", |bencher| bencher.iter(|| read(&Memo::default())));
    group.bench_function("with what the one before left", |bencher| bencher.iter(|| read(&Memo::keeping())));
    group.finish();
}
