//! What reading the events of a whole history costs, and how many there are of each kind.
//!
//! `scripts/bench` prints it beside the commands. Usage: `events REPOSITORY [answers] [all-commits]`.

use std::collections::BTreeMap;

use anyhow::{Context as _, anyhow, bail};
use signoff_analysis::profiles;
use signoff_history::events::{self, Options};
use signoff_history::{Commits, Repository, When};
use signoff_model::profile::Prepared;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((folder, words)) = arguments.split_first() else {
        bail!("usage: events REPOSITORY [answers] [all-commits]")
    };
    let has = |word: &str| words.iter().any(|own| own == word);
    let repository = Repository::open(folder)?;
    let newest = repository.commit_at(&When::Revision("HEAD".to_owned()))?;
    let profile = profiles::recognise(&repository.tree(&newest)?).context("no profile fits")?;
    let profile = profiles::load(profile).map_err(|_| anyhow!("the profile has mistakes"))?;
    let commits = if has("all-commits") { Commits::All } else { Commits::Main };
    let options = Options { commits, answers: has("answers"), ..Options::default() };
    let log = events::read(&repository, &newest, &Prepared::new(profile), &options)?;
    let mut counts: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for event in &log.events {
        counts.entry(event.kind.word()).or_default()[usize::from(event.sweep)] += 1;
    }
    write(&counts, log.unread)
}

#[expect(clippy::print_stdout, reason = "what was read is the proof that it was, and all that this prints")]
fn write(counts: &BTreeMap<&str, [usize; 2]>, unread: usize) -> anyhow::Result<()> {
    for (kind, [single, sweep]) in counts {
        println!("{kind}: {single} and {sweep} in sweeps");
    }
    if counts.is_empty() || unread > 0 { bail!("{unread} files were not read") } else { Ok(()) }
}
