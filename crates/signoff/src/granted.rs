//! What was granted to proposals: exceptions that a release team gave, waivers that somebody answers for.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, anyhow, bail};
use signoff_analysis::{profiles, waivers};
use signoff_model::calendar::Calendars;
use signoff_model::exception::{self, Exception, Exceptions};
use signoff_model::profile::ConfigFault;
use signoff_model::source::decode;
use signoff_model::tree::{self, Kind, ReadError, Tree};
use signoff_model::waiver::{self, Waiver};
use signoff_model::{Corpus, Finding, Severity, Source};
use signoff_output::{visible, visible_lines};

use crate::cli::ExceptionArgs;
use crate::disk::DiskTree;
use crate::repository::Repository;

/// Rule code of what is wrong with these files.
const RULE: &str = "config-invalid";
/// Deepest folder below the one that is named that is searched for lists of exceptions.
const DEPTH_MAX: usize = 4;

/// What a repository itself says was granted.
#[derive(Default)]
pub struct Granted {
    exceptions: Vec<Exception>,
    waivers: Vec<Waiver>,
    waivers_source: Option<Arc<Source>>,
    /// What is wrong with the files.
    pub findings: Vec<Finding>,
    /// The files.
    pub sources: Vec<Arc<Source>>,
}

impl Granted {
    /// Reads the waivers of a tree, and the exceptions that its configuration names.
    pub fn read(tree: &dyn Tree, exceptions: Option<&str>, calendars: &Calendars) -> Self {
        let mut granted = Self::default();
        granted.read_waivers(tree);
        if let Some(path) = exceptions {
            let lists = lists(tree, path);
            if lists.is_empty() {
                granted.fault(path, None, "there are no exceptions: no such file, and no folder with one".to_owned());
            }
            for (path, content) in lists {
                match content {
                    Ok(source) => granted.add(source, calendars),
                    Err(error) => granted.fault(&path, None, format!("the exceptions cannot be read: {error}")),
                }
            }
        }
        granted
    }

    fn read_waivers(&mut self, tree: &dyn Tree) {
        let text = match tree.read(waivers::FILE_NAME) {
            Ok(bytes) => decode(bytes).0,
            Err(ReadError::Missing) => return,
            Err(error) => {
                self.fault(waivers::FILE_NAME, None, format!("{error}; no waiver holds"));
                return;
            }
        };
        let (waivers, faults) = waiver::read(&text);
        let source = Arc::new(Source::new(waivers::FILE_NAME, text));
        self.findings.extend(findings_of(&source, &faults));
        self.sources.push(Arc::clone(&source));
        self.waivers = waivers;
        self.waivers_source = Some(source);
    }

    fn add(&mut self, source: Arc<Source>, calendars: &Calendars) {
        let Exceptions { all, findings } = exception::read(&source, calendars);
        self.exceptions.extend(all);
        self.findings.extend(findings);
        self.sources.push(source);
    }

    fn fault(&mut self, path: &str, span: Option<signoff_model::Span>, message: String) {
        self.findings.push(Finding::new(RULE, Severity::Error, path.into(), span, message));
    }
}

fn findings_of(source: &Source, faults: &[ConfigFault]) -> Vec<Finding> {
    let finding = |fault: &ConfigFault| {
        Finding::new(RULE, Severity::Error, Arc::clone(&source.path), Some(fault.span), fault.message.clone())
    };
    faults.iter().map(finding).collect()
}

impl Repository {
    /// The waivers of the repository.
    pub fn waivers(&self) -> &[Waiver] {
        &self.granted.waivers
    }

    /// Waivers of what this repository does not have.
    pub fn waiver_findings(&self, corpus: &Corpus) -> Vec<Finding> {
        let Some(source) = &self.granted.waivers_source else { return Vec::new() };
        findings_of(source, &waivers::faults(&self.granted.waivers, corpus))
    }

    /// The exceptions that are known: those given on the command line, before those of the repository, before those
    /// that come with the profile. Of one proposal at one checkpoint the first of these that has any counts.
    ///
    /// # Errors
    /// When a file given on the command line cannot be read, or says what it cannot mean.
    pub fn exceptions(&self, args: &ExceptionArgs) -> anyhow::Result<Vec<Exception>> {
        let calendars = &self.prepared.calendars;
        let given = match &args.exceptions {
            Some(path) => given(path, calendars)?,
            None => Vec::new(),
        };
        let named = self.prepared.profile.exceptions.as_deref();
        let shipped = named.and_then(profiles::exceptions).map(|text| {
            let source = Arc::new(Source::new(named.unwrap_or_default(), text));
            exception::read(&source, calendars).all
        });
        Ok(exception::layered([given, self.granted.exceptions.clone(), shipped.unwrap_or_default()]))
    }
}

/// The exceptions of a file or a folder on disk.
fn given(path: &Path, calendars: &Calendars) -> anyhow::Result<Vec<Exception>> {
    let shown = visible(&path.to_string_lossy()).into_owned();
    if !path.exists() {
        bail!("there is no file or folder {shown}\nname a list of exceptions, or a folder that has some");
    }
    let (folder, inside) = if path.is_dir() {
        (path, String::new())
    } else {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        (parent, path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default())
    };
    let tree = DiskTree::new(folder).with_context(|| format!("cannot read {shown}"))?;
    let lists = lists(&tree, &inside);
    if lists.is_empty() {
        bail!(
            "{shown} has no list of exceptions\nits files are called exceptions.yaml, or after a release, as v1.36.yaml"
        );
    }
    let mut found = Vec::new();
    for (path, content) in lists {
        let source = content.map_err(|error| anyhow!("{} cannot be read: {error}", visible(&path)))?;
        // The release may be in the name of the folder alone.
        let whole = Path::new(&folder).join(&path).to_string_lossy().replace('\\', "/");
        let source = Arc::new(Source::new(whole, source.text.clone()));
        let Exceptions { all, findings } = exception::read(&source, calendars);
        if let Some(first) = findings.first() {
            let line = first.span.map_or(1, |span| source.line(span.start));
            bail!("{}:{line}: {}", visible(&source.path), visible_lines(&first.message));
        }
        found.extend(all);
    }
    Ok(found)
}

/// The lists of exceptions at a path: the file itself, or those of a folder and the folders below.
fn lists(tree: &dyn Tree, path: &str) -> Vec<(String, Result<Arc<Source>, ReadError>)> {
    let mut paths = Vec::new();
    match tree.kind(path) {
        Some(Kind::Folder) => gather(tree, path, 0, &mut paths),
        Some(_) => paths.push(path.to_owned()),
        None => {}
    }
    let read = |path: String| {
        let source = tree.read(&path).map(|bytes| Arc::new(Source::new(path.as_str(), decode(bytes).0)));
        (path, source)
    };
    paths.into_iter().map(read).collect()
}

fn gather(tree: &dyn Tree, folder: &str, depth: usize, found: &mut Vec<String>) {
    for entry in tree.list(folder).unwrap_or_default() {
        let path = tree::join(folder, &entry.name);
        match entry.kind {
            Kind::Folder if depth < DEPTH_MAX => gather(tree, &path, depth + 1, found),
            Kind::File if exception::is_list(&entry.name) => found.push(path),
            _ => {}
        }
    }
}
