//! Pages that say from which gate they depend.

use signoff_model::fact::{GateUse, Record, SourceKind, Use};

use super::Reader;
use crate::reading::Reading;

pub(super) const READER: Reader =
    Reader { kind: SourceKind::FeatureState, page: include_str!("feature_state.md"), read };

const MARK: &str = "feature_gate_name";
/// Longest name of a gate.
const NAME_MAX: usize = 200;

fn read(reading: &mut Reading<'_>) {
    let text = &reading.source.text;
    let uses: Vec<(usize, Option<GateUse>)> = text
        .match_indices(MARK)
        .map(|(at, _)| (at, gate(&text[at + MARK.len()..]).map(|gate| GateUse { gate: gate.into(), by: Use::Page })))
        .collect();
    for (at, found) in uses {
        let quote = reading.quote(at);
        match found {
            Some(found) => reading.say(quote, Record::Use(found)),
            None => reading.problem_at(&quote, format!("`{MARK}` has no name that can be read")),
        }
    }
}

/// Reads `="X"`.
fn gate(behind: &str) -> Option<&str> {
    let value = behind.trim_start_matches([' ', '\t']).strip_prefix('=')?.trim_start_matches([' ', '\t']);
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let value = value.get(1..value.floor_char_boundary(NAME_MAX))?;
    let name = value.split_once(quote)?.0.trim();
    (!name.is_empty() && !name.contains(['\n', '{', '<'])).then_some(name)
}
