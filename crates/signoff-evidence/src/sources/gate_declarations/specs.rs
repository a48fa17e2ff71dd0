//! The stages of a gate as a literal in Go has them.

use signoff_model::Release;
use signoff_model::fact::{GateNow, GateSpec, GateStage};
use tree_sitter::Node;

use super::quote_key;
use crate::go::{self, Literal};
use crate::reading::Reading;
use crate::values::boolean;

/// The field below which a stage without versions may stand.
pub const FIELD: &str = "FeatureSpec";

/// What a literal says.
pub enum Written {
    /// Stages by version.
    Versions(Vec<GateSpec>),
    /// What the gate is now, without versions.
    Now(GateNow),
}

/// Reads the value of a gate; `None` for what is none.
pub fn read(reading: &mut Reading<'_>, value: Node<'_>) -> Option<Written> {
    let literal = Literal::of(value);
    if let Some(now) = now(reading, &literal) {
        return Some(Written::Now(now));
    }
    let items: Vec<Literal<'_>> = literal.items().map(Literal::of).collect();
    let is_spec = |item: &Literal<'_>| item.value(&reading.source.text, "PreRelease").is_some();
    if !items.iter().any(is_spec) {
        return None;
    }
    Some(Written::Versions(items.iter().filter_map(|item| spec(reading, item)).collect()))
}

/// Without versions, as it is or below a field.
fn now(reading: &mut Reading<'_>, literal: &Literal<'_>) -> Option<GateNow> {
    let text = &reading.source.text;
    let inner = literal.value(text, FIELD).map(Literal::of);
    let literal = inner.as_ref().unwrap_or(literal);
    let written = literal.value(text, "PreRelease")?;
    literal.value(text, "Version").is_none().then_some(())?;
    let at = reading.quote(written.start_byte());
    let flag = |key: &str| literal.value(text, key).and_then(|value| boolean(go::slice(text, value)));
    let Some(stage) = stage(text, written) else {
        reading.problem_at(&at, "the stage of a gate cannot be read");
        return None;
    };
    // What is left out is false in Go.
    let default = if literal.value(text, "Default").is_some() { flag("Default") } else { Some(false) };
    Some(GateNow { stage, default, locked: flag("LockToDefault").unwrap_or(false), at })
}

fn spec(reading: &mut Reading<'_>, literal: &Literal<'_>) -> Option<GateSpec> {
    let text = &reading.source.text;
    let at = reading.quote(literal.start());
    let since = literal.value(text, "Version").and_then(|value| version(text, value));
    let stage = literal.value(text, "PreRelease").and_then(|value| stage(text, value));
    let flag = |key: &str| literal.value(text, key).and_then(|value| boolean(go::slice(text, value)));
    let default = if literal.value(text, "Default").is_some() { flag("Default") } else { Some(false) };
    let (locked, minimum) = (flag("LockToDefault").unwrap_or(false), literal.value(text, "MinCompatibilityVersion"));
    let min_compatibility = minimum.and_then(|value| version(text, value));
    let (Some(since), Some(stage)) = (since, stage) else {
        reading.problem_at(&at, "a stage of a gate has no version or no name that can be read");
        return None;
    };
    Some(GateSpec {
        since,
        stage,
        default,
        locked,
        min_compatibility,
        since_at: quote_key(reading, literal, "Version"),
        stage_at: quote_key(reading, literal, "PreRelease"),
        default_at: quote_key(reading, literal, "Default"),
        locked_at: quote_key(reading, literal, "LockToDefault"),
    })
}

/// `featuregate.GA`, `Beta`.
fn stage(text: &str, node: Node<'_>) -> Option<GateStage> {
    Some(go::last_name(text, node)).filter(|name| !name.is_empty()).and_then(GateStage::parse)
}

/// `version.MustParse("1.30")`, `version.MajorMinor(1, 30)`.
fn version(text: &str, node: Node<'_>) -> Option<Release> {
    let arguments = node.child_by_field_name("arguments")?;
    let first = arguments.named_child(0)?;
    match go::string(text, first) {
        Some(written) => Release::parse(written),
        None => Release::parse(&format!("{}.{}", go::slice(text, first), go::slice(text, arguments.named_child(1)?))),
    }
}
