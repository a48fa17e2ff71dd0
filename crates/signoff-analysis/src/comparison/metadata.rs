//! What changed in the metadata, and in the records that belong to it.

use rustc_hash::{FxHashMap, FxHashSet};
use signoff_model::companion::Record;
use signoff_model::profile::{Companion, Meaning, Prepared};
use signoff_model::proposal::{FileFault, Gate};
use signoff_model::spelling::distance_within;
use signoff_model::tree::ReadError;
use signoff_model::{Node, Proposal, Value};

use super::{Change, ChangeKind};

/// Fields that have a kind of their own.
const KNOWN: [Meaning; 9] = [
    Meaning::Title,
    Meaning::Status,
    Meaning::Stage,
    Meaning::LatestMilestone,
    Meaning::Milestones,
    Meaning::Gates,
    Meaning::Authors,
    Meaning::Reviewers,
    Meaning::Approvers,
];

/// How a file could be read.
const READ: &str = "read";
const MISSING: &str = "missing";
const UNREADABLE: &str = "unreadable";

/// Adds what changed in the metadata and the records.
pub(super) fn compare(prepared: &Prepared, before: Option<&Proposal>, after: &Proposal, changes: &mut Vec<Change>) {
    let reading = |proposal: &Proposal| match () {
        () if has_no_metadata(proposal) => MISSING,
        () if proposal.is_complete() => READ,
        () => UNREADABLE,
    };
    unread(&after.metadata_path, before.map(reading), reading(after), changes);
    let sides = Sides { prepared, before, after };
    let texts = [
        (Meaning::Status, ChangeKind::Status, None),
        (Meaning::Stage, ChangeKind::Stage, None),
        (Meaning::Title, ChangeKind::Retitled, None),
        (Meaning::LatestMilestone, ChangeKind::Milestone, Some("latest")),
    ];
    for (meaning, kind, subject) in texts {
        if let Some((from, to)) = prepared.field_named(meaning).and_then(|name| sides.of(name)) {
            changed(kind, subject, from.and_then(text), to.and_then(text), changes);
        }
    }
    sides.milestones(changes);
    sides.gates(changes);
    for (meaning, subject) in
        [(Meaning::Authors, "authors"), (Meaning::Reviewers, "reviewers"), (Meaning::Approvers, "approvers")]
    {
        sides.people(meaning, subject, changes);
    }
    sides.fields(changes);
    sides.records(changes);
}

/// Adds that a file could be read before in another way than afterwards.
pub(super) fn unread(path: &str, before: Option<&str>, after: &str, changes: &mut Vec<Change>) {
    if before.unwrap_or(READ) != after {
        changes.push(Change::new(ChangeKind::Unread, Some(path), before, Some(after)));
    }
}

fn has_no_metadata(proposal: &Proposal) -> bool {
    proposal.file_faults.iter().any(|fault| matches!(fault, FileFault::MetadataMissing(_)))
}

/// Adds a change of a text, if it is one.
fn changed(kind: ChangeKind, subject: Option<&str>, from: Option<&str>, to: Option<&str>, changes: &mut Vec<Change>) {
    if from != to {
        changes.push(Change::new(kind, subject, from, to));
    }
}

/// The text of a scalar, unless it is blank.
fn text(node: &Node) -> Option<&str> {
    node.text().map(str::trim).filter(|text| !text.is_empty())
}

/// A proposal before and after.
struct Sides<'a> {
    prepared: &'a Prepared,
    before: Option<&'a Proposal>,
    after: &'a Proposal,
}

/// A value before and after, `None` where there was none.
type Values<'a> = (Option<&'a Node>, Option<&'a Node>);

impl<'a> Sides<'a> {
    /// A field on both sides; `None` when it could not be read on one of them.
    fn of(&self, name: &str) -> Option<Values<'a>> {
        let before = self.before.map_or(Some(None), |before| self.field(before, name))?;
        Some((before, self.field(self.after, name)?))
    }

    /// A field that was read, or that is known to be absent.
    fn field(&self, proposal: &'a Proposal, name: &str) -> Option<Option<&'a Node>> {
        let found = proposal.field(self.prepared, name).map(|pair| &pair.node);
        (found.is_some() || proposal.is_complete() || has_no_metadata(proposal)).then_some(found)
    }

    fn meant(&self, meaning: Meaning) -> Option<Values<'a>> {
        self.of(self.prepared.field_named(meaning)?)
    }

    fn milestones(&self, changes: &mut Vec<Change>) {
        let Some((before, after)) = self.meant(Meaning::Milestones) else { return };
        let pairs = |node: Option<&'a Node>| node.map(Node::pairs).unwrap_or_default();
        let stages = self.prepared.profile.stage.iter().map(|stage| stage.name.as_str());
        let written = pairs(after).iter().chain(pairs(before)).map(|pair| &*pair.key);
        for stage in each_once(stages.chain(written)) {
            let find = |node| pairs(node).iter().find(|pair| &*pair.key == stage).map(|pair| &pair.node);
            let (from, to): Values<'_> = (find(before), find(after));
            if ![from, to].into_iter().flatten().any(Node::is_unread) {
                changed(ChangeKind::Milestone, Some(stage), from.and_then(text), to.and_then(text), changes);
            }
        }
    }

    fn gates(&self, changes: &mut Vec<Change>) {
        if self.meant(Meaning::Gates).is_none() {
            return;
        }
        let named = |proposal: &'a Proposal| -> Vec<Gate<'a>> {
            let mut gates = proposal.gates(self.prepared);
            gates.retain(|gate| !gate.name.is_empty());
            gates
        };
        let (before, after) = (self.before.map(named).unwrap_or_default(), named(self.after));
        let by_name: FxHashMap<&str, &Gate<'_>> = before.iter().rev().map(|gate| (gate.name, gate)).collect();
        let names: FxHashSet<&str> = after.iter().map(|gate| gate.name).collect();
        let gone = each_once(before.iter().map(|gate| gate.name).filter(|name| !names.contains(name)));
        let new = each_once(after.iter().map(|gate| gate.name).filter(|name| !by_name.contains_key(name)));
        for (from, to) in renamed(gone, new) {
            changes.push(Change::new(ChangeKind::Gate, to.or(from), from, to));
        }
        for gate in &after {
            if let Some(old) = by_name.get(gate.name) {
                let (mut from, mut to) = (old.components.clone(), gate.components.clone());
                from.sort_unstable();
                to.sort_unstable();
                let joined = |components: &[&str]| Some(components.join(", ")).filter(|text| !text.is_empty());
                let (from, to) = (joined(&from), joined(&to));
                changed(ChangeKind::Components, Some(gate.name), from.as_deref(), to.as_deref(), changes);
            }
        }
    }

    fn people(&self, meaning: Meaning, subject: &str, changes: &mut Vec<Change>) {
        let Some((before, after)) = self.meant(meaning) else { return };
        let named = |proposal: Option<&'a Proposal>, node: Option<&'a Node>| {
            let items = proposal.zip(node).map(|(proposal, node)| proposal.items_of(self.prepared, node));
            items.unwrap_or_default().into_iter().map(|item| item.text.trim()).collect()
        };
        let (before, after) = (named(self.before, before), named(Some(self.after), after));
        items(ChangeKind::Person, subject, (before, after), str::to_ascii_lowercase, changes);
    }

    /// Every field without a kind of its own, in the order of the file, those that are gone last.
    fn fields(&self, changes: &mut Vec<Change>) {
        let known: Vec<&str> = KNOWN.iter().filter_map(|meaning| self.prepared.field_named(*meaning)).collect();
        let keys = |proposal: Option<&'a Proposal>| {
            let pairs = proposal.map(|proposal| proposal.metadata.root.pairs()).unwrap_or_default();
            pairs.iter().map(|pair| self.prepared.canonical_key(&pair.key))
        };
        let names = each_once(keys(Some(self.after)).chain(keys(self.before)));
        for name in names.into_iter().filter(|name| !known.contains(name)) {
            let Some((before, after)) = self.of(name) else { continue };
            if is_same(before, after) {
                continue;
            }
            if let (Some(from), Some(to)) = (list(before), list(after)) {
                items(ChangeKind::Field, name, (from, to), str::to_owned, changes);
            } else {
                let from = self.before.zip(before).and_then(|(proposal, node)| written(proposal, node));
                let to = after.and_then(|node| written(self.after, node));
                changed(ChangeKind::Field, Some(name), from, to, changes);
            }
        }
    }

    fn records(&self, changes: &mut Vec<Change>) {
        for record in &self.after.records {
            let Some(rule) = self.prepared.profile.companion.get(record.companion) else { continue };
            let old =
                self.before.and_then(|before| before.records.iter().find(|old| old.companion == record.companion));
            unread(&record.path, old.map(reading), reading(record), changes);
            let stages = old.into_iter().chain([record]).flat_map(pairs).map(|(stage, _)| stage);
            for stage in each_once(stages) {
                let from = old.map_or(Some(None), |old| approver(old, rule, stage));
                if let (Some(from), Some(to)) = (from, approver(record, rule, stage)) {
                    changed(ChangeKind::Approved, Some(stage), from, to, changes);
                }
            }
        }
    }
}

/// A record that is not there says nothing, and is no fault.
fn reading(record: &Record) -> &'static str {
    match &record.content {
        Ok(content) if content.metadata.is_complete() => READ,
        Err(ReadError::Missing) => READ,
        Ok(_) | Err(_) => UNREADABLE,
    }
}

fn pairs(record: &Record) -> impl Iterator<Item = (&str, &Node)> {
    let pairs = record.content.as_ref().map(|content| content.metadata.root.pairs()).unwrap_or_default();
    pairs.iter().map(|pair| (&*pair.key, &pair.node))
}

/// The approver of a stage, or that there is none; `None` when that could not be read.
fn approver<'a>(record: &'a Record, rule: &Companion, stage: &str) -> Option<Option<&'a str>> {
    let found = record.approver(rule, stage).and_then(text);
    (found.is_some() || reading(record) == READ).then_some(found)
}

/// What went from a list, and what came.
fn items(
    kind: ChangeKind,
    subject: &str,
    (before, after): (Vec<&str>, Vec<&str>),
    key: impl Fn(&str) -> String,
    changes: &mut Vec<Change>,
) {
    let keys = |list: &[&str]| -> FxHashSet<String> { list.iter().map(|item| key(item)).collect() };
    let (had, has) = (keys(&before), keys(&after));
    for item in each_once(before.into_iter()).into_iter().filter(|item| !has.contains(&key(item))) {
        changes.push(Change::new(kind, Some(subject), Some(item), None));
    }
    for item in each_once(after.into_iter()).into_iter().filter(|item| !had.contains(&key(item))) {
        changes.push(Change::new(kind, Some(subject), None, Some(item)));
    }
}

fn each_once<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = FxHashSet::default();
    texts.filter(|text| seen.insert(*text)).collect()
}

/// So many names that came or went are no renaming.
const RENAMED_MAX: usize = 20;

/// What went and what came, one and one together where they are alike.
fn renamed<'a>(mut gone: Vec<&'a str>, new: Vec<&'a str>) -> Vec<(Option<&'a str>, Option<&'a str>)> {
    let few = gone.len().max(new.len()) <= RENAMED_MAX;
    let mut found = Vec::new();
    for name in new {
        let old = gone.iter().position(|old| few && alike(old, name)).map(|at| gone.remove(at));
        found.push((old, Some(name)));
    }
    found.extend(gone.into_iter().map(|name| (Some(name), None)));
    found
}

/// Whether two names of gates may be the same one, renamed: at most half of the longer one's letters are others, or
/// one is a part of the other.
fn alike(left: &str, right: &str) -> bool {
    let most = left.chars().count().max(right.chars().count()) / 2;
    let (small_left, small_right) = (left.to_ascii_lowercase(), right.to_ascii_lowercase());
    distance_within(left, right, most).is_some()
        || small_left.contains(&small_right)
        || small_right.contains(&small_left)
}

/// The texts of a list of texts; of nothing, none.
fn list(node: Option<&Node>) -> Option<Vec<&str>> {
    let Some(node) = node.filter(|node| !node.is_blank()) else { return Some(Vec::new()) };
    let Value::List(items) = &node.value else { return None };
    items.iter().map(|item| item.text().map(str::trim)).collect()
}

/// Whether two values say the same, however they are written.
fn is_same(before: Option<&Node>, after: Option<&Node>) -> bool {
    let [before, after] = [before, after].map(|node| node.filter(|node| !node.is_blank()).map(|node| &node.value));
    match (before, after) {
        (None, None) => true,
        (Some(Value::Text(before)), Some(Value::Text(after))) => before.text.trim() == after.text.trim(),
        (Some(Value::List(before)), Some(Value::List(after))) => {
            before.len() == after.len()
                && before.iter().zip(after).all(|(before, after)| is_same(Some(before), Some(after)))
        }
        (Some(Value::Map(before)), Some(Value::Map(after))) => {
            before.len() == after.len()
                && before
                    .iter()
                    .zip(after)
                    .all(|(before, after)| before.key == after.key && is_same(Some(&before.node), Some(&after.node)))
        }
        _ => false,
    }
}

/// A value as the file's text.
fn written<'a>(proposal: &'a Proposal, node: &'a Node) -> Option<&'a str> {
    let text = match &node.value {
        Value::Text(_) => node.text().unwrap_or_default(),
        Value::List(_) | Value::Map(_) | Value::Unread => proposal.source.slice(node.span),
    };
    Some(text.trim()).filter(|text| !text.is_empty())
}
