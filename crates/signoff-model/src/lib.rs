//! Proposals as data: parse text, keep every span, lose nothing.
//!
//! Start at [`corpus::load`], which reads every proposal of a [`Tree`] as a [`Profile`] says and
//! returns a [`Corpus`]; [`proposal`] says what one proposal is.
//!
//! **Invariant:** no I/O, no clock, no environment in this crate; files come through a [`Tree`],
//! and today is `Corpus::as_of`. `clippy.toml` beside this crate enforces it.

pub mod body;
pub mod calendar;
pub mod cluster;
pub mod comment;
pub mod companion;
pub mod configured;
pub mod corpus;
pub mod edit;
pub mod event;
pub mod exception;
pub mod fact;
pub mod finding;
pub mod forge;
pub mod header;
pub mod memo;
pub mod metadata;
pub mod names;
pub mod node;
pub mod people;
pub mod profile;
pub mod proposal;
pub mod questionnaire;
pub mod release;
pub mod source;
pub mod span;
pub mod spelling;
pub mod template;
pub mod tree;
pub mod waiver;
pub mod wording;
pub mod yaml;

pub use body::Body;
pub use corpus::Corpus;
pub use edit::{ChangeSet, Edit};
pub use finding::{Finding, Fix, Severity};
pub use metadata::Metadata;
pub use node::{Node, Value};
pub use profile::Profile;
pub use proposal::Proposal;
pub use release::Release;
pub use source::{Position, Source};
pub use span::Span;
pub use tree::{MemoryTree, Tree};
