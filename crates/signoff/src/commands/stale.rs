//! `signoff stale`: proposals that are left alone, why, and what to do about each.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::ExitCode;

use anyhow::bail;
use signoff_analysis::claims::Known;
use signoff_analysis::stale;
use signoff_model::profile::Meaning;
use signoff_model::spelling::nearest;
use signoff_output::stale::Stale;
use signoff_output::visible;

use super::told::{self, Told};
use crate::cli::{Global, ListFormat, StaleArgs};
use crate::evidence;
use crate::repository::Repository;

/// Answers.
pub fn run(global: &Global, args: &StaleArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open(global)?;
    let told = told::read(global, &repository)?;
    refuse_unknown_group(&told, args)?;
    let mut found = stale::stale(&told.corpus, Some(&told.touches));
    if let Some(evidence) = evidence::read_given(&args.evidence, &repository)? {
        let known = Known::of(&evidence.facts, &repository.prepared.profile.evidence);
        found = stale::by_code(&told.corpus, &known, found);
    }
    found.retain(|stale| {
        let group = stale.proposal.text(&told.corpus.prepared, Meaning::Group);
        let of_kind = args.kind.is_empty() || args.kind.iter().any(|kind| kind.is(stale.kind));
        of_kind && (args.group.is_empty() || args.group.iter().any(|wanted| group == Some(wanted)))
    });
    if args.kind.is_empty() {
        keep_worst(&mut found);
    }
    let stale = Stale::new(&told.corpus, &found, told.standpoint);
    match args.format {
        ListFormat::Human => stale.write_human(crate::look(global), out)?,
        ListFormat::Json => stale.write_json(out)?,
        ListFormat::Csv => stale.write_csv(out)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Keeps each proposal once, under its worst kind.
fn keep_worst(found: &mut Vec<stale::Stale<'_>>) {
    let mut seen = BTreeSet::new();
    found.retain(|stale| seen.insert(stale.proposal.path.clone()));
}

/// A group that no proposal has is most likely misspelt, and must not look like one without a worry.
fn refuse_unknown_group(told: &Told, args: &StaleArgs) -> anyhow::Result<()> {
    let prepared = &told.corpus.prepared;
    let mut groups: Vec<&str> =
        told.corpus.proposals.iter().filter_map(|proposal| proposal.text(prepared, Meaning::Group)).collect();
    groups.extend(prepared.profile.groups.known.iter().map(String::as_str));
    for wanted in &args.group {
        if !groups.contains(&wanted.as_str()) {
            let hint = nearest(wanted, groups.iter().copied());
            let hint = hint.map_or_else(
                || "`signoff query --group-by group --count` shows them".to_owned(),
                |near| format!("did you mean `{}`?", visible(&near)),
            );
            bail!("there is no group `{}`\n{hint}", visible(wanted));
        }
    }
    Ok(())
}
