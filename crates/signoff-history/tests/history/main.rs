//! The library on real repositories, made with the `git` command in temporary folders.

mod changed;
mod corpora;
mod kept;
mod pulls;
mod sample;
mod scratch;
mod time;
mod trees;
