//! `signoff cluster`: what is on in a cluster, or in each of a fleet.

use std::io::Write;
use std::process::ExitCode;

use signoff_analysis::claims::Known;
use signoff_analysis::cluster::Matrix;
use signoff_model::cluster::Snapshot;
use signoff_output::cluster::{Clusters, Shown, write_human};

use crate::cli::{ClusterArgs, Global, ListFormat};
use crate::repository::{Repository, Selection};
use crate::{evidence, fleet};

/// Answers.
pub fn run(global: &Global, args: &ClusterArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let repository = Repository::open(global)?;
    let evidence = evidence::read(&args.evidence, &repository)?;
    evidence.note_unread(global);
    let live = match args.evidence.cluster.is_empty() {
        true => vec![ask(global, args)?],
        false => Vec::new(),
    };
    if let (Some(path), Some(snapshot)) = (&args.snapshot, live.first()) {
        fleet::write(snapshot, path)?;
    }
    let corpus = repository.load(&Selection::default());
    Repository::refuse_cut(&corpus)?;
    let known = Known::of(&evidence.facts, &corpus.prepared.profile.evidence);
    let rules = &corpus.prepared.profile.evidence;
    let clusters = live.iter().chain(&evidence.clusters);
    let matrices: Vec<Matrix<'_>> =
        clusters.map(|snapshot| Matrix::of(snapshot, &known.gates, rules, &args.gate)).collect();
    let output = Clusters::new(&matrices, &corpus, &known.metrics, crate::repository::now()?);
    let shown = Shown { is_asked: !args.gate.is_empty(), all: args.all };
    match args.format {
        ListFormat::Human => write_human(&output, shown, crate::look(global), out)?,
        ListFormat::Json => output.write_json(out)?,
        ListFormat::Csv => output.write_csv(out)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Asks the cluster of the kubeconfig.
#[cfg(feature = "cluster")]
fn ask(global: &Global, args: &ClusterArgs) -> anyhow::Result<Snapshot> {
    let target = crate::cluster::Target {
        kubeconfig: args.kubeconfig.as_deref(),
        context: args.context.as_deref(),
        timeout: std::time::Duration::from_secs(args.timeout),
    };
    let progress = crate::progress::Progress::start(global, "Asking the cluster");
    let snapshot = crate::cluster::read(&target, crate::repository::now()?)?;
    drop(progress);
    Ok(snapshot)
}

/// This build has no client.
#[cfg(not(feature = "cluster"))]
fn ask(_: &Global, _: &ClusterArgs) -> anyhow::Result<Snapshot> {
    anyhow::bail!("this build asks no clusters\nname a saved state: --cluster SNAPSHOT")
}
