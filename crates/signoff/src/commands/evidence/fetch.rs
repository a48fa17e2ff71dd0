//! `signoff evidence fetch`: what a profile looks for, of released versions, as packs that are kept.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use signoff_evidence::{Given, gather, named, of_documentation, pack};
use signoff_model::fact::{FactSource, Facts};
use signoff_model::profile::{Basis, EvidenceRules};
use signoff_model::{Release, Tree};
use signoff_output::visible;

use super::say_sources;
use crate::cli::{EvidenceFetchArgs, Global};
use crate::commands::data::{self as kept, file_name, pack_name};
use crate::data::{self, Data, Kind};
use crate::fetch::{Name, Remote};
use crate::progress::Progress;
use crate::repository::Repository;
use crate::write;

/// Fetches each version, one after another: what came before a failure is kept.
pub(super) fn run(global: &Global, args: &EvidenceFetchArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let versions: Vec<Asked> = args.versions.iter().map(|text| Asked::parse(text)).collect::<Result<_, _>>()?;
    let (rules, id) = rules(global)?;
    if rules.source.is_empty() {
        bail!("the profile `{id}` looks for no sources\nits `[[evidence.source]]` tables would name them");
    }
    let fetching = Fetching { global, args, rules: &rules, data: Data::read(data::folder(), global) };
    let url = args.from.as_ref().or(rules.code_url.as_ref());
    let url = url.with_context(|| {
        format!("the profile `{id}` does not say where its code is\nname the repository: --from URL")
    })?;
    for asked in &versions {
        fetching.code(url, asked, out)?;
    }
    let Some(branch) = &args.docs else { return Ok(ExitCode::SUCCESS) };
    let url = args.docs_from.as_ref().or(rules.docs_url.as_ref());
    let url = url.with_context(|| {
        format!("the profile `{id}` does not say where its documentation is\nname the repository: --docs-from URL")
    })?;
    let mut done = Vec::new();
    for asked in &versions {
        let branches = fetching.branches(branch, asked)?;
        if !done.contains(&branches) {
            fetching.docs(url, &branches, asked, out)?;
            done.push(branches);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What the process of the repository looks for; outside of one, the first process that looks for sources.
fn rules(global: &Global) -> anyhow::Result<(EvidenceRules, String)> {
    match Repository::open(global) {
        Ok(repository) => {
            let profile = &repository.prepared.profile;
            Ok((profile.evidence.clone(), profile.id.clone()))
        }
        Err(error) if global.directory.is_some() || global.sample || global.at.is_some() => Err(error),
        Err(error) => {
            let data = data::held(global);
            let mut profiles = data.ids().into_iter().filter_map(|id| data.profile(id));
            let profile = profiles.find(|profile| !profile.evidence.source.is_empty()).ok_or(error)?;
            Ok((profile.evidence, profile.id))
        }
    }
}

/// A version that is asked for.
struct Asked {
    /// Without a leading `v`.
    version: String,
    release: Release,
}

impl Asked {
    fn parse(text: &str) -> anyhow::Result<Self> {
        let version = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let (core, more) = version.split_once('-').map_or((version, None), |(core, more)| (core, Some(more)));
        let is_plain =
            |more: &str| !more.is_empty() && more.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
        match Release::parse(core).filter(|_| more.is_none_or(is_plain) && !core.starts_with(['v', 'V'])) {
            Some(release) => Ok(Self { version: version.to_owned(), release }),
            None => bail!("`{}` is no version\nwrite it like v1.36.2", visible(text)),
        }
    }
}

struct Fetching<'a> {
    global: &'a Global,
    args: &'a EvidenceFetchArgs,
    rules: &'a EvidenceRules,
    data: Data,
}

/// What was fetched.
struct Fetched {
    project: String,
    version: String,
    basis: Basis,
    /// The name of what it was fetched by.
    by: String,
}

impl Fetching<'_> {
    fn code(&self, url: &str, asked: &Asked, out: &mut dyn Write) -> anyhow::Result<()> {
        let project = &self.rules.code;
        if self.is_there(project, &asked.version, out)? {
            return Ok(());
        }
        let progress = Progress::start(self.global, "Fetching");
        let remote = Remote::open(project, url)?;
        let names = [format!("v{}", asked.version), asked.version.clone()].map(Name::Tag);
        let name = remote.find(&names, self.args.again)?;
        let tell = |line: &str| progress.say(&format!("Fetching {}: {line}", visible(name.shown())));
        let tree = remote.fetch(&name, self.args.again, self.rules, &tell)?;
        progress.say(&format!("Reading {}", name.shown()));
        let fetched = Fetched {
            project: project.clone(),
            version: asked.version.clone(),
            basis: Basis::Code,
            by: name.shown().to_owned(),
        };
        let facts = self.read(&fetched, &tree);
        drop(progress);
        self.keep(&fetched, &facts, out)
    }

    fn docs(&self, url: &str, branches: &[Name], asked: &Asked, out: &mut dyn Write) -> anyhow::Result<()> {
        let project = &self.rules.docs;
        let of = |name: &Name| named(name.shown()).map(|named| named.version);
        if let Some(version) = branches.first().and_then(of)
            && self.is_there(project, &version, out)?
        {
            return Ok(());
        }
        let progress = Progress::start(self.global, "Fetching");
        let remote = Remote::open(project, url)?;
        let name = remote.find(branches, self.args.again)?;
        let tell = |line: &str| progress.say(&format!("Fetching {}: {line}", visible(name.shown())));
        let tree = remote.fetch(&name, self.args.again, self.rules, &tell)?;
        progress.say(&format!("Reading {}", name.shown()));
        let version = of(&name).or_else(|| of_documentation(&tree));
        let version = version.unwrap_or_else(|| format!("{}.{}", asked.release.major, asked.release.minor));
        let version = version.strip_prefix('v').unwrap_or(&version).to_owned();
        let fetched = Fetched { project: project.clone(), version, basis: Basis::Docs, by: name.shown().to_owned() };
        let facts = self.read(&fetched, &tree);
        drop(progress);
        if branches.first() != Some(&name) {
            let wanted = branches.first().map_or("", Name::shown);
            writeln!(out, "there is no branch {}; {} was taken", visible(wanted), visible(name.shown()))?;
        }
        self.keep(&fetched, &facts, out)
    }

    /// The branches of the documentation that may be meant, the first one first.
    fn branches(&self, branch: &str, asked: &Asked) -> anyhow::Result<Vec<Name>> {
        if !branch.is_empty() {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
            if branch.starts_with(['-', '/']) || branch.contains("..") || !branch.bytes().all(is_plain) {
                bail!("`{}` is no name of a branch\nwrite it like --docs=main", visible(branch));
            }
            return Ok(vec![Name::Branch(branch.to_owned())]);
        }
        let release = format!("{}.{}", asked.release.major, asked.release.minor);
        let of = |pattern: &String| Name::Branch(pattern.replace("{release}", &release));
        let branches: Vec<Name> = self.rules.docs_branches.iter().map(of).collect();
        if branches.is_empty() {
            bail!("the profile names no branch of the documentation\nname one, as in --docs=main");
        }
        Ok(branches)
    }

    /// Whether a version was fetched before, which is then said.
    fn is_there(&self, project: &str, version: &str, out: &mut dyn Write) -> anyhow::Result<bool> {
        let name = file_name(&format!("{project}-{version}"));
        let path = self.path(&name)?;
        let is_there = !self.args.again && data::read_pack(&path).is_ok();
        if is_there {
            let path = path.to_string_lossy();
            writeln!(out, "{name} is there already: {}\n  --again fetches it once more", visible(&path))?;
        }
        Ok(is_there)
    }

    fn read(&self, fetched: &Fetched, tree: &dyn Tree) -> Facts {
        let (name, version) = (Arc::from(&*fetched.project), Arc::from(&*fetched.version));
        gather(self.rules, &[Given { name, version, tree }])
    }

    /// Writes a pack of what was read, and says what it has and lacks.
    fn keep(&self, fetched: &Fetched, read: &Facts, out: &mut dyn Write) -> anyhow::Result<()> {
        let has = |source: &&FactSource| !source.facts.is_empty();
        let facts = Facts { sources: read.sources.iter().filter(has).cloned().collect() };
        let by = visible(&fetched.by).into_owned();
        let Some(name) = pack_name(&facts) else {
            bail!("nothing that the profile looks for is in {by}\nis it another project?");
        };
        let bytes = pack::write(&facts);
        let path = self.path(&name)?;
        write::whole(&path, &bytes)?;
        // Also of those of which nothing could be read.
        say_sources(read, out)?;
        let absent = self.absent(read, fetched.basis);
        if !absent.is_empty() {
            writeln!(out, "{by} does not have: {}", absent.join(", "))?;
        }
        writeln!(out, "{}  {} bytes", visible(&path.to_string_lossy()), bytes.len())?;
        Ok(())
    }

    /// The kinds of sources of one basis that the profile looks for and a version does not have.
    fn absent(&self, read: &Facts, basis: Basis) -> Vec<String> {
        let is_there = |kind: &str| read.sources.iter().any(|source| source.kind.word() == kind);
        let of_basis = |kind: &str| {
            let reader = signoff_evidence::SOURCES.iter().find(|reader| reader.kind.word() == kind);
            reader.is_some_and(|reader| reader.kind.basis() == basis)
        };
        let mut absent: Vec<String> = Vec::new();
        for rule in &self.rules.source {
            if of_basis(&rule.kind) && !is_there(&rule.kind) && !absent.contains(&rule.kind) {
                absent.push(rule.kind.clone());
            }
        }
        absent
    }

    /// Where a pack is kept; its folder is made.
    fn path(&self, name: &str) -> anyhow::Result<PathBuf> {
        let Some(folder) = &self.args.into else { return kept::place(&self.data, Kind::Pack, name, false) };
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Path::new(folder).join(format!("{name}.pack")))
    }
}
