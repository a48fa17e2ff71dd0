//! `signoff upgrade`: wiring, exit codes, and files as people name them.

use crate::project::Project;

const LIST: &str = "test/compatibility_lifecycle/reference/versioned_feature_list.yaml";

/// Two versions: one gate goes, one is locked, one default changes.
fn project() -> Project {
    let project = Project::base();
    let gate = |name: &str, specs: &[(&str, &str, bool, bool)]| {
        let specs = specs.iter().map(|(since, stage, default, locked)| {
            format!("  - default: {default}\n    lockToDefault: {locked}\n    preRelease: {stage}\n    version: \"{since}\"\n")
        });
        format!("- name: {name}\n  versionedSpecs:\n{}", specs.collect::<String>())
    };
    let kept = gate("Locks", &[("1.34", "Beta", true, false), ("1.36", "GA", true, true)])
        + &gate("Flips", &[("1.34", "Alpha", false, false), ("1.36", "Beta", true, false)]);
    let before = kept.clone() + &gate("Gone", &[("1.34", "GA", true, true)]);
    project.write(&format!("code/kubernetes-1.35.1/{LIST}"), before);
    project.write(&format!("code/kubernetes-1.36.0/{LIST}"), kept);
    project.write(
        "cluster/kubelet.yaml",
        "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nfeatureGates:\n  Gone: true\n  Flips: false\n",
    );
    project.write("cluster/odd.yaml", "widgets: 3\n");
    project
}

const ASK: [&str; 7] = ["upgrade", "--from", "1.35", "--to", "1.36", "--code", "code"];

fn asked<'a>(more: &[&'a str]) -> Vec<&'a str> {
    ASK.iter().copied().chain(more.iter().copied()).collect()
}

#[test]
fn exit_codes() {
    let project = project();
    let cases: [(&[&str], i32); 8] = [
        (&[], 0),
        (&["--require-complete"], 1),
        (&["--config", "cluster/kubelet.yaml"], 1),
        (&["--config", "cluster"], 1),
        (&["--config", "cluster/kubelet.yaml", "--component", "kube-proxy"], 0),
        (&["--config", "cluster/none.yaml"], 2),
        (&["--component", "kubelt"], 2),
        (&["--emulate", "1.37"], 2),
    ];
    for (more, code) in cases {
        let run = project.run(&asked(more));
        assert_eq!(run.code, code, "{more:?}: {}{}", run.out, run.err);
    }
    let beyond = ["upgrade", "--from", "1.35", "--to", "1.37", "--code", "code"];
    let run = project.run(&beyond);
    assert_eq!(run.code, 2);
    assert!(run.complaint().contains("1.37 lies beyond 1.36.0"), "{}", run.err);
    let allowed: Vec<&str> = beyond.into_iter().chain(["--allow-unknown"]).collect();
    assert!(project.printed(0, &allowed).contains("nothing is known of 1.37"));
    let packs = project.printed(0, &["upgrade", "--from", "1.35", "--to", "1.36"]);
    assert!(packs.starts_with("Read: lists of 1.35"), "the packs that come with the program are read: {packs}");
}

#[test]
fn what_is_said_of_files() {
    let project = project();
    let shown = project.json(&asked(&["--config", "cluster"]));
    assert_eq!(shown["schema"], "signoff.upgrade/1");
    assert_eq!((&shown["from"], &shown["to"]), (&"1.35.1".into(), &"1.36.0".into()));
    assert_eq!(shown["complete"], false);
    let changes = shown["changes"].as_array().expect("changes");
    let first = &changes[0];
    assert_eq!(
        (&first["gate"], &first["change"], &first["level"]),
        (&"Gone".into(), &"removed".into(), &"breaks".into())
    );
    assert_eq!(first["set_in"][0]["path"], "cluster/kubelet.yaml");
    assert_eq!(first["set_in"][0]["line"], 4);
    let gaps = shown["not_inspected"].as_array().expect("gaps");
    let is_named = |path: &str| gaps.iter().any(|gap| gap["path"] == path && gap["what"] == "file");
    assert!(is_named("cluster/odd.yaml"), "{gaps:?}");
    let written = project.run(&asked(&["--config", "cluster", "--format", "markdown"])).out;
    assert!(
        written.starts_with("Read: lists of 1.35.1, 1.36.0; cluster/kubelet.yaml (kubelet). Not looked at: "),
        "{written}"
    );
}

#[test]
fn without_proposals() {
    let project = project();
    let other = Project::empty();
    let code = project.at("code");
    let code = code.to_str().expect("a name");
    let run = other.run(&["upgrade", "--from", "1.35", "--to", "1.36", "--code", code]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("no proposals are here"), "{}", run.err);
    assert!(run.out.contains("no proposals were read"), "{}", run.out);
}
