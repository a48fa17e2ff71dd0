//! `signoff todo`: what is left to do so that a proposal meets the checkpoints of a release.

use std::io::Write;
use std::process::ExitCode;

use anyhow::bail;
use signoff_analysis::claims::Known;
use signoff_analysis::signoff::Beside;
use signoff_analysis::signoff::todo::{self, Goal, Wish};
use signoff_model::memo::Memo;
use signoff_model::spelling::nearest;
use signoff_model::{ChangeSet, Proposal, Release};
use signoff_output::{patch, todo as output, visible};

use super::show::{named, one};
use crate::cli::{Global, PlainFormat, TodoArgs};
use crate::evidence;
use crate::repository::Repository;

/// Answers.
pub fn run(global: &Global, args: &TodoArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open_for(global, args.release)?;
    let prepared = &repository.prepared;
    if prepared.profile.signoff.rule.is_empty() {
        bail!("the process `{}` has no checkpoints\nits profile would need a `[signoff]` table", prepared.profile.id);
    }
    let memo = Memo::default();
    let mut corpus = repository.load_chosen(&memo, &|_| false)?;
    let path = named(&repository, &corpus, &args.id)?.path.to_string();
    repository.add_prose(&mut corpus, &memo, &path);
    let goal = goal(&repository, one(&corpus, &path)?, args)?;
    let waivers = repository.waivers();
    let instant = repository.instant();
    let pulled = repository.pulled(&args.forge)?;
    // What made it what it is, its events tell.
    if pulled.forge.is_some()
        && let Ok(events) = super::checklist::happened(&repository, &path)
    {
        corpus.events = events.into();
    }
    let proposal = one(&corpus, &path)?;
    let forge = pulled.view(&repository, instant, None);
    let evidence = evidence::read_given(&args.evidence, &repository)?;
    let sources = evidence.as_ref().map(|evidence| Known::of(&evidence.facts, &prepared.profile.evidence));
    let beside = Beside { forge, sources: sources.as_ref() };
    let wish = Wish { goal: &goal, instant, waivers, approver: args.approver.as_deref(), beside };
    let list = todo::todo(&corpus, proposal, &wish);
    if args.patch {
        write_patch(global, proposal, &list.changes, out)?;
        return Ok(ExitCode::SUCCESS);
    }
    let notes =
        prepared.undated.map(|undated| undated.to_string()).into_iter().chain(pulled.notes(&repository)).collect();
    let list = output::Todo::new(output::Head { corpus: &corpus, proposal, goal: &goal, instant, notes }, &list);
    match args.format {
        PlainFormat::Human => output::write(&list, &jiff::tz::TimeZone::system(), crate::look(global), out)?,
        PlainFormat::Json => output::write_json(&list, out)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn goal(repository: &Repository, proposal: &Proposal, args: &TodoArgs) -> anyhow::Result<Goal> {
    let prepared = &repository.prepared;
    let named = repository.checkpoint.as_ref().map(|named| named.release);
    let release: Option<Release> = args.release.or(named);
    let stage = args.stage.as_deref().map(|text| {
        let stages = &prepared.profile.stage;
        let found = prepared.profile.stage(text).or_else(|| {
            stages.iter().find(|stage| {
                stage.name.eq_ignore_ascii_case(text)
                    || stage.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(text))
            })
        });
        let Some(stage) = found else {
            let names: Vec<&str> = stages.iter().map(|stage| stage.name.as_str()).collect();
            let hint = match nearest(text, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`? There are {}", names.join(", ")),
                None => format!("there are {}", names.join(", ")),
            };
            bail!("there is no stage `{}`\n{hint}", visible(text));
        };
        Ok(stage.name.as_str())
    });
    let stage = stage.transpose()?;
    match (todo::goal(prepared, proposal, release, stage, repository.instant()), prepared.undated) {
        (Some(goal), _) => Ok(goal),
        (None, Some(undated)) => bail!("{undated}\nname the release with --release, or its dates in signoff.toml"),
        (None, None) => bail!("which release is meant is not known\nname it with --release"),
    }
}

fn write_patch(global: &Global, proposal: &Proposal, changes: &ChangeSet, out: &mut dyn Write) -> anyhow::Result<()> {
    let prose = proposal.prose.as_ref().map(|prose| &prose.source);
    let records = proposal.records.iter().filter_map(|record| Some(&record.content.as_ref().ok()?.source));
    let sources: Vec<_> = std::iter::once(&proposal.source).chain(prose).chain(records).collect();
    for (path, edits) in &changes.files {
        let source = sources.iter().find(|source| *source.path == **path);
        patch::write(path, source.map(|source| source.text.as_str()), edits, out)?;
    }
    if changes.is_empty() && !global.quiet {
        crate::note(
            global,
            "nothing of what is left to do can be written; `signoff todo` without --patch says what is",
        );
    }
    Ok(())
}
