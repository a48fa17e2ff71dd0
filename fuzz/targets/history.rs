//! A small history: each three bytes are a step, such as an edit, a rename, a merge, a wrong clock.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use signoff_model::profile::{Prepared, Syntax};
use signoff_promises::{history, sample};

static PROCESS: LazyLock<Arc<Prepared>> = LazyLock::new(|| {
    let mut processes = sample::processes().into_iter();
    processes.find(|prepared| prepared.profile.metadata.syntax == Syntax::Yaml).expect("a process with YAML")
});

fuzz_target!(|script: &[u8]| history::check(script, &PROCESS));
