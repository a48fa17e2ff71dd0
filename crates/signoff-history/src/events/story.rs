//! What the states of proposals tell one after the other: events.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use signoff_model::event::standing::{Part, Told, untold};
use signoff_model::event::{Change, Event, EventKind, Standing};
use signoff_model::people;
use signoff_model::profile::{self, Prepared};
use signoff_model::proposal::bare_number;
use signoff_model::tree::{self, ContentId, Kind};

use super::content::{Contents, Fields, body_file, metadata_file};
use super::world::{Marks, States, Touch, TouchKind, Touched, Trace};
use super::{Options, SWEEP_MIN, Step};
use crate::{Ancestor, Commits, Difference, Found, History};

/// Compares states and tells what changed.
pub(super) struct Story<'h> {
    history: &'h dyn History,
    prepared: &'h Prepared,
    options: &'h Options<'h>,
    contents: Contents<'h>,
    is_wanted: &'h [bool],
    untold: Arc<[Told]>,
}

/// What is known after a commit.
#[derive(Clone, Default)]
struct World {
    proposals: FxHashMap<usize, Arc<Known>>,
    /// The companions, by path.
    companions: Arc<FxHashMap<Box<str>, Found>>,
    /// Whether any file that matters was a link: what it leads to may change without it.
    has_links: bool,
}

/// A proposal as it is known.
#[derive(Clone)]
struct Known {
    path: Arc<str>,
    marks: Arc<Marks>,
    standing: Standing,
    /// Where its companions are.
    companions: Arc<[Option<Box<str>>]>,
    /// Whether its stage was approved and no answer changed since.
    is_settled: bool,
}

impl World {
    /// Whether a change of a proposal is one against another state too.
    fn differs(&self, prepared: &Prepared, other: &Self, id: usize, change: &Change) -> bool {
        let Some(before) = other.proposals.get(&id) else { return change.kind != EventKind::Removed };
        let Some(now) = self.proposals.get(&id) else { return change.kind == EventKind::Removed };
        let same = |own: &Change| (own.kind, &own.subject, &own.to) == (change.kind, &change.subject, &change.to);
        match change.kind {
            EventKind::Created | EventKind::Removed => false,
            EventKind::Moved => before.path != now.path,
            // Its answer is told, and with it what follows.
            EventKind::Questionnaire => before.is_settled,
            _ => now.standing.changes(prepared, &before.standing).iter().any(same),
        }
    }
}

/// A change of one proposal.
type Happened = (usize, Change);

impl<'h> Story<'h> {
    pub(super) fn new(
        history: &'h dyn History,
        prepared: &'h Prepared,
        options: &'h Options<'h>,
        contents: Contents<'h>,
        is_wanted: &'h [bool],
    ) -> Self {
        Self { history, prepared, options, contents, is_wanted, untold: untold(prepared) }
    }

    /// How many files could not be read.
    pub(super) fn unread(&self) -> usize {
        self.contents.unread()
    }

    /// The events of all commits.
    pub(super) fn tell(&mut self, ancestors: &[Ancestor], steps: &[Step], trace: &Trace) -> Vec<Event> {
        let mut states: States<World> = States::new(ancestors, true);
        let mut events = Vec::new();
        let mut begun: FxHashSet<usize> = FxHashSet::default();
        for (at, (step, touched)) in steps.iter().zip(&trace.touched).enumerate() {
            let mut world = states.before(ancestors, at);
            let (differences, is_told) = match step {
                Step::Unknown => continue,
                Step::State(differences) => (differences, false),
                Step::Change(differences) => (differences, true),
            };
            let ancestor = &ancestors[at];
            let mut happened = self.advance(&mut world, ancestor, touched, differences);
            let merged: Vec<World> = ancestor.merged.iter().filter_map(|parent| states.at(*parent)).collect();
            if self.options.commits == Commits::All && ancestor.is_merge {
                // What a merge brought, the commits behind it told, unless it made a proposal of its own.
                let begins = |(id, change): &Happened| change.kind == EventKind::Created && !begun.contains(id);
                let own: FxHashSet<usize> = happened.iter().filter(|own| begins(own)).map(|(id, _)| *id).collect();
                let is_of_merge =
                    |id, change: &Change| merged.iter().all(|parent| world.differs(self.prepared, parent, id, change));
                happened.retain(|(id, change)| own.contains(id) || is_of_merge(*id, change));
            }
            if is_told {
                let created = happened.iter().filter(|(_, change)| change.kind == EventKind::Created);
                begun.extend(created.map(|(id, _)| *id));
                let sweep = touched.count >= SWEEP_MIN;
                self.write(ancestor, sweep, happened, &trace.keys, &mut events);
            }
            states.keep(at, world);
        }
        events
    }

    fn write(
        &self,
        ancestor: &Ancestor,
        sweep: bool,
        happened: Vec<Happened>,
        keys: &[Arc<str>],
        events: &mut Vec<Event>,
    ) {
        let commit: Arc<str> = ancestor.commit.id.as_str().into();
        let author = (self.options.commits == Commits::All).then(|| Arc::clone(&ancestor.author));
        events.extend(happened.into_iter().map(|(id, Change { kind, subject, from, to })| Event {
            at: ancestor.commit.at,
            commit: Arc::clone(&commit),
            proposal: Arc::clone(&keys[id]),
            kind,
            subject,
            from,
            to,
            sweep,
            author: author.clone(),
        }));
    }

    /// Changes what is known as a commit does; what happened, by path.
    fn advance(
        &mut self,
        world: &mut World,
        ancestor: &Ancestor,
        touched: &Touched,
        differences: &[Difference],
    ) -> Vec<Happened> {
        let changed = self.companions_changed(world, differences);
        let mut happened: Vec<(Arc<str>, Vec<Happened>)> = Vec::new();
        let mut open: BTreeMap<Arc<str>, Open> = BTreeMap::new();
        for touch in touched.proposals.iter().filter(|touch| self.is_wanted[touch.id]) {
            world.has_links |= touch.marks.values().any(|found| found.kind == Kind::Link);
            match self.touch(world, touch) {
                Some(work) => {
                    open.insert(Arc::clone(&touch.path), work);
                }
                None => happened.push((Arc::clone(&touch.path), vec![(touch.id, removed(&touch.path))])),
            }
        }
        for (id, known) in &world.proposals {
            let is_claimed = |path: &str| changed.contains(&*same_companion(path));
            let has_changed = !changed.is_empty() && known.companions.iter().flatten().any(|path| is_claimed(path));
            if (has_changed || world.has_links) && !open.contains_key(&known.path) {
                open.insert(Arc::clone(&known.path), Open { id: *id, first: None, is_new: false });
            }
        }
        for (path, work) in open {
            let told = self.look(world, ancestor, &work);
            happened.push((path, told.into_iter().map(|change| (work.id, change)).collect()));
        }
        happened.sort_by(|left, right| left.0.cmp(&right.0));
        happened.into_iter().flat_map(|(_, told)| told).collect()
    }

    /// The companions that changed, as [`same_companion`] calls them.
    fn companions_changed(&self, world: &mut World, differences: &[Difference]) -> FxHashSet<Box<str>> {
        let rules = &self.prepared.profile.companion;
        let is_companion = |path: &str| rules.iter().any(|rule| tree::is_below(path, &rule.root));
        let mut changed = FxHashSet::default();
        for Difference { path, after, .. } in differences.iter().filter(|difference| is_companion(&difference.path)) {
            let companions = Arc::make_mut(&mut world.companions);
            match after {
                Some(found) => {
                    companions.insert(path.as_str().into(), *found);
                    world.has_links |= found.kind == Kind::Link;
                }
                None => {
                    companions.remove(path.as_str());
                }
            }
            changed.insert(same_companion(path));
        }
        changed
    }

    /// Takes over what a commit did to a proposal's files; what is to be looked at, unless it is gone.
    fn touch(&self, world: &mut World, touch: &Touch) -> Option<Open> {
        let (path, marks) = (Arc::clone(&touch.path), Arc::clone(&touch.marks));
        let known = match &touch.kind {
            TouchKind::Removed => {
                world.proposals.remove(&touch.id);
                return None;
            }
            TouchKind::Created => None,
            TouchKind::Moved(_) | TouchKind::Changed => world.proposals.get(&touch.id),
        };
        let known = match known {
            Some(known) => Known { path, marks, ..(**known).clone() },
            None => Known { path, marks, standing: Standing::default(), companions: Arc::default(), is_settled: false },
        };
        world.proposals.insert(touch.id, known.into());
        let first = match &touch.kind {
            TouchKind::Moved(from) => Some(moved(from, &touch.path)),
            _ => None,
        };
        Some(Open { id: touch.id, first, is_new: touch.kind == TouchKind::Created })
    }

    /// Reads a proposal anew; what changed.
    fn look(&mut self, world: &mut World, ancestor: &Ancestor, work: &Open) -> Vec<Change> {
        let Some(known) = world.proposals.get(&work.id).cloned() else { return Vec::new() };
        let links = Links { history: self.history, ancestor, prefix: self.options.prefix, can_be: world.has_links };
        let fields = self.fields(&known, &links);
        let approvals = self.approvals(&world.companions, &fields, &links);
        let answers = if self.options.answers { self.answers(&known, &links) } else { None };
        let standing = Standing { fields: fields.part, approvals, answers }.after(&known.standing);
        let mut changes = standing.changes(self.prepared, &known.standing);
        changes.sort_by_key(|change| change.kind);
        let (is_settled, event) = self.settled(&known, &standing, &changes, work.is_new);
        if work.is_new {
            changes.retain(|change| change.kind != EventKind::Retitled);
        }
        let first = if work.is_new { Some(created(&standing)) } else { work.first.clone() };
        let known = Known { standing, companions: fields.companions, is_settled, ..(*known).clone() };
        world.proposals.insert(work.id, known.into());
        first.into_iter().chain(changes).chain(event).collect()
    }

    fn fields(&mut self, known: &Known, links: &Links<'_>) -> Fields {
        let layout = &self.prepared.profile.layout;
        let file = metadata_file(layout, &known.marks);
        let id = file.and_then(|(name, found)| links.content(&self.file(known, name), found));
        match id {
            Some(id) => self.contents.fields(id),
            None => self.contents.no_fields(),
        }
    }

    fn answers(&mut self, known: &Known, links: &Links<'_>) -> Option<Arc<[Told]>> {
        let layout = &self.prepared.profile.layout;
        let Some((name, found)) = body_file(layout, &known.marks) else { return Some(Arc::clone(&self.untold)) };
        let id = links.content(&self.file(known, name), found)?;
        self.contents.answers(id)
    }

    /// The path of a proposal's file.
    fn file(&self, known: &Known, name: &str) -> String {
        match self.prepared.profile.layout.unit {
            profile::Unit::File => known.path.to_string(),
            profile::Unit::Folder => tree::join(&known.path, name),
        }
    }

    /// Who approved which stage.
    fn approvals(&mut self, companions: &FxHashMap<Box<str>, Found>, fields: &Fields, links: &Links<'_>) -> Arc<Part> {
        let mut parts: Vec<Arc<Part>> = Vec::new();
        for (rule, path) in fields.companions.iter().enumerate() {
            match path.as_deref().map(|path| companion(companions, path, links)) {
                Some(Companion::Content(id)) => parts.push(self.contents.companion(rule, id)),
                Some(Companion::Unreadable) => parts.push(Part::unknown(&[EventKind::Approved]).into()),
                // What the path is made of may stand where nothing could be read.
                None if !fields.is_complete => parts.push(Part::unknown(&[EventKind::Approved]).into()),
                Some(Companion::Missing) | None => {}
            }
        }
        match parts.as_slice() {
            [part] => Arc::clone(part),
            _ => {
                let mut all = Part::default();
                parts.into_iter().for_each(|part| all.extend(Arc::unwrap_or_clone(part)));
                all.into()
            }
        }
    }

    /// Whether the stage is approved and no answer changed since, and the event if one just did.
    fn settled(&self, known: &Known, standing: &Standing, changes: &[Change], is_new: bool) -> (bool, Option<Change>) {
        let stage = |standing: &Standing| standing.value(EventKind::Stage, "").map(str::to_owned);
        let Some(now) = stage(standing) else { return (false, None) };
        let people = &self.prepared.profile.people;
        let is_own = |subject: &str| subject == now || subject.strip_suffix(&*now).is_some_and(|id| id.ends_with(':'));
        let is_approved = standing.values().any(|(kind, subject, approver)| {
            kind == EventKind::Approved && is_own(subject) && people::handle_of(approver, people).is_some()
        });
        let of_kind = |kind: EventKind| changes.iter().filter(move |change| change.kind == kind);
        let is_approved_anew = of_kind(EventKind::Approved)
            .any(|change| change.to.is_some() && change.subject.as_deref().is_some_and(is_own));
        let has_stage_changed = stage(&known.standing).as_deref() != Some(&*now);
        if !is_approved || is_new || is_approved_anew || has_stage_changed {
            return (is_approved, None);
        }
        if known.is_settled && of_kind(EventKind::Answer).next().is_some() {
            let subject = Some(Arc::from(now.as_str()));
            return (false, Some(Change { kind: EventKind::Questionnaire, subject, from: None, to: None }));
        }
        (known.is_settled, None)
    }
}

/// A proposal to look at.
struct Open {
    id: usize,
    /// That it was moved.
    first: Option<Change>,
    is_new: bool,
}

fn created(standing: &Standing) -> Change {
    let title = standing.value(EventKind::Retitled, "").map(str::to_owned);
    Change { kind: EventKind::Created, subject: None, from: None, to: title }
}

fn moved(from: &str, to: &str) -> Change {
    Change { kind: EventKind::Moved, subject: None, from: Some(from.to_owned()), to: Some(to.to_owned()) }
}

fn removed(path: &str) -> Change {
    Change { kind: EventKind::Removed, subject: None, from: Some(path.to_owned()), to: None }
}

/// A companion's path without leading zeros in its name: the number may have them in one place only.
fn same_companion(path: &str) -> Box<str> {
    let (folder, name) = tree::split(path);
    tree::join(folder, bare_number(name)).into()
}

/// What stands where a companion is looked for.
enum Companion {
    Content(ContentId),
    Unreadable,
    Missing,
}

fn companion(companions: &FxHashMap<Box<str>, Found>, path: &str, links: &Links<'_>) -> Companion {
    if let Some(found) = companions.get(path) {
        return links.content(path, *found).map_or(Companion::Unreadable, Companion::Content);
    }
    // It may lie behind a folder that is a link.
    if let Some(id) = links.behind(path) {
        return Companion::Content(id);
    }
    let shorter = same_companion(path);
    let found = companions.get(&shorter).filter(|found| found.kind == Kind::File);
    found.map_or(Companion::Missing, |found| Companion::Content(found.id))
}

/// Where links of a commit lead.
struct Links<'a> {
    history: &'a dyn History,
    ancestor: &'a Ancestor,
    prefix: &'a str,
    /// Whether there are any.
    can_be: bool,
}

impl Links<'_> {
    /// The content of a file, or of what a link leads to.
    fn content(&self, path: &str, found: Found) -> Option<ContentId> {
        if found.kind == Kind::File { Some(found.id) } else { self.behind(path) }
    }

    /// The content of the file that a path with links leads to.
    fn behind(&self, path: &str) -> Option<ContentId> {
        if !self.can_be {
            return None;
        }
        let tree = self.history.tree(&self.ancestor.commit).ok()?;
        let path = tree::join(self.prefix, path);
        let id = tree.content_id(&path)?;
        // That of a folder is none.
        matches!(tree.list(&path), Ok(entries) if entries.is_empty()).then_some(id)
    }
}
