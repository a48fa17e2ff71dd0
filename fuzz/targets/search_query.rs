//! What people type into a search, asked of a small index.
#![no_main]

use libfuzzer_sys::fuzz_target;
use signoff_promises::{sample, search};
use signoff_search::Index;
use signoff_search::query::Values;

thread_local! {
    static INDEXES: Vec<(Index, Values)> = sample::corpora()
        .iter()
        .map(|corpus| {
            let index = Index::in_memory(corpus).expect("an index in memory");
            let values = index.values().expect("its values");
            (index, values)
        })
        .collect();
}

fuzz_target!(|text: &str| {
    INDEXES.with(|indexes| {
        for (index, values) in indexes {
            search::query(index, values, text);
        }
    });
});
