//! The kinds of sources, one module each with its page.

use signoff_model::fact::SourceKind;

use crate::reading::Reading;

mod feature_list;
mod feature_table;
mod gate_dependencies;

/// How one kind of source is read.
pub struct Reader {
    /// The kind.
    pub kind: SourceKind,
    /// Its page of the documentation.
    pub page: &'static str,
    /// Reads one file.
    pub(crate) read: fn(&mut Reading),
}

/// Every kind.
pub static SOURCES: &[Reader] = &[feature_list::READER, feature_table::READER, gate_dependencies::READER];

/// The reader of a kind that a profile names.
pub(crate) fn reader(kind: &str) -> Option<&'static Reader> {
    SOURCES.iter().find(|reader| reader.kind.word() == kind)
}
