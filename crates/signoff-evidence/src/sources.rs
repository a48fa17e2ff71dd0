//! The kinds of sources, one module each with its page.

use signoff_model::fact::SourceKind;

use crate::reading::Reading;

mod changelog;
mod conformance_tests;
mod discovery;
mod endpoint_coverage;
mod feature_list;
mod feature_state;
mod feature_table;
mod gate_declarations;
mod gate_dependencies;
mod gate_pages;
mod ineligible_endpoints;
mod metrics_list;
mod openapi;
mod program_reference;
mod release_notes;
mod release_schedule;
mod stable_metrics;
mod test_files;
mod test_labels;
mod test_results;
mod type_markers;

/// How one kind of source is read.
pub struct Reader {
    /// The kind.
    pub kind: SourceKind,
    /// Its page of the documentation.
    pub page: &'static str,
    /// Reads one file. Of test files the names alone are looked at.
    pub(crate) read: fn(&mut Reading<'_>),
}

/// Every kind.
pub static SOURCES: &[Reader] = &[
    feature_list::READER,
    feature_table::READER,
    gate_dependencies::READER,
    gate_declarations::READER,
    metrics_list::READER,
    stable_metrics::READER,
    conformance_tests::READER,
    ineligible_endpoints::READER,
    endpoint_coverage::READER,
    openapi::READER,
    discovery::READER,
    type_markers::READER,
    gate_pages::READER,
    program_reference::READER,
    feature_state::READER,
    test_labels::READER,
    test_files::READER,
    changelog::READER,
    release_notes::READER,
    release_schedule::READER,
    test_results::READER,
];

/// The reader of a kind that a profile names.
pub(crate) fn reader(kind: &str) -> Option<&'static Reader> {
    SOURCES.iter().find(|reader| reader.kind.word() == kind)
}
