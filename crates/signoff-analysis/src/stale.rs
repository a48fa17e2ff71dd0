//! Proposals that nobody moves on, and what to do about each.
//!
//! Start at [`stale`]. Each kind is a function of `Look` that gives a reason in one sentence and a change to make.
//! Thresholds are the profile's (`[stale]`).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use signoff_model::event::{EventKind, Touch};
use signoff_model::people::handle_of;
use signoff_model::profile::{Meaning, PassingStage, Prepared, StaleRules, Status, StatusClass};
use signoff_model::{Corpus, Proposal, Release, Severity, Span};

use crate::claims::{self, ClaimKind, ClaimVerdict, Flaw, Verdict};
use crate::course::{self, Course, State, courses};
use crate::cycle::{self, Cycle};

mod people;

use people::Seen;

/// In which way a proposal is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StaleKind {
    /// The last stage is reached and released, and the status does not say so.
    Unmarked,
    /// Another proposal supersedes it, and the status does not say so.
    Superseded,
    /// Nobody is left who tends it.
    Orphaned,
    /// Its release passed, and nothing happens.
    Stuck,
    /// It stays in a stage that is meant to be passed.
    Lingering,
    /// It was never accepted, and nothing happens.
    Dormant,
}

impl StaleKind {
    /// Every kind, worst first.
    pub const ALL: [Self; 6] =
        [Self::Unmarked, Self::Superseded, Self::Orphaned, Self::Stuck, Self::Lingering, Self::Dormant];

    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unmarked => "unmarked",
            Self::Superseded => "superseded",
            Self::Orphaned => "orphaned",
            Self::Stuck => "stuck",
            Self::Lingering => "lingering",
            Self::Dormant => "dormant",
        }
    }

    /// What it means, in a line.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Unmarked => "done, but not marked so",
            Self::Superseded => "superseded, but not marked so",
            Self::Orphaned => "nobody is left who tends it",
            Self::Stuck => "its release passed, and nothing happens",
            Self::Lingering => "stays in a stage that is meant to be passed",
            Self::Dormant => "proposed long ago, and nothing happens",
        }
    }

    /// How bad it is: what is certain and quickly mended is a warning, what a person must judge is advice.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Self::Unmarked | Self::Superseded | Self::Orphaned | Self::Stuck => Severity::Warning,
            Self::Lingering | Self::Dormant => Severity::Info,
        }
    }
}

/// A proposal that is left alone.
pub struct Stale<'c> {
    /// In which way.
    pub kind: StaleKind,
    /// The proposal.
    pub proposal: &'c Proposal,
    /// Its status.
    pub status: Option<&'c str>,
    /// Its stage.
    pub stage: Option<&'c str>,
    /// The day since which it is so; `None` when nothing that was read tells.
    pub since: Option<Date>,
    /// Why, in one sentence.
    pub reason: String,
    /// What to do.
    pub change: Change,
    /// How many people tended it lately; `None` when the history does not tell.
    pub tended_by: Option<usize>,
}

/// A change that would end it.
pub struct Change {
    /// In words.
    pub text: String,
    /// The metadata field to change, where it is one.
    pub field: Option<String>,
    /// Its new value, where there is one.
    pub to: Option<String>,
    /// Where the field's value stands in the metadata file, or where it is missing from.
    pub span: Option<Span>,
}

/// Looks at what the code has: what it does not have yet is not done, and what it has for good is done, whatever stage
/// the proposal names. The order is kept; what is new comes behind the others of its kind.
#[must_use]
pub fn by_code<'c>(corpus: &'c Corpus, known: &claims::Known<'_>, mut found: Vec<Stale<'c>>) -> Vec<Stale<'c>> {
    let judged = claims::audit(corpus, known, |_| true);
    let status = |proposal: &Proposal| {
        let own = |claim: &&ClaimVerdict<'_>| {
            claim.claim == ClaimKind::StatusImplemented && claim.proposal.path == proposal.path
        };
        judged.iter().find(own)
    };
    found.retain_mut(|stale| {
        let Some(claim) = status(stale.proposal).filter(|_| stale.kind == StaleKind::Unmarked) else { return true };
        if claim.verdict == Verdict::Drift {
            stale.reason.push_str("; in the code ");
            stale.reason.push_str(&claim.reason);
        }
        claim.verdict != Verdict::Agree
    });
    let is_told = |claim: &ClaimVerdict<'_>| {
        found.iter().any(|stale| stale.kind == StaleKind::Unmarked && stale.proposal.path == claim.proposal.path)
    };
    let behind = judged.iter().filter(|claim| claim.flaw == Some(Flaw::StatusBehind) && !is_told(claim));
    let added: Vec<Stale<'c>> = behind.filter_map(|claim| unmarked_in_code(corpus, claim)).collect();
    let place = found.iter().rposition(|stale| stale.kind == StaleKind::Unmarked).map_or(0, |last| last + 1);
    found.splice(place..place, added);
    found
}

fn unmarked_in_code<'c>(corpus: &'c Corpus, claim: &ClaimVerdict<'c>) -> Option<Stale<'c>> {
    let prepared = &*corpus.prepared;
    let pair = claim.proposal.meant(prepared, Meaning::Status)?;
    let to = claim.suggestion.clone()?;
    Some(Stale {
        kind: StaleKind::Unmarked,
        proposal: claim.proposal,
        status: claim.proposal.status(prepared),
        stage: claim.proposal.stage(prepared),
        since: None,
        reason: format!("in the code {}", claim.reason),
        change: Change {
            text: format!("set {} to {to}", pair.key),
            field: Some(pair.key.to_string()),
            to: Some(to),
            span: Some(pair.node.span),
        },
        tended_by: None,
    })
}

/// Finds what is left alone: worst kinds first, then the longest.
///
/// `touches` are the commits that changed proposals; `None` when no history was read. Then what would need them is
/// not said.
#[must_use]
pub fn stale<'c>(corpus: &'c Corpus, touches: Option<&'c [Touch]>) -> Vec<Stale<'c>> {
    let seen = touches.map(|touches| Seen::of(corpus, touches));
    let cycles = cycle::all(&corpus.prepared);
    let successors = successors(corpus);
    let mut found: Vec<Stale<'_>> = Vec::new();
    for course in courses(corpus) {
        let Some(proposal) = course.proposal.filter(|proposal| proposal.is_complete()) else { continue };
        let now = course.now();
        let look = Look {
            corpus,
            course: &course,
            proposal,
            now: &now,
            cycles: &cycles,
            successors: &successors,
            seen: seen.as_ref(),
        };
        found.extend(look.kinds());
    }
    found.sort_by_key(|stale| {
        let rank = StaleKind::ALL.iter().position(|kind| *kind == stale.kind);
        (std::cmp::Reverse(stale.kind.severity()), rank, stale.since.is_none(), stale.since, &stale.proposal.path)
    });
    found
}

/// The proposals that others say they supersede, and by which; the first by path where several do.
fn successors(corpus: &Corpus) -> BTreeMap<usize, usize> {
    let mut found = BTreeMap::new();
    for (index, proposal) in corpus.proposals.iter().enumerate() {
        for item in proposal.items(&corpus.prepared, Meaning::Supersedes) {
            if let Some(old) = corpus.referenced_proposal(proposal, item.text) {
                found.entry(old).or_insert(index);
            }
        }
    }
    found
}

/// What the kinds look at.
struct Look<'l, 'c> {
    corpus: &'c Corpus,
    course: &'l Course<'c>,
    proposal: &'c Proposal,
    now: &'l State<'c>,
    cycles: &'l [Cycle],
    successors: &'l BTreeMap<usize, usize>,
    seen: Option<&'l Seen<'c>>,
}

/// A reason, since when, and what to do.
type Finding = (Option<Date>, String, Change);

impl<'c> Look<'_, 'c> {
    /// What holds of the proposal, worst first. What is done or superseded needs neither an owner nor a release.
    fn kinds(&self) -> Vec<Stale<'c>> {
        let one = |kind: StaleKind, found: Option<Finding>| found.map(|found| self.stale(kind, found));
        if let Some(marked) = one(StaleKind::Unmarked, self.unmarked()) {
            return vec![marked];
        }
        if let Some(superseded) = one(StaleKind::Superseded, self.superseded()) {
            return vec![superseded];
        }
        let mut found: Vec<Stale<'c>> = one(StaleKind::Orphaned, self.orphaned()).into_iter().collect();
        found.extend(one(StaleKind::Stuck, self.stuck()));
        found.extend(one(StaleKind::Lingering, self.lingering()));
        found.extend(one(StaleKind::Dormant, self.dormant()));
        found
    }

    fn stale(&self, kind: StaleKind, (since, reason, change): Finding) -> Stale<'c> {
        Stale {
            kind,
            proposal: self.proposal,
            status: self.now.status,
            stage: self.now.stage,
            since,
            reason,
            change,
            tended_by: self.seen.map(|seen| seen.tending(&self.proposal.path)),
        }
    }

    fn prepared(&self) -> &'c Prepared {
        &self.corpus.prepared
    }

    fn rules(&self) -> &'c StaleRules {
        &self.prepared().profile.stale
    }

    fn class(&self) -> StatusClass {
        self.now.class(self.prepared())
    }

    fn unmarked(&self) -> Option<Finding> {
        let stage = self.now.stage.filter(|stage| course::is_last(self.prepared(), stage))?;
        if self.class() != StatusClass::Accepted {
            return None;
        }
        let release = self.now.milestone(stage)?;
        let out = self.is_out(release)?.then(|| self.out_on(release));
        let done = status_of(self.prepared(), |status| status.class == StatusClass::Done)?;
        let day = out?;
        let when = day.map_or_else(String::new, |day| format!(", which came out on {day}"));
        let reason = format!(
            "it is {stage} since {}{when}, and its status is still {}",
            self.spelt(release),
            self.now.status.unwrap_or("not set")
        );
        Some((day.or_else(|| self.changed(EventKind::Stage)), reason, self.set(Meaning::Status, &done.name)))
    }

    fn superseded(&self) -> Option<Finding> {
        if matches!(self.class(), StatusClass::Dead | StatusClass::Done) {
            return None;
        }
        let replaced = status_of(self.prepared(), |status| status.successor)?;
        let own = self.proposal.items(self.prepared(), Meaning::SupersededBy);
        let own = own.iter().find_map(|item| self.corpus.referenced_proposal(self.proposal, item.text));
        let named = || self.successors.get(&self.corpus.proposal_at(&self.proposal.path)?).copied();
        let by = own.or_else(named)?;
        let by = &*self.corpus.proposals[by];
        // A plan that is not accepted, or was given up, supersedes nothing yet.
        let class = by.class(self.prepared());
        if !matches!(class, StatusClass::Accepted | StatusClass::Done) || by.path == self.proposal.path {
            return None;
        }
        let says = match own {
            Some(_) => format!("it says that {} supersedes it", by.label()),
            None => format!("{} says that it supersedes it", by.label()),
        };
        let reason = format!(
            "{says}; that one is {}, and its own status is still {}",
            by.status(self.prepared()).unwrap_or("without status"),
            self.now.status.unwrap_or("not set")
        );
        let mut change = self.set(Meaning::Status, &replaced.name);
        if let (None, Some(field)) = (own, self.prepared().field_named(Meaning::SupersededBy)) {
            change.text.push_str(&format!(" and {field} to {}", by.label()));
        }
        Some((self.changed(EventKind::Status), reason, change))
    }

    fn stuck(&self) -> Option<Finding> {
        let stage = self.now.stage.filter(|stage| !course::is_last(self.prepared(), stage))?;
        if self.class() != StatusClass::Accepted || !self.has_track(stage) {
            return None;
        }
        let target = self.now.latest()?;
        let passed = self.releases_since(target)?;
        let quiet = self.quiet_days()?;
        if passed < i64::from(self.rules().stuck_releases) || quiet < i64::from(self.rules().quiet_days) {
            return None;
        }
        let last = self.last_touched()?;
        let reason = format!(
            "it is {stage} and its latest milestone is {}; {passed} releases have come out since, and nobody worked on \
             it after {last}",
            self.spelt(target)
        );
        let field = self.prepared().field_named(Meaning::LatestMilestone).unwrap_or_default();
        let text = format!("set {field} to the release it is meant for now, or {}", self.give_up());
        Some((self.out_on(target).or(Some(last)), reason, self.point(Meaning::LatestMilestone, text)))
    }

    fn lingering(&self) -> Option<Finding> {
        let stage = self.now.stage?;
        let PassingStage { releases: limit, source, .. } =
            self.rules().passing.iter().find(|passing| passing.name == stage)?;
        if self.class() != StatusClass::Accepted {
            return None;
        }
        let since = self.now.milestone(stage)?;
        let passed = self.releases_since(since)?;
        // Where it works towards a release that is not out yet, it moves.
        let moves_on = self.now.latest().is_some_and(|latest| latest > since && self.is_out(latest) == Some(false));
        let next = self.next_stage(stage)?;
        let planned = self.now.milestone(next).is_some_and(|release| self.is_out(release) == Some(false));
        if passed <= i64::from(*limit) || (moves_on && planned) {
            return None;
        }
        let limit = if source.is_empty() {
            format!("at most {limit} are meant")
        } else {
            format!("{limit} are meant ({source})")
        };
        let reason = format!("it has been {stage} since {}, for {passed} releases; {limit}", self.spelt(since));
        let text = format!(
            "plan {next}: set the milestone of {next} and say in the prose what is missing, or {}",
            self.give_up()
        );
        Some((self.out_on(since).or_else(|| self.changed(EventKind::Stage)), reason, self.point(Meaning::Stage, text)))
    }

    fn dormant(&self) -> Option<Finding> {
        let quiet = self.quiet_days()?;
        if self.class() != StatusClass::Open || quiet < i64::from(self.rules().dormant_days) {
            return None;
        }
        let last = self.last_touched()?;
        let known = self.now.status.filter(|status| course::knows_status(self.prepared(), status));
        let status =
            known.map_or_else(|| "without a status of the process".to_owned(), |status| format!("still {status}"));
        let reason = format!("it is {status}, and nobody worked on it after {last}, for {quiet} days");
        Some((
            Some(last),
            reason,
            self.point(Meaning::Status, format!("ask its authors whether it goes on; else {}", self.give_up())),
        ))
    }

    fn orphaned(&self) -> Option<Finding> {
        if !matches!(self.class(), StatusClass::Open | StatusClass::Accepted) {
            return None;
        }
        self.group_gone().or_else(|| self.without_approver()).or_else(|| self.people_gone())
    }

    fn group_gone(&self) -> Option<Finding> {
        let group = self.proposal.text(self.prepared(), Meaning::Group)?;
        let groups = &self.prepared().profile.groups;
        if !groups.retired.iter().any(|retired| retired == group) || groups.known.iter().any(|known| known == group) {
            return None;
        }
        let reason = format!("{group} owns it, and that group is retired");
        let text = format!("find a group that takes it over, or {}", self.give_up());
        Some((self.last_touched(), reason, self.point(Meaning::Group, text)))
    }

    /// Accepted, or long untouched, with placeholders where its approvers should be.
    fn without_approver(&self) -> Option<Finding> {
        let items = self.proposal.items(self.prepared(), Meaning::Approvers);
        let quiet = self.quiet_days().is_some_and(|quiet| quiet >= i64::from(self.rules().quiet_days));
        let nobody = !items.is_empty() && items.iter().all(|item| self.is_placeholder(item.text));
        if !nobody || !(quiet || self.class() == StatusClass::Accepted) {
            return None;
        }
        let written: Vec<&str> = items.iter().map(|item| item.text).collect();
        let field = self.prepared().field_named(Meaning::Approvers).unwrap_or_default();
        let last = self.last_touched();
        let when = last.filter(|_| quiet);
        let when = when.map_or_else(String::new, |last| format!(", and nobody worked on it after {last}"));
        let reason = format!("nobody approves it: {field} is {}{when}", written.join(", "));
        Some((last, reason, self.point(Meaning::Approvers, format!("name approvers, or {}", self.give_up()))))
    }

    fn people_gone(&self) -> Option<Finding> {
        let seen = self.seen?;
        let people: BTreeSet<String> = [Meaning::Authors, Meaning::Approvers]
            .iter()
            .flat_map(|meaning| self.proposal.items(self.prepared(), *meaning))
            .filter_map(|item| handle_of(item.text, &self.prepared().profile.people))
            .map(str::to_ascii_lowercase)
            .collect();
        if people.is_empty() || people.iter().any(|person| seen.was_seen(person, &self.proposal.path)) {
            return None;
        }
        let days = self.rules().absent_days;
        if self.quiet_days()? < i64::from(days) {
            return None;
        }
        let named: Vec<String> = people.iter().take(3).map(|person| format!("@{person}")).collect();
        let more = if people.len() > 3 { format!(" and {} more", people.len() - 3) } else { String::new() };
        let last = self.last_touched();
        let when = last.map_or_else(String::new, |last| format!("; nobody worked on it after {last}"));
        let reason = format!(
            "none of its authors and approvers ({}{more}) was seen within {days} days, at work on a proposal, named in one \
             that changed, or among the repository's aliases{when}",
            named.join(", ")
        );
        let group = self.proposal.text(self.prepared(), Meaning::Group).unwrap_or("its group");
        let text = format!("ask {group} for somebody who takes it over, or {}", self.give_up());
        Some((last, reason, self.point(Meaning::Authors, text)))
    }

    fn is_placeholder(&self, text: &str) -> bool {
        let name = text.trim().trim_start_matches('@');
        name.is_empty()
            || self.prepared().profile.people.placeholders.iter().any(|word| word.eq_ignore_ascii_case(name))
    }

    /// How a proposal is given up, in the words of the process.
    fn give_up(&self) -> String {
        let statuses = self.prepared().profile.status.iter();
        let ends =
            |status: &&Status| matches!(status.class, StatusClass::Parked | StatusClass::Dead) && !status.successor;
        let names: Vec<&str> = statuses.filter(ends).map(|status| status.name.as_str()).collect();
        let field = self.prepared().field_named(Meaning::Status).unwrap_or_default();
        let (last, others) = names.split_last().map_or(("", &[][..]), |(last, others)| (*last, others));
        let choice = if others.is_empty() { last.to_owned() } else { format!("{} or {last}", others.join(", ")) };
        format!("set {field} to {choice}")
    }

    /// Sets a field to a value.
    fn set(&self, meaning: Meaning, to: &str) -> Change {
        let field = self.prepared().field_named(meaning).unwrap_or_default();
        Change { to: Some(to.to_owned()), ..self.point(meaning, format!("set {field} to {to}")) }
    }

    /// Says something at a field.
    fn point(&self, meaning: Meaning, text: String) -> Change {
        let pair = self.proposal.meant(self.prepared(), meaning);
        let field = self.prepared().field_named(meaning).map(str::to_owned);
        Change { text, field, to: None, span: pair.map(|pair| pair.node.span) }
    }

    fn spelt(&self, release: Release) -> String {
        self.prepared().profile.release.spelt(release)
    }

    fn is_out(&self, release: Release) -> Option<bool> {
        cycle::is_out(self.cycles, release, self.corpus.as_of)
    }

    fn out_on(&self, release: Release) -> Option<Date> {
        let own = self.cycles.iter().find(|cycle| cycle.release.minors_after(release) == 0)?;
        own.out_day
    }

    /// How many releases have come out after one.
    fn releases_since(&self, release: Release) -> Option<i64> {
        Some(cycle::newest_out(self.cycles, self.corpus.as_of)?.minors_after(release))
    }

    fn has_track(&self, stage: &str) -> bool {
        self.prepared().profile.stage(stage).is_some()
    }

    fn next_stage(&self, stage: &str) -> Option<&'c str> {
        let stages = &self.prepared().profile.stage;
        let place = stages.iter().position(|other| other.name == stage)?;
        let next = stages.get(place + 1).filter(|next| next.track == stages[place].track)?;
        Some(next.name.as_str())
    }

    /// The day of the last event of a kind.
    fn changed(&self, kind: EventKind) -> Option<Date> {
        self.course.events.iter().rev().find(|event| event.kind == kind && !event.sweep).map(|event| day(event.at))
    }

    /// The day on which somebody last worked on it.
    fn last_touched(&self) -> Option<Date> {
        self.seen?.last(&self.proposal.path).map(day)
    }

    fn quiet_days(&self) -> Option<i64> {
        let last = self.seen?.last(&self.proposal.path)?;
        Some(self.corpus.as_of.duration_since(last).as_hours() / 24)
    }
}

fn status_of(prepared: &Prepared, wanted: impl Fn(&Status) -> bool) -> Option<&Status> {
    prepared.profile.status.iter().find(|status| wanted(status))
}

pub(crate) fn day(instant: Timestamp) -> Date {
    instant.to_zoned(TimeZone::UTC).date()
}
