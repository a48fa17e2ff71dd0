//! What is asked of a forge: `client` sends requests and waits as the forge asks, `github` reads its answers, `pull`
//! knows what belongs to a release and keeps what has arrived.

pub mod client;
pub mod github;
pub mod pull;

#[cfg(test)]
#[allow(dead_code, reason = "the tests of the program look at more of it")]
mod fake;

#[cfg(test)]
mod contract;
