//! Lists of gates with their stages by version, as a generator writes them.

use std::sync::Arc;

use signoff_model::fact::{GateRecord, GateSpec, GateStage, Quote, Record, SourceKind};
use signoff_model::{Node, Release};

use super::Reader;
use crate::reading::Reading;
use crate::values::boolean;

pub(super) const READER: Reader = Reader { kind: SourceKind::FeatureList, page: include_str!("feature_list.md"), read };

fn read(reading: &mut Reading) {
    let Some(root) = reading.yaml() else { return };
    if root.pair("name").is_some() || (!root.is_blank() && root.items().is_empty()) {
        reading.problem(Some(1), format!("a list of gates is expected, and this is {}", root.kind()));
        return;
    }
    for item in root.items() {
        let at = reading.quote_of(item.span);
        let Some(name) = item.get("name").and_then(Node::text).map(str::trim).filter(|name| !name.is_empty()) else {
            reading.problem_at(&at, "an entry has no name");
            continue;
        };
        let written = item.get("versionedSpecs").map(Node::items).unwrap_or_default();
        let specs: Vec<GateSpec> = written.iter().filter_map(|node| spec(reading, name, node)).collect();
        let record = GateRecord { name: Arc::from(name), specs, needs: None };
        reading.say(at, Record::Gate(record));
    }
}

/// One stage of a gate. What has no version or no stage that can be read is a problem, not a guess.
fn spec(reading: &mut Reading, gate: &str, node: &Node) -> Option<GateSpec> {
    let text = |key: &str| node.get(key).and_then(Node::text).map(str::trim);
    let at = |reading: &Reading, key: &str| match node.pair(key) {
        Some(pair) => reading.quote_of(pair.key_span),
        None => Quote::default(),
    };
    let line = reading.quote_of(node.span);
    let Some(since) = text("version").and_then(Release::parse) else {
        reading.problem_at(&line, format!("a stage of `{gate}` has no version that can be read"));
        return None;
    };
    let Some(stage) = text("preRelease").and_then(GateStage::parse) else {
        reading.problem_at(&line, format!("a stage of `{gate}` has no name that can be read"));
        return None;
    };
    Some(GateSpec {
        since,
        stage,
        default: text("default").and_then(boolean),
        locked: text("lockToDefault").and_then(boolean).unwrap_or(false),
        min_compatibility: None,
        since_at: at(reading, "version"),
        stage_at: at(reading, "preRelease"),
        default_at: at(reading, "default"),
        locked_at: at(reading, "lockToDefault"),
    })
}
