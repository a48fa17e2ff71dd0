//! A proposal: what it promises, where it stands, and its document.

use askama::Template;
use signoff_analysis::signoff::checklist::{self, Row as ChecklistRow, Sheet};
use signoff_analysis::signoff::{Beside, queue};
use signoff_model::event::{Event, EventKind};
use signoff_model::profile::{Meaning, Prepared, StatusClass};
use signoff_model::questionnaire::State;
use signoff_model::{Finding, Proposal, Severity};

use super::board::{RuleOf, rules};
use super::{Kind, compare, data, filters, rendered};
use crate::document::answer_id;
use crate::frame::{self, Frame, counted};
use crate::marks::{self, Mark};
use crate::snapshot::{Board, Judged, Row};
use crate::strip::{self, Cell};
use crate::{Site, places, sources};

mod agreement;
mod document;

use agreement::Agreement;
use document::{FileOf, Shown};

pub(super) const KIND: Kind = Kind { paths, make };

#[derive(Template)]
#[template(path = "proposal.html")]
struct ProposalPage {
    frame: Frame,
    label: String,
    title: String,
    group: String,
    group_page: Option<String>,
    source: Option<String>,
    json: String,
    compare: Option<String>,
    superseded: Vec<Relation>,
    status_banner: Option<String>,
    facts: Vec<(String, String)>,
    strip: Vec<StripGroup>,
    sentence: String,
    holes: Vec<(usize, String)>,
    board: Option<OnBoard>,
    checklists: Vec<ChecklistOf>,
    answers: Vec<AnswerGroup>,
    answers_caption: String,
    gates: Vec<(String, String, usize)>,
    metrics: Vec<String>,
    agreement: Option<Agreement>,
    findings: Vec<FoundOf>,
    timeline: Vec<Moment>,
    relations: Vec<Relation>,
    document: Shown,
    files: Vec<FileOf>,
}

/// A group of the large strip.
struct StripGroup {
    title: String,
    cells: Vec<(usize, &'static str, &'static str)>,
}

/// Where it stands in the release of the board.
struct OnBoard {
    name: String,
    page: String,
    stops: Vec<StopOf>,
    rules: Vec<RuleOf>,
    passing: Vec<RuleOf>,
    reason: String,
}

struct StopOf {
    name: String,
    mark: Mark,
    more: String,
    text: String,
    is_current: bool,
}

struct ChecklistOf {
    title: String,
    caption: String,
    items: Vec<ItemOf>,
}

/// An item of a checklist.
struct ItemOf {
    text: String,
    mark: Mark,
    evidence: String,
    ticked: Option<bool>,
    line: Option<usize>,
    differs: bool,
}

struct AnswerGroup {
    title: String,
    answers: Vec<AnswerOf>,
}

/// A question and its answer.
struct AnswerOf {
    number: usize,
    mark: Mark,
    question: String,
    line: Option<usize>,
    /// The place in the document where it is asked.
    place: String,
    text: String,
    why: Vec<String>,
    is_full: bool,
}

/// What a rule found.
struct FoundOf {
    code: String,
    /// Whether the rule has a page.
    has_page: bool,
    mark: Mark,
    findings: Vec<FindingOf>,
}

struct FindingOf {
    message: String,
    place: String,
    href: Option<String>,
}

/// What a commit did.
struct Moment {
    date: String,
    commit: String,
    lines: Vec<String>,
    slips: bool,
    sweep: bool,
}

struct Relation {
    kind: String,
    label: String,
    title: String,
    page: Option<String>,
}

fn paths(site: &Site) -> Vec<String> {
    site.snapshot.corpus.all().filter_map(|own| site.places.page(&own.path)).map(str::to_owned).collect()
}

fn make(site: &Site, path: &str) -> Option<String> {
    site.proposal_at(path).map(|proposal| rendered(&page(site, path, proposal)))
}

fn page(site: &Site, path: &str, proposal: &Proposal) -> ProposalPage {
    let corpus = &site.snapshot.corpus;
    let prepared = &*corpus.prepared;
    let base = frame::base(path);
    let title = proposal.text(prepared, Meaning::Title).unwrap_or(&proposal.name).to_owned();
    let mut cells = strip::cells(prepared, proposal);
    if !cells.iter().any(|cell| cell.is_required || cell.state != State::Absent) {
        // It asks none of the questions and owes no answer.
        cells.clear();
    }
    let found = &site.snapshot.findings(proposal);
    let relations = relations(site, proposal);
    let (sentence, holes) = sentence(prepared, &cells);
    let superseded = relations.iter().filter(|own| own.kind == "superseded-by");
    ProposalPage {
        frame: Frame::of(site, path, "proposals", &format!("{} {title}", proposal.label()), &sentence),
        label: proposal.label().to_string(),
        group: proposal.text(prepared, Meaning::Group).unwrap_or_default().to_owned(),
        group_page: proposal.text(prepared, Meaning::Group).map(places::group),
        source: site.source(&proposal.path, None),
        json: data::json_of(path).unwrap_or_default(),
        compare: compare::path_of(path).filter(|_| site.is_live || site.snapshot.earlier.contains_key(&proposal.path)),
        superseded: superseded
            .map(|own| Relation {
                kind: own.kind.clone(),
                label: own.label.clone(),
                title: own.title.clone(),
                page: own.page.clone(),
            })
            .collect(),
        status_banner: banner(prepared, proposal),
        facts: facts(site, proposal),
        strip: large_strip(prepared, &cells, proposal, found),
        sentence,
        holes,
        board: on_board(site, &base, proposal),
        checklists: checklists(site, proposal),
        answers_caption: format!("{}. Numbers behind the colon are lines.", strip::spoken(&cells)),
        answers: answers(prepared, proposal, &cells, found),
        gates: gates(prepared, proposal),
        metrics: proposal.items(prepared, Meaning::Metrics).iter().map(|item| item.text.to_owned()).collect(),
        agreement: corpus.proposal_at(&proposal.path).and_then(|at| agreement::of(site, &base, at)),
        findings: by_rule(site, proposal, found),
        timeline: timeline(site, proposal),
        document: document::shown(site, path, proposal, found),
        files: document::files(site, proposal, found),
        relations,
        title,
    }
}

/// What a reader must know before all else: that the proposal is not in force.
fn banner(prepared: &Prepared, proposal: &Proposal) -> Option<String> {
    let status = proposal.status(prepared)?;
    let is_over = proposal.class(prepared) == StatusClass::Dead;
    is_over.then(|| format!("This proposal is {status}."))
}

fn facts(site: &Site, proposal: &Proposal) -> Vec<(String, String)> {
    let prepared = &*site.snapshot.corpus.prepared;
    let people = |meaning| {
        let items = proposal.items(prepared, meaning);
        items.iter().map(|item| item.text).collect::<Vec<_>>().join(", ")
    };
    let milestones: Vec<String> =
        proposal.milestones(prepared).into_iter().map(|(stage, item)| format!("{stage} {}", item.text)).collect();
    let latest = proposal.text(prepared, Meaning::LatestMilestone).unwrap_or_default();
    let board = site.snapshot.boards.iter().find_map(|board| board.row(&proposal.path));
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let facts = [
        ("Status", text(proposal.status(prepared))),
        ("Stage", text(proposal.stage(prepared))),
        ("Latest milestone", latest.to_owned()),
        ("Milestones", milestones.join(", ")),
        ("Authors", people(Meaning::Authors)),
        ("Approvers", people(Meaning::Approvers)),
        ("Review approver", board.map(|row| row.approver.clone()).unwrap_or_default()),
    ];
    facts.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value)).collect()
}

fn large_strip(prepared: &Prepared, cells: &[Cell], proposal: &Proposal, found: &[Finding]) -> Vec<StripGroup> {
    let mut groups: Vec<StripGroup> = Vec::new();
    for (index, cell) in cells.iter().enumerate() {
        let (group, question) = prepared.question(0, index);
        if index == 0 || cell.begins_group {
            groups.push(StripGroup { title: strip::name_of(group), cells: Vec::new() });
        }
        let is_weak = !weak(prepared, proposal, &question.id, found).is_empty();
        let (class, word) = match (cell.state, cell.is_required) {
            (State::Answered, _) if is_weak => ("weak", "answered, weak"),
            (State::Answered, _) => ("", "answered"),
            (State::Bare, _) => ("bare", "yes or no"),
            (State::NotApplicable, _) => ("na", "not applicable"),
            (State::Placeholder, true) => ("placeholder", "placeholder"),
            (State::Empty, true) => ("empty", "empty"),
            (State::Absent, true) => ("absent", "absent"),
            (_, false) => ("later", "not required yet"),
        };
        if let Some(last) = groups.last_mut() {
            last.cells.push((index + 1, class, word));
        }
    }
    groups
}

/// One sentence about the answers, and those that are missing where the stage requires them.
fn sentence(prepared: &Prepared, cells: &[Cell]) -> (String, Vec<(usize, String)>) {
    if cells.is_empty() {
        return (String::new(), Vec::new());
    }
    let is_there = |cell: &&Cell| matches!(cell.state, State::Answered | State::Bare | State::NotApplicable);
    let there = cells.iter().filter(is_there).count();
    let is_open =
        |cell: &Cell| cell.is_required && matches!(cell.state, State::Absent | State::Empty | State::Placeholder);
    let open = cells.iter().enumerate().filter(|(_, cell)| is_open(cell));
    let holes = open.map(|(index, _)| (index + 1, prepared.question(0, index).1.title.clone())).collect();
    (format!("{there} of {} questions are answered", cells.len()), holes)
}

fn on_board(site: &Site, base: &str, proposal: &Proposal) -> Option<OnBoard> {
    let (board, row) = site.snapshot.boards.iter().find_map(|board| Some((board, board.row(&proposal.path)?)))?;
    let judged = row.now(board)?;
    let (rules, passing) = rules(site, base, judged);
    Some(OnBoard {
        name: board.name.clone(),
        page: format!("{}#{}", places::board(&board.name), places::row(&row.label)),
        stops: stops(site, board, row),
        rules,
        passing,
        reason: judged.reason.clone(),
    })
}

fn stops(site: &Site, board: &Board, row: &Row) -> Vec<StopOf> {
    let now = site.snapshot.instant;
    let stop = |(index, stop): (usize, &crate::snapshot::Stop)| {
        let judged = row.judged[index].as_ref();
        let date = stop.at.map(frame::moment).unwrap_or_else(|| "no date".to_owned());
        StopOf {
            name: stop.name.clone(),
            mark: judged.map_or(marks::NOT_DUE, |judged| marks::of_standing(judged.standing)),
            more: judged
                .map(Judged::warnings)
                .filter(|count| *count > 0)
                .map(|count| format!(", {}", counted(count, "warning")))
                .unwrap_or_default(),
            text: match stop.at {
                Some(at) => format!("{date}, {}", frame::away(now, at)),
                None => date,
            },
            is_current: index == board.current,
        }
    };
    board.stops.iter().enumerate().map(stop).collect()
}

/// The checklists that the author has begun or that somebody will still look at.
fn checklists(site: &Site, proposal: &Proposal) -> Vec<ChecklistOf> {
    let corpus = &site.snapshot.corpus;
    let is_over = matches!(proposal.class(&corpus.prepared), StatusClass::Dead | StatusClass::Done);
    let is_shown = |sheet: &&Sheet<'_>| !is_over || sheet.rows.iter().any(|row| row.tick.is_some());
    checklist::sheets(corpus, proposal, Beside::default()).iter().filter(is_shown).map(checklist_of).collect()
}

fn checklist_of(sheet: &Sheet<'_>) -> ChecklistOf {
    let ticked = |row: &&ChecklistRow<'_>| row.tick.as_ref().is_some_and(|tick| tick.ticked);
    let boxes = sheet.rows.iter().filter(|row| row.tick.is_some()).count();
    let met = |wanted: checklist::Met| sheet.rows.iter().filter(|row| row.met == wanted).count();
    ChecklistOf {
        title: sheet.checklist.section.clone(),
        caption: format!(
            "The author ticked {} of {boxes}. The files support {}, question {} and cannot tell {}.",
            sheet.rows.iter().filter(ticked).count(),
            met(checklist::Met::Yes),
            met(checklist::Met::No),
            met(checklist::Met::Unknown)
        ),
        items: sheet.rows.iter().map(item_of).collect(),
    }
}

fn item_of(row: &ChecklistRow<'_>) -> ItemOf {
    let would_tell = || row.would_tell.first().map(|source| format!("needs {source}"));
    let seen = row.reasons.iter().find(|reason| reason.outcome != signoff_analysis::signoff::Outcome::Unknown);
    let evidence = match row.met {
        checklist::Met::Unknown => would_tell(),
        _ => seen.map(|reason| reason.message.clone()),
    };
    ItemOf {
        text: plain(row.text),
        mark: marks::of_met(row.met),
        evidence: evidence.unwrap_or_default(),
        ticked: row.tick.as_ref().map(|tick| tick.ticked),
        line: row.tick.as_ref().map(|tick| tick.line),
        differs: row.disagrees(),
    }
}

/// A text of Markdown with its links as their words alone.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('[') {
        plain.push_str(before);
        match behind.split_once(']') {
            Some((words, after)) => {
                plain.push_str(words);
                let target = after.strip_prefix('(').and_then(|after| after.split_once(')'));
                rest = target.map_or(after, |(_, after)| after);
            }
            None => {
                plain.push('[');
                rest = behind;
            }
        }
    }
    plain + rest
}

/// What is said against an answer.
fn weak<'f>(prepared: &Prepared, proposal: &Proposal, id: &str, found: &'f [Finding]) -> Vec<&'f Finding> {
    let is_of = |finding: &&Finding| {
        finding.severity <= Severity::Warning && queue::question_of(prepared, proposal, finding) == Some(id)
    };
    found.iter().filter(is_of).collect()
}

fn answers(prepared: &Prepared, proposal: &Proposal, cells: &[Cell], found: &[Finding]) -> Vec<AnswerGroup> {
    let Some(prose) = &proposal.prose else { return Vec::new() };
    let Some(read) = prose.document.answers.first().filter(|_| !cells.is_empty()) else { return Vec::new() };
    let mut groups: Vec<AnswerGroup> = Vec::new();
    for (index, (answer, cell)) in read.answers.iter().zip(cells).enumerate() {
        let (group, question) = prepared.question(0, index);
        if index == 0 || cell.begins_group {
            groups.push(AnswerGroup { title: group.title.clone(), answers: Vec::new() });
        }
        let why: Vec<String> =
            weak(prepared, proposal, &question.id, found).iter().map(|finding| finding.message.clone()).collect();
        let mark = marks::of_answer(answer.state, cell.is_required, !why.is_empty());
        let own = AnswerOf {
            number: index + 1,
            mark,
            question: question.title.clone(),
            line: answer.asked.map(|span| prose.source.line(span.start)),
            place: answer_id(&question.id),
            text: if why.is_empty() { beginning(&answer.own) } else { answer.own.to_string() },
            is_full: !why.is_empty(),
            why,
        };
        if let Some(last) = groups.last_mut() {
            last.answers.push(own);
        }
    }
    groups
}

/// The beginning of an answer: all of it stands in the document.
fn beginning(text: &str) -> String {
    const LETTERS_MAX: usize = 72;
    match text.char_indices().nth(LETTERS_MAX) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

fn gates(prepared: &Prepared, proposal: &Proposal) -> Vec<(String, String, usize)> {
    let gate = |gate: &signoff_model::proposal::Gate<'_>| {
        let name = gate.name.to_owned();
        (name, gate.components.join(", "), proposal.source.line(gate.span.start))
    };
    proposal.gates(prepared).iter().map(gate).collect()
}

/// What was found, rule by rule, the most severe first.
fn by_rule(site: &Site, proposal: &Proposal, found: &[Finding]) -> Vec<FoundOf> {
    let mut rules: Vec<FoundOf> = Vec::new();
    let mut sorted: Vec<&Finding> = found.iter().collect();
    sorted.sort_by_key(|finding| finding.severity);
    for finding in sorted {
        let own = finding_of(site, proposal, finding);
        match rules.iter_mut().find(|rule| *rule.code == *finding.rule) {
            Some(rule) => rule.findings.push(own),
            None => rules.push(FoundOf {
                code: finding.rule.to_string(),
                has_page: signoff_analysis::rules::rule(&finding.rule).is_some(),
                mark: marks::of_severity(finding.severity),
                findings: vec![own],
            }),
        }
    }
    rules
}

fn finding_of(site: &Site, proposal: &Proposal, finding: &Finding) -> FindingOf {
    let prose = proposal.prose.iter().map(|prose| &*prose.source);
    let mut sources = prose.chain(sources::listed(proposal)).filter(|source| source.path == finding.path);
    let line = finding.span.zip(sources.next()).map(|(span, source)| source.line(span.start));
    let path = &*finding.path;
    let name = path.strip_prefix(&*proposal.path).map_or(path, |rest| rest.trim_start_matches('/'));
    let name = if name.is_empty() { path.rsplit('/').next().unwrap_or(path) } else { name };
    FindingOf {
        message: finding.message.to_string(),
        place: line.map_or_else(|| name.to_owned(), |line| format!("{name}:{line}")),
        href: site.line_here(proposal, path, line),
    }
}

/// What happened, newest first, a moment for each commit.
fn timeline(site: &Site, proposal: &Proposal) -> Vec<Moment> {
    let mut moments: Vec<(&str, Moment)> = Vec::new();
    let events = &site.snapshot.corpus.events;
    for event in site.events.get(&proposal.path).into_iter().flatten().map(|index| &events[*index]) {
        let line = told(event);
        let slips = event.kind == EventKind::Milestone && event.from.is_some();
        match moments.last_mut().filter(|(commit, _)| *commit == &*event.commit) {
            Some((_, moment)) => {
                moment.lines.push(line);
                moment.slips |= slips;
            }
            None => {
                let date = event.at.strftime("%Y-%m-%d").to_string();
                let commit = event.commit.chars().take(10).collect();
                moments.push((&event.commit, Moment { date, commit, lines: vec![line], slips, sweep: event.sweep }));
            }
        }
    }
    moments.into_iter().rev().map(|(_, moment)| moment).collect()
}

/// An event in words.
pub(super) fn told(event: &Event) -> String {
    let subject = event.subject.as_deref().unwrap_or_default();
    let step = match (&event.from, &event.to) {
        (Some(from), Some(to)) => format!("{from} → {to}"),
        (None, Some(to)) => to.clone(),
        (Some(from), None) => format!("{from} → none"),
        (None, None) => String::new(),
    };
    match event.kind {
        EventKind::Created => format!("Created: {step}"),
        EventKind::Removed => "Removed".to_owned(),
        EventKind::Approved if event.to.is_some() => format!("Approved for {subject}: {step}"),
        EventKind::Approved => format!("Approval for {subject} taken back"),
        EventKind::Milestone => format!("Milestone {subject}: {step}"),
        EventKind::Status => format!("Status {step}"),
        EventKind::Stage => format!("Stage {step}"),
        EventKind::Retitled => format!("Retitled: {step}"),
        EventKind::Moved => format!("Moved: {step}"),
        EventKind::Gate => format!("Gate {subject}: {step}"),
        EventKind::Answer => format!("Answer {subject}: {step}"),
        EventKind::Questionnaire => "An answer changed for the first time since the approval".to_owned(),
    }
}

/// Other proposals that the metadata names, and those that name this one.
fn relations(site: &Site, proposal: &Proposal) -> Vec<Relation> {
    let corpus = &site.snapshot.corpus;
    let prepared = &*corpus.prepared;
    let of = |kind: &str, text: &str, index: Option<usize>| {
        let other = index.map(|index| &*corpus.proposals[index]);
        Relation {
            kind: kind.to_owned(),
            label: other.map_or_else(|| text.to_owned(), |other| other.label().to_string()),
            title: other.and_then(|other| other.text(prepared, Meaning::Title)).unwrap_or_default().to_owned(),
            page: other.and_then(|other| site.places.page(&other.path)).map(str::to_owned),
        }
    };
    let named = corpus.references(proposal).into_iter();
    named.map(|(kind, item)| of(kind, item.text, corpus.referenced_proposal(proposal, item.text))).collect()
}
