//! The repository that a command works on: its tree, its configuration, its profile.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use anyhow::{Context as _, bail};
use signoff_analysis::configuration::{Configuration, FILE_NAME};
use signoff_analysis::profiles;
use signoff_history::{Commit, GitTree, History, Recorded, Repository as GitRepository, When};
use signoff_model::corpus::{self, PATHS_MAX, Request, TreeFaultKind};
use signoff_model::memo::Memo;
use signoff_model::profile::{ConfigFault, Prepared, Profile};
use signoff_model::source::{self, Encoding};
use signoff_model::spelling::nearest;
use signoff_model::tree::{Below, Overlay, ReadError};
use signoff_model::{Corpus, Finding, MemoryTree, Proposal, Release, Severity, Source, Span, Tree};
use signoff_output::visible;

use crate::cli::Global;
use crate::data::{self, Data};
use crate::disk::DiskTree;
use crate::granted::Granted;
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
    /// The checkpoint whose state is read, when it was asked for by name.
    pub checkpoint: Option<Named>,
    /// What was granted to its proposals.
    pub granted: Granted,
    /// What is kept beside the program.
    pub data: &'static Data,
    /// The paths that were read to know all this.
    seen: BTreeSet<String>,
    /// What those files said when they were read.
    settings: blake3::Hash,
    /// The history of files on disk and where they are in it, once somebody asked.
    git: OnceLock<(GitRepository, String)>,
    now: jiff::Timestamp,
    instant: jiff::Timestamp,
    /// The folder that was named or found; `None` for the sample.
    root: Option<PathBuf>,
    /// Whether no other time than now was asked about.
    is_now: bool,
}

/// A state of the history.
pub struct State {
    /// Its files, those of the proposals repository alone.
    pub tree: Box<dyn Tree>,
    /// The commit.
    pub commit: Commit,
}

/// A checkpoint of a release.
#[derive(Clone, Debug)]
pub struct Named {
    /// The release.
    pub release: Release,
    /// Id of the checkpoint.
    pub id: String,
    /// When it is.
    pub at: jiff::Timestamp,
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

    /// Opens the repository that the options name. A checkpoint without a release is one of `release`, else of the
    /// current one.
    ///
    /// # Errors
    /// When there is none, or the instant asked for cannot be reached.
    pub fn open_for(global: &Global, release: Option<Release>) -> anyhow::Result<Self> {
        let checkpoint = checkpoint(global, release)?;
        let when = match &checkpoint {
            Some(named) => Some(When::Instant(named.at)),
            None => global.at.as_deref().map(When::parse),
        };
        let mut repository = Self::at(global, when.as_ref())?;
        repository.checkpoint = checkpoint;
        Ok(repository)
    }

    fn at(global: &Global, when: Option<&When>) -> anyhow::Result<Self> {
        let files = files(global, when)?;
        let root = if global.sample { None } else { root(global).ok() };
        let mut faults = Faults::default();
        let tree = Watched::hashing(files.tree());
        let configuration = read_configuration(&tree, &mut faults);
        let data = data::held(global);
        let Process { mut prepared, is_own } = read_profile(&tree, &configuration, data, &mut faults)?;
        let now = now()?;
        read_template(&tree, &mut prepared, &mut faults);
        if !is_own {
            data.lay_over(&mut prepared);
        }
        prepared.add_calendars(&configuration.checkpoint, &configuration.calendar);
        let instant = files.instant(when).unwrap_or(now);
        prepared.set_today(day(instant));
        let granted = Granted::read(&tree, configuration.exceptions.as_deref(), &prepared.calendars);
        faults.findings.extend(granted.findings.iter().cloned());
        faults.sources.extend(granted.sources.iter().cloned());
        let settings = blake3::hash(&[*tree.hash().as_bytes(), *data.hash().as_bytes()].concat());
        let seen = tree.seen();
        Ok(Self {
            instant,
            files,
            configuration,
            prepared: Arc::new(prepared),
            findings: faults.findings,
            sources: faults.sources,
            checkpoint: None,
            granted,
            data,
            seen,
            settings,
            git: OnceLock::new(),
            now,
            root,
            is_now: when.is_none(),
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

    /// Whether no other time than now was asked about.
    pub fn is_now(&self) -> bool {
        self.is_now
    }

    /// The folder that was named or found; `None` for the sample.
    pub fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// The files that differ from where a revision and what is read parted, relative to the root.
    ///
    /// # Errors
    /// When there is no such revision, or nothing to compare.
    pub fn changed_since(&self, revision: &str) -> anyhow::Result<Vec<String>> {
        let (changed, prefix) = match &self.files {
            Files::Past(past) => (past.history.changed(revision, &past.commit)?, past.prefix.clone()),
            Files::Disk(disk) => {
                let (git, prefix) = self.git(disk)?;
                (git.changed_since(revision)?, prefix.clone())
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

    /// The history of the files, and where the proposals repository is in it.
    ///
    /// # Errors
    /// When there is none.
    pub fn history(&self) -> anyhow::Result<(Box<dyn History + '_>, String)> {
        match &self.files {
            Files::Past(past) => Ok((Box::new(&*past.history), past.prefix.clone())),
            Files::Disk(disk) => {
                let (git, prefix) = self.git(disk)?;
                Ok((Box::new(git), prefix.clone()))
            }
        }
    }

    fn git(&self, disk: &DiskTree) -> anyhow::Result<&(GitRepository, String)> {
        if let Some(known) = self.git.get() {
            return Ok(known);
        }
        let git = GitRepository::open(disk.root())?;
        let prefix = place(&git, disk.root());
        Ok(self.git.get_or_init(|| (git, prefix)))
    }

    /// The commit up to which the history is told: that of the files, else the newest.
    ///
    /// # Errors
    /// When the history has no commit.
    pub fn newest(&self, history: &dyn History) -> anyhow::Result<Commit> {
        match self.past_commit() {
            Some(commit) => Ok(commit.clone()),
            None => Ok(history.commit_at(&head())?),
        }
    }

    /// The commit that a text names: by date, instant, revision, or checkpoint.
    ///
    /// # Errors
    /// When the history has no such state.
    pub fn commit_named(global: &Global, history: &dyn History, text: &str) -> anyhow::Result<Commit> {
        let at = Global { at: Some(text.to_owned()), ..global.clone() };
        let when = checkpoint(&at, None)?.map_or_else(|| When::parse(text), |named| When::Instant(named.at));
        Ok(history.commit_at(&when)?)
    }

    /// Reads the proposals of another state of the same repository, as this one's profile says.
    pub fn load_state(&self, state: &State, selection: &Selection<'_>) -> Corpus {
        let mut corpus = corpus::load(state.tree.as_ref(), &self.request(selection), &Memo::default());
        corpus.commit = Some(state.commit.id.as_str().into());
        corpus
    }

    /// Another state of a history.
    ///
    /// # Errors
    /// When it is not there, or did not have the proposals repository.
    pub fn state(history: &dyn History, prefix: &str, commit: Commit) -> anyhow::Result<State> {
        Ok(State { tree: Self::below(history.tree(&commit)?, prefix), commit })
    }

    /// The files of the proposals repository out of those of a whole commit.
    pub fn below(tree: Box<dyn Tree + Send>, prefix: &str) -> Box<dyn Tree> {
        if prefix.is_empty() { tree } else { Box::new(Below { tree, folder: prefix.to_owned() }) }
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

    /// Reads the metadata of every proposal, and the prose of chosen ones, as of the instant asked about.
    ///
    /// # Errors
    /// When there are more files than are looked at.
    pub fn load_chosen(&self, memo: &Memo, chosen: &dyn Fn(&Proposal) -> bool) -> anyhow::Result<Corpus> {
        let mut corpus = self.read_chosen(self.tree(), self.instant, memo, chosen);
        Self::refuse_cut(&corpus)?;
        corpus.commit = self.commit();
        Ok(corpus)
    }

    /// The same of any tree, at any instant.
    pub fn read_chosen(
        &self,
        tree: &dyn Tree,
        as_of: jiff::Timestamp,
        memo: &Memo,
        chosen: &dyn Fn(&Proposal) -> bool,
    ) -> Corpus {
        let request = Request { prepared: Arc::clone(&self.prepared), paths: None, prose: false, as_of };
        let mut corpus = corpus::load(tree, &request, memo);
        let paths: BTreeSet<Arc<str>> =
            corpus.all().filter(|proposal| chosen(proposal)).map(|proposal| Arc::clone(&proposal.path)).collect();
        corpus::read_prose(tree, &mut corpus, memo, |proposal| paths.contains(&proposal.path));
        corpus
    }

    /// Adds the prose of one proposal to a corpus of this repository's files.
    pub fn add_prose(&self, corpus: &mut Corpus, memo: &Memo, path: &str) {
        corpus::read_prose(self.tree(), corpus, memo, |proposal| *proposal.path == *path);
    }

    fn commit(&self) -> Option<Arc<str>> {
        self.past_commit().map(|commit| commit.id.as_str().into())
    }

    /// Reads every proposal from the files, or what holds them; what did not change since the memo saw it is not read again.
    pub fn load_again(&self, tree: &dyn Tree, memo: &Memo) -> Corpus {
        let mut corpus = corpus::load(tree, &self.request(&Selection::default()), memo);
        corpus.commit = self.commit();
        corpus
    }

    /// What the process was read from, and the day: while this is the same, so is the process.
    pub fn settings(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.day().to_string().as_bytes());
        hasher.update(self.settings.as_bytes());
        hasher.finalize()
    }

    /// Takes a process that was read from the same settings: what a memo has kept is of use to it alone.
    pub fn share(&mut self, prepared: &Arc<Prepared>) {
        self.prepared = Arc::clone(prepared);
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
    /// The instant whose state was asked for: the one named, or that of the commit named.
    fn instant(&self, when: Option<&When>) -> Option<jiff::Timestamp> {
        let (Self::Past(past), Some(when)) = (self, when) else { return None };
        Some(when.instant().unwrap_or(past.commit.at))
    }

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

/// The checkpoint that `--at` names. When it is, the calendars of today say: those of the past may not know it.
fn checkpoint(global: &Global, release: Option<Release>) -> anyhow::Result<Option<Named>> {
    let Some(text) = global.at.as_deref().filter(|text| may_name_a_checkpoint(text)) else { return Ok(None) };
    let present = Global { at: None, ..global.clone() };
    let Ok(present) = Repository::at(&present, None).or_else(|_| Repository::at(&present, Some(&head()))) else {
        return Ok(None);
    };
    let calendars = &present.prepared.calendars;
    let (of, name) = match text.split_once(':') {
        Some((of, name)) => (Release::parse(of.trim()), name),
        None => (None, text),
    };
    let Some(kind) = calendars.kind(name).filter(|_| of.is_some() || !text.contains(':')) else {
        // No name of a commit has a colon.
        let Some(release) = of else { return Ok(None) };
        let known: Vec<&str> = calendars.kinds.iter().map(|kind| kind.id.as_str()).collect();
        let near = nearest(name, known.iter().copied()).map(|near| format!("; did you mean `{near}`?"));
        bail!(
            "{release} has no checkpoint `{}`{}\nits checkpoints are {}",
            visible(name),
            near.unwrap_or_default(),
            known.join(", ")
        );
    };
    let current = || calendars.current(present.day()).map(|calendar| calendar.release);
    let Some(release) = of.or(release).or_else(current) else {
        let undated = calendars.undated(present.day()).map(|undated| undated.to_string()).unwrap_or_default();
        bail!("{undated}\nsay which release is meant, as in --at v1.36:{}", kind.id);
    };
    let Some(dated) = calendars.of(release).and_then(|calendar| calendar.at(&kind.id)) else {
        bail!("{} has no date for {}\n`signoff calendar --all` lists the dates that are known", release, kind.id);
    };
    Ok(Some(Named { release, id: kind.id.clone(), at: dated.at }))
}

/// Whether a text can be the name of a checkpoint, which has neither the marks of a date nor those of a revision.
fn may_name_a_checkpoint(text: &str) -> bool {
    if text.len() > 7 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return false;
    }
    let plain = |character: char| character.is_alphanumeric() || " -_.:".contains(character);
    text.contains(char::is_alphabetic) && text.chars().all(plain) && When::parse(text).instant().is_none()
}

fn head() -> When {
    When::Revision("HEAD".to_owned())
}

fn files(global: &Global, when: Option<&When>) -> anyhow::Result<Files> {
    if global.sample {
        let history = Recorded::sample();
        let commit = history.commit_at(when.unwrap_or(&head()))?;
        let tree = history.tree(&commit)?;
        return Ok(Files::Past(Past { tree, history: Box::new(history), commit, prefix: String::new() }));
    }
    let root = root(global)?;
    let Some(when) = when else {
        refuse_bare(&root)?;
        return Ok(Files::Disk(DiskTree::new(&root).with_context(|| format!("cannot read {}", root.display()))?));
    };
    let history = GitRepository::open(&root)?;
    let commit = history.commit_at(when)?;
    let prefix = place(&history, &root);
    let tree = history.tree(&commit)?;
    let tree: Box<dyn Tree> = if prefix.is_empty() { Box::new(tree) } else { Box::new(below(&tree, &prefix)?) };
    Ok(Files::Past(Past { tree, history: Box::new(history), commit, prefix }))
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
            find_root(&here, data::held(global)).or_else(|error| of_git().ok_or(error))
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

/// Where a folder is in the files of a repository; the folder that holds its objects stands for all of them.
fn place(git: &GitRepository, folder: &Path) -> String {
    let is_git_dir = git.git_dir().canonicalize().ok() == folder.canonicalize().ok();
    git.workdir().filter(|_| !is_git_dir).map(|top| prefix(top, folder)).unwrap_or_default()
}

/// Where `folder` is below `top`, with `/`.
fn prefix(top: &Path, folder: &Path) -> String {
    let resolved = top.canonicalize().ok().zip(folder.canonicalize().ok());
    let rest = resolved.and_then(|(top, folder)| folder.strip_prefix(top).ok().map(Path::to_owned));
    rest.map(|rest| rest.to_string_lossy().replace('\\', "/")).unwrap_or_default()
}

/// The nearest parent that has a configuration or the layout of a profile.
fn find_root(start: &Path, data: &Data) -> anyhow::Result<PathBuf> {
    for folder in start.ancestors() {
        let configured = folder.join(FILE_NAME).is_file();
        if configured || DiskTree::new(folder).is_ok_and(|tree| data.recognise(&tree).is_some()) {
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

/// A process, and whether its profile is a file of the repository.
struct Process {
    prepared: Prepared,
    is_own: bool,
}

/// The profile that the configuration names, or the one whose layout the repository has.
///
/// Codes of the configuration are looked up only in the profile that is meant: another one may lack them.
fn read_profile(
    tree: &dyn Tree,
    configuration: &Configuration,
    data: &Data,
    faults: &mut Faults,
) -> anyhow::Result<Process> {
    let layout = || {
        let profile = data.recognise(tree).and_then(|id| data.profile(id));
        profile.map(|profile| Process { prepared: Prepared::new(profile), is_own: false })
    };
    let settings = || read_text(tree, FILE_NAME).unwrap_or_default();
    let Some(name) = &configuration.profile else {
        let process = layout().context("this does not look like a proposals repository\nname its profile in signoff.toml, or another folder with -C")?;
        let text = settings();
        faults.add("config-invalid", FILE_NAME, &text, &Configuration::faults(&text, &process.prepared));
        return Ok(process);
    };
    let known = |name: &str| data.profile_text(name).map(str::to_owned);
    let base = |name: &str| known(name).or_else(|| read_text(tree, name));
    let Some(text) = base(name) else {
        let message = format!("{}, and there is no such file", profiles::unknown(name));
        let text = settings();
        faults.add("config-invalid", FILE_NAME, &text, &[ConfigFault::near(&text, name, message)]);
        return layout().with_context(|| {
            let (name, ids) = (visible(name), data.ids().join(", "));
            format!("there is no profile `{name}`\nname one in signoff.toml: {ids}, or the path of a file")
        });
    };
    match Profile::parse(&text, &base) {
        Ok(profile) => {
            let prepared = Prepared::new(profile);
            let is_own = known(name).is_none();
            // Those of the program are tested with it, and those that are kept beside it were when they were read.
            if is_own {
                faults.add("profile-invalid", name, &text, &profiles::faults(&prepared, &text));
            }
            let settings = settings();
            faults.add("config-invalid", FILE_NAME, &settings, &Configuration::faults(&settings, &prepared));
            Ok(Process { prepared, is_own })
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

/// What the repository's own template has is known by the template's lines.
fn read_template(tree: &dyn Tree, prepared: &mut Prepared, faults: &mut Faults) {
    let path = prepared.profile.layout.template.clone();
    if let Some(text) = path.and_then(|path| faults.text("metadata-unreadable", tree, &path)) {
        prepared.add_template(&text);
    }
}
