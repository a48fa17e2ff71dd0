//! `signoff status`: where every proposal of a release stands at a checkpoint, and why.

use std::io::Write;
use std::process::ExitCode;

use jiff::{SignedDuration, Timestamp};
use signoff_analysis::signoff::{self, Standing, Verdict};
use signoff_history::When;
use signoff_model::Proposal;
use signoff_model::memo::Memo;
use signoff_output::status::{self, Changes, Status};

use super::standing::{self, Asked, Depth, Known};
use crate::cli::{Global, StatusArgs, StatusFormat};
use crate::progress::Progress;
use crate::repository::Repository;

/// Answers.
pub fn run(global: &Global, args: &StatusArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open_for(global, args.release)?;
    let asked = Asked::of(
        &repository,
        args.release,
        args.checkpoint.as_deref(),
        (&args.exceptions, &args.forge, &args.evidence),
    )?;
    let progress = Progress::start(global, "Reading proposals");
    let memo = Memo::keeping();
    let targets = |proposal: &Proposal| args.all || asked.wants(proposal);
    let known = asked.known(repository.load_chosen(&memo, &targets)?, Depth::default());
    let question = asked.question(&known, repository.instant(), args.all);
    let verdicts = signoff::verdicts(&known.corpus, &question);
    let changes = changes(global, &asked, args, &verdicts, &memo)?;
    drop(progress);
    let status = Status::new(asked.head(&known), &repository.prepared, &verdicts, changes);
    match args.format {
        StatusFormat::Human => status::write_human(&status, crate::look(global), out)?,
        StatusFormat::Json => status::write_json(&status, out)?,
        StatusFormat::Csv => status::write_csv(&status, out)?,
        StatusFormat::Markdown => status::write_markdown(&status, out)?,
    }
    let is_negative = |verdict: &Verdict<'_>| matches!(verdict.standing, Standing::Removed | Standing::AtRisk);
    Ok(if args.fail && verdicts.iter().any(is_negative) { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// What changed since the instant asked for, or the day before; `None` where nobody asked and the history does not
/// reach back.
fn changes(
    global: &Global,
    asked: &Asked<'_>,
    args: &StatusArgs,
    now: &[Verdict<'_>],
    memo: &Memo,
) -> anyhow::Result<Option<Changes>> {
    const DAY: SignedDuration = SignedDuration::from_hours(24);
    let instant = asked.repository.instant();
    let earlier = || -> anyhow::Result<(Known, Timestamp)> {
        let (history, prefix) = asked.repository.history()?;
        let (commit, since) = match &args.since {
            Some(text) => {
                let commit = Repository::commit_named(global, &*history, text)?;
                let since = When::parse(text).instant().unwrap_or(commit.at);
                (commit, since)
            }
            None => {
                let since = instant.checked_sub(DAY).unwrap_or(Timestamp::MIN);
                (history.commit_at(&When::Instant(since))?, since)
            }
        };
        Ok((asked.read_earlier(&*history, &prefix, &commit, since, memo)?, since))
    };
    match earlier() {
        Ok((known, since)) => {
            let question = asked.question(&known, since, args.all);
            let before = signoff::verdicts(&known.corpus, &question);
            Ok(Some(standing::changes(since, &before, now, &asked.repository.prepared)))
        }
        Err(error) if args.since.is_some() => Err(error),
        Err(_) => Ok(None),
    }
}
