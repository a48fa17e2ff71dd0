//! `signoff forge pull`: what the forge tells of a release, in one file.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use jiff::{SignedDuration, Timestamp};
use signoff_analysis::cycle;
use signoff_analysis::signoff::{self, linked};
use signoff_evidence::forge::{self, File, SCHEMA, Snapshot};
use signoff_history::When;
use signoff_history::events::{self, Options};
use signoff_model::event::EventKind;
use signoff_model::memo::Memo;
use signoff_model::profile::Predicate;
use signoff_model::proposal::bare_number;
use signoff_model::{Corpus, Proposal, Release};
use signoff_output::visible;

use super::standing::release_of;
use crate::cli::{ForgeCommand, ForgeCommandArgs, ForgePullArgs, Global};
use crate::forge::client::{Client, Clock, Token};
use crate::forge::pull::{Plan, Pull, Wanted};
use crate::progress::Progress;
use crate::repository::{Repository, now};
use crate::{snapshots, write};

/// Where a token is looked for.
const TOKENS: [&str; 2] = ["GITHUB_TOKEN", "GH_TOKEN"];
/// Largest file that a token is read from, in bytes.
const TOKEN_MAX: u64 = 64 * 1024;
/// How long what was interrupted can be gone on with.
const PARTIAL_AGE_MAX: SignedDuration = SignedDuration::from_hours(12);

/// Answers.
pub fn run(global: &Global, args: &ForgeCommandArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    match &args.command {
        ForgeCommand::Pull(args) => pull(global, args, out),
    }
}

fn pull(global: &Global, args: &ForgePullArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open_for(global, args.release)?;
    let prepared = &repository.prepared;
    let rules = &prepared.profile.forge;
    if rules.proposals.is_empty() {
        bail!("the process `{}` names no forge\nits profile would need a `[forge]` table", prepared.profile.id);
    }
    let release = release_of(&repository, args.release)?;
    let since = since(&repository, args, release)?;
    let plan = Plan {
        prepared,
        release,
        wanted: wanted(&repository, release, args.all)?,
        since,
        followed: followed(args, &repository)?,
    };
    let output = output(args, &repository)?;
    let api = args.api.as_deref().unwrap_or(&rules.api);
    let mut client = Client::new(api, token(args)?, Clock::of_machine())?;
    let (file, before) = begun(&output, &scope(&plan, &repository, args), args)?;
    let progress = Progress::start(global, "Asking the forge");
    let partial = partial(&output);
    let mut save = |file: &File| write::whole(&partial, &forge::write(file));
    let pulled = Pull::new(&plan, &mut client, (file, before), &mut save, &|doing| progress.say(doing)).run();
    drop(progress);
    let file = pulled.with_context(|| {
        let partial = visible(&partial.to_string_lossy()).into_owned();
        format!("the pull stopped\nwhat has arrived is in {partial}: run the command again, and it goes on from there")
    })?;
    write::whole(&output, &forge::write(&file))?;
    // A pull without an interruption never wrote it.
    let _ = std::fs::remove_file(&partial);
    tell(&file, &client, &output, out)?;
    Ok(ExitCode::SUCCESS)
}

fn tell(file: &File, client: &Client, output: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    let pulls = file.threads.iter().filter(|thread| thread.pull.is_some()).count();
    let shown = visible(&output.to_string_lossy()).into_owned();
    writeln!(
        out,
        "{shown}: {} issues and {pulls} pull requests as of {}; {} requests, {} of them unchanged",
        file.threads.len() - pulls,
        file.snapshot.pulled_at,
        client.sent,
        client.unchanged
    )?;
    Ok(())
}

/// Pull requests that were closed since then are wanted: by default those of the release's cycle.
fn since(repository: &Repository, args: &ForgePullArgs, release: Release) -> anyhow::Result<Option<Timestamp>> {
    let Some(text) = &args.since else {
        let start = cycle::of(&repository.prepared, release).start;
        return Ok(start.filter(|start| *start <= repository.instant()));
    };
    match When::parse(text) {
        When::Instant(instant) => Ok(Some(instant)),
        When::Date(date) => Ok(Some(date.to_zoned(jiff::tz::TimeZone::UTC)?.timestamp())),
        When::Revision(_) => bail!("`{}` is no date\nname one such as 2026-01-20", visible(text)),
    }
}

/// The issues of proposals: of those that target the release, or of all.
fn wanted(repository: &Repository, release: Release, all: bool) -> anyhow::Result<Vec<Wanted>> {
    let prepared = &repository.prepared;
    let mut corpus = repository.load_chosen(&Memo::default(), &|_| false)?;
    let is_wanted = |proposal: &Proposal| all || signoff::targets(prepared, proposal, release);
    // Without a history nobody knows who approved what, and the rest can be pulled all the same.
    if let Ok(events) = events_of(repository, &corpus, &is_wanted) {
        corpus.events = events.into();
    }
    let rules = &prepared.profile.signoff.rule;
    let statuses = rules.iter().filter(|rule| rule.predicate == Some(Predicate::ApproversApproved));
    let statuses: Vec<&String> = statuses.flat_map(|rule| &rule.statuses).collect();
    let commit = |proposal: &Proposal| {
        let own = || corpus.events.iter().filter(|event| event.proposal == proposal.path);
        let brings = own().rfind(|event| {
            event.kind == EventKind::Status && event.to.as_ref().is_some_and(|to| statuses.contains(&to))
        });
        let born = || own().find(|event| event.kind == EventKind::Created);
        brings.or_else(born).map(|event| event.commit.to_string())
    };
    let wanted = corpus.all().filter(|proposal| is_wanted(proposal)).filter_map(|proposal| {
        let number = bare_number(proposal.label()).parse().ok().filter(|number| *number > 0)?;
        let stage = proposal.stage(prepared).map(str::to_owned);
        Some(Wanted { number, stage, commit: commit(proposal).filter(|_| !statuses.is_empty()) })
    });
    Ok(wanted.collect())
}

fn events_of(
    repository: &Repository,
    corpus: &Corpus,
    is_wanted: &dyn Fn(&Proposal) -> bool,
) -> anyhow::Result<Vec<signoff_model::event::Event>> {
    let (history, prefix) = repository.history()?;
    let newest = repository.newest(&*history)?;
    let paths: std::collections::BTreeSet<&str> =
        corpus.all().filter(|proposal| is_wanted(proposal)).map(|proposal| &*proposal.path).collect();
    let only = |path: &str| paths.contains(path);
    let options = Options { prefix: &prefix, only: Some(&only), ..Options::default() };
    Ok(events::read(&*history, &newest, &repository.prepared, &options)?.events)
}

/// The repositories whose pull requests are followed.
fn followed(args: &ForgePullArgs, repository: &Repository) -> anyhow::Result<Vec<String>> {
    if let Some(wrong) = args.repository.iter().find(|name| !linked::is_repository(name)) {
        bail!("`{}` is no name of a repository\nname one such as kubernetes/website", visible(wrong));
    }
    let rules = &repository.prepared.profile.forge;
    Ok(if args.repository.is_empty() {
        rules.code.iter().chain(&rules.docs).cloned().collect()
    } else {
        args.repository.clone()
    })
}

/// What was asked for, as words.
fn scope(plan: &Plan<'_>, repository: &Repository, args: &ForgePullArgs) -> String {
    let profile = &repository.prepared.profile;
    let since = plan.since.map_or_else(|| "now".to_owned(), |since| since.to_string());
    let which = if args.all { "all proposals, " } else { "" };
    let release = profile.release.spelt(plan.release);
    format!("{}: {which}{release}, since {since}, with {}", profile.forge.proposals, plan.followed.join(" "))
}

fn output(args: &ForgePullArgs, repository: &Repository) -> anyhow::Result<PathBuf> {
    if let Some(output) = &args.output {
        return Ok(output.clone());
    }
    let of_root = || repository.root().map(|root| root.join(snapshots::FILE));
    repository.forge_file().or_else(of_root).context("where to write is not known\nname a file with --output")
}

/// Where a file is while it is not whole.
fn partial(output: &Path) -> PathBuf {
    let mut name = output.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    output.with_file_name(name)
}

/// What there is to go on from, and what there was at the last pull.
fn begun(output: &Path, scope: &str, args: &ForgePullArgs) -> anyhow::Result<(File, Option<File>)> {
    let now = now()?;
    let read = |path: &Path| -> anyhow::Result<Option<File>> {
        if !path.exists() {
            return Ok(None);
        }
        let shown = visible(&path.to_string_lossy()).into_owned();
        let file = forge::parse(&snapshots::bytes(path)?);
        Ok(Some(file.with_context(|| {
            format!("{shown} is there and is no snapshot of a forge\nname another file with --output")
        })?))
    };
    let before = read(output)?;
    let is_meant = |file: &File| {
        let age = now.duration_since(file.snapshot.pulled_at);
        file.snapshot.scope == scope && !age.is_negative() && age < PARTIAL_AGE_MAX
    };
    // What is broken is begun anew: nothing but time is lost.
    let partial = read(&partial(output)).unwrap_or_default().filter(|file| is_meant(file) && !args.anew);
    let anew = || File {
        snapshot: Snapshot { schema: SCHEMA.to_owned(), pulled_at: now, complete: false, scope: scope.to_owned() },
        repositories: Vec::new(),
        threads: Vec::new(),
    };
    Ok((partial.unwrap_or_else(anew), before.filter(|_| !args.anew)))
}

/// The token of the file that is named, else of the environment. It is told to nobody but the forge.
fn token(args: &ForgePullArgs) -> anyhow::Result<Option<Token>> {
    use std::io::Read as _;
    if let Some(path) = &args.token_file {
        let shown = visible(&path.to_string_lossy()).into_owned();
        let mut text = String::new();
        let file = std::fs::File::open(path).with_context(|| format!("cannot read the token of {shown}"))?;
        file.take(TOKEN_MAX).read_to_string(&mut text).with_context(|| format!("cannot read the token of {shown}"))?;
        let token = Token::parse(&text).with_context(|| format!("{shown} holds no token"))?;
        return Ok(Some(token.with_context(|| format!("{shown} is empty\nit should hold a token"))?));
    }
    let set = TOKENS.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()));
    set.map_or(Ok(None), |text| Token::parse(&text))
}
