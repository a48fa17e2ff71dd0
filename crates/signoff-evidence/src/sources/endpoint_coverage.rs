//! Which operations of the API tests reach.

use signoff_model::Release;
use signoff_model::fact::{Endpoint, Record, SourceKind};

use super::Reader;
use crate::json;
use crate::reading::Reading;
use crate::values::{boolean, shared, text};

pub(super) const READER: Reader =
    Reader { kind: SourceKind::EndpointCoverage, page: include_str!("endpoint_coverage.md"), read };

fn read(reading: &mut Reading<'_>) {
    let Some(root) = reading.json(json::whole) else { return };
    if !root.is_blank() && root.items().is_empty() {
        reading.problem(Some(1), format!("a list of operations is expected, and this is {}", root.kind()));
    }
    let release = Release::parse(reading.stem().trim_start_matches(|c: char| !c.is_ascii_digit()));
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
            group: shared(item, "group"),
            version: shared(item, "version"),
            kind: shared(item, "kind"),
            action: shared(item, "action"),
            level: shared(item, "level"),
            tested: text(item, "tested").and_then(boolean),
            conformance: text(item, "conf_tested").and_then(boolean),
            ineligible: None,
            link: None,
            release,
        };
        reading.say(at, Record::Endpoint(endpoint));
    }
}
