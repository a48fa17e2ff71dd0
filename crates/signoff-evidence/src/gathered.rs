//! Gathers the facts of all sources that were given.

use std::sync::Arc;

use rayon::prelude::*;
use signoff_model::fact::{Fact, FactSource, Facts, Problem, SourceKind};
use signoff_model::profile::{EvidenceRules, SourceRule};
use signoff_model::{Release, Tree};

use crate::paths;
use crate::reading::Reading;
use crate::sources::{Reader, reader};

/// A tree that was given as evidence.
pub struct Given<'a> {
    /// Name of the project.
    pub name: Arc<str>,
    /// Its version.
    pub version: Arc<str>,
    /// Its files.
    pub tree: &'a dyn Tree,
}

/// Reads every source that the profile looks for in every tree that was given.
#[must_use]
pub fn gather(rules: &EvidenceRules, given: &[Given<'_>]) -> Facts {
    let asked: Vec<(&Given<'_>, &SourceRule)> =
        given.iter().flat_map(|given| rules.source.iter().map(move |rule| (given, rule))).collect();
    let sources = asked.par_iter().flat_map_iter(|(given, rule)| read(rules, given, rule)).collect();
    Facts::joined(vec![Facts { sources }])
}

/// The files that the profile looks for in a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedFiles {
    /// Their paths, sorted, each once.
    pub files: Vec<Arc<str>>,
    /// What could not be listed.
    pub problems: Vec<Problem>,
}

/// Finds the files that the profile looks for in a tree, and reads none of them.
#[must_use]
pub fn files(rules: &EvidenceRules, tree: &dyn Tree) -> NamedFiles {
    let mut named = NamedFiles::default();
    // Of files with tests the names would do, and a tree of git has no file without its content.
    let read = rules.source.iter().filter(|rule| rule.kind != SourceKind::TestFiles.word());
    for pattern in read.flat_map(|rule| &rule.paths) {
        let found = paths::matching(tree, &[pattern.as_str()]);
        named.files.extend(found.files);
        named.problems.extend(found.problems);
    }
    named.files.sort();
    named.files.dedup();
    named
}

/// The sources of one kind in one tree: one for each of the places that the rule names and the tree has.
fn read(rules: &EvidenceRules, given: &Given<'_>, rule: &SourceRule) -> Vec<FactSource> {
    let Some(reader) = reader(&rule.kind) else { return Vec::new() };
    // Two patterns may be about one folder: what they find there is one source.
    let mut places: Vec<(&str, Vec<&str>)> = Vec::new();
    for pattern in &rule.paths {
        let place = paths::place(pattern);
        match places.iter_mut().find(|(known, _)| *known == place) {
            Some((_, patterns)) => patterns.push(pattern),
            None => places.push((place, vec![pattern])),
        }
    }
    places.iter().filter_map(|(place, patterns)| read_place(rules, given, rule, reader, (place, patterns))).collect()
}

fn read_place(
    rules: &EvidenceRules,
    given: &Given<'_>,
    rule: &SourceRule,
    reader: &Reader,
    (place, patterns): (&str, &[&str]),
) -> Option<FactSource> {
    let found = paths::matching(given.tree, patterns);
    if found.files.is_empty() && found.problems.is_empty() {
        return None;
    }
    let registry: Option<Arc<str>> = rule.registry.as_deref().map(Arc::from);
    let readings: Vec<(Vec<Fact>, Vec<Problem>)> = found
        .files
        .par_iter()
        .map(|path| Reading::of(given.tree, path, rules, registry.clone(), (reader.kind, reader.read)))
        .collect();
    let (facts, problems): (Vec<Vec<Fact>>, Vec<Vec<Problem>>) = readings.into_iter().unzip();
    Some(FactSource {
        name: Arc::clone(&given.name),
        version: Arc::clone(&given.version),
        release: Release::parse(&given.version),
        kind: reader.kind,
        path: place.into(),
        facts: facts.into_iter().flatten().collect(),
        problems: found.problems.into_iter().chain(problems.into_iter().flatten()).collect(),
    })
}
