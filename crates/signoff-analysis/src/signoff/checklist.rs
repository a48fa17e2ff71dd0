//! The sign-off checklist, item by item: what the files tell, beside what the author ticked.

use jiff::civil::Date;
use signoff_model::event::Event;
use signoff_model::fact::Evidence;
use signoff_model::profile::{Checklist, ChecklistItem, Prepared, SectionRole, item_words};
use signoff_model::proposal::Prose;
use signoff_model::template::SectionState;
use signoff_model::{Corpus, Proposal, Release, Span, source, wording};

use super::look::{Look, Target};
use super::predicates::{ask, findings};
use super::{Beside, Outcome, class};
use crate::condition::Conditions;
use crate::rules;

/// A checklist as a proposal has it.
pub struct Sheet<'q> {
    /// The checklist of the process.
    pub checklist: &'q Checklist,
    /// The template's generation that the document follows.
    pub generation: Option<&'q str>,
    /// The items that this generation has.
    pub rows: Vec<Row<'q>>,
    /// Boxes that no item of the process has.
    pub others: Vec<Tick>,
    /// What happened, oldest first.
    pub events: Vec<&'q Event>,
    /// The days and releases that the history section names.
    pub mentions: Vec<Mention>,
}

/// An item.
pub struct Row<'q> {
    /// The item, as the template has it.
    pub text: &'q str,
    /// Whether it must be ticked before a release is targeted.
    pub required: bool,
    /// Whether it holds.
    pub met: Met,
    /// What each thing that decides it said.
    pub reasons: Vec<Reason<'q>>,
    /// What would tell, where it is unknown.
    pub would_tell: Vec<&'q str>,
    /// The author's box.
    pub tick: Option<Tick>,
    /// Id of the checkpoint by which it is to be ticked.
    pub due: Option<&'q str>,
    /// Whether it is about the history section.
    pub is_history: bool,
}

/// Whether an item holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Met {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// Something that was not given would tell.
    Unknown,
}

impl Met {
    /// The word of the output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "met",
            Self::No => "not-met",
            Self::Unknown => "unknown",
        }
    }
}

/// What one rule, or the document, said of an item.
pub struct Reason<'q> {
    /// Id of the rule; `None` for what was looked up in the document.
    pub rule: Option<&'q str>,
    /// What came out.
    pub outcome: Outcome,
    /// In one sentence.
    pub message: String,
    /// Where it was seen.
    pub evidence: Vec<Evidence>,
}

/// A box of the author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// Whether it is ticked.
    pub ticked: bool,
    /// Its line, from 1.
    pub line: usize,
    /// Its text.
    pub text: String,
}

/// A day or release that the history section names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The line, from 1.
    pub line: usize,
    /// As written.
    pub text: String,
}

impl Row<'_> {
    /// Whether the author says something else than the files.
    #[must_use]
    pub fn disagrees(&self) -> bool {
        let ticked = self.tick.as_ref().map(|tick| tick.ticked);
        matches!((self.met, ticked), (Met::Yes, Some(false)) | (Met::No, Some(true)))
    }
}

/// Every checklist of the process, as a proposal whose prose was read has it, beside what the forge tells.
#[must_use]
pub fn sheets<'q>(corpus: &'q Corpus, proposal: &Proposal, beside: Beside<'_>) -> Vec<Sheet<'q>> {
    let Beside { forge, sources } = beside;
    let prepared = &*corpus.prepared;
    let conditions = Conditions::of(prepared);
    let release = proposal.latest_milestone(prepared).unwrap_or(Release { major: 0, minor: 0, patch: 0 });
    let target = Target::of(prepared, proposal, release);
    let class = class::of((corpus, proposal), &target, &conditions, forge);
    let look = Look {
        corpus,
        proposal,
        target: &target,
        class,
        conditions: &conditions,
        pull: None,
        approved: None,
        forge,
        sources,
    };
    prepared
        .profile
        .checklist
        .iter()
        .enumerate()
        .map(|(index, checklist)| sheet((corpus, proposal), &look, index, checklist))
        .collect()
}

fn sheet<'q>(
    (corpus, proposal): (&'q Corpus, &Proposal),
    look: &Look<'_>,
    index: usize,
    checklist: &'q Checklist,
) -> Sheet<'q> {
    let prepared = &*corpus.prepared;
    let prose = proposal.prose.as_ref();
    let mut ticks = prose.map(|prose| ticks(prepared, prose, index)).unwrap_or_default();
    let generations = &prepared.profile.template.generation;
    let generation = prose.and_then(|prose| prose.document.generation.as_ref()).map(|found| found.index);
    let at = generation.unwrap_or(generations.len().saturating_sub(1));
    let place = |id: &Option<String>| generations.iter().position(|own| Some(&own.id) == id.as_ref());
    let has = |item: &&ChecklistItem| {
        place(&item.from).is_none_or(|from| from <= at) && place(&item.until).is_none_or(|until| at <= until)
    };
    let mut rows = Vec::new();
    for item in checklist.item.iter().filter(has) {
        let words: Vec<String> =
            std::iter::once(&item.text).chain(&item.wordings).map(|text| item_words(text)).collect();
        let own = ticks.iter().position(|tick| words.contains(&item_words(&tick.text)));
        rows.push(row(prepared, look, (checklist, item), own.map(|own| ticks.remove(own))));
    }
    Sheet {
        checklist,
        generation: generation.and_then(|index| generations.get(index)).map(|found| found.id.as_str()),
        rows,
        others: ticks,
        events: corpus.events.iter().filter(|event| event.proposal == proposal.path).collect(),
        mentions: prose.map(|prose| mentions(prepared, prose)).unwrap_or_default(),
    }
}

/// The boxes of a checklist's section.
fn ticks(prepared: &Prepared, prose: &Prose, index: usize) -> Vec<Tick> {
    let Some(section) = prose.document.body.section(&prepared.checklist_sections[index]) else { return Vec::new() };
    let text = prose.document.body.without_comments(&prose.source.text, section.extent);
    let first = prose.source.line(section.extent.start);
    let mut found: Vec<Tick> = Vec::new();
    for (line, text) in source::lines(&text).enumerate() {
        let item = wording::without_list_mark(text.trim_start());
        match item.and_then(wording::tick_box) {
            Some((ticked, rest)) => {
                found.push(Tick { ticked, line: first + line, text: rest.trim().to_owned() });
            }
            // An item that is wrapped goes on in lines that are indented.
            None if item.is_none() && text.starts_with([' ', '\t']) && !text.trim().is_empty() => {
                if let Some(last) = found.last_mut() {
                    last.text = format!("{} {}", last.text, text.trim());
                }
            }
            None => {}
        }
    }
    found
}

fn row<'q>(
    prepared: &'q Prepared,
    look: &Look<'_>,
    (checklist, item): (&'q Checklist, &'q ChecklistItem),
    tick: Option<Tick>,
) -> Row<'q> {
    let mut reasons: Vec<Reason<'q>> = Vec::new();
    let mut would_tell: Vec<&'q str> = item.decided_by.iter().map(String::as_str).collect();
    for rule in prepared.profile.signoff.rule.iter().filter(|rule| item.rules.contains(&rule.id)) {
        if !look.is_asked(rule) {
            continue;
        }
        let (outcome, message, evidence) = match rule.predicate {
            _ if !look.can_tell(rule) => {
                would_tell.extend(rule.decided_by.as_deref());
                (Outcome::Unknown, format!("not looked at: {}", rule.about), Vec::new())
            }
            _ => {
                let answer = ask(look, rule);
                if answer.outcome == Outcome::Unknown {
                    would_tell.extend(rule.decided_by.as_deref());
                }
                (answer.outcome, answer.message, answer.evidence)
            }
        };
        reasons.push(Reason { rule: Some(&rule.id), outcome, message, evidence });
    }
    reasons.extend(item.section.as_deref().map(|title| written(look, title)));
    if item.history {
        reasons.push(history(look));
    }
    let any = |wanted: &[Outcome]| reasons.iter().any(|reason| wanted.contains(&reason.outcome));
    let met = if any(&[Outcome::Fail, Outcome::Warn]) {
        Met::No
    } else if any(&[Outcome::Unknown]) || item.decided_by.is_some() || !any(&[Outcome::Pass]) {
        Met::Unknown
    } else {
        Met::Yes
    };
    would_tell.dedup();
    if met != Met::Unknown {
        would_tell.clear();
    }
    let required = checklist.required_mark.as_deref().is_some_and(|mark| item.text.starts_with(mark));
    let due = if required { &checklist.required_by } else { &checklist.due };
    let (due, is_history) = (due.as_deref(), item.history);
    Row { text: &item.text, required, met, reasons, would_tell, tick, due, is_history }
}

/// Whether a section is there and written.
fn written<'q>(look: &Look<'_>, title: &str) -> Reason<'q> {
    let slot = look.prepared().profile.section.iter().position(|rule| rule.title == title);
    let prose = look.proposal.prose.as_ref();
    let found = prose.zip(slot).and_then(|(prose, slot)| {
        let document = &prose.document;
        let (_, index) = document.known_sections.iter().find(|(own, _)| *own == slot)?;
        Some((prose, document.body.sections[*index].heading, document.section_states[*index]))
    });
    match found {
        Some((prose, heading, state)) => {
            // What stands in its parts is written too.
            let index = prose.document.body.sections.iter().position(|section| section.heading == heading);
            let is_within = index.is_some_and(|index| has_written_part(prose, index));
            let is_written = state == SectionState::Written || is_within;
            let (outcome, word) = if is_written { (Outcome::Pass, "written") } else { (Outcome::Fail, "empty") };
            let evidence = vec![look.quote(&prose.source, heading)];
            Reason { rule: None, outcome, message: format!("the section `{title}` is {word}"), evidence }
        }
        None => Reason {
            rule: None,
            outcome: Outcome::Fail,
            message: format!("there is no section `{title}`"),
            evidence: Vec::new(),
        },
    }
}

fn has_written_part(prose: &Prose, index: usize) -> bool {
    let sections = &prose.document.body.sections;
    let extent = sections[index].extent;
    let inside = |other: &usize| extent.contains(sections[*other].heading);
    (index + 1..sections.len())
        .filter(inside)
        .any(|other| prose.document.section_states[other] == SectionState::Written)
}

/// Whether the history section names where the metadata is.
fn history<'q>(look: &Look<'_>) -> Reason<'q> {
    let found = history_sections(look.prepared(), look.proposal);
    let stale = findings::of(look, &["history-stale".to_owned()]);
    let (outcome, message) = match (found.first(), stale.first()) {
        (None, _) => (Outcome::Fail, "there is no history that is written".to_owned()),
        (Some(_), Some(stale)) => (Outcome::Fail, stale.message.clone()),
        (Some(_), None) => (Outcome::Pass, "the history is written and names where the metadata is".to_owned()),
    };
    let prose = look.proposal.prose.as_ref();
    let evidence = prose.zip(found.first()).map(|(prose, span)| look.quote(&prose.source, *span));
    Reason { rule: None, outcome, message, evidence: evidence.into_iter().collect() }
}

fn history_sections(prepared: &Prepared, proposal: &Proposal) -> Vec<Span> {
    let Some(document) = proposal.document() else { return Vec::new() };
    let found = rules::sections_with_role(prepared, document, SectionRole::History);
    found.into_iter().filter(|(_, state)| *state == SectionState::Written).map(|(heading, _)| heading).collect()
}

/// The days and releases that history sections name, in their order.
fn mentions(prepared: &Prepared, prose: &Prose) -> Vec<Mention> {
    let body = &prose.document.body;
    let mut found = Vec::new();
    for (heading, _) in rules::sections_with_role(prepared, &prose.document, SectionRole::History) {
        let Some(section) = body.sections.iter().find(|section| section.heading == heading) else { continue };
        let text = body.without_comments(&prose.source.text, section.extent);
        let first = prose.source.line(section.extent.start);
        for (line, text) in source::lines(&text).enumerate() {
            let words =
                text.split(|character: char| !(character.is_ascii_alphanumeric() || matches!(character, '.' | '-')));
            let named = words.map(|word| word.trim_matches(['.', '-'])).filter(|word| is_day(word) || is_release(word));
            found.extend(named.map(|word| Mention { line: first + line, text: word.to_owned() }));
        }
    }
    found.truncate(MENTIONS_MAX);
    found
}

/// Most days and releases that are taken from a history.
const MENTIONS_MAX: usize = 500;

fn is_day(word: &str) -> bool {
    word.len() == 10 && word.parse::<Date>().is_ok()
}

fn is_release(word: &str) -> bool {
    word.contains('.') && Release::parse(word).is_some_and(|release| release.major > 0 && release.minor > 0)
}
