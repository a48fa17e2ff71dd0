//! Changes to the files of proposals that keep every byte they do not mean to change.
//!
//! [`fields::set`] sets a field or an entry of one in a metadata file or a companion; [`outline`] finds the places
//! of headings that a document lacks. Both give edits; who applies them decides whether they become a patch or a
//! file.

pub mod fields;
pub mod outline;
pub mod record;

use signoff_model::edit::Edit;

/// Edits in the order in which they were made, of which those that insert at one place become one: otherwise the
/// order of what they insert would be lost.
#[must_use]
pub fn joined(edits: Vec<Edit>) -> Vec<Edit> {
    let mut result: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        let same = |other: &&mut Edit| other.span == edit.span && other.span.is_empty();
        match result.iter_mut().find(same) {
            Some(other) => other.replacement.push_str(&edit.replacement),
            None => result.push(edit),
        }
    }
    result.sort();
    result
}

/// How lines end in a text: as its first one does.
pub(crate) fn line_end(text: &str) -> &'static str {
    match text.find('\n') {
        Some(end) if text[..end].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}
