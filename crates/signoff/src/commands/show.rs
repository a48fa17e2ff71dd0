//! `signoff show`: what a proposal says, and what is wrong with it.

use std::borrow::Cow;
use std::io::Write;
use std::process::ExitCode;

use anyhow::bail;
use signoff_analysis::claims::{self, Known};
use signoff_analysis::rules;
use signoff_model::spelling::nearest;
use signoff_model::{Corpus, Finding, Proposal};
use signoff_output::{proposal, visible};

use crate::cli::{Global, PlainFormat, ShowArgs};
use crate::progress::Progress;
use crate::repository::{Repository, Selection};
use crate::{evidence, paths};

/// Shows one proposal, or all.
pub fn run(global: &Global, args: &ShowArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open(global)?;
    let progress = Progress::start(global, "Reading proposals");
    let Some(id) = &args.id else {
        let corpus = repository.load(&Selection::default());
        Repository::refuse_cut(&corpus)?;
        let all: Vec<&Proposal> = corpus.all().collect();
        drop(progress);
        match args.format {
            PlainFormat::Json => proposal::write_all_json(&corpus, &all, out)?,
            PlainFormat::Human => pages(&repository, &corpus, &all, global, out)?,
        }
        return Ok(ExitCode::SUCCESS);
    };
    let names = repository.load(&Selection { metadata_only: true, ..Selection::default() });
    Repository::refuse_cut(&names)?;
    let path = [named(&repository, &names, id)?.path.to_string()];
    let corpus = repository.load(&Selection { paths: Some(&path), ..Selection::default() });
    let found = one(&corpus, &path[0])?;
    drop(progress);
    match args.format {
        PlainFormat::Json => proposal::write_json(&corpus, found, out)?,
        PlainFormat::Human => {
            pages(&repository, &corpus, &[found], global, out)?;
            let evidence = evidence::read(&args.evidence, &repository)?;
            let known = Known::of(&evidence.facts, &repository.prepared.profile.evidence);
            let claims = claims::audit_one(&corpus, found, &known, &names);
            proposal::page::write_claims(&claims, crate::look(global), out)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The one proposal that an id of the command line names; a path may be one from the current folder.
pub fn named<'a>(repository: &Repository, corpus: &'a Corpus, id: &str) -> anyhow::Result<&'a Proposal> {
    let path = (id.contains(['/', '\\']) || id.starts_with('.')).then(|| paths::inside(repository, id).ok()).flatten();
    match path {
        Some(path) if !corpus.find(&path).is_empty() => one(corpus, &path),
        _ => one(corpus, id),
    }
}

/// The one proposal that an id names.
pub fn one<'a>(corpus: &'a Corpus, id: &str) -> anyhow::Result<&'a Proposal> {
    match corpus.find(id).as_slice() {
        [found] => Ok(found),
        [] => bail!("there is no proposal `{}`\n{}", visible(id), how_to_name(corpus, id)),
        several => {
            let paths: Vec<Cow<'_, str>> = several.iter().map(|proposal| visible(&proposal.path)).collect();
            bail!("{} proposals are `{}`; name one by path\n  {}", several.len(), visible(id), paths.join("\n  "))
        }
    }
}

/// What may be meant by an id that is none.
fn how_to_name(corpus: &Corpus, id: &str) -> String {
    let names = corpus.proposals.iter().flat_map(|proposal| [proposal.label(), &*proposal.name, &*proposal.path]);
    match nearest(id.trim(), names.filter(|name| name.len() > 2)) {
        Some(near) => format!("did you mean {}?", visible(&near)),
        None => "name it by number, by the name of its folder, or by path; `signoff list` shows them".to_owned(),
    }
}

fn pages(
    repository: &Repository,
    corpus: &Corpus,
    proposals: &[&Proposal],
    global: &Global,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let checked = rules::check(corpus, &repository.configuration);
    for (index, found) in proposals.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        let about: Vec<&Finding> = checked.findings.iter().filter(|finding| found.owns_file(&finding.path)).collect();
        proposal::page::write(corpus, found, &about, crate::look(global), out)?;
    }
    Ok(())
}
