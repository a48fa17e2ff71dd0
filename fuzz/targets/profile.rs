//! What a repository sets: a profile, or `signoff.toml`.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use signoff_analysis::profiles;
use signoff_model::Profile;
use signoff_promises::settings;

static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
    profiles::EMBEDDED.iter().map(|(id, _)| profiles::load(id).expect("an embedded profile")).collect()
});

fuzz_target!(|text: &str| {
    settings::profile(text);
    for profile in PROFILES.iter() {
        settings::configuration(profile, text);
    }
});
