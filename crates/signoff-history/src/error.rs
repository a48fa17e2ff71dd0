//! Why a question about the history has no answer.

use std::path::PathBuf;

use jiff::Timestamp;
use signoff_model::corpus::PATHS_MAX;

/// Why a question about the history has no answer, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No git repository at a path or above it.
    #[error("`{}` is not in a git repository\nname a folder of a clone with -C, or leave out what asks for the history", path.display())]
    NotARepository {
        /// Where the search began.
        path: PathBuf,
    },
    /// A repository without a commit on its current branch.
    #[error("the current branch has no commit yet\ncommit something first, or ask about the files as they are")]
    NoCommits,
    /// A repository without checked-out files.
    #[error("the repository `{}` is bare: it has no files of its own to compare\nuse a clone with a work tree, or name a state with --at", path.display())]
    NoWorkTree {
        /// The git directory.
        path: PathBuf,
    },
    /// The history was cut off before the answer.
    #[error(
        "{unknown} cannot be known: this clone is shallow, older commits are not in it\nfetch them with `git fetch --unshallow`"
    )]
    ShallowClone {
        /// What cannot be known.
        unknown: String,
    },
    /// The history is complete and begins later than the instant asked for.
    #[error("there is nothing at or before {instant}: the history begins on {first}\nask about a later instant")]
    BeforeHistory {
        /// The instant asked for.
        instant: Timestamp,
        /// The oldest commit's.
        first: Timestamp,
    },
    /// A revision that names no commit, or more than one.
    #[error(
        "`{revision}` names no commit of this history\ngive a date (2026-02-12), an instant with its offset (2026-02-12T12:00Z), a checkpoint (v1.36:code-freeze), or a commit, branch or tag that is here: what is only on the server must be fetched first"
    )]
    UnknownRevision {
        /// The text as given.
        revision: String,
    },
    /// Two lines of history without a common commit.
    #[error(
        "`{revision}` has no commit in common with what is compared\ncompare with a branch or tag of the same history"
    )]
    Unrelated {
        /// The text as given.
        revision: String,
    },
    /// A pull request whose head was not fetched.
    #[error(
        "the head of pull request {number} is not here\nfetch it with `git fetch origin refs/pull/{number}/head:refs/pull/{number}/head`, or all with `git fetch origin '+refs/pull/*/head:refs/pull/*/head'`"
    )]
    NoSuchPull {
        /// Its number.
        number: String,
    },
    /// An object that the history names and the clone does not hold.
    #[error(
        "object {id} is not in this clone\nfetch everything with `git fetch --refetch --no-filter`, or check with `git fsck`"
    )]
    MissingObject {
        /// Its full id.
        id: String,
    },
    /// More files than are looked at.
    #[error("there are more than {PATHS_MAX} files and folders\nleave out what asks for the history, or check a part")]
    TooManyFiles,
    /// The files of the work tree could not be read.
    #[error("cannot read `{}`: {cause}\ncheck its permissions", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The repository is damaged, or written in a way that this program does not read.
    #[error("cannot {doing}: {cause}\n`git fsck` may tell more")]
    Other {
        /// What was tried.
        doing: String,
        /// What the reader says.
        cause: String,
    },
}

impl Error {
    /// Wraps what the git library says.
    pub(crate) fn other(doing: &str, cause: &dyn std::fmt::Display) -> Self {
        Self::Other { doing: doing.to_owned(), cause: cause.to_string() }
    }
}
