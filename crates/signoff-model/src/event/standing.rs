//! What of a proposal makes an event when it changes, and what changed between two states of it.
//!
//! [`Standing::of`] takes it from a proposal that was read; [`Metadata`], a companion and a
//! body alone give a part each, so that a reader of many versions reads each file once.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxHasher;

use super::EventKind;
use crate::metadata::Metadata;
use crate::node::Node;
use crate::profile::{Companion, Meaning, Prepared};
use crate::proposal::{FileFault, Proposal};
use crate::questionnaire::{Answers, State};

/// Everything of a proposal that makes events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// What its metadata says.
    pub fields: Arc<Part>,
    /// Who approved which stage, by its companions.
    pub approvals: Arc<Part>,
    /// Its questionnaires; `None` where its prose was not read.
    pub answers: Option<Arc<[Told]>>,
}

/// Values that make events, each by what it is and belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    values: BTreeMap<Key, Box<str>>,
    /// The kinds of which a value may be there that was not read.
    unread: Vec<EventKind>,
}

/// The kind of the event that a change makes, and its subject; empty for what has none.
type Key = (EventKind, Box<str>);

/// What a proposal says to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Whether it is answered.
    pub state: State,
    /// A hash of the author's words; white space does not count.
    words: u64,
}

/// A value that changed: an event without its commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What happened.
    pub kind: EventKind,
    /// What it happened to.
    pub subject: Option<Arc<str>>,
    /// The value before.
    pub from: Option<String>,
    /// The value after.
    pub to: Option<String>,
}

/// The subject of an event about the latest milestone.
pub const LATEST: &str = "latest";

impl Standing {
    /// That of a proposal.
    #[must_use]
    pub fn of(prepared: &Prepared, proposal: &Proposal) -> Self {
        let mut approvals = Part::default();
        for record in &proposal.records {
            match &record.content {
                Ok(content) => {
                    approvals.extend(Part::of_companion(prepared, record.companion, &content.metadata));
                }
                Err(crate::tree::ReadError::Missing) => {}
                Err(_) => approvals.unread.push(EventKind::Approved),
            }
        }
        // What a companion's path is made of may not have been read.
        if proposal.records.len() < prepared.profile.companion.len() && !proposal.is_complete() {
            approvals.unread.push(EventKind::Approved);
        }
        let is_missing = |fault: &FileFault| matches!(fault, FileFault::BodyMissing(_));
        let answers = match proposal.document() {
            Some(document) => Some(told(&document.answers)),
            None => proposal.file_faults.iter().any(is_missing).then(|| untold(prepared)),
        };
        Self { fields: Part::of_fields(prepared, proposal).into(), approvals: approvals.into(), answers }
    }

    /// What is known after this was read, where it had been `before`: what could not be read stays as it was.
    #[must_use]
    pub fn after(self, before: &Self) -> Self {
        Self {
            fields: self.fields.after(&before.fields),
            approvals: self.approvals.after(&before.approvals),
            answers: self.answers.or_else(|| before.answers.clone()),
        }
    }

    /// What changed since `before`, by kind and subject; the answers in the profile's order.
    #[must_use]
    pub fn changes(&self, prepared: &Prepared, before: &Self) -> Vec<Change> {
        let mut changes = Vec::new();
        self.fields.changes(&before.fields, &mut changes);
        self.approvals.changes(&before.approvals, &mut changes);
        if let Some(answers) = &self.answers {
            answers_changed(prepared, before.answers.as_deref().unwrap_or_default(), answers, &mut changes);
        }
        changes
    }

    /// The value of a kind and subject, as written.
    #[must_use]
    pub fn value(&self, kind: EventKind, subject: &str) -> Option<&str> {
        let key = (kind, subject.into());
        self.fields.values.get(&key).or_else(|| self.approvals.values.get(&key)).map(|value| &**value)
    }

    /// Every value but the answers: kind, subject and text.
    pub fn values(&self) -> impl Iterator<Item = (EventKind, &str, &str)> {
        let values = self.fields.values.iter().chain(&self.approvals.values);
        values.map(|((kind, subject), value)| (*kind, &**subject, &**value))
    }

    /// Whether all of it was read.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.fields.unread.is_empty() && self.approvals.unread.is_empty()
    }
}

impl Part {
    /// What the metadata of a proposal says.
    #[must_use]
    pub fn of_fields(prepared: &Prepared, proposal: &Proposal) -> Self {
        const TEXTS: [(EventKind, Meaning, &str); 4] = [
            (EventKind::Status, Meaning::Status, ""),
            (EventKind::Stage, Meaning::Stage, ""),
            (EventKind::Retitled, Meaning::Title, ""),
            (EventKind::Milestone, Meaning::LatestMilestone, LATEST),
        ];
        let mut part = Self::default();
        for (kind, meaning, subject) in TEXTS {
            if let Some(text) = proposal.text(prepared, meaning) {
                part.values.insert((kind, subject.into()), text.into());
            }
        }
        for (stage, item) in proposal.milestones(prepared) {
            part.values.insert((EventKind::Milestone, stage.into()), item.text.into());
        }
        for gate in proposal.gates(prepared).iter().filter(|gate| !gate.name.is_empty()) {
            part.values.insert((EventKind::Gate, gate.name.into()), gate.name.into());
        }
        part.unread = unread(prepared, proposal);
        part
    }

    /// Who approved which stage, by a companion of the profile.
    #[must_use]
    pub fn of_companion(prepared: &Prepared, companion: usize, metadata: &Metadata) -> Self {
        let rules = &prepared.profile.companion;
        let rule = &rules[companion];
        let mut part = Self::default();
        for pair in metadata.root.pairs() {
            let approver = pair.node.get(&rule.approver);
            let text = approver.and_then(Node::text).map(str::trim).filter(|text| !text.is_empty());
            if let Some(text) = text {
                let subject = if rules.len() == 1 { pair.key.clone() } else { subject_of(rule, &pair.key) };
                part.values.entry((EventKind::Approved, subject)).or_insert_with(|| text.into());
            }
        }
        let hidden =
            metadata.root.pairs().iter().any(|pair| pair.node.is_unread() || hides(&pair.node, &rule.approver));
        if hidden || !metadata.is_complete() {
            part.unread.push(EventKind::Approved);
        }
        part
    }

    /// Nothing of this kind could be read.
    #[must_use]
    pub fn unknown(kinds: &[EventKind]) -> Self {
        Self { values: BTreeMap::new(), unread: kinds.to_vec() }
    }

    /// Adds the values of another companion.
    pub fn extend(&mut self, other: Self) {
        self.values.extend(other.values);
        self.unread.extend(other.unread);
    }

    /// The same with the values of `before` where there may be some that were not read.
    fn after(self: Arc<Self>, before: &Self) -> Arc<Self> {
        if self.unread.is_empty() {
            return self;
        }
        let mut known = Self { values: self.values.clone(), unread: Vec::new() };
        for (key, value) in &before.values {
            if self.unread.contains(&key.0) && !known.values.contains_key(key) {
                known.values.insert(key.clone(), value.clone());
            }
        }
        known.into()
    }

    fn changes(&self, before: &Self, changes: &mut Vec<Change>) {
        let gone = before.values.keys().filter(|key| !self.values.contains_key(*key));
        let mut keys: Vec<&Key> = self.values.keys().chain(gone).collect();
        keys.sort();
        for key in keys {
            let (from, to) = (before.values.get(key), self.values.get(key));
            if from == to || (to.is_none() && self.unread.contains(&key.0)) {
                continue;
            }
            let text = |value: Option<&Box<str>>| value.map(ToString::to_string);
            let subject = (!key.1.is_empty()).then(|| Arc::from(&*key.1));
            changes.push(Change { kind: key.0, subject, from: text(from), to: text(to) });
        }
    }
}

fn subject_of(rule: &Companion, stage: &str) -> Box<str> {
    format!("{}:{stage}", rule.id).into()
}

fn hides(node: &Node, key: &str) -> bool {
    node.get(key).is_some_and(Node::is_unread)
}

/// The kinds of which the metadata may say more than could be read.
fn unread(prepared: &Prepared, proposal: &Proposal) -> Vec<EventKind> {
    const KINDS: [(EventKind, &[Meaning]); 5] = [
        (EventKind::Status, &[Meaning::Status]),
        (EventKind::Stage, &[Meaning::Stage]),
        (EventKind::Retitled, &[Meaning::Title]),
        (EventKind::Milestone, &[Meaning::LatestMilestone, Meaning::Milestones]),
        (EventKind::Gate, &[Meaning::Gates]),
    ];
    let complete = proposal.is_complete();
    let is_hidden = |meaning: &Meaning| {
        let Some(name) = prepared.field_named(*meaning) else { return false };
        let mut pairs = proposal.metadata.root.pairs().iter();
        pairs.any(|pair| (&*pair.key == name || prepared.canonical_key(&pair.key) == name) && has_unread(&pair.node))
    };
    let kinds = KINDS.iter().filter(|(_, meanings)| !complete || meanings.iter().any(is_hidden));
    kinds.map(|(kind, _)| *kind).collect()
}

/// Whether a value, or one directly in it, could not be read.
fn has_unread(node: &Node) -> bool {
    let named = |item: &Node| item.is_unread() || item.pairs().iter().any(|pair| pair.node.is_unread());
    named(node) || node.items().iter().any(named)
}

/// What a document says to every question of every questionnaire, in the profile's order.
#[must_use]
pub fn told(answers: &[Answers]) -> Arc<[Told]> {
    let all = answers.iter().flat_map(|list| &list.answers);
    let hash = |words: &str| {
        let mut hasher = FxHasher::default();
        for word in words.split_whitespace() {
            word.hash(&mut hasher);
        }
        hasher.finish()
    };
    all.map(|answer| Told { state: answer.state, words: hash(&answer.own) }).collect()
}

/// What a proposal without prose says: nothing.
#[must_use]
pub fn untold(prepared: &Prepared) -> Arc<[Told]> {
    let count = prepared.questionnaires.iter().map(|slot| slot.questions.len()).sum();
    std::iter::repeat_n(Told { state: State::Absent, words: 0 }, count).collect()
}

fn answers_changed(prepared: &Prepared, before: &[Told], after: &[Told], changes: &mut Vec<Change>) {
    let absent = Told { state: State::Absent, words: 0 };
    for (at, (id, now)) in question_ids(prepared).zip(after).enumerate() {
        let old = before.get(at).unwrap_or(&absent);
        if old.state != now.state || (now.state > State::Empty && old.words != now.words) {
            let (from, to) = (Some(old.state.word().to_owned()), Some(now.state.word().to_owned()));
            changes.push(Change { kind: EventKind::Answer, subject: Some(id.into()), from, to });
        }
    }
}

/// The id of every question of every questionnaire, in the profile's order.
pub fn question_ids(prepared: &Prepared) -> impl Iterator<Item = &str> {
    let questionnaires = prepared.profile.questionnaire.iter().zip(&prepared.questionnaires);
    questionnaires.flat_map(|(rule, slot)| {
        slot.questions.iter().map(|place| rule.group[place.group].question[place.question].id.as_str())
    })
}
