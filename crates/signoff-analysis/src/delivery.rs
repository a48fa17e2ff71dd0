//! What became of what a release was to bring.
//!
//! Start at [`shipped`], which keeps apart what was *planned* (what targeted the release when that was settled), what
//! the proposals *claim* now, and what the *code* shows; [`slipped`] finds what was planned and went elsewhere.
//! Metadata states intentions: nothing here says that something shipped.

use jiff::Timestamp;
use signoff_model::event::{Event, EventKind};
use signoff_model::profile::{Prepared, StatusClass};
use signoff_model::{Corpus, Release};

use crate::claims::{self, StageInCode};
use crate::course::{self, Course, LATEST, State, courses};
use crate::cycle::Cycle;

/// An answer to yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It is so.
    Yes,
    /// It is not.
    No,
    /// Nothing that was read tells.
    Unknown,
}

impl Known {
    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }

    fn of(found: Option<bool>) -> Self {
        found.map_or(Self::Unknown, |is| if is { Self::Yes } else { Self::No })
    }
}

/// What a release is to bring of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// The stage: its milestone is the release.
    Graduation,
    /// Work within a stage that it reached before.
    SameStage,
}

impl Work {
    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Graduation => "graduation",
            Self::SameStage => "same-stage",
        }
    }
}

/// A stage of a proposal in a release.
pub struct Delivery<'c> {
    /// The proposal.
    pub course: Course<'c>,
    /// What it says now.
    pub now: State<'c>,
    /// The stage; `None` for a proposal without one.
    pub stage: Option<&'c str>,
    /// What the release is to bring.
    pub work: Work,
    /// Whether it targeted the release when that was settled.
    pub planned: Known,
    /// Whether the proposal says now that the release brought it.
    pub claimed: Known,
    /// What it says about that, in words, where a yes or no is too short.
    pub remark: Option<&'static str>,
    /// What the code of the release has; `None` where it was not looked at, or no gate is declared.
    pub code: Option<StageInCode>,
}

/// Looks up in the code of the release whether it has the gates at the stage.
pub fn look_up(rows: &mut [Delivery<'_>], prepared: &Prepared, known: &claims::Known<'_>, release: Release) {
    for row in rows {
        let gates = row.course.proposal.map(|proposal| proposal.gates(prepared)).unwrap_or_default();
        let names: Vec<&str> = gates.iter().map(|gate| gate.name).filter(|name| !name.is_empty()).collect();
        let Some(stage) = row.stage.filter(|_| !names.is_empty()) else { continue };
        row.code = Some(claims::stage_in_code(known, &names, stage, release));
    }
}

/// What a release brought, by path and stage.
#[must_use]
pub fn shipped<'c>(corpus: &'c Corpus, cycle: &Cycle) -> Vec<Delivery<'c>> {
    courses(corpus).iter().flat_map(|course| of_course(corpus, course, cycle)).collect()
}

fn of_course<'c>(corpus: &'c Corpus, course: &Course<'c>, cycle: &Cycle) -> Vec<Delivery<'c>> {
    let prepared = &*corpus.prepared;
    let (now, release) = (course.now(), cycle.release);
    let knows = !course.events.is_empty();
    let then = cycle.planned.filter(|at| knows && *at <= corpus.as_of).map(|at| course.at(at));
    let targeted = then.as_ref().map(|then| then.exists && then.latest() == Some(release));
    let target = then.as_ref().filter(|_| targeted == Some(true)).map(|then| then.stage);
    // What it was planned for, what it says of a stage, and what it names as its current work.
    let mut stages: Vec<Option<&str>> = target.into_iter().collect();
    let named = now.milestones.keys().copied().filter(|stage| now.milestone(stage) == Some(release));
    stages.extend(named.filter(|stage| has_reached(prepared, course, &now, stage)).map(Some));
    if now.exists && now.latest() == Some(release) {
        stages.push(now.stage);
    }
    stages.sort_by_key(|stage| stage.and_then(|name| prepared.profile.stage.iter().position(|it| it.name == name)));
    stages.dedup();
    let one = |stage: Option<&'c str>| {
        let work = work(stage, &now, then.as_ref().filter(|_| target == Some(stage)), release);
        let planned = Known::of(targeted.map(|is| is && target == Some(stage)));
        let (claimed, remark) = claim(prepared, course, &now, stage, work, cycle);
        Delivery { course: course.clone(), now: now.clone(), stage, work, planned, claimed, remark, code: None }
    };
    stages.into_iter().map(one).collect()
}

/// Whether the release is to bring the stage, or work within it.
fn work(stage: Option<&str>, now: &State<'_>, then: Option<&State<'_>>, release: Release) -> Work {
    let Some(stage) = stage else { return Work::SameStage };
    let planned = then.map(|then| then.milestone(stage));
    match planned.unwrap_or_else(|| now.milestone(stage)) {
        Some(other) if other != release => Work::SameStage,
        _ => Work::Graduation,
    }
}

/// Whether a proposal got to a stage: it is there, or further on the same track, or was once.
fn has_reached(prepared: &Prepared, course: &Course<'_>, now: &State<'_>, stage: &str) -> bool {
    let Some(current) = now.stage else { return false };
    let other_track =
        || prepared.profile.stage(current).map(|it| &it.track) != prepared.profile.stage(stage).map(|it| &it.track);
    let was_there =
        || course.events.iter().any(|event| event.kind == EventKind::Stage && event.to.as_deref() == Some(stage));
    prepared.profile.reached(current, stage) || (other_track() && was_there())
}

/// What a proposal says now about a stage in a release.
fn claim(
    prepared: &Prepared,
    course: &Course<'_>,
    now: &State<'_>,
    stage: Option<&str>,
    work: Work,
    cycle: &Cycle,
) -> (Known, Option<&'static str>) {
    if !now.exists {
        return (Known::No, Some("the proposal was removed"));
    }
    if course.proposal.is_some_and(|proposal| !proposal.is_complete()) {
        return (Known::Unknown, Some("its metadata cannot be read"));
    }
    if now.status.is_some_and(|status| !course::knows_status(prepared, status)) {
        return (Known::Unknown, Some("its status is none of the process"));
    }
    let Some(stage) = stage else { return (Known::Unknown, Some("it names no stage")) };
    let reached = has_reached(prepared, course, now, stage);
    match (now.class(prepared), ended(prepared, course, cycle)) {
        (StatusClass::Open, _) => return (Known::No, Some("it is not accepted")),
        (_, Some(Ended::Before)) => return (Known::No, Some("it was ended or put aside before the release")),
        (StatusClass::Dead | StatusClass::Parked, None) => {
            return (Known::Unknown, Some("it was ended or put aside, and when is not known"));
        }
        _ => {}
    }
    match (now.milestone(stage), work) {
        (Some(named), _) if named == cycle.release && !reached => (Known::No, Some("its stage is an earlier one")),
        (Some(named), _) if named == cycle.release => (
            Known::Yes,
            matches!(now.class(prepared), StatusClass::Dead | StatusClass::Parked).then_some("ended since"),
        ),
        (Some(named), Work::Graduation) if named > cycle.release => (Known::No, Some("it names a later release now")),
        (Some(_), Work::Graduation) => (Known::No, Some("it names an earlier release now")),
        (None, Work::Graduation) => {
            let known = if now.stage == Some(stage) { Known::Unknown } else { Known::No };
            (known, Some("it names no release for the stage"))
        }
        // Metadata has no place for what is done within a stage.
        (_, Work::SameStage) => (Known::Unknown, None),
    }
}

/// When a proposal was ended or put aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    /// Before the release came out.
    Before,
    /// After it.
    Since,
}

/// When a proposal that is ended or put aside became so; `None` when it is not, or nobody knows.
fn ended(prepared: &Prepared, course: &Course<'_>, cycle: &Cycle) -> Option<Ended> {
    let event = last_end(prepared, course)?;
    Some(if cycle.out.is_some_and(|out| event.at > out) { Ended::Since } else { Ended::Before })
}

/// The event that ended a proposal, or put it aside, if it still is.
fn last_end<'c>(prepared: &Prepared, course: &Course<'c>) -> Option<&'c Event> {
    let over = |event: &Event| {
        let class = event.to.as_deref().map(|status| course::class_of(prepared, status.trim()));
        matches!(class, Some(StatusClass::Dead | StatusClass::Parked))
    };
    let last = course.events.iter().rev().find(|event| event.kind == EventKind::Status)?;
    over(last).then_some(*last)
}

/// Whether a stage is the last of its track, and the proposal is not marked as done.
#[must_use]
pub fn is_unmarked(prepared: &Prepared, row: &Delivery<'_>) -> bool {
    let last = row.stage.is_some_and(|stage| row.now.stage == Some(stage) && course::is_last(prepared, stage));
    last && row.now.class(prepared) == StatusClass::Accepted
}

/// At which moment a proposal must have targeted a release to count as planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// When it was settled what the release is to bring.
    Settled,
    /// When work on the release began.
    Start,
    /// At any time from then until the release.
    Any,
}

impl Moment {
    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Settled => "settled",
            Self::Start => "start",
            Self::Any => "any",
        }
    }
}

/// Something planned that went elsewhere.
pub struct Slip<'c> {
    /// The proposal.
    pub course: Course<'c>,
    /// What it says now.
    pub now: State<'c>,
    /// The stage that the release was to bring, or in which it was to be worked on.
    pub stage: Option<&'c str>,
    /// Which of the two.
    pub work: Work,
    /// When it was planned so.
    pub planned_at: Timestamp,
    /// What became of it.
    pub fate: Fate,
    /// The event that made it so; `None` when the history does not show it.
    pub moved: Option<&'c Event>,
    /// How often the stage under way had been put off to a later release before.
    pub earlier: usize,
}

/// Where something planned went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// To a later release.
    Later(Release),
    /// To no release.
    Unplanned,
    /// It was ended.
    Ended,
    /// It was put aside.
    PutAside,
    /// It is gone.
    Removed,
}

impl Fate {
    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Later(_) => "later",
            Self::Unplanned => "unplanned",
            Self::Ended => "ended",
            Self::PutAside => "put-aside",
            Self::Removed => "removed",
        }
    }
}

impl Slip<'_> {
    /// The release to which it was moved first, where the history shows that.
    #[must_use]
    pub fn first_to(&self) -> Option<Release> {
        self.moved?.to.as_deref().and_then(course::release)
    }

    /// By how many releases.
    #[must_use]
    pub fn releases(&self, from: Release) -> Option<i64> {
        match self.fate {
            Fate::Later(release) => Some(release.minors_after(from)),
            _ => None,
        }
    }
}

/// What was planned for a release and went elsewhere.
pub struct Slips<'c> {
    /// How many proposals were planned.
    pub planned: usize,
    /// Those that went elsewhere, by path.
    pub slips: Vec<Slip<'c>>,
}

/// What was planned for a release and went elsewhere. `None` when the dates do not tell the moment, or it is to come.
#[must_use]
pub fn slipped<'c>(corpus: &'c Corpus, cycle: &Cycle, moment: Moment) -> Option<Slips<'c>> {
    let from = match moment {
        Moment::Settled => cycle.planned?,
        Moment::Start | Moment::Any => cycle.start?,
    };
    let until = match moment {
        Moment::Settled | Moment::Start => from,
        Moment::Any => cycle.out.unwrap_or(corpus.as_of).min(corpus.as_of),
    };
    if from > corpus.as_of {
        return None;
    }
    let mut found = Slips { planned: 0, slips: Vec::new() };
    for course in courses(corpus).into_iter().filter(|course| !course.events.is_empty()) {
        if let Some(planned) = last_planned(&course, cycle.release, (from, until)) {
            found.planned += 1;
            found.slips.extend(slip(&corpus.prepared, course, cycle, planned));
        }
    }
    Some(found)
}

fn slip<'c>(
    prepared: &Prepared,
    course: Course<'c>,
    cycle: &Cycle,
    (planned_at, then): (Timestamp, State<'c>),
) -> Option<Slip<'c>> {
    // What was ended by then was no plan, whatever release it still named.
    if matches!(then.class(prepared), StatusClass::Dead | StatusClass::Parked) {
        return None;
    }
    let work = then.stage.map_or(Work::SameStage, |stage| match then.milestone(stage) {
        Some(other) if other != cycle.release => Work::SameStage,
        _ => Work::Graduation,
    });
    let now = course.now();
    let fate = fate(prepared, &course, cycle, (&then, work), &now)?;
    let moved = mover(prepared, &course, cycle.release, (&then, work), fate, planned_at);
    let earlier = course.delays(moved.map_or(planned_at, |event| event.at));
    Some(Slip { now, stage: then.stage, work, planned_at, fate, moved, earlier, course })
}

/// The last instant between two at which the proposal targeted the release, and what it said then.
fn last_planned<'c>(
    course: &Course<'c>,
    release: Release,
    (from, until): (Timestamp, Timestamp),
) -> Option<(Timestamp, State<'c>)> {
    let targets = |state: &State<'_>| state.exists && state.latest() == Some(release);
    let at_end = Some((until, course.at(until))).filter(|(_, state)| targets(state));
    let on_the_way = || {
        let steps = course.steps().filter(|(event, state)| event.at > from && event.at <= until && targets(state));
        steps.last().map(|(event, state)| (event.at, state))
    };
    let at_start = || Some((from, course.at(from))).filter(|(_, state)| targets(state));
    at_end.or_else(on_the_way).or_else(at_start)
}

/// What became of a plan; `None` when it was kept, as far as the metadata tells.
fn fate(
    prepared: &Prepared,
    course: &Course<'_>,
    cycle: &Cycle,
    (then, work): (&State<'_>, Work),
    now: &State<'_>,
) -> Option<Fate> {
    if !now.exists {
        let removed = course.events.iter().rev().find(|event| event.kind == EventKind::Removed);
        return removed.filter(|event| cycle.out.is_none_or(|out| event.at <= out)).map(|_| Fate::Removed);
    }
    if ended(prepared, course, cycle) == Some(Ended::Before) {
        let parked = now.class(prepared) == StatusClass::Parked;
        return Some(if parked { Fate::PutAside } else { Fate::Ended });
    }
    if let (Work::Graduation, Some(stage)) = (work, then.stage) {
        match now.milestone(stage) {
            Some(named) if named == cycle.release => return None,
            Some(named) if named > cycle.release => return Some(Fate::Later(named)),
            Some(_) => return None,
            // Who goes to the next stage without this one takes its milestone away.
            None if then.milestone(stage).is_some() => {
                let next = now.stage.filter(|current| prepared.profile.reached(current, stage));
                let later = next.and_then(|next| now.milestone(next)).filter(|named| *named > cycle.release);
                return Some(later.map_or(Fate::Unplanned, Fate::Later));
            }
            None => {}
        }
    }
    // Work within a stage has no milestone of its own: it went elsewhere if the proposal named another release before
    // this one came out, in the same stage. Afterwards that is the next piece of work.
    let at_release = cycle.out.map_or_else(|| now.clone(), |out| course.at(out));
    match at_release.latest() {
        Some(named) if named > cycle.release && at_release.stage == then.stage => Some(Fate::Later(named)),
        None if at_release.exists => Some(Fate::Unplanned),
        _ => None,
    }
}

/// The event that took a plan away.
fn mover<'c>(
    prepared: &Prepared,
    course: &Course<'c>,
    release: Release,
    (then, work): (&State<'c>, Work),
    fate: Fate,
    planned_at: Timestamp,
) -> Option<&'c Event> {
    let left = |event: &Event| {
        let was = event.from.as_deref().and_then(course::release);
        let is = event.to.as_deref().and_then(course::release);
        was == Some(release) && is != Some(release)
    };
    let of = |subject: &str| {
        let milestones =
            course.events.iter().filter(|event| event.kind == EventKind::Milestone && event.at > planned_at);
        let mut own = milestones.filter(|event| event.subject.as_deref() == Some(subject) && left(event));
        own.next().copied()
    };
    match (fate, work, then.stage) {
        (Fate::Removed, ..) => course.events.iter().rev().find(|event| event.kind == EventKind::Removed).copied(),
        (Fate::Ended | Fate::PutAside, ..) => last_end(prepared, course),
        (_, Work::Graduation, Some(stage)) => of(stage).or_else(|| of(LATEST)),
        _ => of(LATEST),
    }
}

impl<'c> Course<'c> {
    /// How often, before an instant, the milestone of the stage under way was put off to a later release.
    #[must_use]
    pub fn delays(&self, before: Timestamp) -> usize {
        // The stage that a commit found: when it sets the next stage, that stage's milestone was a plan, and no delay.
        let (mut commit, mut stage, mut found) = (None, self.before().stage, self.before().stage);
        let mut count = 0;
        for (event, state) in self.steps().take_while(|(event, _)| event.at < before) {
            if commit != Some(&event.commit) {
                (commit, found) = (Some(&event.commit), stage);
            }
            let put_off = event.kind == EventKind::Milestone && found.is_some() && event.subject.as_deref() == found;
            let release = |text: &Option<String>| text.as_deref().and_then(course::release);
            let later = release(&event.from).zip(release(&event.to)).is_some_and(|(was, is)| is > was);
            count += usize::from(put_off && later);
            stage = state.stage;
        }
        count
    }
}
