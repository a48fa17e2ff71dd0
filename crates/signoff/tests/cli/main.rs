//! The program as people run it: what the contract promises of commands, exit codes and output.
//!
//! Every test makes a repository in a temporary folder (see [`project`]) and runs the real binary on
//! it, with a clock, a home and a cache of its own. What a rule finds is the rules' own business and
//! tested beside them; here it is what commands do with findings.

mod project;

mod audit;
mod baseline;
mod cache;
mod calendar;
#[cfg(feature = "cluster")]
mod clusters;
mod conditions;
mod corpora;
mod data;
mod diff;
mod exit_codes;
mod exports;
#[cfg(feature = "forge")]
#[path = "../../src/forge/fake.rs"]
#[allow(dead_code, reason = "the tests of the library misbehave more")]
mod fake;
mod fetch;
mod fixes;
#[cfg(feature = "forge")]
mod forge;
mod gates;
mod history;
mod ids;
mod names;
mod odd_commits;
mod odd_files;
mod odd_histories;
mod past;
mod queries;
mod rewritten;
mod sample;
mod scopes;
mod search;
mod serve;
mod settings;
mod shapes;
mod site;
mod standing;
mod terminal;
mod timelines;
mod todo;
mod upgrade;
