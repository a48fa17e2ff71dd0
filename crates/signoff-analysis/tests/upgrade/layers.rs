//! Random layers of settings against the naive model: repeated, contradicting, filling in stages, under emulation.

use std::collections::BTreeMap;

use proptest::prelude::*;
use signoff_analysis::gates::{Gates, Listed};
use signoff_analysis::upgrade::terms::{Prefixes, Terms};
use signoff_model::configured::GateSetting;

use super::given;
use super::naive::Model;

const NAMES: [&str; 20] = [
    "AllAlpha",
    "AllBeta",
    "Still",
    "Alpha",
    "Dying",
    "Locks",
    "Flips",
    "Falls",
    "Base",
    "Upper",
    "Top",
    "Lonely",
    "Gone",
    "Withdrawn",
    "Late",
    "Fresh",
    "FreshOn",
    "Ancient",
    "Soon",
    "Nobody",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn layers_of_settings(
        layers in prop::collection::vec(prop::collection::vec((0..NAMES.len(), any::<bool>()), 0..8), 0..5),
        binary in 0usize..4,
        emulated in 0usize..4,
    ) {
        let rules = given::profile_rules();
        let facts = given::facts(&given::small(), &rules);
        let gates = Gates::of(&facts, &rules);
        let releases: Vec<_> = gates.releases().collect();
        let (binary, emulated) = (releases[binary.max(emulated)], releases[binary.min(emulated)]);
        let registry = gates.registry(binary).expect("gates");
        let listed: BTreeMap<&str, &Listed<'_>> = registry.gates.iter().map(|(name, listed)| (*name, listed)).collect();
        let terms = Terms::of(&listed, binary, emulated, registry.tells_needs, &rules);
        let model = Model::of(registry, emulated, registry.tells_needs);
        // Layers are read one after the other: that is all that makes them layers.
        let flat: Vec<(usize, bool)> = layers.into_iter().flatten().collect();
        let settings: Vec<GateSetting> =
            flat.iter().map(|(name, value)| given::setting(&format!("{}={value}", NAMES[*name]), 1)).collect();
        let plain: Vec<(&str, bool)> = flat.iter().map(|(name, value)| (NAMES[*name], *value)).collect();
        let start = terms.start(&settings, Prefixes::Unread);
        let (refusals, on) = model.start(&plain);
        let ours: std::collections::BTreeSet<&str> = start.refusals.iter().map(|refusal| refusal.gate).collect();
        let theirs: std::collections::BTreeSet<&str> = refusals.iter().map(|(_, gate)| &**gate).collect();
        prop_assert_eq!(ours, theirs);
        for (at, name) in model.names.iter().enumerate() {
            prop_assert_eq!(terms.value(&start, name).and_then(|value| value.on), Some(on[at]), "{}", name);
        }
    }
}
