//! Resources that are served, as the aggregated discovery document lists them.

use std::sync::Arc;

use signoff_model::Node;
use signoff_model::fact::{ApiResource, Record, SourceKind};

use super::Reader;
use crate::json;
use crate::reading::Reading;
use crate::values::{shared, text};

pub(super) const READER: Reader = Reader { kind: SourceKind::Discovery, page: include_str!("discovery.md"), read };

fn read(reading: &mut Reading<'_>) {
    let Some(root) = reading.json(json::whole) else { return };
    let Some(groups) = root.get("items") else {
        reading.problem(Some(1), "it has no list `items` of groups");
        return;
    };
    for group in groups.items() {
        // The first group has no name.
        let name: Arc<str> = group.get("metadata").map_or_else(|| "".into(), |metadata| shared(metadata, "name"));
        for version in group.get("versions").map(Node::items).unwrap_or_default() {
            for resource in version.get("resources").map(Node::items).unwrap_or_default() {
                say(reading, &name, version, resource);
            }
        }
    }
}

fn say(reading: &mut Reading<'_>, group: &Arc<str>, version: &Node, resource: &Node) {
    let at = match resource.pair("resource") {
        Some(pair) => reading.quote_of(pair.key_span),
        None => reading.quote_of(resource.span),
    };
    let (Some(version), Some(name)) = (text(version, "version"), text(resource, "resource")) else {
        reading.problem_at(&at, "a resource has no name or no version");
        return;
    };
    let kind = resource.get("responseKind").map_or_else(|| "".into(), |kind| shared(kind, "kind"));
    let record = ApiResource { group: Arc::clone(group), version: version.into(), resource: name.into(), kind };
    reading.say(at, Record::Resource(record));
}
