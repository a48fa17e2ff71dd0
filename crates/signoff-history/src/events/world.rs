//! Where the proposals were at each commit, and which files they had: what names and ids of contents tell.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use signoff_model::corpus;
use signoff_model::profile::{self, Layout, Prepared};
use signoff_model::proposal::bare_number;
use signoff_model::tree::{self, Kind};

use super::Step;
use crate::{Ancestor, Difference, Found, Parent};

/// The files of a proposal by which it is one: those that its metadata and prose may be in, by name.
pub(super) type Marks = BTreeMap<Arc<str>, Found>;

/// The proposals of a state, by path.
#[derive(Clone, Default)]
pub(super) struct Places {
    units: FxHashMap<Arc<str>, Place>,
}

/// A proposal of a state.
#[derive(Clone)]
pub(super) struct Place {
    /// Which of all proposals of the history it is.
    pub(super) id: usize,
    pub(super) marks: Arc<Marks>,
}

/// What a commit did to a proposal's files.
#[derive(Clone, Debug)]
pub(super) struct Touch {
    /// Which proposal.
    pub(super) id: usize,
    /// Its path after the commit, or the last one.
    pub(super) path: Arc<str>,
    pub(super) kind: TouchKind,
    /// Its files after the commit.
    pub(super) marks: Arc<Marks>,
}

/// What became of a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TouchKind {
    Created,
    Changed,
    /// It was moved from another path.
    Moved(Arc<str>),
    Removed,
}

/// What a commit did.
#[derive(Debug, Default)]
pub(super) struct Touched {
    pub(super) proposals: Vec<Touch>,
    /// How many proposals had any file changed.
    pub(super) count: usize,
}

/// What every commit did, and the path of each proposal at the end.
pub(super) struct Trace {
    /// By commit.
    pub(super) touched: Vec<Touched>,
    /// By proposal.
    pub(super) keys: Vec<Arc<str>>,
}

/// Gives the proposals their ids.
struct Tracer<'p> {
    layout: &'p Layout,
    /// The folders of companions.
    companions: Vec<&'p str>,
    /// The proposal that was at a path last, in whichever commit.
    last_at: FxHashMap<Arc<str>, usize>,
    /// The last path of each proposal.
    paths: Vec<Arc<str>>,
}

impl Trace {
    /// Goes through all commits.
    pub(super) fn of(prepared: &Prepared, ancestors: &[Ancestor], steps: &[Step]) -> Self {
        let layout = &prepared.profile.layout;
        let companions = prepared.profile.companion.iter().map(|rule| rule.root.as_str()).collect();
        let mut tracer = Tracer { layout, companions, last_at: FxHashMap::default(), paths: Vec::new() };
        let mut states = States::new(ancestors, false);
        let mut touched = Vec::with_capacity(steps.len());
        for (at, step) in steps.iter().enumerate() {
            let mut places: Places = states.before(ancestors, at);
            touched.push(match step {
                Step::Unknown => Touched::default(),
                Step::State(differences) | Step::Change(differences) => tracer.step(&mut places, differences),
            });
            states.keep(at, places);
        }
        let end = steps.len().checked_sub(1).and_then(|end| states.at(end)).unwrap_or_default();
        Self { touched, keys: keys(tracer.paths, &end) }
    }
}

/// By what events name each proposal: its path at the end. One that is gone has its last path; where that is another
/// one's, it is marked, so that no two are taken for one.
fn keys(mut paths: Vec<Arc<str>>, end: &Places) -> Vec<Arc<str>> {
    let mut is_there = vec![false; paths.len()];
    for (path, place) in &end.units {
        is_there[place.id] = true;
        paths[place.id] = Arc::clone(path);
    }
    let mut taken: FxHashSet<Arc<str>> = end.units.keys().map(Arc::clone).collect();
    for (path, _) in paths.iter_mut().zip(is_there).filter(|(_, is_there)| !is_there) {
        let last = Arc::clone(path);
        let mut count = 1;
        while !taken.insert(Arc::clone(path)) {
            *path = match count {
                1 => format!("{last} (removed)").into(),
                _ => format!("{last} (removed, {count})").into(),
            };
            count += 1;
        }
    }
    paths
}

/// States of commits, kept as long as a later one is compared with them.
pub(super) struct States<S> {
    states: Vec<Option<S>>,
    waiting: Vec<usize>,
}

impl<S: Clone + Default> States<S> {
    /// With `merged`, the states that a merge brought together are asked for too.
    pub(super) fn new(ancestors: &[Ancestor], merged: bool) -> Self {
        let mut waiting = vec![0; ancestors.len()];
        for ancestor in ancestors {
            if let Parent::At(parent) = ancestor.parent {
                waiting[parent] += 1;
            }
            for parent in ancestor.merged.iter().filter(|_| merged) {
                waiting[*parent] += 1;
            }
        }
        // Somebody asks for the state at the end.
        if let Some(last) = waiting.last_mut() {
            *last += 1;
        }
        Self { states: ancestors.iter().map(|_| None).collect(), waiting }
    }

    /// The state that a commit is compared with.
    pub(super) fn before(&mut self, ancestors: &[Ancestor], at: usize) -> S {
        match ancestors[at].parent {
            Parent::At(parent) => self.at(parent).unwrap_or_default(),
            Parent::None | Parent::Unknown => S::default(),
        }
    }

    /// The state after a commit; none where nobody else will ask for it.
    pub(super) fn at(&mut self, at: usize) -> Option<S> {
        self.waiting[at] = self.waiting[at].saturating_sub(1);
        if self.waiting[at] == 0 { self.states[at].take() } else { self.states[at].clone() }
    }

    pub(super) fn keep(&mut self, at: usize, state: S) {
        self.states[at] = (self.waiting[at] > 0).then_some(state);
    }
}

impl Tracer<'_> {
    /// Changes the places as a commit does.
    fn step(&mut self, places: &mut Places, differences: &[Difference]) -> Touched {
        let mut before: BTreeMap<Arc<str>, Option<Place>> = BTreeMap::new();
        for difference in differences {
            let Some((unit, name)) = self.mark(&difference.path) else { continue };
            before.entry(Arc::clone(&unit)).or_insert_with(|| places.units.get(&unit).cloned());
            places.set(&unit, name, difference.after);
        }
        // Not before: one whose only file is replaced by another stays the same.
        for path in before.keys() {
            if places.units.get(path).is_some_and(|place| place.marks.is_empty()) {
                places.units.remove(path);
            }
        }
        let count = self.count(places, &before, differences);
        let (mut gone, mut come) = (Vec::new(), Vec::new());
        let mut proposals = Vec::new();
        for (path, old) in before {
            match (old, places.units.get(&path)) {
                (Some(old), None) => gone.push((path, old)),
                (None, Some(new)) => come.push((path, Arc::clone(&new.marks))),
                (Some(old), Some(new)) => {
                    let marks = Arc::clone(&new.marks);
                    proposals.push(Touch { id: old.id, path, kind: TouchKind::Changed, marks });
                }
                (None, None) => {}
            }
        }
        let moves = moves(self.layout, &gone, &come);
        for (at, (path, marks)) in come.into_iter().enumerate() {
            let from = moves.get(&at).map(|from| &gone[*from]);
            let id = from.map_or_else(|| self.identify(places, &path), |(_, old)| old.id);
            self.last_at.insert(Arc::clone(&path), id);
            self.paths[id] = Arc::clone(&path);
            if let Some(place) = places.units.get_mut(&path) {
                place.id = id;
            }
            let kind = from.map_or(TouchKind::Created, |(from, _)| TouchKind::Moved(Arc::clone(from)));
            proposals.push(Touch { id, path, kind, marks });
        }
        let moved: FxHashSet<usize> = moves.into_values().collect();
        let left = gone.into_iter().enumerate().filter(|(at, _)| !moved.contains(at));
        proposals.extend(left.map(|(_, (path, old))| Touch {
            id: old.id,
            path,
            kind: TouchKind::Removed,
            marks: Arc::default(),
        }));
        proposals.sort_by(|left, right| left.path.cmp(&right.path));
        Touched { proposals, count }
    }

    /// The proposal that appears at a path: the one that was there before, unless it is elsewhere now, or a new one.
    fn identify(&mut self, places: &Places, path: &Arc<str>) -> usize {
        let known = self.last_at.get(path).copied();
        let is_elsewhere = |id: &usize| places.units.iter().any(|(other, place)| place.id == *id && other != path);
        known.filter(|id| self.paths[*id] == *path && !is_elsewhere(id)).unwrap_or_else(|| {
            self.paths.push(Arc::clone(path));
            self.paths.len() - 1
        })
    }

    /// How many proposals have a file that differs, wherever in their folders, or how many companions if those are more.
    fn count(&self, places: &Places, before: &BTreeMap<Arc<str>, Option<Place>>, differences: &[Difference]) -> usize {
        let mut found: FxHashSet<&str> = FxHashSet::default();
        for difference in differences {
            let ends = difference.path.match_indices('/').map(|(at, _)| &difference.path[..at]);
            let mut folders = ends.chain(std::iter::once(difference.path.as_str()));
            let known =
                |path: &&str| places.units.contains_key(*path) || before.get(*path).is_some_and(Option::is_some);
            found.extend(folders.rfind(known));
        }
        let is_companion = |path: &str| self.companions.iter().any(|root| tree::is_below(path, root));
        found.len().max(differences.iter().filter(|difference| is_companion(&difference.path)).count())
    }

    /// The proposal that a file makes one by its name, and that name. A folder of such a name makes none here.
    fn mark(&self, path: &str) -> Option<(Arc<str>, Arc<str>)> {
        let layout = self.layout;
        let (folder, name) = tree::split(path);
        let (unit, parent) = match layout.unit {
            profile::Unit::File => (path, folder),
            profile::Unit::Folder => (folder, tree::split(folder).0),
        };
        let is_mark = match layout.unit {
            profile::Unit::File => corpus::number_of(layout, name).is_some(),
            profile::Unit::Folder => is_mark(layout, name),
        };
        let is_place = is_mark && unit.len() > layout.root.len() && corpus::holds_proposals(layout, parent);
        (is_place && !corpus::is_ignored(layout, unit)).then(|| (unit.into(), name.into()))
    }
}

impl Places {
    fn set(&mut self, unit: &Arc<str>, name: Arc<str>, found: Option<Found>) {
        // The id of a new one is given when it is known whether it was moved.
        let place =
            self.units.entry(Arc::clone(unit)).or_insert_with(|| Place { id: usize::MAX, marks: Arc::default() });
        let marks = Arc::make_mut(&mut place.marks);
        match found {
            Some(found) => {
                marks.insert(name, found);
            }
            None => {
                marks.remove(&name);
            }
        }
    }
}

/// Whether a folder with a file of this name is a proposal.
fn is_mark(layout: &Layout, name: &str) -> bool {
    name == layout.metadata
        || name.eq_ignore_ascii_case(&layout.body)
        || layout.metadata_mistakes.iter().any(|mistake| mistake == name)
}

type Gone = (Arc<str>, Place);
type Come = (Arc<str>, Arc<Marks>);

/// Which of the proposals that came were moved, and from where: of the same number, of the same content, or of the
/// same name without the number.
fn moves(layout: &Layout, gone: &[Gone], come: &[Come]) -> FxHashMap<usize, usize> {
    let number = |path: &str| {
        let number = bare_number(corpus::number_of(layout, tree::split(path).1)?);
        (number != "0").then(|| number.to_owned())
    };
    let slug = |path: &str| {
        let name = tree::split(path).1;
        let slug = name.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
        (!slug.is_empty()).then(|| slug.to_owned())
    };
    let contents = |marks: &Marks| -> Vec<String> {
        let files = marks.values().filter(|found| found.kind == Kind::File);
        files.map(|found| format!("{:?}", found.id)).collect()
    };
    let mut moves = Moves { found: FxHashMap::default(), taken: FxHashSet::default() };
    moves.by(gone, come, |path, _| number(path).into_iter().collect());
    moves.by(gone, come, |_, marks| contents(marks));
    moves.by(gone, come, |path, _| slug(path).into_iter().collect());
    moves.found
}

struct Moves {
    found: FxHashMap<usize, usize>,
    taken: FxHashSet<usize>,
}

impl Moves {
    /// Joins those that share a trait which nobody else has.
    fn by(&mut self, gone: &[Gone], come: &[Come], traits: impl Fn(&str, &Marks) -> Vec<String>) {
        let mut had: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (at, (path, place)) in gone.iter().enumerate().filter(|(at, _)| !self.taken.contains(at)) {
            for own in traits(path, &place.marks) {
                had.entry(own).or_default().push(at);
            }
        }
        let mut has: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (at, (path, marks)) in come.iter().enumerate().filter(|(at, _)| !self.found.contains_key(at)) {
            for own in traits(path, marks) {
                has.entry(own).or_default().push(at);
            }
        }
        let mut shared: Vec<(usize, usize)> = has
            .iter()
            .filter_map(|(own, new)| match (new.as_slice(), had.get(own)?.as_slice()) {
                ([new], [old]) => Some((*new, *old)),
                _ => None,
            })
            .collect();
        shared.sort_unstable();
        for (new, old) in shared {
            if !self.found.contains_key(&new) && self.taken.insert(old) {
                self.found.insert(new, old);
            }
        }
    }
}
