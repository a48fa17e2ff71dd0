//! Lists of metrics, as a generator writes them.

use std::sync::Arc;

use signoff_model::Node;
use signoff_model::fact::{MetricRecord, Record, SourceKind};

use super::Reader;
use crate::reading::Reading;
use crate::values::{release, text, texts};

pub(super) const READER: Reader = Reader { kind: SourceKind::MetricsList, page: include_str!("metrics_list.md"), read };

/// Reads a list of metrics; the list of those that are promised to stay has the same form.
pub(super) fn read(reading: &mut Reading<'_>) {
    let Some(root) = reading.yaml() else { return };
    if !root.is_blank() && root.items().is_empty() {
        reading.problem(Some(1), format!("a list of metrics is expected, and this is {}", root.kind()));
    }
    for item in root.items() {
        let at = match item.pair("name") {
            Some(pair) => reading.quote_of(pair.key_span),
            None => reading.quote_of(item.span),
        };
        match metric(item) {
            Some(metric) => reading.say(at, Record::Metric(metric)),
            None => reading.problem_at(&at, "an entry has no name"),
        }
    }
}

fn metric(item: &Node) -> Option<MetricRecord> {
    let name = text(item, "name")?;
    let parts: Vec<&str> = ["namespace", "subsystem"].into_iter().filter_map(|key| text(item, key)).collect();
    let endpoints = item.get("componentEndpoints").map(Node::items).unwrap_or_default();
    let mut components: Vec<Arc<str>> =
        endpoints.iter().filter_map(|end| text(end, "component")).map(Arc::from).collect();
    components.dedup();
    Some(MetricRecord {
        name: parts.into_iter().chain([name]).collect::<Vec<_>>().join("_").into(),
        stability: text(item, "stabilityLevel").map(Arc::from),
        kind: text(item, "type").map(Arc::from),
        labels: texts(item, "labels"),
        components,
        deprecated: release(item, "deprecatedVersion"),
    })
}
