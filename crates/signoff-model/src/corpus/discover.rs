//! Finding proposals in a tree by the profile's layout.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::fault::{TreeFault, TreeFaultKind, misplaced};
use crate::profile::{self, Layout};
use crate::proposal::{Proposal, same_number};
use crate::tree::{self, Entry, Kind, ReadError, Tree};

/// Deepest folder that is searched.
pub const DEPTH_MAX: usize = 32;

/// Most files and folders that are listed: a commit can name the same folder again and again, level upon level.
pub const PATHS_MAX: usize = 2_000_000;

/// A place where a proposal is, before anything of it is read.
#[derive(Clone, Debug)]
pub struct Unit {
    /// The folder or file.
    pub path: String,
    /// Its name.
    pub name: String,
    /// The folders between the root and this one.
    pub area: String,
    /// The number in its name.
    pub number: Option<String>,
    /// The files and folders in it (of a folder); `None` when nobody looked.
    pub entries: Option<Vec<Entry>>,
}

impl Unit {
    /// The place of a proposal.
    pub fn of(layout: &Layout, proposal: &Proposal) -> Self {
        Self {
            path: proposal.path.to_string(),
            name: proposal.name.to_string(),
            area: proposal.area.to_string(),
            number: proposal.path_number.as_deref().map(str::to_owned),
            entries: (layout.unit == profile::Unit::File).then(Vec::new),
        }
    }

    /// Whether `path` is this proposal, a file of it, or a folder above it.
    pub fn owns(&self, path: &str) -> bool {
        let below = |inner: &str, outer: &str| {
            outer.is_empty() || inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        below(path, &self.path) || below(&self.path, path)
    }

    /// Whether `path` is a record below `root` whose name is this proposal's number.
    pub fn owns_record(&self, path: &str, root: &str) -> bool {
        let below = path.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'));
        let (_, name) = tree::split(path);
        let stem = name.split('.').next().unwrap_or_default();
        below && self.number.as_deref().is_some_and(|number| same_number(number, stem))
    }

    /// The files and folders in it, as far as they were listed.
    pub fn entries(&self) -> &[Entry] {
        self.entries.as_deref().unwrap_or_default()
    }

    /// The same with its files listed; `None` when they show that it is no proposal.
    ///
    /// # Errors
    /// When its folder cannot be listed.
    pub fn listed(&self, tree: &dyn Tree, layout: &Layout) -> Result<Option<Cow<'_, Self>>, ReadError> {
        if self.entries.is_some() {
            return Ok(Some(Cow::Borrowed(self)));
        }
        let entries = tree.list(&self.path)?;
        let is_proposal = is_proposal(layout, &entries);
        Ok(is_proposal.then(|| Cow::Owned(Self { entries: Some(entries), ..self.clone() })))
    }

    /// The metadata files in its folder, and below, that nothing reads.
    pub fn misplaced(&self, tree: &dyn Tree, layout: &Layout) -> Vec<TreeFault> {
        let mut found = misplaced_in(layout, &self.path, self.entries(), true);
        let mut folders = folders_in(&self.path, self.entries());
        let mut left = PATHS_MAX;
        while let Some(folder) = folders.pop() {
            if folder.matches('/').count() < DEPTH_MAX
                && let Ok(entries) = tree.list(&folder)
            {
                left = left.saturating_sub(entries.len() + 1);
                if left == 0 {
                    return vec![fault(&self.path, TreeFaultKind::TooMany)];
                }
                found.extend(misplaced_in(layout, &folder, &entries, false));
                folders.extend(folders_in(&folder, &entries));
            }
        }
        found
    }

    /// The kind of a file of this folder.
    pub fn kind(&self, name: &str) -> Option<Kind> {
        self.entries().iter().find(|entry| entry.name == name).map(|entry| entry.kind)
    }
}

/// Every path of a tree.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Paths {
    kinds: FxHashMap<Box<str>, Kind>,
    /// Folders that could not be listed.
    unlisted: FxHashSet<Box<str>>,
    /// Endings of the files in lower case.
    pub endings: FxHashSet<Box<str>>,
    /// Names of the files and folders at the root.
    pub tops: FxHashSet<Box<str>>,
}

impl Paths {
    fn of(kinds: FxHashMap<Box<str>, Kind>, faults: &[TreeFault]) -> Self {
        let unlisted = faults.iter().filter(|fault| fault.hides(&fault.path)).map(|fault| fault.path.as_ref().into());
        let files = kinds.iter().filter(|(_, kind)| **kind != Kind::Folder);
        let endings = files.filter_map(|(path, _)| ending(path)).collect();
        let tops = kinds.keys().filter(|path| !path.contains('/')).cloned().collect();
        Self { unlisted: unlisted.collect(), endings, tops, kinds }
    }

    /// Whether something stands at a path; `None` behind a symbolic link, which was not walked, and in a folder that
    /// could not be listed.
    pub fn exists(&self, path: &str) -> Option<bool> {
        if path.is_empty() || self.kinds.contains_key(path) {
            return Some(true);
        }
        let mut folders = path.match_indices('/').take(DEPTH_MAX).map(|(at, _)| &path[..at]);
        let hides = |folder: &str| self.kinds.get(folder) == Some(&Kind::Link) || self.unlisted.contains(folder);
        (!folders.any(hides)).then_some(false)
    }
}

/// The ending of a file's name in lower case, without the dot.
#[must_use]
pub fn ending(path: &str) -> Option<Box<str>> {
    let (_, name) = tree::split(path);
    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase().into())
}

/// What was found.
#[derive(Debug)]
pub struct Walk {
    /// The proposals, sorted by path.
    pub units: Vec<Unit>,
    /// Every path of the tree, when all of it was walked.
    pub files: Option<Arc<Paths>>,
    /// What is wrong with folders, sorted by path: with those that hold proposals, or all of them.
    pub faults: Vec<TreeFault>,
    /// How many more files and folders may be listed.
    left: usize,
}

impl Walk {
    fn new() -> Self {
        Self { units: Vec::new(), files: None, faults: Vec::new(), left: PATHS_MAX }
    }

    /// What is known of a tree that is too large: nothing. Part of it would depend on which threads were faster.
    fn too_many(layout: &Layout) -> Self {
        Self { faults: vec![fault(&layout.root, TreeFaultKind::TooMany)], ..Self::new() }
    }

    /// Whether every folder was listed.
    pub fn is_complete(&self) -> bool {
        !self.faults.iter().any(|fault| fault.hides(&fault.path))
    }

    /// Whether the tree was too large.
    pub fn is_cut(&self) -> bool {
        self.faults.iter().any(|fault| fault.kind == TreeFaultKind::TooMany)
    }
}

/// Folders with their entries, and what is wrong with others.
type Listing = (FxHashMap<String, Vec<Entry>>, Vec<TreeFault>);

/// Walks a tree: all of it, or only as far as the folders that hold proposals.
pub fn walk(tree: &dyn Tree, layout: &Layout, everything: bool) -> Walk {
    if everything {
        let Some((listing, mut faults)) = list_all(tree) else { return Walk::too_many(layout) };
        let mut units = Vec::new();
        for (folder, entries) in &listing {
            faults.extend(misplaced_below(layout, folder, entries));
            collect(layout, folder, entries, &mut units, &|path| {
                Some(listing.get(path).map(Vec::as_slice).unwrap_or_default().to_vec())
            });
        }
        units.sort_by(|left, right| left.path.cmp(&right.path));
        let unit_entries = units.iter().map(|unit| misplaced_in(layout, &unit.path, unit.entries(), true));
        faults.extend(unit_entries.flatten());
        faults.sort_by(|left, right| left.path.cmp(&right.path));
        let files = listing.into_iter().flat_map(|(folder, entries)| {
            entries.into_iter().map(move |entry| (tree::join(&folder, &entry.name).into_boxed_str(), entry.kind))
        });
        let paths = Paths::of(files.collect(), &faults);
        return Walk { files: Some(paths.into()), units, faults, ..Walk::new() };
    }
    let mut walk = Walk::new();
    match tree.list(&layout.root) {
        Ok(entries) => descend(tree, layout, &layout.root, &entries, 0, &mut walk),
        Err(error) => walk.faults.push(unlisted(&layout.root, error)),
    }
    if walk.left == 0 {
        return Walk::too_many(layout);
    }
    walk.units.sort_by(|left, right| left.path.cmp(&right.path));
    walk
}

/// Every folder with its entries, level by level so that the reading is shared by threads; `None` when there are too
/// many.
fn list_all(tree: &dyn Tree) -> Option<Listing> {
    let count = AtomicUsize::new(0);
    let list = |folder: &String| {
        let entries = tree.list(folder);
        let own = entries.as_ref().map_or(1, |entries| entries.len() + 1);
        let is_few = count.fetch_add(own, Ordering::Relaxed) + own <= PATHS_MAX;
        is_few.then(|| (folder.clone(), entries))
    };
    let mut listing = FxHashMap::default();
    let mut faults = Vec::new();
    let mut level = vec![String::new()];
    for _ in 0..DEPTH_MAX {
        let read: Option<Vec<_>> = level.par_iter().map(list).collect();
        level = Vec::new();
        for (folder, entries) in read? {
            match entries {
                Ok(entries) => {
                    level.extend(folders_in(&folder, &entries));
                    listing.insert(folder, entries);
                }
                Err(error) => faults.push(unlisted(&folder, error)),
            }
        }
        if level.is_empty() {
            break;
        }
    }
    faults.extend(level.iter().map(|folder| fault(folder, TreeFaultKind::TooDeep)));
    Some((listing, faults))
}

fn folders_in(folder: &str, entries: &[Entry]) -> Vec<String> {
    paths_of(folder, entries.iter()).collect()
}

/// The paths of those entries that are folders to look into.
fn paths_of<'e>(folder: &str, entries: impl Iterator<Item = &'e Entry>) -> impl Iterator<Item = String> {
    let folders = entries.filter(|entry| entry.kind == Kind::Folder && entry.name != ".git");
    folders.map(move |entry| tree::join(folder, &entry.name))
}

fn fault(path: &str, kind: TreeFaultKind) -> TreeFault {
    TreeFault { path: path.into(), kind }
}

/// A folder that cannot be listed.
pub fn unlisted(folder: &str, error: ReadError) -> TreeFault {
    fault(folder, TreeFaultKind::Unlisted(error))
}

/// The metadata files that nothing reads in a folder that holds no proposal of its own: the root, or one inside a
/// proposal.
fn misplaced_below(layout: &Layout, folder: &str, entries: &[Entry]) -> Vec<TreeFault> {
    let inside = || tree::is_below(folder, &layout.root) && !is_ignored(layout, folder);
    let parent = tree::split(folder).0;
    if *folder == *layout.root || (inside() && area(layout, parent).is_none()) {
        return misplaced_in(layout, folder, entries, false);
    }
    Vec::new()
}

fn misplaced_in(layout: &Layout, folder: &str, entries: &[Entry], is_proposal: bool) -> Vec<TreeFault> {
    let files = entries.iter().filter(|entry| entry.kind != Kind::Folder);
    let names: Vec<&str> = files.map(|entry| entry.name.as_str()).collect();
    let found = misplaced(layout, &names, is_proposal).into_iter();
    found.map(|name| fault(&tree::join(folder, name), TreeFaultKind::MisplacedMetadata)).collect()
}

fn descend(tree: &dyn Tree, layout: &Layout, folder: &str, entries: &[Entry], depth: usize, walk: &mut Walk) {
    if walk.left == 0 {
        return;
    }
    let name = Name::of(layout);
    // A folder that is named like a proposal is taken for one and holds nothing else; its files are listed when it
    // is read.
    let is_area = |entry: &&Entry| layout.unit == profile::Unit::File || name.number(&entry.name).is_none();
    let areas = paths_of(folder, entries.iter().filter(is_area)).filter(|path| !is_ignored(layout, path));
    let mut below: BTreeMap<String, Result<Vec<Entry>, ReadError>> = BTreeMap::new();
    for path in areas {
        let entries = tree.list(&path);
        walk.left = walk.left.saturating_sub(entries.as_ref().map_or(1, |entries| entries.len() + 1));
        if walk.left == 0 {
            return;
        }
        below.insert(path, entries);
    }
    // One that cannot be listed is found to be so below.
    let listed = |path: &str| Some(below.get(path)?.as_ref().map_or_else(|_| Vec::new(), Clone::clone));
    collect(layout, folder, entries, &mut walk.units, &listed);
    for (path, listed) in &below {
        match listed {
            _ if depth >= DEPTH_MAX => walk.faults.push(fault(path, TreeFaultKind::TooDeep)),
            Ok(entries) => descend(tree, layout, path, entries, depth + 1, walk),
            Err(error) => walk.faults.push(unlisted(path, error.clone())),
        }
    }
}

/// Adds the proposals that stand in `folder`.
fn collect(
    layout: &Layout,
    folder: &str,
    entries: &[Entry],
    units: &mut Vec<Unit>,
    list: &dyn Fn(&str) -> Option<Vec<Entry>>,
) {
    let Some(area) = area(layout, folder) else { return };
    let name = Name::of(layout);
    for entry in entries {
        let path = tree::join(folder, &entry.name);
        if is_ignored(layout, &path) {
            continue;
        }
        let number = name.number(&entry.name).map(str::to_owned);
        let inner = match layout.unit {
            profile::Unit::File if entry.kind == Kind::Folder || number.is_none() => continue,
            profile::Unit::File => Some(Vec::new()),
            profile::Unit::Folder if entry.kind != Kind::Folder => continue,
            profile::Unit::Folder => list(&path),
        };
        let listed = layout.unit == profile::Unit::Folder && inner.is_some();
        if listed && !is_proposal(layout, inner.as_deref().unwrap_or_default()) {
            continue;
        }
        units.push(Unit { path, name: entry.name.clone(), area: area.to_owned(), number, entries: inner });
    }
}

/// The folders between the root and `folder`; `None` outside the root or inside a proposal.
fn area<'f>(layout: &Layout, folder: &'f str) -> Option<&'f str> {
    let rest = folder.strip_prefix(layout.root.as_str())?;
    let area = match rest.strip_prefix('/') {
        Some(area) => area,
        None if rest.is_empty() => "",
        None => return None,
    };
    let name = Name::of(layout);
    let inside_proposal =
        layout.unit == profile::Unit::Folder && area.split('/').any(|part| name.number(part).is_some());
    (!inside_proposal).then_some(area)
}

/// Whether a folder is taken for a proposal: one with metadata or, whatever its name, with prose.
fn is_proposal(layout: &Layout, entries: &[Entry]) -> bool {
    let has = |name: &str| entries.iter().any(|entry| entry.name == name);
    let body = entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(&layout.body));
    has(&layout.metadata) || layout.metadata_mistakes.iter().any(|name| has(name)) || body
}

/// Whether the layout leaves a path out.
#[must_use]
pub fn is_ignored(layout: &Layout, path: &str) -> bool {
    let Some(rest) = path.strip_prefix(layout.root.as_str()).map(|rest| rest.trim_start_matches('/')) else {
        return false;
    };
    layout.ignore.iter().any(|ignored| {
        rest.strip_prefix(ignored.as_str()).is_some_and(|behind| behind.is_empty() || behind.starts_with('/'))
    })
}

/// Whether proposals can stand directly in a folder: below the root, not in another proposal, not left out.
#[must_use]
pub fn holds_proposals(layout: &Layout, folder: &str) -> bool {
    area(layout, folder).is_some() && !is_ignored(layout, folder)
}

/// The number in the name of a proposal's folder or file, if the name fits the layout.
#[must_use]
pub fn number_of<'n>(layout: &Layout, name: &'n str) -> Option<&'n str> {
    Name::of(layout).number(name)
}

/// The layout's pattern of names, taken apart.
struct Name<'l> {
    before: &'l str,
    /// What stands behind the number, or between it and the slug.
    behind: &'l str,
    /// What stands behind the slug; `None` for a pattern without one.
    end: Option<&'l str>,
    has_number: bool,
}

impl<'l> Name<'l> {
    fn of(layout: &'l Layout) -> Self {
        let (before, after) = layout.name.split_once("{number}").unwrap_or((&layout.name, ""));
        let (behind, end) = after.split_once("{slug}").map_or((after, None), |(behind, end)| (behind, Some(end)));
        Self { before, behind, end, has_number: before.len() < layout.name.len() }
    }

    /// The number in a name that fits the pattern.
    fn number<'n>(&self, name: &'n str) -> Option<&'n str> {
        let rest = name.strip_prefix(self.before)?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = rest.split_at(digits);
        let slug = rest.strip_prefix(self.behind)?;
        let fits = match self.end {
            None => slug.is_empty(),
            Some(end) => slug.len() > end.len() && slug.ends_with(end),
        };
        (self.has_number && digits > 0 && fits).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names() {
        let layout = |name: &str| Layout { name: name.to_owned(), ..Layout::default() };
        let cases = [
            ("{number}-{slug}", "1234-x-y", Some("1234")),
            ("{number}-{slug}", "0752-x", Some("0752")),
            ("{number}-{slug}", "NNNN-x", None),
            ("{number}-{slug}", "1234-", None),
            ("eip-{number}.md", "eip-20.md", Some("20")),
            ("eip-{number}.md", "eip-20x.md", None),
            ("gep-{number}", "gep-9", Some("9")),
        ];
        for (pattern, name, expected) in cases {
            assert_eq!(Name::of(&layout(pattern)).number(name), expected, "{name}");
        }
    }
}
