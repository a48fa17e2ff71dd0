//! `signoff audit`: what proposals claim, against what code, documentation and clusters say.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::ExitCode;

use signoff_analysis::claims::{self, ClaimVerdict, Known, Verdict};
use signoff_model::{Edit, Proposal};
use signoff_output::audit::{Audit, Shown, write_human, write_markdown, write_sarif};
use signoff_output::patch;

use super::show::named;
use crate::cli::{AuditArgs, AuditFormat, Global};
use crate::evidence;
use crate::repository::{Repository, Selection};

/// Answers.
pub fn run(global: &Global, args: &AuditArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open(global)?;
    let evidence = evidence::read(&args.evidence, &repository)?;
    let facts = &evidence.facts;
    let corpus = repository.load(&Selection::default());
    Repository::refuse_cut(&corpus)?;
    let paths: Option<BTreeSet<String>> = match &args.id {
        Some(id) => Some(BTreeSet::from([named(&repository, &corpus, id)?.path.to_string()])),
        None => None,
    };
    let is_asked = |proposal: &Proposal| paths.as_ref().is_none_or(|paths| paths.contains(&*proposal.path));
    let known = Known::of(facts, &repository.prepared.profile.evidence);
    let mut judged = claims::audit(&corpus, &known, is_asked);
    if !args.claim.is_empty() {
        judged.retain(|claim| args.claim.iter().any(|word| word == claim.claim.word()));
    }
    if args.docs_patch {
        for page in claims::page_edits(&known, &|path| evidence.page(path)) {
            patch::write(&page.path, Some(&page.text), &page.edits, out)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    if args.fix {
        write_fixes(&judged, out)?;
        return Ok(ExitCode::SUCCESS);
    }
    let unclaimed = if paths.is_none() { claims::unclaimed(&corpus, &known) } else { Vec::new() };
    let audit = Audit::new(corpus.commit.as_deref(), facts, &judged, &unclaimed);
    let shown = shown(args);
    match args.format {
        AuditFormat::Human => write_human(&audit, &shown, crate::look(global), out)?,
        AuditFormat::Json => audit.write_json(out)?,
        AuditFormat::Csv => audit.write_csv(out)?,
        AuditFormat::Sarif => write_sarif(&audit, out)?,
        AuditFormat::Markdown => write_markdown(&audit, &shown, out)?,
    }
    let fails = args.fail && audit.has_drift();
    Ok(if fails { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Of one proposal everything is shown, of all only what is wrong.
fn shown(args: &AuditArgs) -> Shown {
    let all = [Verdict::Agree, Verdict::Drift, Verdict::Soft, Verdict::Future, Verdict::Unknown];
    let usual: &[Verdict] = if args.id.is_some() { &all } else { &[Verdict::Drift, Verdict::Soft] };
    let verdicts = match args.verdict.is_empty() {
        true => usual.iter().map(|verdict| verdict.word()).collect(),
        false => {
            let asked = |verdict: &Verdict| args.verdict.iter().any(|word| word == verdict.word());
            all.iter().filter(|verdict| asked(verdict)).map(|verdict| verdict.word()).collect()
        }
    };
    Shown { verdicts, unclaimed: args.unclaimed }
}

/// The changes of the metadata that are certain, as a patch.
fn write_fixes(judged: &[ClaimVerdict<'_>], out: &mut dyn Write) -> anyhow::Result<()> {
    let mut rest = judged;
    while let Some(first) = rest.first() {
        let count = rest.iter().take_while(|claim| std::ptr::eq(claim.proposal, first.proposal)).count();
        let (of_one, others) = rest.split_at(count);
        let fixes = of_one.iter().filter_map(|claim| claim.fix.as_ref());
        let edits: Vec<Edit> = fixes.map(|fix| Edit::new(fix.span, &*fix.replacement)).collect();
        let source = &first.proposal.source;
        patch::write(&source.path, Some(&source.text), &edits, out)?;
        rest = others;
    }
    Ok(())
}
