//! Everything that was read of a repository at one instant, immutable and sorted: what rules,
//! queries and pages are asked about.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::companion::Record;
use crate::event::Event;
use crate::fact::Facts;
use crate::memo::Memo;
use crate::people::Aliases;
use crate::profile::{FieldKind, Prepared};
use crate::proposal::{LeadsTo, Proposal, Prose, same_number};
use crate::tree::{self, Tree};

mod discover;
mod fault;
mod names;
mod read;

use discover::Paths;
pub use discover::{PATHS_MAX, Unit, Walk, ending, holds_proposals, is_ignored, number_of};
pub use fault::{TreeFault, TreeFaultKind};
pub use read::companion_path;

/// A repository's proposals and what is known about them.
pub struct Corpus {
    /// The process.
    pub prepared: Arc<Prepared>,
    /// Every proposal, sorted by path.
    pub proposals: Vec<Arc<Proposal>>,
    /// What happened, oldest first. Empty when no history was read.
    pub events: Arc<[Event]>,
    /// What sources outside the proposals say. Empty when none was given.
    pub facts: Arc<Facts>,
    /// The repository's aliases of people.
    pub aliases: Arc<Aliases>,
    /// Companion files that no proposal claims.
    pub orphans: Vec<Record>,
    /// What is wrong with the tree itself, sorted by path.
    pub faults: Vec<TreeFault>,
    /// What the links and references of the proposals lead to.
    pub targets: Targets,
    /// How much was read.
    pub scope: Scope,
    /// The instant for which questions are answered.
    pub as_of: jiff::Timestamp,
    /// Full id of the commit that was read; `None` for the files of a work tree.
    pub commit: Option<Arc<str>>,
    /// Made when the first reference is looked up.
    names: OnceLock<names::Names>,
}

/// How much of a repository a corpus holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Every proposal, or those asked for and what they name.
    pub full: bool,
    /// Metadata and prose, or metadata alone.
    pub prose: bool,
}

/// What to read.
pub struct Request<'a> {
    /// The process.
    pub prepared: Arc<Prepared>,
    /// Paths (files or folders) of the proposals to read; `None` for all.
    pub paths: Option<&'a [String]>,
    /// Whether to read the prose.
    pub prose: bool,
    /// The instant for which questions will be answered.
    pub as_of: jiff::Timestamp,
}

/// What links and references lead to, looked up once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Targets {
    /// Every path, when the whole tree was walked.
    paths: Option<Arc<Paths>>,
    /// What was looked up, when it was not.
    existing: FxHashMap<Arc<str>, bool>,
    by_body: FxHashMap<Arc<str>, usize>,
}

impl Targets {
    /// Whether a path of the tree exists; `None` when nobody looked.
    #[must_use]
    pub fn exists(&self, path: &str) -> Option<bool> {
        match &self.paths {
            Some(paths) => paths.exists(path),
            None => self.existing.get(path).copied(),
        }
    }

    /// Endings of the files that occur anywhere in the tree, in lower case; `None` when it was not walked.
    #[must_use]
    pub fn endings(&self) -> Option<&FxHashSet<Box<str>>> {
        self.paths.as_ref().map(|paths| &paths.endings)
    }

    /// Names of the files and folders at the root of the tree; `None` when it was not walked.
    #[must_use]
    pub fn tops(&self) -> Option<&FxHashSet<Box<str>>> {
        self.paths.as_ref().map(|paths| &paths.tops)
    }

    /// The proposal whose prose stands in this file.
    #[must_use]
    pub fn proposal_of_body(&self, path: &str) -> Option<usize> {
        self.by_body.get(path).copied()
    }
}

/// So few proposals are looked at faster than threads start.
pub const FEW: usize = 4;

/// Reads a corpus. Never fails: what cannot be read is a fault of its proposal.
#[must_use]
pub fn load(tree: &dyn Tree, request: &Request<'_>, memo: &Memo) -> Corpus {
    let layout = &request.prepared.profile.layout;
    let companions = &request.prepared.profile.companion;
    let asked =
        |unit: &Unit, path: &str| unit.owns(path) || companions.iter().any(|rule| unit.owns_record(path, &rule.root));
    let wanted = |unit: &Unit| request.paths.is_none_or(|paths| paths.iter().any(|path| asked(unit, path)));
    let nothing = Memo::default();
    let memo = if memo.serves(&request.prepared) { memo } else { &nothing };
    let walk = match request.paths {
        None => memo.walk(tree, || discover::walk(tree, layout, true)),
        Some(_) => discover::walk(tree, layout, false).into(),
    };
    let named = |unit: &Unit| memo.named(&unit.path, || read::name_only(unit, request));
    let read = |unit: &Unit| match wanted(unit).then(|| unit.listed(tree, layout)) {
        Some(Ok(Some(unit))) => {
            // A walk through everything has looked for them.
            let misplaced = if walk.files.is_none() { unit.misplaced(tree, layout) } else { Vec::new() };
            (read::proposal(tree, request, &unit, memo), misplaced)
        }
        Some(Err(error)) => (named(unit), vec![discover::unlisted(&unit.path, error)]),
        Some(Ok(None)) | None => (named(unit), Vec::new()),
    };
    let few = walk.units.iter().filter(|unit| wanted(unit)).take(FEW + 1).count() <= FEW;
    let (proposals, faults): (Vec<Arc<Proposal>>, Vec<Vec<TreeFault>>) =
        if few { walk.units.iter().map(read).unzip() } else { walk.units.par_iter().map(read).unzip() };
    let mut corpus = Corpus {
        prepared: Arc::clone(&request.prepared),
        proposals,
        events: Arc::default(),
        facts: Arc::default(),
        aliases: aliases(tree, &request.prepared, memo),
        orphans: Vec::new(),
        faults: tree_faults(tree, request, &walk, faults.into_iter().flatten()),
        targets: Targets::default(),
        scope: Scope { full: request.paths.is_none(), prose: request.prose },
        as_of: request.as_of,
        commit: None,
        names: OnceLock::new(),
    };
    if corpus.scope.full && !walk.is_cut() {
        corpus.orphans = read::orphans(tree, &corpus, memo);
    } else if !corpus.scope.full {
        one_hop(tree, request, &walk.units, &mut corpus, memo);
        // What was read may state other numbers than the names of the folders.
        corpus.names = OnceLock::new();
    }
    corpus.targets = targets(tree, &corpus, &walk);
    corpus
}

fn aliases(tree: &dyn Tree, prepared: &Prepared, memo: &Memo) -> Arc<Aliases> {
    let Some(path) = prepared.profile.people.aliases.as_deref() else { return Arc::default() };
    memo.aliases(memo.content_id(tree, path), || Aliases::read(tree, path))
}

/// What is wrong with the folders of proposals and companions; of other folders it is nobody's business.
fn tree_faults(
    tree: &dyn Tree,
    request: &Request<'_>,
    walk: &Walk,
    of_units: impl Iterator<Item = TreeFault>,
) -> Vec<TreeFault> {
    let profile = &request.prepared.profile;
    let (layout, root) = (&profile.layout, &profile.layout.root);
    let below = |path: &str, root: &str| tree::is_below(path, root);
    let matters = |fault: &TreeFault| {
        let of_records = profile.companion.iter().any(|rule| below(&fault.path, &rule.root));
        of_records || (below(&fault.path, root) && !is_ignored(layout, &fault.path))
    };
    let mut faults: Vec<TreeFault> = walk.faults.iter().cloned().chain(of_units).filter(matters).collect();
    let hidden = faults.iter().any(|fault| fault.kind != TreeFaultKind::MisplacedMetadata && below(&fault.path, root));
    if request.paths.is_none() && walk.units.is_empty() && !hidden {
        let kind = TreeFaultKind::NoProposals(tree.kind(root));
        faults.push(TreeFault { path: root.as_str().into(), kind });
    }
    faults.sort_by(|left, right| left.path.cmp(&right.path));
    faults
}

/// Reads the prose of those proposals of a corpus that are wanted: of one whose metadata alone was read from this tree.
pub fn read_prose(tree: &dyn Tree, corpus: &mut Corpus, memo: &Memo, wanted: impl Fn(&Proposal) -> bool) {
    let nothing = Memo::default();
    let memo = if memo.serves(&corpus.prepared) { memo } else { &nothing };
    let request = Request { prepared: Arc::clone(&corpus.prepared), paths: None, prose: true, as_of: corpus.as_of };
    let is_wanted = |proposal: &&mut Arc<Proposal>| proposal.loaded && proposal.prose.is_none() && wanted(proposal);
    let mut found: Vec<&mut Arc<Proposal>> = corpus.proposals.iter_mut().filter(is_wanted).collect();
    let layout = &request.prepared.profile.layout;
    found.par_iter_mut().for_each(|proposal| {
        if let Ok(Some(unit)) = Unit::of(layout, proposal).listed(tree, layout) {
            **proposal = read::proposal(tree, &request, &unit, memo);
        }
    });
}

/// Reads the metadata of the proposals that the ones asked for name.
fn one_hop(tree: &dyn Tree, request: &Request<'_>, units: &[Unit], corpus: &mut Corpus, memo: &Memo) {
    let metadata_only =
        Request { prepared: Arc::clone(&request.prepared), paths: None, prose: false, as_of: request.as_of };
    let named: Vec<usize> = corpus
        .proposals
        .iter()
        .filter(|proposal| proposal.loaded)
        .flat_map(|proposal| corpus.referenced(proposal))
        .collect();
    for index in named {
        let listed = units[index].listed(tree, &request.prepared.profile.layout).ok().flatten();
        if let Some(unit) = listed.filter(|_| !corpus.proposals[index].loaded) {
            let mut proposal = Arc::unwrap_or_clone(read::proposal(tree, &metadata_only, &unit, memo));
            proposal.loaded = false;
            corpus.proposals[index] = Arc::new(proposal);
        }
    }
}

fn targets(tree: &dyn Tree, corpus: &Corpus, walk: &Walk) -> Targets {
    let mut found = Targets::default();
    for (index, proposal) in corpus.proposals.iter().enumerate() {
        if let Some(prose) = &proposal.prose {
            found.by_body.insert(Arc::clone(&prose.source.path), index);
        }
    }
    found.paths = walk.files.clone();
    if found.paths.is_some() {
        return found;
    }
    let loaded: Vec<&Arc<Proposal>> = corpus.proposals.iter().filter(|proposal| proposal.loaded).collect();
    let wanted: Vec<Arc<str>> = if loaded.len() <= FEW {
        loaded.iter().flat_map(|proposal| wanted_targets(corpus, proposal)).collect()
    } else {
        loaded.par_iter().flat_map_iter(|proposal| wanted_targets(corpus, proposal)).collect()
    };
    let mut folders: FxHashMap<String, Option<FxHashSet<String>>> = FxHashMap::default();
    for path in wanted {
        if found.existing.contains_key(&path) {
            continue;
        }
        let (folder, name) = tree::split(&path);
        let names = folders.entry(folder.to_owned()).or_insert_with(|| names_in(tree, folder));
        // What is in a folder that cannot be listed, nobody knows.
        if let Some(names) = names {
            let exists = path.is_empty() || names.contains(name);
            found.existing.insert(path, exists);
        }
    }
    found
}

fn names_in(tree: &dyn Tree, folder: &str) -> Option<FxHashSet<String>> {
    Some(tree.list(folder).ok()?.into_iter().map(|entry| entry.name).collect())
}

fn wanted_targets(corpus: &Corpus, proposal: &Proposal) -> Vec<Arc<str>> {
    let mut wanted = Vec::new();
    if let Some(prose) = &proposal.prose {
        wanted.extend(corpus.leads_to(prose).iter().map(|place| Arc::clone(&place.path)));
    }
    for (_, item) in corpus.references(proposal) {
        wanted.extend(corpus.reference_path(proposal, item.text).map(Arc::from));
    }
    wanted
}

/// Where a link leads, as far as the repository can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkTarget {
    /// Path in the tree; `None` when the link leads out of it.
    pub path: Option<String>,
    /// The part behind `#`, decoded.
    pub anchor: Option<String>,
}

impl Corpus {
    /// Today, in UTC.
    #[must_use]
    pub fn today(&self) -> jiff::civil::Date {
        self.as_of.to_zoned(jiff::tz::TimeZone::UTC).date()
    }

    /// Splits a link's target; `None` for one that leads to another place than this repository.
    #[must_use]
    pub fn link_target(&self, from: &str, target: &str) -> Option<LinkTarget> {
        let own =
            self.prepared.profile.body.own_addresses.iter().find_map(|address| target.strip_prefix(address.as_str()));
        let (local, rooted) = match own {
            Some(rest) => (rest, true),
            None if target.contains("://") || target.starts_with("//") || has_scheme(target) => return None,
            None => (target, false),
        };
        let (path, anchor) = local.split_once('#').map_or((local, None), |(path, anchor)| (path, Some(decode(anchor))));
        let path = decode(path.split_once('?').map_or(path, |(path, _)| path));
        let path = match (path.is_empty(), rooted) {
            (true, false) => Some(from.to_owned()),
            (_, true) => tree::resolve("", &path),
            (false, false) => tree::resolve(from, &path),
        };
        Some(LinkTarget { path, anchor })
    }

    fn leads_to<'p>(&self, prose: &'p Prose) -> &'p [LeadsTo] {
        prose.leads_to.get_or_init(|| {
            let mut found: BTreeMap<String, bool> = BTreeMap::new();
            for link in prose.document.body.links.iter().filter(|link| !link.target.starts_with('#')) {
                let target = self.link_target(&prose.source.path, &link.target);
                if let Some(path) = target.and_then(|target| target.path) {
                    *found.entry(path).or_default() |= link.image;
                }
            }
            found.into_iter().map(|(path, is_image)| LeadsTo { path: path.into(), is_image }).collect()
        })
    }

    /// The paths of the tree that images of the prose are said to have.
    pub fn images<'p>(&self, prose: &'p Prose) -> impl Iterator<Item = &'p str> {
        self.leads_to(prose).iter().filter(|place| place.is_image).map(|place| &*place.path)
    }

    /// Every reference of the metadata to another proposal, with the field it stands in.
    #[must_use]
    pub fn references<'a>(&'a self, proposal: &'a Proposal) -> Vec<(&'a str, crate::proposal::Item<'a>)> {
        let fields = &self.prepared.profile.fields;
        let mut found = Vec::new();
        for (name, _) in fields.iter().filter(|(_, field)| field.kind == FieldKind::References) {
            if let Some(pair) = proposal.field(&self.prepared, name) {
                found.extend(
                    proposal.items_of(&self.prepared, &pair.node).into_iter().map(|item| (name.as_str(), item)),
                );
            }
        }
        found
    }

    /// The path of the tree that a reference names, when it is a path.
    #[must_use]
    pub fn reference_path(&self, proposal: &Proposal, text: &str) -> Option<String> {
        let text = text.trim();
        if bare_reference(text).is_some() || text.contains(char::is_whitespace) {
            return None;
        }
        let target = self.link_target(&proposal.metadata_path, text)?;
        let path = target.path?;
        let root = &self.prepared.profile.layout.root;
        let inside = text.starts_with('/') || text.starts_with('.') || text.contains('/');
        // A path from the repository's root is often written without its leading slash.
        let from_root = text.trim_start_matches('/').split(['#', '?']).next().unwrap_or_default().trim_end_matches('/');
        if inside && from_root.starts_with(&format!("{root}/")) {
            Some(from_root.to_owned())
        } else {
            inside.then_some(path)
        }
    }

    /// The proposals that a proposal's references name.
    #[must_use]
    pub fn referenced(&self, proposal: &Proposal) -> Vec<usize> {
        self.references(proposal)
            .into_iter()
            .filter_map(|(_, item)| self.referenced_proposal(proposal, item.text))
            .collect()
    }

    /// The proposal that a reference names, if it is one of this corpus.
    #[must_use]
    pub fn referenced_proposal(&self, proposal: &Proposal, text: &str) -> Option<usize> {
        if let Some(number) = bare_reference(text.trim()) {
            return self.names().numbered(number);
        }
        let path = self.reference_path(proposal, text)?;
        self.proposal_at(&path)
    }

    /// The proposal that a path where nothing is may have meant: by its last two names.
    #[must_use]
    pub fn near_path(&self, path: &str) -> Option<&Proposal> {
        let (folder, name) = tree::split(path.trim_end_matches('/'));
        let (_, parent) = tree::split(folder);
        self.names().near(&[name, parent]).map(|index| &*self.proposals[index])
    }

    /// The number that a reference is, when no proposal has it; nothing where some proposals may be hidden.
    #[must_use]
    pub fn dead_number<'a>(&self, text: &'a str) -> Option<&'a str> {
        let number = bare_reference(text.trim())?;
        let hidden = || self.faults.iter().any(|fault| fault.hides(&fault.path));
        (!self.names().has(number) && !hidden()).then_some(number)
    }

    fn names(&self) -> &names::Names {
        self.names.get_or_init(|| names::Names::of(&self.proposals))
    }

    /// The proposal whose folder or file this path is, or lies in.
    #[must_use]
    pub fn proposal_at(&self, path: &str) -> Option<usize> {
        let index = self.proposals.partition_point(|proposal| *proposal.path <= *path).checked_sub(1)?;
        let rest = path.strip_prefix(&*self.proposals[index].path)?;
        (rest.is_empty() || rest.starts_with('/')).then_some(index)
    }

    /// The proposals of each number (leading zeros dropped), for those that have one.
    #[must_use]
    pub fn by_number(&self) -> BTreeMap<&str, Vec<usize>> {
        let mut found: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, proposal) in self.proposals.iter().enumerate() {
            if let Some(number) = proposal.number.as_deref().or(proposal.path_number.as_deref()) {
                found.entry(crate::proposal::bare_number(number)).or_default().push(index);
            }
        }
        found
    }

    /// Every proposal, sorted by path.
    pub fn all(&self) -> impl Iterator<Item = &Proposal> {
        self.proposals.iter().map(|proposal| &**proposal)
    }

    /// Finds a proposal by number, name or path; all that match.
    #[must_use]
    pub fn find(&self, id: &str) -> Vec<&Proposal> {
        let id = id.trim().trim_end_matches('/');
        let is_called =
            |proposal: &&Proposal| *proposal.path == *id || *proposal.metadata_path == *id || *proposal.name == *id;
        let exact: Vec<&Proposal> = self.all().filter(is_called).collect();
        if !exact.is_empty() {
            return exact;
        }
        let numbered = |number: &Option<Arc<str>>| number.as_deref().is_some_and(|number| same_number(number, id));
        let stated: Vec<&Proposal> = self.all().filter(|proposal| numbered(&proposal.number)).collect();
        if !stated.is_empty() {
            return stated;
        }
        self.all().filter(|proposal| numbered(&proposal.path_number) || proposal.owns_file(id)).collect()
    }
}

impl Proposal {
    /// Whether a file belongs to this proposal.
    #[must_use]
    pub fn owns_file(&self, path: &str) -> bool {
        path.strip_prefix(&*self.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            || self.records.iter().any(|record| &*record.path == path)
    }
}

/// A reference that is only a number: `1234`, `#1234`, `KEP-1234`.
fn bare_reference(text: &str) -> Option<&str> {
    let number = text.trim_start_matches('#');
    let number = match number.rsplit_once(['-', ' ']) {
        Some((prefix, digits)) if prefix.len() <= 4 && prefix.bytes().all(|byte| byte.is_ascii_alphabetic()) => digits,
        _ => number,
    };
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(number)
}

fn has_scheme(target: &str) -> bool {
    target.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty()
            && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'-' || byte == b'.')
    })
}

/// Resolves `%20` and the like.
#[must_use]
pub fn decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let raw = text.as_bytes();
    let mut at = 0;
    while at < raw.len() {
        let digits = raw
            .get(at + 1..at + 3)
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match digits.filter(|_| raw[at] == b'%') {
            Some(byte) => {
                bytes.push(byte);
                at += 3;
            }
            None => {
                bytes.push(raw[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
