//! How each proposal went: its events, and what it said at any instant.
//!
//! Start at [`courses`]. A value at an instant is what the last event before it brought; before the first event it is
//! what that event replaced; without any event it is what the proposal says now. So a history that is cut off still
//! answers for the time that it knows.

use std::collections::BTreeMap;

use jiff::Timestamp;
use signoff_model::event::{Event, EventKind};
use signoff_model::profile::{Meaning, Prepared, Status, StatusClass};
use signoff_model::{Corpus, Proposal, Release, tree};

/// Subject of the events of the latest milestone.
pub const LATEST: &str = "latest";

/// One proposal and its events.
#[derive(Clone)]
pub struct Course<'c> {
    /// Its path, at the end of what was read.
    pub path: &'c str,
    /// What it says now; `None` for one that is gone.
    pub proposal: Option<&'c Proposal>,
    /// Its events, oldest first.
    pub events: Vec<&'c Event>,
    prepared: &'c Prepared,
}

/// What a proposal said at an instant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State<'c> {
    /// Whether it was there.
    pub exists: bool,
    /// Its status, as written.
    pub status: Option<&'c str>,
    /// Its stage, as written.
    pub stage: Option<&'c str>,
    /// Its latest milestone, as written.
    pub latest: Option<&'c str>,
    /// The milestones of the stages, as written.
    pub milestones: BTreeMap<&'c str, &'c str>,
    /// Who approved for each stage, as written.
    pub approvals: BTreeMap<&'c str, &'c str>,
}

/// The courses of all proposals, those that are gone included, by path.
#[must_use]
pub fn courses(corpus: &Corpus) -> Vec<Course<'_>> {
    let mut events: BTreeMap<&str, Vec<&Event>> = BTreeMap::new();
    for event in corpus.events.iter() {
        events.entry(&event.proposal).or_default().push(event);
    }
    let mut present: BTreeMap<&str, &Proposal> = BTreeMap::new();
    for proposal in &corpus.proposals {
        present.insert(&proposal.path, proposal);
        events.entry(&proposal.path).or_default();
    }
    let course = |(path, events)| {
        let proposal = present.get(path).copied();
        Course { path, proposal, events, prepared: &corpus.prepared }
    };
    events.into_iter().map(course).collect()
}

impl<'c> Course<'c> {
    /// The number or name by which people know it.
    #[must_use]
    pub fn label(&self) -> &'c str {
        match self.proposal {
            Some(proposal) => proposal.label(),
            None => tree::split(self.path).1,
        }
    }

    /// Its title; nothing for one that is gone or has none.
    #[must_use]
    pub fn title(&self) -> Option<&'c str> {
        self.proposal?.text(self.prepared, Meaning::Title)
    }

    /// The group that owns it; of one that is gone, the first folder it was in.
    #[must_use]
    pub fn group(&self) -> Option<&'c str> {
        if let Some(proposal) = self.proposal {
            return proposal.text(self.prepared, Meaning::Group);
        }
        let inside = self.path.strip_prefix(self.prepared.profile.layout.root.as_str())?.strip_prefix('/')?;
        inside.split_once('/').map(|(folder, _)| folder)
    }

    /// What it said at an instant.
    #[must_use]
    pub fn at(&self, instant: Timestamp) -> State<'c> {
        // In the order of the branch: a commit that seems younger than the next one is older all the same.
        let count = self.events.iter().rposition(|event| event.at <= instant).map_or(0, |index| index + 1);
        let mut state = self.before();
        self.events[..count].iter().for_each(|event| state.apply(event));
        state
    }

    /// What it says at the end: in the files that were read, which may be newer than the last commit.
    #[must_use]
    pub fn now(&self) -> State<'c> {
        // Of metadata that cannot be read, the events tell what it said last.
        if self.proposal.is_some_and(Proposal::is_complete) {
            return self.unchanged();
        }
        let mut state = self.before();
        self.events.iter().for_each(|event| state.apply(event));
        state
    }

    /// Every event with what the proposal said after it.
    pub fn steps(&self) -> impl Iterator<Item = (&'c Event, State<'c>)> + '_ {
        let mut state = self.before();
        self.events.iter().map(move |event| {
            state.apply(event);
            (*event, state.clone())
        })
    }

    /// What it said before the first event that is known.
    #[must_use]
    pub fn before(&self) -> State<'c> {
        let mut state = self.unchanged();
        let mut seen: Vec<(EventKind, Option<&str>)> = Vec::new();
        for event in &self.events {
            let key = match event.kind {
                EventKind::Removed => (EventKind::Created, None),
                kind => (kind, event.subject.as_deref()),
            };
            if !seen.contains(&key) {
                seen.push(key);
                state.undo(event);
            }
        }
        state
    }

    /// What it says now, which is what it always said where no event tells another thing.
    fn unchanged(&self) -> State<'c> {
        let Some(proposal) = self.proposal else { return State::default() };
        let prepared = self.prepared;
        let mut state = State {
            exists: true,
            status: proposal.status(prepared),
            stage: proposal.stage(prepared),
            latest: proposal.text(prepared, Meaning::LatestMilestone),
            milestones: proposal.milestones(prepared).into_iter().map(|(stage, item)| (stage, item.text)).collect(),
            approvals: BTreeMap::new(),
        };
        for record in &proposal.records {
            let rule = &prepared.profile.companion[record.companion];
            for stage in &prepared.profile.stage {
                let approver = record.approver(rule, &stage.name).and_then(|node| node.text());
                if let Some(approver) = approver.map(str::trim).filter(|text| !text.is_empty()) {
                    state.approvals.insert(&stage.name, approver);
                }
            }
        }
        state
    }
}

impl<'c> State<'c> {
    fn apply(&mut self, event: &'c Event) {
        match event.kind {
            EventKind::Created => self.exists = true,
            EventKind::Removed => self.exists = false,
            _ => self.set(event, event.to.as_deref()),
        }
    }

    /// Sets what the event changes to what it was before.
    fn undo(&mut self, event: &'c Event) {
        match event.kind {
            EventKind::Created => self.exists = false,
            EventKind::Removed => self.exists = true,
            _ => self.set(event, event.from.as_deref()),
        }
    }

    fn set(&mut self, event: &'c Event, value: Option<&'c str>) {
        let value = value.map(str::trim).filter(|text| !text.is_empty());
        match (event.kind, event.subject.as_deref()) {
            (EventKind::Status, _) => self.status = value,
            (EventKind::Stage, _) => self.stage = value,
            (EventKind::Milestone, Some(LATEST)) => self.latest = value,
            (EventKind::Milestone, Some(stage)) => put(&mut self.milestones, stage, value),
            (EventKind::Approved, Some(stage)) => put(&mut self.approvals, stage, value),
            _ => {}
        }
    }

    /// The latest milestone, when it is a release.
    #[must_use]
    pub fn latest(&self) -> Option<Release> {
        self.latest.and_then(release)
    }

    /// The milestone of a stage, when it is a release.
    #[must_use]
    pub fn milestone(&self, stage: &str) -> Option<Release> {
        self.milestones.get(stage).copied().and_then(release)
    }

    /// What the status means; an unknown or missing one is taken for open.
    #[must_use]
    pub fn class(&self, prepared: &Prepared) -> StatusClass {
        self.status.map_or(StatusClass::Open, |status| class_of(prepared, status))
    }

    /// Whether nothing in the metadata and the approvals keeps the proposal from a release that it targets: accepted
    /// (or done, at the last stage), with a milestone for its stage, and approved for it where that is asked for.
    #[must_use]
    pub fn is_ready(&self, prepared: &Prepared, for_release: Release) -> bool {
        let Some(stage) = self.stage else { return false };
        let accepted = match self.class(prepared) {
            StatusClass::Accepted => true,
            StatusClass::Done => is_last(prepared, stage),
            _ => false,
        };
        let approved = || !asks_approval(prepared, for_release) || self.approvals.contains_key(stage);
        self.exists && accepted && self.latest() == Some(for_release) && self.milestone(stage).is_some() && approved()
    }
}

fn put<'c>(values: &mut BTreeMap<&'c str, &'c str>, key: &'c str, value: Option<&'c str>) {
    match value {
        Some(value) => values.insert(key, value),
        None => values.remove(key),
    };
}

/// A text that names a release.
pub(crate) fn release(text: &str) -> Option<Release> {
    Release::parse(text.trim()).filter(|release| !release.is_none())
}

/// What a status means, however it is spelt; an unknown one is taken for open.
pub(crate) fn class_of(prepared: &Prepared, written: &str) -> StatusClass {
    status_of(prepared, written).map_or(StatusClass::Open, |status| status.class)
}

/// Whether a status is one of the process, however it is spelt.
pub(crate) fn knows_status(prepared: &Prepared, written: &str) -> bool {
    status_of(prepared, written).is_some()
}

/// The status of the process that a text names.
pub(crate) fn status_of<'p>(prepared: &'p Prepared, written: &str) -> Option<&'p Status> {
    let named = |name: &String| name == written;
    let mut known = prepared.profile.status.iter();
    known.find(|status| named(&status.name) || status.aliases.iter().any(named))
}

/// Whether nothing follows a stage on its track.
pub(crate) fn is_last(prepared: &Prepared, stage: &str) -> bool {
    let Some(found) = prepared.profile.stage(stage) else { return false };
    let last = prepared.profile.stage.iter().rfind(|other| other.track == found.track);
    last.is_some_and(|last| last.name == found.name)
}

/// Whether a release wants the approvals that companions record.
fn asks_approval(prepared: &Prepared, for_release: Release) -> bool {
    let since = |since: &Option<String>| since.as_deref().and_then(Release::parse).is_none_or(|it| it <= for_release);
    let mut companions = prepared.profile.companion.iter().filter(|companion| !companion.approver.is_empty());
    companions.any(|companion| since(&companion.since))
}
