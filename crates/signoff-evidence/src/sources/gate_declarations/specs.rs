//! The stages of a gate as a literal in Go has them.

use rustc_hash::FxHashMap;
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

/// Constants that are true or false.
type Flags = FxHashMap<Box<str>, bool>;

/// Reads the value of a gate; `None` for what is none.
pub fn read(reading: &mut Reading<'_>, value: Node<'_>, flags: &Flags) -> Option<Written> {
    let literal = Literal::of(value);
    if let Some(now) = now(reading, &literal, flags) {
        return Some(Written::Now(now));
    }
    let items: Vec<Literal<'_>> = literal.items().map(Literal::of).collect();
    let is_spec = |item: &Literal<'_>| item.value(&reading.source.text, "PreRelease").is_some();
    if !items.iter().any(is_spec) {
        return None;
    }
    Some(Written::Versions(items.iter().filter_map(|item| spec(reading, item, flags)).collect()))
}

/// Without versions, as it is or below a field.
fn now(reading: &mut Reading<'_>, literal: &Literal<'_>, flags: &Flags) -> Option<GateNow> {
    let text = &reading.source.text;
    let inner = literal.value(text, FIELD).map(Literal::of);
    let literal = inner.as_ref().unwrap_or(literal);
    let written = literal.value(text, "PreRelease")?;
    literal.value(text, "Version").is_none().then_some(())?;
    let at = reading.quote(written.start_byte());
    let flag = |key: &str| flag(text, literal, key, flags);
    let Some(stage) = stage(text, written) else {
        reading.problem_at(&at, "the stage of a gate cannot be read");
        return None;
    };
    Some(GateNow { stage, default: flag("Default"), locked: flag("LockToDefault").unwrap_or(false), at })
}

fn spec(reading: &mut Reading<'_>, literal: &Literal<'_>, flags: &Flags) -> Option<GateSpec> {
    let text = &reading.source.text;
    let at = reading.quote(literal.start());
    let since = literal.value(text, "Version").and_then(|value| version(text, value));
    let stage = literal.value(text, "PreRelease").and_then(|value| stage(text, value));
    let flag = |key: &str| flag(text, literal, key, flags);
    let default = flag("Default");
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

/// A field that is true or false, or a constant that is. What is left out is false in Go.
fn flag(text: &str, literal: &Literal<'_>, key: &str, flags: &Flags) -> Option<bool> {
    let Some(value) = literal.value(text, key) else { return Some(false) };
    let written = go::slice(text, value);
    boolean(written).or_else(|| flags.get(written).copied())
}

/// `featuregate.GA`, `Beta`.
fn stage(text: &str, node: Node<'_>) -> Option<GateStage> {
    GateStage::parse(go::last_name(text, node))
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
