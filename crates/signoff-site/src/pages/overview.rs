//! The first page: how the release goes, in a sentence that a stranger understands, and what proves it.

use std::collections::BTreeMap;

use askama::Template;
use jiff::{SignedDuration, Timestamp};
use signoff_analysis::signoff::{Outcome, Standing};
use signoff_analysis::statistics::readiness::Readiness;
use signoff_model::calendar::START;
use signoff_model::event::{Event, EventKind};
use signoff_model::profile::Meaning;

use super::{Kind, filters, rendered};
use crate::charts::curve::{self, Line};
use crate::charts::weave::{self, Band};
use crate::frame::{self, Frame, counted};
use crate::marks::{self, Mark};
use crate::snapshot::{Board, CURVE_DAYS, Row};
use crate::strip::{self, Cell};
use crate::{Site, places};

pub(super) const KIND: Kind = Kind { paths: |_| vec![PATH.to_owned()], make };

const PATH: &str = "index.html";

#[derive(Template)]
#[template(path = "overview.html")]
struct Overview {
    frame: Frame,
    kicker: String,
    heading: String,
    lede: String,
    checkpoints: Vec<Checkpoint>,
    at: String,
    tally: Vec<(usize, Mark)>,
    stack: String,
    statement: String,
    reasons: Vec<Reason>,
    curve: Option<Curve>,
    changes: Vec<Changed>,
    week: usize,
    groups: Vec<Group>,
    weave: String,
    questions: usize,
    holes: Vec<Hole>,
    required: usize,
    board: String,
}

/// A checkpoint of the timeline.
struct Checkpoint {
    name: String,
    date: String,
    away: String,
    /// `past`, `now` or `up`.
    class: &'static str,
    /// Its share of the line, of 60.
    share: usize,
}

/// Why proposals are not on track.
struct Reason {
    about: String,
    rule: String,
    count: usize,
}

/// The readiness curve and its numbers.
struct Curve {
    heading: String,
    svg: String,
    days: Vec<usize>,
    rows: Vec<(String, Vec<String>)>,
}

/// A proposal that changed.
struct Changed {
    label: String,
    title: String,
    page: String,
    what: String,
}

/// A group and its proposals of the release.
struct Group {
    name: String,
    page: String,
    all: usize,
    tracked: usize,
    others: usize,
    /// For each proposal, whether it is on track.
    units: Vec<bool>,
}

/// A question and how often its answer is missing where it is required.
struct Hole {
    number: usize,
    title: String,
    count: usize,
}

fn make(site: &Site, path: &str) -> Option<String> {
    if path != PATH {
        return None;
    }
    Some(match site.snapshot.boards.first() {
        Some(board) => rendered(&overview(site, board)),
        None => rendered(&home(site)),
    })
}

/// The first page of a process without releases, or of a time of which no calendar tells.
#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
    heading: String,
    lede: String,
    statuses: Vec<(String, usize)>,
    changes: Vec<Changed>,
    groups: Vec<(String, String, usize)>,
}

/// So many changes are shown.
const CHANGES_MAX: usize = 20;

fn home(site: &Site) -> Home {
    let corpus = &site.snapshot.corpus;
    let prepared = &corpus.prepared;
    let mut statuses: BTreeMap<&str, usize> = BTreeMap::new();
    for status in corpus.all().filter_map(|proposal| proposal.status(prepared)) {
        *statuses.entry(status).or_default() += 1;
    }
    let mut statuses: Vec<(String, usize)> =
        statuses.into_iter().map(|(status, count)| (status.to_owned(), count)).collect();
    statuses.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    let mut changes = changed(site, site.snapshot.instant, 30);
    changes.truncate(CHANGES_MAX);
    let groups = super::groups::by_group(site).into_iter();
    let heading = counted(corpus.proposals.len(), "proposal");
    let lede =
        format!("Everything that {} holds, as of {}.", site.snapshot.origin.name, frame::moment(site.snapshot.instant));
    Home {
        frame: Frame::of(site, PATH, "overview", &site.snapshot.origin.name, &lede),
        heading,
        lede,
        statuses,
        changes,
        groups: groups.map(|(name, own)| (name.to_owned(), places::group(name), own.len())).collect(),
    }
}

fn overview(site: &Site, board: &Board) -> Overview {
    let snapshot = &site.snapshot;
    let all = board.rows.len();
    let tracked = count(board, &[Standing::Tracked, Standing::ExceptionApproved]);
    let heading = heading(board, snapshot.instant);
    let asked = board.judged_stop().map_or("", |stop| stop.name.as_str());
    let untold = board.stop().filter(|_| board.judged != board.current);
    let untold = untold.map(|stop| format!(" What the {} asks for is in no source that was given.", stop.name));
    let lede = match all {
        0 => format!("No proposal targets {} yet.", board.name),
        _ => format!(
            "{} this release. {tracked} of {all} have what the {asked} asks for, as far as can be told.{}",
            if all == 1 { "1 proposal targets".to_owned() } else { format!("{all} proposals target") },
            untold.unwrap_or_default()
        ),
    };
    let weave = Weave::of(site, board);
    let day = changed(site, snapshot.instant, 1);
    Overview {
        frame: Frame::of(site, PATH, "overview", &format!("{} overview", board.name), &lede),
        kicker: snapshot.origin.name.clone(),
        heading,
        lede,
        checkpoints: checkpoints(site, board),
        at: asked.to_owned(),
        tally: tally(board),
        stack: stack(board),
        statement: board.statement.clone(),
        reasons: reasons(board),
        curve: curve_of(site, board),
        week: changed(site, snapshot.instant, 7).len(),
        changes: day,
        groups: groups(board),
        weave: weave.svg,
        questions: weave.questions,
        holes: weave.holes,
        required: weave.required,
        board: places::board(&board.name),
    }
}

fn count(board: &Board, standings: &[Standing]) -> usize {
    let stands = |row: &&Row| row.now(board).is_some_and(|judged| standings.contains(&judged.standing));
    board.rows.iter().filter(stands).count()
}

/// What happens next: `v1.36: the Enhancements Freeze is in 13 days`.
fn heading(board: &Board, now: Timestamp) -> String {
    let Some(stop) = board.stop() else { return board.name.clone() };
    match stop.at {
        Some(at) if at == now => format!("{}: the {} is now", board.name, stop.name),
        Some(at) if at < now => format!("{}: the {} was {}", board.name, stop.name, frame::away(now, at)),
        Some(at) => format!("{}: the {} is {}", board.name, stop.name, frame::away(now, at)),
        None => format!("{}: no calendar says when the {} is", board.name, stop.name),
    }
}

/// The checkpoints as a line, each with its share of the days.
fn checkpoints(site: &Site, board: &Board) -> Vec<Checkpoint> {
    let (prepared, now) = (&site.snapshot.corpus.prepared, site.snapshot.instant);
    let start = prepared.calendar(board.release).and_then(|calendar| calendar.at(START)).map(|dated| dated.at);
    let start = start.map(|at| (prepared.checkpoint_name(START, board.release).to_owned(), at, false));
    let stops = board.stops.iter().enumerate();
    let stops = stops.filter_map(|(index, stop)| Some((stop.name.clone(), stop.at?, index == board.current)));
    let mut points: Vec<(String, Timestamp, bool)> = start.into_iter().chain(stops).collect();
    points.dedup_by(|next, first| {
        let same = next.1 == first.1;
        if same {
            first.0 = format!("{}, {}", first.0, next.0);
            first.2 |= next.2;
        }
        same
    });
    let (Some(first), Some(last)) = (points.first().map(|own| own.1), points.last().map(|own| own.1)) else {
        return Vec::new();
    };
    let whole = last.duration_since(first).as_hours().max(1);
    let point = |(index, (name, at, is_current)): (usize, &(String, Timestamp, bool))| {
        let next = points.get(index + 1).map_or(*at, |next| next.1);
        let share = next.duration_since(*at).as_hours() * 60 / whole;
        Checkpoint {
            name: name.clone(),
            date: frame::day(*at),
            away: frame::away(now, *at),
            class: if *is_current {
                "now"
            } else if *at <= now {
                "past"
            } else {
                "up"
            },
            share: usize::try_from(share.clamp(5, 60)).unwrap_or(5),
        }
    };
    points.iter().enumerate().map(point).collect()
}

fn tally(board: &Board) -> Vec<(usize, Mark)> {
    let shown = [
        Standing::Tracked,
        Standing::AtRisk,
        Standing::Removed,
        Standing::ExceptionApproved,
        Standing::ExceptionPending,
        Standing::NeedsEvidence,
    ];
    let always = |index: usize| index < 3;
    let counted = shown.iter().enumerate().map(|(index, own)| (index, count(board, &[*own]), marks::of_standing(*own)));
    counted.filter(|(index, count, _)| *count > 0 || always(*index)).map(|(_, count, mark)| (count, mark)).collect()
}

/// One bar for all: full for what is on track, striped where it has warnings, outlined where it is not.
fn stack(board: &Board) -> String {
    let all = board.rows.len();
    if all == 0 {
        return String::new();
    }
    let on_track = |row: &&Row| row.now(board).is_some_and(|judged| judged.standing == Standing::Tracked);
    let warned = board.rows.iter().filter(on_track).filter(|row| warns(row, board)).count();
    let tracked = board.rows.iter().filter(on_track).count();
    let place = |count: usize| count * 600 / all;
    let (full, end) = (place(tracked - warned), place(tracked));
    let mut path = format!("M0 0h{full}v12h-{full}z");
    let mut x = full + 2;
    while x + 3 <= end {
        path.push_str(&format!("M{x} 0h3v12h-3z"));
        x += 6;
    }
    let rest = 600 - end;
    let outline = match rest {
        0..4 => String::new(),
        _ => format!("<rect class=\"k\" x=\"{}\" y=\"1\" width=\"{}\" height=\"10\"/>", end + 2, rest - 3),
    };
    format!(
        "<svg class=\"stack\" viewBox=\"0 0 600 12\" aria-hidden=\"true\"><path class=\"ok\" d=\"{path}\"/>{outline}</svg>"
    )
}

fn warns(row: &Row, board: &Board) -> bool {
    row.now(board).is_some_and(|judged| judged.warnings() > 0)
}

/// Why proposals are not on track, the most frequent first.
fn reasons(board: &Board) -> Vec<Reason> {
    let mut found: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for judged in board.rows.iter().filter_map(|row| row.now(board)) {
        for rule in judged.rules.iter().filter(|rule| rule.outcome == Outcome::Fail && !rule.is_joint) {
            *found.entry((&rule.id, &rule.about)).or_default() += 1;
        }
    }
    let reason = |((rule, about), count): ((&str, &str), usize)| Reason {
        about: about.to_owned(),
        rule: rule.to_owned(),
        count,
    };
    let mut reasons: Vec<Reason> = found.into_iter().map(reason).collect();
    reasons.sort_by(|left, right| right.count.cmp(&left.count).then_with(|| left.rule.cmp(&right.rule)));
    reasons
}

fn curve_of(site: &Site, board: &Board) -> Option<Curve> {
    let release = &site.snapshot.corpus.prepared.profile.release;
    let shown: Vec<_> = board.readiness.iter().filter(|own| own.days.len() > 1).collect();
    let first = shown.first()?;
    let named: Vec<(String, &Readiness)> = shown.iter().map(|own| (release.spelt(own.release), *own)).collect();
    let lines: Vec<Line<'_>> = named.iter().map(|(name, readiness)| Line { name: name.clone(), readiness }).collect();
    let heading = curve_heading(first, &shown[1..]);
    let days: Vec<usize> = (0..=CURVE_DAYS).rev().filter(|day| day % 7 == 0 || *day == 1).collect();
    let cell = |ready: Option<usize>| ready.map_or_else(|| "to come".to_owned(), |ready| ready.to_string());
    let row = |(name, readiness): &(String, &Readiness)| {
        (name.clone(), days.iter().map(|day| cell(readiness.at(*day))).collect())
    };
    Some(Curve {
        svg: curve::chart(&lines, CURVE_DAYS, &marks_of(board), &heading, "freeze"),
        rows: named.iter().map(row).collect(),
        heading,
        days,
    })
}

/// Checkpoints that lie in the days of the curve.
fn marks_of(board: &Board) -> Vec<(usize, &str)> {
    let Some(end) = board.readiness.first().map(|own| own.settled) else { return Vec::new() };
    let before = board.stops.iter().filter_map(|stop| Some((stop, stop.at?))).filter(|(_, at)| *at < end);
    let day = |at: Timestamp| usize::try_from(end.duration_since(at).as_hours() / 24).ok();
    before.filter_map(|(stop, at)| Some((day(at)?, stop.name.as_str()))).collect()
}

/// The finding: whether work comes in the last week, and how the release compares.
fn curve_heading(first: &Readiness, older: &[&Readiness]) -> String {
    let last = first.days.last().copied().unwrap_or_default();
    let late = |own: &Readiness| own.at(7).zip(own.at(0)).is_some_and(|(week, end)| week * 2 <= end);
    match last {
        (0, _) if late(first) && older.iter().all(|own| late(own)) => {
            "Half of the work or more arrives in the last week, every time".to_owned()
        }
        (0, ready) => format!("{ready} were ready when the release was settled"),
        (day, ready) => {
            let then = older.iter().filter_map(|own| own.at(day)).collect::<Vec<_>>();
            match (then.iter().min(), then.iter().max()) {
                (Some(least), Some(most)) if least != most => {
                    format!("{ready} ready {day} days before; {least} to {most} in the releases before")
                }
                (Some(same), _) => format!("{ready} ready {day} days before; {same} in the release before"),
                _ => format!("{ready} ready {day} days before"),
            }
        }
    }
}

/// What changed in the last days, a line for each proposal; sweeps are no work.
fn changed(site: &Site, now: Timestamp, days: i64) -> Vec<Changed> {
    let corpus = &site.snapshot.corpus;
    let since = now.checked_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN);
    let mut found: Vec<(&str, Vec<&Event>)> = Vec::new();
    let recent = corpus.events.iter().filter(|event| since < event.at && event.at <= now && !event.sweep);
    for event in recent {
        match found.iter_mut().find(|(path, _)| *path == &*event.proposal) {
            Some((_, events)) => events.push(event),
            None => found.push((&event.proposal, vec![event])),
        }
    }
    let line = |(path, events): (&str, Vec<&Event>)| {
        let proposal = &corpus.proposals[corpus.proposal_at(path)?];
        Some(Changed {
            label: proposal.label().to_string(),
            title: proposal.text(&corpus.prepared, Meaning::Title).unwrap_or(&proposal.name).to_owned(),
            page: site.places.page(path)?.to_owned(),
            what: what_happened(&events)?,
        })
    };
    let mut lines: Vec<Changed> = found.into_iter().filter_map(line).collect();
    lines.reverse();
    lines
}

/// The weightiest of what happened to a proposal.
fn what_happened(events: &[&Event]) -> Option<String> {
    let of = |kind: EventKind| events.iter().rfind(|event| event.kind == kind);
    let to = |event: &&&Event| event.to.clone().unwrap_or_default();
    let step = |event: &&Event| match (&event.from, &event.to) {
        (Some(from), Some(to)) => format!("{from} → {to}"),
        (None, Some(to)) => to.clone(),
        (_, None) => "none".to_owned(),
    };
    if of(EventKind::Created).is_some() {
        let stage = of(EventKind::Stage).as_ref().map(to);
        return Some(stage.map_or_else(|| "new".to_owned(), |stage| format!("new, {stage}")));
    }
    let first = [EventKind::Removed, EventKind::Stage, EventKind::Status].into_iter().find_map(of);
    match first {
        Some(event) if event.kind == EventKind::Removed => Some("removed".to_owned()),
        Some(event) => Some(step(event)),
        None => of(EventKind::Approved)
            .map(|event| format!("{} approved", event.subject.as_deref().unwrap_or_default()))
            .or_else(|| of(EventKind::Milestone).map(|event| format!("milestone {}", step(event))))
            .or_else(|| events.last().map(|event| event.kind.word().to_owned())),
    }
}

fn groups(board: &Board) -> Vec<Group> {
    let mut found: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
    for row in &board.rows {
        let on_track = row.now(board).is_some_and(|judged| judged.standing == Standing::Tracked);
        found.entry(&row.group).or_default().push(on_track);
    }
    let group = |(name, mut units): (&str, Vec<bool>)| {
        units.sort_by_key(|on_track| !on_track);
        let tracked = units.iter().filter(|on_track| **on_track).count();
        Group {
            name: if name.is_empty() { "no group".to_owned() } else { name.to_owned() },
            page: places::group(name),
            all: units.len(),
            tracked,
            others: units.len() - tracked,
            units,
        }
    };
    let mut groups: Vec<Group> = found.into_iter().map(group).collect();
    groups.sort_by(|left, right| right.all.cmp(&left.all).then_with(|| left.name.cmp(&right.name)));
    groups
}

/// All strips of a release.
struct Weave {
    svg: String,
    questions: usize,
    holes: Vec<Hole>,
    required: usize,
}

impl Weave {
    fn of(site: &Site, board: &Board) -> Self {
        let corpus = &site.snapshot.corpus;
        let prepared = &corpus.prepared;
        let mut lines: Vec<(&str, Vec<Cell>)> = Vec::new();
        for row in &board.rows {
            let Some(index) = corpus.proposal_at(&row.path) else { continue };
            lines.push((&row.stage, strip::cells(prepared, &corpus.proposals[index])));
        }
        let band = |stage: &signoff_model::profile::Stage| Band {
            name: stage.name.clone(),
            lines: lines.iter().filter(|(own, _)| *own == stage.name).map(|(_, cells)| cells.clone()).collect(),
        };
        let bands: Vec<Band> = prepared.profile.stage.iter().map(band).collect();
        let groups: Vec<(String, usize)> = prepared
            .profile
            .questionnaire
            .first()
            .map(|own| own.group.iter().map(|group| (strip::name_of(group), group.question.len())).collect())
            .unwrap_or_default();
        let questions = prepared.questionnaires.first().map_or(0, |own| own.questions.len());
        let title = format!("The answers of {}, a line for each, by stage", counted(lines.len(), "proposal"));
        let svg =
            if questions == 0 || lines.is_empty() { String::new() } else { weave::weave(&bands, &groups, &title) };
        let (holes, required) = holes(prepared, &lines);
        Self { svg, questions, holes, required }
    }
}

/// The questions that are most often open where the stage requires an answer, and of how many proposals.
fn holes(prepared: &signoff_model::profile::Prepared, lines: &[(&str, Vec<Cell>)]) -> (Vec<Hole>, usize) {
    use signoff_model::questionnaire::State;
    let is_open =
        |cell: &Cell| cell.is_required && matches!(cell.state, State::Absent | State::Empty | State::Placeholder);
    let questions = lines.first().map_or(0, |(_, cells)| cells.len());
    let hole = |index: usize| Hole {
        number: index + 1,
        title: prepared.question(0, index).1.title.clone(),
        count: lines.iter().filter(|(_, cells)| is_open(&cells[index])).count(),
    };
    let mut holes: Vec<Hole> = (0..questions).map(hole).filter(|hole| hole.count > 0).collect();
    holes.sort_by(|left, right| right.count.cmp(&left.count).then_with(|| left.number.cmp(&right.number)));
    holes.truncate(8);
    let asks = |cells: &[Cell]| cells.iter().all(|cell| cell.is_required);
    (holes, lines.iter().filter(|(_, cells)| asks(cells)).count())
}
