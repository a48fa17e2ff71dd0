//! The library on real repositories, made with the `git` command in temporary folders.

mod changed;
mod corpora;
mod events;
mod kept;
mod made;
mod pulls;
mod replay;
mod sample;
mod scratch;
mod time;
mod trees;
