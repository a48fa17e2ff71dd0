//! What stands beside proposals: release pages, lists of exceptions, waivers, written times.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use signoff_model::profile::Prepared;
use signoff_promises::{granted, sample};

static PROCESSES: LazyLock<Vec<Arc<Prepared>>> = LazyLock::new(sample::processes);

fuzz_target!(|text: &str| {
    for prepared in PROCESSES.iter() {
        granted::release_page(prepared, text);
        granted::exceptions(prepared, text);
    }
    granted::waivers(text);
    granted::written_time(text);
});
