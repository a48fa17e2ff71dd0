//! One case for each rule.

use signoff_analysis::upgrade::{Asked, Change, Question};
use signoff_model::configured::{ConfigFormat, Configured, FlagSetting, Place};

use super::given::{self, ask};

/// `level kind subject`, of the way back with `<`, of what is so today with `!`, and the version that brings it.
fn line(change: &Change) -> String {
    let mark = if change.back {
        " <"
    } else if change.already {
        " !"
    } else {
        ""
    };
    let release = change.release.as_deref().map(|release| format!(" {release}")).unwrap_or_default();
    format!("{} {} {}{release}{mark}", change.level.word(), change.kind.word(), change.subject)
}

/// What is told of the settings of one component.
fn told(question: &Question<'_>) -> Vec<String> {
    let report = ask(&given::small(), question).expect("a report");
    report.changes.iter().filter(|change| !change.set_in.is_empty()).map(line).collect()
}

#[test]
fn settings() {
    let cases: [(&str, &str, &str, &str, &[&str]); 23] = [
        ("nothing", "1.34", "1.36", "Alpha=true", &[]),
        ("gone", "1.34", "1.36", "Gone=true", &["breaks removed Gone 1.35"]),
        ("gone and set against its lock", "1.34", "1.36", "Gone=false", &["breaks removed Gone 1.35 !"]),
        ("gone later", "1.34", "1.36", "Late=true", &["breaks removed Late 1.36"]),
        ("unknown", "1.34", "1.36", "Nobody=true", &["breaks unknown-gate Nobody 1.35 !"]),
        ("locked against", "1.34", "1.36", "Locks=false", &["breaks locked Locks 1.36"]),
        ("locked against for long", "1.33", "1.34", "Gone=false", &["breaks locked Gone 1.31 !"]),
        ("locked and redundant", "1.34", "1.36", "Locks=true", &["notice locked Locks 1.36"]),
        ("kept", "1.34", "1.36", "Flips=false", &["notice default-flipped Flips 1.36"]),
        (
            "deprecated",
            "1.34",
            "1.36",
            "Dying=true",
            &["notice default-flipped Dying 1.35", "notice deprecated Dying 1.35"],
        ),
        ("too early", "1.34", "1.36", "Fresh=true", &["review unknown-gate Fresh <"]),
        ("the last holds", "1.34", "1.36", "Locks=false,Locks=true", &["notice locked Locks 1.36"]),
        ("unmet by off", "1.34", "1.35", "Base=false", &["breaks dependency-unmet Upper 1.35"]),
        ("unmet on the way", "1.34", "1.36", "Base=false", &["breaks dependency-unmet Upper 1.35"]),
        ("unmet by on", "1.35", "1.36", "Lonely=true", &["breaks dependency-unmet Lonely 1.36 !"]),
        ("met", "1.35", "1.36", "Lonely=true,Alpha=true", &[]),
        ("not checked yet", "1.33", "1.34", "Base=false,Upper=true", &[]),
        ("no boolean", "1.34", "1.36", "Still=maybe", &["breaks invalid-setting Still !"]),
        ("no prefixes", "1.34", "1.36", "kube:Still=true", &["breaks unknown-gate Still 1.35 !"]),
        ("not to be set yet", "1.35", "1.36", "Soon=true", &["breaks unknown-gate Soon 1.36 !"]),
        ("down", "1.36", "1.35", "Fresh=true", &["breaks unknown-gate Fresh 1.35"]),
        (
            "down to what was gone",
            "1.36",
            "1.34",
            "Gone=true",
            &["review unknown-gate Gone <", "notice locked Gone 1.34"],
        ),
        (
            "a stage",
            "1.35",
            "1.36",
            "AllBeta=false",
            &[
                "behaviour default-flipped Locks 1.36",
                "notice default-flipped Flips 1.36",
                "notice default-flipped Top 1.36",
            ],
        ),
    ];
    for (name, from, to, settings, expected) in cases {
        let configured = [given::component("kubelet", settings)];
        let told = told(&given::question(from, to, &configured));
        assert_eq!(told, expected, "{name}");
    }
}

#[test]
fn what_keeps_things_as_they_are() {
    let cases = [
        ("Gone=true", "Gone", "remove the setting in kubelet.yaml:1; it was on without it before, and stays so"),
        ("Locks=false", "Locks", "cannot be kept: the gate is locked to on; remove the setting in kubelet.yaml:1"),
        ("Base=false", "Upper", "set `Upper=false` and `Top=false` too, or turn `Base` on"),
        ("Stil=false", "Stil", "remove the setting in kubelet.yaml:1, or write `Still` if that is meant"),
        ("Still=true", "Flips", "set `Flips=false`"),
        ("Still=true", "Falls", "set `Falls=true`"),
        ("Still=true", "Upper", "set `Upper=false` with `Top=false`, which would not start without it"),
    ];
    for (settings, subject, keep) in cases {
        let configured = [given::component("kubelet", settings)];
        let report = ask(&given::small(), &given::question("1.34", "1.36", &configured)).expect("a report");
        let change = report.changes.iter().find(|change| change.subject == subject).expect("a change");
        let said = change.keep_today.as_deref().unwrap_or_default();
        assert!(said.starts_with(keep), "{subject}: {said}");
    }
}

#[test]
fn both_ways() {
    let configured = [given::component("kubelet", "Fresh=true,Gone=true")];
    let question = given::question("1.34", "1.36", &configured);
    let expected = ["breaks removed Gone 1.35", "breaks unknown-gate Fresh <"];
    let mut found = told(&Question { both_ways: true, ..question });
    found.sort();
    let mut sorted = expected.to_vec();
    sorted.sort_unstable();
    assert_eq!(found, sorted);
}

/// A component that emulates a version by its flag.
fn emulating(component: &str, settings: &str, value: &str) -> Configured {
    let flag = FlagSetting {
        name: "emulated-version".into(),
        value: Some(value.into()),
        place: Place { path: "manifest.yaml".into(), line: Some(20) },
    };
    Configured { flags: vec![flag], ..given::component(component, settings) }
}

#[test]
fn emulation() {
    let cases: [(&str, &str, &str, &[&str]); 7] = [
        ("kube-apiserver", "Fresh=true", "1.35", &["breaks unknown-gate Fresh 1.36 !"]),
        ("kube-apiserver", "Locks=false", "kube=1.35", &[]),
        ("kube-apiserver", "Late=true", "1.35", &["breaks removed Late 1.36"]),
        ("kube-apiserver", "kube:Locks=false", "1.34,other=1.2", &[]),
        ("kube-apiserver", "kube:Still=false,Alpha=true", "1.35", &["breaks invalid-setting Still !"]),
        ("kube-apiserver", "Still=true", "1.36", &["review invalid-setting emulated-version <"]),
        ("kubelet", "Locks=false", "1.35", &["breaks locked Locks 1.36"]),
    ];
    for (component, settings, value, expected) in cases {
        let configured = [emulating(component, settings, value)];
        let mut question = given::question("1.35", "1.36", &configured);
        let report = ask(&given::small(), &question).expect("a report");
        let told = |report: &signoff_analysis::upgrade::Report| -> Vec<String> {
            let of_it = report.changes.iter().filter(|change| !change.set_in.is_empty());
            of_it.filter(|change| change.level.word() != "notice").map(line).collect()
        };
        assert_eq!(told(&report), expected, "{component} {settings} {value}");
        if component == "kube-apiserver" && value == "1.35" {
            // The same, asked for by option.
            let plain = [given::component(component, settings)];
            question.configured = &plain;
            question.emulation = Some(Asked::parse("1.35").expect("a version").release);
            let told = told(&ask(&given::small(), &question).expect("a report"));
            let without_mark: Vec<String> =
                expected.iter().map(|line| line.trim_end_matches(" !").to_owned()).collect();
            let told: Vec<String> = told.iter().map(|line| line.trim_end_matches(" !").to_owned()).collect();
            assert_eq!(told, without_mark, "{settings} by option");
        }
    }
    let later = Question {
        emulation: Some(Asked::parse("1.37").expect("a version").release),
        ..given::question("1.35", "1.36", &[])
    };
    assert!(ask(&given::small(), &later).is_err());
}

#[test]
fn what_emulates_keeps_its_defaults() {
    let configured = [emulating("kube-apiserver", "", "1.35")];
    let report = ask(&given::small(), &given::question("1.35", "1.36", &configured)).expect("a report");
    let flips = report.changes.iter().find(|change| change.subject == "Flips" && change.instance.is_empty());
    let components = &flips.expect("a change").components;
    assert!(!components.contains(&"kube-apiserver".to_owned()) && components.contains(&"kubelet".to_owned()));
}

#[test]
fn nothing_configured() {
    let report = ask(&given::small(), &given::question("1.34.2", "1.36.2", &[])).expect("a report");
    let told: Vec<String> = report.changes.iter().filter(|change| change.is_gate).map(line).collect();
    let expected = [
        "behaviour default-flipped Dying 1.35",
        "behaviour default-flipped Falls 1.35",
        "behaviour default-flipped Flips 1.36",
        "behaviour new FreshOn 1.36",
        "behaviour default-flipped Top 1.36",
        "behaviour default-flipped Upper 1.35",
        "notice new Ancient 1.36",
        "notice new Fresh 1.36",
        "notice removed Gone 1.35",
        "notice removed Late 1.36",
        "notice locked Locks 1.36",
        "notice new Soon 1.36",
        "notice removed Withdrawn 1.35",
    ];
    assert_eq!(told, expected);
    assert_eq!(report.hops.len(), 2);
}

#[test]
fn patch_releases_flip_defaults() {
    let tree = |default: &str| {
        signoff_model::MemoryTree::new([(given::LIST, given::list(&format!("Wobbles: 1.35 beta {default}")))])
    };
    let files = given::Files::from([("1.35.2".to_owned(), tree("on")), ("1.35.3".to_owned(), tree("off"))]);
    let report = ask(&files, &given::question("1.35.2", "1.35.3", &[])).expect("a report");
    let told: Vec<String> = report.changes.iter().filter(|change| change.is_gate).map(line).collect();
    assert_eq!(told, ["behaviour default-flipped Wobbles 1.35.3"]);
    assert!(report.hops.is_empty());
    let unpatched = ask(&files, &given::question("1.35", "1.35.3", &[])).expect("a report");
    assert_eq!(signoff_analysis::upgrade::spelt(unpatched.from.release), "1.35.3");
}

#[test]
fn two_entries_of_one_version_leave_the_default_open() {
    let list = given::list("Open: 1.34 alpha off, 1.35 beta on, 1.35 beta off\nAbove: 1.35 beta on");
    let needs = "Above: [Open]\n";
    let before = given::list("Open: 1.34 alpha off");
    let files = given::Files::from([
        ("1.34.2".to_owned(), signoff_model::MemoryTree::new([(given::LIST, before)])),
        ("1.35.3".to_owned(), signoff_model::MemoryTree::new([(given::LIST, list), (given::NEEDS, needs.to_owned())])),
    ]);
    let configured = [given::component("kubelet", "Above=true")];
    let report = ask(&files, &given::question("1.34", "1.35", &configured)).expect("a report");
    let told: Vec<String> = report
        .changes
        .iter()
        .filter(|change| change.is_gate && change.level.word() == "review")
        .map(|change| format!("{} {}", line(change), change.certainty.word()))
        .collect();
    assert_eq!(
        told,
        [
            "review default-flipped Open 1.35 unknown",
            "review dependency-unmet Above 1.35 unknown",
            "review unknown-gate Above < observed"
        ]
    );
}

#[test]
fn beside_gates() {
    let place = |line: usize| Place { path: "kubelet.yaml".into(), line: Some(line) };
    let flag = FlagSetting { name: "pod-infra-container-image".into(), value: Some("pause".into()), place: place(7) };
    let kubelet = Configured { flags: vec![flag], ..given::component("kubelet", "") };
    let format = ConfigFormat {
        api_version: "kubescheduler.config.k8s.io/v1beta3".into(),
        kind: "KubeSchedulerConfiguration".into(),
        place: Place { path: "scheduler.yaml".into(), line: Some(1) },
    };
    let scheduler = Configured { formats: vec![format], ..given::component("kube-scheduler", "") };
    let configured = [kubelet, scheduler];
    let report = ask(&given::small(), &given::question("1.34", "1.36", &configured)).expect("a report");
    let told: Vec<String> = report.changes.iter().filter(|change| !change.is_gate).map(line).collect();
    assert_eq!(
        told,
        [
            "breaks config-version-removed kubescheduler.config.k8s.io/v1beta3 1.29 !",
            "breaks flag-removed --pod-infra-container-image 1.35",
            "review default-flipped failCgroupV1 1.35",
        ]
    );
}
