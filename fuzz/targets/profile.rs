//! What a repository sets: a profile, or `signoff.toml`.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use signoff_model::profile::Prepared;
use signoff_promises::{sample, settings};

static PROCESSES: LazyLock<Vec<Arc<Prepared>>> = LazyLock::new(sample::processes);

fuzz_target!(|text: &str| {
    settings::profile(text);
    for prepared in PROCESSES.iter() {
        settings::configuration(prepared, text);
    }
});
