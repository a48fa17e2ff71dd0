//! Finding proposals in a tree by the profile's layout.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::profile::{self, Layout};
use crate::proposal::same_number;
use crate::tree::{self, Entry, Kind, Tree};

/// Deepest folder that is searched.
const DEPTH_MAX: usize = 32;

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
    pub fn listed(&self, tree: &dyn Tree, layout: &Layout) -> Option<Self> {
        let mut unit = self.clone();
        if unit.entries.is_none() {
            let entries = tree.list(&unit.path);
            if !is_proposal(layout, &entries) {
                return None;
            }
            unit.entries = Some(entries);
        }
        Some(unit)
    }

    /// The kind of a file of this folder.
    pub fn kind(&self, name: &str) -> Option<Kind> {
        self.entries().iter().find(|entry| entry.name == name).map(|entry| entry.kind)
    }
}

/// What was found.
pub struct Walk {
    /// The proposals, sorted by path.
    pub units: Vec<Unit>,
    /// Every path of the tree, when all of it was walked.
    pub files: Option<FxHashMap<Box<str>, Kind>>,
}

/// Walks a tree: all of it, or only as far as the folders that hold proposals.
pub fn walk(tree: &dyn Tree, layout: &Layout, everything: bool) -> Walk {
    if everything {
        let listing = list_all(tree);
        let mut units = Vec::new();
        for (folder, entries) in &listing {
            collect(layout, folder, entries, &mut units, &|path| {
                Some(listing.get(path).map(Vec::as_slice).unwrap_or_default().to_vec())
            });
        }
        units.sort_by(|left, right| left.path.cmp(&right.path));
        let files = listing.into_iter().flat_map(|(folder, entries)| {
            entries.into_iter().map(move |entry| (tree::join(&folder, &entry.name).into_boxed_str(), entry.kind))
        });
        return Walk { units, files: Some(files.collect()) };
    }
    let mut units = Vec::new();
    descend(tree, layout, &layout.root, 0, &mut units);
    units.sort_by(|left, right| left.path.cmp(&right.path));
    Walk { units, files: None }
}

/// Every folder with its entries, level by level so that the reading is shared by threads.
fn list_all(tree: &dyn Tree) -> FxHashMap<String, Vec<Entry>> {
    let mut listing = FxHashMap::default();
    let mut level = vec![String::new()];
    for _ in 0..DEPTH_MAX {
        let read: Vec<(String, Vec<Entry>)> =
            level.par_iter().map(|folder| (folder.clone(), tree.list(folder))).collect();
        level = Vec::new();
        for (folder, entries) in read {
            let folders = entries.iter().filter(|entry| entry.kind == Kind::Folder && entry.name != ".git");
            level.extend(folders.map(|entry| tree::join(&folder, &entry.name)));
            listing.insert(folder, entries);
        }
        if level.is_empty() {
            break;
        }
    }
    listing
}

fn descend(tree: &dyn Tree, layout: &Layout, folder: &str, depth: usize, units: &mut Vec<Unit>) {
    let entries = tree.list(folder);
    // What is named like a proposal is taken for one; its files are listed when it is read.
    let unnamed = |path: &str| number(layout, tree::split(path).1).is_none();
    collect(layout, folder, &entries, units, &|path| unnamed(path).then(|| tree.list(path)));
    if depth >= DEPTH_MAX {
        return;
    }
    for entry in entries.iter().filter(|entry| entry.kind == Kind::Folder && entry.name != ".git") {
        let path = tree::join(folder, &entry.name);
        // A folder that is named like a proposal holds nothing but that proposal.
        if !is_ignored(layout, &path) && (layout.unit == profile::Unit::File || number(layout, &entry.name).is_none()) {
            descend(tree, layout, &path, depth + 1, units);
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
    for entry in entries {
        let path = tree::join(folder, &entry.name);
        if is_ignored(layout, &path) {
            continue;
        }
        let number = number(layout, &entry.name);
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
    let inside_proposal =
        layout.unit == profile::Unit::Folder && area.split('/').any(|part| number(layout, part).is_some());
    (!inside_proposal).then_some(area)
}

/// Whether a folder is taken for a proposal: one with metadata or, whatever its name, with prose.
fn is_proposal(layout: &Layout, entries: &[Entry]) -> bool {
    let has = |name: &str| entries.iter().any(|entry| entry.name == name);
    let body = entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(&layout.body));
    has(&layout.metadata) || layout.metadata_mistakes.iter().any(|name| has(name)) || body
}

fn is_ignored(layout: &Layout, path: &str) -> bool {
    let Some(rest) = path.strip_prefix(layout.root.as_str()).map(|rest| rest.trim_start_matches('/')) else {
        return false;
    };
    layout.ignore.iter().any(|ignored| {
        rest.strip_prefix(ignored.as_str()).is_some_and(|behind| behind.is_empty() || behind.starts_with('/'))
    })
}

/// The number in a name that fits the layout's pattern.
pub fn number(layout: &Layout, name: &str) -> Option<String> {
    let (before, after) = layout.name.split_once("{number}")?;
    let rest = name.strip_prefix(before)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = rest.split_at(digits);
    let fits = match after.split_once("{slug}") {
        None => rest == after,
        Some((middle, end)) => {
            rest.strip_prefix(middle).is_some_and(|slug| slug.len() > end.len() && slug.ends_with(end))
        }
    };
    (digits > 0 && fits).then(|| number.to_owned())
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
            assert_eq!(number(&layout(pattern), name).as_deref(), expected, "{name}");
        }
    }
}
