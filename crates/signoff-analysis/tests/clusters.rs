//! What is on in a cluster: observed, inferred and unknown are never taken for each other.

use std::sync::Arc;

use jiff::Timestamp;
use signoff_analysis::cluster::{Cell, Matrix, SetUp};
use signoff_analysis::gates::Gates;
use signoff_analysis::profiles;
use signoff_model::Release;
use signoff_model::cluster::{
    ClusterNode, Outcome, Reading, ReadingKind, Reported, ReportedGate, RunningProgram, ServerVersion, Snapshot,
};
use signoff_model::configured::{Configured, FlagSetting, GateSetting, Place};
use signoff_model::fact::{
    Fact, FactSource, Facts, GateRecord, GateSpec, GateStage, Problem, Quote, Record, SourceKind,
};
use signoff_model::profile::EvidenceRules;

fn release(text: &str) -> Release {
    Release::parse(text).expect("a release")
}

/// Lists of two versions. `Old` is stable and locked from 1.36 on, `New` comes with 1.36.
fn facts() -> Facts {
    let spec = |stage, since: &str, default, locked| GateSpec {
        since: release(since),
        stage,
        default: Some(default),
        locked,
        min_compatibility: None,
        since_at: Quote::default(),
        stage_at: Quote::default(),
        default_at: Quote::default(),
        locked_at: Quote::default(),
    };
    let gate = |name: &str, specs| Fact {
        path: "list.yaml".into(),
        at: Quote::default(),
        record: Record::Gate(GateRecord { name: name.into(), specs, needs: None }),
    };
    let source = |version: &str| FactSource {
        name: "kubernetes".into(),
        version: version.into(),
        release: Release::parse(version),
        kind: SourceKind::FeatureList,
        path: "list.yaml".into(),
        facts: vec![
            gate("Old", vec![spec(GateStage::Beta, "1.34", true, false), spec(GateStage::Stable, "1.36", true, true)]),
            gate("New", vec![spec(GateStage::Alpha, "1.36", false, false)]),
            gate("Try", vec![spec(GateStage::Alpha, "1.34", false, false), spec(GateStage::Beta, "1.36", true, false)]),
            gate(
                "Twice",
                vec![spec(GateStage::Beta, "1.35", false, false), spec(GateStage::Beta, "1.35", true, false)],
            ),
        ],
        problems: Vec::new(),
    };
    Facts { sources: vec![source("1.35.3"), source("1.36.2")] }
}

fn rules() -> EvidenceRules {
    profiles::load("kep").expect("the profile").evidence
}

fn at() -> Timestamp {
    "2026-11-28T14:00:00Z".parse().expect("an instant")
}

/// A cluster of which nothing is known but its version.
fn snapshot(version: &str, emulated: Option<&str>) -> Snapshot {
    Snapshot {
        name: "prod".into(),
        taken_at: at(),
        version: Some(ServerVersion {
            written: format!("v{version}").into(),
            release: Release::parse(version),
            has_patch: true,
            build: None,
            emulation: emulated.and_then(Release::parse),
            min_compatibility: None,
        }),
        readings: Vec::new(),
        reported: Vec::new(),
        flags: Vec::new(),
        nodes: Vec::new(),
        programs: Vec::new(),
        configured: Vec::new(),
        metrics: Vec::new(),
    }
}

fn reading(what: ReadingKind, component: &str, instance: &str, outcome: Outcome) -> Reading {
    Reading { what, component: component.into(), instance: instance.into(), outcome, at: at() }
}

fn reported(component: &str, instance: &str, gates: &[(&str, bool)]) -> Reported {
    let gate = |(name, enabled): &(&str, bool)| ReportedGate {
        name: (*name).into(),
        stage: Some(GateStage::Alpha),
        enabled: *enabled,
    };
    let gates: Vec<ReportedGate> = gates.iter().map(gate).collect();
    let (component, instance) = (component.into(), instance.into());
    Reported { component, instance, source: ReadingKind::Metrics, at: at(), gates: gates.into() }
}

fn configured(component: &str, instance: &str, file: &str, gates: &[(&str, &str)]) -> Configured {
    let place = Place { path: file.into(), line: None };
    let gate = |(name, written): &(&str, &str)| {
        let (prefix, name) = name.split_once(':').map_or((None, *name), |(prefix, name)| (Some(prefix), name));
        GateSetting {
            name: name.into(),
            written: (*written).into(),
            value: written.parse().ok(),
            prefix: prefix.map(Arc::from),
            place: place.clone(),
        }
    };
    Configured {
        component: component.into(),
        instance: instance.into(),
        files: vec![file.into()],
        gates: gates.iter().map(gate).collect(),
        ..Configured::default()
    }
}

fn node(name: &str, version: &str, declared: &[&str]) -> ClusterNode {
    let declared_features = declared.iter().map(|name| (*name).into()).collect();
    ClusterNode { name: name.into(), kubelet_version: version.into(), declared_features }
}

/// The cell of a gate as `known value`, with what decides it; of an unknown one the reason and the right.
fn cell(snapshot: &Snapshot, gate: &str, component: &str, instance: &str) -> String {
    let (facts, rules) = (facts(), rules());
    let gates = Gates::of(&facts, &rules);
    let matrix = Matrix::of(snapshot, &gates, &rules, &[gate.to_owned()]);
    let column =
        matrix.columns.iter().position(|column| *column.component == *component && *column.instance == *instance);
    let column = column.unwrap_or_else(|| panic!("no column {component} {instance}"));
    match &matrix.rows[0].cells[column] {
        Cell::Observed { value, source, .. } => format!("observed {} {}", value.word(), source.word()),
        Cell::Inferred { value, by, is_settled, .. } => {
            let by = by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
            format!("inferred {}{by}{}", value.word(), if *is_settled { "" } else { " perhaps" })
        }
        Cell::Unknown { reason, right } => format!("unknown {reason} [{}]", right.as_deref().unwrap_or_default()),
    }
}

#[test]
fn emulation_decides_before_the_version_does() {
    let cases = [
        ("1.36.2", None, "Try", "inferred on perhaps"),
        ("1.36.2", Some("1.35"), "Try", "inferred off perhaps"),
        ("1.36.2", Some("1.35"), "New", "inferred missing perhaps"),
        ("1.36.2", None, "New", "inferred off perhaps"),
        ("1.35.3", None, "New", "inferred missing perhaps"),
        ("1.36.2", None, "Other", "unknown no list of v1.36.2 has it []"),
        ("1.30.1", None, "Old", "unknown no list of v1.30.1 was given []"),
        ("1.36.2", None, "Twice", "unknown the list has two entries for this version, and does not say which holds []"),
    ];
    for (version, emulated, gate, expected) in cases {
        assert_eq!(cell(&snapshot(version, emulated), gate, "kube-apiserver", ""), expected, "{version} {gate}");
    }
    // A component may emulate another version than the API server.
    let mut one = snapshot("1.36.2", None);
    let mut scheduler = configured("kube-scheduler", "cp1", "pod/s", &[]);
    let place = Place { path: "pod/s".into(), line: None };
    scheduler.flags = vec![FlagSetting { name: "emulated-version".into(), value: Some("kube=1.35".into()), place }];
    one.configured.push(scheduler);
    one.programs.push(RunningProgram {
        component: "kube-scheduler".into(),
        instance: "cp1".into(),
        version: "v1.36.2".into(),
    });
    assert_eq!(cell(&one, "Try", "kube-scheduler", "cp1"), "inferred off");
}

#[test]
fn what_one_component_reports_is_not_what_another_does() {
    let mut one = snapshot("1.36.2", None);
    one.reported.push(reported("kube-apiserver", "", &[("Old", false)]));
    one.readings.push(reading(ReadingKind::Metrics, "kube-apiserver", "", Outcome::Read));
    one.nodes.push(node("n1", "v1.35.3", &["Try"]));
    one.readings.push(reading(ReadingKind::Pods, "", "", Outcome::Denied("needs list on pods".into())));
    assert_eq!(cell(&one, "Old", "kube-apiserver", ""), "observed off metrics");
    assert_eq!(cell(&one, "Try", "kube-apiserver", ""), "observed missing metrics");
    assert_eq!(cell(&one, "Old", "kubelet", "n1"), "inferred on perhaps");
    assert_eq!(cell(&one, "Try", "kubelet", "n1"), "observed on nodes");
    assert_eq!(
        cell(&one, "Old", "kube-scheduler", ""),
        "unknown its pods may not be read; its version is not known [needs list on pods]"
    );
    // What was read in part proves no absence.
    one.readings[0].outcome = Outcome::Partly("cut".into());
    assert!(cell(&one, "Try", "kube-apiserver", "").starts_with("unknown what it reports was read in part"));
}

#[test]
fn settings_win_over_whole_stages_and_those_over_defaults() {
    /// Settings, a gate, and what it is.
    type Case = (&'static [(&'static str, &'static str)], &'static str, &'static str);
    let cases: [Case; 8] = [
        (&[], "Try", "inferred on"),
        (&[("Try", "false")], "Try", "observed off configz"),
        (&[("Try", "false"), ("Try", "true")], "Try", "observed on configz"),
        (&[("kube:Try", "false")], "Try", "observed off configz"),
        (&[("other:Try", "false")], "Try", "inferred on"),
        (&[("AllBeta", "false")], "Try", "inferred off by AllBeta=false"),
        (&[("AllBeta", "false"), ("Try", "true")], "Try", "observed on configz"),
        (&[("AllBeta", "false"), ("AllAlpha", "true")], "New", "inferred on by AllAlpha=true"),
    ];
    for (settings, gate, expected) in cases {
        let mut one = snapshot("1.36.2", None);
        one.nodes.push(node("n1", "v1.36.2", &[]));
        one.configured.push(configured("kubelet", "n1", "node/n1/configz", settings));
        one.readings.push(reading(ReadingKind::Configz, "kubelet", "n1", Outcome::Read));
        assert_eq!(cell(&one, gate, "kubelet", "n1"), expected, "{settings:?}");
    }
    // What new nodes would start with says nothing of those that run.
    let mut one = snapshot("1.36.2", None);
    one.nodes.push(node("n1", "v1.36.2", &[]));
    one.configured.push(configured("kubelet", "n1", "configmap/kubelet-config", &[("Try", "false")]));
    assert_eq!(cell(&one, "Try", "kubelet", "n1"), "inferred on perhaps");
}

#[test]
fn replicas_and_nodes_that_differ_are_told_apart_from_those_that_may() {
    let (facts, rules) = (facts(), rules());
    let gates = Gates::of(&facts, &rules);
    let disagreeing = |snapshot: &Snapshot| -> Vec<String> {
        let matrix = Matrix::of(snapshot, &gates, &rules, &["Try".to_owned()]);
        let found = matrix.rows[0].disagreeing.iter();
        found.map(|one| format!("{} {}", one.component, one.is_observed)).collect()
    };
    let mut one = snapshot("1.36.2", None);
    one.nodes = vec![node("n1", "v1.36.2", &[]), node("n2", "v1.36.1", &[])];
    assert!(disagreeing(&one).is_empty());
    one.nodes[1] = node("n2", "v1.35.3", &[]);
    assert_eq!(disagreeing(&one), ["kubelet false"]);
    one.reported = vec![reported("kubelet", "n1", &[("Try", true)]), reported("kubelet", "n2", &[("Try", false)])];
    assert_eq!(disagreeing(&one), ["kubelet true"]);
    one.reported
        .extend([reported("kube-apiserver", "a", &[("Try", true)]), reported("kube-apiserver", "b", &[("Try", true)])]);
    assert_eq!(disagreeing(&one), ["kubelet true"]);
}

#[test]
fn a_cluster_as_input_tells_what_is_missing() {
    let mut one = snapshot("1.36.2", Some("1.35"));
    one.configured = vec![
        configured("kube-apiserver", "cp1", "pod/a", &[("Try", "false")]),
        configured("kube-apiserver", "", "configmap/kubeadm-config", &[("Old", "true")]),
        configured("kubeadm", "", "configmap/kubeadm-config", &[]),
    ];
    one.readings.push(reading(ReadingKind::Nodes, "", "", Outcome::Denied("needs list on nodes".into())));
    let set_up = SetUp::of(&one, &rules());
    let files: Vec<&str> = set_up.configured.iter().map(|one| &*one.files[0]).collect();
    assert_eq!(files, ["pod/a", "configmap/kubeadm-config"]);
    assert_eq!((set_up.release, set_up.emulation), (Release::parse("1.36.2"), Release::parse("1.35")));
    let kubelet = set_up.gaps.iter().find(|gap| gap.contains("kubelet")).expect("a gap");
    assert_eq!(kubelet, "the settings of kubelet were not read: its nodes may not be read (needs list on nodes)");
    assert!(!set_up.gaps.iter().any(|gap| gap.contains("kube-apiserver")));
}

#[test]
fn gaps_of_what_sets_a_component_up_leave_what_follows_in_doubt() {
    let mut one = snapshot("1.36.2", None);
    one.nodes.push(node("n1", "v1.36.2", &[]));
    let mut kubelet = configured("kubelet", "n1", "pod/k", &[("Old", "true")]);
    kubelet.gaps.push(Problem { path: "pod/k".into(), line: None, message: "its file was not given".into() });
    one.configured.push(kubelet);
    assert_eq!(cell(&one, "Try", "kubelet", "n1"), "inferred on perhaps");
    assert_eq!(cell(&one, "Old", "kubelet", "n1"), "observed on pods");
}

#[test]
fn the_questions_and_components_of_the_profile_are_there() {
    let profile = profiles::load("kep").expect("the profile");
    let rules = &profile.evidence;
    assert!(rules.cluster.components.contains(&rules.cluster.server));
    assert!(rules.cluster.components.contains(&rules.cluster.node));
    let prepared = signoff_model::profile::Prepared::new(profile.clone());
    let playbook = &rules.playbook;
    for id in playbook.consequences.iter().chain(&playbook.watch).chain(&playbook.failures) {
        assert!(prepared.question_by_id(id).is_some(), "{id}");
    }
}
