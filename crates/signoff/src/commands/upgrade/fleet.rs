//! Upgrades of clusters that were asked before: each snapshot tells its own version and configuration, a folder of them
//! is a fleet.

use std::io::Write;
use std::process::ExitCode;

use anyhow::bail;
use rayon::prelude::*;
use signoff_analysis::cluster::SetUp;
use signoff_analysis::gates::Gates;
use signoff_analysis::upgrade::{Asked, Change, Level, Question, Report, upgrade};
use signoff_model::Corpus;
use signoff_model::cluster::Snapshot;
use signoff_model::fact::Problem;
use signoff_model::profile::EvidenceRules;
use signoff_output::cluster::{Member, Refusal, write_fleet};
use signoff_output::upgrade::{Fleet, Upgrade, write_human, write_markdown};
use signoff_output::visible;

use crate::cli::{Global, UpgradeArgs, UpgradeFormat};
use crate::evidence::Evidence;

/// What is known beside the clusters.
pub struct Known<'k> {
    /// What the profile says about sources.
    pub rules: &'k EvidenceRules,
    /// The proposals, where there are any.
    pub corpus: Option<&'k Corpus>,
    /// Sources and snapshots.
    pub evidence: &'k Evidence,
}

/// Answers.
pub fn run(global: &Global, args: &UpgradeArgs, known: &Known<'_>, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    if !args.config.is_empty() {
        bail!("a snapshot has the configuration of its cluster\nleave --config or --cluster out");
    }
    let gates = Gates::of(&known.evidence.facts, known.rules);
    let clusters = &known.evidence.clusters;
    let reports: Vec<Report> =
        clusters.par_iter().map(|cluster| of_cluster(args, known, &gates, cluster)).collect::<anyhow::Result<_>>()?;
    let breaks = reports.iter().any(|report| report.of(Level::Breaks).next().is_some());
    let is_open = !known.evidence.unread.is_empty() || reports.iter().any(|report| !report.is_complete());
    let code = if breaks || (args.require_complete && is_open) { ExitCode::from(1) } else { ExitCode::SUCCESS };
    let look = crate::look(global);
    if let [report] = reports.as_slice() {
        let shown = Upgrade::new(report);
        match args.format {
            UpgradeFormat::Human => write_human(&shown, global.verbose, look, out)?,
            UpgradeFormat::Json => shown.write_json(out)?,
            UpgradeFormat::Markdown => write_markdown(&shown, out)?,
        }
        return Ok(code);
    }
    let named: Vec<(&str, &Report)> = clusters.iter().map(|cluster| &*cluster.name).zip(&reports).collect();
    match args.format {
        UpgradeFormat::Json => Fleet::new(&named).write_json(out)?,
        UpgradeFormat::Human | UpgradeFormat::Markdown => {
            let members: Vec<Member> = named.iter().map(|(name, report)| member(name, report)).collect();
            let to = reports.first().map(|report| report.to.release.to_string()).unwrap_or_default();
            write_fleet(&members, &to, look, out)?;
        }
    }
    Ok(code)
}

fn of_cluster(args: &UpgradeArgs, known: &Known<'_>, gates: &Gates<'_>, cluster: &Snapshot) -> anyhow::Result<Report> {
    let set_up = SetUp::of(cluster, known.rules);
    let own = set_up.release.map(|release| Asked { release, has_patch: set_up.has_patch });
    let Some(from) = args.from.or(own) else {
        bail!(
            "the version of the cluster {} is not known: its snapshot does not tell\nname it with --from",
            visible(set_up.name)
        );
    };
    let gaps: Vec<Problem> = set_up
        .gaps
        .iter()
        .map(|message| Problem { path: cluster.name.clone(), line: None, message: message.clone() })
        .collect();
    let question = Question {
        from,
        to: args.to,
        emulation: args.emulate,
        both_ways: args.both_ways,
        allow_unknown: args.allow_unknown,
        configured: &set_up.configured,
        texts: &[],
        unrecognised: &gaps,
        components: &args.component,
    };
    Ok(upgrade(gates, &known.evidence.facts, known.rules, known.corpus, &question)?)
}

fn member(name: &str, report: &Report) -> Member {
    Member {
        name: name.to_owned(),
        version: Some(report.from.release.to_string()),
        refusals: report.of(Level::Breaks).map(refusal).collect(),
        gaps: report.gaps.iter().map(|gap| gap.reason.clone()).collect(),
    }
}

fn refusal(change: &Change) -> Refusal {
    let place = |place: &signoff_model::configured::Place| match place.line {
        Some(line) => format!("{}:{line}", place.path),
        None => place.path.to_string(),
    };
    Refusal {
        component: change.component.clone().unwrap_or_default(),
        instance: change.instance.clone(),
        reason: format!("{} {}", change.subject, change.message),
        places: change.set_in.iter().map(place).collect(),
    }
}
