//! `linked-test`, `e2e-test`, `conformance-test`: whether the tests are there that a proposal links or owes.

use std::collections::BTreeSet;

use signoff_model::fact::{Evidence, Record, SourceKind, Use};
use signoff_model::profile::SectionRole;

use super::subject::{Subject, Subjects, stated};
use super::{ClaimKind, ClaimVerdict, Examined, Flaw};
use crate::rules::sections::with_role;

pub(super) fn judge<'c>(examined: &Examined<'c, '_>, subjects: &Subjects<'c>, found: &mut Vec<ClaimVerdict<'c>>) {
    linked(examined, found);
    let bound = subjects.bound();
    found.extend(bound.iter().filter_map(|subject| end_to_end(examined, subject)));
}

/// A file of the code that a link of the test plan leads to, and whether it is that of a branch that moves on.
fn file_of<'t>(examined: &Examined<'_, '_>, target: &'t str) -> Option<(&'t str, bool)> {
    let code = &examined.corpus.prepared.profile.evidence.code;
    let rest = target.split_once("github.com/").map(|(_, rest)| rest)?;
    let mut parts = rest.splitn(5, '/');
    let (_, repository, kind, revision) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let path = parts.next()?.split(['#', '?']).next()?.trim_end_matches('/');
    let is_test = repository == code && kind == "blob" && path.contains("test");
    is_test.then_some((path, matches!(revision, "master" | "main" | "HEAD")))
}

fn linked<'c>(examined: &Examined<'c, '_>, found: &mut Vec<ClaimVerdict<'c>>) {
    let prepared = &examined.corpus.prepared;
    let Some(prose) = &examined.proposal.prose else { return };
    let plans = with_role(prepared, &prose.document, SectionRole::Tests);
    let mut seen = BTreeSet::new();
    for plan in plans {
        let extent = plan.section.extent;
        for link in prose.document.body.links.iter().filter(|link| extent.contains(link.span) && !link.image) {
            let Some((path, moves)) = file_of(examined, &link.target).filter(|(path, _)| seen.insert(*path)) else {
                continue;
            };
            let claim = examined.claim(ClaimKind::LinkedTest, path, path).stated(stated(&prose.source, link.span));
            found.push(match (test_file(examined, path), neighbour(examined, path)) {
                (Some(evidence), _) => claim.agree(path, "the code has the file").seen([evidence]),
                (None, Some(evidence)) if moves => {
                    let reason = "the folder is there, and the file is not: it was renamed or removed";
                    claim.drift(Flaw::TestMissing, None, reason).seen([evidence])
                }
                (None, Some(_)) => claim.unknown("the link is to a commit or a release of its own"),
                (None, None) => {
                    claim.unknown("no source in hand has the files of the tests; a checkout of the code would tell")
                }
            });
        }
    }
}

/// A list, or the code itself, that has a test file.
fn test_file(examined: &Examined<'_, '_>, path: &str) -> Option<Evidence> {
    let kinds = [SourceKind::TestFiles, SourceKind::ConformanceTests, SourceKind::TestLabels];
    let sources = kinds.into_iter().flat_map(|kind| examined.known.facts.of(kind));
    sources.flat_map(|source| source.facts.iter().map(move |fact| (source, fact))).find_map(|(source, fact)| {
        let is_in = match &fact.record {
            Record::Conformance(test) => &*test.file == path,
            Record::Use(_) | Record::TestFile => &*fact.path == path,
            _ => false,
        };
        is_in.then(|| source.evidence(&fact.path, &fact.at))
    })
}

/// Another test file of the same folder, by which one knows that the folder was looked at.
fn neighbour(examined: &Examined<'_, '_>, path: &str) -> Option<Evidence> {
    let (folder, _) = path.rsplit_once('/')?;
    let sources = examined.known.facts.of(SourceKind::TestFiles);
    sources.flat_map(|source| source.facts.iter().map(move |fact| (source, fact))).find_map(|(source, fact)| {
        let is_beside = fact.path.rsplit_once('/').is_some_and(|(other, _)| other == folder);
        is_beside.then(|| Evidence {
            text: format!("the folder has other tests, and no {}", path.rsplit('/').next().unwrap_or(path)),
            ..source.evidence(&folder.into(), &fact.at)
        })
    })
}

/// Whether a test is bound to the gate: told only where the labels of the tests were read.
fn end_to_end<'c>(examined: &Examined<'c, '_>, subject: &Subject<'c>) -> Option<ClaimVerdict<'c>> {
    let mut labels = examined.known.facts.of(SourceKind::TestLabels).peekable();
    labels.peek()?;
    let claim = examined.claim(ClaimKind::E2eTest, subject.name, "an end-to-end test").stated(subject.stated.clone());
    let bound = labels.flat_map(|source| source.facts.iter().map(move |fact| (source, fact))).find(|(_, fact)| {
        matches!(&fact.record, Record::Use(used) if matches!(used.by, Use::Test) && &*used.gate == subject.name)
    });
    Some(match bound {
        Some((source, fact)) => claim
            .agree("a test bound to the gate", "a test names the gate")
            .seen([source.evidence(&fact.path, &fact.at)]),
        None => claim.unknown("no test names the gate; labels differ from gates, and go when it is stable"),
    })
}
