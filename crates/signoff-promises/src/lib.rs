//! What holds for any input, however broken: each function takes an input and panics where a promise is not kept.
//!
//! The fuzz targets below `fuzz/` and the property tests of this crate call the same functions, one for each reader
//! of text: [`metadata`], [`prose`], [`settings`], [`granted`], [`condition`], [`search`], [`fixes`], [`repository`]
//! for all of them together, and [`history`] for what git keeps of one. No other crate depends on this one.

pub mod condition;
pub mod fixes;
pub mod granted;
pub mod history;
pub mod metadata;
mod output;
pub mod prose;
pub mod repository;
pub mod sample;
pub mod search;
pub mod settings;
mod span;
