//! What templates do to values.

/// A message as HTML, which the template then takes as it is.
#[askama::filter_fn]
pub(super) fn marked(text: &str, _: &dyn askama::Values) -> askama::Result<String> {
    Ok(crate::frame::marked(text))
}

/// A name as HTML that may be broken at its capitals and slashes.
#[askama::filter_fn]
pub(super) fn breakable(text: &str, _: &dyn askama::Values) -> askama::Result<String> {
    Ok(crate::frame::breakable(text))
}
