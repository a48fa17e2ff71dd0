//! The choices of a table's filters.

use std::collections::BTreeMap;

/// A filter with what can be chosen.
pub(super) struct Choices {
    /// Name in the address, and of the rows' data.
    pub(super) name: &'static str,
    /// What stands above it.
    pub(super) label: &'static str,
    /// Each value with how many rows have it.
    pub(super) options: Vec<(String, usize)>,
}

/// The values that rows have, sorted; an empty one cannot be chosen.
pub(super) fn choices<R>(name: &'static str, label: &'static str, rows: &[R], value: impl Fn(&R) -> &str) -> Choices {
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        *found.entry(value(row)).or_default() += 1;
    }
    let options = found.into_iter().filter(|(value, _)| !value.is_empty());
    Choices { name, label, options: options.map(|(value, count)| (value.to_owned(), count)).collect() }
}
