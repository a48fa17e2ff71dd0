//! Full-text search over proposals, ranked, by section.
//!
//! Start at [`Index`]: it is built from a corpus, kept in a file or in memory, and answers a [`Query`] with
//! [`Results`]. One grammar of queries serves the terminal, the pages and the server; [`query`] describes it.
//!
//! **Invariant:** an index is made of a corpus alone; the same corpus and query give the same results.

pub mod index;
pub mod query;
mod rank;
mod schema;

pub use index::{Index, IndexError, Origin};
pub use query::{Query, QueryFault};
pub use rank::{Facets, Hit, Results, Snippet};
