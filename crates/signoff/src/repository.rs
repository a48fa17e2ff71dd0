//! The repository that a command works on: its tree, its configuration, its profile.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use signoff_analysis::configuration::{Configuration, FILE_NAME};
use signoff_analysis::profiles;
use signoff_history::{Commit, GitTree, History, Recorded, Repository as GitRepository, When};
use signoff_model::corpus::{self, PATHS_MAX, Request, TreeFaultKind};
use signoff_model::exception::Exception;
use signoff_model::memo::Memo;
use signoff_model::profile::{ConfigFault, Prepared, Profile};
use signoff_model::source::{self, Encoding};
use signoff_model::tree::Below;
use signoff_model::tree::{Overlay, ReadError};
use signoff_model::waiver::Waiver;
use signoff_model::{Corpus, Finding, MemoryTree, Release, Severity, Source, Span, Tree};
use signoff_output::visible;

use crate::cli::Global;
use crate::disk::DiskTree;
use crate::watched::Watched;

/// A repository, ready to be read.
pub struct Repository {
    files: Files,
    /// What the repository sets.
    pub configuration: Configuration,
    /// The process.
    pub prepared: Arc<Prepared>,
    /// Mistakes in the configuration and the profile.
    pub findings: Vec<Finding>,
    /// The files that those findings are in.
    pub sources: Vec<Arc<Source>>,
    /// The checkpoint that `--at` names.
    pub checkpoint: Option<NamedCheckpoint>,
    /// The paths that were read to know all this.
    seen: BTreeSet<String>,
    now: jiff::Timestamp,
    instant: jiff::Timestamp,
}

/// A checkpoint of a release, with its instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedCheckpoint {
    /// The release.
    pub release: Release,
    /// Id of its kind.
    pub id: Box<str>,
    /// When it is.
    pub at: jiff::Timestamp,
}

/// A state of the history.
pub struct State {
    /// Its files, those of the proposals repository alone.
    pub tree: Box<dyn Tree>,
    /// The commit.
    pub commit: Commit,
}

enum Files {
    Disk(DiskTree),
    Past(Past),
}

/// The files of a commit.
struct Past {
    tree: Box<dyn Tree>,
    history: Box<dyn History>,
    commit: Commit,
    /// Where the proposals repository is in that of git, with `/`.
    prefix: String,
}

/// What a command reads of a repository.
#[derive(Default)]
pub struct Selection<'a> {
    /// Paths of proposals; `None` for all.
    pub paths: Option<&'a [String]>,
    /// Leave the prose out.
    pub metadata_only: bool,
    /// Files that stand in front of those of the tree.
    pub front: Option<MemoryTree>,
}

impl Repository {
    /// Opens the repository that the options name.
    ///
    /// # Errors
    /// When there is none, or the instant asked for cannot be reached.
    pub fn open(global: &Global) -> anyhow::Result<Self> {
        Self::open_for(global, None)
    }

    /// Opens the repository that the options name; a checkpoint that they name is one of this release.
    ///
    /// # Errors
    /// As for [`Repository::open`], and when the release has no such checkpoint.
    pub fn open_for(global: &Global, release: Option<&str>) -> anyhow::Result<Self> {
        let when = global.at.as_deref().map(When::parse);
        match (files(global, when.as_ref()), &when) {
            // What git does not know may be a checkpoint; with a release, that is what is meant.
            (found, Some(When::Revision(name))) if found.is_err() || release.is_some() => {
                match named_checkpoint(global, name, release)? {
                    Some(named) => {
                        let files = files(global, Some(&When::Instant(named.at)))?;
                        Self::read(files, named.at, Some(named))
                    }
                    None => Self::read_at(found?, when.as_ref()),
                }
            }
            (found, _) => Self::read_at(found?, when.as_ref()),
        }
    }

    /// Opens files that stand for an instant: the one that was named, or that of the commit that was, or now.
    fn read_at(files: Files, when: Option<&When>) -> anyhow::Result<Self> {
        let instant = match &files {
            Files::Past(past) if when.is_some() => when.and_then(When::instant).unwrap_or(past.commit.at),
            Files::Past(_) | Files::Disk(_) => now()?,
        };
        Self::read(files, instant, None)
    }

    fn read(files: Files, instant: jiff::Timestamp, checkpoint: Option<NamedCheckpoint>) -> anyhow::Result<Self> {
        let mut faults = Faults::default();
        let tree = Watched::new(files.tree());
        let configuration = read_configuration(&tree, &mut faults);
        let mut prepared = read_profile(&tree, &configuration, &mut faults)?;
        let now = now()?;
        read_template(&tree, &mut prepared, &mut faults);
        prepared.set_today(day(instant));
        let seen = tree.seen();
        Ok(Self {
            checkpoint,
            instant,
            files,
            configuration,
            prepared: Arc::new(prepared),
            findings: faults.findings,
            sources: faults.sources,
            seen,
            now,
        })
    }

    /// The files.
    pub fn tree(&self) -> &dyn Tree {
        self.files.tree()
    }

    /// The folder on disk, when the files are those of a work tree.
    pub fn disk(&self) -> Option<&DiskTree> {
        match &self.files {
            Files::Disk(tree) => Some(tree),
            Files::Past(_) => None,
        }
    }

    /// The files that differ from where a revision and what is read parted, relative to the root.
    ///
    /// # Errors
    /// When there is no such revision, or nothing to compare.
    pub fn changed_since(&self, revision: &str) -> anyhow::Result<Vec<String>> {
        let (changed, prefix) = match &self.files {
            Files::Past(past) => (past.history.changed(revision, &past.commit)?, past.prefix.clone()),
            Files::Disk(disk) => {
                let git = GitRepository::open(disk.root())?;
                let changed = git.changed_since(revision)?;
                (changed, git.workdir().map(|top| prefix(top, disk.root())).unwrap_or_default())
            }
        };
        if prefix.is_empty() {
            return Ok(changed);
        }
        let below = |path: String| Some(path.strip_prefix(&prefix)?.strip_prefix('/')?.to_owned());
        Ok(changed.into_iter().filter_map(below).collect())
    }

    /// The instant asked about: the one of `--at`, else now.
    pub fn instant(&self) -> jiff::Timestamp {
        self.instant
    }

    /// The commit whose files are read; `None` for those of a work tree.
    pub fn past_commit(&self) -> Option<&Commit> {
        match &self.files {
            Files::Past(past) => Some(&past.commit),
            Files::Disk(_) => None,
        }
    }

    /// The exceptions that are known.
    pub fn exceptions(&self) -> Vec<Exception> {
        Vec::new()
    }

    /// The waivers of the repository.
    pub fn waivers(&self) -> Vec<Waiver> {
        Vec::new()
    }

    /// The history of the files, and where the proposals repository is in it.
    ///
    /// # Errors
    /// When there is none.
    pub fn history(&self) -> anyhow::Result<(Box<dyn History + '_>, String)> {
        match &self.files {
            Files::Past(past) => Ok((Box::new(&*past.history), past.prefix.clone())),
            Files::Disk(disk) => {
                let git = GitRepository::open(disk.root())?;
                let prefix = git.workdir().map(|top| prefix(top, disk.root())).unwrap_or_default();
                Ok((Box::new(git), prefix))
            }
        }
    }

    /// Another state of a history.
    ///
    /// # Errors
    /// When it is not there, or did not have the proposals repository.
    pub fn state(history: &dyn History, prefix: &str, commit: Commit) -> anyhow::Result<State> {
        let tree = history.tree(&commit)?;
        let tree: Box<dyn Tree> =
            if prefix.is_empty() { tree } else { Box::new(Below { tree, folder: prefix.to_owned() }) };
        Ok(State { tree, commit })
    }

    /// The day for which questions are answered, in UTC.
    pub fn day(&self) -> jiff::civil::Date {
        day(self.now)
    }

    /// Reads proposals.
    pub fn load(&self, selection: &Selection<'_>) -> Corpus {
        let request = self.request(selection);
        let mut corpus = match &selection.front {
            Some(front) => {
                let overlay = Overlay { base: self.tree(), front: front.clone() };
                corpus::load(&overlay, &request, &Memo::default())
            }
            None => corpus::load(self.tree(), &request, &Memo::default()),
        };
        corpus.commit = self.commit();
        corpus
    }

    fn commit(&self) -> Option<Arc<str>> {
        self.past_commit().map(|commit| commit.id.as_str().into())
    }

    /// Reads every proposal, and says of what all that is known was read.
    pub fn load_watched(&self) -> (Corpus, BTreeSet<String>) {
        let tree = Watched::new(self.tree());
        let mut corpus = corpus::load(&tree, &self.request(&Selection::default()), &Memo::default());
        corpus.commit = self.commit();
        let mut seen = tree.seen();
        seen.extend(self.seen.iter().cloned());
        (corpus, seen)
    }

    /// Refuses a corpus that is empty only since the repository is too large to be listed: to a check that is a
    /// finding, to whoever asks for proposals it would look as if there were none.
    ///
    /// # Errors
    /// When it is.
    pub fn refuse_cut(corpus: &Corpus) -> anyhow::Result<()> {
        if corpus.faults.iter().any(|fault| fault.kind == TreeFaultKind::TooMany) {
            bail!("there are more than {PATHS_MAX} files and folders\nname the root of the proposals alone with -C");
        }
        Ok(())
    }

    fn request<'s>(&self, selection: &Selection<'s>) -> Request<'s> {
        Request {
            prepared: Arc::clone(&self.prepared),
            paths: selection.paths,
            prose: !selection.metadata_only,
            as_of: self.now,
        }
    }
}

impl Files {
    fn tree(&self) -> &dyn Tree {
        match self {
            Self::Disk(tree) => tree,
            Self::Past(past) => past.tree.as_ref(),
        }
    }
}

fn day(instant: jiff::Timestamp) -> jiff::civil::Date {
    instant.to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// Now: `SIGNOFF_NOW`, or the clock.
///
/// # Errors
/// When `SIGNOFF_NOW` is no instant or date.
pub fn now() -> anyhow::Result<jiff::Timestamp> {
    match std::env::var("SIGNOFF_NOW") {
        Ok(text) if !text.is_empty() => match When::parse(&text) {
            When::Instant(instant) => Ok(instant),
            When::Date(date) => Ok(date.at(0, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC)?.timestamp()),
            When::Revision(_) => {
                bail!("SIGNOFF_NOW is `{text}`\nit must be an instant such as 2026-02-12T12:00Z, or a date")
            }
        },
        _ => Ok(jiff::Timestamp::now()),
    }
}

fn files(global: &Global, at: Option<&When>) -> anyhow::Result<Files> {
    if global.sample {
        let history = Recorded::sample();
        let commit = history.commit_at(at.unwrap_or(&When::Revision("HEAD".to_owned())))?;
        let tree = history.tree(&commit)?;
        return Ok(Files::Past(Past { tree, history: Box::new(history), commit, prefix: String::new() }));
    }
    let root = root(global)?;
    let Some(at) = at else {
        refuse_bare(&root)?;
        return Ok(Files::Disk(DiskTree::new(&root).with_context(|| format!("cannot read {}", root.display()))?));
    };
    let history = GitRepository::open(&root)?;
    let commit = history.commit_at(at)?;
    let prefix = history.workdir().map(|top| prefix(top, &root)).unwrap_or_default();
    let tree = history.tree(&commit)?;
    let tree: Box<dyn Tree> = if prefix.is_empty() { Box::new(tree) } else { Box::new(below(&tree, &prefix)?) };
    Ok(Files::Past(Past { tree, history: Box::new(history), commit, prefix }))
}

/// The checkpoint that a name means: `enhancements-freeze` of the release asked about, else of the one that is worked
/// on; `v1.36/enhancements-freeze` of its own. `None` when it names none.
fn named_checkpoint(global: &Global, name: &str, release: Option<&str>) -> anyhow::Result<Option<NamedCheckpoint>> {
    let present = match files(global, None) {
        Ok(files) => files,
        // A bare repository has the files of its newest commit alone.
        Err(_) => files(global, Some(&When::Revision("HEAD".to_owned())))?,
    };
    let prepared = Repository::read(present, now()?, None)?.prepared;
    let of_name = name.split_once('/').and_then(|(of, name)| Some((Release::parse(of)?, name)));
    let (of, name) = of_name.map_or((None, name), |(of, name)| (Some(of), name));
    let Some(kind) = prepared.checkpoint(name) else { return Ok(None) };
    let current = || prepared.current_release.as_deref().and_then(Release::parse);
    let Some(of) = of.or_else(|| release.and_then(Release::parse)).or_else(current) else {
        bail!("of which release `{}` is meant is not known\nsay it, as in --at v1.36/{}", visible(name), kind.id);
    };
    let dated = prepared.calendar(of).and_then(|calendar| calendar.at(&kind.id));
    let Some(dated) = dated else {
        let of = prepared.profile.release.spelt(of);
        bail!("when {} of {of} is, no calendar says\n`signoff calendar --all` shows what is known", kind.id);
    };
    Ok(Some(NamedCheckpoint { release: of, id: kind.id.as_str().into(), at: dated.at }))
}

fn below(tree: &GitTree, prefix: &str) -> anyhow::Result<GitTree> {
    tree.below(prefix).map_err(|error| {
        anyhow::anyhow!("{prefix} cannot be read at that time: {error}\nask about a later one with --at")
    })
}

/// The folder that the options name, else the nearest one that looks like a proposals repository. Of a bare
/// repository, and of a state that is asked for, git says where it is.
fn root(global: &Global) -> anyhow::Result<PathBuf> {
    match &global.directory {
        Some(directory) if !directory.exists() => {
            bail!(
                "there is no folder {}\nname the proposals repository with -C, or try --sample",
                visible(&directory.to_string_lossy())
            )
        }
        Some(directory) if !directory.is_dir() => {
            bail!(
                "{} is not a folder\nname the proposals repository with -C, or try --sample",
                visible(&directory.to_string_lossy())
            )
        }
        Some(directory) => Ok(directory.clone()),
        None => {
            let here = std::env::current_dir()?;
            let of_git = || {
                let git = GitRepository::open(&here).ok().filter(|git| global.at.is_some() || git.workdir().is_none());
                git.map(|git| git.workdir().unwrap_or(git.git_dir()).to_owned())
            };
            find_root(&here).or_else(|error| of_git().ok_or(error))
        }
    }
}

/// A bare repository has no files but those of its commits.
fn refuse_bare(root: &Path) -> anyhow::Result<()> {
    let looks_bare = root.join("HEAD").is_file() && root.join("objects").is_dir() && root.join("refs").is_dir();
    if looks_bare {
        bail!(
            "{} is a bare git repository: it has no files but those of its commits\nsay which state to read, as in --at HEAD",
            visible(&root.to_string_lossy())
        );
    }
    Ok(())
}

/// Where `folder` is below `top`, with `/`.
fn prefix(top: &Path, folder: &Path) -> String {
    let resolved = top.canonicalize().ok().zip(folder.canonicalize().ok());
    let rest = resolved.and_then(|(top, folder)| folder.strip_prefix(top).ok().map(Path::to_owned));
    rest.map(|rest| rest.to_string_lossy().replace('\\', "/")).unwrap_or_default()
}

/// The nearest parent that has a configuration or the layout of a profile.
fn find_root(start: &Path) -> anyhow::Result<PathBuf> {
    for folder in start.ancestors() {
        let configured = folder.join(FILE_NAME).is_file();
        if configured || DiskTree::new(folder).is_ok_and(|tree| profiles::recognise(&tree).is_some()) {
            return Ok(folder.to_owned());
        }
    }
    bail!(
        "neither {} nor a folder above it looks like a proposals repository\nname one with -C, or try --sample",
        visible(&start.to_string_lossy())
    )
}

#[derive(Default)]
struct Faults {
    findings: Vec<Finding>,
    sources: Vec<Arc<Source>>,
}

impl Faults {
    fn add(&mut self, rule: &'static str, path: &str, text: &str, faults: &[ConfigFault]) {
        if faults.is_empty() {
            return;
        }
        let path: Arc<str> = path.into();
        self.sources.push(Arc::new(Source::new(Arc::clone(&path), text)));
        self.findings.extend(faults.iter().map(|fault| {
            Finding::new(rule, Severity::Error, Arc::clone(&path), Some(fault.span), fault.message.clone())
        }));
    }

    /// The text of a file; one that is there and cannot be read is a finding.
    fn text(&mut self, rule: &'static str, tree: &dyn Tree, path: &str) -> Option<String> {
        match tree.read(path) {
            Ok(bytes) => Some(source::decode(bytes).0),
            Err(ReadError::Missing) => None,
            Err(error) => {
                let message = format!("the file cannot be read: {error}");
                let mut found = Finding::new(rule, Severity::Error, path.into(), None, message);
                found.help("it is taken for absent, which may switch checks off");
                self.findings.push(found);
                None
            }
        }
    }
}

fn read_text(tree: &dyn Tree, path: &str) -> Option<String> {
    tree.read(path).ok().map(|bytes| source::decode(bytes).0)
}

fn read_configuration(tree: &dyn Tree, faults: &mut Faults) -> Configuration {
    let (text, encoding) = match tree.read(FILE_NAME) {
        Ok(bytes) => source::decode(bytes),
        Err(ReadError::Missing) => return Configuration::default(),
        Err(error) => {
            let message = format!("{error}; none of its settings is used");
            faults.add("config-invalid", FILE_NAME, "", &[ConfigFault { span: Span::default(), message }]);
            return Configuration::default();
        }
    };
    if let Encoding::Invalid(at) = encoding {
        let at = at as usize;
        let message = "this byte is not UTF-8; write the file anew as UTF-8".to_owned();
        faults.add("config-invalid", FILE_NAME, &text, &[ConfigFault { span: Span::new(at, at), message }]);
        return Configuration::default();
    }
    Configuration::parse(&text).unwrap_or_else(|fault| {
        faults.add("config-invalid", FILE_NAME, &text, &[fault]);
        Configuration::default()
    })
}

/// The profile that the configuration names, or the one whose layout the repository has.
///
/// Codes of the configuration are looked up only in the profile that is meant: another one may lack them.
fn read_profile(tree: &dyn Tree, configuration: &Configuration, faults: &mut Faults) -> anyhow::Result<Prepared> {
    let layout = || profiles::recognise(tree).and_then(|id| profiles::load(id).ok()).map(Prepared::new);
    let settings = || read_text(tree, FILE_NAME).unwrap_or_default();
    let Some(name) = &configuration.profile else {
        let prepared = layout().context("this does not look like a proposals repository\nname its profile in signoff.toml, or another folder with -C")?;
        let text = settings();
        faults.add("config-invalid", FILE_NAME, &text, &Configuration::faults(&text, &prepared));
        return Ok(prepared);
    };
    let base = |name: &str| profiles::embedded(name).map(str::to_owned).or_else(|| read_text(tree, name));
    let Some(text) = base(name) else {
        let message = format!("{}, and there is no such file", profiles::unknown(name));
        let text = settings();
        faults.add("config-invalid", FILE_NAME, &text, &[ConfigFault::near(&text, name, message)]);
        return layout().with_context(|| {
            let name = visible(name);
            format!("there is no profile `{name}`\nname one in signoff.toml: {}, or the path of a file", embedded())
        });
    };
    match Profile::parse(&text, &base) {
        Ok(profile) => {
            let prepared = Prepared::new(profile);
            // Those of the program are tested with it.
            if profiles::embedded(name).is_none() {
                faults.add("profile-invalid", name, &text, &profiles::faults(&prepared, &text));
            }
            let settings = settings();
            faults.add("config-invalid", FILE_NAME, &settings, &Configuration::faults(&settings, &prepared));
            Ok(prepared)
        }
        Err(mistakes) => {
            let first = mistakes.first().map_or_else(String::new, |mistake| mistake.message.clone());
            faults.add("profile-invalid", name, &text, &mistakes);
            layout().with_context(|| {
                let (name, first) = (visible(name), visible(&first));
                format!("the profile {name} cannot be used: {first}\nmend it, or name another one in signoff.toml")
            })
        }
    }
}

/// The ids of the profiles that come with the program.
fn embedded() -> String {
    let ids: Vec<&str> = profiles::EMBEDDED.iter().map(|(id, _)| *id).collect();
    ids.join(", ")
}

/// What the repository's own template has is known by the template's lines.
fn read_template(tree: &dyn Tree, prepared: &mut Prepared, faults: &mut Faults) {
    let path = prepared.profile.layout.template.clone();
    if let Some(text) = path.and_then(|path| faults.text("metadata-unreadable", tree, &path)) {
        prepared.add_template(&text);
    }
}
