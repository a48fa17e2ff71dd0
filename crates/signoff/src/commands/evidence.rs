//! `signoff evidence`: what the audits stand on, as packs.

mod fetch;

use std::io::Write;
use std::process::ExitCode;

use anyhow::bail;
use signoff_evidence::pack;
use signoff_model::fact::{FactSource, Facts};
use signoff_output::visible;

use crate::cli::{EvidenceCommand, EvidenceCommandArgs, EvidencePackArgs, Global};
use crate::repository::Repository;
use crate::{evidence, write};

/// Answers.
pub fn run(global: &Global, args: &EvidenceCommandArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    match &args.command {
        EvidenceCommand::Pack(args) => make_pack(global, args, out),
        EvidenceCommand::Fetch(args) => fetch::run(global, args, out),
    }
}

/// Reads sources, and writes what they say into one file.
fn make_pack(global: &Global, args: &EvidencePackArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    if args.evidence.code.is_empty() && args.evidence.docs.is_empty() {
        bail!("nothing is named that could be packed\nname it: --code 1.36.2=DIR, --docs DIR");
    }
    let repository = Repository::open(global)?;
    let rules = &repository.prepared.profile.evidence;
    let read = evidence::gathered(&args.evidence.code, &args.evidence.docs, rules)?.facts;
    let is_kept =
        |source: &FactSource| !source.facts.is_empty() && !args.without.iter().any(|kind| kind == source.kind.word());
    let facts = Facts { sources: read.sources.into_iter().filter(is_kept).collect() };
    if facts.sources.is_empty() {
        bail!(
            "no source was found in what was named\nthe profile `{}` says which files it looks for",
            repository.prepared.profile.id
        );
    }
    let bytes = pack::write(&facts);
    write::whole(&args.output, &bytes)?;
    say_sources(&facts, out)?;
    writeln!(out, "{}  {} bytes", visible(&args.output.to_string_lossy()), bytes.len())?;
    Ok(ExitCode::SUCCESS)
}

/// Says what each source has, and what of it could not be read.
fn say_sources(facts: &Facts, out: &mut dyn Write) -> anyhow::Result<()> {
    for source in &facts.sources {
        let name = format!("{} {} {}", source.name, source.version, source.kind.word());
        writeln!(out, "{}  {} entries", visible(&name), source.facts.len())?;
        for problem in &source.problems {
            let line = problem.line.map(|line| format!(":{line}")).unwrap_or_default();
            writeln!(out, "  not read  {}{line}: {}", visible(&problem.path), visible(&problem.message))?;
        }
    }
    Ok(())
}
