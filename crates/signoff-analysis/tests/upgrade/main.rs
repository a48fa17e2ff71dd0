//! What changes between two versions: against a naive model of the rules, over random layers of settings, with each input
//! taken away, and rule by rule.

#![allow(clippy::disallowed_methods, reason = "a test reads corpora from disk")]

mod exhaustive;
mod given;
mod inputs;
mod layers;
mod naive;
mod pairs;
mod rules;
