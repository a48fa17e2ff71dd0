//! What many dates of one history cost in one process: on each the metadata of every proposal, the prose of those whose
//! latest milestone is a release, and where each of these stands at a checkpoint.
//!
//! `scripts/bench` prints it beside the commands. Usage: `replay REPOSITORY FIRST-DAY DAYS RELEASE`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Context as _, anyhow, bail};
use jiff::ToSpan as _;
use signoff_analysis::profiles;
use signoff_analysis::signoff::{self, Question, Standing};
use signoff_history::{Repository, When};
use signoff_model::corpus::{self, Request};
use signoff_model::memo::Memo;
use signoff_model::profile::{Basis, Prepared};
use signoff_model::{Proposal, Release};

/// The checkpoint that is asked about.
const CHECKPOINT: &str = "enhancements-freeze";

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, first, days, release] = arguments.as_slice() else {
        bail!("usage: replay REPOSITORY FIRST-DAY DAYS RELEASE")
    };
    let release = Release::parse(release).context("the release is none")?;
    let first: jiff::civil::Date = first.parse()?;
    let repository = Repository::open(folder)?;
    let profile = profiles::recognise(&repository.tree(&repository.commit_at(&When::Date(first))?)?);
    let profile =
        profiles::load(profile.context("no profile fits")?).map_err(|_| anyhow!("the profile has mistakes"))?;
    let prepared = Arc::new(Prepared::new(profile));
    let memo = Memo::keeping();
    for day in 0..days.parse()? {
        let commit = repository.commit_at(&When::Date(first.checked_add(day.days())?))?;
        let tree = repository.tree(&commit)?;
        let request = Request { prepared: Arc::clone(&prepared), paths: None, prose: false, as_of: commit.at };
        let mut corpus = corpus::load(&tree, &request, &memo);
        let targets = |proposal: &Proposal| proposal.latest_milestone(&prepared).is_some_and(|own| own == release);
        corpus::read_prose(&tree, &mut corpus, &memo, targets);
        let question = Question {
            release,
            checkpoint: CHECKPOINT,
            deadline: prepared.calendar(release).and_then(|calendar| calendar.at(CHECKPOINT)).map(|dated| dated.at),
            hard: true,
            requests_until: None,
            covered_by: &[],
            instant: commit.at,
            bases: BTreeSet::from([Basis::Git]),
            exceptions: &[],
            waivers: &[],
            pulls: &[],
            approved: &BTreeMap::new(),
            forge: None,
            facts: None,
            all: false,
        };
        let verdicts = signoff::verdicts(&corpus, &question);
        let tracked = verdicts.iter().filter(|verdict| verdict.standing == Standing::Tracked).count();
        write(&commit.id, corpus.proposals.len(), (verdicts.len(), tracked));
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "what was read is the proof that it was, and all that this prints")]
fn write(commit: &str, proposals: usize, (targeting, tracked): (usize, usize)) {
    println!("{commit}: {proposals} proposals, {targeting} target the release, {tracked} are on track");
}
