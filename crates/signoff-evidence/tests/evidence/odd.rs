//! Every reader survives odd input, and says where it stands.

use signoff_evidence::SOURCES;
use signoff_model::MemoryTree;
use signoff_model::fact::Facts;

use crate::recorded::recorded;
use crate::trees::{facts, folder};

/// Files that are none of the kind, whatever it is.
fn foreign() -> Vec<Vec<u8>> {
    let deep = |open: &str| open.repeat(20_000).into_bytes();
    let texts = [
        "",
        "\n",
        "\0\0\0\0",
        "[]",
        "{}",
        "null",
        "\"text\"",
        "1.30",
        "- - - a",
        "a: b",
        "<a>",
        "---\n",
        "---\n---\n",
        "# v1\n",
    ];
    let wrong = [
        "- name: []\n- name: {a: b}\n- 1\n-\n",
        "[{\"endpoint\": 1}, 2, null, {\"endpoint\": []}]",
        "{\"definitions\": []}",
        "{\"components\": {\"schemas\": {\"a\": 1, \"\": {\"properties\": 3}}}}",
        "{\"items\": {\"metadata\": 1}, \"jobs\": [{\"runs\": [1, {\"tests\": 3}]}]}",
        "{\"items\": [{\"metadata\": {}, \"versions\": [{\"resources\": [1]}]}]}",
        "schedules: a\nbranches: [1, {release: x}]\n",
        "---\ntitle: [a]\nstages: {a: b}\nremoved: [x]\n---\n",
        "---\nstages: [a, {stage: }, {stage: beta, fromVersion: [1]}]\n---\n",
        "| Feature | Alpha |\n|--|--|\n| | |\n| A |\n| A | 1– | 2 | 3 |\n",
        "=true|false (=true|false (\u{e9}=true|false (BETA",
        "WithFeatureGate(WithFeatureGate([Feature:[FeatureGate:",
        "feature_gate_name=feature_gate_name=\"\u{e9}",
        "package a\nconst (A Feature = `x`; B Feature = \"\\\"\"; C Feature = )\nvar d = map[F]S{A: {{}}, B: {{PreRelease: }}}\n",
        "// +featureGate=\n// +k8s:prerelease-lifecycle-gen:introduced\ntype\ntype  struct {\n}\n",
    ];
    let mut all: Vec<Vec<u8>> = texts.iter().chain(&wrong).map(|text| text.as_bytes().to_vec()).collect();
    all.extend([deep("["), deep("{\"a\":"), deep("- "), deep("a: {"), deep("<a>"), deep("(")]);
    all.push((0..=255).cycle().take(70_000).collect());
    all.push(b"`a_b_c` ".repeat(20_000));
    all
}

/// A file of the kind with something done to it.
fn bent(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = (1..6).map(|part| bytes[..bytes.len() * part / 6].to_vec()).collect();
    let text = String::from_utf8_lossy(bytes);
    all.push(text.replace('\n', "\r\n").into_bytes());
    all.push(text.replace('\n', " ").into_bytes());
    all.push(text.replace(':', "\0:").into_bytes());
    all.push(text.replace('"', "").into_bytes());
    all.push(text.replace(['1', '2'], "\u{fffd}").into_bytes());
    all.push([b"\xef\xbb\xbf", bytes].concat());
    all.push([b"\xff\xfe", bytes].concat());
    all
}

fn read(path: &str, bytes: &[u8]) -> Facts {
    facts("odd", "1.36.2", &MemoryTree::new([(path, bytes)]))
}

/// What holds for every reading.
fn check(path: &str, bytes: &[u8]) {
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count() + 1;
    for source in &read(path, bytes).sources {
        for fact in &source.facts {
            assert_eq!(&*fact.path, path);
            assert!(fact.at.line as usize <= lines && fact.at.text.chars().count() <= 201, "{:?}", fact.at);
        }
        for problem in &source.problems {
            assert!(problem.line.is_none_or(|line| (1..=lines).contains(&line)), "{path}: {problem:?}");
            assert!(!problem.message.ends_with('.') && !problem.message.contains('\n'), "{path}: {problem:?}");
        }
    }
}

#[test]
fn every_reader_survives_odd_input() {
    let foreign = foreign();
    for reader in SOURCES {
        let tree = folder(&recorded().join(reader.kind.word()));
        let mut endings: Vec<&str> = Vec::new();
        for (path, bytes) in tree.files() {
            for odd in bent(bytes) {
                check(path, &odd);
            }
            let ending = path.rsplit('.').next().expect("an ending");
            if !endings.contains(&ending) {
                endings.push(ending);
                for odd in &foreign {
                    check(path, odd);
                }
            }
        }
    }
}

/// What stands before the place where a file was cut off is used, and that it was cut off is a problem.
#[test]
fn what_could_be_read_is_used() {
    let cases = [
        ("test/compatibility_lifecycle/reference/versioned_feature_list.yaml", "- name: A\n- name: B\n- name: \"C\n"),
        ("test/instrumentation/documentation/documentation-list.yaml", "- name: a\n- name: b\n- name: \"c\n"),
        ("coverage-1.36.0.json", "[{\"endpoint\": \"a\"},\n{\"endpoint\": \"b\"},\n{\"endpoint\": \"c"),
        ("api/openapi-spec/swagger.json", "{\"definitions\":\n{\"io.a.v1.A\": {},\n\"io.a.v1.B\": {},\n\"io.a"),
        (
            "api/discovery/aggregated_v2.json",
            "{\"items\": [{\"versions\": [{\"version\": \"v1\",\n\"resources\": [{\"resource\": \"a\"},\n{\"resource\": \"b\"}",
        ),
        ("pkg/features/kube_features.go", "package a\nconst A Feature = \"A\"\nconst B Feature = \"B\"\nvar c = (\n"),
    ];
    for (path, text) in cases {
        let facts = read(path, text.as_bytes());
        let [source] = facts.sources.as_slice() else { panic!("one source: {facts:?}") };
        assert_eq!(source.facts.len(), 2, "{path}: {source:?}");
        assert!(!source.problems.is_empty(), "{path}: {source:?}");
    }
}

/// A run of which some results are missing has none: the one that is missing may have failed.
#[test]
fn results_that_are_cut_off_prove_nothing() {
    let whole = "{\"jobs\": [{\"job\": \"a\", \"runs\": [{\"run\": \"1\", \"finished\": true, \"tests\": [{\"name\": \"t\", \"outcome\": \"passed\"}";
    for end in ["", ",", "]", "]}", "]}]}]"] {
        let facts = read("test-results.json", format!("{whole}{end}").as_bytes());
        let records: Vec<_> = facts.sources.iter().flat_map(|source| &source.facts).collect();
        assert!(records.iter().all(|fact| !format!("{fact:?}").contains("Passed")), "{end:?}: {records:?}");
    }
}

/// Lists of a hundred thousand entries, and one line of megabytes, take no longer for each.
#[test]
fn large_files_are_read_once() {
    let cases = [
        ("test/instrumentation/documentation/documentation-list.yaml", "- name: a\n".repeat(100_000)),
        ("coverage-1.36.0.json", format!("[{}{{}}]", "{\"endpoint\":\"a\"},".repeat(100_000))),
        ("content/en/docs/a.md", "feature_gate_name=\"A\" ".repeat(100_000)),
        ("test/e2e/a.go", "WithFeatureGate(features.A) ".repeat(100_000)),
        ("CHANGELOG/CHANGELOG-1.36.md", format!("# v1.36.1\n{}", "- `FeatureA`\n".repeat(100_000))),
        ("content/en/docs/reference/command-line-tools-reference/kubelet.md", "A=true|false (BETA)".repeat(100_000)),
        ("staging/src/k8s.io/api/apps/v1/types.go", "// +featureGate=A\nvar a\n".repeat(100_000)),
        ("pkg/features/kube_features.go", format!("package a\nconst ({})", "A1 Feature = \"A\"; ".repeat(100_000))),
        ("pkg/features/kube_features.go", "{".repeat(1_000_000)),
        ("test-results/a/1/junit.xml", format!("<testsuite>{}</testsuite>", "<testcase name=\"a\"/>".repeat(100_000))),
    ];
    for (path, text) in cases {
        check(path, text.as_bytes());
        assert!(!read(path, text.as_bytes()).sources.is_empty(), "{path}");
    }
}
