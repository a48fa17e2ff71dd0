//! The sources of real versions, where they are at hand.

use std::path::{Path, PathBuf};
use std::time::Instant;

use signoff_evidence::pack;
use signoff_model::fact::{Facts, Record, SourceKind, Use};

use crate::trees::{facts, folder};

/// The folder of evidence: in that named by `SIGNOFF_CORPORA`, or beside the workspace.
pub fn evidence() -> Option<PathBuf> {
    let named = std::env::var_os("SIGNOFF_CORPORA").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"));
    let evidence = folder.join("evidence");
    if !evidence.is_dir() {
        eprintln!("not run: no folder evidence in SIGNOFF_CORPORA or ../shared/corpora");
        return None;
    }
    Some(evidence)
}

/// The trees, and which version each is of.
const TREES: &[(&str, &str)] = &[
    ("kubernetes-1.33.2", "1.33.2"),
    ("kubernetes-1.34.2", "1.34.2"),
    ("kubernetes-1.35.3", "1.35.3"),
    ("kubernetes-1.36.2", "1.36.2"),
    ("website", "1.35"),
    ("sig-release", "x"),
    ("apisnoop", "x"),
    ("live", "x"),
];

/// Counted with other programs; the stages of the table and the entries of the changelog as they were read first.
const COUNTS: &[Count] = &[
    Count { tree: "kubernetes-1.33.2", version: "1.33.2", kind: SourceKind::FeatureList, facts: 184, parts: 341 },
    Count { tree: "kubernetes-1.33.2", version: "1.33.2", kind: SourceKind::MetricsList, facts: 480, parts: 54 },
    Count { tree: "kubernetes-1.33.2", version: "1.33.2", kind: SourceKind::StableMetrics, facts: 55, parts: 55 },
    Count { tree: "kubernetes-1.34.2", version: "1.34.2", kind: SourceKind::FeatureList, facts: 201, parts: 393 },
    Count { tree: "kubernetes-1.34.2", version: "1.34.2", kind: SourceKind::MetricsList, facts: 480, parts: 54 },
    Count { tree: "kubernetes-1.34.2", version: "1.34.2", kind: SourceKind::StableMetrics, facts: 60, parts: 60 },
    Count { tree: "kubernetes-1.35.3", version: "1.35.3", kind: SourceKind::FeatureList, facts: 210, parts: 416 },
    Count { tree: "kubernetes-1.35.3", version: "1.35.3", kind: SourceKind::GateDependencies, facts: 33, parts: 38 },
    Count { tree: "kubernetes-1.35.3", version: "1.35.3", kind: SourceKind::MetricsList, facts: 510, parts: 60 },
    Count { tree: "kubernetes-1.35.3", version: "1.35.3", kind: SourceKind::StableMetrics, facts: 63, parts: 63 },
    Count { tree: "kubernetes-1.36.2", version: "1.36.2", kind: SourceKind::FeatureList, facts: 230, parts: 465 },
    Count { tree: "kubernetes-1.36.2", version: "1.36.2", kind: SourceKind::FeatureTable, facts: 238, parts: 472 },
    Count { tree: "kubernetes-1.36.2", version: "1.36.2", kind: SourceKind::MetricsList, facts: 550, parts: 74 },
    Count { tree: "kubernetes-1.36.2", version: "1.36.2", kind: SourceKind::StableMetrics, facts: 90, parts: 90 },
    Count { tree: "kubernetes-1.36.2", version: "1.36.2", kind: SourceKind::ConformanceTests, facts: 446, parts: 456 },
    Count { tree: "kubernetes-1.36.2", version: "1.36.2", kind: SourceKind::IneligibleEndpoints, facts: 101, parts: 0 },
    Count { tree: "kubernetes-1.36.2", version: "1.36.2", kind: SourceKind::OpenApi, facts: 771, parts: 3137 },
    Count { tree: "kubernetes-1.36.2", version: "1.36.2", kind: SourceKind::Discovery, facts: 78, parts: 0 },
    Count { tree: "kubernetes-1.36.2", version: "1.36.2", kind: SourceKind::Changelog, facts: 306, parts: 13 },
    Count { tree: "website", version: "1.35", kind: SourceKind::GatePages, facts: 440, parts: 1022 },
    Count { tree: "website", version: "1.35", kind: SourceKind::ProgramReference, facts: 141, parts: 73 },
    Count { tree: "website", version: "1.35", kind: SourceKind::ReleaseSchedule, facts: 34, parts: 57 },
    Count { tree: "sig-release", version: "x", kind: SourceKind::ReleaseNotes, facts: 724, parts: 130 },
    Count { tree: "apisnoop", version: "x", kind: SourceKind::IneligibleEndpoints, facts: 101, parts: 0 },
    Count { tree: "apisnoop", version: "x", kind: SourceKind::EndpointCoverage, facts: 3473, parts: 2068 },
    Count { tree: "live", version: "x", kind: SourceKind::Discovery, facts: 51, parts: 0 },
];

/// What a kind has in one tree: facts, and something to count in each.
struct Count {
    tree: &'static str,
    version: &'static str,
    kind: SourceKind,
    facts: usize,
    parts: usize,
}

/// What is counted in a fact: its stages, its labels, its fields, and the like.
fn parts(record: &Record) -> usize {
    match record {
        Record::Gate(gate) => gate.specs.len(),
        Record::Declaration(declaration) => declaration.needs.as_ref().map_or(0, Vec::len),
        Record::Page(page) => page.stages.len(),
        Record::Use(gate_use) => usize::from(matches!(gate_use.by, Use::Program { default: Some(true), .. })),
        Record::Metric(metric) => usize::from(metric.stability.as_deref() != Some("ALPHA")),
        Record::Conformance(test) => test.releases.len(),
        Record::Endpoint(endpoint) => usize::from(endpoint.conformance == Some(true)),
        Record::Type(api_type) => api_type.fields.len(),
        Record::Resource(_) | Record::TestFile => 0,
        Record::Change(change) => usize::from(!change.proposals.is_empty()),
        Record::Dates(dates) => dates.patches.len(),
        Record::Run(run) => run.tests.as_ref().map_or(0, Vec::len),
    }
}

#[test]
fn every_fact_of_the_corpora_is_read() {
    let Some(evidence) = evidence() else { return };
    for (tree, version) in TREES {
        let facts = facts(tree, version, &folder(&evidence.join(tree)));
        let problems: Vec<_> = facts.sources.iter().flat_map(|source| &source.problems).collect();
        assert!(problems.is_empty(), "{problems:?}");
        let expected = COUNTS.iter().filter(|count| count.tree == *tree);
        for Count { version: of, kind, facts: number, parts: of_parts, .. } in expected {
            assert_eq!(of, version);
            let read: Vec<_> = facts.of(*kind).flat_map(|source| &source.facts).collect();
            let counted: usize = read.iter().map(|fact| parts(&fact.record)).sum();
            assert_eq!((read.len(), counted), (*number, *of_parts), "{tree} {}", kind.word());
        }
        let kinds = facts.sources.iter().filter(|source| !source.facts.is_empty()).map(|source| source.kind);
        for kind in kinds {
            let is_counted = COUNTS.iter().any(|count| count.tree == *tree && count.kind == kind);
            assert!(is_counted, "{tree} has facts of the kind {}", kind.word());
        }
    }
}

#[test]
fn what_is_known_of_the_corpora_is_so() {
    let Some(evidence) = evidence() else { return };
    let of = |tree: &str, version: &str| facts(tree, version, &folder(&evidence.join(tree)));
    let records = |facts: &Facts, kind: SourceKind| -> Vec<Record> {
        facts.of(kind).flat_map(|source| &source.facts).map(|fact| fact.record.clone()).collect()
    };

    let website = of("website", "1.35");
    let pages = records(&website, SourceKind::GatePages);
    let is_removed = |record: &&Record| matches!(record, Record::Page(page) if page.removed);
    assert_eq!(pages.iter().filter(is_removed).count(), 225);
    let locked = |record: &Record| matches!(record, Record::Page(page) if page.stages.iter().any(|stage| stage.locked));
    assert_eq!(pages.iter().filter(|record| locked(record)).count(), 38);
    let renamed = |record: &&Record| matches!(record, Record::Page(page) if !page.former.is_empty());
    assert_eq!(pages.iter().filter(renamed).count(), 1);

    let newest = of("kubernetes-1.36.2", "1.36.2");
    let needs = |record: &&Record| matches!(record, Record::Gate(gate) if gate.needs.as_ref().is_some_and(|needs| !needs.is_empty()));
    assert_eq!(records(&newest, SourceKind::FeatureTable).iter().filter(needs).count(), 49);
    let of_group = |group: &str, kind: &str| {
        let types = records(&newest, SourceKind::OpenApi);
        types
            .iter()
            .any(|record| matches!(record, Record::Type(found) if &*found.group == group && &*found.kind == kind))
    };
    let known = [
        ("", "PodSpec"),
        ("apps", "DeploymentSpec"),
        ("rbac.authorization.k8s.io", "PolicyRule"),
        ("resource.k8s.io", "DeviceClaim"),
        ("flowcontrol.apiserver.k8s.io", "FlowSchemaSpec"),
        ("apiextensions.k8s.io", "JSONSchemaProps"),
        ("meta", "DeleteOptions"),
    ];
    for (group, kind) in known {
        assert!(of_group(group, kind), "{group} {kind}");
    }
    let notes = of("sig-release", "x");
    let is_of = |record: &&Record, of: &str| matches!(record, Record::Change(change) if &*change.version == of && !change.proposals.is_empty());
    let notes = records(&notes, SourceKind::ReleaseNotes);
    assert_eq!(["1.36", "1.37"].map(|of| notes.iter().filter(|record| is_of(record, of)).count()), [68, 62]);
}

#[test]
fn packs_of_the_corpora_are_small() {
    let Some(evidence) = evidence() else { return };
    let mut all = Facts::default();
    for (tree, version) in TREES.iter().filter(|(_, version)| *version != "x") {
        let facts = facts(tree, version, &folder(&evidence.join(tree)));
        let packed = pack::write(&facts);
        assert_eq!(pack::read(&packed).as_ref(), Ok(&facts), "{tree}");
        eprintln!("{tree}: a pack of {} bytes", packed.len());
        assert!(packed.len() < 160 * 1024, "{tree}: {} bytes", packed.len());
        all.sources.extend(facts.sources);
    }
    let packed = pack::write(&all);
    let started = Instant::now();
    let read = pack::read(&packed);
    eprintln!("all in one: {} bytes, read in {:?}", packed.len(), started.elapsed());
    assert_eq!(read, Ok(all));
}
