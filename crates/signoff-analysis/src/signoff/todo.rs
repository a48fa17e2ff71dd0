//! What is left to do so that a proposal meets the checkpoints of a release.
//!
//! [`goal`] says for which release and stage, [`todo()`] what. The metadata that the goal needs is set first, in
//! thought; all else is asked of the proposal as it would be then, since what a document must have depends on its
//! stage. So the list is whole although the files do not name the goal yet.

use std::sync::Arc;

use jiff::Timestamp;
use signoff_model::calendar::{Calendar, RELEASE};
use signoff_model::edit::{self, Edit};
use signoff_model::profile::{Basis, DecisionRule, Predicate, Prepared};
use signoff_model::waiver::Waiver;
use signoff_model::{ChangeSet, Corpus, Finding, Proposal, Release, Severity, Source, Span, metadata};

use super::checklist::{self, Met, Row};
use super::look::{Heading, Look, Remedy, Target, Work};
use super::{Beside, ForgeView, Outcome, class, is_in_force, outcome, predicates};
use crate::authoring::fields::{self, File, Key};
use crate::authoring::outline::{self, Lacking};
use crate::authoring::{joined, record};
use crate::condition::Conditions;
use crate::rules;

mod goal;

pub use goal::{Goal, goal};

/// What is asked.
pub struct Wish<'q> {
    /// The release and the stage.
    pub goal: &'q Goal,
    /// The instant for which is answered.
    pub instant: Timestamp,
    /// Waivers of the repository.
    pub waivers: &'q [Waiver],
    /// Who is to approve, if that is known.
    pub approver: Option<&'q str>,
    /// What is known beside the proposals.
    pub beside: Beside<'q>,
}

/// What is left to do.
pub struct Todo<'q> {
    /// The things, in the order in which they are to be done.
    pub items: Vec<Item<'q>>,
    /// Those that can be written: every byte else is kept.
    pub changes: ChangeSet,
    /// What cannot be known or written, and why.
    pub notes: Vec<String>,
}

/// One thing to do.
#[derive(Clone, Debug)]
pub struct Item<'q> {
    /// Id of the rule that asks for it.
    pub rule: &'q str,
    /// What to do.
    pub remedy: Remedy,
    /// Id of the question, where it is about one.
    pub question: Option<&'q str>,
    /// The first checkpoint that asks for it.
    pub checkpoint: &'q str,
    /// When that is.
    pub deadline: Option<Timestamp>,
    /// Whether the rule decides.
    pub required: bool,
    /// Whether something is there and looks weak.
    pub weak: bool,
    /// Whether `changes` holds it.
    pub patchable: bool,
    /// Whether `check --fix` mends it.
    pub fixable: bool,
}

/// A checkpoint of the release that decides.
struct Stop<'q> {
    id: &'q str,
    at: Option<Timestamp>,
    is_past: bool,
}

/// What is left to do for a proposal whose prose was read.
#[must_use]
pub fn todo<'q>(corpus: &'q Corpus, proposal: &'q Proposal, wish: &Wish<'q>) -> Todo<'q> {
    let prepared = &*corpus.prepared;
    let goal = wish.goal;
    let mut todo = Todo { items: Vec::new(), changes: ChangeSet::default(), notes: Vec::new() };
    let Some(stage) = goal.stage.as_deref().filter(|_| goal.finished.is_none()) else { return todo };
    let conditions = Conditions::of(prepared);
    let target = Target::wanted(prepared, proposal, goal.release, stage);
    let stops = stops(prepared, goal.release, wish.instant);
    let plan = Plan::of(corpus, proposal, &target, &conditions);
    let view = wish.beside.forge;
    let class = class::of((corpus, &plan.proposal), &target, &conditions, view);
    let now = Look {
        corpus,
        proposal,
        target: &target,
        class,
        conditions: &conditions,
        pull: None,
        approved: None,
        forge: view,
        sources: wish.beside.sources,
    };
    for stop in &stops {
        let now = Look { forge: view.map(|view| ForgeView { deadline: stop.at, ..view }), ..now };
        let then = Look { proposal: &plan.proposal, ..now };
        let first_ahead = stops.iter().find(|stop| !stop.is_past).is_some_and(|first| std::ptr::eq(first, stop));
        for rule in &prepared.profile.signoff.rule {
            let is_asked = rule.checkpoints.iter().any(|own| own == stop.id) && is_in_force(rule, goal.release);
            let is_waived = wish
                .waivers
                .iter()
                .any(|waiver| outcome::waives(waiver, proposal, rule) && waiver.holds(wish.instant, goal.release));
            if is_asked && !is_waived && then.is_asked(rule) {
                let items = Asking { prepared, now, then, plan: &plan, rule, stop, is_next: first_ahead }.items();
                todo.add(items);
            }
        }
    }
    todo.add(boxes(corpus, &plan.proposal, wish.beside, &stops));
    todo.sort(&stops);
    todo.write(&now, &plan, wish);
    todo
}

/// The boxes of checklists that are open although the files tell that all is done, and the history section where it
/// lags behind.
fn boxes<'q>(corpus: &'q Corpus, proposal: &Proposal, beside: Beside<'_>, stops: &[Stop<'q>]) -> Vec<Item<'q>> {
    let body: Arc<str> = proposal.prose.as_ref().map_or_else(|| "".into(), |prose| Arc::clone(&prose.source.path));
    let mut items = Vec::new();
    for sheet in checklist::sheets(corpus, proposal, beside) {
        for row in &sheet.rows {
            let Some(stop) = stops.iter().find(|stop| row.due == Some(stop.id) && !stop.is_past) else { continue };
            let Some((work, what, line)) = box_work(row) else { continue };
            let path = Arc::clone(&body);
            let remedy = Remedy { work, field: None, path, line: Some(line), what, to: None, heading: None };
            items.push(Item::new(&sheet.checklist.id, remedy, stop));
        }
    }
    items
}

/// What is to be done about an item of a checklist, and its line.
fn box_work(row: &Row<'_>) -> Option<(Work, String, usize)> {
    let open = row.tick.as_ref().filter(|tick| !tick.ticked);
    match (row.met, open) {
        (Met::Yes, Some(tick)) => {
            Some((Work::Checklist, format!("tick `{}`: as far as the files tell, it is so", row.text), tick.line))
        }
        (Met::No, _) if row.is_history => {
            let reason = row.reasons.iter().find(|reason| reason.outcome == Outcome::Fail)?;
            let line = reason.evidence.first().and_then(|evidence| evidence.line)?;
            Some((Work::Section, format!("add what happened: {}", reason.message), line))
        }
        _ => None,
    }
}

/// The deciding checkpoints of a release in their order.
fn stops<'q>(prepared: &'q Prepared, release: Release, instant: Timestamp) -> Vec<Stop<'q>> {
    let deciding = prepared.deciding(release, instant).into_iter();
    let mut stops: Vec<Stop<'q>> =
        deciding.map(|(kind, at)| Stop { id: &kind.id, at, is_past: at.is_some_and(|at| at <= instant) }).collect();
    // What lies ahead comes first: what is asked there is late for nothing yet.
    stops.sort_by_key(|stop| (stop.is_past, stop.at));
    stops
}

/// Whether the whole of a release lies behind an instant, as far as calendars tell.
pub(super) fn is_over(calendar: Option<&Calendar>, instant: Timestamp) -> bool {
    calendar.and_then(|calendar| calendar.at(RELEASE)).is_some_and(|dated| dated.at <= instant)
}

/// The proposal as it would be with the metadata that the goal needs.
struct Plan {
    proposal: Proposal,
    edits: Vec<Edit>,
}

impl Plan {
    /// Sets the stage, and from then on what each rule about metadata asks for.
    fn of(corpus: &Corpus, proposal: &Proposal, target: &Target, conditions: &Conditions<'_>) -> Self {
        let mut plan = Self { proposal: proposal.clone(), edits: Vec::new() };
        let rules = &corpus.prepared.profile.signoff.rule;
        // Of what class a proposal is depends on its stage and status, and so does what else is asked.
        for predicate in [Predicate::Stage, Predicate::Status, Predicate::LatestMilestone, Predicate::StageMilestone] {
            for rule in rules.iter().filter(|rule| rule.predicate == Some(predicate)) {
                let class = class::of((corpus, &plan.proposal), target, conditions, None);
                let (pull, approved, forge, sources) = (None, None, None, None);
                let look = Look { corpus, proposal, target, class, conditions, pull, approved, forge, sources };
                let is_asked = look.is_asked(rule) || matches!(predicate, Predicate::Stage | Predicate::Status);
                if is_asked && is_in_force(rule, target.release) {
                    for remedy in predicates::ask(&look, rule).remedies {
                        plan.edits.extend(setting(&look, &remedy));
                    }
                }
            }
            plan.edits = joined(std::mem::take(&mut plan.edits));
            plan.proposal = with_metadata(&corpus.prepared, proposal, &plan.edits);
        }
        plan
    }

    /// A place of the planned metadata in the file as it is.
    fn before(&self, offset: u32) -> u32 {
        let mut shift = 0_i64;
        for edit in &self.edits {
            let start = i64::from(edit.span.start) + shift;
            let length = i64::try_from(edit.replacement.len()).unwrap_or(i64::MAX);
            if i64::from(offset) < start {
                break;
            }
            if i64::from(offset) < start + length {
                return edit.span.start;
            }
            shift += length - i64::try_from(edit.span.len()).unwrap_or(i64::MAX);
        }
        u32::try_from(i64::from(offset) - shift).unwrap_or(0)
    }
}

/// The edit that sets what a remedy says, where it can be made.
fn setting(look: &Look<'_>, remedy: &Remedy) -> Option<Edit> {
    let (field, to) = (remedy.field.as_deref()?, remedy.to.as_deref()?);
    let prepared = look.prepared();
    let file =
        File { source: &look.proposal.source, metadata: &look.proposal.metadata, format: &prepared.profile.metadata };
    let order = fields::order(prepared);
    let (name, entry) = field.split_once('.').map_or((field, None), |(name, entry)| (name, Some(entry)));
    // A field may be written under another name.
    let written = look.proposal.field(prepared, name).map_or(name, |pair| &*pair.key);
    let stages: Vec<&str> = prepared.profile.stage.iter().map(|stage| stage.name.as_str()).collect();
    let entry = entry.map(|name| Key { name, order: &stages });
    fields::set(file, Key { name: written, order: &order }, entry, to).ok()
}

fn with_metadata(prepared: &Prepared, proposal: &Proposal, edits: &[Edit]) -> Proposal {
    let text = edit::apply(&proposal.source.text, edits);
    let metadata = metadata::parse(&prepared.profile.metadata, &text, proposal.metadata.encoding);
    let source = Arc::new(Source::new(Arc::clone(&proposal.metadata_path), text));
    Proposal { source, metadata: Arc::new(metadata), ..proposal.clone() }
}

/// A rule that is asked at a checkpoint.
struct Asking<'a, 'q> {
    prepared: &'q Prepared,
    now: Look<'a>,
    then: Look<'a>,
    plan: &'a Plan,
    rule: &'q DecisionRule,
    stop: &'a Stop<'q>,
    is_next: bool,
}

impl<'q> Asking<'_, 'q> {
    fn items(&self) -> Vec<Item<'q>> {
        match self.rule.predicate {
            _ if !self.then.can_tell(self.rule) && self.stop.is_past => Vec::new(),
            _ if !self.then.can_tell(self.rule) => vec![self.item(self.by_hand(&self.rule.about))],
            Some(_) if self.rule.basis == Basis::Forge && self.stop.is_past => Vec::new(),
            Some(Predicate::AllOf) => Vec::new(),
            Some(Predicate::Findings) => self.of_findings(&self.rule.findings, false),
            Some(Predicate::Finished) if !self.is_next => self.later(),
            _ => self.of_predicate(),
        }
    }

    fn of_predicate(&self) -> Vec<Item<'q>> {
        let is_metadata = matches!(
            self.rule.predicate,
            Some(Predicate::Stage | Predicate::Status | Predicate::LatestMilestone | Predicate::StageMilestone)
        );
        let look = if is_metadata { &self.now } else { &self.then };
        let answer = predicates::ask(look, self.rule);
        let wants = match answer.outcome {
            Outcome::Fail => true,
            // After the checkpoint, doubts are no longer asked about.
            Outcome::Warn => !self.stop.is_past,
            Outcome::Unknown | Outcome::Pass | Outcome::Waived | Outcome::NotApplicable => false,
        };
        let mut items: Vec<Item<'q>> = Vec::new();
        let is_unread = self.rule.basis == Basis::Forge && answer.outcome == Outcome::Unknown;
        if is_unread && answer.remedies.is_empty() {
            items.push(self.item(self.by_hand(&format!("{} ({})", self.rule.about, answer.message))));
        } else if wants && answer.remedies.is_empty() {
            items.push(self.item(self.by_hand(&answer.message)));
        } else if wants || is_unread {
            items.extend(answer.remedies.into_iter().map(|remedy| self.item(self.explained(remedy))));
        }
        if self.rule.predicate == Some(Predicate::Questionnaire) && !self.stop.is_past {
            items.extend(self.of_findings(WEAK, true));
        }
        items
    }

    /// Says where a milestone may rightly be older than the release.
    fn explained(&self, remedy: Remedy) -> Remedy {
        let look = &self.now;
        let stage = look.target.stage.as_deref().filter(|stage| look.proposal.stage(look.prepared()) == Some(stage));
        let reached = stage.and_then(|stage| look.proposal.milestone(look.prepared(), stage));
        match (self.rule.predicate, stage, reached) {
            (Some(Predicate::StageMilestone), Some(stage), Some(reached)) if reached < look.target.release => {
                let reached = look.prepared().profile.release.spelt(reached);
                Remedy { what: format!("{}, unless {stage} was reached in {reached}", remedy.what), ..remedy }
            }
            _ => remedy,
        }
    }

    /// What only its author can tell when it is due.
    fn later(&self) -> Vec<Item<'q>> {
        let answer = predicates::ask(&self.then, self.rule);
        let later = |remedy: Remedy| {
            let what = format!("when the code is merged, {}", remedy.what);
            self.item(Remedy { work: Work::Code, field: None, to: None, line: None, path: "".into(), what, ..remedy })
        };
        let is_open = answer.outcome == Outcome::Fail;
        answer.remedies.into_iter().filter(|_| is_open).map(later).collect()
    }

    fn of_findings(&self, codes: &[impl AsRef<str>], weak: bool) -> Vec<Item<'q>> {
        let codes: Vec<&str> = codes.iter().map(AsRef::as_ref).collect();
        let fits = |code: &str| {
            codes
                .iter()
                .any(|pattern| pattern.strip_suffix('*').map_or(*pattern == code, |start| code.starts_with(start)))
        };
        let found = rules::of_proposal(self.then.corpus, self.then.proposal, self.then.conditions, &fits);
        let least = if self.stop.is_past { Severity::Error } else { Severity::Warning };
        let matters = |finding: &Finding| finding.severity >= least;
        found.into_iter().filter(matters).map(|finding| self.of_finding(&finding, weak)).collect()
    }

    fn of_finding(&self, finding: &Finding, weak: bool) -> Item<'q> {
        let proposal = self.now.proposal;
        let prose = proposal.prose.as_ref().map(|prose| &prose.source).filter(|source| source.path == finding.path);
        let record = proposal.records.iter().filter_map(|record| record.content.as_ref().ok());
        let record = record.map(|content| &content.source).find(|source| source.path == finding.path);
        let is_metadata = finding.path == proposal.metadata_path && prose.is_none();
        let work = match (weak, is_metadata, record.is_some()) {
            (true, ..) => Work::Question,
            (false, true, _) => Work::Metadata,
            (false, false, true) => Work::Companion,
            (false, false, false) => Work::Section,
        };
        let line = finding.span.and_then(|span| match (prose.or(record), is_metadata) {
            (Some(source), _) => Some(source.line(span.start)),
            (None, true) => Some(proposal.source.line(self.plan.before(span.start))),
            (None, false) => None,
        });
        let help = finding.help.as_deref().map(|help| format!(": {help}")).unwrap_or_default();
        let mut item = self.item(Remedy {
            work,
            field: is_metadata.then(|| self.key_at(finding.span)).flatten(),
            path: Arc::clone(&finding.path),
            line,
            what: format!("{}{help}", finding.message),
            to: None,
            heading: if weak { self.question_at(finding.span) } else { None },
        });
        item.question = item.remedy.heading.and_then(|heading| question_id(self.prepared, heading));
        item.required &= finding.severity == Severity::Error;
        item.weak = weak;
        item.fixable = finding.fix.is_some();
        item
    }

    /// The key whose value holds a place of the planned metadata.
    fn key_at(&self, span: Option<Span>) -> Option<String> {
        let span = span.filter(|span| !span.is_empty())?;
        let pairs = self.then.proposal.metadata.root.pairs();
        let pair = pairs.iter().find(|pair| pair.key_span.cover(pair.node.span).contains(span))?;
        Some(pair.key.to_string())
    }

    fn question_at(&self, span: Option<Span>) -> Option<Heading> {
        let (span, prose) = (span?, self.now.proposal.prose.as_ref()?);
        prose.document.answers.iter().enumerate().find_map(|(questionnaire, answers)| {
            let holds = |asked: Option<Span>, text: Span| asked.is_some_and(|asked| asked.cover(text).contains(span));
            let place = answers.answers.iter().position(|answer| holds(answer.asked, answer.text))?;
            Some(Heading::Question(questionnaire, place))
        })
    }

    /// What is in no file.
    fn by_hand(&self, what: &str) -> Remedy {
        let work = self.rule.work.unwrap_or(match self.rule.basis {
            Basis::Git | Basis::Pulls | Basis::Forge => Work::Forge,
            Basis::Code | Basis::Tests => Work::Code,
            Basis::Docs => Work::Docs,
        });
        Remedy { work, field: None, path: "".into(), line: None, what: what.to_owned(), to: None, heading: None }
    }

    fn item(&self, remedy: Remedy) -> Item<'q> {
        let question = remedy.heading.and_then(|heading| question_id(self.prepared, heading));
        Item { question, required: !self.rule.advisory, ..Item::new(&self.rule.id, remedy, self.stop) }
    }
}

impl<'q> Item<'q> {
    /// What is advised.
    fn new(rule: &'q str, remedy: Remedy, stop: &Stop<'q>) -> Self {
        Self {
            rule,
            remedy,
            question: None,
            checkpoint: stop.id,
            deadline: stop.at,
            required: false,
            weak: false,
            patchable: false,
            fixable: false,
        }
    }
}

/// Rules about answers that are there and say little.
const WEAK: &[&str] = &["answer-weak", "answer-unexplained", "answer-bare", "answer-future", "answer-copied"];

fn question_id(prepared: &Prepared, heading: Heading) -> Option<&str> {
    match heading {
        Heading::Question(questionnaire, question) => Some(&prepared.question(questionnaire, question).1.id),
        Heading::Section(_) => None,
    }
}

impl<'q> Todo<'q> {
    /// Adds items but for those that another rule has asked for, or the same one at a checkpoint before.
    fn add(&mut self, items: Vec<Item<'q>>) {
        for item in items {
            let same = |other: &Item<'_>| {
                let (own, other) = (&item.remedy, &other.remedy);
                let of_field = own.field.is_some() && own.field == other.field && own.to == other.to;
                let of_question = item.question.is_some() && own.heading == other.heading && own.path == other.path;
                own.work == other.work
                    && own.path == other.path
                    && (own.what == other.what || of_field || (of_question && own.line == other.line))
            };
            if !self.items.iter().any(same) {
                self.items.push(item);
            }
        }
    }

    /// By deadline, where no calendar has one in the order of the process, then by kind; in a file from top to
    /// bottom, weak answers behind those that are missing.
    fn sort(&mut self, stops: &[Stop<'_>]) {
        let place = |item: &Item<'_>| stops.iter().position(|stop| stop.id == item.checkpoint);
        let deadline = |item: &Item<'_>| item.deadline.unwrap_or(Timestamp::MAX);
        self.items.sort_by_key(|item| (deadline(item), place(item), item.remedy.work, item.weak));
    }

    /// Makes the changes that can be written, and marks the items that they do.
    fn write(&mut self, look: &Look<'_>, plan: &Plan, wish: &Wish<'_>) {
        if !plan.edits.is_empty() {
            self.changes.add(&look.proposal.metadata_path, &plan.edits);
        }
        for item in &mut self.items {
            item.patchable = match item.remedy.work {
                Work::Metadata => setting(look, &item.remedy).is_some(),
                Work::Section | Work::Question => item.remedy.heading.is_some() && item.remedy.line.is_none(),
                _ => false,
            };
        }
        self.write_approvals(look, wish);
        self.write_headings(look);
    }

    fn write_approvals(&mut self, look: &Look<'_>, wish: &Wish<'_>) {
        let (Some(approver), Some(stage)) = (wish.approver, look.target.stage.as_deref()) else { return };
        let number = look.proposal.label().to_string();
        for (rule, record) in look.companions() {
            let Some(record) = record else { continue };
            let field = format!("{stage}.{}", rule.approver);
            let own =
                |item: &&mut Item<'_>| item.remedy.path == record.path && item.remedy.field.as_ref() == Some(&field);
            let mut items: Vec<&mut Item<'q>> = self.items.iter_mut().filter(own).collect();
            if items.is_empty() {
                continue;
            }
            let prepared = look.prepared();
            let text = format!("@{}", approver.trim_start_matches('@'));
            match record::name_approver(prepared, rule, record, stage, &text, &number, &mut self.changes) {
                Ok(()) => {
                    for item in &mut items {
                        item.patchable = true;
                        item.remedy.to = Some(text.clone());
                    }
                }
                Err(error) => self.notes.push(error.to_string()),
            }
        }
    }

    fn write_headings(&mut self, look: &Look<'_>) {
        let Some(prose) = &look.proposal.prose else { return };
        let mut lacking = Lacking::default();
        for item in self.items.iter().filter(|item| item.patchable) {
            match item.remedy.heading {
                Some(Heading::Section(slot)) => lacking.sections.push(slot),
                Some(Heading::Question(questionnaire, question)) => lacking.questions.push((questionnaire, question)),
                None => {}
            }
        }
        let edits = outline::scaffold(look.prepared(), prose, &lacking);
        if !edits.is_empty() {
            self.changes.add(&prose.source.path, &edits);
        }
    }
}
