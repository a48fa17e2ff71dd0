//! What sources beside the proposals say: code, documentation, clusters.
//!
//! Start at [`gather`], which reads what a profile looks for in each [`Given`] tree and returns [`Facts`]. Each kind of
//! source is one module below `sources` with a page that says what it proves, and what *unknown* means there.
//! [`cluster`] reads the answers of live clusters, and the file that they are kept in.
//! [`configuration::read`] tells how the components of a cluster are configured.
//!
//! **Invariant:** files come through a [`Tree`]; no clock, no network, no environment. Reading never fails: what cannot
//! be read is a problem of its source, and the other sources are still used.
//!
//! [`Facts`]: signoff_model::fact::Facts
//! [`Tree`]: signoff_model::Tree

pub mod cluster;
pub mod configuration;
mod gathered;
mod go;
mod json;
mod paths;
mod reading;
mod sources;
mod values;
mod version;

pub use gathered::{Given, gather};
pub use sources::{Reader, SOURCES};
pub use version::{Named, named, of_documentation};
