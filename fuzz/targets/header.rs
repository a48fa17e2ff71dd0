//! Metadata as a header, between fences or before the first blank line.
#![no_main]

use libfuzzer_sys::fuzz_target;
use signoff_model::source;
use signoff_promises::metadata;

fuzz_target!(|bytes: &[u8]| {
    let (text, _) = source::decode(bytes.to_vec());
    metadata::header(&text, "---");
    metadata::header(&text, "");
});
