//! Lists of what gates need: one mapping from a gate to the gates that must be on with it.

use std::sync::Arc;

use signoff_model::Node;
use signoff_model::fact::{GateDeclaration, Record, SourceKind};

use super::Reader;
use crate::reading::Reading;

pub(super) const READER: Reader =
    Reader { kind: SourceKind::GateDependencies, page: include_str!("gate_dependencies.md"), read };

fn read(reading: &mut Reading) {
    let Some(root) = reading.yaml() else { return };
    for pair in root.pairs() {
        let at = reading.quote_of(pair.key_span);
        let needs: Vec<Arc<str>> = pair.node.items().iter().filter_map(Node::text).map(Arc::from).collect();
        if needs.is_empty() && !pair.node.is_blank() {
            reading.problem_at(&at, format!("`{}` has no list of gates", pair.key));
            continue;
        }
        let declaration = GateDeclaration {
            name: Arc::from(&*pair.key),
            constant: None,
            proposals: Vec::new(),
            specs: Vec::new(),
            now: None,
            needs: Some(needs),
            registry: reading.registry.clone(),
        };
        reading.say(at, Record::Declaration(declaration));
    }
}
