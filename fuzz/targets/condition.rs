//! Conditions and columns: read, and asked about a few proposals.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use signoff_model::Corpus;
use signoff_promises::{condition, sample};

static CORPORA: LazyLock<Vec<Corpus>> = LazyLock::new(sample::corpora);

fuzz_target!(|text: &str| {
    for corpus in CORPORA.iter() {
        condition::condition(corpus, text);
        condition::columns(corpus, text);
    }
});
