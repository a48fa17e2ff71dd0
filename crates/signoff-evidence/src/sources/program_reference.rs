//! Reference pages of programs: the gates that the help of a flag lists.

use std::sync::Arc;

use signoff_model::fact::{GateStage, GateUse, Record, SourceKind, Use};

use super::Reader;
use crate::reading::Reading;
use crate::values::boolean;

pub(super) const READER: Reader =
    Reader { kind: SourceKind::ProgramReference, page: include_str!("program_reference.md"), read };

/// What stands between the name of a gate and its stage.
const CHOICE: &str = "=true|false (";
/// Longest name of a gate.
const NAME_MAX: usize = 200;
/// Longest text between the brackets.
const BRACKETS_MAX: usize = 100;

fn read(reading: &mut Reading<'_>) {
    let component = reading.stem();
    let text = std::mem::take(&mut reading.source.text);
    let found: Vec<(usize, usize, GateUse)> = text
        .match_indices(CHOICE)
        .filter_map(|(at, _)| {
            let start = name_start(&text, at);
            let behind = at + CHOICE.len();
            let brackets = text.get(behind..text.floor_char_boundary(behind + BRACKETS_MAX))?.split_once(')')?.0;
            let by = program(component.clone(), brackets);
            let gate = text[start..at].into();
            (start < at).then_some((start, behind + brackets.len() + 1, GateUse { gate, by }))
        })
        .collect();
    let is_listed = text.contains("--feature-gates");
    reading.source.text = text;
    if found.is_empty() && is_listed {
        reading.problem(None, "the gates of the flag `--feature-gates` cannot be read");
    }
    for (start, end, gate) in found {
        let at = reading.quote_piece(start..end);
        reading.say(at, Record::Use(gate));
    }
}

/// Where the name begins that ends at `end`.
fn name_start(text: &str, end: usize) -> usize {
    let near = end.saturating_sub(NAME_MAX);
    let bytes = &text.as_bytes()[near..end];
    end - bytes.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count()
}

/// Reads `BETA - default=true`.
fn program(component: Arc<str>, brackets: &str) -> Use {
    let (stage, rest) = brackets.split_once(" - ").unwrap_or((brackets, ""));
    let default = rest.split_once("default=").map_or("", |(_, value)| value);
    let stage = GateStage::parse(stage);
    Use::Program { component, stage, default: boolean(default) }
}
