//! Prose: sections, template lines, questionnaires.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use signoff_model::profile::Prepared;
use signoff_model::{header, source};
use signoff_promises::{prose, sample};

static PROCESSES: LazyLock<Vec<Arc<Prepared>>> = LazyLock::new(sample::processes);

fuzz_target!(|bytes: &[u8]| {
    let (text, _) = source::decode(bytes.to_vec());
    for prepared in PROCESSES.iter() {
        let fence = &prepared.profile.metadata.fence;
        let start = if fence.is_empty() { 0 } else { header::parse(&text, fence).body_start };
        prose::body(&text, start);
        prose::document(prepared, &text, start);
    }
});
