//! What is tidied up behind a release: as `signoff.sweep/1`, as a script to look at, and as a patch.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use signoff_analysis::cleanup::{self, Cleanup};
use signoff_analysis::cycle::Cycle;
use signoff_model::Corpus;
use signoff_model::profile::Meaning;

use crate::Look;
use crate::delivery::Slip;
use crate::patch;
use crate::standpoint::{Standpoint, counted};
use crate::visible::visible;

/// What is to be tidied up.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Sweep<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.sweep/1"))]
    schema: &'static str,
    /// The release.
    pub release: String,
    /// What this stands on.
    #[serde(flatten)]
    pub standpoint: Standpoint,
    /// Proposals that the release brought to the last stage, and that do not say that they are done.
    pub finished: Vec<Finished<'a>>,
    /// Proposals that were planned and went elsewhere.
    pub slipped: Vec<Slip<'a>>,
    /// Proposals that were planned, and say neither that the release brought it nor that another one will.
    pub undecided: Vec<Undecided<'a>>,
    /// What is asked of the owners of those that are undecided.
    pub suggestion: &'a str,
    /// Command lines for the forge; none was run.
    pub commands: Vec<Command<'a>>,
    /// Proposals without a number that a command could name, by path.
    pub unnumbered: Vec<&'a str>,
    /// Proposals of the release that name a later one already; no command is about them.
    pub moved_on: Vec<&'a str>,
    /// The edits of the files as a unified diff; empty when there is none.
    pub patch: String,
}

/// A proposal that is done.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Finished<'a> {
    /// What people call it.
    pub proposal: &'a str,
    /// Its title.
    pub title: Option<&'a str>,
    /// The metadata file.
    pub path: &'a str,
    /// The line of the status.
    pub line: usize,
    /// The stage.
    pub stage: &'a str,
    /// Its status.
    pub status: &'a str,
    /// The status that it should have.
    pub to: &'a str,
    /// Whether the patch changes it; what is written in another way than as a plain word is left to its authors.
    pub patched: bool,
}

/// A proposal of which it is open where it goes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Undecided<'a> {
    /// What people call it.
    pub proposal: &'a str,
    /// Its folder or file.
    pub path: &'a str,
    /// Why the release did not bring it, as far as the metadata tells.
    pub remark: &'static str,
}

/// A command line.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Command<'a> {
    /// Its name in the profile.
    pub id: &'a str,
    /// Why it is run.
    pub why: &'a str,
    /// The proposal.
    pub proposal: &'a str,
    /// The line.
    pub command: &'a str,
}

impl<'a> Sweep<'a> {
    /// Makes the output of what was found.
    ///
    /// # Errors
    /// None that happens: the patch is written to memory.
    pub fn new(
        corpus: &'a Corpus,
        cycle: &Cycle,
        cleanup: &'a Cleanup<'a>,
        standpoint: Standpoint,
    ) -> io::Result<Self> {
        let prepared = &corpus.prepared;
        let mut diff = Vec::new();
        write_patch(cleanup, &mut diff)?;
        let finished = |found: &'a cleanup::Finished<'a>| {
            let cleanup::Finished { proposal, stage, status, to, edit } = found;
            let span = proposal.meant(prepared, Meaning::Status).map(|pair| pair.node.span);
            Finished {
                proposal: proposal.label(),
                title: proposal.text(prepared, Meaning::Title),
                path: &proposal.metadata_path,
                line: span.map_or(1, |span| proposal.source.position(span.start).line),
                stage,
                status,
                to,
                patched: edit.is_some(),
            }
        };
        let command = |found: &'a cleanup::CommandLine<'a>| {
            let cleanup::CommandLine { id, why, proposal, line } = found;
            Command { id, why, proposal: proposal.label(), command: line }
        };
        Ok(Self {
            schema: "signoff.sweep/1",
            release: prepared.profile.release.spelt(cycle.release),
            standpoint,
            finished: cleanup.finished.iter().map(finished).collect(),
            slipped: cleanup.slipped.iter().map(|slip| Slip::new(prepared, cycle, slip)).collect(),
            undecided: (cleanup.undecided.iter())
                .map(|it| Undecided { proposal: it.proposal.label(), path: &it.proposal.path, remark: it.remark })
                .collect(),
            suggestion: &cleanup.suggestion,
            commands: cleanup.commands.iter().map(command).collect(),
            unnumbered: cleanup.unnumbered.iter().map(|proposal| &*proposal.path).collect(),
            moved_on: cleanup.moved_on.iter().map(|proposal| &**proposal.label()).collect(),
            patch: String::from_utf8(diff).map_err(io::Error::other)?,
        })
    }

    /// Writes JSON.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        crate::write_json(self, out)
    }

    /// Writes what is to be done as the text of a shell script: all but the commands stands behind `#`.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_human(&self, look: Look, out: &mut dyn Write) -> io::Result<()> {
        let mut say = Comment { look, out };
        say.line(&format!("Behind {}: nothing of this was done", self.release))?;
        for note in &self.standpoint.notes {
            say.line(&format!("note: {note}"))?;
        }
        self.write_finished(&mut say)?;
        self.write_others(&mut say)?;
        let mut last = "";
        for Command { id, why, command, .. } in &self.commands {
            if last != *id {
                say.blank()?;
                say.line(&format!("{why} ({id})"))?;
                last = id;
            }
            writeln!(say.out, "{}", visible(command))?;
        }
        if !self.unnumbered.is_empty() {
            say.blank()?;
            say.line(&format!("Without a number, so that no command names them: {}.", self.unnumbered.join(", ")))?;
        }
        Ok(())
    }

    fn write_finished(&self, say: &mut Comment<'_>) -> io::Result<()> {
        say.blank()?;
        if self.finished.is_empty() {
            return say.line("Everything that it brought to the last stage says so.");
        }
        let count = counted(self.finished.len(), "proposal");
        say.line(&format!("At the last stage, and the status does not say so: {count}. --patch prints the edits."))?;
        for found in &self.finished {
            let Finished { proposal, path, line, status, to, patched, .. } = found;
            let by_hand = if *patched { "" } else { " (by hand: it is not written as a plain word)" };
            say.line(&format!("  {proposal}: {path}:{line}: {status} -> {to}{by_hand}"))?;
        }
        Ok(())
    }

    fn write_others(&self, say: &mut Comment<'_>) -> io::Result<()> {
        if !self.undecided.is_empty() {
            say.blank()?;
            let count = counted(self.undecided.len(), "proposal");
            say.line(&format!("Not arrived, and no other release is named: {count}; {}.", self.suggestion))?;
            for Undecided { proposal, path, remark } in &self.undecided {
                say.line(&format!("  {proposal}: {path}: {remark}"))?;
            }
        }
        if !self.slipped.is_empty() {
            say.blank()?;
            let count = counted(self.slipped.len(), "proposal");
            say.line(&format!("Slipped, and the metadata says so: {count}."))?;
            for slip in &self.slipped {
                let to = slip.to.as_deref().map_or_else(|| slip.fate.to_owned(), |to| format!("names {to} now"));
                say.line(&format!("  {}: {}: {to}", slip.proposal, slip.path))?;
            }
        }
        if !self.moved_on.is_empty() {
            say.blank()?;
            let count = counted(self.moved_on.len(), "proposal");
            let names = self.moved_on.join(", ");
            say.line(&format!("A later release is named by now, so that no command is about them: {count}: {names}."))?;
        }
        Ok(())
    }
}

/// Lines that a shell does not run, whatever a proposal says.
struct Comment<'w> {
    look: Look,
    out: &'w mut dyn Write,
}

impl Comment<'_> {
    fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", self.look.faint(&format!("# {}", visible(text))))
    }

    fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }
}

/// Writes the edits as a unified diff.
///
/// # Errors
/// Those of the writer.
pub fn write_patch(cleanup: &Cleanup<'_>, out: &mut dyn Write) -> io::Result<()> {
    for found in &cleanup.finished {
        if let Some(edits) = cleanup.changes.files.get(&*found.proposal.metadata_path) {
            patch::write(&found.proposal.metadata_path, Some(&found.proposal.source.text), edits, out)?;
        }
    }
    Ok(())
}
