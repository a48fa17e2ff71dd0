//! What single facts say, between the model and the pack. Every type of the model is taken apart here, so that a new
//! field is a compile error and not something that a pack leaves out.

use serde::Deserialize;
use signoff_model::Release;
use signoff_model::fact::{GateStage, Quote, Record};

use super::sources::bytes;
use super::texts::{Id, Numbers, Texts};
use super::wire;

mod api;
mod gates;
mod reports;

/// A record of a pack.
pub enum Read {
    /// It could be read.
    Known(Record),
    /// Its kind is not known, or it is written in another way.
    Unknown,
}

/// The number of the word of its kind, and what it says.
pub fn write<'f>(record: &'f Record, numbers: &mut Numbers<'f>) -> (Id, Vec<u8>) {
    let (word, body) = match record {
        Record::Gate(gate) => ("gate", bytes(&gates::gate(gate, numbers))),
        Record::Declaration(declaration) => ("declaration", bytes(&gates::declaration(declaration, numbers))),
        Record::Page(page) => ("page", bytes(&gates::page(page, numbers))),
        Record::Use(gate_use) => ("use", bytes(&gates::gate_use(gate_use, numbers))),
        Record::Metric(metric) => ("metric", bytes(&api::metric(metric, numbers))),
        Record::Conformance(test) => ("conformance", bytes(&api::conformance(test, numbers))),
        Record::Endpoint(endpoint) => ("endpoint", bytes(&api::endpoint(endpoint, numbers))),
        Record::Type(api_type) => ("type", bytes(&api::api_type(api_type, numbers))),
        Record::Resource(resource) => ("resource", bytes(&api::resource(resource, numbers))),
        Record::Change(change) => ("change", bytes(&reports::change(change, numbers))),
        Record::Dates(dates) => ("dates", bytes(&reports::dates(dates))),
        Record::Run(run) => ("run", bytes(&reports::run(run, numbers))),
    };
    (numbers.of(word), body)
}

/// Reads what was written under a word.
pub fn read(word: &str, body: &[u8], texts: &mut Texts<'_>) -> Read {
    let record = match word {
        "gate" => wire_of(body).and_then(|gate| gates::gate_of(gate, texts)).map(Record::Gate),
        "declaration" => wire_of(body).and_then(|it| gates::declaration_of(it, texts)).map(Record::Declaration),
        "page" => wire_of(body).and_then(|page| gates::page_of(page, texts)).map(Record::Page),
        "use" => wire_of(body).and_then(|it| gates::gate_use_of(it, texts)).map(Record::Use),
        "metric" => wire_of(body).and_then(|metric| api::metric_of(metric, texts)).map(Record::Metric),
        "conformance" => wire_of(body).and_then(|test| api::conformance_of(test, texts)).map(Record::Conformance),
        "endpoint" => wire_of(body).and_then(|it| api::endpoint_of(it, texts)).map(Record::Endpoint),
        "type" => wire_of(body).and_then(|it| api::api_type_of(it, texts)).map(Record::Type),
        "resource" => wire_of(body).and_then(|it| api::resource_of(it, texts)).map(Record::Resource),
        "change" => wire_of(body).and_then(|change| reports::change_of(change, texts)).map(Record::Change),
        "dates" => wire_of(body).and_then(reports::dates_of).map(Record::Dates),
        "run" => wire_of(body).and_then(|run| reports::run_of(run, texts)).map(Record::Run),
        _ => None,
    };
    record.map_or(Read::Unknown, Read::Known)
}

/// What stands behind the fields that are known is passed over.
fn wire_of<'b, T: Deserialize<'b>>(body: &'b [u8]) -> Option<T> {
    postcard::take_from_bytes(body).ok().map(|(value, _)| value)
}

pub fn quote<'f>(quote: &'f Quote, numbers: &mut Numbers<'f>) -> wire::Quote {
    let Quote { line, text } = quote;
    wire::Quote(*line, numbers.of(text))
}

fn quote_of(quote: &wire::Quote, texts: &Texts<'_>) -> Option<Quote> {
    Some(Quote { line: quote.0, text: texts.plain(quote.1)?.into() })
}

pub fn release(release: Release) -> wire::Release {
    let Release { major, minor, patch } = release;
    wire::Release(major, minor, patch)
}

pub fn release_of(release: wire::Release) -> Release {
    Release { major: release.0, minor: release.1, patch: release.2 }
}

/// Stages by number; one that is added goes behind the others.
const STAGES: [GateStage; 5] =
    [GateStage::PreAlpha, GateStage::Alpha, GateStage::Beta, GateStage::Stable, GateStage::Deprecated];

fn stage(stage: GateStage) -> u8 {
    match stage {
        GateStage::PreAlpha => 0,
        GateStage::Alpha => 1,
        GateStage::Beta => 2,
        GateStage::Stable => 3,
        GateStage::Deprecated => 4,
    }
}

fn stage_of(number: u8) -> Option<GateStage> {
    STAGES.get(usize::from(number)).copied()
}
