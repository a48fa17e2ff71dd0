//! Mending what is certain in one proposal.
//!
//! A line of the separator divides metadata and prose; without one the input is the file of a process that has both
//! in one.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use signoff_model::MemoryTree;
use signoff_model::profile::Prepared;
use signoff_promises::{fixes, repository, sample};

static PROCESSES: LazyLock<Vec<Arc<Prepared>>> = LazyLock::new(sample::processes);

/// What divides the two files of a proposal.
const SEPARATOR: &[u8] = b"\n%%%%\n";

fuzz_target!(|bytes: &[u8]| {
    let at = bytes.windows(SEPARATOR.len()).position(|part| part == SEPARATOR);
    let parts = at.map(|at| (&bytes[..at + 1], &bytes[at + SEPARATOR.len()..]));
    for prepared in PROCESSES.iter() {
        let (metadata, body) = repository::files(prepared, 12);
        let tree = match parts {
            Some((fields, prose)) if metadata != body => MemoryTree::new([(metadata, fields), (body, prose)]),
            None if metadata == body => MemoryTree::new([(metadata, bytes)]),
            _ => continue,
        };
        let _ = fixes::fix(tree, prepared);
    }
});
