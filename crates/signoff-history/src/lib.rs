//! What a proposals repository held at an instant.
//!
//! Start at [`History`]: [`Repository`] is the history that git keeps, [`Recorded`] one that is
//! embedded in the program. [`When`] names an instant, [`Commit`] the state that answers it, and
//! the tree of a commit is a [`signoff_model::Tree`] like any other.
//!
//! **Invariant:** the only crate that knows git; it reads a repository and writes nothing, starts
//! no program, opens no connection, and looks at no configuration outside the repository.

mod ancestors;
mod changed;
mod commits;
mod differences;
mod error;
pub mod events;
mod folders;
mod git_tree;
mod handles;
mod history;
mod line;
mod merged;
mod pulls;
mod recorded;
mod repository;
mod when;

pub use ancestors::{Ancestor, Commits, Parent};
pub use differences::{Difference, Found};
pub use error::Error;
pub use git_tree::GitTree;
pub use history::{Commit, Comparison, History};
pub use pulls::{Pull, Pulls, UnreadPull, pull_number};
pub use recorded::Recorded;
pub use repository::Repository;
pub use when::When;
