//! Tests that are bound to a gate, or that carry the label of a feature.

use std::sync::Arc;

use signoff_model::fact::{GateUse, Record, SourceKind, Use};

use super::Reader;
use crate::reading::Reading;

pub(super) const READER: Reader = Reader { kind: SourceKind::TestLabels, page: include_str!("test_labels.md"), read };

/// What stands before a name and behind it, and whether the name is that of a gate.
const LABELS: [(&str, char, bool); 4] = [
    ("WithFeatureGate(", ')', true),
    ("WithFeature(", ')', false),
    ("[FeatureGate:", ']', true),
    ("[Feature:", ']', false),
];
/// Longest name of a gate or a feature, with its package.
const NAME_MAX: usize = 200;

fn read(reading: &mut Reading<'_>) {
    let mut found: Vec<(usize, GateUse)> = Vec::new();
    for (mark, end, is_gate) in LABELS {
        let text = &reading.source.text;
        found.extend(text.match_indices(mark).filter_map(|(at, _)| {
            let start = at + mark.len();
            let written = text.get(start..text.floor_char_boundary(start + NAME_MAX))?.split_once(end)?.0;
            let by = if is_gate { Use::Test } else { Use::Feature };
            Some((at, GateUse { gate: name(written)?, by }))
        }));
    }
    found.sort_by_key(|(at, _)| *at);
    for (at, label) in found {
        let at = reading.quote(at);
        reading.say(at, Record::Use(label));
    }
}

/// `features.X`, `X`; `None` for what is no name, as the parameter where such a function is declared.
fn name(written: &str) -> Option<Arc<str>> {
    let last = Some(written.trim()).filter(|written| !written.contains(' '))?.rsplit('.').next()?;
    let is_name = last.starts_with(|c: char| c.is_ascii_uppercase())
        && last.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'));
    is_name.then(|| last.into())
}
