//! Where the documents of a file begin and end.

use std::ops::Range;

/// The documents of a text, each with the mark that begins it, and the directives before that.
///
/// A line that begins with `---` and white space is such a mark wherever it stands: YAML 1.2 allows none in a scalar
/// (section 9.1.2).
pub(super) fn ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    let mut only_directives = true;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if is_mark(line) && !only_directives {
            ranges.push(start..offset);
            start = offset;
        }
        only_directives = only_directives && is_before_document(line);
        offset += line.len();
    }
    ranges.push(start..text.len());
    ranges
}

fn is_mark(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

/// Whether a line may stand before the mark of the first document: a directive, a comment, nothing.
fn is_before_document(line: &str) -> bool {
    let line = line.trim_start_matches('\u{feff}');
    line.starts_with(['%', '#']) || line.trim().is_empty()
}
