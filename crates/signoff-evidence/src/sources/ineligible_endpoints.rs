//! Lists of the operations that no conformance test can reach, and why.

use signoff_model::fact::{Endpoint, Record, SourceKind};

use super::Reader;
use crate::json;
use crate::reading::Reading;
use crate::values::text;

pub(super) const READER: Reader =
    Reader { kind: SourceKind::IneligibleEndpoints, page: include_str!("ineligible_endpoints.md"), read };

fn read(reading: &mut Reading<'_>) {
    let is_json = reading.source.path.ends_with(".json");
    let root = if is_json { reading.json(json::whole) } else { reading.yaml() };
    let Some(root) = root else { return };
    if !root.is_blank() && root.items().is_empty() {
        reading.problem(Some(1), format!("a list of operations is expected, and this is {}", root.kind()));
    }
    for item in root.items() {
        let at = match item.pair("endpoint") {
            Some(pair) => reading.quote_of(pair.key_span),
            None => reading.quote_of(item.span),
        };
        let Some(name) = text(item, "endpoint") else {
            reading.problem_at(&at, "an entry has no operation");
            continue;
        };
        let endpoint = Endpoint {
            name: name.into(),
            group: "".into(),
            version: "".into(),
            kind: "".into(),
            action: "".into(),
            level: "".into(),
            tested: None,
            conformance: None,
            ineligible: Some(text(item, "reason").unwrap_or("no reason is given").into()),
            link: text(item, "link").map(Into::into),
            release: None,
        };
        reading.say(at, Record::Endpoint(endpoint));
    }
}
