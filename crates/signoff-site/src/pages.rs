//! The kinds of pages. A new one is a file here, a template, and its line in [`KINDS`].

use askama::Template;

use crate::Site;

mod audit;
mod board;
mod choices;
mod claims;
pub(crate) mod compare;
mod data;
mod filters;
mod gates;
mod groups;
mod missing;
mod overview;
mod proposal;
mod proposals;
mod reviewers;
mod rules;
mod search;
mod statistics;
mod upgrade;

pub use audit::WantedClaims;
pub(crate) use data::has_calendars;
pub use gates::WantedGates;
pub use search::Searched;
pub use upgrade::{Checked, UPGRADE};

/// A kind of page.
pub(crate) struct Kind {
    /// The paths of its pages.
    pub(crate) paths: fn(&Site) -> Vec<String>,
    /// A page; `None` for a path that is none of these.
    pub(crate) make: fn(&Site, &str) -> Option<String>,
}

/// Every kind.
pub(crate) const KINDS: [Kind; 16] = [
    overview::KIND,
    board::KIND,
    proposals::KIND,
    proposal::KIND,
    compare::KIND,
    gates::KIND,
    gates::GATE,
    upgrade::KIND,
    audit::KIND,
    groups::KIND,
    reviewers::KIND,
    statistics::KIND,
    rules::KIND,
    search::KIND,
    data::KIND,
    missing::KIND,
];

/// A template that was filled in.
fn rendered(template: &impl Template) -> String {
    // The templates are checked when they are compiled, and a text takes all that is written to it.
    template.render().expect("a template writes to a text")
}

/// A file that is written to a text.
fn written(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> Option<String> {
    let mut bytes = Vec::new();
    // A list takes all that is written to it, and what is written is text.
    write(&mut bytes).ok()?;
    String::from_utf8(bytes).ok()
}
