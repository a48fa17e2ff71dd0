//! What a history tells, kept between runs: events and days are read from thousands of commits, and stay as they are
//! while the newest commit is the same.

use std::sync::Arc;

use jiff::Timestamp;
use signoff_analysis::signoff::Standing;
use signoff_history::History;
use signoff_model::event::{Event, EventKind};
use signoff_site::{Day, Stood};

use super::{Days, Key};
use crate::cache::Cache;
use crate::repository::Repository;

/// An event: when, commit, proposal, kind, subject, before, after, sweep, author.
type EventRow = (String, String, String, String, Option<String>, Option<String>, Option<String>, bool, Option<String>);
/// A day: when, and of each proposal its label, standing and reason.
type DayRow = (String, Vec<(String, String, String)>);
/// Events, days, and where the proposals of the first day are: its commit and their files.
type Kept = (Vec<EventRow>, Vec<DayRow>, Option<(String, Vec<String>)>);

/// Where it is kept, by all that it depends on; the last day of a cycle is told to the hour.
pub(super) fn place(keeps: bool, repository: &Repository, prefix: &str, key: &Key) -> Option<Cache> {
    let profile = &repository.prepared.profile;
    let hour = repository.instant().strftime("%Y-%m-%dT%H");
    let named =
        format!("{key:?} {prefix} {hour} {} {} {}", repository.settings().to_hex(), profile.id, profile.version);
    keeps.then(|| Cache::of_history(&named)).flatten()
}

/// What is kept; `None` when nothing is, or it cannot be read by this program.
pub(super) fn read(
    place: &Cache,
    repository: &Repository,
    history: &dyn History,
    prefix: &str,
) -> Option<(Vec<Event>, Days)> {
    let (bytes, _) = place.get()?;
    let (events, days, first): Kept = serde_json::from_slice(&bytes).ok()?;
    let events = events.into_iter().map(event).collect::<Option<_>>()?;
    let days = days.into_iter().map(day).collect::<Option<_>>()?;
    let mut read = Days { days, ..Days::default() };
    if let Some(origin) = first {
        read.start(repository, history, prefix, origin).ok()?;
    }
    Some((events, read))
}

/// Keeps it. What cannot be kept is read again.
pub(super) fn write(place: &Cache, events: &[Event], days: &Days) {
    let row = |event: &Event| -> EventRow {
        let owned = |text: &Option<Arc<str>>| text.as_deref().map(str::to_owned);
        (
            event.at.to_string(),
            event.commit.to_string(),
            event.proposal.to_string(),
            event.kind.word().to_owned(),
            owned(&event.subject),
            event.from.clone(),
            event.to.clone(),
            event.sweep,
            owned(&event.author),
        )
    };
    let stood = |own: &Stood| (own.label.clone(), own.standing.word().to_owned(), own.reason.clone());
    let day = |day: &Day| -> DayRow { (day.at.to_string(), day.stood.iter().map(stood).collect()) };
    let kept: Kept = (events.iter().map(row).collect(), days.days.iter().map(day).collect(), days.origin.clone());
    if let Ok(text) = serde_json::to_vec(&kept) {
        place.put(&text, 0);
    }
}

fn event((at, commit, proposal, kind, subject, from, to, sweep, author): EventRow) -> Option<Event> {
    Some(Event {
        at: instant(&at)?,
        commit: commit.into(),
        proposal: proposal.into(),
        kind: EventKind::ALL.into_iter().find(|own| own.word() == kind)?,
        subject: subject.map(Arc::from),
        from,
        to,
        sweep,
        author: author.map(Arc::from),
    })
}

fn day((at, stood): DayRow) -> Option<Day> {
    let stood = stood.into_iter().map(|(label, standing, reason)| {
        Some(Stood { label, standing: Standing::ALL.into_iter().find(|own| own.word() == standing)?, reason })
    });
    Some(Day { at: instant(&at)?, stood: stood.collect::<Option<_>>()? })
}

fn instant(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}
