//! Declarations of gates in Go: constants, their stages by version, and what gates need.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use signoff_model::fact::{GateDeclaration, GateNow, GateSpec, Quote, Record, SourceKind};
use tree_sitter::Node;

use super::Reader;
use crate::go::{self, Literal};
use crate::reading::Reading;
use crate::values::proposals;

mod specs;

pub(super) const READER: Reader =
    Reader { kind: SourceKind::GateDeclarations, page: include_str!("gate_declarations.md"), read };

/// What a file says of one gate, under the name of its constant.
#[derive(Default)]
struct Gate {
    /// Where it stands first.
    at: usize,
    /// The name that people set, where the file has the constant.
    name: Option<Arc<str>>,
    proposals: Vec<Arc<str>>,
    specs: Vec<GateSpec>,
    now: Option<GateNow>,
    needs: Option<Vec<Arc<str>>>,
    /// Whether the type of the constant, or a place where it stands, tells that it is a gate.
    is_gate: bool,
}

/// What a file says, by constant.
#[derive(Default)]
struct Gates {
    known: FxHashMap<Box<str>, usize>,
    gates: Vec<(Box<str>, Gate)>,
}

impl Gates {
    fn gate(&mut self, constant: &str, at: usize) -> &mut Gate {
        let index = match self.known.get(constant) {
            Some(index) => *index,
            None => {
                self.known.insert(constant.into(), self.gates.len());
                self.gates.push((constant.into(), Gate { at, ..Gate::default() }));
                self.gates.len() - 1
            }
        };
        &mut self.gates[index].1
    }
}

fn read(reading: &mut Reading<'_>) {
    let text = std::mem::take(&mut reading.source.text);
    let parsed = go::parse(&text);
    reading.source.text = text;
    let tree = match parsed {
        Ok(tree) => tree,
        Err(message) => return reading.problem(None, message),
    };
    let mut gates = Gates::default();
    let mut broken = None;
    go::each(&tree, |node| {
        match node.kind() {
            "const_spec" => constant(reading, node, &mut gates),
            "composite_literal" => needs(&reading.source.text, node, &mut gates),
            "keyed_element" => stages(reading, node, &mut gates),
            _ if node.is_error() => broken = broken.or(Some(node.start_byte())),
            _ => {}
        };
    });
    if let Some(at) = broken {
        let at = reading.quote(at);
        reading.problem_at(&at, "it is not Go here; what stands around it was read");
    }
    say(reading, &gates);
}

fn say(reading: &mut Reading<'_>, gates: &Gates) {
    let names: FxHashMap<&str, Arc<str>> =
        gates.gates.iter().filter_map(|(constant, gate)| Some((&**constant, gate.name.clone()?))).collect();
    let name_of = |constant: &str| names.get(constant).cloned().unwrap_or_else(|| constant.into());
    let mut declared: Vec<(usize, GateDeclaration)> = Vec::new();
    for (constant, gate) in gates.gates.iter().filter(|(_, gate)| gate.is_gate) {
        let name = name_of(constant);
        let needs = gate.needs.as_ref().map(|needs| needs.iter().map(|constant| name_of(constant)).collect());
        let record = GateDeclaration {
            constant: (*name != **constant).then(|| Arc::from(&**constant)),
            name,
            proposals: gate.proposals.clone(),
            specs: gate.specs.clone(),
            now: gate.now.clone(),
            needs,
            registry: reading.registry.clone(),
        };
        declared.push((gate.at, record));
    }
    declared.sort_by_key(|(at, _)| *at);
    for (at, record) in declared {
        let at = reading.quote(at);
        reading.say(at, Record::Declaration(record));
    }
}

/// Reads `Name featuregate.Feature = "Name"` with the comment above it.
fn constant(reading: &Reading<'_>, node: Node<'_>, gates: &mut Gates) {
    let text = &reading.source.text;
    let field = |name: &str| node.child_by_field_name(name);
    let (Some(name), Some(value)) = (field("name"), field("value")) else { return };
    let Some(value) = value.named_child(0).and_then(|value| go::string(text, value)) else { return };
    let is_gate = field("type").is_some_and(|kind| go::last_name(text, kind) == "Feature");
    let gate = gates.gate(go::slice(text, name), node.start_byte());
    gate.at = node.start_byte();
    gate.name = Some(value.into());
    gate.is_gate |= is_gate;
    gate.proposals = proposals(&reading.rules.proposal_marks, &go::comments_of(text, node.byte_range()));
}

/// Reads `map[featuregate.Feature][]featuregate.Feature{A: {B, C}}`.
fn needs(text: &str, node: Node<'_>, gates: &mut Gates) {
    let Some(kind) = node.child_by_field_name("type").filter(|kind| kind.kind() == "map_type") else { return };
    let is_feature = |kind: Option<Node<'_>>| kind.is_some_and(|kind| go::last_name(text, kind) == "Feature");
    let value = kind.child_by_field_name("value").filter(|value| value.kind() == "slice_type");
    if !is_feature(kind.child_by_field_name("key")) || !is_feature(value.and_then(|value| value.named_child(0))) {
        return;
    }
    let Some(body) = node.child_by_field_name("body") else { return };
    for (key, value) in Literal::of(body).pairs() {
        let needed = Literal::of(value).items().map(|item| Arc::from(go::last_name(text, item))).collect();
        let gate = gates.gate(go::last_name(text, key), key.start_byte());
        gate.needs = Some(needed);
        gate.is_gate = true;
    }
}

/// Reads `A: {{Version: ..., Default: true, PreRelease: Beta}}` and `A: {Default: true, PreRelease: Beta}`.
fn stages(reading: &mut Reading<'_>, node: Node<'_>, gates: &mut Gates) {
    let Some((key, value)) = Literal::pair(node) else { return };
    // A stage without versions may stand below a field of what a registry keeps of the gate.
    let is_name = matches!(key.kind(), "identifier" | "selector_expression");
    if !is_name || go::slice(&reading.source.text, key) == specs::FIELD {
        return;
    }
    let Some(written) = specs::read(reading, value) else { return };
    let gate = gates.gate(go::last_name(&reading.source.text, key), key.start_byte());
    gate.is_gate = true;
    match written {
        specs::Written::Versions(specs) => gate.specs.extend(specs),
        specs::Written::Now(now) => gate.now = Some(now),
    }
}

/// The line of a key of a literal; empty where it has none.
fn quote_key(reading: &Reading<'_>, literal: &Literal<'_>, key: &str) -> Quote {
    let text = &reading.source.text;
    literal.value(text, key).map_or_else(Quote::default, |value| reading.quote(value.start_byte()))
}
