//! What a forge tells of issues and pull requests, and what they were at an instant.
//!
//! A [`Forge`] is what was pulled; [`Thread::as_of`] replays one issue or pull request to an instant. Labels, milestone,
//! draft, title and whether it is open are replayed by their events. **The body and the list of changed files are not**:
//! the forge tells no times of theirs, so that they are known as of the pull alone.

use std::sync::Arc;

use jiff::Timestamp;

/// What was pulled of a forge, by repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forge {
    /// The repositories, by name.
    pub repositories: Vec<ForgeRepository>,
}

/// A repository of a forge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForgeRepository {
    /// `owner/name`.
    pub name: Arc<str>,
    /// When the pull began: what happened later may be missing.
    pub pulled_at: Timestamp,
    /// Every pull request that was open at this instant or later is among the threads; `None` where not all were looked
    /// at. Equal to `pulled_at` where only those were pulled that were open then.
    pub open_pulls_since: Option<Timestamp>,
    /// Numbers that were asked for and that the forge does not have.
    pub missing: Vec<u64>,
    /// Issues and pull requests that were pulled, by number. What is not here is not known.
    pub threads: Vec<Thread>,
}

/// An issue or a pull request, as it was when it was pulled, with what happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    /// Its number in the repository.
    pub number: u64,
    /// Address of its page.
    pub url: Arc<str>,
    /// When the pull began.
    pub pulled_at: Timestamp,
    /// The title.
    pub title: Arc<str>,
    /// The body as of the pull, in Markdown.
    pub body: Arc<str>,
    /// Who opened it.
    pub author: Option<Arc<str>>,
    /// When it was opened.
    pub created: Timestamp,
    /// When it was last closed; `None` while it is open.
    pub closed: Option<Timestamp>,
    /// Its labels.
    pub labels: Vec<Arc<str>>,
    /// The title of its milestone.
    pub milestone: Option<Arc<str>>,
    /// What happened, oldest first; `None` where it was not pulled.
    pub events: Option<Vec<ForgeEvent>>,
    /// What a pull request has beside that; `None` for an issue.
    pub pull: Option<PullRequest>,
}

/// What a pull request has that an issue has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullRequest {
    /// Whether it is a draft.
    pub draft: bool,
    /// The branch that it is to be merged into.
    pub base: Arc<str>,
    /// When it was merged.
    pub merged: Option<Timestamp>,
    /// Full id of the commit that merged it.
    pub merge_commit: Option<Arc<str>>,
    /// Paths that it changes, as of the pull; `None` where they were not pulled.
    pub files: Option<Vec<Arc<str>>>,
    /// Whether these are all of them: a forge lists no more than some thousands.
    pub all_files: bool,
}

/// Something that happened to an issue or a pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForgeEvent {
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Option<Arc<str>>,
    /// What it was.
    pub happened: Happened,
}

/// What happened to an issue or a pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// A label was added.
    Labeled(Arc<str>),
    /// A label was taken away.
    Unlabeled(Arc<str>),
    /// It was put into a milestone, by title.
    Milestoned(Arc<str>),
    /// It was taken out of a milestone, by title.
    Demilestoned(Arc<str>),
    /// It was closed.
    Closed,
    /// It was opened again.
    Reopened,
    /// It was merged.
    Merged,
    /// It got another title.
    Renamed {
        /// The title before.
        from: Arc<str>,
        /// The title after.
        to: Arc<str>,
    },
    /// It was marked as ready for review.
    Ready,
    /// It was made a draft.
    Drafted,
    /// It was to be merged into another branch from then on; which one before, the forge does not tell.
    Rebased,
    /// Its head was replaced.
    Pushed,
    /// Somebody reviewed it.
    Reviewed {
        /// Id of the review.
        id: u64,
        /// What the review came to, before it was dismissed.
        state: ReviewState,
    },
    /// A review was dismissed.
    Dismissed {
        /// Id of the review.
        id: u64,
    },
    /// Somebody commented. Only lines that rules look at are kept: commands, and statements of the process.
    Commented(Arc<str>),
    /// Another issue or pull request named it.
    Referenced {
        /// The repository of the other one, `owner/name`.
        repository: Arc<str>,
        /// Its number.
        number: u64,
        /// Whether it is a pull request.
        is_pull: bool,
    },
}

/// What a review came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReviewState {
    /// Approved.
    Approved,
    /// Changes are asked for.
    ChangesRequested,
    /// Remarks alone.
    Commented,
}

/// What can be said of a thread at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replayed<'f> {
    /// It was not opened yet.
    NotYet,
    /// It was pulled before that.
    Beyond,
    /// What it was.
    Then(State<'f>),
}

/// What an issue or a pull request was at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State<'f> {
    /// The thread.
    pub thread: &'f Thread,
    /// The instant.
    pub instant: Timestamp,
    /// Whether it was open.
    pub open: bool,
    /// When it had been merged.
    pub merged: Option<Timestamp>,
    /// What events alone tell; `None` where they were not pulled and the instant is not that of the pull.
    pub marks: Option<Marks<'f>>,
}

/// What events tell of a thread at an instant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks<'f> {
    /// Labels, sorted.
    pub labels: Vec<&'f str>,
    /// The title of the milestone.
    pub milestone: Option<&'f str>,
    /// Whether it was a draft.
    pub draft: bool,
    /// The title.
    pub title: &'f str,
    /// The branch that it was to be merged into; `None` for an issue, and where it was changed later.
    pub base: Option<&'f str>,
}

impl Forge {
    /// Joins snapshots. Of a thread that several have, the one pulled last counts; what one alone has, stays.
    #[must_use]
    pub fn joined(snapshots: impl IntoIterator<Item = Self>) -> Self {
        let mut all: Vec<ForgeRepository> = snapshots.into_iter().flat_map(|forge| forge.repositories).collect();
        all.sort_by(|left, right| left.name.cmp(&right.name).then(left.pulled_at.cmp(&right.pulled_at)));
        let mut repositories: Vec<ForgeRepository> = Vec::new();
        for next in all {
            match repositories.last_mut().filter(|last| last.name == next.name) {
                Some(last) => last.add(next),
                None => repositories.push(next),
            }
        }
        Self { repositories }
    }

    /// A repository by its name; letter case does not matter, as forges have it.
    #[must_use]
    pub fn repository(&self, name: &str) -> Option<&ForgeRepository> {
        self.repositories.iter().find(|repository| repository.name.eq_ignore_ascii_case(name))
    }
}

impl ForgeRepository {
    /// An issue or pull request by its number.
    #[must_use]
    pub fn thread(&self, number: u64) -> Option<&Thread> {
        self.threads.binary_search_by_key(&number, |thread| thread.number).ok().map(|index| &self.threads[index])
    }

    /// The pull requests that were pulled.
    pub fn pulls(&self) -> impl Iterator<Item = (&Thread, &PullRequest)> {
        self.threads.iter().filter_map(|thread| Some((thread, thread.pull.as_ref()?)))
    }

    /// Whether every pull request that was open at an instant is here.
    #[must_use]
    pub fn has_all_open_at(&self, instant: Timestamp) -> bool {
        instant <= self.pulled_at && self.open_pulls_since.is_some_and(|since| since <= instant)
    }

    /// Adds what was pulled later.
    fn add(&mut self, later: Self) {
        let is_here = |number: u64| later.threads.binary_search_by_key(&number, |thread| thread.number).is_ok();
        self.threads.retain(|thread| !is_here(thread.number));
        self.missing.retain(|number| !is_here(*number));
        self.threads.extend(later.threads);
        self.threads.sort_by_key(|thread| thread.number);
        self.missing.extend(later.missing);
        self.missing.sort_unstable();
        self.missing.dedup();
        if later.open_pulls_since.is_some() {
            self.open_pulls_since = later.open_pulls_since;
            self.pulled_at = later.pulled_at;
        }
    }
}

impl Thread {
    /// What it was at an instant.
    ///
    /// What came later is taken back, newest first, from what it was when it was pulled: labels that were deleted or
    /// renamed on the forge have no events, and so the beginning of a list of events tells less than its end.
    #[must_use]
    pub fn as_of(&self, instant: Timestamp) -> Replayed<'_> {
        if instant > self.pulled_at {
            return Replayed::Beyond;
        }
        if instant < self.created {
            return Replayed::NotYet;
        }
        let merged = self.pull.as_ref().and_then(|pull| pull.merged).filter(|merged| *merged <= instant);
        let later: Option<Vec<&ForgeEvent>> =
            self.events.as_ref().map(|events| events.iter().rev().take_while(|event| event.at > instant).collect());
        let open = match &later {
            Some(later) => self.was_open(later),
            None => self.closed.is_none_or(|closed| closed > instant),
        };
        let marks = match later {
            Some(later) => Some(self.marks(&later)),
            None => (instant == self.pulled_at).then(|| self.marks(&[])),
        };
        Replayed::Then(State { thread: self, instant, open: open && merged.is_none(), merged, marks })
    }

    /// Whether it was open before all of these happened, newest first.
    fn was_open(&self, later: &[&ForgeEvent]) -> bool {
        let of_state = later.iter().rev().find_map(|event| match event.happened {
            Happened::Closed | Happened::Merged => Some(true),
            Happened::Reopened => Some(false),
            _ => None,
        });
        of_state.unwrap_or(self.closed.is_none())
    }

    /// The marks before all of these happened, newest first.
    fn marks(&self, later: &[&ForgeEvent]) -> Marks<'_> {
        let mut labels: Vec<&str> = self.labels.iter().map(|label| &**label).collect();
        let mut milestone = self.milestone.as_deref();
        let mut draft = self.pull.as_ref().is_some_and(|pull| pull.draft);
        let mut base = self.pull.as_ref().map(|pull| &*pull.base);
        let mut title = &*self.title;
        // Borrowed from the thread itself, not from the list of what came later.
        let events = self.events.as_deref().unwrap_or_default();
        for event in events.iter().rev().take(later.len()) {
            match &event.happened {
                Happened::Labeled(label) => labels.retain(|own| *own != &**label),
                Happened::Unlabeled(label) => labels.push(label),
                Happened::Milestoned(_) => milestone = None,
                Happened::Demilestoned(before) => milestone = Some(before),
                Happened::Ready => draft = true,
                Happened::Drafted => draft = false,
                Happened::Renamed { from, .. } => title = from,
                Happened::Rebased => base = None,
                _ => {}
            }
        }
        labels.sort_unstable();
        labels.dedup();
        Marks { labels, milestone, draft, title, base }
    }

    /// What happened until an instant, newest first.
    pub fn until(&self, instant: Timestamp) -> impl Iterator<Item = &ForgeEvent> {
        self.events.iter().flatten().rev().skip_while(move |event| event.at > instant)
    }

    /// What each person's last review came to at an instant, by name; remarks alone and what was dismissed by then do
    /// not count.
    #[must_use]
    pub fn reviews(&self, instant: Timestamp) -> Vec<(&str, ReviewState, Timestamp)> {
        let mut dismissed: Vec<u64> = Vec::new();
        let mut found: Vec<(&str, ReviewState, Timestamp)> = Vec::new();
        for event in self.until(instant) {
            match (&event.happened, event.actor.as_deref()) {
                (Happened::Dismissed { id }, _) => dismissed.push(*id),
                (Happened::Reviewed { id, state }, Some(person)) => {
                    let counts = *state != ReviewState::Commented && !dismissed.contains(id);
                    if counts && !found.iter().any(|(known, ..)| *known == person) {
                        found.push((person, *state, event.at));
                    }
                }
                _ => {}
            }
        }
        found.sort_unstable_by_key(|(person, ..)| *person);
        found
    }
}

impl ForgeEvent {
    /// What happened as words: `labeled tracked/yes`.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.happened {
            Happened::Labeled(label) => format!("labeled {label}"),
            Happened::Unlabeled(label) => format!("unlabeled {label}"),
            Happened::Milestoned(title) => format!("milestoned {title}"),
            Happened::Demilestoned(title) => format!("demilestoned {title}"),
            Happened::Closed => "closed".to_owned(),
            Happened::Reopened => "reopened".to_owned(),
            Happened::Merged => "merged".to_owned(),
            Happened::Renamed { to, .. } => format!("renamed to {to}"),
            Happened::Ready => "ready for review".to_owned(),
            Happened::Drafted => "made a draft".to_owned(),
            Happened::Rebased => "given another base branch".to_owned(),
            Happened::Pushed => "given another head".to_owned(),
            Happened::Reviewed { state: ReviewState::Approved, .. } => "approved".to_owned(),
            Happened::Reviewed { state: ReviewState::ChangesRequested, .. } => "changes requested".to_owned(),
            Happened::Reviewed { state: ReviewState::Commented, .. } => "reviewed".to_owned(),
            Happened::Dismissed { .. } => "a review was dismissed".to_owned(),
            Happened::Commented(text) => format!("commented: {}", text.lines().next().unwrap_or_default()),
            Happened::Referenced { repository, number, .. } => format!("named by {repository}#{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("2026-01-{text}:00Z").parse().expect("an instant")
    }

    fn event(when: &str, actor: &str, happened: Happened) -> ForgeEvent {
        ForgeEvent { at: at(when), actor: Some(actor.into()), happened }
    }

    /// Opened on the 2nd, pulled on the 20th.
    fn thread(events: Vec<ForgeEvent>) -> Thread {
        Thread {
            number: 7,
            url: "https://forge.example/o/r/issues/7".into(),
            pulled_at: at("20T00:00"),
            title: "Now".into(),
            body: "".into(),
            author: Some("ada".into()),
            created: at("02T00:00"),
            closed: None,
            labels: vec!["b".into(), "deleted-since".into()],
            milestone: Some("v1.36".into()),
            events: Some(events),
            pull: Some(PullRequest {
                draft: false,
                base: "main".into(),
                merged: None,
                merge_commit: None,
                files: None,
                all_files: true,
            }),
        }
    }

    fn then(thread: &Thread, when: &str) -> (bool, Vec<String>, Option<String>, bool, String) {
        let Replayed::Then(state) = thread.as_of(at(when)) else { panic!("{when}: {:?}", thread.as_of(at(when))) };
        let marks = state.marks.expect("events were pulled");
        let labels = marks.labels.iter().map(|&label| label.to_owned()).collect();
        (state.open, labels, marks.milestone.map(str::to_owned), marks.draft, marks.title.to_owned())
    }

    #[test]
    fn what_came_later_is_taken_back() {
        let thread = thread(vec![
            event("03T00:00", "ada", Happened::Labeled("a".into())),
            event("04T00:00", "ada", Happened::Milestoned("v1.35".into())),
            event("05T00:00", "ada", Happened::Ready),
            event("06T00:00", "ada", Happened::Unlabeled("a".into())),
            event("07T00:00", "ada", Happened::Labeled("b".into())),
            event("08T00:00", "ada", Happened::Closed),
            event("09T00:00", "ada", Happened::Demilestoned("v1.35".into())),
            event("09T00:00", "ada", Happened::Milestoned("v1.36".into())),
            event("10T00:00", "ada", Happened::Renamed { from: "Before".into(), to: "Now".into() }),
            event("11T00:00", "ada", Happened::Reopened),
        ]);
        let cases = [
            ("02T00:00", true, "deleted-since", None, true, "Before"),
            ("03T00:00", true, "a deleted-since", None, true, "Before"),
            ("04T12:00", true, "a deleted-since", Some("v1.35"), true, "Before"),
            ("05T00:00", true, "a deleted-since", Some("v1.35"), false, "Before"),
            ("06T00:00", true, "deleted-since", Some("v1.35"), false, "Before"),
            ("07T00:00", true, "b deleted-since", Some("v1.35"), false, "Before"),
            ("08T00:00", false, "b deleted-since", Some("v1.35"), false, "Before"),
            ("09T00:00", false, "b deleted-since", Some("v1.36"), false, "Before"),
            ("10T00:00", false, "b deleted-since", Some("v1.36"), false, "Now"),
            ("11T00:00", true, "b deleted-since", Some("v1.36"), false, "Now"),
            ("20T00:00", true, "b deleted-since", Some("v1.36"), false, "Now"),
        ];
        for (when, open, labels, milestone, draft, title) in cases {
            let labels: Vec<String> = labels.split(' ').map(str::to_owned).collect();
            let expected = (open, labels, milestone.map(str::to_owned), draft, title.to_owned());
            assert_eq!(then(&thread, when), expected, "{when}");
        }
        assert_eq!(thread.as_of(at("01T00:00")), Replayed::NotYet);
        assert_eq!(thread.as_of(at("20T00:01")), Replayed::Beyond);
    }

    #[test]
    fn without_events_marks_are_known_as_of_the_pull_alone() {
        let mut thread = Thread { events: None, closed: Some(at("08T00:00")), ..thread(Vec::new()) };
        for (when, open, known) in [("07T00:00", true, false), ("08T00:00", false, false), ("20T00:00", false, true)] {
            let Replayed::Then(state) = thread.as_of(at(when)) else { panic!("{when}") };
            assert_eq!((state.open, state.marks.is_some()), (open, known), "{when}");
        }
        thread.pull = thread.pull.map(|pull| PullRequest { merged: Some(at("08T00:00")), ..pull });
        for (when, merged) in [("07T23:59", false), ("08T00:00", true)] {
            let Replayed::Then(state) = thread.as_of(at(when)) else { panic!("{when}") };
            assert_eq!((state.merged.is_some(), state.open), (merged, !merged), "{when}");
        }
    }

    #[test]
    fn the_last_review_of_a_person_counts_until_it_is_dismissed() {
        let review =
            |when: &str, who: &str, id: u64, state: ReviewState| event(when, who, Happened::Reviewed { id, state });
        let thread = thread(vec![
            review("03T00:00", "ada", 1, ReviewState::ChangesRequested),
            review("04T00:00", "ada", 2, ReviewState::Approved),
            review("05T00:00", "ada", 3, ReviewState::Commented),
            review("05T00:00", "bob", 4, ReviewState::Approved),
            event("06T00:00", "ada", Happened::Dismissed { id: 4 }),
        ]);
        let said = |when: &str| -> Vec<(String, ReviewState)> {
            thread.reviews(at(when)).iter().map(|(who, state, _)| ((*who).to_owned(), *state)).collect()
        };
        let ada = |state: ReviewState| ("ada".to_owned(), state);
        assert_eq!(said("02T12:00"), []);
        assert_eq!(said("03T00:00"), [ada(ReviewState::ChangesRequested)]);
        assert_eq!(said("05T00:00"), [ada(ReviewState::Approved), ("bob".to_owned(), ReviewState::Approved)]);
        assert_eq!(said("06T00:00"), [ada(ReviewState::Approved)]);
    }

    #[test]
    fn of_two_snapshots_the_later_counts() {
        let snapshot = |day: &str, numbers: &[u64]| Forge {
            repositories: vec![ForgeRepository {
                name: "o/r".into(),
                pulled_at: at(day),
                open_pulls_since: None,
                missing: vec![9],
                threads: numbers
                    .iter()
                    .map(|&number| Thread { number, pulled_at: at(day), ..thread(Vec::new()) })
                    .collect(),
            }],
        };
        let joined = Forge::joined([snapshot("20T00:00", &[3, 9]), snapshot("10T00:00", &[1, 3])]);
        let repository = joined.repository("O/R").expect("a repository");
        let found: Vec<(u64, Timestamp)> =
            repository.threads.iter().map(|thread| (thread.number, thread.pulled_at)).collect();
        assert_eq!(found, [(1, at("10T00:00")), (3, at("20T00:00")), (9, at("20T00:00"))]);
    }
}
