//! `signoff check`: what is wrong or missing, with its place.

use std::collections::BTreeSet;
use std::io::{Read as _, Write};
use std::process::ExitCode;

use anyhow::{Context as _, anyhow, bail};
use signoff_analysis::rules::{self, Checked};
use signoff_model::tree::ReadError;
use signoff_model::{ChangeSet, Corpus, Finding, MemoryTree, Severity};
use signoff_output::baseline::Baseline;
use signoff_output::check::{self, Detail, Fixing, Format, Options, Report};
use signoff_output::{Places, visible};

use crate::cache::Cache;
use crate::cli::{CheckArgs, CheckFormat, Global};
use crate::disk::{self, DiskTree};
use crate::paths;
use crate::progress::Progress;
use crate::repository::{Repository, Selection};
use crate::write;

/// The baseline's usual name.
const BASELINE: &str = "signoff-baseline.json";
/// Fixes can uncover others; after so many rounds something fights with itself.
const FIX_ROUNDS_MAX: usize = 5;

/// Checks proposals.
pub fn run(global: &Global, args: &CheckArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open(global)?;
    let mut options = options(global, args, &repository);
    let cache = Cache::of(&repository, global, args, &options);
    if let Some((text, code)) = cache.as_ref().and_then(Cache::get) {
        out.write_all(&text)?;
        return Ok(ExitCode::from(code));
    }
    let scope = Scope::of(&repository, args)?;
    let progress = Progress::start(global, "Checking proposals");
    if args.fix {
        options.fixing = fix(&repository, &scope, args)?;
    }
    let corpus = repository.load(&scope.selection(args));
    let checked = checked(&repository, &corpus);
    let baseline = read_baseline(&repository, args)?;
    if args.write_baseline {
        write_baseline(&repository, args, &baseline.renewed(&checked.findings, &corpus, &repository.sources))?;
    }
    let baseline = if args.write_baseline { read_baseline(&repository, args)? } else { baseline };
    let subtracted = baseline.subtract(&checked.findings, &corpus, &repository.sources);
    let report = Report {
        corpus: &corpus,
        findings: &checked.findings,
        baselined: &subtracted.baselined,
        skipped: &checked.skipped,
        fixed: &subtracted.fixed,
        others: &repository.sources,
    };
    let code = u8::from(fails(&checked.findings, &subtracted.baselined, args.strict));
    let mut text = Vec::new();
    check::write(format(args.format), &report, &options, &mut text)?;
    drop(progress);
    out.write_all(&text)?;
    if let Some(cache) = cache {
        cache.put(&text, code);
    }
    // The process ends: giving back a hundred thousand pieces of memory one by one would only take time.
    std::mem::forget(corpus);
    Ok(ExitCode::from(code))
}

fn format(format: CheckFormat) -> Format {
    match format {
        CheckFormat::Human => Format::Human,
        CheckFormat::Json => Format::Json,
        CheckFormat::Sarif => Format::Sarif,
        CheckFormat::Github => Format::Github,
        CheckFormat::Junit => Format::Junit,
    }
}

fn options(global: &Global, args: &CheckArgs, repository: &Repository) -> Options {
    let detail = match (global.quiet, global.verbose) {
        (true, _) => Detail::Quiet,
        (_, true) => Detail::Verbose,
        _ => Detail::Normal,
    };
    let changeable = repository.disk().is_some() && !args.paths.iter().any(|path| path == "-");
    let fixing = if changeable { Fixing::Offered } else { Fixing::Impossible };
    Options { look: crate::look(global), detail, strict: args.strict, fixing }
}

fn fails(findings: &[Finding], baselined: &[bool], strict: bool) -> bool {
    let least = if strict { Severity::Warning } else { Severity::Error };
    findings.iter().zip(baselined).any(|(finding, baselined)| finding.severity >= least && !baselined)
}

fn checked(repository: &Repository, corpus: &Corpus) -> Checked {
    let mut checked = rules::check(corpus, &repository.configuration);
    let others = [repository.findings.clone(), repository.waiver_findings(corpus)].concat();
    if !others.is_empty() {
        checked.findings.extend(others);
        rules::outcome::sort(corpus, &mut checked.findings);
    }
    checked
}

/// What a check looks at.
#[derive(Default)]
struct Scope {
    paths: Option<Vec<String>>,
    front: Option<MemoryTree>,
}

impl Scope {
    fn of(repository: &Repository, args: &CheckArgs) -> anyhow::Result<Self> {
        if let Some(revision) = &args.changed_since {
            return Ok(Self { paths: Some(repository.changed_since(revision)?), front: None });
        }
        if args.paths.iter().any(|path| path == "-") {
            return stdin(repository, args);
        }
        if args.stdin_path.is_some() {
            bail!("--stdin-path needs `-`\nsignoff check - --stdin-path PATH");
        }
        if args.paths.is_empty() {
            return Ok(Self::default());
        }
        let paths = args.paths.iter().map(|path| paths::inside(repository, path)).collect::<anyhow::Result<_>>()?;
        Ok(Self { paths: Some(paths), front: None })
    }

    fn selection(&self, args: &CheckArgs) -> Selection<'_> {
        Selection { paths: self.paths.as_deref(), metadata_only: args.metadata_only, front: self.front.clone() }
    }
}

fn disk(repository: &Repository) -> anyhow::Result<&DiskTree> {
    repository.disk().context("this needs the files of a work tree\nleave --at and --sample out")
}

fn stdin(repository: &Repository, args: &CheckArgs) -> anyhow::Result<Scope> {
    let path = args.stdin_path.as_deref().context("standard input needs a path\nsignoff check - --stdin-path PATH")?;
    if args.paths.len() > 1 {
        bail!("`-` stands alone: standard input is one file\nsignoff check - --stdin-path PATH");
    }
    let path = paths::inside_or_new(repository, path)?;
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    let front = MemoryTree::new([(path.clone(), bytes)]);
    Ok(Scope { paths: Some(vec![path]), front: Some(front) })
}

/// Applies every certain fix.
fn fix(repository: &Repository, scope: &Scope, args: &CheckArgs) -> anyhow::Result<Fixing> {
    let disk = disk(repository)?;
    if scope.front.is_some() {
        bail!("--fix changes files, and standard input is none\nleave --fix out, or name the file instead of `-`");
    }
    let (mut mended, mut left) = (0, 0);
    let mut files = BTreeSet::new();
    for _ in 0..FIX_ROUNDS_MAX {
        let corpus = repository.load(&scope.selection(args));
        let checked = checked(repository, &corpus);
        let mut changes = ChangeSet::default();
        let fixes = checked.findings.iter().filter_map(|finding| Some((&finding.path, finding.fix.as_ref()?)));
        for (path, fix) in fixes.clone() {
            changes.add(path, &fix.edits);
        }
        let fixable = fixes.count();
        mended += usize::saturating_sub(left, fixable);
        left = fixable;
        let places = Places::new(&corpus, &repository.sources);
        let text = |path: &str| places.source(path).map(|source| source.text.to_string());
        let changed = if changes.is_empty() { Vec::new() } else { write::apply(disk, &changes, &text)? };
        if changed.is_empty() {
            break;
        }
        files.extend(changed);
    }
    Ok(Fixing::Done { findings: mended, files: files.len() })
}

/// The baseline's name in the repository.
fn baseline_name(repository: &Repository) -> &str {
    repository.configuration.baseline.as_deref().unwrap_or(BASELINE)
}

fn read_baseline(repository: &Repository, args: &CheckArgs) -> anyhow::Result<Baseline> {
    let (name, bytes) = match &args.baseline {
        Some(path) => (path.display().to_string(), disk::read_regular(path)),
        None => {
            let name = baseline_name(repository);
            (name.to_owned(), repository.tree().read(name))
        }
    };
    let bytes = match bytes {
        Ok(bytes) => bytes,
        // One that is named must be there, unless it is about to be written.
        Err(ReadError::Missing) if args.baseline.is_none() || args.write_baseline => return Ok(Baseline::default()),
        Err(error) => bail!(
            "cannot read the baseline {}: {error}\nname another file with --baseline, or write one with --write-baseline",
            visible(&name)
        ),
    };
    Baseline::parse(&String::from_utf8_lossy(&bytes))
        .map_err(|error| anyhow!("cannot use the baseline {}: {error}", visible(&name)))
}

fn write_baseline(repository: &Repository, args: &CheckArgs, baseline: &Baseline) -> anyhow::Result<()> {
    let disk = repository.disk().context("a baseline needs the files of a work tree\nleave --at and --sample out")?;
    let path = match &args.baseline {
        Some(path) => path.clone(),
        None => write::place(disk, baseline_name(repository))?,
    };
    let mut bytes = Vec::new();
    baseline.write(&mut bytes)?;
    write::whole(&path, &bytes)
}
