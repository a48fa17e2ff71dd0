//! The evidence that a command is given: code and documentation, each a folder, a git repository or a pack.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use rayon::prelude::*;
use signoff_evidence::pack::PackError;
use signoff_evidence::{Given, gather, named, of_documentation, packs};
use signoff_history::{Repository as GitRepository, When};
use signoff_model::cluster::Snapshot;
use signoff_model::fact::{Facts, Problem};
use signoff_model::profile::EvidenceRules;
use signoff_model::{Release, Tree, tree::Kind};
use signoff_output::visible;

use crate::cli::{EvidenceArgs, Global};
use crate::data;
use crate::disk::DiskTree;
use crate::fleet::{self, Fleet};
use crate::repository::Repository;

/// Evidence, and the places that it was read from.
pub struct Evidence {
    /// What was read.
    pub facts: Facts,
    /// Clusters as they were when somebody asked them.
    pub clusters: Vec<Snapshot>,
    /// Snapshots that cannot be used, and why.
    pub unread: Vec<Problem>,
    docs: Vec<Opened>,
}

impl Evidence {
    /// Says which snapshots cannot be used.
    pub fn note_unread(&self, global: &Global) {
        for problem in &self.unread {
            crate::note(global, &format!("{} is not used: {}", problem.path, problem.message));
        }
    }

    /// The text of a page of the documentation.
    pub fn page(&self, path: &str) -> Option<String> {
        let bytes = self.docs.iter().find_map(|docs| docs.tree.read(path).ok())?;
        String::from_utf8(bytes).ok()
    }
}

/// Reads the evidence that the options name, else that of `signoff.toml`.
///
/// # Errors
/// When a place is not there, nothing tells its version, or no snapshot can be used.
pub fn read(args: &EvidenceArgs, repository: &Repository) -> anyhow::Result<Evidence> {
    let rules = &repository.prepared.profile.evidence;
    let sources = Sources::of(args, repository);
    let Fleet { snapshots: clusters, unread } = fleet::read(&args.cluster)?;
    let read = match sources.code.is_empty() && sources.docs.is_empty() {
        true => Evidence { facts: packed(repository)?, clusters: Vec::new(), unread: Vec::new(), docs: Vec::new() },
        false => gathered(&sources.code, &sources.docs, rules)?,
    };
    Ok(Evidence { clusters, unread, ..read })
}

/// Reads places: packs as they are, folders and repositories by what the profile looks for.
///
/// # Errors
/// When a place is not there, or nothing tells its version.
pub fn gathered(code: &[Place], docs: &[Place], rules: &EvidenceRules) -> anyhow::Result<Evidence> {
    let mut packed = Vec::new();
    let mut opened = Vec::new();
    for place in code {
        if place.path.is_file() {
            packed.push(read_pack(&place.path)?);
        } else {
            opened.extend(open_code(place, rules)?);
        }
    }
    let docs: Vec<Opened> = docs.iter().map(|place| open_docs(place, rules)).collect::<Result<_, _>>()?;
    let given: Vec<Given<'_>> = opened.iter().chain(&docs).map(Opened::given).collect();
    packed.push(gather(rules, &given));
    Ok(Evidence { facts: Facts::joined(packed), clusters: Vec::new(), unread: Vec::new(), docs })
}

/// The facts of the packs that come with the program, and of those that are kept beside it, which count where both have
/// a source.
fn packed(repository: &Repository) -> anyhow::Result<Facts> {
    let profile = &repository.prepared.profile;
    // A process that looks for no sources has no use for what those of others say.
    let mut all = if profile.evidence.source.is_empty() { Vec::new() } else { repository.data.packs() };
    let read = profile.evidence.packs.par_iter().map(|name| Ok((name, packs::read(name).transpose()?)));
    for (name, facts) in read.collect::<Result<Vec<_>, PackError>>()? {
        match facts {
            Some(facts) => all.push(facts),
            // A profile that is newer than the program may name packs that came after it.
            None if repository.data.has_profile(&profile.id) => {
                repository
                    .data
                    .say(&format!("the pack {}, which the profile names, is not with the program", visible(name)));
            }
            None => bail!(
                "the program has no pack `{}`, which the profile names; it has {}",
                visible(name),
                packs::names().join(", ")
            ),
        }
    }
    Ok(Facts::joined(all))
}

/// The facts of a pack on disk.
fn read_pack(path: &Path) -> anyhow::Result<Facts> {
    let shown = visible(&path.to_string_lossy()).into_owned();
    data::read_pack(path).map_err(|why| anyhow::anyhow!("{why}")).with_context(|| format!("the pack {shown}"))
}

/// The same, but `None` where neither the options nor `signoff.toml` name any: a verdict is decided on what was given.
///
/// # Errors
/// Those of [`read`].
pub fn read_given(args: &EvidenceArgs, repository: &Repository) -> anyhow::Result<Option<Evidence>> {
    if is_given(args, repository) { read(args, repository).map(Some) } else { Ok(None) }
}

/// Whether the options or `signoff.toml` name any evidence.
pub fn is_given(args: &EvidenceArgs, repository: &Repository) -> bool {
    let sources = Sources::of(args, repository);
    !sources.code.is_empty() || !sources.docs.is_empty()
}

/// The places of all evidence.
struct Sources {
    code: Vec<Place>,
    docs: Vec<Place>,
}

impl Sources {
    /// Those of the command line; where it names none, those of the repository.
    fn of(args: &EvidenceArgs, repository: &Repository) -> Self {
        let is_named = !args.code.is_empty() || !args.docs.is_empty();
        if is_named {
            return Self { code: args.code.clone(), docs: args.docs.clone() };
        }
        let evidence = &repository.configuration.evidence;
        let root = repository.disk().map(|disk| disk.root().to_owned()).unwrap_or_default();
        let places = |texts: &[String]| texts.iter().map(|text| Place::parse(text).below(&root)).collect();
        Self { code: places(&evidence.code), docs: places(&evidence.docs) }
    }
}

/// A folder or a repository, with its version where that was given: `[[NAME@]VERSION=]DIR`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The project.
    pub project: Option<String>,
    /// The version, or a revision.
    pub version: Option<String>,
    /// Where it is.
    pub path: PathBuf,
}

impl Place {
    /// Reads what people write. A text without `=`, or whose part before it is no version, is a path.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let whole = || Self { project: None, version: None, path: text.into() };
        let Some((before, path)) = text.split_once('=') else { return whole() };
        let (project, version) = match before.split_once('@') {
            Some((project, version)) => (Some(project.to_owned()), version),
            None => (None, before),
        };
        if version.is_empty() || path.is_empty() || version.contains(['/', '\\', ' ']) {
            return whole();
        }
        Self { project, version: Some(version.to_owned()), path: path.into() }
    }

    fn below(mut self, root: &Path) -> Self {
        self.path = root.join(&self.path);
        self
    }
}

/// A place that was opened.
struct Opened {
    name: Arc<str>,
    version: Arc<str>,
    tree: Box<dyn Tree>,
}

impl Opened {
    fn given(&self) -> Given<'_> {
        Given { name: Arc::clone(&self.name), version: Arc::clone(&self.version), tree: &*self.tree }
    }
}

/// Opens a folder of code; one that holds several versions side by side stands for all of them.
fn open_code(place: &Place, rules: &EvidenceRules) -> anyhow::Result<Vec<Opened>> {
    let shown = visible(&place.path.to_string_lossy()).into_owned();
    let project = |own: Option<&str>| -> Arc<str> {
        let is_other = |name: &&str| rules.elsewhere.iter().any(|other| other == name);
        place.project.as_deref().or(own.filter(is_other)).unwrap_or(&rules.code).into()
    };
    if let Some(version) = &place.version {
        let tree = tree_at(&place.path, Some(version)).with_context(|| format!("the code in {shown}"))?;
        let version = version.strip_prefix('v').filter(|text| Release::parse(text).is_some()).unwrap_or(version);
        let own = folder_name(&place.path).and_then(|name| named(&name)?.project);
        return Ok(vec![Opened { name: project(own.as_deref()), version: version.into(), tree }]);
    }
    let tree = tree_at(&place.path, None).with_context(|| format!("the code in {shown}"))?;
    if let Some(known) = folder_name(&place.path).and_then(|name| named(&name)) {
        let name = project(known.project.as_deref());
        return Ok(vec![Opened { name, version: known.version.into(), tree }]);
    }
    let mut versions = side_by_side(&*tree, &place.path, &project)?;
    let lies_beside =
        |path: &String| tree.kind(path.split(['*']).next().unwrap_or(path).trim_end_matches('/')).is_some();
    if !versions.is_empty() && rules.source.iter().flat_map(|rule| &rule.paths).any(lies_beside) {
        // Lists that say themselves which version they are of.
        versions.push(Opened { name: project(None), version: "".into(), tree });
        return Ok(versions);
    }
    if versions.is_empty() {
        bail!("which version the code in {shown} is, nothing tells\nname it: --code 1.36.2={shown}");
    }
    Ok(versions)
}

/// The folders below that are named for a version.
fn side_by_side(
    tree: &dyn Tree,
    folder: &Path,
    project: &dyn Fn(Option<&str>) -> Arc<str>,
) -> anyhow::Result<Vec<Opened>> {
    let entries = tree.list("").unwrap_or_default();
    let folders = entries.into_iter().filter(|entry| entry.kind == Kind::Folder);
    let named = folders.filter_map(|entry| Some((named(&entry.name)?, folder.join(&entry.name))));
    let of_code = named.filter(|(known, _)| known.project.is_some());
    let opened = of_code.map(|(known, path)| {
        let tree = DiskTree::new(&path).with_context(|| format!("{}", path.display()))?;
        Ok(Opened { name: project(known.project.as_deref()), version: known.version.into(), tree: Box::new(tree) })
    });
    opened.collect()
}

/// Opens a folder of documentation, whose own schedule tells its version.
fn open_docs(place: &Place, rules: &EvidenceRules) -> anyhow::Result<Opened> {
    let shown = visible(&place.path.to_string_lossy()).into_owned();
    let tree = tree_at(&place.path, None).with_context(|| format!("the documentation in {shown}"))?;
    let own = || of_documentation(&*tree).or_else(|| Some(named(&folder_name(&place.path)?)?.version));
    let Some(version) = place.version.clone().or_else(own) else {
        bail!("which version the documentation in {shown} is, nothing tells\nname it: --docs 1.36={shown}");
    };
    let name = place.project.as_deref().unwrap_or(&rules.docs).into();
    let version = version.strip_prefix('v').unwrap_or(&version);
    Ok(Opened { name, version: version.into(), tree })
}

/// The files of a folder, or those of a git repository at a revision that it has.
fn tree_at(path: &Path, version: Option<&str>) -> anyhow::Result<Box<dyn Tree>> {
    if let Some(tree) = version.and_then(|version| revision(path, version)) {
        return Ok(tree);
    }
    let tree = DiskTree::new(path).map_err(|error| anyhow::anyhow!("it cannot be opened: {error}"))?;
    Ok(Box::new(tree))
}

/// The files of a git repository at a tag or a commit. A folder within one, or a version that is no revision of it, is
/// read as it is on disk.
fn revision(path: &Path, version: &str) -> Option<Box<dyn Tree>> {
    if !path.join(".git").exists() && !path.join("objects").is_dir() {
        return None;
    }
    let repository = GitRepository::open(path).ok()?;
    let spellings = [format!("v{}", version.trim_start_matches('v')), version.to_owned()];
    let commit = spellings.iter().find_map(|text| repository.commit_at(&When::Revision(text.clone())).ok())?;
    Some(Box::new(repository.tree(&commit).ok()?))
}

fn folder_name(path: &Path) -> Option<String> {
    let path = if path.file_name().is_none() { path.canonicalize().ok()? } else { path.to_owned() };
    Some(path.file_name()?.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let place = |project: Option<&str>, version: Option<&str>, path: &str| Place {
            project: project.map(str::to_owned),
            version: version.map(str::to_owned),
            path: path.into(),
        };
        let cases = [
            ("k8s", place(None, None, "k8s")),
            ("1.36.2=k8s", place(None, Some("1.36.2"), "k8s")),
            ("v1.36.2=/src/k8s", place(None, Some("v1.36.2"), "/src/k8s")),
            ("kueue@0.10=q", place(Some("kueue"), Some("0.10"), "q")),
            ("a/b=c", place(None, None, "a/b=c")),
            ("=c", place(None, None, "=c")),
        ];
        for (text, expected) in cases {
            assert_eq!(Place::parse(text), expected, "{text}");
        }
    }
}
