//! Sources as they are published, read through the profile that names them.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stderr,
    reason = "tests read recorded files and the corpora, and say what they did not run"
)]

mod corpora;
mod odd;
mod pack;
mod recorded;
mod trees;
