//! Live clusters: [`read`] asks one for all that tells which gates are on.
//!
//! Only GET requests are ever sent. Each has a bound of time and size, and what fails is written down while the others
//! go on. No word of a kubeconfig, of a plugin or of an error that may quote either is printed or kept.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use signoff_model::cluster::{Outcome, Snapshot};

mod ask;
mod connect;
mod questions;
mod rights;

/// Which cluster is asked, and for how long.
pub struct Target<'a> {
    /// The kubeconfig; `None` for the usual one.
    pub kubeconfig: Option<&'a Path>,
    /// The context; `None` for the current one.
    pub context: Option<&'a str>,
    /// How long one answer may take.
    pub timeout: Duration,
}

/// Asks a cluster.
///
/// # Errors
/// When the kubeconfig cannot be used, or the cluster answers nothing.
pub fn read(target: &Target<'_>, at: Timestamp) -> anyhow::Result<Snapshot> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("no thread can be had that waits for the cluster")?;
    let snapshot = runtime.block_on(async {
        let connection = connect::connect(target).await?;
        Ok::<_, anyhow::Error>(questions::ask_all(&connection, at).await)
    })?;
    // A name that is being looked up may take longer than anybody wants to wait.
    runtime.shutdown_background();
    let is_answer = |outcome: &Outcome| !matches!(outcome, Outcome::Failed(_));
    if !snapshot.readings.iter().any(|reading| is_answer(&reading.outcome)) {
        let why = snapshot.readings.first().map(|reading| reading.outcome.detail()).unwrap_or_default();
        bail!(
            "the cluster `{}` tells nothing: {why}\n`kubectl --context {} version` tells more",
            snapshot.name,
            snapshot.name
        );
    }
    Ok(snapshot)
}
