//! Marks in the source code of API types: which gate a field needs, and which release brought a version.

use std::sync::Arc;

use signoff_model::Release;
use signoff_model::fact::{ApiType, GateUse, Quote, Record, SourceKind, Use};
use signoff_model::source::lines;

use super::Reader;
use crate::reading::Reading;

pub(super) const READER: Reader = Reader { kind: SourceKind::TypeMarkers, page: include_str!("type_markers.md"), read };

const GATE: &str = "+featureGate=";
const LIFECYCLE: &str = "+k8s:prerelease-lifecycle-gen:";
/// Most marks that are kept until their declaration comes.
const MARKS_MAX: usize = 1000;

/// The marks since the last declaration.
#[derive(Default)]
struct Marks {
    gates: Vec<(Arc<str>, usize)>,
    life: Vec<(Life, Release, usize)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Life {
    Introduced,
    Deprecated,
    Removed,
}

fn read(reading: &mut Reading<'_>) {
    let text = std::mem::take(&mut reading.source.text);
    let mut marks = Marks::default();
    let mut inside: Option<&str> = None;
    let mut found: Vec<(usize, Record)> = Vec::new();
    let mut faults: Vec<usize> = Vec::new();
    for line in lines(&text) {
        let at = line.as_ptr() as usize - text.as_ptr() as usize;
        let plain = line.trim();
        if let Some(comment) = plain.strip_prefix("//") {
            if !mark(comment.trim(), at, &mut marks) {
                faults.push(at);
            }
            continue;
        }
        if plain.is_empty() {
            continue;
        }
        let declared = plain.strip_prefix("type ").and_then(|rest| rest.split([' ', '[']).next());
        found.extend(facts(&reading.source.path, std::mem::take(&mut marks), declared, inside, plain));
        match declared {
            Some(name) => inside = plain.ends_with("struct {").then_some(name),
            None if line.starts_with('}') => inside = None,
            None => {}
        }
    }
    reading.source.text = text;
    for at in faults {
        let at = reading.quote(at);
        reading.problem_at(&at, "a mark of the life of a type has no release that can be read");
    }
    for (at, record) in found {
        let at: Quote = reading.quote(at);
        reading.say(at, record);
    }
}

/// Reads one line of a comment; false for a mark that cannot be read.
fn mark(comment: &str, at: usize, marks: &mut Marks) -> bool {
    if let Some(gates) = comment.strip_prefix(GATE) {
        let names = gates.split(',').map(str::trim).filter(|name| !name.is_empty());
        let room = MARKS_MAX.saturating_sub(marks.gates.len());
        marks.gates.extend(names.take(room).map(|name| (name.into(), at)));
        return true;
    }
    let Some((word, release)) = comment.strip_prefix(LIFECYCLE).and_then(|mark| mark.split_once('=')) else {
        return true;
    };
    let life = match word {
        "introduced" => Life::Introduced,
        "deprecated" => Life::Deprecated,
        "removed" => Life::Removed,
        _ => return true,
    };
    match Release::parse(release.trim()) {
        Some(release) if marks.life.len() < MARKS_MAX => marks.life.push((life, release, at)),
        Some(_) => {}
        None => return false,
    }
    true
}

/// What the marks say of the declaration that follows them.
fn facts(path: &str, marks: Marks, declared: Option<&str>, inside: Option<&str>, line: &str) -> Vec<(usize, Record)> {
    let place: Arc<str> = match (declared, inside) {
        (Some(name), _) => name.into(),
        (None, Some(of)) => format!("{of}.{}", field(line)).into(),
        (None, None) => line.split([' ', '\t']).next().unwrap_or_default().into(),
    };
    let gate_use =
        |(gate, at): (Arc<str>, usize)| (at, Record::Use(GateUse { gate, by: Use::Field(Arc::clone(&place)) }));
    let mut found: Vec<(usize, Record)> = marks.gates.into_iter().map(gate_use).collect();
    let (Some(kind), Some((_, _, at))) = (declared, marks.life.first().copied()) else { return found };
    let when = |life: Life| marks.life.iter().find(|(of, _, _)| *of == life).map(|(_, release, _)| *release);
    let mut folders = path.rsplit('/').skip(1);
    let (version, group) = (folders.next().unwrap_or_default(), folders.next().unwrap_or_default());
    let record = ApiType {
        group: if group == "core" { "" } else { group }.into(),
        version: version.into(),
        kind: kind.into(),
        fields: Vec::new(),
        introduced: when(Life::Introduced),
        deprecated: when(Life::Deprecated),
        removed: when(Life::Removed),
    };
    found.push((at, Record::Type(record)));
    found
}

/// The name of a field as people write it: that of its tag, else that of the code.
fn field(line: &str) -> &str {
    let tag = line.split_once("json:\"").and_then(|(_, tag)| tag.split([',', '"']).next());
    tag.filter(|name| !name.is_empty() && *name != "-")
        .unwrap_or_else(|| line.split([' ', '\t']).next().unwrap_or(line))
}
