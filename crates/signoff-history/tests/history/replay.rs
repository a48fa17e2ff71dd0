//! The events of a history, replayed, give the state at every commit: what a corpus that is read there says.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use signoff_history::events::{self, EventLog, Options};
use signoff_history::{Commit, Commits, History, Recorded, Repository, When};
use signoff_model::corpus::{self, Request};
use signoff_model::event::standing::question_ids;
use signoff_model::event::{Event, EventKind, Standing};
use signoff_model::memo::Memo;
use signoff_model::profile::Prepared;
use signoff_model::{Corpus, Profile};

use crate::corpora::{bundle, clone};
use crate::made::{self, Made};

const BASE: &str = include_str!("../../../../profiles/kep.toml");

pub fn prepared() -> Arc<Prepared> {
    Arc::new(Prepared::new(Profile::parse(BASE, &|_| None).expect("the embedded profile is valid")))
}

/// What is known of a proposal: values by kind and subject.
type Values = BTreeMap<(EventKind, String), String>;

/// What the events up to some commit tell of every proposal, by its path at that time.
#[derive(Default)]
struct Replay {
    proposals: BTreeMap<Arc<str>, (String, Values)>,
}

impl Replay {
    /// Adds an event; `rest` are those behind it.
    fn add(&mut self, event: &Event, rest: &[Event]) {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        match event.kind {
            EventKind::Created => {
                // Until it is moved it is where it will be moved from.
                let next = rest.iter().filter(|other| other.proposal == event.proposal);
                let next = next.take_while(|other| other.kind != EventKind::Created);
                let mut moved = next.filter(|other| other.kind == EventKind::Moved);
                let path = moved.next().map_or_else(|| event.proposal.to_string(), |other| text(&other.from));
                let old = self.proposals.insert(Arc::clone(&event.proposal), (path, Values::new()));
                assert!(old.is_none(), "created twice: {event:?}");
            }
            EventKind::Removed => {
                assert!(self.proposals.remove(&event.proposal).is_some(), "removed and never there: {event:?}");
            }
            EventKind::Questionnaire => {}
            EventKind::Moved => {
                let known = self.proposals.get_mut(&event.proposal).unwrap_or_else(|| panic!("moved: {event:?}"));
                assert_eq!(known.0, text(&event.from), "{event:?}");
                known.0 = text(&event.to);
            }
            kind => {
                let known = self.proposals.get_mut(&event.proposal).unwrap_or_else(|| panic!("unknown: {event:?}"));
                let key = (kind, event.subject.as_deref().unwrap_or_default().to_owned());
                let absent = if kind == EventKind::Answer { Some("absent".to_owned()) } else { None };
                // The title at the start is that of the created one.
                let before = known.1.get(&key).cloned().or(absent);
                assert!(before == event.from || kind == EventKind::Retitled, "{before:?} before {event:?}");
                match &event.to {
                    Some(to) => known.1.insert(key, to.clone()),
                    None => known.1.remove(&key),
                };
            }
        }
    }
}

/// What a corpus says, as events would.
fn values(prepared: &Prepared, standing: &Standing) -> Values {
    let written = standing.values().filter(|(kind, ..)| *kind != EventKind::Retitled);
    let mut values: Values =
        written.map(|(kind, subject, value)| ((kind, subject.to_owned()), value.to_owned())).collect();
    for (id, told) in question_ids(prepared).zip(standing.answers.iter().flat_map(|answers| answers.iter())) {
        values.insert((EventKind::Answer, id.to_owned()), told.state.word().to_owned());
    }
    values
}

fn assert_state(replay: &Replay, corpus: &Corpus, commit: &str) {
    let prepared = &corpus.prepared;
    assert_eq!(replay.proposals.len(), corpus.proposals.len(), "proposals at {commit}");
    for proposal in corpus.all() {
        let standing = Standing::of(prepared, proposal);
        let expected = values(prepared, &standing);
        let found = replay.proposals.values().find(|(path, _)| **path == *proposal.path);
        let (_, found) = found.unwrap_or_else(|| panic!("{} at {commit} is not told of", proposal.path));
        let found: Values = found
            .iter()
            .filter(|((kind, _), value)| {
                *kind != EventKind::Retitled && !(*kind == EventKind::Answer && *value == "absent")
            })
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        assert!(subset(&expected, &found), "{} at {commit}: {expected:?} is not in {found:?}", proposal.path);
        if standing.is_complete() && standing.answers.is_some() {
            assert!(subset(&found, &expected), "{} at {commit}: {found:?} is not in {expected:?}", proposal.path);
        }
    }
}

/// Whether everything that one tells the other tells; a question that is not asked is no value.
fn subset(part: &Values, whole: &Values) -> bool {
    part.iter().all(|(key, value)| whole.get(key).is_some_and(|other| other == value) || value == "absent")
}

/// Reads the events up to the end and compares what they tell with the corpora of some commits on the way.
fn replays(history: &dyn History, newest: &Commit, looked_at: &dyn Fn(usize) -> bool) -> EventLog {
    let prepared = prepared();
    let memo = Memo::keeping();
    let log = events::read(history, newest, &prepared, &Options { answers: true, ..Options::default() });
    let log = log.expect("events");
    let mut replay = Replay::default();
    let mut rest = log.events.as_slice();
    for (at, ancestor) in history.behind(newest, Commits::Main, None).expect("commits").iter().enumerate() {
        while let Some((event, behind)) = rest.split_first().filter(|(event, _)| *event.commit == *ancestor.commit.id) {
            replay.add(event, behind);
            rest = behind;
        }
        if looked_at(at) {
            let as_of = ancestor.commit.at;
            let request = Request { prepared: Arc::clone(&prepared), paths: None, prose: true, as_of };
            let tree = history.tree(&ancestor.commit).expect("a tree");
            assert_state(&replay, &corpus::load(&*tree, &request, &memo), &ancestor.commit.id);
        }
    }
    assert_eq!(rest, [], "events of no commit");
    log
}

pub fn head(history: &dyn History) -> Commit {
    history.commit_at(&When::Revision("HEAD".to_owned())).expect("a commit")
}

#[test]
fn the_sample_replays_to_every_state() {
    let log = replays(Recorded::sample(), &head(Recorded::sample()), &|_| true);
    assert!(log.events.len() > 100 && log.cut.is_none() && log.unread == 0);
}

#[test]
#[expect(clippy::print_stderr, reason = "says that it did not run")]
fn real_states_are_what_the_events_tell() {
    let Some(bundle) = bundle() else {
        eprintln!("not run: no enhancements.bundle; SIGNOFF_CORPORA names its folder");
        return;
    };
    let repository = Repository::open(clone(&bundle)).expect("a repository");
    replays(&repository, &head(&repository), &|at| at % 173 == 0);
}

/// Tries something on made histories, the same ones in each run.
pub fn of_made_histories<S: Strategy>(cases: u32, strategy: &S, hold: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    runner.run(strategy, hold).unwrap_or_else(|failure| panic!("{failure}"));
}

/// Histories with broken files, renames, merges, clocks that ran wrong: each is told and replayed.
#[test]
fn made_histories_replay_to_every_state() {
    of_made_histories(24, &made::histories(), |steps| {
        let made = Made::new(&steps);
        let repository = made.open();
        replays(&repository, &head(&repository), &|_| true);
        Ok(())
    });
}

/// All commits tell of the same proposals, each of its commits once, and end where the main branch ends.
#[test]
fn all_commits_of_made_histories_tell_of_the_same_proposals() {
    let prepared = prepared();
    of_made_histories(12, &made::histories(), |steps| {
        let made = Made::new(&steps);
        let repository = made.open();
        let newest = head(&repository);
        let read = |commits| {
            let options = Options { commits, answers: true, ..Options::default() };
            events::read(&repository, &newest, &prepared, &options).expect("events").events
        };
        let (main, all) = (read(Commits::Main), read(Commits::All));
        let is_linear = !steps.iter().any(|step| matches!(step, made::Step::Branch { .. }));
        if is_linear {
            let unnamed: Vec<Event> = all.iter().map(|event| Event { author: None, ..event.clone() }).collect();
            prop_assert_eq!(&unnamed, &main);
        }
        prop_assert!(all.iter().all(|event| event.author.as_deref() == Some("Bo <bo@example.org>")));
        let order = repository.behind(&newest, Commits::All, None).expect("commits");
        let place = |event: &Event| order.iter().position(|ancestor| *ancestor.commit.id == *event.commit);
        prop_assert!(all.is_sorted_by_key(place));
        // One that a branch moved while the main branch removed it is another one to those who saw no more than that.
        let is_life = |event: &&Event| matches!(event.kind, EventKind::Created | EventKind::Removed);
        let lives: BTreeMap<&str, &Event> =
            main.iter().filter(is_life).map(|event| (&*event.proposal, event)).collect();
        for (path, _) in lives.iter().filter(|(_, last)| last.kind == EventKind::Created) {
            let is_it = |other: &Event| other.kind == EventKind::Created && *other.proposal == **path;
            prop_assert!(all.iter().any(is_it), "{}", path);
        }
        Ok(())
    });
}

/// What is told of an instant is the same of a repository that ends there, and what is told since an instant is the
/// rest.
#[test]
fn what_is_told_does_not_depend_on_what_came_later() {
    let prepared = prepared();
    of_made_histories(12, &(made::histories(), any::<prop::sample::Index>()), |(steps, at)| {
        let made = Made::new(&steps);
        let repository = made.open();
        let newest = head(&repository);
        let line = repository.behind(&newest, Commits::Main, None).expect("commits");
        let middle = &line[at.index(line.len())].commit;
        let options = Options { answers: true, ..Options::default() };
        let read = |history: &Repository, newest: &Commit, options: &Options<'_>| {
            events::read(history, newest, &prepared, options).expect("events").events
        };
        let known = read(&repository, middle, &options);
        // Cut off there: what came later is not even in the objects.
        let cut = made.cut_off_at(&middle.id);
        let other = Repository::open(cut.path()).expect("a repository");
        prop_assert_eq!(&known, &read(&other, &head(&other), &options));
        // What could not be read at that commit, who begins there does not know from before.
        let tree = repository.tree(middle).expect("a tree");
        let request = Request { prepared: Arc::clone(&prepared), paths: None, prose: true, as_of: middle.at };
        let corpus = corpus::load(&tree, &request, &Memo::default());
        prop_assume!(corpus.all().all(|proposal| Standing::of(&prepared, proposal).is_complete()));
        let all = read(&repository, &newest, &options);
        let since = read(&repository, &newest, &Options { since: Some(middle), ..options });
        // Nor whether an answer is the first since the approval.
        let plain = |events: &[Event]| -> Vec<Event> {
            events.iter().filter(|event| event.kind != EventKind::Questionnaire).cloned().collect()
        };
        let (all, since) = (plain(&all), plain(&since));
        prop_assert_eq!(&all[all.len() - since.len()..], &since);
        let places: Vec<&str> = line.iter().map(|ancestor| ancestor.commit.id.as_str()).collect();
        let place = |event: &Event| places.iter().position(|id| *id == &*event.commit);
        let middle = places.iter().position(|id| *id == middle.id);
        prop_assert!(all[..all.len() - since.len()].iter().all(|event| place(event) <= middle));
        Ok(())
    });
}
