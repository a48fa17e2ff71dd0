//! What else stands in a repository.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::{metadata, prose};

/// Where files of a repository stand, other than those of the proposal at hand.
const PATHS: [&str; 12] = [
    "keps/sig-node/13-bulbs/kep.yaml",
    "keps/sig-node/13-bulbs/README.md",
    "keps/sig-node/12-lamps/OWNERS",
    "keps/sig-node/12-lamps/other.md",
    "keps/prod-readiness/sig-node/12.yaml",
    "keps/prod-readiness/sig-node/99.yml",
    "keps/NNNN-kep-template/README.md",
    "OWNERS_ALIASES",
    "keps/sig-é/14-\u{202e}x/kep.yaml",
    "EIPS/eip-13.md",
    "EIPS/eip-x.md",
    "assets/eip-12/a.png",
];

/// A few files with their texts.
pub(crate) fn others() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let text = prop_oneof![2 => metadata::any(), 1 => prose::document()];
    vec((select(&PATHS[..]), text), 0..4)
}
