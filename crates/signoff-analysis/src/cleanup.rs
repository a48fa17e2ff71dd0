//! What is tidied up when a release is out.
//!
//! Start at [`cleanup`]: what became stable and does not say that it is done gets an edit; what slipped is its owners'
//! decision and gets a suggestion; the forge gets command lines, which are the profile's (`[cleanup]`) and are never
//! run here.

use signoff_model::forge::{Replayed, State};
use signoff_model::profile::{CleanupCase, CleanupCommand, CleanupNeed, Meaning, Prepared, StatusClass};
use signoff_model::{ChangeSet, Corpus, Edit, Proposal, Release};

use crate::course;
use crate::cycle::{self, Cycle};
use crate::delivery::{self, Delivery, Known, Moment, Slip};
use crate::signoff::ForgeView;

/// What is to be done.
pub struct Cleanup<'c> {
    /// What reached the last stage with the release, and does not say that it is done.
    pub finished: Vec<Finished<'c>>,
    /// What was planned and went elsewhere.
    pub slipped: Vec<Slip<'c>>,
    /// What was planned and says neither that the release brought it nor that another one will.
    pub undecided: Vec<Undecided<'c>>,
    /// What is asked of the owners of those that are undecided.
    pub suggestion: String,
    /// Command lines for the forge, in the order of the profile, then by path.
    pub commands: Vec<CommandLine<'c>>,
    /// Proposals for which no command can be written, since their number is none.
    pub unnumbered: Vec<&'c Proposal>,
    /// Proposals that name a later release already: what the forge says of them is about that one.
    pub moved_on: Vec<&'c Proposal>,
    /// The edits.
    pub changes: ChangeSet,
}

/// A proposal that is done.
pub struct Finished<'c> {
    /// The proposal.
    pub proposal: &'c Proposal,
    /// The stage.
    pub stage: &'c str,
    /// Its status.
    pub status: &'c str,
    /// The status that it should have.
    pub to: &'c str,
    /// The edit; `None` where the status is not written as a plain value.
    pub edit: Option<Edit>,
}

/// A proposal of which it is open where it goes.
pub struct Undecided<'c> {
    /// The proposal.
    pub proposal: &'c Proposal,
    /// Why the release did not bring it, as far as the metadata tells.
    pub remark: &'static str,
}

/// A command line and what it is for.
pub struct CommandLine<'c> {
    /// Its name in the profile.
    pub id: &'c str,
    /// Why it is run.
    pub why: &'c str,
    /// The proposal.
    pub proposal: &'c Proposal,
    /// The line.
    pub line: String,
}

/// Finds what is to be tidied up behind a release.
#[must_use]
pub fn cleanup<'c>(corpus: &'c Corpus, cycle: &Cycle) -> Cleanup<'c> {
    let prepared: &'c Prepared = &corpus.prepared;
    let rows = delivery::shipped(corpus, cycle);
    let slipped = delivery::slipped(corpus, cycle, Moment::Settled).map_or_else(Vec::new, |found| found.slips);
    let finished: Vec<Finished<'c>> = rows.iter().filter_map(|row| finished(prepared, row)).collect();
    let mut changes = ChangeSet::default();
    for found in &finished {
        if let Some(edit) = &found.edit {
            changes.add(&found.proposal.metadata_path, std::slice::from_ref(edit));
        }
    }
    let of = |is: &dyn Fn(&Delivery<'c>) -> bool| proposals(rows.iter().filter(|row| is(row)));
    let moved_on = |row: &Delivery<'c>| row.now.latest().is_some_and(|latest| latest > cycle.release);
    let cases = Cases {
        targeted: of(&|row| !moved_on(row)),
        finished: of(&|row| !moved_on(row) && is_finished(prepared, row)),
    };
    let has_slipped = |row: &Delivery<'c>| slipped.iter().any(|slip| slip.course.path == row.course.path);
    let undecided = |row: &Delivery<'c>| {
        let open = row.planned == Known::Yes && row.claimed == Known::No && !has_slipped(row) && !moved_on(row);
        Some(Undecided { proposal: row.course.proposal.filter(|_| open)?, remark: row.remark? })
    };
    let next =
        next(prepared, cycle.release).map_or_else(|| "the next release".to_owned(), |next| spelt(prepared, next));
    Cleanup {
        commands: commands(prepared, &cases, cycle.release),
        suggestion: prepared.profile.cleanup.undecided.replace("{next}", &next),
        undecided: rows.iter().filter_map(undecided).collect(),
        unnumbered: cases.targeted.iter().copied().filter(|proposal| number(proposal).is_none()).collect(),
        moved_on: of(&moved_on),
        finished,
        slipped,
        changes,
    }
}

/// The proposals of each case, by path.
struct Cases<'c> {
    targeted: Vec<&'c Proposal>,
    finished: Vec<&'c Proposal>,
}

/// The proposals of rows, which are in the order of paths.
fn proposals<'r, 'c: 'r>(rows: impl Iterator<Item = &'r Delivery<'c>>) -> Vec<&'c Proposal> {
    let mut found: Vec<&Proposal> = rows.filter_map(|row| row.course.proposal).collect();
    found.dedup_by(|left, right| left.path == right.path);
    found
}

/// Whether the release brought the last stage, by what the proposal claims.
fn is_finished(prepared: &Prepared, row: &Delivery<'_>) -> bool {
    row.claimed == Known::Yes && row.stage.is_some_and(|stage| course::is_last(prepared, stage))
}

fn finished<'c>(prepared: &'c Prepared, row: &Delivery<'c>) -> Option<Finished<'c>> {
    let (proposal, stage) = (row.course.proposal?, row.stage?);
    if !is_finished(prepared, row) || row.now.stage != Some(stage) || row.now.class(prepared) != StatusClass::Accepted {
        return None;
    }
    let done = prepared.profile.status.iter().find(|status| status.class == StatusClass::Done)?;
    let pair = proposal.meant(prepared, Meaning::Status)?;
    let status = pair.node.text()?.trim();
    // In quotes or folded, more than the word would have to be replaced.
    let plain = proposal.source.slice(pair.node.span) == status;
    let edit = plain.then(|| Edit::new(pair.node.span, &*done.name));
    Some(Finished { proposal, stage, status, to: &done.name, edit })
}

fn commands<'c>(prepared: &'c Prepared, cases: &Cases<'c>, release: Release) -> Vec<CommandLine<'c>> {
    let mut found = Vec::new();
    for command in &prepared.profile.cleanup.command {
        let meant = match command.when {
            CleanupCase::Targeted => &cases.targeted,
            CleanupCase::Finished => &cases.finished,
        };
        for proposal in meant {
            let Some(number) = number(proposal) else { continue };
            let stage = proposal.stage(prepared).filter(|stage| prepared.profile.stage(stage).is_some());
            let line = command.run.replace("{number}", number).replace("{release}", &spelt(prepared, release));
            let line = line.replace("{stage}", stage.unwrap_or_default());
            found.push(CommandLine { id: &command.id, why: &command.why, proposal, line });
        }
    }
    found
}

impl Cleanup<'_> {
    /// Leaves out the commands that are not needed any more, as far as the forge tells.
    pub fn keep_needed(&mut self, prepared: &Prepared, release: Release, view: ForgeView<'_>) {
        let Some(own) = view.forge.repository(&prepared.profile.forge.proposals) else { return };
        let commands = &prepared.profile.cleanup.command;
        self.commands.retain(|line| {
            let Some(command) = commands.iter().find(|command| command.id == line.id) else { return true };
            let thread =
                number(line.proposal).and_then(|number| number.parse().ok()).and_then(|number| own.thread(number));
            let Some(Replayed::Then(state)) = thread.map(|thread| view.replay(thread)) else { return true };
            command.needed_for.is_empty()
                || command.needed_for.iter().any(|need| is_so(*need, command, &state, release))
        });
    }
}

/// Whether something of an issue is so; what is not known may be.
fn is_so(need: CleanupNeed, command: &CleanupCommand, state: &State<'_>, release: Release) -> bool {
    match (need, &state.marks) {
        (CleanupNeed::Open, _) => state.open,
        (_, None) => true,
        (CleanupNeed::Milestone, Some(marks)) => {
            let own = marks.milestone.and_then(Release::parse);
            own.is_some_and(|own| own.minors_after(release) == 0)
        }
        (CleanupNeed::Labels, Some(marks)) => command.labels.iter().any(|label| marks.labels.contains(&label.as_str())),
    }
}

/// The number, if it is one: a line for a shell holds nothing else that a stranger wrote.
fn number(proposal: &Proposal) -> Option<&str> {
    let label = proposal.label();
    let is_number = !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(&**label)
}

fn spelt(prepared: &Prepared, release: Release) -> String {
    prepared.profile.release.spelt(release)
}

/// The release behind one: that of the next calendar, else the next minor one.
fn next(prepared: &Prepared, release: Release) -> Option<Release> {
    let later = cycle::all(prepared).into_iter().map(|cycle| cycle.release).filter(|other| *other > release).min();
    later.or(Some(Release { minor: release.minor.checked_add(1)?, patch: 0, ..release }))
}
