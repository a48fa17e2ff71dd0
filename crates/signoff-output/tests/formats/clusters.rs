//! Clusters and playbooks: JSON fits its schema, tables have a row for each cell, and nothing steers a terminal.

use std::sync::Arc;

use signoff_analysis::claims::Known;
use signoff_analysis::cluster::Matrix;
use signoff_analysis::playbook::Playbook;
use signoff_model::Release;
use signoff_model::cluster::{
    ClusterNode, Outcome, Reading, ReadingKind, Reported, ReportedGate, ServedMetrics, ServerVersion, Snapshot,
};
use signoff_model::fact::{Facts, GateStage};
use signoff_output::cluster::{Clusters, Shown, write_human};
use signoff_output::{Look, playbook};

use crate::sample::Sample;
use crate::{expect, fits_own_schema, written};

/// A cluster whose every name would steer a terminal.
fn snapshot() -> Snapshot {
    let at = "2026-11-28T14:00:00Z".parse().expect("an instant");
    let odd = "n\u{1b}[31m1\n2";
    let reading = |what, component: &str, outcome| Reading {
        what,
        component: component.into(),
        instance: odd.into(),
        outcome,
        at,
    };
    let gate = |name: &str, enabled| ReportedGate { name: name.into(), stage: Some(GateStage::Beta), enabled };
    let reported = |instance: &str, enabled| Reported {
        component: "kubelet".into(),
        instance: instance.into(),
        source: ReadingKind::Metrics,
        at,
        gates: Arc::from([gate("Odd\u{202e}Gate", true), gate("WidgetPools", enabled)]),
    };
    Snapshot {
        name: "prod\u{7}".into(),
        taken_at: at,
        version: Some(ServerVersion {
            written: "v1.36.2\u{1b}]0;x".into(),
            release: Release::parse("1.36.2"),
            has_patch: true,
            build: Some("x\n".into()),
            emulation: Release::parse("1.35"),
            min_compatibility: None,
        }),
        readings: vec![
            reading(ReadingKind::Metrics, "kubelet", Outcome::Read),
            reading(ReadingKind::Configz, "kubelet", Outcome::Denied("needs \u{1b}[0m".into())),
        ],
        reported: vec![reported(odd, false), reported("n2", true)],
        flags: Vec::new(),
        nodes: vec![ClusterNode {
            name: odd.into(),
            kubelet_version: "v1.36.2".into(),
            declared_features: vec!["Odd\u{202e}Gate".into()],
        }],
        programs: Vec::new(),
        configured: Vec::new(),
        metrics: vec![ServedMetrics {
            component: "kubelet".into(),
            instances: vec![odd.into()],
            names: vec![("a_total".into(), Some("ALPHA".into()))],
        }],
    }
}

#[test]
fn clusters_in_every_format() {
    let sample = Sample::new();
    let (facts, snapshot) = (Facts::default(), snapshot());
    let known = Known::of(&facts, &sample.corpus.prepared.profile.evidence);
    let rules = &sample.corpus.prepared.profile.evidence;
    let now = "2026-11-30T14:00:00Z".parse().expect("an instant");
    let matrices = [Matrix::of(&snapshot, &known.gates, rules, &[])];
    let clusters = Clusters::new(&matrices, &sample.corpus, &known.metrics, now);
    let json = written(|out| clusters.write_json(out));
    fits_own_schema(&json);
    assert!(json.contains("\"age_seconds\":172800"), "{json}");
    let csv = written(|out| clusters.write_csv(out));
    assert_eq!(csv.lines().count(), 1 + matrices[0].rows.len() * matrices[0].columns.len());
    let look = Look::default();
    let table = written(|out| write_human(&clusters, Shown::default(), look, out));
    let one = [Matrix::of(&snapshot, &known.gates, rules, &["WidgetPools".to_owned()])];
    let asked = Clusters::new(&one, &sample.corpus, &known.metrics, now);
    let detail = written(|out| write_human(&asked, Shown { is_asked: true, all: false }, look, out));
    for text in [&json, &csv, &table, &detail] {
        assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text}");
    }
    expect("clusters.txt", &table);
    expect("clusters-gate.txt", &detail);
}

#[test]
fn playbooks_in_every_format() {
    let sample = Sample::new();
    let (facts, snapshots) = (Facts::default(), [snapshot()]);
    let known = Known::of(&facts, &sample.corpus.prepared.profile.evidence);
    let now = "2026-11-30T14:00:00Z".parse().expect("an instant");
    let made = Playbook::of("WidgetPools", &sample.corpus, &known, &snapshots);
    let output = playbook::Playbook::new(&made, now);
    let json = written(|out| output.write_json(out));
    fits_own_schema(&json);
    let human = written(|out| playbook::write_human(&output, Look::default(), out));
    let markdown = written(|out| playbook::write_markdown(&output, out));
    for text in [&json, &human, &markdown] {
        assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text}");
    }
    expect("playbook.txt", &human);
    expect("playbook.md", &markdown);
}
