//! The board of a release: every proposal that targets it, the most urgent first, and why it stands where it does.

use askama::Template;
use jiff::Timestamp;
use signoff_analysis::signoff::{Outcome, Standing};
use signoff_model::fact::Evidence;

use super::choices::{Choices, choices};
use super::{Kind, data, filters, rendered};
use crate::frame::{self, Frame, counted};
use crate::marks::{self, Mark};
use crate::snapshot::{Board, Judged, Row, Rule};
use crate::{Site, places, strip};

pub(super) const KIND: Kind = Kind { paths, make };

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage {
    frame: Frame,
    name: String,
    statement: String,
    at: String,
    heads: Vec<Head>,
    columns: usize,
    sections: Vec<Section>,
    filters: Vec<Choices>,
    all: usize,
    questions: usize,
    exports: Vec<(&'static str, String)>,
    /// The file of the days, the last day's number, and the marks of the verdicts, where there are days.
    slider: Option<Slider>,
}

/// The way through the days of the cycle.
struct Slider {
    file: String,
    last: usize,
    first: String,
    until: String,
    marks: Vec<(&'static str, Mark)>,
    area: String,
}

/// The head of a checkpoint's column.
struct Head {
    name: String,
    when: String,
    is_current: bool,
}

/// Proposals with the same verdict.
struct Section {
    word: &'static str,
    id: &'static str,
    lines: Vec<LineOf>,
}

/// A row.
struct LineOf {
    id: String,
    label: String,
    title: String,
    page: Option<String>,
    group: String,
    reason: String,
    from: Option<String>,
    stage: String,
    class: String,
    verdict: &'static str,
    text: String,
    cells: Vec<CellOf>,
    strip: String,
    approver: String,
    rules: Vec<RuleOf>,
    passing: Vec<RuleOf>,
    next: Vec<String>,
    command: String,
}

/// The verdict at a checkpoint.
struct CellOf {
    head: String,
    mark: Mark,
    more: String,
    /// Whether the shape alone is shown, and the word is for readers of the screen.
    is_brief: bool,
    is_current: bool,
}

/// A rule that was asked.
pub(super) struct RuleOf {
    pub(super) id: String,
    pub(super) mark: Mark,
    pub(super) message: String,
    pub(super) quotes: Vec<Quote>,
    pub(super) more: usize,
}

/// A line that proves something.
pub(super) struct Quote {
    pub(super) place: String,
    pub(super) href: Option<String>,
    pub(super) line: Option<usize>,
    pub(super) text: String,
}

fn paths(site: &Site) -> Vec<String> {
    site.snapshot.boards.iter().map(|board| places::board(&board.name)).collect()
}

fn make(site: &Site, path: &str) -> Option<String> {
    let board = site.snapshot.boards.iter().find(|board| places::board(&board.name) == path)?;
    let title = format!("{} board", board.name);
    let about = format!("Where {} of {} stand, and why.", counted(board.rows.len(), "proposal"), board.name);
    let questions = site.snapshot.corpus.prepared.questionnaires.first().map_or(0, |own| own.questions.len());
    Some(rendered(&BoardPage {
        frame: Frame::of(site, path, "board", &title, &about),
        name: board.name.clone(),
        statement: board.statement.clone(),
        at: frame::moment(site.snapshot.instant),
        heads: heads(site, board),
        columns: columns(board).len() + 6,
        sections: sections(site, &frame::base(path), board),
        filters: filters(board),
        all: board.rows.len(),
        questions,
        slider: slider(site, board),
        exports: board.exports.iter().map(|own| (own.name, data::export_of(&board.name, own.ending))).collect(),
    }))
}

fn slider(site: &Site, board: &Board) -> Option<Slider> {
    let first = board.days.first()?;
    let marks = Standing::ALL.map(|standing| (standing.word(), marks::of_standing(standing)));
    Some(Slider {
        file: data::export_of(&board.name, data::DAYS),
        last: board.days.len(),
        first: frame::day(first.at),
        until: frame::day(site.snapshot.instant),
        marks: marks.to_vec(),
        area: area(site, board),
    })
}

/// How many proposals were on track, day by day, as an area above the slider.
fn area(site: &Site, board: &Board) -> String {
    let tracked =
        |stood: &[crate::snapshot::Stood]| stood.iter().filter(|own| own.standing == Standing::Tracked).count();
    let now =
        board.rows.iter().filter(|row| row.now(board).is_some_and(|own| own.standing == Standing::Tracked)).count();
    let mut counts: Vec<usize> = board.days.iter().map(|day| tracked(&day.stood)).collect();
    counts.push(now);
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let last = counts.len() - 1;
    let point = |(index, count): (usize, &usize)| format!("{} {}", index * 1000 / last.max(1), 40 - count * 38 / most);
    let points: Vec<String> = counts.iter().enumerate().map(point).collect();
    let until = site.snapshot.instant;
    let passed = board.stops.iter().filter_map(|stop| tick(board.days.first()?.at, stop.at?, until));
    format!(
        "<svg viewBox=\"0 0 1000 40\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><path class=\"past\" \
         d=\"M{}L1000 40L0 40z\"/><path class=\"tick\" d=\"{}\"/></svg>",
        points.join("L"),
        passed.collect::<String>()
    )
}

/// A stroke at an instant between the first and the last.
fn tick(first: Timestamp, at: Timestamp, last: Timestamp) -> Option<String> {
    let seconds = |from: Timestamp| at.duration_since(from).as_secs();
    let (after, whole) = (seconds(first), last.duration_since(first).as_secs());
    (after > 0 && after < whole).then(|| format!("M{} 40V0", after * 1000 / whole))
}

/// Most checkpoints ahead that have a column.
const AHEAD_MAX: usize = 3;

/// The checkpoints that have a column: the one whose verdicts are shown and those before it, and the next ones; of
/// several at one instant, the first.
fn columns(board: &Board) -> Vec<usize> {
    let ahead = (board.judged + 1..board.stops.len())
        .filter(|index| *index >= board.current && *index > board.judged)
        .filter(|index| board.stops[*index].at.is_none() || board.stops[*index].at != board.stops[index - 1].at);
    (0..=board.judged).chain(ahead.take(AHEAD_MAX)).collect()
}

fn heads(site: &Site, board: &Board) -> Vec<Head> {
    let now = site.snapshot.instant;
    let head = |(index, stop): (usize, &crate::snapshot::Stop)| Head {
        name: stop.name.clone(),
        when: match stop.at {
            Some(at) if at <= now => frame::day(at),
            Some(at) => frame::away(now, at),
            None => "no date".to_owned(),
        },
        is_current: index == board.judged,
    };
    columns(board).into_iter().filter_map(|index| Some((index, board.stops.get(index)?))).map(head).collect()
}

/// The rows by verdict, the worst first.
fn sections(site: &Site, base: &str, board: &Board) -> Vec<Section> {
    let of = |standing: Standing| {
        let own = |row: &&Row| row.now(board).is_some_and(|judged| judged.standing == standing);
        let lines: Vec<LineOf> = board.rows.iter().filter(own).map(|row| line(site, base, board, row)).collect();
        Section { word: marks::of_standing(standing).word, id: standing.word(), lines }
    };
    Standing::ALL.into_iter().map(of).filter(|section| !section.lines.is_empty()).collect()
}

fn line(site: &Site, base: &str, board: &Board, row: &Row) -> LineOf {
    let corpus = &site.snapshot.corpus;
    let proposal = corpus.proposal_at(&row.path).map(|index| &*corpus.proposals[index]);
    let judged = row.now(board);
    let (rules, passing) = judged.map(|judged| rules(site, base, judged)).unwrap_or_default();
    let text =
        format!("{} {} {} {} {}", row.label, row.title, row.group, row.approver, gates(site, row)).to_lowercase();
    let cell = |(index, judged): (usize, &Option<Judged>)| {
        // Of what comes later nothing is said yet, and what cannot be told is no column of words.
        let judged = judged.as_ref().filter(|_| index <= board.judged);
        let mark = judged.map_or(marks::NOT_DUE, |judged| marks::of_standing(judged.standing));
        CellOf {
            head: board.stops[index].name.clone(),
            mark,
            more: judged.map(warned).unwrap_or_default(),
            is_brief: index + 1 < board.judged,
            is_current: index == board.judged,
        }
    };
    LineOf {
        id: places::row(&row.label),
        label: row.label.clone(),
        title: row.title.clone(),
        page: site.places.page(&row.path).map(str::to_owned),
        group: row.group.clone(),
        reason: judged.map(|judged| judged.reason.clone()).unwrap_or_default(),
        from: row.from.clone(),
        stage: row.stage.clone(),
        class: row.class.clone(),
        verdict: judged.map_or("", |judged| judged.standing.word()),
        text,
        cells: columns(board).into_iter().filter_map(|at| Some((at, row.judged.get(at)?))).map(cell).collect(),
        strip: proposal.map(|own| strip::small(&strip::cells(&corpus.prepared, own))).unwrap_or_default(),
        approver: row.approver.clone(),
        rules,
        passing,
        next: judged.map(next).unwrap_or_default(),
        command: format!("signoff todo {} --release {}", row.label, board.name),
    }
}

/// `, 2 warn` behind a verdict with doubts.
fn warned(judged: &Judged) -> String {
    match judged.warnings() {
        0 => String::new(),
        count => format!(", {count} warn"),
    }
}

fn gates(site: &Site, row: &Row) -> String {
    let corpus = &site.snapshot.corpus;
    let Some(index) = corpus.proposal_at(&row.path) else { return String::new() };
    let gates = corpus.proposals[index].gates(&corpus.prepared);
    gates.iter().map(|gate| gate.name).collect::<Vec<_>>().join(" ")
}

/// What is not met, doubtful or not known, with its proof; and what passes.
pub(super) fn rules(site: &Site, base: &str, judged: &Judged) -> (Vec<RuleOf>, Vec<RuleOf>) {
    let rank = |outcome: Outcome| match outcome {
        Outcome::Fail => 0,
        Outcome::Waived => 1,
        Outcome::Warn => 2,
        _ => 3,
    };
    let asked = judged.rules.iter().filter(|rule| rule.outcome != Outcome::NotApplicable && !rule.is_joint);
    let (passing, mut others): (Vec<&Rule>, Vec<&Rule>) = asked.partition(|rule| rule.outcome == Outcome::Pass);
    others.sort_by_key(|rule| rank(rule.outcome));
    let of = |rule: &&Rule| RuleOf {
        id: rule.id.clone(),
        mark: marks::of_outcome(rule.outcome),
        message: if rule.outcome == Outcome::Unknown { rule.about.clone() } else { rule.message.clone() },
        quotes: rule.evidence.iter().take(QUOTES_MAX).map(|evidence| quote(site, base, evidence)).collect(),
        more: rule.evidence.len().saturating_sub(QUOTES_MAX),
    };
    (others.iter().map(of).collect(), passing.iter().map(of).collect())
}

/// Most quotes of a rule.
const QUOTES_MAX: usize = 2;

pub(super) fn quote(site: &Site, base: &str, evidence: &Evidence) -> Quote {
    let place = match evidence.line {
        Some(line) => format!("{}:{line}", evidence.path),
        None => evidence.path.to_string(),
    };
    Quote { place, href: href(site, base, evidence), line: evidence.line, text: evidence.text.clone() }
}

/// Where evidence can be read: a page of the forge has its address for a path.
fn href(site: &Site, base: &str, evidence: &Evidence) -> Option<String> {
    let web = &site.snapshot.corpus.prepared.profile.forge.web;
    if &*evidence.source != "forge" {
        return site.line(base, &evidence.path, evidence.line);
    }
    let is_page = evidence.path.strip_prefix(web.as_str()).is_some_and(|rest| rest.starts_with('/'));
    (is_page && web.starts_with("https://")).then(|| evidence.path.to_string())
}

/// What to do, each once.
fn next(judged: &Judged) -> Vec<String> {
    let mut steps: Vec<String> = Vec::new();
    let open = judged.rules.iter().filter(|rule| matches!(rule.outcome, Outcome::Fail | Outcome::Warn));
    for step in open.filter_map(|rule| rule.next.clone()) {
        if !steps.contains(&step) {
            steps.push(step);
        }
    }
    steps
}

fn filters(board: &Board) -> Vec<Choices> {
    let rows = &board.rows;
    vec![
        choices("group", "Group", rows, |row| &row.group),
        choices("stage", "Stage", rows, |row| &row.stage),
        choices("class", "Class", rows, |row| &row.class),
        choices("verdict", "Verdict", rows, |row| row.now(board).map_or("", |judged| judged.standing.word())),
        choices("approver", "Approver", rows, |row| &row.approver),
    ]
}
