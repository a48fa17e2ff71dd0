//! Metadata as YAML, whole or broken.
#![no_main]

use libfuzzer_sys::fuzz_target;
use signoff_model::source;
use signoff_promises::metadata;

fuzz_target!(|bytes: &[u8]| {
    metadata::decoding(bytes);
    metadata::yaml(&source::decode(bytes.to_vec()).0);
});
