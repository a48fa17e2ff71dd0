//! What happened, told from the beginning, gives the state of every commit.

use std::collections::BTreeMap;
use std::sync::Arc;

use signoff_history::events::{self, Options};
use signoff_history::{Commit, Repository};
use signoff_model::event::{Event, EventKind, Standing};
use signoff_model::profile::Prepared;

/// What is known of a proposal: values by kind and subject.
type Values = BTreeMap<(EventKind, String), String>;

/// Reads what happened up to a commit and compares it with what every commit on the way says.
pub(super) fn check(repository: &Repository, line: &[Commit], prepared: &Arc<Prepared>) {
    let newest = line.last().expect("a history begins with a commit");
    let options = Options { answers: true, ..Options::default() };
    let log = events::read(repository, newest, prepared, &options).expect("a history that is whole");
    assert!(log.cut.is_none() && log.unread == 0, "nothing is missing");
    let mut told: BTreeMap<Arc<str>, Values> = BTreeMap::new();
    let mut rest = log.events.as_slice();
    for commit in line {
        while let Some((event, behind)) = rest.split_first().filter(|(event, _)| *event.commit == *commit.id) {
            add(&mut told, event);
            rest = behind;
        }
        compare(repository, commit, prepared, &told, rest);
    }
    assert_eq!(rest, [], "events of no commit");
}

fn add(told: &mut BTreeMap<Arc<str>, Values>, event: &Event) {
    match event.kind {
        EventKind::Created => assert!(told.insert(Arc::clone(&event.proposal), Values::new()).is_none(), "{event:?}"),
        EventKind::Removed => assert!(told.remove(&event.proposal).is_some(), "{event:?}"),
        EventKind::Moved | EventKind::Questionnaire | EventKind::Retitled => {}
        kind => {
            let values = told.get_mut(&event.proposal).unwrap_or_else(|| panic!("not created: {event:?}"));
            let key = (kind, event.subject.as_deref().unwrap_or_default().to_owned());
            let before = values.remove(&key).or((kind == EventKind::Answer).then(|| "absent".to_owned()));
            assert_eq!(before, event.from, "{event:?}");
            values.extend(event.to.clone().map(|to| (key, to)));
        }
    }
}

/// The path that a proposal has before the events to come: where the next move starts, or where it goes, else where it
/// is at the end.
fn path_now<'e>(proposal: &'e Arc<str>, rest: &'e [Event]) -> &'e str {
    let next = rest.iter().filter(|event| event.proposal == *proposal);
    let mut next = next.take_while(|event| event.kind != EventKind::Created);
    let left = next.find(|event| matches!(event.kind, EventKind::Moved | EventKind::Removed));
    left.and_then(|event| event.from.as_deref()).unwrap_or(proposal)
}

fn compare(
    repository: &Repository,
    commit: &Commit,
    prepared: &Arc<Prepared>,
    told: &BTreeMap<Arc<str>, Values>,
    rest: &[Event],
) {
    let corpus = super::load(repository, commit, prepared, None);
    assert_eq!(told.len(), corpus.proposals.len(), "proposals at {}", commit.id);
    let by_path: BTreeMap<&str, &Values> =
        told.iter().map(|(proposal, values)| (path_now(proposal, rest), values)).collect();
    for proposal in corpus.all() {
        let standing = Standing::of(prepared, proposal);
        let own = |(kind, subject, value): (EventKind, &str, &str)| {
            (kind != EventKind::Retitled).then(|| ((kind, subject.to_owned()), value.to_owned()))
        };
        let expected: Values = standing.values().filter_map(own).collect();
        let found = by_path.get(&*proposal.path).unwrap_or_else(|| panic!("{} at {}", proposal.path, commit.id));
        let is_told = |(key, value): (&(EventKind, String), &String)| found.get(key) == Some(value);
        assert!(expected.iter().all(is_told), "{} at {}: {expected:?}, told {found:?}", proposal.path, commit.id);
        if standing.is_complete() {
            let is_said = |(key, value): (&(EventKind, String), &String)| {
                key.0 == EventKind::Answer || expected.get(key) == Some(value)
            };
            assert!(found.iter().all(is_said), "{} at {}: {expected:?}, told {found:?}", proposal.path, commit.id);
        }
    }
}
