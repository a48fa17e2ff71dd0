//! What sources beside the proposals say: code, documentation, clusters.
//!
//! Start at [`gather`], which reads what a profile looks for in each [`Given`] tree and returns [`Facts`]. Each kind of
//! source is one module below `sources` with a page that says what it proves, and what *unknown* means there.
//! [`cluster`] reads the answers of live clusters, and the file that they are kept in.
//! [`configuration::read`] tells how the components of a cluster are configured.
//!
//! [`pack`] keeps facts in one small file, so that they need not be gathered again where they are used.
//!
//! **Invariant:** files come through a [`Tree`]; no clock, no network, no environment. Reading never fails: what cannot
//! be read is a problem of its source, and the other sources are still used.
//!
//! What was pulled of a forge is a file of its own, [`forge`].
//!
//! [`Facts`]: signoff_model::fact::Facts
//! [`Tree`]: signoff_model::Tree

pub mod cluster;
pub mod configuration;
pub mod forge;
mod gathered;
mod go;
mod json;
pub mod pack;
pub mod packs;
mod paths;
mod reading;
mod sources;
mod values;
mod version;

pub use gathered::{Given, NamedFiles, files, gather};
pub use sources::{Reader, SOURCES};
pub use version::{Named, named, of_documentation};
