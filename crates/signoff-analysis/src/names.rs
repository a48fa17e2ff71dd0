//! What can be the name of a gate or of a metric.

use signoff_model::profile::Field;

/// A Go identifier that starts with a capital, or the name of an environment variable.
pub(crate) fn is_gate(name: &str) -> bool {
    name.starts_with(|character: char| character.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The names of Prometheus' data model: letters, digits, `_` and `:`, not starting with a digit.
pub(crate) fn is_metric(name: &str) -> bool {
    !name.starts_with(|character: char| character.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b':')
}

/// The template's example or a word for "later".
pub(crate) fn is_placeholder(field: &Field, name: &str) -> bool {
    let name = name.trim();
    field.placeholders.iter().any(|placeholder| placeholder == name)
        || ["TBD", "TODO", "N/A", "NA", "none"].iter().any(|word| word.eq_ignore_ascii_case(name))
}
