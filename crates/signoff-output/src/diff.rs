//! What changed between two states: for a terminal, as `signoff.diff/1`, as Markdown, as CSV.

use std::borrow::Cow;
use std::io::{self, Write};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use signoff_analysis::comparison::{self, ChangeKind, Difference};

use crate::Look;
use crate::query::csv_line;

mod text;

/// One of the states that are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// As the reader named it.
    pub name: String,
    /// The commit; `None` for the files of a work tree.
    pub commit: Option<String>,
    /// The commit's time, or now.
    pub at: Timestamp,
}

/// Two states and what changed.
pub struct Comparison<'a> {
    /// The earlier one.
    pub from: &'a State,
    /// The later one.
    pub to: &'a State,
    /// The number of the pull request that the later one is.
    pub pull: Option<&'a str>,
    /// What changed, in order of path.
    pub differences: &'a [Difference],
}

/// Writes for a terminal.
///
/// # Errors
/// Those of the writer.
pub fn write_human(comparison: &Comparison<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    text::human(comparison, look, out)
}

/// Writes Markdown, to be pasted.
///
/// # Errors
/// Those of the writer.
pub fn write_markdown(comparison: &Comparison<'_>, out: &mut dyn Write) -> io::Result<()> {
    text::markdown(comparison, out)
}

/// Writes a row for each change.
///
/// # Errors
/// Those of the writer.
pub fn write_csv(comparison: &Comparison<'_>, out: &mut dyn Write) -> io::Result<()> {
    const NAMES: [&str; 9] =
        ["proposal", "title", "path", "kind", "subject", "from", "to", "words_added", "words_removed"];
    csv_line(NAMES.into_iter().map(Cow::Borrowed), out)?;
    for Difference { label, path, title, changes } in comparison.differences {
        for change in changes {
            let comparison::Change { kind, subject, from, to, words } = change;
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            let count = |count: fn(&comparison::Words) -> usize| words.as_ref().map(|words| count(words).to_string());
            let cells = [
                label.to_string(),
                text(title),
                path.to_string(),
                kind.word().to_owned(),
                text(subject),
                text(from),
                text(to),
                count(|words| words.added).unwrap_or_default(),
                count(|words| words.removed).unwrap_or_default(),
            ];
            csv_line(cells.into_iter().map(Cow::Owned), out)?;
        }
    }
    Ok(())
}

/// Writes `signoff.diff/1`.
///
/// # Errors
/// Those of the writer.
pub fn write_json(comparison: &Comparison<'_>, out: &mut dyn Write) -> io::Result<()> {
    crate::write_json(&Diff::new(comparison), out)
}

/// What changed between two states of a repository.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Diff<'a> {
    /// The name of this shape.
    #[schemars(extend("const" = "signoff.diff/1"))]
    schema: &'static str,
    /// The earlier state; of a pull request, where its branch left the main one.
    from: Side<'a>,
    /// The later state.
    to: Side<'a>,
    /// The number of the pull request that the later state is.
    pull: Option<&'a str>,
    /// The proposals that changed, by path.
    proposals: Vec<Changed<'a>>,
    /// How many.
    summary: Summary,
}

/// A state.
#[derive(Debug, Serialize, JsonSchema)]
struct Side<'a> {
    /// As it was named; an empty text for the files of the work tree.
    name: &'a str,
    /// The commit; null for the files of the work tree.
    commit: Option<&'a str>,
    /// The commit's time; now for the files of the work tree.
    at: String,
}

/// A proposal that changed.
#[derive(Debug, Serialize, JsonSchema)]
struct Changed<'a> {
    /// What people call it.
    proposal: &'a str,
    /// Its title.
    title: Option<&'a str>,
    /// Its path in the later state; of one that is gone, in the earlier one.
    path: &'a str,
    /// What changed.
    changes: Vec<Change<'a>>,
}

/// A change. Values are the file's text.
#[derive(Debug, Serialize, JsonSchema)]
struct Change<'a> {
    /// Of what.
    kind: Kind,
    /// Of which one, where there are several: a stage or `latest`, a gate, a field, a file, a checklist, the id of a
    /// question, the heading of a section; of a person `authors`, `reviewers` or `approvers`.
    subject: Option<&'a str>,
    /// What was there; null for nothing.
    from: Option<&'a str>,
    /// What is there now; null for nothing.
    to: Option<&'a str>,
    /// The words that changed in an answer or a section.
    words: Option<Words<'a>>,
}

/// Words that changed in a text.
#[derive(Debug, Serialize, JsonSchema)]
struct Words<'a> {
    /// How many came.
    added: usize,
    /// How many went.
    removed: usize,
    /// Where, in the order of the text; of sections nothing is listed.
    hunks: Vec<Hunk<'a>>,
}

/// A place where words are others.
#[derive(Debug, Serialize, JsonSchema)]
struct Hunk<'a> {
    /// Some words in front of it.
    behind: &'a str,
    /// The words that went.
    removed: &'a str,
    /// The words that came.
    added: &'a str,
}

/// Of what a change is.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    /// The proposal is new.
    Created,
    /// It is gone.
    Removed,
    /// It has another path.
    Moved,
    /// A file can be read in another way than before: `read`, `missing`, `unreadable`. What cannot be read is compared
    /// with nothing.
    Unread,
    /// The status.
    Status,
    /// The stage.
    Stage,
    /// The release of a stage.
    Milestone,
    /// The title.
    Retitled,
    /// A gate came, went or was renamed.
    Gate,
    /// The components of a gate.
    Components,
    /// Who approved a stage.
    Approved,
    /// A person came or went.
    Person,
    /// Another field of the metadata.
    Field,
    /// Boxes of a checklist.
    Checklist,
    /// An answer; from and to are its states.
    Answer,
    /// A section; from and to are its states.
    Section,
}

/// How many proposals changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
struct Summary {
    /// New ones.
    created: usize,
    /// Those that are gone.
    removed: usize,
    /// All others.
    changed: usize,
}

impl Summary {
    fn of(differences: &[Difference]) -> Self {
        let with = |kind| differences.iter().filter(|difference| difference.changes[0].kind == kind).count();
        let (created, removed) = (with(ChangeKind::Created), with(ChangeKind::Removed));
        Self { created, removed, changed: differences.len() - created - removed }
    }
}

impl<'a> Diff<'a> {
    fn new(comparison: &Comparison<'a>) -> Self {
        let Comparison { from, to, pull, differences } = *comparison;
        Self {
            schema: "signoff.diff/1",
            from: from.into(),
            to: to.into(),
            pull,
            proposals: differences.iter().map(Changed::from).collect(),
            summary: Summary::of(differences),
        }
    }
}

impl<'a> From<&'a State> for Side<'a> {
    fn from(state: &'a State) -> Self {
        let State { name, commit, at } = state;
        Self { name, commit: commit.as_deref(), at: at.to_string() }
    }
}

impl<'a> From<&'a Difference> for Changed<'a> {
    fn from(difference: &'a Difference) -> Self {
        let Difference { label, path, title, changes } = difference;
        Self { proposal: label, title: title.as_deref(), path, changes: changes.iter().map(Change::from).collect() }
    }
}

impl<'a> From<&'a comparison::Change> for Change<'a> {
    fn from(change: &'a comparison::Change) -> Self {
        let comparison::Change { kind, subject, from, to, words } = change;
        let hunks = |words: &'a comparison::Words| match kind {
            ChangeKind::Section => Vec::new(),
            _ => words.hunks.iter().map(Hunk::from).collect(),
        };
        let words = words.as_ref();
        Self {
            kind: (*kind).into(),
            subject: subject.as_deref(),
            from: from.as_deref(),
            to: to.as_deref(),
            words: words.map(|words| Words { added: words.added, removed: words.removed, hunks: hunks(words) }),
        }
    }
}

impl<'a> From<&'a comparison::Hunk> for Hunk<'a> {
    fn from(hunk: &'a comparison::Hunk) -> Self {
        let comparison::Hunk { behind, removed, added } = hunk;
        Self { behind, removed, added }
    }
}

impl From<ChangeKind> for Kind {
    fn from(kind: ChangeKind) -> Self {
        match kind {
            ChangeKind::Created => Self::Created,
            ChangeKind::Removed => Self::Removed,
            ChangeKind::Moved => Self::Moved,
            ChangeKind::Unread => Self::Unread,
            ChangeKind::Status => Self::Status,
            ChangeKind::Stage => Self::Stage,
            ChangeKind::Milestone => Self::Milestone,
            ChangeKind::Retitled => Self::Retitled,
            ChangeKind::Gate => Self::Gate,
            ChangeKind::Components => Self::Components,
            ChangeKind::Approved => Self::Approved,
            ChangeKind::Person => Self::Person,
            ChangeKind::Field => Self::Field,
            ChangeKind::Checklist => Self::Checklist,
            ChangeKind::Answer => Self::Answer,
            ChangeKind::Section => Self::Section,
        }
    }
}
