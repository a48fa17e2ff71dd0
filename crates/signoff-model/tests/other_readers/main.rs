//! What the readers of the model make of real files, compared with what readers by others make of them: libyaml's
//! of YAML, and comrak, which follows the specification of GitHub's Markdown to the letter.
//!
//! The files in `explained/` list every difference with its reason. One that is not listed fails, and so does one that
//! is listed and no longer there.

#[path = "../corpora/mod.rs"]
mod corpora;
mod explained;
mod markdown;

mod yaml;
