//! Charts as SVG: complete without a script, with their numbers in a table beside them.

pub(crate) mod curve;
pub(crate) mod weave;
