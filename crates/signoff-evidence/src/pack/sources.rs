//! Sources and their facts between the model and the pack.

use std::collections::BTreeMap;

use serde::Serialize;
use signoff_model::fact::{Fact, FactSource, Facts, Problem, Quote, SourceKind};

use super::records::{self, Read};
use super::texts::{Numbers, Texts};
use super::wire;

/// The content of a pack.
pub fn write(facts: &Facts) -> Vec<u8> {
    let mut numbers = Numbers::default();
    let sources: Vec<(u32, Vec<u8>)> = facts
        .sources
        .iter()
        .map(|source| (numbers.of(source.kind.word()), write_source(source, &mut numbers)))
        .collect();
    let sources = sources.iter().map(|(kind, body)| wire::Frame { kind: *kind, body }).collect();
    bytes(&wire::Pack { texts: &numbers.texts, sizes: std::mem::take(&mut numbers.sizes), sources })
}

/// What a pack says; `None` for what is no content of one.
pub fn read(content: &[u8]) -> Option<Facts> {
    let pack: wire::Pack<'_> = postcard::from_bytes(content).ok()?;
    let mut texts = Texts::new(pack.texts, &pack.sizes)?;
    let mut sources = Vec::with_capacity(pack.sources.len());
    let mut unknown: BTreeMap<&str, usize> = BTreeMap::new();
    for frame in &pack.sources {
        let word = texts.plain(frame.kind)?;
        match SourceKind::ALL.into_iter().find(|kind| kind.word() == word) {
            Some(kind) => sources.push(read_source(kind, frame.body, &mut texts)?),
            None => *unknown.entry(word).or_default() += 1,
        }
    }
    // A source that is not known has no place of its own: the first that is known says so.
    if let Some(first) = sources.first_mut() {
        for (word, count) in unknown {
            let message =
                format!("the pack has {count} sources of the kind `{word}`, which this version does not know");
            first.problems.push(Problem { path: first.path.clone(), line: None, message });
        }
    }
    Some(Facts { sources })
}

/// A value in the format of the content.
pub fn bytes(value: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(value).expect("the types of a pack have a form in its format")
}

fn write_source<'f>(source: &'f FactSource, numbers: &mut Numbers<'f>) -> Vec<u8> {
    let FactSource { name, version, release, kind: _, path, facts, problems } = source;
    let records: Vec<(u32, Vec<u8>)> = facts.iter().map(|fact| records::write(&fact.record, numbers)).collect();
    let facts = facts.iter().zip(&records).map(|(fact, (kind, body))| {
        let Fact { path, at, record: _ } = fact;
        let record = wire::Frame { kind: *kind, body };
        wire::Fact { path: numbers.of(path), at: records::quote(at, numbers), record }
    });
    let facts = facts.collect();
    let problems = problems.iter().map(|Problem { path, line, message }| wire::Problem {
        path: numbers.of(path),
        line: line.map(|line| u32::try_from(line).unwrap_or(u32::MAX)),
        message: numbers.of(message),
    });
    let problems = problems.collect();
    bytes(&wire::Source {
        name: numbers.of(name),
        version: numbers.of(version),
        release: release.map(records::release),
        path: numbers.of(path),
        facts,
        problems,
    })
}

fn read_source(kind: SourceKind, body: &[u8], texts: &mut Texts<'_>) -> Option<FactSource> {
    let (source, _): (wire::Source<'_>, _) = postcard::take_from_bytes(body).ok()?;
    let mut facts = Vec::with_capacity(source.facts.len());
    let mut unknown: BTreeMap<&str, usize> = BTreeMap::new();
    for fact in &source.facts {
        let word = texts.plain(fact.record.kind)?;
        match records::read(word, fact.record.body, texts) {
            Read::Known(record) => {
                let at = Quote { line: fact.at.0, text: texts.plain(fact.at.1)?.into() };
                facts.push(Fact { path: texts.shared(fact.path)?, at, record });
            }
            Read::Unknown => *unknown.entry(word).or_default() += 1,
        }
    }
    let path = texts.shared(source.path)?;
    let written = source.problems.iter().map(|problem| {
        let line = problem.line.map(|line| line as usize);
        let message = texts.plain(problem.message)?.to_owned();
        Some(Problem { path: texts.shared(problem.path)?, line, message })
    });
    let mut problems: Vec<Problem> = written.collect::<Option<_>>()?;
    problems.extend(unknown.into_iter().map(|(word, count)| {
        let message = format!("the pack has {count} facts of the kind `{word}`, which this version cannot read");
        Problem { path: path.clone(), line: None, message }
    }));
    let (name, version) = (texts.shared(source.name)?, texts.shared(source.version)?);
    let release = source.release.map(records::release_of);
    Some(FactSource { name, version, release, kind, path, facts, problems })
}
